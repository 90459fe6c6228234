//! Every item at its place, address by address.

use super::resting::{Heap, Thing};
use super::table::{Place, Rules, place};
use super::teams::Teams;
use crate::address;
use crate::history::{Act, EventId, Facts, History, Id, Item, What};
use crate::ledger::{LedgerError, Row, View};
use crate::policy::Policy;
use crate::vocab::Platform;
use hashbrown::{HashMap, HashSet};
use std::collections::BTreeMap;

/// What is asked of a history.
pub struct Question<'a> {
    /// `bounce.toml`.
    pub policy: &'a Policy,
    /// The clock, in Unix seconds.
    pub now: i64,
    /// `--require-proof`.
    pub require_proof: bool,
    /// Platforms that the lists are written for (`--for`).
    pub platforms: Vec<Platform>,
    /// What is known of the domains, where the history is a part of a larger one.
    pub facts: Option<&'a Facts>,
    /// The workspaces of that one.
    pub teams: Option<&'a Teams>,
    /// The reply that an event quotes.
    pub reply: &'a dyn Fn(EventId) -> Option<String>,
}

impl<'a> Question<'a> {
    /// With no options, and without replies.
    pub fn new(policy: &'a Policy, now: i64) -> Self {
        Question {
            policy,
            now,
            require_proof: false,
            platforms: Vec::new(),
            facts: None,
            teams: None,
            reply: &|_| None,
        }
    }
}

/// An item and where it goes.
#[derive(Clone, Debug)]
pub struct Placed<'a> {
    /// The item.
    pub item: &'a Item,
    /// Its place.
    pub place: Place,
    /// Its workspace.
    pub workspace: &'a str,
    /// The workspace whose bounce corroborates it (S4).
    pub partner: Option<&'a str>,
}

impl Placed<'_> {
    /// What is final: it is suppressed, and skipped by the whole workspace.
    pub fn is_final(&self) -> bool {
        matches!(self.place, Place::Confirmed | Place::Escalated)
    }

    /// For the earliest: dated ones first, by time, then by id.
    pub fn age(&self) -> (bool, Option<i64>, EventId) {
        let at = self.item.at();
        (at.is_none(), at, self.item.event_id)
    }
}

/// All that happened to an address.
#[derive(Clone, Debug)]
pub struct Story<'a> {
    /// The recipient key; empty where nobody is named.
    pub address: &'a str,
    /// By time, undated ones first.
    pub items: Vec<Placed<'a>>,
    /// The lists from elsewhere that it is on.
    pub imports: Vec<Import<'a>>,
}

/// An address of a list from elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Import<'a> {
    /// Since when, in Unix seconds.
    pub at: i64,
    /// Whose list.
    pub workspace: &'a str,
    /// It has complained; else it is dead.
    pub complaint: bool,
}

impl<'a> Story<'a> {
    /// The earliest of some of its items.
    pub fn earliest(&self, fits: impl Fn(&Placed<'a>) -> bool) -> Option<&Placed<'a>> {
        self.items
            .iter()
            .filter(|p| fits(p))
            .min_by_key(|p| p.age())
    }

    /// The latest of some of its items; undated ones are the oldest.
    pub fn latest(&self, fits: impl Fn(&Placed<'a>) -> bool) -> Option<&Placed<'a>> {
        let age = |p: &&Placed<'a>| (p.item.at(), p.item.event_id);
        self.items.iter().filter(|p| fits(p)).max_by_key(age)
    }

    /// The earliest import of a workspace, or of any, as a complaint or as a dead address.
    pub fn import(&self, workspace: Option<&str>, complaint: bool) -> Option<&Import<'a>> {
        let fits = |i: &&Import<'a>| {
            i.complaint == complaint && workspace.is_none_or(|w| w == i.workspace)
        };
        self.imports.iter().filter(fits).min_by_key(|i| i.at)
    }

    /// The workspaces of its items and imports, each once, sorted.
    pub fn workspaces(&self) -> Vec<&'a str> {
        let own = self.items.iter().map(|p| p.workspace);
        let imports = self.imports.iter().map(|i| i.workspace);
        let mut all: Vec<&str> = own.chain(imports).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// The items that another workspace confirms (S4), with its name; by index.
pub fn partners<'h>(
    history: &'h History,
    policy: &Policy,
    rules: Rules,
) -> HashMap<usize, &'h str> {
    let final_ = |i: &Item| place(i, false, rules) == Place::Confirmed;
    let pairs = history.corroborated(&policy.corroboration, final_);
    let name = |(n, p): (usize, usize)| {
        let partner = history.items().get(p)?;
        Some((n, history.text(partner.workspace)))
    };
    pairs.into_iter().filter_map(name).collect()
}

/// A history with every item at its place.
pub struct Scene<'a> {
    pub(super) history: &'a History,
    pub(super) question: &'a Question<'a>,
    pub(super) teams: Teams,
    /// By address; last, one by one, what names nobody.
    pub(super) stories: Vec<Story<'a>>,
    /// The last act on each address that had one.
    acts: HashMap<String, (i64, &'static str)>,
    /// The imports that nothing has undone, by address.
    imports: BTreeMap<&'a str, Vec<Import<'a>>>,
}

/// The imports that no later act has undone.
fn imports(history: &History) -> BTreeMap<&str, Vec<Import<'_>>> {
    let mut all: BTreeMap<&str, Vec<Import<'_>>> = BTreeMap::new();
    for act in history.acts() {
        match &act.what {
            What::Import {
                address,
                workspace,
                complaint,
            } => all.entry(address).or_default().push(Import {
                at: act.at,
                workspace,
                complaint: *complaint,
            }),
            // That an address exists takes no complaint back.
            What::Reverify { address } => {
                if let Some(own) = all.get_mut(address.as_str()) {
                    own.retain(|i| i.complaint);
                }
            }
            What::Remove { address } => {
                all.remove(address.as_str());
            }
            What::RemoveDomain { .. } => {}
        }
    }
    all
}

/// The name of a workspace that only an import knows.
fn imported_for<'h>(history: &'h History, name: &str) -> Option<&'h str> {
    history.acts().iter().find_map(|act| match &act.what {
        What::Import { workspace, .. } if workspace == name => Some(workspace.as_str()),
        _ => None,
    })
}

/// The last act on each address (by key): acts are in the order of time.
fn last_acts(history: &History) -> HashMap<String, (i64, &'static str)> {
    let one = |act: &Act| match &act.what {
        What::Reverify { address } => Some((address::key(address), (act.at, "reverified"))),
        What::Remove { address } => Some((address::key(address), (act.at, "removed"))),
        What::RemoveDomain { .. } | What::Import { .. } => None,
    };
    history.acts().iter().filter_map(one).collect()
}

impl<'a> Scene<'a> {
    /// Places everything. The history knows its bursts already.
    pub fn of(history: &'a History, question: &'a Question<'a>) -> Scene<'a> {
        let own = || Teams::of(history, question.policy, question.now);
        let teams = question.teams.cloned().unwrap_or_else(own);
        let mut scene = Scene {
            history,
            question,
            teams,
            stories: Vec::new(),
            acts: last_acts(history),
            imports: imports(history),
        };
        scene.stories = scene.stories_of(history);
        scene
    }

    fn rules(&self) -> Rules {
        let proof = self.question.require_proof;
        Rules::of(self.question.policy, proof, &self.teams)
    }

    fn stories_of(&self, history: &'a History) -> Vec<Story<'a>> {
        let rules = self.rules();
        let escalating = self.escalating(rules);
        let partners = match self.question.facts {
            Some(_) => HashMap::new(),
            None => partners(history, self.question.policy, rules),
        };
        let placed = |n: usize, item: &'a Item| {
            let told = self.question.facts.map(|f| f.partners.get(&item.event_id));
            let own = || partners.get(&n).copied();
            Placed {
                place: place(item, escalating.contains(&n), rules),
                workspace: self.workspace(item),
                partner: told.map_or_else(own, |w| w.map(String::as_str)),
                item,
            }
        };
        let mut stories: Vec<Story<'a>> = Vec::new();
        let mut last: Option<Option<Id>> = None;
        for (n, item) in history.items().iter().enumerate() {
            let same = last == Some(item.address) && item.address.is_some();
            last = Some(item.address);
            match stories.last_mut().filter(|_| same) {
                Some(story) => story.items.push(placed(n, item)),
                None => {
                    let address = item.address.map_or("", |a| history.text(a));
                    stories.push(Story {
                        address,
                        items: vec![placed(n, item)],
                        imports: self.imports.get(address).cloned().unwrap_or_default(),
                    });
                }
            }
        }
        let stranger = |a: &str| history.of_address(a).is_empty();
        let strangers = self
            .imports
            .iter()
            .filter(|(a, i)| !i.is_empty() && stranger(a));
        stories.extend(strangers.map(|(address, imports)| Story {
            address,
            items: Vec::new(),
            imports: imports.clone(),
        }));
        stories.sort_by(|a, b| {
            let id = |s: &Story<'_>| s.items.first().map(|p| p.item.event_id);
            (a.address.is_empty(), a.address, id(a)).cmp(&(b.address.is_empty(), b.address, id(b)))
        });
        stories
    }

    fn workspace(&self, item: &Item) -> &'a str {
        if let Some(teams) = self.question.teams {
            return teams.workspace(item, self.history);
        }
        let name = self.teams.workspace(item, self.history);
        // The string lives in the policy or in the history; both outlive the scene.
        let own = self.history.text(item.workspace);
        if own == name {
            return own;
        }
        let policy = self.question.policy.workspaces.get_key_value(name);
        let known = policy.map(|(k, _)| k.as_str());
        known
            .or_else(|| {
                self.history
                    .names()
                    .get(name)
                    .map(|id| self.history.text(id))
            })
            .or_else(|| imported_for(self.history, name))
            .unwrap_or(own)
    }

    /// The items that make soft bounces final: every strike up to them may be acted on.
    fn escalating(&self, rules: Rules) -> HashSet<usize> {
        let items = self.history.items();
        let sound = |n: &usize| {
            let item = items.get(*n);
            item.is_some_and(|i| place(i, false, rules) == Place::Retry)
        };
        let all = self.history.escalations().iter();
        all.filter(|e| e.trail.iter().all(sound))
            .map(|e| e.item)
            .collect()
    }

    /// When an address was last taken off the lists or verified again, and which.
    pub(super) fn last_act(&self, address: &str) -> Option<(i64, &'static str)> {
        self.acts.get(address).copied()
    }

    pub(super) fn text(&self, id: Option<Id>) -> &'a str {
        id.map_or("", |id| self.history.text(id))
    }

    pub(super) fn reply(&self, item: &Item) -> String {
        (self.question.reply)(item.event_id).unwrap_or_default()
    }

    /// The lists by name: their files' names without ending.
    pub fn names(&self) -> Vec<String> {
        let fixed = super::files::LISTS.iter().map(|l| l.name.to_owned());
        let skips = self
            .teams
            .mailboxes()
            .into_iter()
            .map(super::files::skip_list);
        fixed.chain(skips).collect()
    }

    /// The rows of a list, sorted by address and part.
    pub fn rows(&self, list: &str) -> Vec<Row> {
        let mut rows = match list {
            "suppression" => self.suppression(),
            "global-suppression" => self.global(),
            "retry" => self.retry(),
            "out-of-office" => self.out_of_office(),
            "review" => self.review(),
            "templates" => self.templates(),
            "contacts" => self.contacts(),
            "warmup-pause" => self.warmup(),
            skip => match super::files::mailbox_of(skip) {
                Some(mailbox) => self.skip(mailbox),
                None => Vec::new(),
            },
        };
        rows.sort_by(|a, b| (&a.address, &a.part).cmp(&(&b.address, &b.part)));
        rows.dedup_by(|a, b| (&a.address, &a.part) == (&b.address, &b.part));
        rows
    }

    /// The rows of all skip lists, each once, with parts; sorted.
    pub fn skip_parts(&self) -> Vec<Row> {
        let mut rows = self.skips();
        rows.sort_by(|a, b| (&a.address, &a.part).cmp(&(&b.address, &b.part)));
        rows
    }

    /// What each story adds to the rows of `templates` and of `warmup-pause`: by address,
    /// or by the event that names nobody.
    pub fn each_share(
        &self,
        mut each: impl FnMut(&str, [BTreeMap<Thing, Heap>; 2]) -> Result<(), LedgerError>,
    ) -> Result<(), LedgerError> {
        for story in &self.stories {
            let nameless = story.items.first().map(|p| p.item.event_id.to_string());
            let name = match story.address {
                "" => nameless.unwrap_or_default(),
                address => address.to_owned(),
            };
            each(&name, [self.refused(story), self.warming(story)])?;
        }
        Ok(())
    }

    /// The files that show the lists.
    pub fn views(&self) -> Vec<View> {
        super::files::views(&self.teams, &self.question.platforms)
    }
}
