//! The lists of a ledger, night by night, are those of a history of everything.

use super::{Acts, Task, settle};
use crate::event::{Event, Flag, Proof, Stream};
use crate::history::sample::{event, failed};
use crate::history::{Act, Collector, What};
use crate::ledger::{Deed, Form, Ledger, LedgerError, Span};
use crate::lists::files::{SKIPS, skip_list};
use crate::lists::{Question, Scene, each_line, skip};
use crate::policy::Policy;
use crate::time;
use crate::vocab::Kind;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;

fn seconds(text: &str) -> i64 {
    time::parse_rfc3339(text).unwrap().as_second()
}

/// Small figures, so that a few events are an outage, a burst, a strike too many.
const FIGURES: &str = "
[patterns.domain_hard_cluster]
recipients = 2
window = '1h'
recipients_without_sent = 2
[corroboration]
window = '2h'
[escalation]
outage_addresses = 2
strikes = 2
[lists]
mailbox_seen = '20d'
";
const TEAMS: &str = "
[workspaces.one]
mailboxes = ['s@a.example', 't@a.example']
[workspaces.two]
mailboxes = ['z@c.example']
";

fn ledger() -> Ledger {
    let mut ledger = Ledger::copy(Path::new("/nowhere")).unwrap();
    ledger.begin().unwrap();
    ledger
}

/// The lines of each list.
type Lists = BTreeMap<String, Vec<String>>;

/// The lists of a history of all that a ledger holds.
fn at_once(ledger: &Ledger, policy: &Policy, now: i64) -> Lists {
    let mut collector = Collector::default();
    let mut names = vec![String::new()];
    let each = |mut event: Event| -> Result<(), LedgerError> {
        settle(&mut event, policy);
        collector.add(&event);
        Ok(())
    };
    ledger.each_event(each).unwrap();
    names.extend(ledger.addresses_behind("", usize::MAX).unwrap());
    for name in names {
        for deed in ledger.acts_on(&name).unwrap() {
            collector.act(deed.act);
        }
    }
    let mut history = collector.finish(policy);
    history.find_bursts(&policy.patterns.domain_hard_cluster, |_, _, _| None);
    let reply = |id| ledger.reply(id).unwrap();
    let question = Question {
        reply: &reply,
        ..Question::new(policy, now)
    };
    let scene = Scene::of(&history, &question);
    let lines = |name: &String| scene.rows(name).into_iter().map(|r| r.line).collect();
    let all = scene.names().into_iter();
    all.map(|n| (n.clone(), lines(&n))).collect()
}

/// The lists as the files of a ledger show them.
fn shown(ledger: &Ledger) -> Lists {
    let mut lists = Lists::new();
    for view in ledger.views().unwrap() {
        if view.form != Form::Csv {
            continue;
        }
        let mailbox = view.part.as_deref().and_then(skip::mailbox_of);
        let skips = mailbox.filter(|_| view.list == SKIPS).map(skip_list);
        let lines = lists.entry(skips.unwrap_or(view.list.clone())).or_default();
        each_line(ledger, &view, None, |_, line| -> Result<(), LedgerError> {
            lines.push(line);
            Ok(())
        })
        .unwrap();
    }
    lists
}

fn run(ledger: &Ledger, policy: &Policy, now: i64, events: &[Event], deeds: &[Deed]) {
    let before = ledger.last_reading().unwrap();
    for event in events {
        ledger.add(event).unwrap();
    }
    let at = time::rfc3339(jiff::Timestamp::from_second(now).unwrap());
    let task = Task {
        ledger,
        policy,
        now,
        at: &at,
        sends: None,
    };
    let mut acts = Acts::new(&at);
    for deed in deeds {
        acts.enter(ledger, deed.clone()).unwrap();
    }
    task.run(acts, before).unwrap();
}

const REASONS: &[&str] = &[
    "userunknown",
    "userunknown",
    "mailboxfull",
    "greylisted",
    "spamdetected",
    "blocked",
    "norelaying",
];
const PEOPLE: &[&str] = &["u@b.example", "v@b.example", "w@b.example", "x@e.example"];
const MAILBOXES: &[&str] = &[
    "s@a.example",
    "t@a.example",
    "z@c.example",
    "q@d.example",
    "-",
];

/// A notification of two hundred. What its `event_id` is made of – kind, recipient, moment,
/// reply, message – is the same whenever it is read; what options, policy and sent log
/// say of it is not, nor whether a recipient is known at all.
fn any_event() -> impl Strategy<Value = Event> {
    let what = (0..200u8, prop::sample::select(MAILBOXES), 0..5u8);
    (what, any::<u16>(), prop::sample::select(Proof::ALL)).prop_map(|(what, bits, proof)| {
        let (id, mailbox, known) = what;
        let chance = |n: u64| (mixed(usize::from(id), 7919 * n + 1) >> 20) as usize;
        let (time, sort) = (chance(1) % 20, chance(2));
        let reason = REASONS[chance(3) % REASONS.len()];
        let message = ["", "m1", "m2"][chance(4) % 3];
        let who = match known {
            0 => "-",
            _ => PEOPLE[chance(5) % PEOPLE.len()],
        };
        let (day, hour) = (1 + time / 4, 10 + time % 4);
        let moment = match time {
            0 => "-".to_owned(),
            _ => format!("2026-11-{day:02}T{hour}:00:00Z"),
        };
        let line = format!("{id:x} {moment} {mailbox} {who} {reason}");
        let kinds = [
            Kind::Failed,
            Kind::Complaint,
            Kind::AutoReply,
            Kind::Delivered,
        ];
        let mut e = match sort & 3 {
            0 => event(kinds[sort >> 2 & 3], &line),
            _ => failed(&line),
        };
        if e.kind == Kind::AutoReply {
            e.returns_on = Some(format!("2026-11-{:02}", 10 + id % 20));
        }
        if id % 7 == 0 {
            e.workspace = "three".to_owned();
        }
        e.held = e.held.map(|_| bits >> 4 & 7 == 7);
        e.confirmed = e.confirmed.map(|c| c && bits >> 7 & 3 != 3);
        if bits >> 9 & 7 == 7 {
            e.flags = vec![Flag::Unmatched];
        }
        if bits >> 12 & 7 == 7 {
            e.stream = Stream::Warmup;
        }
        e.subject = Some(format!("subject {}", id % 3));
        e.message_id = Some(message.to_owned()).filter(|m| !m.is_empty());
        e.proof = proof;
        e.smtp_message = Some(format!("reply {id}"));
        e
    })
}

fn any_act() -> impl Strategy<Value = Deed> {
    let people = &["u@b.example", "v@b.example", "new@f.example"][..];
    let what = (0..5u8, 0..20i64, prop::sample::select(people));
    what.prop_map(|(kind, day, address)| {
        let address = address.to_owned();
        let at = seconds("2026-11-01T10:30:00Z") + day * 43_200;
        let what = match kind {
            0 => What::Reverify { address },
            1 => What::Remove { address },
            2 => What::RemoveDomain {
                domain: "b.example".to_owned(),
                since: at - 86_400,
                until: at,
            },
            _ => What::Import {
                address,
                workspace: ["one", "four"][day as usize % 2].to_owned(),
                complaint: kind == 3,
            },
        };
        Deed {
            act: Act { at, what },
            comment: None,
        }
    })
}

/// A number that looks like chance.
fn mixed(n: usize, seed: u64) -> u64 {
    let n = (n as u64 + 1).wrapping_mul(seed | 1).rotate_left(29);
    n.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn s11_night_by_night_in_any_order_is_as_all_at_once(
        events in prop::collection::vec(any_event(), 1..60),
        deeds in prop::collection::vec(any_act(), 0..5),
        seed in any::<u64>(),
        nights in 1..7usize,
        again in 0..20usize,
        teams in any::<bool>(),
    ) {
        let text = format!("{FIGURES}{}", if teams { TEAMS } else { "" });
        let policy = Policy::parse(&text, "bounce.toml").unwrap();
        let end = seconds("2026-11-24T00:00:00Z");
        // Shuffled, some read twice.
        let mut order: Vec<usize> = (0..events.len()).collect();
        order.sort_by_key(|n| mixed(*n, seed));
        order.extend(0..again.min(events.len()));
        let ledger = ledger();
        let chunks = order.chunks(order.len().div_ceil(nights));
        let count = chunks.len();
        for (n, night) in chunks.enumerate() {
            let new: Vec<Event> = night.iter().map(|n| events[*n].clone()).collect();
            let acts: Vec<Deed> = match deeds.iter().rev().nth(n) {
                Some(deed) => vec![deed.clone()],
                None => Vec::new(),
            };
            let left = i64::try_from(count - n).unwrap() - 1;
            let now = end - left * 5 * 86_400;
            run(&ledger, &policy, now, &new, &acts);
            prop_assert_eq!(shown(&ledger), at_once(&ledger, &policy, now), "night {}", n);
        }
        run(&ledger, &policy, end, &[], &deeds);
        prop_assert_eq!(shown(&ledger), at_once(&ledger, &policy, end));
        // And all of it in one run.
        let once = super::tests::ledger();
        run(&once, &policy, end, &events, &deeds);
        prop_assert_eq!(shown(&once), shown(&ledger));
        // A run without news changes nothing.
        let entries = once.last_run().unwrap();
        run(&once, &policy, end + 60, &events, &deeds);
        prop_assert_eq!(once.last_run().unwrap(), entries);
    }
}

#[test]
fn s11_what_is_kept_of_rows_is_counted() {
    let policy = Policy::parse(TEAMS, "bounce.toml").unwrap();
    let ledger = ledger();
    let now = seconds("2026-11-24T00:00:00Z");
    let bounce = |n: u32| {
        let mut event = failed(&format!(
            "{n:x} 2026-11-0{n}T10:00:00Z s@a.example u{n}@b{n}.example userunknown"
        ));
        event.workspace = "one".to_owned();
        event
    };
    run(
        &ledger,
        &policy,
        now,
        &[bounce(1), bounce(2), bounce(3)],
        &[],
    );
    assert_eq!(ledger.counted("1one").unwrap(), 3);
    let removed = Deed {
        act: Act {
            at: now,
            what: What::Remove {
                address: "u2@b2.example".to_owned(),
            },
        },
        comment: Some("by phone".to_owned()),
    };
    run(&ledger, &policy, now, &[], &[removed]);
    assert_eq!(ledger.counted("1one").unwrap(), 2);
    let mut rows = 0;
    let each = |_| -> Result<(), LedgerError> {
        rows += 1;
        Ok(())
    };
    ledger.each_row(SKIPS, Span::All, each).unwrap();
    assert_eq!(rows, 2);
}

/// A workspace that only an import names is the only one: what says no mailbox is its own.
#[test]
fn s11_an_import_may_name_the_only_workspace() {
    let policy = Policy::parse(FIGURES, "bounce.toml").unwrap();
    let mut bounce = failed("1 2026-11-04T10:00:00Z - u@b.example userunknown");
    bounce.workspace = "default".to_owned();
    let at = seconds("2026-11-01T10:30:00Z");
    let what = What::Import {
        address: "u@b.example".to_owned(),
        workspace: "one".to_owned(),
        complaint: true,
    };
    let import = Deed {
        act: Act { at, what },
        comment: None,
    };
    let ledger = ledger();
    let now = seconds("2026-11-14T00:00:00Z");
    run(&ledger, &policy, now, &[bounce], &[import]);
    let lists = shown(&ledger);
    assert_eq!(lists, at_once(&ledger, &policy, now));
    assert_eq!(lists["suppression"].len(), 1);
}

/// What a later night does to addresses that it does not name.
#[test]
fn s11_news_of_one_address_reach_the_rows_of_others() {
    let event = |line: &str, workspace: &str, unmatched: bool| {
        let mut event = failed(line);
        event.workspace = workspace.to_owned();
        if unmatched {
            event.flags = vec![Flag::Unmatched];
        }
        event
    };
    let hard = |id: &str, at: &str, who: &str, workspace: &str| {
        let mailbox = format!("s@{workspace}.example");
        let line = format!("{id} 2026-11-{at}:00Z {mailbox} {who} userunknown");
        event(&line, workspace, false)
    };
    let told = |id: &str, at: &str, who: &str, workspace: &str| {
        let mut event = hard(id, at, who, workspace);
        event.message_id = Some("m@one.example".to_owned());
        event
    };
    let soft = |id: &str, at: &str, who: &str| {
        let line = format!("{id} 2026-11-{at}:00Z s@one.example {who} greylisted");
        event(&line, "one", false)
    };
    let nobody = "1 2026-11-02T10:00:00Z - u@b.example userunknown";
    let ghost = "2 2026-11-02T10:00:00Z s@ghost.example v@c.example userunknown";
    let u = "u@b.example";
    let nights = [
        // One workspace confirms another; two bounces are a burst.
        vec![
            vec![hard("1", "02T10:00", u, "one")],
            vec![hard("2", "02T12:00", "v@b.example", "two")],
        ],
        vec![
            vec![hard("1", "02T10:00", u, "one")],
            vec![hard("2", "02T10:30", "v@b.example", "one")],
            // Another crowd of the domain, and news of the first one.
            vec![
                hard("3", "09T10:00", "w@b.example", "one"),
                hard("4", "09T10:30", "x@b.example", "one"),
            ],
            vec![soft("5", "12T10:00", u)],
        ],
        // Around midnight.
        vec![
            vec![hard("1", "02T23:45", u, "one")],
            vec![hard("2", "03T00:15", "v@b.example", "one")],
        ],
        // The day turns out to be one of an outage: no strike.
        vec![
            vec![soft("1", "02T10:00", u), soft("2", "03T10:00", u)],
            vec![soft("3", "03T20:00", "v@b.example")],
        ],
        // There is a second workspace: whose was the bounce without a mailbox?
        vec![
            vec![
                event(nobody, "default", false),
                hard("2", "02T11:00", "x@e.example", "one"),
            ],
            vec![hard("3", "03T11:00", "y@e.example", "two")],
        ],
        // No workspace is known yet, then there are two at once.
        vec![
            vec![event(nobody, "default", false)],
            vec![
                hard("2", "02T11:00", "x@e.example", "one"),
                hard("3", "03T11:00", "y@e.example", "two"),
            ],
        ],
        // Two workspaces confirmed each other, until the failure of one was told once more:
        // it had been another day.
        vec![
            vec![
                told("3", "05T10:00", u, "one"),
                hard("2", "05T11:00", u, "two"),
            ],
            vec![told("1", "02T10:00", u, "one")],
        ],
        // A workspace that only a forgery had named.
        vec![
            vec![
                event(ghost, "ghost", false),
                hard("3", "02T10:00", u, "one"),
            ],
            vec![event(ghost, "ghost", true)],
        ],
    ];
    let policy = Policy::parse(FIGURES, "bounce.toml").unwrap();
    let now = seconds("2026-11-14T00:00:00Z");
    for (n, nights) in nights.into_iter().enumerate() {
        let ledger = ledger();
        for night in nights {
            run(&ledger, &policy, now, &night, &[]);
            assert_eq!(shown(&ledger), at_once(&ledger, &policy, now), "case {n}");
        }
    }
}
