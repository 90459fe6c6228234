//! Events, each reading of a notification once.
//!
//! What the notification says is its `event_id`. What else an event holds – mailbox,
//! workspace, whether the sent log knows it, the verdict – depends on the options, the
//! sent log and the program of the run that read it. All different readings are kept, and
//! [`speak`] makes one event of them. As that is a function of the set, the order of the
//! runs does not matter.

use super::{Ledger, Result};
use crate::address;
use crate::event::{Event, Flag, Proof};
use crate::history::EventId;
use rusqlite::Row;
use sha2::{Digest, Sha256};
use std::cmp::Reverse;

/// This program's version as a number: later ones are bigger.
fn version() -> i64 {
    let parts = env!("CARGO_PKG_VERSION").split('.');
    let numbers = parts.map(|p| p.parse::<i64>().unwrap_or_default());
    numbers.fold(0, |all, n| all * 1_000 + n.min(999))
}

/// Stands for what an event says: two that differ only in where and when they were read
/// are the same reading.
fn digest(event: &Event) -> Result<String> {
    let mut bare = event.clone();
    bare.classified_at.clear();
    bare.origin.file.clear();
    bare.origin.index = 0;
    let hash = Sha256::new()
        .chain_update([u8::from(event.tagged)])
        .chain_update(serde_json::to_vec(&bare)?)
        .finalize();
    Ok(hash.iter().take(8).map(|b| format!("{b:02x}")).collect())
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

fn read(row: &Row<'_>) -> Result<(String, Reading)> {
    let event: String = row.get("event")?;
    let mut reading = Reading {
        version: row.get("version")?,
        event: serde_json::from_str(&event)?,
    };
    reading.event.tagged = row.get("tagged")?;
    Ok((row.get("event_id")?, reading))
}

impl Ledger {
    /// Keeps an event. True if this reading is new.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn add(&self, event: &Event) -> Result<bool> {
        let mut query = self.db.prepare_cached(
            "INSERT OR IGNORE INTO events (event_id, reading, version, tagged, address, event)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        let added = query.execute((
            EventId::parse(&event.event_id).to_string(),
            digest(event)?,
            version(),
            event.tagged,
            event.recipient.as_deref().map(address::key),
            serde_json::to_string(event)?,
        ))?;
        Ok(added > 0)
    }

    /// Calls `each` with every event, in the order of their ids.
    ///
    /// # Errors
    /// The ledger cannot be read, or `each` fails.
    pub fn each_event<E: From<super::LedgerError>>(
        &self,
        mut each: impl FnMut(Event) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let select =
            "SELECT event_id, version, tagged, event FROM events ORDER BY event_id, reading";
        let told = |e: rusqlite::Error| E::from(e.into());
        let mut query = self.db.prepare_cached(select).map_err(told)?;
        let mut rows = query.query([]).map_err(told)?;
        let (mut id, mut same) = (String::new(), Vec::new());
        while let Some(row) = rows.next().map_err(told)? {
            let (next, reading) = read(row)?;
            if next != id {
                if let Some(event) = speak(std::mem::take(&mut same)) {
                    each(event)?;
                }
                id = next;
            }
            same.push(reading);
        }
        speak(same).map_or(Ok(()), each)
    }

    /// The events of one address (a key), by time.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn events_of(&self, address: &str) -> Result<Vec<Event>> {
        let mut query = self.db.prepare_cached(
            "SELECT event_id, version, tagged, event FROM events WHERE event_id IN
             (SELECT event_id FROM events WHERE address = ?1) ORDER BY event_id, reading",
        )?;
        let mut rows = query.query([address])?;
        let mut all: Vec<(String, Vec<Reading>)> = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, reading) = read(row)?;
            match all.last_mut() {
                Some((last, same)) if *last == id => same.push(reading),
                _ => all.push((id, vec![reading])),
            }
        }
        let mut events: Vec<Event> = all.into_iter().filter_map(|(_, r)| speak(r)).collect();
        events.sort_by(|a, b| (&a.occurred_at, &a.event_id).cmp(&(&b.occurred_at, &b.event_id)));
        Ok(events)
    }

    /// The reply that an event quotes.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn reply(&self, id: EventId) -> Result<Option<String>> {
        let mut query = self.db.prepare_cached(
            "SELECT event ->> 'smtp_message' FROM events WHERE event_id = ?1
             ORDER BY reading LIMIT 1",
        )?;
        let mut rows = query.query([id.to_string()])?;
        Ok(rows.next()?.map(|r| r.get(0)).transpose()?.flatten())
    }
}
