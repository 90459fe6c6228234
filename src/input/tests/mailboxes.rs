//! Generated mailboxes: four variants, three line ends, any chunks; and what is
//! too long.

use super::*;
use crate::input::batch::{BATCH, HEAD, TAIL};
use proptest::prelude::*;
use proptest::sample::select;

/// Lines that bodies are made of; among them what mbox writers have to quote.
const LINES: &[&str] = &[
    "",
    "text",
    " folded",
    "From the desk of Bob",
    "From bob@example.com Mon Sep 21 12:00:07 2026",
    ">From bob@example.com Mon Sep 21 12:00:07 2026",
    ">>From bob",
    "Subject: in the body",
    "From: x",
    "--b",
    "--b--",
    "\u{0}\u{fffd}",
];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Variant {
    O,
    Rd,
    Cl,
    Cl2,
}

const VARIANTS: &[Variant] = &[Variant::O, Variant::Rd, Variant::Cl, Variant::Cl2];

impl Variant {
    fn quoted(self, line: &str) -> bool {
        let bare = line.trim_start_matches('>');
        match self {
            Variant::Rd => bare.starts_with("From "),
            Variant::O | Variant::Cl => line.starts_with("From "),
            Variant::Cl2 => false,
        }
    }

    /// Whether it can hold the line at all: what looks quoted already is lost in
    /// the variants that do not quote it again.
    fn holds(self, line: &str) -> bool {
        self == Variant::Rd || !line.starts_with(">")
    }

    fn write(self, mails: &[Vec<&str>], end: &str) -> (String, Vec<String>) {
        let (mut mbox, mut expected) = (String::new(), Vec::new());
        for lines in mails {
            let lines: Vec<&&str> = lines.iter().filter(|line| self.holds(line)).collect();
            let plain: String = lines.iter().map(|line| format!("{line}\n")).collect();
            let stored: String = lines
                .iter()
                .map(|line| format!("{}{line}{end}", if self.quoted(line) { ">" } else { "" }))
                .collect();
            let length = match self {
                Variant::Cl | Variant::Cl2 => format!("Content-Length: {}\n", stored.len()),
                _ => String::new(),
            };
            let header = format!("Subject: x\n{length}\n");
            mbox += &format!("From a@example.com Mon Sep 21 12:00:07 2026{end}");
            mbox += &(header.replace('\n', end) + &stored + end);
            expected.push(header + &plain);
        }
        (mbox, expected)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn i2_generated_mailboxes_come_back(
        mails in prop::collection::vec(prop::collection::vec(select(LINES), 0..12), 1..6),
        variant in select(VARIANTS),
        end in select(&["\n", "\r\n", "\r"][..]),
        size in 1_usize..400,
        bom in any::<bool>(),
    ) {
        let (mbox, expected) = variant.write(&mails, end);
        let mark = if bom { "\u{feff}" } else { "" };
        let run = run_bytes(format!("{mark}{mbox}").as_bytes(), size, Format::Auto);
        prop_assert_eq!(run.texts(), expected);
    }

    #[test]
    fn i9_any_bytes_in_any_chunks_give_the_same_records(
        pieces in prop::collection::vec(select(&[
            "\n", "\r", "\n\n", "From ", "From b Mon Sep 21 12:00:07 2026\n", "From -\n", ">",
            "Subject: x\n", "Content-Length: 20\n", "--b\n", "Content-Type: message/rfc822\n",
            "text", " ", "{", "}\n", "\"schema\"", "\"event_id\"", "\0",
        ][..]), 0..40),
        format in select(Format::ALL),
        size in 1_usize..50,
    ) {
        let bytes = pieces.concat();
        let whole = run_bytes(bytes.as_bytes(), 1 << 20, format);
        let parts = run_bytes(bytes.as_bytes(), size, format);
        prop_assert_eq!(whole.records, parts.records);
        prop_assert_eq!(whole.failures, parts.failures);
        prop_assert_eq!(whole.notes, parts.notes);
    }
}

proptest! {
    #[test]
    fn i9_no_bytes_stop_the_reader(
        start in select(&["", "From ", "From b Mon Sep 21 12:00:07 2026\nTo: x\n", "\u{1f}"][..]),
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        format in select(Format::ALL),
    ) {
        let bytes = [start.as_bytes(), &bytes].concat();
        prop_assume!(bytes.is_empty() || !bytes.trim_ascii().is_empty());
        let run = run_bytes(&bytes, 100, format);
        // Something is said of everything.
        prop_assert!(run.records.len() + run.failures.len() + run.notes.len() > 0);
    }
}

/// A stream that repeats a piece up to a length, without ever holding it.
struct Endless<'a> {
    start: &'a [u8],
    piece: &'a [u8],
    left: usize,
}

impl Read for Endless<'_> {
    fn read(&mut self, block: &mut [u8]) -> io::Result<usize> {
        if !self.start.is_empty() {
            return self.start.read(block);
        }
        let mut count = 0;
        while self.left > 0 && count + self.piece.len() <= block.len() {
            block[count..count + self.piece.len()].copy_from_slice(self.piece);
            count += self.piece.len();
            self.left -= 1;
        }
        Ok(count)
    }
}

#[test]
fn i9_what_is_too_long_keeps_its_beginning_and_end() {
    let head = "From bob@example.com Mon Sep 21 12:00:07 2026\nSubject: x\n\n";
    for (name, start, piece) in [
        ("one line in an mbox", head, "0123456789abcdef"),
        ("lines in an mbox", head, "0123456789abcde\n"),
        ("From_ lines without end", head, "\nFrom bob and c\n"),
        ("blank lines", head, "\n\n\n\n\n\n\n\n"),
        ("CRs", head, "\r\r\r\r\r\r\r\r"),
        ("CRLFs", head, "\r\n\r\n\r\n\r\n"),
        ("one mail", "Subject: x\n\n", "0123456789abcde\n"),
        ("a header without end", "Subject: x\n", "X-Y: 0123456789\n"),
        (
            "an event",
            "{\"schema\":1,\"event_id\":\"",
            "0123456789abcdef",
        ),
    ] {
        let source = Endless {
            start: start.as_bytes(),
            piece: piece.as_bytes(),
            left: (9 << 20) / piece.len(),
        };
        let run = run_stream(source, Format::Auto);
        assert_eq!(run.records.len(), 1, "{name}");
        assert!(run.records[0].record.truncated, "{name}");
        let most = HEAD + TAIL + BATCH;
        assert!(run.largest < most, "{name}: {}", run.largest);
        if name == "an event" {
            assert_eq!(run.skips(), ["a line longer than 4 MiB"]);
            continue;
        }
        let text = &run.records[0].bytes;
        assert!(
            text.len() > HEAD && text.len() <= HEAD + TAIL + 1,
            "{name}: {}",
            text.len()
        );
        assert!(text.starts_with(b"Subject: x\n"), "{name}");
    }
}

#[test]
fn i9_the_cuts_fall_between_lines() {
    let line = "0123456789abcd\n";
    let source = Endless {
        start: b"Subject: x\n\n",
        piece: line.as_bytes(),
        left: 500_000,
    };
    let run = run_stream(source, Format::Auto);
    let text = run.records[0].text();
    assert!(text.lines().skip(2).all(|found| found == line.trim_end()));
    // The neighbours of a long message are whole.
    let long = "x".repeat(6 << 20);
    let from = "From bob@example.com Mon Sep 21 12:00:07 2026";
    let mbox = format!("{from}\nA: 1\n\ny\n\n{from}\nA: 2\n\n{long}\n\n{from}\nA: 3\n\nz\n");
    let run = run_bytes(mbox.as_bytes(), 1 << 16, Format::Auto);
    let texts = run.texts();
    assert_eq!(
        (texts.len(), &*texts[0], &*texts[2]),
        (3, "A: 1\n\ny\n", "A: 3\n\nz\n")
    );
    assert!(run.records[1].record.truncated && !run.records[2].record.truncated);
}

#[test]
fn i9_a_message_that_just_fits_is_whole() {
    for (size, truncated) in [(HEAD, false), (HEAD + TAIL, false), (HEAD + TAIL + 1, true)] {
        let mut mail = b"Subject: x\n\n".to_vec();
        mail.resize(size, b'x');
        let run = run_bytes(&mail, 1 << 20, Format::Auto);
        assert_eq!(run.records[0].record.truncated, truncated, "{size}");
        assert_eq!(run.records[0].bytes == mail, !truncated, "{size}");
    }
}

#[test]
fn u4_many_short_records_make_many_batches() {
    let run = run_bytes("{}\n".repeat(10_000).as_bytes(), 1 << 20, Format::Ndjson);
    assert_eq!(run.records.len(), 10_000);
    assert_eq!(run.batches, 10);
    assert_eq!(run.records[9_999].record.index, 9_999);
}
