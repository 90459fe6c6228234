//! Skip lists: who bounced in one mailbox is mailed by no other of the workspace (S2, S3).

use super::cells::{BOUNCED, Cells, status};
use super::files;
use super::scene::{Import, Placed, Scene, Story};
use super::table::Place;
use crate::ledger::Row;
use std::collections::BTreeSet;

impl<'a> Scene<'a> {
    /// Rows of all skip lists together.
    pub fn skip_rows(&self) -> u64 {
        let shared = |workspace: &str| -> u64 {
            let rows = self.finals.get(workspace).map_or(0, Vec::len) as u64;
            rows * self.teams.of_workspace(workspace).count() as u64
        };
        self.teams.names().map(shared).sum()
    }

    /// True if the skip lists are to be written: there are not too many rows, or it was
    /// asked for.
    pub fn writes_skips(&self) -> bool {
        let most = u64::from(self.question.policy.lists.skip_rows);
        self.question.all_skips || self.skip_rows() <= most
    }

    /// The names of the skip lists.
    pub fn skip_lists(&self) -> BTreeSet<String> {
        let mailboxes = self.teams.mailboxes();
        mailboxes.into_iter().map(files::skip_list).collect()
    }

    /// The skip list of a mailbox.
    pub(super) fn skip(&self, mailbox: &str) -> Vec<Row> {
        let names: Vec<&str> = self.teams.names().collect();
        let here = |w: &&str| self.teams.of_workspace(w).any(|m| m == mailbox);
        let workspaces: Vec<&str> = names.into_iter().filter(here).collect();
        let row = |n: usize| {
            let story = self.stories.get(n)?;
            let shared = workspaces.iter().find_map(|w| origin(story, w));
            let own = || {
                story.earliest(|p| {
                    p.place == Place::Unconfirmed && self.text(p.item.mailbox) == mailbox
                })
            };
            let import = || workspaces.iter().find_map(|w| story.import(Some(w), false));
            match shared.or_else(own) {
                Some(placed) => Some(self.skipped(story, placed, mailbox)),
                None => import().map(|i| taken_over(story, i)),
            }
        };
        let shared = workspaces
            .iter()
            .filter_map(|w| self.finals.get(w))
            .flatten();
        let all: BTreeSet<usize> = shared.chain(&self.unconfirmed).copied().collect();
        all.into_iter().filter_map(row).collect()
    }

    fn skipped(&self, story: &Story<'a>, placed: &Placed<'a>, mailbox: &str) -> Row {
        let item = placed.item;
        let origin = self.text(item.mailbox);
        let status = if origin == mailbox || origin.is_empty() {
            status(item.code, self.text(item.enhanced), &self.reply(item))
        } else {
            format!("{BOUNCED}bounced in {origin}")
        };
        let event_id = item.event_id.to_string();
        let line = Cells::default()
            .exact(story.address)
            .text(&status)
            .exact(origin)
            .time(item.at())
            .text(&event_id)
            .line();
        Row {
            address: story.address.to_owned(),
            line,
            reason: Some("hard_bounce".to_owned()),
            event_id: Some(event_id),
            ..Row::default()
        }
    }
}

/// The row of an address that came with a list from elsewhere.
fn taken_over(story: &Story<'_>, import: &Import<'_>) -> Row {
    let line = Cells::default()
        .exact(story.address)
        .text(&format!("{BOUNCED}on an imported list"))
        .exact("")
        .time(Some(import.at))
        .text("")
        .line();
    Row {
        address: story.address.to_owned(),
        line,
        reason: Some("hard_bounce".to_owned()),
        ..Row::default()
    }
}

/// What an address is skipped for in a whole workspace.
fn origin<'s, 'a>(story: &'s Story<'a>, workspace: &str) -> Option<&'s Placed<'a>> {
    story.earliest(|p| p.is_final() && p.workspace == workspace)
}
