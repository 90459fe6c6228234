//! What a row reports: the first of its profile's patterns that one of its cells fits.
//!
//! Columns that say what happened have few values, and each of them is judged once a
//! thread. Replies have many: of these, most are told apart by a search for the words of
//! all patterns at once.

use super::profiles::Profile;
use crate::row::{Key, What};
use aho_corasick::AhoCorasick;
use hashbrown::HashMap;
use std::borrow::Cow;
use std::cell::RefCell;

/// Longer values are not remembered: they are no words for what happened.
const LONGEST: usize = 48;
/// At most so many values are remembered on each thread.
const MOST: usize = 4096;

/// The whats of a profile, the value, and of whose key it is.
type Asked<'a> = (usize, Key, &'a str);
/// The same, and which of the whats the value fits first.
type Known = HashMap<(usize, Key, Box<str>), Option<usize>>;

thread_local! {
    static KNOWN: RefCell<Known> = RefCell::default();
    /// The words of patterns, by where these stand; `None` if one of them has no words.
    static WORDS: RefCell<HashMap<(usize, usize), Option<AhoCorasick>>> = RefCell::default();
    /// Those of all patterns of a key, by the whats that these stand in.
    static ALL: RefCell<HashMap<(usize, Key), Option<AhoCorasick>>> = RefCell::default();
}

/// What cells report by the words of a profile.
pub(super) fn what(profile: &Profile, cells: &[(Key, Cow<'_, str>)]) -> What {
    let counts = |key: Key| profile.whats.iter().any(|(k, _, _)| *k == key);
    let fits = cells
        .iter()
        .filter(|(key, _)| counts(*key))
        .filter_map(|(key, value)| first(profile, *key, value))
        .min();
    fits.and_then(|n| profile.whats.get(n))
        .map_or(profile.otherwise, |(_, _, what)| *what)
}

/// The first of the whats that a value fits.
fn first(profile: &Profile, key: Key, value: &str) -> Option<usize> {
    if is_text(key, value) {
        return search(profile, key, value);
    }
    let asked: Asked<'_> = (profile.whats.as_ptr().addr(), key, value);
    let found = KNOWN.with_borrow(|known| known.get(&Question(asked)).copied());
    found.unwrap_or_else(|| {
        let found = search(profile, key, value);
        KNOWN.with_borrow_mut(|known| {
            if known.len() >= MOST {
                known.clear();
            }
            known.insert((asked.0, key, value.into()), found);
        });
        found
    })
}

/// Whether a value is one of many: what a server said, or as long.
fn is_text(key: Key, value: &str) -> bool {
    key == Key::Reply || value.len() > LONGEST
}

/// A question that is looked up without a copy of its value.
#[derive(Hash)]
struct Question<'a>(Asked<'a>);

impl hashbrown::Equivalent<(usize, Key, Box<str>)> for Question<'_> {
    fn equivalent(&self, known: &(usize, Key, Box<str>)) -> bool {
        (self.0.0, self.0.1, self.0.2) == (known.0, known.1, &*known.2)
    }
}

fn search(profile: &Profile, key: Key, value: &str) -> Option<usize> {
    let lower = value.trim().to_lowercase();
    if is_text(key, value) && !may_fit_any(&lower, profile, key) {
        return None;
    }
    let mut of_key = profile
        .whats
        .iter()
        .enumerate()
        .filter(|(_, (k, _, _))| *k == key);
    let found = of_key.find(|(_, (_, patterns, _))| {
        (!is_text(key, value) || may_fit(&lower, patterns)) && matches(&lower, patterns)
    });
    found.map(|(n, _)| n)
}

/// False if the value has none of the words that it would need.
fn may_fit(value: &str, patterns: &'static str) -> bool {
    let place = (patterns.as_ptr().addr(), patterns.len());
    WORDS.with_borrow_mut(|known| {
        let words = known
            .entry(place)
            .or_insert_with(|| finder([patterns].into_iter()));
        words.as_ref().is_none_or(|words| words.is_match(value))
    })
}

/// The same for all patterns of a key: most values have no word of any.
fn may_fit_any(value: &str, profile: &Profile, key: Key) -> bool {
    let place = (profile.whats.as_ptr().addr(), key);
    ALL.with_borrow_mut(|known| {
        let words = known.entry(place).or_insert_with(|| {
            let of_key = profile.whats.iter().filter(|(k, _, _)| *k == key);
            finder(of_key.map(|(_, patterns, _)| *patterns))
        });
        words.as_ref().is_none_or(|words| words.is_match(value))
    })
}

/// Finds the words of patterns; `None` if one of them has none.
fn finder(all: impl Iterator<Item = &'static str>) -> Option<AhoCorasick> {
    let longest = |p: &'static str| p.trim().split('*').max_by_key(|piece| piece.len());
    let words: Vec<&str> = all
        .flat_map(|patterns| patterns.split('|'))
        .map(|pattern| longest(pattern).filter(|word| !word.is_empty() && *word != "?"))
        .collect::<Option<_>>()?;
    AhoCorasick::new(words).ok()
}

/// Whether a value fits one of the patterns.
fn matches(value: &str, patterns: &str) -> bool {
    patterns.split('|').map(str::trim).any(|pattern| {
        if pattern == "?*" {
            return !value.is_empty();
        }
        let starts = pattern.strip_suffix('*');
        let ends = pattern.strip_prefix('*');
        match (starts, ends) {
            (Some(_), Some(rest)) => {
                let inner = rest.strip_suffix('*').unwrap_or(rest);
                in_order(value, inner)
            }
            (Some(start), None) => match start.split_once('*') {
                Some((a, b)) => {
                    value.starts_with(a) && in_order(value.get(a.len()..).unwrap_or(""), b)
                }
                None => value.starts_with(start),
            },
            (None, Some(end)) => value.ends_with(end),
            (None, None) => match pattern.split_once('*') {
                Some((a, b)) => value.starts_with(a) && value.ends_with(b),
                None => value == pattern,
            },
        }
    })
}

/// Whether the pieces of a pattern stand in the value one behind the other.
fn in_order(value: &str, pattern: &str) -> bool {
    let mut rest = value;
    pattern.split('*').all(|piece| match rest.find(piece) {
        Some(at) => {
            rest = rest.get(at + piece.len()..).unwrap_or("");
            true
        }
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::profiles::{OBJECTS, TABLES};

    #[test]
    fn i5_patterns_of_values() {
        for (value, patterns, expected) in [
            ("emailsbounced", "x|emailsbounced", true),
            ("suppress-bounce", "suppress-*", true),
            ("soft bounce", "soft*bounce*", true),
            ("marked as spam report", "*spam*report*", true),
            ("report of spam", "*spam*report*", false),
            ("rebounced", "*bounced", true),
            ("opt out", "opt*out*", true),
            ("", "?*", false),
            ("a", "?*", true),
            ("open", "opened|click*", false),
        ] {
            assert_eq!(matches(value, patterns), expected, "{value} {patterns}");
        }
    }

    /// The words leave out no value that a pattern fits.
    #[test]
    fn i5_values_that_fit_have_the_words_of_the_patterns() {
        for profile in TABLES.iter().chain(OBJECTS) {
            for (_, patterns, _) in profile.whats {
                for pattern in patterns.split('|').map(str::trim) {
                    let value = pattern.replace('*', " something else ").replace('?', "x");
                    assert_eq!(
                        matches(&value, pattern),
                        may_fit(&value, patterns),
                        "{pattern}"
                    );
                }
            }
        }
    }
}
