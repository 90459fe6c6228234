//! What a file is, by its content; its name is never asked (I2).

use super::field;
use super::from_line::FromLine;
use super::log::{self, Log, Sniff};

/// How much of a file is looked at, in bytes of decompressed text.
pub const WINDOW: usize = 64 * 1024;
/// Lines that are looked at for header fields.
const MAX_LINES: usize = 64;

/// What the bytes of a file are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Messages, each behind a From_ line.
    Mbox,
    /// One mail.
    Eml,
    /// One of our own events a line (I7).
    Ndjson,
    /// Rows of cells (I5).
    Csv,
    /// Objects of other programs (I6).
    Json,
    /// Lines of a log (I6), and whose the first known one is.
    Log(Option<Log>),
    /// Nothing that is known.
    Unknown,
}

/// How a file is compressed, by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// RFC 1952, perhaps several members.
    Gzip,
    /// RFC 8878, perhaps several frames.
    Zstd,
}

impl Compression {
    /// The compression that `start` is the beginning of.
    pub fn of(start: &[u8]) -> Option<Compression> {
        match start {
            [0x1f, 0x8b, 0x08, ..] => Some(Compression::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Compression::Zstd),
            _ => None,
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Compression::Gzip => "gzip",
            Compression::Zstd => "zstd",
        }
    }
}

/// What `head` begins: the beginning of a file from its first line that is not
/// blank on, with LF line ends and without a byte order mark. `whole`: no more
/// will come. None: more is needed.
///
/// More bytes never change an answer once given.
pub fn detect(head: &[u8], whole: bool) -> Option<Content> {
    let whole = whole || head.len() >= WINDOW;
    match head {
        [b'{', ..] => return events(head, whole),
        [b'[', rest @ ..] => match rest.trim_ascii_start() {
            [b'{', ..] => return objects(head, whole),
            [] if !whole => return None,
            _ => {}
        },
        _ => {}
    }
    let mut lines = Lines { rest: head, whole };
    let first = lines.next_or(whole)?;
    match FromLine::of(first) {
        FromLine::Not => match header(head, whole)? {
            Content::Unknown => lines_of_log(head, whole),
            content => Some(content),
        },
        FromLine::Strict | FromLine::Patch => Some(Content::Mbox),
        kind => {
            let second = lines.next_or(whole)?;
            let fits = match kind {
                FromLine::Loose => second.is_empty() || begins_message(second),
                _ => field::is_known_line(second),
            };
            let content = if fits {
                Content::Mbox
            } else {
                Content::Unknown
            };
            Some(content)
        }
    }
}

/// Whether `line` can be the first behind a From_ line: a header field, or the
/// `>From ` lines that UUCP and old mailers leave.
pub fn begins_message(line: &[u8]) -> bool {
    line.starts_with(b">From ") || field::name(line).is_some()
}

/// Our events name their schema and id first.
fn events(text: &[u8], whole: bool) -> Option<Content> {
    let line = match memchr::memchr(b'\n', text) {
        Some(end) => text.get(..end).unwrap_or_default(),
        None if whole => text,
        None => return None,
    };
    let has = |key: &[u8]| memchr::memmem::find(line, key).is_some();
    if has(b"\"schema\"") && has(b"\"event_id\"") {
        return Some(Content::Ndjson);
    }
    objects(text, whole)
}

/// What is no mail may be a log.
fn lines_of_log(text: &[u8], whole: bool) -> Option<Content> {
    match log::sniff(text, whole) {
        Sniff::Log(log) => Some(Content::Log(log)),
        Sniff::Nothing => Some(Content::Unknown),
        Sniff::More => None,
    }
}

/// Objects of other programs are of interest if they hold an address.
fn objects(text: &[u8], whole: bool) -> Option<Content> {
    let found = memchr::memchr_iter(b'@', text).any(|at| {
        let before = at.checked_sub(1).and_then(|b| text.get(b));
        let after = text.get(at + 1);
        before.is_some_and(u8::is_ascii_alphanumeric)
            && after.is_some_and(u8::is_ascii_alphanumeric)
    });
    match found {
        true => Some(Content::Json),
        false => whole.then_some(Content::Unknown),
    }
}

/// A mail is text that begins with header fields of which one is a mail's own;
/// or, where the first line is damaged, with two of them.
fn header(text: &[u8], whole: bool) -> Option<Content> {
    let mut lines = Lines { rest: text, whole };
    let mut wanted = 1;
    for at in 0..MAX_LINES {
        let Some(line) = lines.next() else {
            return whole.then_some(Content::Unknown);
        };
        if line.is_empty() {
            break;
        }
        if at == 0 && field::name(line).is_none() {
            wanted = 2;
        }
        if field::is_known_line(line) {
            wanted -= 1;
        }
        if wanted == 0 {
            return Some(Content::Eml);
        }
    }
    Some(Content::Unknown)
}

/// The complete lines of a beginning; at the end of the whole, the last too.
struct Lines<'a> {
    rest: &'a [u8],
    whole: bool,
}

impl<'a> Lines<'a> {
    /// The next line; an empty one at the end of the whole.
    fn next_or(&mut self, whole: bool) -> Option<&'a [u8]> {
        self.next().or(whole.then_some(b"".as_slice()))
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let end = memchr::memchr(b'\n', self.rest);
        if end.is_none() && (!self.whole || self.rest.is_empty()) {
            return None;
        }
        let (line, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest.get(1..).unwrap_or_default();
        Some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SAMPLES: &[(&str, Content)] = &[
        (
            "From bob Mon Sep 21 12:00:07 2026\nSubject: x\n\ny\n",
            Content::Mbox,
        ),
        ("From bob Mon Sep 21 12:00:07 2026", Content::Mbox),
        (
            "From () 2026-09-21 12:00:07 +0000\nReceived: x\n",
            Content::Mbox,
        ),
        ("From \nReturn-Path: <>\n\nx\n", Content::Mbox),
        ("From Bob\nSubject: x\n\nx\n", Content::Mbox),
        ("From the desk of Bob\n\nHello: x\n", Content::Unknown),
        ("Return-Path: <>\nSubject: x\n\ny\n", Content::Eml),
        (
            "Subject: x\n\nFrom bob Mon Sep 21 12:00:07 2026\n",
            Content::Eml,
        ),
        ("Foo: 1\n bar\nSubject: x", Content::Eml),
        (
            ">From bob Mon Sep 21 12:00:07 2026\nTo: x\nSubject: y\n",
            Content::Eml,
        ),
        ("\u{0}\u{1}\u{2}\nTo: x\nSubject: y\n", Content::Eml),
        ("damaged line\nTo: x\n\nSubject: y\n", Content::Unknown),
        ("hello world\n", Content::Unknown),
        ("hello: world\n\nTo: x\n", Content::Unknown),
        ("Email,Status\nbob@example.com,bounced\n", Content::Unknown),
        ("\u{0}ELF\u{1}\n", Content::Unknown),
        ("{\"schema\":1,\"event_id\":\"00\"}\n", Content::Ndjson),
        ("{\"schema\":1,\"event_id\":\"00\"", Content::Ndjson),
        (
            "{\"event\":\"bounce\"}\n{\"schema\":1,\"event_id\":\"00\"}\n",
            Content::Unknown,
        ),
        (
            "{\"event\":\"bounce\",\"email\":\"u@example.com\"}\n",
            Content::Json,
        ),
        ("[\n  {\"email\":\"u@example.com\"}]", Content::Json),
        ("[section]\nkey = u@example.com\n", Content::Unknown),
        (
            "Nov 24 08:01:02 mx sshd[1]: hello\nNov 24 08:01:02 mx postfix/smtp[2]: 4XYZ12: removed\n",
            Content::Log(Some(Log::Postfix)),
        ),
        (
            "one\ntwo\nthree\nNov 24 08:01:02 mx postfix/smtp[2]: 4XYZ12: removed\n",
            Content::Unknown,
        ),
        ("", Content::Unknown),
    ];

    #[test]
    fn i2_the_kind_is_detected_from_content() {
        for (text, expected) in SAMPLES {
            assert_eq!(detect(text.as_bytes(), true), Some(*expected), "{text:?}");
        }
    }

    #[test]
    fn i2_compression_is_detected_from_content() {
        for (start, expected) in [
            (&b"\x1f\x8b\x08\x00rest"[..], Some(Compression::Gzip)),
            (b"\x28\xb5\x2f\xfdrest", Some(Compression::Zstd)),
            (b"\x1f\x8b", None),
            (b"PK\x03\x04", None),
            (b"", None),
        ] {
            assert_eq!(Compression::of(start), expected, "{start:?}");
        }
    }

    #[test]
    fn i2_a_long_first_line_is_decided_within_the_window() {
        let long = vec![b'x'; WINDOW];
        assert_eq!(detect(&long, false), Some(Content::Unknown));
        assert_eq!(detect(&long[1..], false), None);
    }

    proptest! {
        #[test]
        fn i2_more_bytes_never_change_the_answer(
            at in 0..SAMPLES.len(), size in 0_usize..80,
        ) {
            let (text, expected) = SAMPLES[at];
            let head = &text.as_bytes()[..size.min(text.len())];
            if let Some(early) = detect(head, false) {
                prop_assert_eq!(early, expected);
            }
        }
    }
}
