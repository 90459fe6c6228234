//! What is in a reply: codes, the words without them, the host that gave it.

use crate::code::{self, Enhanced};
use crate::phrases::Phrases;
use std::borrow::Cow;
use std::sync::LazyLock;

/// At most so many characters of a reply are kept (interface: `smtp_message`).
const MAX_CHARS: usize = 1_000;

/// The parts of one reply.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parts {
    /// The SMTP code.
    pub code: Option<u16>,
    /// The enhanced code in the reply itself.
    pub enhanced: Option<Enhanced>,
    /// The words on one line, without the codes that repeat the fields.
    pub message: Option<String>,
}

/// Takes a reply apart. What a mail system puts before the reply it got
/// (`host mx.example.com[192.0.2.1] said: `) is left out of the message.
pub fn parts(reply: &str) -> Parts {
    let joined = joined(reply);
    let line = one_line(&joined);
    let found = leading_code(&line).or_else(|| code::find_smtp_code(&line));
    let (lead, rest) = match &found {
        Some((_, range)) if introduces(&line[..range.start]) => line.split_at(range.start),
        _ => ("", &*line),
    };
    let enhanced = code::find_enhanced(rest).or_else(|| code::find_enhanced(lead));
    let smtp = found.map(|(c, _)| c);
    let enhanced = enhanced.map(|(e, _)| e);
    let message = without_codes(rest, smtp, enhanced);
    Parts {
        code: smtp,
        enhanced,
        message: Some(message).filter(|m| !m.is_empty()),
    }
}

/// The lines of a reply as one: the codes that every line of it repeats
/// (RFC 5321 §4.2.1, RFC 2034 §4: `550-5.1.1 …`, `550 5.1.1 …`) stay on the first only.
fn joined(reply: &str) -> Cow<'_, str> {
    let first = reply.lines().next().unwrap_or_default().trim_start();
    let code = first
        .get(..3)
        .filter(|c| code::smtp_code(c.as_bytes()).is_some());
    let (Some(code), true) = (code, reply.contains('\n')) else {
        return reply.into();
    };
    let enhanced = code::find_enhanced(first).map(|(e, _)| e.to_string());
    let bare = |(n, line): (usize, &str)| {
        let line = line.trim();
        let rest = line
            .strip_prefix(code)
            .filter(|r| n > 0 && r.starts_with([' ', '-']));
        let Some(rest) = rest.map(|r| r.trim_start_matches([' ', '-'])) else {
            return line.to_owned();
        };
        let rest = enhanced
            .as_deref()
            .and_then(|e| rest.strip_prefix(e))
            .unwrap_or(rest);
        rest.trim_start().to_owned()
    };
    let lines: Vec<String> = reply.lines().enumerate().map(bare).collect();
    lines.join(" ").into()
}

/// The code that a reply begins with, of whatever class.
fn leading_code(line: &str) -> Option<(u16, std::ops::Range<usize>)> {
    let code = code::smtp_code(line.get(..3)?.as_bytes())?;
    let ends = line
        .get(3..)
        .is_some_and(|r| r.is_empty() || r.starts_with([' ', '-']));
    ends.then_some((code, 0..3))
}

/// White space and line breaks made single blanks; other control characters stay.
fn one_line(text: &str) -> Cow<'_, str> {
    if is_one_line(text) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    for word in text
        .split(|c: char| c.is_whitespace())
        .filter(|w| !w.is_empty())
    {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out.into()
}

/// Whether a text is on one line already, as most replies in exports are: single blanks
/// between its words, and no other white space.
fn is_one_line(text: &str) -> bool {
    let bytes = text.as_bytes();
    let other = |b: &u8| matches!(b, b'\t'..=b'\r') || !b.is_ascii();
    !bytes.iter().any(other)
        && bytes.first() != Some(&b' ')
        && bytes.last() != Some(&b' ')
        && !bytes.windows(2).any(|two| two == b"  ")
}

/// True if the words before a code introduce somebody's reply.
fn introduces(lead: &str) -> bool {
    let lead = lead.trim_end_matches([' ', '\'', '"', '<', '(']);
    lead.is_empty()
        || lead.len() < 600 && lead.ends_with([':', ';'])
        || lead.ends_with("said")
        || lead.ends_with("returned")
}

/// Takes the codes off the start, and where the lines of a reply repeat them.
fn without_codes(text: &str, smtp: Option<u16>, enhanced: Option<Enhanced>) -> String {
    let Some(smtp) = smtp else {
        let bare = text.trim();
        let only = enhanced.is_some_and(|e| e.to_string() == bare);
        return if only { String::new() } else { clip(bare) };
    };
    let smtp = smtp.to_string();
    let enhanced = enhanced.map(|e| e.to_string());
    let mut out = String::with_capacity(text.len());
    let mut first = true;
    let mut skip_enhanced = false;
    for word in text.split(' ') {
        // Words without digits are no codes.
        if !word.bytes().any(|b| b.is_ascii_digit()) {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(word);
            (skip_enhanced, first) = (false, false);
            continue;
        }
        let is_code =
            word.trim_end_matches(':') == smtp || word.strip_prefix(smtp.as_str()) == Some("-");
        let bare = word
            .strip_prefix(smtp.as_str())
            .and_then(|w| w.strip_prefix('-'));
        let joined = bare.is_some_and(|w| Some(w) == enhanced.as_deref());
        // `550-The account`: a line of a reply without enhanced codes.
        let glued = bare.filter(|w| w.starts_with(|c: char| c.is_alphabetic()));
        let again =
            enhanced.as_deref() == Some(word.trim_matches(['(', ')', '#', '<', '>', ':', '-']));
        if joined || is_code && (first || enhanced.is_some() || word.ends_with('-')) {
            skip_enhanced = !joined;
        } else if again && (skip_enhanced || first) {
            skip_enhanced = false;
        } else {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(glued.unwrap_or(word));
            skip_enhanced = false;
            first = false;
        }
    }
    clip(out.trim())
}

fn clip(text: &str) -> String {
    if text.len() <= MAX_CHARS {
        return text.to_owned();
    }
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => text[..end].to_owned(),
        None => text.to_owned(),
    }
}

/// The host that gave a reply, where the words around it say so: `host
/// mx.example.com[192.0.2.1] said`, `host mx.example.com [192.0.2.1]:`,
/// `while talking to mx.example.com`.
pub fn remote_host(text: &str) -> Option<String> {
    let mut marks = Vec::new();
    HOST_MARKS.each(text, |found| {
        let before = text.as_bytes().get(found.range.start.wrapping_sub(1));
        if !before.is_some_and(u8::is_ascii_alphanumeric) {
            marks.push((found.phrase, found.range.end));
        }
    });
    marks.sort_unstable();
    marks.iter().find_map(|(_, end)| host_at(text.get(*end..)?))
}

/// What stands before the name of a host, the plainest first.
const MARKS: &[&str] = &[
    "host ",
    "while talking to ",
    "relay=",
    "server for the recipient domain ",
    "connect to ",
];

static HOST_MARKS: LazyLock<Phrases> = LazyLock::new(|| Phrases::ignoring_case(MARKS));

/// Whether a host name may be read behind a text.
pub fn may_name_host(before: &str) -> bool {
    MARKS
        .iter()
        .any(|mark| ends(before.trim_end(), mark.trim_end()))
}

/// Whether a mark that a host name follows may begin with the end of a word.
pub fn may_begin_mark(word: &str) -> bool {
    MARKS
        .iter()
        .any(|mark| ends(word, mark.split(' ').next().unwrap_or(mark)))
}

/// Whether a text ends so, whatever the case.
pub fn ends(text: &str, end: &str) -> bool {
    let from = text.len().checked_sub(end.len());
    let last = from.and_then(|from| text.get(from..));
    last.is_some_and(|last| last.eq_ignore_ascii_case(end))
}

/// The host name that a text begins with.
fn host_at(text: &str) -> Option<String> {
    let text = text.trim_start();
    let legal = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    let len = text.bytes().take_while(legal).count();
    let name = text.get(..len)?.trim_end_matches('.');
    let letters = name.bytes().any(|b| b.is_ascii_alphabetic());
    (letters && name.contains('.') && name.len() <= 255).then(|| name.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e1_replies_taken_apart() {
        for (reply, code, enhanced, message) in [
            (
                "550 5.1.1 <u@example.com> User unknown",
                Some(550),
                Some("5.1.1"),
                "<u@example.com> User unknown",
            ),
            (
                "550-5.1.1 The email account that you tried to reach does not exist.\n550 5.1.1 Learn more",
                Some(550),
                Some("5.1.1"),
                "The email account that you tried to reach does not exist. Learn more",
            ),
            (
                "host mx.example.com[192.0.2.1] said: 452 4.2.2 Mailbox full (in reply to RCPT TO command)",
                Some(452),
                Some("4.2.2"),
                "Mailbox full (in reply to RCPT TO command)",
            ),
            (
                "550-no such user\n550 sorry",
                Some(550),
                None,
                "no such user sorry",
            ),
            (
                "Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found'",
                Some(550),
                Some("5.1.10"),
                "RESOLVER.ADR.RecipientNotFound; not found'",
            ),
            ("unknown user", None, None, "unknown user"),
            (
                "sorry, over quota (#5.2.2)",
                None,
                Some("5.2.2"),
                "sorry, over quota (#5.2.2)",
            ),
            ("550", Some(550), None, ""),
        ] {
            let p = parts(reply);
            assert_eq!(p.code, code, "{reply}");
            assert_eq!(
                p.enhanced.map(|e| e.to_string()).as_deref(),
                enhanced,
                "{reply}"
            );
            assert_eq!(p.message.unwrap_or_default(), message, "{reply}");
        }
    }

    #[test]
    fn e1_the_host_that_replied() {
        for (text, host) in [
            (
                "host mx.example.com[192.0.2.1] said: 550",
                Some("mx.example.com"),
            ),
            (
                "SMTP error: host mx1.example.net [192.0.2.1]: 550 no",
                Some("mx1.example.net"),
            ),
            (
                "... while talking to mx.example.org.:",
                Some("mx.example.org"),
            ),
            ("550 no such host here", None),
            ("localhost said", None),
        ] {
            assert_eq!(remote_host(text).as_deref(), host, "{text}");
        }
    }
}
