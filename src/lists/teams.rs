//! Workspaces and their mailboxes.

use crate::address;
use crate::history::{History, Item, What};
use crate::policy::Policy;
use std::collections::{BTreeMap, BTreeSet};

/// The workspace of what says none.
const DEFAULT: &str = "default";

/// The workspaces of the policy and of the events, with their mailboxes as keys.
#[derive(Clone, Debug, Default)]
pub struct Teams {
    mailboxes: BTreeMap<String, BTreeSet<String>>,
    known: BTreeSet<String>,
}

impl Teams {
    /// Those of the policy; where it names no mailboxes, those seen of late.
    pub fn of(history: &History, policy: &Policy, now: i64) -> Teams {
        let mut teams = Teams {
            known: policy.workspaces.keys().cloned().collect(),
            mailboxes: BTreeMap::new(),
        };
        let mut seen: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let oldest = now.saturating_sub(policy.lists.mailbox_seen.as_secs());
        for item in history.items() {
            let workspace = history.text(item.workspace);
            // What answers no mail of ours makes no workspace.
            let real = item.mailbox.is_some() || workspace != DEFAULT;
            if real && !item.is_stray() && !teams.known.contains(workspace) {
                teams.known.insert(workspace.to_owned());
            }
            let recent = item.at().is_none_or(|at| at > oldest);
            if let Some(mailbox) = item.mailbox.filter(|_| recent) {
                let mailbox = history.text(mailbox);
                seen.entry(workspace).or_default().insert(mailbox);
            }
        }
        for act in history.acts() {
            if let What::Import { workspace, .. } = &act.what
                && !teams.known.contains(workspace)
            {
                teams.known.insert(workspace.clone());
            }
        }
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
