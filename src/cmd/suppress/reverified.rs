//! `--reverified`: addresses that a verifier has found to be alive (S5).

use super::super::Stop;
use super::super::desk::{Desk, Reject};
use super::table::{self, ADDRESS};
use crate::address;
use crate::event::assemble::Setting;
use crate::history::{Act, What};
use crate::input::Failure;
use crate::ledger::Deed;
use crate::time;
use csv::StringRecord;
use std::path::PathBuf;

/// Names of the columns, as verifiers write them.
const VERIFIED: &[&str] = &[
    "verifiedat",
    "verified",
    "verifiedon",
    "checkedat",
    "date",
    "timestamp",
];
const RESULT: &[&str] = &["result", "status", "verificationstatus", "verdict"];
/// What a verifier says of an address that is alive.
const ALIVE: &[&str] = &[
    "valid",
    "deliverable",
    "ok",
    "good",
    "verified",
    "safe",
    "true",
];

/// Reads the files. Rows that say no address or no moment are rejected.
pub fn read(files: &[PathBuf], setting: &Setting, desk: &mut Desk) -> Result<Vec<Deed>, Stop> {
    let mut deeds = Vec::new();
    for path in files {
        let name = path.display().to_string();
        let rows = table::bytes(path).map_err(|e| e.to_string());
        let rows = rows.and_then(|bytes| rows_of(&bytes, setting));
        match rows {
            Err(why) => desk.failed(&Failure {
                file: name.as_str().into(),
                why,
            }),
            Ok(rows) => {
                for (n, row) in rows.into_iter().enumerate() {
                    match row {
                        Ok(deed) => deeds.push(deed),
                        Err((line, why)) => desk.reject(Reject {
                            file: name.clone(),
                            index: n as u64,
                            line: Some(line),
                            offset: 0,
                            why,
                        })?,
                    }
                }
            }
        }
    }
    Ok(deeds)
}

/// A row, or its line and what is wrong with it.
type Row = Result<Deed, (u64, String)>;

/// The rows of a table.
fn rows_of(bytes: &[u8], setting: &Setting) -> Result<Vec<Row>, String> {
    let mut reader = table::reader(bytes, true);
    let columns = Columns::of(reader.headers().map_err(|e| e.to_string())?)?;
    let rows = reader.records().map(|record| match record {
        Err(e) => Err((0, e.to_string())),
        Ok(r) => {
            let deed = columns.deed(&r, setting);
            deed.map_err(|why| (table::line(&r), why))
        }
    });
    Ok(rows.collect())
}

/// Where the columns are.
struct Columns {
    address: usize,
    verified: usize,
    result: Option<usize>,
}

impl Columns {
    fn of(header: &StringRecord) -> Result<Columns, String> {
        let find = |wanted| table::find(header, wanted);
        let missing = |what| table::missing(header, what);
        Ok(Columns {
            address: find(ADDRESS).ok_or_else(|| missing("address"))?,
            verified: find(VERIFIED).ok_or_else(|| missing("verified_at"))?,
            result: find(RESULT),
        })
    }

    fn deed(&self, row: &StringRecord, setting: &Setting) -> Result<Deed, String> {
        let cell = |at: usize| row.get(at).unwrap_or_default();
        let written = cell(self.address);
        if address::split(written).is_none() {
            return Err(format!("{written:?} is no address"));
        }
        let result = self.result.map(cell).unwrap_or("ok");
        if !ALIVE.iter().any(|word| word.eq_ignore_ascii_case(result)) {
            return Err(format!(
                "the result {result:?} does not say that the address is alive"
            ));
        }
        let moment = cell(self.verified);
        let at = time::export_date(moment, setting.policy.zone(), false);
        let at = at.ok_or_else(|| format!("{moment:?} is no date"))?;
        if at > setting.now {
            return Err(format!(
                "{moment} is in the future: bounces till then would not count"
            ));
        }
        Ok(Deed {
            act: Act {
                at: at.as_second(),
                what: What::Reverify {
                    address: address::key(written),
                },
            },
            comment: None,
        })
    }
}
