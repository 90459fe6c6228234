//! `bounce suppress --for`: the lists as platforms import them (S6).

use crate::run::bounce;
use crate::suppress::{NOW, done, file, hard, quiet, suppress, with};
use serde_json::{Value, json};
use std::path::Path;

const AT: &str = "2026-11-20T10:00:00Z";

fn dead(count: u32) -> Vec<Value> {
    let one = |n: u32| {
        // Apart in time and domain: no burst.
        let who = format!("u{n:04}@x{n}.example");
        hard(&format!("{n:x}"), AT, "sales1@acme.example", &who)
    };
    (1..=count).map(one).collect()
}

fn names(dir: &Path, below: &str) -> Vec<String> {
    let entries = std::fs::read_dir(dir.join(below)).into_iter().flatten();
    let name = |e: std::io::Result<std::fs::DirEntry>| e.unwrap().file_name();
    let mut names: Vec<String> = entries.map(|e| name(e).into_string().unwrap()).collect();
    names.sort();
    names
}

fn act(args: &[&str], dir: &Path) {
    let mut all = vec!["suppress"];
    all.extend(args);
    all.extend(["--now", NOW, "--out", dir.to_str().unwrap()]);
    quiet(bounce(&all).output().unwrap());
}

#[test]
fn s6_a_platform_gets_its_files_beside_the_plain_ones() {
    let tmp = tempfile::tempdir().unwrap();
    let complaint = with(
        hard("c", AT, "sales1@acme.example", "joe@y.example"),
        json!({"kind": "complaint", "event_type": "complaint.spam", "category": "complaint",
            "reason": "feedback", "confirmed": false, "smtp_code": null, "smtp_message": null}),
    );
    let mut events = dead(1);
    events.push(complaint);
    let platforms = ["--for", "ses", "--for", "mailgun"];
    done(tmp.path(), &events, &platforms);
    let told = "The email account that you tried to reach does not exist";
    let date = "\"Fri, 20 Nov 2026 10:00:00 UTC\"";
    let head = "address,code,error,created_at\n";
    for (name, expected) in [
        (
            "for/ses/suppression.csv",
            "joe@y.example,COMPLAINT\nu0001@x1.example,BOUNCE\n".to_owned(),
        ),
        (
            "for/ses/global-suppression.csv",
            "joe@y.example,COMPLAINT\n".to_owned(),
        ),
        (
            "for/mailgun/suppression.csv",
            format!(
                "{head}joe@y.example,,spam_complaint,{date}\nu0001@x1.example,550,{told},{date}\n"
            ),
        ),
        (
            "for/mailgun/global-suppression.csv",
            format!("{head}joe@y.example,,spam_complaint,{date}\n"),
        ),
        (
            "suppression.txt",
            "joe@y.example\nu0001@x1.example\n".to_owned(),
        ),
    ] {
        assert_eq!(file(tmp.path(), name), expected, "{name}");
    }
}

#[test]
fn s6_a_long_list_is_split_and_what_is_too_much_goes() {
    let tmp = tempfile::tempdir().unwrap();
    done(tmp.path(), &dead(120), &["--for", "postmark"]);
    let three = [
        "suppression-001.csv",
        "suppression-002.csv",
        "suppression-003.csv",
    ];
    let uploads = || {
        let mut all = names(tmp.path(), "for/postmark");
        all.retain(|n| n != "global-suppression.csv");
        all
    };
    assert_eq!(uploads(), three);
    for (name, first, rows) in [
        (three[0], "u0001@x1.example", 50),
        (three[1], "u0051@x51.example", 50),
        (three[2], "u0101@x101.example", 20),
    ] {
        let text = file(tmp.path(), &format!("for/postmark/{name}"));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[..2], ["email", first]);
        assert_eq!(lines.len(), 1 + rows, "{name}");
    }
    let gone: Vec<String> = (45..=120)
        .map(|n| format!("u{n:04}@x{n}.example"))
        .collect();
    let mut args = vec!["remove", "--comment", "a test"];
    args.extend(gone.iter().map(String::as_str));
    act(&args, tmp.path());
    assert_eq!(uploads(), ["suppression.csv"]);
    let text = file(tmp.path(), "for/postmark/suppression.csv");
    assert_eq!(text.lines().count(), 1 + 44);
}

#[test]
fn s6_the_folder_remembers_the_platforms() {
    let tmp = tempfile::tempdir().unwrap();
    done(tmp.path(), &dead(1), &["--for", "smartlead"]);
    // Another night, without the option.
    done(tmp.path(), &dead(2), &[]);
    let text = file(tmp.path(), "for/smartlead/suppression.csv");
    assert_eq!(text, "email\nu0001@x1.example\nu0002@x2.example\n");
    done(tmp.path(), &[], &["--for", "lemlist"]);
    assert!(names(tmp.path(), "for/smartlead").is_empty());
    assert_eq!(names(tmp.path(), "for/lemlist").len(), 2);
    done(tmp.path(), &[], &["--for", "none"]);
    assert!(names(tmp.path(), "for/lemlist").is_empty());
    let out = suppress(tmp.path(), &[], &["--for", "none", "--for", "ses"]);
    assert_eq!(out.status.code(), Some(2));
}

#[test]
fn s6_several_workspaces_have_files_of_their_own_for_a_platform() {
    let tmp = tempfile::tempdir().unwrap();
    let mut events = dead(2);
    for (event, workspace) in events.iter_mut().zip(["one", "two"]) {
        event["workspace"] = workspace.into();
        event["mailbox"] = format!("s@{workspace}.example").into();
    }
    done(tmp.path(), &events, &["--for", "instantly"]);
    let place = "for/instantly/suppression";
    assert_eq!(names(tmp.path(), place), ["one.csv", "two.csv"]);
    let text = file(tmp.path(), &format!("{place}/two.csv"));
    assert_eq!(text, "email\nu0002@x2.example\n");
    assert!(!tmp.path().join("for/instantly/suppression.csv").exists());
}

#[test]
fn s7_files_for_platforms_are_put_right_and_not_touched_without_need() {
    let tmp = tempfile::tempdir().unwrap();
    done(tmp.path(), &dead(3), &["--for", "ses"]);
    let path = tmp.path().join("for/ses/suppression.csv");
    let (text, changed) = (
        file(tmp.path(), "for/ses/suppression.csv"),
        path.metadata().unwrap().modified().unwrap(),
    );
    done(tmp.path(), &dead(3), &["--for", "ses"]);
    assert_eq!(path.metadata().unwrap().modified().unwrap(), changed);
    std::fs::write(&path, "half a li").unwrap();
    std::fs::write(tmp.path().join("for/ses/.bounce-1-0.tmp"), "left").unwrap();
    done(tmp.path(), &[], &[]);
    assert_eq!(file(tmp.path(), "for/ses/suppression.csv"), text);
    assert_eq!(names(tmp.path(), "for/ses").len(), 2);
}

#[test]
fn s6_an_unknown_platform_is_wrong_use_and_the_known_ones_are_named() {
    let tmp = tempfile::tempdir().unwrap();
    let out = suppress(tmp.path(), &[], &["--for", "no-such-platform"]);
    assert_eq!(out.status.code(), Some(2));
    let told = String::from_utf8_lossy(&out.stderr);
    for name in [
        "smartlead",
        "instantly",
        "ses",
        "sendgrid",
        "mailgun",
        "woodpecker",
    ] {
        assert!(told.contains(name), "{name}");
    }
    assert!(!tmp.path().join("ledger.db").exists());
}
