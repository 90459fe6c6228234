//! One row of a sent log, in the words of this program.

use crate::address;
use crate::event::Stream;
use jiff::Timestamp;
use std::borrow::Cow;

/// How exactly a row says when it was sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resolution {
    /// Only the UTC day, whose first moment is given.
    Day,
    /// A moment.
    #[default]
    Second,
}

/// What one row says was sent. Values that the row or its file does not have are absent.
///
/// A row of messages has a recipient and a count of 1; an aggregated one mostly has no
/// recipient, and its count may be 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row<'a> {
    /// When, in whole seconds.
    pub sent_at: Option<Timestamp>,
    /// How exactly.
    pub resolution: Resolution,
    /// The sending mailbox, in lower case, as events write it.
    pub mailbox: Option<Cow<'a, str>>,
    /// The address that was mailed to, as written.
    pub recipient: Option<Cow<'a, str>>,
    /// Its domain, or the domain that the row is about, in lower case, as events write it.
    pub recipient_domain: Option<Cow<'a, str>>,
    /// The campaign.
    pub campaign: Option<Cow<'a, str>>,
    /// The Message-ID, without angle brackets.
    pub message_id: Option<Cow<'a, str>>,
    /// The step of the sequence.
    pub step: Option<Cow<'a, str>>,
    /// The contact in the sender's system.
    pub contact: Option<Cow<'a, str>>,
    /// Campaign or warm-up, where the row says.
    pub stream: Option<Stream>,
    /// How many messages: 1 in a log of messages.
    pub count: u64,
}

impl Row<'_> {
    /// The recipient key ([`address::key`]); without an allocation where the address is
    /// in lower-case ASCII.
    pub fn recipient_key(&self) -> Option<Cow<'_, str>> {
        self.recipient.as_deref().map(key)
    }

    /// The stream, which is a campaign where the row does not say.
    pub fn stream(&self) -> Stream {
        self.stream.unwrap_or(Stream::Campaign)
    }
}

/// [`address::key`], borrowed where it is the address itself.
pub fn key(address: &str) -> Cow<'_, str> {
    if all(address, |b| {
        b.is_ascii_graphic() & !b.is_ascii_uppercase() & (b != b'"')
    }) {
        Cow::Borrowed(address)
    } else {
        Cow::Owned(address::key(address))
    }
}

/// A text in lower case; the text itself where it is.
pub fn lower(text: Cow<'_, str>) -> Cow<'_, str> {
    if all(&text, |b| b.is_ascii() & !b.is_ascii_uppercase()) {
        text
    } else {
        Cow::Owned(text.to_lowercase())
    }
}

/// Whether all bytes are of a sort. It does not stop at the first that is not, so that
/// several are looked at at once.
pub fn all(text: &str, sort: impl Fn(u8) -> bool) -> bool {
    text.bytes().fold(true, |all, b| all & sort(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i8_keys_are_those_of_addresses() {
        for (address, borrowed) in [
            ("jane@example.com", true),
            ("Jane@Example.com", false),
            ("\"jane\"@example.com", false),
            ("jörg@müller.example", false),
            (" jane@example.com", false),
        ] {
            let key = key(address);
            assert_eq!(key, address::key(address), "{address}");
            assert_eq!(matches!(key, Cow::Borrowed(_)), borrowed, "{address}");
        }
    }
}
