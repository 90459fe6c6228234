//! `bounce suppress import`: an existing list is taken over.

use super::super::veil::Veil;
use super::super::{Status, Stop, setup};
use super::folder::Folder;
use super::make::{self, Acts};
use super::table::{self, ADDRESS};
use crate::address;
use crate::cli::SuppressImport;
use crate::event::assemble::Setting;
use crate::history::{Act, What};
use crate::ledger::Deed;
use crate::time;
use csv::StringRecord;
use std::collections::BTreeSet;

const REASON: &[&str] = &["reason", "type", "status", "category"];
const WORKSPACE: &[&str] = &["workspace"];
const SINCE: &[&str] = &["since", "createdat", "created", "date", "timestamp"];
/// Parts of a reason that make a complaint of it: who said no to our mail said it to all.
const COMPLAINTS: &[&str] = &[
    "complain",
    "spam",
    "abuse",
    "unsubscribe",
    "optout",
    "opt-out",
];

/// Runs the command.
pub fn run(options: &SuppressImport) -> Result<Status, Stop> {
    let setting = setup::setting(&options.common)?;
    let name = options.file.display();
    let failed = |why: String| Stop::Failed(format!("{name}: {why}"));
    let bytes = table::bytes(&options.file).map_err(|e| failed(e.to_string()))?;
    let veil = Veil::open(&options.common.hiding)?;
    let mut rows = Rows::of(&bytes).map_err(failed)?;
    let mut folder = Folder::open(&options.out, &options.change, true, &veil)?;
    folder.repair()?;
    folder.begin()?;
    let before = folder.last_reading()?;
    let mut acts = Acts::new(&setting.classified_at);
    let (mut new, mut rejected) = (0_u64, 0_u64);
    while let Some(row) = rows.next(options, &setting) {
        let row = row.map(|deed| folder.hidden_deed(deed));
        match row {
            Ok(deed) if is_known(&folder, &deed.act.what)? => {}
            Ok(deed) => {
                new += 1;
                let entered = acts.enter(&folder.ledger, deed);
                entered.map_err(|e| folder.told(&e))?;
            }
            Err((line, why)) => {
                rejected += 1;
                if !options.common.quiet && (rejected == 1 || options.common.verbose) {
                    veil.tell(&format!("bounce: rejected {name} line {line}: {why}"));
                }
            }
        }
    }
    let setting = folder.hidden_setting(setting);
    let made = make::lists(&folder, &setting, acts, before, None)?;
    folder.end(&made)?;
    if options.common.verbose {
        veil.tell(&format!("bounce: {}", folder.times()));
    }
    if options.common.verbose || rejected > 1 && !options.common.quiet {
        veil.tell(&format!(
            "bounce: {new} new addresses, {rejected} rows rejected"
        ));
    }
    Ok(if options.strict && rejected > 0 {
        Status::Rejected
    } else {
        Status::Done
    })
}

/// True if an import is still good: to take a list over twice changes nothing.
fn is_known(folder: &Folder, what: &What) -> Result<bool, Stop> {
    let What::Import { address, .. } = what else {
        return Ok(false);
    };
    let place = |what: &What| match what {
        What::Import {
            workspace,
            complaint,
            ..
        } => Some((workspace.clone(), *complaint)),
        _ => None,
    };
    let mut good = BTreeSet::new();
    let deeds = folder.ledger.acts_on(address);
    for deed in deeds.map_err(|e| folder.told(&e))? {
        match place(&deed.act.what) {
            Some(import) => {
                good.insert(import);
            }
            None => good.clear(),
        }
    }
    Ok(place(what).is_some_and(|p| good.contains(&p)))
}

/// A row, or its line and what is wrong with it.
type Row = Result<Deed, (u64, String)>;

/// The rows of a list, one after the other.
struct Rows<'b> {
    reader: csv::Reader<&'b [u8]>,
    columns: Columns,
    record: StringRecord,
}

impl<'b> Rows<'b> {
    fn of(bytes: &'b [u8]) -> Result<Rows<'b>, String> {
        // A first line with an address is no header.
        let header = !table::first_line(bytes).contains(&b'@');
        let mut reader = table::reader(bytes, header);
        let columns = match header {
            true => Columns::of(reader.headers().map_err(|e| e.to_string())?)?,
            false => Columns::default(),
        };
        Ok(Rows {
            reader,
            columns,
            record: StringRecord::new(),
        })
    }

    fn next(&mut self, options: &SuppressImport, setting: &Setting) -> Option<Row> {
        match self.reader.read_record(&mut self.record) {
            Err(e) => Some(Err((0, e.to_string()))),
            Ok(false) => None,
            Ok(true) => {
                let deed = self.columns.deed(&self.record, options, setting);
                Some(deed.map_err(|why| (table::line(&self.record), why)))
            }
        }
    }
}

/// Where the columns are; the address is the first one of a plain list.
#[derive(Default)]
struct Columns {
    address: usize,
    reason: Option<usize>,
    workspace: Option<usize>,
    since: Option<usize>,
}

impl Columns {
    fn of(header: &StringRecord) -> Result<Columns, String> {
        let find = |wanted| table::find(header, wanted);
        // An empty file is a list of nobody.
        if header.is_empty() {
            return Ok(Columns::default());
        }
        Ok(Columns {
            address: find(ADDRESS).ok_or_else(|| table::missing(header, "address"))?,
            reason: find(REASON),
            workspace: find(WORKSPACE),
            since: find(SINCE),
        })
    }

    fn deed(
        &self,
        row: &StringRecord,
        options: &SuppressImport,
        setting: &Setting,
    ) -> Result<Deed, String> {
        let cell = |at: Option<usize>| at.and_then(|at| row.get(at)).filter(|c| !c.is_empty());
        let written = cell(Some(self.address)).unwrap_or_default();
        if address::split(written).is_none() {
            return Err(format!("{written:?} is no address"));
        }
        let reason = cell(self.reason).unwrap_or_default().to_lowercase();
        let since = cell(self.since)
            .and_then(|t| time::export_date(t, setting.policy.zone(), false))
            .filter(|t| time::plausible(*t, setting.now) && *t <= setting.now);
        let what = What::Import {
            address: address::key(written),
            workspace: cell(self.workspace)
                .unwrap_or(&options.as_workspace)
                .to_owned(),
            complaint: COMPLAINTS.iter().any(|part| reason.contains(part)),
        };
        let at = since.unwrap_or(setting.now).as_second();
        Ok(Deed {
            act: Act { at, what },
            comment: options.comment.clone(),
        })
    }
}
