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
    stage(text).or_else(|| is_wrapped(text).then(|| joined_stage(text))?)
}

/// Like [`command_in`], for the human part of a notification: most of its lines are those
/// of every other notification.
pub fn command_in_report(text: &str) -> Option<Command> {
    let mut seen = Seen::default();
    KNOWN.with_borrow_mut(|known| known.each(text, OfLine::read, |line| seen.add(&line)));
    let joined = || {
        let wrapped = seen.wrapped && memchr::memchr(b'\n', text.as_bytes()).is_some();
        wrapped.then(|| joined_stage(text))?
    };
    seen.stage(text).or_else(joined)
}

thread_local! {
    static KNOWN: RefCell<Lines<OfLine>> = RefCell::default();
}

/// What of the wording stands in a line, or may go over its ends.
#[derive(Clone, Copy, Default)]
struct OfLine {
    /// The rows that stand in it, a bit each.
    rows: u64,
    /// Its first two letters and its last two; none in a blank line.
    ends: Option<[[u32; 2]; 2]>,
    /// There may be wording in it with a gap of another kind than a blank.
    gaps: bool,
}

impl OfLine {
    fn read(line: &str) -> OfLine {
        let mut rows = 0;
        FINDER.each(line, |f| {
            if ends_word(line, f.range.end) {
                rows |= 1 << f.phrase;
            }
        });
        let text = line.as_bytes().trim_ascii();
        let ends = [first_two(text.iter()), first_two(text.iter().rev())];
        OfLine {
            rows,
            ends: (!text.is_empty()).then_some(ends),
            gaps: has_gap(line.as_bytes()),
        }
    }
}

/// What of the wording stands in the lines so far: none of it goes over the end of a line,
/// unless a gateway has wrapped it.
#[derive(Default)]
struct Seen {
    rows: u64,
    /// The last two letters of the last line.
    last: [u32; 2],
    /// Some may be wrapped.
    wrapped: bool,
}

impl Seen {
    fn add(&mut self, line: &OfLine) {
        self.rows |= line.rows;
        self.wrapped |= line.gaps;
        if let Some([first, last]) = line.ends {
            self.wrapped |= is_seam(self.last, first);
            self.last = last;
        }
    }

    /// The stage by what stands in the lines, which are those of `text`.
    fn stage(&self, text: &str) -> Option<Command> {
        let first = usize::try_from(self.rows.trailing_zeros()).ok()?;
        let (words, command) = WORDING.get(first)?;
        // Of a transcript more counts than what stands in it.
        match words.starts_with(">>>") {
            true => stage(text),
            false => Some(*command),
        }
    }
}

/// There is a bit for every row.
const _: () = assert!(WORDING.len() <= 64);

/// The stage by wording that stands in the text with its lines joined.
fn joined_stage(text: &str) -> Option<Command> {
    stage(&text.split_ascii_whitespace().collect::<Vec<_>>().join(" "))
}

/// Whether wording that does not stand in a text as it is may stand in it with its lines
/// joined: somewhere the letters around a gap are those around a blank of the wording.
fn is_wrapped(text: &str) -> bool {
    memchr::memchr(b'\n', text.as_bytes()).is_some() && has_gap(text.as_bytes())
}

fn has_gap(bytes: &[u8]) -> bool {
    let mut gaps = memchr::memchr3_iter(b'\n', b'\t', b'\r', bytes).chain(WIDE.find_iter(bytes));
    let around = |at: usize| {
        let (before, after) = bytes.split_at(at.min(bytes.len()));
        let last = first_two(before.trim_ascii_end().iter().rev());
        is_seam(last, first_two(after.trim_ascii_start().iter()))
    };
    gaps.any(around) || memchr::memchr(b'\x0c', bytes).is_some()
}

fn first_two<'a>(mut bytes: impl Iterator<Item = &'a u8>) -> [u32; 2] {
    let mut next = || bytes.next().map_or(0, letter);
    [next(), next()]
}

/// Whether a gap could be a blank of the wording: by the last letters before it, the very
/// last one first, and the first behind it.
fn is_seam([last, next]: [u32; 2], [first, second]: [u32; 2]) -> bool {
    let (word, bit) = place([next, last, first, second]);
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

/// What a server says to the DATA of a client that has no recipient yet.
const UNHEARD: &[&str] = &["need rcpt", "no valid recipients", "no recipients"];

/// The words that wording begins and ends with, and what of it is one word.
struct Edges {
    first: Vec<&'static str>,
    last: Vec<&'static str>,
    whole: Phrases,
}

static EDGES: LazyLock<Edges> = LazyLock::new(|| {
    let said = WORDING.iter().map(|(words, _)| words).chain(UNHEARD);
    let (several, whole): (Vec<&str>, Vec<&str>) = said.partition(|words| words.contains(' '));
    let each = |word: fn(&&'static str) -> Option<&'static str>| {
        let mut words: Vec<&str> = several.iter().filter_map(word).collect();
        words.sort_unstable();
        words.dedup();
        words
    };
    Edges {
        first: each(|words| words.split(' ').next()),
        last: each(|words| words.rsplit(' ').next()),
        whole: Phrases::ignoring_case(whole),
    }
});

/// Whether wording may begin with the end of a word, blanks and other words behind it.
pub fn may_begin_in(word: &str) -> bool {
    let ends = |head: &&str| {
        let from = word.len().checked_sub(head.len());
        let end = from.and_then(|from| word.get(from..));
        end.is_some_and(|end| end.eq_ignore_ascii_case(head))
    };
    EDGES.first.iter().any(ends)
}

/// Whether wording may end with the beginning of a word, or stand in it.
pub fn may_end_in(word: &str) -> bool {
    let begins = |end: &&str| {
        let head = word.get(..end.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(end))
    };
    // What overrules the wording need not end there.
    let apart = |end: &&str| begins(end) && ends_word(word, end.len());
    let overruled = |end: &&str| UNHEARD.iter().any(|words| words.ends_with(*end));
    EDGES
        .last
        .iter()
        .any(|end| apart(end) || begins(end) && overruled(end))
        || EDGES.whole.stand_in(word)
}

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
    if UNHEARD.iter().any(|w| lower.contains(w)) {
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
