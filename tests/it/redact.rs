//! `--redact` (U5), and what standard error shows of addresses.

use crate::run::{bounce, parse, pipe, text};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const NOW: &str = "2026-11-24T00:00:00Z";
const DEMO: &str = "testdata/demo/bounces.mbox";
const SENT: &str = "testdata/demo/sent.csv";
/// Everything that there is to leak from.
const INPUTS: &[&str] = &[DEMO, "testdata/mail", "testdata/table"];

/// A folder with two keys.
fn keys() -> (tempfile::TempDir, String, String) {
    let dir = tempfile::tempdir().unwrap();
    let key = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        format!("--redact={}", path.display())
    };
    let (one, two) = (key("one.key", b"3f1c9a\n"), key("two.key", b"77ab10"));
    (dir, one, two)
}

/// Standard output of a run that ends well.
fn run(args: &[&str]) -> Vec<u8> {
    let out = bounce(args).output().unwrap();
    let told = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "{args:?}: {told}");
    out.stdout
}

/// What stands before an `@`, and is neither a token nor nothing.
fn bare_addresses(text: &str) -> Vec<String> {
    let token = |word: &str| {
        let hex = word.strip_prefix('r').unwrap_or_default();
        hex.len() == 20 && hex.bytes().all(|b| b.is_ascii_hexdigit())
    };
    let inside = |c: char| c.is_alphanumeric() || "._+-=".contains(c);
    let mut found = Vec::new();
    for (at, _) in text.match_indices('@') {
        let before = &text[..at];
        let word = &before[before.trim_end_matches(inside).len()..];
        let last = word.rsplit('=').next().unwrap_or(word);
        if !word.is_empty() && !token(last) {
            found.push(format!(
                "{word}{}",
                &text[at..].chars().take(30).collect::<String>()
            ));
        }
    }
    found
}

/// What people wrote, in the keys of events.
fn secrets(events: &[serde_json::Value]) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for event in events {
        for key in [
            "mailbox",
            "recipient",
            "final_recipient",
            "subject",
            "message_id",
        ] {
            let value = text(event, key).to_lowercase();
            if value.chars().count() > 8 {
                all.insert(value);
            }
        }
    }
    all
}

#[test]
fn u5_nothing_of_an_address_is_in_any_output() {
    let (_dir, key, _) = keys();
    let raw = run(&[&["classify", "--format", "ndjson", "--now", NOW], INPUTS].concat());
    let secrets = secrets(&parse(&raw));
    assert!(secrets.len() > 200, "{}", secrets.len());
    for (command, format, inputs) in [
        ("classify", "ndjson", INPUTS),
        ("classify", "csv", &[DEMO]),
        ("classify", "table", &[DEMO]),
        ("report", "json", &[DEMO]),
        ("report", "csv", &[DEMO]),
        ("report", "table", &[DEMO]),
        ("report", "html", INPUTS),
    ] {
        let args = [
            command,
            "--format",
            format,
            "--now",
            NOW,
            key.as_str(),
            "--sent",
            SENT,
        ];
        let out = run(&[&args[..], inputs].concat());
        let text = String::from_utf8(out).unwrap().to_lowercase();
        assert!(text.len() > 1000);
        if (command, format) != ("classify", "table") {
            // A table cuts what is long, tokens too.
            assert_eq!(
                bare_addresses(&text),
                Vec::<String>::new(),
                "{command} {format}"
            );
        }
        let leaks: Vec<&String> = secrets
            .iter()
            .filter(|s| text.contains(s.as_str()))
            .collect();
        assert!(leaks.is_empty(), "{command} {format}: {leaks:?}");
    }
}

#[test]
fn u5_redacted_events_are_joined_by_their_tokens() {
    let (_dir, key, other) = keys();
    let classify = |more: &[&str]| parse(&run(&[&["classify", "--now", NOW, DEMO], more].concat()));
    let (raw, one, again) = (classify(&[]), classify(&[&key]), classify(&[&key]));
    assert_eq!(one, again);
    for name in ["event_id", "recipient", "mailbox", "subject", "message_id"] {
        let pairs = |events: &[serde_json::Value]| -> BTreeSet<(String, String)> {
            let pair = |(r, e)| (text(r, name).to_lowercase(), text(e, name).to_owned());
            raw.iter().zip(events).map(pair).collect()
        };
        let values = |n: usize, pairs: &BTreeSet<(String, String)>| -> usize {
            let pick = |p: &(String, String)| if n == 0 { p.0.clone() } else { p.1.clone() };
            pairs.iter().map(pick).collect::<BTreeSet<_>>().len()
        };
        let pairs_one = pairs(&one);
        // One token for one value, and none for two.
        assert_eq!(pairs_one.len(), values(0, &pairs_one), "{name}");
        assert_eq!(pairs_one.len(), values(1, &pairs_one), "{name}");
        for (more, same) in [(vec![other.as_str()], false), (vec!["--redact"], false)] {
            let two = pairs(&classify(&more));
            let shared = two.intersection(&pairs_one).filter(|p| !p.0.is_empty());
            assert_eq!(shared.count() > 0, same, "{name} {more:?}");
        }
    }
    for (r, e) in raw.iter().zip(&one) {
        for name in [
            "kind",
            "category",
            "reason",
            "confidence",
            "held",
            "occurred_at",
            "flags",
        ] {
            assert_eq!(r[name], e[name], "{name}");
        }
    }
}

#[test]
fn u5_a_report_has_the_same_figures() {
    let (_dir, key, _) = keys();
    for more in [
        &[][..],
        &["--mailbox", "sales2@acme.example"],
        &["--campaign", "autumn-2026"],
    ] {
        let by = "mailbox,domain,campaign,provider";
        let args = [
            "report", "--now", NOW, DEMO, "--sent", SENT, "--by", by, "--format", "json",
        ];
        let raw = &parse(&run(&[&args[..], more].concat()))[0];
        let hidden = &parse(&run(&[&args[..], more, &[&key]].concat()))[0];
        for name in ["totals", "books", "period"] {
            assert_eq!(raw[name], hidden[name], "{name} {more:?}");
        }
        assert_eq!(raw["by"]["domain"], hidden["by"]["domain"]);
        assert_eq!(raw["by"]["provider"], hidden["by"]["provider"]);
        let figures = |report: &serde_json::Value| -> BTreeSet<String> {
            let groups = report["by"]["mailbox"].as_array().unwrap().clone();
            let group = |mut g: serde_json::Value| {
                g["key"] = serde_json::Value::Null;
                g.to_string()
            };
            groups.into_iter().map(group).collect()
        };
        assert_eq!(figures(raw), figures(hidden), "{more:?}");
        let count = |report: &serde_json::Value, name: &str| report[name].as_array().unwrap().len();
        assert_eq!(count(raw, "pauses"), count(hidden, "pauses"));
        assert_eq!(count(raw, "alerts"), count(hidden, "alerts"));
    }
}

/// All files below a folder.
fn files(dir: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            out.extend(files(&path));
        } else {
            out.push(path);
        }
    }
    out.sort();
    out
}

fn suppress(out: &Path, more: &[&str]) -> std::process::Output {
    let out = out.to_str().unwrap();
    let args = ["suppress", "--now", NOW, "--sent", SENT, DEMO, "--out", out];
    bounce(&[&args[..], more].concat()).output().unwrap()
}

#[test]
fn u5_a_folder_of_redacted_lists_holds_no_address() {
    let (dir, key, other) = keys();
    let policy = dir.path().join("bounce.toml");
    let mailboxes = r#"["sales1@acme.example", "sales2@acme.example", "sales9@acme.example"]"#;
    std::fs::write(
        &policy,
        format!("[workspaces.team]\nmailboxes = {mailboxes}\n"),
    )
    .unwrap();
    let policy = ["--policy", policy.to_str().unwrap()];
    let (raw, hidden) = (dir.path().join("raw"), dir.path().join("hidden"));
    for (folder, more) in [(&raw, ""), (&hidden, key.as_str())] {
        let more: Vec<&str> = policy
            .into_iter()
            .chain((!more.is_empty()).then_some(more))
            .collect();
        assert_eq!(suppress(folder, &more).status.code(), Some(0));
    }
    let rows = |folder: &Path, list: &str| {
        let text = std::fs::read_to_string(folder.join(list)).unwrap();
        text.lines().count()
    };
    for list in [
        "suppression",
        "global-suppression",
        "retry",
        "review",
        "templates",
        "contacts",
    ] {
        let list = format!("{list}.csv");
        assert_eq!(rows(&raw, &list), rows(&hidden, &list), "{list}");
    }
    assert_eq!(files(&raw).len(), files(&hidden).len());
    let secrets = secrets(&parse(&run(&["classify", "--now", NOW, DEMO])));
    for file in files(&hidden) {
        let bytes = std::fs::read(&file).unwrap();
        let text =
            format!("{}\n{}", file.display(), String::from_utf8_lossy(&bytes)).to_lowercase();
        let leaks: Vec<&String> = secrets
            .iter()
            .filter(|s| text.contains(s.as_str()))
            .collect();
        assert!(leaks.is_empty(), "{}: {leaks:?}", file.display());
        if file.extension().is_none_or(|e| e != "db") {
            assert_eq!(
                bare_addresses(&text),
                Vec::<String>::new(),
                "{}",
                file.display()
            );
        }
    }
    // A run that knows the key changes nothing, one that does not is refused.
    let audit = std::fs::read(hidden.join("audit.ndjson")).unwrap();
    let again: Vec<&str> = policy.into_iter().chain([key.as_str()]).collect();
    assert_eq!(suppress(&hidden, &again).status.code(), Some(0));
    for (folder, more) in [
        (&hidden, vec![]),
        (&hidden, vec![other.as_str()]),
        (&raw, vec![key.as_str()]),
    ] {
        let out = suppress(folder, &more);
        assert_eq!(
            out.status.code(),
            Some(2),
            "{}",
            String::from_utf8_lossy(&out.stderr)
        );
    }
    assert_eq!(std::fs::read(hidden.join("audit.ndjson")).unwrap(), audit);
    // What would change can be shown of any folder.
    let out = suppress(
        &raw,
        &[&key, "--dry-run", "--as-workspace", "x", "testdata/mail"],
    );
    let shown = String::from_utf8(out.stdout).unwrap();
    assert!(shown.lines().count() > 20);
    assert_eq!(bare_addresses(&shown), Vec::<String>::new());
}

#[test]
fn u5_acts_on_redacted_lists_name_the_address_and_write_the_token() {
    let (dir, key, _) = keys();
    let folder = dir.path().join("lists");
    let out = folder.to_str().unwrap();
    assert_eq!(suppress(&folder, &[&key]).status.code(), Some(0));
    let address = "head.of.purchasing@goldkunde.example";
    let events = parse(&run(&[
        "classify",
        "--now",
        NOW,
        "--domain",
        "goldkunde.example",
        DEMO,
        &key,
    ]));
    let token = text(&events[0], "recipient").to_owned();
    let why =
        |who: &str| String::from_utf8(run(&["suppress", "why", who, "--out", out, &key])).unwrap();
    assert!(why(address).contains(&token));
    assert!(!why(address).contains("purchasing"));
    let comment = "told head.of.purchasing@goldkunde.example";
    run(&[
        "suppress",
        "remove",
        address,
        "--comment",
        comment,
        "--out",
        out,
        "--now",
        NOW,
        &key,
    ]);
    let list = dir.path().join("old.csv");
    std::fs::write(&list, "email\nold.friend@example.org\n").unwrap();
    run(&[
        "suppress",
        "import",
        list.to_str().unwrap(),
        "--out",
        out,
        "--now",
        NOW,
        &key,
    ]);
    let all: String = files(&folder)
        .iter()
        .map(|f| String::from_utf8_lossy(&std::fs::read(f).unwrap()).into_owned())
        .collect();
    assert!(all.contains(&token) && !all.contains("purchasing") && !all.contains("old.friend"));
}

#[test]
fn u5_why_of_a_folder_with_addresses_shows_tokens() {
    let (dir, key, _) = keys();
    let folder = dir.path().join("lists");
    assert_eq!(suppress(&folder, &[]).status.code(), Some(0));
    let out = folder.to_str().unwrap();
    for format in ["table", "ndjson"] {
        let who = "david.osei@harbourline.example";
        let told = run(&[
            "suppress", "why", who, "--out", out, "--format", format, &key,
        ]);
        let told = String::from_utf8(told).unwrap().to_lowercase();
        assert!(told.contains("@harbourline.example"), "{told}");
        assert_eq!(bare_addresses(&told), Vec::<String>::new());
        assert!(!told.contains("david") && !told.contains("osei"), "{told}");
    }
}

#[test]
fn u5_explain_hides_whom_it_is_about() {
    let reply = "550 5.1.1 <jane.doe@example.com>: Recipient jane.doe unknown";
    for format in ["json", "table"] {
        let told = run(&["explain", "--redact", "--format", format, reply]);
        let told = String::from_utf8(told).unwrap();
        assert!(
            told.contains("@example.com>: Recipient") && !told.contains("jane"),
            "{told}"
        );
    }
}

#[test]
fn u5_standard_error_shows_no_full_address() {
    let dir = tempfile::tempdir().unwrap();
    let missing = dir.path().join("jane.doe@example.com.mbox");
    let missing = missing.to_str().unwrap();
    let rows = "email,sent\njane doe,1\n";
    for (args, input, code) in [
        (vec!["classify", missing], "", 1),
        (vec!["explain", "--policy", missing, "550"], "", 2),
        (vec!["classify", "--no-such=jane.doe@example.com"], "", 2),
        (
            vec!["suppress", "why", "jane.doe@", "--out", "nowhere"],
            "",
            2,
        ),
        (
            vec![
                "suppress",
                "remove",
                "jane.doe@example.com",
                "--comment",
                "x",
                "--out",
                missing,
            ],
            "",
            1,
        ),
        (vec!["classify", "-v", "--strict"], rows, 4),
    ] {
        for hidden in [false, true] {
            let more = if hidden { &["--redact"][..] } else { &[] };
            let out = pipe(&[&args[..], more].concat(), input.as_bytes());
            let told = String::from_utf8(out.stderr).unwrap();
            assert_eq!(out.status.code(), Some(code), "{args:?}: {told}");
            assert!(!told.is_empty() && !told.contains("jane.doe@"), "{told}");
            let wrong_use = told.contains("--no-such");
            assert!(!hidden || wrong_use || !told.contains("j***"), "{told}");
        }
    }
}

#[test]
fn u5_rejects_are_redacted_too() {
    let dir = tempfile::tempdir().unwrap();
    let bad = dir.path().join("bad.ndjson");
    let line = r#"{"schema":1,"event_id":"jane.doe@example.com","kind":"jane.doe@example.com"}"#;
    let out = pipe(
        &["classify", "--rejects", bad.to_str().unwrap(), "--redact"],
        line.as_bytes(),
    );
    assert_eq!(out.status.code(), Some(0));
    let rejects = std::fs::read_to_string(&bad).unwrap();
    assert!(
        rejects.contains("not an event") && !rejects.contains("jane"),
        "{rejects}"
    );
}

#[test]
fn u5_a_key_that_is_none_is_wrong_use() {
    let dir = tempfile::tempdir().unwrap();
    let empty = dir.path().join("empty");
    std::fs::write(&empty, "\n").unwrap();
    for file in [empty.to_str().unwrap(), "/nowhere/key"] {
        for command in ["classify", "report"] {
            let out = bounce(&[command, DEMO, &format!("--redact={file}")])
                .output()
                .unwrap();
            assert_eq!((out.status.code(), out.stdout.len()), (Some(2), 0));
        }
    }
}
