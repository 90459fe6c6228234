//! Patterns (P5, C9, S10).

use super::*;

/// `n` bounces of a reason of `sent` mails, sent so many days ago.
fn campaign(n: usize, reason: &str, sent: u64, days: i64) -> Summary {
    let day = 24 - days;
    World::default()
        .with(burst(n, "23 10:00", "a@x.example", "b.example", reason))
        .sent(&format!("{day} 00:00 a@x.example b.example autumn"), sent)
        .report()
}

#[test]
fn p5_rates_of_lists() {
    let cases = [
        (
            Pattern::FreshListHardRate,
            2,
            "userunknown",
            99,
            7,
            Some(0.020202),
        ),
        (Pattern::FreshListHardRate, 2, "userunknown", 100, 7, None),
        (Pattern::FreshListHardRate, 2, "userunknown", 99, 8, None),
        (Pattern::FreshListHardRate, 2, "userunknown", 49, 1, None),
        (Pattern::FreshListHardRate, 2, "mailboxfull", 99, 7, None),
        (
            Pattern::VerifiedListHardRate,
            3,
            "userunknown",
            299,
            10,
            Some(0.010033),
        ),
        (
            Pattern::VerifiedListHardRate,
            3,
            "userunknown",
            300,
            10,
            None,
        ),
        (
            Pattern::VerifiedListHardRate,
            3,
            "userunknown",
            199,
            10,
            None,
        ),
        (
            Pattern::ContentRejections,
            2,
            "spamdetected",
            399,
            10,
            Some(0.005013),
        ),
        (Pattern::ContentRejections, 2, "spamdetected", 400, 10, None),
        (Pattern::ContentRejections, 2, "spamdetected", 199, 10, None),
        (
            Pattern::ReputationMailbox,
            1,
            "blocked",
            99,
            10,
            Some(0.010101),
        ),
        (Pattern::ReputationMailbox, 1, "blocked", 100, 10, None),
        (Pattern::ReputationMailbox, 1, "blocked", 49, 10, None),
    ];
    for (n, (pattern, bounces, reason, sent, days, expected)) in cases.into_iter().enumerate() {
        let summary = campaign(bounces, reason, sent, days);
        let got: Vec<Value> = alerts(&summary, pattern).iter().map(|a| a.value).collect();
        let expected: Vec<Value> = expected.into_iter().map(Value::Fraction).collect();
        assert_eq!(got, expected, "case {n}: {pattern}");
    }
}

#[test]
fn p5_complaints_from_a_third_of_a_per_cent_on() {
    let world = |n: usize, sent| {
        let one = |n: usize| {
            let who = format!("a@x.example u{n}@b.example");
            on(Kind::Complaint, &n.to_string(), "2 10:00", &who, "-")
        };
        let summary = World::default()
            .with((0..n).map(one))
            .sent("2 09:00 a@x.example b.example autumn", sent)
            .report();
        alerts(&summary, Pattern::ComplaintRate).len()
    };
    // The total, the mailbox, the campaign.
    for (n, sent, expected) in [(3, 1000, 3), (3, 1001, 0), (1, 100, 3), (1, 99, 0)] {
        assert_eq!(world(n, sent), expected, "{n} of {sent}");
    }
}

#[test]
fn p5_reputation_of_one_mailbox_or_of_all() {
    let one = Pattern::ReputationOneMailbox;
    let all = Pattern::ReputationSpread;
    // Bounces at mailboxes a, bb, ccc, dddd.
    let cases: [([usize; 4], &[Pattern]); 8] = [
        ([3, 2, 0, 0], &[one]),
        ([5, 0, 0, 0], &[]),
        ([3, 1, 0, 0], &[]),
        ([2, 2, 1, 0], &[]),
        ([4, 3, 3, 0], &[]),
        ([3, 3, 3, 0], &[]),
        ([3, 3, 3, 1], &[all]),
        ([5, 5, 0, 0], &[]),
    ];
    for (counts, expected) in cases {
        let mut world = World::default();
        for (n, mailbox) in counts.into_iter().zip(["a", "bb", "ccc", "dddd"]) {
            let (address, domain) = (format!("{mailbox}@x.example"), format!("{mailbox}.example"));
            world = world.with(burst(n, "2 10:00", &address, &domain, "blocked"));
        }
        let summary = world.report();
        let got: Vec<Pattern> = summary
            .alerts
            .iter()
            .map(|a| a.pattern)
            .filter(|p| [one, all].contains(p))
            .collect();
        assert_eq!(got, expected, "{counts:?}");
    }
}

#[test]
fn p5_complaints_that_jump_name_their_source() {
    let complaints = |n: usize, when: &str, who: &str| -> Vec<Event> {
        let one = |k: usize| {
            let id = format!("{:x}", at(when) as usize * 100 + k);
            on(
                Kind::Complaint,
                &id,
                when,
                &format!("{who} u{k}-{id}@b.example"),
                "-",
            )
        };
        (0..n).map(one).collect()
    };
    // Seven before are one a day: three times as many are three.
    for (recent, before, expected) in [
        (3, 7, true),
        (3, 8, false),
        (4, 9, true),
        (2, 0, false),
        (3, 0, true),
    ] {
        let summary = World::default()
            .with(complaints(recent, "23 10:00", "a@x.example"))
            .with(complaints(before, "18 10:00", "b@x.example"))
            .report();
        let found = alerts(&summary, Pattern::ComplaintJump);
        assert_eq!(!found.is_empty(), expected, "{recent} after {before}");
        if let Some(alert) = found.first() {
            assert_eq!(alert.key, "a@x.example");
            assert!(
                alert.evidence.contains("campaign autumn"),
                "{}",
                alert.evidence
            );
        }
    }
}

#[test]
fn p5_domains() {
    let bounces = |n: usize, m: usize, reason: &str| {
        World::default()
            .with(burst(n, "2 10:00", "a@x.example", "b.example", reason))
            .with((0..m).flat_map(|k| {
                burst(
                    1,
                    &format!("3 10:{k:0>2}"),
                    "a@x.example",
                    &format!("d{k}.example"),
                    "mailboxfull",
                )
            }))
            .report()
    };
    for (n, m, expected) in [(8, 12, 1), (7, 13, 0), (8, 11, 0)] {
        let summary = bounces(n, m, "mailboxfull");
        assert_eq!(
            alerts(&summary, Pattern::DomainConcentration).len(),
            expected,
            "{n} {m}"
        );
    }
    for (n, reason, expected) in [
        (10, "ratelimited", 1),
        (10, "greylisted", 1),
        (10, "networkerror", 1),
        (9, "ratelimited", 0),
        (10, "mailboxfull", 0),
    ] {
        let summary = bounces(n, 0, reason);
        assert_eq!(
            alerts(&summary, Pattern::DomainSoftCluster).len(),
            expected,
            "{n} {reason}"
        );
    }
}

#[test]
fn s10_a_burst_of_hard_bounces_is_an_alert() {
    let world = |n: usize, sent: Option<u64>| {
        let mut world = World {
            watched: ["b.example".to_owned()].into(),
            ..World::default()
        };
        world = world.with(burst(
            n,
            "2 10:00",
            "a@x.example",
            "b.example",
            "userunknown",
        ));
        if let Some(sent) = sent {
            world = world.sent("2 09:00 a@x.example b.example autumn", sent);
        }
        let summary = world.report();
        alerts(&summary, Pattern::DomainHardCluster).len()
    };
    for (n, sent, expected) in [
        (10, Some(33), 1),
        (10, Some(34), 0),
        (9, Some(9), 0),
        (49, None, 0),
        (50, None, 1),
    ] {
        assert_eq!(world(n, sent), expected, "{n} of {sent:?}");
    }
}

#[test]
fn p5_a_template_that_is_refused_again_and_again() {
    let refused = |n: usize, minutes: i64, subject: Option<&str>| {
        let one = |k: usize| {
            let at = super::when(at("2 10:00") + k as i64 * minutes * 60);
            let mut e = failed(&format!(
                "{k} {at} a@x.example u{k}@b{k}.example spamdetected"
            ));
            e.subject = subject.map(str::to_owned);
            e
        };
        World::default().with((0..n).map(one)).report()
    };
    for (n, minutes, subject, expected) in [
        (3, 100, Some("Offer"), 1),
        (2, 100, Some("Offer"), 0),
        (3, 180, Some("Offer"), 0),
        (3, 179, Some("Offer"), 1),
        (3, 100, None, 0),
    ] {
        let summary = refused(n, minutes, subject);
        assert_eq!(
            alerts(&summary, Pattern::TemplateRejections).len(),
            expected,
            "{n} {minutes}"
        );
        let template = &summary.views.templates[0];
        assert_eq!(
            (template.rejections, template.subject.as_str()),
            (n as u64, subject.unwrap_or(""))
        );
        assert_eq!(template.first.as_deref(), Some("2026-11-02T10:00:00Z"));
    }
}

#[test]
fn c9_other_above_five_per_cent_is_flagged() {
    for (other, rest, expected) in [(1, 19, 0), (2, 18, 1), (2, 38, 0), (1, 18, 0)] {
        let summary = World::default()
            .with(burst(
                other,
                "2 10:00",
                "a@x.example",
                "b.example",
                "undefined",
            ))
            .with(burst(
                rest,
                "3 10:00",
                "a@x.example",
                "c.example",
                "mailboxfull",
            ))
            .report();
        assert_eq!(
            alerts(&summary, Pattern::OtherShare).len(),
            expected,
            "{other} of {}",
            other + rest
        );
    }
}
