//! Walks inputs: files, standard input, folders, Maildirs.

use std::cell::Cell;
use std::collections::HashSet;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use super::Format;
use super::batch::Batcher;
use super::entry::{Entry, entries};
use super::layout::Map;
use super::logs::oldest_first;
use super::maildir::{Listed, Maildir, is_maildir};
use super::source::{Place, Room, stream};

/// Folders below folders, at most.
const MAX_DEPTH: usize = 200;

/// Walks inputs and gives what it finds to a [`Batcher`].
pub struct Walk<'a> {
    format: Format,
    out: Batcher<'a>,
    room: Room,
    read: Rc<Cell<u64>>,
    /// The folders of the input that were entered: links can lead to one twice.
    entered: HashSet<PathBuf>,
    /// Whether the input had anything to read.
    found: bool,
}

impl<'a> Walk<'a> {
    /// Counts what it reads in `read`.
    pub fn new(format: Format, map: Arc<Map>, out: Batcher<'a>, read: Rc<Cell<u64>>) -> Self {
        Walk {
            format,
            out,
            room: Room::new(map),
            read,
            entered: HashSet::new(),
            found: false,
        }
    }

    /// Reads one input.
    pub fn input(&mut self, path: &Path) {
        self.entered.clear();
        self.found = false;
        self.out.file(named(path));
        if path.as_os_str() == "-" {
            self.stream(io::stdin().lock(), Place::Named);
            return;
        }
        match fs::metadata(path) {
            Ok(data) if data.is_dir() => self.top(path),
            Ok(_) if self.format == Format::Maildir => self.out.failure("not a folder"),
            Ok(_) => match File::open(path) {
                Ok(file) => self.stream(file, Place::Named),
                Err(error) => self.out.failure(error.to_string()),
            },
            Err(error) => self.out.failure(error.to_string()),
        }
    }

    /// Whether nobody wants more.
    pub fn stopped(&self) -> bool {
        self.out.stopped()
    }

    /// Gives out what is left.
    pub fn finish(mut self) {
        self.out.flush();
    }

    fn top(&mut self, path: &Path) {
        self.folder(path, 0, self.format == Format::Maildir);
        if self.found || self.stopped() {
            return;
        }
        self.out.file(named(path));
        if self.format == Format::Maildir {
            self.out.failure("no Maildir: no folder with cur and new");
        } else {
            self.out.note("empty");
        }
    }

    /// Reads a folder. `only_maildirs`: of the files in it none is mail, because
    /// it is part of a Maildir (indices, subscriptions) or so the user said.
    fn folder(&mut self, path: &Path, depth: usize, only_maildirs: bool) {
        if self.stopped() || !self.enter(path, depth) {
            return;
        }
        let maildir = is_maildir(path);
        if maildir {
            self.found |= self.format == Format::Maildir;
            self.maildir(path);
        }
        let entries = match entries(path) {
            Ok(entries) => entries,
            Err(error) => return self.failure(path, &error),
        };
        let only_maildirs = only_maildirs || maildir;
        let file = |(name, entry): &(OsString, Entry)| {
            (*entry == Entry::File && !only_maildirs).then(|| path.join(name))
        };
        let entries = oldest_first(entries, file);
        for (name, entry) in entries {
            let part = maildir && ["cur", "new", "tmp"].iter().any(|part| name == *part);
            match entry {
                Entry::Folder if part => {}
                Entry::Folder => self.folder(&path.join(name), depth + 1, only_maildirs),
                _ if only_maildirs => {}
                _ => self.entry(&path.join(name), entry),
            }
        }
    }

    /// Whether the folder is to be read: it is not too deep, and new.
    fn enter(&mut self, path: &Path, depth: usize) -> bool {
        let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if depth > MAX_DEPTH {
            self.found = true;
            self.out.file(named(path));
            self.out.skip(0, "folders are nested too deep");
            return false;
        }
        let new = self.entered.insert(real);
        if !new {
            self.out.file(named(path));
            self.out.note("links to a folder that was read already");
        }
        new
    }

    fn maildir(&mut self, path: &Path) {
        let mut maildir = Maildir::new(path);
        let messages = match maildir.list() {
            Ok(messages) => messages,
            Err(error) => return self.failure(path, &error),
        };
        for message in messages {
            if self.stopped() {
                return;
            }
            self.found = true;
            match message.entry {
                Entry::File | Entry::Dangling => self.message(&mut maildir, &message, path),
                entry => self.entry(&path.join(message.path()), entry),
            }
        }
    }

    fn message(&mut self, maildir: &mut Maildir<'_>, message: &Listed, path: &Path) {
        match maildir.open(message) {
            Ok((file, below)) => {
                self.out.file(named(&path.join(below)));
                self.stream(file, Place::Maildir);
            }
            Err(error) => self.gone(&path.join(message.path()), &error),
        }
    }

    fn entry(&mut self, path: &Path, entry: Entry) {
        if self.stopped() {
            return;
        }
        self.found = true;
        self.out.file(named(path));
        match entry {
            Entry::File => match File::open(path) {
                Ok(file) => self.stream(file, place(path)),
                Err(error) => self.gone(path, &error),
            },
            Entry::Folder => self.out.skip(0, "a folder where a mail is expected"),
            Entry::Dangling => self.out.skip(0, "a link that leads nowhere"),
            Entry::Special => self.out.skip(0, "a pipe, socket or device: not read"),
        }
    }

    /// A file that was listed could not be opened.
    fn gone(&mut self, path: &Path, error: &io::Error) {
        if error.kind() == io::ErrorKind::NotFound {
            self.out.file(named(path));
            self.out.skip(0, "gone before it could be read");
        } else {
            self.failure(path, error);
        }
    }

    fn failure(&mut self, path: &Path, error: &io::Error) {
        self.out.file(named(path));
        self.out.failure(error.to_string());
    }

    fn stream(&mut self, source: impl Read, place: Place) {
        let mut source = Counted {
            source,
            read: Rc::clone(&self.read),
        };
        stream(
            &mut source,
            self.format,
            place,
            &mut self.room,
            &mut self.out,
        );
    }
}

/// How an input is named in origins: as given, with what follows below a folder.
fn named(path: &Path) -> Arc<str> {
    Arc::from(path.to_string_lossy())
}

/// A hidden file of no known kind is not worth more than a mention.
fn place(path: &Path) -> Place {
    let name = path.file_name().unwrap_or_default();
    if name.as_encoded_bytes().starts_with(b".") {
        Place::Hidden
    } else {
        Place::Folder
    }
}

/// Counts the bytes read.
struct Counted<R> {
    source: R,
    read: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, block: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(block)?;
        self.read.set(self.read.get() + count as u64);
        Ok(count)
    }
}

/// The bytes of an input on disk, and of how many entries that takes the count.
pub fn size(path: &Path, entries_left: &mut usize) -> Option<u64> {
    let data = fs::metadata(path).ok()?;
    if data.is_file() {
        return Some(data.len());
    }
    if !data.is_dir() {
        return None;
    }
    let mut sum = 0;
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).ok()? {
            *entries_left = entries_left.checked_sub(1)?;
            let entry = entry.ok()?;
            let data = entry.metadata().ok()?;
            if data.is_dir() {
                folders.push(entry.path());
            } else {
                sum += data.len();
            }
        }
    }
    Some(sum)
}
