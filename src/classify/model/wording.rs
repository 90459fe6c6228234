//! Groups of replies that say the same in nearly the same words. Cross-validation
//! keeps a group on one side, or it would only measure how well wordings are remembered.

use super::super::words::Words;
use super::features::Fnv;
use super::labels::Label;
use std::collections::{BTreeSet, HashMap};

/// Two replies with this share of their shingles in common are one wording.
const SAME: f64 = 0.5;

/// The group of each label: the number of its first member.
pub fn groups(labels: &[Label]) -> Vec<usize> {
    let mut counts: HashMap<u64, u32> = HashMap::new();
    let sets: Vec<BTreeSet<u64>> = labels.iter().map(|l| shingles(&l.canonical)).collect();
    for s in sets.iter().flatten() {
        *counts.entry(*s).or_default() += 1;
    }
    let rare_first = |set: &BTreeSet<u64>| -> Vec<u64> {
        let mut list: Vec<u64> = set.iter().copied().collect();
        list.sort_by_key(|s| (counts.get(s).copied().unwrap_or_default(), *s));
        list
    };
    let mut forest = Forest::new(labels.len());
    let mut holders: HashMap<u64, Vec<usize>> = HashMap::new();
    for (n, set) in sets.iter().enumerate() {
        for s in rare_first(set).iter().take(prefix(set.len())) {
            let list = holders.entry(*s).or_default();
            for &m in list.iter() {
                if forest.root(m) != forest.root(n) && alike(set, sets.get(m)) {
                    forest.join(m, n);
                }
            }
            list.push(n);
        }
    }
    (0..labels.len()).map(|n| forest.root(n)).collect()
}

/// Of two sets as similar as [`SAME`], the rarest so many of each must share one.
fn prefix(len: usize) -> usize {
    let common = (SAME * len as f64).ceil() as usize;
    len - common.min(len) + 1
}

fn alike(a: &BTreeSet<u64>, b: Option<&BTreeSet<u64>>) -> bool {
    let Some(b) = b else { return false };
    let both = a.intersection(b).count();
    both as f64 >= SAME * (a.len() + b.len() - both) as f64
}

/// Words and word pairs, without numbers, addresses and other placeholders; of
/// scripts without blanks the pairs of characters.
fn shingles(canonical: &str) -> BTreeSet<u64> {
    let words = Words::new(canonical);
    let is_word = |w: &&str| !w.starts_with('{') && w.chars().any(char::is_alphabetic);
    let list: Vec<&str> = words.as_str().split(' ').filter(is_word).collect();
    let mut set = BTreeSet::new();
    for (n, word) in list.iter().enumerate() {
        set.insert(Fnv::of(word.as_bytes()));
        if let Some(next) = list.get(n + 1) {
            set.insert(Fnv::of(format!("{word} {next}").as_bytes()));
        }
        if !word.is_ascii() {
            let chars: Vec<char> = word.chars().collect();
            let pairs = chars.windows(2).map(|p| p.iter().collect::<String>());
            set.extend(pairs.map(|p| Fnv::of(p.as_bytes())));
        }
    }
    set
}

/// Which are joined with which.
struct Forest(Vec<usize>);

impl Forest {
    fn new(len: usize) -> Forest {
        Forest((0..len).collect())
    }

    fn root(&self, mut n: usize) -> usize {
        while let Some(&up) = self.0.get(n).filter(|up| **up != n) {
            n = up;
        }
        n
    }

    /// The smaller number becomes the root.
    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if let Some(up) = self.0.get_mut(a.max(b)) {
            *up = a.min(b);
        }
    }
}

/// Spreads the groups over `folds` folds of like size, the same way every time: the
/// largest first, each to the fold with the fewest replies.
pub fn folds(groups: &[usize], folds: usize) -> Vec<usize> {
    let mut sizes: HashMap<usize, usize> = HashMap::new();
    for g in groups {
        *sizes.entry(*g).or_default() += 1;
    }
    let mut order: Vec<(usize, usize)> = sizes.into_iter().collect();
    // Groups stand in the file by reason; hashing spreads the reasons over the folds.
    order.sort_by_key(|(g, n)| (std::cmp::Reverse(*n), Fnv::of(&g.to_le_bytes()), *g));
    let mut filled = vec![0_usize; folds.max(1)];
    let mut fold_of = HashMap::new();
    for (group, size) in order {
        let least = filled.iter().enumerate().min_by_key(|(_, n)| **n);
        let fold = least.map_or(0, |(f, _)| f);
        if let Some(n) = filled.get_mut(fold) {
            *n += size;
        }
        fold_of.insert(group, fold);
    }
    let of = |g: &usize| fold_of.get(g).copied().unwrap_or_default();
    groups.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::super::labels::read;
    use super::*;

    #[test]
    fn c4_one_wording_is_one_group() {
        let text = "userunknown\t550 5.1.1 <a@example.com>: Recipient address rejected: User unknown in virtual mailbox table\n\
            userunknown\t550 <b@example.net>: Recipient address rejected: User unknown in local recipient table\n\
            mailboxfull\t452 4.2.2 The mailbox is over its quota, try again later\n\
            userunknown\t554 5.1.1 Recipient address rejected: user unknown in virtual mailbox table (x9)\n\
            userunknown\t550 \u{5b9b}\u{5148}\u{4e0d}\u{660e}\u{3067}\u{3059}\n\
            userunknown\t550 \u{5b9b}\u{5148}\u{4e0d}\u{660e}\u{3067}\u{3059}\u{3002}";
        let found = read(text);
        assert_eq!(groups(&found.labels), [0, 0, 2, 0, 4, 4]);
    }

    #[test]
    fn c4_a_group_is_in_one_fold() {
        let groups = [0, 0, 2, 0, 4, 4, 6, 7, 8];
        let folds = folds(&groups, 3);
        assert_eq!(folds[0], folds[1]);
        assert_eq!(folds[0], folds[3]);
        assert_eq!(folds[4], folds[5]);
        for f in 0..3 {
            assert_eq!(folds.iter().filter(|x| **x == f).count(), 3);
        }
    }
}
