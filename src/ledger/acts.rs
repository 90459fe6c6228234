//! What people did: dated, with what they said about it.

use super::{Ledger, Result};
use crate::history::{Act, What};

/// An act with its comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// What was done, and when it counts from.
    pub act: Act,
    /// Why, in the words of who did it.
    pub comment: Option<String>,
}

/// The columns that tell acts apart, in the order in which acts of one moment are sorted.
#[derive(Default, PartialEq, Eq, PartialOrd, Ord)]
struct Columns {
    action: &'static str,
    address: String,
    domain: String,
    since: i64,
    until: i64,
    workspace: String,
    complaint: bool,
}

fn columns(what: &What) -> Columns {
    let of = |action, address: &String| Columns {
        action,
        address: address.clone(),
        ..Columns::default()
    };
    match what {
        What::Reverify { address } => of("reverify", address),
        What::Remove { address } => of("remove", address),
        What::Import {
            address,
            workspace,
            complaint,
        } => Columns {
            workspace: workspace.clone(),
            complaint: *complaint,
            ..of("import", address)
        },
        What::RemoveDomain {
            domain,
            since,
            until,
        } => Columns {
            action: "remove",
            domain: domain.clone(),
            since: *since,
            until: *until,
            ..Columns::default()
        },
    }
}

/// An act of a word and its columns; `None` for a word of another version.
fn what(action: &str, c: Columns) -> Option<What> {
    let address = c.address;
    Some(match action {
        "reverify" => What::Reverify { address },
        "import" => What::Import {
            address,
            workspace: c.workspace,
            complaint: c.complaint,
        },
        "remove" if c.domain.is_empty() => What::Remove { address },
        "remove" => What::RemoveDomain {
            domain: c.domain,
            since: c.since,
            until: c.until,
        },
        _ => return None,
    })
}

impl Ledger {
    /// Remembers an act. True if it was not known.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn act(&self, deed: &Deed) -> Result<bool> {
        let c = columns(&deed.act.what);
        let mut query = self.db.prepare_cached(
            "INSERT OR IGNORE INTO acts
             (at, action, address, domain, since, until, workspace, complaint, comment)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?;
        if let What::Import { workspace, .. } = &deed.act.what {
            let insert = "INSERT OR IGNORE INTO imported (workspace) VALUES (?1)";
            self.db.prepare_cached(insert)?.execute([workspace])?;
        }
        let (at, comment) = (deed.act.at, &deed.comment);
        let added = query.execute((
            at,
            c.action,
            c.address,
            c.domain,
            c.since,
            c.until,
            c.workspace,
            c.complaint,
            comment,
        ))?;
        Ok(added > 0)
    }

    /// The acts on an address (a key), by time; of the empty one those on domains.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn acts_on(&self, address: &str) -> Result<Vec<Deed>> {
        let mut query = self.db.prepare_cached(
            "SELECT at, action, address, domain, since, until, workspace, complaint, comment
             FROM acts WHERE address = ?1",
        )?;
        let mut rows = query.query([address])?;
        let mut found: Vec<(i64, String, Columns, Option<String>)> = Vec::new();
        while let Some(r) = rows.next()? {
            let columns = Columns {
                action: "",
                address: r.get(2)?,
                domain: r.get(3)?,
                since: r.get(4)?,
                until: r.get(5)?,
                workspace: r.get(6)?,
                complaint: r.get(7)?,
            };
            found.push((r.get(0)?, r.get(1)?, columns, r.get(8)?));
        }
        // A sorter of SQLite costs more than the query where there is nothing to sort.
        found.sort();
        let deed = |(at, action, columns, comment): (i64, String, Columns, Option<String>)| {
            let what = what(&action, columns)?;
            let act = Act { at, what };
            Some(Deed { act, comment })
        };
        Ok(found.into_iter().filter_map(deed).collect())
    }

    /// True if there are any acts.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn has_acts(&self) -> Result<bool> {
        Ok(self.db.prepare_cached("SELECT 1 FROM acts")?.exists([])?)
    }

    /// The workspaces that lists from elsewhere were taken over for.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn imported(&self) -> Result<Vec<String>> {
        let mut query = self.db.prepare_cached("SELECT workspace FROM imported")?;
        let names = query.query_map([], |r| r.get(0))?;
        Ok(names.collect::<rusqlite::Result<_>>()?)
    }
}
