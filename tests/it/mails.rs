//! Samples: every mail below `testdata/mail` gives what `expected.tsv` says.

use crate::run::{bounce, parse, root, text};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// One line of the table: what is expected of some recipients of a mail. `a|b`:
/// either will do, `-`: none, or not looked at.
struct Row<'t> {
    kind: &'t str,
    category: &'t str,
    reason: &'t str,
    recipients: Vec<&'t str>,
}

fn table(text: &str) -> BTreeMap<&str, Vec<Row<'_>>> {
    let mut out: BTreeMap<&str, Vec<Row<'_>>> = BTreeMap::new();
    for line in text
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
    {
        let cells: Vec<&str> = line.split('\t').collect();
        let [path, kind, category, reason, recipients] = cells[..] else {
            panic!("expected.tsv: {line}");
        };
        let recipients = recipients.split(',').filter(|r| *r != "-").collect();
        out.entry(path).or_default().push(Row {
            kind,
            category,
            reason,
            recipients,
        });
    }
    out
}

fn any(wanted: &str, got: &str) -> bool {
    wanted == "-" || wanted.split('|').any(|w| w == got)
}

fn names(event: &Value, who: &str) -> bool {
    [text(event, "recipient"), text(event, "final_recipient")]
        .iter()
        .any(|a| a.eq_ignore_ascii_case(who))
}

fn wrong(path: &str, rows: &[Row<'_>], events: &[Value]) -> Vec<String> {
    let mut out = Vec::new();
    if rows.iter().all(|r| r.kind == "-") {
        out.extend(
            events
                .iter()
                .map(|e| format!("{path}: no event wanted, got {e}")),
        );
        return out;
    }
    let mut expected = 0;
    for row in rows {
        expected += row.recipients.len().max(1);
        let nobody = [""];
        let who: &[&str] = if row.recipients.is_empty() {
            &nobody
        } else {
            &row.recipients
        };
        for r in who {
            let Some(e) = events.iter().find(|e| r.is_empty() || names(e, r)) else {
                out.push(format!("{path}: {r} not found"));
                continue;
            };
            let (kind, category, reason) =
                (text(e, "kind"), text(e, "category"), text(e, "reason"));
            if kind != row.kind || !any(row.category, category) || !any(row.reason, reason) {
                out.push(format!(
                    "{path}: {kind} {category} {reason} by {}, wanted {} {} {}\n    {}",
                    text(e, "decided_by"),
                    row.kind,
                    row.category,
                    row.reason,
                    text(e, "smtp_message")
                ));
            }
        }
    }
    if events.len() > expected {
        let all: Vec<&str> = events.iter().map(|e| text(e, "recipient")).collect();
        out.push(format!("{path}: {expected} events wanted, got {all:?}"));
    }
    out
}

#[test]
fn i3_every_sample_is_read_as_expected() {
    let base = root().join("testdata/mail");
    let expected = std::fs::read_to_string(base.join("expected.tsv")).unwrap();
    let mut all = Vec::new();
    for (path, rows) in table(&expected) {
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
        all.extend(wrong(path, &rows, &parse(&out.stdout)));
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
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
