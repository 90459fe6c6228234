//! What words of the report are called where there is room for more than a word.

use super::Bands;
use super::number::{self, percent};
use crate::report::Summary;
use crate::report::summary::{Alert, Band, Figures, Pattern, Pause, Scope, Trigger, Value};
use crate::vocab::Category;

/// A category.
pub const fn category(category: Category) -> &'static str {
    match category {
        Category::HardBounce => "Hard bounce",
        Category::SoftBounceMailbox => "Soft: mailbox",
        Category::SoftBounceContent => "Soft: content",
        Category::SoftBounceReputation => "Soft: reputation",
        Category::AutoReply => "Auto-reply",
        Category::Complaint => "Complaint",
        Category::Other => "Other",
    }
}

/// True for what counts as a bounce.
pub const fn is_bounce(category: Category) -> bool {
    !matches!(category, Category::AutoReply | Category::Complaint)
}

/// What asked for a pause.
pub const fn trigger(trigger: Trigger) -> &'static str {
    match trigger {
        Trigger::BounceRate => "bounce rate in 24 h",
        Trigger::ComplaintRate => "complaint rate in 24 h",
        Trigger::BounceBurst => "bounced recipients in 1 h",
    }
}

/// What to do about a pause.
pub const fn pause_advice(scope: Scope, trigger: Trigger) -> &'static str {
    match (scope, trigger) {
        (Scope::Mailbox, Trigger::BounceRate | Trigger::BounceBurst) => {
            "Stop sending from these mailboxes, read their bounces, and verify the addresses that are still to be mailed."
        }
        (Scope::Campaign, Trigger::BounceRate | Trigger::BounceBurst) => {
            "Stop these campaigns, read their bounces, and verify the rest of their lists."
        }
        (Scope::Mailbox, Trigger::ComplaintRate) => {
            "Stop sending from these mailboxes, and look at whom their mails went to and what they say."
        }
        (Scope::Campaign, Trigger::ComplaintRate) => {
            "Stop these campaigns, and look at whom their mails went to and what they say."
        }
    }
}

/// What an alert is about.
pub const fn pattern(pattern: Pattern) -> &'static str {
    match pattern {
        Pattern::FreshListHardRate => "Hard bounces on a fresh list",
        Pattern::VerifiedListHardRate => "Hard bounces on a verified list",
        Pattern::ContentRejections => "The text is being refused",
        Pattern::ReputationOneMailbox => "One mailbox has a bad name",
        Pattern::ReputationSpread => "The sending domain or IP address has a bad name",
        Pattern::ReputationMailbox => "A mailbox is losing its good name",
        Pattern::ComplaintJump => "Complaints have jumped",
        Pattern::ComplaintRate => "Too many complaints",
        Pattern::DomainConcentration => "One domain bounces most",
        Pattern::DomainHardCluster => "A burst of hard bounces at one domain",
        Pattern::DomainSoftCluster => "A domain asks for slower mail",
        Pattern::TemplateRejections => "A template is being refused",
        Pattern::OtherShare => "Too much that nobody understood",
        Pattern::SentIncomplete => "The sent log has gaps",
    }
}

/// The highest value of a pause.
pub fn pause_value(pause: &Pause) -> String {
    number::value(pause.value, number::is_counted(pause.value))
}

/// When a pause began and ended, in UTC: two moments, or the one that they are.
pub fn pause_span(pause: &Pause) -> String {
    let (from, to) = (moment(&pause.from), moment(&pause.to));
    match (
        from == to,
        number::day(&pause.from) == number::day(&pause.to),
    ) {
        (true, _) => from,
        (false, true) => format!("{from} – {}", clock(&pause.to)),
        (false, false) => format!("{from} – {to}"),
    }
}

/// `17 Nov 09:36`.
fn moment(at: &str) -> String {
    format!("{} {}", number::short_day(at), clock(at))
}

fn clock(at: &str) -> &str {
    at.get(11..16).unwrap_or_default()
}

/// Pauses of one kind: they ask for the same.
pub struct Pauses<'s> {
    /// Mailboxes or campaigns.
    pub scope: Scope,
    /// What was too much.
    pub trigger: Trigger,
    /// Which, worst first.
    pub pauses: Vec<&'s Pause>,
}

/// Pauses by kind: those that are active, or those that are over.
pub fn pauses_by_kind(summary: &Summary, active: bool) -> Vec<Pauses<'_>> {
    let size = |p: &Pause| match p.value {
        Value::Count(n) => n as f64,
        Value::Fraction(f) => f,
    };
    let mut out = Vec::new();
    for (scope, trigger) in Scope::ALL
        .iter()
        .flat_map(|s| Trigger::ALL.iter().map(move |t| (*s, *t)))
    {
        let same = |p: &&Pause| p.active == active && p.scope == scope && p.trigger == trigger;
        let mut pauses: Vec<&Pause> = summary.pauses.iter().filter(same).collect();
        // Stable: equals stay by key and time.
        pauses.sort_by(|a, b| size(b).total_cmp(&size(a)));
        if !pauses.is_empty() {
            out.push(Pauses {
                scope,
                trigger,
                pauses,
            });
        }
    }
    out
}

/// `Mailboxes: bounce rate in 24 h above 2 %`.
pub fn pauses_title(of: &Pauses<'_>) -> String {
    let who = match of.scope {
        Scope::Mailbox => "Mailboxes",
        Scope::Campaign => "Campaigns",
    };
    let limit = of.pauses.first().map_or(String::new(), |p| {
        number::limit(p.threshold, number::is_counted(p.value))
    });
    format!("{who}: {} above {limit}", trigger(of.trigger))
}

/// Alerts of one pattern: they ask for the same.
pub struct Alerts<'s> {
    /// The pattern.
    pub pattern: Pattern,
    /// What to do.
    pub advice: &'static str,
    /// What it was found at.
    pub alerts: Vec<&'s Alert>,
}

/// Alerts by pattern, in the order of the report.
pub fn alerts_by_pattern(summary: &Summary) -> Vec<Alerts<'_>> {
    let same = |a: &Alert, b: &Alert| a.pattern == b.pattern;
    let groups = summary.alerts.chunk_by(same);
    let one = |alerts: &'_ [Alert]| Some((alerts.first()?.pattern, alerts.first()?.advice));
    groups
        .filter_map(|alerts| {
            let (pattern, advice) = one(alerts)?;
            Some(Alerts {
                pattern,
                advice,
                alerts: alerts.iter().collect(),
            })
        })
        .collect()
}

/// `33 of 629 sent bounced`, or without what was sent.
pub fn bounced(figures: &Figures) -> String {
    match figures.sent {
        Some(sent) => format!(
            "{} recipients bounced, {} sent",
            number::count(figures.bounced),
            number::of(sent, "mail", "mails"),
        ),
        None => number::of(figures.bounced, "recipient bounced", "recipients bounced"),
    }
}

/// The interval of a rate and what it means for the band.
pub fn certainty(figures: &Figures, bands: &Bands) -> Option<String> {
    let (low, high) = figures.rate_low.zip(figures.rate_high)?;
    let span = format!("between {} and {} (95 %)", percent(low), percent(high));
    if figures.band_certain == Some(true) {
        return Some(format!("The true rate lies {span}."));
    }
    let (least, most) = (bands.of(low), bands.of(high));
    Some(format!(
        "Too few to judge: the true rate lies {span}, {least} to {most}."
    ))
}

/// The period in days: `2026-11-02 to 2026-11-18`.
pub fn period(summary: &Summary) -> String {
    let edge = |t: &Option<String>| t.as_deref().map(number::minute);
    match (edge(&summary.period.since), edge(&summary.period.until)) {
        (Some(since), Some(until)) => format!("{since} to {until} UTC"),
        (Some(since), None) => format!("from {since} UTC on"),
        (None, Some(until)) => format!("until {until} UTC"),
        (None, None) => "no dated event".to_owned(),
    }
}

/// What was counted, but not as a bounce: label, figure, explanation.
pub fn apart(summary: &Summary) -> Vec<(&'static str, u64, &'static str)> {
    let t = &summary.totals;
    let all = [
        ("delayed", t.delayed, "still being tried"),
        (
            "held",
            t.held,
            "the verdict is not sure: see the review list",
        ),
        (
            "unmatched",
            t.unmatched,
            "answers no mail of yours; not in the rate",
        ),
        (
            "own fault",
            t.sender_fault,
            "your own DNS, server or login; not in the rate",
        ),
        ("escalated", t.escalated, "soft bounces that became final"),
        (
            "no address",
            summary.views.no_recipient,
            "failures that name no recipient",
        ),
    ];
    all.into_iter().filter(|(_, n, _)| *n > 0).collect()
}

/// Badness of a band, for colours: 0 healthy to 3 critical.
pub const fn rank(band: Band) -> usize {
    match band {
        Band::Healthy => 0,
        Band::Caution => 1,
        Band::Danger => 2,
        Band::Critical => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::view;
    use super::*;
    use crate::report::summary::sample;

    fn pause(from: &str, to: &str) -> Pause {
        Pause {
            scope: Scope::Mailbox,
            key: "sales1@acme.example".to_owned(),
            trigger: Trigger::BounceBurst,
            from: from.to_owned(),
            to: to.to_owned(),
            value: Value::Count(31),
            threshold: Value::Count(20),
            active: false,
        }
    }

    #[test]
    fn p4_a_pause_says_when_as_short_as_it_can() {
        for (from, to, expected) in [
            (
                "2026-11-17T09:36:35Z",
                "2026-11-17T09:36:35Z",
                "17 Nov 09:36",
            ),
            (
                "2026-11-17T09:36:35Z",
                "2026-11-17T14:20:41Z",
                "17 Nov 09:36 – 14:20",
            ),
            (
                "2026-11-17T09:36:35Z",
                "2026-11-18T06:41:09Z",
                "17 Nov 09:36 – 18 Nov 06:41",
            ),
        ] {
            assert_eq!(pause_span(&pause(from, to)), expected);
        }
    }

    #[test]
    fn p4_pauses_of_one_kind_stand_together_worst_first() {
        let of = |key: &str, n, active| Pause {
            key: key.to_owned(),
            value: Value::Count(n),
            active,
            ..pause("", "")
        };
        let rate = Pause {
            trigger: Trigger::BounceRate,
            value: Value::Fraction(0.03),
            threshold: Value::Fraction(0.025),
            ..of("c", 0, true)
        };
        let pauses = vec![
            of("a", 21, true),
            of("b", 31, true),
            rate,
            of("d", 99, false),
        ];
        let summary = Summary {
            pauses,
            ..Summary::default()
        };
        let told: Vec<(String, Vec<&str>)> = pauses_by_kind(&summary, true)
            .iter()
            .map(|k| {
                (
                    pauses_title(k),
                    k.pauses.iter().map(|p| p.key.as_str()).collect(),
                )
            })
            .collect();
        let expected = [
            ("Mailboxes: bounce rate in 24 h above 2.5 %", vec!["c"]),
            (
                "Mailboxes: bounced recipients in 1 h above 20",
                vec!["b", "a"],
            ),
        ];
        assert_eq!(told, expected.map(|(title, keys)| (title.to_owned(), keys)));
    }

    #[test]
    fn p3_the_interval_is_told_with_what_it_means() {
        let bands = view().bands;
        let uncertain = sample::figures(12, 400, Band::Danger);
        let certain = Figures {
            band_certain: Some(true),
            ..uncertain.clone()
        };
        for (figures, expected) in [
            (
                uncertain,
                "Too few to judge: the true rate lies between 1.50 % and 4.50 % (95 %), caution to danger.",
            ),
            (
                certain,
                "The true rate lies between 1.50 % and 4.50 % (95 %).",
            ),
        ] {
            assert_eq!(certainty(&figures, &bands).as_deref(), Some(expected));
        }
        assert_eq!(certainty(&Figures::default(), &bands), None);
    }
}
