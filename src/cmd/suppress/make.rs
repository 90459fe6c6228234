//! Ledger → lists, in the ledger.

use super::super::Stop;
use super::folder::Folder;
use crate::address;
use crate::event::Event;
use crate::event::assemble::Setting;
use crate::history::{Collector, History, What, day};
use crate::ledger::{Action, Deed, Entry, Ledger, LedgerError, Occasion, View};
use crate::lists::files::is_skip;
use crate::lists::{Question, Scene};
use crate::policy::Policy;
use crate::report::Sends;
use crate::report::filter::domain_key;
use crate::vocab::Platform;
use hashbrown::HashMap;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// What came of it.
pub struct Made {
    /// The last entry of the audit before this run.
    pub before: i64,
    /// Entries of this run.
    pub changes: i64,
    /// The skip lists were made, too.
    pub skips: bool,
}

/// The workspace of a mailbox is what the policy says today.
pub fn settle(event: &mut Event, policy: &Policy) {
    let mailbox = event.mailbox.as_deref();
    if let Some(own) = mailbox.and_then(|m| policy.workspace_of(m))
        && event.workspace != own
    {
        event.workspace = own.to_owned();
    }
}

/// Enters the acts of this run and makes the lists of all that the ledger holds.
pub fn lists(
    folder: &Folder,
    setting: &Setting,
    deeds: Vec<Deed>,
    sends: Option<&Sends>,
) -> Result<Made, Stop> {
    let ledger = &folder.ledger;
    let made = || -> Result<Made, LedgerError> {
        let before = ledger.last_entry()?;
        let mut comments = Comments::default();
        for deed in deeds {
            if ledger.act(&deed)? {
                ledger.note(&entry(&deed, &setting.classified_at))?;
                comments.add(&deed);
            }
        }
        let history = history(folder, setting, sends)?;
        let skips = write(folder, setting, &history, &comments)?;
        let changes = ledger.last_entry()? - before;
        Ok(Made {
            before,
            changes,
            skips,
        })
    };
    made().map_err(|e| folder.told(&e))
}

fn entry(deed: &Deed, at: &str) -> Entry {
    let (action, address) = match &deed.act.what {
        What::Reverify { address } => (Action::Reverify, address.clone()),
        What::Remove { address } => (Action::Remove, address.clone()),
        What::Import { address, .. } => (Action::Import, address.clone()),
        What::RemoveDomain { domain, .. } => (Action::Remove, format!("@{domain}")),
    };
    Entry {
        at: at.to_owned(),
        action,
        list: None,
        address: Some(address),
        reason: None,
        comment: deed.comment.clone(),
        event_id: None,
    }
}

/// What was said about addresses and domains in this run.
#[derive(Default)]
struct Comments {
    addresses: HashMap<String, String>,
    domains: HashMap<String, String>,
}

impl Comments {
    fn add(&mut self, deed: &Deed) {
        let Some(comment) = deed.comment.clone() else {
            return;
        };
        match &deed.act.what {
            What::RemoveDomain { domain, .. } => {
                self.domains.insert(domain_key(domain), comment);
            }
            What::Reverify { address }
            | What::Remove { address }
            | What::Import { address, .. } => {
                self.addresses.insert(address::key(address), comment);
            }
        }
    }

    fn of(&self, address: &str) -> Option<String> {
        let domain = || address::split(address).and_then(|(_, d)| self.domains.get(d));
        self.addresses.get(address).or_else(domain).cloned()
    }
}

fn history(
    folder: &Folder,
    setting: &Setting,
    sends: Option<&Sends>,
) -> Result<History, LedgerError> {
    let (ledger, policy) = (&folder.ledger, &setting.policy);
    let mut collector = Collector::default();
    ledger.each_event(|mut event| -> Result<(), LedgerError> {
        settle(&mut event, policy);
        collector.add(&event);
        Ok(())
    })?;
    for deed in ledger.acts()? {
        collector.act(deed.act);
    }
    let mut history = collector.finish(policy);
    bursts(folder, policy, sends, &mut history)?;
    Ok(history)
}

/// Finds the bursts (S10): with the counts of the sent log of this run, else of the last
/// one that knew them.
fn bursts(
    folder: &Folder,
    policy: &Policy,
    sends: Option<&Sends>,
    history: &mut History,
) -> Result<(), LedgerError> {
    let limits = &policy.patterns.domain_hard_cluster;
    let mut windows = HashMap::new();
    let mut names = HashMap::new();
    for id in history.burst_domains(limits) {
        let name = history.text(id).to_owned();
        if let Some(known) = sends.and_then(|s| s.to_domain(&name)) {
            windows.insert(id, known);
        }
        names.insert(id, name);
    }
    let by_day = sends.is_some_and(|s| s.by_day);
    let failure = RefCell::new(None);
    history.find_bursts(limits, |domain, from, to| {
        // Of a log of days, the whole first day may have been sent within the window.
        let begin = if by_day { day(from) * 86_400 - 1 } else { from };
        let seen = windows.get(&domain).map(|w| w.between(begin, to));
        let name = names.get(&domain)?;
        let known = folder.ledger.mailed(name, (from, to), seen);
        known.unwrap_or_else(|e| {
            failure.borrow_mut().get_or_insert(e);
            None
        })
    });
    failure.into_inner().map_or(Ok(()), Err)
}

/// The platforms that the lists are written for (`--for`, of this run or an earlier one).
fn platforms(ledger: &Ledger) -> Result<Vec<Platform>, LedgerError> {
    let words = ledger.setting("for")?.unwrap_or_default();
    Ok(words.split(';').filter_map(Platform::from_word).collect())
}

/// Writes the rows and files of the lists. True if that includes the skip lists.
fn write(
    folder: &Folder,
    setting: &Setting,
    history: &History,
    comments: &Comments,
) -> Result<bool, LedgerError> {
    let ledger = &folder.ledger;
    let failure = RefCell::new(None);
    let flag = |key: &str| -> Result<bool, LedgerError> {
        Ok(ledger.setting(key)?.as_deref() == Some("true"))
    };
    let question = Question {
        policy: &setting.policy,
        now: setting.now.as_second(),
        require_proof: flag("require_proof")?,
        all_skips: flag("skip_lists")?,
        platforms: platforms(ledger)?,
        reply: &|id| {
            ledger.reply(id).unwrap_or_else(|e| {
                failure.borrow_mut().get_or_insert(e);
                None
            })
        },
    };
    let scene = Scene::of(history, &question);
    let skips = scene.writes_skips();
    let occasion = Occasion {
        at: &setting.classified_at,
        comment: &|address| comments.of(address),
    };
    let wanted = |list: &str| skips || !is_skip(list);
    let names: BTreeSet<String> = scene.names().into_iter().collect();
    for list in names.iter().filter(|l| wanted(l)) {
        ledger.replace(list, &scene.rows(list), occasion)?;
    }
    for list in ledger.lists()?.difference(&names).filter(|l| wanted(l)) {
        ledger.replace(list, &[], occasion)?;
    }
    let new = scene.views().into_iter().filter(|v| wanted(&v.list));
    // Skip lists that are not made stay as they are.
    let kept = ledger.views()?.into_iter().filter(|v| !wanted(&v.list));
    let views: Vec<View> = new.chain(kept).collect();
    ledger.show(&views)?;
    failure.take().map_or(Ok(skips), Err)
}
