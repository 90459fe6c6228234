//! Cells and lines of the lists.

use crate::event::Flag;
use crate::history::Item;
use crate::output::safe::defused;
use crate::time;
use jiff::Timestamp;
use std::borrow::Cow;

/// How many characters of a reply a status shows.
const STATUS: usize = 80;
/// How a status begins: the words of the platforms' campaign views.
pub const BOUNCED: &str = "Bounced — see Inbox: ";

/// The cells of one line, written one behind the other.
#[derive(Debug, Default)]
pub struct Cells {
    line: String,
    count: usize,
}

impl Cells {
    /// An address: exact, so that lists can be joined.
    pub fn exact(mut self, address: &str) -> Self {
        if self.count > 0 {
            self.line.push(',');
        }
        self.count += 1;
        put(&visible(address), &mut self.line);
        self
    }

    /// Anything else: what a spreadsheet would run as a formula is defused.
    pub fn text(self, text: &str) -> Self {
        self.exact(&defused(text))
    }

    /// Several values in one cell.
    pub fn all<'t>(self, values: impl IntoIterator<Item = &'t str>) -> Self {
        let values: Vec<&str> = values.into_iter().collect();
        self.text(&values.join(";"))
    }

    /// A moment in Unix seconds.
    pub fn time(self, at: Option<i64>) -> Self {
        self.text(&at.map(when).unwrap_or_default())
    }

    /// The line, without its end.
    pub fn line(self) -> String {
        // A line of nothing would be no line to readers of CSV.
        if self.count == 1 && self.line.is_empty() {
            return "\"\"".to_owned();
        }
        self.line
    }
}

/// Writes a cell, in quotes where it needs them. It has no line ends.
fn put(cell: &str, line: &mut String) {
    if memchr::memchr2(b',', b'"', cell.as_bytes()).is_none() {
        line.push_str(cell);
        return;
    }
    line.push('"');
    for (n, piece) in cell.split('"').enumerate() {
        line.push_str(if n > 0 { "\"\"" } else { "" });
        line.push_str(piece);
    }
    line.push('"');
}

/// The cells of a line that [`Cells::line`] has made.
pub fn cells_of(line: &str) -> Vec<Cow<'_, str>> {
    let mut cells = Vec::with_capacity(12);
    let mut rest = Some(line);
    while let Some(line) = rest {
        let (cell, after) = plain(line).unwrap_or_else(|| quoted(line));
        cells.push(cell);
        rest = after;
    }
    cells
}

/// A cell, and what comes behind the comma after it.
type Cut<'l> = (Cow<'l, str>, Option<&'l str>);

/// The first cell, if nothing in it is in quotes.
fn plain(line: &str) -> Option<Cut<'_>> {
    match memchr::memchr2(b',', b'"', line.as_bytes()) {
        None => Some((line.into(), None)),
        Some(at) => {
            let (cell, rest) = line.split_at_checked(at)?;
            Some((cell.into(), Some(rest.strip_prefix(',')?)))
        }
    }
}

fn quoted(line: &str) -> Cut<'_> {
    let (mut cell, mut quoted) = (String::new(), false);
    let mut rest = line;
    while let Some(at) = memchr::memchr2(b',', b'"', rest.as_bytes()) {
        let (before, mark) = rest.split_at_checked(at).unwrap_or((rest, ""));
        cell.push_str(before);
        rest = mark.get(1..).unwrap_or_default();
        if mark.starts_with(',') {
            if !quoted {
                return (cell.into(), Some(rest));
            }
            cell.push(',');
        } else if let (true, Some(after)) = (quoted, rest.strip_prefix('"')) {
            cell.push('"');
            rest = after;
        } else {
            quoted = !quoted;
        }
    }
    cell.push_str(rest);
    (cell.into(), None)
}

/// One line stays one line: control characters become blanks.
fn visible(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|b| (b' '..=b'~').contains(&b)) {
        return text.into();
    }
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    text.replace(breaks, " ").into()
}

/// RFC 3339 of Unix seconds.
pub fn when(second: i64) -> String {
    Timestamp::from_second(second).map_or_else(|_| String::new(), time::rfc3339)
}

/// What the mailbox that saw the bounce is told of it.
pub fn status(code: u16, enhanced: &str, reply: &str) -> String {
    let code = if code == 0 {
        String::new()
    } else {
        code.to_string()
    };
    let parts = [code.as_str(), enhanced, reply];
    let parts: Vec<&str> = parts.into_iter().filter(|p| !p.is_empty()).collect();
    format!("{BOUNCED}{}", cut(&parts.join(" ")))
}

fn cut(text: &str) -> String {
    if text.chars().count() <= STATUS {
        return text.to_owned();
    }
    let kept: String = text.chars().take(STATUS - 1).collect();
    format!("{}…", kept.trim_end())
}

/// The flags of an item, and `more` of the history.
pub fn flags(item: &Item, more: &[&str]) -> String {
    let mut all: Vec<&str> = item.flags.list().map(Flag::as_str).collect();
    all.extend_from_slice(more);
    all.join(";")
}

/// An SMTP code, if there is one.
pub fn code(item: &Item) -> String {
    Some(item.code)
        .filter(|c| *c > 0)
        .map(|c| c.to_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// As the CSV crate writes and reads it.
        #[test]
        fn s6_a_line_is_what_readers_of_csv_read(
            cells in prop::collection::vec("[a, \"=+ü\n]{0,6}", 1..5)
        ) {
            let mut row = csv::WriterBuilder::new().from_writer(Vec::new());
            let shown: Vec<String> = cells.iter().map(|c| visible(&defused(c)).into()).collect();
            row.write_record(&shown).unwrap();
            let written = String::from_utf8(row.into_inner().unwrap()).unwrap();
            let line = cells.iter().fold(Cells::default(), |line, c| line.text(c)).line();
            prop_assert_eq!(format!("{}\n", line), written);
            prop_assert_eq!(cells_of(&line), shown);
        }
    }

    #[test]
    fn s6_formulas_are_defused_but_in_addresses() {
        for (text, exact, other) in [
            ("=1+1@x.example", "=1+1@x.example", "'=1+1@x.example"),
            ("+a", "+a", "'+a"),
            ("a,b", "\"a,b\"", "\"a,b\""),
            ("two\nlines\u{2028}", "two lines ", "two lines "),
        ] {
            assert_eq!(Cells::default().exact(text).line(), exact);
            assert_eq!(Cells::default().text(text).line(), other);
        }
    }

    #[test]
    fn s6_the_cells_of_a_line_come_back() {
        for cells in [
            &["a@x.example", "", "x"][..],
            &["\"a,b\"@x.example", "it said \"no\", twice", "\""],
            &["", ""],
        ] {
            let line = cells.iter().fold(Cells::default(), |line, c| line.text(c));
            assert_eq!(cells_of(&line.line()), cells);
        }
    }

    #[test]
    fn s2_a_status_shows_eighty_characters_of_the_reply() {
        let full = "550 5.1.1 The email account that you tried to reach does not exist";
        let told = "The email account that you tried to reach does not exist";
        assert_eq!(status(550, "5.1.1", told), format!("{BOUNCED}{full}"));
        assert_eq!(
            status(0, "", "no such user"),
            format!("{BOUNCED}no such user")
        );
        let long = status(550, "", &"ü".repeat(100));
        assert_eq!(long, format!("{BOUNCED}550 {}…", "ü".repeat(75)));
    }
}
