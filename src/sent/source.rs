//! Files → blocks of whole records, on the thread that reads. It only searches for the
//! last record end of each MiB; everything else is done by the workers.

use super::Reading;
use super::document::Document;
use super::form::Form;
use super::objects::Objects;
use super::table::Table;
use crate::input::log::{self, Queue, Sniff};
use crate::input::{Batch, Failure, Note, Plain, Record, oldest_first};
use serde::de::IgnoredAny;
use std::cell::RefCell;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How much is read at once, in bytes.
const BLOCK: usize = 1024 * 1024;
/// Longest record, in bytes: what is longer has a quote that nobody closed.
const MAX_RECORD: usize = 1024 * 1024;
/// Lines that are looked at to tell objects from a document.
const FIRST_LINES: usize = 3;

/// Consecutive whole records of one file.
#[derive(Clone, Debug)]
pub struct Block {
    /// The file, as given; the same allocation for all its blocks.
    pub file: Arc<str>,
    /// How it holds its records.
    pub form: Arc<Form>,
    /// The records.
    pub bytes: Vec<u8>,
    /// Where each stands in `bytes`: only of logs of mail servers.
    pub records: Vec<Record>,
    /// Where they begin in the unpacked file.
    pub offset: u64,
    /// The line they begin in, from 1, where the file consists of lines.
    pub line: Option<u64>,
    /// Instead of records: why something in the file could not be read.
    pub bad: Option<String>,
    /// What there is to say about the file.
    pub notes: Vec<Note>,
    /// Bytes read of all files up to here, as they are on disk.
    pub read: u64,
}

/// What goes to the workers.
#[derive(Debug)]
pub enum Item {
    /// Records.
    Block(Block),
    /// A file that could not be opened or is no sent log.
    Failure(Failure),
}

type Each<'e> = dyn FnMut(Item) -> ControlFlow<()> + 'e;

/// Reads files in order, until the end or until `each` breaks.
pub fn read(files: &[PathBuf], reading: &Reading, each: &mut Each<'_>) {
    let count = Arc::new(AtomicU64::new(0));
    let queue = Rc::default();
    for path in oldest_first(files.iter().collect(), |path| Some(path.to_path_buf())) {
        let file: Arc<str> = Arc::from(path.to_string_lossy());
        let flow = match one(path, &file, reading, &count, &queue, each) {
            Ok(flow) => flow,
            Err(why) => each(Item::Failure(Failure { file, why })),
        };
        if flow.is_break() {
            return;
        }
    }
}

/// Reads one file.
fn one(
    path: &Path,
    file: &Arc<str>,
    reading: &Reading,
    count: &Arc<AtomicU64>,
    queue: &Rc<RefCell<Queue>>,
    each: &mut Each<'_>,
) -> Result<ControlFlow<()>, String> {
    let mut plain = Plain::open(path, count).map_err(|e| e.to_string())?;
    let mut head = Vec::new();
    let error = fill(&mut plain, &mut head);
    let returns = returns_only(&head);
    if returns {
        to_lines(&mut head);
    }
    let mut cutter = Cutter {
        file,
        form: Arc::new(Form::Lines(Objects::new(&reading.map))),
        offset: plain.skipped(),
        line: Some(1),
        notes: Vec::new(),
        count,
        lost: false,
        each,
    };
    if head.trim_ascii().is_empty() && error.is_none() {
        cutter.note("empty".to_owned());
        return Ok(cutter.give(Vec::new(), None));
    }
    let stream = Stream {
        plain,
        head,
        error,
        returns,
    };
    let is_log = || {
        matches!(
            log::sniff(&stream.head, stream.head.len() < BLOCK),
            Sniff::Log(_)
        )
    };
    if stream.plain.is_journal() || is_log() {
        cutter.note("read as a sent log: the log of a mail server".to_owned());
        cutter.form = Arc::new(Form::Log);
        return cutter.log(stream, queue);
    }
    let json = is_json(&stream.head);
    if let Some(lines) = json {
        let what = if lines {
            "one object a line"
        } else {
            "objects"
        };
        cutter.note(format!("read as a sent log: JSON, {what}"));
    }
    match json {
        Some(true) => cutter.records(stream, last_line),
        Some(false) => cutter.document(stream),
        None => {
            let (table, start) = Table::sniff(&stream.head, &reading.map)?;
            cutter.note(table.told());
            cutter.form = Arc::new(Form::Table(table.clone()));
            let stream = cutter.behind(stream, start);
            cutter.records(stream, |bytes| table.cut(bytes))
        }
    }
}

/// An opened file with what was read of it already.
struct Stream {
    plain: Plain,
    head: Vec<u8>,
    error: Option<io::Error>,
    /// Its lines end with CR alone.
    returns: bool,
}

impl Stream {
    /// Reads a block behind `begun`. Whether the file has ended, and with what error.
    fn next(&mut self, begun: &mut Vec<u8>) -> (bool, Option<io::Error>) {
        let from = begun.len();
        let ended = match self.error.take() {
            Some(error) => return (true, Some(error)),
            None => fill(&mut self.plain, begun),
        };
        if self.returns
            && let Some(new) = begun.get_mut(from..)
        {
            to_lines(new);
        }
        (ended.is_some() || begun.len() < from + BLOCK, ended)
    }
}

/// Reads a block; an error with what came before it.
fn fill(plain: &mut Plain, into: &mut Vec<u8>) -> Option<io::Error> {
    into.reserve(BLOCK);
    plain.by_ref().take(BLOCK as u64).read_to_end(into).err()
}

/// Whether lines end with CR alone, as on old Macs.
fn returns_only(head: &[u8]) -> bool {
    memchr::memchr(b'\n', head).is_none()
        && memchr::memchr(b'\r', head).is_some_and(|at| at + 1 < head.len())
}

fn to_lines(bytes: &mut [u8]) {
    bytes
        .iter_mut()
        .filter(|b| **b == b'\r')
        .for_each(|b| *b = b'\n');
}

fn last_line(bytes: &[u8]) -> Option<usize> {
    memchr::memrchr(b'\n', bytes).map(|at| at + 1)
}

/// Whether a file is JSON, and if so, one object a line: also as an array of such lines, and
/// if some of the first are damaged.
fn is_json(head: &[u8]) -> Option<bool> {
    let text = head.trim_ascii_start();
    if !matches!(text.first(), Some(b'{' | b'[')) {
        return None;
    }
    let lines = text.split(|b| *b == b'\n').map(<[u8]>::trim_ascii);
    let objects: Vec<&[u8]> = lines
        .filter(|line| !matches!(*line, b"" | b"[" | b"]"))
        .map(|line| line.strip_suffix(b",").unwrap_or(line))
        .take(FIRST_LINES)
        .collect();
    let whole = |line: &[u8]| serde_json::from_slice::<IgnoredAny>(line).is_ok();
    let alike = objects
        .iter()
        .all(|line| line.starts_with(b"{") && line.len() > 1);
    let first = objects.first().is_some_and(|line| whole(line));
    // A list that begins in the first line goes on in the next.
    let list = objects.first().is_some_and(|line| line.contains(&b'['));
    Some(alike && (first || !list && objects.iter().any(|line| whole(line))))
}

/// Gives out the blocks of one file.
struct Cutter<'c> {
    file: &'c Arc<str>,
    form: Arc<Form>,
    offset: u64,
    line: Option<u64>,
    notes: Vec<Note>,
    count: &'c AtomicU64,
    /// The line that is being read was too long: it is named already.
    lost: bool,
    each: &'c mut Each<'c>,
}

impl Cutter<'_> {
    fn note(&mut self, what: String) {
        let file = Arc::clone(self.file);
        self.notes.push(Note {
            file,
            what: what.into(),
        });
    }

    /// The rows behind a header.
    fn behind(&mut self, mut stream: Stream, start: usize) -> Stream {
        let rows = stream.head.split_off(start.min(stream.head.len()));
        self.pass(&stream.head);
        stream.head = rows;
        stream
    }

    /// Counts bytes that are done with.
    fn pass(&mut self, bytes: &[u8]) {
        self.offset += bytes.len() as u64;
        if let Some(line) = &mut self.line {
            *line += memchr::memchr_iter(b'\n', bytes).count() as u64;
        }
    }

    /// Gives out records, or why something could not be read.
    fn give(&mut self, bytes: Vec<u8>, bad: Option<String>) -> ControlFlow<()> {
        let block = Block {
            file: Arc::clone(self.file),
            form: Arc::clone(&self.form),
            offset: self.offset,
            line: self.line,
            notes: std::mem::take(&mut self.notes),
            read: self.count.load(Ordering::Relaxed),
            bytes,
            records: Vec::new(),
            bad,
        };
        if block.bad.is_none() {
            self.pass(&block.bytes);
        }
        (self.each)(Item::Block(block))
    }

    /// Cuts a stream of records; `cut` finds the end of the last one that is whole.
    fn records(
        &mut self,
        mut stream: Stream,
        cut: impl Fn(&[u8]) -> Option<usize>,
    ) -> Result<ControlFlow<()>, String> {
        let mut bytes = std::mem::take(&mut stream.head);
        loop {
            let mut rest = match self.whole(bytes, &cut) {
                ControlFlow::Continue(rest) => rest,
                ControlFlow::Break(()) => return Ok(ControlFlow::Break(())),
            };
            while rest.len() > MAX_RECORD {
                match self.rescue(rest, &cut) {
                    ControlFlow::Continue(more) => rest = more,
                    ControlFlow::Break(()) => return Ok(ControlFlow::Break(())),
                }
            }
            let (ended, error) = stream.next(&mut rest);
            self.skip(&mut rest);
            if ended {
                return match self.last(rest, &cut) {
                    ControlFlow::Continue(()) => self.end(&stream, error),
                    flow => Ok(flow),
                };
            }
            bytes = rest;
        }
    }

    /// Gives out the records that are whole; what is left.
    fn whole(
        &mut self,
        mut bytes: Vec<u8>,
        cut: &impl Fn(&[u8]) -> Option<usize>,
    ) -> ControlFlow<(), Vec<u8>> {
        let Some(end) = cut(&bytes) else {
            return ControlFlow::Continue(bytes);
        };
        let mut rest = Vec::with_capacity(BLOCK + BLOCK / 8);
        rest.extend_from_slice(bytes.get(end..).unwrap_or_default());
        bytes.truncate(end);
        self.give(bytes, None)?;
        ControlFlow::Continue(rest)
    }

    /// A record is too long: its first line is named, and what follows begins anew.
    fn rescue(
        &mut self,
        mut bytes: Vec<u8>,
        cut: &impl Fn(&[u8]) -> Option<usize>,
    ) -> ControlFlow<(), Vec<u8>> {
        let end = memchr::memchr(b'\n', &bytes);
        self.lost = end.is_none();
        let line = end.map_or(bytes.len(), |at| at + 1);
        let why = match line > MAX_RECORD {
            true => "a row longer than 1 MiB",
            false => "a quote that is never closed",
        };
        self.give(Vec::new(), Some(why.to_owned()))?;
        self.pass(bytes.get(..line).unwrap_or_default());
        bytes.drain(..line);
        self.whole(bytes, cut)
    }

    /// Drops what is left of a line that was too long.
    fn skip(&mut self, bytes: &mut Vec<u8>) {
        if self.lost {
            let end = memchr::memchr(b'\n', bytes);
            self.lost = end.is_none();
            let line = end.map_or(bytes.len(), |at| at + 1);
            self.pass(bytes.get(..line).unwrap_or_default());
            bytes.drain(..line);
        }
    }

    /// The end of a file: its last record needs no line end, but must not go over lines
    /// because of a quote that nobody closed.
    fn last(&mut self, bytes: Vec<u8>, cut: &impl Fn(&[u8]) -> Option<usize>) -> ControlFlow<()> {
        let mut rest = self.whole(bytes, cut)?;
        while memchr::memchr(b'\n', &rest).is_some() {
            rest = self.rescue(rest, cut)?;
        }
        match rest.is_empty() {
            true => ControlFlow::Continue(()),
            false => self.give(rest, None),
        }
    }

    /// Cuts the log of a mail server.
    fn log(
        &mut self,
        mut stream: Stream,
        queue: &Rc<RefCell<Queue>>,
    ) -> Result<ControlFlow<()>, String> {
        self.line = None;
        let file = Arc::clone(self.file);
        let mut piece = std::mem::take(&mut stream.head);
        let mut ended = false;
        let mut error = None;
        let text = || {
            if piece.is_empty() && !ended {
                (ended, error) = stream.next(&mut piece);
            }
            (!piece.is_empty()).then(|| std::mem::take(&mut piece))
        };
        match log::batches(text, &file, queue, &mut |batch| self.batch(batch)) {
            ControlFlow::Continue(()) => self.end(&stream, error),
            flow => Ok(flow),
        }
    }

    fn batch(&mut self, batch: Batch) -> ControlFlow<()> {
        self.notes.extend(batch.notes);
        (self.each)(Item::Block(Block {
            file: Arc::clone(self.file),
            form: Arc::clone(&self.form),
            bytes: batch.bytes.into_vec(),
            records: batch.records,
            offset: 0,
            line: None,
            bad: None,
            notes: std::mem::take(&mut self.notes),
            read: self.count.load(Ordering::Relaxed),
        }))
    }

    /// Cuts JSON that is no object a line. Its places are those of objects, not of lines.
    fn document(&mut self, mut stream: Stream) -> Result<ControlFlow<()>, String> {
        self.line = None;
        let mut document = Document::default();
        let mut bytes = std::mem::take(&mut stream.head);
        loop {
            document.push(&bytes);
            self.offset += bytes.len() as u64;
            bytes.clear();
            let (ended, error) = stream.next(&mut bytes);
            if ended {
                document.push(&bytes);
            }
            let lines = document.take();
            let at = self.offset;
            if !lines.is_empty() && self.give(lines, None).is_break() {
                return Ok(ControlFlow::Break(()));
            }
            self.offset = at;
            if let Some(why) = document.complaint(ended)
                && self.give(Vec::new(), Some(why.to_owned())).is_break()
            {
                return Ok(ControlFlow::Break(()));
            }
            if ended {
                return self.end(&stream, error);
            }
        }
    }

    /// A file that was cut off is named; an error of the disk is a failure.
    fn end(
        &mut self,
        stream: &Stream,
        error: Option<io::Error>,
    ) -> Result<ControlFlow<()>, String> {
        match (error, stream.plain.packed()) {
            (None, _) => Ok(ControlFlow::Continue(())),
            (Some(error), Some(packed)) if error.raw_os_error().is_none() => {
                let why = format!("cut off or damaged {packed} data: {error}");
                Ok(self.give(Vec::new(), Some(why)))
            }
            (Some(error), _) => Err(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i8_json_is_lines_or_a_document() {
        for (head, expected) in [
            ("{\"a\":1}\n{\"a\":2}\n", Some(true)),
            ("\n{\"a\":1}", Some(true)),
            ("{\"a\":1\n{\"a\":2}\n", Some(true)),
            ("[\n{\"a\":1},\n{\"a\":2}\n]", Some(true)),
            ("[{\"a\":1},{\"a\":2}]", Some(false)),
            ("{\n \"a\": [\n {\"b\":1},\n", Some(false)),
            (
                "{\"data\":[{\"a\":1},\n{\"a\":2},\n{\"a\":3}]}",
                Some(false),
            ),
            ("a,b\n", None),
        ] {
            assert_eq!(is_json(head.as_bytes()), expected, "{head}");
        }
    }
}
