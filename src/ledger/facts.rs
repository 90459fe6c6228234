//! What is known of domains and mailboxes beyond single addresses: outages, crowds of hard
//! bounces, bounces that confirm each other, mailboxes that were seen. It is kept, so that
//! a run need look again only where something is new.

use super::{Ledger, Result};
use crate::history::EventId;
use std::collections::BTreeSet;

/// Moments in Unix seconds, both ends included.
pub type Moments = (i64, i64);

/// Where and when something was seen, and how much of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sighting {
    /// The workspace.
    pub workspace: String,
    /// The mailbox; empty if it is not known.
    pub mailbox: String,
    /// It answers no mail of ours.
    pub stray: bool,
    /// The UTC day since 1970; `None` if it is not known.
    pub day: Option<i64>,
}

/// Stands for no day.
const NO_DAY: i64 = i64::MIN;

impl Ledger {
    /// The days of an outage at a domain (T3), counted from 1970.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn outages(&self, domain: &str) -> Result<BTreeSet<i64>> {
        let select = "SELECT day FROM outages WHERE domain = ?1";
        let mut query = self.db.prepare_cached(select)?;
        let days = query.query_map([domain], |r| r.get(0))?;
        Ok(days.collect::<rusqlite::Result<_>>()?)
    }

    /// Remembers that a day was one of an outage, or was not.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn set_outage(&self, domain: &str, day: i64, is: bool) -> Result<()> {
        let statement = if is {
            "INSERT OR IGNORE INTO outages (domain, day) VALUES (?1, ?2)"
        } else {
            "DELETE FROM outages WHERE domain = ?1 AND day = ?2"
        };
        self.db.prepare_cached(statement)?.execute((domain, day))?;
        Ok(())
    }

    /// The moments at which hard bounces of a domain are many, or (`burst`) a burst (S10),
    /// in order.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn crowds(&self, domain: &str, burst: bool) -> Result<Vec<Moments>> {
        let mut query = self.db.prepare_cached(
            "SELECT since, until FROM crowds WHERE domain = ?1 AND burst = ?2 ORDER BY since",
        )?;
        let spans = query.query_map((domain, burst), |r| Ok((r.get(0)?, r.get(1)?)))?;
        Ok(spans.collect::<rusqlite::Result<_>>()?)
    }

    /// Remembers them.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn set_crowds(&self, domain: &str, burst: bool, spans: &[Moments]) -> Result<()> {
        let delete = "DELETE FROM crowds WHERE domain = ?1 AND burst = ?2";
        self.db.prepare_cached(delete)?.execute((domain, burst))?;
        let mut query = self.db.prepare_cached(
            "INSERT INTO crowds (domain, burst, since, until) VALUES (?1, ?2, ?3, ?4)",
        )?;
        for (since, until) in spans {
            query.execute((domain, burst, since, until))?;
        }
        Ok(())
    }

    /// The domains with many hard bounces at some time.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn crowded(&self) -> Result<BTreeSet<String>> {
        let select = "SELECT DISTINCT domain FROM crowds WHERE burst = 0";
        let mut query = self.db.prepare_cached(select)?;
        let domains = query.query_map([], |r| r.get(0))?;
        Ok(domains.collect::<rusqlite::Result<_>>()?)
    }

    /// The workspace whose bounce confirms that of an event (S4).
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn partner(&self, id: EventId) -> Result<Option<String>> {
        let select = "SELECT workspace FROM partners WHERE key = ?1";
        let mut query = self.db.prepare_cached(select)?;
        let mut rows = query.query([id.bytes()])?;
        Ok(rows.next()?.map(|r| r.get(0)).transpose()?)
    }

    /// True if any bounces confirm each other.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn has_partners(&self) -> Result<bool> {
        let mut query = self.db.prepare_cached("SELECT 1 FROM partners")?;
        Ok(query.exists([])?)
    }

    /// Remembers it, or that there is none.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn set_partner(&self, id: EventId, workspace: Option<&str>) -> Result<()> {
        match workspace {
            Some(workspace) => self
                .db
                .prepare_cached("INSERT OR REPLACE INTO partners (key, workspace) VALUES (?1, ?2)")?
                .execute((id.bytes(), workspace))?,
            None => self
                .db
                .prepare_cached("DELETE FROM partners WHERE key = ?1")?
                .execute([id.bytes()])?,
        };
        Ok(())
    }

    /// Adds to the number of items of a sighting.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn sight(&self, seen: &Sighting, more: i64) -> Result<()> {
        let place = (
            &seen.workspace,
            &seen.mailbox,
            seen.stray,
            seen.day.unwrap_or(NO_DAY),
            more,
        );
        let mut query = self.db.prepare_cached(
            "INSERT INTO seen (workspace, mailbox, stray, day, items) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO UPDATE SET items = items + excluded.items",
        )?;
        query.execute(place)?;
        let delete = "DELETE FROM seen WHERE workspace = ?1 AND mailbox = ?2 AND stray = ?3
             AND day = ?4 AND items <= 0 AND ?5 < 0";
        self.db.prepare_cached(delete)?.execute(place)?;
        Ok(())
    }

    /// The last sighting of each mailbox of each workspace; one without a day is the last.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn sightings(&self) -> Result<Vec<Sighting>> {
        let mut query = self.db.prepare_cached(
            "SELECT workspace, mailbox, stray, max(day), min(day) FROM seen
             GROUP BY workspace, mailbox, stray",
        )?;
        let rows = query.query_map([], |r| {
            let (last, first): (i64, i64) = (r.get(3)?, r.get(4)?);
            Ok(Sighting {
                workspace: r.get(0)?,
                mailbox: r.get(1)?,
                stray: r.get(2)?,
                day: Some(last).filter(|_| first != NO_DAY),
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Forgets what is derived from all events: it is to be made anew.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn forget(&self) -> Result<()> {
        let tables = ["outages", "crowds", "partners", "seen"];
        for table in tables {
            self.db.execute(&format!("DELETE FROM {table}"), [])?;
        }
        Ok(())
    }

    /// Adds to the number of rows of a part of a list, and says what it is then.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn count(&self, part: &str, more: i64) -> Result<()> {
        let mut query = self.db.prepare_cached(
            "INSERT INTO tallies (part, rows) VALUES (?1, ?2)
             ON CONFLICT DO UPDATE SET rows = rows + excluded.rows",
        )?;
        query.execute((part, more))?;
        Ok(())
    }

    /// How many rows a part of a list has.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn counted(&self, part: &str) -> Result<u64> {
        let select = "SELECT rows FROM tallies WHERE part = ?1";
        let mut query = self.db.prepare_cached(select)?;
        let mut rows = query.query([part])?;
        let count: Option<i64> = rows.next()?.map(|r| r.get(0)).transpose()?;
        Ok(count
            .and_then(|n| u64::try_from(n).ok())
            .unwrap_or_default())
    }
}
