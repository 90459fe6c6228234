//! Logs of mail servers as a whole: rates of a log alone, and rotated files.

use crate::run::{bounce, events, root, text};
use serde_json::{Value, json};
use std::path::Path;

const NOW: &str = "2026-11-24T00:00:00Z";
const LOG: &str = "testdata/table/postfix.log";

fn report(args: &[&str]) -> Value {
    let mut all = vec!["report", "--format", "json", "--now", NOW];
    all.extend(args);
    let out = bounce(&all).output().unwrap();
    assert_eq!(out.status.code(), Some(0), "{args:?}");
    serde_json::from_slice(&out.stdout).unwrap()
}

/// The figures of a report.
fn figures(report: &Value) -> [&Value; 3] {
    ["totals", "by", "pauses"].map(|key| &report[key])
}

#[test]
fn p1_the_rates_of_a_log_need_no_second_naming_of_it() {
    let alone = report(&[LOG]);
    assert!(alone["totals"]["sent"].as_u64().unwrap() > 0, "{alone}");
    assert!(alone["totals"]["rate"].is_number(), "{alone}");
    assert_eq!(alone["totals"]["unmatched"], json!(0));
    let both = report(&[LOG, "--sent", LOG]);
    assert_eq!(figures(&alone), figures(&both));
    assert_eq!(alone["books"], both["books"]);
    // Found in a folder, too, and not beside a log that is named.
    let dir = tempfile::tempdir().unwrap();
    std::fs::copy(root().join(LOG), dir.path().join("mail.log")).unwrap();
    let folder = dir.path().to_str().unwrap();
    assert_eq!(figures(&report(&[folder])), figures(&both));
    let named = report(&[LOG, "--sent", "testdata/demo/sent.csv"]);
    assert_eq!(named["totals"]["sent"], json!(629));
}

#[test]
fn s8_a_log_among_the_inputs_makes_nothing_unmatched() {
    let demo = "testdata/demo/bounces.mbox";
    let beside = report(&[demo, LOG]);
    assert_eq!(beside["totals"]["unmatched"], json!(0));
    assert!(beside["totals"]["rate"].is_number());
    let named = report(&[demo, LOG, "--sent", LOG]);
    assert!(named["totals"]["unmatched"].as_u64().unwrap() > 0);
}

/// Writes who sent a mail, and what became of it, into files of these names.
fn rotated(folder: &Path, older: &str, newer: &str) {
    let first = "Nov 22 23:59:59 mx1 postfix/cleanup[1]: 4ABCDEF01: message-id=<m1@acme.example>\n\
                 Nov 22 23:59:59 mx1 postfix/qmgr[2]: 4ABCDEF01: from=<sales1@acme.example>, size=9, nrcpt=1 (queue active)\n";
    let last = "Nov 23 00:00:01 mx1 postfix/smtp[3]: 4ABCDEF01: to=<u@example.com>, relay=mx.example.com[192.0.2.1]:25, \
                delay=2, delays=0/0/1/1, dsn=5.1.1, status=bounced (host mx.example.com[192.0.2.1] said: 550 5.1.1 \
                user unknown (in reply to RCPT TO command))\n";
    std::fs::write(folder.join(older), first).unwrap();
    std::fs::write(folder.join(newer), last).unwrap();
}

#[test]
fn i6_lines_of_a_message_are_joined_across_rotated_files_whatever_their_order() {
    for (older, newer) in [
        ("mail.log.1", "mail.log"),
        ("mail.log.10", "mail.log.9"),
        ("maillog-20261122", "maillog-20261123"),
        ("maillog-20261122", "maillog"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        rotated(dir.path(), older, newer);
        let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
        let (older, newer) = (path(older), path(newer));
        for inputs in [
            &[dir.path().to_str().unwrap()][..],
            &[&newer, &older],
            &[&older, &newer],
        ] {
            let (found, code) = events(inputs, b"");
            assert_eq!((found.len(), code), (1, 0), "{inputs:?}");
            assert_eq!(
                text(&found[0], "mailbox"),
                "sales1@acme.example",
                "{inputs:?}"
            );
            assert_eq!(
                text(&found[0], "message_id"),
                "m1@acme.example",
                "{inputs:?}"
            );
        }
        let totals = report(&[&newer, &older])["totals"].clone();
        assert_eq!(
            (&totals["sent"], &totals["bounced"]),
            (&json!(1), &json!(1))
        );
    }
}

#[test]
fn s9_a_log_among_the_inputs_of_suppress_proves_what_it_tells() {
    let lists = |args: &[&str]| {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().to_str().unwrap();
        let mut all = vec!["suppress", "--now", NOW, "--require-proof", "--out", out];
        all.extend(args);
        let done = bounce(&all).output().unwrap();
        assert_eq!(done.status.code(), Some(0), "{args:?}");
        ["suppression.csv", "review.csv", "contacts.csv"].map(|name| {
            let text = std::fs::read_to_string(dir.path().join(name)).unwrap();
            (text.lines().count() - 1, text)
        })
    };
    let [suppressed, review, contacts] = lists(&[LOG]);
    assert!(suppressed.0 > 0, "{}", review.1);
    assert_eq!([suppressed, review, contacts], lists(&[LOG, "--sent", LOG]));
    // Nobody said that all that was sent is in it.
    let unmatched = |list: &(usize, String)| list.1.contains("unmatched");
    let demo = "testdata/demo/bounces.mbox";
    assert!(!unmatched(&lists(&[demo, LOG])[1]));
    assert!(unmatched(&lists(&[demo, "--sent", LOG])[1]));
}
