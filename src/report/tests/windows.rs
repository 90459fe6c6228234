//! Windows and pauses (P4).

use super::*;
use proptest::prelude::*;

fn pauses(summary: &Summary) -> Vec<(Scope, Trigger, Value, bool)> {
    summary
        .pauses
        .iter()
        .map(|p| (p.scope, p.trigger, p.value, p.active))
        .collect()
}

/// 100 sends at 09:00; a bounce on the edge of the window: at 09:00 of the next day the
/// first bounce has just left it, and so have the sends.
#[test]
fn p4_a_rate_above_two_per_cent_in_24_hours_pauses_mailbox_and_campaign() {
    let world = |third: &str| {
        World::default()
            .with([
                on(
                    Kind::Failed,
                    "1",
                    "2 10:00",
                    "a@x.example u1@b.example",
                    "userunknown",
                ),
                on(
                    Kind::Failed,
                    "2",
                    "2 11:00",
                    "a@x.example u2@b.example",
                    "mailboxfull",
                ),
                on(
                    Kind::Failed,
                    "3",
                    third,
                    "a@x.example u3@b.example",
                    "userunknown",
                ),
            ])
            .sent("2 09:00 a@x.example b.example autumn", 50)
            .sent("2 10:30 a@x.example b.example autumn", 50)
    };
    // 1 of 50 is 2 %, 2 of 100 is 2 %: not above. The third makes 3 of 100.
    let summary = world("2 12:00").report();
    let rate = Value::Fraction(0.03);
    assert_eq!(
        pauses(&summary),
        [
            (Scope::Mailbox, Trigger::BounceRate, rate, false),
            (Scope::Campaign, Trigger::BounceRate, rate, false),
        ]
    );
    let pause = &summary.pauses[0];
    assert_eq!(pause.from, "2026-11-02T12:00:00Z");
    assert_eq!(pause.to, "2026-11-02T12:00:00Z");
    assert_eq!(pause.threshold, Value::Fraction(0.02));
    assert!(summary.too_few.is_empty());
    // (2nd 10:00, 3rd 10:00]: the first bounce is at the open end, the sends of 10:30 are
    // inside: 2 of 50 is above 2 %.
    assert_eq!(
        world("3 10:00").report().pauses[0].value,
        Value::Fraction(0.04)
    );
    // One second more than 24 hours after the last sends: no verdict.
    let summary = world("3 10:31").report();
    assert!(summary.pauses.is_empty());
    let few: Vec<(Scope, &str)> = summary
        .too_few
        .iter()
        .map(|t| (t.scope, t.key.as_str()))
        .collect();
    assert_eq!(
        few,
        [(Scope::Mailbox, "a@x.example"), (Scope::Campaign, "autumn")]
    );
}

#[test]
fn p4_one_recipient_in_a_window_counts_once() {
    let events = (0..5).map(|n| {
        let mut e = on(Kind::Failed, &n.to_string(), "2 10:00", A, "mailboxfull");
        e.message_id = Some(format!("m{n}"));
        e
    });
    let world = World::default()
        .with(events)
        .sent("2 09:00 a@x.example b.example autumn", 50);
    assert!(world.report().pauses.is_empty());
}

#[test]
fn p4_complaints_above_a_thousandth_pause() {
    let world = |sent| {
        World::default()
            .with([on(Kind::Complaint, "1", "2 10:00", A, "-")])
            .sent("2 09:00 a@x.example b.example autumn", sent)
            .report()
    };
    assert_eq!(pauses(&world(1000)), []);
    let of_mailbox = (
        Scope::Mailbox,
        Trigger::ComplaintRate,
        Value::Fraction(0.001001),
        false,
    );
    assert_eq!(pauses(&world(999))[0], of_mailbox);
    assert_eq!(world(49).too_few.len(), 2);
}

#[test]
fn p4_more_than_twenty_recipients_in_an_hour_pause_a_mailbox_even_without_a_sent_log() {
    let world = |n| {
        World::default().with(burst(
            n,
            "23 10:00",
            "a@x.example",
            "b.example",
            "userunknown",
        ))
    };
    assert_eq!(pauses(&world(20).report()), []);
    let active = (Scope::Mailbox, Trigger::BounceBurst, Value::Count(21), true);
    assert_eq!(pauses(&world(21).report()), [active]);
    // 61 bounces a minute apart: the window of one hour holds 60 of them.
    let summary = world(61).report();
    assert_eq!(summary.pauses[0].value, Value::Count(60));
    assert_eq!(summary.pauses[0].from, "2026-11-23T10:20:00Z");
    assert_eq!(summary.pauses[0].to, "2026-11-23T11:00:00Z");
}

#[test]
fn p4_a_pause_is_one_run_of_windows_and_active_if_it_reaches_the_last_24_hours() {
    for (when, active) in [
        ("22 23:00", false),
        ("22 23:40", false),
        ("22 23:41", true),
        ("23 12:00", true),
    ] {
        let summary = World::default()
            .with(burst(21, when, "a@x.example", "b.example", "userunknown"))
            .report();
        assert_eq!(summary.pauses[0].active, active, "{when}");
    }
    let summary = World::default()
        .with(burst(
            21,
            "2 10:00",
            "a@x.example",
            "b.example",
            "userunknown",
        ))
        .with(burst(
            1,
            "2 15:00",
            "a@x.example",
            "c.example",
            "userunknown",
        ))
        .with(burst(
            21,
            "2 18:00",
            "a@x.example",
            "d.example",
            "userunknown",
        ))
        .report();
    let runs: Vec<&str> = summary.pauses.iter().map(|p| p.from.as_str()).collect();
    assert_eq!(runs, ["2026-11-02T10:20:00Z", "2026-11-02T18:20:00Z"]);
}

#[test]
fn p4_a_log_of_days_has_windows_of_days() {
    let summary = World::default()
        .with(burst(
            3,
            "2 22:00",
            "a@x.example",
            "b.example",
            "userunknown",
        ))
        .with(burst(
            1,
            "3 09:00",
            "a@x.example",
            "c.example",
            "userunknown",
        ))
        .sent("2 - a@x.example b.example autumn", 100)
        .sent("3 - a@x.example b.example autumn", 60)
        .report();
    assert_eq!(summary.resolution, Some(Resolution::Day));
    // On the 3rd one of 60: the bounces of the evening before are in their own day.
    assert_eq!(summary.pauses[0].to, "2026-11-02T22:02:00Z");
    assert_eq!(summary.pauses[0].value, Value::Fraction(0.03));
}

#[test]
fn p4_the_window_reaches_before_the_period() {
    let filter = Filter {
        since: Some(NOW - DAY),
        until: Some(NOW),
        ..Filter::default()
    };
    let world = World {
        filter,
        ..World::default()
    };
    let summary = world
        .with(burst(
            2,
            "22 23:50",
            "a@x.example",
            "b.example",
            "userunknown",
        ))
        .with(burst(
            1,
            "23 00:10",
            "a@x.example",
            "c.example",
            "userunknown",
        ))
        .sent("22 12:00 a@x.example b.example autumn", 100)
        .report();
    assert_eq!(summary.totals.bounced, 1);
    assert_eq!(summary.pauses[0].value, Value::Fraction(0.03));
    assert!(summary.pauses[0].active);
}

/// A pause with plain numbers: trigger, first and last window, part and whole.
type Plain = (Trigger, i64, i64, f64);

/// What the windows of one mailbox come to, counted one by one: (time, recipient,
/// complaint) and (time, mails).
fn one_by_one(marks: &[(i64, u8, bool)], sends: &[(i64, u64)]) -> (Vec<Plain>, bool) {
    let limits = Policy::default().pauses;
    let mut times: Vec<i64> = marks.iter().map(|m| m.0).collect();
    times.sort_unstable();
    times.dedup();
    let distinct = |from: i64, to: i64, complaint: bool| {
        let inside = marks
            .iter()
            .filter(|m| m.0 > from && m.0 <= to && m.2 == complaint);
        inside.map(|m| m.1).collect::<HashSet<u8>>().len() as f64
    };
    let mut out: Vec<Plain> = Vec::new();
    let mut few = false;
    for trigger in Trigger::ALL {
        let mut run: Option<Plain> = None;
        for &t in &times {
            let inside = sends.iter().filter(|s| s.0 > t - DAY && s.0 <= t);
            let sent = inside.map(|s| s.1).sum::<u64>() as f64;
            few |= sent < 50.0;
            let (value, limit) = match trigger {
                Trigger::BounceRate => (distinct(t - DAY, t, false) / sent, limits.bounce_rate_24h),
                Trigger::ComplaintRate => {
                    (distinct(t - DAY, t, true) / sent, limits.complaint_rate_24h)
                }
                Trigger::BounceBurst => (
                    distinct(t - HOUR, t, false),
                    f64::from(limits.bounce_burst_1h),
                ),
            };
            let measured = *trigger == Trigger::BounceBurst || sent >= 50.0;
            match (&mut run, measured && value > limit + 1e-12) {
                (Some(r), true) => (r.2, r.3) = (t, r.3.max(value)),
                (None, true) => run = Some((*trigger, t, t, value)),
                (_, false) => out.extend(run.take()),
            }
        }
        out.extend(run);
    }
    (out, few)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn p4_sliding_windows_count_like_windows_one_by_one(
        marks in prop::collection::vec((0..96i64, 0..60u8, prop::bool::weighted(0.1)), 0..120),
        sends in prop::collection::vec((0..96i64, 0..90u64), 0..40),
        minutes in prop::bool::ANY,
    ) {
        // Either four days by the hour, or an hour and a half by the minute.
        let unit = if minutes { 60 } else { HOUR };
        let start = at("2 00:00");
        let marks: Vec<(i64, u8, bool)> =
            marks.into_iter().map(|(t, who, c)| (start + t * unit, who, c)).collect();
        let sends: Vec<(i64, u64)> = sends.into_iter().map(|(t, n)| (start + t * unit, n)).collect();
        let mut world = World { sends: Some(Sends::default()), ..World::default() };
        for (n, (t, who, complaint)) in marks.iter().enumerate() {
            let kind = if *complaint { Kind::Complaint } else { Kind::Failed };
            let mut e = event(kind, &format!("{n} {} a@x.example r{who}@b.example mailboxfull", when(*t)));
            // Each is a failure of its own.
            e.message_id = Some(format!("m{n}"));
            world.events.push(e);
        }
        for (t, n) in &sends {
            let send = Send { at: Some(*t), mailbox: Some("a@x.example"), count: *n, ..Send::default() };
            if let Some(log) = &mut world.sends {
                log.add(&send, &Filter::default());
            }
        }
        let summary = world.report();
        let (mut expected, few) = one_by_one(&marks, &sends);
        // A log that names no mailbox at all has no rates.
        if sends.is_empty() {
            expected.retain(|p| p.0 == Trigger::BounceBurst);
        }
        let second = |t: &str| time::parse_rfc3339(t).unwrap().as_second();
        let mut got: Vec<Plain> = summary
            .pauses
            .iter()
            .map(|p| {
                let value = match p.value {
                    Value::Count(n) => n as f64,
                    Value::Fraction(f) => f,
                };
                (p.trigger, second(&p.from), second(&p.to), value)
            })
            .collect();
        let by = |p: &Plain| (p.0, p.1);
        got.sort_by_key(by);
        expected.sort_by_key(by);
        prop_assert_eq!(got.len(), expected.len(), "{:?} {:?}", got, expected);
        for (g, e) in got.iter().zip(&expected) {
            prop_assert_eq!((g.0, g.1, g.2), (e.0, e.1, e.2));
            prop_assert!((g.3 - e.3).abs() < 1e-6, "{:?} {:?}", g, e);
        }
        let few = few && !marks.is_empty() && !sends.is_empty();
        prop_assert_eq!(!summary.too_few.is_empty(), few);
    }
}
