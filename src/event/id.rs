//! The identity of an event: a hash of what the notification says (E1).

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// What goes into the hash. Never bytes, line ends, origin, mailbox, category or clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct Identity<'a> {
    /// The kind, as a word.
    pub kind: &'a str,
    /// The recipient key, and that of the final recipient where it is another.
    pub recipients: [&'a str; 2],
    /// The notification's Message-ID.
    pub message_id: Option<&'a str>,
    /// The notification's Date, as read.
    pub date: Option<&'a str>,
    /// Who reported, where there is no Message-ID.
    pub reporting_mta: Option<&'a str>,
    /// The moment, where there is no Message-ID; only its minute counts.
    pub occurred_at: Option<&'a str>,
    /// The Message-ID of the returned message.
    pub returned_id: Option<&'a str>,
    /// SMTP code and enhanced code.
    pub codes: (Option<u16>, Option<&'a str>),
    /// The canonical reply.
    pub reply: &'a str,
}

/// 32 hex digits: the first half of a SHA-256.
pub fn event_id(of: &Identity<'_>) -> String {
    let mut out = String::with_capacity(32);
    put_event_id(of, &mut Vec::with_capacity(256), &mut out);
    out
}

/// The same behind what is in `out`; `text` is room for what is hashed.
pub fn put_event_id(of: &Identity<'_>, text: &mut Vec<u8>, out: &mut String) {
    // In one piece: hashing each field by itself costs as much as the hash.
    text.clear();
    let mut field = |part: &str| {
        text.extend_from_slice(part.as_bytes());
        text.push(0);
    };
    field(of.kind);
    of.recipients.iter().for_each(|r| field(r));
    match of.message_id {
        Some(id) => {
            field(id);
            field(of.date.unwrap_or_default());
        }
        None => {
            field(of.reporting_mta.unwrap_or_default());
            field(of.occurred_at.and_then(|t| t.get(..16)).unwrap_or_default());
        }
    }
    field(of.returned_id.unwrap_or_default());
    field(&of.codes.0.map(|c| c.to_string()).unwrap_or_default());
    field(of.codes.1.unwrap_or_default());
    field(of.reply);
    let digest = Sha256::digest(&*text);
    HEXLOWER.encode_append(digest.get(..16).unwrap_or_default(), out);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e1_what_the_notification_says_makes_the_id() {
        let base = Identity {
            kind: "failed",
            recipients: ["u@example.com", ""],
            message_id: Some("m@mx.example"),
            occurred_at: Some("2026-11-02T10:11:12Z"),
            reply: "user unknown",
            ..Identity::default()
        };
        let id = event_id(&base);
        assert_eq!(id.len(), 32);
        let later = Identity {
            occurred_at: Some("2026-11-02T10:12:00Z"),
            ..base
        };
        assert_eq!(event_id(&later), id, "the Message-ID is enough");
        let other = Identity {
            recipients: ["v@example.com", ""],
            ..base
        };
        assert_ne!(event_id(&other), id);
        let nameless = Identity {
            message_id: None,
            ..base
        };
        let same_minute = Identity {
            occurred_at: Some("2026-11-02T10:11:59Z"),
            ..nameless
        };
        assert_eq!(event_id(&same_minute), event_id(&nameless));
        let next_minute = Identity {
            occurred_at: Some("2026-11-02T10:12:00Z"),
            ..nameless
        };
        assert_ne!(event_id(&next_minute), event_id(&nameless));
    }
}
