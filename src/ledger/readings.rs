//! Events, each reading of a notification once.
//!
//! What the notification says is its `event_id`. What else an event holds – mailbox,
//! workspace, whether the sent log knows it, the verdict – depends on the options, the
//! sent log and the program of the run that read it. All different readings are kept, and
//! [`speak`] makes one event of them. As that is a function of the set, the order of the
//! runs does not matter.

use super::{Ledger, Result};
use crate::address;
use crate::event::{Brief, Event, Flag, Line, Proof};
use crate::history::EventId;
use crate::time;
use rusqlite::Row;
use sha2::{Digest as _, Sha256};
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// This program's version as a number: later ones are bigger.
fn version() -> i64 {
    let parts = env!("CARGO_PKG_VERSION").split('.');
    let numbers = parts.map(|p| p.parse::<i64>().unwrap_or_default());
    numbers.fold(0, |all, n| all * 1_000 + n.min(999))
}

/// Stands for what an event says: two that differ only in where and when they were read
/// are the same reading.
pub type Digest = [u8; 8];

fn digest<'p>(tagged: bool, pieces: impl IntoIterator<Item = &'p str>) -> Digest {
    let mut hash = Sha256::new_with_prefix([u8::from(tagged)]);
    pieces.into_iter().for_each(|p| hash.update(p));
    let mut bytes = [0; 8];
    let all = hash.finalize();
    bytes.iter_mut().zip(all).for_each(|(to, from)| *to = from);
    bytes
}

/// The digest of an event that is at hand as its line; `None` if it must be read.
pub fn digest_of(line: &Line<'_>) -> Option<Digest> {
    Some(digest(false, line.bare()?))
}

/// An event, ready to be kept.
#[derive(Clone, Debug)]
pub struct Fresh {
    key: EventId,
    reading: Digest,
    tagged: bool,
    address: Option<String>,
    at: Option<i64>,
    waits: u8,
    event: String,
}

impl Fresh {
    /// Of an event.
    ///
    /// # Errors
    /// It cannot be written as JSON.
    pub fn of(event: &Event) -> Result<Fresh> {
        let json = serde_json::to_string(event)?;
        let pieces = Line::of(&json).and_then(|line| line.bare());
        let reading = match pieces {
            Some(pieces) => digest(event.tagged, pieces),
            None => {
                let mut bare = event.clone();
                bare.classified_at.clear();
                bare.origin.file.clear();
                bare.origin.index = 0;
                digest(event.tagged, [serde_json::to_string(&bare)?.as_str()])
            }
        };
        let at = event.occurred_at.as_deref().and_then(time::parse_rfc3339);
        Ok(Fresh {
            key: EventId::parse(&event.event_id),
            reading,
            tagged: event.tagged,
            address: event.recipient.as_deref().map(address::key),
            at: at.map(|t| t.as_second()),
            waits: waits(event),
            event: json,
        })
    }
}

/// A stored reading.
struct Reading {
    version: i64,
    event: Event,
}

/// How far the sent log knows it.
fn known(event: &Event) -> u8 {
    match event.proof {
        Proof::Sent => 2,
        _ if event.flags.contains(&Flag::Unmatched) => 1,
        _ => 0,
    }
}

/// The one event of all readings: the best known, of the newest program, corrected by a
/// person, the most certain one speaks, and takes from the others what it lacks. `all` in
/// the order of their digests.
fn speak(mut all: Vec<Reading>) -> Option<Event> {
    all.sort_by_key(|r| {
        let e = &r.event;
        let hundredths = (e.confidence.unwrap_or_default() * 100.0).round() as i64;
        Reverse((
            known(e),
            r.version,
            e.decided_by.as_deref() == Some("correction"),
            e.mailbox.is_some(),
            hundredths,
            e.held != Some(true),
            e.occurred_at.is_some(),
        ))
    });
    let mut readings = all.into_iter().map(|r| r.event);
    let mut event = readings.next()?;
    for other in readings {
        if event.mailbox.is_none() && other.mailbox.is_some() {
            event.mailbox = other.mailbox;
            event.workspace = other.workspace;
        }
        if event.proof == Proof::None {
            event.proof = other.proof;
        }
        event.occurred_at = event.occurred_at.or(other.occurred_at);
        event.campaign_id = event.campaign_id.or(other.campaign_id);
        event.sequence_step_id = event.sequence_step_id.or(other.sequence_step_id);
        event.contact_id = event.contact_id.or(other.contact_id);
        event.subject = event.subject.or(other.subject);
        event.message_id = event.message_id.or(other.message_id);
    }
    Some(event)
}

/// The columns that [`read`] wants.
const COLUMNS: &str = "key, version, tagged, event";

impl Reading {
    fn of(version: i64, tagged: bool, text: &str) -> Result<Reading> {
        let mut event: Event = serde_json::from_str(text)?;
        event.tagged = tagged;
        Ok(Reading { version, event })
    }
}

/// A text, borrowed from its row.
fn text<'r>(row: &'r Row<'_>, column: usize) -> Result<&'r str> {
    let text = row.get_ref(column)?.as_str();
    Ok(text.map_err(rusqlite::Error::from)?)
}

fn read(row: &Row<'_>) -> Result<(EventId, Reading)> {
    let reading = Reading::of(row.get(1)?, row.get(2)?, text(row, 3)?)?;
    Ok((EventId::from_bytes(row.get(0)?), reading))
}

/// Calls `each` with what is needed of a stored event.
fn told(text: &str, each: impl FnOnce(Brief<'_>)) -> Result<()> {
    match Line::of(text).and_then(|line| line.brief()) {
        Some(event) => each(event),
        None => each((&serde_json::from_str::<Event>(text)?).into()),
    }
    Ok(())
}

/// What a sent log may still say of an event: nothing, that it is matched after all, or
/// anything.
fn waits(event: &Event) -> u8 {
    match event.proof {
        Proof::Sent => 0,
        _ if event.flags.contains(&Flag::Unmatched) => 1,
        _ => 2,
    }
}

/// Whom and when an event is about, as the readings of it say.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Touch {
    /// The event.
    pub id: EventId,
    /// The recipient key.
    pub address: Option<String>,
    /// When, in Unix seconds.
    pub at: Option<i64>,
}

impl Ledger {
    /// Keeps an event. True if this reading is new.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn add(&self, event: &Event) -> Result<bool> {
        self.keep(&Fresh::of(event)?)
    }

    /// The same, made ready before.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn keep(&self, new: &Fresh) -> Result<bool> {
        let mut query = self.db.prepare_cached(
            "INSERT OR IGNORE INTO events
             (key, reading, version, tagged, address, domain, at, waits, event)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?;
        let address = new.address.as_deref();
        let added = query.execute((
            new.key.bytes(),
            new.reading,
            version(),
            new.tagged,
            address,
            address.and_then(address::split).map(|(_, d)| d),
            new.at,
            new.waits,
            &new.event,
        ))?;
        Ok(added > 0)
    }

    /// True if this reading of an event is kept.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn knows(&self, id: EventId, reading: Digest) -> Result<bool> {
        let select = "SELECT 1 FROM events WHERE key = ?1 AND reading = ?2";
        let mut query = self.db.prepare_cached(select)?;
        Ok(query.exists((id.bytes(), reading))?)
    }

    /// The number of the last reading.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn last_reading(&self) -> Result<i64> {
        let select = "SELECT coalesce(max(id), 0) FROM events";
        Ok(self
            .db
            .prepare_cached(select)?
            .query_row([], |r| r.get(0))?)
    }

    /// Calls `each` with every event, in the order of their ids.
    ///
    /// # Errors
    /// The ledger cannot be read, or `each` fails.
    pub fn each_event<E: From<super::LedgerError>>(
        &self,
        each: impl FnMut(Event) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        self.speakers("1 ORDER BY key, reading", [], each)
    }

    /// Calls `each` with the events of which a sent log may still say something new: those
    /// without proof, and `unmatched` ones since a moment in Unix seconds.
    ///
    /// # Errors
    /// The ledger cannot be read, or `each` fails.
    pub fn each_waiting<E: From<super::LedgerError>>(
        &self,
        since: i64,
        each: impl FnMut(Event) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let waiting = "key IN (SELECT key FROM events WHERE waits = 2
             UNION SELECT key FROM events WHERE waits = 1 AND (at IS NULL OR at >= ?1))
             ORDER BY key, reading";
        self.speakers(waiting, [since], each)
    }

    /// Calls `each` with what the readings that a condition chooses come to, event by
    /// event: the condition orders them.
    fn speakers<E: From<super::LedgerError>>(
        &self,
        condition: &str,
        values: impl rusqlite::Params,
        mut each: impl FnMut(Event) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let select = format!("SELECT {COLUMNS} FROM events WHERE {condition}");
        let told = |e: rusqlite::Error| E::from(e.into());
        let mut query = self.db.prepare_cached(&select).map_err(told)?;
        let mut rows = query.query(values).map_err(told)?;
        let (mut id, mut same) = (None, Vec::new());
        while let Some(row) = rows.next().map_err(told)? {
            let (next, reading) = read(row)?;
            if Some(next) != id {
                if let Some(event) = speak(std::mem::take(&mut same)) {
                    each(event)?;
                }
                id = Some(next);
            }
            same.push(reading);
        }
        speak(same).map_or(Ok(()), each)
    }

    /// Calls `each` with what is needed of the events of an address (a key), as the readings
    /// up to number `last` have them; in no order.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn each_brief_of(
        &self,
        address: &str,
        last: i64,
        mut each: impl FnMut(Brief<'_>),
    ) -> Result<()> {
        let select = "SELECT key, event FROM events WHERE address = ?1 AND id <= ?2";
        let mut query = self.db.prepare_cached(select)?;
        let mut rows = query.query((address, last))?;
        let mut several = BTreeSet::new();
        while let Some(row) = rows.next()? {
            let id = EventId::from_bytes(row.get(0)?);
            if self.is_one(id, last)? {
                told(text(row, 1)?, &mut each)?;
            } else {
                several.insert(id);
            }
        }
        several.into_iter().try_for_each(|id| {
            self.brief(id, last, |event| {
                // Another reading may name another recipient, and speak.
                let own = event.recipient.as_deref().map(address::keyed);
                if own.as_deref() == Some(address) {
                    each(event);
                }
            })
        })
    }

    /// True if an event has no second reading up to number `last`.
    fn is_one(&self, id: EventId, last: i64) -> Result<bool> {
        let select = "SELECT count(*) FROM events WHERE key = ?1 AND id <= ?2";
        let mut query = self.db.prepare_cached(select)?;
        Ok(query.query_row((id.bytes(), last), |r| Ok(r.get::<_, i64>(0)? < 2))?)
    }

    /// Calls `each` with what is needed of the event with this id, as the readings up to
    /// number `last` have it.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn brief(&self, id: EventId, last: i64, each: impl FnOnce(Brief<'_>)) -> Result<()> {
        let select =
            format!("SELECT {COLUMNS} FROM events WHERE key = ?1 AND id <= ?2 ORDER BY reading");
        let mut query = self.db.prepare_cached(&select)?;
        let mut rows = query.query((id.bytes(), last))?;
        let Some(first) = rows.next()? else {
            return Ok(());
        };
        let (version, tagged, text): (_, _, String) = (first.get(1)?, first.get(2)?, first.get(3)?);
        let Some(second) = rows.next()? else {
            return told(&text, each);
        };
        // They must agree on one event.
        let mut all = vec![Reading::of(version, tagged, &text)?, read(second)?.1];
        while let Some(row) = rows.next()? {
            all.push(read(row)?.1);
        }
        if let Some(event) = speak(all) {
            each((&event).into());
        }
        Ok(())
    }

    /// The events of which a reading names an address (a key), each once.
    fn ids_of(&self, address: &str) -> Result<BTreeSet<EventId>> {
        let select = "SELECT key FROM events WHERE address = ?1";
        let mut query = self.db.prepare_cached(select)?;
        let rows = query.query_map([address], |r| Ok(EventId::from_bytes(r.get(0)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The event with this id, as the readings up to number `last` have it.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn event(&self, id: EventId, last: i64) -> Result<Option<Event>> {
        let mut found = None;
        let of = "key = ?1 AND id <= ?2 ORDER BY reading";
        self.speakers::<super::LedgerError>(of, (id.bytes(), last), |event| {
            found = Some(event);
            Ok(())
        })?;
        Ok(found)
    }

    /// The events of one address (a key), by time.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn events_of(&self, address: &str) -> Result<Vec<Event>> {
        let mut events = Vec::new();
        for id in self.ids_of(address)? {
            events.extend(self.event(id, i64::MAX)?);
        }
        // Another reading may name another recipient, and speak.
        events.retain(|e| e.recipient.as_deref().map(address::key).as_deref() == Some(address));
        events.sort_by(|a, b| (&a.occurred_at, &a.event_id).cmp(&(&b.occurred_at, &b.event_id)));
        Ok(events)
    }

    /// Whom the readings behind number `after` are about, as all readings of these events
    /// say: each once.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn touched(&self, after: i64) -> Result<BTreeSet<Touch>> {
        // The new ones first, whatever the planner thinks of their number.
        let mut query = self.db.prepare_cached(
            "SELECT DISTINCT e.key, e.address, e.at FROM events n
             CROSS JOIN events e ON e.key = n.key WHERE n.id > ?1",
        )?;
        let rows = query.query_map([after], |r| {
            Ok(Touch {
                id: EventId::from_bytes(r.get(0)?),
                address: r.get(1)?,
                at: r.get(2)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The next addresses behind one that have events or acts, sorted.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn addresses_behind(&self, last: &str, most: usize) -> Result<Vec<String>> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let mut all = BTreeSet::new();
        for table in ["events", "acts"] {
            let select = format!(
                "SELECT DISTINCT address FROM {table} WHERE address > ?1 ORDER BY address LIMIT ?2"
            );
            let mut query = self.db.prepare_cached(&select)?;
            let rows = query.query_map((last, most), |r| r.get::<_, String>(0))?;
            for address in rows {
                all.insert(address?);
            }
        }
        Ok(all
            .into_iter()
            .take(usize::try_from(most).unwrap_or(usize::MAX))
            .collect())
    }

    /// The events that name nobody in some reading.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn nameless(&self) -> Result<BTreeSet<EventId>> {
        let select = "SELECT key FROM events WHERE address IS NULL";
        let mut query = self.db.prepare_cached(select)?;
        let rows = query.query_map([], |r| Ok(EventId::from_bytes(r.get(0)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The addresses at a domain to which something happened in a span, both ends
    /// included.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn addresses_at(&self, domain: &str, span: (i64, i64)) -> Result<BTreeSet<String>> {
        let mut query = self.db.prepare_cached(
            "SELECT address FROM events
             WHERE domain = ?1 AND at IS NOT NULL AND at BETWEEN ?2 AND ?3",
        )?;
        let rows = query.query_map((domain, span.0, span.1), |r| r.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// How many dated readings there are of a domain; it counts no further than `most`.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn count_at(&self, domain: &str, most: u32) -> Result<u32> {
        let mut query = self.db.prepare_cached(
            "SELECT count(*) FROM (SELECT 1 FROM events
             WHERE domain = ?1 AND at IS NOT NULL LIMIT ?2)",
        )?;
        Ok(query.query_row((domain, most), |r| r.get(0))?)
    }

    /// The next domain behind one that has dated events.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn domain_behind(&self, last: &str) -> Result<Option<String>> {
        let mut query = self.db.prepare_cached(
            "SELECT domain FROM events WHERE domain > ?1 AND at IS NOT NULL
             ORDER BY domain LIMIT 1",
        )?;
        let mut rows = query.query([last])?;
        Ok(rows.next()?.map(|r| r.get(0)).transpose()?)
    }

    /// The moment of the n-th dated reading of a domain behind a moment.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn moment_behind(&self, domain: &str, last: i64, n: u32) -> Result<Option<i64>> {
        let mut query = self.db.prepare_cached(
            "SELECT at FROM events WHERE domain = ?1 AND at IS NOT NULL AND at > ?2
             ORDER BY at LIMIT 1 OFFSET ?3",
        )?;
        let mut rows = query.query((domain, last, n.saturating_sub(1)))?;
        Ok(rows.next()?.map(|r| r.get(0)).transpose()?)
    }

    /// The reply that an event quotes.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn reply(&self, id: EventId) -> Result<Option<String>> {
        let select = "SELECT event FROM events WHERE key = ?1 ORDER BY reading LIMIT 1";
        let mut query = self.db.prepare_cached(select)?;
        let mut rows = query.query([id.bytes()])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        let mut reply = None;
        told(text(row, 0)?, |event| {
            reply = event.smtp_message.map(Cow::into_owned);
        })?;
        Ok(reply)
    }
}
