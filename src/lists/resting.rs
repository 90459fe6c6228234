//! What waits without blame: out-of-office, refused templates, mailboxes in warm-up.

use super::cells::Cells;
use super::scene::{Scene, Story};
use super::table::Place;
use crate::history::{Id, Item};
use crate::ledger::Row;
use jiff::civil::{Date, Weekday};
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
#[derive(Default)]
struct Heap<'a> {
    count: u64,
    first: Option<i64>,
    last: Option<i64>,
    texts: BTreeSet<&'a str>,
}

impl<'a> Heap<'a> {
    fn add(&mut self, item: &Item, text: &'a str) {
        self.count += 1;
        self.first = [self.first, item.at()].into_iter().flatten().min();
        self.last = self.last.max(item.at());
        if !text.is_empty() {
            self.texts.insert(text);
        }
    }
}

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
            escalated: false,
        })
    }

    /// `templates`: refused texts, by subject and campaign.
    pub(super) fn templates(&self) -> Vec<Row> {
        let subject = |i: &Item| (self.text(i.subject), self.text(i.campaign));
        let heaps = self.heaps(&Place::Template, subject, |i| self.text(i.mailbox));
        let row = |((subject, campaign), heap): ((&str, &str), Heap<'_>)| Row {
            address: subject.to_owned(),
            part: campaign.to_owned(),
            line: Cells::default()
                .text(subject)
                .text(campaign)
                .text(&heap.count.to_string())
                .all(heap.texts)
                .time(heap.first)
                .time(heap.last)
                .line(),
            reason: Some("soft_bounce_content".to_owned()),
            ..Row::default()
        };
        heaps.into_iter().map(row).collect()
    }

    /// `warmup-pause`: bounces of warm-up mail, by mailbox.
    pub(super) fn warmup(&self) -> Vec<Row> {
        let mailbox = |i: &Item| (self.text(i.mailbox), "");
        let reason = |i: &Item| i.reason.map(|r| r.as_str()).unwrap_or_default();
        let heaps = self.heaps(&Place::WarmupPause, mailbox, reason);
        let row = |((mailbox, _), heap): ((&str, &str), Heap<'_>)| {
            let reasons: Vec<&str> = heap.texts.iter().copied().collect();
            Row {
                address: mailbox.to_owned(),
                line: Cells::default()
                    .exact(mailbox)
                    .text(&heap.count.to_string())
                    .time(heap.last)
                    .all(reasons.iter().copied())
                    .line(),
                reason: Some(reasons.join(";")),
                ..Row::default()
            }
        };
        heaps.into_iter().map(row).collect()
    }

    fn heaps(
        &self,
        place: &Place,
        key: impl Fn(&Item) -> (&'a str, &'a str),
        text: impl Fn(&Item) -> &'a str,
    ) -> BTreeMap<(&'a str, &'a str), Heap<'a>> {
        let mut heaps: BTreeMap<(&str, &str), Heap<'a>> = BTreeMap::new();
        let all = self.stories.iter().flat_map(|s| &s.items);
        for placed in all.filter(|p| p.place == *place) {
            let item = placed.item;
            heaps.entry(key(item)).or_default().add(item, text(item));
        }
        heaps
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
