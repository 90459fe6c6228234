//! The views of the report (P6) as they leave the program.

use crate::run::{bounce, parse, pipe, root};
use serde_json::Value;
use std::collections::HashMap;

const DEMO: &[&str] = &[
    "report",
    "--now",
    "2026-11-18T08:00:00Z",
    "--sent",
    "testdata/demo/sent.csv",
    "testdata/demo/bounces.mbox",
];

fn run(args: &[&[&str]]) -> String {
    let out = bounce(&args.concat()).output().unwrap();
    assert!(out.status.success(), "{out:?}");
    String::from_utf8(out.stdout).unwrap()
}

#[test]
fn p6_the_table_fits_80_columns() {
    trycmd::TestCases::new()
        .env("COLUMNS", "80")
        .case("tests/cmd/report_80.md");
    let snapshot = std::fs::read_to_string(root().join("tests/cmd/report_80.md")).unwrap();
    let fenced = snapshot.split("```").skip(1).step_by(2);
    for line in fenced.flat_map(str::lines).filter(|l| !l.starts_with('$')) {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn u1_colour_is_never_alone() {
    let plain = run(&[DEMO, &["--format", "table", "--color", "never"]]);
    let coloured = run(&[DEMO, &["--format", "table", "--color", "always"]]);
    assert!(!plain.contains('\x1b'));
    assert!(coloured.contains("\x1b[1;31m"));
    let mut stripped = String::new();
    for part in coloured.split("\x1b[") {
        let rest = part
            .split_once('m')
            .filter(|(code, _)| code.chars().all(|c| c.is_ascii_digit() || c == ';'));
        stripped.push_str(rest.map_or(part, |(_, rest)| rest));
    }
    assert_eq!(stripped, plain);
}

/// A bounce whose every word is an attack.
fn hostile() -> Vec<u8> {
    let event = serde_json::json!({
        "schema": 1, "event_id": "00112233445566778899aabbccddeeff",
        "event_type": "bounce.soft", "kind": "failed",
        "occurred_at": "2026-11-17T10:00:00Z", "classified_at": "2026-11-17T11:00:00Z",
        "workspace": "default", "mailbox": "<i>sales1</i>@acme.example", "stream": "campaign",
        "campaign_id": "\"><svg onload=alert(1)>", "recipient": "<u>jane</u>@example.com",
        "recipient_domain": "example.com", "smtp_code": 550, "enhanced_code": "5.7.1",
        "smtp_message": "\u{1b}[31mred\u{202e} <img src=https://example.net/x.png> &amp;",
        "remote_mta": "<b>mx</b>.example.com",
        "category": "soft_bounce_content", "reason": "spamdetected", "fault": "provider",
        "confidence": 0.95, "held": false, "confirmed": false, "decided_by": "rule:x",
        "retry_strategy": "never", "proof": "none",
        "subject": "</script><img src=x onerror=alert(1)>", "format": "rfc3464",
        "origin": {"file": "x", "index": 0}
    });
    format!("{event}\n").into_bytes()
}

fn hostile_view(format: &str) -> String {
    let args = ["report", "--now", "2026-11-18", "--format", format, "-"];
    let out = pipe(&args, &hostile());
    assert!(out.status.success(), "{out:?}");
    String::from_utf8(out.stdout).unwrap()
}

#[test]
fn p6_hostile_text_stays_text() {
    let page = hostile_view("html");
    let table = hostile_view("table");
    assert!(page.contains("&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;"));
    for attack in [
        "<img",
        "<svg onload",
        "<i>",
        "<u>",
        "<b>",
        "\u{1b}",
        "\u{202e}",
    ] {
        assert!(!page.contains(attack), "{attack}");
    }
    // The data, the script, and no third one.
    assert_eq!(page.matches("<script").count(), 2);
    assert_eq!(page.matches("</script>").count(), 2);
    assert!(!table.contains('\u{1b}') && !table.contains('\u{202e}'));
    assert!(table.contains("<i>sales1</i>@acme.example"), "{table}");
}

#[test]
fn p6_the_page_loads_nothing() {
    for page in [run(&[DEMO, &["--format", "html"]]), hostile_view("html")] {
        let shown = without_data(&page);
        // Quoted text may hold such words, but no attribute and no style may.
        let tags: Vec<&str> = shown
            .split('<')
            .filter_map(|t| t.split('>').next())
            .collect();
        for word in [
            "src=", "href=", "url(", "@import", "http://", "https://", "style=",
        ] {
            assert!(!tags.iter().any(|t| t.contains(word)), "{word}");
        }
        let style = between(&page, "<style>", "</style>");
        let script = between(&page, "<script>", "</script>");
        for word in [
            "url(",
            "@import",
            "http",
            "fetch",
            "XMLHttp",
            "innerHTML",
            "eval",
        ] {
            assert!(!style.contains(word) && !script.contains(word), "{word}");
        }
        assert!(page.contains("default-src 'none'"));
        assert!(page.starts_with("<!DOCTYPE html><html lang=\"en\">"));
    }
}

fn between<'p>(page: &'p str, begin: &str, end: &str) -> &'p str {
    page.split(begin).nth(1).unwrap().split(end).next().unwrap()
}

const DATA: &str = "<script type=\"application/json\" id=\"report\">";

fn without_data(page: &str) -> String {
    page.replace(between(page, DATA, "</script>"), "")
}

#[test]
fn p6_the_page_holds_the_json_of_the_report() {
    for by in [&[] as &[&str], &["--by", "provider"]] {
        let page = run(&[DEMO, by, &["--format", "html"]]);
        let json = run(&[DEMO, by, &["--format", "json"]]);
        let inside = parse(between(&page, DATA, "</script>").as_bytes());
        assert_eq!(inside, parse(json.as_bytes()));
    }
}

/// The figures of a table of the page, by key.
fn table(page: &str, by: &str) -> HashMap<String, HashMap<String, String>> {
    let body = between(page, &format!("<table data-by=\"{by}\">"), "</table>");
    let attribute = |tag: &str, name: &str| {
        let value = tag.split(&format!(" {name}=\"")).nth(1)?;
        Some(value.split('"').next()?.to_owned())
    };
    let mut rows = HashMap::new();
    for row in body.split("<tr data-key").skip(1) {
        let key = row.trim_start_matches("=\"").split('"').next().unwrap();
        let cells = row.split("<td").filter_map(|cell| {
            let tag = cell.split('>').next()?;
            Some((attribute(tag, "data-f")?, attribute(tag, "data-v")?))
        });
        rows.insert(key.to_owned(), cells.collect());
    }
    rows
}

#[test]
fn p6_the_tables_of_the_page_show_the_figures_of_the_json() {
    let page = run(&[DEMO, &["--format", "html"]]);
    let json = run(&[DEMO, &["--format", "json"]]);
    let report: Value = serde_json::from_str(&json).unwrap();
    for by in ["mailbox", "domain", "campaign", "day", "category"] {
        let rows = table(&page, by);
        let groups = report["by"][by].as_array().unwrap();
        assert_eq!(rows.len(), groups.len(), "{by}");
        for group in groups {
            let row = &rows[group["key"].as_str().unwrap()];
            for (name, value) in group
                .as_object()
                .unwrap()
                .iter()
                .filter(|(n, _)| *n != "key")
            {
                let shown = value.as_str().map_or(value.to_string(), str::to_owned);
                assert_eq!(row[name], shown, "{by} {group} {name}");
            }
        }
    }
    let totals = &table(&page, "total")["total"];
    assert_eq!(totals["rate"], report["totals"]["rate"].to_string());
}

#[test]
fn p6_views_are_the_same_every_time() {
    for format in ["table", "csv", "html"] {
        let once = run(&[DEMO, &["--format", format]]);
        let again = run(&[DEMO, &["--format", format, "--threads", "3"]]);
        assert!(once == again, "{format}");
    }
}

#[test]
fn p6_without_a_sent_log_there_are_no_rates() {
    let args = [
        "report",
        "--now",
        "2026-11-24",
        "testdata/demo/bounces.mbox",
    ];
    let page = run(&[&args, &["--format", "html"]]);
    let table = run(&[&args, &["--format", "table"]]);
    for view in [&page, &table] {
        assert!(view.contains("rates need --sent"), "{view}");
    }
    assert!(!page.contains("data-f=\"rate\""));
    assert!(!table.contains("RATE"), "{table}");
    assert!(page.contains("Recipients that bounced, a day."));
}
