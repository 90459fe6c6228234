//! Lines that are put aside and read again: in memory while they are few, then in a
//! temporary file without a name, packed.

use super::sink::WriteError;
use std::io::{self, Read, Seek, Write};
use tempfile::SpooledTempFile;

/// What is kept in memory, in packed bytes.
const IN_MEMORY: usize = 4 * 1024 * 1024;
/// How much is read at once, in bytes.
const BLOCK: usize = 512 * 1024;
/// Level of compression: what is fastest.
const LEVEL: i32 = 1;

/// Lines on their way aside.
pub struct Spool(zstd::stream::write::Encoder<'static, SpooledTempFile>);

impl Spool {
    /// Opens an empty one.
    ///
    /// # Errors
    /// There is no memory for it.
    pub fn open() -> Result<Spool, WriteError> {
        let file = SpooledTempFile::new(IN_MEMORY);
        Ok(Spool(
            zstd::stream::write::Encoder::new(file, LEVEL).map_err(failed)?,
        ))
    }

    /// Adds whole lines.
    ///
    /// # Errors
    /// The temporary file cannot be written.
    pub fn write(&mut self, lines: &[u8]) -> Result<(), WriteError> {
        self.0.write_all(lines).map_err(failed)
    }

    /// All of it, from the beginning.
    ///
    /// # Errors
    /// The temporary file cannot be written or read.
    pub fn read(self) -> Result<Spooled, WriteError> {
        let mut file = self.0.finish().map_err(failed)?;
        file.rewind().map_err(failed)?;
        let reader: Box<dyn Read + Send> =
            Box::new(zstd::stream::read::Decoder::new(file).map_err(failed)?);
        Ok(Spooled {
            reader,
            begun: Vec::new(),
        })
    }
}

fn failed(error: io::Error) -> WriteError {
    WriteError::Failed(format!("temporary file for events: {error}"))
}

/// Lines that were put aside.
pub struct Spooled {
    reader: Box<dyn Read + Send>,
    /// The line that has begun.
    begun: Vec<u8>,
}

impl Spooled {
    /// The next block of whole lines; empty at the end.
    ///
    /// # Errors
    /// The temporary file cannot be read.
    pub fn next_block(&mut self) -> Result<Vec<u8>, WriteError> {
        let mut block = std::mem::take(&mut self.begun);
        let reader = &mut self.reader;
        loop {
            let read = reader
                .by_ref()
                .take(BLOCK as u64)
                .read_to_end(&mut block)
                .map_err(failed)?;
            let end = memchr::memrchr(b'\n', &block).map_or(0, |at| at + 1);
            if read == 0 || end > 0 {
                self.begun = block.split_off(end);
                return Ok(block);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_aside_comes_back_in_whole_lines() {
        let mut spool = Spool::open().unwrap();
        let lines: Vec<String> = (0..60_000_u64)
            .map(|n| {
                format!(
                    "{n} {:x} {:x}\n",
                    n.wrapping_mul(0x9e37_79b9_7f4a_7c15),
                    n * n * 7919
                )
            })
            .collect();
        let all = lines.concat();
        for chunk in all.as_bytes().chunks(100_000) {
            spool.write(chunk).unwrap();
        }
        let mut spooled = spool.read().unwrap();
        let mut back = Vec::new();
        loop {
            let block = spooled.next_block().unwrap();
            assert!(block.is_empty() || block.ends_with(b"\n"));
            if block.is_empty() {
                break;
            }
            back.extend(block);
        }
        assert!(back == all.as_bytes());
    }
}
