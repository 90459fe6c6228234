//! Many addresses of one domain die within hours: more likely its server is down or
//! blocks us than that they are all dead (S10).

use super::History;
use super::facts::Crowd;
use super::item::Item;
use super::names::Id;
use crate::event::Stream;
use crate::policy::DomainHardCluster as Limits;
use crate::vocab::{Category, Kind};
use hashbrown::HashMap;

/// A burst of hard bounces at one domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Burst {
    /// The domain.
    pub domain: Id,
    /// Its first hard bounce, in Unix seconds.
    pub from: i64,
    /// Its last.
    pub to: i64,
    /// Recipients of its widest window.
    pub recipients: u64,
    /// Mails sent there in that window, where known.
    pub sent: Option<u64>,
}

/// True if a hard bounce can be one of a burst.
pub(super) fn is_hard(item: &Item) -> bool {
    item.kind == Kind::Failed
        && item.category == Some(Category::HardBounce)
        && item.stream == Stream::Campaign
        && item.at().is_some()
        && !item.is_for_review()
}

/// A window that holds enough recipients.
struct Window {
    /// Positions of the first and last bounce.
    range: (usize, usize),
    from: i64,
    to: i64,
    recipients: u64,
}

impl History {
    /// Domains where the number of hard bounces alone could make a burst: whose sends
    /// are worth counting.
    pub fn burst_domains(&self, limits: &Limits) -> Vec<Id> {
        let mut domains: Vec<Id> = Vec::new();
        self.each_domain(|domain, order| {
            if !self.windows(order, limits).is_empty() {
                domains.push(domain);
            }
        });
        domains
    }

    /// Finds the bursts and marks their items. `mailed` says how many mails went to a
    /// domain in a span `(from, to]`, where that is known.
    pub fn find_bursts(&mut self, limits: &Limits, mailed: impl Fn(Id, i64, i64) -> Option<u64>) {
        let mut bursts: Vec<Burst> = Vec::new();
        let mut marked: Vec<usize> = Vec::new();
        self.each_domain(|domain, order| {
            let hard = self.hard(order);
            let mut done = 0;
            for w in self.windows(order, limits) {
                let sent = mailed(domain, w.from, w.to);
                if !is_burst(w.recipients, sent, limits) {
                    continue;
                }
                let (first, last) = w.range;
                let slice = hard.get(first.max(done)..=last).unwrap_or_default();
                marked.extend(slice.iter().map(|(n, _)| *n));
                let begins = hard.get(first).map_or(w.to, |(_, i)| i.moment());
                join(
                    &mut bursts,
                    Burst {
                        domain,
                        from: begins,
                        to: w.to,
                        recipients: w.recipients,
                        sent,
                    },
                );
                done = last + 1;
            }
        });
        for n in marked {
            if let Some(item) = self.items.get_mut(n) {
                item.burst = true;
            }
        }
        self.bursts = bursts;
    }

    /// The windows with enough recipients among the bounces of one domain.
    pub(super) fn crowds_in(&self, order: &[u32], limits: &Limits) -> Vec<Crowd> {
        let crowd = |w: Window| Crowd {
            moments: (w.from + 1, w.to),
            recipients: w.recipients,
        };
        self.windows(order, limits).into_iter().map(crowd).collect()
    }

    /// The hard bounces among items in time order, with their indexes.
    fn hard(&self, order: &[u32]) -> Vec<(usize, &Item)> {
        let items = order.iter().filter_map(|&n| {
            let n = n as usize;
            Some((n, self.items.get(n)?))
        });
        items.filter(|(_, i)| is_hard(i)).collect()
    }

    /// One window for each hard bounce that ends one with enough recipients.
    fn windows(&self, order: &[u32], limits: &Limits) -> Vec<Window> {
        let mut out = Vec::new();
        if order.len() < limits.recipients as usize {
            return out;
        }
        let hard = self.hard(order);
        let mut inside: HashMap<Option<Id>, u32> = HashMap::new();
        let mut first = 0;
        for (last, (_, item)) in hard.iter().enumerate() {
            let to = item.moment();
            let from = to - limits.window.as_secs();
            *inside.entry(item.address).or_default() += 1;
            while let Some((_, old)) = hard.get(first).filter(|(_, i)| i.moment() <= from) {
                if let Some(n) = inside.get_mut(&old.address) {
                    *n -= 1;
                    if *n == 0 {
                        inside.remove(&old.address);
                    }
                }
                first += 1;
            }
            if inside.len() >= limits.recipients as usize {
                out.push(Window {
                    range: (first, last),
                    from,
                    to,
                    recipients: inside.len() as u64,
                });
            }
        }
        out
    }
}

/// True if so many recipients of a window, of so many that were sent to in it where that
/// is known, are a burst.
pub fn is_burst(recipients: u64, sent: Option<u64>, limits: &Limits) -> bool {
    match sent {
        Some(sent) => super::at_least(recipients, sent, limits.share),
        None => recipients >= u64::from(limits.recipients_without_sent),
    }
}

/// Windows that overlap are one burst.
fn join(bursts: &mut Vec<Burst>, next: Burst) {
    match bursts.last_mut() {
        Some(last) if last.domain == next.domain && next.from <= last.to => {
            last.to = next.to;
            if next.recipients > last.recipients {
                last.recipients = next.recipients;
                last.sent = next.sent;
            }
        }
        _ => bursts.push(next),
    }
}
