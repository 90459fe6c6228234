//! Review: what a person should look at.

use super::cells::Cells;
use super::scene::{Placed, Scene, Story};
use super::table::{Place, Why};
use crate::ledger::Row;
use std::collections::BTreeSet;

/// Why an item is in review; empty if it is not.
fn whys(placed: &Placed<'_>) -> Vec<Why> {
    let cluster = placed.item.burst.then_some(Why::DomainCluster);
    match &placed.place {
        Place::Review(whys) => whys.clone(),
        Place::Unconfirmed => std::iter::once(Why::Unconfirmed).chain(cluster).collect(),
        Place::Confirmed => cluster.into_iter().collect(),
        _ => Vec::new(),
    }
}

impl<'a> Scene<'a> {
    /// `review`: one row an address; what names nobody has one each.
    pub(super) fn review(&self) -> Vec<Row> {
        self.stories
            .iter()
            .filter_map(|s| self.doubtful(s))
            .collect()
    }

    fn doubtful(&self, story: &Story<'a>) -> Option<Row> {
        let all: BTreeSet<Why> = story.items.iter().flat_map(whys).collect();
        let item = story.latest(|p| !whys(p).is_empty())?.item;
        let why: Vec<&str> = all.into_iter().map(Why::as_str).collect();
        let event_id = item.event_id.to_string();
        let category = item.category.map(|c| c.as_str()).unwrap_or_default();
        let line = Cells::default()
            .exact(story.address)
            .exact(self.text(item.mailbox))
            .all(why.iter().copied())
            .text(category)
            .text(&confidence(item.confidence))
            .text(&self.reply(item))
            .text(&event_id)
            .line();
        let nameless = story.address.is_empty();
        Some(Row {
            address: story.address.to_owned(),
            part: if nameless {
                event_id.clone()
            } else {
                String::new()
            },
            line,
            reason: Some(why.join(";")),
            event_id: Some(event_id),
            ..Row::default()
        })
    }
}

/// Hundredths as events write them: `0.9`, `0.75`.
fn confidence(hundredths: u8) -> String {
    (f64::from(hundredths) / 100.0).to_string()
}
