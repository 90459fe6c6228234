//! Logs as journald and containers keep them.

use crate::run::{bounce, events, parse, pipe, root, text};
use serde_json::Value;
use std::io::Write;

/// One log of six entries and a damaged one, wrapped by each.
const FILES: &[&str] = &[
    "journald.export",
    "journald.json",
    "docker.json",
    "kubernetes.log",
    "compose.log",
];
/// What each says: recipient, kind, reason, time, mailbox, Message-ID.
const EXPECTED: &str = "\
    gone@example.com failed userunknown 2026-11-03T10:11:12Z sales1@acme.example m1@acme.example\n\
    full@example.org delayed mailboxfull 2026-11-03T10:11:13Z sales1@acme.example m1@acme.example\n\
    fine@example.org delivered - 2026-11-03T10:11:14Z sales1@acme.example m1@acme.example\n";

fn told(events: &[Value]) -> String {
    let keys = [
        "recipient",
        "kind",
        "reason",
        "occurred_at",
        "mailbox",
        "message_id",
    ];
    let line = |event: &Value| {
        let cells = keys.map(|key| match event.get(key) {
            Some(_) => text(event, key).trim_matches(['<', '>']).to_owned(),
            None => "-".to_owned(),
        });
        cells.join(" ") + "\n"
    };
    events.iter().map(line).collect()
}

fn path(file: &str) -> String {
    format!("testdata/log/{file}")
}

#[test]
fn i6_entries_of_journald_and_of_containers_are_lines_of_their_log() {
    for file in FILES {
        // The year is that of the entry, whatever the clock says.
        let out = bounce(&["classify", "-v", "--now", "2031-01-01", &path(file)])
            .output()
            .unwrap();
        let said = String::from_utf8(out.stderr).unwrap();
        assert_eq!(told(&parse(&out.stdout)), EXPECTED, "{file}");
        assert!(
            said.contains("3 events from 7 records: 3 reports, 3 others, 1 rejected"),
            "{file}: {said}"
        );
        assert_eq!(out.status.code(), Some(0), "{file}");
    }
}

/// The lines of a log of syslog as entries of journald: time, host, program, message.
fn entries(log: &str) -> Vec<[String; 4]> {
    let entry = |line: &str| {
        let (time, rest) = line.split_at(15);
        let (host, rest) = rest.trim_start().split_once(' ').unwrap();
        let (program, message) = rest.split_once(": ").unwrap();
        let program = program.split('[').next().unwrap();
        let time = format!("{}, 2026 {} +0000", &time[..6], &time[7..]);
        let time = jiff::fmt::strtime::parse("%b %e, %Y %H:%M:%S %z", &time).unwrap();
        let time = time.to_timestamp().unwrap().as_microsecond() + 123;
        [&time.to_string(), host, program, message].map(str::to_owned)
    };
    log.lines().map(entry).collect()
}

#[test]
fn i6_entries_say_the_same_as_the_lines_of_every_server() {
    for server in ["postfix", "sendmail", "opensmtpd", "qmail-syslog"] {
        let log = root().join(format!("testdata/table/{server}.log"));
        let log = std::fs::read_to_string(log).unwrap();
        let log = log.replace("\n ", " ").replace("\n\t", " ");
        let (plain, _) = events(&["-"], log.as_bytes());
        let all = entries(&log);
        let json = |[time, host, program, message]: &[String; 4]| {
            let fields = [
                ("MESSAGE", message),
                ("__REALTIME_TIMESTAMP", time),
                ("SYSLOG_IDENTIFIER", program),
                ("_HOSTNAME", host),
            ];
            let fields = fields.map(|(key, value)| {
                format!("{}:{}", Value::from(key), Value::from(value.as_str()))
            });
            format!("{{{}}}\n", fields.join(","))
        };
        let json: String = all.iter().map(json).collect();
        let export = |[time, host, program, message]: &[String; 4]| {
            format!(
                "__REALTIME_TIMESTAMP={time}\n_HOSTNAME={host}\nSYSLOG_IDENTIFIER={program}\nMESSAGE={message}\n\n"
            )
        };
        let export: String = all.iter().map(export).collect();
        let container: String = all
            .iter()
            .zip(log.lines())
            .map(|([time, ..], line)| {
                let time = jiff::Timestamp::from_microsecond(time.parse().unwrap()).unwrap();
                format!("{time} stdout F {line}\n")
            })
            .collect();
        assert!(!plain.is_empty(), "{server}");
        for wrapped in [json, export, container] {
            // The clock of another year.
            let out = pipe(
                &["classify", "--now", "2031-01-01", "-"],
                wrapped.as_bytes(),
            );
            assert_eq!(
                told(&parse(&out.stdout)),
                told(&plain),
                "{server}: {wrapped}"
            );
        }
    }
}

#[test]
fn i6_a_damaged_entry_is_named() {
    for (file, why) in [
        (
            "journald.export",
            "\"index\":6,\"offset\":1014,\"why\":\"an entry with a line that is no field\"",
        ),
        ("journald.json", "\"why\":\"an entry that does not end\""),
        ("docker.json", "\"why\":\"an entry that does not end\""),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let rejects = dir.path().join("rejects");
        let out = bounce(&["classify", "--strict", &path(file), "--rejects"])
            .arg(&rejects)
            .output()
            .unwrap();
        assert_eq!(out.status.code(), Some(4), "{file}");
        let said = std::fs::read_to_string(rejects).unwrap();
        assert!(said.contains(why), "{file}: {said}");
    }
}

#[test]
fn i6_a_journal_is_read_packed_piped_and_named_by_its_server() {
    for file in FILES {
        let raw = std::fs::read(root().join(path(file))).unwrap();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&raw).unwrap();
        let gzip = gzip.finish().unwrap();
        for (bytes, args) in [
            (&raw, &["-"][..]),
            (&gzip, &["-"]),
            (&raw, &["--input-format", "postfix", "-"]),
        ] {
            let (found, code) = events(args, bytes);
            assert_eq!((told(&found).as_str(), code), (EXPECTED, 0), "{file}");
        }
    }
}

#[test]
fn p1_a_journal_is_a_sent_log_too() {
    for file in FILES {
        for args in [
            &[path(file)][..],
            &[path(file), "--sent".to_owned(), path(file)],
        ] {
            let out = bounce(&["report", "--format", "json"])
                .args(args)
                .output()
                .unwrap();
            let report: Value = serde_json::from_slice(&out.stdout).unwrap();
            let totals = &report["totals"];
            let figures = [&totals["sent"], &totals["bounced"], &totals["unmatched"]];
            assert_eq!(figures, [3, 1, 0], "{file}: {report}");
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let lists = dir.path().to_str().unwrap();
    let out = bounce(&["suppress", &path("journald.json"), "--require-proof"])
        .args(["--out", lists])
        .output()
        .unwrap();
    assert_eq!(out.status.code(), Some(0));
    let rows = std::fs::read_to_string(dir.path().join("suppression.csv")).unwrap();
    assert!(rows.contains("gone@example.com"), "{rows}");
}

#[test]
fn i6_a_journal_without_mail_is_no_failure() {
    let entry = r#"{"__REALTIME_TIMESTAMP":"1793700672123456","_HOSTNAME":"mx1","SYSLOG_IDENTIFIER":"systemd","MESSAGE":"Started."}"#;
    let out = pipe(&["classify", "-v", "-"], entry.as_bytes());
    let said = String::from_utf8(out.stderr).unwrap();
    assert_eq!(out.status.code(), Some(0), "{said}");
    assert!(
        said.contains("0 events from 1 records: 0 reports, 1 others, 0 rejected"),
        "{said}"
    );
}
