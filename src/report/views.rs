//! What tables and pages show beside the JSON (P6).

use super::filter::Filter;
use super::rates;
use super::sends::Sends;
use super::summary::{Excess, Figures, Slice, Summary, Template};
use super::tally::{Key, Slices, Tally};
use super::{date, when};
use crate::history::{History, Id, Item};
use crate::policy::Thresholds;
use crate::vocab::Category;
use hashbrown::HashMap;
use std::collections::BTreeSet;

/// Days of the trend.
const TREND: i64 = 30;
/// Most slices of the distribution.
const SLICES: i64 = 40;
/// Most domains and templates that are kept.
const LISTED: usize = 100;

/// First and last UTC day of the period, inclusive.
pub type Days = (i64, i64);

/// Slices of days, weeks, four weeks … so that there are not too many.
pub fn slices((first, last): Days) -> Slices {
    let days = last - first + 1;
    let fits = |n: &i64| days <= SLICES * n;
    let length = [1, 7, 28, 91, 364].into_iter().find(fits);
    Slices {
        first,
        days: length.unwrap_or((days - 1) / SLICES + 1),
    }
}

/// Makes slices of figures.
pub struct Cutter<'a> {
    /// Recipients by group.
    pub tally: &'a Tally,
    /// The sent log.
    pub sends: Option<&'a Sends>,
    /// The bands.
    pub thresholds: &'a Thresholds,
}

impl Cutter<'_> {
    /// The last 30 days.
    pub fn trend(&self, (first, last): Days) -> Vec<Slice> {
        let first = first.max(last - TREND + 1);
        (first..=last)
            .map(|day| self.slice(Key::Day(day), day, 1))
            .collect()
    }

    /// The whole period.
    pub fn distribution(&self, (first, last): Days) -> Vec<Slice> {
        let slices = slices((first, last));
        (0..=slices.of(last))
            .map(|n| {
                let start = first + n * slices.days;
                let days = slices.days.min(last - start + 1);
                self.slice(Key::Slice(n), start, days)
            })
            .collect()
    }

    fn slice(&self, key: Key, first: i64, days: i64) -> Slice {
        let mut figures: Figures = self.tally.figures(key);
        let of_day = |s: &Sends, day| s.days.get(&day).copied().unwrap_or_default();
        let sent = self
            .sends
            .map(|s| (first..first + days).map(|d| of_day(s, d)).sum());
        rates::fill(&mut figures, sent, self.thresholds);
        Slice {
            day: date(first),
            days: u32::try_from(days).unwrap_or_default(),
            figures,
        }
    }
}

/// Domains by how many more bounced there than the overall rate lets expect.
pub fn worst_domains(summary: &Summary) -> Vec<Excess> {
    let totals = &summary.totals;
    let overall = totals
        .sent
        .filter(|s| *s > 0)
        .map(|s| totals.bounced as f64 / s as f64);
    let known = overall.filter(|_| summary.by.domain.iter().any(|g| g.figures.sent.is_some()));
    let one = |g: &super::summary::Group| {
        let f = &g.figures;
        let expected = known.zip(f.sent).map(|(rate, sent)| rate * sent as f64);
        Excess {
            domain: g.key.clone(),
            sent: f.sent,
            bounced: f.bounced,
            rate: f.rate,
            expected,
            excess: expected.map(|e| f.bounced as f64 - e),
        }
    };
    let bad = |e: &Excess| e.bounced > 0 && e.excess.is_none_or(|x| x > 0.0);
    let mut all: Vec<Excess> = summary.by.domain.iter().map(one).filter(bad).collect();
    all.sort_by(|a, b| {
        let worst = b
            .excess
            .unwrap_or_default()
            .total_cmp(&a.excess.unwrap_or_default());
        worst
            .then_with(|| b.bounced.cmp(&a.bounced))
            .then_with(|| a.domain.cmp(&b.domain))
    });
    all.truncate(LISTED);
    all
}

/// Subjects that were refused for their content.
pub fn templates(history: &History, filter: &Filter) -> Vec<Template> {
    let refused = |i: &&Item| {
        i.counts()
            && i.category == Some(Category::SoftBounceContent)
            && filter.in_period(i.at())
            && filter.fits(i, history)
    };
    let mut by_subject: HashMap<Option<Id>, Vec<&Item>> = HashMap::new();
    for item in history.items().iter().filter(refused) {
        by_subject.entry(item.subject).or_default().push(item);
    }
    let text = |id: Id| history.text(id).to_owned();
    let mut all: Vec<Template> = by_subject
        .iter()
        .map(|(subject, items)| {
            let distinct = |of: fn(&Item) -> Option<Id>| -> BTreeSet<String> {
                items.iter().filter_map(|i| of(i)).map(text).collect()
            };
            let campaigns = distinct(|i| i.campaign);
            let times = || items.iter().filter_map(|i| i.at());
            Template {
                subject: subject.map(text).unwrap_or_default(),
                campaign: campaigns.first().filter(|_| campaigns.len() == 1).cloned(),
                rejections: distinct(|i| i.address).len() as u64,
                mailboxes: distinct(|i| i.mailbox).into_iter().collect(),
                first: times().min().map(when),
                last: times().max().map(when),
            }
        })
        .collect();
    all.sort_by(|a, b| {
        b.rejections
            .cmp(&a.rejections)
            .then_with(|| a.subject.cmp(&b.subject))
    });
    all.truncate(LISTED);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p6_a_period_has_at_most_forty_slices() {
        for (last, days) in [
            (0, 1),
            (38, 1),
            (39, 1),
            (40, 7),
            (279, 7),
            (280, 28),
            (20_000, 501),
        ] {
            let slices = slices((0, last));
            assert_eq!(slices.days, days, "{last}");
            assert!(slices.of(last) < SLICES, "{last}");
        }
    }
}
