//! The stage of the SMTP dialogue, as notifications word it.

use crate::phrases::{Lines, Phrases};
use crate::vocab::Command;
use memchr::memmem;
use std::cell::RefCell;
use std::sync::LazyLock;

/// Wording → stage. The first row that stands in the text decides.
///
/// Sources: Postfix (`in reply to … command`), Exim (`after RCPT TO`), sendmail
/// (`>>> RCPT`), Exchange (`in response to`), PowerMTA (`while not connected`),
/// qmail-remote (`does not like recipient`).
const WORDING: &[(&str, Command)] = &[
    ("end of data", Command::Data),
    ("end-of-data", Command::Data),
    ("in reply to data", Command::Data),
    ("in response to data", Command::Data),
    ("after data", Command::Data),
    ("at the end of the message", Command::Data),
    ("sending message body", Command::Data),
    ("in reply to rcpt to", Command::Rcpt),
    ("in response to rcpt", Command::Rcpt),
    ("response to rcpt", Command::Rcpt),
    ("after rcpt to", Command::Rcpt),
    ("after pipelined rcpt", Command::Rcpt),
    ("rcpt to command", Command::Rcpt),
    ("in reply to mail from", Command::Mail),
    ("in response to mail from", Command::Mail),
    ("after mail from", Command::Mail),
    ("after pipelined mail from", Command::Mail),
    ("mail from command", Command::Mail),
    ("in reply to helo", Command::Ehlo),
    ("in reply to ehlo", Command::Ehlo),
    ("after helo", Command::Ehlo),
    ("after ehlo", Command::Ehlo),
    ("in reply to starttls", Command::StartTls),
    ("after starttls", Command::StartTls),
    ("in reply to auth", Command::Auth),
    ("after auth", Command::Auth),
    ("after initial connection", Command::Conn),
    ("while performing the initial", Command::Conn),
    ("initial server greeting", Command::Conn),
    ("connected but greeting failed", Command::Conn),
    ("refused to talk to me", Command::Conn),
    ("while not connected", Command::Conn),
    // qmail-remote.
    ("does not like recipient", Command::Rcpt),
    ("but sender was rejected", Command::Mail),
    ("but my name was rejected", Command::Ehlo),
    ("but greeting failed", Command::Conn),
    ("failed on data command", Command::Data),
    ("failed after i sent the message", Command::Data),
    (">>> rcpt", Command::Rcpt),
    (">>> mail", Command::Mail),
    (">>> data", Command::Data),
    (">>> ehlo", Command::Ehlo),
    (">>> helo", Command::Ehlo),
    (">>> quit", Command::Quit),
    ("rcpt to:", Command::Rcpt),
];

/// Finds all of the wording in one pass.
static FINDER: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::ignoring_case(WORDING.iter().map(|(words, _)| words)));

/// Where in the dialogue a reply was given, if its text or surroundings say so.
///
/// A gateway may have wrapped the lines within the wording.
pub fn command_in(text: &str) -> Option<Command> {
    stage(text).or_else(|| wrapped_stage(text))
}

/// Like [`command_in`], for the human part of a notification: most of its lines are those
/// of every other notification.
pub fn command_in_report(text: &str) -> Option<Command> {
    stage_of_lines(text).or_else(|| wrapped_stage(text))
}

/// The stage by wording that goes over the end of a line.
fn wrapped_stage(text: &str) -> Option<Command> {
    let join = || text.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    is_wrapped(text).then(|| stage(&join()))?
}

/// The stage by the wording of each line: none of it goes over the end of a line.
fn stage_of_lines(text: &str) -> Option<Command> {
    let mut rows: u64 = 0;
    KNOWN.with_borrow_mut(|known| known.each(text, rows_in, |found| rows |= found));
    let first = usize::try_from(rows.trailing_zeros()).ok()?;
    let (words, command) = WORDING.get(first)?;
    // Of a transcript more counts than what stands in it.
    match words.starts_with(">>>") {
        true => stage(text),
        false => Some(*command),
    }
}

thread_local! {
    static KNOWN: RefCell<Lines<u64>> = RefCell::default();
}

/// The rows of the wording that stand in a line, a bit each.
fn rows_in(line: &str) -> u64 {
    let mut rows = 0;
    FINDER.each(line, |f| {
        if ends_word(line, f.range.end) {
            rows |= 1 << f.phrase;
        }
    });
    rows
}

/// There is a bit for every row.
const _: () = assert!(WORDING.len() <= 64);

/// Whether wording that does not stand in a text as it is may stand in it with its lines
/// joined: somewhere the letters around a gap are those around a blank of the wording.
fn is_wrapped(text: &str) -> bool {
    let bytes = text.as_bytes();
    if memchr::memchr(b'\n', bytes).is_none() {
        return false;
    }
    let mut gaps = memchr::memchr3_iter(b'\n', b'\t', b'\r', bytes).chain(WIDE.find_iter(bytes));
    gaps.any(|at| is_seam(bytes, at)) || memchr::memchr(b'\x0c', bytes).is_some()
}

/// Whether a gap at `at` could be a blank of the wording.
fn is_seam(bytes: &[u8], at: usize) -> bool {
    let (before, after) = bytes.split_at(at.min(bytes.len()));
    let (before, after) = (before.trim_ascii_end(), after.trim_ascii_start());
    let letter = |byte: Option<&u8>| byte.map_or(0, letter);
    let mut back = before.iter().rev();
    let (last, next) = (letter(back.next()), letter(back.next()));
    let seam = [next, last, letter(after.first()), letter(after.get(1))];
    let (word, bit) = place(seam);
    SEAMS.get(word).is_some_and(|word| word & bit != 0)
}

/// Five bits of a byte: those of a letter without its case, none of a blank.
const fn letter(byte: &u8) -> u32 {
    match byte {
        b'\t' | b'\n' | b'\r' | b'\x0c' => 0,
        byte => *byte as u32 & 31,
    }
}

/// Which word of the table stands for a seam, and which bit of it.
fn place(seam: [u32; 4]) -> (usize, u64) {
    let number = seam.iter().fold(0_u32, |all, letter| all << 5 | letter);
    let hash = number.wrapping_mul(0x9e37_79b9) >> 16;
    ((hash >> 6) as usize, 1 << (hash & 63))
}

/// The seams at the blanks of the wording, the two letters before and those behind each: a
/// table of bits. Where the wording ends, there may be any letter.
static SEAMS: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let mut table = vec![0; 1024];
    let letters = |byte: Option<&u8>| match byte {
        Some(byte) => letter(byte)..=letter(byte),
        None => 0..=31,
    };
    for words in WORDING.iter().map(|(words, _)| words.as_bytes()) {
        for at in memchr::memchr_iter(b' ', words) {
            let (before, after) = words.split_at(at);
            let mut back = before.iter().rev();
            let (last, next) = (letters(back.next()), letters(back.next()));
            for (next, last) in next.flat_map(|n| last.clone().map(move |l| (n, l))) {
                for end in letters(after.get(2)) {
                    let first = after.get(1).map_or(0, letter);
                    let (word, bit) = place([next, last, first, end]);
                    table.get_mut(word).into_iter().for_each(|w| *w |= bit);
                }
            }
        }
    }
    table
});

static WIDE: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new(b"  "));

fn stage(text: &str) -> Option<Command> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    FINDER.each(text, |f| {
        if ends_word(text, f.range.end) {
            found.push((f.phrase, f.range.start));
        }
    });
    let (row, _) = found.iter().min()?;
    let (words, command) = WORDING.get(*row)?;
    if !words.starts_with(">>>") {
        return Some(*command);
    }
    // A pipelining client has sent DATA before it read the refusal of the recipient.
    let lower = text.to_ascii_lowercase();
    let unheard = ["need rcpt", "no valid recipients", "no recipients"];
    if unheard.iter().any(|w| lower.contains(w)) {
        return Some(Command::Rcpt);
    }
    // A transcript has several commands: the last one is what was answered.
    let (last, _) = found
        .iter()
        .filter(|(row, _)| WORDING.get(*row).is_some_and(|w| w.0.starts_with(">>>")))
        .max_by_key(|(_, at)| *at)?;
    WORDING.get(*last).map(|w| w.1)
}

/// True if no letter follows (`after data`, not `after database`).
fn ends_word(text: &str, end: usize) -> bool {
    let next = text.get(end..).and_then(|t| t.chars().next());
    !next.is_some_and(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn c2_stage_from_wording() {
        for (text, want) in [
            ("550 x (in reply to RCPT TO command)", Some(Command::Rcpt)),
            (
                "554 x (in reply to end of DATA command)",
                Some(Command::Data),
            ),
            ("550 x (in reply to MAIL FROM command)", Some(Command::Mail)),
            (
                "SMTP error from remote mail server after RCPT TO:<a@b.example>",
                Some(Command::Rcpt),
            ),
            ("after end of data: 550", Some(Command::Data)),
            // Wrapped by a gateway.
            ("after MAIL\n  FROM:<a@b.example>: 550", Some(Command::Mail)),
            ("failed AFTER\tI\n sent the message", Some(Command::Data)),
            ("does  not like recipient.\n", Some(Command::Rcpt)),
            ("does  not like recipient.", None),
            ("of course\nafter\n\ndata\n", Some(Command::Data)),
            ("error after initial connection: 554", Some(Command::Conn)),
            (
                ">>> MAIL From:<a@b.example>\n<<< 250 ok\n>>> RCPT To:<c@d.example>\n<<< 550 no",
                Some(Command::Rcpt),
            ),
            (
                ">>> RCPT To:<c@d.example>\n<<< 250 ok\n>>> DATA\n<<< 550 no",
                Some(Command::Data),
            ),
            (
                ">>> DATA\n<<< 550 5.1.1 no\n<<< 503 5.0.0 Need RCPT (recipient)",
                Some(Command::Rcpt),
            ),
            ("user unknown", None),
            ("after database error", None),
            ("", None),
        ] {
            assert_eq!(command_in(text), want, "{text}");
        }
    }

    proptest! {
        /// Wrapped wording is found as it would be with all lines joined.
        #[test]
        fn c2_wrapped_wording_is_found(
            words in proptest::collection::vec(proptest::sample::select(&[
                "in", "reply", "to", "end", "of", "data", "DATA", "after", "RCPT", "to:", "i", "sent", "the", "message", ">>>",
                "mail", "x",
            ][..]), 0..12),
            gaps in proptest::collection::vec(proptest::sample::select(&[" ", " ", "  ", "\n", "\n ", "\t", "\r", "\x0c"][..]), 12),
        ) {
            let text: String = words.iter().zip(&gaps).flat_map(|(word, gap)| [*word, *gap]).collect();
            let joined = || stage(&words.join(" "));
            let want = stage(&text).or_else(|| text.contains('\n').then(joined)?);
            prop_assert_eq!(command_in(&text), want, "{:?}", text);
            // Line by line, and when every line has come before.
            for _ in 0..3 {
                prop_assert_eq!(command_in_report(&text), want, "{:?}", text);
            }
        }
    }
}
