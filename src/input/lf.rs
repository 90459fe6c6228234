//! Line ends: LF, CRLF, CR and any mix of them become LF (I9).
//!
//! Old Macs end lines with CR, Windows with CRLF, and a text-mode copy of a
//! CRLF file ends them with CRCRLF. The last is a matter of the whole file: it
//! is decided by the first line end, because elsewhere CR CR LF is a line and
//! an empty line of a file of mixed ends.

use std::borrow::Cow;
use std::collections::VecDeque;

/// Turns a stream of chunks into LF line ends. A line end split over two chunks
/// is one line end.
#[derive(Debug, Default)]
pub struct Lf {
    /// CRs at the end of the last chunk whose meaning the next byte decides.
    held: u8,
    /// Whether CR CR LF is one line end; unknown before the first line end.
    doubled: Option<bool>,
    /// Bytes given out so far.
    position: u64,
    offsets: Offsets,
}

impl Lf {
    /// For a stream whose first `skipped` bytes were taken away before.
    pub fn after(skipped: u64) -> Self {
        let offsets = Offsets {
            before: skipped,
            ..Offsets::default()
        };
        Lf {
            offsets,
            ..Lf::default()
        }
    }

    /// `raw` with LF line ends: `raw` itself where it has no CR, else written to
    /// `room`.
    pub fn push<'a>(&mut self, raw: &'a [u8], room: &'a mut Vec<u8>) -> &'a [u8] {
        if self.held == 0 && memchr::memchr(b'\r', raw).is_none() {
            if self.doubled.is_none() && memchr::memchr(b'\n', raw).is_some() {
                self.doubled = Some(false);
            }
            self.position += raw.len() as u64;
            return raw;
        }
        room.clear();
        room.reserve(raw.len() + 2);
        self.convert(raw, room);
        room
    }

    /// The line ends still held back when the stream has ended.
    pub fn finish(&mut self) -> &'static [u8] {
        let held = usize::from(std::mem::take(&mut self.held));
        self.position += held as u64;
        b"\n\n".get(..held).unwrap_or_default()
    }

    /// Where the bytes given out stood in the stream.
    pub fn offsets(&mut self) -> &mut Offsets {
        &mut self.offsets
    }

    fn convert(&mut self, raw: &[u8], out: &mut Vec<u8>) {
        let mut rest = raw;
        while let Some((&byte, after)) = rest.split_first() {
            match byte {
                b'\r' => self.carriage_return(out),
                b'\n' => self.line_feed(out),
                _ => {
                    self.lone_returns(self.held, out);
                    self.held = 0;
                    rest = self.text(rest, out);
                    continue;
                }
            }
            rest = after;
        }
    }

    /// Copies up to the next line end that needs a decision.
    fn text<'a>(&mut self, rest: &'a [u8], out: &mut Vec<u8>) -> &'a [u8] {
        let end = match self.doubled {
            Some(_) => memchr::memchr(b'\r', rest),
            None => memchr::memchr2(b'\r', b'\n', rest),
        };
        let (text, rest) = rest.split_at(end.unwrap_or(rest.len()));
        out.extend_from_slice(text);
        self.position += text.len() as u64;
        rest
    }

    fn carriage_return(&mut self, out: &mut Vec<u8>) {
        match (self.held, self.doubled) {
            (0, _) => self.held = 1,
            (1, Some(false)) => self.lone_returns(1, out),
            (1, _) => self.held = 2,
            (_, Some(true)) => self.lone_returns(1, out),
            _ => {
                self.lone_returns(2, out);
                self.held = 1;
            }
        }
    }

    fn line_feed(&mut self, out: &mut Vec<u8>) {
        let held = std::mem::take(&mut self.held);
        let doubled = *self.doubled.get_or_insert(held == 2);
        if held == 2 && !doubled {
            self.lone_returns(1, out);
        }
        let gone = if doubled { held } else { held.min(1) };
        for _ in 0..gone {
            self.offsets.gone.push_back(self.position);
            self.offsets.shifted = true;
        }
        out.push(b'\n');
        self.position += 1;
    }

    fn lone_returns(&mut self, count: u8, out: &mut Vec<u8>) {
        for _ in 0..count {
            out.push(b'\n');
            self.position += 1;
            self.doubled = self.doubled.or(Some(false));
        }
    }
}

/// Maps positions among the bytes given out to byte offsets in the stream.
#[derive(Debug, Default)]
pub struct Offsets {
    /// Bytes taken away before those in `gone`.
    before: u64,
    /// The positions whose line end lost a byte.
    gone: VecDeque<u64>,
    /// Whether any line end has lost a byte.
    shifted: bool,
}

impl Offsets {
    /// The byte offset in the stream of a position that is not forgotten.
    pub fn raw(&self, position: u64) -> u64 {
        let gone = self.gone.partition_point(|&at| at < position);
        position.saturating_add(self.before + gone as u64)
    }

    /// The position whose byte offset in the stream is `raw` or the next above.
    pub fn position(&self, raw: u64) -> u64 {
        let mut low = raw.saturating_sub(self.before + self.gone.len() as u64);
        let mut high = raw.saturating_sub(self.before);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.raw(middle) < raw {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// Whether any line end has lost a byte so far.
    pub fn shifted(&self) -> bool {
        self.shifted
    }

    /// Positions below `position` will not be asked for again.
    pub fn forget(&mut self, position: u64) {
        let gone = self.gone.partition_point(|&at| at < position);
        self.gone.drain(..gone);
        self.before += gone as u64;
    }
}

/// All of `raw` with LF line ends.
pub fn lf(raw: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'\r', raw).is_none() {
        return Cow::Borrowed(raw);
    }
    let mut converter = Lf::default();
    let mut out = Vec::with_capacity(raw.len());
    converter.convert(raw, &mut out);
    out.extend_from_slice(converter.finish());
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn i9_line_ends_of_every_kind_become_lf() {
        for (raw, expected) in [
            ("a\nb\n", "a\nb\n"),
            ("a\r\nb\r\n", "a\nb\n"),
            ("a\rb\r", "a\nb\n"),
            ("a\r\rb", "a\n\nb"),
            ("a\nb\rc\r\nd", "a\nb\nc\nd"),
            // A line and an empty line of a file of mixed ends …
            ("a\nb\r\r\nc", "a\nb\n\nc"),
            ("a\r\nb\r\r\nc", "a\nb\n\nc"),
            ("a\rb\r\r\nc", "a\nb\n\nc"),
            // … and a copy of a CRLF file that doubled its CRs.
            ("a\r\r\nb\r\r\n\r\r\nc", "a\nb\n\nc"),
            ("a\r\r\nb\r\nc\rd", "a\nb\nc\nd"),
            ("\r", "\n"),
            ("\r\r", "\n\n"),
            ("\r\r\r", "\n\n\n"),
            ("", ""),
            ("\0\r\n\0", "\0\n\0"),
        ] {
            let got = lf(raw.as_bytes());
            assert_eq!(std::str::from_utf8(&got), Ok(expected), "{raw:?}");
        }
    }

    #[test]
    fn offsets_are_those_of_the_stream() {
        let mut converter = Lf::after(3);
        let mut room = Vec::new();
        let text = converter.push(b"a\r\nbc\rd\r\n", &mut room);
        assert_eq!(text, b"a\nbc\nd\n");
        let raw: Vec<u64> = (0..8).map(|at| converter.offsets().raw(at)).collect();
        assert_eq!(raw, [3, 4, 6, 7, 8, 9, 10, 12]);
        converter.offsets().forget(3);
        assert_eq!(converter.offsets().raw(6), 10);
        assert_eq!(converter.offsets().position(12), 7);
        assert_eq!(converter.offsets().position(9), 5);
    }

    proptest! {
        #[test]
        fn i9_any_chunking_gives_the_same_bytes(
            raw in proptest::collection::vec(proptest::sample::select(&b"\r\n\r\nab"[..]), 0..40),
            size in 1_usize..6,
        ) {
            let mut converter = Lf::default();
            let (mut got, mut room) = (Vec::new(), Vec::new());
            for chunk in raw.chunks(size) {
                got.extend_from_slice(converter.push(chunk, &mut room));
            }
            got.extend_from_slice(converter.finish());
            prop_assert_eq!(got, lf(&raw).into_owned());
        }
    }
}
