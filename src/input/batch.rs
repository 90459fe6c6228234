//! Collects records into batches of about one MiB, and clamps what is too long.

use std::borrow::Cow;
use std::cell::Cell;
use std::ops::{ControlFlow, Range};
use std::rc::Rc;
use std::sync::Arc;

use super::buffer::Buffer;
use super::layout::{Layout, Map};
use super::log::Log;
use super::quote;

/// A batch is closed with the record that makes it this long, in bytes.
pub const BATCH: usize = 1024 * 1024;
/// A batch is closed with this many records, however short they are.
const MAX_RECORDS: usize = 1024;
/// What is kept of the beginning of a message that is too long, in bytes.
pub const HEAD: usize = 4 * 1024 * 1024;
/// What is kept of its end, in bytes.
pub const TAIL: usize = 256 * 1024;
/// How far the cuts may move to fall between two lines, in bytes.
const LINE: usize = 64 * 1024;

/// What a record is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One mail, from its first header field on.
    Mail,
    /// A line that is one of our own events. Only its braces have been looked at.
    Event,
    /// A row of a table.
    Row(Arc<Layout>),
    /// A JSON object of another program, and the columns that the user has named.
    Object(Arc<Map>),
    /// A line of a log: that of a delivery, with what other lines said of it. `None`: any
    /// other, which only counts and has no bytes.
    Line(Option<Log>),
    /// Something that could not be read, and why. It is to be counted (U4).
    Skip(Cow<'static, str>),
}

/// One mail, event or thing that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// What it is.
    pub kind: Kind,
    /// Where its bytes are in the batch; see [`Batch::bytes_of`].
    pub range: Range<usize>,
    /// The input it came from, as given; below a folder with the path under it.
    pub file: Arc<str>,
    /// Its place among the records of its file, from 0.
    pub index: u64,
    /// Where it begins in its file, decompressed (of UTF-16: as UTF-8), in bytes.
    /// A mail of an mbox begins with its From_ line.
    pub offset: u64,
    /// Whether bytes of it are missing: it was longer than [`HEAD`] and [`TAIL`],
    /// or the file ended too early.
    pub truncated: bool,
    /// The From_ line before it, without its line end.
    pub envelope: Option<Range<usize>>,
}

/// Something worth telling a person who asks for more (`-v`): not an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The input, named as in [`Record::file`].
    pub file: Arc<str>,
    /// What there is to say.
    pub what: Cow<'static, str>,
}

/// An input that could not be opened, read to its end, or understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The input, named as in [`Record::file`].
    pub file: Arc<str>,
    /// Why, for a person.
    pub why: String,
}

/// Consecutive records, perhaps of several files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// Its place among the batches of the run, from 0.
    pub number: u64,
    /// The bytes of its records; line ends are LF.
    pub bytes: Buffer,
    /// The records, in the order of the input.
    pub records: Vec<Record>,
    /// What there is to say about the files up to here.
    pub notes: Vec<Note>,
    /// Bytes read of all inputs up to here, as they are on disk.
    pub read: u64,
}

impl Batch {
    /// The bytes of one of its records.
    pub fn bytes_of(&self, record: &Record) -> &[u8] {
        self.bytes.get(record.range.clone()).unwrap_or_default()
    }

    /// The From_ line of one of its records.
    pub fn envelope_of(&self, record: &Record) -> Option<&[u8]> {
        self.bytes.get(record.envelope.clone()?)
    }
}

/// Who takes the batches and failures.
pub type Each<'a> = dyn FnMut(Result<Batch, Failure>) -> ControlFlow<()> + 'a;

/// Builds the batches. Splitters call [`begin`](Batcher::begin),
/// [`data`](Batcher::data) any number of times, and one of the `end`s.
pub struct Batcher<'a> {
    each: &'a mut Each<'a>,
    batch: Batch,
    number: u64,
    file: Arc<str>,
    index: u64,
    open: Open,
    read: Rc<Cell<u64>>,
    stopped: bool,
}

/// The record that is being collected.
#[derive(Default)]
struct Open {
    offset: u64,
    envelope: Option<Range<usize>>,
    /// Where its bytes begin in the batch.
    start: usize,
    /// The end of what did not fit into [`HEAD`]: at least the last [`TAIL`] bytes.
    tail: Vec<u8>,
    dropped: bool,
}

impl<'a> Batcher<'a> {
    /// Gives batches to `each`; `read` is the count of bytes read so far.
    pub fn new(each: &'a mut Each<'a>, read: Rc<Cell<u64>>) -> Self {
        Batcher {
            each,
            batch: Batch::default(),
            number: 0,
            file: Arc::from(""),
            index: 0,
            open: Open::default(),
            read,
            stopped: false,
        }
    }

    /// The records to come are of `file`.
    pub fn file(&mut self, file: Arc<str>) {
        self.file = file;
        self.index = 0;
    }

    /// Whether nobody wants more.
    pub fn stopped(&self) -> bool {
        self.stopped
    }

    /// Begins a record at a byte offset, with the From_ line before it.
    pub fn begin(&mut self, offset: u64, envelope: Option<&[u8]>) {
        if self.batch.bytes.capacity() == 0 {
            self.batch.bytes = Buffer::with_room(BATCH + BATCH / 4);
        }
        let bytes = &mut self.batch.bytes;
        let from = bytes.len();
        bytes.extend_from_slice(envelope.unwrap_or_default());
        self.open = Open {
            offset,
            envelope: envelope.map(|_| from..bytes.len()),
            start: bytes.len(),
            ..Open::default()
        };
    }

    /// The beginning of the record that is being collected, at most [`HEAD`] bytes.
    pub fn head(&self) -> &[u8] {
        self.batch.bytes.get(self.open.start..).unwrap_or_default()
    }

    /// Adds to the record that is being collected.
    pub fn data(&mut self, data: &[u8]) {
        let room = HEAD.saturating_sub(self.head().len());
        let (head, rest) = data.split_at(data.len().min(room));
        self.batch.bytes.extend_from_slice(head);
        if !rest.is_empty() {
            self.open.keep_tail(rest);
        }
    }

    /// Ends a mail as it is. `cut`: its file ended too early.
    pub fn end_mail(&mut self, cut: bool) {
        self.join_tail();
        self.close(Kind::Mail, cut);
    }

    /// Ends a mail of an mbox: without the blank line that separates it from the
    /// next.
    pub fn end_mbox(&mut self, cut: bool, unquote: bool) {
        self.join_tail();
        let start = self.open.start;
        let whole = self.head().len();
        let keep = match self.head() {
            b"\n" | [.., b'\n', b'\n'] => whole - 1,
            _ => whole,
        };
        self.batch.bytes.truncate(start + keep);
        if unquote {
            quote::unquote(&mut self.batch.bytes, start);
        }
        self.close(Kind::Mail, cut);
    }

    /// Ends a line of events; `cut` as for mails. A blank line is no record.
    pub fn end_line(&mut self, cut: bool) {
        self.join_tail();
        let line = self.head().trim_ascii();
        let kind = match line {
            [] => None,
            _ if self.open.dropped => Some(Kind::Skip("a line longer than 4 MiB".into())),
            [b'{', .., b'}'] => Some(Kind::Event),
            _ => Some(Kind::Skip("no JSON object".into())),
        };
        let Some(kind) = kind else {
            self.batch.bytes.truncate(self.open.start);
            return;
        };
        if self.open.dropped {
            self.batch.bytes.truncate(self.open.start);
        }
        self.close(kind, cut);
    }

    /// Records a row as it is.
    pub fn record(&mut self, offset: u64, bytes: &[u8], kind: Kind, cut: bool) {
        self.begin(offset, None);
        self.data(bytes);
        self.close(kind, cut);
    }

    /// Ends a JSON object; one that is too long cannot be read.
    pub fn end_object(&mut self, kind: Kind, cut: bool) {
        self.join_tail();
        let kind = match self.open.dropped {
            true => Kind::Skip("a JSON object longer than 4 MiB".into()),
            false => kind,
        };
        if matches!(kind, Kind::Skip(_)) {
            self.batch.bytes.truncate(self.open.start);
        }
        self.close(kind, cut);
    }

    /// Records something that could not be read, at a byte offset of the file.
    pub fn skip(&mut self, offset: u64, why: impl Into<Cow<'static, str>>) {
        self.begin(offset, None);
        self.close(Kind::Skip(why.into()), false);
    }

    /// Something to say about the file.
    pub fn note(&mut self, what: impl Into<Cow<'static, str>>) {
        let file = self.file.clone();
        let what = what.into();
        self.batch.notes.push(Note { file, what });
        if self.batch.notes.len() >= MAX_RECORDS {
            self.flush();
        }
    }

    /// The file could not be opened, read to its end, or understood.
    pub fn failure(&mut self, why: impl Into<String>) {
        self.flush();
        let failure = Failure {
            file: self.file.clone(),
            why: why.into(),
        };
        self.give(Err(failure));
    }

    /// Gives out what is collected.
    pub fn flush(&mut self) {
        if self.batch.records.is_empty() && self.batch.notes.is_empty() {
            return;
        }
        let mut batch = std::mem::take(&mut self.batch);
        batch.number = self.number;
        batch.read = self.read.get();
        self.number += 1;
        self.give(Ok(batch));
    }

    fn give(&mut self, what: Result<Batch, Failure>) {
        if !self.stopped {
            self.stopped = (self.each)(what).is_break();
        }
    }

    /// Puts the kept end behind the kept beginning; where something is missing
    /// between them, both are cut at a line end if there is one near.
    fn join_tail(&mut self) {
        let open = &mut self.open;
        let bytes = &mut self.batch.bytes;
        let mut tail = std::mem::take(&mut open.tail);
        let surplus = tail.len().saturating_sub(TAIL);
        open.dropped |= surplus > 0;
        if open.dropped {
            tail.drain(..surplus);
            let near = bytes.len().saturating_sub(LINE).max(open.start);
            let last = bytes
                .get(near..)
                .and_then(|end| memchr::memrchr(b'\n', end));
            match last {
                Some(at) => bytes.truncate(near + at + 1),
                None => bytes.push(b'\n'),
            }
            let first = memchr::memchr(b'\n', tail.get(..LINE).unwrap_or(&tail));
            tail.drain(..first.map_or(0, |at| at + 1));
        }
        bytes.extend_from_slice(&tail);
    }

    fn close(&mut self, kind: Kind, cut: bool) {
        let open = std::mem::take(&mut self.open);
        self.batch.records.push(Record {
            kind,
            range: open.start..self.batch.bytes.len(),
            file: self.file.clone(),
            index: self.index,
            offset: open.offset,
            truncated: open.dropped || cut,
            envelope: open.envelope,
        });
        self.index += 1;
        if self.batch.bytes.len() >= BATCH || self.batch.records.len() >= MAX_RECORDS {
            self.flush();
        }
    }
}

impl Open {
    fn keep_tail(&mut self, rest: &[u8]) {
        if self.tail.len() + rest.len() > 2 * TAIL {
            self.dropped = true;
            let keep = TAIL.saturating_sub(rest.len());
            let surplus = self.tail.len().saturating_sub(keep);
            self.tail.drain(..surplus);
        }
        let from = rest.len().saturating_sub(TAIL * 2);
        self.tail
            .extend_from_slice(rest.get(from..).unwrap_or_default());
    }
}
