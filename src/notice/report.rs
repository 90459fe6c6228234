//! The human-readable report: which of a mail's texts it is, and where the returned
//! message begins in it.

use super::{Returned, envelope, words};
use crate::message::Message;
use crate::message::headers::name_len;
use crate::message::lines::{lines, trimmed, with_ends};
use crate::phrases::Lines;
use std::borrow::Cow;
use std::cell::RefCell;

/// The human-readable report, and the header that was returned within it.
#[derive(Debug, Default)]
pub struct Report {
    /// The text, up to where the returned message begins.
    pub text: String,
    /// The returned header, if it stands in the text.
    pub returned: Returned,
    /// The header of a report stands in the text: somebody forwards it.
    pub forwarded: bool,
}

/// At most so much of a report is read.
const MAX_REPORT: usize = 65_536;

/// The text of a report: plain parts before the returned message; HTML where the
/// plain text names neither an address nor a code.
pub fn report_text(message: &Message<'_>, personal: bool) -> Report {
    if let Some(text) = text_before_mime(message) {
        return split(&text, personal);
    }
    let (mut plain, mut html) = (String::new(), Vec::new());
    let mut mail_depth: Option<usize> = None;
    for part in message.parts() {
        if mail_depth.is_some() && part.is_mail() {
            break;
        }
        if part.is_mail() || plain.len() > MAX_REPORT {
            mail_depth = Some(part.depth);
            continue;
        }
        if part.is_multipart() {
            continue;
        }
        // Behind the returned message stand virus scanners' notes, never the report.
        if mail_depth.is_some() && !plain.trim().is_empty() {
            break;
        }
        match part.kind.as_ref() {
            // Mostly the same again: decoded only if the plain text says too little.
            "text/html" => html.push(part),
            k if k.starts_with("text/") || k.starts_with("multipart/") => {
                plain.push_str(words::clip(&message.part_text(part), MAX_REPORT));
                plain.push('\n');
            }
            _ => {}
        }
    }
    if !html.is_empty() && !informative(&plain) {
        for part in html {
            plain.push_str(words::clip(&message.part_text(part), MAX_REPORT));
            plain.push('\n');
        }
    }
    for _ in 0..3 {
        if is_quoted(&plain) {
            plain = one_quote_less(&plain);
        }
    }
    split(&plain, personal)
}

/// The body of a mail that declares no MIME type, where a report stands before what
/// looks like parts: they belong to the message that it returns.
fn text_before_mime<'m>(message: &'m Message<'_>) -> Option<Cow<'m, str>> {
    if message.headers().has("Content-Type") || message.parts().len() < 2 {
        return None;
    }
    let body = String::from_utf8_lossy(clip_bytes(message.body(), MAX_REPORT));
    let report = body.split("\n--").next().unwrap_or_default();
    (report.contains('@') && words::says_failed(report)).then_some(body)
}

fn clip_bytes(bytes: &[u8], max: usize) -> &[u8] {
    bytes.get(..max).unwrap_or(bytes)
}

/// True if a text is mostly a quotation: somebody forwards a report in his own mail.
fn is_quoted(text: &str) -> bool {
    let bytes = text.as_bytes();
    let begins_line = |at: usize| {
        at.checked_sub(1)
            .is_none_or(|n| bytes.get(n) == Some(&b'\n'))
    };
    if !memchr::memchr_iter(b'>', bytes).any(begins_line) {
        return false;
    }
    let lines = || text.lines().take(200).filter(|l| !l.trim().is_empty());
    let quoted = lines().filter(|l| is_quote(l)).count();
    quoted > 5 && quoted * 5 > lines().count() * 2
}

fn one_quote_less(text: &str) -> String {
    let lines = text.lines().map(|l| match l.strip_prefix('>') {
        Some(rest) if is_quote(l) => rest.strip_prefix(' ').unwrap_or(rest),
        _ => l,
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A quoted line; `>>>` begins a line of an SMTP dialogue.
fn is_quote(line: &str) -> bool {
    line.starts_with('>') && !line.starts_with(">>>")
}

/// True if a text holds an address or a digit that could be a code's.
fn informative(text: &str) -> bool {
    text.contains('@') || crate::code::find_smtp_code(text).is_some()
}

/// The first text of a mail, plain if there is any: what a person wrote.
pub fn first_text(message: &Message<'_>) -> String {
    let texts = || {
        message
            .parts()
            .iter()
            .filter(|p| !p.is_multipart() && p.kind.starts_with("text/"))
    };
    let part = texts()
        .find(|p| p.is("text/plain") && p.end > p.body)
        .or_else(|| texts().next());
    part.map(|p| words::clip(&message.part_text(p), MAX_REPORT).to_owned())
        .unwrap_or_default()
}

/// Takes quote marks (`> `) off every line.
pub fn unquoted(text: &str) -> Cow<'_, str> {
    if !text.contains("\n>") && !text.starts_with('>') {
        return Cow::Borrowed(text);
    }
    let lines = text.lines().map(|l| {
        let l = l.trim_start_matches('>');
        l.strip_prefix(' ').unwrap_or(l)
    });
    Cow::Owned(lines.collect::<Vec<_>>().join("\n"))
}

/// Splits a report from the message that it returns in its own text.
pub fn split_report(text: &str) -> Report {
    split(text, false)
}

/// The same; in what a person wrote (`personal`), the header of a report that he
/// forwards is not that of the returned message.
fn split(text: &str, personal: bool) -> Report {
    let mut at = 0;
    let mut forwarded = false;
    let mut lines = with_ends(text);
    while let Some(line) = lines.next() {
        let rest = &text[at + line.len()..];
        let marks = Marks::of(line);
        let marker = marks.has(Marks::RETURNED);
        let forward = marker && personal && is_report_header(rest.trim_start());
        if marker && !forward {
            let mut report = Report {
                text: text[..at].to_owned(),
                returned: returned_in(rest),
                forwarded,
            };
            // A marker with nothing of a mail behind it may stand before the list.
            if !report.returned.present && !report.text.contains('@') && rest.contains('@') {
                report.text = text.to_owned();
            }
            return report;
        }
        if marks.has(Marks::HEADER) && header_block(&text[at..]) >= 3 {
            if !(personal && is_report_header(&text[at..])) {
                let mut report = inline_header(text, at);
                report.forwarded = forwarded;
                return report;
            }
            forwarded = true;
            at += block_len(&text[at..]);
            lines = with_ends(&text[at..]);
            continue;
        }
        at += line.len();
    }
    Report {
        text: text.to_owned(),
        forwarded,
        ..Report::default()
    }
}

/// True for the header of a report that somebody forwards in his text: what was
/// returned stands below the report, not above it.
fn is_report_header(text: &str) -> bool {
    let head = returned_in(text);
    let from = head.from.unwrap_or_default();
    let daemon = envelope::is_daemon(&from.to_lowercase(), Some(&from));
    let below = words::clip(&text[block_len(text)..], 2_000);
    let report = daemon || head.subject.is_some_and(|s| words::failure_subject(&s));
    report && words::says_failed(below) && below.contains('@')
}

/// A header that begins at `at` without a marker. Some systems (PMDF and its
/// heirs) quote it at the top and list the recipients below.
fn inline_header(text: &str, at: usize) -> Report {
    let block = returned_in(&text[at..]);
    let len = block_len(&text[at..]);
    let below = &text[at + len..];
    let above = &text[..at];
    let list_below = words::says_failed(words::clip(below, 600)) && below.contains('@');
    let mut kept = above.to_owned();
    if list_below && !above.contains('@') {
        let rest = split_report(below);
        kept.push_str(&rest.text);
    }
    Report {
        text: kept,
        returned: block,
        forwarded: false,
    }
}

/// What a line of a report may begin.
#[derive(Clone, Copy)]
struct Marks(u8);

thread_local! {
    static KNOWN: RefCell<Lines<Marks>> = RefCell::default();
}

impl Marks {
    /// It announces the returned message.
    const RETURNED: u8 = 1;
    /// It may be the first line of its header.
    const HEADER: u8 = 2;

    fn of(line: &str) -> Marks {
        let line = line.strip_suffix('\n').unwrap_or(line);
        KNOWN.with_borrow_mut(|known| known.get(line, Marks::read))
    }

    fn read(line: &str) -> Marks {
        let mark = |mark: u8, there: bool| if there { mark } else { 0 };
        Marks(
            mark(Marks::RETURNED, is_returned_marker(line))
                | mark(Marks::HEADER, starts_header(line)),
        )
    }

    const fn has(self, mark: u8) -> bool {
        self.0 & mark != 0
    }
}

/// A line that announces the returned message. A sentence that merely speaks of
/// an original message is longer than a heading.
fn is_returned_marker(line: &str) -> bool {
    let line = trimmed(line);
    if line.is_empty() || line.len() > 200 {
        return false;
    }
    let bare = line.trim_matches(|c: char| !c.is_alphanumeric());
    let decorated = bare.len() + 4 <= line.len() || line.ends_with(':');
    if !decorated {
        return words::returned_at_start(bare).is_some_and(|m| m.end + 8 >= bare.len());
    }
    words::returned_in_line(bare).any(|m| m.start == 0 || m.end == bare.len())
}

/// Names that begin a returned header.
fn starts_header(line: &str) -> bool {
    // Most lines of a report are sentences: tell them by a byte or two.
    let text = line.trim_start_matches(['>', ' ', '\t']).as_bytes();
    let colon = memchr::memchr(b':', &text[..text.len().min(40)]);
    if colon.is_none() || !text[0].is_ascii_alphabetic() {
        return false;
    }
    const FIRST: &[&str] = &[
        "received",
        "return-path",
        "message-id",
        "from",
        "to",
        "date",
        "subject",
        "x-",
        "delivered-to",
        "dkim-signature",
        "mime-version",
        "x-envelope-from",
        "arc-seal",
    ];
    let line = line.trim_start_matches(['>', ' ', '\t']);
    let Some(len) = name_len(line.as_bytes()) else {
        return false;
    };
    let name = line[..len].trim_end();
    FIRST.iter().any(|f| {
        let head = name.get(..f.len()).unwrap_or_default();
        head.eq_ignore_ascii_case(f) && (f.ends_with('-') || name.len() == f.len())
    })
}

/// How many known fields of a mail the block of lines at the start of `text`
/// holds: fields and their folded lines only.
fn header_block(text: &str) -> usize {
    const KNOWN: &[&str] = &[
        "received",
        "return-path",
        "message-id",
        "from",
        "to",
        "date",
        "subject",
        "mime-version",
        "content-type",
        "dkim-signature",
        "reply-to",
        "cc",
        "sender",
    ];
    let indent = |l: &str| l.len() - l.trim_start_matches(['>', ' ', '\t']).len();
    let margin = lines(text).next().map_or(0, indent);
    let mut known: Vec<&str> = Vec::new();
    for line in lines(text).take(60) {
        let bare = &line[indent(line)..];
        let Some(n) = name_len(bare.as_bytes()) else {
            if indent(line) > margin && !bare.is_empty() {
                continue;
            }
            break;
        };
        let name = bare[..n].trim_end();
        if let Some(k) = KNOWN.iter().find(|k| k.eq_ignore_ascii_case(name)) {
            // A list of messages has a subject each; a header has one.
            if *k != "received" && known.contains(k) {
                return 0;
            }
            known.push(*k);
        }
    }
    known.len()
}

fn block_len(text: &str) -> usize {
    let mut len = 0;
    for line in text.split_inclusive('\n') {
        if line.trim_matches(['>', ' ', '\t', '\n']).is_empty() {
            break;
        }
        len += line.len();
    }
    len
}

/// The header of a message that is returned in a text, perhaps quoted or indented.
fn returned_in(text: &str) -> Returned {
    let begins = |l: &str| starts_header(l) || l.trim_start().starts_with("From ");
    let first = lines(text).take(30).position(begins);
    let Some(first) = first else {
        return Returned::default();
    };
    let mut kept = lines(text).take(400).skip(first).peekable();
    let indent = kept.peek().map_or(0, |l| {
        l.len() - l.trim_start_matches(['>', ' ', '\t']).len()
    });
    let mut head = String::new();
    for line in kept {
        head.push_str(line.get(indent.min(line.len())..).unwrap_or(line));
        head.push('\n');
    }
    head.pop();
    Returned::read(head.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i3_the_report_ends_where_the_returned_message_begins() {
        for (text, want, to) in [
            (
                "<u@example.com>:\nno\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <s@acme.example>\nTo: u@example.com\n\nhi\n",
                "<u@example.com>:\nno\n\n",
                Some("u@example.com"),
            ),
            (
                "u@example.com failed\n\nReceived: by x; 1 Jan 2026\nFrom: s@acme.example\nTo: u@example.com\nSubject: q\n\nhi",
                "u@example.com failed\n\n",
                Some("u@example.com"),
            ),
            (
                "This report relates to:\n\n  Message-id: <a@b.example>\n  From: s@acme.example\n  To: u@example.com\n  Subject: q\n\nYour message cannot be delivered to the following recipients:\n\n  Recipient address: u@example.com\n",
                "This report relates to:\n\n\nYour message cannot be delivered to the following recipients:\n\n  Recipient address: u@example.com\n",
                Some("u@example.com"),
            ),
            (
                "Sorry, your original message could not be delivered to u@example.com.\n",
                "Sorry, your original message could not be delivered to u@example.com.\n",
                None,
            ),
            (
                "Original mail as follows:\n\n   From a@example.com Thu Jan  1 00:00:00 2026\n   Received: by x\n   To: u@example.com\n   Subject: x\n\n",
                "",
                Some("u@example.com"),
            ),
        ] {
            let r = split_report(text);
            assert_eq!(r.text, want, "{text}");
            assert_eq!(r.returned.to.first().map(String::as_str), to, "{text}");
        }
    }

    #[test]
    fn i3_reports_that_a_person_forwards() {
        let head = "From: n@acme.example\nTo: it@acme.example\nSubject: Fwd: failure\n\n";
        let report = "<u@example.com>: could not be delivered\n";
        let forwarded =
            "From: MAILER-DAEMON@mx.example\nTo: n@acme.example\nSubject: failure notice\n\n";
        let quoted: String = format!("{forwarded}{report}")
            .lines()
            .map(|l| format!("> {l}\n"))
            .collect();
        for body in [
            format!("look:\n\n-----Original Message-----\n{forwarded}{report}"),
            format!("{forwarded}{report}"),
            format!("{quoted}>\n> x\n"),
        ] {
            let mail = format!("{head}{body}");
            let got = report_text(&Message::new(mail.as_bytes()), true);
            assert!(
                got.forwarded && got.text.contains(report),
                "{body}: {got:?}"
            );
        }
    }
}
