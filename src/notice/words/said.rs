//! What a line or a text speaks of: all that is asked of it, answered in one pass.

use super::spellings;
use crate::phrases::Phrases;
use std::sync::LazyLock;

/// What a line speaks of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Said(u8);

impl Said {
    const FAILURE: u8 = 1;
    const SUCCESS: u8 = 2;
    const CAUSE: u8 = 4;
    const LIST: u8 = 8;
    const CONTACT: u8 = 16;
    const DELAY: u8 = 32;
    /// What is looked for in the text as written; the rest is, in lower case.
    const AS_WRITTEN: u8 = Said::FAILURE | Said::DELAY | Said::SUCCESS;

    /// Reads a line: the same as the questions of this room one by one, in one pass.
    pub fn in_line(text: &str) -> Said {
        let all = said_in(text);
        if text.is_ascii() {
            return Said(all);
        }
        let lower = said_in(&text.to_lowercase());
        Said(all & Said::AS_WRITTEN | lower & !Said::AS_WRITTEN)
    }

    const fn has(self, what: u8) -> bool {
        self.0 & what != 0
    }

    /// True if a mail was not delivered (yet), or the cause of that is named.
    pub const fn tells_failure(self) -> bool {
        self.has(Said::FAILURE | Said::DELAY | Said::CAUSE)
    }

    /// True if a mail was delivered.
    pub const fn says_success(self) -> bool {
        self.has(Said::SUCCESS)
    }

    /// True if it speaks of recipients, as a line that introduces a list does.
    pub const fn speaks_of_list(self) -> bool {
        self.has(Said::LIST)
    }

    /// True if the line, which is `text`, says whom to ask for help.
    pub fn asks_contact(self, text: &str) -> bool {
        let begins = |label: &str| {
            let head = text.get(..label.len());
            head.is_some_and(|h| h.eq_ignore_ascii_case(label))
        };
        // Exchange's receipt: "… but no delivery notification was sent by the destination server:".
        let receipt = || text.to_lowercase().contains("notification was sent by");
        begins("from:") || begins("sender:") || self.has(Said::CONTACT) && !receipt()
    }
}

fn said_in(text: &str) -> u8 {
    let (phrases, bits) = &*SAID;
    let mut said = 0;
    phrases.each(text, |f| {
        said |= bits.get(f.phrase).copied().unwrap_or_default()
    });
    said
}

/// All phrases that lines are asked for, and what each of them says.
static SAID: LazyLock<(Phrases, Vec<u8>)> = LazyLock::new(|| {
    let sets = [
        ("failure", Said::FAILURE),
        ("delay", Said::DELAY),
        ("success", Said::SUCCESS),
        ("cause-word", Said::CAUSE),
        ("list-head", Said::LIST),
        ("contact", Said::CONTACT),
    ];
    let all = sets
        .into_iter()
        .flat_map(|(name, bit)| spellings(name).into_iter().map(move |p| (p, bit)));
    let (phrases, bits): (Vec<String>, Vec<u8>) = all.unzip();
    (Phrases::ignoring_case(phrases), bits)
});

/// What a text tells of, and what of it first.
#[derive(Default)]
pub(super) struct Told {
    pub delay: bool,
    failure: Option<usize>,
    success: Option<usize>,
}

impl Told {
    pub fn in_text(text: &str) -> Told {
        let (phrases, bits) = &*SAID;
        let mut told = Told::default();
        phrases.each(text, |found| {
            let first = |seen: Option<usize>| {
                let at = found.range.start;
                Some(seen.map_or(at, |s| s.min(at)))
            };
            match bits.get(found.phrase).copied().unwrap_or_default() {
                Said::DELAY => told.delay = true,
                Said::FAILURE => told.failure = first(told.failure),
                Said::SUCCESS => told.success = first(told.success),
                _ => {}
            }
        });
        told
    }

    /// True if it says that a mail was delivered before it speaks of any failure: what
    /// went wrong on the way does not matter then.
    pub fn success_first(&self) -> bool {
        match (self.success, self.failure) {
            (Some(success), Some(failure)) => success < failure,
            (success, _) => success.is_some(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{
        LIST_HEAD, PHRASES, asks_contact, has_lower, names_cause, says_failure, says_success,
    };
    use super::*;

    #[test]
    fn i3_one_pass_says_the_same() {
        for phrase in PHRASES.lines().filter_map(|l| l.split_once('\t')) {
            for text in [
                phrase.1.to_owned(),
                format!("\u{c9}{}", phrase.1.to_uppercase()),
            ] {
                let said = Said::in_line(&text);
                let failure = says_failure(&text) || names_cause(&text);
                assert_eq!(said.tells_failure(), failure, "{text}");
                assert_eq!(said.says_success(), says_success(&text), "{text}");
                assert_eq!(
                    said.speaks_of_list(),
                    has_lower(&LIST_HEAD, &text),
                    "{text}"
                );
            }
            assert!(
                phrase.0 != "contact" || asks_contact(phrase.1),
                "{}",
                phrase.1
            );
        }
    }
}
