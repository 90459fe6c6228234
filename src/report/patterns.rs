//! What a human should look at (P5, C9, S10).

mod domains;
mod rates;
mod sources;

use super::advice;
use super::filter::Filter;
use super::sends::Sends;
use super::summary::{Alert, Figures, Group, Pattern, Summary, Value};
use crate::history::{History, Item};
use crate::policy::Patterns as Limits;

/// The key of an alert about everything.
const TOTAL: &str = "total";

/// What the patterns are looked for in.
pub struct Scene<'a> {
    /// The bounces, with their bursts found.
    pub history: &'a History,
    /// Period and filters.
    pub filter: &'a Filter,
    /// The sent log, where there is one.
    pub sends: Option<&'a Sends>,
    /// `[patterns]`.
    pub limits: &'a Limits,
    /// The clock, in Unix seconds.
    pub now: i64,
}

impl<'a> Scene<'a> {
    /// The items that filter and period let pass.
    fn items(&self) -> impl Iterator<Item = &'a Item> {
        let (history, filter) = (self.history, self.filter);
        let items = history.items().iter();
        items.filter(move |i| filter.in_period(i.at()) && filter.fits(i, history))
    }
}

/// The alerts that the figures of a report and the bounces behind them give, by pattern
/// and key.
pub fn find(scene: &Scene<'_>, summary: &Summary) -> Vec<Alert> {
    let mut out = Vec::new();
    rates::find(scene, summary, &mut out);
    sources::find(scene, summary, &mut out);
    domains::find(scene, summary, &mut out);
    out.sort_by(|a, b| (a.pattern, &a.key).cmp(&(b.pattern, &b.key)));
    out
}

/// An alert with the advice of its pattern.
fn alert(pattern: Pattern, key: &str, value: Value, threshold: Value, evidence: String) -> Alert {
    Alert {
        pattern,
        key: key.to_owned(),
        value,
        threshold,
        evidence,
        advice: advice::of_pattern(pattern),
    }
}

/// The totals and the groups of a list, each with its key.
fn with_total<'s>(
    summary: &'s Summary,
    groups: &'s [Group],
) -> impl Iterator<Item = (&'s str, &'s Figures)> {
    let groups = groups.iter().map(|g| (g.key.as_str(), &g.figures));
    std::iter::once((TOTAL, &summary.totals)).chain(groups)
}
