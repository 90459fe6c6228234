//! The files that show the lists, and how each looked when it was written.

use super::{Ledger, Result};
use crate::vocab::words;
use std::collections::{BTreeMap, BTreeSet};

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
        /// Left as it is: too many rows, and nobody has asked for them.
        Left = "left",
        /// The audit.
        Audit = "audit",
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
    /// Only the rows of these parts, one a line, if it says any.
    pub part: Option<String>,
    /// What it shows.
    pub form: Form,
    /// The header of a CSV file, without line end; of uploads the platform.
    pub header: String,
    /// What the file looked like when it was what the ledger says; `None` if it is not, or
    /// was never seen to be.
    pub stamp: Option<String>,
}

impl View {
    /// The same file of the same rows.
    fn is(&self, other: &View) -> bool {
        let bare = |v: &View| View {
            stamp: None,
            ..v.clone()
        };
        bare(self) == bare(other)
    }
}

impl Ledger {
    /// The files.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn views(&self) -> Result<Vec<View>> {
        let select = "SELECT file, list, part, form, header, stamp FROM views ORDER BY file";
        let mut query = self.db.prepare_cached(select)?;
        let rows = query.query_map([], |r| {
            let form: String = r.get(3)?;
            Ok(View {
                file: r.get(0)?,
                list: r.get(1)?,
                part: r.get(2)?,
                form: Form::from_word(&form).unwrap_or(Form::Gone),
                header: r.get(4)?,
                stamp: r.get(5)?,
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
        let known: BTreeMap<&str, &View> = old.iter().map(|v| (v.file.as_str(), v)).collect();
        let mut put = self.db.prepare_cached(
            "INSERT OR REPLACE INTO views (file, list, part, form, header)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        let same = |v: &&View| known.get(v.file.as_str()).is_some_and(|o| o.is(v));
        for view in views.iter().filter(|v| !same(v)) {
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

    /// Remembers what files look like, in one transaction; nothing is written if that is
    /// known.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn stamps(&self, stamps: &[(String, Option<String>)]) -> Result<()> {
        let known: BTreeMap<String, Option<String>> = self
            .views()?
            .into_iter()
            .map(|v| (v.file, v.stamp))
            .collect();
        let new = |(file, stamp): &&(String, Option<String>)| known.get(file) != Some(stamp);
        let new: Vec<_> = stamps.iter().filter(new).collect();
        if new.is_empty() {
            return Ok(());
        }
        self.db.execute_batch("BEGIN IMMEDIATE")?;
        let write = || -> Result<()> {
            for (file, stamp) in new {
                self.stamp(file, stamp.as_deref())?;
            }
            Ok(self.db.execute_batch("COMMIT")?)
        };
        let written = write();
        if written.is_err() {
            // The transaction may have ended itself.
            let _ = self.db.execute_batch("ROLLBACK");
        }
        written
    }

    /// Remembers what a file looks like, or that it is not what the ledger says any more.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn stamp(&self, file: &str, stamp: Option<&str>) -> Result<()> {
        let update = "UPDATE views SET stamp = ?2 WHERE file = ?1 AND stamp IS NOT ?2";
        self.db.prepare_cached(update)?.execute((file, stamp))?;
        Ok(())
    }
}
