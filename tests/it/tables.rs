//! Exports and events of platforms: every sample below `testdata/table` is detected
//! as one profile, and gives what `expected.tsv` says.

use crate::run::{bounce, events, parse, pipe, root, text};
use bounce::input::log::Log;
use bounce::input::object::{self, Value as Object};
use bounce::input::profiles::{OBJECTS, TABLES};
use serde_json::Value;
use std::collections::BTreeSet;

fn sample(name: &str) -> Vec<u8> {
    std::fs::read(root().join("testdata/table").join(name)).unwrap()
}

/// One event as a line of `expected.tsv`.
fn line(file: &str, e: &Value) -> String {
    let word = |key: &str| match text(e, key) {
        "" => "-".to_owned(),
        word => word.to_owned(),
    };
    let held = e["held"]
        .as_bool()
        .map_or("-".to_owned(), |h| h.to_string());
    let index = e["origin"]["index"].to_string();
    let cells = [
        file.to_owned(),
        index,
        word("kind"),
        word("category"),
        word("reason"),
        word("recipient"),
        held,
    ];
    cells.join("\t")
}

/// Logs have no profiles: each server has a sample by its name, perhaps more.
fn is_log(file: &str) -> bool {
    file.ends_with(".log") || file.ends_with(".log.gz")
}

/// The names of the samples, and those of the profiles.
fn names() -> (BTreeSet<String>, BTreeSet<String>) {
    let files = std::fs::read_dir(root().join("testdata/table")).unwrap();
    let files = files.map(|f| f.unwrap().file_name().into_string().unwrap());
    let tables = TABLES.iter().map(|p| format!("{}.csv", p.name));
    let objects = OBJECTS.iter().map(|p| format!("{}.json", p.name));
    let not_a_sample = |f: &String| !f.ends_with(".tsv") && !f.ends_with(".md");
    (
        files.filter(not_a_sample).collect(),
        tables.chain(objects).collect(),
    )
}

#[test]
fn i5_every_profile_has_a_sample() {
    let (mut files, profiles) = names();
    for log in Log::ALL {
        assert!(files.contains(&format!("{log}.log")), "{log}");
    }
    files.retain(|file| !is_log(file));
    assert_eq!(files, profiles);
    assert_eq!(
        profiles.len(),
        TABLES.len() + OBJECTS.len(),
        "names are unique"
    );
}

#[test]
fn i5_every_sample_is_detected_as_its_profile_alone() {
    for profile in TABLES {
        let bytes = sample(&format!("{}.csv", profile.name));
        let header = String::from_utf8(bytes).unwrap();
        let header: Vec<&str> = header.lines().next().unwrap().split(',').collect();
        let header: Vec<String> = header
            .iter()
            .map(|h| h.trim_matches('"').to_owned())
            .collect();
        let claimed: Vec<&str> = bounce::input::Layout::claimed(&header).collect();
        assert_eq!(claimed, [profile.name]);
    }
    for profile in OBJECTS {
        let bytes = sample(&format!("{}.json", profile.name));
        let values = serde_json::Deserializer::from_slice(&bytes).into_iter::<Object<'_>>();
        let events: Vec<Object<'_>> = values.flat_map(|v| object::events(v.unwrap())).collect();
        assert!(!events.is_empty(), "{}", profile.name);
        for event in events {
            let claimed: Vec<&str> = object::claimed(&event).collect();
            assert_eq!(claimed, [profile.name], "{event:?}");
        }
    }
}

#[test]
fn i5_i6_every_sample_gives_the_expected_events() {
    let (files, _) = names();
    let mut got = String::new();
    for file in files {
        let (events, code) = events(&[&format!("testdata/table/{file}")], b"");
        assert_eq!(code, 0, "{file}");
        if is_log(&file) {
            let name = file.split(['.', '-']).next().unwrap();
            let by = |e: &Value| text(e, "format") == format!("log:{name}");
            assert!(events.iter().all(by), "{file}");
        }
        for event in &events {
            got.push_str(&line(&file, event));
            got.push('\n');
        }
    }
    let path = root().join("testdata/table/expected.tsv");
    let wanted = std::fs::read_to_string(path).unwrap();
    let rows = |t: &str| -> Vec<String> {
        let lines = t.lines().filter(|l| !l.starts_with('#'));
        lines.map(str::to_owned).collect()
    };
    let (got, wanted) = (rows(&got), rows(&wanted));
    for (g, w) in got.iter().zip(&wanted) {
        assert_eq!(g, w);
    }
    assert_eq!(got.len(), wanted.len());
}

#[test]
fn u4_the_books_of_tables_balance() {
    let out = bounce(&["classify", "-v", "testdata/table"])
        .output()
        .unwrap();
    let said = String::from_utf8(out.stderr).unwrap();
    let last = said.lines().last().unwrap();
    let numbers: Vec<u64> = last
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|n| n.parse().ok())
        .collect();
    let [events, mails, reports, others, rejected] = numbers[..] else {
        panic!("{last}");
    };
    // Two logs have a torn line each, and two rows of expected.tsv, which is a table,
    // too, have no recipient.
    assert_eq!(
        (mails, rejected),
        (reports + others + rejected, 4),
        "{last}"
    );
    assert_eq!(events as usize, parse(&out.stdout).len());
    // No platform's class alone makes a bounce hard.
    for e in parse(&out.stdout) {
        let by_source = text(&e, "decided_by") == "source" && text(&e, "kind") == "failed";
        assert!(!by_source || e["held"] == true, "{e}");
    }
}

const ROWS: &str = "Email,Bounce Reason,Date,From\n\
    gone@example.com,\"550 5.1.1 User unknown, sorry\",2026-11-03T10:11:12Z,sales1@acme.example\n\
    full@example.com,\"452 4.2.2 Mailbox full\nsee \"\"help\"\"\",2026-11-03T10:11:13Z,sales1@acme.example\n";

fn summary(input: &[u8], args: &[&str]) -> Vec<(String, String, String, String)> {
    let (events, code) = events(args, input);
    assert_eq!(code, 0, "{}", String::from_utf8_lossy(input));
    let get = |e: &Value, k: &str| text(e, k).to_owned();
    let row = |e: &Value| {
        (
            get(e, "recipient"),
            get(e, "reason"),
            get(e, "occurred_at"),
            get(e, "mailbox"),
        )
    };
    events.iter().map(row).collect()
}

fn utf16(text: &str, big: bool) -> Vec<u8> {
    let bytes = |u: u16| {
        if big {
            u.to_be_bytes()
        } else {
            u.to_le_bytes()
        }
    };
    "\u{feff}"
        .encode_utf16()
        .chain(text.encode_utf16())
        .flat_map(bytes)
        .collect()
}

/// The rows with another delimiter; they hold it nowhere else.
fn delimited(by: &str) -> String {
    ROWS.replace(", ", "\u{1}")
        .replace(',', by)
        .replace('\u{1}', ", ")
}

#[test]
fn i5_the_same_events_from_every_dialect() {
    let want = summary(ROWS.as_bytes(), &[]);
    assert_eq!(want.len(), 2);
    assert_eq!(want[0].1, "userunknown");
    assert_eq!(want[1].1, "mailboxfull");
    assert_eq!(want[1].3, "sales1@acme.example");
    let header = "Email,Bounce Reason,Date,From\n";
    for (what, bytes) in [
        ("semicolon", delimited(";").into_bytes()),
        ("tab", delimited("\t").into_bytes()),
        ("bar", delimited("|").into_bytes()),
        ("byte order mark", format!("\u{feff}{ROWS}").into_bytes()),
        ("UTF-16, little end first", utf16(ROWS, false)),
        ("UTF-16, big end first", utf16(&delimited("\t"), true)),
        ("CRLF", ROWS.replace('\n', "\r\n").into_bytes()),
        ("CR", ROWS.replace('\n', "\r").into_bytes()),
        ("sep=", format!("sep=;\n{}", delimited(";")).into_bytes()),
        (
            "preamble",
            format!("Bounces of November\n\nExported,2026-11-24\n{ROWS}").into_bytes(),
        ),
        (
            "header again",
            format!("{header}{ROWS}{header}").into_bytes(),
        ),
        ("blank rows", format!("\n\n{ROWS},,,\n\n").into_bytes()),
        ("all quoted", quoted(ROWS).into_bytes()),
        (
            "sep= of another kind",
            format!("sep=^\n{}", delimited("^")).into_bytes(),
        ),
        ("no line end", ROWS.trim_end().as_bytes().to_vec()),
        (
            "German",
            ROWS.replace(header, "E-Mail-Adresse,Fehlermeldung,Datum,Absender\n")
                .into_bytes(),
        ),
        (
            "French",
            ROWS.replace(header, "Destinataire,Motif,Date,Expéditeur\n")
                .into_bytes(),
        ),
        (
            "Spanish",
            ROWS.replace(header, "Correo electrónico,Motivo,Fecha,Remitente\n")
                .into_bytes(),
        ),
        (
            "Italian",
            ROWS.replace(header, "Indirizzo email,Errore,Data,Mittente\n")
                .into_bytes(),
        ),
    ] {
        let wanted = want.clone();
        assert_eq!(summary(&bytes, &[]), wanted, "{what}");
    }
}

fn quoted(rows: &str) -> String {
    let (header, body) = rows.split_once('\n').unwrap();
    let header: Vec<String> = header.split(',').map(|h| format!("\"{h}\"")).collect();
    format!("{}\n{body}", header.join(","))
}

#[test]
fn i5_ragged_rows_are_read_as_far_as_they_go() {
    let text = "email,date,reason\n\
        short@example.com\n\
        long@example.com,2026-11-03,550 5.1.1 no such user, none at all\n\
        wide@example.com,2026-11-03,550 5.1.1 no such user,,,\n";
    let got = summary(text.as_bytes(), &[]);
    let reasons: Vec<&str> = got
        .iter()
        .map(|(_, reason, _, _)| reason.as_str())
        .collect();
    assert_eq!(reasons, ["undefined", "userunknown", "userunknown"]);
}

#[test]
fn u4_bad_rows_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let rejects = dir.path().join("bad.ndjson");
    let text = "email,reason\nnobody,550 5.1.1 user unknown\n\
        a@example.com,550 5.1.1 user unknown\nb@example.com,\"550 5.1.1 never closed\n\
        c@example.com,550 5.1.1 user unknown\n";
    let args = [
        "classify",
        "--strict",
        "--rejects",
        rejects.to_str().unwrap(),
        "-",
    ];
    let out = pipe(&args, text.as_bytes());
    assert_eq!(out.status.code(), Some(4));
    let who: Vec<String> = parse(&out.stdout)
        .iter()
        .map(|e| text_of(e, "recipient"))
        .collect();
    assert_eq!(who, ["a@example.com", "c@example.com"]);
    let bad = parse(&std::fs::read(&rejects).unwrap());
    let bad: Vec<(u64, String)> = bad
        .iter()
        .map(|b| (b["index"].as_u64().unwrap(), text_of(b, "why")))
        .collect();
    assert_eq!(
        bad,
        [
            (0, "no address in the column \"email\"".to_owned()),
            (2, "a quote that is never closed".to_owned())
        ]
    );
}

fn text_of(value: &Value, key: &str) -> String {
    text(value, key).to_owned()
}

#[test]
fn i5_a_table_without_recipients_lists_its_columns() {
    let out = pipe(&["classify", "-"], b"Wer,Warum\nx,550 5.1.1 user unknown\n");
    assert_eq!(out.status.code(), Some(1));
    let said = String::from_utf8(out.stderr).unwrap();
    assert!(
        said.contains("Wer, Warum") && said.contains("--map"),
        "{said}"
    );
    let rows = b"Wer,Warum\nu@example.com,550 5.1.1 user unknown\n";
    let got = summary(rows, &["--map", "recipient=Wer,smtp_message=Warum"]);
    assert_eq!(
        (got[0].0.as_str(), got[0].1.as_str()),
        ("u@example.com", "userunknown")
    );
    let out = pipe(&["classify", "--map", "recipient=Wr", "-"], rows);
    assert_eq!(out.status.code(), Some(1));
    let out = pipe(&["classify", "--map", "who=Wer", "-"], rows);
    assert_eq!(out.status.code(), Some(2));
}

#[test]
fn i6_json_in_every_layout() {
    let object = |n: u32| {
        format!(
            "{{\"email\":\"u{n}@example.com\",\"bounce_reason\":\"550 5.1.1 user unknown {{\\\"\",\"event\":\"bounce\"}}"
        )
    };
    let (a, b) = (object(1), object(2));
    let pretty = |o: &str| {
        o.replace(",\"", ",\n  \"")
            .replace('{', "{\n  ")
            .replace("{\n  \\", "{\\")
    };
    for (what, text) in [
        ("a line each", format!("{a}\n{b}\n")),
        ("an array", format!("[{a},{b}]")),
        ("an array in lines", format!("[\n{a},\n{b}\n]\n")),
        ("arrays in lines", format!("[{a}]\n[{b}]\n")),
        ("one behind the other", format!("{a}{b}")),
        ("pretty", format!("{}\n{}\n", pretty(&a), pretty(&b))),
        ("a list", format!("{{\"events\":[{a},{b}]}}")),
    ] {
        let got = summary(text.as_bytes(), &[]);
        let who: Vec<&str> = got.iter().map(|(who, _, _, _)| who.as_str()).collect();
        assert_eq!(who, ["u1@example.com", "u2@example.com"], "{what}");
        assert_eq!(got[1].1, "userunknown", "{what}");
    }
}

#[test]
fn u4_a_cut_off_object_costs_only_itself() {
    let good = "{\"email\":\"u@example.com\",\"event\":\"bounce\"}";
    let text = format!("{good}\n{{\"email\":\"v@exam\n{good}\nno object\n{good}\n{{\"email\"");
    let out = pipe(&["classify", "-v", "-"], text.as_bytes());
    assert_eq!(parse(&out.stdout).len(), 3);
    let said = String::from_utf8(out.stderr).unwrap();
    assert!(said.contains("3 reports, 0 others, 3 rejected"), "{said}");
}

#[test]
fn i7_our_events_stay_what_they_are_among_others() {
    let (ours, _) = events(&["testdata/table/sendgrid.csv"], b"");
    let mut text = serde_json::to_string(&ours[0]).unwrap();
    text.push_str("\n{\"email\":\"v@example.com\",\"event\":\"bounce\"}\n");
    let mixed = format!("{{\"email\":\"w@example.com\",\"event\":\"bounce\"}}\n{text}");
    let (got, _) = events(&[], mixed.as_bytes());
    assert_eq!(got.len(), 3);
    assert_eq!(got[1], ours[0]);
}

#[test]
fn i5_a_log_of_what_was_sent_reports_nothing() {
    let text = "sent_at,mailbox,recipient,campaign_id\n2026-11-03T10:11:12Z,sales1@acme.example,u@example.com,autumn\n";
    assert_eq!(summary(text.as_bytes(), &[]), []);
}

#[test]
fn u1_tables_give_the_same_bytes_whatever_the_number_of_threads() {
    let mut text = String::from("email,reason,date\n");
    for n in 0..30_000 {
        text.push_str(&format!(
            "u{n}@example.com,\"550 5.1.1 user\nunknown\",2026-11-03\n"
        ));
    }
    let run = |n: &str| {
        pipe(
            &["classify", "--now", "2026-11-24T00:00:00Z", "--threads", n],
            text.as_bytes(),
        )
        .stdout
    };
    let one = run("1");
    assert_eq!(one.iter().filter(|b| **b == b'\n').count(), 30_000);
    assert!(one == run("3"));
}

#[test]
fn i2_a_header_that_begins_with_from_is_no_mbox() {
    let text =
        "From Email,To Email,Error\nsales1@acme.example,u@example.com,550 5.1.1 user unknown\n";
    let got = summary(text.as_bytes(), &[]);
    let [(to, reason, _, mailbox)] = &got[..] else {
        panic!("{got:?}");
    };
    assert_eq!(
        [to, reason, mailbox],
        ["u@example.com", "userunknown", "sales1@acme.example"]
    );
}

#[test]
fn i6_what_a_platform_never_sent_is_no_bounce() {
    for text in [
        r#"{"email":"u@example.com","event":"dropped","reason":"Bounced Address","sg_event_id":"1"}"#,
        r#"{"type":"bounce","rcpt_to":"u@example.com","bounce_class":"25","raw_reason":"554 5.7.1 [internal] recipient address suppressed due to customer policy"}"#,
        r#"{"RecordType":"Bounce","Type":"InactiveRecipient","Email":"u@example.com","BouncedAt":"2026-11-03T10:11:12Z"}"#,
        "email,reason\nu@example.com,Not delivering to previously bounced address\n",
    ] {
        let out = pipe(&["classify", "-v", "-"], text.as_bytes());
        let said = String::from_utf8(out.stderr).unwrap();
        assert!(
            said.contains("0 events from 1 records: 0 reports, 1 others, 0 rejected"),
            "{text}\n{said}"
        );
    }
}

/// What a log says of its events: recipient, mailbox, Message-ID, time.
fn joined(args: &[&str], input: &[u8]) -> Vec<[String; 4]> {
    let (events, code) = events(args, input);
    assert_eq!(code, 0);
    let keys = ["recipient", "mailbox", "message_id", "occurred_at"];
    events
        .iter()
        .map(|e| keys.map(|key| text_of(e, key)))
        .collect()
}

#[test]
fn i6_the_lines_of_a_message_are_joined_and_the_year_turns() {
    let got = joined(&["testdata/table/postfix-year.log.gz"], b"");
    let mailbox = "sales1@acme.example";
    assert_eq!(
        got,
        [
            ["before@example.com", mailbox, "", "2025-12-31T23:59:59Z"],
            ["after@example.com", mailbox, "", "2026-01-01T00:00:01Z"],
        ]
        .map(|row| row.map(str::to_owned))
    );
    let got = joined(&["testdata/table/postfix-iso.log"], b"");
    let [_, mailbox, id, at] = &got[0];
    let id = id.trim_matches(['<', '>']);
    let expected = [
        "sales2@acme.example",
        "m2@acme.example",
        "2026-11-23T22:30:01Z",
    ];
    assert_eq!([mailbox.as_str(), id, at.as_str()], expected);
    // Neither VERP nor an address that a forwarder made up is a mailbox.
    assert_eq!(got[3][1], "");
    let (events, _) = events(&["testdata/table/postfix.log"], b"");
    assert_eq!(text(&events[0], "subject"), "Invoices from Berlin");
    assert_eq!(text(&events[0], "reporting_mta"), "mx1");
    assert_eq!(text(&events[1], "final_recipient"), "new@example.net");
    assert_eq!(text(&events[2], "mailbox"), "");
}

#[test]
fn i6_a_log_goes_on_in_the_next_file_of_a_folder() {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in [
        (
            "mail.log-1",
            "Nov 22 23:59:59 mx1 postfix/cleanup[1]: 4XYZ12: message-id=<m@acme.example>\n\
             Nov 22 23:59:59 mx1 postfix/qmgr[1]: 4XYZ12: from=<sales1@acme.example>, size=1, nrcpt=1 (queue active)\n",
        ),
        (
            "mail.log-2",
            "Nov 23 00:00:01 mx1 postfix/smtp[1]: 4XYZ12: to=<a@example.com>, relay=none, dsn=5.1.1, status=bounced (550 5.1.1 User unknown)\n",
        ),
    ] {
        std::fs::write(dir.path().join(name), text).unwrap();
    }
    let got = joined(&[dir.path().to_str().unwrap()], b"");
    let row = [
        "a@example.com",
        "sales1@acme.example",
        "m@acme.example",
        "2026-11-23T00:00:01Z",
    ];
    let got: Vec<Vec<&str>> = got
        .iter()
        .map(|row| {
            row.iter()
                .map(|cell| cell.trim_matches(['<', '>']))
                .collect()
        })
        .collect();
    assert_eq!(got, [row]);
}

#[test]
fn i6_the_kind_of_a_log_can_be_given() {
    let line = b"Nov 23 00:00:01 mx1 outbound[7]: 4XYZ12: to=<a@example.com>, relay=none, dsn=5.1.1, status=bounced (550 5.1.1 User unknown)\n";
    assert_eq!(joined(&["--input-format", "postfix", "-"], line).len(), 1);
    let csv = sample("powermta.csv");
    let given = joined(&["--input-format", "powermta", "-"], &csv);
    assert_eq!(given, joined(&["-"], &csv));
    assert!(!given.is_empty());
    for name in ["exim", "qmail", "opensmtpd", "sendmail"] {
        let log = sample(&format!("{name}.log"));
        let given = joined(&["--input-format", name, "-"], &log);
        assert_eq!(given, joined(&["-"], &log), "{name}");
    }
}

#[test]
fn u1_logs_give_the_same_bytes_whatever_the_number_of_threads() {
    let line = |n: u32| {
        format!(
            "Nov 23 00:00:01 mx1 postfix/qmgr[1]: 4X{n:06}: from=<s{n}@acme.example>, size=1, nrcpt=1 (queue active)\n\
             Nov 23 00:00:01 mx1 postfix/smtp[1]: 4X{n:06}: to=<u{n}@example.com>, relay=none, dsn=5.1.1, status=bounced (550 5.1.1 User unknown)\n\
             Nov 23 00:00:01 mx1 postfix/qmgr[1]: 4X{n:06}: removed\n"
        )
    };
    let text: String = (0..10_000).map(line).collect();
    let run = |n: &str| {
        let args = ["classify", "--now", "2026-11-24T00:00:00Z", "--threads", n];
        pipe(&args, text.as_bytes()).stdout
    };
    let one = run("1");
    assert_eq!(one.iter().filter(|b| **b == b'\n').count(), 10_000);
    assert!(one == run("3"));
}

#[test]
fn i5_a_table_without_a_header_is_told_so() {
    let out = pipe(
        &["classify"],
        b"u@example.com,550,no such user\nv@example.com,552,full\n",
    );
    assert_eq!(out.status.code(), Some(1));
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(said.contains("a table without a header"), "{said}");
    assert!(!said.contains("u@example.com"), "{said}");
}

#[test]
fn i5_columns_by_number() {
    let map = "recipient=2,smtp_message=3,occurred_at=1";
    let rows = "2026-11-20,u@example.com,550 5.1.1 user unknown\n2026-11-21,v@example.com,552 5.2.2 mailbox full\n";
    let headed = format!("Tag,Wer,Warum\n{rows}");
    for table in [rows, &headed, &rows.replace(',', ";"), &format!("\n{rows}")] {
        let (found, code) = events(&["--map", map, "-"], table.as_bytes());
        let got: Vec<_> = found
            .iter()
            .map(|e| {
                (
                    text(e, "recipient"),
                    text(e, "reason"),
                    text(e, "occurred_at"),
                )
            })
            .collect();
        let want = [
            ("u@example.com", "userunknown", "2026-11-20T00:00:00Z"),
            ("v@example.com", "mailboxfull", "2026-11-21T00:00:00Z"),
        ];
        assert_eq!((got.as_slice(), code), (want.as_slice(), 0), "{table}");
    }
    // A column of that name is meant before one of that number.
    let named = "2,1\nno@example.com,u@example.com\n";
    let (found, _) = events(&["--map", "recipient=1", "-"], named.as_bytes());
    assert_eq!(text(&found[0], "recipient"), "u@example.com");
    let out = pipe(&["classify", "--map", "recipient=9"], rows.as_bytes());
    assert_eq!(out.status.code(), Some(1));
}

#[test]
fn i6_the_body_of_a_mandrill_webhook_as_it_is_posted() {
    let sample: Value = serde_json::from_slice(&sample("mandrill.json")).unwrap();
    let plain = text(&sample, "mandrill_events");
    let coded = |all: &mut String, byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => all.push(char::from(byte)),
        b' ' => all.push('+'),
        _ => all.push_str(&format!("%{byte:02X}")),
    };
    let mut body = "mandrill_events=".to_owned();
    plain.bytes().for_each(|b| coded(&mut body, b));
    let want = summary(plain.as_bytes(), &[]);
    assert!(want.len() > 3);
    assert_eq!(summary(body.as_bytes(), &[]), want);
    let twice = format!("{body}\n{body}\n").replace("gone%40", "away%40");
    assert!(summary(twice.as_bytes(), &[]).len() >= want.len());
}

#[test]
fn p7_a_domain_in_any_spelling() {
    let table = "email,reason\nu@m\u{fc}ller.example,550 5.1.1 user unknown\nv@example.com,550 5.1.1 user unknown\n";
    for domain in [
        "m\u{fc}ller.example",
        "@M\u{dc}LLER.example",
        "xn--mller-kva.example",
    ] {
        let (found, _) = events(&["--domain", domain, "-"], table.as_bytes());
        assert_eq!(found.len(), 1, "{domain}");
    }
}
