//! What stands in a folder.

use std::ffi::OsString;
use std::fs::{self, DirEntry, FileType};
use std::io;
use std::path::Path;

/// What an entry of a folder is, links followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A link to nothing, or to itself; or it has gone.
    Dangling,
    /// A pipe, a socket, a device: opening it may hang.
    Special,
}

impl Entry {
    /// What `entry` is. The system is asked again only about links.
    pub fn of(entry: &DirEntry) -> Entry {
        match entry.file_type() {
            Ok(kind) if kind.is_symlink() => match fs::metadata(entry.path()) {
                Ok(data) => Entry::kind(data.file_type()),
                Err(_) => Entry::Dangling,
            },
            Ok(kind) => Entry::kind(kind),
            Err(_) => Entry::Dangling,
        }
    }

    fn kind(kind: FileType) -> Entry {
        if kind.is_file() {
            Entry::File
        } else if kind.is_dir() {
            Entry::Folder
        } else {
            Entry::Special
        }
    }
}

/// The entries of a folder, in the order of the bytes of the paths below it.
///
/// # Errors
/// The folder cannot be read.
pub fn entries(folder: &Path) -> io::Result<Vec<(OsString, Entry)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        found.push((entry.file_name(), Entry::of(&entry)));
    }
    found.sort_by(|a, b| key(a).cmp(key(b)));
    Ok(found)
}

/// The bytes of a name; a folder's with the `/` that follows them in its paths.
fn key((name, entry): &(OsString, Entry)) -> impl Iterator<Item = &u8> {
    let slash: &[u8] = if *entry == Entry::Folder { b"/" } else { b"" };
    name.as_encoded_bytes().iter().chain(slash)
}
