//! What each address adds to the rows that stand for many: refused templates, mailboxes in
//! warm-up.

use super::{Ledger, Result};
use std::collections::BTreeMap;

/// What an address adds to the rows of a list, by row.
pub type Shares = BTreeMap<String, String>;

impl Ledger {
    /// What an address adds to the rows of a list.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn shares(&self, list: &str, address: &str) -> Result<Shares> {
        let select = "SELECT part, heap FROM heaps WHERE address = ?1 AND list = ?2";
        let mut query = self.db.prepare_cached(select)?;
        let rows = query.query_map([address, list], |r| Ok((r.get(0)?, r.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Makes these what it adds. The rows that are others now come back.
    ///
    /// # Errors
    /// The ledger cannot be read or written.
    pub fn share(&self, list: &str, address: &str, new: &Shares) -> Result<Vec<String>> {
        let old = self.shares(list, address)?;
        let mut changed = Vec::new();
        let delete = "DELETE FROM heaps WHERE list = ?1 AND part = ?2 AND address = ?3";
        for part in old.keys().filter(|p| !new.contains_key(*p)) {
            let mut query = self.db.prepare_cached(delete)?;
            query.execute([list, part, address])?;
            changed.push(part.clone());
        }
        let put = "INSERT OR REPLACE INTO heaps (list, part, address, heap)
             VALUES (?1, ?2, ?3, ?4)";
        for (part, heap) in new.iter().filter(|(p, h)| old.get(*p) != Some(h)) {
            let mut query = self.db.prepare_cached(put)?;
            query.execute([list, part, address, heap])?;
            changed.push(part.clone());
        }
        Ok(changed)
    }

    /// True if an address adds anything to a row of any list.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn shares_at_all(&self, address: &str) -> Result<bool> {
        let select = "SELECT 1 FROM heaps WHERE address = ?1";
        Ok(self.db.prepare_cached(select)?.exists([address])?)
    }

    /// Calls `each` with what the addresses add to a row.
    ///
    /// # Errors
    /// The ledger cannot be read, or `each` fails.
    pub fn each_share(
        &self,
        list: &str,
        part: &str,
        mut each: impl FnMut(&str) -> Result<()>,
    ) -> Result<()> {
        let select = "SELECT heap FROM heaps WHERE list = ?1 AND part = ?2";
        let mut query = self.db.prepare_cached(select)?;
        let mut rows = query.query([list, part])?;
        while let Some(row) = rows.next()? {
            let heap = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
            each(heap)?;
        }
        Ok(())
    }
}
