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

mod alerts;
mod figures;
mod windows;
