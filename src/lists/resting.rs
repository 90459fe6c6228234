//! What waits without blame: out-of-office, refused templates, mailboxes in warm-up.

use super::cells::Cells;
use super::scene::{Scene, Story};
use super::table::Place;
use crate::history::{Id, Item};
use crate::ledger::Row;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The first Monday to Friday on or after a day (`2026-11-28`).
pub fn resume(returns_on: &str) -> Option<Date> {
    let day: Date = returns_on.parse().ok()?;
    let wait = match day.weekday() {
        Weekday::Saturday => 2,
        Weekday::Sunday => 1,
        _ => 0,
    };
    day.checked_add(jiff::Span::new().days(wait)).ok()
}

/// Some items of one thing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heap {
    count: u64,
    first: Option<i64>,
    last: Option<i64>,
    texts: BTreeSet<String>,
}

impl Heap {
    fn add(&mut self, item: &Item, text: &str) {
        self.count += 1;
        self.first = [self.first, item.at()].into_iter().flatten().min();
        self.last = self.last.max(item.at());
        if !text.is_empty() {
            self.texts.insert(text.to_owned());
        }
    }

    /// Puts another one on it.
    pub fn merge(&mut self, other: Heap) {
        self.count += other.count;
        self.first = [self.first, other.first].into_iter().flatten().min();
        self.last = self.last.max(other.last);
        self.texts.extend(other.texts);
    }

    /// The row of `templates` of a subject and campaign.
    pub fn template(&self, subject: &str, campaign: &str) -> Row {
        Row {
            address: subject.to_owned(),
            part: campaign.to_owned(),
            line: Cells::default()
                .text(subject)
                .text(campaign)
                .text(&self.count.to_string())
                .all(self.texts.iter().map(String::as_str))
                .time(self.first)
                .time(self.last)
                .line(),
            reason: Some("soft_bounce_content".to_owned()),
            ..Row::default()
        }
    }

    /// The row of `warmup-pause` of a mailbox.
    pub fn warmup(&self, mailbox: &str) -> Row {
        let reasons: Vec<&str> = self.texts.iter().map(String::as_str).collect();
        Row {
            address: mailbox.to_owned(),
            line: Cells::default()
                .exact(mailbox)
                .text(&self.count.to_string())
                .time(self.last)
                .all(reasons.iter().copied())
                .line(),
            reason: Some(reasons.join(";")),
            ..Row::default()
        }
    }
}

/// What a row that stands for many is about: subject and campaign, or mailbox.
pub type Thing = (String, String);

impl<'a> Scene<'a> {
    /// `out-of-office`: the last automatic answer of each address.
    pub(super) fn out_of_office(&self) -> Vec<Row> {
        self.stories.iter().filter_map(|s| self.away(s)).collect()
    }

    fn away(&self, story: &Story<'a>) -> Option<Row> {
        let item = story.latest(|p| p.place == Place::OutOfOffice)?.item;
        let returns_on = self.text(item.returns_on);
        let resume_on = resume(returns_on);
        let event_id = item.event_id.to_string();
        let line = Cells::default()
            .exact(story.address)
            .exact(self.text(item.mailbox))
            .text(resume_on.map(|_| returns_on).unwrap_or_default())
            .text(&resume_on.map(|d| d.to_string()).unwrap_or_default())
            .text(&event_id)
            .line();
        Some(Row {
            address: story.address.to_owned(),
            // Answers of nobody in particular stay apart.
            part: if story.address.is_empty() {
                event_id.clone()
            } else {
                String::new()
            },
            line,
            reason: Some("vacation".to_owned()),
            event_id: Some(event_id),
            ..Row::default()
        })
    }

    /// `templates`: refused texts, by subject and campaign.
    pub(super) fn templates(&self) -> Vec<Row> {
        let heaps = self.stories.iter().map(|s| self.refused(s));
        let all = piled(heaps).into_iter();
        all.map(|((s, c), heap)| heap.template(&s, &c)).collect()
    }

    /// `warmup-pause`: bounces of warm-up mail, by mailbox.
    pub(super) fn warmup(&self) -> Vec<Row> {
        let heaps = self.stories.iter().map(|s| self.warming(s));
        let all = piled(heaps).into_iter();
        all.map(|((mailbox, _), heap)| heap.warmup(&mailbox))
            .collect()
    }

    /// What a story adds to `templates`.
    pub(super) fn refused(&self, story: &Story<'a>) -> BTreeMap<Thing, Heap> {
        let subject = |i: &Item| (self.text(i.subject), self.text(i.campaign));
        heaps(story, &Place::Template, subject, |i| self.text(i.mailbox))
    }

    /// What a story adds to `warmup-pause`.
    pub(super) fn warming(&self, story: &Story<'a>) -> BTreeMap<Thing, Heap> {
        let mailbox = |i: &Item| (self.text(i.mailbox), "");
        let reason = |i: &Item| i.reason.map(|r| r.as_str()).unwrap_or_default();
        heaps(story, &Place::WarmupPause, mailbox, reason)
    }

    /// When an address will be back, in Unix seconds.
    pub(super) fn back(&self, returns_on: Option<Id>) -> Option<i64> {
        let resume = resume(self.text(returns_on))?;
        let zone = self.question.policy.zone().clone();
        Some(zone.to_timestamp(resume.at(0, 0, 0, 0)).ok()?.as_second())
    }

    /// True while an address is out of office: until the day on which to go on, or, where
    /// no date was read, for good.
    pub(super) fn is_away(&self, returns_on: Option<Id>) -> bool {
        let now = jiff::Timestamp::from_second(self.question.now).ok();
        let today = now.map(|t| self.question.policy.zone().to_datetime(t).date());
        match (resume(self.text(returns_on)), today) {
            (Some(resume), Some(today)) => today < resume,
            _ => true,
        }
    }
}

fn piled(heaps: impl Iterator<Item = BTreeMap<Thing, Heap>>) -> BTreeMap<Thing, Heap> {
    let mut all: BTreeMap<Thing, Heap> = BTreeMap::new();
    for (thing, heap) in heaps.flatten() {
        all.entry(thing).or_default().merge(heap);
    }
    all
}

fn heaps<'a>(
    story: &Story<'a>,
    place: &Place,
    key: impl Fn(&Item) -> (&'a str, &'a str),
    text: impl Fn(&Item) -> &'a str,
) -> BTreeMap<Thing, Heap> {
    let mut heaps: BTreeMap<Thing, Heap> = BTreeMap::new();
    for placed in story.items.iter().filter(|p| p.place == *place) {
        let (item, (a, b)) = (placed.item, key(placed.item));
        let heap = heaps.entry((a.to_owned(), b.to_owned())).or_default();
        heap.add(item, text(item));
    }
    heaps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t2_sequences_go_on_on_a_working_day() {
        for (returns_on, expected) in [
            ("2026-11-27", Some("2026-11-27")),
            ("2026-11-28", Some("2026-11-30")),
            ("2026-11-29", Some("2026-11-30")),
            ("2026-11-30", Some("2026-11-30")),
            ("9999-12-31", Some("9999-12-31")),
            ("soon", None),
            ("", None),
        ] {
            let got = resume(returns_on).map(|d| d.to_string());
            assert_eq!(got.as_deref(), expected, "{returns_on}");
        }
    }
}
