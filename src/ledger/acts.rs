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

/// The columns that tell acts apart: action, address, domain, span.
fn columns(what: &What) -> (&'static str, &str, &str, i64, i64) {
    match what {
        What::Reverify { address } => ("reverify", address, "", 0, 0),
        What::Remove { address } => ("remove", address, "", 0, 0),
        What::Import { address } => ("import", address, "", 0, 0),
        What::RemoveDomain {
            domain,
            since,
            until,
        } => ("remove", "", domain, *since, *until),
    }
}

fn what(action: &str, address: String, domain: String, span: (i64, i64)) -> Option<What> {
    let (since, until) = span;
    Some(match action {
        "reverify" => What::Reverify { address },
        "import" => What::Import { address },
        "remove" if domain.is_empty() => What::Remove { address },
        "remove" => What::RemoveDomain {
            domain,
            since,
            until,
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
        let (action, address, domain, since, until) = columns(&deed.act.what);
        let mut query = self.db.prepare_cached(
            "INSERT OR IGNORE INTO acts (at, action, address, domain, since, until, comment)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        let (at, comment) = (deed.act.at, &deed.comment);
        let added = query.execute((at, action, address, domain, since, until, comment))?;
        Ok(added > 0)
    }

    /// All acts, by time.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn acts(&self) -> Result<Vec<Deed>> {
        let mut query = self.db.prepare_cached(
            "SELECT at, action, address, domain, since, until, comment FROM acts
             ORDER BY at, action, address, domain, since, until",
        )?;
        let mut rows = query.query([])?;
        let mut deeds = Vec::new();
        while let Some(r) = rows.next()? {
            let action: String = r.get(1)?;
            let known = what(&action, r.get(2)?, r.get(3)?, (r.get(4)?, r.get(5)?));
            if let Some(what) = known {
                let act = Act {
                    at: r.get(0)?,
                    what,
                };
                let comment = r.get(6)?;
                deeds.push(Deed { act, comment });
            }
        }
        Ok(deeds)
    }
}
