//! Bytes in: files, folders, standard input, compression; containers split into
//! records (I2, I7, I9, U4).
//!
//! [`read`] walks the inputs on the thread that calls it and hands out
//! [`Batch`]es of about one MiB of whole records, in the order of the input. What
//! a file is, its content says ([`Format::Auto`]): gzip and zstd are unpacked,
//! UTF-16 becomes UTF-8, then it is an mbox, one mail, our own events, the events of
//! another program, a log, or a table. All line ends are LF when they leave this room.
//!
//! A table is known by a header that names a recipient: by a row of [`profiles`], by
//! the names of its columns, or by `--map`. Its rows and JSON objects are cut by the
//! reader, and read by [`Layout::row`] and [`object::rows`] in the workers.
//!
//! Of a log, every line is a record; the reader joins the lines of a message, workers
//! read those of deliveries ([`log`]).
//!
//! Memory does not grow with the input: a message that is longer than 4 MiB keeps
//! its first 4 MiB and last 256 KiB, whatever it is made of. Only the names in a
//! folder are held, because they are sorted.
//!
//! Nothing that was found is lost silently:
//!
//! * a [`Failure`] is an input that could not be opened, read to its end, or
//!   understood (exit status 1); the others go on;
//! * a record of [`Kind::Skip`] is something found inside an input that could not
//!   be read: the end of a damaged archive, a pipe in a folder, a broken line;
//! * a [`Note`] is what is no error: an empty file.
//!
//! A new container is a variant of [`Format`] and of `detect::Content`, a
//! detection, and a `split::Split`.

mod batch;
mod buffer;
mod cells;
mod detect;
mod entry;
mod field;
mod folder;
mod form;
mod from_line;
mod guess;
mod header;
mod journal;
mod json;
mod layout;
mod lf;
pub mod log;
mod logs;
mod maildir;
mod mbox;
pub mod object;
mod order;
mod plain;
pub mod profiles;
mod quote;
mod shape;
mod source;
mod split;
mod table;
mod utf16;
mod value;
mod whats;

use std::cell::Cell;
use std::ffi::OsStr;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

pub use batch::{Batch, Failure, Kind, Note, Record};
pub use buffer::Buffer;
pub use cells::{Scanner, cells};
pub use header::key_of;
pub use layout::{Layout, Map};
pub use lf::lf;
pub use logs::{logs, oldest_first};
pub use plain::Plain;

use crate::vocab::words;

words! {
    /// What the inputs are taken for (`--input-format`).
    Format {
        /// What their content says.
        Auto = "auto",
        /// Messages, each behind a From_ line.
        Mbox = "mbox",
        /// Folders with `cur` and `new`.
        Maildir = "maildir",
        /// One mail a file.
        Eml = "eml",
        /// One of our own events a line.
        Ndjson = "ndjson",
        /// Tables: exports of platforms.
        Csv = "csv",
        /// JSON: events of platforms.
        Json = "json",
        /// Accounting files of PowerMTA, which are tables.
        PowerMta = "powermta",
        /// Logs of Postfix, whatever it calls itself there.
        Postfix = "postfix",
        /// Logs of Exim.
        Exim = "exim",
        /// Logs of qmail.
        Qmail = "qmail",
        /// Logs of OpenSMTPD.
        OpenSmtpd = "opensmtpd",
        /// Logs of Sendmail.
        Sendmail = "sendmail",
    }
}

/// Entries of folders that [`size_of`] looks at.
const MAX_SIZED: usize = 50_000;

/// Reads the inputs in order; `-` is standard input. `map` names columns of tables.
/// Returns at the end, or when `each` breaks.
pub fn read<P: AsRef<Path>>(
    inputs: &[P],
    format: Format,
    map: &Arc<Map>,
    each: &mut dyn FnMut(Result<Batch, Failure>) -> ControlFlow<()>,
) {
    let count = Rc::new(Cell::new(0));
    let out = batch::Batcher::new(each, Rc::clone(&count));
    let mut walk = folder::Walk::new(format, Arc::clone(map), out, count);
    let inputs = oldest_first(inputs.iter().collect(), |path| {
        Some(path.as_ref().to_owned())
    });
    for input in inputs {
        if walk.stopped() {
            return;
        }
        walk.input(input.as_ref());
    }
    walk.finish();
}

/// Reads one stream to its end, as a file of this name would be: for those who have the
/// bytes already.
pub fn read_from(
    mut source: impl Read,
    name: &str,
    format: Format,
    map: &Arc<Map>,
    each: &mut dyn FnMut(Result<Batch, Failure>) -> ControlFlow<()>,
) {
    let mut out = batch::Batcher::new(each, Rc::default());
    out.file(Arc::from(name));
    let mut room = source::Room::new(Arc::clone(map));
    source::stream(
        &mut source,
        format,
        source::Place::Named,
        &mut room,
        &mut out,
    );
    out.flush();
}

/// The bytes of all inputs on disk, to measure [`Batch::read`] against. None for
/// standard input, pipes, and folders too large to ask about.
pub fn size_of<P: AsRef<Path>>(inputs: &[P]) -> Option<u64> {
    let mut left = MAX_SIZED;
    inputs
        .iter()
        .map(AsRef::as_ref)
        .map(|input| match input.as_os_str() == OsStr::new("-") {
            true => None,
            false => folder::size(input, &mut left),
        })
        .sum()
}

#[cfg(test)]
mod tests;
