//! What a report says apart from the addresses: the cause of it all.

use super::place::{is_divider, is_subject_line};
use crate::message::lines::{lines, trimmed};
use crate::notice::words;
use memchr::memmem::Finder;
use std::sync::LazyLock;

/// At most so much of one reply is kept, in bytes.
const MAX_REPLY: usize = 4_096;

/// Appends a line to a reply, unless it is there or the reply is long enough. The subject
/// of the returned message is no part of a reply.
pub(super) fn push_line(reply: &mut String, line: &str) {
    if is_subject_line(line) {
        return;
    }
    if reply.len() + line.len() < MAX_REPLY && !lines(reply).any(|l| l == line) {
        if !reply.is_empty() {
            reply.push('\n');
        }
        reply.push_str(line);
    }
}

/// The text behind such a label: on its line, else the next paragraph.
pub(super) fn labelled_cause(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut lines = lines(text).map(trimmed).take(2_000).peekable();
    while let Some(line) = lines.next() {
        let Some((label, rest)) = line.split_once([':', '\u{ff1a}']) else {
            continue;
        };
        if label.len() > 80 || !words::introduces_cause(label) {
            continue;
        }
        let rest = rest.trim();
        if !rest.is_empty() {
            out.push(rest);
            continue;
        }
        while lines.next_if(|l| l.is_empty()).is_some() {}
        while let Some(l) = lines.next_if(|l| !l.is_empty() && !is_divider(l)) {
            out.push(l);
        }
    }
    out
}

/// The one cause that a report gives below a list of recipients; empty if there are
/// several, which may be about one of them each.
pub(super) fn common_cause(text: &str) -> Vec<&str> {
    match coded_lines(text).as_slice() {
        [] => labelled_cause(text),
        [one] => vec![*one],
        _ => Vec::new(),
    }
}

/// Lines that begin with a code of failure.
pub(super) fn coded_lines(text: &str) -> Vec<&str> {
    let coded = |l: &&str| {
        let code = crate::code::find_smtp_code(l);
        code.is_some_and(|(_, at)| at.start <= 2 || l[..at.start].trim_end().ends_with([':', ';']))
    };
    lines(text).map(trimmed).filter(coded).take(5).collect()
}

/// Keeps what the other server said, where the report quotes it behind such words: what
/// stands before is the same in every report of that system, whatever the cause.
pub(super) fn keep_quoted(reply: &mut String) {
    const QUOTED_BEHIND: &[&str] = &[
        "other server returned was:",
        "response from the remote server was:",
        "remote server replied:",
    ];
    static SERVER: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(b" server "));
    if SERVER.find(reply.as_bytes()).is_none() {
        return;
    }
    let quoted = QUOTED_BEHIND.iter().find_map(|m| {
        let (_, said) = reply.split_once(m)?;
        crate::code::find_smtp_code(said).map(|_| said.trim().to_owned())
    });
    if let Some(said) = quoted {
        *reply = said;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i3_one_cause_for_all() {
        for (text, want) in [
            (
                "a@example.com\nb@example.com\n\nError message:\n550 5.1.1 unknown\n",
                vec!["550 5.1.1 unknown"],
            ),
            (
                "Technical details of permanent failure:\nThe account does not exist.\n\nx\n",
                vec!["The account does not exist."],
            ),
            ("550 no such user\n552 over quota\n", vec![]),
        ] {
            assert_eq!(common_cause(text), want, "{text}");
        }
    }
}
