//! Suppression of a workspace, and global suppression (S1, S4).

use super::cells::{Cells, code, flags, when};
use super::files::COMPLAINT;
use super::scene::{Import, Placed, Scene, Story};
use super::table::Place;
use crate::ledger::Row;

/// The reason of hard bounces, and of soft ones that became final.
const HARD: &str = "hard_bounce";

/// Of what speaks for a row: a complaint before a bounce, then the earliest.
fn speaker<'s, 'a>(
    story: &'s Story<'a>,
    fits: impl Fn(&Placed<'a>) -> bool,
) -> Option<(&'s Placed<'a>, &'static str)> {
    let complaint = story.earliest(|p| p.place == Place::Complaint && fits(p));
    let bounce = || {
        story
            .earliest(|p| p.is_final() && fits(p))
            .map(|p| (p, HARD))
    };
    complaint.map(|p| (p, COMPLAINT)).or_else(bounce)
}

/// The import that speaks: a complaint first, then the earliest.
fn imported<'s, 'a>(story: &'s Story<'a>, workspace: Option<&str>) -> Option<&'s Import<'a>> {
    let complaint = story.import(workspace, true);
    complaint.or_else(|| story.import(workspace, false))
}

fn reason_of(import: &Import<'_>) -> &'static str {
    if import.complaint { COMPLAINT } else { HARD }
}

fn global_import(story: &Story<'_>, import: &Import<'_>) -> Row {
    let line = Cells::default()
        .exact(story.address)
        .text(COMPLAINT)
        .time(Some(import.at))
        .text(import.workspace)
        .text("")
        .line();
    Row {
        address: story.address.to_owned(),
        line,
        reason: Some(COMPLAINT.to_owned()),
        ..Row::default()
    }
}

impl<'a> Scene<'a> {
    /// The row of an address that came with a list from elsewhere.
    fn taken_over(&self, story: &Story<'a>, import: &Import<'a>) -> Row {
        let reason = reason_of(import);
        let blank = Cells::default()
            .exact(story.address)
            .text(reason)
            .text(import.workspace)
            .time(Some(import.at));
        let line = (0..7).fold(blank, |cells, _| cells.text("")).line();
        Row {
            address: story.address.to_owned(),
            part: import.workspace.to_owned(),
            line,
            reason: Some(reason.to_owned()),
            ..Row::default()
        }
    }

    /// `suppression`: one row an address and workspace.
    pub(super) fn suppression(&self) -> Vec<Row> {
        let of = |story: &Story<'a>| -> Vec<Row> {
            let row = |w: &str| self.suppressed(story, w);
            story.workspaces().into_iter().filter_map(row).collect()
        };
        self.stories.iter().flat_map(of).collect()
    }

    /// Events speak before imports, complaints before bounces.
    fn suppressed(&self, story: &Story<'a>, workspace: &str) -> Option<Row> {
        let event = speaker(story, |p| p.workspace == workspace);
        let import = imported(story, Some(workspace));
        let (placed, reason) = match (event, import) {
            (Some((_, HARD)) | None, Some(i)) if i.complaint || event.is_none() => {
                return Some(self.taken_over(story, i));
            }
            (event, _) => event?,
        };
        let all = || story.items.iter().filter(|p| p.workspace == workspace);
        let ours = || all().filter(|p| p.is_final() || p.place == Place::Complaint);
        let item = placed.item;
        let escalated = placed.place == Place::Escalated;
        let mut more = Vec::new();
        if ours().any(|p| p.item.burst) {
            more.push("domain_cluster");
        }
        if escalated {
            more.push("escalated_from:soft_bounce_mailbox");
        }
        let repeat = if ours().any(|p| p.item.repeat) {
            "true"
        } else {
            ""
        };
        let event_id = item.event_id.to_string();
        let line = Cells::default()
            .exact(story.address)
            .text(reason)
            .text(workspace)
            .time(item.at())
            .exact(self.text(item.mailbox))
            .text(&code(item))
            .text(self.text(item.enhanced))
            .text(&self.reply(item))
            .text(&event_id)
            .text(repeat)
            .text(&flags(item, &more))
            .line();
        Some(Row {
            address: story.address.to_owned(),
            part: workspace.to_owned(),
            line,
            reason: Some(reason.to_owned()),
            event_id: Some(event_id),
            escalated,
            wake: None,
        })
    }

    /// `global-suppression`: complaints, and hard bounces that two workspaces confirm.
    pub(super) fn global(&self) -> Vec<Row> {
        self.stories
            .iter()
            .filter_map(|s| self.everywhere(s))
            .collect()
    }

    fn everywhere(&self, story: &Story<'a>) -> Option<Row> {
        let counts = |p: &Placed<'a>| p.place == Place::Complaint || p.partner.is_some();
        let import = story.import(None, true);
        let (placed, reason) = match (speaker(story, counts), import) {
            (Some((_, HARD)) | None, Some(i)) => return Some(global_import(story, i)),
            (event, _) => event?,
        };
        let ours = story.items.iter().filter(|p| counts(p));
        let mut workspaces: Vec<&str> = ours
            .flat_map(|p| [Some(p.workspace), p.partner])
            .flatten()
            .collect();
        workspaces.sort_unstable();
        workspaces.dedup();
        let event_id = placed.item.event_id.to_string();
        let line = Cells::default()
            .exact(story.address)
            .text(reason)
            .text(&placed.item.at().map(when).unwrap_or_default())
            .all(workspaces)
            .text(&event_id)
            .line();
        Some(Row {
            address: story.address.to_owned(),
            line,
            reason: Some(reason.to_owned()),
            event_id: Some(event_id),
            ..Row::default()
        })
    }

    /// True if an address is suppressed in a workspace.
    pub(super) fn is_suppressed(story: &Story<'a>, workspace: &str) -> bool {
        speaker(story, |p| p.workspace == workspace).is_some()
            || imported(story, Some(workspace)).is_some()
            || story.import(None, true).is_some()
            || story
                .items
                .iter()
                .any(|p| p.place == Place::Complaint || p.partner.is_some())
    }
}
