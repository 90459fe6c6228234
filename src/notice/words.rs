//! The words that mail systems use: which mail reports a failure, which a delay,
//! where the report ends and the returned message begins.

use super::{Returned, envelope};
use crate::message::Message;
use crate::message::headers::name_len;
use crate::vocab::Kind;
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};
use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Phrases of one meaning, in many languages: tab-separated `set phrase`.
const PHRASES: &str = include_str!("words.tsv");

fn set(name: &str) -> Vec<&'static str> {
    PHRASES
        .lines()
        .filter_map(|l| l.split_once('\t'))
        .filter(|(s, _)| *s == name)
        .map(|(_, p)| p)
        .collect()
}

fn finder(name: &str) -> Option<AhoCorasick> {
    AhoCorasickBuilder::new()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostFirst)
        // Every report goes through several of these: speed before size.
        .kind(Some(AhoCorasickKind::DFA))
        .build(set(name))
        .ok()
}

/// True if any phrase of the set stands in the text (ASCII case does not matter;
/// the phrases of other scripts are listed in the cases they come in).
fn has(set: &LazyLock<Option<AhoCorasick>>, text: &str) -> bool {
    set.as_ref().is_some_and(|ac| ac.is_match(text))
}

static FAILURE_SUBJECT: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| finder("failure-subject"));
static NO_REPORT_SUBJECT: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| finder("no-report-subject"));
static DELAY_SUBJECT: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| finder("delay-subject"));
static FAILURE: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| finder("failure"));
static DELAY: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| finder("delay"));
static FINAL: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| finder("final"));
static SUCCESS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| finder("success"));
static SUCCESS_SUBJECT: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| finder("success-subject"));
static RETURNED: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| finder("returned"));
static CAUSE_LABEL: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| finder("cause-label"));
static CAUSE_WORD: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| finder("cause-word"));
static LIST_HEAD: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| finder("list-head"));
static CONTACT: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| finder("contact"));
static LABELS: LazyLock<HashSet<&str>> = LazyLock::new(|| set("label").into_iter().collect());
static TO_LABELS: LazyLock<HashSet<&str>> = LazyLock::new(|| set("to-label").into_iter().collect());
static SUBJECT_LABELS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| set("subject-label").into_iter().collect());

/// True for a label, lower case, behind which systems write the failed recipient.
pub fn is_label(label: &str) -> bool {
    LABELS.contains(label)
}

/// True for the labels, lower case, that a header summed up has before its recipients.
pub fn is_to_label(label: &str) -> bool {
    TO_LABELS.contains(label)
}

/// True for the labels, lower case, that a header summed up has before its subject.
pub fn is_subject_label(label: &str) -> bool {
    SUBJECT_LABELS.contains(label)
}

/// True if a label says that the cause follows.
pub fn introduces_cause(label: &str) -> bool {
    has(&CAUSE_LABEL, &label.to_lowercase())
}

/// True if a label, lower case, is the cause itself: `Unknown user: …`.
pub fn names_cause(label: &str) -> bool {
    has(&CAUSE_WORD, label)
}

/// True if a sentence says why, not only that, deliveries failed.
pub fn gives_cause(text: &str) -> bool {
    let text = text.to_lowercase();
    has(&CAUSE_WORD, &text) || text.contains("because")
}

/// A line that introduces a list of recipients; it belongs to none of them.
pub fn introduces_list(text: &str) -> bool {
    text.strip_suffix([':', '\u{ff1a}']).is_some_and(|head| {
        has(&LIST_HEAD, &head.to_lowercase()) && crate::code::find_smtp_code(head).is_none()
    })
}

/// A line that says whom to ask for help: the addresses in and below it failed nobody.
pub fn asks_contact(text: &str) -> bool {
    let text = text.to_lowercase();
    // Exchange's receipt: "… but no delivery notification was sent by the destination server:".
    let receipt = text.contains("notification was sent by");
    text.starts_with("from:") || text.starts_with("sender:") || has(&CONTACT, &text) && !receipt
}

/// True if a subject announces a failed or delayed delivery.
pub fn failure_subject(subject: &str) -> bool {
    has(&FAILURE_SUBJECT, subject) || has(&DELAY_SUBJECT, subject)
}

/// True for notes to the postmaster that report no recipient of a mail of ours.
pub fn no_report_subject(subject: &str) -> bool {
    has(&NO_REPORT_SUBJECT, subject)
}

/// True if a text says that a mail was not delivered (yet).
pub fn says_failure(text: &str) -> bool {
    has(&FAILURE, text) || has(&DELAY, text)
}

/// True if a text says that a mail was delivered.
pub fn says_success(text: &str) -> bool {
    has(&SUCCESS, text)
}

/// True if a mail says at once, in subject and text, that another was delivered.
pub fn is_receipt(subject: &str, human: &str) -> bool {
    success_subject(subject) && has(&SUCCESS, clip(human, 4096))
}

/// True if a subject begins as that of a receipt (`Delivered: …`), or says so and
/// nothing of a failure.
fn success_subject(subject: &str) -> bool {
    let subject = subject.trim_start();
    let first = SUCCESS_SUBJECT.as_ref().and_then(|ac| ac.find(subject));
    first.is_some_and(|m| m.start() == 0) || has(&SUCCESS, subject) && !failure_subject(subject)
}

/// What subject and text say happened, where no field says it.
pub fn kind_of(subject: &str, human: &str) -> Kind {
    let head = clip(human, 4096);
    if delay_subject(subject) || has(&DELAY, head) {
        if !has(&FINAL, head) {
            return Kind::Delayed;
        }
    } else if success_subject(subject) || success_first(head) {
        return Kind::Delivered;
    }
    Kind::Failed
}

/// True for a reply that gives no cause: empty, or hardly more than a code.
pub fn is_thin(reply: &str) -> bool {
    // What Sendmail writes of its own beside the reply that it does not repeat.
    if reply.len() < 200
        && reply
            .trim_end()
            .to_lowercase()
            .ends_with("... service unavailable")
    {
        return true;
    }
    if reply.len() > 60 {
        return false;
    }
    let words = reply
        .split(|c: char| !c.is_alphabetic())
        .filter(|w| w.chars().count() > 2 && !w.eq_ignore_ascii_case("smtp"));
    words.take(2).count() < 2
}

/// True if a text says that a mail was delivered before it speaks of any failure:
/// what went wrong on the way does not matter then.
fn success_first(text: &str) -> bool {
    let first = |set: &LazyLock<Option<AhoCorasick>>| {
        set.as_ref().and_then(|ac| ac.find(text)).map(|m| m.start())
    };
    match (first(&SUCCESS), first(&FAILURE)) {
        (Some(success), Some(failure)) => success < failure,
        (success, _) => success.is_some(),
    }
}

/// True if a subject announces a delay before anything else. Behind the words of a
/// failure stands the subject of the returned message, which may say anything.
fn delay_subject(subject: &str) -> bool {
    let first = |set: &LazyLock<Option<AhoCorasick>>| {
        set.as_ref()
            .and_then(|ac| ac.find(subject))
            .map(|m| m.start())
    };
    match (first(&DELAY_SUBJECT), first(&FAILURE_SUBJECT)) {
        (Some(delay), Some(failure)) => delay <= failure,
        (delay, _) => delay.is_some(),
    }
}

/// At most `max` bytes of a text, cut at a character border.
pub fn clip(text: &str, max: usize) -> &str {
    if text.len() <= max {
        return text;
    }
    let mut end = max;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

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
        match part.kind.as_str() {
            // Mostly the same again: decoded only if the plain text says too little.
            "text/html" => html.push(part),
            k if k.starts_with("text/") || k.starts_with("multipart/") => {
                plain.push_str(clip(&message.part_text(part), MAX_REPORT));
                plain.push('\n');
            }
            _ => {}
        }
    }
    if !html.is_empty() && !informative(&plain) {
        for part in html {
            plain.push_str(clip(&message.part_text(part), MAX_REPORT));
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
    (report.contains('@') && has(&FAILURE, report)).then_some(body)
}

fn clip_bytes(bytes: &[u8], max: usize) -> &[u8] {
    bytes.get(..max).unwrap_or(bytes)
}

/// True if a text is mostly a quotation: somebody forwards a report in his own mail.
fn is_quoted(text: &str) -> bool {
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
    part.map(|p| clip(&message.part_text(p), MAX_REPORT).to_owned())
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
    let marked = has(&RETURNED, text);
    let mut at = 0;
    let mut forwarded = false;
    let mut lines = text.split_inclusive('\n');
    while let Some(line) = lines.next() {
        let rest = &text[at + line.len()..];
        let marker = marked && is_returned_marker(line);
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
        if starts_header(line) && header_block(&text[at..]) >= 3 {
            if !(personal && is_report_header(&text[at..])) {
                let mut report = inline_header(text, at);
                report.forwarded = forwarded;
                return report;
            }
            forwarded = true;
            at += block_len(&text[at..]);
            lines = text[at..].split_inclusive('\n');
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
    let below = clip(&text[block_len(text)..], 2_000);
    let report = daemon || head.subject.is_some_and(|s| failure_subject(&s));
    report && has(&FAILURE, below) && below.contains('@')
}

/// A header that begins at `at` without a marker. Some systems (PMDF and its
/// heirs) quote it at the top and list the recipients below.
fn inline_header(text: &str, at: usize) -> Report {
    let block = returned_in(&text[at..]);
    let len = block_len(&text[at..]);
    let below = &text[at + len..];
    let above = &text[..at];
    let list_below = has(&FAILURE, clip(below, 600)) && below.contains('@');
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

/// A line that announces the returned message. A sentence that merely speaks of
/// an original message is longer than a heading.
fn is_returned_marker(line: &str) -> bool {
    let line = line.trim();
    if line.is_empty() || line.len() > 200 {
        return false;
    }
    let bare = line.trim_matches(|c: char| !c.is_alphanumeric());
    RETURNED.as_ref().is_some_and(|ac| {
        ac.find_iter(bare).any(|m| {
            let decorated = bare.len() + 4 <= line.len() || line.ends_with(':');
            m.start() == 0 && (decorated || m.end() + 8 >= bare.len())
                || decorated && m.end() == bare.len()
        })
    })
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
    let margin = text.lines().next().map_or(0, indent);
    let mut known: Vec<&str> = Vec::new();
    for line in text.lines().take(60) {
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
    let mut lines: Vec<&str> = text.lines().take(400).collect();
    let first = lines
        .iter()
        .position(|l| starts_header(l) || l.trim_start().starts_with("From "));
    let Some(first) = first.filter(|n| *n < 30) else {
        return Returned::default();
    };
    lines.drain(..first);
    let indent = lines[0].len() - lines[0].trim_start_matches(['>', ' ', '\t']).len();
    let cut = |l: &str| -> String { l.get(indent.min(l.len())..).unwrap_or(l).to_owned() };
    let head: Vec<String> = lines.iter().map(|l| cut(l)).collect();
    Returned::read(head.join("\n").as_bytes())
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
    fn c7_delays_and_failures_in_words() {
        for (subject, text, want) in [
            (
                "Warning: could not send message for past 4 hours",
                "will be retried",
                Kind::Delayed,
            ),
            (
                "Mail delivery failed",
                "This is a permanent error.",
                Kind::Failed,
            ),
            (
                "Delivery delayed: x",
                "no action is required on your part. Delivery attempts will continue",
                Kind::Delayed,
            ),
            (
                "Undeliverable: x",
                "delivery has been delayed and has now failed; giving up",
                Kind::Failed,
            ),
            (
                "Relayed: x",
                "Your message was successfully relayed to these recipients",
                Kind::Delivered,
            ),
        ] {
            assert_eq!(kind_of(subject, text), want, "{subject}");
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
