use super::table::{Place, Rules, Why, place};
use super::{Question, Scene};
use crate::event::{Event, Flag, Proof, Stream};
use crate::history::sample::{event, failed};
use crate::history::{Act, Collector, History, What};
use crate::ledger::{Deed, Ledger};
use crate::policy::Policy;
use crate::time;
use crate::vocab::{Category, Kind};
use proptest::prelude::*;

fn with(mut event: Event, change: impl FnOnce(&mut Event)) -> Event {
    change(&mut event);
    event
}

fn seconds(text: &str) -> i64 {
    time::parse_rfc3339(text).unwrap().as_second()
}

const RULES: Rules = Rules {
    require_proof: false,
    several_workspaces: false,
    held_below: 70,
};

fn placed(event: Event, rules: Rules) -> Place {
    let h = crate::history::sample::history(&[event]);
    place(&h.items()[0], false, rules)
}

const HARD: &str = "1 2026-11-02T10:00:00Z s@a.example u@b.example userunknown";

fn hard(change: impl FnOnce(&mut Event)) -> Event {
    with(failed(HARD), change)
}

fn kind(kind: Kind, change: impl FnOnce(&mut Event)) -> Event {
    with(event(kind, HARD), change)
}

fn reason(word: &str) -> Event {
    failed(&HARD.replace("userunknown", word))
}

#[test]
fn s1_which_event_reaches_which_list() {
    let review = |why| Place::Review(vec![why]);
    let cases = [
        ("1 delayed", kind(Kind::Delayed, |_| ()), Place::Nothing),
        ("1 delivered", kind(Kind::Delivered, |_| ()), Place::Nothing),
        (
            "1 before 3",
            kind(Kind::Delayed, |e| e.stream = Stream::Warmup),
            Place::Nothing,
        ),
        ("2", kind(Kind::AutoReply, |_| ()), Place::OutOfOffice),
        (
            "2 left",
            kind(Kind::AutoReply, |e| e.flags = vec![Flag::AddressLeft]),
            review(Why::AddressLeft),
        ),
        (
            "2 before 3",
            kind(Kind::AutoReply, |e| e.stream = Stream::Warmup),
            Place::OutOfOffice,
        ),
        ("3", hard(|e| e.stream = Stream::Warmup), Place::WarmupPause),
        (
            "3 complaint",
            kind(Kind::Complaint, |e| e.stream = Stream::Warmup),
            Place::WarmupPause,
        ),
        (
            "3 before 4",
            hard(|e| {
                e.stream = Stream::Warmup;
                e.held = Some(true);
            }),
            Place::WarmupPause,
        ),
        (
            "4 held",
            hard(|e| {
                e.held = Some(true);
                e.confidence = Some(0.65);
            }),
            review(Why::LowConfidence),
        ),
        (
            "4 held for other reasons",
            hard(|e| e.held = Some(true)),
            review(Why::LowConfidence),
        ),
        (
            "4 unmatched",
            hard(|e| e.flags = vec![Flag::Unmatched]),
            review(Why::Unmatched),
        ),
        (
            "4 mass report",
            hard(|e| e.flags = vec![Flag::MassReport]),
            review(Why::MassReport),
        ),
        (
            "4 mass report that only returns our headers",
            hard(|e| {
                e.flags = vec![Flag::MassReport];
                e.proof = Proof::Returned;
            }),
            review(Why::MassReport),
        ),
        (
            "6 mass report with proof",
            hard(|e| {
                e.flags = vec![Flag::MassReport];
                e.proof = Proof::Sent;
            }),
            Place::Confirmed,
        ),
        (
            "4 expanded",
            hard(|e| e.flags = vec![Flag::Expanded]),
            review(Why::Expanded),
        ),
        (
            "4 nobody named",
            hard(|e| {
                e.recipient = None;
                e.held = Some(true);
            }),
            review(Why::NoRecipient),
        ),
        (
            "4 several",
            hard(|e| e.flags = vec![Flag::Expanded, Flag::Unmatched]),
            Place::Review(vec![Why::Unmatched, Why::Expanded]),
        ),
        (
            "4 before 5",
            kind(Kind::Complaint, |e| e.flags = vec![Flag::Unmatched]),
            review(Why::Unmatched),
        ),
        (
            "4 before 9",
            with(reason("spamdetected"), |e| e.held = Some(true)),
            review(Why::LowConfidence),
        ),
        ("5", kind(Kind::Complaint, |_| ()), Place::Complaint),
        ("6", hard(|_| ()), Place::Confirmed),
        (
            "6 one workspace, whichever mailbox",
            hard(|e| e.mailbox = None),
            Place::Confirmed,
        ),
        ("7", hard(|e| e.confirmed = Some(false)), Place::Unconfirmed),
        ("8", reason("mailboxfull"), Place::Retry),
        ("8", reason("greylisted"), Place::Retry),
        ("9", reason("spamdetected"), Place::Template),
        ("10", reason("blocked"), Place::Retry),
        ("10 sender", reason("authfailure"), Place::Retry),
        ("11", reason("norelaying"), review(Why::Other)),
        ("11", reason("ownnetwork"), review(Why::Other)),
        (
            "11 a user's own category",
            with(reason("norelaying"), |e| {
                e.category = Some(Category::SoftBounceContent);
            }),
            Place::Template,
        ),
    ];
    for (what, event, expected) in cases {
        assert_eq!(placed(event, RULES), expected, "{what}");
    }
}

#[test]
fn s9_proof_is_asked_for() {
    let rules = Rules {
        require_proof: true,
        ..RULES
    };
    let proof = |p: Proof| hard(|e| e.proof = p);
    for (event, expected) in [
        (proof(Proof::None), Place::Review(vec![Why::NoProof])),
        (proof(Proof::Returned), Place::Confirmed),
        (proof(Proof::Sent), Place::Confirmed),
        (
            kind(Kind::Complaint, |_| ()),
            Place::Review(vec![Why::NoProof]),
        ),
    ] {
        assert_eq!(placed(event, rules), expected);
    }
}

#[test]
fn s3_whose_mailbox_matters_where_there_are_several_workspaces() {
    let rules = Rules {
        several_workspaces: true,
        ..RULES
    };
    let nobody = hard(|e| e.mailbox = None);
    assert_eq!(placed(nobody, rules), Place::Review(vec![Why::NoMailbox]));
    assert_eq!(placed(hard(|_| ()), rules), Place::Confirmed);
}

/// A history, its policy and its clock.
struct Story {
    events: Vec<Event>,
    acts: Vec<Act>,
    policy: Policy,
    now: i64,
    sent: Option<u64>,
    proof: bool,
}

impl Story {
    fn of(events: Vec<Event>) -> Story {
        Story {
            events,
            acts: Vec::new(),
            policy: Policy::default(),
            now: seconds("2026-11-24T00:00:00Z"),
            sent: None,
            proof: false,
        }
    }

    fn policy(mut self, text: &str) -> Story {
        self.policy = Policy::parse(text, "bounce.toml").unwrap();
        self
    }

    fn now(mut self, text: &str) -> Story {
        self.now = seconds(text);
        self
    }

    fn act(mut self, at: &str, what: What) -> Story {
        self.acts.push(Act {
            at: seconds(at),
            what,
        });
        self
    }

    fn history(&self) -> History {
        let mut collector = Collector::default();
        for event in &self.events {
            collector.add(event);
        }
        for act in &self.acts {
            collector.act(act.clone());
        }
        let mut history = collector.finish(&self.policy);
        let limits = &self.policy.patterns.domain_hard_cluster;
        history.find_bursts(limits, |_, _, _| self.sent);
        history
    }

    /// The lines of a list, without the cells behind `columns`.
    fn list(&self, list: &str, columns: usize) -> Vec<String> {
        let history = self.history();
        let question = Question {
            require_proof: self.proof,
            reply: &|_| Some("no such user".to_owned()),
            ..Question::new(&self.policy, self.now)
        };
        let scene = Scene::of(&history, &question);
        let cut = |line: String| line.split(',').take(columns).collect::<Vec<_>>().join(",");
        scene.rows(list).into_iter().map(|r| cut(r.line)).collect()
    }

    fn addresses(&self, list: &str) -> Vec<String> {
        self.list(list, 1)
    }

    fn names(&self) -> Vec<String> {
        let history = self.history();
        Scene::of(&history, &Question::new(&self.policy, self.now)).names()
    }
}

const TEAMS: &str = "
[workspaces.one]
mailboxes = ['s@a.example', 't@a.example']
[workspaces.two]
mailboxes = ['z@c.example']
";

fn at(word: &str, moment: &str, mailbox: &str, who: &str, reason: &str) -> Event {
    let mut event = failed(&format!("{word} {moment} {mailbox} {who} {reason}"));
    event.workspace = match mailbox.split_once('@') {
        Some((_, "a.example")) => "one",
        Some((_, "c.example")) => "two",
        _ => "default",
    }
    .to_owned();
    event
}

const DAY: &str = "2026-11-02T10:00:00Z";

#[test]
fn s2_a_confirmed_hard_bounce_is_skipped_by_the_whole_workspace_and_by_no_other() {
    let event = with(
        at("1", DAY, "s@a.example", "U@B.example", "userunknown"),
        |e| {
            e.smtp_code = Some(550);
            e.enhanced_code = Some("5.1.1".to_owned());
        },
    );
    let story = Story::of(vec![event]).policy(TEAMS);
    let own =
        "u@b.example,Bounced — see Inbox: 550 5.1.1 no such user,s@a.example,2026-11-02T10:00:00Z";
    let other =
        "u@b.example,Bounced — see Inbox: bounced in s@a.example,s@a.example,2026-11-02T10:00:00Z";
    assert_eq!(story.list("skip/s@a.example", 4), [own]);
    assert_eq!(story.list("skip/t@a.example", 4), [other]);
    assert!(story.list("skip/z@c.example", 4).is_empty());
    let row = "u@b.example,hard_bounce,one,2026-11-02T10:00:00Z,s@a.example,550,5.1.1,no such user";
    assert_eq!(story.list("suppression", 8), [row]);
    assert!(story.list("global-suppression", 1).is_empty());
}

#[test]
fn s2_the_originator_is_the_earliest() {
    let events = vec![
        at(
            "1",
            "2026-11-03T10:00:00Z",
            "s@a.example",
            "u@b.example",
            "userunknown",
        ),
        at(
            "2",
            "2026-11-02T10:00:00Z",
            "t@a.example",
            "u@b.example",
            "userunknown",
        ),
        at("3", "-", "s@a.example", "u@b.example", "userunknown"),
    ];
    let story = Story::of(events).policy(TEAMS);
    let line = "u@b.example,Bounced — see Inbox: bounced in t@a.example";
    assert_eq!(story.list("skip/s@a.example", 2), [line]);
    assert_eq!(
        story.list("suppression", 5),
        ["u@b.example,hard_bounce,one,2026-11-02T10:00:00Z,t@a.example"]
    );
}

#[test]
fn s3_what_does_not_fan_out() {
    let base = || at("1", DAY, "s@a.example", "u@b.example", "userunknown");
    let cases = [
        (
            "sender",
            at("1", DAY, "s@a.example", "u@b.example", "ownnetwork"),
            "",
            "other",
        ),
        (
            "no signal",
            at("1", DAY, "s@a.example", "u@b.example", "undefined"),
            "",
            "other",
        ),
        (
            "held",
            with(base(), |e| e.held = Some(true)),
            "",
            "low_confidence",
        ),
        (
            "unconfirmed",
            with(base(), |e| e.confirmed = Some(false)),
            "u@b.example",
            "unconfirmed",
        ),
        (
            "warm-up",
            with(base(), |e| e.stream = Stream::Warmup),
            "",
            "",
        ),
        (
            "soft",
            at("1", DAY, "s@a.example", "u@b.example", "mailboxfull"),
            "",
            "",
        ),
    ];
    for (what, event, own, why) in cases {
        let story = Story::of(vec![event]).policy(TEAMS);
        assert_eq!(story.list("skip/s@a.example", 1).join(""), own, "{what}");
        assert!(story.list("skip/t@a.example", 1).is_empty(), "{what}");
        assert!(story.list("suppression", 1).is_empty(), "{what}");
        let review = story.list("review", 3).join("");
        let expected = if why.is_empty() {
            String::new()
        } else {
            format!("u@b.example,s@a.example,{why}")
        };
        assert_eq!(review, expected, "{what}");
    }
}

#[test]
fn s3_warm_up_bounces_pause_their_mailbox() {
    let warm = |id: &str, day: &str, reason: &str| {
        let event = at(id, day, "s@a.example", &format!("u{id}@b.example"), reason);
        with(event, |e| e.stream = Stream::Warmup)
    };
    let story = Story::of(vec![
        warm("1", DAY, "userunknown"),
        warm("2", "2026-11-03T10:00:00Z", "blocked"),
        warm("3", DAY, "blocked"),
    ]);
    let line = "s@a.example,3,2026-11-03T10:00:00Z,blocked;userunknown";
    assert_eq!(story.list("warmup-pause", 4), [line]);
    assert!(story.list("retry", 1).is_empty());
}

#[test]
fn s2_mailboxes_are_those_of_the_policy_else_those_seen_of_late() {
    let events = || {
        vec![
            at(
                "1",
                "2026-08-20T00:00:00Z",
                "old@a.example",
                "o@b.example",
                "userunknown",
            ),
            at(
                "2",
                "2026-11-02T10:00:00Z",
                "s@a.example",
                "u@b.example",
                "userunknown",
            ),
            at(
                "3",
                "2026-11-02T11:00:00Z",
                "T@a.example",
                "v@b.example",
                "mailboxfull",
            ),
        ]
    };
    let skips = |s: &Story| -> Vec<String> {
        let all = s.names().into_iter();
        all.filter_map(|n| n.strip_prefix("skip/").map(str::to_owned))
            .collect()
    };
    let seen = Story::of(events()).now("2026-11-24T00:00:00Z");
    assert_eq!(skips(&seen), ["s@a.example", "t@a.example"]);
    assert_eq!(
        seen.addresses("skip/t@a.example"),
        ["o@b.example", "u@b.example"]
    );
    let earlier = Story::of(events()).now("2026-11-17T00:00:00Z");
    assert_eq!(
        skips(&earlier),
        ["old@a.example", "s@a.example", "t@a.example"]
    );
    let named = Story::of(events()).policy(TEAMS);
    assert_eq!(skips(&named), ["s@a.example", "t@a.example", "z@c.example"]);
}

#[test]
fn s3_with_one_workspace_it_is_the_one_meant() {
    let one = "[workspaces.one]\nmailboxes = ['s@a.example']";
    let event = at("1", DAY, "-", "u@b.example", "userunknown");
    let story = Story::of(vec![event.clone()]).policy(one);
    assert_eq!(
        story.list("suppression", 3),
        ["u@b.example,hard_bounce,one"]
    );
    assert_eq!(
        story.list("skip/s@a.example", 2),
        ["u@b.example,Bounced — see Inbox: no such user"]
    );
    let several = Story::of(vec![event]).policy(TEAMS);
    assert!(several.list("suppression", 1).is_empty());
    assert_eq!(several.list("review", 3), ["u@b.example,,no_mailbox"]);
}

#[test]
fn s1_a_complaint_is_global_at_once_and_speaks_before_a_bounce() {
    let complaint = with(
        event(
            Kind::Complaint,
            "2 2026-11-05T10:00:00Z s@a.example u@b.example",
        ),
        |e| {
            e.workspace = "one".to_owned();
        },
    );
    let bounce = at("1", DAY, "s@a.example", "u@b.example", "userunknown");
    let story = Story::of(vec![complaint, bounce]).policy(TEAMS);
    let row = "u@b.example,spam_complaint,one,2026-11-05T10:00:00Z";
    assert_eq!(story.list("suppression", 4), [row]);
    let row = "u@b.example,spam_complaint,2026-11-05T10:00:00Z,one";
    assert_eq!(story.list("global-suppression", 4), [row]);
    assert_eq!(story.list("contacts", 3), ["u@b.example,,complained"]);
}

#[test]
fn s1_a_complaint_alone_skips_nowhere() {
    let story = Story::of(vec![event(
        Kind::Complaint,
        "2 2026-11-05T10:00:00Z s@a.example u@b.example",
    )]);
    assert_eq!(story.addresses("suppression"), ["u@b.example"]);
    assert!(story.addresses("skip/s@a.example").is_empty());
}

#[test]
fn s4_two_workspaces_within_the_hour_make_it_global() {
    let first = || at("1", DAY, "s@a.example", "u@b.example", "userunknown");
    let partner = |moment: &str, who: &str| at("2", moment, "z@c.example", who, "userunknown");
    let cases = [
        (partner("2026-11-02T11:00:00Z", "v@b.example"), 2),
        (partner("2026-11-02T11:00:01Z", "v@b.example"), 0),
        (partner("2026-11-02T10:10:00Z", "v@other.example"), 0),
        (
            with(partner("2026-11-02T10:10:00Z", "v@b.example"), |e| {
                e.confirmed = Some(false)
            }),
            0,
        ),
        (
            with(partner("2026-11-02T10:10:00Z", "v@b.example"), |e| {
                e.flags = vec![Flag::Unmatched]
            }),
            0,
        ),
        (
            with(partner("2026-11-02T10:10:00Z", "v@b.example"), |e| {
                e.workspace = "one".to_owned()
            }),
            0,
        ),
    ];
    for (n, (event, expected)) in cases.into_iter().enumerate() {
        let story = Story::of(vec![first(), event]).policy(TEAMS);
        assert_eq!(
            story.addresses("global-suppression").len(),
            expected,
            "case {n}"
        );
    }
    let story = Story::of(vec![
        first(),
        partner("2026-11-02T10:10:00Z", "v@b.example"),
    ])
    .policy(TEAMS);
    let rows = [
        "u@b.example,hard_bounce,2026-11-02T10:00:00Z,one;two",
        "v@b.example,hard_bounce,2026-11-02T10:10:00Z,one;two",
    ];
    assert_eq!(story.list("global-suppression", 4), rows);
}

#[test]
fn s4_proof_that_is_asked_for_is_asked_of_both() {
    let events = vec![
        with(
            at("1", DAY, "s@a.example", "u@b.example", "userunknown"),
            |e| e.proof = Proof::Sent,
        ),
        at("2", DAY, "z@c.example", "v@b.example", "userunknown"),
    ];
    let mut story = Story::of(events).policy(TEAMS);
    assert_eq!(story.addresses("global-suppression").len(), 2);
    story.proof = true;
    assert!(story.addresses("global-suppression").is_empty());
}

/// Soft bounces of one address on these days of November.
fn soft(days: &[u32], reason: &str) -> Vec<Event> {
    let one = |(n, day): (usize, &u32)| {
        let moment = format!("2026-11-{day:02}T10:00:00Z");
        let event = at(
            &format!("a{n}"),
            &moment,
            "s@a.example",
            "u@b.example",
            reason,
        );
        with(event, |e| e.message_id = Some(format!("m{n}")))
    };
    days.iter().enumerate().map(one).collect()
}

#[test]
fn t3_the_third_strike_suppresses_but_never_globally() {
    let two = Story::of(soft(&[2, 3], "mailboxfull")).policy(TEAMS);
    assert!(two.addresses("suppression").is_empty());
    let mut events = soft(&[2, 3, 4], "mailboxfull");
    events.push(at(
        "9",
        "2026-11-04T10:10:00Z",
        "z@c.example",
        "v@b.example",
        "userunknown",
    ));
    let three = Story::of(events).policy(TEAMS).now("2026-11-04T11:00:00Z");
    let row = "u@b.example,hard_bounce,one,2026-11-04T10:00:00Z";
    assert_eq!(three.list("suppression", 4)[0], row);
    let flags = three.list("suppression", 11);
    assert!(
        flags[0].ends_with("escalated_from:soft_bounce_mailbox"),
        "{flags:?}"
    );
    assert_eq!(three.addresses("skip/t@a.example"), ["u@b.example"]);
    assert!(three.addresses("global-suppression").is_empty());
    assert!(three.addresses("retry").is_empty());
    assert_eq!(three.list("contacts", 3)[0], "u@b.example,,invalid");
}

#[test]
fn t3_content_and_reputation_never_escalate() {
    for reason in ["spamdetected", "blocked", "filtered"] {
        let story = Story::of(soft(&[2, 3, 4, 5, 6, 7, 8], reason));
        assert!(story.addresses("suppression").is_empty(), "{reason}");
        assert!(story.addresses("skip/s@a.example").is_empty(), "{reason}");
    }
}

#[test]
fn t3_strikes_that_nothing_proves_do_not_escalate_where_proof_is_asked_for() {
    let mut events = soft(&[2, 3, 4], "mailboxfull");
    events[2].proof = Proof::Sent;
    let mut story = Story::of(events);
    assert_eq!(story.addresses("suppression"), ["u@b.example"]);
    story.proof = true;
    assert!(story.addresses("suppression").is_empty());
    assert_eq!(
        story.addresses("retry"),
        Vec::<String>::new(),
        "it is over by now"
    );
}

#[test]
fn t1_next_attempts_are_counted_from_the_last_bounce() {
    let cases: [(Vec<Event>, &str, &str); 7] = [
        (
            soft(&[20], "mailboxfull"),
            "",
            "hourly,0,2026-11-20T11:00:00Z",
        ),
        (
            soft(&[19, 20], "mailboxfull"),
            "",
            "hourly,1,2026-11-20T12:00:00Z",
        ),
        (soft(&[20], "blocked"), "", "daily,0,2026-11-21T10:00:00Z"),
        // The third retry was the last one.
        (soft(&[17, 18, 19, 20], "blocked"), "", "daily,3,"),
        (
            soft(&[20], "blocked"),
            "[retry.soft_bounce_reputation]\nstrategy = 'weekly'",
            "weekly,0,2026-11-27T10:00:00Z",
        ),
        (
            soft(&[20], "blocked"),
            "[retry.soft_bounce_reputation]\nstrategy = 'never'",
            "",
        ),
        (
            soft(&[20], "blocked"),
            "[workspaces.one.retry.soft_bounce_reputation]\nstrategy = 'immediate'",
            "immediate,0,2026-11-20T10:00:00Z",
        ),
    ];
    for (events, policy, expected) in cases {
        let story = Story::of(events).policy(policy);
        let cells = story.list("retry", 6).join("");
        let cells: Vec<&str> = cells.split(',').skip(3).collect();
        assert_eq!(cells.join(","), expected, "{policy}");
    }
}

#[test]
fn t1_a_row_leaves_on_a_reset_and_seven_days_after_its_time() {
    let bounce = || soft(&[10], "mailboxfull");
    let mut reset = bounce();
    reset.push(event(
        Kind::Delivered,
        "d 2026-11-10T10:30:00Z s@a.example u@b.example",
    ));
    let mut again = reset.clone();
    again.extend(
        soft(&[11], "mailboxfull")
            .into_iter()
            .map(|e| with(e, |e| e.event_id = format!("{:0>32}", "b"))),
    );
    let mut answered = bounce();
    answered.push(event(
        Kind::AutoReply,
        "d 2026-11-10T10:30:00Z s@a.example u@b.example",
    ));
    for (events, now, expected) in [
        (bounce(), "2026-11-17T10:59:59Z", 1),
        (bounce(), "2026-11-17T11:00:00Z", 0),
        (reset, "2026-11-10T10:40:00Z", 0),
        (again, "2026-11-11T10:40:00Z", 1),
        (answered, "2026-11-10T10:40:00Z", 0),
    ] {
        let story = Story::of(events).now(now);
        let rows = story.list("retry", 5);
        assert_eq!(rows.len(), expected, "{now}");
        assert!(rows.iter().all(|r| r.ends_with(",0")), "{rows:?}");
    }
}

#[test]
fn s5_what_was_before_a_reverification_no_longer_counts_and_a_later_bounce_is_a_repeat() {
    let reverify = || What::Reverify {
        address: "u@b.example".to_owned(),
    };
    let first = || at("1", DAY, "s@a.example", "u@b.example", "userunknown");
    let again = || {
        at(
            "2",
            "2026-11-09T10:00:00Z",
            "s@a.example",
            "u@b.example",
            "userunknown",
        )
    };
    let story = Story::of(vec![first()]).act("2026-11-05T00:00:00Z", reverify());
    assert!(story.addresses("suppression").is_empty());
    assert!(story.addresses("skip/s@a.example").is_empty());
    assert_eq!(
        story.list("contacts", 5),
        ["u@b.example,,unverified,2026-11-05T00:00:00Z,reverified"]
    );
    let story = Story::of(vec![first(), again()]).act("2026-11-05T00:00:00Z", reverify());
    let row = "u@b.example,hard_bounce,one,2026-11-09T10:00:00Z,s@a.example,,,no such user";
    assert_eq!(story.list("suppression", 8), [row]);
    let repeat = |s: &Story| s.list("suppression", 10)[0].ends_with(",true");
    assert!(repeat(&story));
    assert!(!repeat(&Story::of(vec![first(), again()])));
}

#[test]
fn s5_a_complaint_is_taken_back_by_hand_only() {
    let complaint = || {
        vec![event(
            Kind::Complaint,
            "1 2026-11-02T10:00:00Z s@a.example u@b.example",
        )]
    };
    let address = || "u@b.example".to_owned();
    let domain = What::RemoveDomain {
        domain: "b.example".to_owned(),
        since: seconds("2026-11-01T00:00:00Z"),
        until: seconds("2026-11-04T00:00:00Z"),
    };
    for (what, expected) in [
        (What::Reverify { address: address() }, 1),
        (domain, 1),
        (What::Remove { address: address() }, 0),
    ] {
        let story = Story::of(complaint()).act("2026-11-05T00:00:00Z", what.clone());
        assert_eq!(story.addresses("suppression").len(), expected, "{what:?}");
    }
}

/// Ten addresses of one domain, dead within ten minutes, and one more a day before.
fn burst() -> Vec<Event> {
    let mut events: Vec<Event> = (0..10)
        .map(|n| {
            at(
                &format!("c{n}"),
                &format!("2026-11-02T10:0{n}:00Z"),
                "s@a.example",
                &format!("u{n}@b.example"),
                "userunknown",
            )
        })
        .collect();
    events.push(at(
        "d",
        "2026-11-01T09:00:00Z",
        "s@a.example",
        "before@b.example",
        "userunknown",
    ));
    events.push(at(
        "e",
        "2026-11-02T10:05:00Z",
        "z@c.example",
        "z@other.example",
        "userunknown",
    ));
    events
}

#[test]
fn s10_a_burst_is_suppressed_marked_in_review_and_never_global() {
    let mut events = burst();
    events.push(at(
        "f",
        "2026-11-02T10:05:00Z",
        "z@c.example",
        "w@b.example",
        "userunknown",
    ));
    let mut story = Story::of(events).policy(TEAMS);
    story.sent = Some(30);
    let marked = |s: &Story| {
        s.list("suppression", 11)
            .iter()
            .filter(|r| r.ends_with("domain_cluster"))
            .count()
    };
    assert_eq!(marked(&story), 11);
    let review = story.list("review", 3);
    assert_eq!(review.len(), 11);
    assert!(
        review.iter().all(|r| r.ends_with(",domain_cluster")),
        "{review:?}"
    );
    assert!(story.addresses("global-suppression").is_empty());
    assert_eq!(story.addresses("skip/t@a.example").len(), 11);
    story.sent = Some(1000);
    assert_eq!(marked(&story), 0);
    assert_eq!(story.addresses("global-suppression").len(), 11);
}

#[test]
fn s10_removing_the_domain_takes_off_exactly_the_burst() {
    let what = What::RemoveDomain {
        domain: "b.example".to_owned(),
        since: seconds("2026-11-02T10:00:00Z"),
        until: seconds("2026-11-02T10:10:00Z"),
    };
    let story = Story::of(burst())
        .policy(TEAMS)
        .act("2026-11-03T00:00:00Z", what);
    assert_eq!(
        story.addresses("suppression"),
        ["before@b.example", "z@other.example"]
    );
    assert_eq!(story.addresses("skip/t@a.example"), ["before@b.example"]);
    assert!(story.addresses("review").is_empty());
}

#[test]
fn t2_an_automatic_answer_says_when_to_go_on() {
    let answer = |id: &str, moment: &str, day: Option<&str>| {
        let event = event(
            Kind::AutoReply,
            &format!("{id} {moment} s@a.example u@b.example"),
        );
        with(event, |e| e.returns_on = day.map(str::to_owned))
    };
    let old = answer("1", "2026-11-02T10:00:00Z", Some("2026-11-09"));
    let new = answer("2", "2026-11-20T10:00:00Z", Some("2026-11-28"));
    let none = answer("3", "2026-11-21T10:00:00Z", None);
    for (events, row, status) in [
        (vec![old.clone()], "2026-11-09,2026-11-09", "unverified"),
        (
            vec![new.clone(), old.clone()],
            "2026-11-28,2026-11-30",
            "out_of_office",
        ),
        (vec![none, new, old], ",", "out_of_office"),
    ] {
        let story = Story::of(events);
        assert_eq!(
            story.list("out-of-office", 4),
            [format!("u@b.example,s@a.example,{row}")]
        );
        assert_eq!(
            story.list("contacts", 3),
            [format!("u@b.example,,{status}")]
        );
    }
}

#[test]
fn s12_the_first_status_that_fits() {
    let away = with(
        event(
            Kind::AutoReply,
            "1 2026-11-20T10:00:00Z s@a.example u@b.example",
        ),
        |e| {
            e.contact_id = Some("c-7".to_owned());
        },
    );
    let full = with(
        at(
            "2",
            "2026-11-23T10:00:00Z",
            "s@a.example",
            "u@b.example",
            "mailboxfull",
        ),
        |e| {
            e.contact_id = Some("c-2".to_owned());
        },
    );
    let dead = at(
        "3",
        "2026-11-22T10:00:00Z",
        "s@a.example",
        "u@b.example",
        "userunknown",
    );
    let angry = event(
        Kind::Complaint,
        "4 2026-11-21T10:00:00Z s@a.example u@b.example",
    );
    let odd = at(
        "5",
        "2026-11-19T10:00:00Z",
        "s@a.example",
        "u@b.example",
        "norelaying",
    );
    let mut events = vec![odd];
    for (event, expected) in [
        (None, ",unverified,2026-11-19T10:00:00Z,norelaying"),
        (
            Some(away),
            "c-7,out_of_office,2026-11-20T10:00:00Z,vacation",
        ),
        (
            Some(full),
            "c-2;c-7,retrying,2026-11-23T10:00:00Z,mailboxfull",
        ),
        (
            Some(dead),
            "c-2;c-7,invalid,2026-11-22T10:00:00Z,userunknown",
        ),
        (
            Some(angry),
            "c-2;c-7,complained,2026-11-21T10:00:00Z,feedback",
        ),
    ] {
        events.extend(event);
        let story = Story::of(events.clone());
        assert_eq!(
            story.list("contacts", 5),
            [format!("u@b.example,{expected}")]
        );
    }
}

#[test]
fn s6_templates_are_counted_by_subject_and_campaign() {
    let refused = |id: &str, moment: &str, subject: &str, mailbox: &str| {
        let event = at(
            id,
            moment,
            mailbox,
            &format!("u{id}@b.example"),
            "spamdetected",
        );
        with(event, |e| {
            e.subject = Some(subject.to_owned());
            e.campaign_id = Some("autumn".to_owned());
        })
    };
    let story = Story::of(vec![
        refused(
            "1",
            "2026-11-02T10:00:00Z",
            "=cmd|' /C calc'!A0",
            "s@a.example",
        ),
        refused("2", "2026-11-04T10:00:00Z", "Hello", "t@a.example"),
        refused("3", "2026-11-03T10:00:00Z", "Hello", "s@a.example"),
    ]);
    let rows = [
        "'=cmd|' /C calc'!A0,autumn,1,s@a.example,2026-11-02T10:00:00Z,2026-11-02T10:00:00Z",
        "Hello,autumn,2,s@a.example;t@a.example,2026-11-03T10:00:00Z,2026-11-04T10:00:00Z",
    ];
    assert_eq!(story.list("templates", 6), rows);
}

#[test]
fn s6_review_has_one_row_an_address_and_one_for_each_that_is_not_named() {
    let events = vec![
        with(
            at("1", DAY, "s@a.example", "u@b.example", "userunknown"),
            |e| e.confirmed = Some(false),
        ),
        at(
            "2",
            "2026-11-03T10:00:00Z",
            "s@a.example",
            "u@b.example",
            "norelaying",
        ),
        at("3", DAY, "s@a.example", "-", "userunknown"),
        at("4", DAY, "s@a.example", "-", "userunknown"),
    ];
    let rows = [
        ",s@a.example,no_recipient",
        ",s@a.example,no_recipient",
        "u@b.example,s@a.example,unconfirmed;other",
    ];
    assert_eq!(Story::of(events).list("review", 3), rows);
}

#[test]
fn s6_too_many_skip_rows_are_written_on_demand_only() {
    let event = at("1", DAY, "s@a.example", "u@b.example", "userunknown");
    let story = |most: u32| {
        let few = format!("{TEAMS}\n[lists]\nskip_rows = {most}");
        Story::of(vec![event.clone()]).policy(&few)
    };
    for (most, asked, expected) in [(1, false, false), (2, false, true), (1, true, true)] {
        let story = story(most);
        let history = story.history();
        let mut question = Question::new(&story.policy, story.now);
        question.all_skips = asked;
        let scene = Scene::of(&history, &question);
        assert_eq!(scene.skip_rows(), 2);
        assert_eq!(scene.writes_skips(), expected, "{most} {asked}");
    }
}

#[test]
fn s6_several_workspaces_have_a_plain_file_each() {
    let files = |policy: &str| -> Vec<String> {
        let story = Story::of(vec![]).policy(policy);
        let history = story.history();
        let views = Scene::of(&history, &Question::new(&story.policy, 0)).views();
        let plain = views
            .into_iter()
            .map(|v| v.file)
            .filter(|f| f.ends_with(".txt"));
        plain.filter(|f| f.contains("suppression")).collect()
    };
    assert_eq!(files(""), ["suppression.txt", "global-suppression.txt"]);
    assert_eq!(
        files("[workspaces.one]"),
        ["suppression.txt", "global-suppression.txt"]
    );
    let several = [
        "global-suppression.txt",
        "suppression/one.txt",
        "suppression/two.txt",
    ];
    assert_eq!(files(TEAMS), several);
}

/// All lists of what a ledger holds.
fn all_lists(ledger: &Ledger, policy: &Policy) -> Vec<(String, Vec<String>)> {
    let mut collector = Collector::default();
    let each = |event: Event| -> crate::ledger::Result<()> {
        collector.add(&event);
        Ok(())
    };
    ledger.each_event(each).unwrap();
    for deed in ledger.acts().unwrap() {
        collector.act(deed.act);
    }
    let mut history = collector.finish(policy);
    history.find_bursts(&policy.patterns.domain_hard_cluster, |_, _, _| None);
    let mut question = Question::new(policy, seconds("2026-11-24T00:00:00Z"));
    let reply = |id| ledger.reply(id).unwrap();
    question.reply = &reply;
    let scene = Scene::of(&history, &question);
    let lines = |name: &String| scene.rows(name).into_iter().map(|r| r.line).collect();
    let names = scene.names();
    names.iter().map(|n| (n.clone(), lines(n))).collect()
}

fn any_event() -> impl Strategy<Value = Event> {
    let word = |words: &'static [&'static str]| prop::sample::select(words);
    let reasons = word(&[
        "userunknown",
        "userunknown",
        "mailboxfull",
        "greylisted",
        "spamdetected",
        "blocked",
        "norelaying",
    ]);
    let mailboxes = word(&[
        "s@a.example",
        "t@a.example",
        "z@c.example",
        "q@d.example",
        "-",
    ]);
    let people = word(&[
        "u@b.example",
        "v@b.example",
        "w@b.example",
        "x@e.example",
        "-",
    ]);
    let what = (
        0..40u8,
        0..20u32,
        reasons,
        mailboxes,
        people,
        word(&["", "m1", "m2"]),
    );
    (what, 0..64u8, prop::sample::select(Proof::ALL)).prop_map(|(what, bits, proof)| {
        let (id, time, reason, mailbox, who, message) = what;
        let (day, hour) = (1 + time / 2, 10 + time % 2);
        let moment = match time {
            0 => "-".to_owned(),
            _ => format!("2026-11-{day:02}T{hour}:00:00Z"),
        };
        let mut e = at(&format!("{id:x}"), &moment, mailbox, who, reason);
        let kinds = [
            Kind::Failed,
            Kind::Complaint,
            Kind::AutoReply,
            Kind::Delivered,
        ];
        if bits & 3 == 0 {
            let line = format!("{id:x} {moment} {mailbox} {who} {reason}");
            let kind = kinds[usize::from(bits >> 2 & 3)];
            let workspace = e.workspace;
            e = event(kind, &line);
            e.workspace = workspace;
        }
        e.held = e.held.map(|_| bits & 12 == 12);
        e.flags = if bits & 48 == 48 {
            vec![Flag::Unmatched]
        } else {
            Vec::new()
        };
        e.message_id = Some(message.to_owned()).filter(|m| !m.is_empty());
        e.proof = proof;
        e.smtp_message = Some(format!("reply {id}"));
        e
    })
}

fn any_act() -> impl Strategy<Value = Deed> {
    (
        0..2u8,
        0..20i64,
        prop::sample::select(&["u@b.example", "v@b.example"][..]),
    )
        .prop_map(|(kind, day, address)| {
            let address = address.to_owned();
            let what = match kind {
                0 => What::Reverify { address },
                _ => What::Remove { address },
            };
            let at = seconds("2026-11-01T10:30:00Z") + day * 43_200;
            Deed {
                act: Act { at, what },
                comment: None,
            }
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn s11_the_order_of_the_nights_does_not_matter(
        events in prop::collection::vec(any_event(), 1..60),
        deeds in prop::collection::vec(any_act(), 0..4),
        seed in any::<u64>(),
        nights in 1..6usize,
        again in 0..20usize,
    ) {
        let policy = Policy::parse(TEAMS, "bounce.toml").unwrap();
        let ledger = || {
            let mut ledger = Ledger::copy(std::path::Path::new("/nowhere")).unwrap();
            ledger.begin().unwrap();
            ledger
        };
        let once = ledger();
        for event in &events {
            once.add(event).unwrap();
        }
        for deed in &deeds {
            once.act(deed).unwrap();
        }
        // Shuffled, in nights between which the lists are made, some read twice.
        let mut order: Vec<usize> = (0..events.len()).collect();
        let hash = |n: &usize| (*n as u64 + 1).wrapping_mul(seed | 1).rotate_left(29).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        order.sort_by_key(hash);
        order.extend(0..again.min(events.len()));
        let split = ledger();
        for (n, night) in order.chunks(order.len().div_ceil(nights)).enumerate() {
            for event in night.iter().filter_map(|n| events.get(*n)) {
                split.add(event).unwrap();
            }
            if let Some(deed) = deeds.iter().rev().nth(n) {
                split.act(deed).unwrap();
            }
            all_lists(&split, &policy);
        }
        for deed in &deeds {
            split.act(deed).unwrap();
        }
        prop_assert_eq!(all_lists(&split, &policy), all_lists(&once, &policy));
    }
}

#[test]
fn s5_what_takes_an_import_back() {
    let import = |complaint| What::Import {
        address: "u@b.example".to_owned(),
        workspace: "one".to_owned(),
        complaint,
    };
    let address = || "u@b.example".to_owned();
    let reverify = || What::Reverify { address: address() };
    let remove = || What::Remove { address: address() };
    let cases = [
        (false, reverify(), "2026-11-06T00:00:00Z", 0),
        (false, reverify(), "2026-11-04T00:00:00Z", 1),
        (true, reverify(), "2026-11-06T00:00:00Z", 1),
        (true, remove(), "2026-11-06T00:00:00Z", 0),
        (false, remove(), "2026-11-04T00:00:00Z", 1),
    ];
    for (complaint, what, at, expected) in cases {
        let story = Story::of(vec![])
            .policy(TEAMS)
            .act("2026-11-05T00:00:00Z", import(complaint))
            .act(at, what.clone());
        let rows = story.addresses("suppression");
        assert_eq!(rows.len(), expected, "{complaint} {what:?} {at}");
        let skipped = usize::from(!complaint) * expected;
        assert_eq!(story.addresses("skip/t@a.example").len(), skipped);
        assert_eq!(
            story.addresses("global-suppression").len(),
            expected - skipped
        );
        assert!(story.addresses("skip/z@c.example").is_empty());
    }
}

#[test]
fn s8_what_answers_no_mail_of_ours_makes_no_workspace() {
    let one = "[workspaces.one]\nmailboxes = ['s@a.example']";
    let nameless = at("1", DAY, "-", "u@b.example", "userunknown");
    let stray = with(
        at("2", DAY, "q@d.example", "v@b.example", "userunknown"),
        |e| {
            e.flags = vec![Flag::Unmatched];
        },
    );
    let real = at("3", DAY, "q@d.example", "v@b.example", "userunknown");
    for (other, expected) in [(stray, "u@b.example,hard_bounce,one"), (real, "")] {
        let story = Story::of(vec![nameless.clone(), other]).policy(one);
        let row = story
            .list("suppression", 3)
            .into_iter()
            .find(|r| r.starts_with("u@"));
        assert_eq!(row.unwrap_or_default(), expected);
    }
}

#[test]
fn t1_what_happens_in_the_second_of_a_reset_comes_after_it() {
    let mut events = soft(&[23], "mailboxfull");
    events.push(event(
        Kind::Delivered,
        "d 2026-11-23T10:00:00Z s@a.example u@b.example",
    ));
    let story = Story::of(events).now("2026-11-23T10:30:00Z");
    assert_eq!(story.addresses("retry"), ["u@b.example"]);
}

#[test]
fn t1_undated_bounces_are_tried_again_at_no_known_time() {
    let story = Story::of(vec![at(
        "1",
        "-",
        "s@a.example",
        "u@b.example",
        "mailboxfull",
    )]);
    let row = "u@b.example,s@a.example,soft_bounce_mailbox,hourly,0,";
    assert_eq!(story.list("retry", 6), [row]);
}

#[test]
fn s2_an_unconfirmed_bounce_of_one_team_skips_no_mailbox_of_another() {
    let shared = "[workspaces.one]\nmailboxes = ['s@a.example']\n[workspaces.two]\nmailboxes = ['t@a.example']";
    let event = with(
        at("1", DAY, "s@a.example", "u@b.example", "userunknown"),
        |e| {
            e.confirmed = Some(false);
        },
    );
    let story = Story::of(vec![event]).policy(shared);
    assert_eq!(story.addresses("skip/s@a.example"), ["u@b.example"]);
    assert!(story.addresses("skip/t@a.example").is_empty());
}
