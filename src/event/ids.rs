//! Identifiers in a reply that say nothing: queue ids, sessions, tickets.
//!
//! No two replies of a server share them, but whatever else is read from a reply is the
//! same with another in its place. What counts as one here is less than what the canonical
//! text masks: a run of letters, digits and marks in which no code, host or address can begin or
//! end, and no wording of a stage.

use super::reply;
use crate::classify;
use crate::normalise::{self, is_of_run};
use std::ops::Range;

/// In longer replies none counts, in bytes.
const LONGEST_REPLY: usize = 480;
/// Longest identifier, in bytes.
const LONGEST: usize = 64;
/// At most so many of one reply.
const MOST: usize = 6;
/// Before a code these words introduce a reply.
const INTRODUCE: [&str; 2] = ["said", "returned"];

/// What stands for the identifier of a number.
pub fn stand_in(number: usize) -> String {
    format!("1q0v{number}7z0w2q0v")
}

/// Puts into `out` where the identifiers of a reply stand, in their order.
pub fn find<'r>(reply: &'r [u8], out: &mut Vec<Range<usize>>) {
    out.clear();
    // What is kept of a long one depends on its length.
    if reply.len() > LONGEST_REPLY || !reply.is_ascii() {
        return;
    }
    let mut at = 0;
    while let Some(start) = digit(reply, at) {
        // The word around a digit, between blanks, and the run in it.
        let before = reply.get(at..start).unwrap_or_default();
        let word = before.iter().rev().take_while(|b| !is_blank(b)).count();
        let run = before.iter().rev().take_while(|b| is_of_run(b)).count();
        let behind = reply.get(start..).unwrap_or_default();
        let word_end = start + behind.iter().take_while(|b| !is_blank(b)).count();
        let run_end = start + behind.iter().take_while(|b| is_of_run(b)).count();
        let whole = reply.get(start - word..word_end).unwrap_or_default();
        if memchr::memchr(b'@', whole).is_some() {
            at = word_end;
            continue;
        }
        let core = reply
            .get(start - run..run_end)
            .map(trimmed)
            .unwrap_or_default();
        let text = |before: Option<&'r [u8]>| std::str::from_utf8(before?).ok();
        let host = || {
            let before = text(reply.get(..start - run)).unwrap_or_default();
            core.contains(&b'.') && reply::may_name_host(before)
        };
        if is_id(core) && out.len() < MOST && !host() {
            out.push(start - run..start - run + core.len());
        }
        at = run_end;
    }
}

/// Where the next digit stands.
fn digit(reply: &[u8], from: usize) -> Option<usize> {
    let behind = reply.get(from..)?;
    // Without an early end the compiler looks at sixteen bytes at once.
    let any = |block: &[u8]| block.iter().fold(false, |any, b| any | b.is_ascii_digit());
    let none = behind.chunks(16).take_while(|block| !any(block)).count() * 16;
    let rest = behind.get(none..)?;
    Some(from + none + rest.iter().position(u8::is_ascii_digit)?)
}

/// The blanks of [`char::is_whitespace`] that are ASCII.
fn is_blank(b: &u8) -> bool {
    matches!(b, b'\t'..=b'\r' | b' ')
}

/// Without the marks behind it, which are of the sentence.
fn trimmed(run: &[u8]) -> &[u8] {
    let mark = |b: &&u8| matches!(b, b'.' | b':' | b'-' | b'+');
    let marks = run.iter().rev().take_while(mark).count();
    run.get(..run.len() - marks).unwrap_or_default()
}

/// Shortest beginning, up to a mark: a code or an IP begins with less.
const SHORTEST: usize = 4;

fn is_id(run: &[u8]) -> bool {
    let Ok(run) = std::str::from_utf8(run) else {
        return false;
    };
    if matches!(run.as_bytes(), [b'0'..=b'3', ..]) && normalise::is_moment(run) {
        return true;
    }
    let marks = |b: u8| matches!(b, b'-' | b'_' | b'.');
    let begins = run.bytes().take_while(u8::is_ascii_alphanumeric).count();
    begins >= SHORTEST.min(run.len())
        && run.len() <= LONGEST
        && run.bytes().all(|b| b.is_ascii_alphanumeric() || marks(b))
        && !has_code(run.as_bytes())
        && normalise::is_id(run)
        && !touches(run)
}

/// Whether a code may begin within a run: behind three digits and a hyphen.
fn has_code(run: &[u8]) -> bool {
    run.windows(4).any(|four| {
        let digits = four.iter().take_while(|b| b.is_ascii_digit()).count();
        digits == 3 && four.last() == Some(&b'-')
    })
}

/// Whether wording might begin or end in an identifier, which it cannot at a digit.
fn touches(run: &str) -> bool {
    let bytes = run.as_bytes();
    let letter = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphabetic);
    letter(bytes.first()) && classify::may_end_in(run)
        || letter(bytes.last())
            && (classify::may_begin_in(run)
                || reply::may_begin_mark(run)
                || INTRODUCE.iter().any(|word| reply::ends(run, word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e1_identifiers_are_runs_that_nothing_is_read_from() {
        for (reply, expected) in [
            (
                "250 2.0.0 Ok: queued as 4XyZ1234abcd",
                &["4XyZ1234abcd"][..],
            ),
            ("550 5.5.0 unavailable (0001f3a9).", &[]),
            ("250 Ok: queued as A678E51061", &["A678E51061"]),
            ("550 access denied, AS16012611", &[]),
            ("550 5.5.0 unavailable (000001f3a9b).", &["000001f3a9b"]),
            ("451 try again, 20261103", &["20261103"]),
            ("d2e1a72fcca58-7-gsmtp", &["d2e1a72fcca58-7-gsmtp"]),
            ("id=abc123def456;", &["abc123def456"]),
            ("abc123def456-550-", &[]),
            ("abc123def456@example.com", &[]),
            (
                "<abc123def456/u@example.com> abc123def456",
                &["abc123def456"],
            ),
            ("abc123def456.example.com", &[]),
            (
                "OK 1790000000 d2e1a72fcca58-7.5si1234567pfb.12 - gsmtp",
                &["1790000000", "d2e1a72fcca58-7.5si1234567pfb.12"],
            ),
            ("by host a72fcca58-7.5si1234567pfb.12", &[]),
            ("relay=a72fcca58-7.5si1234567pfb.12", &[]),
            ("a1234-5.1.1-12345678", &[]),
            ("550.abcdefgh123456789", &[]),
            (
                "[at 2026-11-03T09:11:12.345Z 08DC12345678ABCD]",
                &["2026-11-03T09:11:12.345Z", "08DC12345678ABCD"],
            ),
            ("in reply to rcpt to1234567890ab", &[]),
            ("x1234567890after data", &[]),
            ("1234567890said 550", &[]),
            ("\u{fc} 1234567890ab", &[]),
        ] {
            let mut found = Vec::new();
            find(reply.as_bytes(), &mut found);
            let found: Vec<&str> = found.into_iter().map(|at| &reply[at]).collect();
            assert_eq!(found, expected, "{reply}");
        }
        let all: String = (0..MOST).map(|n| stand_in(n) + " ").collect();
        let mut found = Vec::new();
        find(all.as_bytes(), &mut found);
        assert_eq!(found.len(), MOST);
    }
}
