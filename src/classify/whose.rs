//! Whose address is it that does not exist? `Sender address unknown` and `your IP
//! address is not valid` use the words of a dead mailbox, but speak of us.
//!
//! An address is never called dead by words that stand right behind a word for the
//! sender: that would silence a live customer (C5).

use crate::vocab::Reason;
use std::ops::Range;

/// How many words before a match are read.
const BEFORE: usize = 3;

/// Words for our side, and what is then the matter.
const OURS: &[(&str, Reason)] = &[
    ("ip", Reason::Blocked),
    ("your host", Reason::RequirePtr),
    ("your server", Reason::RequirePtr),
    ("helo", Reason::RequirePtr),
    ("ehlo", Reason::RequirePtr),
    ("client host", Reason::RequirePtr),
    ("client", Reason::RequirePtr),
    ("ptr", Reason::RequirePtr),
    ("reverse dns", Reason::RequirePtr),
    ("authentication failed", Reason::SecurityError),
    ("authentication failure", Reason::SecurityError),
    ("login failed", Reason::SecurityError),
    ("spf", Reason::AuthFailure),
    ("dkim", Reason::AuthFailure),
    ("dmarc", Reason::AuthFailure),
    ("sender", Reason::SenderRejected),
    ("senders", Reason::SenderRejected),
    ("sending", Reason::SenderRejected),
    ("originator", Reason::SenderRejected),
    ("mail from", Reason::SenderRejected),
    ("envelope from", Reason::SenderRejected),
    ("from address", Reason::SenderRejected),
    ("from domain", Reason::SenderRejected),
    ("from header", Reason::SenderRejected),
    ("the from", Reason::SenderRejected),
    ("return path", Reason::SenderRejected),
    ("reverse path", Reason::SenderRejected),
    ("return address", Reason::SenderRejected),
    ("reply to", Reason::SenderRejected),
    ("your domain", Reason::SenderRejected),
    ("your email", Reason::SenderRejected),
    ("your e mail", Reason::SenderRejected),
    ("your address", Reason::SenderRejected),
    ("your own", Reason::SenderRejected),
    ("header", Reason::NotCompliantRfc),
    ("message id", Reason::NotCompliantRfc),
];

/// Phrases that name the sender without speaking of its address.
const NOT_OURS: &[&str] = &["to sender", "to the sender", "in reply to"];

/// What is wrong with our side, if the words that matched speak of it.
pub fn ours(words: &str, matched: Range<usize>) -> Option<Reason> {
    let hit = words.get(matched.clone())?;
    if hit.contains("{ip}") {
        return Some(Reason::Blocked);
    }
    let before = last_words(words.get(..matched.start)?, BEFORE);
    // The first word may complete the name: `from` + `address does not exist`.
    let first = hit.split(' ').next().unwrap_or("");
    let near: Vec<&str> = before.split(' ').chain([first]).collect();
    if NOT_OURS.iter().any(|n| stands_in(&near, n)) {
        return None;
    }
    let ours = OURS.iter().find(|(w, _)| stands_in(&near, w))?;
    Some(ours.1)
}

/// True if the words of the phrase stand in the text one after the other.
fn stands_in(text: &[&str], phrase: &str) -> bool {
    (0..text.len()).any(|i| {
        let mut rest = text.iter().skip(i);
        phrase.split(' ').all(|w| rest.next() == Some(&w))
    })
}

fn last_words(text: &str, n: usize) -> &str {
    let text = text.trim_end();
    let start = text
        .rmatch_indices(' ')
        .nth(n - 1)
        .map_or(0, |(at, _)| at + 1);
    text.get(start..).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c5_dead_addresses_that_are_ours() {
        for (words, hit, want) in [
            (
                "your ip address is unknown",
                "address is unknown",
                Some(Reason::Blocked),
            ),
            (
                "address {ip} is not valid",
                "address {ip} is not valid",
                Some(Reason::Blocked),
            ),
            (
                "the from address does not exist",
                "address does not exist",
                Some(Reason::SenderRejected),
            ),
            (
                "sending domain not found",
                "domain not found",
                Some(Reason::SenderRejected),
            ),
            (
                "dmarc domain example.org not found",
                "domain example.org not found",
                Some(Reason::AuthFailure),
            ),
            ("550 user unknown", "user unknown", None),
            ("return to sender user unknown", "user unknown", None),
            (
                "sender x wrote to y but the user unknown",
                "user unknown",
                None,
            ),
            ("rcpt to {addr} user unknown", "user unknown", None),
        ] {
            let start = words.find(hit).unwrap();
            assert_eq!(ours(words, start..start + hit.len()), want, "{words}");
        }
    }
}
