//! Cuts a stream of JSON into its outermost objects, whatever stands between them: the
//! record separators of `json-seq`, the commas of an array, line ends.

/// Longest object, in bytes: entries may hold whole core dumps.
const MAX_OBJECT: usize = 1024 * 1024;
/// The record separator of RFC 7464.
const SEPARATOR: u8 = 0x1e;

/// What a stream consists of.
pub(super) enum Piece<'p> {
    /// One object.
    Object(&'p [u8]),
    /// What is none, and why.
    Bad(&'static str),
}

/// The object that is under way.
#[derive(Debug, Default)]
pub(super) struct Cutter {
    open: Vec<u8>,
    /// Braces and brackets that are open.
    depth: usize,
    in_string: bool,
    escaped: bool,
    /// The byte before was not the end of a line.
    within_line: bool,
    /// What stands between objects has been named, up to the next line.
    named: bool,
}

impl Cutter {
    /// Takes the next bytes.
    pub(super) fn push(&mut self, chunk: &[u8], each: &mut dyn FnMut(Piece<'_>)) {
        let mut rest = chunk;
        while let Some((&byte, after)) = rest.split_first() {
            let begins = !std::mem::replace(&mut self.within_line, byte != b'\n');
            if self.depth == 0 {
                self.between(byte, begins, each);
            } else if begins && byte == b'{' {
                // No layout has an inner object there: the one before is cut off.
                each(Piece::Bad("an entry that does not end"));
                self.begin();
            } else {
                self.open.push(byte);
                self.within(byte, each);
            }
            rest = after;
            if self.in_string && !self.escaped && self.depth > 0 && self.within_line {
                rest = self.text(rest);
            }
            if self.open.len() > MAX_OBJECT {
                each(Piece::Bad("an entry longer than 1 MiB"));
                self.open.clear();
                (self.depth, self.named) = (0, true);
            }
        }
    }

    /// There is no more.
    pub(super) fn finish(&mut self, each: &mut dyn FnMut(Piece<'_>)) {
        if std::mem::take(&mut self.depth) > 0 {
            each(Piece::Bad("an entry that does not end"));
        }
    }

    /// Copies the inside of a string, up to what has a meaning in it.
    fn text<'c>(&mut self, rest: &'c [u8]) -> &'c [u8] {
        let end = memchr::memchr3(b'"', b'\\', b'\n', rest).unwrap_or(rest.len());
        let (text, rest) = rest.split_at(end);
        self.open.extend_from_slice(text);
        rest
    }

    fn begin(&mut self) {
        self.open.clear();
        self.open.push(b'{');
        self.depth = 1;
        self.in_string = false;
        self.escaped = false;
        self.named = false;
    }

    fn between(&mut self, byte: u8, begins: bool, each: &mut dyn FnMut(Piece<'_>)) {
        match byte {
            b'{' if begins || !self.named => self.begin(),
            b'\n' => self.named = false,
            b'[' | b']' | b',' | SEPARATOR => {}
            _ if self.named || byte.is_ascii_whitespace() => {}
            _ => {
                each(Piece::Bad("no entry of a journal"));
                self.named = true;
            }
        }
    }

    fn within(&mut self, byte: u8, each: &mut dyn FnMut(Piece<'_>)) {
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' if self.in_string => self.escaped = true,
            b'"' => self.in_string = !self.in_string,
            _ if self.in_string => {}
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth -= 1,
            _ => {}
        }
        if self.depth == 0 {
            each(Piece::Object(&self.open));
            self.open.clear();
        }
    }
}
