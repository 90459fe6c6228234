//! The bounces at hand, as keys: which rows of a sent log they may answer.
//!
//! Of events only Message-IDs, recipient keys, times and mailboxes are kept, and of the
//! log only rows that may answer one of them. What the log says of an event is decided
//! when all of it has been read, so nothing depends on its order:
//!
//! 1. **Message-ID.** The log has the returned Message-ID, and had sent it to the
//!    recipient that the report names (or to the one that failed): the event answers that
//!    mail.
//! 2. **Forwarded.** The log has the Message-ID and had sent it to one other address. If
//!    the report names one recipient, and that one was not itself mailed to of late,
//!    somebody has forwarded the mail: the recipient is the address in the log. Who
//!    borrows the Message-ID of a mail that he got can thus silence nobody but himself.
//! 3. Otherwise, if the log has the Message-ID, the event answers **nothing**: what the
//!    report names was not sent that mail, whatever else it was sent.
//! 4. **Address.** Without a Message-ID, or with one that the log does not have: the
//!    mailbox had mailed to the recipient at most `matching.sent_before` before.
//!
//! In rule 4 the mailbox counts where the returned message or the row of an export says
//! it. Where only the delivery of the notification does, it counts if the log has mail
//! from it: a mailbox that collects the bounces of others has sent nothing.

use super::matches::Matches;
use super::row::{Row, key};
use super::sieve::Sieve;
use crate::event::Event;
use crate::event::join::{Answer, Sent, is_row};
use crate::policy::Matching;
use crate::time;
use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// How far the clocks of a log and of a bounce may disagree, in seconds: a mail may be
/// logged after the bounce of a server that refused it at once.
const SKEW: i64 = 300;

/// A UTC day, in seconds.
const DAY: i64 = 86_400;

/// What of an event may be found in a sent log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The returned Message-ID, as logs may have it.
    ids: Vec<String>,
    /// The recipient key.
    recipient: Option<String>,
    /// The key of the final recipient.
    last: Option<String>,
    /// The mailbox in lower case.
    mailbox: Option<String>,
    /// The mailbox is that of the returned message or of a column.
    sure: bool,
    /// The recipient is what our own VERP tag says.
    tagged: bool,
    /// When it happened, or when it was classified: it cannot have happened later.
    at: i64,
    /// Stands for the notification.
    report: u64,
}

impl Wanted {
    /// The keys of an event.
    pub fn of(event: &Event) -> Wanted {
        let own = |a: &Option<String>| a.as_deref().map(|a| key(a).into_owned());
        let at = event.occurred_at.as_deref().and_then(time::parse_rfc3339);
        let at = at.or_else(|| time::parse_rfc3339(&event.classified_at));
        Wanted {
            ids: event.message_id.as_deref().map(ids).unwrap_or_default(),
            recipient: own(&event.recipient),
            last: own(&event.final_recipient),
            mailbox: event.mailbox.as_deref().map(str::to_lowercase),
            sure: event.message_id.is_some() || event.subject.is_some() || is_row(event),
            tagged: event.tagged,
            at: at.map_or(i64::MAX / 2, |t| t.as_second()),
            report: hash(&(&event.origin.file, event.origin.index)),
        }
    }
}

/// A Message-ID as logs may have it. Amazon SES names its messages in events and answers
/// without the domain that it puts behind (developer guide, "Headers added by SES").
fn ids(id: &str) -> Vec<String> {
    let short = id
        .split_once('@')
        .filter(|(_, domain)| domain.ends_with("amazonses.com"));
    std::iter::once(id)
        .chain(short.map(|(short, _)| short))
        .map(str::to_owned)
        .collect()
}

fn hash(of: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

/// Collects the keys of events, in any order.
#[derive(Debug, Default)]
pub struct Builder {
    index: Index,
}

impl Builder {
    /// For the policy's idea of what answers what.
    pub fn new(matching: &Matching) -> Self {
        let sent_before = matching.sent_before.as_secs();
        Builder {
            index: Index {
                sent_before,
                ..Index::default()
            },
        }
    }

    /// Adds an event.
    pub fn add(&mut self, wanted: Wanted) {
        let index = &mut self.index;
        for id in wanted.ids {
            let message = index.ids.entry(id.into_boxed_str()).or_default();
            let keys = [&wanted.recipient, &wanted.last].into_iter().flatten();
            message.keys.extend(keys.map(|k| k.as_str().into()));
            message
                .reports
                .push((wanted.report, hash(&wanted.recipient)));
        }
        for person in [wanted.recipient].into_iter().flatten() {
            index
                .people
                .entry(person.into_boxed_str())
                .or_default()
                .times
                .push(wanted.at);
        }
        if let Some(mailbox) = wanted.mailbox {
            let number = index.mailboxes.len() as u32;
            index
                .mailboxes
                .entry(mailbox.into_boxed_str())
                .or_insert(number);
        }
    }

    /// The index of all that was added.
    pub fn build(mut self) -> Index {
        let index = &self.index;
        let keys = index.ids.keys().chain(index.people.keys());
        self.index.sieve = Sieve::of(keys.map(|k| &**k));
        for (number, message) in self.index.ids.values_mut().enumerate() {
            message.number = number as u32;
            message.keys.sort_unstable();
            message.keys.dedup();
            message.reports.sort_unstable();
            message.reports.dedup();
            message.keys.shrink_to_fit();
            message.reports.shrink_to_fit();
        }
        for (number, person) in self.index.people.values_mut().enumerate() {
            person.number = number as u32;
            person.times.sort_unstable();
            person.times.dedup();
            person.times.shrink_to_fit();
        }
        self.index
    }
}

/// The keys of the bounces at hand.
#[derive(Debug, Default)]
pub struct Index {
    ids: HashMap<Box<str>, Message>,
    people: HashMap<Box<str>, Person>,
    mailboxes: HashMap<Box<str>, u32>,
    /// Lets pass what may be among the Message-IDs and the people.
    sieve: Sieve,
    sent_before: i64,
}

/// What events say of one Message-ID.
#[derive(Debug, Default)]
struct Message {
    number: u32,
    /// Recipient keys that reports name, sorted.
    keys: Vec<Box<str>>,
    /// Reports and hashes of the recipients that they name, sorted.
    reports: Vec<(u64, u64)>,
}

impl Message {
    /// Whether a report names one recipient of this message only.
    fn alone(&self, report: u64) -> bool {
        let from = self.reports.partition_point(|(r, _)| *r < report);
        self.reports.get(from + 1).is_none_or(|(r, _)| *r != report)
    }

    fn at(&self, key: &str) -> Option<u32> {
        self.keys
            .binary_search_by(|k| (**k).cmp(key))
            .ok()
            .map(|at| at as u32)
    }
}

/// When events say something of one recipient.
#[derive(Debug, Default)]
struct Person {
    number: u32,
    /// In seconds since 1970, sorted.
    times: Vec<i64>,
}

impl Person {
    /// The first event that a mail sent at a time can have led to.
    fn slot(&self, sent_at: i64) -> Option<u32> {
        let at = self
            .times
            .partition_point(|t| t.saturating_add(SKEW) < sent_at);
        (at < self.times.len()).then_some(at as u32)
    }
}

impl Index {
    /// Enters a row of the log into what was found.
    pub fn look(&self, row: &Row<'_>, found: &mut Matches) {
        if let Some(mailbox) = &row.mailbox
            && let Some(number) = self.mailboxes.get(mailbox.as_ref())
        {
            found.mailbox(*number);
        }
        let Some(recipient) = row.recipient_key() else {
            return found.counts();
        };
        found.message();
        let message = row.message_id.as_deref();
        let message = message
            .filter(|id| self.sieve.passes(id))
            .and_then(|id| self.ids.get(id));
        let person = Some(&*recipient).filter(|r| self.sieve.passes(r));
        let person = person.and_then(|r| self.people.get(r));
        if message.is_none() && person.is_none() {
            return;
        }
        let sent = Arc::new(owned(row));
        if let Some(message) = message {
            found.id(message.number, message.at(&recipient), Arc::clone(&sent));
        }
        let slot = person.and_then(|p| match row.sent_at {
            Some(at) => Some((p.number, p.slot(at.as_second())?)),
            // A log without times: nothing speaks against it.
            None => Some((p.number, 0)),
        });
        if let Some((person, slot)) = slot {
            let mailbox = sent.mailbox.as_deref().map(Box::from);
            found.person((person, slot, mailbox), sent);
        }
    }

    /// What the log says of an event. `found` is of the whole log, and the event was
    /// added to the index.
    pub fn find<'m>(&self, event: &Event, found: &'m Matches) -> Answer<'m> {
        let wanted = Wanted::of(event);
        let known = wanted.ids.iter().filter_map(|id| {
            let message = self.ids.get(id.as_str())?;
            Some((message, found.sole(message.number)?))
        });
        let mut known = known.peekable();
        let sent = if known.peek().is_some() {
            known.find_map(|(message, sole)| self.by_id(message, sole, &wanted, found))
        } else {
            self.by_address(&wanted, found, true)
        };
        sent.map_or_else(|| self.nothing(event, found), Answer::To)
    }

    fn nothing(&self, event: &Event, found: &Matches) -> Answer<'static> {
        let returned = event.message_id.is_some() || event.subject.is_some();
        let mailbox = event.mailbox.as_deref().map(str::to_lowercase);
        Answer::Nothing {
            ours: returned && mailbox.is_some_and(|m| self.is_named(&m, found)),
            complete: found.is_complete(),
        }
    }

    /// The mail by its Message-ID. `sole`: the row, if all rows are of one recipient.
    fn by_id<'m>(
        &self,
        message: &Message,
        sole: Option<&'m Sent>,
        wanted: &Wanted,
        found: &'m Matches,
    ) -> Option<&'m Sent> {
        let mut named = [&wanted.recipient, &wanted.last].into_iter().flatten();
        let exact = named.find_map(|k| found.exact(message.number, message.at(k)?));
        exact.or_else(|| {
            let forwarded = !wanted.tagged
                && message.alone(wanted.report)
                && self.by_address(wanted, found, false).is_none();
            sole.filter(|_| forwarded)
        })
    }

    /// The last mail to the recipient that is not too old. `from`: from the mailbox of
    /// the event, as far as that is known.
    fn by_address<'m>(&self, wanted: &Wanted, found: &'m Matches, from: bool) -> Option<&'m Sent> {
        let person = self.people.get(wanted.recipient.as_deref()?)?;
        let slot = person.times.binary_search(&wanted.at).ok()? as u32;
        found.last(person.number, slot, |sent| {
            let day = if sent.day { DAY } else { 0 };
            let oldest = wanted.at.saturating_sub(self.sent_before + day);
            let young = sent.sent_at.is_none_or(|at| at.as_second() >= oldest);
            young && (!from || self.is_from(sent, wanted, found))
        })
    }

    fn is_from(&self, sent: &Sent, wanted: &Wanted, found: &Matches) -> bool {
        let (Some(mailbox), Some(own)) = (&sent.mailbox, &wanted.mailbox) else {
            return true;
        };
        mailbox == own || !(wanted.sure || self.is_named(own, found))
    }

    /// Whether the log has mail from a mailbox.
    fn is_named(&self, mailbox: &str, found: &Matches) -> bool {
        self.mailboxes
            .get(mailbox)
            .is_some_and(|number| found.has_mailbox(*number))
    }
}

/// What is kept of a row.
fn owned(row: &Row<'_>) -> Sent {
    fn text(cell: &Option<Cow<'_, str>>) -> Option<String> {
        cell.as_deref().map(str::to_owned)
    }
    Sent {
        sent_at: row.sent_at,
        day: row.resolution == super::Resolution::Day,
        mailbox: text(&row.mailbox),
        recipient: text(&row.recipient).unwrap_or_default(),
        campaign: text(&row.campaign),
        message_id: text(&row.message_id),
        step: text(&row.step),
        contact: text(&row.contact),
        stream: row.stream,
    }
}
