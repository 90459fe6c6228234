//! One file as plain text: unpacked, UTF-16 as UTF-8, without a byte order mark; the
//! entries of a journal as lines.
//!
//! For readers that cut a stream themselves, as that of the sent log does.

use std::fs::{self, File};
use std::io::{self, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::detect::Compression;
use super::journal::{self, Failing, Journal};
use super::source::unpacked;
use super::utf16::{self, Utf16};

/// Bytes that tell a compression and a byte order mark.
const MARK: u64 = 4;
/// The byte order mark of UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The text of a file.
pub struct Plain {
    stream: Box<dyn Read>,
    /// The name of its compression.
    packed: Option<&'static str>,
    /// Bytes of the byte order mark that was taken away.
    skipped: u64,
    /// Its lines come from the entries of a journal.
    wrapped: bool,
}

impl Plain {
    /// Opens a file, or standard input for `-`. What is read from it is added to `count`,
    /// in bytes as they are on disk.
    ///
    /// # Errors
    /// It cannot be opened or begun, or is a folder.
    pub fn open(path: &Path, count: &Arc<AtomicU64>) -> io::Result<Plain> {
        let source: Box<dyn Read> = if path.as_os_str() == "-" {
            Box::new(io::stdin())
        } else {
            if fs::metadata(path)?.is_dir() {
                return Err(io::Error::other("a folder where a file is expected"));
            }
            Box::new(File::open(path)?)
        };
        let count = Arc::clone(count);
        Plain::of(Box::new(Counted { source, count }))
    }

    /// Unpacks and decodes a stream.
    ///
    /// # Errors
    /// Its beginning cannot be read.
    pub fn of(source: Box<dyn Read>) -> io::Result<Plain> {
        let (start, source) = begin(source)?;
        let Some(compression) = Compression::of(&start) else {
            return Ok(Plain::decoded(&start, Box::new(source), None));
        };
        let (start, plain) = begin(unpacked(compression, source)?)?;
        Ok(Plain::decoded(
            &start,
            Box::new(plain),
            Some(compression.name()),
        ))
    }

    fn decoded(start: &[u8], mut stream: Box<dyn Read>, packed: Option<&'static str>) -> Plain {
        let mut skipped = 0;
        if let Some(encoding) = utf16::detect(start) {
            stream = Box::new(Utf16::new(stream, encoding));
        } else if start.starts_with(BYTE_ORDER_MARK) {
            let rest = start.get(BYTE_ORDER_MARK.len()..).unwrap_or_default();
            let behind = Skip {
                stream,
                left: start.len() - rest.len(),
            };
            stream = Box::new(behind);
            skipped = (start.len() - rest.len()) as u64;
        }
        let mut wrapped = false;
        if journal::may_be(start) {
            let peeked = journal::peek(Vec::new(), &mut stream);
            wrapped = peeked.shape.is_some();
            stream = match peeked.shape {
                Some(shape) => Box::new(Journal::behind(peeked, shape, stream)),
                None => Box::new(
                    Cursor::new(peeked.head)
                        .chain(Failing(peeked.error))
                        .chain(stream),
                ),
            };
        }
        Plain {
            stream,
            packed,
            skipped,
            wrapped,
        }
    }

    /// Whether its lines come from the entries of a journal: it is a log, whoever wrote in
    /// it first.
    pub fn is_journal(&self) -> bool {
        self.wrapped
    }

    /// The name of its compression: what fails in it is a matter of the data.
    pub fn packed(&self) -> Option<&'static str> {
        self.packed
    }

    /// Bytes that stood before the text.
    pub fn skipped(&self) -> u64 {
        self.skipped
    }
}

impl Read for Plain {
    fn read(&mut self, block: &mut [u8]) -> io::Result<usize> {
        self.stream.read(block)
    }
}

/// The first bytes of a stream, and the stream with them.
fn begin(mut source: Box<dyn Read>) -> io::Result<(Vec<u8>, impl Read)> {
    let mut start = Vec::new();
    source.by_ref().take(MARK).read_to_end(&mut start)?;
    Ok((start.clone(), Cursor::new(start).chain(source)))
}

/// A stream without its first bytes.
struct Skip {
    stream: Box<dyn Read>,
    left: usize,
}

impl Read for Skip {
    fn read(&mut self, block: &mut [u8]) -> io::Result<usize> {
        while self.left > 0 {
            let mut mark = [0; MARK as usize];
            let wanted = mark.get_mut(..self.left).unwrap_or_default();
            match self.stream.read(wanted)? {
                0 => return Ok(0),
                count => self.left -= count.min(self.left),
            }
        }
        self.stream.read(block)
    }
}

/// Counts the bytes read.
struct Counted {
    source: Box<dyn Read>,
    count: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, block: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(block)?;
        self.count.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i8_text_is_the_same_in_every_wrapping() {
        let wide: Vec<u8> = "a,ü\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (name, bytes) in [
            ("plain", "a,ü\n".as_bytes().to_vec()),
            ("mark", "\u{feff}a,ü\n".as_bytes().to_vec()),
            ("utf-16", [&b"\xff\xfe"[..], &wide].concat()),
            (
                "zstd",
                zstd::encode_all("\u{feff}a,ü\n".as_bytes(), 1).unwrap(),
            ),
        ] {
            let mut text = String::new();
            let mut plain = Plain::of(Box::new(Cursor::new(bytes))).unwrap();
            plain.read_to_string(&mut text).unwrap();
            assert_eq!(text, "a,ü\n", "{name}");
        }
    }
}
