use super::*;

fn told(text: &str, enhanced: &str, host: Option<&str>) -> Option<(&'static str, &'static str)> {
    provider_meaning(text, enhanced.parse().ok(), host)
}

#[test]
fn c10_each_row_is_found_by_its_own_sample() {
    for row in &TABLE.rows {
        assert!(!row.sample.is_empty(), "{}", row.meaning);
        assert_eq!(
            told(row.sample, "", None),
            Some((row.provider, row.meaning)),
            "{}",
            row.sample
        );
    }
}

#[test]
fn c10_every_line_is_a_row_or_a_sign() {
    let tsv = include_str!("../providers.tsv");
    for line in tsv.lines().filter(|l| !l.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        let want = if cells.get(1) == Some(&"who") { 3 } else { 5 };
        assert_eq!(cells.len(), want, "{line}");
        assert!(cells.iter().all(|c| c.trim() == *c), "{line}");
        assert!(sign(line).is_some() || Row::read(line).is_some(), "{line}");
    }
    for row in &TABLE.rows {
        assert!(!row.meaning.ends_with('.'), "{}", row.meaning);
        assert!(row.meaning.len() < 220, "{}", row.meaning);
    }
}

#[test]
fn c10_rows_that_need_a_provider_have_signs_for_it() {
    for row in TABLE.rows.iter().filter(|r| r.needs != Needs::Nothing) {
        let known = TABLE.signs.iter().any(|(p, _)| *p == row.provider);
        assert!(known, "{}: {}", row.provider, row.meaning);
    }
}

#[test]
fn c10_a_code_means_what_its_provider_says() {
    const GMAIL: Option<&str> = Some("gmail-smtp-in.l.google.com");
    const EXCHANGE: Option<&str> = Some("example-com.mail.protection.outlook.com");
    for (text, enhanced, host, provider, words) in [
        ("550 5.7.27 refused", "", GMAIL, "Gmail", "SPF"),
        ("550 refused", "5.7.30", GMAIL, "Gmail", "DKIM"),
        (
            "550-5.7.26 x\n550 5.7.26 y - gsmtp",
            "",
            None,
            "Gmail",
            "neither SPF nor DKIM",
        ),
        ("5.7.26", "", None, "Gmail", "neither SPF nor DKIM"),
        ("", "5.7.26", None, "Gmail", "neither SPF nor DKIM"),
        (
            "550 5.7.26 refused",
            "",
            Some("gmail.com"),
            "Gmail",
            "neither SPF nor DKIM",
        ),
        (
            "550 5.4.1 Recipient address rejected: Access denied",
            "",
            EXCHANGE,
            "Exchange Online",
            "no such recipient",
        ),
        (
            "550 5.4.1 Relay Access Denied",
            "",
            EXCHANGE,
            "Exchange Online",
            "not set up to take mail",
        ),
        ("550 5.7.640 go away", "", None, "Exchange Online", "banned"),
        (
            "550 5.5.0 Service refuse - 220-laposte",
            "",
            None,
            "La Poste",
            "bad reputation",
        ),
        ("421 RP-001 x", "", None, "Outlook.com", "too much mail"),
        ("S3150", "", None, "Outlook.com", "block list"),
        ("[TSS04]", "", None, "Yahoo", "complaints"),
        (
            "554 5.7.1 [CS01] refused",
            "",
            Some("mx02.mail.icloud.com"),
            "Apple",
            "policy",
        ),
    ] {
        let found = told(text, enhanced, host);
        let (who, meaning) = found.unwrap_or_else(|| panic!("nothing for {text}"));
        assert_eq!(who, provider, "{text}");
        assert!(meaning.contains(words), "{text}: {meaning}");
    }
}

#[test]
fn c10_no_provider_no_meaning() {
    for (text, host) in [
        ("550 5.7.26 refused by policy", Some("mx.example.com")),
        ("550 5.7.27 refused by policy", None),
        ("550 5.1.1 <user@yahoo.com> is not here [-5]", None),
        ("550 5.1.1 User unknown", None),
        ("5.1.1", None),
        ("", None),
        ("250 2.0.0 ok", Some("mx.google.com")),
        ("550 XTSS045 nothing", None),
        ("x", Some("notgoogle.com")),
        ("550 5.1.1 no", Some("mx.gmail.com.example.net")),
        ("550 5.1.10 null MX", None),
    ] {
        assert_eq!(told(text, "", host), None, "{text}");
    }
}

#[test]
fn c10_marks_are_tokens() {
    for (words, phrase, found) in [
        ("a [tss04] b", "[tss04]", true),
        ("a tss04 b", "tss04", true),
        ("a tss045 b", "tss04", false),
        ("a xtss04 b", "tss04", false),
        ("ofr_416 [416]", "ofr_%%%", true),
        ("ofr_41", "ofr_%%%", false),
        ("as(201806281)", "as(*", true),
        ("has(201806281)", "as(*", false),
        ("", "a", false),
        ("a", "", false),
    ] {
        assert_eq!(
            finds(words, phrase).next().is_some(),
            found,
            "{words} {phrase}"
        );
    }
}
