//! Cuts a log into lines, and puts what other lines said before those of deliveries.

use std::cell::RefCell;
use std::rc::Rc;

use super::prefix::{self, Found};
use super::queue::Queue;
use super::{Log, class, exim, opensmtpd, postfix, qmail, sendmail};
use crate::input::batch::{Batcher, Kind};
use crate::input::journal::BAD;
use crate::input::lf::Offsets;
use crate::input::split::Split;

/// Longest line, in bytes, its continuations included.
const MAX_LINE: usize = 64 * 1024;
const TOO_LONG: &str = "a line longer than 64 KiB";

/// Every line is a record; those of no interest have no bytes. A line that begins with
/// a blank goes on with the one before it.
pub struct LogLines {
    forced: Option<Log>,
    queue: Rc<RefCell<Queue>>,
    /// A line whose end has not come yet.
    open: Vec<u8>,
    /// Where it begins.
    start: u64,
    /// Nothing is kept up to the end of the line; true at the beginning of a line that
    /// may go on with it.
    lost: Option<bool>,
    /// Nothing goes on with the lost line.
    alone: bool,
    /// Room for a record.
    room: Vec<u8>,
    /// Room for a line that goes on.
    flat: Vec<u8>,
}

impl LogLines {
    /// For a stream that begins at `position`; all of it is of `forced`, if given.
    pub fn at(position: u64, forced: Option<Log>, queue: Rc<RefCell<Queue>>) -> Self {
        LogLines {
            forced,
            queue,
            open: Vec::new(),
            start: position,
            lost: None,
            alone: false,
            room: Vec::new(),
            flat: Vec::new(),
        }
    }

    /// Enters one line, with its line end.
    fn line(&mut self, line: &[u8], cut: bool, at: &Offsets, out: &mut Batcher<'_>) {
        let offset = at.raw(self.start);
        self.start += line.len() as u64;
        if line.len() > MAX_LINE {
            return out.skip(offset, TOO_LONG);
        }
        let line = line.trim_ascii_end();
        if line.is_empty() {
            return;
        }
        if let Some(why) = line.strip_prefix(BAD) {
            let why = String::from_utf8_lossy(why).into_owned();
            return out.skip(offset, why);
        }
        if memchr::memchr(b'\n', line).is_some() {
            let flat = flat(line, std::mem::take(&mut self.flat));
            self.enter(&flat, cut, offset, out);
            self.flat = flat;
        } else {
            self.enter(line, cut, offset, out);
        }
    }

    fn enter(&mut self, line: &[u8], cut: bool, offset: u64, out: &mut Batcher<'_>) {
        let found = prefix::of(line, self.forced);
        match found.filter(|found| watch(found, &mut self.queue.borrow_mut(), &mut self.room)) {
            Some(found) => out.record(offset, &self.room, Kind::Line(Some(found.log)), cut),
            None => out.record(offset, b"", Kind::Line(None), cut),
        }
    }

    /// Passes over what is left of a line that was too long.
    fn pass<'c>(&mut self, mut chunk: &'c [u8], begins: bool) -> &'c [u8] {
        let mut begins = begins;
        while let Some(first) = chunk.first() {
            if begins && (self.alone || !matches!(first, b' ' | b'\t')) {
                self.lost = None;
                return chunk;
            }
            let end = memchr::memchr(b'\n', chunk).map(|at| at + 1);
            begins = end.is_some();
            let (piece, rest) = chunk.split_at(end.unwrap_or(chunk.len()));
            self.start += piece.len() as u64;
            chunk = rest;
        }
        self.lost = Some(begins);
        chunk
    }

    /// Drops a line that has become too long without an end.
    fn give_up(&mut self, at: &Offsets, out: &mut Batcher<'_>) {
        out.skip(at.raw(self.start), TOO_LONG);
        self.start += self.open.len() as u64;
        self.lost = Some(self.open.ends_with(b"\n"));
        self.alone = self.open.first().is_some_and(u8::is_ascii_whitespace);
        self.open.clear();
    }

    /// Adds what belongs to the open line, and enters it where it ends.
    fn go_on<'c>(&mut self, chunk: &'c [u8], at: &Offsets, out: &mut Batcher<'_>) -> &'c [u8] {
        let mut rest = chunk;
        let mut open = std::mem::take(&mut self.open);
        while !rest.is_empty() && open.len() <= MAX_LINE {
            if open.ends_with(b"\n") && !goes_on(&open, rest) {
                self.line(&open, false, at, out);
                open.clear();
                break;
            }
            let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
            let (piece, after) = rest.split_at(end);
            open.extend_from_slice(piece);
            rest = after;
        }
        self.open = open;
        if self.open.len() > MAX_LINE {
            self.give_up(at, out);
        }
        rest
    }
}

/// Lets the server's own form look at a line.
pub(super) fn watch(found: &Found<'_>, queue: &mut Queue, room: &mut Vec<u8>) -> bool {
    match found.log {
        Log::Postfix => postfix::watch(found, queue, room),
        Log::Exim => exim::watch(found, queue, room),
        Log::Qmail => qmail::watch(found, queue, room),
        Log::OpenSmtpd => opensmtpd::watch(found, queue, room),
        Log::Sendmail => sendmail::watch(found, queue, room),
        Log::Bounce => class::at(found.body).is_some() && class::watch(found, room),
    }
}

/// Where the line ends that `text` begins with: before one that does not begin with a
/// blank. `None`: that has not come yet.
fn end(text: &[u8]) -> Option<usize> {
    let alone = text.first().is_some_and(u8::is_ascii_whitespace);
    let mut at = 0;
    loop {
        at += memchr::memchr(b'\n', text.get(at..)?)? + 1;
        if alone || !matches!(text.get(at)?, b' ' | b'\t') {
            return Some(at);
        }
    }
}

/// A line and its continuations, one blank between them.
fn flat(line: &[u8], mut room: Vec<u8>) -> Vec<u8> {
    room.clear();
    for (n, part) in line.split(|b| *b == b'\n').enumerate() {
        if n > 0 {
            room.push(b' ');
        }
        room.extend_from_slice(part.trim_ascii());
    }
    room
}

impl Split for LogLines {
    fn push(&mut self, chunk: &[u8], at: &mut Offsets, out: &mut Batcher<'_>) {
        let mut rest = chunk;
        while !rest.is_empty() {
            if let Some(begins) = self.lost {
                rest = self.pass(rest, begins);
            } else if !self.open.is_empty() {
                rest = self.go_on(rest, at, out);
            } else if let Some(end) = end(rest) {
                let (line, after) = rest.split_at(end);
                rest = after;
                self.line(line, false, at, out);
            } else {
                self.open.extend_from_slice(rest);
                rest = b"";
                if self.open.len() > MAX_LINE {
                    self.give_up(at, out);
                }
            }
        }
        at.forget(self.start);
    }

    fn finish(&mut self, cut: bool, at: &mut Offsets, out: &mut Batcher<'_>) {
        if !self.open.is_empty() {
            let open = std::mem::take(&mut self.open);
            self.line(&open, cut && !open.ends_with(b"\n"), at, out);
        }
    }
}

/// Whether what follows belongs to the line.
fn goes_on(open: &[u8], rest: &[u8]) -> bool {
    let alone = open.first().is_some_and(u8::is_ascii_whitespace);
    !alone && matches!(rest.first(), Some(b' ' | b'\t'))
}
