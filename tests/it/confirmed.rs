//! Which hard bounces are confirmed (C5, C6): those that may cost an address.

use crate::run::{events, pipe};
use serde_json::Value;

fn rows(args: &[&str], replies: &[&str]) -> Vec<Value> {
    let mut table = "recipient,smtp_message,command\n".to_owned();
    for (n, reply) in replies.iter().enumerate() {
        table.push_str(&format!("u{n}@example.com,\"{reply}\",RCPT\n"));
    }
    let mut all = args.to_vec();
    all.extend(["--input-format", "csv", "-"]);
    events(&all, table.as_bytes()).0
}

fn verdict(event: &Value) -> (&str, bool) {
    let category = event["category"].as_str().unwrap_or_default();
    (category, event["confirmed"] == true)
}

#[test]
fn c6_words_and_codes_that_speak_of_the_address_confirm() {
    for (reply, expected) in [
        ("550 5.1.1 User unknown", ("hard_bounce", true)),
        ("552 5.2.2 Mailbox full", ("soft_bounce_mailbox", false)),
        (
            "550 5.7.1 Message rejected as spam",
            ("soft_bounce_content", false),
        ),
        ("550 relay access denied", ("other", false)),
    ] {
        let all = rows(&[], &[reply]);
        assert_eq!(verdict(&all[0]), expected, "{reply}");
    }
}

/// A policy file for the time of a test.
fn with_policy(text: &str, replies: &[&str]) -> Vec<Value> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bounce.toml");
    std::fs::write(&path, text).unwrap();
    rows(&["--policy", path.to_str().unwrap()], replies)
}

#[test]
fn c5_what_is_our_own_fault_confirms_nothing_whatever_it_is_called() {
    let text = "[reasons.norelaying]\ncategory = 'hard_bounce'\n";
    let all = with_policy(text, &["550 relay access denied"]);
    assert_eq!(verdict(&all[0]), ("hard_bounce", false));
    assert_eq!(all[0]["fault"], "sender");
}

#[test]
fn c6_what_is_held_confirms_nothing() {
    let reply = ["550 5.1.1 User unknown"];
    for (below, confirmed) in [("0.70", true), ("1.0", false)] {
        let all = with_policy(&format!("[verdicts]\nheld_below = {below}\n"), &reply);
        assert_eq!(verdict(&all[0]), ("hard_bounce", confirmed), "{below}");
        assert_eq!(all[0]["held"], !confirmed);
    }
}

#[test]
fn c6_an_address_that_stands_for_several_is_not_confirmed() {
    let group = |n: u32, original: &str| {
        format!(
            "Original-Recipient: rfc822;{original}\nFinal-Recipient: rfc822;u{n}@example.org\n\
             Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n"
        )
    };
    let mail = |groups: &[String]| {
        format!(
            "From: MAILER-DAEMON@mx.example.net\nTo: sales1@acme.example\n\
             Date: Mon, 2 Nov 2026 10:00:00 +0000\nSubject: Undelivered Mail\nMIME-Version: 1.0\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n\
             --b\nContent-Type: text/plain\n\nIt failed.\n\n\
             --b\nContent-Type: message/delivery-status\n\n\
             Reporting-MTA: dns; mx.example.net\n\n{}\n--b--\n",
            groups.join("\n")
        )
    };
    let one = mail(&[group(1, "team@example.com")]);
    let two = mail(&[group(1, "team@example.com"), group(2, "team@example.com")]);
    for (mail, confirmed) in [(one, true), (two, false)] {
        for event in events(&["-"], mail.as_bytes()).0 {
            assert_eq!(verdict(&event), ("hard_bounce", confirmed), "{event}");
        }
    }
}

/// A platform's own word for it is nothing that was said of the address.
#[test]
fn c6_a_verdict_without_words_confirms_nothing() {
    let table = "recipient,smtp_message\nu@example.com,\"550 Sorry, zxqv wplk brmt\"\n";
    let out = pipe(&["classify", "--format", "ndjson", "-"], table.as_bytes());
    let all = crate::run::parse(&out.stdout);
    assert_eq!(all[0]["confirmed"], false, "{}", all[0]);
}
