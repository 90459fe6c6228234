//! The sent log: what was sent, as denominators (P1) and as proof that a bounce answers
//! a mail of ours (S8, S9).
//!
//! [`read`] streams any number of files past a caller's function, in parallel and block
//! by block, whatever their size; nothing of them is kept. What a caller makes of each
//! block comes back in the order of the files, so that the result is the same whatever
//! the number of threads:
//!
//! ```
//! use bounce::sent::{self, Reading};
//! use std::ops::ControlFlow;
//!
//! let mut sent = 0;
//! sent::read(
//!     &["testdata/demo/sent.csv".into()],
//!     &Reading::default(),
//!     |rows| {
//!         let mut sum = 0;
//!         rows.each(|row| sum += row.count);
//!         sum
//!     },
//!     |part| {
//!         sent += part.map_or(0, |part| part.value);
//!         ControlFlow::Continue(())
//!     },
//! );
//! assert_eq!(sent, 629);
//! ```
//!
//! A file is a table or JSON (one object a line, an array, or objects one behind the
//! other), packed or not; its columns are known by `--map` or by their names
//! ([`names`]). It has a row a message, or counts: then without recipients, perhaps
//! without mailboxes, campaigns or days.
//!
//! [`Index`] is made of the bounces at hand (by [`Builder`]), and [`Index::look`] says of each row which of
//! them it may answer; [`Matches`] keeps what is needed of that, independent of the
//! order. [`Index::find`] then says of an event what the log knows of its mail.

mod cell;
mod compose;
mod document;
mod form;
mod index;
mod maillog;
mod matches;
pub mod names;
mod objects;
mod row;
mod shape;
mod sieve;
mod source;
mod table;

pub use index::{Builder, Index, Wanted};
pub use matches::Matches;
pub use row::{Resolution, Row};

use crate::input::{Failure, Map, Note};
use crate::pipeline;
use crate::policy::Verp;
use compose::Context;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use source::{Block, Item};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

/// How sent logs are read.
#[derive(Clone, Debug)]
pub struct Reading {
    /// `--map`: columns and paths that are not known by name.
    pub map: Map,
    /// The zone of times that say none.
    pub zone: TimeZone,
    /// Times without a year are not long after it.
    pub now: Timestamp,
    /// Envelope senders that name the recipient are no mailboxes.
    pub verp: Arc<Verp>,
    /// Workers.
    pub threads: usize,
}

impl Default for Reading {
    /// No `--map`, UTC, the epoch, the usual forms of VERP, one worker.
    fn default() -> Self {
        Reading {
            map: Map::default(),
            zone: TimeZone::UTC,
            now: Timestamp::UNIX_EPOCH,
            verp: Arc::default(),
            threads: 1,
        }
    }
}

/// How many rows there were, and of what sort.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows that were read (`sent_rows` in the books).
    pub rows: u64,
    /// Those of them that name a recipient: only they can match a bounce.
    pub messages: u64,
    /// Rows about something else than sending, as in a log of all events.
    pub others: u64,
    /// Rows that could not be read.
    pub rejected: u64,
}

impl Tally {
    /// Adds the tally of another part.
    pub fn add(&mut self, other: &Tally) {
        self.rows += other.rows;
        self.messages += other.messages;
        self.others += other.others;
        self.rejected += other.rejected;
    }
}

/// A row that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// The file, as given.
    pub file: Arc<str>,
    /// The number of the row in it, from 0, the header not counted.
    pub index: u64,
    /// The line it begins in, from 1; absent where the file does not consist of lines.
    pub line: Option<u64>,
    /// The byte it begins at in the unpacked file.
    pub offset: u64,
    /// Why, for a person.
    pub why: String,
}

/// What came of one block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part<T> {
    /// What the caller made of its rows.
    pub value: T,
    /// How many there were.
    pub tally: Tally,
    /// Records of any sort; one that names several recipients gives as many rows.
    pub records: u64,
    /// Those that could not be read.
    pub rejects: Vec<Reject>,
    /// What there is to say about the files up to here.
    pub notes: Vec<Note>,
    /// Bytes read of all files up to here, as they are on disk.
    pub read: u64,
}

impl<T> Part<T> {
    /// What the caller made of the rows, and the rest.
    pub fn split(self) -> (T, Part<()>) {
        let rest = Part {
            value: (),
            tally: self.tally,
            records: self.records,
            rejects: self.rejects,
            notes: self.notes,
            read: self.read,
        };
        (self.value, rest)
    }
}

/// The rows of one block.
#[derive(Debug)]
pub struct Rows<'a> {
    block: &'a Block,
    context: Context<'a>,
    tally: Tally,
    records: u64,
    rejects: Vec<Reject>,
}

impl Rows<'_> {
    /// Calls `work` with each row. Rows that cannot be read are left out, and stand in
    /// [`Part::rejects`].
    pub fn each(&mut self, mut work: impl FnMut(&Row<'_>)) {
        let file = &self.block.file;
        let (tally, rejects) = (&mut self.tally, &mut self.rejects);
        self.records = form::rows(self.block, &self.context, &mut |place, read| match read {
            Ok(Some(row)) => {
                tally.rows += 1;
                tally.messages += u64::from(row.recipient.is_some());
                work(row);
            }
            Ok(None) => tally.others += 1,
            Err(why) => {
                rejects.push(Reject {
                    file: Arc::clone(file),
                    index: place.record,
                    line: place.line,
                    offset: place.offset,
                    why,
                });
                tally.rejected += 1;
            }
        });
    }
}

/// Reads sent logs in order; `-` is standard input. `work` runs on the workers, once a
/// block of about 1 MiB; `consume` on the caller's thread, in the order of the files, and
/// may end the run. What could not be opened, or has no columns of a sent log, comes as a
/// [`Failure`]; the other files go on.
pub fn read<T: Send>(
    files: &[PathBuf],
    reading: &Reading,
    work: impl Fn(&mut Rows<'_>) -> T + Sync,
    mut consume: impl FnMut(Result<Part<T>, Failure>) -> ControlFlow<()>,
) {
    let job = |item: Item| match item {
        Item::Failure(failure) => Err(failure),
        Item::Block(block) => {
            let mut rows = Rows {
                block: &block,
                context: Context::new(reading, &block.form),
                tally: Tally::default(),
                records: 0,
                rejects: Vec::new(),
            };
            let value = work(&mut rows);
            let (tally, records, rejects) = (rows.tally, rows.records, rows.rejects);
            let part = Part {
                value,
                tally,
                records,
                rejects,
                notes: block.notes,
                read: block.read,
            };
            Ok((block.file, part))
        }
    };
    let mut file: Option<Arc<str>> = None;
    let mut before = 0;
    pipeline::ordered(
        reading.threads,
        |each| source::read(files, reading, each),
        job,
        |result| match result {
            Err(failure) => consume(Err(failure)),
            Ok((of, mut part)) => {
                if !file.as_ref().is_some_and(|f| Arc::ptr_eq(f, &of)) {
                    (file, before) = (Some(of), 0);
                }
                for reject in &mut part.rejects {
                    reject.index += before;
                }
                before += part.records;
                consume(Ok(part))
            }
        },
    );
}

#[cfg(test)]
mod matching_tests;
#[cfg(test)]
mod tests;
