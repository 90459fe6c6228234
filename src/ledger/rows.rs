//! The rows of the lists as they were made last, and the files that show them.

use super::audit::{Action, Entry};
use super::{Ledger, Result};
use crate::vocab::words;
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// A row of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The address, or what else the row is about; what the list is sorted by.
    pub address: String,
    /// What tells rows of one address apart, such as the workspace.
    pub part: String,
    /// The line of the CSV file, without its end.
    pub line: String,
    /// Why it is there, for the audit.
    pub reason: Option<String>,
    /// The event behind it.
    pub event_id: Option<String>,
    /// It is there because soft bounces became final (T3).
    pub escalated: bool,
}

impl Row {
    fn key(&self) -> (&str, &str) {
        (&self.address, &self.part)
    }
}

words! {
    /// What a file shows of a list.
    Form {
        /// All columns, with a header.
        Csv = "csv",
        /// The addresses, one a line.
        Txt = "txt",
        /// What a platform imports (`header`): files that begin with `file`, as many as it
        /// takes.
        Upload = "upload",
        /// Nothing any more: the file is to be deleted.
        Gone = "gone",
    }
}

/// A file that shows a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Its path below the folder; that of uploads without number and ending.
    pub file: String,
    /// The list.
    pub list: String,
    /// Only the rows of this part, if it says one.
    pub part: Option<String>,
    /// What it shows.
    pub form: Form,
    /// The header of a CSV file, without line end; of uploads the platform.
    pub header: String,
}

/// What the audit says of a change.
#[derive(Clone, Copy)]
pub struct Occasion<'a> {
    /// The clock of the run.
    pub at: &'a str,
    /// The comment of an act on an address that led to it.
    pub comment: &'a dyn Fn(&str) -> Option<String>,
}

impl Ledger {
    /// Makes `rows` – sorted by address and part – the rows of a list, and enters what
    /// changed into the audit.
    ///
    /// # Errors
    /// The ledger cannot be read or written.
    pub fn replace(&self, list: &str, rows: &[Row], why: Occasion<'_>) -> Result<()> {
        let mut new = rows.iter().peekable();
        let mut changes: Vec<(Action, Row)> = Vec::new();
        self.each_row(list, None, |old| -> Result<()> {
            while let Some(row) = new.next_if(|n| n.key() < old.key()) {
                changes.push((Action::Add, row.clone()));
            }
            let same = new.peek().map(|n| n.key().cmp(&old.key()));
            match new.next_if(|_| same == Some(Ordering::Equal)) {
                Some(row) if row.line != old.line => changes.push((Action::Update, row.clone())),
                Some(_) => {}
                None => changes.push((Action::Remove, old)),
            }
            Ok(())
        })?;
        changes.extend(new.map(|row| (Action::Add, row.clone())));
        for (action, row) in changes {
            self.change(list, action, row, why)?;
        }
        Ok(())
    }

    fn change(&self, list: &str, action: Action, row: Row, why: Occasion<'_>) -> Result<()> {
        if action == Action::Remove {
            let delete = "DELETE FROM rows WHERE list = ?1 AND address = ?2 AND part = ?3";
            let mut query = self.db.prepare_cached(delete)?;
            query.execute((list, &row.address, &row.part))?;
        } else {
            let mut query = self.db.prepare_cached(
                "INSERT OR REPLACE INTO rows (list, address, part, line, reason, event_id)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            let Row {
                address,
                part,
                line,
                ..
            } = &row;
            query.execute((list, address, part, line, &row.reason, &row.event_id))?;
        }
        let action = match action {
            Action::Add if row.escalated => Action::Escalate,
            other => other,
        };
        self.note(&Entry {
            at: why.at.to_owned(),
            action,
            list: Some(list.to_owned()),
            comment: (why.comment)(&row.address),
            address: Some(row.address).filter(|a| !a.is_empty()),
            reason: row.reason,
            event_id: row.event_id,
        })
    }

    /// Calls `each` with the rows of a list, of one part or all, sorted.
    ///
    /// # Errors
    /// The ledger cannot be read, or `each` fails.
    pub fn each_row<E: From<super::LedgerError>>(
        &self,
        list: &str,
        part: Option<&str>,
        mut each: impl FnMut(Row) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let told = |e: rusqlite::Error| E::from(e.into());
        let mut query = self
            .db
            .prepare_cached(
                "SELECT address, part, line, reason, event_id FROM rows
                 WHERE list = ?1 AND (?2 IS NULL OR part = ?2) ORDER BY address, part",
            )
            .map_err(told)?;
        let mut rows = query.query((list, part)).map_err(told)?;
        while let Some(r) = rows.next().map_err(told)? {
            let row = || -> rusqlite::Result<Row> {
                Ok(Row {
                    address: r.get(0)?,
                    part: r.get(1)?,
                    line: r.get(2)?,
                    reason: r.get(3)?,
                    event_id: r.get(4)?,
                    escalated: false,
                })
            };
            each(row().map_err(told)?)?;
        }
        Ok(())
    }

    /// The lists that an address is on, with their lines and headers.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn rows_of(&self, address: &str) -> Result<Vec<(String, String, String)>> {
        let mut query = self.db.prepare_cached(
            "SELECT r.list, v.header, r.line FROM rows r
             JOIN views v ON v.list = r.list AND v.form = 'csv'
             WHERE r.address = ?1 ORDER BY r.list, r.part",
        )?;
        let rows = query.query_map([address], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The lists that have rows.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn lists(&self) -> Result<BTreeSet<String>> {
        let mut query = self.db.prepare_cached("SELECT DISTINCT list FROM rows")?;
        let rows = query.query_map([], |r| r.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The files.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn views(&self) -> Result<Vec<View>> {
        let select = "SELECT file, list, part, form, header FROM views ORDER BY file";
        let mut query = self.db.prepare_cached(select)?;
        let rows = query.query_map([], |r| {
            let form: String = r.get(3)?;
            Ok(View {
                file: r.get(0)?,
                list: r.get(1)?,
                part: r.get(2)?,
                form: Form::from_word(&form).unwrap_or(Form::Gone),
                header: r.get(4)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Makes these the files. Those that were before and are not among them are `gone`.
    ///
    /// # Errors
    /// The ledger cannot be read or written.
    pub fn show(&self, views: &[View]) -> Result<()> {
        let old = self.views()?;
        let mut put = self.db.prepare_cached(
            "INSERT OR REPLACE INTO views (file, list, part, form, header)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        for view in views.iter().filter(|v| !old.contains(v)) {
            let form = view.form.as_str();
            put.execute((&view.file, &view.list, &view.part, form, &view.header))?;
        }
        let files: BTreeSet<&str> = views.iter().map(|v| v.file.as_str()).collect();
        let left = |v: &&View| !files.contains(v.file.as_str()) && v.form != Form::Gone;
        for view in old.iter().filter(left) {
            let form = Form::Gone.as_str();
            put.execute((&view.file, &view.list, &view.part, form, &view.header))?;
        }
        Ok(())
    }
}
