//! When a mailbox or campaign should pause (P4): windows that slide over its bounces and
//! complaints, one for each of their times, open at the beginning and closed at the end.

use super::filter::Filter;
use super::rates;
use super::sends::{Sends, Windows};
use super::summary::{Pause, Scope, TooFew, Trigger, Value};
use super::when;
use crate::event::Stream;
use crate::history::{History, Id, Item, above, day};
use crate::policy::Pauses as Limits;
use crate::vocab::Kind;
use hashbrown::HashMap;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// A bounce or complaint of one mailbox or campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Mark {
    key: Id,
    at: i64,
    address: Id,
    complaint: bool,
}

/// A bounce that counts in the rates, or a complaint of which nobody doubts that it is one.
fn mark(item: &Item, key: Id) -> Option<Mark> {
    let complaint = item.kind == Kind::Complaint;
    let counts = if complaint {
        item.stream == Stream::Campaign && !item.is_stray() && !item.held
    } else {
        item.counts()
    };
    counts.then_some(())?;
    Some(Mark {
        key,
        at: item.at()?,
        address: item.address?,
        complaint,
    })
}

/// Distinct addresses in a sliding window.
#[derive(Debug, Default)]
struct Inside {
    first: usize,
    counts: HashMap<Id, u32>,
}

impl Inside {
    fn add(&mut self, address: Id) {
        *self.counts.entry(address).or_default() += 1;
    }

    /// Lets go of what is not later than `from`.
    fn leave(&mut self, marks: &[Mark], from: i64) {
        while let Some(old) = marks.get(self.first).filter(|m| m.at <= from) {
            if let Some(n) = self.counts.get_mut(&old.address) {
                *n -= 1;
                if *n == 0 {
                    self.counts.remove(&old.address);
                }
            }
            self.first += 1;
        }
    }

    fn len(&self) -> u64 {
        self.counts.len() as u64
    }
}

/// One part of so many; one alone is a count.
#[derive(Clone, Copy, Debug)]
struct Share {
    part: u64,
    whole: Option<u64>,
}

impl Share {
    fn is_above(self, other: Share) -> bool {
        let whole = |s: Share| u128::from(s.whole.unwrap_or(1));
        u128::from(self.part) * whole(other) > u128::from(other.part) * whole(self)
    }

    fn value(self) -> Value {
        match self.whole {
            None => Value::Count(self.part),
            Some(whole) => Value::Fraction(rates::fraction(self.part, whole).unwrap_or(1.0)),
        }
    }
}

/// Windows that asked for a pause, one after the other.
struct Run {
    from: i64,
    to: i64,
    best: Share,
}

/// What all windows are measured by.
struct Measure<'a> {
    scope: Scope,
    filter: &'a Filter,
    limits: &'a Limits,
    now: i64,
    /// The sent log has only days.
    by_day: bool,
}

/// The pauses, and the keys with too few sends for a rate.
pub fn find(
    history: &History,
    filter: &Filter,
    sends: Option<&Sends>,
    limits: &Limits,
    now: i64,
) -> (Vec<Pause>, Vec<TooFew>) {
    let (mut pauses, mut too_few) = (Vec::new(), Vec::new());
    for scope in [Scope::Mailbox, Scope::Campaign] {
        let measure = Measure {
            scope,
            filter,
            limits,
            now,
            by_day: sends.is_some_and(|s| s.by_day),
        };
        let key = |i: &Item| match scope {
            Scope::Mailbox => i.mailbox,
            Scope::Campaign => i.campaign,
        };
        let lines = sends.map(|s| match scope {
            Scope::Mailbox => &s.mailboxes,
            Scope::Campaign => &s.campaigns,
        });
        // A log that names no campaigns has no rates for them.
        let lines = lines.filter(|l| !l.is_empty());
        let fitting = history.items().iter().filter(|i| filter.fits(i, history));
        let mut marks: Vec<Mark> = fitting.filter_map(|i| mark(i, key(i)?)).collect();
        marks.sort_unstable();
        for of_key in marks.chunk_by(|a, b| a.key == b.key) {
            let Some(first) = of_key.first() else {
                continue;
            };
            let key = history.text(first.key);
            let windows = lines.map(|l| l.get(key).map(|l| l.windows()).unwrap_or_default());
            if measure.one(key, of_key, windows.as_ref(), &mut pauses) {
                let key = key.to_owned();
                too_few.push(TooFew { scope, key });
            }
        }
    }
    pauses.sort_by(|a, b| {
        let by = |p: &Pause| (p.scope, p.key.clone(), p.from.clone(), p.trigger);
        by(a).cmp(&by(b))
    });
    too_few.sort();
    (pauses, too_few)
}

impl Measure<'_> {
    /// Slides over the bounces and complaints of one key, by time. True if a window had
    /// too few sends.
    fn one(
        &self,
        key: &str,
        marks: &[Mark],
        windows: Option<&Windows>,
        out: &mut Vec<Pause>,
    ) -> bool {
        let bounces: Vec<Mark> = marks.iter().filter(|m| !m.complaint).copied().collect();
        let complaints: Vec<Mark> = marks.iter().filter(|m| m.complaint).copied().collect();
        let mut inside = [(); 3].map(|()| Inside::default());
        let [day_bounces, hour_bounces, day_complaints] = &mut inside;
        let (mut next_bounce, mut next_complaint) = (0, 0);
        let mut runs: [Option<Run>; 3] = [None, None, None];
        let mut too_few = false;
        for now in marks.chunk_by(|a, b| a.at == b.at) {
            let Some(at) = now.first().map(|m| m.at) else {
                continue;
            };
            while let Some(m) = bounces.get(next_bounce).filter(|m| m.at <= at) {
                day_bounces.add(m.address);
                hour_bounces.add(m.address);
                next_bounce += 1;
            }
            while let Some(m) = complaints.get(next_complaint).filter(|m| m.at <= at) {
                day_complaints.add(m.address);
                next_complaint += 1;
            }
            let from = self.day_before(at);
            day_bounces.leave(&bounces, from);
            hour_bounces.leave(&bounces, at - HOUR);
            day_complaints.leave(&complaints, from);
            if !self.filter.in_period(Some(at)) {
                continue;
            }
            let sent = windows.map(|w| w.between(from, at));
            let enough = sent.filter(|s| *s >= u64::from(self.limits.min_sent));
            too_few |= sent.is_some() && enough.is_none();
            let values = [
                self.rate(day_bounces.len(), enough, self.limits.bounce_rate_24h),
                self.rate(day_complaints.len(), enough, self.limits.complaint_rate_24h),
                self.burst(hour_bounces.len()),
            ];
            for ((trigger, run), value) in Trigger::ALL.iter().zip(&mut runs).zip(values) {
                match (run.as_mut(), value) {
                    (Some(run), Some(value)) => {
                        run.to = at;
                        if value.is_above(run.best) {
                            run.best = value;
                        }
                    }
                    (None, Some(best)) => {
                        *run = Some(Run {
                            from: at,
                            to: at,
                            best,
                        });
                    }
                    (_, None) => out.extend(run.take().map(|r| self.pause(key, *trigger, &r))),
                }
            }
        }
        for (trigger, run) in Trigger::ALL.iter().zip(runs) {
            out.extend(run.map(|r| self.pause(key, *trigger, &r)));
        }
        too_few
    }

    /// Where the 24 hours begin, exclusive; of a log of days, the UTC day.
    fn day_before(&self, at: i64) -> i64 {
        if self.by_day {
            day(at) * DAY - 1
        } else {
            at - DAY
        }
    }

    fn rate(&self, part: u64, sent: Option<u64>, limit: f64) -> Option<Share> {
        let whole = sent?;
        above(part, whole, limit).then_some(Share {
            part,
            whole: Some(whole),
        })
    }

    fn burst(&self, part: u64) -> Option<Share> {
        let many = self.scope == Scope::Mailbox && part > u64::from(self.limits.bounce_burst_1h);
        many.then_some(Share { part, whole: None })
    }

    fn pause(&self, key: &str, trigger: Trigger, run: &Run) -> Pause {
        Pause {
            scope: self.scope,
            key: key.to_owned(),
            trigger,
            from: when(run.from),
            to: when(run.to),
            value: run.best.value(),
            threshold: match trigger {
                Trigger::BounceRate => Value::Fraction(self.limits.bounce_rate_24h),
                Trigger::ComplaintRate => Value::Fraction(self.limits.complaint_rate_24h),
                Trigger::BounceBurst => Value::Count(u64::from(self.limits.bounce_burst_1h)),
            },
            active: run.to > self.now - DAY,
        }
    }
}
