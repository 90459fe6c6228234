//! The rows of the lists as they were made last.

use super::audit::Action;
use super::{Ledger, Result};
use std::cmp::Ordering;

/// A row of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The address, or what else the row is about; what the list is sorted by.
    pub address: String,
    /// What tells rows of one address apart, such as the workspace.
    pub part: String,
    /// The line of the CSV file, without its end.
    pub line: String,
    /// Why it is there, for the audit; the ledger keeps no more of it than the line says.
    pub reason: Option<String>,
    /// The event behind it, likewise.
    pub event_id: Option<String>,
    /// It is there because soft bounces became final (T3).
    pub escalated: bool,
    /// From when on the row may be another although nothing happens, in Unix seconds.
    pub wake: Option<i64>,
}

impl Row {
    fn key(&self) -> (&str, &str) {
        (&self.address, &self.part)
    }
}

/// Which rows of a list.
#[derive(Clone, Copy, Debug)]
pub enum Span<'a> {
    /// All.
    All,
    /// Those of an address.
    Of(&'a str),
    /// Those from one address to another, both included.
    Between(&'a str, &'a str),
    /// Those of an address and a part.
    One(&'a str, &'a str),
}

/// A line as it is stored: without the address that it begins with.
fn stored<'l>(address: &str, line: &'l str) -> &'l str {
    let rest = line.strip_prefix(address).filter(|r| r.starts_with(','));
    rest.unwrap_or(line)
}

/// A line as it was.
fn whole(address: &str, stored: String) -> String {
    if stored.starts_with(',') {
        format!("{address}{stored}")
    } else {
        stored
    }
}

impl Ledger {
    /// The number of a list.
    fn list(&self, name: &str) -> Result<i64> {
        if let Some(id) = self.lists.borrow().get(name) {
            return Ok(*id);
        }
        let found: Option<i64> = {
            let mut query = self
                .db
                .prepare_cached("SELECT id FROM lists WHERE name = ?1")?;
            let mut rows = query.query([name])?;
            rows.next()?.map(|r| r.get(0)).transpose()?
        };
        // A reader needs no number for a list that is not there.
        let id = match found {
            Some(id) => id,
            None if self.db.is_autocommit() => return Ok(-1),
            None => {
                let insert = "INSERT INTO lists (name) VALUES (?1)";
                self.db.prepare_cached(insert)?.insert([name])?
            }
        };
        self.lists.borrow_mut().insert(name.to_owned(), id);
        Ok(id)
    }

    /// Makes `rows` – sorted by address and part – those of a span of a list. What has
    /// changed comes back; a row that has left as it was.
    ///
    /// # Errors
    /// The ledger cannot be read or written.
    pub fn replace(
        &self,
        list: &str,
        span: Span<'_>,
        rows: Vec<Row>,
    ) -> Result<Vec<(Action, Row)>> {
        let mut changes: Vec<(Action, Row)> = Vec::new();
        let mut wakes: Vec<Row> = Vec::new();
        let mut new = rows.into_iter().peekable();
        self.each_row(list, span, |old| -> Result<()> {
            while let Some(row) = new.next_if(|n| n.key() < old.key()) {
                changes.push((Action::Add, row));
            }
            let same = new.peek().map(|n| n.key().cmp(&old.key()));
            match new.next_if(|_| same == Some(Ordering::Equal)) {
                Some(row) if row.line != old.line => changes.push((Action::Update, row)),
                Some(row) if row.wake != old.wake => wakes.push(row),
                Some(_) => {}
                None => changes.push((Action::Remove, old)),
            }
            Ok(())
        })?;
        changes.extend(new.map(|row| (Action::Add, row)));
        let list = self.list(list)?;
        for row in &wakes {
            self.put(list, row)?;
        }
        for (action, row) in &mut changes {
            if *action == Action::Remove {
                let delete = "DELETE FROM rows WHERE list = ?1 AND address = ?2 AND part = ?3";
                let mut query = self.db.prepare_cached(delete)?;
                query.execute((list, &row.address, &row.part))?;
            } else {
                self.put(list, row)?;
            }
            if *action == Action::Add && row.escalated {
                *action = Action::Escalate;
            }
        }
        Ok(changes)
    }

    fn put(&self, list: i64, row: &Row) -> Result<()> {
        let mut query = self.db.prepare_cached(
            "INSERT OR REPLACE INTO rows (list, address, part, line, wake)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        let line = stored(&row.address, &row.line);
        query.execute((list, &row.address, &row.part, line, row.wake))?;
        Ok(())
    }

    /// Calls `each` with the rows of a list in a span, sorted by address and part.
    ///
    /// # Errors
    /// The ledger cannot be read, or `each` fails.
    pub fn each_row<E: From<super::LedgerError>>(
        &self,
        list: &str,
        span: Span<'_>,
        mut each: impl FnMut(Row) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let told = |e: rusqlite::Error| E::from(e.into());
        let list = self.list(list)?;
        let (condition, from, to) = match span {
            Span::All => ("(?2, ?3) = ('', '')", "", ""),
            Span::Of(address) => ("address = ?2 AND ?3 = ''", address, ""),
            Span::Between(from, to) => ("address BETWEEN ?2 AND ?3", from, to),
            Span::One(address, part) => ("address = ?2 AND part = ?3", address, part),
        };
        let select = format!(
            "SELECT address, part, line, wake FROM rows
             WHERE list = ?1 AND {condition} ORDER BY address, part"
        );
        let mut query = self.db.prepare_cached(&select).map_err(told)?;
        let mut rows = query.query((list, from, to)).map_err(told)?;
        while let Some(r) = rows.next().map_err(told)? {
            let row = || -> rusqlite::Result<Row> {
                let address: String = r.get(0)?;
                Ok(Row {
                    line: whole(&address, r.get(2)?),
                    address,
                    part: r.get(1)?,
                    wake: r.get(3)?,
                    ..Row::default()
                })
            };
            each(row().map_err(told)?)?;
        }
        Ok(())
    }

    /// The addresses with a row that is another from a moment on, which has come.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn awake(&self, now: i64) -> Result<Vec<String>> {
        let mut query = self.db.prepare_cached(
            "SELECT DISTINCT address FROM rows WHERE wake IS NOT NULL AND wake <= ?1",
        )?;
        let rows = query.query_map([now], |r| r.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}
