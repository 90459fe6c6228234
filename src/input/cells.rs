//! One row of a CSV: where it ends, and its cells (RFC 4180, and what spreadsheets
//! make of it).

use std::borrow::Cow;

/// Most rows have no more cells.
const USUAL: usize = 16;

/// Scans for the ends of rows. A quote opens a cell only at its beginning, and a
/// line break within quotes is part of the cell.
#[derive(Clone, Copy, Debug)]
pub struct Scanner {
    delimiter: u8,
    place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// At the beginning of a cell.
    Start,
    /// In a cell without quotes, or behind a closing quote.
    Plain,
    /// Within quotes.
    Quoted,
    /// Behind a quote within quotes: it closes them, or is the first of two.
    Quote,
}

impl Scanner {
    /// At the beginning of a row.
    pub fn new(delimiter: u8) -> Self {
        Scanner {
            delimiter,
            place: Place::Start,
        }
    }

    /// The length of the row that `bytes` goes on with, its line end included;
    /// `None` if it does not end there.
    pub fn end(&mut self, bytes: &[u8]) -> Option<usize> {
        // A row without quotes, as most are: nothing in it counts but its end.
        let line = memchr::memchr(b'\n', bytes).and_then(|end| bytes.get(..end));
        if let Some(line) = line.filter(|_| self.place == Place::Start)
            && memchr::memchr(b'"', line).is_none()
        {
            return Some(line.len() + 1);
        }
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            at += match self.place {
                Place::Quoted => memchr::memchr(b'"', rest).unwrap_or(rest.len()),
                Place::Plain => memchr::memchr2(b'\n', self.delimiter, rest).unwrap_or(rest.len()),
                Place::Start | Place::Quote => 0,
            };
            let Some(&byte) = bytes.get(at) else { break };
            at += 1;
            self.place = match (self.place, byte) {
                (Place::Quoted, b'"') => Place::Quote,
                (Place::Quoted, _) => Place::Quoted,
                (Place::Quote, b'"') => Place::Quoted,
                (_, b'\n') => {
                    self.place = Place::Start;
                    return Some(at);
                }
                (Place::Start, b'"') => Place::Quoted,
                (_, b) if b == self.delimiter => Place::Start,
                (Place::Start, b' ') => Place::Start,
                _ => Place::Plain,
            };
        }
        None
    }

    /// Whether a quote is open.
    pub fn is_open(&self) -> bool {
        self.place == Place::Quoted
    }
}

/// The cells of one row, without quotes and the blanks around them.
pub fn cells(row: &[u8], delimiter: u8) -> Vec<Cow<'_, str>> {
    let row = row.strip_suffix(b"\n").unwrap_or(row);
    let mut out = Vec::with_capacity(USUAL);
    if memchr::memchr(b'"', row).is_none()
        && let Ok(row) = std::str::from_utf8(row)
    {
        let mut from = 0;
        for end in memchr::memchr_iter(delimiter, row.as_bytes()).chain([row.len()]) {
            out.push(row.get(from..end).unwrap_or_default().trim_ascii().into());
            from = end + 1;
        }
        return out;
    }
    let mut rest = Some(row);
    while let Some(here) = rest {
        let (cell, after) = next(here, delimiter);
        out.push(cell);
        rest = after;
    }
    out
}

/// The first cell, and what follows the delimiter behind it.
fn next(row: &[u8], delimiter: u8) -> (Cow<'_, str>, Option<&[u8]>) {
    let blanks = row.iter().take_while(|b| **b == b' ').count();
    let inner = match row.get(blanks..) {
        // Where blanks delimit, none stands before a quote.
        Some([b'"', inner @ ..]) if blanks == 0 || delimiter != b' ' => inner,
        _ => {
            let end = memchr::memchr(delimiter, row);
            let (cell, after) = row.split_at(end.unwrap_or(row.len()));
            return (text(cell), end.and_then(|_| after.get(1..)));
        }
    };
    let Some(end) = memchr::memchr(b'"', inner) else {
        return (text(inner), None);
    };
    let (cell, after) = inner.split_at(end);
    match after.get(1..) {
        None | Some([]) => (text(cell), None),
        Some([b'"', ..]) => unquoted(inner, delimiter),
        Some([b, after @ ..]) if *b == delimiter => (text(cell), Some(after)),
        _ => unquoted(inner, delimiter),
    }
}

/// A cell in quotes, from behind the first of them, that has others in it.
fn unquoted(inner: &[u8], delimiter: u8) -> (Cow<'_, str>, Option<&[u8]>) {
    let mut cell = Vec::new();
    let mut place = Place::Quoted;
    for (at, &byte) in inner.iter().enumerate() {
        place = match (place, byte) {
            (Place::Quoted, b'"') => Place::Quote,
            (Place::Quote, b'"') => {
                cell.push(byte);
                Place::Quoted
            }
            (Place::Quoted, _) => {
                cell.push(byte);
                Place::Quoted
            }
            (_, b) if b == delimiter => {
                return (text(&cell).into_owned().into(), inner.get(at + 1..));
            }
            _ => {
                cell.push(byte);
                Place::Plain
            }
        };
    }
    (text(&cell).into_owned().into(), None)
}

/// A cell as text. What is no UTF-8 is Windows-1252, as old spreadsheets write.
fn text(cell: &[u8]) -> Cow<'_, str> {
    let cell = cell.trim_ascii();
    match std::str::from_utf8(cell) {
        Ok(text) => text.into(),
        Err(_) => encoding_rs::WINDOWS_1252.decode(cell).0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn i5_rows_and_their_cells() {
        for (row, delimiter, expected) in [
            ("a,b,c\n", b',', &["a", "b", "c"][..]),
            ("a;\"b;c\";\n", b';', &["a", "b;c", ""]),
            (
                "\"say \"\"no\"\"\",\"two\nlines\"\n",
                b',',
                &["say \"no\"", "two\nlines"],
            ),
            ("5\" pipe,b\n", b',', &["5\" pipe", "b"]),
            (" \"a\" , b \n", b',', &["a", "b"]),
            ("a\tb", b'\t', &["a", "b"]),
            ("\n", b',', &[""]),
        ] {
            assert_eq!(
                Scanner::new(delimiter)
                    .end(row.as_bytes())
                    .unwrap_or(row.len()),
                row.len(),
                "{row:?}"
            );
            assert_eq!(cells(row.as_bytes(), delimiter), expected, "{row:?}");
        }
        assert_eq!(cells(b"M\xfcller", b','), ["Müller"]);
    }

    /// The cells by one automaton, byte by byte.
    fn plainly(row: &[u8], delimiter: u8) -> Vec<String> {
        let (mut out, mut cell, mut place) = (Vec::new(), Vec::new(), Place::Start);
        for &byte in row.strip_suffix(b"\n").unwrap_or(row) {
            place = match (place, byte) {
                (Place::Quoted, b'"') => Place::Quote,
                (Place::Quote, b'"') => {
                    cell.push(byte);
                    Place::Quoted
                }
                (Place::Start, b'"') => {
                    cell.clear();
                    Place::Quoted
                }
                (p, b) if b == delimiter && p != Place::Quoted => {
                    out.push(text(&cell).into_owned());
                    cell.clear();
                    Place::Start
                }
                (p, b) => {
                    cell.push(b);
                    match p {
                        Place::Quoted => Place::Quoted,
                        Place::Start if b == b' ' => Place::Start,
                        _ => Place::Plain,
                    }
                }
            };
        }
        out.push(text(&cell).into_owned());
        out
    }

    proptest! {
        #[test]
        fn i5_cells_are_those_of_the_automaton(
            row in "[a,;\" \t\n\u{e4}]{0,24}",
            delimiter in proptest::sample::select(&b",; \t"[..]),
        ) {
            prop_assert_eq!(cells(row.as_bytes(), delimiter), plainly(row.as_bytes(), delimiter));
        }

        #[test]
        fn i5_a_row_ends_at_the_first_line_end_outside_quotes(
            row in "[a,\" \n]{0,24}",
            cut in 0usize..24,
        ) {
            let row = row.as_bytes();
            let (head, tail) = row.split_at(cut.min(row.len()));
            let mut scanner = Scanner::new(b',');
            let in_two = scanner.end(head).or_else(|| Some(head.len() + scanner.end(tail)?));
            let ends = |end: &usize| {
                let mut scanner = Scanner::new(b',');
                let before = row[..end - 1].iter().all(|b| scanner.end(&[*b]).is_none());
                before && scanner.end(&row[end - 1..*end]).is_some()
            };
            prop_assert_eq!(in_two, (1..=row.len()).find(ends));
        }

        #[test]
        fn i5_what_a_csv_writer_writes_is_read_back(
            rows in proptest::collection::vec(
                proptest::collection::vec("[a-z\",;\n]{0,6}", 1..4), 1..4),
        ) {
            let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let bytes = writer.into_inner().unwrap();
            let mut rest = &bytes[..];
            for row in &rows {
                let end = Scanner::new(b',').end(rest).unwrap();
                let got = cells(&rest[..end], b',');
                let want: Vec<&str> = row.iter().map(|c| c.trim()).collect();
                prop_assert_eq!(got, want);
                rest = &rest[end..];
            }
        }
    }
}
