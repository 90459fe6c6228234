//! Worked examples: the figures are computed by hand, and explained in `docs/report.md`.

use super::summary::{Alert, Band, Pattern, Scope, Trigger, Value};
use super::*;
use crate::event::{Event, Flag, Stream};
use crate::history::Collector;
use crate::history::sample::{event, failed};
use crate::vocab::{Fault, Kind};
use hashbrown::HashSet;

/// 2026-11-24T00:00:00Z.
const NOW: i64 = 1_795_478_400;
const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// Seconds of `day hour:minute` in November 2026.
fn at(text: &str) -> i64 {
    let (day, time) = text.split_once(' ').unwrap();
    let text = format!("2026-11-{day:0>2}T{time}:00Z");
    time::parse_rfc3339(&text).unwrap().as_second()
}

/// A world to report on.
#[derive(Default)]
struct World {
    events: Vec<Event>,
    sends: Option<Sends>,
    filter: Filter,
    watched: HashSet<String>,
}

impl World {
    fn with(mut self, events: impl IntoIterator<Item = Event>) -> Self {
        self.events.extend(events);
        self
    }

    /// `count` mails at one time from one mailbox to one domain for one campaign; `-` for
    /// what the log does not say.
    fn sent(mut self, line: &str, count: u64) -> Self {
        let words: Vec<&str> = line.split_whitespace().collect();
        let known = |n: usize| Some(words[n]).filter(|w| *w != "-");
        let day = words[1] == "-";
        let time = if day { "00:00" } else { words[1] };
        let send = Send {
            at: Some(at(&format!("{} {time}", words[0]))),
            day,
            mailbox: known(2),
            domain: known(3),
            campaign: known(4),
            warmup: false,
            count,
        };
        let none = || Sends::watching(&self.watched);
        let sends = self.sends.get_or_insert_with(none);
        sends.add(&send, &self.filter);
        self
    }

    fn report(&self) -> Summary {
        let mut collector = Collector::default();
        for e in &self.events {
            collector.add(e);
        }
        let policy = Policy::default();
        let mut history = collector.finish(&policy);
        let question = Question {
            filter: &self.filter,
            sends: self.sends.as_ref(),
            policy: &policy,
            now: NOW,
        };
        summary(&mut history, &question, Newest::default(), Books::default())
    }
}

/// An event at `day hour:minute`, of a campaign.
fn on(kind: Kind, id: &str, when: &str, who: &str, reason: &str) -> Event {
    let at = super::when(at(when));
    let mut e = event(kind, &format!("{id} {at} {who} {reason}"));
    e.campaign_id = Some("autumn".to_owned());
    e
}

/// `n` failures one minute apart, each of another recipient.
fn burst(n: usize, when: &str, mailbox: &str, domain: &str, reason: &str) -> Vec<Event> {
    let start = at(when);
    let one = |n: usize| {
        let at = super::when(start + n as i64 * 60);
        let mailbox_name = mailbox.split('@').next().unwrap_or_default();
        let id = format!("{:x}", 0x10_0000 + start % 0xf_ffff * 4096 + n as i64)
            + &mailbox_name.len().to_string();
        let mut e = failed(&format!("{id} {at} {mailbox} r{n}@{domain} {reason}"));
        e.campaign_id = Some("autumn".to_owned());
        e
    };
    (0..n).map(one).collect()
}

fn group<'s>(groups: &'s [Group], key: &str) -> &'s Figures {
    &groups.iter().find(|g| g.key == key).unwrap().figures
}

fn alerts(summary: &Summary, pattern: Pattern) -> Vec<&Alert> {
    summary
        .alerts
        .iter()
        .filter(|a| a.pattern == pattern)
        .collect()
}

const A: &str = "a@x.example u@b.example";

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
