//! Cells and lines of the lists.

use crate::event::Flag;
use crate::history::Item;
use crate::output::safe::defused;
use crate::time;
use jiff::Timestamp;

/// How many characters of a reply a status shows.
const STATUS: usize = 80;
/// How a status begins: the words of the platforms' campaign views.
pub const BOUNCED: &str = "Bounced — see Inbox: ";

/// The cells of one line.
#[derive(Debug, Default)]
pub struct Cells(Vec<String>);

impl Cells {
    /// An address: exact, so that lists can be joined.
    pub fn exact(mut self, address: &str) -> Self {
        self.0.push(visible(address));
        self
    }

    /// Anything else: what a spreadsheet would run as a formula is defused.
    pub fn text(mut self, text: &str) -> Self {
        self.0.push(visible(&defused(text)));
        self
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
        let mut row = csv::WriterBuilder::new().from_writer(Vec::new());
        // Writing to memory cannot fail.
        let _ = row.write_record(&self.0);
        let bytes = row.into_inner().unwrap_or_default();
        let text = String::from_utf8(bytes).unwrap_or_default();
        text.trim_end_matches('\n').to_owned()
    }
}

/// The cells of a line that [`Cells::line`] has made.
pub fn cells_of(line: &str) -> Vec<String> {
    let mut cells = Vec::new();
    let (mut cell, mut quoted) = (String::new(), false);
    let mut rest = line.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' if quoted && rest.peek() == Some(&'"') => {
                rest.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(std::mem::take(&mut cell)),
            c => cell.push(c),
        }
    }
    cells.push(cell);
    cells
}

/// One line stays one line: control characters become blanks.
fn visible(text: &str) -> String {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    text.replace(breaks, " ")
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
