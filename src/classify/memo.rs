//! What rules have said of a reply already. Servers repeat themselves: in an export or a
//! night's bounces most replies differ by the address alone, and are one canonical text.

use super::Verdict;
use super::gate::Facts;
use hashbrown::{Equivalent, HashMap};
use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering};

/// At most so many replies are remembered on each thread.
const MOST: usize = 4096;
/// Longer texts are not remembered: few, and no two are alike.
const LONGEST: usize = 1024;

/// Tells the judges of a process apart; a judge that learns something is another.
#[derive(Debug)]
pub struct Id(u64);

impl Id {
    /// No other judge of the process has this number.
    pub fn number(&self) -> u64 {
        self.0
    }
}

impl Default for Id {
    fn default() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Id(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// All that rules and corrections look at.
#[derive(PartialEq, Eq, Hash)]
struct Key {
    canonical: Box<str>,
    facts: Facts,
}

#[derive(Hash)]
struct Asked<'a> {
    canonical: &'a str,
    facts: &'a Facts,
}

impl Equivalent<Key> for Asked<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        *self.canonical == *key.canonical && *self.facts == key.facts
    }
}

thread_local! {
    static KNOWN: RefCell<(u64, HashMap<Key, Option<Verdict>>)> = RefCell::default();
}

/// The answer that was given to the same question, else that of `judge`, which must
/// depend on nothing else.
pub fn known(
    id: &Id,
    canonical: &str,
    facts: &Facts,
    judge: impl FnOnce() -> Option<Verdict>,
) -> Option<Verdict> {
    if canonical.len() > LONGEST {
        return judge();
    }
    let asked = Asked { canonical, facts };
    let found = KNOWN.with_borrow(|(of, known)| {
        let known = (*of == id.0).then(|| known.get(&asked)).flatten();
        known.cloned()
    });
    if let Some(verdict) = found {
        return verdict;
    }
    let verdict = judge();
    KNOWN.with_borrow_mut(|(of, known)| {
        if *of != id.0 || known.len() >= MOST {
            known.clear();
            *of = id.0;
        }
        let key = Key {
            canonical: canonical.into(),
            facts: *facts,
        };
        known.insert(key, verdict.clone());
    });
    verdict
}

#[cfg(test)]
mod tests {
    use super::super::{Judge, Reply, Rules};
    use crate::vocab::Reason;

    /// The same text is asked of one judge twice, and of a judge with other rules.
    #[test]
    fn c2_what_one_judge_remembers_another_does_not() {
        let reply = Reply {
            text: "550 5.7.1 the frobnicator says no",
            ..Reply::default()
        };
        let rule = "own\tmailboxfull\t-\tfrobnicator says no\t-\n";
        let theirs = Judge::new();
        for _ in 0..2 {
            let ours = Judge::new().with_user_rules(Rules::parse(rule).unwrap());
            assert_ne!(theirs.judge(&reply).reason, Reason::MailboxFull);
            assert_eq!(ours.judge(&reply).reason, Reason::MailboxFull);
            assert_eq!(ours.judge(&reply), ours.judge(&reply));
            let mut taught = Judge::new();
            let _ = taught.judge(&reply);
            taught.correct(Some(550), "5.7.1 the frobnicator says no", Reason::Filtered);
            assert_eq!(taught.judge(&reply).reason, Reason::Filtered);
        }
    }
}
