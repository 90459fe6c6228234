//! JSON that is no object a line: the outermost objects of its arrays, each made one line.

/// Longest object, in bytes.
const MAX_OBJECT: usize = 64 * 1024 * 1024;

/// Cuts a stream into objects. A line break cannot stand within a string of JSON, so each
/// becomes a blank.
#[derive(Debug, Default)]
pub struct Document {
    /// Braces and brackets that are open in the object.
    depth: usize,
    in_string: bool,
    escaped: bool,
    /// Whole objects, one a line.
    lines: Vec<u8>,
    /// The object that has begun.
    open: Vec<u8>,
    /// Something was no object, or too long to be one.
    lost: bool,
}

impl Document {
    /// Takes the next bytes of the stream.
    pub fn push(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            if self.depth == 0 {
                match byte {
                    b'{' => self.begin(),
                    b'[' | b']' | b',' => {}
                    _ => self.lost |= !byte.is_ascii_whitespace(),
                }
                continue;
            }
            self.open
                .push(if byte.is_ascii_control() { b' ' } else { byte });
            if self.ends_with(byte) {
                self.open.push(b'\n');
                self.lines.append(&mut self.open);
            } else if self.open.len() > MAX_OBJECT {
                self.give_up();
            }
        }
    }

    fn begin(&mut self) {
        self.depth = 1;
        self.in_string = false;
        self.escaped = false;
        self.open.push(b'{');
    }

    /// Whether the object ends with this byte of it.
    fn ends_with(&mut self, byte: u8) -> bool {
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
            _ => {}
        }
        self.depth == 0
    }

    fn give_up(&mut self) {
        self.open.clear();
        self.depth = 0;
        self.lost = true;
    }

    /// The objects up to here, one a line.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.lines)
    }

    /// Why something up to here could not be read; asked at the end of the stream, also
    /// an object that does not end.
    pub fn complaint(&mut self, ended: bool) -> Option<&'static str> {
        if ended && self.depth > 0 {
            self.give_up();
            return Some("a JSON object that does not end");
        }
        std::mem::take(&mut self.lost).then_some("no JSON object")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i8_documents_become_lines() {
        for (text, lines, complaint) in [
            (
                "[{\"a\":1},\n {\"b\":\n [2]}]",
                "{\"a\":1}\n{\"b\":  [2]}\n",
                None,
            ),
            ("{\"a\":\"}]\\\"\"}{}", "{\"a\":\"}]\\\"\"}\n{}\n", None),
            ("[1, {\"a\":1}]", "{\"a\":1}\n", Some("no JSON object")),
            (
                "[{\"a\":1}, {\"b\"",
                "{\"a\":1}\n",
                Some("a JSON object that does not end"),
            ),
        ] {
            for size in [1, 3, 100] {
                let mut document = Document::default();
                text.as_bytes()
                    .chunks(size)
                    .for_each(|chunk| document.push(chunk));
                assert_eq!(document.take(), lines.as_bytes(), "{text}");
                assert_eq!(document.complaint(true), complaint, "{text}");
            }
        }
    }
}
