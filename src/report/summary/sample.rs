//! A report built by hand, for tests of what shows it.

use super::*;

/// Figures with a rate: `bounced` of `sent`, all of them hard.
pub(crate) fn figures(bounced: u64, sent: u64, band: Band) -> Figures {
    let rate = (bounced as f64 / sent as f64 * 1e6).round() / 1e6;
    Figures {
        sent: Some(sent),
        bounced,
        rate: Some(rate),
        rate_low: Some((rate * 0.5e6).round() / 1e6),
        rate_high: Some((rate * 1.5e6).round() / 1e6),
        band: Some(band),
        band_certain: Some(false),
        hard_bounce: bounced,
        hard_rate: Some(rate),
        content_rate: Some(0.0),
        reputation_rate: Some(0.0),
        complaint_rate: Some(0.0),
        ..Figures::default()
    }
}

fn group(key: &str, figures: Figures) -> Group {
    Group {
        key: key.to_owned(),
        figures,
    }
}

/// Two mailboxes, two domains, one campaign, two days, a pause and an alert.
pub(crate) fn summary() -> Summary {
    let total = || figures(12, 400, Band::Danger);
    let slice = |day: &str, bounced| Slice {
        day: day.to_owned(),
        days: 1,
        figures: figures(bounced, 200, Band::Danger),
    };
    Summary {
        schema: SCHEMA,
        period: Period {
            since: Some("2026-11-02T00:00:00Z".to_owned()),
            until: Some("2026-11-04T00:00:00Z".to_owned()),
        },
        totals: total(),
        by: By {
            mailbox: vec![
                group("sales1@acme.example", figures(9, 200, Band::Danger)),
                group("sales2@acme.example", figures(3, 200, Band::Caution)),
            ],
            domain: vec![
                group("gmail.com", figures(8, 100, Band::Critical)),
                group("harbourline.example", figures(4, 300, Band::Caution)),
            ],
            campaign: vec![group("autumn-2026", total())],
            day: vec![
                group("2026-11-02", figures(8, 200, Band::Danger)),
                group("2026-11-03", figures(4, 200, Band::Caution)),
            ],
            category: vec![group("hard_bounce", total())],
            provider: vec![
                group("gmail", figures(8, 100, Band::Critical)),
                group("other", figures(4, 300, Band::Caution)),
            ],
        },
        pauses: vec![Pause {
            scope: Scope::Mailbox,
            key: "sales1@acme.example".to_owned(),
            trigger: Trigger::BounceRate,
            from: "2026-11-03T09:00:00Z".to_owned(),
            to: "2026-11-03T17:30:00Z".to_owned(),
            value: Value::Fraction(0.045),
            threshold: Value::Fraction(0.02),
            active: true,
        }],
        too_few: vec![TooFew {
            scope: Scope::Mailbox,
            key: "sales2@acme.example".to_owned(),
        }],
        alerts: vec![Alert {
            pattern: Pattern::DomainConcentration,
            key: "gmail.com".to_owned(),
            value: Value::Fraction(0.666667),
            threshold: Value::Fraction(0.4),
            evidence: "8 of 12 bounced recipients are at gmail.com".to_owned(),
            advice: "Look at what that domain says, and slow down there.",
        }],
        books: Books {
            messages: 20,
            with_events: 15,
            not_a_report: 3,
            duplicates: 1,
            rejected: 1,
            sent_rows: 400,
            ..Books::default()
        },
        views: Views {
            trend: vec![slice("2026-11-02", 8), slice("2026-11-03", 4)],
            distribution: vec![slice("2026-11-02", 8), slice("2026-11-03", 4)],
            worst_domains: vec![Excess {
                domain: "gmail.com".to_owned(),
                sent: Some(100),
                bounced: 8,
                rate: Some(0.08),
                expected: Some(3.0),
                excess: Some(5.0),
            }],
            recent: vec![Recent {
                at: "2026-11-03T17:30:00Z".to_owned(),
                event_id: "00112233445566778899aabbccddeeff".to_owned(),
                kind: "failed",
                category: "hard_bounce",
                reason: "userunknown",
                confidence: Some(0.98),
                recipient: Some("=cmd@gmail.com".to_owned()),
                mailbox: Some("sales1@acme.example".to_owned()),
                campaign: Some("autumn-2026".to_owned()),
                smtp_code: Some(550),
                enhanced_code: Some("5.1.1".to_owned()),
                smtp_message: Some("<b>User</b> unknown \u{1b}[31m".to_owned()),
                remote_mta: Some("mx.example.com".to_owned()),
                ..Recent::default()
            }],
            templates: vec![Template {
                subject: "Re: <script>alert(1)</script>".to_owned(),
                campaign: Some("autumn-2026".to_owned()),
                rejections: 3,
                mailboxes: vec!["sales1@acme.example".to_owned()],
                first: Some("2026-11-02T10:00:00Z".to_owned()),
                last: Some("2026-11-03T11:00:00Z".to_owned()),
            }],
            advice: "Stop new sends; verify the list.",
            no_recipient: 1,
            now: "2026-11-04T06:00:00Z".to_owned(),
        },
        ..Summary::default()
    }
}
