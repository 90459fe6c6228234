//! Small tables of addresses, as people and verifiers write them.

use csv::{Reader, ReaderBuilder, StringRecord, Trim};
use std::io::Read;
use std::path::Path;

/// Names of the column with the address; blanks, case, `_` and `-` do not count.
pub const ADDRESS: &[&str] = &["address", "email", "emailaddress", "recipient"];

/// A file, or standard input.
pub fn bytes(path: &Path) -> std::io::Result<Vec<u8>> {
    if path.as_os_str() != "-" {
        return std::fs::read(path);
    }
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A reader of rows, separated by what the first line has most of.
pub fn reader(bytes: &[u8], header: bool) -> Reader<&[u8]> {
    let bytes = without_mark(bytes);
    let head = first_line(bytes);
    let count = |d: &u8| head.iter().filter(|b| *b == d).count();
    let delimiter = [b'\t', b';', b','].into_iter().max_by_key(count);
    ReaderBuilder::new()
        .has_headers(header)
        .delimiter(delimiter.unwrap_or(b','))
        .flexible(true)
        .trim(Trim::All)
        .from_reader(bytes)
}

fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// The first line.
pub fn first_line(bytes: &[u8]) -> &[u8] {
    let line = |bytes: &[u8]| bytes.iter().position(|b| *b == b'\n');
    bytes
        .get(..line(bytes).unwrap_or(bytes.len()))
        .unwrap_or_default()
}

/// The column that has one of these names.
pub fn find(header: &StringRecord, wanted: &[&str]) -> Option<usize> {
    let plain = |name: &str| -> String {
        let letters = name.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let at = |w: &&str| header.iter().position(|name| plain(name) == **w);
    wanted.iter().find_map(at)
}

/// What is said of a table that lacks a column.
pub fn missing(header: &StringRecord, what: &str) -> String {
    let columns: Vec<&str> = header.iter().collect();
    format!("no column {what}; its columns are {}", columns.join(", "))
}

/// The line that a row begins in, for a person.
pub fn line(row: &StringRecord) -> u64 {
    row.position().map_or(0, csv::Position::line)
}
