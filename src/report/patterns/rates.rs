//! Patterns that are a rate of what was sent, or a share of what bounced.

use super::{Scene, TOTAL, alert, with_total};
use crate::history::{above, at_least};
use crate::report::rates::fraction;
use crate::report::summary::{Alert, Figures, Pattern, Summary, Value};

/// Looks for all of them.
pub fn find(scene: &Scene<'_>, summary: &Summary, out: &mut Vec<Alert>) {
    fresh_lists(scene, summary, out);
    verified_lists(scene, summary, out);
    content(scene, summary, out);
    reputation(scene, summary, out);
    complaints(scene, summary, out);
    other(scene, summary, out);
    incomplete(summary, out);
}

/// What kind of rate is measured, and how.
struct Rate<'n> {
    pattern: Pattern,
    part: u64,
    what: &'n str,
    limit: f64,
    min_sent: u32,
}

fn rate(key: &str, figures: &Figures, rate: &Rate<'_>, inclusive: bool) -> Option<Alert> {
    let sent = figures.sent.filter(|s| *s >= u64::from(rate.min_sent))?;
    let over = if inclusive { at_least } else { above };
    if !over(rate.part, sent, rate.limit) {
        return None;
    }
    let value = Value::Fraction(fraction(rate.part.min(sent), sent)?);
    let evidence = format!("{}: {} of {sent} sent", rate.what, rate.part);
    let threshold = Value::Fraction(rate.limit);
    Some(alert(rate.pattern, key, value, threshold, evidence))
}

fn fresh_lists(scene: &Scene<'_>, summary: &Summary, out: &mut Vec<Alert>) {
    let limits = &scene.limits.fresh_list_hard_rate;
    let Some(sends) = scene.sends else { return };
    for group in &summary.by.campaign {
        let first = sends.campaigns.get(&group.key).and_then(|l| l.first);
        let fresh = first.is_some_and(|f| scene.now - f <= limits.max_age.as_secs());
        out.extend(fresh.then_some(()).and_then(|()| {
            let of = Rate {
                pattern: Pattern::FreshListHardRate,
                part: group.figures.hard_bounce,
                what: "hard bounces",
                limit: limits.rate,
                min_sent: limits.min_sent,
            };
            rate(&group.key, &group.figures, &of, false)
        }));
    }
}

/// By campaign, if the log names campaigns; else of everything.
fn lists<'s>(summary: &'s Summary) -> Vec<(&'s str, &'s Figures)> {
    let known = |(_, f): &(&str, &'s Figures)| f.sent.is_some();
    let named: Vec<_> = with_total(summary, &summary.by.campaign)
        .skip(1)
        .filter(known)
        .collect();
    if named.is_empty() {
        return vec![(TOTAL, &summary.totals)];
    }
    named
}

fn verified_lists(scene: &Scene<'_>, summary: &Summary, out: &mut Vec<Alert>) {
    let limits = &scene.limits.verified_list_hard_rate;
    for (key, figures) in lists(summary) {
        let of = Rate {
            pattern: Pattern::VerifiedListHardRate,
            part: figures.hard_bounce,
            what: "hard bounces",
            limit: limits.rate,
            min_sent: limits.min_sent,
        };
        out.extend(rate(key, figures, &of, false));
    }
}

fn content(scene: &Scene<'_>, summary: &Summary, out: &mut Vec<Alert>) {
    let limits = &scene.limits.content_rejections;
    for (key, figures) in lists(summary) {
        let of = Rate {
            pattern: Pattern::ContentRejections,
            part: figures.soft_bounce_content,
            what: "content rejections",
            limit: limits.rate,
            min_sent: limits.min_sent,
        };
        out.extend(rate(key, figures, &of, false));
    }
}

fn reputation(scene: &Scene<'_>, summary: &Summary, out: &mut Vec<Alert>) {
    let limits = &scene.limits.reputation_mailbox;
    for group in &summary.by.mailbox {
        let of = Rate {
            pattern: Pattern::ReputationMailbox,
            part: group.figures.soft_bounce_reputation,
            what: "reputation bounces",
            limit: limits.rate,
            min_sent: limits.min_sent,
        };
        out.extend(rate(&group.key, &group.figures, &of, false));
    }
}

fn complaints(scene: &Scene<'_>, summary: &Summary, out: &mut Vec<Alert>) {
    let limits = &scene.limits.complaint_rate;
    let all = with_total(summary, &summary.by.mailbox);
    for (key, figures) in all.chain(with_total(summary, &summary.by.campaign).skip(1)) {
        let of = Rate {
            pattern: Pattern::ComplaintRate,
            part: figures.complaint,
            what: "complaints",
            limit: limits.rate,
            min_sent: limits.min_sent,
        };
        out.extend(rate(key, figures, &of, true));
    }
}

/// C9.
fn other(scene: &Scene<'_>, summary: &Summary, out: &mut Vec<Alert>) {
    let limits = &scene.limits.other_share;
    let (other, bounced) = (summary.totals.other, summary.totals.bounced);
    if bounced < u64::from(limits.bounces) || !above(other, bounced, limits.share) {
        return;
    }
    let value = Value::Fraction(fraction(other, bounced).unwrap_or_default());
    let evidence = format!("{other} of {bounced} bounced recipients are of category other");
    let threshold = Value::Fraction(limits.share);
    out.push(alert(
        Pattern::OtherShare,
        TOTAL,
        value,
        threshold,
        evidence,
    ));
}

/// More bounced than were sent. Not by day, where a bounce comes later than its mail, and
/// not by domain, where that happens in any short period.
fn incomplete(summary: &Summary, out: &mut Vec<Alert>) {
    let all = with_total(summary, &summary.by.mailbox);
    for (key, figures) in all.chain(with_total(summary, &summary.by.campaign).skip(1)) {
        let Some(sent) = figures.sent.filter(|s| figures.bounced > *s) else {
            continue;
        };
        let bounced = figures.bounced;
        let evidence = format!("{bounced} recipients bounced, {sent} messages were sent");
        let (value, threshold) = (Value::Count(bounced), Value::Count(sent));
        out.push(alert(
            Pattern::SentIncomplete,
            key,
            value,
            threshold,
            evidence,
        ));
    }
}
