mod contacts;
mod place;
mod resting;
mod retry;
mod skip;
mod suppression;
mod teams;

use super::table::{Place, Rules, Why, place};
use super::{Question, Scene};
use crate::event::{Event, Flag, Proof, Stream};
use crate::history::sample::{event, failed};
use crate::history::{Act, Collector, History, What};
use crate::policy::Policy;
use crate::time;
use crate::vocab::{Category, Kind};

const DAY: &str = "2026-11-02T10:00:00Z";

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
