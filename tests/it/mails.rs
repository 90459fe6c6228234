//! Samples: every mail below `testdata/mail` gives what `expected.tsv` says.

use crate::run::{bounce, parse, root, text};
use std::collections::BTreeSet;

#[test]
fn i3_every_sample_is_read_as_expected() {
    let base = root().join("testdata/mail");
    let expected = std::fs::read_to_string(base.join("expected.tsv")).unwrap();
    let mut wrong = Vec::new();
    for line in expected
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
    {
        let cells: Vec<&str> = line.split('\t').collect();
        let [path, kind, category, reason, recipients] = cells[..] else {
            panic!("expected.tsv: {line}");
        };
        let file = format!("testdata/mail/{path}");
        let out = bounce(&[
            "classify",
            "--format",
            "ndjson",
            "--now",
            "2026-11-24T00:00:00Z",
            &file,
        ])
        .output()
        .unwrap();
        let events = parse(&out.stdout);
        let named: BTreeSet<String> = events
            .iter()
            .map(|e| {
                let last = text(e, "final_recipient");
                if recipients.split(',').any(|r| r == last) {
                    last
                } else {
                    text(e, "recipient")
                }
                .to_lowercase()
            })
            .collect();
        let wanted: BTreeSet<String> = recipients
            .split(',')
            .filter(|r| *r != "-")
            .map(str::to_lowercase)
            .collect();
        if kind == "-" {
            if !events.is_empty() {
                wrong.push(format!("{path}: no event wanted, got {}", events[0]));
            }
            continue;
        }
        if named != wanted {
            wrong.push(format!("{path}: recipients {named:?}, wanted {wanted:?}"));
        }
        for e in &events {
            let any =
                |wanted: &str, got: &str| wanted == "-" || wanted.split('|').any(|w| w == got);
            if text(e, "kind") != kind
                || !any(category, text(e, "category"))
                || !any(reason, text(e, "reason"))
            {
                wrong.push(format!(
                    "{path}: {} {} {} by {}, wanted {kind} {category} {reason}",
                    text(e, "kind"),
                    text(e, "category"),
                    text(e, "reason"),
                    text(e, "decided_by")
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every layout of the table has a sample that it claims.
#[test]
fn i3_every_format_has_a_sample() {
    let out = bounce(&[
        "classify",
        "--format",
        "ndjson",
        "testdata/mail",
        "testdata/demo",
    ])
    .output()
    .unwrap();
    let seen: BTreeSet<String> = parse(&out.stdout)
        .iter()
        .map(|e| text(e, "format").to_owned())
        .collect();
    let without: BTreeSet<&str> = bounce::notice::formats::FORMATS
        .iter()
        .map(|f| f.name)
        .filter(|n| !seen.contains(*n))
        .collect();
    assert!(without.is_empty(), "no sample is read as {without:?}");
}
