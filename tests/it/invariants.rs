//! What holds for every input: the same events from every container, line end, split and
//! chunking; events that are written are read; books balance; order does not matter.
//!
//! 64 cases each; `PROPTEST_CASES` asks for more.

use crate::library::{self, Found, mails, mbox, read};
use bounce::event::Event;
use bounce::history::Collector;
use bounce::input::Format;
use bounce::policy::Policy;
use bounce::report::summary::Books;
use bounce::report::{self, Filter, Newest, Question};
use proptest::prelude::*;
use std::io::{Read, Write};

fn cases() -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok();
    let cases = asked.and_then(|n| n.parse().ok()).unwrap_or(64);
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Some mails of `testdata/`, as their places there.
fn some() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0..mails().len(), 1..5)
}

fn bytes(n: usize) -> &'static [u8] {
    &mails()[n].1
}

/// The events of mails read one by one. What the mail itself does not date has another
/// date in a mailbox: such mails are left out.
fn alone(picked: &[usize]) -> (Vec<usize>, Vec<Event>) {
    let mut dated = Vec::new();
    let mut events = Vec::new();
    for n in picked {
        let found = read(bytes(*n), Format::Eml).bare();
        if found.iter().all(|e| e.occurred_at.is_some()) {
            dated.push(*n);
            events.extend(found);
        }
    }
    (dated, events)
}

/// A text with other line ends: of each line what the number at its place says. A blank
/// line behind a CR has no LF: that would be one line end, not two.
fn with_ends(text: &[u8], ends: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut ends = ends.iter().cycle();
    for line in text.split_inclusive(|b| *b == b'\n') {
        let Some(line) = line.strip_suffix(b"\n") else {
            out.extend(line);
            break;
        };
        let end = [&b"\n"[..], b"\r\n", b"\r"][usize::from(*ends.next().unwrap())];
        out.extend(line);
        out.extend(if out.ends_with(b"\r") && end == b"\n" {
            b"\r"
        } else {
            end
        });
    }
    out
}

/// A stream that comes in pieces of these sizes.
struct Pieces<'a>(&'a [u8], std::iter::Cycle<std::slice::Iter<'a, usize>>);

impl Read for Pieces<'_> {
    fn read(&mut self, block: &mut [u8]) -> std::io::Result<usize> {
        let size = (*self.1.next().unwrap()).min(block.len());
        self.0.read(&mut block[..size])
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

/// The figures of a report, and what its views show.
fn summary(events: &[Event]) -> String {
    let policy = Policy::default();
    let mut collector = Collector::default();
    let mut newest = Newest::default();
    for event in events {
        collector.add(event);
        newest.see(event);
    }
    let filter = Filter::default();
    let question = Question {
        filter: &filter,
        sends: None,
        policy: &policy,
        now: library::setting().now.as_second(),
    };
    let mut history = collector.finish(&policy);
    format!(
        "{:?}",
        report::summary(&mut history, &question, newest, Books::default())
    )
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn i9_the_same_events_from_any_line_ends(picked in some(), ends in prop::collection::vec(0u8..3, 1..9)) {
        let plain = mbox(picked.iter().map(|n| bytes(*n)));
        let want = read(&plain[..], Format::Auto).events;
        for ends in [&[0][..], &[1], &[2], &ends] {
            let got = read(&with_ends(&plain, ends)[..], Format::Auto).events;
            prop_assert_eq!(&got, &want, "{:?} {:?}", ends, &picked);
        }
    }

    #[test]
    fn i2_the_same_events_alone_and_in_a_mailbox(picked in some()) {
        let (picked, want) = alone(&picked);
        let all = mbox(picked.iter().map(|n| bytes(*n)));
        if !picked.is_empty() {
            prop_assert_eq!(&read(&all[..], Format::Auto).bare(), &want, "{:?}", &picked);
            prop_assert_eq!(&read(&gzip(&all)[..], Format::Auto).bare(), &want);
            let zst = zstd::encode_all(&all[..], 1).unwrap();
            prop_assert_eq!(&read(&zst[..], Format::Auto).bare(), &want);
        }
    }

    #[test]
    fn i2_the_same_events_in_any_pieces(picked in some(), sizes in prop::collection::vec(1usize..3000, 1..6)) {
        let plain = mbox(picked.iter().map(|n| bytes(*n)));
        let want = read(&plain[..], Format::Auto).events;
        let pieces = Pieces(&plain, sizes.iter().cycle());
        prop_assert_eq!(read(pieces, Format::Auto).events, want);
    }

    #[test]
    fn i2_the_same_events_from_any_split_into_files(picked in some(), cut in 0usize..5) {
        let all = mbox(picked.iter().map(|n| bytes(*n)));
        let want = read(&all[..], Format::Auto).bare();
        let (first, second) = picked.split_at(cut.min(picked.len()));
        let mut got = Vec::new();
        for part in [first, second].into_iter().filter(|part| !part.is_empty()) {
            got.extend(read(&mbox(part.iter().map(|n| bytes(*n)))[..], Format::Auto).bare());
        }
        prop_assert_eq!(got, want);
    }

    #[test]
    fn i7_events_that_are_written_are_read(picked in some()) {
        let plain = mbox(picked.iter().map(|n| bytes(*n)));
        let mut want = read(&plain[..], Format::Auto).events;
        // Only where the notification itself was read.
        want.iter_mut().for_each(|e| e.tagged = false);
        let mut lines = Vec::new();
        want.iter().for_each(|e| bounce::output::ndjson::write(e, &mut lines));
        let found = read(&lines[..], Format::Auto);
        prop_assert_eq!(found.rejects.len() + found.failures.len(), 0);
        prop_assert_eq!(found.events, want);
    }

    #[test]
    fn u4_the_books_balance_on_any_bytes(
        noise in prop::collection::vec(prop_oneof![
            prop::collection::vec(any::<u8>(), 0..200),
            "From [a-z@]{0,9} (Mon Nov  2 09:00:00 2026)?\n(Subject: x\n\n)?".prop_map(String::into_bytes),
            "(email|recipient|to),(code|reason)\n([a-z]{0,4}(@x.example)?,[5\"4]{0,3}\n){0,4}".prop_map(String::into_bytes),
            "[{\\[]{0,3}\"(email|event)\":\"[a-z@.]{0,9}\"[}\\]]{0,3}\n".prop_map(String::into_bytes),
            (0..mails().len(), any::<prop::sample::Index>()).prop_map(|(n, at)| bytes(n)[..at.index(bytes(n).len())].to_vec()),
        ], 0..5),
        format in prop::sample::select(Format::ALL),
    ) {
        // `read` holds the books against each other.
        let Found { books, events, .. } = read(&noise.concat()[..], format);
        prop_assert!(books.with_events <= events.len() as u64);
    }

    #[test]
    fn p6_a_report_does_not_depend_on_the_order(picked in prop::collection::vec(0..mails().len(), 2..12), seed: u64) {
        let events: Vec<Event> = picked.iter().flat_map(|n| read(bytes(*n), Format::Eml).bare()).collect();
        let mut other = events.clone();
        let mut state = seed | 1;
        for n in (1..other.len()).rev() {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            other.swap(n, usize::try_from(state % (n as u64 + 1)).unwrap());
        }
        prop_assert_eq!(summary(&events), summary(&other));
    }
}
