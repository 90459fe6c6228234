//! What a row becomes, where another row differs from it by values that are only passed on.
//!
//! Exports repeat themselves: most of their rows are another's but for the recipient, the
//! moment and a few ids. What was made of the second of such rows is kept as a mould, and
//! the values of the next ones are filled in. [`Key`]s that decide anything are part of
//! what a mould is found by; a recipient that could be read as anything else than an
//! address is left to [`assemble`], as is a text that is a whole notification.

mod filled;
mod pieces;
mod shelf;

pub use shelf::{Lent, Shelf};

use super::assemble::{self, Setting, Source};
use super::domains::Domains;
use super::own::Own;
use super::{Event, Flag, ids, said};
use crate::address;
use crate::classify::{self, Providers};
use crate::notice::row as rows;
use crate::row::{Key, Row, What};
use crate::vocab::Kind;
use filled::Filled;
use hashbrown::{DefaultHashBuilder, HashTable};
use pieces::{Piece, between, pieces, with_stand_ins};
use std::cell::OnceCell;
use std::hash::BuildHasher;

/// At most so many are kept by each worker.
const MOST: usize = 2048;
/// Longest row that one is made of, in bytes.
const LONGEST: usize = 2048;
/// So many hashes of rows that came once; a power of two.
const ONCE: usize = 4096;

/// The moulds of one worker.
#[derive(Debug, Default)]
pub struct Moulds {
    /// Those of a hash, as places of `all`.
    places: HashTable<usize>,
    all: Vec<(Shape, Mould)>,
    hasher: DefaultHashBuilder,
    /// Hashes of shapes that came once: only what comes again is kept.
    once: Vec<u64>,
    domains: Domains,
    /// Room for the shape of a row.
    room: Vec<u8>,
    filled: Filled,
}

/// All that decides what a row becomes.
type Shape = Box<[u8]>;

/// What was made of a row.
#[derive(Debug)]
struct Mould {
    /// Without values of its own.
    event: Event,
    canonical: String,
    /// The words of the reply.
    message: Option<Vec<Piece>>,
    /// Marks that are not of the recipient.
    flags: Vec<Flag>,
    /// Campaign, step and contact where no column says them.
    of_sender: [Option<String>; 3],
    /// The host that the reply names, where no column does.
    remote: Option<String>,
    rendered: OnceCell<Rendered>,
}

/// How the one who writes events writes those of a mould: the pieces that they share.
#[derive(Clone, Debug, Default)]
pub struct Rendered {
    /// All of them.
    pub bytes: Vec<u8>,
    /// Where each of them ends.
    pub ends: Vec<usize>,
}

/// What a row becomes.
#[derive(Debug)]
pub struct Cast<'a> {
    /// The event without values of its own.
    pub like: &'a Event,
    /// The values of the row.
    pub own: Own<'a>,
    rendered: &'a OnceCell<Rendered>,
}

impl Cast<'_> {
    /// As an event.
    pub fn event(&self) -> Event {
        self.like.with(&self.own)
    }

    /// The pieces that it shares with others: `render` is asked for them once a mould, and
    /// always writes the same way.
    pub fn rendered(&self, render: impl FnOnce(&Event) -> Rendered) -> &Rendered {
        self.rendered.get_or_init(|| render(self.like))
    }
}

/// The cells of a row that are passed on.
#[derive(Debug)]
struct Cells<'r> {
    recipient: &'r str,
    moment: Option<&'r str>,
    of_sender: [Option<&'r str>; 3],
    message_id: Option<&'r str>,
    remote: Option<&'r str>,
    subject: Option<&'r str>,
}

impl Moulds {
    /// What a row becomes whose like came before.
    pub fn cast<'c>(
        &'c mut self,
        row: &'c Row<'_>,
        source: &'c Source<'_>,
        setting: &Setting,
    ) -> Option<Cast<'c>> {
        let cells = Cells::of(row)?;
        let providers = match cells.remote {
            Some(cell) => self.domains.host(rows::host(cell))?,
            None => Providers::default(),
        };
        let domain = self.domains.of(cells.recipient)?;
        let providers = providers.and(domain.providers);
        let shaped = shape(
            row,
            cells.recipient,
            providers,
            &mut self.room,
            &mut self.filled,
        );
        if source.truncated || !shaped {
            return None;
        }
        let hash = self.hasher.hash_one(&*self.room);
        let is_it = |at: &usize| {
            self.all
                .get(*at)
                .is_some_and(|(shape, _)| **shape == *self.room)
        };
        let place = match self.places.find(hash, is_it) {
            Some(at) => *at,
            None if came_again(&mut self.once, hash) => {
                let row = with_stand_ins(row, cells.recipient, &self.filled);
                let mould = Mould::of(&row, &cells, self.filled.ids.len(), source, setting)?;
                if self.all.len() >= MOST {
                    self.all.clear();
                    self.places.clear();
                }
                let at = self.all.len();
                self.all.push((self.room.as_slice().into(), mould));
                let hash_of = |at: &usize| {
                    self.all
                        .get(*at)
                        .map_or(0, |(shape, _)| self.hasher.hash_one(&**shape))
                };
                self.places.insert_unique(hash, at, hash_of);
                at
            }
            None => return None,
        };
        let (_, mould) = self.all.get(place)?;
        let own = self
            .filled
            .fill(mould, &cells, domain, row, source, setting);
        Some(Cast {
            like: &mould.event,
            own,
            rendered: &mould.rendered,
        })
    }
}

/// Puts all that decides what a row becomes into the room; false, if no mould serves.
fn shape(
    row: &Row<'_>,
    recipient: &str,
    providers: Providers,
    room: &mut Vec<u8>,
    filled: &mut Filled,
) -> bool {
    let Filled { reply, ids, .. } = filled;
    room.clear();
    reply.clear();
    ids.clear();
    room.extend_from_slice(row.format.as_bytes());
    room.extend_from_slice(&[
        row.what as u8,
        row.zone.map_or(u8::MAX, |hours| hours.unsigned_abs()),
        u8::from(row.zone.is_some_and(|hours| hours < 0)),
        u8::from(row.month_first),
        u8::from(row.among > 1),
    ]);
    room.extend_from_slice(&providers.bits().to_le_bytes());
    for (key, cell) in &row.cells {
        // They part cells here, and stand for identifiers.
        if memchr::memchr2(0, 1, cell.as_bytes()).is_some() {
            return false;
        }
        room.push(*key as u8);
        match key {
            Key::Recipient
            | Key::OccurredAt
            | Key::SentAt
            | Key::Campaign
            | Key::Step
            | Key::Contact
            | Key::MessageId
            | Key::RemoteMta
            | Key::Subject => {}
            Key::Reply if reply.is_empty() => {
                let Some(named) = said::apart(cell, recipient, reply) else {
                    return false;
                };
                room.push(u8::from(named));
                ids::find(reply, ids);
                between(reply, ids, |piece, id| {
                    room.extend_from_slice(piece);
                    room.extend(id.map(|_| 1));
                });
            }
            // What it is the same as says nothing new.
            Key::FinalRecipient if **cell == *recipient => {}
            Key::FinalRecipient => return false,
            Key::Mailbox | Key::Sender => room.extend_from_slice(cell.as_bytes()),
            // It may be the recipient's, and say something of it.
            _ if memchr::memchr(b'@', cell.as_bytes()).is_some() => return false,
            _ => room.extend_from_slice(cell.as_bytes()),
        }
        room.push(0);
    }
    room.len() <= LONGEST
}

/// Whether a shape of this hash came before, not too long ago.
fn came_again(once: &mut Vec<u64>, hash: u64) -> bool {
    once.resize(ONCE, 0);
    let place = usize::try_from(hash % ONCE as u64).unwrap_or_default();
    let slot = once.get_mut(place);
    slot.is_some_and(|slot| std::mem::replace(slot, hash) == hash)
}

impl<'r> Cells<'r> {
    /// The values of a row; `None` where they decide what it becomes.
    fn of(row: &'r Row<'_>) -> Option<Self> {
        let recipient = row.get(Key::Recipient).filter(|a| address::is_bare(a))?;
        let read = matches!(
            row.what,
            What::Failed | What::Delayed | What::Delivered | What::Unsaid
        );
        let reply = |key: Key| row.get(key).is_none_or(rows::is_reply);
        (read && reply(Key::Reply) && reply(Key::Bounced)).then(|| Cells {
            recipient,
            moment: row.get(Key::OccurredAt).or_else(|| row.get(Key::SentAt)),
            of_sender: [Key::Campaign, Key::Step, Key::Contact].map(|key| row.get(key)),
            message_id: row.get(Key::MessageId),
            remote: row.get(Key::RemoteMta),
            subject: row.get(Key::Subject),
        })
    }
}

impl Mould {
    /// The mould of a row that has stand-ins for so many identifiers.
    fn of(
        row: &Row<'_>,
        cells: &Cells<'_>,
        ids: usize,
        source: &Source<'_>,
        setting: &Setting,
    ) -> Option<Mould> {
        let found = rows::read(row)?;
        let [notice] = &found.notices[..] else {
            return None;
        };
        let event = assemble::events(source, &found, setting).pop()?;
        let passes = matches!(event.kind, Kind::Failed | Kind::Delayed | Kind::Delivered)
            && event.recipient.as_deref() == Some(cells.recipient)
            && event.final_recipient.is_none()
            && !event.tagged;
        if !passes {
            return None;
        }
        let pieces = |words: &String| pieces(words, cells.recipient, ids);
        let of_recipient = [Flag::RoleAccount, Flag::MalformedAddress, Flag::TypoDomain];
        let others = event.flags.iter().filter(|f| !of_recipient.contains(f));
        Some(Mould {
            canonical: classify::canonical(&notice.reply),
            message: event.smtp_message.as_ref().map(pieces),
            flags: others.copied().collect(),
            of_sender: [
                event.campaign_id.clone(),
                event.sequence_step_id.clone(),
                event.contact_id.clone(),
            ],
            remote: event.remote_mta.clone(),
            event: event.without(),
            rendered: OnceCell::new(),
        })
    }
}

#[cfg(test)]
mod tests;
