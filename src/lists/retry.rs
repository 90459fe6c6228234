//! When to try again (T1, T2).

use super::cells::Cells;
use super::scene::{Placed, Scene, Story};
use super::table::Place;
use crate::ledger::Row;
use crate::policy::Schedule;
use crate::vocab::{Kind, RetryStrategy};
use std::cmp::Ordering;

/// How long to wait after a bounce that came after `count` others, in seconds.
pub fn wait(strategy: RetryStrategy, count: usize, schedule: &Schedule) -> Option<i64> {
    let (first, cap) = (
        schedule.hourly_first.as_secs(),
        schedule.hourly_cap.as_secs(),
    );
    Some(match strategy {
        RetryStrategy::Never => return None,
        RetryStrategy::Immediate => 0,
        RetryStrategy::Hourly => {
            let doubled = u32::try_from(count).ok().and_then(|n| 2_i64.checked_pow(n));
            doubled
                .and_then(|n| first.checked_mul(n))
                .map_or(cap, |s| s.min(cap))
        }
        RetryStrategy::Daily => schedule.daily.as_secs(),
        RetryStrategy::Weekly => schedule.weekly.as_secs(),
    })
}

/// A bounce that is to be tried again.
pub(super) struct Pending<'s, 'a> {
    pub placed: &'s Placed<'a>,
    strategy: RetryStrategy,
    count: usize,
    next: Option<i64>,
    /// When the row leaves, in Unix seconds.
    leaves: Option<i64>,
}

impl<'a> Scene<'a> {
    /// `retry`: one row an address.
    pub(super) fn retry(&self) -> Vec<Row> {
        let row = |s: &Story<'a>| Some(self.retried(s, &self.pending(s)?));
        self.stories.iter().filter_map(row).collect()
    }

    /// The last bounce of an address that is to be tried again, unless the row has left:
    /// by a reset, a suppression, or because its time is over.
    pub(super) fn pending<'s>(&self, story: &'s Story<'a>) -> Option<Pending<'s, 'a>> {
        if story.address.is_empty() {
            return None;
        }
        let resets = |p: &&Placed<'a>| matches!(p.item.kind, Kind::Delivered | Kind::AutoReply);
        let reset = story
            .items
            .iter()
            .filter(resets)
            .filter_map(|p| p.item.at())
            .max();
        let open = |p: &Placed<'a>| {
            // What happens in the second of a reset comes after it.
            p.place == Place::Retry && reset.is_none_or(|r| p.item.at().is_some_and(|at| at >= r))
        };
        let placed = story.latest(|p| open(p) && !Scene::is_suppressed(story, p.workspace))?;
        let such = |p: &&Placed<'a>| open(p) && p.item.category == placed.item.category;
        let age = |p: &Placed<'a>| (p.item.at(), p.item.event_id);
        let earlier = |p: &&Placed<'a>| age(p).cmp(&age(placed)) == Ordering::Less;
        let count = story.items.iter().filter(such).filter(earlier).count();
        let policy = self.question.policy;
        let retry = policy.retry(placed.item.category?, placed.workspace);
        let wait = wait(retry.strategy, count, &policy.schedule)?;
        let due = placed.item.at().map(|at| at.saturating_add(wait));
        let kept = policy.lists.retry_kept.as_secs();
        let leaves = due.map(|due| due.saturating_add(kept));
        if leaves.is_some_and(|leaves| self.question.now >= leaves) {
            return None;
        }
        Some(Pending {
            placed,
            strategy: retry.strategy,
            count,
            // All retries are used up: no further attempt.
            next: due.filter(|_| count < retry.count as usize),
            leaves,
        })
    }

    fn retried(&self, story: &Story<'a>, pending: &Pending<'_, 'a>) -> Row {
        let item = pending.placed.item;
        let category = item.category.map(|c| c.as_str()).unwrap_or_default();
        let event_id = item.event_id.to_string();
        let line = Cells::default()
            .exact(story.address)
            .exact(self.text(item.mailbox))
            .text(category)
            .text(pending.strategy.as_str())
            .text(&pending.count.to_string())
            .time(pending.next)
            .text(&event_id)
            .line();
        Row {
            address: story.address.to_owned(),
            line,
            reason: Some(category.to_owned()),
            event_id: Some(event_id),
            wake: pending.leaves,
            ..Row::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t1_what_the_strategies_mean() {
        let schedule = Schedule::default();
        let hour = 3_600;
        for (strategy, count, expected) in [
            (RetryStrategy::Never, 0, None),
            (RetryStrategy::Immediate, 3, Some(0)),
            (RetryStrategy::Hourly, 0, Some(hour)),
            (RetryStrategy::Hourly, 1, Some(2 * hour)),
            (RetryStrategy::Hourly, 6, Some(64 * hour)),
            (RetryStrategy::Hourly, 7, Some(72 * hour)),
            (RetryStrategy::Hourly, 500, Some(72 * hour)),
            (RetryStrategy::Daily, 2, Some(24 * hour)),
            (RetryStrategy::Weekly, 1, Some(7 * 24 * hour)),
        ] {
            assert_eq!(
                wait(strategy, count, &schedule),
                expected,
                "{strategy} {count}"
            );
        }
    }
}
