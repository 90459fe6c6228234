//! JSON: an array of objects, one object a line, or objects one behind the other (I6).

use std::sync::Arc;

use super::batch::{Batcher, Kind};
use super::layout::Map;
use super::lf::Offsets;
use super::split::Split;

/// Cuts a stream into the outermost objects of its arrays, whatever their layout.
pub struct Objects {
    map: Arc<Map>,
    position: u64,
    /// Braces and brackets that are open in the object.
    depth: usize,
    in_string: bool,
    escaped: bool,
    /// The byte before was a line end.
    line_start: bool,
    /// Objects stand on one line each: the next line ends one that is cut off.
    compact: Option<bool>,
    broken_line: bool,
    /// Something that is no object has been named on this line.
    named: bool,
}

impl Objects {
    /// For a stream that begins at `position`.
    pub fn at(position: u64, map: Arc<Map>) -> Self {
        Objects {
            map,
            position,
            depth: 0,
            in_string: false,
            escaped: false,
            line_start: true,
            compact: None,
            broken_line: false,
            named: false,
        }
    }

    /// One byte within an object; true if it ends there.
    fn within(&mut self, byte: u8) -> bool {
        if self.in_string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_string = false,
                _ => {}
            }
            return false;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth -= 1,
            b'\n' => self.broken_line = true,
            _ => {}
        }
        self.depth == 0
    }

    fn begin(&mut self) {
        self.depth = 1;
        self.in_string = false;
        self.escaped = false;
        self.broken_line = false;
    }

    /// A byte between objects.
    fn between(&mut self, byte: u8, offset: u64, out: &mut Batcher<'_>) {
        match byte {
            b'\n' => self.named = false,
            b'[' | b']' | b',' => {}
            _ if byte.is_ascii_whitespace() => {}
            _ if !self.named => {
                out.skip(offset, "no JSON object");
                self.named = true;
            }
            _ => {}
        }
    }
}

impl Split for Objects {
    fn push(&mut self, chunk: &[u8], at: &mut Offsets, out: &mut Batcher<'_>) {
        let mut from = 0;
        let mut n = 0;
        while let Some(rest) = chunk.get(n..).filter(|rest| !rest.is_empty()) {
            if self.depth > 0 && self.in_string && !self.escaped && !self.line_start {
                // Within a string only these count; a line end may be that of a broken one.
                n += memchr::memchr3(b'"', b'\\', b'\n', rest).unwrap_or(rest.len());
            }
            let Some(&byte) = chunk.get(n) else { break };
            let line_start = std::mem::replace(&mut self.line_start, byte == b'\n');
            let here = self.position + n as u64;
            if self.depth > 0 && line_start && byte == b'{' && self.compact == Some(true) {
                out.data(chunk.get(from..n).unwrap_or_default());
                out.end_object(Kind::Skip("a JSON object that does not end".into()), false);
                self.depth = 0;
            }
            if self.depth > 0 {
                if self.within(byte) {
                    out.data(chunk.get(from..=n).unwrap_or_default());
                    out.end_object(Kind::Object(Arc::clone(&self.map)), false);
                    self.compact.get_or_insert(!self.broken_line);
                }
            } else if byte == b'{' && !self.named {
                out.begin(at.raw(here), None);
                from = n;
                self.begin();
            } else {
                self.between(byte, at.raw(here), out);
            }
            n += 1;
        }
        if self.depth > 0 {
            out.data(chunk.get(from..).unwrap_or_default());
        }
        self.position += chunk.len() as u64;
        at.forget(self.position);
    }

    fn finish(&mut self, cut: bool, _at: &mut Offsets, out: &mut Batcher<'_>) {
        if self.depth > 0 {
            let kind = Kind::Skip("a JSON object that does not end".into());
            out.end_object(kind, cut);
        }
    }
}
