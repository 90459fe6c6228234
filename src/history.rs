//! Events, and what people did, become a history: a pure fold in any order.
//!
//! [`Collector`] takes events; [`Collector::finish`] makes of them [`Item`]s: each
//! notification once, each failure once however many notifications tell of it, in the
//! order of address and time, with strikes and escalations (T3). What depends on the
//! sent log, too – bursts (S10) – is found by [`History::find_bursts`]; what depends on
//! bursts, [`History::corroborated`] (S4).
//!
//! Memory is proportional to the events, some two hundred bytes each: replies and
//! everything else that is only printed stay with the events.
//!
//! ```
//! use bounce::history::Collector;
//! use bounce::policy::Policy;
//!
//! let history = Collector::default().finish(&Policy::default());
//! assert!(history.items().is_empty());
//! ```

mod acts;
mod bursts;
mod corroboration;
mod facts;
mod item;
mod names;
mod strikes;
mod tellings;

pub use acts::{Act, What};
pub use bursts::{Burst, is_burst};
pub use facts::{Crowd, Facts};
pub use item::{EventId, Flags, Item, day};
pub use names::{Id, Names};
pub use strikes::Escalation;

use crate::address;
use crate::event::{Brief, Event};
use crate::policy::Policy;
use crate::vocab::Kind;
use hashbrown::HashMap;

/// Takes events and acts, in any order.
#[derive(Debug, Default)]
pub struct Collector {
    names: Names,
    seen: HashMap<EventId, u32>,
    items: Vec<Item>,
    acts: Vec<Act>,
}

impl Collector {
    /// Takes an event. True if it is new; false if one with its id was there before.
    pub fn add(&mut self, event: &Event) -> bool {
        self.add_brief(&event.into())
    }

    /// The same for what is needed of an event.
    pub fn add_brief(&mut self, event: &Brief<'_>) -> bool {
        let item = Item::of(event, &mut self.names);
        self.enter(item)
    }

    /// Takes what another has taken, as if it had come behind what was taken here. `new` is
    /// called with the events that are new.
    pub fn append(&mut self, other: Collector, mut new: impl FnMut(EventId)) {
        let names = self.names.absorb(&other.names);
        for item in other.items {
            if self.enter(item.renamed(&names)) {
                new(item.event_id);
            }
        }
        self.acts.extend(other.acts);
    }

    fn enter(&mut self, item: Item) -> bool {
        let next = u32::try_from(self.items.len()).unwrap_or(u32::MAX);
        match self.seen.get(&item.event_id) {
            None => {
                self.seen.insert(item.event_id, next);
                self.items.push(item);
                true
            }
            Some(&first) => {
                // A reading that says the same has nothing to add.
                if self.items.get(first as usize) != Some(&item) {
                    self.items.push(item);
                }
                false
            }
        }
    }

    /// Takes what somebody did.
    pub fn act(&mut self, act: Act) {
        self.acts.push(act);
    }

    /// The history of all that was taken, which is all there is.
    pub fn finish(self, policy: &Policy) -> History {
        self.fold(policy, None)
    }

    /// The history of all that was taken, as a part of one in which this is known of the
    /// domains: its bursts are marked.
    pub fn finish_in(self, policy: &Policy, facts: &Facts) -> History {
        let mut history = self.fold(policy, Some(facts));
        history.mark_bursts(facts);
        history
    }

    fn fold(self, policy: &Policy, facts: Option<&Facts>) -> History {
        let Collector {
            names,
            seen,
            items: mut events,
            mut acts,
        } = self;
        drop(seen);
        acts.sort();
        acts.dedup();
        events.sort_unstable_by_key(|i| (i.address, i.event_id));
        let mut items: Vec<Item> = Vec::with_capacity(events.len());
        for address in events.chunk_by(|a, b| a.address == b.address) {
            let once = address
                .chunk_by(|a, b| a.event_id == b.event_id)
                .filter_map(|same| match same {
                    [one] => Some(*one),
                    _ => tellings::reading(same.to_vec(), &names),
                });
            match address {
                // Where nobody is named, nothing says that two tell of one failure.
                [first, ..] if first.address.is_none() => items.extend(once),
                [_] => items.extend(once),
                _ => tellings::merge(once.collect(), &mut items),
            }
        }
        drop(events);
        // What resets the strikes comes before what happens in the same second.
        let resets = |i: &Item| matches!(i.kind, Kind::Delivered | Kind::AutoReply);
        items.sort_unstable_by_key(|i| (i.address, i.moment(), !resets(i), i.event_id));
        let mut history = History {
            names,
            items,
            by_domain: Vec::new(),
            escalations: Vec::new(),
            bursts: Vec::new(),
            acts,
        };
        history.derive(policy, facts);
        history
    }
}

/// What happened, address by address.
#[derive(Debug)]
pub struct History {
    names: Names,
    /// By address id, then time; undated ones first.
    items: Vec<Item>,
    /// Indexes of dated failures and complaints, by domain id, then time.
    by_domain: Vec<u32>,
    escalations: Vec<Escalation>,
    bursts: Vec<Burst>,
    acts: Vec<Act>,
}

impl History {
    fn derive(&mut self, policy: &Policy, facts: Option<&Facts>) {
        let cuts = acts::Cuts::of(&self.acts, &self.names);
        let outages = match facts {
            Some(facts) => strikes::Outages::known(facts, &self.names),
            None => strikes::Outages::of(&self.items, &policy.escalation),
        };
        let mut start = 0;
        for address in self.items.chunk_by_mut(|a, b| a.address == b.address) {
            cuts.mark(address);
            let out = &mut self.escalations;
            strikes::mark(address, start, &outages, &policy.escalation, out);
            start += address.len();
        }
        let dated = |(n, i): (usize, &Item)| {
            let wanted = i.is_bounce() && i.domain.is_some() && i.at().is_some();
            wanted.then_some(n).and_then(|n| u32::try_from(n).ok())
        };
        self.by_domain = self.items.iter().enumerate().filter_map(dated).collect();
        let items = &self.items;
        self.by_domain.sort_unstable_by_key(|&n| {
            let item = items.get(n as usize);
            item.map(|i| (i.domain, i.moment(), i.event_id))
        });
    }

    /// Everything, by address, then time; undated items first. The order of the
    /// addresses is that of the input.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// What happened to an address, in time order, undated items first.
    pub fn of_address(&self, address: &str) -> &[Item] {
        let Some(id) = self.names.get(&address::key(address)) else {
            return &[];
        };
        let start = self.items.partition_point(|i| i.address < Some(id));
        let end = self.items.partition_point(|i| i.address <= Some(id));
        self.items.get(start..end).unwrap_or_default()
    }

    /// The dated failures and complaints at a domain (lower case, A-label), in time order.
    pub fn of_domain(&self, domain: &str) -> impl Iterator<Item = &Item> {
        let wanted = self.names.get(domain);
        let domain = |n: &u32| self.items.get(*n as usize).and_then(|i| i.domain);
        let start = self.by_domain.partition_point(|n| domain(n) < wanted);
        let rest = self.by_domain.get(start..).unwrap_or_default();
        let items = rest.iter().filter_map(|n| self.items.get(*n as usize));
        items.take_while(move |i| wanted.is_some() && i.domain == wanted)
    }

    /// The soft bounces that became final, by address and time.
    pub fn escalations(&self) -> &[Escalation] {
        &self.escalations
    }

    /// The bursts that [`History::find_bursts`] found, by domain and time.
    pub fn bursts(&self) -> &[Burst] {
        &self.bursts
    }

    /// What people did, by time.
    pub fn acts(&self) -> &[Act] {
        &self.acts
    }

    /// The strings behind the ids.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// The string behind an id.
    pub fn text(&self, id: Id) -> &str {
        self.names.text(id)
    }

    /// Calls `each` with every domain and its dated bounces in time order, as indexes.
    fn each_domain(&self, mut each: impl FnMut(Id, &[u32])) {
        let domain = |n: &u32| self.items.get(*n as usize).and_then(|i| i.domain);
        for order in self.by_domain.chunk_by(|a, b| domain(a) == domain(b)) {
            if let Some(domain) = order.first().and_then(domain) {
                each(domain, order);
            }
        }
    }
}

/// A fraction of the policy in billionths, so that comparisons are exact.
fn billionths(fraction: f64) -> u128 {
    // Fractions of the policy lie between 0 and 1, factors somewhat above.
    (fraction * 1e9).round() as u128
}

/// True if `part` / `whole` is `limit` or more, exactly; nothing is any share of nothing.
pub fn at_least(part: u64, whole: u64, limit: f64) -> bool {
    u128::from(part) * 1_000_000_000 >= billionths(limit) * u128::from(whole)
}

/// True if `part` / `whole` is more than `limit`, exactly.
pub fn above(part: u64, whole: u64, limit: f64) -> bool {
    u128::from(part) * 1_000_000_000 > billionths(limit) * u128::from(whole)
}

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;
