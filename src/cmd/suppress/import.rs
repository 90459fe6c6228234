//! `bounce suppress import`: an existing list is taken over.

use super::super::veil::Veil;
use super::super::{Status, Stop, setup};
use super::folder::Folder;
use super::make;
use super::table::{self, ADDRESS};
use crate::address;
use crate::cli::SuppressImport;
use crate::event::assemble::Setting;
use crate::history::{Act, What};
use crate::ledger::Deed;
use crate::time;
use csv::StringRecord;
use hashbrown::HashSet;

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
    let rows = rows(&bytes, options, &setting).map_err(failed)?;
    let veil = Veil::open(&options.common.hiding)?;
    let mut folder = Folder::open(&options.out, &options.change, true, &veil)?;
    folder.repair()?;
    folder.begin()?;
    let known = known(&folder)?;
    let mut deeds = Vec::new();
    let mut rejected = 0_u64;
    for row in rows {
        let row = row.map(|deed| folder.hidden_deed(deed));
        match row {
            Ok(deed) if known.contains(&place(&deed.act.what)) => {}
            Ok(deed) => deeds.push(deed),
            Err((line, why)) => {
                rejected += 1;
                if !options.common.quiet && (rejected == 1 || options.common.verbose) {
                    veil.tell(&format!("bounce: rejected {name} line {line}: {why}"));
                }
            }
        }
    }
    let new = deeds.len();
    let setting = folder.hidden_setting(setting);
    let made = make::lists(&folder, &setting, deeds, None)?;
    folder.end(&made)?;
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

/// What makes two imports the same: address, workspace, complaint.
type Place = (String, String, bool);

fn place(what: &What) -> Place {
    match what {
        What::Import {
            address,
            workspace,
            complaint,
        } => (address.clone(), workspace.clone(), *complaint),
        _ => Place::default(),
    }
}

/// The imports that are still good: to take a list over twice changes nothing.
fn known(folder: &Folder) -> Result<HashSet<Place>, Stop> {
    let mut known: HashSet<Place> = HashSet::new();
    for deed in folder.ledger.acts().map_err(|e| folder.told(&e))? {
        match deed.act.what {
            What::Import { .. } => {
                known.insert(place(&deed.act.what));
            }
            What::Remove { address } | What::Reverify { address } => {
                known.retain(|(a, ..)| *a != address);
            }
            What::RemoveDomain { .. } => {}
        }
    }
    Ok(known)
}

/// A row, or its line and what is wrong with it.
type Row = Result<Deed, (u64, String)>;

fn rows(bytes: &[u8], options: &SuppressImport, setting: &Setting) -> Result<Vec<Row>, String> {
    // A first line with an address is no header.
    let header = !table::first_line(bytes).contains(&b'@');
    let mut reader = table::reader(bytes, header);
    let columns = match header {
        true => Columns::of(reader.headers().map_err(|e| e.to_string())?)?,
        false => Columns::default(),
    };
    let row = |record: csv::Result<StringRecord>| match record {
        Err(e) => Err((0, e.to_string())),
        Ok(r) => {
            let deed = columns.deed(&r, options, setting);
            deed.map_err(|why| (table::line(&r), why))
        }
    };
    Ok(reader.records().map(row).collect())
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
