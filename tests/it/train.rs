//! `bounce train`, the model it writes, and corrections in the policy (C3, C4).

use crate::run::{bounce, parse, pipe, root};
use bounce::classify::model::{Label, Measure, shipped, shipped_labels, train};
use serde_json::Value;
use std::path::Path;
use std::sync::LazyLock;

/// Training takes seconds in a debug build: once for all tests here.
static TRAINED: LazyLock<(Vec<u8>, Measure)> = LazyLock::new(|| {
    let (model, measure) = train(&shipped_labels().labels);
    (model.to_bytes(), measure)
});

fn json(args: &[&str], input: &str) -> (Value, Option<i32>, String) {
    let mut all = vec!["train", "--format", "json"];
    all.extend(args);
    let out = pipe(&all, input.as_bytes());
    let answer = parse(&out.stdout).into_iter().next().unwrap_or_default();
    let said = String::from_utf8(out.stderr).unwrap();
    (answer, out.status.code(), said)
}

/// Labels over two reasons that share their words, in wordings of their own.
fn two_reasons() -> String {
    let mut text = String::new();
    let names = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta"];
    for (n, a) in names.iter().enumerate() {
        for b in &names[n + 1..] {
            text.push_str(&format!("closed\t550 {a}{b} kiosk shut {b}{a}\n"));
            text.push_str(&format!("mailboxfull\t552 {b}{a} attic crammed {a}{b}\n"));
        }
    }
    text
}

/// The verdict of `bounce classify` on one reply under a policy.
fn verdict(policy: &Path, reply: &str) -> Value {
    let event = format!(
        "From: MAILER-DAEMON@mx.example.net\r\nTo: sales@example.com\r\nSubject: Undelivered\r\n\
        Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
        --b\r\n\r\nFailed.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\
        Reporting-MTA: dns; mx.example.net\r\n\r\nFinal-Recipient: rfc822; jane@example.org\r\n\
        Action: failed\r\nStatus: 5.0.0\r\nDiagnostic-Code: smtp; {reply}\r\n\r\n--b--\r\n"
    );
    let policy = policy.to_str().unwrap();
    let args = ["classify", "--format", "ndjson", "--policy", policy];
    let out = pipe(&args, event.as_bytes());
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    parse(&out.stdout).into_iter().next().expect(&said)
}

#[test]
fn c4_the_shipped_model_is_fresh() {
    let path = root().join("src/classify/model/model.bin");
    if std::env::var_os("BOUNCE_BLESS").is_some() {
        std::fs::write(&path, &TRAINED.0).unwrap();
    }
    let there = std::fs::read(&path).unwrap();
    assert!(
        there == TRAINED.0,
        "model.bin is stale: BOUNCE_BLESS=1 cargo test shipped_model"
    );
    // Built in is what the folder holds, unless this run has just written it.
    assert!(std::env::var_os("BOUNCE_BLESS").is_some() || shipped() == there);
}

#[test]
fn c3_the_shipped_model_keeps_its_promises() {
    let m = &TRAINED.1;
    assert!(m.category_accuracy > 0.83, "{}", m.category_accuracy);
    assert!(m.used_accuracy > 0.92, "{}", m.used_accuracy);
    assert!(m.false_hard_rate < 0.006, "{}", m.false_hard_rate);
    assert!(m.ece < 0.05, "{}", m.ece);
    for bin in m.calibration.iter().filter(|b| b.replies >= 100) {
        let off = (bin.confidence - bin.right).abs();
        assert!(off < 0.10, "{bin:?}");
    }
}

#[test]
fn c4_the_order_of_training_is_fixed() {
    let labels = |text: &str| -> Vec<Label> { bounce::classify::model::read(text).labels };
    let text = two_reasons();
    let (a, b) = (train(&labels(&text)), train(&labels(&text)));
    assert_eq!(a.0.to_bytes(), b.0.to_bytes());
    assert_eq!(a.1, b.1);
}

#[test]
fn c4_train_measures_and_writes_a_model() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("bounce.model");
    let args = ["-", "--no-base", "-o", file.to_str().unwrap()];
    let (answer, code, said) = json(&args, &two_reasons());
    assert_eq!((code, said.as_str()), (Some(0), ""));
    assert_eq!(answer["labels"]["own"], 30);
    assert_eq!(answer["labels"]["shipped"], 0);
    assert_eq!(answer["own"]["replies"], 30);
    assert!(
        answer["reason_accuracy"].as_f64().unwrap() > 0.9,
        "{answer}"
    );
    let model = bounce::classify::model::Linear::parse(&std::fs::read(&file).unwrap());
    assert!(!model.unwrap().is_empty());
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn c4_events_with_a_corrected_reason_are_labels() {
    let input = "{\"smtp_code\":550,\"smtp_message\":\"kiosk shut\",\"corrected_reason\":\"closed\"}\n\
        {\"smtp_code\":550,\"smtp_message\":\"no such user\",\"reason\":\"userunknown\"}\n\
        mailboxfull\t552 attic crammed\n";
    let (answer, code, _) = json(&["-", "--no-base"], input);
    assert_eq!(code, Some(0));
    assert_eq!(answer["labels"]["own"], 2);
    assert_eq!(answer["labels"]["uncorrected"], 1);
}

#[test]
fn u4_bad_lines_are_named_and_counted() {
    let input = format!(
        "{}suspended\tno such reason\nvacation\taway\n{{broken\nclosed\t550 5.1.1\n",
        two_reasons()
    );
    let (answer, code, said) = json(&["-", "--no-base"], &input);
    assert_eq!(code, Some(0));
    assert_eq!(answer["labels"]["rejected"], 4);
    for want in [
        "bounce: -:31: no reason is called \"suspended\"",
        "bounce: -:32: vacation is no reason of a failure",
        "bounce: -:33: no JSON",
        "bounce: -:34: the reply has no words",
        "bounce: 4 lines rejected",
    ] {
        assert!(said.contains(want), "{want}\n{said}");
    }
    let (_, code, _) = json(&["-", "--no-base", "--strict"], &input);
    assert_eq!(code, Some(4));
}

#[test]
fn u4_what_cannot_be_read_leaves_the_model_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("bounce.model");
    std::fs::write(&file, "before").unwrap();
    let out = file.to_str().unwrap();
    for (labels, input) in [
        ("no-such-file.tsv", String::new()),
        ("-", "Subject: no labels\n".to_owned()),
    ] {
        let (_, code, said) = json(&[labels, "-", "--no-base", "-o", out], &input);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(&format!("bounce: {labels}: ")), "{said}");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "before");
    }
}

#[test]
fn u1_train_without_any_labels_is_wrong_use() {
    let out = bounce(&["train", "--no-base"]).output().unwrap();
    assert_eq!(out.status.code(), Some(2));
}

#[test]
fn c4_a_correction_always_wins() {
    let dir = tempfile::tempdir().unwrap();
    let policy = dir.path().join("policy.toml");
    let reply = "550 5.1.1 <jane@example.org>: Recipient address rejected: User unknown";
    std::fs::write(&policy, "").unwrap();
    assert_eq!(verdict(&policy, reply)["reason"], "userunknown");
    // Found beside the policy, not where the program runs.
    std::fs::write(&policy, "corrections = \"fixed.tsv\"\n").unwrap();
    std::fs::write(dir.path().join("fixed.tsv"), format!("blocked\t{reply}\n")).unwrap();
    let event = verdict(&policy, reply);
    assert_eq!(event["reason"], "blocked");
    assert_eq!(event["decided_by"], "correction");
}

#[test]
fn c4_the_policy_names_a_model() {
    let dir = tempfile::tempdir().unwrap();
    let policy = dir.path().join("policy.toml");
    let model = dir.path().join("own.model");
    let args = ["-", "--no-base", "-o", model.to_str().unwrap()];
    assert_eq!(json(&args, &two_reasons()).1, Some(0));
    let reply = "552 omega attic crammed omicron";
    std::fs::write(&policy, "").unwrap();
    assert_ne!(verdict(&policy, reply)["decided_by"], "model");
    std::fs::write(&policy, "[model]\npath = \"own.model\"\n").unwrap();
    let event = verdict(&policy, reply);
    assert_eq!(event["reason"], "mailboxfull", "{event}");
    assert_eq!(event["decided_by"], "model");
}

#[test]
fn u2_wrong_files_of_the_policy_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let policy = dir.path().join("policy.toml");
    std::fs::write(dir.path().join("bad.tsv"), "# fine\nsuspended\tx\n").unwrap();
    std::fs::write(dir.path().join("bad.model"), "x").unwrap();
    for (text, want) in [
        (
            "corrections = \"bad.tsv\"",
            "bad.tsv:2: no reason is called \"suspended\"",
        ),
        ("corrections = \"none.tsv\"", "none.tsv: "),
        ("model.path = \"bad.model\"", "bad.model: no model"),
        ("model.path = \"none.model\"", "none.model: "),
    ] {
        std::fs::write(&policy, text).unwrap();
        let out = pipe(&["classify", "--policy", policy.to_str().unwrap()], b"");
        let said = String::from_utf8(out.stderr).unwrap();
        assert_eq!(out.status.code(), Some(2), "{text}: {said}");
        assert!(said.contains(want), "{text}: {said}");
    }
}
