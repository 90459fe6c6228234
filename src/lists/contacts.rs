//! What the sender's CRM should hold of each address (S12).

use super::cells::Cells;
use super::scene::{Placed, Scene, Story};
use super::table::Place;
use crate::ledger::Row;
use crate::vocab::words;
use std::collections::BTreeSet;

words! {
    /// The status of a contact; the first that fits.
    Status {
        /// It has complained.
        Complained = "complained",
        /// Its address is dead.
        Invalid = "invalid",
        /// Mail to it is to be tried again.
        Retrying = "retrying",
        /// It is away.
        OutOfOffice = "out_of_office",
        /// Nothing speaks against it, and nothing for it.
        Unverified = "unverified",
    }
}

impl<'a> Scene<'a> {
    /// `contacts`: one row an address.
    pub(super) fn contacts(&self) -> Vec<Row> {
        let named = self.stories.iter().filter(|s| !s.address.is_empty());
        named.map(|s| self.contact(s)).collect()
    }

    /// The status of an address and what speaks for it.
    fn status<'s>(&self, story: &'s Story<'a>) -> (Status, Option<&'s Placed<'a>>) {
        let complaint = story.earliest(|p| p.place == Place::Complaint);
        if complaint.is_some() || story.import(None, true).is_some() {
            return (Status::Complained, complaint);
        }
        let dead = story.earliest(Placed::is_final);
        if dead.is_some() || story.import(None, false).is_some() {
            return (Status::Invalid, dead);
        }
        if let Some(pending) = self.pending(story) {
            return (Status::Retrying, Some(pending.placed));
        }
        let away = story.latest(|p| p.place == Place::OutOfOffice);
        if let Some(p) = away.filter(|p| self.is_away(p.item.returns_on)) {
            return (Status::OutOfOffice, Some(p));
        }
        (Status::Unverified, story.latest(|p| !p.item.spent))
    }

    fn contact(&self, story: &Story<'a>) -> Row {
        let (status, placed) = self.status(story);
        let ids: BTreeSet<&str> = story
            .items
            .iter()
            .map(|p| self.text(p.item.contact))
            .filter(|id| !id.is_empty())
            .collect();
        let item = placed.map(|p| p.item);
        let reason = item.and_then(|i| i.reason).map(|r| r.as_str());
        let event_id = item.map(|i| i.event_id.to_string());
        // It came with a list from elsewhere, or all that it bounced for was taken back.
        let import = story.import(None, status == Status::Complained);
        let import = import.map(|i| (i.at, "imported"));
        let act = import.or_else(|| self.last_act(story.address));
        let act = act.filter(|_| placed.is_none());
        let since = item.map_or(act.map(|(at, _)| at), |i| i.at());
        let reason = reason.or(act.map(|(_, what)| what)).unwrap_or_default();
        let away = item.filter(|_| status == Status::OutOfOffice);
        let wake = away.and_then(|i| self.back(i.returns_on));
        let line = Cells::default()
            .exact(story.address)
            .all(ids)
            .text(status.as_str())
            .time(since)
            .text(reason)
            .text(event_id.as_deref().unwrap_or_default())
            .line();
        Row {
            address: story.address.to_owned(),
            line,
            reason: Some(status.as_str().to_owned()),
            event_id,
            wake,
            ..Row::default()
        }
    }
}
