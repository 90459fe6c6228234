//! `bounce report` as a whole: what it reads, what it writes, how it ends.

use crate::run::{bounce, events, pipe, root};
use bounce::report::summary::{Band, Pattern, Trigger};
use serde_json::{Value, json};
use std::process::Output;

const DEMO: &str = "testdata/demo/bounces.mbox";
const SENT: &str = "testdata/demo/sent.csv";
const NOW: &str = "2026-11-24T00:00:00Z";

fn run(args: &[&str], input: &[u8]) -> Output {
    let mut all = vec!["report", "--format", "json", "--now", NOW];
    all.extend(args);
    pipe(&all, input)
}

fn report(args: &[&str]) -> Value {
    read(&run(args, b""))
}

fn read(output: &Output) -> Value {
    let err = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {err}"))
}

/// A report without its books.
fn told(mut report: Value) -> Value {
    report.as_object_mut().unwrap().remove("books");
    report
}

fn group<'v>(report: &'v Value, by: &str, key: &str) -> &'v Value {
    let groups = report["by"][by].as_array().unwrap();
    groups.iter().find(|g| g["key"] == key).unwrap()
}

/// The events of the demo, as `classify` writes them.
fn demo_events() -> Vec<u8> {
    let out = pipe(&["classify", "--now", NOW, DEMO], b"");
    out.stdout
}

#[test]
fn p1_the_demo_has_the_books_and_figures_of_its_readme() {
    let readme = std::fs::read_to_string(root().join("testdata/demo/README.md")).unwrap();
    let said = "46 messages = 42 with events + 3 not a report + 1 duplicate. 36 recipients \
                failed; one of them is `unmatched`, two are the sender's own fault, so 33 count";
    assert!(readme.contains(said));
    let report = report(&[DEMO, "--sent", SENT]);
    let books = json!({
        "messages": 46, "with_events": 42, "not_a_report": 3, "duplicates": 1,
        "rejected": 0, "sent_rows": 629, "filtered": 0, "undated": 0
    });
    assert_eq!(report["books"], books);
    let t = &report["totals"];
    assert_eq!((&t["sent"], &t["bounced"]), (&json!(629), &json!(33)));
    assert_eq!(
        (&t["unmatched"], &t["sender_fault"]),
        (&json!(1), &json!(2))
    );
    // 33 / 629 = 0.0524642…
    assert_eq!(
        (&t["rate"], &t["band"]),
        (&json!(0.052464), &json!("critical"))
    );
    // Of sales3's 64 mails on the 17th 5 recipients bounced: 5 / 64.
    let pause = report["pauses"]
        .as_array()
        .unwrap()
        .iter()
        .find(|p| p["key"] == "sales3@acme.example" && p["trigger"] == "bounce_rate_24h");
    assert_eq!(pause.unwrap()["value"], json!(0.078125));
    let sums = |key: &str| -> u64 {
        let groups = report["by"][key].as_array().unwrap();
        groups.iter().map(|g| g["sent"].as_u64().unwrap()).sum()
    };
    for by in ["mailbox", "domain", "campaign", "day"] {
        assert_eq!(sums(by), 629, "{by}");
    }
}

#[test]
fn i7_mails_and_their_events_give_the_same_report() {
    let from_mails = told(report(&[DEMO, "--sent", SENT]));
    let lines = demo_events();
    assert_eq!(told(read(&run(&["--sent", SENT], &lines))), from_mails);
    // Already joined, backwards, and both at once.
    let joined = pipe(&["classify", "--now", NOW, DEMO, "--sent", SENT], b"").stdout;
    assert_eq!(
        told(read(&run(&["-", "--sent", SENT], &joined))),
        from_mails
    );
    let text = String::from_utf8(lines.clone()).unwrap();
    let backwards: Vec<&str> = text.lines().rev().collect();
    let backwards = run(&["--sent", SENT], backwards.join("\n").as_bytes());
    assert_eq!(told(read(&backwards)), from_mails);
    assert_eq!(
        told(read(&run(&[DEMO, "-", "--sent", SENT], &lines))),
        from_mails
    );
}

#[test]
fn u1_the_report_is_the_same_whatever_the_number_of_threads() {
    let of = |n: &str| run(&[DEMO, "--sent", SENT, "--threads", n], b"").stdout;
    assert_eq!(of("1"), of("5"));
    let of = |n: &str| run(&[DEMO, "--threads", n], b"").stdout;
    assert_eq!(of("1"), of("5"));
}

#[test]
fn p1_one_failure_told_by_a_dsn_and_by_an_export_is_one() {
    let (all, _) = events(&[DEMO], b"");
    let dsn = all.iter().find(|e| e["reason"] == "mailboxfull").unwrap();
    let text = |key: &str| dsn[key].as_str().unwrap();
    let export = format!(
        "email,reason,date,message id\n{},552 5.2.2 mailbox full,{},{}\n",
        text("recipient"),
        text("occurred_at"),
        text("message_id")
    );
    let alone = report(&[DEMO, "--sent", SENT]);
    let both = read(&run(&[DEMO, "-", "--sent", SENT], export.as_bytes()));
    assert_eq!(both["books"]["with_events"], json!(43));
    assert_eq!(told(both), told(alone));
}

#[test]
fn p1_without_a_sent_log_there_are_no_rates() {
    let report = report(&[DEMO]);
    let totals = report["totals"].as_object().unwrap();
    for key in [
        "sent",
        "rate",
        "rate_low",
        "rate_high",
        "band",
        "band_certain",
        "hard_rate",
    ] {
        assert!(!totals.contains_key(key), "{key}");
    }
    // Without a sent log nothing is unmatched: the forged one counts, too.
    assert_eq!(totals["bounced"], json!(34));
    assert!(report["notes"][0].as_str().unwrap().contains("--sent"));
}

#[test]
fn i8_an_aggregated_sent_log_has_days() {
    let mut log = "date,mailbox,campaign_id,sent\n".to_owned();
    for day in ["2026-11-02", "2026-11-17"] {
        log.push_str(&format!("{day},sales3@acme.example,autumn-2026,100\n"));
    }
    let report = read(&run(&[DEMO, "--sent", "-"], log.as_bytes()));
    assert_eq!(report["resolution"], "day");
    assert_eq!(report["totals"]["sent"], json!(200));
    // Nobody is named, so nothing is unmatched, and domains have no rate.
    assert_eq!(report["totals"]["unmatched"], json!(0));
    assert!(group(&report, "domain", "gmail.com").get("rate").is_none());
    assert_eq!(group(&report, "day", "2026-11-17")["sent"], json!(100));
}

#[test]
fn p7_a_window_and_filters() {
    let day = report(&[
        DEMO,
        "--sent",
        SENT,
        "--since",
        "2026-11-17",
        "--until",
        "2026-11-18",
    ]);
    let period = json!({"since": "2026-11-17T00:00:00Z", "until": "2026-11-18T00:00:00Z"});
    assert_eq!(day["period"], period);
    assert_eq!(
        (&day["totals"]["bounced"], &day["totals"]["sent"]),
        (&json!(5), &json!(109))
    );
    let all = report(&[DEMO, "--sent", SENT]);
    let of = |by, key| group(&all, by, key).clone();
    let cases = [
        (
            ["--mailbox", "Sales3@acme.example"],
            of("mailbox", "sales3@acme.example"),
        ),
        (["--domain", "gmail.com"], of("domain", "gmail.com")),
        (["--campaign", "autumn-2026"], of("campaign", "autumn-2026")),
        (["--category", "hard_bounce"], of("category", "hard_bounce")),
    ];
    for (filter, mut expected) in cases {
        let got = report(&[&[DEMO, "--sent", SENT], &filter[..]].concat());
        expected.as_object_mut().unwrap().remove("key");
        assert_eq!(got["totals"], expected, "{filter:?}");
        assert!(got["books"]["filtered"].as_u64().unwrap() > 0, "{filter:?}");
    }
    let last = report(&[DEMO, "--last", "7d"]);
    assert_eq!(last["period"]["since"], "2026-11-17T00:00:00Z");
}

#[test]
fn p7_workspaces_and_what_fills_in() {
    let dir = tempfile::tempdir().unwrap();
    let policy = dir.path().join("bounce.toml");
    std::fs::write(
        &policy,
        "[workspaces.south]\nmailboxes = [\"sales3@acme.example\"]\n",
    )
    .unwrap();
    let policy = policy.to_str().unwrap();
    let south = report(&[
        DEMO,
        "--sent",
        SENT,
        "--policy",
        policy,
        "--workspace",
        "south",
    ]);
    let three = report(&[DEMO, "--sent", SENT, "--mailbox", "sales3@acme.example"]);
    assert_eq!(south["totals"], three["totals"]);
    let rows = b"email,reason\nu@b.example,550 5.1.1 user unknown\n";
    let args = [
        "--as-mailbox",
        "sales3@acme.example",
        "--policy",
        policy,
        "--workspace",
        "south",
    ];
    let filled = read(&run(&args, rows));
    assert_eq!(
        group(&filled, "mailbox", "sales3@acme.example")["bounced"],
        json!(1)
    );
    assert_eq!(filled["books"]["undated"], json!(1));
    let args = ["--as-workspace", "north", "--workspace", "north"];
    assert_eq!(read(&run(&args, rows))["totals"]["bounced"], json!(1));
}

#[test]
fn p6_providers_are_there_on_demand() {
    let with = report(&[DEMO, "--sent", SENT, "--by", "mailbox,provider"]);
    assert_eq!(group(&with, "provider", "gmail")["bounced"], json!(1));
    assert!(report(&[DEMO])["by"].get("provider").is_none());
}

#[test]
fn p7_fail_on_ends_with_3() {
    let cases: [(&[&str], i32); 9] = [
        // Critical by its rate; the lower end of its interval is in danger.
        (&["--fail-on", "critical"], 0),
        (&["--fail-on", "critical", "--fail-on-uncertain"], 3),
        (&["--fail-on", "danger"], 3),
        (&["--fail-on", "caution"], 3),
        (&["--fail-on", "pause"], 0),
        (&["--fail-on", "pause", "--now", "2026-11-18T08:00:00Z"], 3),
        (
            &["--fail-on", "danger", "--mailbox", "sales5@acme.example"],
            0,
        ),
        (&["--fail-on-uncertain"], 2),
        (&["--fail-on", "healthy"], 2),
    ];
    for (args, code) in cases {
        let mut all = vec!["report"];
        if !args.contains(&"--now") {
            all.extend(["--now", NOW]);
        }
        all.extend([DEMO, "--sent", SENT, "--format", "json"]);
        all.extend(args);
        assert_eq!(pipe(&all, b"").status.code(), Some(code), "{args:?}");
    }
}

#[test]
fn u1_how_it_ends_where_something_is_missing() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("report.json");
    std::fs::write(&file, "before").unwrap();
    let name = file.to_str().unwrap();
    for args in [
        &[DEMO, "missing.mbox", "-o", name][..],
        &[DEMO, "--sent", "missing.csv", "-o", name],
    ] {
        let out = run(args, b"");
        assert_eq!(out.status.code(), Some(1), "{args:?}");
        assert!(String::from_utf8_lossy(&out.stderr).contains("missing."));
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "before");
    }
    // What could be read is reported; without any sent log there are no rates.
    let out = run(&[DEMO, "--sent", "missing.csv"], b"");
    let report = read(&out);
    assert_eq!(report["totals"]["bounced"], json!(34));
    assert!(report["totals"].get("rate").is_none());
    assert_eq!(run(&[DEMO, "-o", name], b"").status.code(), Some(0));
    assert!(
        std::fs::read_to_string(&file)
            .unwrap()
            .starts_with("{\"schema\":1")
    );
    let backwards = ["--since", "2026-11-03", "--until", "2026-11-03"];
    assert_eq!(
        run(&[&[DEMO], &backwards[..]].concat(), b"").status.code(),
        Some(2)
    );
}

#[test]
fn u4_what_cannot_be_read_is_counted_named_and_ends_with_4_under_strict() {
    let dir = tempfile::tempdir().unwrap();
    let rejects = dir.path().join("rejects.ndjson");
    let name = rejects.to_str().unwrap();
    let mut lines = demo_events();
    lines.extend(b"{\"schema\":1,\"event_id\":12}\n");
    let out = run(&["--strict", "--rejects", name], &lines);
    assert_eq!(out.status.code(), Some(4));
    let books = &read(&out)["books"];
    let n = |key: &str| books[key].as_u64().unwrap();
    assert_eq!(n("rejected"), 1);
    let sum = n("with_events") + n("not_a_report") + n("duplicates") + n("rejected");
    assert_eq!(n("messages"), sum);
    assert!(
        std::fs::read_to_string(&rejects)
            .unwrap()
            .contains("not an event")
    );
    assert!(String::from_utf8_lossy(&out.stderr).contains("1 rejected"));
}

#[test]
fn u1_in_a_pipe_it_is_silent_and_writes_one_line() {
    let out = bounce(&["report", "--now", NOW, DEMO]).output().unwrap();
    assert!(out.stderr.is_empty());
    assert_eq!(out.stdout.iter().filter(|b| **b == b'\n').count(), 1);
}

/// Demo and hostile inputs, and what shows every part of a report.
#[test]
fn p1_reports_fit_the_schema() {
    let schema = std::fs::read_to_string(root().join("schema/report.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let counts = file(
        "counts.csv",
        "date,mailbox,sent\n2026-11-03,sales1@acme.example,1\n",
    );
    let odd = file(
        "odd.csv",
        "email,event,reason,campaign_id,subject\n\
         \"=cmd|' /C calc'!A0@example.com\",bounce,\"550 5.1.1 \u{1b}[31m\u{202e}unknown\",\"\u{0}\u{feff}\",x\n\
         u@xn--a.example,spamreport,,,\nnobody,bounce,,,\n",
    );
    for args in [
        &[DEMO, "--sent", SENT][..],
        &[DEMO, "--sent", SENT, "--by", "provider"],
        &[DEMO, "--sent", &counts],
        &[DEMO, "--since", "2027-01-01"],
        &["testdata/mail", "testdata/table", "testdata/demo"],
        &[&odd, "--sent", &counts],
        &[&odd],
    ] {
        let report = report(args);
        let errors: Vec<String> = validator
            .iter_errors(&report)
            .map(|e| e.to_string())
            .collect();
        assert!(errors.is_empty(), "{args:?}: {errors:?}");
    }
    // The schema knows all the words, and nothing but them.
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let words = |all: &[&str]| json!(all);
    let patterns: Vec<&str> = Pattern::ALL.iter().map(|p| p.as_str()).collect();
    let alert = &schema["properties"]["alerts"]["items"]["properties"]["pattern"]["enum"];
    assert_eq!(*alert, words(&patterns));
    let bands: Vec<&str> = Band::ALL.iter().map(|b| b.as_str()).collect();
    assert_eq!(
        schema["$defs"]["figures"]["properties"]["band"]["enum"],
        words(&bands)
    );
    let triggers: Vec<&str> = Trigger::ALL.iter().map(|t| t.as_str()).collect();
    let pause = &schema["properties"]["pauses"]["items"]["properties"]["trigger"]["enum"];
    assert_eq!(*pause, words(&triggers));
}
