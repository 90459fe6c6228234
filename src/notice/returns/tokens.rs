//! Folded text in numbers, words and marks.

use std::ops::Range;

/// A piece of folded text.
#[derive(Clone, Debug)]
pub struct Token<'a> {
    /// As it stands.
    pub text: &'a str,
    /// Where, in bytes.
    pub span: Range<usize>,
    /// What it is.
    pub kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
/// What a token is.
pub enum Kind {
    /// A number and how many digits it has.
    Number(i32, usize),
    /// Letters.
    Word,
    /// One mark.
    Mark(char),
    /// Blanks.
    Blank,
}

/// Splits a text; nothing is left out.
pub fn split(text: &str) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let class = class(c);
        let mut end = start + c.len_utf8();
        // Han characters stand alone: 3月3日.
        if matches!(class, 1 | 2) {
            while let Some(&(at, next)) = chars.peek() {
                if self::class(next) != class {
                    break;
                }
                end = at + next.len_utf8();
                chars.next();
            }
        }
        let word = text.get(start..end).unwrap_or_default();
        let kind = match class {
            1 => word
                .parse()
                .map_or(Kind::Word, |n| Kind::Number(n, word.len())),
            0 => Kind::Blank,
            2 | 3 => Kind::Word,
            _ => Kind::Mark(c),
        };
        tokens.push(Token {
            text: word,
            span: start..end,
            kind,
        });
    }
    tokens
}

/// 0 blank, 1 digit, 2 letter, 3 letter that is a word, 4 mark.
fn class(c: char) -> u8 {
    match c {
        c if c.is_whitespace() => 0,
        '0'..='9' => 1,
        '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' => 3,
        c if c.is_alphabetic() => 2,
        _ => 4,
    }
}
