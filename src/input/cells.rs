//! One row of a CSV: where it ends, and its cells (RFC 4180, and what spreadsheets
//! make of it).

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
        for (at, &byte) in bytes.iter().enumerate() {
            self.place = match (self.place, byte) {
                (Place::Quoted, b'"') => Place::Quote,
                (Place::Quoted, _) => Place::Quoted,
                (Place::Quote, b'"') => Place::Quoted,
                (_, b'\n') => {
                    self.place = Place::Start;
                    return Some(at + 1);
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
pub fn cells(row: &[u8], delimiter: u8) -> Vec<String> {
    let row = row.strip_suffix(b"\n").unwrap_or(row);
    let mut out = Vec::new();
    let mut cell: Vec<u8> = Vec::new();
    let mut place = Place::Start;
    for &byte in row {
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
                out.push(text(&cell));
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
    out.push(text(&cell));
    out
}

/// A cell as text. What is no UTF-8 is Windows-1252, as old spreadsheets write.
fn text(cell: &[u8]) -> String {
    let cell = cell.trim_ascii();
    match std::str::from_utf8(cell) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode(cell).0.into_owned(),
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

    proptest! {
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
