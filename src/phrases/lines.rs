//! What was found in a line before.
//!
//! Systems write the same sentences around every address that fails. What is a function
//! of a line alone is remembered for lines that came twice; those that name somebody come
//! once, and push nothing out.

use hashbrown::DefaultHashBuilder;
use std::hash::BuildHasher;

/// So many lines are remembered; a power of two.
const SLOTS: usize = 2048;
/// Longer lines are not remembered, in bytes.
const LONGEST: usize = 240;

/// What is known of lines: at most half a megabyte.
#[derive(Debug)]
pub struct Lines<T> {
    slots: Vec<Slot<T>>,
    hasher: DefaultHashBuilder,
}

#[derive(Clone, Debug, Default)]
struct Slot<T> {
    line: String,
    value: Option<T>,
    /// The hash of the last other line that would belong here.
    other: u64,
}

impl<T: Copy> Lines<T> {
    /// Nothing is known yet.
    pub fn new() -> Self {
        Lines {
            slots: Vec::new(),
            hasher: DefaultHashBuilder::default(),
        }
    }

    /// The same for every line of a text, one after the other.
    pub fn each(&mut self, text: &str, read: fn(&str) -> T, mut each: impl FnMut(T)) {
        let mut rest = text;
        while !rest.is_empty() {
            let end = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
            each(self.get(rest.get(..end).unwrap_or_default(), read));
            rest = rest.get(end + 1..).unwrap_or_default();
        }
    }

    /// What is known of a line, else what `read` makes of it, which must depend on nothing
    /// else.
    pub fn get(&mut self, line: &str, read: impl FnOnce(&str) -> T) -> T {
        if line.len() > LONGEST {
            return read(line);
        }
        if self.slots.is_empty() {
            let empty = || Slot {
                line: String::new(),
                value: None,
                other: 0,
            };
            self.slots.resize_with(SLOTS, empty);
        }
        let hash = self.hasher.hash_one(line);
        let place = usize::try_from(hash % SLOTS as u64).unwrap_or_default();
        let Some(slot) = self.slots.get_mut(place) else {
            return read(line);
        };
        if let Some(value) = slot.value.filter(|_| slot.line == line) {
            return value;
        }
        let value = read(line);
        if std::mem::replace(&mut slot.other, hash) == hash {
            slot.line.clear();
            slot.line.push_str(line);
            slot.value = Some(value);
        }
        value
    }
}

impl<T: Copy> Default for Lines<T> {
    fn default() -> Self {
        Lines::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c2_what_is_remembered_of_a_line_is_what_was_read() {
        let mut known = Lines::new();
        let mut read = 0;
        for round in 0..4 {
            for line in ["", "a", "b", "the mailbox is full"] {
                let got = known.get(line, |line| {
                    read += 1;
                    line.len()
                });
                assert_eq!(got, line.len(), "{round} {line}");
            }
        }
        assert_eq!(read, 8, "twice for each line");
    }

    #[test]
    fn c2_lines_that_come_once_push_nothing_out() {
        let mut known = Lines::new();
        let hot: Vec<String> = (0..40).map(|n| format!("sentence {n}")).collect();
        for line in hot.iter().chain(&hot) {
            known.get(line, |line| line.len());
        }
        for n in 0..100_000 {
            known.get(&format!("<u{n}@example.com>"), |line| line.len());
        }
        let mut again = 0;
        for line in &hot {
            known.get(line, |line| {
                again += 1;
                line.len()
            });
        }
        // Two of them may have met in one place.
        assert!(again < 8, "{again}");
    }

    #[test]
    fn c2_long_lines_are_read_anew() {
        let mut known = Lines::new();
        let line = "x".repeat(LONGEST + 1);
        for n in 0..3 {
            assert_eq!(known.get(&line, |_| n), n);
        }
    }
}
