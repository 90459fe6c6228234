//! Which category is tried again, how, and how often.

use super::read::{Item, PolicyError};
use crate::vocab::{Category, RetryStrategy};
use std::collections::BTreeMap;

/// When and how often a bounce is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// When.
    pub strategy: RetryStrategy,
    /// How often at most.
    pub count: u32,
}

impl Retry {
    /// The usual number of retries of a strategy (T1, T2).
    fn usual(strategy: RetryStrategy) -> Retry {
        let count = match strategy {
            RetryStrategy::Never => 0,
            RetryStrategy::Immediate => 1,
            RetryStrategy::Hourly => 5,
            RetryStrategy::Daily => 3,
            RetryStrategy::Weekly => 2,
        };
        Retry { strategy, count }
    }
}

/// The most retries that a strategy allows (T1).
fn most(strategy: RetryStrategy) -> u32 {
    match strategy {
        RetryStrategy::Never => 0,
        RetryStrategy::Immediate | RetryStrategy::Hourly => 100,
        RetryStrategy::Daily => 3,
        RetryStrategy::Weekly => 2,
    }
}

/// `[retry.CATEGORY] strategy, count`, for every category.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Retries {
    set: BTreeMap<Category, Retry>,
}

impl Retries {
    /// What is set for a category, else the default (T2).
    pub fn of(&self, category: Category) -> Retry {
        let set = self.set.get(&category).copied();
        set.unwrap_or_else(|| Retry::usual(category.retry_strategy()))
    }

    pub(super) fn read(&mut self, item: &Item<'_>) -> Result<(), PolicyError> {
        let words: Vec<&str> = Category::ALL
            .iter()
            .map(|category| category.as_str())
            .collect();
        for (name, item) in item.section()?.entries() {
            let Some(category) = Category::from_word(name) else {
                return Err(item.bad_key(&words, name));
            };
            let retry = read_retry(&item, self.of(category))?;
            self.set.insert(category, retry);
        }
        Ok(())
    }
}

/// A strategy without a count has its usual one; a count alone keeps the strategy.
fn read_retry(item: &Item<'_>, before: Retry) -> Result<Retry, PolicyError> {
    let mut section = item.section()?;
    let mut retry = before;
    if let Some(item) = section.take("strategy") {
        let strategy = item.word(RetryStrategy::ALL, "retry strategy")?;
        if strategy != before.strategy {
            retry = Retry::usual(strategy);
        }
    }
    if let Some(item) = section.take("count") {
        retry.count = item.count_or_none()?;
        let (strategy, most) = (retry.strategy, most(retry.strategy));
        if retry.count > most {
            return Err(item.error(format!(
                "must be at most {most} with strategy {strategy:?}",
                strategy = strategy.as_str()
            )));
        }
        if retry.count == 0 && most > 0 {
            return Err(item.error(format!(
                "must be at least 1 with strategy {:?}; no retries are strategy \"never\"",
                strategy.as_str()
            )));
        }
    }
    section.finish()?;
    Ok(retry)
}
