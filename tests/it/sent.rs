//! `classify --sent`: the sent log from end to end (I8, E2, E3, S8, S9).

use crate::run::{events, parse, pipe, root, text};
use serde_json::{Value, json};
use std::path::PathBuf;
use tempfile::TempDir;

const DEMO: &str = "testdata/demo/bounces.mbox";
const SENT: &str = "testdata/demo/sent.csv";

/// A folder with one file.
fn file(name: &str, bytes: &[u8]) -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let path = path.to_str().unwrap().to_owned();
    (folder, path)
}

fn sent_csv() -> String {
    std::fs::read_to_string(root().join(SENT)).unwrap()
}

/// What the program writes of the demo, and its exit code.
fn demo(args: &[&str]) -> (Vec<u8>, i32) {
    let mut all = vec![
        "classify",
        "--format",
        "ndjson",
        "--now",
        "2026-11-24",
        DEMO,
    ];
    all.extend(args);
    let out = pipe(&all, b"");
    (out.stdout, out.status.code().unwrap_or(-1))
}

fn is_unmatched(event: &Value) -> bool {
    event["flags"]
        .as_array()
        .is_some_and(|all| all.contains(&json!("unmatched")))
}

#[test]
fn s8_the_demo_answers_its_sent_log_but_for_the_forged_report() {
    let all = parse(&demo(&["--sent", SENT]).0);
    assert_eq!(all.len(), 45);
    for event in &all {
        let forged = event["origin"]["index"] == 31;
        assert_eq!(
            text(event, "proof"),
            if forged { "none" } else { "sent" },
            "{event}"
        );
        assert_eq!(is_unmatched(event), forged, "{event}");
        assert!(forged || event["campaign_id"] == "autumn-2026", "{event}");
    }
}

#[test]
fn e1_the_join_leaves_the_ids_of_events() {
    let ids = |bytes: &[u8]| -> Vec<String> {
        parse(bytes)
            .iter()
            .map(|e| text(e, "event_id").to_owned())
            .collect()
    };
    assert_eq!(ids(&demo(&["--sent", SENT]).0), ids(&demo(&[]).0));
}

#[test]
fn i8_every_form_of_the_log_gives_the_same_bytes() {
    let expected = demo(&["--sent", SENT]);
    assert_eq!(expected.1, 0);
    let csv = sent_csv();
    let lines: Vec<&str> = csv.lines().collect();
    let half = |rows: &[&str]| format!("{}\n{}\n", lines[0], rows.join("\n"));
    let (_a, first) = file("1", half(&lines[300..]).as_bytes());
    let (_b, second) = file("2", half(&lines[1..300]).as_bytes());
    let objects: String = lines[1..]
        .iter()
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            let (at, from, to) = (cells[0], cells[1], cells[2]);
            format!("{}\n", json!({"Sent At": at, "from": from, "to": to, "campaign": cells[3], "messageId": cells[4]}))
        })
        .collect();
    let (_c, ndjson) = file("3", objects.as_bytes());
    let (_d, packed) = file("4", &zstd::encode_all(csv.as_bytes(), 1).unwrap());
    for args in [
        &["--sent", SENT, "--threads", "1"][..],
        &["--sent", SENT, "--threads", "7"],
        &["--sent", &first, "--sent", &second],
        &["--sent", &ndjson],
        &["--sent", &packed],
        &["--sent", SENT, "--sent", SENT],
    ] {
        assert!(demo(args) == expected, "{args:?}");
    }
}

#[test]
fn i7_events_read_back_join_as_the_mails_do() {
    let expected = demo(&["--sent", SENT]).0;
    let (_folder, without) = file("events", &demo(&[]).0);
    let out = pipe(
        &["classify", "--format", "ndjson", &without, "--sent", SENT],
        b"",
    );
    assert!(out.stdout == expected);
    // What was unmatched yesterday, for want of the log, is matched today.
    let (_log, empty) = file("log", b"sent_at,mailbox,recipient\n");
    let yesterday = demo(&["--sent", &empty]).0;
    assert!(parse(&yesterday).iter().filter(|e| is_unmatched(e)).count() > 30);
    let (_folder, yesterday) = file("events", &yesterday);
    let args = [
        "classify",
        "--format",
        "ndjson",
        "--now",
        "2026-11-24",
        &yesterday,
        "--sent",
        SENT,
    ];
    assert!(pipe(&args, b"").stdout == expected);
}

#[test]
fn p7_filters_act_behind_the_join() {
    let count = |args: &[&str]| parse(&demo(args).0).len();
    assert_eq!(count(&["--campaign", "autumn-2026"]), 40);
    assert_eq!(count(&["--campaign", "autumn-2026", "--sent", SENT]), 44);
}

#[test]
fn e2_a_shared_mailbox_of_bounces_takes_the_sender_from_the_log() {
    let mail = b"From: MAILER-DAEMON@mx.example\nTo: bounces@acme.example\n\
        Date: Tue, 3 Nov 2026 10:11:12 +0000\nSubject: Undelivered Mail Returned to Sender\n\n\
        This is the mail system at host mx.example.\n\n\
        <jane@example.com>: host mx.example.com[192.0.2.1] said: 550 5.1.1 User unknown\n    (in reply to RCPT TO command)\n";
    let log = "sent_at,mailbox,recipient,campaign_id,stream\n\
        2026-11-03T10:11:00Z,sales2@acme.example,Jane@example.com,autumn,warmup\n";
    let (_folder, log) = file("log", log.as_bytes());
    let (all, code) = events(
        &["-", "--sent", &log, "--mailbox", "someone@acme.example"],
        mail,
    );
    assert_eq!((all.len(), code), (1, 0));
    let got =
        ["mailbox", "recipient", "campaign_id", "stream", "proof"].map(|key| text(&all[0], key));
    assert_eq!(
        got,
        [
            "sales2@acme.example",
            "jane@example.com",
            "autumn",
            "warmup",
            "sent"
        ]
    );
}

#[test]
fn u4_bad_rows_of_the_log_are_counted_and_named() {
    let csv = sent_csv().replacen("2026-11-02T08:03:30Z", "last Monday", 1);
    let (_folder, log) = file("log", csv.as_bytes());
    let (folder, rejects) = file("rejects", b"");
    let args = [
        "classify",
        "--format",
        "ndjson",
        DEMO,
        "--sent",
        &log,
        "--rejects",
        &rejects,
        "--strict",
    ];
    let out = pipe(&args, b"");
    assert_eq!(out.status.code(), Some(4));
    let said = String::from_utf8(out.stderr).unwrap();
    assert!(
        said.contains("0 rejected; 628 sent rows, 1 rejected"),
        "{said}"
    );
    assert!(
        said.contains("line 3: \"last Monday\" is no date"),
        "{said}"
    );
    let rejects = parse(&std::fs::read(&rejects).unwrap());
    assert_eq!(rejects.len(), 1);
    assert_eq!(
        (&rejects[0]["index"], &rejects[0]["line"]),
        (&json!(1), &json!(3))
    );
    drop(folder);
}

#[test]
fn s8_a_log_that_cannot_be_read_leaves_nothing_unmatched() {
    let (bytes, code) = demo(&["--sent", "/nonexistent/sent.csv", "--sent", SENT]);
    assert_eq!(code, 1);
    let all = parse(&bytes);
    assert_eq!(all.len(), 45);
    assert!(!all.iter().any(is_unmatched));
    assert_eq!(all.iter().filter(|e| e["proof"] == "sent").count(), 44);
}

#[test]
fn s9_counts_prove_the_mailbox_but_no_mail() {
    let days = b"date,mailbox,sent\n2026-11-02,sales1@acme.example,40\n";
    let (_folder, log) = file("log", days);
    let all = parse(&demo(&["--sent", &log]).0);
    assert!(!all.iter().any(is_unmatched));
    assert!(!all.iter().any(|e| e["proof"] == "sent"));
    for event in &all {
        let ours = event["mailbox"] == "sales1@acme.example" && event["message_id"].is_string();
        assert!(!ours || event["proof"] == "returned", "{event}");
    }
    assert!(all.iter().any(|e| e["proof"] == "returned"));
}

#[test]
fn u1_standard_input_can_be_the_log() {
    let args = [
        "classify",
        "--format",
        "ndjson",
        "--now",
        "2026-11-24",
        DEMO,
        "--sent",
        "-",
    ];
    let out = pipe(&args, sent_csv().as_bytes());
    assert!(out.stdout == demo(&["--sent", SENT]).0);
    let out = pipe(&["classify", "--sent", "-"], b"");
    assert_eq!(out.status.code(), Some(2));
}
