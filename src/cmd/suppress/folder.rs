//! The folder of a run: locked, opened, put right, and closed again.

use super::super::Stop;
use super::super::veil::Veil;
use super::make::Made;
use super::publish;
use super::veiled::Hiding;
use crate::cli::Change;
use crate::ledger::{self, Ledger, LedgerError, Lock, LockError};
use crate::output::ndjson;
use crate::output::replace;
use crate::output::sink::Sink;
use crate::vocab::Platform;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The folder.
pub struct Folder {
    /// What it remembers.
    pub ledger: Ledger,
    /// What `--redact` means here.
    pub hiding: Hiding,
    path: PathBuf,
    dry: bool,
    /// When it was opened, when it was found right, and when the changes were committed.
    times: [Option<Instant>; 3],
    _lock: Option<Lock>,
}

impl From<LedgerError> for Stop {
    fn from(e: LedgerError) -> Self {
        Stop::Failed(format!("ledger: {e}"))
    }
}

impl From<replace::FolderError> for Stop {
    fn from(e: replace::FolderError) -> Self {
        Stop::Failed(e.to_string())
    }
}

fn failed(path: &Path, why: &dyn std::fmt::Display) -> Stop {
    Stop::Failed(format!("{}: {why}", path.display()))
}

impl Folder {
    /// Locks and opens it. `make`: makes one if there is none.
    pub fn open(path: &Path, change: &Change, make: bool, veil: &Veil) -> Result<Folder, Stop> {
        let dry = change.dry_run;
        if !path.exists() && make && !dry {
            // Only the last folder: what is above may be a disk that is not there today.
            // Another run may be faster.
            let made = std::fs::create_dir(path);
            let there = |e: &std::io::Error| e.kind() == std::io::ErrorKind::AlreadyExists;
            made.or_else(|e| {
                if there(&e) {
                    Ok(())
                } else {
                    Err(failed(path, &e))
                }
            })?;
        }
        let known = path.join(ledger::FILE).is_file();
        if !make && !known {
            return Err(failed(path, &"there is no ledger here"));
        }
        let wait = Duration::from_secs(change.wait);
        let lock = ledger::take(path, wait, !dry).map_err(|e| match e {
            LockError::Busy => Stop::Busy(format!("{}: another run is at it", path.display())),
            LockError::Failed(e) => failed(path, &e),
        })?;
        // Whoever had the lock may have made it meanwhile.
        let known = known || path.join(ledger::FILE).is_file();
        if !known && path.join("suppression.csv").exists() {
            let why = "there are lists here, but no ledger.db; they would be emptied: \
                       put the ledger back, or take another folder";
            return Err(failed(path, &why));
        }
        let opened = if dry {
            Ledger::copy(path)
        } else {
            Ledger::open(path)
        };
        let ledger = opened.map_err(|e| failed(&path.join(ledger::FILE), &e))?;
        Ok(Folder {
            hiding: Hiding::of(&ledger, veil, dry)?,
            ledger,
            path: path.to_owned(),
            dry,
            times: [Some(Instant::now()), None, None],
            _lock: lock,
        })
    }

    /// An error of the ledger, with its name.
    pub fn told(&self, e: &LedgerError) -> Stop {
        failed(&self.path.join(ledger::FILE), e)
    }

    /// Writes files that are older than the ledger: a run was killed, or somebody changed
    /// them.
    pub fn repair(&mut self) -> Result<(), Stop> {
        if !self.dry {
            publish::sweep(&self.path)?;
            publish::repair(&self.ledger, &self.path)?;
        }
        self.times[1] = Some(Instant::now());
        Ok(())
    }

    /// How long everything took, for a person.
    pub fn times(&self) -> String {
        let now = Some(Instant::now());
        let [opened, right, committed] = self.times;
        let between = |a: Option<Instant>, b: Option<Instant>| {
            let span = a.zip(b).map(|(a, b)| b.saturating_duration_since(a));
            span.unwrap_or_default().as_secs_f64()
        };
        format!(
            "files checked in {:.1} s, input read and lists made in {:.1} s, files written in {:.1} s",
            between(opened, right),
            between(right, committed),
            between(committed, now)
        )
    }

    /// The number of the last reading that it has.
    pub fn last_reading(&self) -> Result<i64, Stop> {
        let last = self.ledger.last_reading();
        last.map_err(|e| self.told(&e))
    }

    /// Begins the changes of this run.
    pub fn begin(&mut self) -> Result<(), Stop> {
        let begun = self.ledger.begin();
        begun.map_err(|e| self.told(&e))?;
        self.remember_key()
    }

    /// Undoes them.
    pub fn undo(&mut self) {
        self.ledger.undo();
    }

    /// Remembers options that make lists what they are, for runs that do not say them.
    pub fn settings(&self, require_proof: bool, skip_lists: bool) -> Result<(), Stop> {
        let word = |on: bool| if on { "true" } else { "false" };
        let set = |key, on| self.ledger.set(key, word(on)).map_err(|e| self.told(&e));
        set("require_proof", require_proof)?;
        set("skip_lists", skip_lists)
    }

    /// Remembers the platforms that the lists are written for.
    pub fn write_for(&self, platforms: &[Platform]) -> Result<(), Stop> {
        let words: Vec<&str> = platforms.iter().map(|p| p.as_str()).collect();
        let set = self.ledger.set("for", &words.join(";"));
        set.map_err(|e| self.told(&e))
    }

    /// Commits, and writes the files; or prints what would have changed.
    pub fn end(&mut self, made: &Made) -> Result<(), Stop> {
        if self.dry {
            return self.print(made);
        }
        let done = self.ledger.commit();
        done.map_err(|e| self.told(&e))?;
        self.times[2] = Some(Instant::now());
        publish::write(&self.ledger, &self.path, made)
    }

    fn print(&mut self, made: &Made) -> Result<(), Stop> {
        let mut out = Sink::open(None)?;
        self.ledger
            .each_entry(made.before, |entry| -> Result<(), Stop> {
                let mut line = Vec::new();
                ndjson::line(&self.hidden_entry(entry), &mut line);
                Ok(out.write(&line)?)
            })?;
        self.ledger.undo();
        Ok(out.keep()?)
    }
}
