//! Dated acts of people: what they took off the lists, re-verified, brought along.

use super::names::Names;
use super::{Id, Item};
use crate::address;
use crate::vocab::Kind;
use hashbrown::HashMap;

/// What somebody did, and when.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Act {
    /// When, in Unix seconds.
    pub at: i64,
    /// What.
    pub what: What,
}

/// What somebody did.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// The address was checked and is fine: what was before no longer counts (S5).
    Reverify {
        /// The address.
        address: String,
    },
    /// The address was taken off by hand: what was before no longer counts (S5).
    Remove {
        /// The address.
        address: String,
    },
    /// What bounced at a domain in a half-open span was taken off (S10).
    RemoveDomain {
        /// The domain.
        domain: String,
        /// From here, in Unix seconds.
        since: i64,
        /// To before here.
        until: i64,
    },
    /// The address came with a list from elsewhere: it is on the lists without a bounce.
    Import {
        /// The address.
        address: String,
        /// Whose list it is on.
        workspace: String,
        /// It has complained; else it is dead.
        complaint: bool,
    },
}

/// Acts, ready to be asked.
#[derive(Debug, Default)]
pub(super) struct Cuts {
    addresses: HashMap<Id, i64>,
    /// Removals by hand alone: a complaint is no bounce, so that an address exists says
    /// nothing about it.
    removed: HashMap<Id, i64>,
    domains: HashMap<Id, Vec<(i64, i64)>>,
}

impl Cuts {
    /// Addresses and domains that no event names need no cut.
    pub(super) fn of(acts: &[Act], names: &Names) -> Self {
        let mut cuts = Cuts::default();
        for act in acts {
            match &act.what {
                What::Reverify { address } => {
                    if let Some(id) = names.get(&address::key(address)) {
                        later(&mut cuts.addresses, id, act.at);
                    }
                }
                What::Remove { address } => {
                    if let Some(id) = names.get(&address::key(address)) {
                        later(&mut cuts.addresses, id, act.at);
                        later(&mut cuts.removed, id, act.at);
                    }
                }
                What::RemoveDomain {
                    domain,
                    since,
                    until,
                } => {
                    // The key of a domain is that of an address there.
                    let key = address::key(&format!("x@{}", domain.trim_start_matches('@')));
                    let id = address::split(&key).and_then(|(_, d)| names.get(d));
                    if let Some(id) = id {
                        cuts.domains.entry(id).or_default().push((*since, *until));
                    }
                }
                What::Import { .. } => {}
            }
        }
        cuts
    }

    /// Marks the items of one address, in time order.
    pub(super) fn mark(&self, items: &mut [Item]) {
        let mut spent = false;
        for item in items.iter_mut().filter(|i| i.is_bounce()) {
            item.spent = self.before(item) || self.within(item);
            item.repeat = spent && !item.spent;
            spent |= item.spent;
        }
    }

    /// An undated bounce is taken as older than every act.
    fn before(&self, item: &Item) -> bool {
        let cuts = match item.kind {
            Kind::Complaint => &self.removed,
            _ => &self.addresses,
        };
        let cut = item.address.and_then(|a| cuts.get(&a));
        cut.is_some_and(|&cut| item.moment() < cut)
    }

    fn within(&self, item: &Item) -> bool {
        if item.kind == Kind::Complaint {
            return false;
        }
        let (Some(at), Some(spans)) = (
            item.at(),
            item.domain.and_then(|domain| self.domains.get(&domain)),
        ) else {
            return false;
        };
        spans
            .iter()
            .any(|(since, until)| (*since..*until).contains(&at))
    }
}

fn later(cuts: &mut HashMap<Id, i64>, id: Id, at: i64) {
    let last = cuts.entry(id).or_insert(at);
    *last = at.max(*last);
}
