//! `bounce suppress` as its users see it: S1–S12, T1–T3.

use crate::run::{bounce, pipe, root};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Output;

/// The clock of these tests.
pub const NOW: &str = "2026-11-24T00:00:00Z";

/// A confirmed hard bounce; `id` is a few hex digits.
pub fn hard(id: &str, at: &str, mailbox: &str, recipient: &str) -> Value {
    let domain = recipient.rsplit('@').next().unwrap();
    json!({
        "schema": 1, "event_id": format!("{id:0>32}"), "event_type": "bounce.hard",
        "kind": "failed", "occurred_at": at, "classified_at": NOW, "workspace": "default",
        "mailbox": mailbox, "stream": "campaign", "recipient": recipient,
        "recipient_domain": domain, "smtp_code": 550, "enhanced_code": "5.1.1",
        "smtp_message": "The email account that you tried to reach does not exist",
        "category": "hard_bounce", "reason": "userunknown", "fault": "recipient",
        "confidence": 0.98, "held": false, "confirmed": true, "proof": "none",
        "format": "rfc3464", "origin": {"file": "x.mbox", "index": 0},
    })
}

/// The same with other values.
pub fn with(mut event: Value, more: Value) -> Value {
    for (key, value) in more.as_object().unwrap() {
        event[key] = value.clone();
    }
    event
}

fn soft(id: &str, at: &str, mailbox: &str, recipient: &str) -> Value {
    let more = json!({
        "event_type": "bounce.soft", "category": "soft_bounce_mailbox", "reason": "mailboxfull",
        "smtp_code": 552, "enhanced_code": "5.2.2", "smtp_message": "Mailbox full",
        "confirmed": false,
    });
    with(hard(id, at, mailbox, recipient), more)
}

/// Events as a file has them.
pub fn ndjson(events: &[Value]) -> Vec<u8> {
    events
        .iter()
        .flat_map(|e| format!("{e}\n").into_bytes())
        .collect()
}

/// Runs `bounce suppress` on events.
pub fn suppress(dir: &Path, events: &[Value], more: &[&str]) -> Output {
    let out = dir.to_str().unwrap();
    let mut args = vec!["suppress", "--out", out, "--now", NOW];
    args.extend(more);
    pipe(&args, &ndjson(events))
}

/// The same, which must go well and say nothing.
pub fn done(dir: &Path, events: &[Value], more: &[&str]) {
    quiet(suppress(dir, events, more));
}

pub fn quiet(out: Output) {
    let told = String::from_utf8_lossy(&out.stderr).into_owned();
    assert_eq!((out.status.code(), told.as_str()), (Some(0), ""));
}

fn act(args: &[&str], dir: &Path) -> Output {
    let mut all = vec!["suppress"];
    all.extend(args);
    all.extend(["--out", dir.to_str().unwrap()]);
    bounce(&all).output().unwrap()
}

/// A file of the folder; empty if there is none.
pub fn file(dir: &Path, name: &str) -> String {
    std::fs::read_to_string(dir.join(name)).unwrap_or_default()
}

/// The rows of a list without its header, cut to some cells.
pub fn rows(dir: &Path, name: &str, cells: usize) -> Vec<String> {
    let cut = |l: &str| l.split(',').take(cells).collect::<Vec<_>>().join(",");
    file(dir, name).lines().skip(1).map(cut).collect()
}

/// All files with their bytes, but not those that are not lists.
pub fn lists(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    for sub in ["", "skip", "suppression"] {
        let Ok(entries) = std::fs::read_dir(dir.join(sub)) else {
            continue;
        };
        for entry in entries.map(Result::unwrap) {
            let name = entry.file_name().into_string().unwrap();
            let path = entry.path();
            let other = ["ledger.db", "ledger.db-journal", ".lock", "audit.ndjson"];
            if path.is_file() && !other.contains(&name.as_str()) {
                all.insert(format!("{sub}/{name}"), std::fs::read(path).unwrap());
            }
        }
    }
    all
}

/// Every file with its bytes and the time of its last change.
fn everything(dir: &Path) -> BTreeMap<String, (Vec<u8>, std::time::SystemTime)> {
    let mut all = BTreeMap::new();
    for sub in ["", "skip"] {
        for entry in std::fs::read_dir(dir.join(sub)).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let changed = path.metadata().unwrap().modified().unwrap();
                let name = path.display().to_string();
                all.insert(name, (std::fs::read(&path).unwrap(), changed));
            }
        }
    }
    all
}

const BOB: &str = "bob@prospect.example";

fn sales(n: u32) -> String {
    format!("sales{n}@acme.example")
}

/// Five mailboxes of one team.
fn team(dir: &Path) -> String {
    let mailboxes: Vec<String> = (1..=5).map(|n| format!("'{}'", sales(n))).collect();
    let path = dir.join("bounce.toml");
    let text = format!(
        "[workspaces.acme]\nmailboxes = [{}]\n",
        mailboxes.join(", ")
    );
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

/// The story of the guide: a prospect bounces in one of five mailboxes; a hiccup of the
/// sender's own DNS must mark nobody; the prospect is verified and imported again, and
/// bounces again.
#[test]
fn s2_the_story_of_a_prospect() {
    let tmp = tempfile::tempdir().unwrap();
    let (dir, policy) = (tmp.path().join("lists"), team(tmp.path()));
    let policy = ["--policy", policy.as_str()];
    let hiccup = with(
        hard(
            "b",
            "2026-11-02T09:00:00Z",
            &sales(2),
            "carol@prospect.example",
        ),
        json!({"category": "other", "reason": "ownnetwork", "fault": "sender", "confirmed": false}),
    );
    let first = hard("a", "2026-11-02T10:00:00Z", &sales(1), BOB);
    done(&dir, &[hiccup, first], &policy);
    let origin = format!(
        "{BOB},Bounced — see Inbox: 550 5.1.1 The email account that you tried to reach does not exist,{}",
        sales(1)
    );
    assert_eq!(rows(&dir, "skip/sales1@acme.example.csv", 3), [origin]);
    for n in 2..=5 {
        let line = format!(
            "{BOB},Bounced — see Inbox: bounced in {},{}",
            sales(1),
            sales(1)
        );
        assert_eq!(rows(&dir, &format!("skip/{}.csv", sales(n)), 3), [line]);
        assert_eq!(
            file(&dir, &format!("skip/{}.txt", sales(n))),
            format!("{BOB}\n")
        );
    }
    assert_eq!(
        rows(&dir, "suppression.csv", 3),
        [format!("{BOB},hard_bounce,acme")]
    );
    assert_eq!(file(&dir, "suppression.txt"), format!("{BOB}\n"));
    assert_eq!(
        rows(&dir, "review.csv", 3),
        [format!("carol@prospect.example,{},other", sales(2))]
    );
    assert!(rows(&dir, "global-suppression.csv", 1).is_empty());

    let good = tmp.path().join("good.csv");
    std::fs::write(
        &good,
        format!("address,verified_at\n{BOB},2026-11-05T00:00:00Z\n"),
    )
    .unwrap();
    let mut again: Vec<&str> = policy.to_vec();
    again.extend(["--reverified", good.to_str().unwrap()]);
    done(&dir, &[], &again);
    assert_eq!(rows(&dir, "suppression.csv", 1), Vec::<String>::new());
    assert_eq!(file(&dir, "skip/sales3@acme.example.txt"), "");
    assert!(file(&dir, "audit.ndjson").contains(r#""action":"reverify""#));

    // Read again, the old bounce changes nothing; a new one counts, as a repeat.
    let old = hard("a", "2026-11-02T10:00:00Z", &sales(1), BOB);
    done(&dir, &[old], &policy);
    assert_eq!(rows(&dir, "suppression.csv", 1), Vec::<String>::new());
    done(
        &dir,
        &[hard("c", "2026-11-09T10:00:00Z", &sales(4), BOB)],
        &policy,
    );
    let row = rows(&dir, "suppression.csv", 10).join("");
    assert!(
        row.ends_with(",true") && row.contains("2026-11-09T10:00:00Z"),
        "{row}"
    );
    let line = format!("{BOB},Bounced — see Inbox: bounced in {}", sales(4));
    assert_eq!(rows(&dir, "skip/sales1@acme.example.csv", 2), [line]);
}

#[test]
fn s7_a_second_run_changes_no_byte_and_touches_no_file() {
    let tmp = tempfile::tempdir().unwrap();
    let demo = root().join("testdata/demo");
    let (mails, sent) = (demo.join("bounces.mbox"), demo.join("sent.csv"));
    let args = |dir: &Path| -> Vec<String> {
        [
            "suppress",
            mails.to_str().unwrap(),
            "--sent",
            sent.to_str().unwrap(),
            "--now",
            NOW,
            "--out",
            dir.to_str().unwrap(),
        ]
        .map(str::to_owned)
        .to_vec()
    };
    let args = args(tmp.path());
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    quiet(bounce(&args).output().unwrap());
    let before = everything(tmp.path());
    assert!(before.len() > 15);
    quiet(bounce(&args).output().unwrap());
    assert!(everything(tmp.path()) == before);
}

#[test]
fn s6_every_list_is_written_with_its_header() {
    let tmp = tempfile::tempdir().unwrap();
    done(tmp.path(), &[], &[]);
    for (name, header) in [
        (
            "suppression.csv",
            "address,reason,workspace,since,mailbox,smtp_code,enhanced_code,smtp_message,event_id,repeat,flags\n",
        ),
        (
            "global-suppression.csv",
            "address,reason,since,workspaces,event_id\n",
        ),
        (
            "retry.csv",
            "address,mailbox,category,retry_strategy,retry_count,next_attempt_at,event_id\n",
        ),
        (
            "out-of-office.csv",
            "address,mailbox,returns_on,resume_on,event_id\n",
        ),
        (
            "review.csv",
            "address,mailbox,why,category,confidence,smtp_message,event_id\n",
        ),
        (
            "templates.csv",
            "subject,campaign_id,rejections,mailboxes,first,last\n",
        ),
        (
            "contacts.csv",
            "address,contact_id,verification_status,since,reason,event_id\n",
        ),
        ("warmup-pause.csv", "mailbox,bounces,last,reason\n"),
    ] {
        assert_eq!(file(tmp.path(), name), header);
    }
    for name in ["suppression.txt", "global-suppression.txt", "audit.ndjson"] {
        assert!(tmp.path().join(name).is_file(), "{name}");
        assert_eq!(file(tmp.path(), name), "");
    }
}

#[test]
fn s7_an_empty_or_failed_input_empties_no_list() {
    let tmp = tempfile::tempdir().unwrap();
    done(
        tmp.path(),
        &[hard("a", "2026-11-02T10:00:00Z", &sales(1), BOB)],
        &[],
    );
    let before = everything(tmp.path());
    done(tmp.path(), &[], &[]);
    assert!(everything(tmp.path()) == before);
    // One input cannot be opened: what the other says is not taken, either.
    let new = tmp.path().join("new.ndjson");
    std::fs::write(
        &new,
        ndjson(&[hard(
            "b",
            "2026-11-02T10:00:00Z",
            &sales(1),
            "eve@prospect.example",
        )]),
    )
    .unwrap();
    let before = everything(tmp.path());
    for more in [
        vec![new.to_str().unwrap(), "/nowhere/at.all"],
        vec![new.to_str().unwrap(), "--sent", "/nowhere/at.all"],
        vec![new.to_str().unwrap(), "--reverified", "/nowhere/at.all"],
    ] {
        let out = suppress(tmp.path(), &[], &more);
        assert_eq!(out.status.code(), Some(1), "{more:?}");
        assert!(String::from_utf8_lossy(&out.stderr).contains("/nowhere/at.all"));
        assert!(everything(tmp.path()) == before, "{more:?}");
    }
}

#[test]
fn s7_lists_whose_ledger_is_lost_are_not_emptied() {
    let tmp = tempfile::tempdir().unwrap();
    done(
        tmp.path(),
        &[hard("a", "2026-11-02T10:00:00Z", &sales(1), BOB)],
        &[],
    );
    std::fs::remove_file(tmp.path().join("ledger.db")).unwrap();
    let before = everything(tmp.path());
    let out = suppress(tmp.path(), &[], &[]);
    assert_eq!(out.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&out.stderr).contains("no ledger.db"));
    assert!(everything(tmp.path()) == before);
}

#[test]
fn s7_files_that_are_older_than_the_ledger_are_written_before_anything_else() {
    let tmp = tempfile::tempdir().unwrap();
    done(
        tmp.path(),
        &[hard("a", "2026-11-02T10:00:00Z", &sales(1), BOB)],
        &[],
    );
    let good = lists(tmp.path());
    std::fs::remove_file(tmp.path().join("suppression.csv")).unwrap();
    std::fs::write(tmp.path().join("suppression.txt"), "half a li").unwrap();
    std::fs::write(tmp.path().join("skip/.bounce-1-1.tmp"), "half").unwrap();
    std::fs::write(tmp.path().join(".bounce-1-2.tmp"), "half").unwrap();
    // The run itself fails; the files are put right all the same.
    let out = suppress(tmp.path(), &[], &["/nowhere/at.all"]);
    assert_eq!(out.status.code(), Some(1));
    assert_eq!(lists(tmp.path()), good);
}

#[test]
fn s7_a_dry_run_prints_what_would_change_and_writes_nothing() {
    let tmp = tempfile::tempdir().unwrap();
    let dir = tmp.path().join("lists");
    let event = hard("a", "2026-11-02T10:00:00Z", &sales(1), BOB);
    let out = suppress(&dir, std::slice::from_ref(&event), &["--dry-run"]);
    assert_eq!(out.status.code(), Some(0));
    let line = r#"{"at":"2026-11-24T00:00:00Z","action":"add","list":"suppression","address":"bob@prospect.example","reason":"hard_bounce","event_id":"0000000000000000000000000000000a"}"#;
    let told = String::from_utf8(out.stdout).unwrap();
    assert!(told.lines().any(|l| l == line), "{told}");
    assert!(!dir.exists());
    done(&dir, &[event], &[]);
    assert_eq!(file(&dir, "audit.ndjson"), told);
    let before = everything(&dir);
    let more = hard(
        "b",
        "2026-11-03T10:00:00Z",
        &sales(1),
        "eve@prospect.example",
    );
    assert!(!suppress(&dir, &[more], &["--dry-run"]).stdout.is_empty());
    assert!(everything(&dir) == before);
}

#[test]
fn s5_removal_by_hand_needs_a_comment_and_is_logged() {
    let tmp = tempfile::tempdir().unwrap();
    done(
        tmp.path(),
        &[hard("a", "2026-11-02T10:00:00Z", &sales(1), BOB)],
        &[],
    );
    let before = everything(tmp.path());
    for args in [
        vec!["remove", BOB],
        vec!["remove", BOB, "--comment", " "],
        vec!["remove", "--comment", "who?"],
        vec!["remove", "nobody", "--comment", "no address"],
        vec![
            "remove",
            "--domain",
            "prospect.example",
            "--comment",
            "when?",
        ],
        vec![
            "remove",
            "--domain",
            "prospect.example",
            "--since",
            "2026-11-02",
            "--until",
            "soon",
            "--comment",
            "?",
        ],
    ] {
        assert_eq!(act(&args, tmp.path()).status.code(), Some(2), "{args:?}");
        assert!(everything(tmp.path()) == before, "{args:?}");
    }
    quiet(act(
        &[
            "remove",
            BOB,
            "--comment",
            "answered by phone",
            "--now",
            NOW,
        ],
        tmp.path(),
    ));
    assert!(rows(tmp.path(), "suppression.csv", 1).is_empty());
    assert!(rows(tmp.path(), "skip/sales1@acme.example.csv", 1).is_empty());
    let audit = file(tmp.path(), "audit.ndjson");
    let line = format!(
        r#"{{"at":"{NOW}","action":"remove","address":"{BOB}","comment":"answered by phone"}}"#
    );
    assert!(audit.lines().any(|l| l == line), "{audit}");
    let story = act(&["why", BOB], tmp.path());
    assert_eq!(story.status.code(), Some(0));
    let story = String::from_utf8(story.stdout).unwrap();
    for part in [
        "\"event\":{",
        "\"act\":{",
        "\"change\":{",
        "\"row\":{",
        "answered by phone",
    ] {
        assert!(story.contains(part), "{part} in {story}");
    }
}

#[test]
fn s5_what_the_subcommands_need() {
    let tmp = tempfile::tempdir().unwrap();
    let dir = tmp.path().to_str().unwrap();
    for args in [
        vec!["suppress", "a.mbox"],
        vec!["suppress", "--out", dir, "why"],
        vec!["suppress", "why", "--out", dir],
        vec!["suppress", "why", "nobody", "--out", dir],
    ] {
        assert_eq!(
            bounce(&args).output().unwrap().status.code(),
            Some(2),
            "{args:?}"
        );
    }
    for args in [
        vec!["suppress", "why", BOB, "--out", dir],
        vec!["suppress", "remove", BOB, "--comment", "x", "--out", dir],
        vec!["suppress", "--out", "/nowhere/at/all", "/dev/null"],
    ] {
        assert_eq!(
            bounce(&args).output().unwrap().status.code(),
            Some(1),
            "{args:?}"
        );
    }
    // A file called like a subcommand.
    std::fs::write(
        tmp.path().join("why"),
        ndjson(&[hard("a", "2026-11-02T10:00:00Z", &sales(1), BOB)]),
    )
    .unwrap();
    let mut run = bounce(&["suppress", "./why", "--out", "lists", "--now", NOW]);
    quiet(run.current_dir(tmp.path()).output().unwrap());
    assert_eq!(rows(&tmp.path().join("lists"), "suppression.csv", 1), [BOB]);
}

#[test]
fn s5_reverified_addresses_are_read_from_the_tables_of_verifiers() {
    let events = || [hard("a", "2026-11-02T10:00:00Z", &sales(1), BOB)];
    for (table, status, rejected) in [
        (
            "address,verified_at\nBOB@prospect.example,2026-11-05\n",
            "",
            "",
        ),
        (
            "\u{feff}Email;Result;Verified At\nbob@prospect.example;valid;2026-11-05 10:00\n",
            "",
            "",
        ),
        (
            "email\tverified_at\nbob@prospect.example\t1794000000\n",
            "",
            "",
        ),
        (
            "address,verified_at\nbob@prospect.example,2026-11-01\n",
            BOB,
            "",
        ),
        (
            "address,verified_at,result\nbob@prospect.example,2026-11-05,invalid\n",
            BOB,
            "alive",
        ),
        (
            "address,verified_at\nbob@prospect.example,2027-01-01\n",
            BOB,
            "future",
        ),
        (
            "address,verified_at\nbob@prospect.example,\n",
            BOB,
            "no date",
        ),
        ("address,verified_at\nbob,2026-11-05\n", BOB, "no address"),
    ] {
        let tmp = tempfile::tempdir().unwrap();
        let good = tmp.path().join("good.csv");
        std::fs::write(&good, table).unwrap();
        let dir = tmp.path().join("lists");
        let out = suppress(&dir, &events(), &["--reverified", good.to_str().unwrap()]);
        assert_eq!(out.status.code(), Some(0), "{table}");
        assert_eq!(rows(&dir, "suppression.csv", 1).join(""), status, "{table}");
        let told = String::from_utf8(out.stderr).unwrap();
        assert!(
            told.contains(rejected) && told.is_empty() == rejected.is_empty(),
            "{told}"
        );
    }
    let tmp = tempfile::tempdir().unwrap();
    let bad = tmp.path().join("bad.csv");
    std::fs::write(&bad, "name,when\nBob,2026-11-05\n").unwrap();
    let out = suppress(
        &tmp.path().join("lists"),
        &events(),
        &["--reverified", bad.to_str().unwrap()],
    );
    assert_eq!(out.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&out.stderr).contains("name, when"));
}

#[test]
fn s8_forged_notifications_silence_nobody_and_a_later_log_still_matches() {
    let tmp = tempfile::tempdir().unwrap();
    let dir = tmp.path().join("lists");
    let events: Vec<Value> = (0..50)
        .map(|n| {
            hard(
                &format!("f{n}"),
                "2026-11-20T10:00:00Z",
                &sales(1),
                &format!("customer{n}@prospect.example"),
            )
        })
        .collect();
    let log = tmp.path().join("sent.csv");
    let line = |who: &str| format!("2026-11-19T10:00:00Z,{},{who},autumn,\n", sales(1));
    let header = "sent_at,mailbox,recipient,campaign_id,message_id\n";
    std::fs::write(&log, format!("{header}{}", line("somebody@else.example"))).unwrap();
    let sent = ["--sent", log.to_str().unwrap()];
    done(&dir, &events, &sent);
    assert!(rows(&dir, "suppression.csv", 1).is_empty());
    assert!(rows(&dir, "skip/sales1@acme.example.csv", 1).is_empty());
    assert_eq!(
        rows(&dir, "review.csv", 3)
            .iter()
            .filter(|r| r.ends_with(",unmatched"))
            .count(),
        50
    );
    // Read again without a log, they are no better.
    done(&dir, &events, &[]);
    assert!(rows(&dir, "suppression.csv", 1).is_empty());
    std::fs::write(
        &log,
        format!("{header}{}", line("customer7@prospect.example")),
    )
    .unwrap();
    done(&dir, &[], &sent);
    assert_eq!(
        rows(&dir, "suppression.csv", 1),
        ["customer7@prospect.example"]
    );
    assert_eq!(rows(&dir, "review.csv", 1).len(), 49);
    // 30 days later it is too late.
    std::fs::write(
        &log,
        format!("{header}{}", line("customer8@prospect.example")),
    )
    .unwrap();
    let out = pipe(
        &[
            "suppress",
            "--out",
            dir.to_str().unwrap(),
            "--now",
            "2026-12-20T10:00:01Z",
            "--sent",
            sent[1],
        ],
        b"",
    );
    quiet(out);
    assert_eq!(
        rows(&dir, "suppression.csv", 1),
        ["customer7@prospect.example"]
    );
}

#[test]
fn s9_proof_that_was_asked_for_stays_asked_for_when_somebody_is_removed() {
    let tmp = tempfile::tempdir().unwrap();
    let proved = with(
        hard(
            "b",
            "2026-11-20T10:00:00Z",
            &sales(1),
            "eve@prospect.example",
        ),
        json!({"proof": "sent"}),
    );
    let events = [hard("a", "2026-11-20T10:00:00Z", &sales(1), BOB), proved];
    done(tmp.path(), &events, &["--require-proof"]);
    assert_eq!(
        rows(tmp.path(), "suppression.csv", 1),
        ["eve@prospect.example"]
    );
    assert_eq!(
        rows(tmp.path(), "review.csv", 3),
        [format!("{BOB},{},no_proof", sales(1))]
    );
    quiet(act(
        &[
            "remove",
            "eve@prospect.example",
            "--comment",
            "x",
            "--now",
            NOW,
        ],
        tmp.path(),
    ));
    assert!(rows(tmp.path(), "suppression.csv", 1).is_empty());
}

/// Twelve dead addresses at one domain within minutes, of twenty that were mailed.
fn outage(log: &Path) -> Vec<Value> {
    let mut text = "sent_at,mailbox,recipient,campaign_id,message_id\n".to_owned();
    for n in 0..20 {
        text.push_str(&format!(
            "2026-11-03T08:0{}:00Z,{},u{n}@down.example,autumn,\n",
            n % 10,
            sales(1)
        ));
    }
    text.push_str(&format!(
        "2026-11-03T08:00:00Z,{},old@down.example,autumn,\n",
        sales(2)
    ));
    std::fs::write(log, text).unwrap();
    (0..12)
        .map(|n| {
            hard(
                &format!("c{n}"),
                &format!("2026-11-03T08:{:02}:00Z", 10 + n),
                &sales(1),
                &format!("u{n}@down.example"),
            )
        })
        .chain([hard(
            "e",
            "2026-11-09T08:00:00Z",
            &sales(2),
            "old@down.example",
        )])
        .collect()
}

#[test]
fn s10_a_burst_is_marked_and_can_be_taken_off_as_one() {
    let tmp = tempfile::tempdir().unwrap();
    let (dir, log) = (tmp.path().join("lists"), tmp.path().join("sent.csv"));
    let events = outage(&log);
    done(&dir, &events, &["--sent", log.to_str().unwrap()]);
    let marked = |dir: &Path| {
        rows(dir, "suppression.csv", 99)
            .iter()
            .filter(|r| r.ends_with(",domain_cluster"))
            .count()
    };
    assert_eq!(
        (marked(&dir), rows(&dir, "suppression.csv", 1).len()),
        (12, 13)
    );
    assert_eq!(rows(&dir, "review.csv", 1).len(), 12);
    // The log of another night does not know what was mailed then.
    let other = tmp.path().join("other.csv");
    std::fs::write(&other, "sent_at,mailbox,recipient,campaign_id,message_id\n2026-11-20T08:00:00Z,s@a.example,x@y.example,,\n").unwrap();
    done(&dir, &[], &["--sent", other.to_str().unwrap()]);
    done(&dir, &[], &[]);
    assert_eq!(marked(&dir), 12);
    let args = [
        "remove",
        "--domain",
        "Down.example",
        "--since",
        "2026-11-03T08:00Z",
        "--until",
        "2026-11-03T14:00Z",
    ];
    let mut args: Vec<&str> = args.to_vec();
    args.extend(["--comment", "their server was down", "--now", NOW]);
    quiet(act(&args, &dir));
    assert_eq!(rows(&dir, "suppression.csv", 1), ["old@down.example"]);
    assert!(rows(&dir, "review.csv", 1).is_empty());
    let audit = file(&dir, "audit.ndjson");
    let off = |l: &&str| {
        l.contains(r#""action":"remove","list":"suppression""#)
            && l.contains("their server was down")
    };
    assert_eq!(audit.lines().filter(off).count(), 12);
}

#[test]
fn s11_night_by_night_gives_the_lists_of_one_run() {
    let tmp = tempfile::tempdir().unwrap();
    let log = tmp.path().join("sent.csv");
    let mut events = outage(&log);
    let demo = root().join("testdata/demo");
    let out = bounce(&[
        "classify",
        "--now",
        NOW,
        demo.join("bounces.mbox").to_str().unwrap(),
    ])
    .output()
    .unwrap();
    events.extend(crate::run::parse(&out.stdout));
    for day in 2..=5 {
        events.push(soft(
            &format!("d{day}"),
            &format!("2026-11-0{day}T10:00:00Z"),
            &sales(3),
            "full@prospect.example",
        ));
    }
    let sent = demo.join("sent.csv");
    let logs = [
        "--sent",
        sent.to_str().unwrap(),
        "--sent",
        log.to_str().unwrap(),
    ];
    let once = tmp.path().join("once");
    done(&once, &events, &logs);
    let nights: [(&str, Vec<&[Value]>); 3] = [
        ("in order", events.chunks(9).collect()),
        ("backwards", events.chunks(9).rev().collect()),
        (
            "twice",
            events.chunks(20).chain(events.chunks(13).rev()).collect(),
        ),
    ];
    for (how, nights) in nights {
        let dir = tmp.path().join(how);
        for night in nights {
            done(&dir, night, &logs);
        }
        let (a, b) = (lists(&dir), lists(&once));
        assert_eq!(
            a.keys().collect::<Vec<_>>(),
            b.keys().collect::<Vec<_>>(),
            "{how}"
        );
        for (name, bytes) in &b {
            assert!(a[name] == *bytes, "{how}: {name}");
        }
    }
}

#[test]
fn p7_filters_choose_what_is_taken_in_and_empty_no_list() {
    let tmp = tempfile::tempdir().unwrap();
    let event =
        |id: &str, mailbox: u32, who: &str| hard(id, "2026-11-20T10:00:00Z", &sales(mailbox), who);
    done(tmp.path(), &[event("a", 1, BOB)], &[]);
    let events = [
        event("b", 2, "b@two.example"),
        event("c", 3, "c@three.example"),
    ];
    done(tmp.path(), &events, &["--mailbox", &sales(2)]);
    assert_eq!(
        rows(tmp.path(), "suppression.csv", 1),
        ["b@two.example", BOB]
    );
    done(tmp.path(), &events, &["--last", "24h"]);
    assert_eq!(rows(tmp.path(), "suppression.csv", 1).len(), 2);
    done(tmp.path(), &events, &["--since", "2026-11-20"]);
    assert_eq!(rows(tmp.path(), "suppression.csv", 1).len(), 3);
}

#[test]
fn s3_what_the_input_does_not_say_can_be_said() {
    let tmp = tempfile::tempdir().unwrap();
    let mut event = hard("a", "2026-11-20T10:00:00Z", "-", BOB);
    event.as_object_mut().unwrap().remove("mailbox");
    done(
        tmp.path(),
        &[event],
        &[
            "--as-mailbox",
            "Sales9@acme.example",
            "--as-workspace",
            "acme",
        ],
    );
    assert_eq!(
        rows(tmp.path(), "suppression.csv", 3),
        [format!("{BOB},hard_bounce,acme")]
    );
    assert_eq!(rows(tmp.path(), "skip/sales9@acme.example.csv", 1), [BOB]);
}

#[test]
fn i7_a_ledger_is_an_input_of_report_and_classify() {
    let tmp = tempfile::tempdir().unwrap();
    let mails = root().join("testdata/demo/bounces.mbox");
    let mails = mails.to_str().unwrap();
    done(tmp.path(), &[], &[mails]);
    let ids = |input: &str| -> std::collections::BTreeSet<String> {
        let out = bounce(&["classify", "--now", NOW, input]).output().unwrap();
        let events = crate::run::parse(&out.stdout);
        events
            .iter()
            .map(|e| crate::run::text(e, "event_id").to_owned())
            .collect()
    };
    let totals = |input: &str| -> Value {
        let out = bounce(&["report", "--now", NOW, input]).output().unwrap();
        crate::run::parse(&out.stdout)[0]["totals"].clone()
    };
    let (expected, figures) = (ids(mails), totals(mails));
    for input in [tmp.path().to_owned(), tmp.path().join("ledger.db")] {
        let input = input.to_str().unwrap();
        assert_eq!(ids(input), expected, "{input}");
        assert_eq!(totals(input), figures, "{input}");
    }
    let broken = tmp.path().join("broken.db");
    std::fs::write(
        &broken,
        "SQLite format 3\0 and then nothing that makes sense",
    )
    .unwrap();
    for command in ["classify", "report"] {
        let out = bounce(&[command, broken.to_str().unwrap()])
            .output()
            .unwrap();
        assert_eq!(out.status.code(), Some(1), "{command}");
        assert!(String::from_utf8_lossy(&out.stderr).contains("broken.db"));
    }
    let sent = root().join("testdata/demo/sent.csv");
    let with_log = |input: &str| {
        let out = bounce(&[
            "classify",
            "--now",
            NOW,
            "--sent",
            sent.to_str().unwrap(),
            input,
        ])
        .output()
        .unwrap();
        let events = crate::run::parse(&out.stdout);
        let proofs = events.iter().map(|e| {
            (
                crate::run::text(e, "event_id").to_owned(),
                e["proof"].clone(),
            )
        });
        proofs.collect::<BTreeMap<_, _>>()
    };
    assert_eq!(with_log(tmp.path().to_str().unwrap()), with_log(mails));
}

#[test]
fn s6_files_that_are_no_lists_any_more_are_deleted() {
    let tmp = tempfile::tempdir().unwrap();
    let dir = tmp.path().join("lists");
    let event = hard("a", "2026-11-20T10:00:00Z", &sales(1), BOB);
    done(&dir, &[event], &[]);
    assert!(dir.join("suppression.txt").is_file());
    let policy = tmp.path().join("two.toml");
    let text = "[workspaces.one]\nmailboxes = ['sales1@acme.example']\n[workspaces.two]\n";
    std::fs::write(&policy, text).unwrap();
    std::fs::write(dir.join("mine.csv"), "left alone").unwrap();
    done(&dir, &[], &["--policy", policy.to_str().unwrap()]);
    assert!(!dir.join("suppression.txt").exists());
    assert_eq!(file(&dir, "suppression/one.txt"), format!("{BOB}\n"));
    assert_eq!(
        rows(&dir, "suppression.csv", 3),
        [format!("{BOB},hard_bounce,one")]
    );
    assert_eq!(file(&dir, "mine.csv"), "left alone");
    done(&dir, &[], &[]);
    assert!(dir.join("suppression.txt").is_file());
    assert!(!dir.join("suppression/one.txt").exists());
}

#[test]
fn s6_no_address_makes_a_second_line_or_leaves_the_folder() {
    let tmp = tempfile::tempdir().unwrap();
    let bad = [
        "a\nb@x.example",
        "a\r\nb@x.example",
        "a\u{2028}b@x.example",
        "=cmd|x@x.example",
        "a,\"b@x.example",
    ];
    let mailboxes = [
        "../../up@acme.example",
        "a/b@acme.example",
        "-x\n@acme.example",
        ".",
        "ü@acme.example",
    ];
    let events: Vec<Value> = (0..5)
        .map(|n| {
            hard(
                &format!("a{n}"),
                "2026-11-20T10:00:00Z",
                mailboxes[n],
                bad[n],
            )
        })
        .collect();
    let dir = tmp.path().join("lists");
    done(&dir, &events, &[]);
    assert_eq!(file(&dir, "suppression.csv").lines().count(), 6);
    let plain = file(&dir, "suppression.txt");
    assert_eq!(
        plain.lines().collect::<Vec<_>>(),
        ["=cmd|x@x.example", "a,\"b@x.example"]
    );
    let above: Vec<_> = std::fs::read_dir(tmp.path()).unwrap().collect();
    assert_eq!(above.len(), 1);
    let names = lists(&dir);
    for name in [
        "%2E./..%2Fup",
        "a%2Fb@acme.example.csv",
        "%2Dx%0A@acme.example.csv",
        "%2E.csv",
        "%C3%BC@acme.example.csv",
    ] {
        let name = name.replace("./..", ".%2F..");
        assert!(
            names.keys().any(|n| n.contains(&name)),
            "{name} in {:?}",
            names.keys()
        );
    }
}

#[test]
fn s11_an_existing_list_is_taken_over() {
    let tmp = tempfile::tempdir().unwrap();
    let (dir, policy) = (tmp.path().join("lists"), team(tmp.path()));
    let import = |text: &str, more: &[&str]| {
        let list = tmp.path().join("old.csv");
        std::fs::write(&list, text).unwrap();
        let mut args = vec![
            "import",
            list.to_str().unwrap(),
            "--now",
            NOW,
            "--policy",
            &policy,
        ];
        args.extend(more);
        act(&args, &dir)
    };
    let acme = ["--as-workspace", "acme", "--comment", "from the old tool"];
    quiet(import("Dead@prospect.example\n", &acme));
    let table = "Email;Reason;Since\nangry@prospect.example;Spam complaint;2026-01-02\ndead@prospect.example;bounced;\n";
    quiet(import(table, &acme));
    let expected = [
        "angry@prospect.example,spam_complaint,acme,2026-01-02T00:00:00Z,,,,,,,",
        "dead@prospect.example,hard_bounce,acme,2026-11-24T00:00:00Z,,,,,,,",
    ];
    assert_eq!(rows(&dir, "suppression.csv", 11), expected);
    assert_eq!(
        rows(&dir, "global-suppression.csv", 2),
        ["angry@prospect.example,spam_complaint"]
    );
    let line = "dead@prospect.example,Bounced — see Inbox: on an imported list";
    assert_eq!(rows(&dir, "skip/sales3@acme.example.csv", 2), [line]);
    let contacts = [
        "angry@prospect.example,,complained,2026-01-02T00:00:00Z,imported",
        "dead@prospect.example,,invalid,2026-11-24T00:00:00Z,imported",
    ];
    assert_eq!(rows(&dir, "contacts.csv", 5), contacts);
    let before = everything(&dir);
    quiet(import(table, &acme));
    assert!(everything(&dir) == before);
    // Its own list is one, too.
    quiet(import(&file(&dir, "suppression.csv"), &[]));
    assert_eq!(rows(&dir, "suppression.csv", 11), expected);
    // What comes back says more than the old list.
    let bounce = hard(
        "a",
        "2026-11-20T10:00:00Z",
        &sales(1),
        "dead@prospect.example",
    );
    done(&dir, &[bounce], &["--policy", &policy]);
    assert!(rows(&dir, "suppression.csv", 5)[1].ends_with(&sales(1)));
    let now = [
        "--now",
        "2026-11-25",
        "--policy",
        &policy,
        "--comment",
        "called",
    ];
    for who in ["dead@prospect.example", "angry@prospect.example"] {
        let mut args = vec!["remove", who];
        args.extend(now);
        quiet(act(&args, &dir));
    }
    assert!(rows(&dir, "suppression.csv", 1).is_empty());
    assert!(rows(&dir, "global-suppression.csv", 1).is_empty());
    for (text, code) in [
        ("name,when\nBob,2026\n", 1),
        ("address\nnobody\n", 4),
        ("", 0),
    ] {
        let out = import(text, &["--strict"]);
        assert_eq!(out.status.code(), Some(code), "{text}");
        assert_eq!(out.stderr.is_empty(), code == 0);
    }
}

/// Two forwarders of one mail report on two nights, from the same place of files of one
/// name: each is a report of its own about the address that was mailed to.
#[test]
fn s11_reports_of_two_nights_are_two_reports() {
    let tmp = tempfile::tempdir().unwrap();
    let (dir, log) = (tmp.path().join("lists"), tmp.path().join("sent.csv"));
    let row = format!(
        "2026-11-19T10:00:00Z,{},{BOB},autumn,m1@acme.example\n",
        sales(1)
    );
    let header = "sent_at,mailbox,recipient,campaign_id,message_id\n";
    std::fs::write(&log, format!("{header}{row}")).unwrap();
    let report = |id: &str, who: &str| {
        let more = json!({"message_id": "m1@acme.example"});
        with(hard(id, "2026-11-20T10:00:00Z", &sales(1), who), more)
    };
    for event in [
        report("a", "one@forward.example"),
        report("b", "two@forward.example"),
    ] {
        done(&dir, &[event], &["--sent", log.to_str().unwrap()]);
    }
    assert_eq!(rows(&dir, "suppression.csv", 1), [BOB]);
    assert!(rows(&dir, "review.csv", 3).is_empty());
    // Where it was read is told as it was.
    let out = bounce(&["classify", dir.to_str().unwrap()])
        .output()
        .unwrap();
    for event in crate::run::parse(&out.stdout) {
        assert_eq!(event["origin"]["file"], "x.mbox");
    }
}

#[test]
fn p7_a_dry_run_of_an_import_and_a_removal_writes_nothing() {
    let tmp = tempfile::tempdir().unwrap();
    let dir = tmp.path().join("lists");
    done(
        &dir,
        &[hard("a", "2026-11-20T10:00:00Z", &sales(1), BOB)],
        &[],
    );
    let before = everything(&dir);
    let list = tmp.path().join("old.txt");
    std::fs::write(&list, "eve@prospect.example\n").unwrap();
    for args in [
        vec!["import", list.to_str().unwrap(), "--dry-run"],
        vec!["remove", BOB, "--comment", "x", "--dry-run"],
    ] {
        let out = act(&args, &dir);
        assert_eq!(out.status.code(), Some(0), "{args:?}");
        assert!(!out.stdout.is_empty(), "{args:?}");
        assert!(everything(&dir) == before, "{args:?}");
    }
}

#[test]
fn s8_a_log_that_begins_later_takes_nobody_off() {
    let tmp = tempfile::tempdir().unwrap();
    let (dir, log) = (tmp.path().join("lists"), tmp.path().join("sent.csv"));
    done(
        &dir,
        &[hard("a", "2026-11-10T10:00:00Z", &sales(1), BOB)],
        &[],
    );
    let sent = ["--sent", log.to_str().unwrap()];
    for (begins, expected) in [("2026-11-23", vec![BOB]), ("2026-11-10", vec![])] {
        let text = format!(
            "sent_at,mailbox,recipient\n{begins}T01:00:00Z,{},x@y.example\n",
            sales(1)
        );
        std::fs::write(&log, text).unwrap();
        done(&dir, &[], &sent);
        assert_eq!(rows(&dir, "suppression.csv", 1), expected, "{begins}");
    }
    assert_eq!(
        rows(&dir, "review.csv", 3),
        [format!("{BOB},{},unmatched", sales(1))]
    );
}

#[test]
fn s6_too_many_skip_rows_are_left_as_they_are_until_they_are_asked_for() {
    let tmp = tempfile::tempdir().unwrap();
    let (dir, policy) = (tmp.path().join("lists"), tmp.path().join("bounce.toml"));
    std::fs::write(&policy, "[lists]\nskip_rows = 1\n").unwrap();
    let policy = ["--policy", policy.to_str().unwrap()];
    let asked = ["--policy", policy[1], "--skip-lists"];
    let dead = |n: u32| {
        let who = format!("u{n}@x{n}.example");
        hard(&format!("{n:x}"), "2026-11-20T10:00:00Z", &sales(1), &who)
    };
    let name = "skip/sales1@acme.example.csv";
    done(&dir, &[dead(1)], &policy);
    assert_eq!(rows(&dir, name, 1).len(), 1);
    done(&dir, &[dead(2)], &policy);
    assert_eq!(rows(&dir, name, 1).len(), 1);
    // The rows of the night before are not lost.
    done(&dir, &[dead(3)], &asked);
    assert_eq!(rows(&dir, name, 1).len(), 3);
    done(&dir, &[dead(4)], &policy);
    assert_eq!(rows(&dir, name, 1).len(), 3);
    assert_eq!(rows(&dir, "suppression.csv", 1).len(), 4);
}

/// Files are merged, or made anew: the same bytes come of both.
#[test]
fn s7_merged_files_are_as_those_that_are_made_at_once() {
    let tmp = tempfile::tempdir().unwrap();
    let people = [
        "b@x1.example",
        "\"a,b\"@x2.example",
        "=1@x3.example",
        "zoë@x4.example",
        "a@x5.example",
        "b@x6.example",
        "A.b@x7.example",
    ];
    let events: Vec<Value> = (0..)
        .zip(people)
        .flat_map(|(n, who)| {
            let at = format!("2026-11-2{}T10:00:00Z", n % 3);
            [
                hard(&format!("a{n}"), &at, &sales(n % 3), who),
                soft(&format!("b{n}"), &at, &sales(n % 3), &format!("soft.{who}")),
            ]
        })
        .collect();
    let (nights, once) = (tmp.path().join("nights"), tmp.path().join("once"));
    done(&once, &events, &["--for", "ses"]);
    for night in events.chunks(3).rev() {
        done(&nights, night, &["--for", "ses"]);
    }
    assert!(lists(&nights) == lists(&once));
    let acts = [
        "remove",
        "b@x6.example",
        "A.B@x7.example",
        "--comment",
        "no",
    ];
    for dir in [&nights, &once] {
        let mut args = acts.to_vec();
        args.extend(["--now", NOW]);
        quiet(act(&args, dir));
    }
    // Made anew, where nobody knows what the files look like.
    for file in ["suppression.csv", "suppression.txt", "contacts.csv"] {
        std::fs::remove_file(once.join(file)).unwrap();
    }
    done(&once, &[], &[]);
    assert!(lists(&nights) == lists(&once));
    assert_eq!(rows(&nights, "suppression.csv", 1).len(), 5);
}
