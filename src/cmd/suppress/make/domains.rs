//! The facts of domains: found anew where something is new.
//!
//! A new event bears upon others of its domain only within the spans of the policy: the UTC
//! day (outages), the window of bursts, the span in which two workspaces confirm each
//! other. So it is enough to look at what lies so near. Of all addresses with an event
//! there, all events are read: one failure may be told more than once.

use super::stories::Names;
use super::{PORTION, Work};
use crate::address;
use crate::event::Stream;
use crate::history::{EventId, Facts, History, Item, What, day, is_burst};
use crate::ledger::{LedgerError, Moments};
use crate::lists::partners;
use crate::vocab::{Category, Kind};
use hashbrown::HashMap;
use std::collections::{BTreeMap, BTreeSet};

/// Events of one domain that are looked at together.
const ZONE: u32 = 10_000;

/// Where something is new: moments by domain.
type Zones = BTreeMap<String, Vec<Moments>>;

/// What the facts of a domain are made of.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Telling {
    address: String,
    at: Option<i64>,
    event_id: EventId,
    workspace: String,
    kind: Kind,
    category: Option<Category>,
    /// Confirmed, spent, held, for review.
    counts: [bool; 4],
    stream: Stream,
}

/// Joins spans that overlap or touch.
fn joined(mut spans: Vec<Moments>) -> Vec<Moments> {
    spans.sort_unstable();
    let mut out: Vec<Moments> = Vec::new();
    for (from, to) in spans {
        match out.last_mut() {
            Some(last) if from <= last.1.saturating_add(1) => last.1 = last.1.max(to),
            _ => out.push((from, to)),
        }
    }
    out
}

/// `old` with what it says of a span replaced by what `new` says of it.
fn patched(old: &[Moments], new: &[Moments], span: Moments) -> Vec<Moments> {
    let (from, to) = span;
    let before = old.iter().map(|&(a, b)| (a, b.min(from.saturating_sub(1))));
    let behind = old.iter().map(|&(a, b)| (a.max(to.saturating_add(1)), b));
    let inside = new.iter().map(|&(a, b)| (a.max(from), b.min(to)));
    let all = before.chain(behind).chain(inside);
    joined(all.filter(|(a, b)| a <= b).collect())
}

fn wider((from, to): Moments, by: i64) -> Moments {
    (from.saturating_sub(by), to.saturating_add(by))
}

impl Work<'_> {
    /// Finds the facts around what is new, and whose rows that may change.
    pub fn touched(&mut self, before: i64, acted: &[What]) -> Result<Names, LedgerError> {
        let ledger = self.task.ledger;
        let mut names = Names::default();
        let mut zones = Zones::new();
        for touch in ledger.touched(before)? {
            if let Some(address) = touch.address {
                zone(&mut zones, &address, touch.at);
                names.addresses.insert(address);
            }
            names.nameless.insert(touch.id);
        }
        self.moved(&names.addresses, before, &mut zones)?;
        for what in acted {
            self.act(what, &mut names, &mut zones)?;
        }
        names.addresses.extend(ledger.awake(self.task.now)?);
        self.crowds_of_the_log(&mut zones)?;
        for (domain, spans) in zones {
            for span in self.near(spans) {
                self.zone(&domain, span, Some(&mut names))?;
            }
        }
        Ok(names)
    }

    /// Where an address has something else than the readings up to number `before` had: a
    /// failure that is told once more may lie elsewhere than before, and be another's.
    fn moved(
        &self,
        addresses: &BTreeSet<String>,
        before: i64,
        zones: &mut Zones,
    ) -> Result<(), LedgerError> {
        let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
        for portion in addresses.chunks(PORTION) {
            let (old, new) = (self.told(portion, before)?, self.told(portion, i64::MAX)?);
            for telling in old.symmetric_difference(&new) {
                zone(zones, &telling.address, telling.at);
            }
        }
        Ok(())
    }

    /// What the facts of domains are made of, by the readings up to number `last`.
    fn told(&self, addresses: &[&str], last: i64) -> Result<BTreeSet<Telling>, LedgerError> {
        let history = self.history_up_to(addresses, last)?;
        let telling = |item: &Item| {
            Some(Telling {
                address: history.text(item.address?).to_owned(),
                at: item.at(),
                event_id: item.event_id,
                workspace: history.text(item.workspace).to_owned(),
                kind: item.kind,
                category: item.category,
                counts: [item.confirmed, item.spent, item.held, item.is_for_review()],
                stream: item.stream,
            })
        };
        Ok(history.items().iter().filter_map(telling).collect())
    }

    /// Joins zones that would look at the same events.
    fn near(&self, spans: Vec<Moments>) -> Vec<Moments> {
        let margin = self.margin();
        let wide = spans.into_iter().map(|s| wider(s, margin)).collect();
        let joined = joined(wide).into_iter();
        joined.map(|s| wider(s, -margin)).collect()
    }

    /// Whom an act bears upon.
    fn act(&self, what: &What, names: &mut Names, zones: &mut Zones) -> Result<(), LedgerError> {
        let ledger = self.task.ledger;
        match what {
            What::Reverify { address } | What::Remove { address } => {
                ledger.each_brief_of(address, i64::MAX, |event| {
                    let at = event.occurred_at.as_deref();
                    let at = at.and_then(crate::time::parse_rfc3339);
                    zone(zones, address, at.map(|t| t.as_second()));
                })?;
                names.addresses.insert(address.clone());
            }
            What::Import { address, .. } => {
                names.addresses.insert(address.clone());
            }
            What::RemoveDomain {
                domain,
                since,
                until,
            } => {
                // The key of a domain is that of an address there.
                let key = address::key(&format!("x@{}", domain.trim_start_matches('@')));
                let domain = address::split(&key).map_or("", |(_, d)| d);
                let span = (*since, until.saturating_sub(1));
                names.addresses.extend(ledger.addresses_at(domain, span)?);
                zones.entry(domain.to_owned()).or_default().push(span);
            }
        }
        Ok(())
    }

    /// What a sent log says of earlier crowds: it may know them better than the one of then.
    fn crowds_of_the_log(&self, zones: &mut Zones) -> Result<(), LedgerError> {
        let Some(begins) = self.log_begins() else {
            return Ok(());
        };
        for domain in self.task.ledger.crowded()? {
            let known = self.task.sends.and_then(|s| s.to_domain(&domain));
            if known.is_none() {
                continue;
            }
            let crowds = self.task.ledger.crowds(&domain, false)?;
            let late = crowds.into_iter().filter(|(_, to)| *to >= begins);
            zones.entry(domain).or_default().extend(late);
        }
        Ok(())
    }

    /// The first second of the first day of the sent log.
    fn log_begins(&self) -> Option<i64> {
        let days = self.task.sends?.days.keys().min()?;
        Some(days * 86_400)
    }

    /// Finds all facts.
    pub fn all_domains(&mut self) -> Result<(), LedgerError> {
        let limits = self.task.policy;
        let few = limits.patterns.domain_hard_cluster.recipients;
        let few = few.min(limits.escalation.outage_addresses).min(2);
        let mut domain = String::new();
        while let Some(next) = self.task.ledger.domain_behind(&domain)? {
            domain = next;
            // One event alone is no crowd.
            if self.task.ledger.count_at(&domain, few)? < few {
                continue;
            }
            let mut from = i64::MIN;
            loop {
                let to = self.task.ledger.moment_behind(&domain, from, ZONE)?;
                self.zone(
                    &domain,
                    (from.saturating_add(1), to.unwrap_or(i64::MAX)),
                    None,
                )?;
                match to {
                    Some(to) => from = to,
                    None => break,
                }
            }
        }
        Ok(())
    }

    fn spans(&self) -> (i64, i64) {
        let policy = self.task.policy;
        let burst = policy.patterns.domain_hard_cluster.window.as_secs();
        (burst, policy.corroboration.window.as_secs())
    }

    /// How far around what is new events must be known.
    fn margin(&self) -> i64 {
        let (burst, pair) = self.spans();
        2 * burst + 2 * pair
    }

    /// Finds the facts of a domain for moments in which something is new, and adds those
    /// whom other facts bear upon now to `names`.
    fn zone(
        &mut self,
        domain: &str,
        span: Moments,
        mut names: Option<&mut Names>,
    ) -> Result<(), LedgerError> {
        let task = self.task;
        let (from, to) = wider(span, self.margin());
        let first = day(span.0).saturating_mul(86_400);
        let last = day(span.1).saturating_add(1).saturating_mul(86_400);
        let known = (from.min(first), to.max(last));
        let addresses = task.ledger.addresses_at(domain, known)?;
        let mut history = self.history(&addresses)?;
        let mut told = |address: Option<crate::history::Id>, history: &History| {
            if let (Some(names), Some(id)) = (names.as_deref_mut(), address) {
                names.addresses.insert(history.text(id).to_owned());
            }
        };
        for day in self.outages(domain, span, &history)? {
            let on = |i: &&crate::history::Item| i.day() == Some(day);
            let there = history.items().iter().filter(on);
            there.for_each(|i| told(i.address, &history));
        }
        let was = self.bursts_of(domain)?;
        history.mark_bursts(&was);
        let marked: Vec<bool> = history.items().iter().map(|i| i.burst).collect();
        self.bursts(domain, span, &history)?;
        history.mark_bursts(&self.bursts_of(domain)?);
        for (item, was) in history.items().iter().zip(marked) {
            if item.burst != was {
                told(item.address, &history);
            }
        }
        let (burst, pair) = self.spans();
        let (from, to) = wider(span, burst + pair);
        let found = partners(&history, task.policy, self.rules);
        for (n, item) in history.items().iter().enumerate() {
            let own = item.domain.map(|d| history.text(d)) == Some(domain);
            let here = own && item.at().is_some_and(|at| (from..=to).contains(&at));
            if !here || !item.confirmed {
                continue;
            }
            let partner = found.get(&n).copied();
            if task.ledger.partner(item.event_id)?.as_deref() != partner {
                task.ledger.set_partner(item.event_id, partner)?;
                told(item.address, &history);
            }
        }
        Ok(())
    }

    /// The history of addresses, without bursts.
    fn history(&self, addresses: &BTreeSet<String>) -> Result<History, LedgerError> {
        let names: Vec<&str> = addresses.iter().map(String::as_str).collect();
        self.history_up_to(&names, i64::MAX)
    }

    /// The same, by the readings up to number `last`.
    fn history_up_to(&self, names: &[&str], last: i64) -> Result<History, LedgerError> {
        let task = self.task;
        let none: BTreeSet<EventId> = BTreeSet::new();
        let mut collector = task.collect(names.iter().copied(), &none, last)?;
        for deed in &self.domain_acts {
            collector.act(deed.act.clone());
        }
        task.acts(names.iter().copied(), &mut collector)?;
        Ok(collector.finish_in(task.policy, &Facts::default()))
    }

    fn bursts_of(&self, domain: &str) -> Result<Facts, LedgerError> {
        let spans = self.task.ledger.crowds(domain, true)?;
        Ok(Facts {
            bursts: HashMap::from([(domain.to_owned(), spans)]),
            ..Facts::default()
        })
    }

    /// Finds the days of outages in a span; those that are others now come back.
    fn outages(
        &self,
        domain: &str,
        span: Moments,
        history: &History,
    ) -> Result<BTreeSet<i64>, LedgerError> {
        let ledger = self.task.ledger;
        let days = day(span.0)..=day(span.1);
        let old = ledger.outages(domain)?;
        let new: BTreeSet<i64> = history
            .outages(domain, &self.task.policy.escalation)
            .into_iter()
            .filter(|d| days.contains(d))
            .collect();
        let old: BTreeSet<i64> = old.into_iter().filter(|d| days.contains(d)).collect();
        let changed: BTreeSet<i64> = old.symmetric_difference(&new).copied().collect();
        for day in &changed {
            ledger.set_outage(domain, *day, new.contains(day))?;
        }
        Ok(changed)
    }

    /// Finds the crowds and bursts (S10) that what is new in a span may be part of: with
    /// the counts of the sent log of this run, else of the last one that knew them.
    fn bursts(&self, domain: &str, span: Moments, history: &History) -> Result<(), LedgerError> {
        let ledger = self.task.ledger;
        let limits = &self.task.policy.patterns.domain_hard_cluster;
        let (window, _) = self.spans();
        let around = wider(span, window);
        let wide = (around.0, around.1.saturating_add(window));
        let windows = self.task.sends.and_then(|s| s.to_domain(domain));
        let by_day = self.task.sends.is_some_and(|s| s.by_day);
        let begins = self.log_begins().unwrap_or(i64::MIN);
        let (mut crowds, mut bursts) = (Vec::new(), Vec::new());
        for crowd in history.crowds(domain, limits) {
            let (from, to) = (crowd.moments.0 - 1, crowd.moments.1);
            if to < wide.0 || to > wide.1 {
                continue;
            }
            crowds.push(crowd.moments);
            // Of a log of days, the whole first day may have been sent within the window.
            let begin = if by_day { day(from) * 86_400 - 1 } else { from };
            let known = windows.as_ref().filter(|_| to >= begins);
            let seen = known.map(|w| w.between(begin, to));
            let sent = ledger.mailed(domain, (from, to), seen)?;
            if is_burst(crowd.recipients, sent, limits) {
                bursts.push(crowd.moments);
            }
        }
        for (burst, found) in [(false, crowds), (true, bursts)] {
            let old = ledger.crowds(domain, burst)?;
            let new = patched(&old, &joined(found), around);
            if new != old {
                ledger.set_crowds(domain, burst, &new)?;
            }
        }
        Ok(())
    }
}

/// Something happened to an address: it bears upon its domain at that time.
fn zone(zones: &mut Zones, address: &str, at: Option<i64>) {
    if let (Some((_, domain)), Some(at)) = (address::split(address), at) {
        let spans = zones.entry(domain.to_owned()).or_default();
        spans.push((at, at));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s10_a_part_of_what_is_known_is_replaced() {
        for (old, new, span, expected) in [
            (&[][..], &[(3, 5)][..], (0, 9), &[(3, 5)][..]),
            (&[(1, 8)], &[], (3, 5), &[(1, 2), (6, 8)]),
            (&[(1, 8)], &[(3, 5)], (3, 5), &[(1, 8)]),
            (&[(1, 2), (7, 9)], &[(0, 20)], (3, 6), &[(1, 9)]),
            (&[(1, 2)], &[(4, 5)], (4, 6), &[(1, 2), (4, 5)]),
        ] {
            assert_eq!(patched(old, new, span), expected, "{old:?} {new:?}");
        }
    }
}
