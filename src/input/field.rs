//! Header field lines: enough of RFC 5322 section 2.2 to know a mail when it begins.

/// The longest name that is taken for a field name.
const MAX_NAME: usize = 76;

/// Fields that begin the header of mails. Prose and log lines have colons too:
/// only these names make text a mail.
const KNOWN: &[&str] = &[
    "apparently-to",
    "authentication-results",
    "auto-submitted",
    "bcc",
    "cc",
    "date",
    "delivered-to",
    "delivery-date",
    "disposition-notification-to",
    "dkim-signature",
    "domainkey-signature",
    "envelope-from",
    "envelope-to",
    "errors-to",
    "from",
    "importance",
    "in-reply-to",
    "lines",
    "message-id",
    "mime-version",
    "original-recipient",
    "precedence",
    "priority",
    "received",
    "received-spf",
    "references",
    "reply-to",
    "return-path",
    "return-receipt-to",
    "sender",
    "status",
    "subject",
    "thread-index",
    "thread-topic",
    "to",
    "user-agent",
];

/// Beginnings of the names of whole families of fields.
const FAMILIES: &[&str] = &["x-", "content-", "arc-", "list-", "resent-", "x400-"];

/// The name of the header field that `line` begins, if it looks like one.
pub fn name(line: &[u8]) -> Option<&[u8]> {
    let end = line
        .iter()
        .take(MAX_NAME)
        .position(|byte| !byte.is_ascii_alphanumeric() && !b"-_.".contains(byte))?;
    let (name, rest) = line.split_at_checked(end)?;
    let first = name.first()?;
    (first.is_ascii_alphabetic() && rest.trim_ascii_start().first() == Some(&b':')).then_some(name)
}

/// Whether `name` is a field that mails have.
pub fn is_known(name: &[u8]) -> bool {
    let same = |known: &&str| name.eq_ignore_ascii_case(known.as_bytes());
    let begins = |family: &&str| {
        name.get(..family.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(family.as_bytes()))
    };
    KNOWN.iter().any(same) || FAMILIES.iter().any(begins)
}

/// Whether `line` is a field that mails have.
pub fn is_known_line(line: &[u8]) -> bool {
    name(line).is_some_and(is_known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i2_field_lines_are_told_from_other_lines() {
        for (line, looks, known) in [
            ("Return-Path: <>", true, true),
            ("received: from mx.example.org", true, true),
            ("X-Anything_at.all: 1", true, true),
            ("Subject : blank before the colon", true, true),
            ("To:", true, true),
            ("bounce_fm: relay mx.example.org said: 552", true, false),
            ("Note: this is text", true, false),
            ("{\"schema\":1}", false, false),
            ("12:00:01 started", false, false),
            ("Sep 21 12:00:07 mx postfix/smtp[1]: x", false, false),
            (" Subject: folded", false, false),
            (": no name", false, false),
            ("Subject", false, false),
            ("", false, false),
        ] {
            assert_eq!(name(line.as_bytes()).is_some(), looks, "{line}");
            assert_eq!(is_known_line(line.as_bytes()), known, "{line}");
        }
    }
}
