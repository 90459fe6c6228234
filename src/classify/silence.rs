//! Text that says nothing: wrappers, apologies, and the standard phrases of the
//! codes themselves. A reply of nothing but these is a bare code (C2).

use super::words::Words;
use std::sync::LazyLock;

/// Phrases without a cause, as words.
const PHRASES: &[&str] = &[
    // The codes' own phrases (RFC 5321 §4.2.3).
    "requested mail action not taken mailbox unavailable",
    "requested action not taken mailbox name not allowed",
    "requested action aborted local error in processing",
    "requested action aborted error in processing",
    "requested mail action aborted",
    "requested mail action not taken",
    "requested action not taken",
    "requested action aborted",
    "service not available closing transmission channel",
    "service not available",
    "service unavailable",
    "user not local please try forward path",
    "user not local",
    "transaction failed",
    "mailbox unavailable",
    "mailbox name not allowed",
    // The names of the codes (RFC 3463), as qmail and Exchange repeat them.
    "other undefined status",
    "undefined status",
    "other address status",
    "delivery not authorized message refused",
    "permanent failure",
    "permanent error",
    "permanent failures",
    "temporary failure",
    "unknown error",
    "unspecified error",
    // Wrappers.
    "delivery temporarily suspended",
    "message could not be delivered to one or more recipients",
    "your message could not be delivered",
    "your message wasnt delivered",
    "the message could not be delivered",
    "message could not be delivered",
    "could not be delivered",
    "delivery to the following recipients failed permanently",
    "delivery to the following recipient failed permanently",
    "delivery to the following recipients failed",
    "delivery to the following recipient failed",
    "delivery failed",
    "delivery failure",
    "delivery error",
    "delivery has failed",
    "delivery status notification",
    "undeliverable",
    "undelivered mail returned to sender",
    "mail delivery failed returning message to sender",
    "mail delivery failed",
    "returned mail see transcript for details",
    "transcript of session follows",
    "the following addresses had permanent fatal errors",
    "the following address had permanent fatal errors",
    "this is a permanent error i ve given up sorry it didnt work out",
    "this is a permanent error",
    "giving up on {ip}",
    "giving up",
    "does not like recipient",
    "refused to talk to me",
    "failed after i sent the message",
    "connected to",
    "i ve given up",
    "remote host said",
    "remote server said",
    "remote server returned",
    "the error that the other server returned was",
    "the response from the remote server was",
    "the response was",
    "smtp error from remote mail server",
    "smtp error from remote mailer",
    "smtp error",
    "in reply to",
    "in response to",
    "end of data",
    "rcpt to",
    "mail from",
    "command",
    "after",
    "said",
    "message rejected",
    "rejected",
    "refused",
    "failed",
    "failure",
    "failed permanently",
    "bounced",
    "bounce",
    "error",
    "remote",
    "status",
    "diagnostic",
    "x unix",
    "x postfix",
    "x exim",
    "smtp",
    "reason",
    "unknown reason",
    "host",
    "server",
    "sorry",
    "null",
    "none",
    "n a",
    "{addr}",
    "{ip}",
    "{id}",
];

/// The phrases between blanks, those that hold another before it.
static LONGEST_FIRST: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut all: Vec<String> = PHRASES.iter().map(|p| format!(" {p} ")).collect();
    all.sort_by_key(|p| std::cmp::Reverse(p.len()));
    all
});

/// True if nothing but codes, host names, placeholders and phrases without a cause
/// is left of the words.
pub fn says_nothing(words: &Words) -> bool {
    let mut text = format!(" {} ", words.as_str());
    for padded in LONGEST_FIRST.iter() {
        while text.contains(padded.as_str()) {
            text = text.replace(padded.as_str(), " ");
        }
    }
    text.split(' ').all(is_filler)
}

/// Codes, numbers, host names, articles.
fn is_filler(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let host = word.is_ascii()
        && word.rsplit_once('.').is_some_and(|(head, last)| {
            head.len() > 1 && last.len() >= 2 && last.bytes().all(|b| b.is_ascii_alphabetic())
        });
    letters == 0
        || host
        || matches!(
            word,
            "the"
                | "a"
                | "to"
                | "by"
                | "for"
                | "of"
                | "is"
                | "was"
                | "your"
                | "message"
                | "mail"
                | "dns"
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalise::normalise;

    #[test]
    fn c2_what_says_nothing() {
        for (text, want) in [
            ("", true),
            ("550", true),
            ("550 5.0.0", true),
            ("554 Transaction failed", true),
            ("550 Requested action not taken: mailbox unavailable", true),
            (
                "host mx.example.com[192.0.2.1] said: 550 (in reply to RCPT TO command)",
                true,
            ),
            (
                "Remote host said: 550 <x@example.com>\nGiving up on 192.0.2.1.",
                true,
            ),
            (
                "This is a permanent error; I've given up. Sorry it didn't work out.",
                true,
            ),
            ("550 user unknown", false),
            ("550 xyzzy plugh", false),
            ("550 \u{5b9b}\u{5148}\u{4e0d}\u{660e}", false),
        ] {
            let canonical = normalise(text);
            assert_eq!(says_nothing(&Words::new(&canonical)), want, "{text}");
        }
    }
}
