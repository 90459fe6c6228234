//! What each room of the design may not know.

use crate::run::root;
use std::path::Path;

/// The rooms and what they may use of the crate besides themselves.
const ROOMS: &[(&str, &[&str])] = &[
    ("vocab", &[]),
    ("code", &[]),
    ("address", &[]),
    ("time", &[]),
    ("message", &[]),
    ("phrases", &[]),
    ("row", &["vocab"]),
    ("input", &["address", "code", "row", "time", "vocab"]),
    ("normalise", &["code"]),
    (
        "notice",
        &["address", "code", "message", "phrases", "row", "vocab"],
    ),
    (
        "classify",
        &["address", "code", "normalise", "phrases", "vocab"],
    ),
    ("policy", &["address", "time", "vocab"]),
    (
        "event",
        &[
            "address",
            "classify",
            "code",
            "message",
            "normalise",
            "notice",
            "phrases",
            "policy",
            "row",
            "time",
            "vocab",
        ],
    ),
    (
        "explain",
        &[
            "address", "code", "classify", "event", "input", "message", "phrases", "vocab",
        ],
    ),
    ("history", &["address", "event", "policy", "time", "vocab"]),
    (
        "report",
        &[
            "address", "event", "history", "policy", "sent", "time", "vocab",
        ],
    ),
    ("ledger", &["address", "event", "history", "time", "vocab"]),
    (
        "lists",
        &[
            "address", "event", "history", "ledger", "output", "policy", "time", "vocab",
        ],
    ),
    ("output", &["event", "report", "vocab"]),
    ("redact", &["address", "event"]),
    ("pipeline", &["event", "input", "message", "notice", "row"]),
    (
        "sent",
        &[
            "address", "event", "input", "pipeline", "policy", "row", "time", "vocab",
        ],
    ),
    ("cli", &["vocab"]),
];

fn sources(dir: &Path, out: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

#[test]
fn every_room_knows_only_what_it_may() {
    let src = root().join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    let mut wrong = Vec::new();
    for file in files {
        let path = file
            .strip_prefix(&src)
            .unwrap()
            .to_string_lossy()
            .into_owned();
        let room = path
            .split('/')
            .next()
            .unwrap()
            .trim_end_matches(".rs")
            .to_owned();
        if ["lib", "main", "cmd"].contains(&room.as_str()) {
            continue;
        }
        let allowed = ROOMS.iter().find(|(name, _)| *name == room);
        let Some((_, allowed)) = allowed else {
            wrong.push(format!(
                "{path}: the room {room} is not listed in this test"
            ));
            continue;
        };
        let text = std::fs::read_to_string(&file).unwrap();
        for (n, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            for (at, _) in code.match_indices("crate::") {
                let name: String = code[at + 7..]
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect();
                if !name.is_empty() && name != room && !allowed.contains(&name.as_str()) {
                    wrong.push(format!("{path}:{}: {room} uses {name}", n + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
