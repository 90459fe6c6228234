//! `bounce suppress`: the folder that remembers, and its lists (S1–S12).
//!
//! One run: take the lock, put right what a run that was killed has left, read the inputs
//! into the ledger, make the lists of all that it holds, commit, and only then rename the
//! files into place. Whatever fails before the commit, the folder is as it was; whatever
//! fails after it, the next run writes the files.

mod folder;
mod import;
mod make;
mod noted;
mod publish;
mod remove;
mod reverified;
mod table;
mod veiled;
mod why;

use super::desk::{Desk, Voice};
use super::intake::{self, Earlier, Given, Intake, Read, Stored};
use super::period::Period;
use super::veil::Veil;
use super::{Status, Stop, setup};
use crate::address;
use crate::cli::{Suppress, SuppressAct, Upload};
use crate::event::assemble::Setting;
use crate::output::sink;
use crate::report::Filter;
use crate::report::filter::domain_key;
use crate::vocab::Platform;
use folder::Folder;
use make::Made;
use noted::{Noted, noted};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Runs the command.
pub fn run(options: &Suppress) -> Result<Status, Stop> {
    match &options.act {
        Some(SuppressAct::Remove(act)) => remove::run(act),
        Some(SuppressAct::Import(act)) => import::run(act),
        Some(SuppressAct::Why(act)) => why::run(act),
        None => update(options),
    }
}

/// The words of the subcommands: as inputs they are slips.
const ACTS: &[&str] = &["remove", "import", "why"];

fn check(options: &Suppress) -> Result<(), Stop> {
    let first = options.intake.inputs.first().and_then(|p| p.to_str());
    match first.filter(|word| ACTS.contains(word)) {
        None => Ok(()),
        Some(word) => Err(Stop::Usage(format!(
            "options of `bounce suppress {word}` come behind that word; a file called {word} is ./{word}"
        ))),
    }
}

/// Takes new events into the folder.
fn update(options: &Suppress) -> Result<Status, Stop> {
    check(options)?;
    let mut setting = setup::setting(&options.common)?;
    setting.mailbox.clone_from(&options.as_mailbox);
    setting.workspace.clone_from(&options.as_workspace);
    let filter = filter(options, &setting)?;
    // What bounces in a burst is a share of all that was sent, whatever the filters.
    let everything = Filter::default();
    let out = options.out.as_deref();
    let out = out.ok_or_else(|| Stop::Usage("--out DIR is missing".to_owned()))?;
    let named = &options.sent.files;
    let inputs = inputs(options)?;
    let own = intake::own_logs(named, &inputs);
    let mut intake = Intake {
        options: &options.intake,
        log: own.as_deref().unwrap_or(named),
        implied: own.is_some(),
        setting: &setting,
        filter: &everything,
        lines: false,
    };
    setup::one_stdin(inputs.iter().chain(intake.log).chain(&options.reverified))?;
    let files: Vec<_> = inputs.iter().chain(intake.log).cloned().collect();
    let veil = Veil::open(&options.common.hiding)?;
    let mut folder = Folder::open(out, &options.change, true, &veil)?;
    folder.repair()?;
    let voice = Voice {
        quiet: options.common.quiet,
        verbose: options.common.verbose,
        veil,
    };
    let mut desk = Desk::open(&options.intake, &files, voice, true)?;
    folder.begin()?;
    let ledger = &folder.ledger;
    let mut new = 0_u64;
    let before = folder.last_reading()?;
    // Where nothing is known yet, everything must be read in full.
    intake.lines = before > 0 && !folder.holds_tokens();
    let rematch = setting.policy.matching.rematch;
    let since = setting.now.as_second().saturating_sub(rematch.as_secs());
    let watched = ledger.crowded().map_err(|e| folder.told(&e))?;
    let stored = Stored {
        events: &|each| {
            // A sent log knows nothing of tokens.
            if folder.holds_tokens() {
                return Ok(());
            }
            ledger.each_waiting(since, |mut event| {
                make::settle(&mut event, &setting.policy);
                each(event)
            })
        },
        of_domain: &|domain, most| ledger.count_at(domain, most).map_err(|e| folder.told(&e)),
        watched: &watched.into_iter().collect(),
    };
    let hiding = &folder.hiding;
    let work = |given: Given<'_>, earlier: Option<Earlier>, made: &mut Vec<Noted>| {
        made.extend(noted(given, earlier, &filter, hiding));
    };
    let read = intake.read_with(&inputs, stored, &mut desk, &work, |made| {
        for one in made {
            let own = one.is_own();
            let added = one.keep(ledger).map_err(|e| folder.told(&e))?;
            new += u64::from(added && own);
        }
        Ok(())
    })?;
    let deeds = reverified::read(&options.reverified, &setting, &mut desk)?;
    let setting = folder.hidden_setting(setting);
    folder.settings(options.require_proof, options.skip_lists)?;
    if let Some(platforms) = platforms(&options.platforms)? {
        folder.write_for(&platforms)?;
    }
    let mut acts = make::Acts::new(&setting.classified_at);
    for deed in deeds {
        let entered = acts.enter(ledger, folder.hidden_deed(deed));
        entered.map_err(|e| folder.told(&e))?;
    }
    let made = make::lists(&folder, &setting, acts, before, read.sends.as_ref())?;
    desk.close()?;
    if desk.failures() > 0 {
        folder.undo();
        return Ok(Status::Failed);
    }
    folder.end(&made)?;
    desk.note(&folder.times());
    desk.conclude(&done(&read, new, &made));
    Ok(if options.intake.strict && desk.rejected() > 0 {
        Status::Rejected
    } else {
        Status::Done
    })
}

/// The platforms that the lists are written for from now on; `None` leaves them as they are.
fn platforms(named: &[Upload]) -> Result<Option<Vec<Platform>>, Stop> {
    let platforms: BTreeSet<Platform> = named
        .iter()
        .filter_map(|u| match u {
            Upload::To(platform) => Some(*platform),
            Upload::Nowhere => None,
        })
        .collect();
    let nowhere = named.contains(&Upload::Nowhere);
    if nowhere && !platforms.is_empty() {
        return Err(Stop::Usage("--for none goes with no other".to_owned()));
    }
    let any = nowhere || !platforms.is_empty();
    Ok(any.then(|| platforms.into_iter().collect()))
}

/// The inputs. Whoever names only verified addresses at a terminal means no mails.
fn inputs(options: &Suppress) -> Result<Vec<PathBuf>, Stop> {
    let none = options.intake.inputs.is_empty() && !options.reverified.is_empty();
    if none && sink::stdin_is_terminal() {
        return Ok(Vec::new());
    }
    intake::inputs(&options.intake, &options.sent.files, options.common.quiet)
}

/// One line of what was done.
fn done(read: &Read, new: u64, made: &Made) -> String {
    let b = &read.books;
    let skips = if made.skips {
        ""
    } else {
        "; skip lists have too many rows to be written without --skip-lists"
    };
    format!(
        "{new} new events, {} changes of lists; {} records: {} reports, {} others, {} duplicates, {} rejected{skips}",
        made.changes, b.messages, b.with_events, b.not_a_report, read.duplicates, b.rejected
    )
}

fn filter(options: &Suppress, setting: &Setting) -> Result<Filter, Stop> {
    let (since, until, last) = (&options.since, &options.until, &options.last);
    let period = Period::read(since.as_deref(), until.as_deref(), last.as_deref(), setting)?;
    Ok(Filter {
        since: period.since.map(|t| t.as_second()),
        until: period.until.map(|t| t.as_second()),
        mailboxes: options.mailbox.iter().map(|a| address::key(a)).collect(),
        workspaces: options.workspace.clone(),
        campaigns: options.campaign.clone(),
        domains: options.domain.iter().map(|d| domain_key(d)).collect(),
        categories: options.category.clone(),
        ..Filter::default()
    })
}
