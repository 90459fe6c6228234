use super::*;

const COLUMNS: &str = "address,reason,workspace,since,mailbox,smtp_code,enhanced_code,smtp_message,event_id,repeat,flags";
const DEAD: &str = "jane@example.com,hard_bounce,default,2026-11-02T10:00:00Z,s@a.example,550,5.1.1,\"No, such user\",1,,";
const COMPLAINED: &str = "=joe@example.com,spam_complaint,default,2026-11-03T00:00:00Z,,,,,2,,";
const BARE: &str = "kim@example.com,hard_bounce,default,,,,,,,,";

/// What a platform gets of the three rows.
fn file_for(platform: Platform) -> String {
    let format = Format::of(platform).unwrap();
    let rows = [
        ("jane@example.com", DEAD),
        ("=joe@example.com", COMPLAINED),
        ("kim@example.com", BARE),
    ];
    let lines = rows.map(|(a, l)| format.lines(a, COLUMNS, l));
    format.head() + &lines.concat()
}

#[test]
fn s6_every_platform_gets_the_bytes_that_it_imports() {
    let plain = "email\njane@example.com\n=joe@example.com\nkim@example.com\n";
    let bare = "jane@example.com\n=joe@example.com\nkim@example.com\n";
    for (platform, expected) in [
        (
            Platform::Ses,
            "jane@example.com,BOUNCE\n=joe@example.com,COMPLAINT\nkim@example.com,BOUNCE\n",
        ),
        (Platform::Apollo, plain),
        (Platform::Brevo, &plain.replace("email", "EMAIL")),
        (Platform::Cakemail, plain),
        (Platform::Cloudflare, bare),
        (Platform::Hubspot, plain),
        (Platform::Instantly, plain),
        (Platform::Klaviyo, plain),
        (Platform::Klenty, plain),
        (Platform::Lemlist, bare),
        (
            Platform::Mailchimp,
            &plain.replace("email", "Email Address"),
        ),
        (
            Platform::Mailgun,
            "address,code,error,created_at\n\
             jane@example.com,550,\"No, such user\",\"Mon, 02 Nov 2026 10:00:00 UTC\"\n\
             =joe@example.com,,spam_complaint,\"Tue, 03 Nov 2026 00:00:00 UTC\"\n\
             kim@example.com,,hard_bounce,\n",
        ),
        (
            Platform::MailgunComplaints,
            "address,created_at\n=joe@example.com,\"Tue, 03 Nov 2026 00:00:00 UTC\"\n",
        ),
        (
            Platform::MailgunUnsubscribes,
            "address,created_at\n\
             jane@example.com,\"Mon, 02 Nov 2026 10:00:00 UTC\"\n\
             =joe@example.com,\"Tue, 03 Nov 2026 00:00:00 UTC\"\n\
             kim@example.com,\n",
        ),
        (Platform::Mandrill, plain),
        (Platform::Postmark, plain),
        (Platform::Reachinbox, plain),
        (Platform::Sendgrid, plain),
        (Platform::Sfmc, plain),
        (Platform::Smartlead, plain),
        (
            Platform::Sparkpost,
            "recipient,type,description\n\
             jane@example.com,transactional,hard_bounce\n\
             jane@example.com,non_transactional,hard_bounce\n\
             =joe@example.com,transactional,spam_complaint\n\
             =joe@example.com,non_transactional,spam_complaint\n\
             kim@example.com,transactional,hard_bounce\n\
             kim@example.com,non_transactional,hard_bounce\n",
        ),
        (Platform::Telnyx, plain),
        (Platform::Woodpecker, plain),
    ] {
        assert_eq!(file_for(platform), expected, "{platform}");
    }
}

#[test]
fn s6_no_platform_is_forgotten() {
    for platform in Platform::ALL {
        assert!(Format::of(*platform).is_some(), "{platform}");
    }
    assert_eq!(FORMATS.len(), Platform::ALL.len());
}

#[test]
fn s6_a_formula_in_a_cell_is_defused_and_no_address_makes_a_second_line() {
    let format = Format::of(Platform::Mailgun).unwrap();
    let line = "-a@x.example,hard_bounce,default,,,550,,'=cmd(),1,,";
    let expected = "-a@x.example,550,'=cmd(),\n";
    assert_eq!(format.lines("-a@x.example", COLUMNS, line), expected);
    assert_eq!(format.lines("a\nb@x.example", COLUMNS, line), "");
    let quoted = format.lines("\"a,b\"@x.example", COLUMNS, line);
    assert!(quoted.starts_with("\"\"\"a,b\"\"@x.example\",550"));
}

/// The lines of each file under some limits.
fn split(platform: Platform, most: (usize, usize), lines: &[&str]) -> Vec<usize> {
    let mut fill = Fill {
        most,
        ..Fill::new(Format::of(platform).unwrap())
    };
    let mut files = vec![0];
    for line in lines {
        if fill.take(line) {
            files.push(0);
        }
        *files.last_mut().unwrap() += line.lines().count();
    }
    assert_eq!(files.len(), fill.files);
    files
}

#[test]
fn s6_a_list_is_split_at_the_limits_of_the_platform() {
    let any = usize::MAX;
    let two = "a\nb\n";
    for (platform, most, lines, expected) in [
        (Platform::Ses, (2, any), &[][..], &[0][..]),
        (Platform::Ses, (2, any), &["a\n", "b\n"], &[2]),
        (Platform::Ses, (2, any), &["a\n", "b\n", "c\n"], &[2, 1]),
        // The two lines of an address stay together.
        (Platform::Sparkpost, (3, any), &[two, two], &[2, 2]),
        (Platform::Sparkpost, (1, any), &[two, two], &[2, 2]),
        // The header counts where bytes are counted.
        (Platform::Telnyx, (any, 10), &["a\n", "b\n", "c\n"], &[2, 1]),
        (Platform::Telnyx, (any, 1), &["abcdef\n", "b\n"], &[1, 1]),
    ] {
        assert_eq!(split(platform, most, lines), expected, "{lines:?}");
    }
}

#[test]
fn s6_the_limits_are_those_of_the_platforms() {
    for (platform, lines, bytes) in [
        (Platform::Ses, 100_000, usize::MAX),
        (Platform::Woodpecker, 500, usize::MAX),
        (Platform::Postmark, 50, usize::MAX),
        (Platform::Mailgun, usize::MAX, 25_000_000),
        (Platform::Smartlead, usize::MAX, usize::MAX),
    ] {
        assert_eq!(Format::of(platform).unwrap().most, (lines, bytes));
    }
}

#[test]
fn s6_the_names_of_files_for_platforms() {
    let stem = |workspace| stem(Platform::Ses, "suppression", workspace);
    assert_eq!(file(&stem(None), 1, 1), "for/ses/suppression.csv");
    assert_eq!(file(&stem(None), 2, 12), "for/ses/suppression-002.csv");
    assert_eq!(stem(Some("Eins")), "for/ses/suppression/%45ins");
    // Else the first file of the one would be the list of the other.
    assert_eq!(stem(Some("a-001")), "for/ses/suppression/a%2D001");
    for (name, own) in [
        ("suppression.csv", true),
        ("suppression-001.csv", true),
        ("suppression-1000.csv", true),
        ("suppression-01.csv", false),
        ("suppression-old.csv", false),
        ("global-suppression-001.csv", false),
        ("suppression-001.txt", false),
    ] {
        assert_eq!(is_file_of(name, "suppression"), own, "{name}");
    }
}
