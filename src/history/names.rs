//! Strings that occur again and again, each kept once.
//!
//! A history of millions of bounces names few mailboxes and campaigns, and every
//! address more than once. All strings lie in one buffer; what refers to them is
//! four bytes.

use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;
use std::num::NonZeroU32;

/// A string of [`Names`]. Ids follow the order of the input: never sort by them what
/// anybody sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(NonZeroU32);

impl Id {
    fn index(self) -> usize {
        (self.0.get() - 1) as usize
    }
}

/// The ids that strings have in other [`Names`], by their own.
#[derive(Debug)]
pub struct Renamed(Vec<Id>);

impl Renamed {
    /// The id there.
    pub fn of(&self, id: Id) -> Id {
        self.0.get(id.index()).copied().unwrap_or(id)
    }
}

/// The strings.
#[derive(Clone, Debug, Default)]
pub struct Names {
    text: String,
    ends: Vec<usize>,
    table: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Names {
    /// The id of a string, which is kept from now on. Beyond four thousand million
    /// strings all new ones are the last.
    pub fn intern(&mut self, name: &str) -> Id {
        if let Some(id) = self.get(name) {
            return id;
        }
        let index = u32::try_from(self.ends.len()).unwrap_or(u32::MAX - 1);
        if (index as usize) < self.ends.len() {
            return Id(NonZeroU32::MAX);
        }
        self.text.push_str(name);
        self.ends.push(self.text.len());
        let hash = self.hasher.hash_one(name);
        let Names {
            text,
            ends,
            table,
            hasher,
        } = self;
        table.insert_unique(hash, index, |&i| {
            hasher.hash_one(slice(text, ends, i as usize))
        });
        Id(NonZeroU32::MIN.saturating_add(index))
    }

    /// Keeps all strings of others. Their ids come back by those that they had.
    pub fn absorb(&mut self, other: &Names) -> Renamed {
        let mut start = 0;
        let all = other.ends.iter().map(|&end| {
            let name = other.text.get(start..end).unwrap_or_default();
            start = end;
            self.intern(name)
        });
        Renamed(all.collect())
    }

    /// The id of a string that is known.
    pub fn get(&self, name: &str) -> Option<Id> {
        let hash = self.hasher.hash_one(name);
        let same = |&i: &u32| slice(&self.text, &self.ends, i as usize) == name;
        let index = self.table.find(hash, same)?;
        Some(Id(NonZeroU32::MIN.saturating_add(*index)))
    }

    /// The string.
    pub fn text(&self, id: Id) -> &str {
        slice(&self.text, &self.ends, id.index())
    }
}

fn slice<'a>(text: &'a str, ends: &[usize], index: usize) -> &'a str {
    let start = index.checked_sub(1).and_then(|i| ends.get(i)).copied();
    let end = ends.get(index).copied().unwrap_or_default();
    text.get(start.unwrap_or_default()..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t3_a_name_is_kept_once() {
        let mut names = Names::default();
        let ids: Vec<Id> = ["a@x.example", "", "b", "a@x.example", "ü", ""]
            .map(|n| names.intern(n))
            .to_vec();
        assert_eq!((ids[0], ids[1]), (ids[3], ids[5]));
        let back: Vec<&str> = ids.iter().map(|&i| names.text(i)).collect();
        assert_eq!(back, ["a@x.example", "", "b", "a@x.example", "ü", ""]);
        assert_eq!(names.get("b"), Some(ids[2]));
        assert_eq!(names.get("c"), None);
    }

    #[test]
    fn t3_names_of_others_have_the_ids_that_they_would_have_had() {
        let (mut all, mut part, mut one) = (Names::default(), Names::default(), Names::default());
        for name in ["x", "y"] {
            all.intern(name);
            one.intern(name);
        }
        for name in ["y", "z", "", "x"] {
            let id = part.intern(name);
            let renamed = all.absorb(&part);
            assert_eq!(renamed.of(id), one.intern(name));
        }
    }

    #[test]
    fn t3_many_names_come_back() {
        let mut names = Names::default();
        let ids: Vec<Id> = (0..5000).map(|n| names.intern(&n.to_string())).collect();
        for (n, &id) in ids.iter().enumerate() {
            assert_eq!(names.text(id), n.to_string());
        }
    }
}
