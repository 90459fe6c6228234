//! Lists a Maildir while others deliver to it, read it and set flags in it.
//!
//! A message keeps its base name, the part before `:2,`; its folder and its flags
//! change. So messages are known by base name, the listing is repeated until it
//! brings nothing new, and a file that has gone is looked for under its new name.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::entry::Entry;

/// A listing is repeated at most this often.
const MAX_ROUNDS: usize = 8;
/// A file is looked for under a new name at most this often.
const MAX_TRIES: usize = 16;

/// Whether `folder` is a Maildir: it has the folders `cur` and `new`.
pub fn is_maildir(folder: &Path) -> bool {
    folder.join("cur").is_dir() && folder.join("new").is_dir()
}

/// A message of a Maildir, under the name it had when it was listed.
#[derive(Clone, Debug)]
pub struct Listed {
    sub: &'static str,
    name: Box<OsStr>,
    /// What the file is.
    pub entry: Entry,
}

impl Listed {
    /// Its path below the Maildir.
    pub fn path(&self) -> PathBuf {
        Path::new(self.sub).join(&*self.name)
    }

    /// The part of its name that never changes.
    fn base(&self) -> &[u8] {
        base(&self.name)
    }
}

/// Finds the messages of one Maildir again when they have been renamed.
pub struct Maildir<'a> {
    folder: &'a Path,
    /// The names as they were when a file had last gone.
    moved: Vec<Listed>,
}

impl<'a> Maildir<'a> {
    /// The Maildir in `folder`.
    pub fn new(folder: &'a Path) -> Self {
        Maildir {
            folder,
            moved: Vec::new(),
        }
    }

    /// The messages in `cur` and `new`, sorted by base name; `tmp` is not looked
    /// at.
    ///
    /// # Errors
    /// A folder cannot be read.
    pub fn list(&self) -> io::Result<Vec<Listed>> {
        let mut listed = Vec::new();
        for round in 0..MAX_ROUNDS {
            let before = self.changed();
            // A rename while a folder is listed can hide a message once.
            let more = self.unknown(&listed)?;
            if round > 0 && more.is_empty() && self.changed() == before {
                break;
            }
            listed.extend(more);
            sort(&mut listed);
        }
        Ok(listed)
    }

    /// Opens a message, under its new name if it has been renamed. Gives the path
    /// below the Maildir too.
    ///
    /// # Errors
    /// It cannot be opened; `NotFound` if it has really gone.
    pub fn open(&mut self, message: &Listed) -> io::Result<(File, PathBuf)> {
        let mut path = message.path();
        for again in 0..MAX_TRIES {
            match File::open(self.folder.join(&path)) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                result => return result.map(|file| (file, path)),
            }
            // Listing anew for each message of thousands renamed would take long.
            if again > 0 || find(&self.moved, message.base()).is_none() {
                self.moved = self.unknown(&[])?;
                sort(&mut self.moved);
            }
            match find(&self.moved, message.base()) {
                Some(found) => path = found.path(),
                None if again > 2 => break,
                None => {}
            }
        }
        Err(io::Error::from(io::ErrorKind::NotFound))
    }

    /// When the folders last changed.
    fn changed(&self) -> [Option<SystemTime>; 2] {
        ["new", "cur"].map(|sub| fs::metadata(self.folder.join(sub)).ok()?.modified().ok())
    }

    /// What is there now and not among `known`. `new` first: what moves on to
    /// `cur` in the meantime is then seen twice, not never.
    fn unknown(&self, known: &[Listed]) -> io::Result<Vec<Listed>> {
        let mut found = Vec::new();
        for sub in ["new", "cur"] {
            for entry in fs::read_dir(self.folder.join(sub))? {
                let entry = entry?;
                let name = entry.file_name();
                // The specification has readers ignore names that begin with a dot.
                let hidden = name.as_encoded_bytes().starts_with(b".");
                if !hidden && find(known, base(&name)).is_none() {
                    let name = name.into_boxed_os_str();
                    let entry = Entry::of(&entry);
                    found.push(Listed { sub, name, entry });
                }
            }
        }
        Ok(found)
    }
}

/// By base name; of two with the same, the last listed stays.
fn sort(listed: &mut Vec<Listed>) {
    listed.reverse();
    listed.sort_by(|a, b| a.base().cmp(b.base()));
    listed.dedup_by(|a, b| a.base() == b.base());
}

fn find<'l>(listed: &'l [Listed], base: &[u8]) -> Option<&'l Listed> {
    let at = listed
        .binary_search_by(|message| message.base().cmp(base))
        .ok()?;
    listed.get(at)
}

/// The part of a name that never changes.
fn base(name: &OsStr) -> &[u8] {
    let bytes = name.as_encoded_bytes();
    let end = memchr::memmem::rfind(bytes, b":2,").unwrap_or(bytes.len());
    bytes.get(..end).unwrap_or(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn i2_a_renamed_message_is_found_and_a_deleted_one_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for path in ["cur", "new"] {
            fs::create_dir(root.join(path)).unwrap();
        }
        for path in ["new/1.a", "cur/2.a:2,", "cur/3.a:2,S"] {
            fs::write(root.join(path), path).unwrap();
        }
        let mut maildir = Maildir::new(root);
        let listed = maildir.list().unwrap();
        fs::rename(root.join("new/1.a"), root.join("cur/1.a:2,RS")).unwrap();
        fs::remove_file(root.join("cur/2.a:2,")).unwrap();
        let opened: Vec<Option<(String, PathBuf)>> = listed
            .iter()
            .map(|message| {
                let (mut file, path) = maildir.open(message).ok()?;
                let mut text = String::new();
                file.read_to_string(&mut text).unwrap();
                Some((text, path))
            })
            .collect();
        let found = |text: &str, path: &str| Some((text.to_owned(), PathBuf::from(path)));
        assert_eq!(
            opened,
            [
                found("new/1.a", "cur/1.a:2,RS"),
                None,
                found("cur/3.a:2,S", "cur/3.a:2,S")
            ]
        );
    }

    #[test]
    fn i2_a_message_listed_twice_is_one() {
        let listed = |sub, name: &str| Listed {
            sub,
            name: Box::from(OsStr::new(name)),
            entry: Entry::File,
        };
        let mut all = vec![
            listed("new", "2.a"),
            listed("cur", "1.a:2,S"),
            listed("cur", "2.a:2,S"),
        ];
        sort(&mut all);
        let paths: Vec<PathBuf> = all.iter().map(Listed::path).collect();
        assert_eq!(paths, [Path::new("cur/1.a:2,S"), Path::new("cur/2.a:2,S")]);
    }
}
