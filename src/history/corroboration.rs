//! Two teams that see one domain refuse confirm each other (S4).

use super::History;
use super::item::Item;
use super::names::Id;
use crate::event::Stream;
use crate::policy::Corroboration as Limits;

impl History {
    /// The items that a confirmed hard bounce of another workspace corroborates, each
    /// with the index of the nearest such bounce: at the same domain, at most the
    /// policy's span apart, inclusive; neither of them spent or one of a burst, nor what
    /// `eligible` leaves out. By index.
    pub fn corroborated(
        &self,
        limits: &Limits,
        eligible: impl Fn(&Item) -> bool,
    ) -> Vec<(usize, usize)> {
        let mut pairs = Vec::new();
        self.each_domain(|_, order| {
            let fit = |n: &&u32| {
                self.items
                    .get(**n as usize)
                    .is_some_and(|i| fits(i) && eligible(i))
            };
            let hard: Vec<u32> = order.iter().filter(fit).copied().collect();
            let before = self.nearest(hard.iter().copied(), limits);
            let mut after = self.nearest(hard.iter().rev().copied(), limits);
            after.reverse();
            for ((n, b), a) in hard.iter().zip(before).zip(after) {
                let partner = match (b, a) {
                    (Some(b), Some(a)) if self.gap(*n, a) < self.gap(*n, b) => Some(a),
                    (b, a) => b.or(a),
                };
                pairs.extend(partner.map(|p| (*n as usize, p as usize)));
            }
        });
        pairs.sort_unstable();
        pairs
    }

    /// For each item the nearest one before it, in the order given, that is of another
    /// workspace and near enough. Two memories are enough: the last one, and the last one
    /// of another workspace than that.
    fn nearest(&self, order: impl Iterator<Item = u32>, limits: &Limits) -> Vec<Option<u32>> {
        let mut last: [Option<(Id, u32)>; 2] = [None, None];
        let mut out = Vec::new();
        for n in order {
            let Some(item) = self.items.get(n as usize) else {
                continue;
            };
            let own = item.workspace;
            let other = last.iter().flatten().find(|(w, _)| *w != own);
            let near = |m: &u32| self.gap(n, *m) <= limits.window.as_secs().unsigned_abs();
            out.push(other.map(|(_, m)| *m).filter(near));
            if last[0].is_none_or(|(w, _)| w != own) {
                last[1] = last[0];
            }
            last[0] = Some((own, n));
        }
        out
    }

    fn gap(&self, a: u32, b: u32) -> u64 {
        let at = |n: u32| self.items.get(n as usize).map_or(i64::MIN, Item::moment);
        at(a).abs_diff(at(b))
    }
}

fn fits(item: &Item) -> bool {
    item.confirmed
        && item.at().is_some()
        && item.stream == Stream::Campaign
        && !item.is_for_review()
        && !item.burst
        && !item.spent
}
