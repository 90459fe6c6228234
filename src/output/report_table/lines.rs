//! Lines of a terminal: wrapped to its width, painted where it wants colours.

use super::Look;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How a line looks, beside what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    /// As it is.
    Plain,
    /// Bold.
    Bold,
    /// In the colour of a band, 0 healthy to 3 critical.
    Band(usize),
}

impl Paint {
    /// SGR parameters (ECMA-48 8.3.117).
    fn code(self) -> Option<&'static str> {
        match self {
            Paint::Plain => None,
            Paint::Bold => Some("1"),
            Paint::Band(0) => Some("32"),
            Paint::Band(1) => Some("33"),
            Paint::Band(2) => Some("31"),
            Paint::Band(_) => Some("1;31"),
        }
    }
}

/// Lines so far.
pub struct Lines {
    width: usize,
    color: bool,
    text: String,
}

impl Lines {
    /// None, for a terminal of this look.
    pub fn new(look: Look) -> Self {
        Lines {
            width: look.width.clamp(60, 200),
            color: look.color,
            text: String::new(),
        }
    }

    /// Columns of a line.
    pub fn width(&self) -> usize {
        self.width
    }

    /// An empty line.
    pub fn blank(&mut self) {
        self.text.push('\n');
    }

    /// A heading, after an empty line.
    pub fn title(&mut self, title: &str) {
        self.blank();
        self.text(Paint::Bold, "", title);
    }

    /// A line that fits, as it is.
    pub fn line(&mut self, paint: Paint, line: &str) {
        match paint.code().filter(|_| self.color) {
            Some(code) => self.text.push_str(&format!("\x1b[{code}m{line}\x1b[0m\n")),
            None => {
                self.text.push_str(line);
                self.text.push('\n');
            }
        }
    }

    /// A text, wrapped; `indent` before its first line, blanks before the others.
    pub fn text(&mut self, paint: Paint, indent: &str, text: &str) {
        let room = self.width.saturating_sub(indent.width());
        let mut before = indent.to_owned();
        for line in wrap(text, room) {
            self.line(paint, format!("{before}{line}").trim_end());
            before = " ".repeat(indent.width());
        }
    }

    /// All of it.
    pub fn finish(self) -> Vec<u8> {
        self.text.into_bytes()
    }
}

/// Breaks at blanks; a word that is too long for a line of its own is cut.
fn wrap(text: &str, room: usize) -> Vec<String> {
    if text.width() <= room {
        return vec![text.to_owned()];
    }
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        if !line.is_empty() && line.width() + 1 + word.width() > room {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        for c in word.chars() {
            if line.width() + c.width().unwrap_or(0) > room {
                lines.push(std::mem::take(&mut line));
            }
            line.push(c);
        }
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u1_texts_are_wrapped_at_blanks_and_never_wider() {
        for (text, room, expected) in [
            ("", 5, vec![""]),
            ("one two", 7, vec!["one two"]),
            ("one two", 6, vec!["one", "two"]),
            ("abcdefgh ij", 4, vec!["abcd", "efgh", "ij"]),
            (
                "\u{4f60}\u{597d}\u{4f60}",
                4,
                vec!["\u{4f60}\u{597d}", "\u{4f60}"],
            ),
        ] {
            assert_eq!(wrap(text, room), expected);
        }
    }

    #[test]
    fn u1_colour_is_beside_the_words() {
        for (color, expected) in [(false, "  DANGER\n"), (true, "\x1b[31m  DANGER\x1b[0m\n")] {
            let mut lines = Lines::new(Look { width: 80, color });
            lines.text(Paint::Band(2), "  ", "DANGER");
            assert_eq!(lines.finish(), expected.as_bytes());
        }
    }
}
