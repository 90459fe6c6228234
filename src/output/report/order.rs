//! Groups by danger: what to look at first comes first.
//!
//! Neither the rate nor the count is danger: 1 of 1 is 100 %, and the biggest mailbox
//! has the most bounces. Mailboxes and campaigns stand by the lower end of the interval
//! of their rate – what is at least true of them –, domains and providers by how many
//! more bounced there than the overall rate lets expect.

use super::Grouping;
use crate::report::Summary;
use crate::report::summary::{Figures, Group};

/// z² of the 95 % interval.
const Z_SQUARE: f64 = 1.959_964 * 1.959_964;

/// The groups of a kind, the most dangerous first; days newest first; categories by
/// their bounces.
pub fn ordered(summary: &Summary, grouping: Grouping) -> Vec<&Group> {
    let mut groups: Vec<&Group> = grouping.groups(summary).iter().collect();
    match grouping {
        Grouping::Mailbox | Grouping::Campaign => by(&mut groups, at_least),
        Grouping::Domain | Grouping::Provider => {
            let overall = overall(summary);
            by(&mut groups, |f| excess(f, overall));
        }
        Grouping::Day => groups.sort_by(|a, b| b.key.cmp(&a.key)),
        Grouping::Category => {}
    }
    groups
}

fn by(groups: &mut [&Group], danger: impl Fn(&Figures) -> f64) {
    groups.sort_by(|a, b| {
        let worse = danger(&b.figures).total_cmp(&danger(&a.figures));
        let more = b.figures.bounced.cmp(&a.figures.bounced);
        worse.then(more).then_with(|| a.key.cmp(&b.key))
    });
}

/// The lower end of the interval of the rate. Where more bounced than were sent, the log
/// has gaps, and the figures are taken for all of them.
fn at_least(figures: &Figures) -> f64 {
    let all = |n: f64| n / (n + Z_SQUARE);
    match (figures.rate_low, figures.rate) {
        (Some(low), _) => low,
        (None, Some(_)) => all(figures.bounced as f64),
        (None, None) => 0.0,
    }
}

/// `bounced` / `sent` of everything, unrounded.
fn overall(summary: &Summary) -> f64 {
    match summary.totals.sent {
        Some(sent) if sent > 0 => summary.totals.bounced as f64 / sent as f64,
        _ => 0.0,
    }
}

/// How many more bounced than `overall` lets expect; all of them where that is unknown.
fn excess(figures: &Figures, overall: f64) -> f64 {
    figures.bounced as f64 - overall * figures.sent.unwrap_or_default() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::rates::wilson;
    use crate::report::summary::{Band, By, sample};

    fn group(key: &str, bounced: u64, sent: u64) -> Group {
        let (low, high) = wilson(bounced.min(sent), sent.max(1));
        let gaps = bounced > sent;
        Group {
            key: key.to_owned(),
            figures: Figures {
                rate_low: (!gaps).then_some(low),
                rate_high: (!gaps).then_some(high),
                ..sample::figures(bounced, sent.max(1), Band::Critical)
            },
        }
    }

    fn keys(summary: &Summary, grouping: Grouping) -> Vec<&str> {
        let groups = ordered(summary, grouping);
        groups.iter().map(|g| g.key.as_str()).collect()
    }

    #[test]
    fn p6_mailboxes_stand_by_what_is_at_least_true() {
        let summary = Summary {
            by: By {
                mailbox: vec![
                    group("big", 40, 4_000),
                    group("bad", 20, 200),
                    group("few", 1, 10),
                    group("gaps", 30, 0),
                    group("good", 0, 500),
                ],
                ..By::default()
            },
            ..Summary::default()
        };
        let expected = ["gaps", "bad", "few", "big", "good"];
        assert_eq!(keys(&summary, Grouping::Mailbox), expected);
    }

    #[test]
    fn p6_domains_stand_by_excess_over_the_overall_rate() {
        let summary = Summary {
            totals: sample::figures(50, 1_000, Band::Danger),
            by: By {
                domain: vec![
                    group("large.example", 30, 580),
                    group("blocked.example", 15, 20),
                    group("one.example", 1, 1),
                    group("a.example", 4, 400),
                ],
                ..By::default()
            },
            ..Summary::default()
        };
        let expected = [
            "blocked.example",
            "large.example",
            "one.example",
            "a.example",
        ];
        assert_eq!(keys(&summary, Grouping::Domain), expected);
    }

    #[test]
    fn p6_days_stand_newest_first() {
        let summary = sample::summary();
        assert_eq!(keys(&summary, Grouping::Day), ["2026-11-03", "2026-11-02"]);
    }
}
