//! Logs whose lines come wrapped (I6): entries of journald (`journalctl -o export`, `json`,
//! `json-seq`, `json-pretty`), what Docker keeps of a container, and what collectors of
//! logs write. They become lines of syslog, one an entry, in the time of the entry; what
//! reads logs then never knows (systemd: "Journal Export Formats", "Journal JSON Format").
//!
//! An entry that cannot be read becomes a line that begins with [`BAD`], and says why.

mod cutter;
mod entry;
mod export;
mod object;

use std::io::{self, Cursor, Read};

use super::log::{self, Log};
use cutter::{Cutter, Piece};
use entry::Entry;
use export::Export;

/// How much is decoded at once, in bytes.
const BLOCK: usize = 64 * 1024;
/// How much is looked at to tell whether objects hold lines of a log, in bytes.
const WINDOW: usize = 64 * 1024;
/// Objects that are looked at.
const MAX_LOOKS: usize = 20;
/// What a line begins with that stands for an entry that cannot be read.
pub const BAD: &[u8] = b"\0journal: ";

/// How entries are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Fields, one a line, a blank line behind each entry.
    Export,
    /// JSON objects in any layout.
    Objects,
}

/// The beginning of a stream, and whether it is such a log.
pub struct Peeked {
    /// The bytes that were read.
    pub head: Vec<u8>,
    /// How its entries are written, if they are.
    pub shape: Option<Shape>,
    /// Why no more could be read.
    pub error: Option<io::Error>,
}

/// Whether a stream that begins with `start` may be one; nothing else need be peeked at.
pub fn may_be(start: &[u8]) -> bool {
    matches!(start.first(), Some(b'{' | b'[' | b'_' | 0x1e))
}

/// Reads no more of a stream that begins with `head` than tells what it is.
pub fn peek(mut head: Vec<u8>, source: &mut dyn Read) -> Peeked {
    let mut block = vec![0; 4096];
    let (mut ended, mut error) = (false, None);
    loop {
        if let Some(shape) = shape(&head, ended) {
            return Peeked { head, shape, error };
        }
        match source.read(&mut block) {
            Ok(0) => ended = true,
            Ok(more) => head.extend_from_slice(block.get(..more).unwrap_or_default()),
            Err(failed) if failed.kind() == io::ErrorKind::Interrupted => {}
            Err(failed) => (ended, error) = (true, Some(failed)),
        }
    }
}

/// What the bytes are; `None`: more are needed.
fn shape(head: &[u8], ended: bool) -> Option<Option<Shape>> {
    const FIRST: [&[u8]; 2] = [b"__CURSOR=", b"__REALTIME_TIMESTAMP="];
    if head.first() == Some(&b'_') {
        let fits = FIRST.iter().any(|name| head.starts_with(name));
        let open = FIRST.iter().any(|name| name.starts_with(head)) && !ended;
        return (!open).then_some(fits.then_some(Shape::Export));
    }
    if !may_be(head) {
        return (ended || !head.is_empty()).then_some(None);
    }
    let (mut looks, mut told) = (0, None);
    Cutter::default().push(head, &mut |piece| {
        if told.is_some() || looks >= MAX_LOOKS {
            return;
        }
        looks += 1;
        told = match piece {
            Piece::Object(object) => wraps(object),
            Piece::Bad(_) => None,
        };
    });
    match told {
        Some(wraps) => Some(wraps.then_some(Shape::Objects)),
        None => (ended || looks >= MAX_LOOKS || head.len() >= WINDOW).then_some(None),
    }
}

/// Whether an object is an entry; `None`: it may be that of another program.
fn wraps(object: &[u8]) -> Option<bool> {
    let Ok(found) = object::read(object) else {
        return None;
    };
    if found.is_known {
        return Some(true);
    }
    let Some(entry) = found.entry else {
        return Some(false);
    };
    let mut line = Vec::new();
    entry.write(&mut line);
    match log::writer(line.trim_ascii_end()) {
        // Its JSON quotes such lines, too.
        Some(Log::Bounce) => Some(false),
        Some(_) => Some(true),
        None => None,
    }
}

/// A stream of entries, read as lines of a log.
pub struct Journal<R> {
    source: R,
    form: Form,
    block: Vec<u8>,
    text: Vec<u8>,
    /// Up to here `text` has been given out.
    given: usize,
    ended: bool,
}

/// What is known of the entry that is under way.
enum Form {
    Export(Export),
    Objects(Cutter),
}

impl<'s> Journal<Box<dyn Read + 's>> {
    /// Decodes what was peeked at, and the rest of it.
    pub fn behind(peeked: Peeked, shape: Shape, source: impl Read + 's) -> Self {
        let head = Cursor::new(peeked.head);
        Journal::new(
            Box::new(head.chain(Failing(peeked.error)).chain(source)),
            shape,
        )
    }
}

impl<R: Read> Journal<R> {
    /// Decodes `source`, whose entries are written so.
    pub fn new(source: R, shape: Shape) -> Self {
        Journal {
            source,
            form: match shape {
                Shape::Export => Form::Export(Export::default()),
                Shape::Objects => Form::Objects(Cutter::default()),
            },
            block: vec![0; BLOCK],
            text: Vec::new(),
            given: 0,
            ended: false,
        }
    }

    /// Decodes the next block. What is under way when the stream fails is cut off.
    fn more(&mut self) -> io::Result<()> {
        self.text.clear();
        self.given = 0;
        let count = match self.source.read(&mut self.block) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(()),
            Err(error) => return Err(error),
        };
        self.ended = count == 0;
        let raw = self.block.get(..count).unwrap_or_default();
        let text = &mut self.text;
        match (&mut self.form, self.ended) {
            (Form::Export(export), false) => export.push(raw, text),
            (Form::Export(export), true) => export.finish(text),
            (Form::Objects(cutter), false) => cutter.push(raw, &mut |piece| line(piece, text)),
            (Form::Objects(cutter), true) => cutter.finish(&mut |piece| line(piece, text)),
        }
        Ok(())
    }
}

/// The line of a piece.
fn line(piece: Piece<'_>, out: &mut Vec<u8>) {
    let entry = match piece {
        Piece::Bad(why) => Err(why),
        Piece::Object(object) => {
            object::read(object).and_then(|found| found.entry.ok_or("an entry without a message"))
        }
    };
    enter(entry, out);
}

/// The line of an entry, or of what is no entry.
fn enter(entry: Result<Entry, &'static str>, out: &mut Vec<u8>) {
    match entry {
        Ok(entry) => entry.write(out),
        Err(why) => {
            out.extend_from_slice(BAD);
            out.extend_from_slice(why.as_bytes());
            out.push(b'\n');
        }
    }
}

impl<R: Read> Read for Journal<R> {
    fn read(&mut self, block: &mut [u8]) -> io::Result<usize> {
        while self.given >= self.text.len() && !self.ended {
            self.more()?;
        }
        let mut text = self.text.get(self.given..).unwrap_or_default();
        let count = text.read(block)?;
        self.given += count;
        Ok(count)
    }
}

/// Fails once with the error that was met, if any.
pub struct Failing(pub Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

#[cfg(test)]
mod tests;
