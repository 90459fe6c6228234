//! Skip lists: who bounced in one mailbox is mailed by no other of the workspace (S2, S3).

use super::cells::{BOUNCED, Cells, cells_of, status};
use super::files;
use super::scene::{Import, Placed, Scene, Story};
use super::table::Place;
use super::teams::Teams;
use crate::ledger::Row;
use std::collections::BTreeSet;

/// How the parts begin: in the order in which they speak for an address.
const SHARED: char = '1';
const OWN: char = '2';
const IMPORTED: char = '3';

fn part(row: Row, kind: char, name: &str) -> Row {
    Row {
        part: format!("{kind}{name}"),
        ..row
    }
}

/// The parts whose rows count as those of the lists of a workspace.
pub fn parts_of(workspace: &str) -> [String; 2] {
    [SHARED, IMPORTED].map(|kind| format!("{kind}{workspace}"))
}

/// The parts of the skip list of a mailbox, one a line.
pub fn parts(mailbox: &str, teams: &Teams) -> String {
    let of = |kind: char| teams.having(mailbox).map(move |w| format!("{kind}{w}"));
    let own = std::iter::once(format!("{OWN}{mailbox}"));
    let all: Vec<String> = of(SHARED).chain(own).chain(of(IMPORTED)).collect();
    all.join("\n")
}

/// The mailbox whose skip list has these parts.
pub fn mailbox_of(parts: &str) -> Option<&str> {
    parts.lines().find_map(|p| p.strip_prefix(OWN))
}

/// The list that a part of the rows is on, for the audit.
pub fn list_of(part: &str) -> String {
    part.strip_prefix(OWN)
        .map_or_else(|| files::SKIPS.to_owned(), files::skip_list)
}

/// A stored line as the list of a mailbox shows it: only where it bounced the reply is told.
pub fn shown(line: String, mailbox: &str) -> String {
    let cells = cells_of(&line);
    let [address, _, origin, since, event_id] = cells.as_slice() else {
        return line;
    };
    if origin == mailbox || origin.is_empty() {
        return line;
    }
    Cells::default()
        .exact(address)
        .text(&format!("{BOUNCED}bounced in {origin}"))
        .exact(origin)
        .text(since)
        .text(event_id)
        .line()
}

impl<'a> Scene<'a> {
    /// The rows of all skip lists, each once: who is skipped by a whole workspace, or by
    /// one mailbox. [`parts`] says which of them a mailbox has.
    pub(super) fn skips(&self) -> Vec<Row> {
        let named = self.stories.iter().filter(|s| !s.address.is_empty());
        named.flat_map(|story| self.skips_of(story)).collect()
    }

    fn skips_of(&self, story: &Story<'a>) -> Vec<Row> {
        let shared = story.workspaces().into_iter().filter_map(|workspace| {
            let event = origin(story, workspace).map(|placed| {
                let row = self.skipped(story, placed);
                part(row, SHARED, workspace)
            });
            let import = || {
                let import = story.import(Some(workspace), false)?;
                Some(part(taken_over(story, import), IMPORTED, workspace))
            };
            event.or_else(import)
        });
        let mailboxes: BTreeSet<&str> = story
            .items
            .iter()
            .filter(|p| p.place == Place::Unconfirmed)
            .map(|p| self.text(p.item.mailbox))
            .filter(|m| !m.is_empty())
            .collect();
        let own = mailboxes.into_iter().filter_map(|mailbox| {
            let unconfirmed = |p: &Placed<'a>| {
                p.place == Place::Unconfirmed && self.text(p.item.mailbox) == mailbox
            };
            let placed = story.earliest(unconfirmed)?;
            Some(part(self.skipped(story, placed), OWN, mailbox))
        });
        shared.chain(own).collect()
    }

    /// The skip list of a mailbox.
    pub(super) fn skip(&self, mailbox: &str) -> Vec<Row> {
        let own = parts(mailbox, &self.teams);
        let own: BTreeSet<&str> = own.lines().collect();
        let mut rows = self.skip_parts();
        rows.retain(|r| own.contains(r.part.as_str()));
        // The first part speaks.
        rows.dedup_by(|b, a| a.address == b.address);
        let seen = |row: Row| Row {
            line: shown(row.line, mailbox),
            part: String::new(),
            ..row
        };
        rows.into_iter().map(seen).collect()
    }

    fn skipped(&self, story: &Story<'a>, placed: &Placed<'a>) -> Row {
        let item = placed.item;
        let status = status(item.code, self.text(item.enhanced), &self.reply(item));
        let event_id = item.event_id.to_string();
        let line = Cells::default()
            .exact(story.address)
            .text(&status)
            .exact(self.text(item.mailbox))
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
