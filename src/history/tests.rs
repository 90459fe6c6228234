use super::sample::{event, failed, history};
use super::*;
use crate::event::{Event, Flag, Proof, Stream};
use crate::vocab::Fault;
use proptest::prelude::*;

fn with(mut event: Event, change: impl FnOnce(&mut Event)) -> Event {
    change(&mut event);
    event
}

fn message(event: Event, id: &str) -> Event {
    with(event, |e| e.message_id = Some(id.to_owned()))
}

fn ids(items: &[Item]) -> Vec<String> {
    let short = |i: &Item| i.event_id.to_string().trim_start_matches('0').to_owned();
    items.iter().map(short).collect()
}

#[test]
fn p1_the_same_notification_twice_is_one_item() {
    let one = failed("1 2026-11-02T10:00:00Z s@a.example u@b.example userunknown");
    let mut collector = Collector::default();
    assert!(collector.add(&one));
    assert!(!collector.add(&one));
    let h = collector.finish(&Policy::default());
    assert_eq!(h.items().len(), 1);
    assert_eq!(h.items()[0].tellings, 1);
}

#[test]
fn p1_one_notification_read_with_and_without_its_mailbox_is_one_item() {
    let with_mailbox = failed("1 2026-11-02T10:00:00Z s@a.example u@b.example userunknown");
    let without = failed("1 2026-11-02T10:00:00Z - u@b.example userunknown");
    for order in [[&with_mailbox, &without], [&without, &with_mailbox]] {
        let h = history(&order.map(Clone::clone));
        assert_eq!(h.items().len(), 1);
        let mailbox = h.items()[0].mailbox.map(|m| h.text(m));
        assert_eq!(mailbox, Some("s@a.example"));
    }
}

#[test]
fn p1_events_of_one_failure_are_one_bounce() {
    let dsn = "1 2026-11-02T10:00:00Z s@a.example u@b.example userunknown";
    let later = "2 2026-11-04T10:00:00Z s@a.example U@B.example userunknown";
    let same_day = "2 2026-11-02T23:59:59Z s@a.example u@b.example userunknown";
    let next_day = "2 2026-11-03T00:00:00Z s@a.example u@b.example userunknown";
    let nameless = "2 2026-11-02T23:00:00Z - u@b.example userunknown";
    let elsewhere = "2 2026-11-02T11:00:00Z t@a.example u@b.example userunknown";
    let plain = |line: &str| failed(line);
    let named = |line: &str, id: &str| message(failed(line), id);
    let cases = [
        // Same Message-ID: days apart, spelled otherwise.
        (named(dsn, "m1"), named(later, "m1"), 1),
        (named(dsn, "m1"), named(same_day, "m2"), 2),
        // Without one on either side: mailbox and UTC day.
        (named(dsn, "m1"), plain(same_day), 1),
        (named(dsn, "m1"), plain(next_day), 2),
        (plain(dsn), plain(same_day), 1),
        (plain(dsn), plain(elsewhere), 2),
        (plain(dsn), plain(nameless), 1),
    ];
    for (n, (a, b, expected)) in cases.into_iter().enumerate() {
        for order in [[a.clone(), b.clone()], [b, a]] {
            assert_eq!(history(&order).items().len(), expected, "case {n}");
        }
    }
}

#[test]
fn p1_the_most_certain_event_speaks_then_the_smallest_id() {
    let line = |id: u8| format!("{id} 2026-11-02T1{id}:00:00Z s@a.example u@b.example userunknown");
    let sure = |id: u8, c: f64| with(failed(&line(id)), |e| e.confidence = Some(c));
    let cases = [
        ([sure(1, 0.8), sure(2, 0.9)], "2"),
        ([sure(1, 0.9), sure(2, 0.9)], "1"),
    ];
    for (events, expected) in cases {
        let h = history(&events);
        assert_eq!(ids(h.items()), [expected]);
        assert_eq!(h.items()[0].tellings, 2);
    }
}

#[test]
fn p1_the_others_fill_in_what_the_speaker_does_not_know() {
    let export = with(failed("1 - s@a.example u@b.example userunknown"), |e| {
        e.message_id = Some("m".to_owned());
        e.campaign_id = Some("autumn".to_owned());
        e.confidence = Some(0.8);
        e.proof = Proof::Sent;
    });
    let dsn = with(
        failed("2 2026-11-02T10:00:00Z - u@b.example mailboxfull"),
        |e| {
            e.message_id = Some("m".to_owned());
            e.flags = vec![Flag::Unmatched];
        },
    );
    let h = history(&[dsn, export]);
    let item = h.items()[0];
    assert_eq!(item.reason.unwrap().as_str(), "mailboxfull");
    assert_eq!(item.campaign.map(|c| h.text(c)), Some("autumn"));
    assert_eq!(item.mailbox.map(|c| h.text(c)), Some("s@a.example"));
    assert!(!item.is_stray());
}

#[test]
fn p1_who_is_not_named_is_never_merged() {
    let h = history(&[
        failed("1 2026-11-02T10:00:00Z s@a.example - userunknown"),
        failed("2 2026-11-02T10:00:00Z s@a.example - userunknown"),
    ]);
    assert_eq!(h.items().len(), 2);
}

/// Soft bounces of one address on the given days, one a word: `3`, `3f` of the
/// recipient's fault, `3d` a delivery, `3a` an automatic answer.
fn soft(days: &str) -> Vec<Event> {
    let one = |(n, word): (usize, &str)| {
        let (day, what) = word.split_at(word.find(char::is_alphabetic).unwrap_or(word.len()));
        let (kind, reason) = match what {
            "d" => (Kind::Delivered, "-"),
            "a" => (Kind::AutoReply, "-"),
            "f" => (Kind::Failed, "mailboxfull"),
            _ => (Kind::Failed, "greylisted"),
        };
        let day: i64 = day.parse().unwrap();
        let at = jiff::Timestamp::from_second(1_793_577_600 + day * 86_400 + n as i64).unwrap();
        let line = format!("{n} {at:.0} s@a.example u@b.example {reason}");
        message(event(kind, &line), &format!("m{n}"))
    };
    days.split_whitespace().enumerate().map(one).collect()
}

#[test]
fn t3_three_days_within_thirty_or_six_bounces_escalate() {
    let cases = [
        ("0 1 2", Some(2)),
        ("0f 1f 2f", Some(2)),
        ("0 0 0 1 1", None),
        ("0 0 0 0 0 0", Some(5)),
        ("0 0 0 1 1 1", Some(5)),
        // 30 days and some seconds are too many; the sixth counts whenever it comes.
        ("0 15 30", None),
        ("0 15 29", Some(2)),
        ("0 31 62 93 124 155", Some(5)),
        // A delivery or an automatic answer resets.
        ("0 1 1d 2", None),
        ("0 1 1a 2", None),
        ("0 1 1d 2 3 4", Some(5)),
        // Once is enough.
        ("0 1 2 3 4 5", Some(2)),
    ];
    for (days, expected) in cases {
        let h = history(&soft(days));
        let last: Vec<usize> = h.escalations().iter().map(|e| e.item).collect();
        assert_eq!(last, expected.into_iter().collect::<Vec<_>>(), "{days}");
    }
}

#[test]
fn t3_the_trail_names_the_strikes_since_the_reset() {
    let h = history(&soft("0 1 1d 2 3 4"));
    assert_eq!(h.escalations()[0].trail, [3, 4, 5]);
    let marks: Vec<bool> = h.items().iter().map(|i| i.escalates).collect();
    assert_eq!(marks, [false, false, false, false, false, true]);
}

#[test]
fn t3_what_is_no_strike() {
    type Change = fn(&mut Event);
    let changes: [(&str, Change); 6] = [
        ("held", |e| e.held = Some(true)),
        ("unmatched", |e| e.flags = vec![Flag::Unmatched]),
        ("mass report", |e| e.flags = vec![Flag::MassReport]),
        ("expanded", |e| e.flags = vec![Flag::Expanded]),
        ("warm-up", |e| e.stream = Stream::Warmup),
        ("the sender's fault", |e| e.fault = Some(Fault::Sender)),
    ];
    for (what, change) in changes {
        let mut events = soft("0 1 2");
        change(&mut events[1]);
        assert!(history(&events).escalations().is_empty(), "{what}");
    }
    let proved = |e: &mut Event| {
        e.flags = vec![Flag::MassReport];
        e.proof = Proof::Sent;
    };
    let mut events = soft("0 1 2");
    proved(&mut events[1]);
    assert_eq!(history(&events).escalations().len(), 1);
}

#[test]
fn t3_the_day_of_an_outage_is_no_strike_unless_the_recipient_is_to_blame() {
    for (days, others, expected) in [("0 1 2", 8, 1), ("0 1 2", 9, 0), ("0f 1f 2f", 9, 1)] {
        let mut events = soft(days);
        for n in 0..others {
            let line = format!("a{n} 2026-11-03T10:00:00Z s@a.example o{n}@b.example greylisted");
            events.push(failed(&line));
        }
        let h = history(&events);
        assert_eq!(h.escalations().len(), expected, "{days} {others}");
    }
}

#[test]
fn t3_one_team_does_not_strike_for_another() {
    let mut events = soft("0 1 2");
    events[1].workspace = "other".to_owned();
    assert!(history(&events).escalations().is_empty());
}

fn acted(events: &[Event], acts: &[Act]) -> History {
    let mut collector = Collector::default();
    events.iter().for_each(|e| {
        collector.add(e);
    });
    acts.iter().for_each(|a| collector.act(a.clone()));
    collector.finish(&Policy::default())
}

#[test]
fn s5_what_was_before_a_reverification_no_longer_counts() {
    let day = |n: i64| 1_793_577_600 + n * 86_400;
    let address = || "U@b.example".to_owned();
    let cases = [
        (What::Reverify { address: address() }, "s s r r"),
        (What::Remove { address: address() }, "s s r r"),
        (
            What::Import {
                address: address(),
                workspace: "default".to_owned(),
                complaint: false,
            },
            "- - - -",
        ),
        (
            What::RemoveDomain {
                domain: "b.example".to_owned(),
                since: day(1),
                until: day(2),
            },
            "- s r r",
        ),
    ];
    for (what, expected) in cases {
        let act = Act { at: day(2), what };
        let h = acted(&soft("0 1 2 3"), std::slice::from_ref(&act));
        let mark = |i: &Item| match (i.spent, i.repeat) {
            (true, false) => "s",
            (false, true) => "r",
            _ => "-",
        };
        let marks: Vec<&str> = h.items().iter().map(mark).collect();
        assert_eq!(marks.join(" "), expected, "{act:?}");
    }
}

/// `n` hard bounces at one domain, one every `minutes`.
fn hard(n: usize, minutes: i64) -> Vec<Event> {
    let one = |n: usize| {
        let at = 1_793_620_800 + n as i64 * minutes * 60;
        let at = jiff::Timestamp::from_second(at).unwrap();
        failed(&format!(
            "{n} {at:.0} s@a.example u{n}@b.example userunknown"
        ))
    };
    (0..n).map(one).collect()
}

#[test]
fn s10_a_burst_is_ten_recipients_in_six_hours_and_a_third_of_those_mailed() {
    let cases = [
        (10, 30, Some(33), 10),
        (10, 30, Some(34), 0),
        (9, 30, Some(9), 0),
        // Ten in 6 h exactly: the first one is just outside of the last window.
        (10, 40, Some(10), 0),
        (12, 36, Some(12), 12),
        (49, 1, None, 0),
        (50, 1, None, 50),
    ];
    for (n, minutes, sent, expected) in cases {
        let mut h = history(&hard(n, minutes));
        let limits = Policy::default().patterns.domain_hard_cluster;
        h.find_bursts(&limits, |_, _, _| sent);
        let marked = h.items().iter().filter(|i| i.burst).count();
        assert_eq!(marked, expected, "{n} every {minutes} of {sent:?}");
        assert_eq!(h.bursts().len(), usize::from(expected > 0));
    }
}

#[test]
fn s10_the_same_address_again_makes_no_burst() {
    let mut events = hard(10, 30);
    let again = events[0].recipient.clone();
    events[5].recipient = again;
    events[5].mailbox = Some("t@a.example".to_owned());
    let mut h = history(&events);
    h.find_bursts(
        &Policy::default().patterns.domain_hard_cluster,
        |_, _, _| Some(10),
    );
    assert!(h.bursts().is_empty());
}

#[test]
fn s10_what_is_held_or_answers_no_mail_is_in_no_burst() {
    let changes: [fn(&mut Event); 5] = [
        |_| (),
        |e| e.held = Some(true),
        |e| e.flags = vec![Flag::Unmatched],
        |e| e.flags = vec![Flag::Expanded],
        |e| e.stream = Stream::Warmup,
    ];
    for (n, change) in changes.into_iter().enumerate() {
        let mut events = hard(10, 30);
        events.iter_mut().take(1).for_each(change);
        let mut h = history(&events);
        let limits = Policy::default().patterns.domain_hard_cluster;
        h.find_bursts(&limits, |_, _, _| Some(10));
        assert_eq!(h.bursts().len(), usize::from(n == 0), "case {n}");
    }
}

#[test]
fn s4_what_no_longer_counts_confirms_nobody() {
    let line = |n: u32, mailbox: &str, who: &str| {
        failed(&format!(
            "{n} 2026-11-02T10:0{n}:00Z {mailbox} {who} userunknown"
        ))
    };
    for (removed, expected) in [("nobody@b.example", 2), ("v@b.example", 0)] {
        let mut collector = Collector::default();
        collector.add(&line(1, "s@a.example", "u@b.example"));
        let other = line(2, "t@c.example", "v@b.example");
        collector.add(&with(other, |e| e.workspace = "other".to_owned()));
        collector.act(Act {
            at: i64::MAX,
            what: What::Remove {
                address: removed.to_owned(),
            },
        });
        let h = collector.finish(&Policy::default());
        let pairs = h.corroborated(&Policy::default().corroboration, |_| true);
        assert_eq!(pairs.len(), expected, "{removed}");
    }
}

#[test]
fn s4_two_workspaces_confirm_each_other_within_an_hour() {
    let a = "1 2026-11-02T10:00:00Z s@a.example u@b.example userunknown";
    let other = |at: &str, change: fn(&mut Event)| {
        let line = format!("2 2026-11-02T{at}Z t@c.example v@b.example userunknown");
        with(failed(&line), |e| {
            e.workspace = "other".to_owned();
            change(e);
        })
    };
    let cases = [
        (other("11:00:00", |_| ()), 2),
        (other("11:00:01", |_| ()), 0),
        (other("09:00:00", |_| ()), 2),
        (other("10:30:00", |e| e.workspace = "default".to_owned()), 0),
        (other("10:30:00", |e| e.confirmed = Some(false)), 0),
        (
            other("10:30:00", |e| e.recipient = Some("v@x.example".to_owned())),
            0,
        ),
        (other("10:30:00", |e| e.flags = vec![Flag::Unmatched]), 0),
        (other("10:30:00", |e| e.stream = Stream::Warmup), 0),
    ];
    for (n, (event, expected)) in cases.into_iter().enumerate() {
        let h = history(&[failed(a), event]);
        let pairs = h.corroborated(&Policy::default().corroboration, |_| true);
        assert_eq!(pairs.len(), expected, "case {n}");
    }
}

#[test]
fn s4_the_partner_is_found_behind_others_of_the_same_workspace() {
    let line = |n: usize, minute: usize| {
        format!("{n} 2026-11-02T10:{minute}:00Z s@a.example u{n}@b.example userunknown")
    };
    let mut events: Vec<Event> = (0..5).map(|n| failed(&line(n, 10 + n))).collect();
    events[0].workspace = "other".to_owned();
    let h = history(&events);
    let pairs = h.corroborated(&Policy::default().corroboration, |_| true);
    let names: Vec<(String, String)> = pairs
        .iter()
        .map(|&(a, b)| {
            (
                ids(&h.items()[a..=a]).join(""),
                ids(&h.items()[b..=b]).join(""),
            )
        })
        .collect();
    let mut partners: Vec<&str> = names.iter().map(|(_, b)| b.as_str()).collect();
    partners.sort_unstable();
    assert_eq!(partners, ["", "", "", "", "1"]);
}

#[test]
fn s4_an_address_and_a_domain_can_be_asked() {
    let h = history(&hard(3, 10));
    assert_eq!(ids(h.of_address("U1@b.example")), ["1"]);
    assert!(h.of_address("nobody@b.example").is_empty());
    let times: Vec<i64> = h.of_domain("b.example").filter_map(Item::at).collect();
    assert_eq!(times, [1_793_620_800, 1_793_621_400, 1_793_622_000]);
    assert_eq!(h.of_domain("elsewhere.example").count(), 0);
}

/// Everything that a history says, in an order that the input does not choose.
fn told(h: &History) -> Vec<String> {
    let name = |id: Option<Id>| id.map(|i| h.text(i).to_owned());
    let mut out: Vec<String> = h
        .items()
        .iter()
        .map(|i| {
            format!(
                "{:?} {:?} {} {:?} {:?} {:?} {:?} {} {:?}",
                name(i.address),
                i.at(),
                i.event_id,
                name(i.mailbox),
                h.text(i.workspace),
                name(i.campaign),
                i.flags,
                i.tellings,
                (i.strike, i.escalates, i.burst, i.spent, i.repeat, i.held)
            )
        })
        .collect();
    out.extend(
        h.bursts()
            .iter()
            .map(|b| format!("{} {} {}", h.text(b.domain), b.from, b.to)),
    );
    let pairs = h.corroborated(&Policy::default().corroboration, |_| true);
    let partner =
        |(a, b): (usize, usize)| Some((h.items().get(a)?.event_id, h.items().get(b)?.event_id));
    out.extend(
        pairs
            .into_iter()
            .filter_map(partner)
            .map(|p| format!("{p:?}")),
    );
    out.sort();
    out
}

fn any_event() -> impl Strategy<Value = Event> {
    let text = |choices: &'static [&'static str]| prop::sample::select(choices);
    (
        0..30u8,
        0..60u32,
        text(&["-", "s@a.example", "t@a.example"]),
        text(&["-", "u@b.example", "v@b.example", "w@b.example"]),
        text(&["userunknown", "mailboxfull", "greylisted", "undefined"]),
        text(&["", "m1", "m2"]),
        text(&["default", "other"]),
        (0..4u8, 60..100u8),
    )
        .prop_map(
            |(id, hour, mailbox, to, reason, mid, workspace, (kind, sure))| {
                let at = i64::from(hour) * 1_800 + 1_793_577_600;
                let at = jiff::Timestamp::from_second(at).unwrap();
                let kind = [Kind::Failed, Kind::Failed, Kind::Complaint, Kind::Delivered]
                    [usize::from(kind)];
                let line = format!("{id} {at:.0} {mailbox} {to} {reason}");
                with(event(kind, &line), |e| {
                    e.message_id = Some(mid.to_owned()).filter(|m| !m.is_empty());
                    e.workspace = workspace.to_owned();
                    e.confidence = Some(f64::from(sure) / 100.0);
                    e.held = Some(sure < 70);
                })
            },
        )
}

proptest! {
    #[test]
    fn s11_the_order_of_the_events_does_not_matter(
        events in prop::collection::vec(any_event(), 0..60),
        seed in any::<u64>(),
    ) {
        let mut shuffled = events.clone();
        let mut state = seed;
        for n in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            shuffled.swap(n, (state >> 33) as usize % (n + 1));
        }
        let limits = crate::policy::DomainHardCluster {
            recipients: 2,
            ..Policy::default().patterns.domain_hard_cluster
        };
        let [a, b] = [events, shuffled].map(|e| {
            let mut h = history(&e);
            h.find_bursts(&limits, |_, _, _| Some(4));
            told(&h)
        });
        prop_assert_eq!(a, b);
    }
}
