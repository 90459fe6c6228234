//! What a reply may say of an address without an `@`: `550 jane.doe: mailbox full`.

use super::{Redactor, scan};
use crate::address;
use std::collections::BTreeSet;

/// Words of replies and host names, which give nobody away where they are also a part of
/// an address.
const WORDS: &[&str] = &[
    "account",
    "address",
    "alias",
    "and",
    "bad",
    "biz",
    "blocked",
    "box",
    "code",
    "com",
    "daemon",
    "delivery",
    "domain",
    "email",
    "error",
    "example",
    "for",
    "from",
    "full",
    "host",
    "http",
    "https",
    "invalid",
    "list",
    "local",
    "mailbox",
    "mailer",
    "message",
    "name",
    "net",
    "not",
    "org",
    "recipient",
    "rejected",
    "relay",
    "reply",
    "returned",
    "route",
    "sender",
    "server",
    "smtp",
    "test",
    "the",
    "this",
    "unknown",
    "user",
    "users",
    "www",
    "you",
    "your",
];
/// Shorter parts of a name are in every text.
const SHORTEST: usize = 3;
/// Digits alone are a telephone number from this length on; shorter, a code.
const NUMBER: usize = 6;
/// Where a text was cut, a word may be the beginning of a name.
const CUT: char = '\u{2026}';
/// Shorter subjects are words like others.
const SHORTEST_SUBJECT: usize = 6;
/// Instead of a part of a name.
const HIDDEN: &str = "***";

/// The addresses of an event, and the words of their local parts.
#[derive(Clone, Debug, Default)]
pub struct Names {
    addresses: Vec<(String, String)>,
    words: BTreeSet<String>,
    message_id: Option<(String, String)>,
    subject: Option<(String, String)>,
}

impl Names {
    /// Adds an address and its token.
    pub fn add(&mut self, address: &str, token: &str) {
        let lower = address.to_lowercase();
        let (local, _) = scan::halves(&lower);
        self.words
            .extend(words(local).filter(|w| tells(w)).map(str::to_owned));
        if lower.contains('@') {
            self.addresses.push((lower, token.to_owned()));
        }
    }

    /// Adds the message-id and its token.
    pub fn add_message_id(&mut self, id: &str, token: &str) {
        self.message_id = Some((id.to_owned(), token.to_owned()));
    }

    /// Adds the subject and its token.
    pub fn add_subject(&mut self, subject: &str, token: &str) {
        let subject = subject.trim().to_lowercase();
        if subject.chars().count() >= SHORTEST_SUBJECT {
            self.subject = Some((subject, token.to_owned()));
        }
    }

    /// Adds the addresses that stand in a text.
    pub fn add_all(&mut self, text: &str, redactor: &Redactor) {
        scan::replaced(text, |found| {
            if self.known(found).is_none() {
                self.add(found, &redactor.address(found));
            }
            String::new()
        });
    }

    /// A text up to the next subject, the token of the subject, and the rest.
    fn at_subject<'t>(&self, text: &'t str) -> Option<(&'t str, &str, &'t str)> {
        let (subject, token) = self.subject.as_ref()?;
        let lower = lower(text)?;
        let at = lower.find(subject.as_str())?;
        let rest = text.get(at + subject.len()..)?;
        Some((text.get(..at)?, token, rest))
    }

    /// The token of something with an `@`, and what stood before it that is no part of the
    /// address: `rcpt=` of `rcpt=jane@example.com`.
    fn known<'f>(&self, found: &'f str) -> Option<(&'f str, &str)> {
        if let Some((id, token)) = &self.message_id
            && id == found
        {
            return Some(("", token));
        }
        let lower = lower(found)?;
        self.addresses.iter().find_map(|(address, token)| {
            let before = found.get(..lower.strip_suffix(address.as_str())?.len())?;
            let apart = before
                .chars()
                .next_back()
                .is_none_or(|c| c == '=' || !c.is_ascii());
            apart.then_some((before, token.as_str()))
        })
    }

    fn hide(&self, gap: &str, out: &mut String) {
        if self.words.is_empty() {
            return out.push_str(gap);
        }
        for piece in gap.split_inclusive(|c: char| !c.is_alphanumeric()) {
            let word = piece.trim_end_matches(|c: char| !c.is_alphanumeric());
            let (lower, cut) = (word.to_lowercase(), piece.ends_with(CUT));
            let begins = |w: &String| !lower.is_empty() && w.starts_with(&lower);
            if self.words.contains(&lower) || cut && self.words.iter().any(begins) {
                out.push_str(HIDDEN);
                out.push_str(piece.get(word.len()..).unwrap_or_default());
            } else {
                out.push_str(piece);
            }
        }
    }
}

/// A text in lower case; none where that changes its length, and places in one are not
/// those in the other.
fn lower(text: &str) -> Option<String> {
    Some(text.to_lowercase()).filter(|l| l.len() == text.len())
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric())
}

/// Whether a word of a local part says whose it is.
fn tells(word: &str) -> bool {
    let length = word.chars().count();
    let least = if word.chars().any(char::is_alphabetic) {
        SHORTEST
    } else {
        NUMBER
    };
    length >= least && !WORDS.contains(&word) && !address::is_role(&format!("{word}@x"))
}

impl Redactor {
    /// A text with tokens for the addresses in it, and without the words of `names`.
    pub(super) fn text_of(&self, text: &str, names: &Names) -> String {
        if let Some((before, token, rest)) = names.at_subject(text) {
            let before = self.text_of(
                before,
                &Names {
                    subject: None,
                    ..names.clone()
                },
            );
            return format!("{before}{token}{}", self.text_of(rest, names));
        }
        let token = |found: &str| match names.known(found) {
            Some((before, token)) => {
                let mut out = String::new();
                names.hide(before, &mut out);
                out.push_str(token);
                out
            }
            None => self.address(found),
        };
        scan::pieces(text, token, |gap, out| names.hide(gap, out))
    }
}
