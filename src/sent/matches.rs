//! Rows of the sent log that events may answer: what is kept of them, whatever the order
//! in which they come.

use super::row::key;
use crate::event::join::Sent;
use std::cmp::Ordering;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap, btree_map};
use std::sync::Arc;

/// A recipient, the first event that a mail can have led to, and the mailbox; recipients and
/// events as numbers of the index.
type Place = (u32, u32, Option<Box<str>>);

/// The rows that may count. Of two parts of a log, [`Matches::merge`] makes those of both;
/// the order does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matches {
    /// By message and recipient, as numbers of the index: what was sent to whom.
    exact: HashMap<(u32, u32), Arc<Sent>>,
    /// By message: a row, and whether there are others with another recipient.
    any: HashMap<u32, (Arc<Sent>, bool)>,
    /// By recipient.
    people: BTreeMap<Place, Arc<Sent>>,
    /// Mailboxes that the log has mail from.
    mailboxes: BTreeSet<u32>,
    /// There are rows of messages; of counts.
    messages: bool,
    counts: bool,
    /// Part of the log could not be read.
    broken: bool,
}

impl Matches {
    /// The rows of two parts of a log.
    pub fn merge(&mut self, other: Matches) {
        for (place, sent) in other.exact {
            keep(self.exact.entry(place), sent);
        }
        for (message, (sent, several)) in other.any {
            self.any(message, sent, several);
        }
        for (place, sent) in other.people {
            self.person(place, sent);
        }
        self.mailboxes.extend(other.mailboxes);
        self.messages |= other.messages;
        self.counts |= other.counts;
        self.broken |= other.broken;
    }

    /// Part of the log could not be read: what is not in it may have been sent.
    pub fn broken(&mut self) {
        self.broken = true;
    }

    /// Whether what is not in the log was not sent: all of it was read, and it is not all
    /// counts.
    pub fn is_complete(&self) -> bool {
        !self.broken && (self.messages || !self.counts)
    }

    pub(super) fn message(&mut self) {
        self.messages = true;
    }

    pub(super) fn counts(&mut self) {
        self.counts = true;
    }

    pub(super) fn mailbox(&mut self, number: u32) {
        self.mailboxes.insert(number);
    }

    pub(super) fn has_mailbox(&self, number: u32) -> bool {
        self.mailboxes.contains(&number)
    }

    /// A row with the Message-ID of an event.
    pub(super) fn id(&mut self, message: u32, recipient: Option<u32>, sent: Arc<Sent>) {
        if let Some(recipient) = recipient {
            keep(self.exact.entry((message, recipient)), Arc::clone(&sent));
        }
        self.any(message, sent, false);
    }

    fn any(&mut self, message: u32, sent: Arc<Sent>, several: bool) {
        match self.any.entry(message) {
            Entry::Vacant(place) => {
                place.insert((sent, several));
            }
            Entry::Occupied(mut place) => {
                let (kept, more) = place.get_mut();
                *more |= several || key(&kept.recipient) != key(&sent.recipient);
                if sent.preferred(kept) == Ordering::Greater {
                    *kept = sent;
                }
            }
        }
    }

    /// A row with the recipient of events.
    pub(super) fn person(&mut self, place: Place, sent: Arc<Sent>) {
        match self.people.entry(place) {
            btree_map::Entry::Vacant(empty) => {
                empty.insert(sent);
            }
            btree_map::Entry::Occupied(mut old) => {
                if sent.preferred(old.get()) == Ordering::Greater {
                    old.insert(sent);
                }
            }
        }
    }

    /// What was sent with a Message-ID to a recipient.
    pub(super) fn exact(&self, message: u32, recipient: u32) -> Option<&Sent> {
        self.exact.get(&(message, recipient)).map(Arc::as_ref)
    }

    /// Whether the log has a Message-ID; and if it was sent to one address only, the row.
    pub(super) fn sole(&self, message: u32) -> Option<Option<&Sent>> {
        let (sent, several) = self.any.get(&message)?;
        Some((!several).then_some(sent.as_ref()))
    }

    /// The last mail to a recipient before an event that fits.
    pub(super) fn last(
        &self,
        person: u32,
        slot: u32,
        fits: impl Fn(&Sent) -> bool,
    ) -> Option<&Sent> {
        let places = self
            .people
            .range((person, 0, None)..(person, slot.saturating_add(1), None));
        let mut best: Option<(u32, &Sent)> = None;
        for ((_, at, _), sent) in places.rev() {
            match best {
                // What belongs to an earlier event was sent earlier.
                Some((found, _)) if found != *at => break,
                _ if !fits(sent) => {}
                Some((_, old)) if sent.preferred(old) != Ordering::Greater => {}
                _ => best = Some((*at, sent)),
            }
        }
        best.map(|(_, sent)| sent)
    }
}

fn keep<K>(entry: Entry<'_, K, Arc<Sent>>, sent: Arc<Sent>) {
    match entry {
        Entry::Vacant(place) => {
            place.insert(sent);
        }
        Entry::Occupied(mut place) => {
            if sent.preferred(place.get()) == Ordering::Greater {
                place.insert(sent);
            }
        }
    }
}
