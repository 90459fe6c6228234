//! Finds many phrases in a text in one pass.
//!
//! An automaton (Aho-Corasick) waits at every byte for what the byte before led to, and
//! costs tens of milliseconds to build for the phrases of thirty languages. A mail holds
//! few of them: here some bytes at every place are looked up in a table of bits, which
//! is one step and waits for nothing, and phrases are compared only where it says yes.

mod lines;
mod tables;

pub use lines::Lines;

use std::ops::Range;
use tables::{Bits, Entry, Table, head_at, three};

/// So many bytes of a phrase are its head, which is compared at once.
const HEAD: usize = 8;
/// The shortest phrase that is not tiny.
const SHORTEST: usize = 3;
/// The bit in which a letter of ASCII differs from its capital, in every byte of a head.
const CASE: u64 = 0x2020_2020_2020_2020;

/// Phrases, ready to be looked for.
#[derive(Clone, Debug, Default)]
pub struct Phrases {
    /// Set in every byte if the case of ASCII letters does not matter.
    case: u64,
    /// What may stand in a phrase at one of its first places, so many bytes of it.
    filter: Bits,
    grams: usize,
    /// So many first places: of a text one place in as many is looked at.
    stride: usize,
    /// Phrases of at least [`HEAD`] bytes, by their heads.
    long: Table,
    /// Those of three bytes and more, by their first three.
    short: Table,
    /// Still shorter ones are looked for one by one: there are hardly any.
    tiny: Vec<usize>,
    phrases: Vec<Box<[u8]>>,
}

/// At how many places in a row a phrase may be seen, and how many bytes are looked at
/// there, if the shortest is so long.
fn stride(shortest: usize) -> (usize, usize) {
    let stride = match shortest {
        0..=4 => 1,
        5..=6 => 2,
        7..=9 => 3,
        _ => 4,
    };
    (stride, (shortest + 1 - stride).clamp(4, HEAD))
}

/// A phrase that stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its number: its place in the list, from 0.
    pub phrase: usize,
    /// Where it stands, in bytes.
    pub range: Range<usize>,
}

impl Phrases {
    /// Phrases that are found as they are written. An empty phrase is never found.
    pub fn new<P: AsRef<[u8]>>(phrases: impl IntoIterator<Item = P>) -> Phrases {
        Phrases::build(phrases, 0)
    }

    /// Phrases that are found whatever the case of their ASCII letters.
    pub fn ignoring_case<P: AsRef<[u8]>>(phrases: impl IntoIterator<Item = P>) -> Phrases {
        Phrases::build(phrases, CASE)
    }

    fn build<P: AsRef<[u8]>>(phrases: impl IntoIterator<Item = P>, case: u64) -> Phrases {
        let phrases: Vec<Box<[u8]>> = phrases.into_iter().map(|p| p.as_ref().into()).collect();
        let shortest = phrases.iter().map(|p| p.len()).filter(|len| *len > 2).min();
        let (stride, grams) = stride(shortest.unwrap_or_default());
        let mut filter = Bits::new(phrases.len() * stride, grams);
        let (mut long, mut short, mut tiny) = (Vec::new(), Vec::new(), Vec::new());
        for (number, phrase) in phrases.iter().enumerate() {
            let entry = Entry::new(number, phrase, case);
            match phrase.len() {
                0 => {}
                1 | 2 => tiny.push(number),
                3 => {
                    // The filter looks at four bytes then: any fourth one may follow.
                    let ends = 0..=u64::from(u8::MAX);
                    ends.for_each(|end| filter.set(entry.key | (end << 24) | (case & 0xff << 24)));
                    short.push((three(entry.key), entry));
                }
                len => {
                    (0..stride).for_each(|at| filter.set(head_at(phrase, at) | case));
                    if len < HEAD {
                        short.push((three(entry.key), entry));
                    } else {
                        long.push((entry.key, entry));
                    }
                }
            }
        }
        Phrases {
            case,
            filter,
            grams,
            stride,
            long: Table::of(long),
            short: Table::of(short),
            tiny,
            phrases,
        }
    }

    /// True if any of the phrases stands in the text.
    pub fn stand_in(&self, text: &str) -> bool {
        let text = text.as_bytes();
        !self.walk(text, |_, _| false) || self.tiny_ones(text).next().is_some()
    }

    /// The phrase that begins first; of those that begin there, the one listed first.
    pub fn first(&self, text: &str) -> Option<Found> {
        self.first_from(text, 0)
    }

    /// Of the phrases that the text begins with, the one listed first.
    pub fn at_start(&self, text: &str) -> Option<Found> {
        let text = text.as_bytes();
        let head = head_at(text, 0) | self.case;
        let mut first: Option<usize> = None;
        if self.filter.has(head) {
            self.at(text, 0, head, &mut |phrase| {
                first = Some(first.map_or(phrase, |f| f.min(phrase)));
                true
            });
        }
        let mut tiny = self.tiny.iter().copied().filter(|p| self.begins(*p, text));
        let first = first.into_iter().chain(tiny.next()).min();
        first.map(|phrase| self.found(phrase, 0))
    }

    /// Phrases from the left to the right, as [`first`](Phrases::first) has them, none
    /// that overlaps one before it.
    pub fn apart<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Found> + 'a {
        let mut from = 0;
        std::iter::from_fn(move || {
            let found = self.first_from(text, from)?;
            from = found.range.end;
            Some(found)
        })
    }

    /// Every phrase at every place, overlapping or not, in no order.
    pub fn each(&self, text: &str, mut each: impl FnMut(Found)) {
        let text = text.as_bytes();
        self.walk(text, |start, phrase| {
            each(self.found(phrase, start));
            true
        });
        self.tiny_ones(text)
            .for_each(|(start, phrase)| each(self.found(phrase, start)));
    }

    fn first_from(&self, text: &str, from: usize) -> Option<Found> {
        let mut first: Option<(usize, usize)> = None;
        let rest = text.as_bytes().get(from..)?;
        self.walk(rest, |start, phrase| {
            let here = first.is_none_or(|(at, _)| at == start);
            if here {
                first = Some(first.map_or((start, phrase), |f| f.min((start, phrase))));
            }
            here
        });
        let (start, phrase) = first.into_iter().chain(self.tiny_ones(rest)).min()?;
        Some(self.found(phrase, from + start))
    }

    fn found(&self, phrase: usize, start: usize) -> Found {
        let len = self.phrases.get(phrase).map_or(0, |p| p.len());
        Found {
            phrase,
            range: start..start + len,
        }
    }

    /// Calls `each` with every phrase that is not tiny, from the left to the right, until
    /// it says no more; false if it did.
    fn walk(&self, text: &[u8], mut each: impl FnMut(usize, usize) -> bool) -> bool {
        let mut look = |end: usize, head: u64| {
            // The places before this one that were left out may begin a phrase, too.
            let mut places = (end + 1).saturating_sub(self.stride)..=end;
            !self.filter.has(head)
                || places.all(|at| {
                    let head = head_at(text, at) | self.case;
                    self.at(text, at, head, &mut |phrase| each(at, phrase))
                })
        };
        let stride = self.stride.max(1);
        let (mut at, mut rest) = (0, text);
        while let Some(bytes) = rest.first_chunk() {
            if !look(at, u64::from_le_bytes(*bytes) | self.case) {
                return false;
            }
            rest = rest.get(stride..).unwrap_or_default();
            at += stride;
        }
        // Behind the last place there is no room for what is looked at.
        let room = if stride > 1 { self.grams } else { SHORTEST };
        let end = (text.len() + 1).saturating_sub(room);
        let mut ends = (at..end).step_by(stride);
        ends.all(|at| look(at, head_at(text, at) | self.case))
    }

    /// Where tiny phrases begin, and which.
    fn tiny_ones<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = (usize, usize)> + 'a {
        self.tiny.iter().flat_map(move |number| {
            let first = self.phrases.get(*number).and_then(|p| p.first());
            let first = first.copied().unwrap_or_default();
            let (low, high) = match self.case {
                0 => (first, first),
                _ => (first.to_ascii_lowercase(), first.to_ascii_uppercase()),
            };
            let places = memchr::memchr2_iter(low, high, text);
            let begins = |at: &usize| self.begins(*number, text.get(*at..).unwrap_or_default());
            places.filter(begins).map(|at| (at, *number))
        })
    }

    /// Calls `each` with the phrases that begin at `at`, where `head` stands.
    fn at(&self, text: &[u8], at: usize, head: u64, each: &mut impl FnMut(usize) -> bool) -> bool {
        let rest = text.get(at..).unwrap_or_default();
        let tables = [self.long.of_key(head), self.short.of_key(three(head))];
        let mut entries = tables.into_iter().flatten().filter(|e| e.fits(head));
        entries.all(|entry| {
            let number = entry.phrase as usize;
            !self.begins(number, rest) || each(number)
        })
    }

    fn begins(&self, phrase: usize, rest: &[u8]) -> bool {
        let Some(phrase) = self.phrases.get(phrase) else {
            return false;
        };
        rest.get(..phrase.len())
            .is_some_and(|there| match self.case {
                0 => *there == **phrase,
                _ => there.eq_ignore_ascii_case(phrase),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aho_corasick::{AhoCorasick, MatchKind};
    use proptest::prelude::*;

    fn all(phrases: &Phrases, text: &str) -> Vec<(usize, Range<usize>)> {
        let mut out = Vec::new();
        phrases.each(text, |f| out.push((f.phrase, f.range)));
        out.sort_by_key(|(phrase, range)| (range.start, *phrase));
        out
    }

    #[test]
    fn c2_phrases_of_every_length() {
        let list = [
            "",
            "a",
            "of",
            "the",
            "mail",
            "mailbox",
            "mailbox full",
            "\u{5b9b}\u{5148}",
        ];
        let phrases = Phrases::ignoring_case(list);
        for (text, want) in [
            ("", vec![]),
            ("The", vec![(3, 0..3)]),
            ("th", vec![]),
            ("MAIL", vec![(1, 1..2), (4, 0..4)]),
            ("of\u{5b9b}\u{5148}", vec![(2, 0..2), (7, 2..8)]),
            (
                "mailbox full",
                vec![(1, 1..2), (4, 0..4), (5, 0..7), (6, 0..12)],
            ),
        ] {
            let mut got = all(&phrases, text);
            got.sort_by_key(|(phrase, _)| *phrase);
            assert_eq!(got, want, "{text}");
        }
        assert!(!Phrases::new(list).stand_in("THE MIL"));
        assert_eq!(phrases.at_start("Mailbox").map(|f| f.phrase), Some(4));
        assert_eq!(phrases.at_start("my mailbox"), None);
    }

    #[test]
    fn c2_no_phrases_no_finds() {
        assert!(!Phrases::default().stand_in("anything at all"));
        assert!(!Phrases::new([""; 3]).stand_in("anything at all"));
    }

    proptest! {
        /// The automaton that everybody trusts finds the same.
        #[test]
        fn c2_phrases_are_found_as_an_automaton_finds_them(
            list in prop_oneof![
                prop::collection::vec("[a-cA-C]{1,4}[a-d \u{e9}]{0,9}", 1..40),
                prop::collection::vec("[abA]{5,8}", 1..20),
                prop::collection::vec("[abA]{7,10}", 1..20),
                prop::collection::vec("[aA]{5}[ab]{5,8}", 1..20),
            ],
            text in prop_oneof!["[a-cA-C \u{e9}]{0,60}", "[abA]{0,60}", "[aA]{0,5}[ab]{0,9}"],
            any_case: bool,
        ) {
            let mut automaton = AhoCorasick::builder();
            automaton.ascii_case_insensitive(any_case);
            let overlapping = automaton.build(&list).unwrap();
            let apart = automaton.match_kind(MatchKind::LeftmostFirst).build(&list).unwrap();
            let phrases = if any_case {
                Phrases::ignoring_case(&list)
            } else {
                Phrases::new(&list)
            };
            let mut want: Vec<(usize, Range<usize>)> = overlapping
                .find_overlapping_iter(&text)
                .map(|m| (m.pattern().as_usize(), m.range()))
                .collect();
            want.sort_by_key(|(phrase, range)| (range.start, *phrase));
            prop_assert_eq!(all(&phrases, &text), want);
            let want: Vec<(usize, Range<usize>)> =
                apart.find_iter(&text).map(|m| (m.pattern().as_usize(), m.range())).collect();
            let got: Vec<(usize, Range<usize>)> =
                phrases.apart(&text).map(|f| (f.phrase, f.range)).collect();
            prop_assert_eq!(got, want);
            prop_assert_eq!(phrases.stand_in(&text), overlapping.is_match(&text));
            prop_assert_eq!(phrases.first(&text), phrases.apart(&text).next());
            let start = phrases.at_start(&text).map(|f| f.phrase);
            let first = phrases.first(&text).filter(|f| f.range.start == 0);
            prop_assert_eq!(start, first.map(|f| f.phrase));
        }
    }
}
