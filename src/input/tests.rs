//! What the whole room does, from bytes or files to records.

mod files;
mod logs;
mod mailboxes;
mod splitting;
mod tables;

use std::cell::Cell;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use super::batch::Batcher;
use super::source::{Place, Room, stream};
use super::{Batch, Failure, Format, Kind, Note, Record, read};

/// A record with its bytes copied out of the batch.
#[derive(Clone, Debug, PartialEq)]
struct Read1 {
    record: Record,
    bytes: Vec<u8>,
    envelope: Option<Vec<u8>>,
}

impl Read1 {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

/// All that a run gave.
#[derive(Debug, Default)]
struct Run {
    records: Vec<Read1>,
    notes: Vec<Note>,
    failures: Vec<Failure>,
    batches: usize,
    largest: usize,
    read: u64,
}

impl Run {
    fn take(&mut self, what: Result<Batch, Failure>) -> ControlFlow<()> {
        match what {
            Ok(batch) => {
                assert_eq!(batch.number, self.batches as u64);
                self.batches += 1;
                self.largest = self.largest.max(batch.bytes.len());
                assert!(batch.read >= self.read);
                self.read = batch.read;
                self.notes.extend(batch.notes.iter().cloned());
                self.records
                    .extend(batch.records.iter().map(|record| Read1 {
                        record: record.clone(),
                        bytes: batch.bytes_of(record).to_vec(),
                        envelope: batch.envelope_of(record).map(<[u8]>::to_vec),
                    }));
            }
            Err(failure) => self.failures.push(failure),
        }
        ControlFlow::Continue(())
    }

    /// The texts of the mails and events.
    fn texts(&self) -> Vec<String> {
        self.records.iter().map(Read1::text).collect()
    }

    /// The reasons of what was skipped.
    fn skips(&self) -> Vec<String> {
        let why = |read: &Read1| match &read.record.kind {
            Kind::Skip(why) => Some(why.to_string()),
            _ => None,
        };
        self.records.iter().filter_map(why).collect()
    }
}

fn run(inputs: &[&Path], format: Format) -> Run {
    let mut run = Run::default();
    read(inputs, format, &Default::default(), &mut |what| {
        run.take(what)
    });
    run
}

/// A stream that gives at most `size` bytes at once, then perhaps an error.
struct Chunks<'a> {
    bytes: &'a [u8],
    size: usize,
    error: Option<io::ErrorKind>,
}

impl Read for Chunks<'_> {
    fn read(&mut self, block: &mut [u8]) -> io::Result<usize> {
        let size = self.size.min(block.len());
        if let (true, Some(kind)) = (self.bytes.is_empty(), self.error) {
            return Err(io::Error::from(kind));
        }
        self.bytes.read(&mut block[..size])
    }
}

/// What the bytes of one named file give, read in chunks of `size`.
fn run_bytes(bytes: &[u8], size: usize, format: Format) -> Run {
    let source = Chunks {
        bytes,
        size,
        error: None,
    };
    run_stream(source, format)
}

fn run_stream(mut source: impl Read, format: Format) -> Run {
    let mut run = Run::default();
    let mut each = |what| run.take(what);
    let mut out = Batcher::new(&mut each, Rc::new(Cell::new(0)));
    out.file(Arc::from("x"));
    stream(
        &mut source,
        format,
        Place::Named,
        &mut Room::default(),
        &mut out,
    );
    out.flush();
    run
}
