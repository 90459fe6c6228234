//! Ledger → lists, in the ledger.
//!
//! What a run looks at is what is new and what that bears upon, not all that is known:
//!
//! 1. [`domains`]: around each new event the facts of its domain – outages, bursts, bounces
//!    that confirm each other – are found anew, and kept. Whoever they have changed for is
//!    looked at, too.
//! 2. [`stories`]: the rows of these addresses are made of their own events, acts and the
//!    facts, and put in the place of the old ones.
//!
//! Everything is looked at, in portions, when the policy or the program is another one,
//! when the clock goes backwards, or when most of it is new. Both ways lead to the same
//! lists; a test compares them.

mod changed;
mod domains;
mod stories;
#[cfg(test)]
mod tests;

use super::super::Stop;
use super::folder::Folder;
use crate::address;
use crate::event::assemble::Setting;
use crate::event::{Brief, Event};
use crate::history::{Collector, EventId, Facts, What};
use crate::ledger::{Action, Deed, Entry, Form, Ledger, LedgerError, Sighting, View};
use crate::lists::files::SKIPS;
use crate::lists::table::Rules;
use crate::lists::{Question, Scene, Teams, sightings, skip};
use crate::policy::Policy;
use crate::report::Sends;
use crate::report::filter::domain_key;
use crate::vocab::Platform;
pub use changed::Changed;
use hashbrown::HashMap;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// How many addresses are looked at together.
const PORTION: usize = 5_000;
/// So many new readings, and so large a share of all (one in so many), make it quicker to
/// look at everything.
const MANY: i64 = 20_000;
const SHARE: i64 = 4;

/// What came of it.
pub struct Made {
    /// The last run in the audit before this one.
    pub before: i64,
    /// Entries of this run.
    pub changes: u64,
    /// The skip lists are written, too.
    pub skips: bool,
    /// What has changed.
    pub changed: Changed,
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

fn settle_brief(event: &mut Brief<'_>, policy: &Policy) {
    let own = event
        .mailbox
        .as_deref()
        .and_then(|m| policy.workspace_of(m));
    if let Some(own) = own.filter(|own| *own != event.workspace) {
        event.workspace = Cow::Owned(own.to_owned());
    }
}

/// Makes the lists of all that the ledger holds, after the acts of this run; `before` is
/// the number of the last reading that the lists know of.
pub fn lists(
    folder: &Folder,
    setting: &Setting,
    acts: Acts,
    before: i64,
    sends: Option<&Sends>,
) -> Result<Made, Stop> {
    let task = Task {
        ledger: &folder.ledger,
        policy: &setting.policy,
        now: setting.now.as_second(),
        at: &setting.classified_at,
        sends,
    };
    task.run(acts, before).map_err(|e| folder.told(&e))
}

/// What lists are made of.
pub struct Task<'t> {
    /// All that is known.
    pub ledger: &'t Ledger,
    /// `bounce.toml`.
    pub policy: &'t Policy,
    /// The clock, in Unix seconds.
    pub now: i64,
    /// The same for the audit.
    pub at: &'t str,
    /// The counts of the sent log, if there is one.
    pub sends: Option<&'t Sends>,
}

/// What the parts of the work know of it.
struct Work<'t> {
    task: &'t Task<'t>,
    teams: Teams,
    rules: Rules,
    comments: Comments,
    /// Acts on domains.
    domain_acts: Vec<Deed>,
    /// There are bounces that confirm each other.
    partners: bool,
    changed: Changed,
}

impl Task<'_> {
    /// Makes the lists.
    pub fn run(&self, acts: Acts, before: i64) -> Result<Made, LedgerError> {
        let last_run = self.ledger.runs_before()?;
        let mut everything =
            acts.is_upheaval() || self.is_mostly_new(before)? || !self.is_as_before()?;
        if !everything {
            self.sight_new(before)?;
            let mark = teams_mark(&self.teams()?);
            everything = self.ledger.setting("teams")? != Some(mark);
        }
        if everything {
            self.ledger.forget()?;
            self.sight_all()?;
        }
        let teams = self.teams()?;
        let proof = self.flag("require_proof")?;
        let mut work = Work {
            rules: Rules::of(self.policy, proof, &teams),
            domain_acts: self.ledger.acts_on("")?,
            partners: false,
            task: self,
            teams,
            comments: acts.comments,
            changed: Changed::default(),
        };
        if everything {
            work.all_domains()?;
            work.partners = self.ledger.has_partners()?;
            work.all_stories()?;
        } else {
            let names = work.touched(before, acts.acted.as_deref().unwrap_or_default())?;
            work.partners = self.ledger.has_partners()?;
            match acts.acted {
                Some(_) => work.stories(&names)?,
                // Very many imports: they bear upon nobody else.
                None => work.all_stories()?,
            }
        }
        let skips = work.views()?;
        self.remember(&work.teams, everything)?;
        Ok(Made {
            before: last_run,
            changes: self.ledger.changes(),
            skips,
            changed: work.changed,
        })
    }

    fn flag(&self, key: &str) -> Result<bool, LedgerError> {
        Ok(self.ledger.setting(key)?.as_deref() == Some("true"))
    }

    /// Whatever the lists depend on besides events, acts, teams and the clock.
    fn mark(&self) -> Result<String, LedgerError> {
        let p = self.policy;
        let limits = &p.patterns.domain_hard_cluster;
        let lists = (&p.lists, &p.verdicts, &p.workspaces, &p.retries);
        let figures = (&p.schedule, &p.escalation, &p.corroboration, limits);
        let zone = p.timezone.iana_name();
        let proof = self.flag("require_proof")?;
        let program = env!("CARGO_PKG_VERSION");
        let all = format!("{lists:?} {figures:?} {zone:?} {proof} {program}");
        let hash = Sha256::digest(all);
        Ok(hash.iter().map(|b| format!("{b:02x}")).collect())
    }

    /// True if the rows that are there were made under the same rules, and not later than
    /// now.
    fn is_as_before(&self) -> Result<bool, LedgerError> {
        let made = self.ledger.setting("made")?;
        let last = self.ledger.setting("now")?;
        let last = last.and_then(|t| t.parse::<i64>().ok());
        Ok(made == Some(self.mark()?) && last.is_some_and(|t| t <= self.now))
    }

    fn is_mostly_new(&self, before: i64) -> Result<bool, LedgerError> {
        let new = self.ledger.last_reading()? - before;
        Ok(new > MANY && new > before / SHARE)
    }

    fn teams(&self) -> Result<Teams, LedgerError> {
        let seen = self.ledger.sightings()?;
        let imports = self.ledger.imported()?;
        let imports = imports.iter().map(String::as_str);
        Ok(Teams::seen(&seen, imports, self.policy, self.now))
    }

    /// Remembers under which rules and at what time the lists were made. As long as
    /// nothing changes, the time is not worth a write: what is due later is due then.
    fn remember(&self, teams: &Teams, everything: bool) -> Result<(), LedgerError> {
        self.ledger.set("made", &self.mark()?)?;
        self.ledger.set("teams", &teams_mark(teams))?;
        if everything || self.ledger.changes() > 0 {
            self.ledger.set("now", &self.now.to_string())?;
        }
        Ok(())
    }

    /// The events of addresses, and those that name nobody, as the readings up to number
    /// `last` have them.
    fn collect<'a>(
        &self,
        addresses: impl IntoIterator<Item = &'a str>,
        nameless: &BTreeSet<EventId>,
        last: i64,
    ) -> Result<Collector, LedgerError> {
        let mut collector = Collector::default();
        for address in addresses {
            self.ledger.each_brief_of(address, last, |mut event| {
                settle_brief(&mut event, self.policy);
                collector.add_brief(&event);
            })?;
        }
        for id in nameless {
            self.ledger.brief(*id, last, |mut event| {
                if event.recipient.is_none() {
                    settle_brief(&mut event, self.policy);
                    collector.add_brief(&event);
                }
            })?;
        }
        Ok(collector)
    }

    /// The acts on addresses.
    fn acts<'a>(
        &self,
        addresses: impl IntoIterator<Item = &'a str>,
        collector: &mut Collector,
    ) -> Result<(), LedgerError> {
        if !self.ledger.has_acts()? {
            return Ok(());
        }
        for address in addresses {
            for deed in self.ledger.acts_on(address)? {
                collector.act(deed.act);
            }
        }
        Ok(())
    }

    /// Adds to the sightings what the events of addresses show; `more` is -1 to take it
    /// back.
    fn sight(&self, collector: Collector, more: i64) -> Result<(), LedgerError> {
        let history = collector.finish_in(self.policy, &Facts::default());
        let mut counts: HashMap<Sighting, i64> = HashMap::new();
        for sighting in sightings(history.items(), &history) {
            *counts.entry(sighting).or_default() += more;
        }
        for (sighting, more) in counts {
            self.ledger.sight(&sighting, more)?;
        }
        Ok(())
    }

    /// What is seen of addresses with new readings: what was seen before is taken back.
    fn sight_new(&self, before: i64) -> Result<(), LedgerError> {
        let touched = self.ledger.touched(before)?;
        let ids: BTreeSet<EventId> = touched.iter().map(|t| t.id).collect();
        let names: BTreeSet<String> = touched.into_iter().filter_map(|t| t.address).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let none = BTreeSet::new();
        for (last, more) in [(before, -1), (i64::MAX, 1)] {
            self.sight(self.collect([], &ids, last)?, more)?;
            for portion in names.chunks(PORTION) {
                let portion = portion.iter().copied();
                self.sight(self.collect(portion, &none, last)?, more)?;
            }
        }
        Ok(())
    }

    fn sight_all(&self) -> Result<(), LedgerError> {
        let none = BTreeSet::new();
        let nameless = self.ledger.nameless()?;
        self.sight(self.collect([], &nameless, i64::MAX)?, 1)?;
        let mut last = String::new();
        loop {
            let names = self.ledger.addresses_behind(&last, PORTION)?;
            let Some(end) = names.last() else {
                return Ok(());
            };
            last.clone_from(end);
            let names = names.iter().map(String::as_str);
            self.sight(self.collect(names, &none, i64::MAX)?, 1)?;
        }
    }
}

impl Work<'_> {
    /// Writes which files there are. True if the skip lists are among them.
    fn views(&mut self) -> Result<bool, LedgerError> {
        let task = self.task;
        let skips = task.flag("skip_lists")? || !self.too_many_skips()?;
        let history = Collector::default().finish(task.policy);
        let question = Question {
            platforms: platforms(task.ledger)?,
            teams: Some(&self.teams),
            ..Question::new(task.policy, task.now)
        };
        let mut views = Scene::of(&history, &question).views();
        let old = task.ledger.views()?;
        if !skips {
            // Skip lists that are not written stay as they are.
            views.retain(|v| v.list != SKIPS);
            let kept = old
                .iter()
                .filter(|v| v.list == SKIPS && v.form != Form::Gone);
            views.extend(kept.map(|v| View {
                form: Form::Left,
                ..v.clone()
            }));
        }
        self.note_skip_lists(&old, &views)?;
        views.push(audit_view());
        task.ledger.show(&views)?;
        for view in &task.ledger.views()? {
            if view.stamp.is_some() && self.changed.touches(view, task.ledger.changes() > 0) {
                task.ledger.stamp(&view.file, None)?;
                self.changed.was_right(view);
            }
        }
        Ok(skips)
    }

    fn too_many_skips(&self) -> Result<bool, LedgerError> {
        let mut rows = 0_u64;
        for workspace in self.teams.names() {
            let mailboxes = self.teams.of_workspace(workspace).count() as u64;
            for part in skip::parts_of(workspace) {
                rows += self.task.ledger.counted(&part)? * mailboxes;
            }
        }
        Ok(rows > u64::from(self.task.policy.lists.skip_rows))
    }

    /// A skip list that begins or ends as a whole is one entry of the audit, not one for
    /// each of its rows.
    fn note_skip_lists(&self, old: &[View], new: &[View]) -> Result<(), LedgerError> {
        let names = |views: &[View]| -> BTreeSet<String> {
            let of = |v: &View| {
                let shown = v.list == SKIPS && v.form != Form::Gone;
                let mailbox = v.part.as_deref().and_then(skip::mailbox_of);
                mailbox.filter(|_| shown).map(str::to_owned)
            };
            views.iter().filter_map(of).collect()
        };
        let (old, new) = (names(old), names(new));
        // In the first run all begin; then every row is told.
        if old.is_empty() {
            return Ok(());
        }
        for (action, mailbox) in old
            .difference(&new)
            .map(|m| (Action::Remove, m))
            .chain(new.difference(&old).map(|m| (Action::Add, m)))
        {
            self.task.ledger.note(&[Entry {
                at: self.task.at.to_owned(),
                action,
                list: Some(crate::lists::files::skip_list(mailbox)),
                address: None,
                reason: Some("mailbox".to_owned()),
                comment: None,
                event_id: None,
            }])?;
        }
        Ok(())
    }
}

/// What of the teams decides where an event goes: that there is none, which is the only
/// one, or that there are several, for which stands what is no name.
fn teams_mark(teams: &Teams) -> String {
    let several = teams.several().then_some("\n");
    several.or(teams.only()).unwrap_or_default().to_owned()
}

fn audit_view() -> View {
    View {
        file: "audit.ndjson".to_owned(),
        list: "audit".to_owned(),
        part: None,
        form: Form::Audit,
        header: String::new(),
        stamp: None,
    }
}

/// The platforms that the lists are written for (`--for`, of this run or an earlier one).
fn platforms(ledger: &Ledger) -> Result<Vec<Platform>, LedgerError> {
    let words = ledger.setting("for")?.unwrap_or_default();
    Ok(words.split(';').filter_map(Platform::from_word).collect())
}

/// What people did in this run.
pub struct Acts {
    at: String,
    comments: Comments,
    /// What was not known; `None` if that is too much to go through one by one.
    acted: Option<Vec<What>>,
    /// All of it is imports.
    imports: bool,
}

impl Acts {
    /// None yet; `at` is the clock of the run, RFC 3339.
    pub fn new(at: &str) -> Acts {
        Acts {
            at: at.to_owned(),
            comments: Comments::default(),
            acted: Some(Vec::new()),
            imports: true,
        }
    }

    /// So many removals and verifications that it is quicker to look at everything.
    const fn is_upheaval(&self) -> bool {
        self.acted.is_none() && !self.imports
    }

    /// Enters an act into the ledger.
    pub fn enter(&mut self, ledger: &Ledger, deed: Deed) -> Result<(), LedgerError> {
        if !ledger.act(&deed)? {
            return Ok(());
        }
        ledger.note(&[entry(&deed, &self.at)])?;
        self.imports &= matches!(deed.act.what, What::Import { .. });
        match &mut self.acted {
            Some(acted) if acted.len() < MANY as usize => {
                self.comments.add(&deed);
                acted.push(deed.act.what);
            }
            Some(_) => {
                self.acted = None;
                self.comments.many = deed.comment;
            }
            None => {}
        }
        Ok(())
    }
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
    /// The comment of very many acts, which are not remembered one by one.
    many: Option<String>,
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

    fn of(&self, address: &str, ledger: &Ledger) -> Result<Option<String>, LedgerError> {
        let domain = || address::split(address).and_then(|(_, d)| self.domains.get(d));
        let one = self.addresses.get(address).or_else(domain);
        if one.is_some() || self.many.is_none() {
            return Ok(one.cloned());
        }
        let deeds = ledger.acts_on(address)?;
        let own = deeds.iter().any(|d| d.comment == self.many);
        Ok(self.many.clone().filter(|_| own))
    }
}
