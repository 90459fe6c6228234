//! Patterns of one recipient domain.

use super::{Scene, alert};
use crate::event::Stream;
use crate::history::{Id, Item, at_least};
use crate::report::rates::fraction;
use crate::report::summary::{Alert, Pattern, Summary, Value};
use crate::report::when;
use crate::vocab::{Kind, Reason};
use hashbrown::HashMap;

/// Looks for all of them.
pub fn find(scene: &Scene<'_>, summary: &Summary, out: &mut Vec<Alert>) {
    concentration(scene, summary, out);
    hard(scene, out);
    soft(scene, out);
}

fn concentration(scene: &Scene<'_>, summary: &Summary, out: &mut Vec<Alert>) {
    let limits = &scene.limits.domain_concentration;
    let all = summary.totals.bounced;
    if all < u64::from(limits.bounces) {
        return;
    }
    for group in &summary.by.domain {
        let own = group.figures.bounced;
        if own == 0 || !at_least(own, all, limits.share) {
            continue;
        }
        let evidence = format!("{own} of {all} bounced recipients are at this domain");
        out.push(alert(
            Pattern::DomainConcentration,
            &group.key,
            Value::Fraction(fraction(own, all).unwrap_or(1.0)),
            Value::Fraction(limits.share),
            evidence,
        ));
    }
}

/// S10: the bursts that touch the period, if a filter lets one of their bounces pass.
fn hard(scene: &Scene<'_>, out: &mut Vec<Alert>) {
    let limits = &scene.limits.domain_hard_cluster;
    let mut wanted: HashMap<Id, Vec<i64>> = HashMap::new();
    for item in scene.items().filter(|i| i.burst) {
        if let (Some(domain), Some(at)) = (item.domain, item.at()) {
            wanted.entry(domain).or_default().push(at);
        }
    }
    wanted.values_mut().for_each(|times| times.sort_unstable());
    for burst in scene.history.bursts() {
        let Some(times) = wanted.get(&burst.domain) else {
            continue;
        };
        let next = times.partition_point(|at| *at < burst.from);
        if times.get(next).is_none_or(|at| *at > burst.to) {
            continue;
        }
        let known = burst.sent.map_or_else(
            || "what was sent there is not known".to_owned(),
            |sent| format!("{sent} messages were sent there in that time"),
        );
        let evidence = format!(
            "{} recipients hard-bounced within {} hours, {} to {}; {known}",
            burst.recipients,
            limits.window.as_secs() / 3_600,
            when(burst.from),
            when(burst.to)
        );
        let threshold = match burst.sent {
            Some(_) => limits.recipients,
            None => limits.recipients_without_sent,
        };
        out.push(alert(
            Pattern::DomainHardCluster,
            scene.history.text(burst.domain),
            Value::Count(burst.recipients),
            Value::Count(u64::from(threshold)),
            evidence,
        ));
    }
}

/// Rate-limited, greylisted or unreachable: as a failure, or still on the way there.
fn is_slow(item: &Item) -> bool {
    let slow = matches!(
        item.reason,
        Some(
            Reason::RateLimited
                | Reason::TooManyConn
                | Reason::Greylisted
                | Reason::NetworkError
                | Reason::Expired
        )
    );
    let failed = item.kind == Kind::Failed && !item.is_stray();
    slow && item.stream == Stream::Campaign && (failed || item.kind == Kind::Delayed)
}

fn soft(scene: &Scene<'_>, out: &mut Vec<Alert>) {
    let limits = &scene.limits.domain_soft_cluster;
    let mut slow: Vec<(Id, i64, Id)> = scene
        .items()
        .filter(|i| is_slow(i))
        .filter_map(|i| Some((i.domain?, i.at()?, i.address?)))
        .collect();
    slow.sort_unstable();
    for domain in slow.chunk_by(|a, b| a.0 == b.0) {
        let times: Vec<(i64, Id)> = domain.iter().map(|(_, at, a)| (*at, *a)).collect();
        let best = widest(&times, limits.window.as_secs());
        let Some((id, _, _)) = domain
            .first()
            .filter(|_| best >= u64::from(limits.recipients))
        else {
            continue;
        };
        let hours = limits.window.as_secs() / 3_600;
        let evidence = format!(
            "{best} recipients were rate-limited, greylisted or not reached within {hours} hours"
        );
        let threshold = Value::Count(u64::from(limits.recipients));
        let key = scene.history.text(*id);
        out.push(alert(
            Pattern::DomainSoftCluster,
            key,
            Value::Count(best),
            threshold,
            evidence,
        ));
    }
}

/// The most distinct addresses in a window `(t - length, t]`; `times` ascending.
pub(super) fn widest(times: &[(i64, Id)], length: i64) -> u64 {
    let mut inside: HashMap<Id, u32> = HashMap::new();
    let (mut first, mut best) = (0, 0);
    for (at, address) in times {
        *inside.entry(*address).or_default() += 1;
        while let Some((_, old)) = times.get(first).filter(|(t, _)| *t <= at - length) {
            if let Some(n) = inside.get_mut(old) {
                *n -= 1;
                if *n == 0 {
                    inside.remove(old);
                }
            }
            first += 1;
        }
        best = best.max(inside.len());
    }
    best as u64
}
