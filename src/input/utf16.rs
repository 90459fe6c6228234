//! UTF-16, as spreadsheets and PowerShell write it, becomes UTF-8 (I5).

use std::io::{self, Read};

use encoding_rs::{Decoder, Encoding, UTF_16BE, UTF_16LE};

/// How much is decoded at once, in bytes.
const BLOCK: usize = 64 * 1024;

/// The UTF-16 whose byte order mark `start` begins with.
pub fn detect(start: &[u8]) -> Option<&'static Encoding> {
    match start {
        // With two NULs behind it would be UTF-32, which nobody sends.
        [0xff, 0xfe, 0, 0, ..] => None,
        [0xff, 0xfe, ..] => Some(UTF_16LE),
        [0xfe, 0xff, ..] => Some(UTF_16BE),
        _ => None,
    }
}

/// A stream in UTF-16, read as UTF-8 without its byte order mark. What is no
/// UTF-16 becomes U+FFFD.
pub struct Utf16<R> {
    source: R,
    decoder: Decoder,
    block: Vec<u8>,
    text: Vec<u8>,
    /// Up to here `text` has been given out.
    given: usize,
    ended: bool,
    error: Option<io::Error>,
}

impl<R: Read> Utf16<R> {
    /// Decodes `source`, which is in `encoding`.
    pub fn new(source: R, encoding: &'static Encoding) -> Self {
        Utf16 {
            source,
            decoder: encoding.new_decoder_with_bom_removal(),
            block: vec![0; BLOCK],
            text: Vec::new(),
            given: 0,
            ended: false,
            error: None,
        }
    }

    /// Decodes the next block. An error waits until the text before it is read.
    fn more(&mut self) {
        let count = self.source.read(&mut self.block).unwrap_or_else(|error| {
            self.error = Some(error);
            0
        });
        self.ended = count == 0;
        let raw = self.block.get(..count).unwrap_or_default();
        let room = self.decoder.max_utf8_buffer_length(count);
        self.text.resize(room.unwrap_or(4 * BLOCK), 0);
        let (_, _, written, _) = self.decoder.decode_to_utf8(raw, &mut self.text, self.ended);
        self.text.truncate(written);
        self.given = 0;
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, block: &mut [u8]) -> io::Result<usize> {
        while self.given >= self.text.len() && !self.ended {
            self.more();
        }
        let mut text = self.text.get(self.given..).unwrap_or_default();
        let count = text.read(block)?;
        self.given += count;
        match self.error.take() {
            Some(error) if count == 0 => Err(error),
            error => {
                self.error = error;
                Ok(count)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i5_utf16_is_known_by_its_mark() {
        for (start, name) in [
            (&b"\xff\xfeS\0"[..], Some("UTF-16LE")),
            (b"\xfe\xff\0S", Some("UTF-16BE")),
            (b"\xff\xfe\0\0", None),
            (b"\xef\xbb\xbf", None),
            (b"S\0", None),
            (b"", None),
        ] {
            assert_eq!(detect(start).map(Encoding::name), name, "{start:?}");
        }
    }

    #[test]
    fn i5_utf16_becomes_utf8() {
        let words = |text: &str| text.encode_utf16().collect::<Vec<u16>>();
        for text in ["", "a", "Grüße 你好 😀\r\n", &"ä😀\n".repeat(50_000)] {
            for (encoding, swap) in [(UTF_16LE, false), (UTF_16BE, true)] {
                let bytes: Vec<u8> = words(&format!("\u{feff}{text}"))
                    .iter()
                    .map(|word| if swap { word.swap_bytes() } else { *word })
                    .flat_map(u16::to_le_bytes)
                    .collect();
                let mut got = Vec::new();
                Utf16::new(bytes.as_slice(), encoding)
                    .read_to_end(&mut got)
                    .unwrap();
                assert!(got == text.as_bytes(), "{encoding:?}");
            }
        }
        let mut got = String::new();
        Utf16::new(&b"\xff\xfea\0\0\xd8b"[..], UTF_16LE)
            .read_to_string(&mut got)
            .unwrap();
        assert!(got.starts_with("a\u{fffd}"), "{got:?}");
    }
}
