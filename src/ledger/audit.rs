//! The audit: every change of every list, and every act, for good.

use super::{Ledger, Result};
use crate::history::EventId;
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

/// What entries about an address have in common is kept once.
#[derive(PartialEq, Eq)]
struct Common<'e> {
    action: Action,
    comment: Option<&'e str>,
    event_id: Option<&'e str>,
}

/// A reason and a list as they are stored, a line each; empty for an act.
fn place(entry: &Entry) -> Option<String> {
    let list = entry.list.as_deref()?;
    let visible = |text: &str| text.replace(char::is_control, " ");
    let reason = visible(entry.reason.as_deref().unwrap_or_default()).replace(' ', "_");
    Some(format!("{reason} {}", visible(list)))
}

/// The entries of a stored row.
fn read(row: &Row<'_>) -> rusqlite::Result<Vec<Entry>> {
    let action: String = row.get("action")?;
    let address: String = row.get("address")?;
    let event: Option<[u8; 16]> = row.get("event")?;
    let bare = Entry {
        at: row.get("at")?,
        action: Action::from_word(&action).unwrap_or(Action::Update),
        list: None,
        address: Some(address).filter(|a| !a.is_empty()),
        reason: None,
        comment: row.get("comment")?,
        event_id: event.map(|e| EventId::from_bytes(e).to_string()),
    };
    let Some(lists) = row.get::<_, Option<String>>("lists")? else {
        return Ok(vec![bare]);
    };
    let one = |place: &str| {
        let (reason, list) = place.split_once(' ').unwrap_or(("", place));
        Entry {
            list: Some(list.to_owned()),
            reason: Some(reason.to_owned()).filter(|r| !r.is_empty()),
            ..bare.clone()
        }
    };
    Ok(lists.lines().map(one).collect())
}

const SELECT: &str = "SELECT r.at, a.action, a.lists, a.address, a.comment, a.event
     FROM audit a JOIN runs r ON r.run = a.run";

impl Ledger {
    /// The number of this run in the audit, which begins with its first entry.
    fn run(&self, at: &str) -> Result<i64> {
        if let Some(run) = self.run.get() {
            return Ok(run);
        }
        let insert = "INSERT INTO runs (at) VALUES (?1)";
        let run = self.db.prepare_cached(insert)?.insert([at])?;
        self.run.set(Some(run));
        Ok(run)
    }

    /// Appends entries about one address, of this run.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn note(&self, entries: &[Entry]) -> Result<()> {
        let mut told: Vec<(Common<'_>, Vec<String>)> = Vec::new();
        for entry in entries {
            let common = Common {
                action: entry.action,
                comment: entry.comment.as_deref(),
                event_id: entry.event_id.as_deref(),
            };
            match (place(entry), told.iter_mut().find(|(c, _)| *c == common)) {
                // An act stands for itself.
                (None, _) => told.push((common, Vec::new())),
                (Some(place), Some((_, places))) if !places.is_empty() => places.push(place),
                (Some(place), _) => told.push((common, vec![place])),
            }
        }
        let Some(first) = entries.first() else {
            return Ok(());
        };
        let run = self.run(&first.at)?;
        let mut query = self.db.prepare_cached(
            "INSERT INTO audit (run, address, n, action, lists, comment, event)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        for (common, places) in told {
            let n = self.noted.get() + 1;
            self.noted.set(n);
            query.execute((
                run,
                first.address.as_deref().unwrap_or_default(),
                n,
                common.action.as_str(),
                (!places.is_empty()).then(|| places.join("\n")),
                common.comment,
                common.event_id.map(|id| EventId::parse(id).bytes()),
            ))?;
        }
        self.changes.set(self.changes.get() + entries.len() as u64);
        Ok(())
    }

    /// How many entries this run has made.
    pub fn changes(&self) -> u64 {
        self.changes.get()
    }

    /// The number of the last run that made entries before this one.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn runs_before(&self) -> Result<i64> {
        let select = "SELECT coalesce(max(run), 0) FROM runs WHERE run IS NOT ?1";
        let mut query = self.db.prepare_cached(select)?;
        Ok(query.query_row([self.run.get()], |r| r.get(0))?)
    }

    /// The number of the last run that made entries.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn last_run(&self) -> Result<i64> {
        let select = "SELECT coalesce(max(run), 0) FROM runs";
        Ok(self
            .db
            .prepare_cached(select)?
            .query_row([], |r| r.get(0))?)
    }

    /// Calls `each` with the entries of the runs behind number `after`: by run, then by
    /// address.
    ///
    /// # Errors
    /// The ledger cannot be read, or `each` fails.
    pub fn each_entry<E: From<super::LedgerError>>(
        &self,
        after: i64,
        mut each: impl FnMut(Entry) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let told = |e: rusqlite::Error| E::from(e.into());
        let select = format!("{SELECT} WHERE a.run > ?1 ORDER BY a.run, a.address, a.n");
        let mut query = self.db.prepare_cached(&select).map_err(told)?;
        let mut rows = query.query([after]).map_err(told)?;
        while let Some(row) = rows.next().map_err(told)? {
            for entry in read(row).map_err(told)? {
                each(entry)?;
            }
        }
        Ok(())
    }

    /// The entries about an address, oldest first.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn entries_of(&self, address: &str) -> Result<Vec<Entry>> {
        // The audit is sorted by run: runs are few, so each is asked.
        let select = "SELECT r.at, a.action, a.lists, a.address, a.comment, a.event
             FROM runs r CROSS JOIN audit a ON a.run = r.run AND a.address = ?1
             ORDER BY r.run, a.n";
        let mut query = self.db.prepare_cached(select)?;
        let mut rows = query.query([address])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.extend(read(row)?);
        }
        Ok(all)
    }
}
