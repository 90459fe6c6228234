//! The audit: every change of every list, and every act, for good.

use super::{Ledger, Result};
use crate::vocab::words;
use rusqlite::Row;
use serde::Serialize;

words! {
    /// What happened to a row.
    Action {
        /// It came onto the list.
        Add = "add",
        /// It changed.
        Update = "update",
        /// It left the list, or somebody took the address off.
        Remove = "remove",
        /// It came onto the list because soft bounces became final (T3).
        Escalate = "escalate",
        /// The address was verified again (S5).
        Reverify = "reverify",
        /// The address came with a list from elsewhere.
        Import = "import",
    }
}

/// A line of `audit.ndjson`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The clock of the run, RFC 3339.
    pub at: String,
    /// What happened.
    pub action: Action,
    /// The list, without the ending of its file; absent for an act.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
    /// The address, or what else the row is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Why, as the list says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Why, in the words of who did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// The event behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_id: Option<String>,
}

impl Entry {
    fn read(row: &Row<'_>) -> Result<Entry> {
        let action: String = row.get("action")?;
        Ok(Entry {
            at: row.get("at")?,
            action: Action::from_word(&action).unwrap_or(Action::Update),
            list: row.get("list")?,
            address: row.get("address")?,
            reason: row.get("reason")?,
            comment: row.get("comment")?,
            event_id: row.get("event_id")?,
        })
    }
}

const SELECT: &str = "SELECT at, action, list, address, reason, comment, event_id FROM audit";

impl Ledger {
    /// Appends an entry.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn note(&self, entry: &Entry) -> Result<()> {
        let mut query = self.db.prepare_cached(
            "INSERT INTO audit (at, action, list, address, reason, comment, event_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        query.execute((
            &entry.at,
            entry.action.as_str(),
            &entry.list,
            &entry.address,
            &entry.reason,
            &entry.comment,
            &entry.event_id,
        ))?;
        Ok(())
    }

    /// The number of the last entry.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn last_entry(&self) -> Result<i64> {
        let mut query = self
            .db
            .prepare_cached("SELECT coalesce(max(seq), 0) FROM audit")?;
        Ok(query.query_row([], |r| r.get(0))?)
    }

    /// Calls `each` with the entries behind number `after`, oldest first.
    ///
    /// # Errors
    /// The ledger cannot be read, or `each` fails.
    pub fn each_entry<E: From<super::LedgerError>>(
        &self,
        after: i64,
        mut each: impl FnMut(Entry) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let told = |e: rusqlite::Error| E::from(e.into());
        let select = format!("{SELECT} WHERE seq > ?1 ORDER BY seq");
        let mut query = self.db.prepare_cached(&select).map_err(told)?;
        let mut rows = query.query([after]).map_err(told)?;
        while let Some(row) = rows.next().map_err(told)? {
            each(Entry::read(row)?)?;
        }
        Ok(())
    }

    /// The entries about an address, oldest first.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn entries_of(&self, address: &str) -> Result<Vec<Entry>> {
        let select = format!("{SELECT} WHERE address = ?1 ORDER BY seq");
        let mut query = self.db.prepare_cached(&select)?;
        let mut rows = query.query([address])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(Entry::read(row)?);
        }
        Ok(all)
    }
}
