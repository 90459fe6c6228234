//! What was typed after `bounce explain`: a code, a log line, a whole mail, or a reply.

use super::logline::{self, LogLine};
use crate::code::{Enhanced, smtp_code};
use crate::message::headers::Headers;

/// What the user asks about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Nothing but codes: `421`, `5.7.26`, `550 5.7.26`.
    Code {
        /// The SMTP reply code, 200–599.
        smtp: Option<u16>,
        /// The enhanced status code.
        enhanced: Option<Enhanced>,
    },
    /// A line of a mail server's log, or a sentence of a bounce that names the
    /// host, the recipient or the command beside the reply.
    LogLine(LogLine),
    /// A whole mail (header fields at its start), with LF line ends.
    Mail(Vec<u8>),
    /// A reply as the server gave it, or any other text.
    Reply(String),
}

/// Finds out what `text` is. Never fails: what is nothing else is a reply.
pub fn parse(text: &str) -> Asked {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if let Some(code) = code(text) {
        return code;
    }
    if is_mail(text.as_bytes()) {
        return Asked::Mail(text.replace("\r\n", "\n").into_bytes());
    }
    match logline::read(text) {
        Some(line) => Asked::LogLine(line),
        None => Asked::Reply(answer_in(&one_line(text)).to_owned()),
    }
}

/// True if the bytes are a whole mail: they begin with header fields, two or
/// more of which every mail has (RFC 5322 §3.6, or trace fields). For callers
/// that hold bytes in an unknown charset.
pub fn is_mail(bytes: &[u8]) -> bool {
    const FIELDS: [&str; 12] = [
        "From",
        "To",
        "Subject",
        "Date",
        "Received",
        "Return-Path",
        "Delivered-To",
        "Message-ID",
        "Reply-To",
        "MIME-Version",
        "Content-Type",
        "Auto-Submitted",
    ];
    let start: Vec<u8> = bytes
        .trim_ascii_start()
        .iter()
        .take(65_536)
        .copied()
        .filter(|&c| c != b'\r')
        .collect();
    let (headers, _) = Headers::parse(&start);
    begins_with_field(&start) && FIELDS.iter().filter(|f| headers.has(f)).count() >= 2
}

fn begins_with_field(start: &[u8]) -> bool {
    let line = start.split(|&c| c == b'\n').next().unwrap_or_default();
    line.starts_with(b"From ") || crate::message::headers::name_len(line).is_some()
}

/// `text` as [`Asked::Code`], if it is codes and nothing else (but for words like "error").
fn code(text: &str) -> Option<Asked> {
    const WORDS: [&str; 6] = ["smtp", "esmtp", "code", "error", "status", "dsn"];
    if text.len() > 40 {
        return None;
    }
    let (mut smtp, mut enhanced) = (None, None);
    let mut tokens = text
        .split(|c: char| c.is_whitespace() || "-#()[],;:'\"<>?!".contains(c))
        .map(|t| t.trim_end_matches('.'))
        .filter(|t| !t.is_empty());
    let fits = tokens.all(|token| {
        if let Some(code) = smtp_code(token.as_bytes()) {
            *smtp.get_or_insert(code) == code
        } else if let Ok(code) = token.parse::<Enhanced>() {
            *enhanced.get_or_insert(code) == code
        } else {
            WORDS.iter().any(|w| token.eq_ignore_ascii_case(w))
        }
    });
    (fits && (smtp.is_some() || enhanced.is_some())).then_some(Asked::Code { smtp, enhanced })
}

/// The text on one line, without the marks of quoted lines.
pub(super) fn one_line(text: &str) -> String {
    text.lines()
        .map(|line| line.trim_start_matches(|c: char| c == '>' || c.is_whitespace()))
        .flat_map(str::split_whitespace)
        .collect::<Vec<_>>()
        .join(" ")
}

/// The reply in a sentence of a bounce that introduces it (Gmail, Exchange and
/// others), or the text itself.
fn answer_in(text: &str) -> &str {
    const LEADS: [&str; 5] = [
        "the response from the remote server was:",
        "the response was:",
        "remote server returned:",
        "remote server returned",
        "the server responded:",
    ];
    let low = text.to_ascii_lowercase();
    let found = LEADS
        .iter()
        .find_map(|lead| Some(low.find(lead)? + lead.len()));
    let reply = found.and_then(|at| text.get(at..)).map(str::trim);
    match reply {
        Some(reply) if !reply.is_empty() => reply.trim_matches('\'').trim_matches('#').trim(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c10_codes_alone() {
        for (text, smtp, enhanced) in [
            ("421", Some(421), ""),
            ("5.7.26", None, "5.7.26"),
            ("550 5.7.26", Some(550), "5.7.26"),
            ("550-5.7.26", Some(550), "5.7.26"),
            (" 550 5.1.1. ", Some(550), "5.1.1"),
            ("#5.1.1", None, "5.1.1"),
            ("SMTP error 554 (5.7.1)", Some(554), "5.7.1"),
            ("250", Some(250), ""),
        ] {
            let want = Asked::Code {
                smtp,
                enhanced: enhanced.parse().ok(),
            };
            assert_eq!(parse(text), want, "{text}");
        }
    }

    #[test]
    fn c10_replies_are_no_codes() {
        for (text, reply) in [
            ("550 5.1.1 User unknown", "550 5.1.1 User unknown"),
            ("  user unknown\n", "user unknown"),
            ("999", "999"),
            ("600 1.2.3", "600 1.2.3"),
            ("550 421", "550 421"),
            ("5.1.1.4", "5.1.1.4"),
            ("", ""),
            (
                "550-5.1.1 The account\r\n550 5.1.1 does not exist",
                "550-5.1.1 The account 550 5.1.1 does not exist",
            ),
            ("> 550 first\n> second line", "550 first second line"),
            (
                "The response was:\n\n550 5.1.1 No such user",
                "550 5.1.1 No such user",
            ),
            (
                "Remote Server returned '550 5.1.10 Recipient not found'",
                "550 5.1.10 Recipient not found",
            ),
            ("The response was:", "The response was:"),
        ] {
            assert_eq!(parse(text), Asked::Reply(reply.to_owned()), "{text}");
        }
    }

    #[test]
    fn c10_whole_mails() {
        for (text, mail) in [
            ("From: a@example.com\nTo: b@example.com\n\nbody", true),
            ("\r\nReturn-Path: <>\r\nDate: x\r\n\r\nbody\r\n", true),
            ("From MAILER-DAEMON Mon\nSubject: a\nDate: b\n\nc", true),
            ("Subject: 550 user unknown", false),
            (
                "Reporting-MTA: dns; mx.example.com\n\nFinal-Recipient: rfc822; a@example.com",
                false,
            ),
            (
                "550 no\nFrom: a@example.com\nTo: b@example.com\n\nbody",
                false,
            ),
            ("host mx.example.com[192.0.2.1] said: 550 no\n", false),
        ] {
            assert_eq!(matches!(parse(text), Asked::Mail(_)), mail, "{text:?}");
        }
        let mail = parse("\r\nReturn-Path: <>\r\nDate: x\r\n\r\nbody\r\n");
        assert_eq!(
            mail,
            Asked::Mail(b"Return-Path: <>\nDate: x\n\nbody".to_vec())
        );
    }
}
