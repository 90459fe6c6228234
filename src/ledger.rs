//! The ledger: what is remembered between runs, in one SQLite file (S11).
//!
//! `DIR/ledger.db` holds events, dated acts, and the rows of the lists as they were made
//! last. The lists are a function of events and acts; that their rows are stored, too, is
//! what the audit compares with, and what a file is restored from after a crash.
//!
//! Everything that a run does is one transaction: [`Ledger::begin`] … [`Ledger::commit`];
//! what is not committed never was. The journal is SQLite's rollback journal with
//! `synchronous = EXTRA`: the folder has one file when nobody writes, copying it is a
//! backup, and a commit survives a power cut. Write-ahead logging would be faster, at the
//! price of two more files that belong to it.
//!
//! The same notification may be read more than once, with other options or another sent
//! log. Each different [reading](readings) is kept; which one speaks depends on the set of
//! them, not on the order in which they came.
//!
//! The schema is described in `docs/lists.md`.

mod acts;
mod audit;
mod facts;
mod heaps;
mod lock;
mod readings;
mod rows;
mod schema;
mod views;

pub use acts::Deed;
pub use audit::{Action, Entry};
pub use facts::{Moments, Sighting};
pub use heaps::Shares;
pub use lock::{Lock, LockError, take};
pub use readings::{Digest, Fresh, Touch, digest_of};
pub use rows::{Row, Span};
pub use views::{Form, View};

use crate::event::Event;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The name of the ledger in its folder.
pub const FILE: &str = "ledger.db";

/// How long a reader waits for a run that is writing.
const PATIENCE: Duration = Duration::from_secs(10);

/// What went wrong with a ledger, for a person.
#[derive(Debug)]
pub struct LedgerError(String);

impl fmt::Display for LedgerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for LedgerError {}

impl From<rusqlite::Error> for LedgerError {
    fn from(e: rusqlite::Error) -> Self {
        LedgerError(e.to_string())
    }
}

impl From<std::io::Error> for LedgerError {
    fn from(e: std::io::Error) -> Self {
        LedgerError(e.to_string())
    }
}

impl From<serde_json::Error> for LedgerError {
    fn from(e: serde_json::Error) -> Self {
        LedgerError(format!("a stored event cannot be read: {e}"))
    }
}

/// What ledger functions return.
pub type Result<T> = std::result::Result<T, LedgerError>;

/// An open ledger.
#[derive(Debug)]
pub struct Ledger {
    db: Connection,
    /// The numbers of the lists.
    lists: RefCell<BTreeMap<String, i64>>,
    /// The number of this run, once it has changed something.
    run: Cell<Option<i64>>,
    /// Rows and entries of the audit that it has written.
    noted: Cell<i64>,
    changes: Cell<u64>,
    /// Where a copy lies, until it is dropped.
    _copy: Option<tempfile::TempDir>,
}

/// The path of the ledger that a path stands for: the folder or the file itself.
fn file_of(path: &Path) -> PathBuf {
    if path.is_dir() {
        path.join(FILE)
    } else {
        path.to_owned()
    }
}

/// True if a path is a ledger, or a folder with one.
pub fn is_ledger(path: &Path) -> bool {
    let begin = |file: PathBuf| -> std::io::Result<[u8; 16]> {
        let mut bytes = [0; 16];
        std::fs::File::open(file)?.read_exact(&mut bytes)?;
        Ok(bytes)
    };
    let file = file_of(path);
    file.is_file() && begin(file).is_ok_and(|b| b == *b"SQLite format 3\0")
}

/// Calls `each` with the events of a ledger (a folder, or the file), in the order of
/// their ids.
///
/// # Errors
/// It cannot be read, or `each` fails.
pub fn events<E: From<LedgerError>>(
    path: &Path,
    each: impl FnMut(Event) -> std::result::Result<(), E>,
) -> std::result::Result<(), E> {
    Ledger::open_existing(path)?.each_event(each)
}

impl Ledger {
    /// Opens the ledger of a folder for writing; makes it if there is none.
    ///
    /// # Errors
    /// It cannot be opened, is no ledger, or is one of a newer version.
    pub fn open(dir: &Path) -> Result<Ledger> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        Ledger::connect(dir, flags)
    }

    /// Opens a ledger that is there; `path` is its folder or the file.
    ///
    /// # Errors
    /// There is none, it cannot be opened, is no ledger, or is one of a newer version.
    pub fn open_existing(path: &Path) -> Result<Ledger> {
        let file = file_of(path);
        if !file.is_file() {
            return Err(LedgerError("there is no ledger".to_owned()));
        }
        let folder = file.parent().filter(|p| !p.as_os_str().is_empty());
        let name = file.file_name().unwrap_or_default();
        let folder = folder.unwrap_or_else(|| Path::new(".")).canonicalize()?;
        Ledger::connect_file(&folder.join(name), OpenFlags::SQLITE_OPEN_READ_WRITE)
    }

    /// A copy of the ledger of a folder, to try things on; an empty one if there is none.
    ///
    /// # Errors
    /// It cannot be copied or opened.
    pub fn copy(dir: &Path) -> Result<Ledger> {
        let copy = tempfile::Builder::new().prefix("bounce-").tempdir()?;
        // With its journal: the copy is then repaired, not the ledger.
        for name in [FILE.to_owned(), format!("{FILE}-journal")] {
            let from = dir.join(&name);
            if from.is_file() {
                std::fs::copy(from, copy.path().join(name))?;
            }
        }
        let mut ledger = Ledger::open(copy.path())?;
        ledger._copy = Some(copy);
        Ok(ledger)
    }

    fn connect(dir: &Path, flags: OpenFlags) -> Result<Ledger> {
        // Links above the folder are the user's; the ledger itself must be none.
        Ledger::connect_file(&dir.canonicalize()?.join(FILE), flags)
    }

    fn connect_file(file: &Path, flags: OpenFlags) -> Result<Ledger> {
        let flags = flags | OpenFlags::SQLITE_OPEN_NOFOLLOW | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(file, flags)?;
        db.busy_timeout(PATIENCE)?;
        // Else some statements are compiled anew for every value that is bound to them.
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        db.set_prepared_statement_cache_capacity(64);
        schema::prepare(&db)?;
        Ok(Ledger {
            db,
            lists: RefCell::default(),
            run: Cell::default(),
            noted: Cell::default(),
            changes: Cell::default(),
            _copy: None,
        })
    }

    /// Begins what is to be done wholly or not at all.
    ///
    /// # Errors
    /// The ledger cannot be locked.
    pub fn begin(&mut self) -> Result<()> {
        self.lists.borrow_mut().clear();
        self.run.set(None);
        self.noted.set(0);
        self.changes.set(0);
        Ok(self.db.execute_batch("BEGIN IMMEDIATE")?)
    }

    /// Makes it last.
    ///
    /// # Errors
    /// It cannot be written; then nothing was done.
    pub fn commit(&mut self) -> Result<()> {
        let done = self.db.execute_batch("COMMIT");
        if done.is_err() {
            self.undo();
        }
        Ok(done?)
    }

    /// Undoes it. What cannot be undone now is undone by whoever opens the ledger next.
    pub fn undo(&mut self) {
        let _ = self.db.execute_batch("ROLLBACK");
    }

    /// A setting of an earlier run.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn setting(&self, key: &str) -> Result<Option<String>> {
        let mut query = self
            .db
            .prepare_cached("SELECT value FROM settings WHERE key = ?1")?;
        let mut rows = query.query([key])?;
        Ok(rows.next()?.map(|r| r.get(0)).transpose()?)
    }

    /// Remembers a setting.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn set(&self, key: &str, value: &str) -> Result<()> {
        if self.setting(key)?.as_deref() == Some(value) {
            return Ok(());
        }
        let mut query = self.db.prepare_cached(
            "INSERT INTO settings (key, value) VALUES (?1, ?2)
             ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )?;
        query.execute([key, value])?;
        Ok(())
    }

    /// How many mails went to a domain in a span, as a sent log of this or an earlier run
    /// had it: S10 needs it when that log is no longer at hand. `seen` is what today's has.
    ///
    /// # Errors
    /// The ledger cannot be read or written.
    pub fn mailed(&self, domain: &str, span: (i64, i64), seen: Option<u64>) -> Result<Option<u64>> {
        let place = (domain, span.0, span.1);
        let mut query = self.db.prepare_cached(
            "SELECT sent FROM mailed WHERE domain = ?1 AND since = ?2 AND until = ?3",
        )?;
        let mut rows = query.query(place)?;
        let known: Option<i64> = rows.next()?.map(|r| r.get(0)).transpose()?;
        let known = known.and_then(|n| u64::try_from(n).ok());
        // A log that reaches less far back knows less, not better.
        let best = known.max(seen);
        if let Some(n) = best.filter(|_| best != known) {
            let n = i64::try_from(n).unwrap_or(i64::MAX);
            let mut query = self.db.prepare_cached(
                "INSERT OR REPLACE INTO mailed (domain, since, until, sent) VALUES (?1, ?2, ?3, ?4)",
            )?;
            query.execute((domain, span.0, span.1, n))?;
        }
        Ok(best)
    }
}

#[cfg(test)]
mod tests;
