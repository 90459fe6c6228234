//! What earlier lines said of the messages that are under way.

use hashbrown::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Messages in each of the two generations: the older is dropped when the younger is
/// full, so that at least so many of the last are known, and at most twice as many.
const MAX_ENTRIES: usize = 100_000;
/// The same in bytes, about: some 50,000 messages with sender and Message-ID.
const MAX_BYTES: usize = 16 * 1024 * 1024;
/// What an entry weighs without its texts, in bytes.
const WEIGHT: usize = 256;
/// Recipients of one message that are told apart: what Postfix takes in one
/// (`smtpd_recipient_limit`).
const MAX_RECIPIENTS: usize = 1_000;
/// Longest text that is kept of a message, in bytes.
const MAX_TEXT: usize = 1_000;
/// Longest line of a deferral that is kept, in bytes.
const MAX_LINE: usize = 2_000;

/// The messages of all logs of a run, by host and queue id. It forgets what is done,
/// and the oldest where there are too many.
#[derive(Debug, Default)]
pub struct Queue {
    young: HashMap<Box<[u8]>, Entry>,
    old: HashMap<Box<[u8]>, Entry>,
    bytes: usize,
    key: Vec<u8>,
}

/// What is known of one message.
#[derive(Debug, Default)]
pub(super) struct Entry {
    /// When it was first seen, as written.
    pub since: Box<[u8]>,
    /// Its envelope sender; `<>` if that is null, empty if unknown.
    pub sender: Box<[u8]>,
    /// Its Message-ID.
    pub message_id: Box<[u8]>,
    /// Its subject.
    pub subject: Box<[u8]>,
    /// What a line said that belongs to the next one; of a delivery of qmail, the
    /// recipient.
    pub note: Box<[u8]>,
    /// Of a delivery of qmail, the message.
    pub parent: Box<[u8]>,
    /// How many recipients have no end yet, where the log says how many there are.
    pub left: Option<usize>,
    seen: Vec<Seen>,
    /// What was ever noted of it, in bytes.
    bytes: usize,
}

/// A recipient of a message.
#[derive(Debug)]
struct Seen {
    recipient: u64,
    /// Its last deferral, as written.
    deferred: Option<Box<[u8]>>,
}

/// A text of a message.
#[derive(Clone, Copy, Debug)]
pub(super) enum Text {
    Sender,
    MessageId,
    Subject,
    Note,
    Parent,
}

impl Queue {
    /// Names the message that the next calls are about.
    pub(super) fn at(&mut self, host: &[u8], id: &[u8]) -> &mut Self {
        self.key.clear();
        self.key.extend_from_slice(host);
        self.key.push(0);
        self.key.extend_from_slice(id);
        self
    }

    /// What is known of it, if anything.
    pub(super) fn get(&mut self) -> Option<&mut Entry> {
        if !self.young.contains_key(self.key.as_slice()) {
            let (key, entry) = self.old.remove_entry(self.key.as_slice())?;
            self.insert(key, entry);
        }
        self.young.get_mut(self.key.as_slice())
    }

    /// What is known of it: from now on, that it was seen at `stamp`.
    pub(super) fn entry(&mut self, stamp: &[u8]) -> Option<&mut Entry> {
        if self.get().is_none() {
            let entry = Entry {
                since: clip(stamp, MAX_TEXT),
                ..Entry::default()
            };
            let key = self.key.as_slice().into();
            self.insert(key, entry);
        }
        self.young.get_mut(self.key.as_slice())
    }

    /// Notes a text of it.
    pub(super) fn set(&mut self, stamp: &[u8], which: Text, text: &[u8]) {
        let text = clip(text, MAX_TEXT);
        let more = text.len();
        if let Some(entry) = self.entry(stamp) {
            entry.bytes += more;
            match which {
                Text::Sender => entry.sender = text,
                Text::MessageId => entry.message_id = text,
                Text::Subject => entry.subject = text,
                Text::Note => entry.note = text,
                Text::Parent => entry.parent = text,
            }
            self.bytes += more;
        }
    }

    /// Notes an attempt for a recipient; true if it is the first that is known.
    /// `deferred`: the line, if it will be tried again.
    pub(super) fn attempt(
        &mut self,
        stamp: &[u8],
        recipient: &[u8],
        deferred: Option<&[u8]>,
    ) -> bool {
        let deferred = deferred.map(|line| clip(line, MAX_LINE));
        let more = deferred.as_ref().map_or(32, |line| line.len() + 32);
        let first = self.entry(stamp).is_none_or(|entry| {
            entry.bytes += more;
            entry.attempt(recipient, deferred)
        });
        self.bytes += more;
        first
    }

    /// Forgets it.
    pub(super) fn remove(&mut self) -> Option<Entry> {
        if let Some((key, entry)) = self.young.remove_entry(self.key.as_slice()) {
            let less = WEIGHT + key.len() + entry.bytes;
            self.bytes = self.bytes.saturating_sub(less);
            return Some(entry);
        }
        self.old.remove(self.key.as_slice())
    }

    /// How many messages are known.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.young.len() + self.old.len()
    }

    fn insert(&mut self, key: Box<[u8]>, entry: Entry) {
        if self.young.len() >= MAX_ENTRIES || self.bytes >= MAX_BYTES {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
        self.bytes += WEIGHT + key.len() + entry.bytes;
        self.young.insert(key, entry);
    }
}

impl Entry {
    fn attempt(&mut self, recipient: &[u8], deferred: Option<Box<[u8]>>) -> bool {
        let mut hasher = DefaultHasher::new();
        recipient.hash(&mut hasher);
        let recipient = hasher.finish();
        if let Some(seen) = self.seen.iter_mut().find(|s| s.recipient == recipient) {
            seen.deferred = deferred;
            return false;
        }
        if self.seen.len() < MAX_RECIPIENTS {
            // Most messages have one recipient.
            if self.seen.is_empty() {
                self.seen.reserve_exact(1);
            }
            self.seen.push(Seen {
                recipient,
                deferred,
            });
        }
        true
    }

    /// The last deferrals of the recipients that have no end yet.
    pub(super) fn deferred(&self) -> impl Iterator<Item = &[u8]> {
        self.seen.iter().filter_map(|seen| seen.deferred.as_deref())
    }
}

fn clip(text: &[u8], most: usize) -> Box<[u8]> {
    text.get(..most).unwrap_or(text).into()
}
