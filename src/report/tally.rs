//! Distinct recipients by group (P1): one pass over the items, address by address.

use super::filter::Filter;
use super::provider;
use super::summary::Figures;
use crate::event::Stream;
use crate::history::{History, Id, Item};
use crate::vocab::{Category, Fault, Kind};
use hashbrown::HashMap;

/// What recipients are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// All of them.
    Total,
    /// A sending mailbox.
    Mailbox(Id),
    /// A recipient domain.
    Domain(Id),
    /// A campaign.
    Campaign(Id),
    /// A UTC day from 1970-01-01.
    Day(i64),
    /// A category.
    Category(Category),
    /// The provider of the recipient's domain.
    Provider(&'static str),
    /// The UTC days of one slice of the period.
    Slice(i64),
}

/// The counts of [`Figures`], a bit each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Count {
    Bounced,
    Hard,
    SoftMailbox,
    SoftContent,
    SoftReputation,
    Other,
    Complaint,
    AutoReply,
    Delayed,
    Held,
    Unmatched,
    SenderFault,
    Escalated,
}

/// How many there are.
const COUNTS: usize = 13;

impl Count {
    const fn bit(self) -> u16 {
        1 << (self as u16)
    }
}

/// Counts of one group.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts([u64; COUNTS]);

impl Counts {
    fn add(&mut self, bits: u16) {
        for (n, count) in self.0.iter_mut().enumerate() {
            *count += u64::from(bits >> n & 1);
        }
    }

    /// As figures, still without sends.
    pub fn figures(&self) -> Figures {
        let n = |count: Count| self.0.get(count as usize).copied().unwrap_or_default();
        Figures {
            bounced: n(Count::Bounced),
            hard_bounce: n(Count::Hard),
            soft_bounce_mailbox: n(Count::SoftMailbox),
            soft_bounce_content: n(Count::SoftContent),
            soft_bounce_reputation: n(Count::SoftReputation),
            other: n(Count::Other),
            complaint: n(Count::Complaint),
            auto_reply: n(Count::AutoReply),
            delayed: n(Count::Delayed),
            held: n(Count::Held),
            unmatched: n(Count::Unmatched),
            sender_fault: n(Count::SenderFault),
            escalated: n(Count::Escalated),
            ..Figures::default()
        }
    }
}

/// What an item adds to the counts of its recipient. Warm-up mail adds nothing (P1).
fn bits(item: &Item) -> u16 {
    if item.stream == Stream::Warmup {
        return 0;
    }
    let counted = match item.kind {
        Kind::Delivered => return 0,
        Kind::Delayed => return Count::Delayed.bit(),
        Kind::AutoReply => return Count::AutoReply.bit(),
        Kind::Complaint | Kind::Failed if item.is_stray() => Count::Unmatched.bit(),
        Kind::Complaint => Count::Complaint.bit(),
        Kind::Failed if item.fault == Some(Fault::Sender) => Count::SenderFault.bit(),
        Kind::Failed => Count::Bounced.bit() | of_category(item.category),
    };
    let held = if item.held { Count::Held.bit() } else { 0 };
    let escalated = if item.escalates {
        Count::Escalated.bit()
    } else {
        0
    };
    counted | held | escalated
}

fn of_category(category: Option<Category>) -> u16 {
    match category {
        Some(Category::HardBounce) => Count::Hard.bit(),
        Some(Category::SoftBounceMailbox) => Count::SoftMailbox.bit(),
        Some(Category::SoftBounceContent) => Count::SoftContent.bit(),
        Some(Category::SoftBounceReputation) => Count::SoftReputation.bit(),
        Some(Category::Other) => Count::Other.bit(),
        Some(Category::AutoReply | Category::Complaint) | None => 0,
    }
}

/// Days that are counted together, from a first one on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slices {
    /// The first day of the first slice.
    pub first: i64,
    /// Days of each.
    pub days: i64,
}

impl Slices {
    /// The slice that a day belongs to.
    pub fn of(&self, day: i64) -> i64 {
        (day - self.first).div_euclid(self.days.max(1))
    }
}

/// The counts of all groups.
#[derive(Debug, Default)]
pub struct Tally {
    /// By group.
    pub groups: HashMap<Key, Counts>,
    /// Failures that name no recipient.
    pub nameless: u64,
}

impl Tally {
    /// Counts the items that filter and period let pass.
    pub fn of(history: &History, filter: &Filter, slices: Slices) -> Self {
        let mut tally = Tally::default();
        let mut providers: HashMap<Id, &'static str> = HashMap::new();
        let mut keys: Vec<(Key, u16)> = Vec::new();
        for address in history.items().chunk_by(|a, b| a.address == b.address) {
            for item in address {
                let bits = bits(item);
                if bits == 0 || !filter.in_period(item.at()) || !filter.fits(item, history) {
                    continue;
                }
                if item.address.is_none() {
                    tally.nameless += u64::from(item.is_bounce());
                    continue;
                }
                let domain = item.domain;
                let of = |d: Id| provider::of(history.text(d));
                let provider = domain.map_or(provider::OTHER, |d| {
                    *providers.entry(d).or_insert_with(|| of(d))
                });
                keys.push((Key::Total, bits));
                keys.push((Key::Provider(provider), bits));
                keys.extend(item.mailbox.map(|m| (Key::Mailbox(m), bits)));
                keys.extend(domain.map(|d| (Key::Domain(d), bits)));
                keys.extend(item.campaign.map(|c| (Key::Campaign(c), bits)));
                if let Some(day) = item.day() {
                    keys.push((Key::Day(day), bits));
                    keys.push((Key::Slice(slices.of(day)), bits));
                }
                // What a delay would be if it failed is not what it is.
                if let Some(category) = item.category.filter(|_| item.kind != Kind::Delayed) {
                    keys.push((Key::Category(category), bits));
                }
            }
            tally.enter(&mut keys);
        }
        tally
    }

    /// Enters the groups of one address, each once.
    fn enter(&mut self, keys: &mut Vec<(Key, u16)>) {
        keys.sort_unstable();
        for same in keys.chunk_by(|a, b| a.0 == b.0) {
            let all = same.iter().fold(0, |bits, (_, b)| bits | b);
            if let Some((key, _)) = same.first() {
                self.groups.entry(*key).or_default().add(all);
            }
        }
        keys.clear();
    }

    /// The figures of a group, still without sends.
    pub fn figures(&self, key: Key) -> Figures {
        self.groups
            .get(&key)
            .map(Counts::figures)
            .unwrap_or_default()
    }
}
