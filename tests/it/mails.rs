//! Samples: every mail below `testdata/mail` gives what `expected.tsv` says.

use crate::run::{bounce, parse, root, text};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// One line of the table: what is expected of some recipients of a mail. `a|b`:
/// either will do, `-`: none, or not looked at; `hard_bounce?`: that, and held.
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

/// `who`: the address that was mailed to; `who>whither`: and where that led.
fn names(event: &Value, who: &str) -> bool {
    let (recipient, last) = who.split_once('>').unwrap_or((who, ""));
    let same = |field: &str, a: &str| text(event, field).eq_ignore_ascii_case(a);
    same("recipient", recipient) && (last.is_empty() || same("final_recipient", last))
}

/// What is wrong with the events of one mail: who failed how, and why.
#[derive(Default)]
struct Wrong {
    reading: Vec<String>,
    judgement: Vec<String>,
}

fn wrong(path: &str, rows: &[Row<'_>], events: &[Value], out: &mut Wrong) {
    let mut expected = 0;
    for row in rows.iter().filter(|r| r.kind != "-") {
        expected += row.recipients.len().max(1);
        let nobody = [""];
        let who: &[&str] = if row.recipients.is_empty() {
            &nobody
        } else {
            &row.recipients
        };
        for r in who {
            let found = events.iter().find(|e| r.is_empty() || names(e, r));
            let Some(e) = found.filter(|e| any(row.kind, text(e, "kind"))) else {
                let kind = found.map(|e| text(e, "kind"));
                out.reading
                    .push(format!("{path}: {r} {} wanted, got {kind:?}", row.kind));
                continue;
            };
            let (category, reason) = (text(e, "category"), text(e, "reason"));
            let (wanted, doubtful) = match row.category.strip_suffix('?') {
                Some(wanted) => (wanted, true),
                None => (row.category, false),
            };
            if doubtful && e["held"] != true {
                out.reading.push(format!("{path}: {r} is not held"));
            }
            if !any(wanted, category) || !any(row.reason, reason) {
                out.judgement.push(format!(
                    "{path}: {category} {reason} by {}, wanted {} {}\n    {}",
                    text(e, "decided_by"),
                    row.category,
                    row.reason,
                    text(e, "smtp_message")
                ));
            }
        }
    }
    if events.len() != expected {
        let all: Vec<&str> = events.iter().map(|e| text(e, "recipient")).collect();
        out.reading
            .push(format!("{path}: {expected} events wanted, got {all:?}"));
    }
}

/// The events of all samples, by path.
fn events() -> BTreeMap<String, Vec<Value>> {
    let args = [
        "classify",
        "--format",
        "ndjson",
        "--now",
        "2026-11-24T00:00:00Z",
    ];
    let out = bounce(&args).arg("testdata/mail").output().unwrap();
    let mut by_path: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for e in parse(&out.stdout) {
        let file = text(&e["origin"], "file").to_owned();
        let path = file.strip_prefix("testdata/mail/").unwrap_or(&file);
        by_path.entry(path.to_owned()).or_default().push(e);
    }
    by_path
}

fn all_wrong() -> (Wrong, usize) {
    let table_text = std::fs::read_to_string(root().join("testdata/mail/expected.tsv")).unwrap();
    let (expected, mut events) = (table(&table_text), events());
    let mut out = Wrong::default();
    let rows = expected.values().map(Vec::len).sum();
    for (path, rows) in &expected {
        let file = root().join("testdata/mail").join(path);
        assert!(file.is_file(), "expected.tsv names {path}");
        wrong(
            path,
            rows,
            &events.remove(*path).unwrap_or_default(),
            &mut out,
        );
    }
    let unnamed = events.keys().map(|p| format!("{p} is not in expected.tsv"));
    out.reading.extend(unnamed);
    (out, rows)
}

#[test]
fn i3_every_sample_is_read_as_expected() {
    let (wrong, _) = all_wrong();
    assert!(wrong.reading.is_empty(), "{}", wrong.reading.join("\n"));
}

/// The rules judge what was read; they may miss one reason in twenty.
#[test]
fn c3_samples_are_judged_as_expected() {
    let (wrong, rows) = all_wrong();
    let few = wrong.judgement.len() * 20 <= rows;
    assert!(
        few,
        "{} of {rows}:\n{}",
        wrong.judgement.len(),
        wrong.judgement.join("\n")
    );
}

/// The rows of the table that claim the mails in one folder of samples.
fn rows_that_claim(folder: &std::path::Path) -> BTreeSet<usize> {
    let mails = std::fs::read_dir(folder).into_iter().flatten().flatten();
    mails
        .filter_map(|entry| {
            let bytes = std::fs::read(entry.path()).ok()?;
            let mail = bounce::message::Message::new(&bytes);
            let envelope = bounce::notice::Envelope::of(&mail);
            let report = bounce::notice::report::report_text(&mail, !envelope.is_system());
            bounce::notice::formats::row_of(&mail, &envelope, &report.text)
        })
        .collect()
}

/// Every layout has a folder with a mail that is read as that layout, and every row
/// claims one: a row that claims none hides behind an earlier one, or is not needed.
#[test]
fn i3_every_format_has_a_sample() {
    let out = bounce(&["classify", "--format", "ndjson", "testdata/mail"])
        .output()
        .unwrap();
    let read: BTreeSet<(String, String)> = parse(&out.stdout)
        .iter()
        .map(|e| {
            let file = text(&e["origin"], "file");
            let folder = file.rsplit('/').nth(1).unwrap_or_default();
            (folder.to_owned(), text(e, "format").to_owned())
        })
        .collect();
    let mut wrong = Vec::new();
    for (n, format) in bounce::notice::formats::FORMATS.iter().enumerate() {
        let name = format.name;
        if !read.contains(&(name.to_owned(), name.to_owned())) {
            wrong.push(format!("no mail in {name}/ is read as {name}"));
        }
        let folder = root().join("testdata/mail").join(name);
        if !rows_that_claim(&folder).contains(&n) {
            let marks = &format.marks;
            wrong.push(format!("row {n} claims no mail in {name}/: {marks:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
