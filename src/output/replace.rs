//! Files that belong together in a folder, each replaced as a whole or left alone.
//!
//! What is written goes to a file beside its target as soon as it differs from what is
//! there; then it is synced and renamed. So a reader sees the old file or the new one, and
//! a file whose content is the same is not touched. The folder is a capability: a link in
//! it, whoever puts it there and when, leads nowhere outside.

use cap_std::ambient_authority;
use cap_std::fs::{Dir, File, OpenOptions};
use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// How temporary files begin and end.
const TEMPORARY: (&str, &str) = (".bounce-", ".tmp");

/// A write to the folder that failed, with the file's name.
#[derive(Debug)]
pub struct FolderError {
    file: PathBuf,
    error: io::Error,
}

impl fmt::Display for FolderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file.display(), self.error)
    }
}

impl std::error::Error for FolderError {}

/// A folder of files.
#[derive(Debug)]
pub struct Folder {
    dir: Dir,
    path: PathBuf,
    /// Folders in which names have changed.
    changed: BTreeSet<String>,
}

/// The folder below, if any, and the name in it.
fn parts(file: &str) -> (&str, &str) {
    file.rsplit_once('/').unwrap_or(("", file))
}

impl Folder {
    /// Opens a folder that is there.
    ///
    /// # Errors
    /// It is not, or cannot be read.
    pub fn open(path: &Path) -> Result<Folder, FolderError> {
        let dir = Dir::open_ambient_dir(path, ambient_authority());
        Ok(Folder {
            dir: dir.map_err(|error| FolderError {
                file: path.to_owned(),
                error,
            })?,
            path: path.to_owned(),
            changed: BTreeSet::new(),
        })
    }

    fn told<T>(&self, file: &str, result: io::Result<T>) -> Result<T, FolderError> {
        result.map_err(|error| FolderError {
            file: self.path.join(file),
            error,
        })
    }

    /// The folder of a file, made if `make`; a link is none.
    fn folder_of(&self, file: &str, make: bool) -> io::Result<Dir> {
        let (folders, _) = parts(file);
        let mut dir = self.dir.try_clone()?;
        for folder in folders.split('/').filter(|f| !f.is_empty()) {
            match dir.symlink_metadata(folder) {
                Ok(there) if there.is_dir() => {}
                Ok(_) => return Err(io::Error::other(format!("{folder} is no folder"))),
                Err(e) if e.kind() == io::ErrorKind::NotFound && make => dir.create_dir(folder)?,
                Err(e) => return Err(e),
            }
            dir = dir.open_dir(folder)?;
        }
        Ok(dir)
    }

    /// The names in a folder; none if there is no such folder.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn names(&self, folder: &str) -> Result<Vec<String>, FolderError> {
        let dir = match self.folder_of(&format!("{folder}/-"), false) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            dir => self.told(folder, dir)?,
        };
        let mut names = Vec::new();
        for entry in self.told(folder, dir.entries())? {
            let name = self.told(folder, entry)?.file_name();
            names.extend(name.to_str().map(str::to_owned));
        }
        Ok(names)
    }

    /// Begins to replace a file: what is written to the result takes its place with
    /// [`Folder::keep`]. Dropped, it leaves the file as it was.
    ///
    /// # Errors
    /// It cannot be read, or its folder cannot be made.
    pub fn begin(&self, file: &str) -> Result<NewFile, FolderError> {
        let (_, name) = parts(file);
        let dir = self.told(file, self.folder_of(file, true))?;
        Ok(NewFile {
            new: self.told(file, Replacement::new(dir, name))?,
            file: file.to_owned(),
            path: self.path.join(file),
        })
    }

    /// The same without a look at what is there: it will be another.
    ///
    /// # Errors
    /// Its folder cannot be made.
    pub fn begin_new(&self, file: &str) -> Result<NewFile, FolderError> {
        let mut new = self.begin(file)?;
        self.told(file, new.new.part())?;
        Ok(new)
    }

    /// Opens a file to read it.
    ///
    /// # Errors
    /// It cannot be read, or is a link.
    pub fn read(&self, file: &str) -> Result<BufReader<File>, FolderError> {
        let (_, name) = parts(file);
        let open = || {
            let dir = self.folder_of(file, false)?;
            let file = dir.open(name)?;
            Ok(BufReader::with_capacity(1 << 20, file))
        };
        self.told(file, open())
    }

    /// What a file looks like from outside: its length and the time of its last change;
    /// `None` if it is no regular file.
    ///
    /// # Errors
    /// Its folder cannot be read.
    pub fn stamp(&self, file: &str) -> Result<Option<String>, FolderError> {
        let (_, name) = parts(file);
        let gone = |e: &io::Error| e.kind() == io::ErrorKind::NotFound;
        let there = self
            .folder_of(file, false)
            .and_then(|d| d.symlink_metadata(name));
        let there = match there {
            Err(e) if gone(&e) => return Ok(None),
            there => self.told(file, there)?,
        };
        let changed = self.told(file, there.modified())?.into_std();
        let since = changed.duration_since(std::time::UNIX_EPOCH);
        let nanos = since.map_or(0, |s| s.as_nanos());
        let text = format!("{}:{nanos}", there.len());
        Ok(Some(text).filter(|_| there.is_file()))
    }

    /// An error with the name of a file.
    pub fn failed(&self, file: &str, error: io::Error) -> FolderError {
        let file = self.path.join(file);
        FolderError { file, error }
    }

    /// Puts a file in its place, unless it is the same that is there. True if it was not.
    ///
    /// # Errors
    /// It cannot be written; then the file is as it was.
    pub fn keep(&mut self, file: NewFile) -> Result<bool, FolderError> {
        let changed = self.told(&file.file, file.new.keep())?;
        if changed {
            self.changed.insert(parts(&file.file).0.to_owned());
        }
        Ok(changed)
    }

    /// Deletes a file, if it is there.
    ///
    /// # Errors
    /// It cannot be deleted.
    pub fn remove(&mut self, file: &str) -> Result<(), FolderError> {
        let gone = |e: &io::Error| e.kind() == io::ErrorKind::NotFound;
        let (folder, name) = parts(file);
        match self
            .folder_of(file, false)
            .and_then(|d| d.remove_file(name))
        {
            Ok(()) => {
                self.changed.insert(folder.to_owned());
                Ok(())
            }
            Err(e) if gone(&e) => Ok(()),
            failed => self.told(file, failed),
        }
    }

    /// Syncs the folders in which names have changed.
    ///
    /// # Errors
    /// The disk says no.
    pub fn sync(&mut self) -> Result<(), FolderError> {
        for folder in std::mem::take(&mut self.changed) {
            let place = if folder.is_empty() { "." } else { &folder };
            let synced = self.dir.open(place).and_then(|d| d.sync_all());
            self.told(&folder, synced)?;
        }
        Ok(())
    }

    /// Deletes what a run that was killed has left of files that it was writing.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn sweep(&self, folder: &str) -> Result<(), FolderError> {
        for name in self.names(folder)? {
            if name.starts_with(TEMPORARY.0) && name.ends_with(TEMPORARY.1) {
                let dir = self.told(folder, self.folder_of(&format!("{folder}/-"), false))?;
                self.told(&name, dir.remove_file(&name))?;
            }
        }
        Ok(())
    }
}

/// A file that is being written.
pub struct NewFile {
    new: Replacement,
    file: String,
    path: PathBuf,
}

impl NewFile {
    /// Keeps all that is there; what is written comes behind it.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn keep_old(&mut self) -> Result<(), FolderError> {
        let kept = self.new.keep_old();
        kept.map_err(|error| FolderError {
            file: self.path.clone(),
            error,
        })
    }

    /// Writes on.
    ///
    /// # Errors
    /// The disk says no.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), FolderError> {
        self.new.write(bytes).map_err(|error| FolderError {
            file: self.path.clone(),
            error,
        })
    }
}

/// A file on its way.
struct Replacement {
    dir: Dir,
    name: String,
    /// The file that is there, read as far as `same`.
    old: Option<BufReader<File>>,
    /// So many bytes are as they were.
    same: u64,
    new: Option<(BufWriter<fs::File>, String)>,
}

impl Replacement {
    fn new(dir: Dir, name: &str) -> io::Result<Self> {
        // What is no regular file, such as a link, is replaced, never followed.
        let regular = dir.symlink_metadata(name).is_ok_and(|m| m.is_file());
        let old = if regular {
            Some(BufReader::new(dir.open(name)?))
        } else {
            None
        };
        Ok(Replacement {
            dir,
            name: name.to_owned(),
            old,
            same: 0,
            new: None,
        })
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.new.is_none() {
            let mut there = vec![0; bytes.len()];
            let same = match &mut self.old {
                Some(old) => old.read_exact(&mut there).is_ok() && there == bytes,
                None => false,
            };
            if same {
                self.same += bytes.len() as u64;
                return Ok(());
            }
            self.part()?;
        }
        match &mut self.new {
            Some((file, _)) => file.write_all(bytes),
            None => Ok(()),
        }
    }

    fn keep_old(&mut self) -> io::Result<()> {
        if let (Some(old), None) = (&mut self.old, &self.new) {
            self.same = old.seek(io::SeekFrom::End(0))?;
        }
        Ok(())
    }

    /// From here on the new file differs.
    fn part(&mut self) -> io::Result<()> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let (begin, end) = TEMPORARY;
        let name = format!("{begin}{}-{count}{end}", std::process::id());
        let mut options = OpenOptions::new();
        let file = self
            .dir
            .open_with(&name, options.write(true).create_new(true))?;
        let mut writer = BufWriter::with_capacity(1 << 16, file.into_std());
        // From here on it is deleted if anything fails.
        let copied = self.copy(&mut writer);
        self.new = Some((writer, name));
        copied
    }

    fn copy(&mut self, to: &mut BufWriter<fs::File>) -> io::Result<()> {
        if self.old.take().is_none() {
            return Ok(());
        }
        // Between two files of the standard library the system copies; where it can, the new
        // file shares the blocks of the old one.
        let begin = self.dir.open(&self.name)?.into_std();
        let permissions = begin.metadata()?.permissions();
        to.get_ref().set_permissions(permissions)?;
        io::copy(&mut begin.take(self.same), to)?;
        Ok(())
    }

    fn keep(mut self) -> io::Result<bool> {
        if self.new.is_none() {
            let at_end = match &mut self.old {
                Some(old) => old.read(&mut [0])? == 0,
                None => false,
            };
            if at_end {
                return Ok(false);
            }
            self.part()?;
        }
        if let Some((file, name)) = &mut self.new {
            file.flush()?;
            file.get_ref().sync_all()?;
            self.dir.rename(&*name, &self.dir, &self.name)?;
        }
        self.new = None;
        Ok(true)
    }
}

impl Drop for Replacement {
    fn drop(&mut self) {
        if let Some((file, name)) = self.new.take() {
            // What is buffered is not wanted any more.
            let _ = file.into_parts();
            let _ = self.dir.remove_file(name);
        }
    }
}
