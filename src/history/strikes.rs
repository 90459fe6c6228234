//! When soft bounces become final (T3).

use super::facts::Facts;
use super::item::{Item, day};
use super::names::{Id, Names};
use crate::event::Stream;
use crate::policy::Escalation as Limits;
use crate::vocab::{Category, Fault, Kind};
use hashbrown::{HashMap, HashSet};

/// The soft bounces of an address in one workspace became final.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Escalation {
    /// Recipient key.
    pub address: Id,
    /// The workspace that has seen it: one team's strikes are not another's.
    pub workspace: Id,
    /// The item that was one too many, as an index into [`super::History::items`].
    pub item: usize,
    /// The strikes since the last reset, oldest first, this one last: indexes, too.
    pub trail: Vec<usize>,
}

/// Domains and UTC days on which so many addresses soft-bounced that it was the
/// domain's outage.
#[derive(Debug, Default)]
pub(super) struct Outages(HashSet<(Id, i64)>);

impl Outages {
    /// `items` by address.
    pub(super) fn of(items: &[Item], limits: &Limits) -> Self {
        let mut counts: HashMap<(Id, i64), u32> = HashMap::new();
        for address in items.chunk_by(|a, b| a.address == b.address) {
            let days: HashSet<(Id, i64)> = address
                .iter()
                .filter(|i| is_soft(i) && !i.is_stray())
                .filter_map(|i| Some((i.domain?, i.day()?)))
                .collect();
            for place in days {
                *counts.entry(place).or_default() += 1;
            }
        }
        let many = |(place, n)| (n >= limits.outage_addresses).then_some(place);
        Outages(counts.into_iter().filter_map(many).collect())
    }

    /// Those that are known.
    pub(super) fn known(facts: &Facts, names: &Names) -> Self {
        let of = |(domain, day): &(String, i64)| Some((names.get(domain)?, *day));
        Outages(facts.outages.iter().filter_map(of).collect())
    }

    /// The days of a domain.
    pub(super) fn days(&self, domain: Option<Id>) -> HashSet<i64> {
        let own = self.0.iter().filter(|(d, _)| Some(*d) == domain);
        own.map(|(_, day)| *day).collect()
    }

    fn hit(&self, item: &Item) -> bool {
        match (item.domain, item.day()) {
            (Some(domain), Some(day)) => self.0.contains(&(domain, day)),
            _ => false,
        }
    }
}

fn is_soft(item: &Item) -> bool {
    item.kind == Kind::Failed && item.category == Some(Category::SoftBounceMailbox)
}

/// A strike: it blames the address, or the provider on a day when the provider had no
/// outage. Undated ones fall on no day.
fn is_strike(item: &Item, outages: &Outages) -> bool {
    let blamed = match item.fault {
        Some(Fault::Recipient) => true,
        Some(Fault::Provider) => !outages.hit(item),
        _ => false,
    };
    is_soft(item)
        && blamed
        && item.at().is_some()
        && item.stream == Stream::Campaign
        && !item.is_for_review()
        && !item.spent
}

/// What one workspace has seen of an address since its last reset.
#[derive(Default)]
struct Count {
    strikes: Vec<usize>,
    escalated: bool,
}

/// Marks the items of one address, in time order; `start` is the index of the first.
pub(super) fn mark(
    items: &mut [Item],
    start: usize,
    outages: &Outages,
    limits: &Limits,
    out: &mut Vec<Escalation>,
) {
    let mut counts: HashMap<Id, Count> = HashMap::new();
    for n in 0..items.len() {
        let Some(item) = items.get(n).copied() else {
            break;
        };
        if matches!(item.kind, Kind::Delivered | Kind::AutoReply) && item.at().is_some() {
            counts.clear();
            continue;
        }
        if !is_strike(&item, outages) {
            continue;
        }
        let count = counts.entry(item.workspace).or_default();
        count.strikes.push(n);
        let last = !count.escalated && is_final(&count.strikes, items, limits);
        if let (true, Some(address)) = (last, item.address) {
            count.escalated = true;
            out.push(Escalation {
                address,
                workspace: item.workspace,
                item: start + n,
                trail: count.strikes.iter().map(|s| start + s).collect(),
            });
        }
        if let Some(item) = items.get_mut(n) {
            item.strike = true;
            item.escalates = last;
        }
    }
}

/// True if the last of the strikes is one too many.
fn is_final(strikes: &[usize], items: &[Item], limits: &Limits) -> bool {
    if strikes.len() >= limits.bounces as usize {
        return true;
    }
    let times = || strikes.iter().filter_map(|&s| items.get(s)?.at());
    let Some(last) = times().next_back() else {
        return false;
    };
    let window = limits.window.as_secs();
    let days: HashSet<i64> = times().filter(|t| last - t <= window).map(day).collect();
    days.len() >= limits.strikes as usize
}
