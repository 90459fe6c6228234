//! Patterns that tell where a problem comes from: a mailbox, the sending domain, a
//! template, the last day's mails.

use super::{Scene, TOTAL, alert};
use crate::event::Stream;
use crate::history::{Id, Item, at_least};
use crate::report::rates::fraction;
use crate::report::summary::{Alert, Group, Pattern, Summary, Value};
use crate::vocab::{Category, Kind};
use hashbrown::{HashMap, HashSet};

const DAY: i64 = 86_400;

/// Looks for all of them.
pub fn find(scene: &Scene<'_>, summary: &Summary, out: &mut Vec<Alert>) {
    one_mailbox(scene, summary, out);
    spread(scene, summary, out);
    complaint_jump(scene, out);
    templates(scene, out);
}

fn reputation(group: &Group) -> u64 {
    group.figures.soft_bounce_reputation
}

fn one_mailbox(scene: &Scene<'_>, summary: &Summary, out: &mut Vec<Alert>) {
    let limits = &scene.limits.reputation_one_mailbox;
    let all = summary.totals.soft_bounce_reputation;
    let mailboxes = &summary.by.mailbox;
    if all < u64::from(limits.bounces) || mailboxes.len() < 2 {
        return;
    }
    for group in mailboxes {
        let own = reputation(group);
        if own == 0 || !at_least(own, all, limits.share) {
            continue;
        }
        let evidence = format!(
            "{own} of {all} recipients that refused the sender were mailed from this one of {} mailboxes",
            mailboxes.len()
        );
        out.push(alert(
            Pattern::ReputationOneMailbox,
            &group.key,
            Value::Fraction(fraction(own, all).unwrap_or(1.0)),
            Value::Fraction(limits.share),
            evidence,
        ));
    }
}

fn spread(scene: &Scene<'_>, summary: &Summary, out: &mut Vec<Alert>) {
    let limits = &scene.limits.reputation_spread;
    let all = summary.totals.soft_bounce_reputation;
    let hit: Vec<u64> = summary
        .by
        .mailbox
        .iter()
        .map(reputation)
        .filter(|n| *n > 0)
        .collect();
    let most = hit.iter().copied().max().unwrap_or_default();
    if all < u64::from(limits.bounces)
        || hit.len() < limits.mailboxes as usize
        || at_least(most, all, limits.max_share)
    {
        return;
    }
    let evidence = format!(
        "{all} recipients refused the sender, over {} mailboxes, at most {most} from one",
        hit.len()
    );
    let (value, threshold) = (Value::Count(all), Value::Count(u64::from(limits.bounces)));
    out.push(alert(
        Pattern::ReputationSpread,
        TOTAL,
        value,
        threshold,
        evidence,
    ));
}

/// The last 24 hours against the 7 days before, both up to the clock, whatever the period.
fn complaint_jump(scene: &Scene<'_>, out: &mut Vec<Alert>) {
    let limits = &scene.limits.complaint_jump;
    let certain = |i: &&Item| {
        let real = i.kind == Kind::Complaint && i.stream == Stream::Campaign;
        real && !i.is_stray() && !i.held && scene.filter.fits(i, scene.history)
    };
    let within = |from: i64, to: i64| -> Vec<&Item> {
        let inside = |i: &&Item| i.at().is_some_and(|at| at > from && at <= to);
        scene
            .history
            .items()
            .iter()
            .filter(certain)
            .filter(inside)
            .collect()
    };
    let recent = within(scene.now - DAY, scene.now);
    let addresses = |items: &[&Item]| {
        items
            .iter()
            .filter_map(|i| i.address)
            .collect::<HashSet<Id>>()
    };
    let count = addresses(&recent).len() as u64;
    let before = addresses(&within(scene.now - 8 * DAY, scene.now - DAY)).len() as u64;
    // count ≥ factor × before / 7, exactly
    let high = u128::from(count) * 7_000_000 >= u128::from(before) * millionths(limits.factor);
    if count < u64::from(limits.complaints) || !high {
        return;
    }
    let mailbox = most(scene, &recent, |i| i.mailbox);
    let campaign = most(scene, &recent, |i| i.campaign);
    let mut evidence =
        format!("{count} recipients complained in 24 hours, {before} in the 7 days before");
    for (what, found) in [("mailbox", &mailbox), ("campaign", &campaign)] {
        if let Some((name, n)) = found {
            evidence.push_str(&format!("; {n} of {count} about {what} {name}"));
        }
    }
    let expected = before as f64 / 7.0 * limits.factor;
    out.push(alert(
        Pattern::ComplaintJump,
        mailbox.map_or(TOTAL, |(name, _)| name),
        Value::Count(count),
        Value::Fraction((expected.max(f64::from(limits.complaints)) * 1e6).round() / 1e6),
        evidence,
    ));
}

fn millionths(factor: f64) -> u128 {
    (factor * 1e6).round() as u128
}

/// The mailbox or campaign that most of the recipients are about.
fn most<'a>(
    scene: &Scene<'a>,
    items: &[&Item],
    of: impl Fn(&Item) -> Option<Id>,
) -> Option<(&'a str, usize)> {
    let mut counts: HashMap<Id, HashSet<Option<Id>>> = HashMap::new();
    for item in items {
        if let Some(id) = of(item) {
            counts.entry(id).or_default().insert(item.address);
        }
    }
    let named = counts
        .iter()
        .map(|(id, all)| (scene.history.text(*id), all.len()));
    named.max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(a.0)))
}

/// One subject that is refused for its content by several within hours.
fn templates(scene: &Scene<'_>, out: &mut Vec<Alert>) {
    let limits = &scene.limits.template_rejections;
    let mut refused: Vec<(Id, i64, Id)> = scene
        .items()
        .filter(|i| i.counts() && i.category == Some(Category::SoftBounceContent))
        .filter_map(|i| Some((i.subject?, i.at()?, i.address?)))
        .collect();
    refused.sort_unstable();
    for subject in refused.chunk_by(|a, b| a.0 == b.0) {
        let times: Vec<(i64, Id)> = subject.iter().map(|(_, at, a)| (*at, *a)).collect();
        let best = super::domains::widest(&times, limits.window.as_secs());
        let Some((id, _, _)) = subject
            .first()
            .filter(|_| best >= u64::from(limits.recipients))
        else {
            continue;
        };
        let hours = limits.window.as_secs() / 3_600;
        let evidence = format!("{best} recipients refused this subject within {hours} hours");
        let threshold = Value::Count(u64::from(limits.recipients));
        let key = scene.history.text(*id);
        out.push(alert(
            Pattern::TemplateRejections,
            key,
            Value::Count(best),
            threshold,
            evidence,
        ));
    }
}
