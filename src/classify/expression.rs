//! The regular expression of a rule: compiled when a text first holds what it needs.

use regex::Regex;
use std::ops::Range;
use std::sync::OnceLock;

/// Shorter literals stand in too many texts.
const SHORTEST: usize = 3;

/// An expression on the words of a reply.
#[derive(Clone, Debug)]
pub struct Expression {
    source: String,
    literal: String,
    /// `None` within if it cannot be compiled.
    compiled: OnceLock<Option<Regex>>,
}

impl Expression {
    /// Takes an expression as it is written; whether it is one is not looked at.
    pub fn new(source: &str) -> Expression {
        Expression {
            source: source.to_owned(),
            literal: literal_in(source),
            compiled: OnceLock::new(),
        }
    }

    /// `Err` says what is wrong with it.
    pub fn check(&self) -> Result<(), String> {
        let regex = Regex::new(&self.source).map_err(|e| e.to_string())?;
        // Set already: the same.
        let _ = self.compiled.set(Some(regex));
        Ok(())
    }

    /// What stands in every text that it matches, if that is enough to look for.
    pub fn literal(&self) -> Option<&str> {
        (self.literal.len() >= SHORTEST).then_some(self.literal.as_str())
    }

    /// Where it matches first.
    pub fn find(&self, text: &str) -> Option<Range<usize>> {
        let regex = self.compiled.get_or_init(|| Regex::new(&self.source).ok());
        regex.as_ref()?.find(text).map(|found| found.range())
    }
}

/// The longest piece of plain letters, digits and blanks that the expression asks for
/// whatever else it allows. Empty where that is not plain to see.
fn literal_in(source: &str) -> String {
    let flags = source
        .match_indices("(?")
        .any(|(at, _)| !source[at..].starts_with("(?:"));
    let special = ["\\x", "\\u", "\\U", "\\p", "\\P", "[]", "[^]"];
    if flags || special.iter().any(|s| source.contains(s)) {
        return String::new();
    }
    let (mut longest, mut run) = (String::new(), String::new());
    // Groups and counts, and classes, that are open.
    let (mut groups, mut classes) = (0_usize, 0_usize);
    let mut chars = source.chars().peekable();
    while let Some(c) = chars.next() {
        let outside = groups == 0 && classes == 0;
        match c {
            '\\' => {
                chars.next();
            }
            '[' => classes += 1,
            ']' => classes = classes.saturating_sub(1),
            '(' | '{' if classes == 0 => groups += 1,
            ')' | '}' if classes == 0 => groups = groups.saturating_sub(1),
            '|' if outside => return String::new(),
            _ => {}
        }
        let plain = outside && (c.is_ascii_alphanumeric() || c == ' ');
        if plain && !matches!(chars.peek(), Some('*' | '?' | '{')) {
            run.push(c);
        } else {
            run.clear();
        }
        if run.len() > longest.len() {
            longest.clone_from(&run);
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c2_what_an_expression_needs() {
        for (source, want) in [
            ("(?:^| )ib1[0-9][0-9](?: |$)", "ib1"),
            ("(?:^| )(?:ofr|lpn)[0-9]* 416(?: |$)", " 416"),
            (
                r"failed for \{addr\}.{0,120}recipient verif[a-z]* fail",
                "recipient verif",
            ),
            ("(?:^| )aup (?:i|in)? ?[0-9]{4}", "aup "),
            ("(?:spf|dkim) .{0,9}fail", "fail"),
            ("abc|def", ""),
            (r"abc\|def", "abc"),
            ("(?i)abc", ""),
            ("abcd*e", "abc"),
            ("ab{2}c+d", "a"),
            (r"\w{3}[a|b]xyz", "xyz"),
            ("(?:x|a[)]bcd)e", "e"),
            (r"\x41bcd", ""),
            ("[]abc]d", ""),
            ("", ""),
        ] {
            assert_eq!(literal_in(source), want, "{source}");
        }
    }

    #[test]
    fn c2_expressions_match_where_their_literal_stands() {
        let e = Expression::new("(?:^| )ib1[0-9][0-9](?: |$)");
        assert_eq!(e.literal(), Some("ib1"));
        assert_eq!(e.find("554 ib103 connection refused"), Some(3..10));
        assert_eq!(e.find("554 ib203"), None);
        assert!(e.check().is_ok());
        assert!(Expression::new("(").check().is_err());
        assert_eq!(Expression::new("(").find("("), None);
    }
}
