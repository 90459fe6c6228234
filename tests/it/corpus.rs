//! The schema of events, held against everything in `testdata/`.

use crate::run::{bounce, parse, root};

fn all_events() -> Vec<serde_json::Value> {
    let out = bounce(&[
        "classify",
        "--format",
        "ndjson",
        "--now",
        "2026-11-24T00:00:00Z",
        "testdata/demo/bounces.mbox",
        "testdata/mail",
    ])
    .output()
    .unwrap();
    parse(&out.stdout)
}

#[test]
fn e1_events_fit_the_schema() {
    let schema = std::fs::read_to_string(root().join("schema/event.schema.json")).unwrap();
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let events = all_events();
    assert!(events.len() > 60, "{}", events.len());
    for event in &events {
        let errors: Vec<String> = validator
            .iter_errors(event)
            .map(|e| e.to_string())
            .collect();
        assert!(errors.is_empty(), "{errors:?}\n{event}");
    }
}

#[test]
fn e1_keys_come_in_the_order_of_the_interface() {
    let order: Vec<&str> = bounce::output::csv::COLUMNS.to_vec();
    let out = bounce(&[
        "classify",
        "--format",
        "ndjson",
        "testdata/demo/bounces.mbox",
    ])
    .output()
    .unwrap();
    for line in String::from_utf8(out.stdout).unwrap().lines() {
        let at: Vec<usize> = order
            .iter()
            .filter(|k| !k.starts_with("origin"))
            .filter_map(|k| line.find(&format!("\"{k}\":")))
            .collect();
        assert!(at.is_sorted(), "{line}");
    }
}

#[test]
fn i7_events_read_back_are_equal() {
    let first = bounce(&[
        "classify",
        "--format",
        "ndjson",
        "--now",
        "2026-11-24T00:00:00Z",
        "testdata/demo/bounces.mbox",
    ])
    .output()
    .unwrap();
    let (again, code) = crate::run::events(&["-"], &first.stdout);
    assert_eq!(code, 0);
    assert_eq!(again, parse(&first.stdout));
}
