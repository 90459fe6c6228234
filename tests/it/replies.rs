//! The message table of the requirements (section C), through the command line: rules,
//! codes and model together.

use crate::run::{bounce, text};

const TABLE: &[(&str, &str, &str, f64)] = &[
    ("550 5.1.1 User unknown", "hard_bounce", "userunknown", 0.97),
    (
        "550 5.1.1 The email account that you tried to reach does not exist",
        "hard_bounce",
        "userunknown",
        0.9,
    ),
    (
        "550 Message rejected due to high spam score",
        "soft_bounce_content",
        "spamdetected",
        0.93,
    ),
    (
        "421 Temporarily rate limited",
        "soft_bounce_mailbox",
        "ratelimited",
        0.90,
    ),
    (
        "bounce_fm: relay mx.example.com [192.0.2.1]:25 said: 552 5.2.2 <> Mailbox has exceeded the limit (in reply to RCPT TO command)",
        "soft_bounce_mailbox",
        "mailboxfull",
        0.7,
    ),
    (
        "bounce_tr: relay mx.example.com [192.0.2.1]:25 said: 550 5.2.1 The email account that you tried to reach is disabled. Learn more",
        "soft_bounce_mailbox",
        "suspend",
        0.7,
    ),
    (
        "bounce_hb: relay mx.example.com [192.0.2.1]:25 said: 550 No such recipient (in reply to RCPT TO command)",
        "hard_bounce",
        "userunknown",
        0.7,
    ),
    (
        "bounce_df: domain name does not exist",
        "hard_bounce",
        "hostunknown",
        0.7,
    ),
    (
        "550 mailbox full",
        "soft_bounce_mailbox",
        "mailboxfull",
        0.7,
    ),
    ("552", "soft_bounce_mailbox", "mailboxfull", 0.0),
    (
        "552 message too large",
        "soft_bounce_content",
        "mesgtoobig",
        0.7,
    ),
    (
        "554 rejected for policy reasons",
        "soft_bounce_content",
        "policyviolation",
        0.7,
    ),
    ("421", "soft_bounce_mailbox", "systemerror", 0.0),
    ("450", "soft_bounce_mailbox", "systemerror", 0.0),
    ("451", "soft_bounce_mailbox", "systemerror", 0.0),
    ("452", "soft_bounce_mailbox", "systemfull", 0.0),
    ("User not found", "hard_bounce", "userunknown", 0.7),
    ("user does not exist", "hard_bounce", "userunknown", 0.7),
    ("550 mailbox unavailable", "hard_bounce", "userunknown", 0.7),
    (
        "550 Access denied",
        "soft_bounce_reputation",
        "blocked",
        0.0,
    ),
    (
        "550 5.4.1 Recipient address rejected: Access denied",
        "hard_bounce",
        "userunknown",
        0.7,
    ),
    (
        "The recipient server did not accept the message",
        "other",
        "undefined",
        0.0,
    ),
    (
        "Message rejected as spam",
        "soft_bounce_content",
        "spamdetected",
        0.7,
    ),
    (
        "450 4.2.0 Greylisted, please try again later",
        "soft_bounce_mailbox",
        "greylisted",
        0.7,
    ),
    (
        "554 5.7.1 Service unavailable; client [192.0.2.1] blocked using zen.spamhaus.org",
        "soft_bounce_reputation",
        "blocked",
        0.7,
    ),
    (
        "550 5.7.25 client host has no PTR record",
        "soft_bounce_reputation",
        "requireptr",
        0.7,
    ),
    (
        "550 5.7.1 SPF check failed",
        "soft_bounce_reputation",
        "authfailure",
        0.7,
    ),
    ("554 relay access denied", "other", "norelaying", 0.7),
    ("530 authentication required", "other", "securityerror", 0.7),
];

fn explained(reply: &str) -> serde_json::Value {
    let out = bounce(&["explain", "--format", "json", "--", reply])
        .output()
        .unwrap();
    serde_json::from_slice(&out.stdout).unwrap()
}

#[test]
fn c2_every_message_of_the_table() {
    for (reply, category, reason, least) in TABLE {
        let got = explained(reply);
        assert_eq!(
            (text(&got, "category"), text(&got, "reason")),
            (*category, *reason),
            "{reply}: {got}"
        );
        assert!(
            got["confidence"].as_f64().unwrap() >= *least,
            "{reply}: {got}"
        );
    }
    let blocked = explained("Your message has been blocked");
    assert_eq!(blocked["held"], true, "{blocked}");
    assert!(
        text(&blocked, "category").starts_with("soft_bounce_"),
        "{blocked}"
    );
}

#[test]
fn c2_bare_codes_by_stage() {
    for (reply, category, held) in [
        ("550 (in reply to RCPT TO command)", "hard_bounce", false),
        ("550", "hard_bounce", true),
        ("550 (in reply to MAIL FROM command)", "other", true),
        ("550 (in reply to end of DATA command)", "other", true),
    ] {
        let got = explained(reply);
        assert_eq!(
            (text(&got, "category"), &got["held"]),
            (category, &held.into()),
            "{reply}: {got}"
        );
    }
}
