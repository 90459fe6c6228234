//! One run at a time: a lock on a file in the folder, held by the process.
//!
//! The lock is the operating system's, so it goes with the process however that ends; the
//! file stays, and says nothing.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

/// The file that is locked.
const FILE: &str = ".lock";
/// How often it is tried.
const PAUSE: Duration = Duration::from_millis(50);

/// A lock that is held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Why there is no lock.
#[derive(Debug)]
pub enum LockError {
    /// Another run holds it.
    Busy,
    /// The folder or the file cannot be used.
    Failed(std::io::Error),
}

/// Takes the lock of a folder, waiting for another run at most so long. `make`: makes the
/// file that is locked; without it, a folder that has none is locked by nobody.
///
/// # Errors
/// Another run holds it still, or the file cannot be opened.
pub fn take(dir: &Path, wait: Duration, make: bool) -> Result<Option<Lock>, LockError> {
    let path = dir.join(FILE);
    let link = path.symlink_metadata().is_ok_and(|m| !m.is_file());
    if link {
        let why = "is no regular file".to_owned();
        return Err(LockError::Failed(std::io::Error::other(why)));
    }
    if !make && !path.exists() {
        return Ok(None);
    }
    let mut options = OpenOptions::new();
    options.read(true).write(make).create(make);
    let file = options.open(path).map_err(LockError::Failed)?;
    let end = Instant::now() + wait;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Some(Lock { _file: file })),
            Err(TryLockError::Error(e)) => return Err(LockError::Failed(e)),
            Err(TryLockError::WouldBlock) if Instant::now() >= end => return Err(LockError::Busy),
            Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
        }
    }
}
