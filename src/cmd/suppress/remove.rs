//! `bounce suppress remove`: off the lists, by hand.

use super::super::period::Period;
use super::super::veil::Veil;
use super::super::{Status, Stop, setup};
use super::folder::Folder;
use super::make::{self, Acts};
use super::why::places;
use crate::address;
use crate::cli::SuppressRemove;
use crate::event::assemble::Setting;
use crate::history::{Act, What};
use crate::ledger::Deed;
use crate::report::filter::domain_key;

/// Runs the command.
pub fn run(options: &SuppressRemove) -> Result<Status, Stop> {
    let setting = setup::setting(&options.common)?;
    if options.comment.trim().is_empty() {
        return Err(Stop::Usage("--comment: say why".to_owned()));
    }
    let acts = acts(options, &setting)?;
    let veil = Veil::open(&options.common.hiding)?;
    let mut folder = Folder::open(&options.out, &options.change, false, &veil)?;
    folder.repair()?;
    folder.begin()?;
    for address in acts.iter().filter_map(address_of) {
        let rows = places(&folder.ledger, &folder.hidden_address(address));
        if rows.map_err(|e| folder.told(&e))?.is_empty() && !options.common.quiet {
            veil.tell(&format!("bounce: {address} is on no list"));
        }
    }
    let at = setting.now.as_second();
    let deed = |what| Deed {
        act: Act { at, what },
        comment: Some(options.comment.trim().to_owned()),
    };
    let setting = folder.hidden_setting(setting);
    let mut entered = Acts::new(&setting.classified_at);
    for deed in acts.into_iter().map(|what| folder.hidden_deed(deed(what))) {
        let done = entered.enter(&folder.ledger, deed);
        done.map_err(|e| folder.told(&e))?;
    }
    let before = folder.last_reading()?;
    let made = make::lists(&folder, &setting, entered, before, None)?;
    folder.end(&made)?;
    if options.common.verbose {
        veil.tell(&format!("bounce: {} changes of lists", made.changes));
    }
    Ok(Status::Done)
}

fn address_of(what: &What) -> Option<&str> {
    match what {
        What::Remove { address } => Some(address),
        _ => None,
    }
}

fn acts(options: &SuppressRemove, setting: &Setting) -> Result<Vec<What>, Stop> {
    if let Some(domain) = &options.domain {
        let (since, until) = (options.since.as_deref(), options.until.as_deref());
        let period = Period::read(since, until, None, setting)?;
        let (Some(since), Some(until)) = (period.since, period.until) else {
            return Err(Stop::Usage("--domain needs --since and --until".to_owned()));
        };
        return Ok(vec![What::RemoveDomain {
            domain: domain_key(domain),
            since: since.as_second(),
            until: until.as_second(),
        }]);
    }
    let act = |written: &String| match address::split(written.trim()) {
        Some(_) => Ok(What::Remove {
            address: address::key(written),
        }),
        None => Err(Stop::Usage(format!("{written:?} is no address"))),
    };
    options.addresses.iter().map(act).collect()
}
