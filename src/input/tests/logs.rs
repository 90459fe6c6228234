//! Logs: chunks, long lines, lines that go on.

use super::*;
use crate::input::log::Log;
use proptest::prelude::*;

/// Bytes that make logs, and break them.
const PIECES: &[&str] = &[
    "Nov 23 08:01:02 mx1 postfix/smtp[1]: 4XYZ12: to=<a@example.com>, relay=none, dsn=4.4.1, status=deferred (x)\n",
    "Nov 23 08:01:02 mx1 postfix/qmgr[1]: 4XYZ12: from=<s@acme.example>, size=1 (queue active)\n",
    "Nov 23 08:01:02 mx1 postfix/qmgr[1]: 4XYZ12: from=<s@acme.example>, status=expired\n",
    "Nov 23 08:01:02 mx1 postfix/qmgr[1]: 4XYZ12: removed\n",
    "Nov 23 08:01:02 mx1 dovecot: x\n",
    "\n",
    "\r\n",
    " goes on\n",
    "\tgoes on\n",
    "torn",
    " ",
];

fn records(run: &Run) -> Vec<(u64, u64, String, String)> {
    let one = |read: &Read1| {
        let kind = format!("{:?}", read.record.kind);
        (read.record.index, read.record.offset, read.text(), kind)
    };
    run.records.iter().map(one).collect()
}

proptest! {
    #[test]
    fn i6_chunks_never_change_the_lines(
        pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..30),
        size in 1_usize..200,
        long in 0_usize..3,
    ) {
        let mut text = pieces.concat();
        for n in 0..long {
            let at = text.len() * (n + 1) / 3;
            let at = (at..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap();
            text.insert_str(at, &"y".repeat(65_530 + n * 5));
        }
        let whole = run_bytes(text.as_bytes(), usize::MAX, Format::Postfix);
        let chunked = run_bytes(text.as_bytes(), size * if long > 0 { 1_000 } else { 1 }, Format::Postfix);
        prop_assert_eq!(records(&chunked), records(&whole));
    }
}

#[test]
fn u4_every_line_of_a_log_is_counted_at_its_place() {
    let delivery = "Nov 23 08:01:02 mx1 postfix/smtp[1]: 4XYZ12: to=<a@example.com>,\n\trelay=none, dsn=4.4.1,\n  status=deferred (x)\n";
    let text =
        format!("Nov 23 08:01:01 mx1 CRON[1]: x\n\n{delivery}Nov 23 08:01:03 mx1 CRON[1]: y");
    let run = run_bytes(text.as_bytes(), usize::MAX, Format::Auto);
    let got: Vec<(u64, u64, bool)> = run
        .records
        .iter()
        .map(|r| (r.record.index, r.record.offset, r.bytes.is_empty()))
        .collect();
    let last = (text.len() - 30) as u64;
    assert_eq!(got, [(0, 0, true), (1, 32, false), (2, last, true)]);
    assert_eq!(run.records[1].record.kind, Kind::Line(Some(Log::Postfix)));
    assert!(
        run.records[1]
            .text()
            .ends_with("to=<a@example.com>, relay=none, dsn=4.4.1, status=deferred (x)")
    );
    assert_eq!(run.notes[0].what, "read as log:postfix");
}

#[test]
fn i9_a_line_without_end_does_not_fill_the_memory() {
    let mut text = b"Nov 23 08:01:01 mx1 postfix/qmgr[1]: 4XYZ12: removed\n".to_vec();
    text.resize(9 << 20, b'y');
    text.extend(b"\n and goes on\nNov 23 08:01:01 mx1 postfix/qmgr[1]: 5XYZ12: removed\n");
    let run = run_bytes(&text, 1 << 16, Format::Auto);
    assert_eq!(run.skips(), ["a line longer than 64 KiB"]);
    assert_eq!(run.records.len(), 3);
    assert!(run.largest < 1 << 16);
}
