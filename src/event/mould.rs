//! What a row becomes, where another row differs from it by values that are only passed on.
//!
//! Exports repeat themselves: most of their rows are another's but for the recipient, the
//! moment and a few ids. What was made of the second of such rows is kept as a mould, and
//! the values of the next ones are filled in. [`Key`]s that decide anything are part of
//! what a mould is found by; a recipient that could be read as anything else than an
//! address is left to [`assemble`], as is a text that is a whole notification.

use super::assemble::{self, Setting, Source};
use super::domains::{Domain, Domains};
use super::id::{Identity, put_event_id};
use super::ids;
use super::own::Own;
use super::said;
use super::{Event, Flag};
use crate::address;
use crate::classify::{self, Providers};
use crate::notice::{returned, row as rows};
use crate::row::{Key, Row, What};
use crate::time;
use crate::vocab::Kind;
use hashbrown::{DefaultHashBuilder, HashTable};
use std::cell::OnceCell;
use std::hash::BuildHasher;
use std::ops::{Deref, DerefMut, Range};
use std::sync::Mutex;

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

/// A piece of what a reply says.
#[derive(Debug)]
enum Piece {
    Words(String),
    Recipient,
    /// The identifier of this number.
    Id(usize),
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

/// Room for what is made of them.
#[derive(Debug, Default)]
struct Filled {
    event_id: String,
    hashed: Vec<u8>,
    occurred_at: String,
    message: String,
    message_id: String,
    remote: String,
    suggested: String,
    flags: Vec<Flag>,
    /// The reply with a stand-in for the recipient, and where its identifiers are.
    reply: Vec<u8>,
    ids: Vec<Range<usize>>,
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
            Some(cell) => self.domains.host(rows::host(cell)),
            None => Providers::default(),
        };
        let domain = self.domains.of(cells.recipient);
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
                let row = with_stand_ins(row, &cells, &self.filled);
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
        let recipient = row
            .get(Key::Recipient)
            .filter(|a| address::is_bare(a) && address::split(a).is_some())?;
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

impl Filled {
    /// What a row has of its own.
    fn fill<'f>(
        &'f mut self,
        mould: &'f Mould,
        cells: &Cells<'f>,
        domain: &'f Domain,
        row: &Row<'_>,
        source: &'f Source<'_>,
        setting: &Setting,
    ) -> Own<'f> {
        let like = &mould.event;
        let to = cells.recipient;
        let moment = cells
            .moment
            .and_then(|text| assemble::moment(text, row.zone, row.month_first, setting));
        self.occurred_at.clear();
        moment
            .into_iter()
            .for_each(|t| time::push_rfc3339(t, &mut self.occurred_at));
        let occurred_at = moment.map(|_| &*self.occurred_at);
        returned::put_message_id(cells.message_id.unwrap_or_default(), &mut self.message_id);
        let message_id = Some(&*self.message_id).filter(|id| !id.is_empty());
        self.remote.clear();
        let remote_mta = match cells.remote {
            Some(cell) => {
                self.remote.push_str(rows::host(cell));
                self.remote.make_ascii_lowercase();
                Some(&*self.remote)
            }
            None => mould.remote.as_deref(),
        };
        self.suggested.clear();
        let suggested_recipient = domain.suggested.map(|other| {
            let local = to.len() - domain.lower.len();
            self.suggested.push_str(to.get(..local).unwrap_or_default());
            self.suggested.push_str(other);
            &*self.suggested
        });
        self.flags.clear();
        self.flags.extend(assemble::marks(
            Some(to),
            domain.suggested.is_some(),
            setting,
        ));
        self.flags.extend_from_slice(&mould.flags);
        self.message.clear();
        for piece in mould.message.iter().flatten() {
            self.message.push_str(match piece {
                Piece::Words(words) => words,
                Piece::Recipient => to,
                Piece::Id(number) => {
                    let id = self
                        .ids
                        .get(*number)
                        .and_then(|at| self.reply.get(at.clone()));
                    id.and_then(|id| std::str::from_utf8(id).ok())
                        .unwrap_or_default()
                }
            });
        }
        let smtp_message = mould.message.as_ref().map(|_| &*self.message);
        self.event_id.clear();
        let identity = Identity {
            kind: like.kind.as_str(),
            recipients: [&address::keyed(to), ""],
            message_id: None,
            date: None,
            reporting_mta: like.reporting_mta.as_deref(),
            occurred_at,
            returned_id: message_id,
            codes: (like.smtp_code, like.enhanced_code.as_deref()),
            reply: &mould.canonical,
        };
        put_event_id(&identity, &mut self.hashed, &mut self.event_id);
        let [campaign_id, sequence_step_id, contact_id] = [0, 1, 2].map(|n| {
            let cell = cells.of_sender.get(n).copied().flatten().map(rows::text);
            cell.or_else(|| mould.of_sender.get(n)?.as_deref())
        });
        Own {
            event_id: &self.event_id,
            occurred_at,
            stream: assemble::stream_of(cells.subject, setting),
            campaign_id,
            sequence_step_id,
            contact_id,
            recipient: Some(to),
            recipient_domain: Some(&domain.lower),
            smtp_message,
            remote_mta,
            flags: &self.flags,
            suggested_recipient,
            subject: cells.subject,
            message_id,
            file: source.file,
            index: source.index,
        }
    }
}

/// Hands out what stands before each identifier of a reply with it, and what is left.
fn between(reply: &[u8], ids: &[Range<usize>], mut each: impl FnMut(&[u8], Option<usize>)) {
    let mut from = 0;
    for (number, id) in ids.iter().enumerate() {
        each(reply.get(from..id.start).unwrap_or_default(), Some(number));
        from = id.end;
    }
    each(reply.get(from..).unwrap_or_default(), None);
}

/// The row with stand-ins for the identifiers of its reply.
fn with_stand_ins<'r>(row: &Row<'r>, cells: &Cells<'_>, filled: &Filled) -> Row<'r> {
    let mut row = row.clone();
    if filled.ids.is_empty() {
        return row;
    }
    let mut text = Vec::new();
    between(&filled.reply, &filled.ids, |piece, id| {
        text.extend_from_slice(piece);
        text.extend(id.map(ids::stand_in).unwrap_or_default().bytes());
    });
    let text = String::from_utf8_lossy(&text).replace(said::STAND_IN, cells.recipient);
    let reply = row.cells.iter_mut().find(|(key, _)| *key == Key::Reply);
    reply
        .into_iter()
        .for_each(|(_, cell)| *cell = text.clone().into());
    row
}

/// The pieces of what a reply says that has stand-ins.
fn pieces(words: &str, recipient: &str, ids: usize) -> Vec<Piece> {
    let mut out = vec![Piece::Words(words.to_owned())];
    cut(&mut out, recipient, || Piece::Recipient);
    for number in 0..ids {
        cut(&mut out, &ids::stand_in(number), || Piece::Id(number));
    }
    out
}

/// Puts a piece wherever `what` stands in the words.
fn cut(pieces: &mut Vec<Piece>, what: &str, piece: impl Fn() -> Piece) {
    let of = |one: Piece| {
        let Piece::Words(words) = one else {
            return vec![one];
        };
        let mut out = Vec::new();
        for (n, part) in words.split(what).enumerate() {
            out.extend((n > 0).then(&piece));
            out.push(Piece::Words(part.to_owned()));
        }
        out
    };
    *pieces = std::mem::take(pieces).into_iter().flat_map(of).collect();
}

/// Moulds that no worker has at the moment.
#[derive(Debug, Default)]
pub struct Shelf(Mutex<Vec<Moulds>>);

/// Moulds that are given back.
#[derive(Debug)]
pub struct Lent<'s> {
    moulds: Moulds,
    shelf: &'s Shelf,
}

impl Shelf {
    /// Moulds for one worker.
    pub fn take(&self) -> Lent<'_> {
        let moulds = self.0.lock().ok().and_then(|mut all| all.pop());
        Lent {
            moulds: moulds.unwrap_or_default(),
            shelf: self,
        }
    }
}

impl Deref for Lent<'_> {
    type Target = Moulds;

    fn deref(&self) -> &Moulds {
        &self.moulds
    }
}

impl DerefMut for Lent<'_> {
    fn deref_mut(&mut self) -> &mut Moulds {
        &mut self.moulds
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if let Ok(mut all) = self.shelf.0.lock() {
            all.push(std::mem::take(&mut self.moulds));
        }
    }
}

#[cfg(test)]
mod tests;
