//! What a history of some addresses cannot know of itself: what happened to the others at
//! their domains. Whoever keeps it can fold address by address.

use super::{EventId, History, Id};
use crate::policy::{DomainHardCluster, Escalation};
use hashbrown::{HashMap, HashSet};

/// Moments in Unix seconds, both ends included.
pub type Moments = (i64, i64);

/// What is known of domains.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// UTC days, counted from 1970, on which so many addresses of a domain soft-bounced
    /// that it was its outage (T3).
    pub outages: HashSet<(String, i64)>,
    /// When hard bounces at a domain are a burst (S10), in order.
    pub bursts: HashMap<String, Vec<Moments>>,
    /// The workspace that confirms the hard bounce of an event (S4).
    pub partners: HashMap<EventId, String>,
}

/// A window of a domain in which enough recipients bounced hard to make a burst.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crowd {
    /// Its moments: from the second behind its begin to its end.
    pub moments: Moments,
    /// Recipients that bounced in it.
    pub recipients: u64,
}

impl Facts {
    fn is_burst(&self, domain: &str, at: i64) -> bool {
        let spans = self.bursts.get(domain);
        spans.is_some_and(|s| s.iter().any(|(from, to)| (*from..=*to).contains(&at)))
    }
}

impl History {
    /// Marks the hard bounces that lie in a burst, and takes the mark off all others.
    pub fn mark_bursts(&mut self, facts: &Facts) {
        let names = &self.names;
        for item in &mut self.items {
            let domain = item.domain.map(|d| names.text(d));
            let known = domain.zip(item.at());
            item.burst =
                super::bursts::is_hard(item) && known.is_some_and(|(d, at)| facts.is_burst(d, at));
        }
    }

    /// The windows of a domain that hold enough recipients for a burst.
    pub fn crowds(&self, domain: &str, limits: &DomainHardCluster) -> Vec<Crowd> {
        let mut crowds = Vec::new();
        let wanted = self.names.get(domain);
        self.each_domain(|id, order| {
            if Some(id) == wanted {
                crowds = self.crowds_in(order, limits);
            }
        });
        crowds
    }

    /// The days on which so many addresses of a domain soft-bounced that it was its outage.
    pub fn outages(&self, domain: &str, limits: &Escalation) -> HashSet<i64> {
        let wanted: Option<Id> = self.names.get(domain);
        let all = super::strikes::Outages::of(&self.items, limits);
        all.days(wanted)
    }
}
