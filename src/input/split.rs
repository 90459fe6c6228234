//! What the splitters share, and those for one mail and for lines.

use super::batch::Batcher;
use super::from_line::{self, FromLine};
use super::lf::Offsets;

/// Cuts a stream with LF line ends into records. Chunks may be of any size: they
/// never change the records.
pub trait Split {
    /// Takes the next bytes; the first line is not blank. `at` maps positions in
    /// the stream to byte offsets of the file.
    fn push(&mut self, chunk: &[u8], at: &mut Offsets, out: &mut Batcher<'_>);

    /// There is no more. `cut`: because the file is damaged here.
    fn finish(&mut self, cut: bool, at: &mut Offsets, out: &mut Batcher<'_>);
}

/// The whole file is one mail. A From_ line before it is not part of it.
pub struct Eml {
    /// The beginning, until it is known whether it is a From_ line.
    first: Vec<u8>,
    open: bool,
    position: u64,
}

impl Eml {
    /// For a stream that begins at `position`.
    pub fn at(position: u64) -> Self {
        Eml {
            first: Vec::new(),
            open: false,
            position,
        }
    }

    /// Begins the mail, if enough is there to know where.
    fn start(&mut self, whole: bool, at: &mut Offsets, out: &mut Batcher<'_>) {
        let first = std::mem::take(&mut self.first);
        let end = memchr::memchr(b'\n', &first);
        if end.is_none() && first.len() <= from_line::MAX_LINE && !whole {
            self.first = first;
            return;
        }
        let (line, rest) = first.split_at(end.unwrap_or(first.len()));
        let is_from_line = FromLine::of(line) >= FromLine::Bare;
        out.begin(at.raw(self.position), is_from_line.then_some(line));
        match (is_from_line, rest) {
            (true, rest) => out.data(rest.get(1..).unwrap_or_default()),
            (false, _) => out.data(&first),
        }
        self.position += first.len() as u64;
        self.open = true;
    }
}

impl Split for Eml {
    fn push(&mut self, chunk: &[u8], at: &mut Offsets, out: &mut Batcher<'_>) {
        if self.open {
            out.data(chunk);
            self.position += chunk.len() as u64;
            at.forget(self.position);
            return;
        }
        self.first.extend_from_slice(chunk);
        self.start(false, at, out);
    }

    fn finish(&mut self, cut: bool, at: &mut Offsets, out: &mut Batcher<'_>) {
        if !self.open && !self.first.is_empty() {
            self.start(true, at, out);
        }
        if self.open {
            out.end_mail(cut);
        }
    }
}

/// Each line is an event (I7). Blank lines are nothing.
pub struct EventLines {
    open: bool,
    position: u64,
}

impl EventLines {
    /// For a stream that begins at `position`.
    pub fn at(position: u64) -> Self {
        EventLines {
            open: false,
            position,
        }
    }
}

impl Split for EventLines {
    fn push(&mut self, chunk: &[u8], at: &mut Offsets, out: &mut Batcher<'_>) {
        let mut rest = chunk;
        while !rest.is_empty() {
            let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
            let (piece, after) = rest.split_at(end);
            rest = after;
            if !self.open {
                out.begin(at.raw(self.position), None);
            }
            let line = piece.strip_suffix(b"\n");
            out.data(line.unwrap_or(piece));
            self.open = line.is_none();
            if line.is_some() {
                out.end_line(false);
            }
            self.position += piece.len() as u64;
        }
        at.forget(self.position);
    }

    fn finish(&mut self, cut: bool, _at: &mut Offsets, out: &mut Batcher<'_>) {
        if self.open {
            out.end_line(cut);
        }
    }
}
