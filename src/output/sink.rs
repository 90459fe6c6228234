//! Where output goes: standard output, or a file that is replaced atomically.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::NamedTempFile;

/// How a file is called until it is complete.
const TEMPORARY: (&str, &str) = (".bounce-", ".part");
/// A younger file may not be locked yet by the run that makes it.
const SETTLED: Duration = Duration::from_secs(60);

/// An open output.
#[derive(Debug)]
pub enum Sink {
    /// Standard output.
    Stdout(BufWriter<Stdout>),
    /// A file beside its target, renamed into place by [`Sink::keep`].
    File(BufWriter<NamedTempFile>, PathBuf),
}

/// The kind of failure of a write.
#[derive(Debug)]
pub enum WriteError {
    /// The reader of the pipe has gone: no error, only the end.
    BrokenPipe,
    /// Anything else, with the target's name.
    Failed(String),
}

impl Sink {
    /// Opens standard output, or a temporary file in the folder of `path`.
    pub fn open(path: Option<&Path>) -> Result<Self, WriteError> {
        let Some(path) = path else {
            return Ok(Sink::Stdout(BufWriter::with_capacity(
                1 << 16,
                io::stdout(),
            )));
        };
        // A link keeps its place: its target is replaced.
        let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let folder = target.parent().filter(|p| !p.as_os_str().is_empty());
        let folder = folder.unwrap_or_else(|| Path::new("."));
        let special = target.metadata().is_ok_and(|m| !m.is_file());
        if special {
            return Err(WriteError::Failed(format!(
                "{}: not a regular file",
                path.display()
            )));
        }
        let mut builder = tempfile::Builder::new();
        // A temporary file is private by default; this one is to be as `>` makes it (umask applies).
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        builder.prefix(TEMPORARY.0).suffix(TEMPORARY.1);
        let file = builder.tempfile_in(folder);
        let file = file.map_err(|e| WriteError::Failed(format!("{}: {e}", path.display())))?;
        // The lock ends with this run, however it ends. Where a file system has none,
        // what runs leave stays.
        if file.as_file().try_lock().is_ok() {
            sweep(folder);
        }
        Ok(Sink::File(BufWriter::with_capacity(1 << 16, file), target))
    }

    /// Writes all bytes.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), WriteError> {
        let result = match self {
            Sink::Stdout(w) => w.write_all(bytes),
            Sink::File(w, _) => w.write_all(bytes),
        };
        self.checked(result)
    }

    /// Flushes what is buffered, so that a reader sees it.
    pub fn flush(&mut self) -> Result<(), WriteError> {
        let result = match self {
            Sink::Stdout(w) => w.flush(),
            Sink::File(w, _) => w.flush(),
        };
        self.checked(result)
    }

    fn checked(&self, result: io::Result<()>) -> Result<(), WriteError> {
        result.map_err(|e| match (self, e.kind()) {
            (Sink::Stdout(_), io::ErrorKind::BrokenPipe) => WriteError::BrokenPipe,
            (Sink::Stdout(_), _) => WriteError::Failed(format!("standard output: {e}")),
            (Sink::File(_, path), _) => WriteError::Failed(format!("{}: {e}", path.display())),
        })
    }

    /// Ends the output: flushed; a file is synced and renamed into place, with the
    /// permissions of the file it replaces. Dropping a sink instead leaves the target as it was.
    pub fn keep(mut self) -> Result<(), WriteError> {
        self.flush()?;
        let Sink::File(w, path) = self else {
            return Ok(());
        };
        let fail =
            |e: &dyn std::fmt::Display| WriteError::Failed(format!("{}: {e}", path.display()));
        let file = w.into_inner().map_err(|e| fail(&e))?;
        if let Ok(there) = path.metadata() {
            let permissions = there.permissions();
            file.as_file()
                .set_permissions(permissions)
                .map_err(|e| fail(&e))?;
        }
        file.as_file().sync_all().map_err(|e| fail(&e))?;
        file.persist(&path).map_err(|e| fail(&e.error))?;
        Ok(())
    }
}

/// Deletes what runs that were killed have left in a folder. What cannot be deleted
/// stays: that is no reason not to write.
fn sweep(folder: &Path) {
    for entry in folder.read_dir().into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.as_encoded_bytes();
        let ours =
            name.starts_with(TEMPORARY.0.as_bytes()) && name.ends_with(TEMPORARY.1.as_bytes());
        // Opening a pipe could wait for ever.
        let file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if ours && file && is_left(&entry.path()) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// True for a file that no run writes any more.
fn is_left(path: &Path) -> bool {
    let Ok(file) = std::fs::File::open(path) else {
        return false;
    };
    let age = file.metadata().and_then(|m| m.modified()).ok();
    let age = age.and_then(|at| at.elapsed().ok());
    age.is_some_and(|age| age > SETTLED) && file.try_lock().is_ok()
}

/// True if standard output is a terminal.
pub fn stdout_is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// True if standard error is a terminal.
pub fn stderr_is_terminal() -> bool {
    io::stderr().is_terminal()
}

/// True if standard input is a terminal.
pub fn stdin_is_terminal() -> bool {
    io::stdin().is_terminal()
}

/// Writes one line to standard error. What cannot be written there is lost: there
/// is nowhere else to say so.
pub fn complain(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}
