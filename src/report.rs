//! History + sent log → [`Summary`]: rates, bands, windows, patterns (P1–P7).
//!
//! [`Sends`] counts the sent log while it streams past, in parts that merge. [`summary`]
//! then answers a [`Question`] about a history; it is pure, and the same input gives the
//! same report. What each figure is made of stands in `docs/report.md`.

pub mod advice;
pub mod filter;
mod patterns;
mod pauses;
pub mod provider;
pub mod rates;
mod recent;
pub mod sends;
pub mod summary;
mod tally;
mod views;

pub use filter::Filter;
pub use recent::Newest;
pub use sends::{Send, Sends};
pub use summary::Summary;

use crate::history::{History, Id, Item, day};
use crate::policy::Policy;
use crate::time;
use crate::vocab::Category;
use hashbrown::HashMap;
use jiff::Timestamp;
use summary::{Books, By, Figures, Group, Period, Resolution, SCHEMA, Views};
use tally::{Key, Tally};
use views::{Cutter, Days};

/// What is asked of a history.
#[derive(Debug)]
pub struct Question<'a> {
    /// Period and filters; the same by which `sends` were counted.
    pub filter: &'a Filter,
    /// The sent log, if there is one.
    pub sends: Option<&'a Sends>,
    /// `bounce.toml`.
    pub policy: &'a Policy,
    /// The clock, in Unix seconds.
    pub now: i64,
}

/// The report. Finds the bursts of the history, too.
pub fn summary(
    history: &mut History,
    question: &Question<'_>,
    newest: Newest,
    books: Books,
) -> Summary {
    bursts(history, question);
    let Question {
        filter,
        sends: log,
        policy,
        now,
    } = *question;
    let sends = log.filter(|s| s.is_known());
    let dates = dates(history, filter);
    let days = days(filter, dates, now);
    let slices = views::slices(days.unwrap_or_default());
    let tally = Tally::of(history, filter, slices);
    let maker = Maker {
        history,
        tally: &tally,
        sends,
        policy,
    };
    let mut summary = Summary {
        schema: SCHEMA,
        period: Period {
            since: filter.since.or(dates.map(|d| d.0)).map(when),
            until: filter.until.or(dates.map(|d| d.1)).map(when),
        },
        resolution: sends.filter(|s| s.by_day).map(|_| Resolution::Day),
        totals: maker.figures(Key::Total, sends.map(|s| s.total)),
        by: maker.groups(),
        books,
        notes: notes(log),
        ..Summary::default()
    };
    (summary.pauses, summary.too_few) = pauses::find(history, filter, sends, &policy.pauses, now);
    let scene = patterns::Scene {
        history,
        filter,
        sends,
        limits: &policy.patterns,
        now,
    };
    summary.alerts = patterns::find(&scene, &summary);
    let cutter = Cutter {
        tally: &tally,
        sends,
        thresholds: &policy.thresholds,
    };
    summary.views = Views {
        trend: days.map(|d| cutter.trend(d)).unwrap_or_default(),
        distribution: days.map(|d| cutter.distribution(d)).unwrap_or_default(),
        worst_domains: views::worst_domains(&summary),
        recent: newest.list(),
        templates: views::templates(history, filter),
        advice: summary.totals.band.map_or("", advice::of_band),
        no_recipient: tally.nameless,
        now: when(now),
    };
    summary
}

/// RFC 3339 of Unix seconds.
fn when(second: i64) -> String {
    Timestamp::from_second(second).map_or_else(|_| String::new(), time::rfc3339)
}

/// `2026-11-03` of a UTC day from 1970-01-01.
fn date(day: i64) -> String {
    let mut text = when(day.saturating_mul(86_400));
    text.truncate(text.find('T').unwrap_or(text.len()));
    text
}

fn bursts(history: &mut History, question: &Question<'_>) {
    let limits = &question.policy.patterns.domain_hard_cluster;
    let domains = history.burst_domains(limits);
    let of = |s: &Sends, d: Id| Some((d, s.to_domain(history.text(d))?));
    let windows: HashMap<Id, sends::Windows> = question
        .sends
        .map(|s| domains.into_iter().filter_map(|d| of(s, d)).collect())
        .unwrap_or_default();
    let by_day = question.sends.is_some_and(|s| s.by_day);
    history.find_bursts(limits, |domain, from, to| {
        // Of a log of days, the whole first day may have been sent within the window.
        let from = if by_day { day(from) * 86_400 - 1 } else { from };
        Some(windows.get(&domain)?.between(from, to))
    });
}

/// The first and the last moment of what the filters let pass.
fn dates(history: &History, filter: &Filter) -> Option<(i64, i64)> {
    let fits = |i: &&Item| filter.in_period(i.at()) && filter.fits(i, history);
    let times = || history.items().iter().filter(fits).filter_map(Item::at);
    Some((times().min()?, times().max()?))
}

/// The UTC days of the period.
fn days(filter: &Filter, dates: Option<(i64, i64)>, now: i64) -> Option<Days> {
    let first = filter.since.or(dates.map(|d| d.0))?;
    // An event from elsewhere may be dated anywhere; no clock runs ahead that far.
    let latest = dates.map(|d| d.1.min(now + 2 * 86_400));
    let last = filter.until.map(|u| u - 1).or(latest)?;
    (first <= last).then(|| (day(first), day(last)))
}

fn notes(log: Option<&Sends>) -> Vec<String> {
    let note = match log {
        None => "no sent log: counts and shares only; rates need --sent",
        Some(log) if !log.is_known() => {
            "the sent log does not say what the filters ask for: counts and shares only"
        }
        Some(log) if log.by_day => "the sent log has only days: windows of 24 hours are UTC days",
        Some(_) => return Vec::new(),
    };
    vec![note.to_owned()]
}

/// Makes groups of the counts on both sides.
struct Maker<'a> {
    history: &'a History,
    tally: &'a Tally,
    sends: Option<&'a Sends>,
    policy: &'a Policy,
}

impl Maker<'_> {
    fn figures(&self, key: Key, sent: Option<u64>) -> Figures {
        let mut figures = self.tally.figures(key);
        rates::fill(&mut figures, sent, &self.policy.thresholds);
        figures
    }

    fn groups(&self) -> By {
        let lines = |lines: &HashMap<String, sends::Line>| -> HashMap<String, u64> {
            lines.iter().map(|(k, l)| (k.clone(), l.sent)).collect()
        };
        let filled = |all: HashMap<String, u64>| (!all.is_empty()).then_some(all);
        let mailboxes = self.sends.and_then(|s| filled(lines(&s.mailboxes)));
        let campaigns = self.sends.and_then(|s| filled(lines(&s.campaigns)));
        let named = self.sends.filter(|s| s.has_domains());
        let text = |id: Id| self.history.text(id).to_owned();
        By {
            mailbox: self.list(mailboxes, |k| match k {
                Key::Mailbox(id) => Some(text(id)),
                _ => None,
            }),
            domain: self.list(named.map(|s| s.domains.clone()), |k| match k {
                Key::Domain(id) => Some(text(id)),
                _ => None,
            }),
            campaign: self.list(campaigns, |k| match k {
                Key::Campaign(id) => Some(text(id)),
                _ => None,
            }),
            day: self.list(self.sends.map(by_date), |k| match k {
                Key::Day(day) => Some(date(day)),
                _ => None,
            }),
            category: self.categories(),
            provider: self.list(named.map(by_provider), |k| match k {
                Key::Provider(name) => Some(name.to_owned()),
                _ => None,
            }),
        }
    }

    /// The groups of one kind; those that only the sent log knows, too.
    fn list(
        &self,
        sent: Option<HashMap<String, u64>>,
        name: impl Fn(Key) -> Option<String>,
    ) -> Vec<Group> {
        let known = sent.is_some();
        let mut sent = sent.unwrap_or_default();
        let mut out: Vec<Group> = Vec::new();
        for &key in self.tally.groups.keys() {
            let Some(name) = name(key) else { continue };
            let own = sent.remove(&name).or(known.then_some(0));
            out.push(Group {
                figures: self.figures(key, own),
                key: name,
            });
        }
        for (name, n) in sent.into_iter().filter(|(_, n)| *n > 0) {
            let mut figures = Figures::default();
            rates::fill(&mut figures, Some(n), &self.policy.thresholds);
            out.push(Group { key: name, figures });
        }
        sort(out)
    }

    fn categories(&self) -> Vec<Group> {
        let sent = self.sends.map(|s| s.total);
        let there = |c: &&Category| self.tally.groups.contains_key(&Key::Category(**c));
        let group = |c: &Category| Group {
            key: c.as_str().to_owned(),
            figures: self.figures(Key::Category(*c), sent),
        };
        sort(Category::ALL.iter().filter(there).map(group).collect())
    }
}

fn sort(mut groups: Vec<Group>) -> Vec<Group> {
    groups.sort_by(|a, b| {
        let (x, y) = (a.figures.bounced, b.figures.bounced);
        y.cmp(&x).then_with(|| a.key.cmp(&b.key))
    });
    groups
}

fn by_date(sends: &Sends) -> HashMap<String, u64> {
    sends.days.iter().map(|(d, n)| (date(*d), *n)).collect()
}

fn by_provider(sends: &Sends) -> HashMap<String, u64> {
    let mut out: HashMap<String, u64> = HashMap::new();
    for (domain, n) in &sends.domains {
        *out.entry_ref(provider::of(domain)).or_default() += n;
    }
    out
}

#[cfg(test)]
mod tests;
