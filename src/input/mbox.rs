//! Splits an mbox: mboxo, mboxrd, mboxcl, mboxcl2, and what passes for one (I2, I9).
//!
//! Any line that begins with `From ` may begin a message, or may stand unquoted
//! in a body. What decides, in this order:
//!
//! * a Content-Length that leads to the end of the file or to another From_ line;
//! * the patches of git, which look like messages, never begin one;
//! * behind an empty line: a From_ line with a date in asctime's order begins a
//!   message; with another date, it needs a header field in the next line; with
//!   no date, a well-known one;
//! * directly behind text: a date and a header field are needed;
//! * never where a returned message begins: as the first line of a MIME part, or
//!   directly behind a line that announces a copy of the message.

use memchr::memmem;

use super::batch::Batcher;
use super::detect::begins_message;
use super::field;
use super::from_line::{self, FromLine};
use super::lf::Offsets;
use super::quote;
use super::split::Split;

/// How far back the lines before a From_ line are looked at, in bytes.
const LOOK_BACK: usize = 4096;
/// How much of the lines behind `From ` must be there, in bytes.
const LOOK_AHEAD: usize = from_line::MAX_LINE + 200;
/// How far ahead a Content-Length is verified, in bytes.
const MAX_JUMP: u64 = 8 * 1024 * 1024;
/// Bytes that are let pile up before the used ones are removed.
const SLACK: usize = 64 * 1024;

/// The splitter.
pub struct Mbox {
    finder: memmem::Finder<'static>,
    /// What is not yet decided, and [`LOOK_BACK`] bytes before it.
    buffer: Vec<u8>,
    /// The position of the first byte of `buffer` in the stream.
    base: u64,
    /// Up to here `buffer` has been given out.
    given: usize,
    /// From here on a From_ line is looked for.
    scan: usize,
    /// Where the message that is being read begins; none before the first.
    message: Option<Start>,
    /// The first From_ line is that of a git patch: this is a series of them.
    patches: bool,
    /// Bodies have been seen with unquoted From_ lines (mboxcl2): nothing is quoted.
    literal: bool,
    /// There may be a quoted From_ line in the message.
    quoted: bool,
}

/// Where a message begins, and what it says of its length.
struct Start {
    /// Its position in the stream.
    position: u64,
    /// Its byte offset in the file.
    raw: u64,
    /// How far the end of its header has been looked for.
    searched: usize,
    length: Length,
}

/// What is known of the Content-Length of a message.
#[derive(Clone, Copy)]
enum Length {
    /// Not looked for yet: the header has not ended.
    Unread,
    /// There is none, or it leads nowhere.
    None,
    /// It has led to a From_ line or the end: the body ends at this position.
    End(u64),
}

/// What a line that begins with `From ` is.
enum Decision {
    /// More bytes are needed to tell.
    Wait,
    /// Text.
    Text,
    /// Text, and so is all up to this place in the buffer.
    TextUntil(usize),
    /// It begins a message; the line ends at this place in the buffer.
    Begins(usize),
}

impl Split for Mbox {
    fn push(&mut self, chunk: &[u8], at: &mut Offsets, out: &mut Batcher<'_>) {
        self.buffer.extend_from_slice(chunk);
        self.split(false, at, out);
        let used = self.given.min(self.scan).saturating_sub(LOOK_BACK);
        if used > SLACK {
            self.buffer.drain(..used);
            self.base += used as u64;
            self.given -= used;
            self.scan -= used;
            at.forget(self.base);
        }
    }

    fn finish(&mut self, cut: bool, at: &mut Offsets, out: &mut Batcher<'_>) {
        self.split(true, at, out);
        self.give(self.buffer.len(), out);
        self.end(cut, out);
    }
}

impl Mbox {
    /// For a stream that begins at `position`.
    pub fn at(position: u64) -> Self {
        Mbox {
            finder: memmem::Finder::new(b"From "),
            buffer: Vec::new(),
            base: position,
            given: 0,
            scan: 0,
            message: None,
            patches: false,
            literal: false,
            quoted: false,
        }
    }

    fn split(&mut self, last: bool, at: &mut Offsets, out: &mut Batcher<'_>) {
        if self.message.is_none() && !self.first(last, at, out) {
            return;
        }
        while let Some(found) = self.finder.find(self.after(self.scan + 1)) {
            self.scan += found;
            let from = self.scan + 1;
            let before = self.buffer.get(self.scan);
            if before != Some(&b'\n') {
                self.quoted |= before == Some(&b'>');
                self.scan = from;
                continue;
            }
            self.give(from, out);
            match self.decide(from, last, at, out) {
                Decision::Wait => return,
                Decision::Text => self.scan = from,
                Decision::TextUntil(place) => {
                    self.scan = place;
                    self.quoted = true;
                }
                Decision::Begins(end) => {
                    self.end(false, out);
                    self.begin(Some((from, end)), at, out);
                }
            }
        }
        // The last bytes may be the beginning of the next "\nFrom ".
        self.scan = self.scan.max(self.buffer.len().saturating_sub(5));
        self.give(self.scan, out);
    }

    /// Begins the first message; false if more is needed.
    fn first(&mut self, last: bool, at: &mut Offsets, out: &mut Batcher<'_>) -> bool {
        let text = self.buffer.as_slice();
        let end = memchr::memchr(b'\n', text);
        if text.is_empty() || (end.is_none() && text.len() <= LOOK_AHEAD && !last) {
            return false;
        }
        let line = text.get(..end.unwrap_or(text.len())).unwrap_or_default();
        let kind = FromLine::of(line);
        let line_end = line.len();
        // The container is known to be an mbox: a `From ` line at its very
        // beginning is its first From_ line, whatever it says.
        let is_from_line = kind > FromLine::Not && line.len() <= from_line::MAX_LINE;
        let from_line = is_from_line.then_some((0, line_end));
        self.patches = kind == FromLine::Patch;
        self.begin(from_line, at, out);
        true
    }

    /// Begins a message behind the From_ line at these places, or without one.
    fn begin(&mut self, line: Option<(usize, usize)>, at: &mut Offsets, out: &mut Batcher<'_>) {
        let (from, end) = line.unwrap_or((self.given, self.given));
        let envelope = line.and_then(|(from, end)| self.buffer.get(from..end));
        out.begin(at.raw(self.base + from as u64), envelope);
        let next = if line.is_some() { end + 1 } else { end };
        self.given = next.min(self.buffer.len());
        // The line end of the From_ line may begin the next "\nFrom ".
        self.scan = end.min(self.buffer.len());
        let position = self.base + self.given as u64;
        self.quoted = false;
        self.message = Some(Start {
            position,
            raw: at.raw(position),
            searched: 0,
            length: Length::Unread,
        });
    }

    fn end(&mut self, cut: bool, out: &mut Batcher<'_>) {
        if self.message.take().is_some() {
            out.end_mbox(cut, self.quoted && !self.literal);
        }
    }

    /// Gives out all before `place`.
    fn give(&mut self, place: usize, out: &mut Batcher<'_>) {
        if let Some(data) = self.buffer.get(self.given..place) {
            out.data(data);
            self.given = place;
        }
    }

    fn after(&self, place: usize) -> &[u8] {
        self.buffer.get(place..).unwrap_or_default()
    }

    /// Judges the `From ` at `from`.
    fn decide(&mut self, from: usize, last: bool, at: &mut Offsets, out: &Batcher<'_>) -> Decision {
        let ahead = self.after(from);
        let ahead = ahead.get(..LOOK_AHEAD).unwrap_or(ahead);
        let mut lines = ahead.splitn(3, |byte| *byte == b'\n');
        let line = lines.next().unwrap_or_default();
        let next = lines.next();
        if lines.next().is_none() && ahead.len() < LOOK_AHEAD && !last {
            return Decision::Wait;
        }
        let kind = FromLine::of(line);
        let end = from + line.len();
        if kind < FromLine::Bare || (kind == FromLine::Patch && !self.patches) {
            return Decision::Text;
        }
        let begins = self.begins(from, kind, next);
        match self.length(from, last, at, out) {
            None => Decision::Wait,
            Some(Length::End(position)) => {
                let place = usize::try_from(position.saturating_sub(self.base)).unwrap_or(from);
                if place > from {
                    self.literal = true;
                    Decision::TextUntil(from.max(place - 1))
                } else if begins || from - place <= 2 {
                    Decision::Begins(end)
                } else {
                    Decision::Text
                }
            }
            Some(_) if begins => Decision::Begins(end),
            Some(_) => Decision::Text,
        }
    }

    /// Whether the lines around a From_ line make it the beginning of a message.
    fn begins(&self, from: usize, kind: FromLine, next: Option<&[u8]>) -> bool {
        let back = self.before(from);
        let behind_blank = matches!(back, [] | b"\n" | [.., b'\n', b'\n']);
        let next_fits = match (kind, next) {
            (FromLine::Strict, _) if behind_blank => true,
            (FromLine::Bare, Some(next)) => field::is_known_line(next),
            (FromLine::Bare, None) => false,
            (_, Some(next)) => begins_message(next) || (behind_blank && next.is_empty()),
            (_, None) => behind_blank,
        };
        let place_fits = behind_blank || kind.is_dated() || kind == FromLine::Patch;
        next_fits && place_fits && !returned_message_begins(back)
    }

    /// The last [`LOOK_BACK`] bytes of the message before `from`.
    fn before(&self, from: usize) -> &[u8] {
        let start = self.message.as_ref().map_or(0, |message| message.position);
        let start = usize::try_from(start.saturating_sub(self.base)).unwrap_or(0);
        let back = start.max(from.saturating_sub(LOOK_BACK));
        self.buffer.get(back..from).unwrap_or_default()
    }

    /// What the Content-Length of the message says, verified; none if that needs
    /// more bytes.
    fn length(
        &mut self,
        from: usize,
        last: bool,
        at: &Offsets,
        out: &Batcher<'_>,
    ) -> Option<Length> {
        let start = self.message.as_mut()?;
        if !matches!(start.length, Length::Unread) {
            return Some(start.length);
        }
        let Some(body) = quote::body_from(out.head(), start.searched) else {
            start.searched = out.head().len();
            return Some(Length::Unread);
        };
        let header = out.head().get(..body).unwrap_or_default();
        let ends = start.ends(header, at);
        let length = self.verify(&ends, from, last)?;
        if let Some(start) = &mut self.message {
            start.length = length;
        }
        Some(length)
    }

    /// The first of `ends` that is one; none if that needs more bytes.
    fn verify(&self, ends: &[u64], from: usize, last: bool) -> Option<Length> {
        for &end in ends {
            if end.saturating_sub(self.base + from as u64) > MAX_JUMP {
                continue;
            }
            let place = usize::try_from(end.saturating_sub(self.base)).ok()?;
            if place + 8 > self.buffer.len() && !last {
                return None;
            }
            if place + 2 >= from && self.ends_at(place) {
                return Some(Length::End(end));
            }
        }
        Some(Length::None)
    }

    /// Whether a message can end at `place`: the file ends or a From_ line follows.
    fn ends_at(&self, place: usize) -> bool {
        let Some(rest) = self.buffer.get(place..) else {
            return false;
        };
        let behind = place.checked_sub(1).and_then(|last| self.buffer.get(last));
        let blank = rest
            .iter()
            .take(2)
            .take_while(|byte| **byte == b'\n')
            .count();
        let next = rest.get(blank..).unwrap_or_default();
        next.is_empty() || (next.starts_with(b"From ") && (blank > 0 || behind == Some(&b'\n')))
    }
}

impl Start {
    /// Where the message ends if its Content-Length is right.
    fn ends(&self, header: &[u8], at: &Offsets) -> Vec<u64> {
        let Some(length) = content_length(header) else {
            return Vec::new();
        };
        let body = header.len() as u64;
        let mut ends = vec![(self.position + body).saturating_add(length)];
        if at.shifted() {
            // It may have been counted when line ends had two bytes.
            let lines = memchr::memchr_iter(b'\n', header).count() as u64;
            let raw = (self.raw + body + lines).saturating_add(length);
            ends.push(at.position(raw));
        }
        ends
    }
}

/// The value of the Content-Length field of a header.
fn content_length(header: &[u8]) -> Option<u64> {
    memmem::find_iter(header, b"ength:").find_map(|at| {
        let start = at.checked_sub(9)?;
        let name = header.get(start..at)?;
        let begins_line = start == 0 || header.get(start - 1) == Some(&b'\n');
        if !begins_line || !name.eq_ignore_ascii_case(b"content-l") {
            return None;
        }
        let value = header.get(at + 6..)?.split(|byte| *byte == b'\n').next()?;
        std::str::from_utf8(value).ok()?.trim().parse().ok()
    })
}

/// Whether what follows `back` is a returned message: `back` ends with the header
/// of a MIME part, or with a line that announces a copy. With a blank line behind
/// it the latter is no sign: bounces that were cut off end like that.
fn returned_message_begins(back: &[u8]) -> bool {
    let text = back.trim_ascii_end();
    let mut lines = text.rsplit(|byte| *byte == b'\n');
    if back.ends_with(b"\n\n") {
        ends_part_header(lines)
    } else {
        lines.next().is_some_and(announces)
    }
}

/// Whether `lines`, from the last up, are the header of a MIME part that holds a
/// mail or the header of one.
fn ends_part_header<'a>(lines: impl Iterator<Item = &'a [u8]>) -> bool {
    let mut holds_mail = false;
    for line in lines {
        if line.starts_with(b"--") {
            return holds_mail && line.len() > 2 && !line.ends_with(b"--");
        }
        let folded = line.first().is_some_and(|byte| b" \t".contains(byte));
        if !folded && field::name(line).is_none() {
            return false;
        }
        holds_mail |= names_mail(line);
    }
    false
}

/// Whether a line names `message/rfc822`, `text/rfc822-headers`, or those of RFC
/// 6532.
fn names_mail(line: &[u8]) -> bool {
    let lower = line.to_ascii_lowercase();
    let has = |word: &[u8]| memmem::find(&lower, word).is_some();
    has(b"rfc822") || has(b"message/global")
}

/// `----- Unsent message follows -----`, `--- Below this line is a copy of the
/// message.` and their like, but not `--- End of message ---`, nor sendmail's
/// `----- Message body suppressed -----`.
fn announces(line: &[u8]) -> bool {
    if !line.trim_ascii_start().starts_with(b"--") {
        return false;
    }
    let lower = line.to_ascii_lowercase();
    [&b"follow"[..], b"copy of", b"below"]
        .iter()
        .any(|words| memmem::find(&lower, words).is_some())
}
