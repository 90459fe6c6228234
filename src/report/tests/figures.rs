//! What counts, and how often (P1–P3, P6, P7).

use super::*;

#[test]
fn p1_what_counts_as_bounced_and_what_is_counted_apart() {
    let change = |mut e: Event, f: fn(&mut Event)| {
        f(&mut e);
        e
    };
    let plain = |reason| on(Kind::Failed, "1", "2 10:00", A, reason);
    let complaint = on(Kind::Complaint, "1", "2 10:00", A, "-");
    // bounced, hard, other, complaint, held, unmatched, sender's fault, delayed, auto-reply
    let cases: [(Event, [u64; 9]); 12] = [
        (plain("userunknown"), [1, 1, 0, 0, 0, 0, 0, 0, 0]),
        (plain("undefined"), [1, 0, 1, 0, 0, 0, 0, 0, 0]),
        (
            change(plain("userunknown"), |e| e.held = Some(true)),
            [1, 1, 0, 0, 1, 0, 0, 0, 0],
        ),
        (
            change(plain("userunknown"), |e| e.flags = vec![Flag::Unmatched]),
            [0, 0, 0, 0, 0, 1, 0, 0, 0],
        ),
        (
            change(plain("userunknown"), |e| e.flags = vec![Flag::MassReport]),
            [0, 0, 0, 0, 0, 1, 0, 0, 0],
        ),
        (
            change(plain("userunknown"), |e| e.stream = Stream::Warmup),
            [0; 9],
        ),
        (plain("norelaying"), [0, 0, 0, 0, 0, 0, 1, 0, 0]),
        (plain("authfailure"), [0, 0, 0, 0, 0, 0, 1, 0, 0]),
        (complaint.clone(), [0, 0, 0, 1, 0, 0, 0, 0, 0]),
        (
            change(complaint, |e| e.flags = vec![Flag::Unmatched]),
            [0, 0, 0, 0, 0, 1, 0, 0, 0],
        ),
        (
            on(Kind::Delayed, "1", "2 10:00", A, "networkerror"),
            [0, 0, 0, 0, 0, 0, 0, 1, 0],
        ),
        (
            on(Kind::AutoReply, "1", "2 10:00", A, "-"),
            [0, 0, 0, 0, 0, 0, 0, 0, 1],
        ),
    ];
    for (n, (event, expected)) in cases.into_iter().enumerate() {
        let f = World::default().with([event]).report().totals;
        let got = [
            f.bounced,
            f.hard_bounce,
            f.other,
            f.complaint,
            f.held,
            f.unmatched,
            f.sender_fault,
            f.delayed,
            f.auto_reply,
        ];
        assert_eq!(got, expected, "case {n}");
    }
}

#[test]
fn p1_one_recipient_at_two_mailboxes_is_one_in_the_total_and_one_at_each() {
    let summary = World::default()
        .with([
            on(Kind::Failed, "1", "2 10:00", A, "userunknown"),
            on(
                Kind::Failed,
                "2",
                "3 10:00",
                "b@x.example U@B.example",
                "mailboxfull",
            ),
        ])
        .sent("2 09:00 a@x.example b.example autumn", 100)
        .sent("3 09:00 b@x.example b.example autumn", 60)
        .report();
    assert_eq!(
        (summary.totals.bounced, summary.totals.sent),
        (1, Some(160))
    );
    assert_eq!(summary.totals.rate, Some(0.00625));
    let [a, b] = ["a@x.example", "b@x.example"].map(|m| group(&summary.by.mailbox, m));
    assert_eq!((a.bounced, a.sent, a.rate), (1, Some(100), Some(0.01)));
    assert_eq!((b.bounced, b.sent, b.rate), (1, Some(60), Some(0.016667)));
    assert_eq!((a.hard_bounce, b.soft_bounce_mailbox), (1, 1));
    let t = &summary.totals;
    assert_eq!((t.hard_bounce, t.soft_bounce_mailbox), (1, 1));
    let keys: Vec<&str> = summary.by.day.iter().map(|g| g.key.as_str()).collect();
    assert_eq!(keys, ["2026-11-02", "2026-11-03"]);
}

#[test]
fn p1_the_same_notification_twice_counts_once() {
    let one = on(Kind::Failed, "1", "2 10:00", A, "userunknown");
    let summary = World::default().with([one.clone(), one]).report();
    assert_eq!(summary.totals.bounced, 1);
}

#[test]
fn p1_a_failure_told_by_a_dsn_and_an_export_has_the_category_of_the_surer() {
    let mut export = on(Kind::Failed, "1", "2 20:00", A, "undefined");
    export.confidence = Some(0.5);
    export.held = Some(true);
    let dsn = on(Kind::Failed, "2", "2 10:00", A, "userunknown");
    let f = World::default().with([export, dsn]).report().totals;
    assert_eq!((f.bounced, f.hard_bounce, f.other, f.held), (1, 1, 0, 0));
}

#[test]
fn p2_bands_of_a_report() {
    for (bounced, sent, band) in [
        (0, 100, Band::Healthy),
        (1, 101, Band::Healthy),
        (1, 100, Band::Caution),
        (2, 100, Band::Caution),
        (3, 149, Band::Danger),
        (5, 100, Band::Danger),
        (5, 99, Band::Critical),
    ] {
        let world = World::default()
            .with(burst(
                bounced,
                "2 10:00",
                "a@x.example",
                "b.example",
                "mailboxfull",
            ))
            .sent("2 09:00 a@x.example b.example autumn", sent);
        assert_eq!(
            world.report().totals.band,
            Some(band),
            "{bounced} of {sent}"
        );
    }
}

#[test]
fn p1_without_a_sent_log_there_are_counts_and_a_plain_line() {
    let summary = World::default()
        .with(burst(
            3,
            "2 10:00",
            "a@x.example",
            "b.example",
            "userunknown",
        ))
        .report();
    let t = &summary.totals;
    assert_eq!((t.bounced, t.sent, t.rate, t.band), (3, None, None, None));
    assert!(summary.notes[0].contains("--sent"));
    assert!(summary.too_few.is_empty());
    let json = serde_json::to_value(&summary).unwrap();
    assert!(json["totals"].get("rate").is_none());
    assert!(json["totals"].get("band").is_none());
}

#[test]
fn p1_bounces_without_sends_have_rate_1_and_an_alert() {
    let summary = World::default()
        .with(burst(
            3,
            "2 10:00",
            "a@x.example",
            "b.example",
            "userunknown",
        ))
        .sent("2 09:00 b@x.example b.example autumn", 2)
        .report();
    assert_eq!(summary.totals.rate, Some(1.0));
    assert_eq!(summary.totals.rate_low, None);
    let a = group(&summary.by.mailbox, "a@x.example");
    assert_eq!((a.sent, a.rate, a.rate_high), (Some(0), Some(1.0), None));
    let keys: Vec<&str> = alerts(&summary, Pattern::SentIncomplete)
        .iter()
        .map(|a| a.key.as_str())
        .collect();
    assert_eq!(keys, ["a@x.example", "autumn", "total"]);
}

#[test]
fn p1_nothing_sent_and_nothing_bounced_has_no_rate() {
    let world = World {
        sends: Some(Sends::default()),
        ..World::default()
    };
    let t = world.report().totals;
    assert_eq!((t.sent, t.bounced, t.rate), (Some(0), 0, None));
}

#[test]
fn i8_a_grouping_that_the_log_does_not_name_has_no_rate() {
    let summary = World::default()
        .with(burst(
            3,
            "2 10:00",
            "a@x.example",
            "b.example",
            "userunknown",
        ))
        .sent("2 09:00 a@x.example - -", 100)
        .report();
    assert_eq!(group(&summary.by.mailbox, "a@x.example").rate, Some(0.03));
    assert_eq!(group(&summary.by.domain, "b.example").sent, None);
    assert_eq!(group(&summary.by.campaign, "autumn").rate, None);
}

#[test]
fn p7_the_period_is_half_open_and_filters_both_sides() {
    let filter = Filter {
        since: Some(at("2 10:00")),
        until: Some(at("2 11:00")),
        ..Filter::default()
    };
    let world = World {
        filter,
        ..World::default()
    };
    let summary = world
        .with([
            on(
                Kind::Failed,
                "1",
                "2 09:59",
                "a@x.example u1@b.example",
                "userunknown",
            ),
            on(
                Kind::Failed,
                "2",
                "2 10:00",
                "a@x.example u2@b.example",
                "userunknown",
            ),
            on(
                Kind::Failed,
                "3",
                "2 10:59",
                "a@x.example u3@b.example",
                "userunknown",
            ),
            on(
                Kind::Failed,
                "4",
                "2 11:00",
                "a@x.example u4@b.example",
                "userunknown",
            ),
            failed("5 - a@x.example u5@b.example userunknown"),
        ])
        .sent("2 09:59 a@x.example b.example autumn", 1)
        .sent("2 10:00 a@x.example b.example autumn", 10)
        .sent("2 11:00 a@x.example b.example autumn", 100)
        .report();
    assert_eq!((summary.totals.bounced, summary.totals.sent), (2, Some(10)));
    assert_eq!(
        summary.period.since.as_deref(),
        Some("2026-11-02T10:00:00Z")
    );
    assert_eq!(
        summary.period.until.as_deref(),
        Some("2026-11-02T11:00:00Z")
    );
}

#[test]
fn p7_without_a_window_the_period_is_that_of_the_events_and_undated_ones_count() {
    let summary = World::default()
        .with([
            on(
                Kind::Failed,
                "1",
                "2 23:59",
                "a@x.example u1@b.example",
                "userunknown",
            ),
            on(
                Kind::AutoReply,
                "2",
                "4 00:00",
                "a@x.example u2@b.example",
                "-",
            ),
            failed("3 - a@x.example u3@b.example userunknown"),
        ])
        .report();
    assert_eq!(
        summary.period.since.as_deref(),
        Some("2026-11-02T23:59:00Z")
    );
    assert_eq!(
        summary.period.until.as_deref(),
        Some("2026-11-04T00:00:00Z")
    );
    assert_eq!(summary.totals.bounced, 2);
    let days: Vec<(&str, u64)> = summary
        .by
        .day
        .iter()
        .map(|g| (g.key.as_str(), g.figures.bounced))
        .collect();
    assert_eq!(days, [("2026-11-02", 1), ("2026-11-04", 0)]);
    let trend: Vec<&str> = summary.views.trend.iter().map(|s| s.day.as_str()).collect();
    assert_eq!(trend, ["2026-11-02", "2026-11-03", "2026-11-04"]);
}

#[test]
fn p1_days_are_of_utc_whatever_the_zone_of_the_mail() {
    let mut e = on(Kind::Failed, "1", "2 10:00", A, "userunknown");
    e.occurred_at = Some("2026-11-02T23:30:00-02:00".to_owned());
    let summary = World::default().with([e]).report();
    assert_eq!(summary.by.day[0].key, "2026-11-03");
}

#[test]
fn p7_filters_choose_bounces_and_sends() {
    type Set = fn(&mut Filter);
    let cases: [(Set, u64, Option<u64>); 5] = [
        (|_| (), 4, Some(300)),
        (
            |f| f.mailboxes = vec!["a@x.example".to_owned()],
            3,
            Some(100),
        ),
        (|f| f.domains = vec!["b.example".to_owned()], 3, Some(100)),
        (|f| f.categories = vec![Category::HardBounce], 3, Some(300)),
        (|f| f.campaigns = vec!["spring".to_owned()], 0, Some(200)),
    ];
    for (n, (set, bounced, sent)) in cases.into_iter().enumerate() {
        let mut filter = Filter::default();
        set(&mut filter);
        let world = World {
            filter,
            ..World::default()
        };
        let summary = world
            .with(burst(
                3,
                "2 10:00",
                "a@x.example",
                "b.example",
                "userunknown",
            ))
            .with(burst(
                1,
                "2 11:00",
                "bb@x.example",
                "c.example",
                "mailboxfull",
            ))
            .sent("2 09:00 a@x.example b.example autumn", 100)
            .sent("2 09:00 bb@x.example c.example spring", 200)
            .report();
        assert_eq!(
            (summary.totals.bounced, summary.totals.sent),
            (bounced, sent),
            "case {n}"
        );
    }
}

#[test]
fn p6_lists_are_sorted_by_bounced_then_key() {
    let summary = World::default()
        .with(burst(
            1,
            "2 10:00",
            "bb@x.example",
            "b.example",
            "userunknown",
        ))
        .with(burst(
            1,
            "2 11:00",
            "a@x.example",
            "a.example",
            "userunknown",
        ))
        .with(burst(
            2,
            "2 12:00",
            "ccc@x.example",
            "c.example",
            "userunknown",
        ))
        .sent("2 09:00 d@x.example c.example autumn", 1)
        .report();
    let keys: Vec<&str> = summary.by.mailbox.iter().map(|g| g.key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "ccc@x.example",
            "a@x.example",
            "bb@x.example",
            "d@x.example"
        ]
    );
}

#[test]
fn t3_an_escalated_recipient_is_counted_on_the_day_of_the_last_strike() {
    let summary = World::default()
        .with(["2", "3", "4"].map(|d| on(Kind::Failed, d, &format!("{d} 10:00"), A, "mailboxfull")))
        .report();
    assert_eq!(summary.totals.escalated, 1);
    let days: Vec<u64> = ["2026-11-02", "2026-11-03", "2026-11-04"]
        .iter()
        .map(|d| group(&summary.by.day, d).escalated)
        .collect();
    assert_eq!(days, [0, 0, 1]);
}

#[test]
fn p6_domains_are_worst_by_excess_over_the_overall_rate() {
    // 12 of 400 overall. At big.example 9 are expected and 8 bounced, at bad.example 3
    // are expected of 100, and 4 bounced.
    let summary = World::default()
        .with(burst(
            8,
            "2 10:00",
            "a@x.example",
            "big.example",
            "userunknown",
        ))
        .with(burst(
            4,
            "3 10:00",
            "a@x.example",
            "bad.example",
            "userunknown",
        ))
        .sent("2 09:00 a@x.example big.example autumn", 300)
        .sent("3 09:00 a@x.example bad.example autumn", 100)
        .report();
    let worst = &summary.views.worst_domains;
    assert_eq!(worst.len(), 1);
    assert_eq!(worst[0].domain, "bad.example");
    assert_eq!((worst[0].expected, worst[0].excess), (Some(3.0), Some(1.0)));
    assert_eq!(summary.views.distribution.len(), 2);
}

#[test]
fn p6_a_provider_has_many_domains() {
    let summary = World::default()
        .with(burst(
            2,
            "2 10:00",
            "a@x.example",
            "gmail.com",
            "userunknown",
        ))
        .with(burst(
            1,
            "2 11:00",
            "a@x.example",
            "googlemail.com",
            "userunknown",
        ))
        .sent("2 09:00 a@x.example gmail.com autumn", 50)
        .sent("2 09:00 a@x.example googlemail.com autumn", 10)
        .sent("2 09:00 a@x.example x.example autumn", 10)
        .report();
    let gmail = group(&summary.by.provider, "gmail");
    assert_eq!((gmail.bounced, gmail.sent), (3, Some(60)));
    assert_eq!(group(&summary.by.provider, "other").sent, Some(10));
}

#[test]
fn p6_who_is_not_named_is_counted_as_nobody() {
    let summary = World::default()
        .with([failed("1 2026-11-02T10:00:00Z a@x.example - userunknown")])
        .report();
    assert_eq!((summary.totals.bounced, summary.views.no_recipient), (0, 1));
}

#[test]
fn p6_the_order_of_events_and_sends_does_not_matter() {
    let events = || {
        burst(25, "2 10:00", "a@x.example", "b.example", "userunknown")
            .into_iter()
            .chain(burst(
                12,
                "3 10:00",
                "bb@x.example",
                "c.example",
                "greylisted",
            ))
    };
    let there = World::default()
        .with(events())
        .sent("2 09:00 a@x.example b.example autumn", 100)
        .sent("3 09:00 bb@x.example c.example spring", 70);
    let back = World::default()
        .with(events().collect::<Vec<_>>().into_iter().rev())
        .sent("3 09:00 bb@x.example c.example spring", 70)
        .sent("2 09:00 a@x.example b.example autumn", 100);
    assert_eq!(there.report(), back.report());
}

#[test]
fn c5_the_senders_fault_never_strikes_nor_pauses() {
    let mut events = burst(30, "2 10:00", "a@x.example", "b.example", "blocked");
    events
        .iter_mut()
        .for_each(|e| e.fault = Some(Fault::Sender));
    let summary = World::default().with(events).report();
    assert_eq!(
        (summary.totals.bounced, summary.totals.sender_fault),
        (0, 30)
    );
    assert!(summary.pauses.is_empty());
}
