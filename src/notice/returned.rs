//! The header of the returned message: who had sent what to whom.

use super::envelope::{addresses, last_address};
use crate::message::Message;
use crate::message::headers::{Headers, Index};

/// What is kept of a returned header. Empty where nothing was returned.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Returned {
    /// True if any header was returned.
    pub present: bool,
    /// The address in From.
    pub from: Option<String>,
    /// The address in Return-Path, or X-Original-From and the like.
    pub return_path: Option<String>,
    /// The addresses in To and Cc, without repetitions.
    pub to: Vec<String>,
    /// The decoded subject.
    pub subject: Option<String>,
    /// The Message-ID, without angle brackets.
    pub message_id: Option<String>,
    /// The address of X-HmXmrOriginalRecipient and the like.
    pub original_recipient: Option<String>,
    /// The header itself, for fields that are named in the policy.
    pub(super) raw: Vec<u8>,
    /// Where its fields stand.
    pub(super) index: Index,
}

impl Returned {
    /// The header of the mail that a notification returns as a part of its own.
    pub fn part_of(message: &Message<'_>) -> Option<Returned> {
        let part = message.parts().iter().skip(1).find(|p| p.is_mail())?;
        let bytes = message.part_bytes(part);
        Some(Self::read(&bytes)).filter(|r| r.present)
    }

    /// Reads a returned header, or a whole mail. What holds no field of a mail is nothing.
    pub fn read(bytes: &[u8]) -> Returned {
        let (h, body_at) = Headers::parse(bytes);
        let known = ["From", "To", "Subject", "Message-ID", "Date", "Received"];
        if !known.iter().any(|name| h.has(name)) {
            return Returned::default();
        }
        let mut to = addresses(&h.plain("To").unwrap_or_default());
        for a in addresses(&h.plain("Cc").unwrap_or_default()) {
            if !to.contains(&a) {
                to.push(a);
            }
        }
        let first = |names: &[&str]| {
            names
                .iter()
                .find_map(|n| h.text(n))
                .map(|v| v.trim().to_owned())
                .filter(|v| !v.is_empty())
        };
        Returned {
            present: true,
            from: h.text("From").and_then(|v| last_address(&v)),
            return_path: h.plain("Return-Path").and_then(|v| last_address(&v)),
            to,
            subject: first(&["Subject"]),
            message_id: h
                .plain("Message-ID")
                .map(|v| message_id(&v))
                .filter(|v| !v.is_empty()),
            original_recipient: first(&["X-HmXmrOriginalRecipient", "X-Original-Recipient"])
                .and_then(|v| last_address(&v)),
            raw: bytes[..body_at].to_vec(),
            index: h.into_index(),
        }
    }

    /// The hosts that received the mail and the address they took it for,
    /// `Received: … by HOST … for <ADDRESS>`, topmost first.
    pub fn hops(&self) -> Vec<(String, Option<String>)> {
        hops(&self.header())
    }

    /// All its fields.
    pub fn header(&self) -> Headers<'_> {
        Headers::indexed(&self.raw, &self.index)
    }
}

/// The first of these fields that is there and not empty, decoded.
pub fn field(header: &Headers<'_>, names: &[String]) -> Option<String> {
    if header.is_empty() {
        return None;
    }
    names
        .iter()
        .filter_map(|n| header.text(n))
        .map(|v| v.trim().to_owned())
        .find(|v| !v.is_empty())
}

/// A message-id without its angle brackets and blanks.
pub fn message_id(value: &str) -> String {
    let mut out = String::new();
    put_message_id(value, &mut out);
    out
}

/// The same, into a text that is used again.
pub fn put_message_id(value: &str, out: &mut String) {
    out.clear();
    let graphic = |text: &str| text.bytes().all(|b| b.is_ascii_graphic());
    let bare = value.strip_prefix('<').and_then(|v| v.strip_suffix('>'));
    let plain = |id: &&str| graphic(id) && memchr::memchr2(b'<', b'>', id.as_bytes()).is_none();
    if let Some(id) = bare.filter(plain) {
        return out.push_str(id);
    }
    let value = value.trim();
    let inner = value.split_once('<').map_or(value, |(_, rest)| {
        rest.split_once('>').map_or(rest, |(id, _)| id)
    });
    if graphic(inner) {
        return out.push_str(inner);
    }
    inner.split_whitespace().for_each(|word| out.push_str(word));
}

fn hops(h: &Headers<'_>) -> Vec<(String, Option<String>)> {
    h.all("Received")
        .take(50)
        .map(|v| {
            let line = crate::message::decode::unfold(v);
            let line = line.split(';').next().unwrap_or_default();
            let by = after_word(line, "by").unwrap_or_default().to_owned();
            let taken_for = after_word(line, "for")
                .map(|a| a.trim_matches(['<', '>', ';', ',']))
                .filter(|a| a.contains('@'));
            (by.to_ascii_lowercase(), taken_for.map(str::to_owned))
        })
        .collect()
}

fn after_word<'s>(line: &'s str, word: &str) -> Option<&'s str> {
    let mut words = line.split_whitespace();
    words.find(|w| w.eq_ignore_ascii_case(word))?;
    words.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e2_returned_header() {
        let r = Returned::read(
            b"Received: from a.example by mx.example.net with ESMTP\n\tfor <list@example.net>; Thu, 1 Jan 2026 00:00:00 +0000\n\
              From: Sales <sales1@acme.example>\nTo: Bob <bob@example.net>\nMessage-Id: <abc@acme.example>\nSubject: =?utf-8?q?H=C3=A9?=\n\nbody",
        );
        assert!(r.present);
        assert_eq!(
            r.hops(),
            vec![(
                "mx.example.net".to_owned(),
                Some("list@example.net".to_owned())
            )]
        );
        assert_eq!(r.from.as_deref(), Some("sales1@acme.example"));
        assert_eq!(r.to, vec!["bob@example.net"]);
        assert_eq!(r.message_id.as_deref(), Some("abc@acme.example"));
        assert_eq!(r.subject.as_deref(), Some("H\u{e9}"));
        assert!(!Returned::read(b"nothing: here\n\n").present);
    }
}
