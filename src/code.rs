//! SMTP reply codes (RFC 5321 §4.2) and enhanced status codes (RFC 3463), as values.
//!
//! ```
//! use bounce::code::Enhanced;
//! let e: Enhanced = "5.1.1".parse().unwrap();
//! assert_eq!((e.class, e.subject, e.detail), (5, 1, 1));
//! assert_eq!(e.to_string(), "5.1.1");
//! assert!("3.1.1".parse::<Enhanced>().is_err());
//! ```

use std::fmt;
use std::str::FromStr;

/// An enhanced mail system status code: class 2, 4 or 5, subject and detail of
/// up to three digits each (RFC 3463 §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Enhanced {
    /// 2 success, 4 persistent transient failure, 5 permanent failure.
    pub class: u8,
    /// What the code is about: 1 address, 2 mailbox, … 7 security.
    pub subject: u16,
    /// The precise condition.
    pub detail: u16,
}

impl Enhanced {
    /// True for codes that say nothing beyond their class: `x.0.0`.
    pub const fn is_generic(self) -> bool {
        self.subject == 0 && self.detail == 0
    }

    /// Subject and detail, for comparing without the class.
    pub const fn tail(self) -> (u16, u16) {
        (self.subject, self.detail)
    }
}

impl fmt::Display for Enhanced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Codes are written for each event: not by way of three formatters.
        let mut out = String::with_capacity("5.999.999".len());
        let parts = [u16::from(self.class), self.subject, self.detail];
        for (n, part) in parts.into_iter().enumerate() {
            if n > 0 {
                out.push('.');
            }
            let digits = [
                part / 10_000,
                part / 1_000 % 10,
                part / 100 % 10,
                part / 10 % 10,
                part % 10,
            ];
            let start = digits.iter().position(|d| *d > 0).unwrap_or(4);
            let digit = |d: &u16| char::from_digit(u32::from(*d), 10).unwrap_or('0');
            out.extend(digits.iter().skip(start).map(digit));
        }
        f.write_str(&out)
    }
}

/// The text is not an enhanced status code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotACode;

impl fmt::Display for NotACode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an enhanced status code such as 5.1.1")
    }
}

impl std::error::Error for NotACode {}

impl FromStr for Enhanced {
    type Err = NotACode;

    fn from_str(s: &str) -> Result<Self, NotACode> {
        match enhanced_prefix(s.as_bytes()) {
            Some((code, len)) if len == s.len() => Ok(code),
            _ => Err(NotACode),
        }
    }
}

/// The enhanced code at the start of `b` and its length. What follows must not
/// continue a number or an address (`5.1.1.2` is an IP address, not a code).
fn enhanced_prefix(b: &[u8]) -> Option<(Enhanced, usize)> {
    let class = match b.first()? {
        c @ (b'2' | b'4' | b'5') => c - b'0',
        _ => return None,
    };
    if b.get(1) != Some(&b'.') {
        return None;
    }
    let (subject, n) = digits(&b[2..])?;
    let at = 2 + n;
    if b.get(at) != Some(&b'.') {
        return None;
    }
    let (detail, m) = digits(&b[at + 1..])?;
    let end = at + 1 + m;
    let continues = match (b.get(end), b.get(end + 1)) {
        (Some(c), _) if c.is_ascii_alphanumeric() => true,
        (Some(b'.'), Some(c)) => c.is_ascii_digit(),
        _ => false,
    };
    (!continues).then_some((
        Enhanced {
            class,
            subject,
            detail,
        },
        end,
    ))
}

fn digits(b: &[u8]) -> Option<(u16, usize)> {
    let n = b.iter().take(4).take_while(|c| c.is_ascii_digit()).count();
    if n == 0 || n > 3 {
        return None;
    }
    Some((
        b[..n].iter().fold(0, |v, c| v * 10 + u16::from(c - b'0')),
        n,
    ))
}

/// True where a number may begin: not inside a word, a host name or a number.
fn starts_token(b: &[u8], i: usize) -> bool {
    i == 0
        || !(b[i - 1].is_ascii_alphanumeric() || matches!(b[i - 1], b'.' | b'-' | b'_' | b'@'))
        || (b[i - 1] == b'-' && i >= 4 && b[i - 4..i - 1].iter().all(u8::is_ascii_digit))
}

/// The first enhanced status code in a text, and where it stands.
///
/// `5.0.0` and its like give way to a more specific code later in the text.
pub fn find_enhanced(text: &str) -> Option<(Enhanced, std::ops::Range<usize>)> {
    let b = text.as_bytes();
    let mut generic = None;
    for i in memchr::memchr3_iter(b'2', b'4', b'5', b) {
        if !starts_token(b, i) {
            continue;
        }
        if let Some((code, len)) = enhanced_prefix(&b[i..]) {
            if !code.is_generic() {
                return Some((code, i..i + len));
            }
            generic.get_or_insert((code, i..i + len));
        }
    }
    generic
}

/// The first SMTP reply code (200–599 as a word of its own) in a text that is
/// known to be a reply, and where it stands. Codes of failure (4xx, 5xx) win over others.
pub fn find_smtp_code(text: &str) -> Option<(u16, std::ops::Range<usize>)> {
    let b = text.as_bytes();
    for i in memchr::memchr2_iter(b'4', b'5', b) {
        if !starts_token(b, i) || b.len() < i + 3 {
            continue;
        }
        let (Some(code), after) = (smtp_code(&b[i..i + 3]), b.get(i + 3)) else {
            continue;
        };
        let ends = match after {
            None => true,
            Some(c) => {
                matches!(
                    c,
                    b' ' | b'-'
                        | b'\t'
                        | b'\n'
                        | b','
                        | b';'
                        | b':'
                        | b'#'
                        | b'<'
                        | b'_'
                        | b')'
                        | b'\''
                        | b'"'
                        | b']'
                        | b'/'
                ) || (*c == b'.' && !b.get(i + 4).is_some_and(u8::is_ascii_digit))
            }
        };
        // `[1.2.3.4]:525 `, `port 465` and sizes are no codes; a code starts a reply or follows a word.
        if ends && code < 560 {
            return Some((code, i..i + 3));
        }
    }
    None
}

/// Reads exactly three digits as an SMTP code of class 2 to 5.
pub fn smtp_code(b: &[u8]) -> Option<u16> {
    if b.len() != 3 || !b.iter().all(u8::is_ascii_digit) || !(b'2'..=b'5').contains(&b[0]) {
        return None;
    }
    Some(b.iter().fold(0, |v, c| v * 10 + u16::from(c - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c2_codes_in_replies() {
        for (text, code, enhanced) in [
            (
                "550 5.1.1 <x@example.com> User unknown",
                Some(550),
                Some("5.1.1"),
            ),
            ("550-5.1.1 The email account", Some(550), Some("5.1.1")),
            (
                "host mx.example.com[192.0.2.4] said: 452 4.2.2 full",
                Some(452),
                Some("4.2.2"),
            ),
            ("552 sorry, over quota (#5.1.1)", Some(552), Some("5.1.1")),
            ("5.0.0 smtp; 550 5.4.1 denied", Some(550), Some("5.4.1")),
            ("see 5.1.1.4 for 5500 things", None, None),
            ("550 5.7.520 Access denied", Some(550), Some("5.7.520")),
            ("no code", None, None),
        ] {
            assert_eq!(find_smtp_code(text).map(|c| c.0), code, "{text}");
            assert_eq!(
                find_enhanced(text).map(|c| c.0.to_string()).as_deref(),
                enhanced,
                "{text}"
            );
        }
    }
}
