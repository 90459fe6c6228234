//! Workspaces and their mailboxes.

use crate::address;
use crate::history::{History, Item, What, day};
use crate::ledger::Sighting;
use crate::policy::Policy;
use std::collections::{BTreeMap, BTreeSet};

/// The workspace of what says none.
const DEFAULT: &str = "default";

/// What items show of workspaces and mailboxes.
pub fn sightings<'h>(
    items: &'h [Item],
    history: &'h History,
) -> impl Iterator<Item = Sighting> + 'h {
    items.iter().map(|item| Sighting {
        workspace: history.text(item.workspace).to_owned(),
        mailbox: item
            .mailbox
            .map_or_else(String::new, |m| history.text(m).to_owned()),
        stray: item.is_stray(),
        day: item.day(),
    })
}

/// The workspaces of the policy and of the events, with their mailboxes as keys.
#[derive(Clone, Debug, Default)]
pub struct Teams {
    mailboxes: BTreeMap<String, BTreeSet<String>>,
    known: BTreeSet<String>,
}

impl Teams {
    /// Those of the policy; where it names no mailboxes, those seen of late.
    pub fn of(history: &History, policy: &Policy, now: i64) -> Teams {
        let seen: BTreeSet<Sighting> = sightings(history.items(), history).collect();
        let imports = history.acts().iter().filter_map(|act| match &act.what {
            What::Import { workspace, .. } => Some(workspace.as_str()),
            _ => None,
        });
        Teams::seen(&seen, imports, policy, now)
    }

    /// The same of what was seen, and the workspaces of imports.
    pub fn seen<'s>(
        sightings: impl IntoIterator<Item = &'s Sighting>,
        imports: impl IntoIterator<Item = &'s str>,
        policy: &Policy,
        now: i64,
    ) -> Teams {
        let mut teams = Teams {
            known: policy.workspaces.keys().cloned().collect(),
            mailboxes: BTreeMap::new(),
        };
        let mut seen: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let oldest = day(now.saturating_sub(policy.lists.mailbox_seen.as_secs()));
        for sighting in sightings {
            let (workspace, mailbox) = (sighting.workspace.as_str(), sighting.mailbox.as_str());
            // What answers no mail of ours makes no workspace.
            let real = !mailbox.is_empty() || workspace != DEFAULT;
            if real && !sighting.stray {
                teams.known.insert(workspace.to_owned());
            }
            let recent = sighting.day.is_none_or(|day| day >= oldest);
            if recent && !mailbox.is_empty() {
                seen.entry(workspace).or_default().insert(mailbox);
            }
        }
        teams.known.extend(imports.into_iter().map(str::to_owned));
        for (name, mailboxes) in seen {
            let own = mailboxes.into_iter().map(str::to_owned);
            teams.mailboxes.insert(name.to_owned(), own.collect());
        }
        for (name, workspace) in &policy.workspaces {
            if !workspace.mailboxes.is_empty() {
                let own = workspace.mailboxes.iter().map(|m| address::key(m));
                teams.mailboxes.insert(name.clone(), own.collect());
            }
        }
        teams
    }

    /// True if there are several workspaces.
    pub fn several(&self) -> bool {
        self.known.len() > 1
    }

    /// The workspace of an item: the only one there is, where the item does not say.
    pub fn workspace<'a>(&'a self, item: &Item, history: &'a History) -> &'a str {
        let own = history.text(item.workspace);
        match self.known.first() {
            Some(only) if item.mailbox.is_none() && own == DEFAULT && !self.several() => only,
            _ => own,
        }
    }

    /// The only workspace, if there is one only.
    pub fn only(&self) -> Option<&str> {
        self.known
            .first()
            .filter(|_| !self.several())
            .map(String::as_str)
    }

    /// The workspaces that have a mailbox, sorted.
    pub fn having(&self, mailbox: &str) -> impl Iterator<Item = &str> {
        self.names()
            .filter(move |w| self.of_workspace(w).any(|m| m == mailbox))
    }

    /// The workspaces, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.known.iter().map(String::as_str)
    }

    /// The mailboxes of all workspaces, sorted.
    pub fn mailboxes(&self) -> BTreeSet<&str> {
        self.mailboxes
            .values()
            .flatten()
            .map(String::as_str)
            .collect()
    }

    /// The mailboxes of a workspace.
    pub fn of_workspace(&self, name: &str) -> impl Iterator<Item = &str> {
        self.mailboxes
            .get(name)
            .into_iter()
            .flatten()
            .map(String::as_str)
    }
}
