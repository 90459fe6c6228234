//! What a line or a text speaks of: all that is asked of it, answered in one pass.

use super::spellings;
use crate::phrases::{Lines, Phrases};
use std::cell::RefCell;
use std::sync::LazyLock;

thread_local! {
    static KNOWN: RefCell<Lines<Said>> = RefCell::default();
}

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
    pub fn in_line(line: &str) -> Said {
        KNOWN.with_borrow_mut(|known| known.get(line, Said::read))
    }

    /// Reads a text, line by line: no phrase goes over the end of a line.
    pub fn in_text(text: &str) -> Said {
        let mut all = Said::default();
        KNOWN.with_borrow_mut(|known| known.each(text, Said::read, |said| all.0 |= said.0));
        all
    }

    fn read(line: &str) -> Said {
        let all = said_in(line);
        if line.is_ascii() {
            return Said(all);
        }
        let lower = said_in(&line.to_lowercase());
        Said(all & Said::AS_WRITTEN | lower & !Said::AS_WRITTEN)
    }

    const fn has(self, what: u8) -> bool {
        self.0 & what != 0
    }

    /// True if a mail was not delivered (yet), or the cause of that is named.
    pub const fn tells_failure(self) -> bool {
        self.has(Said::FAILURE | Said::DELAY | Said::CAUSE)
    }

    /// True if a mail was not delivered (yet).
    pub const fn says_failure(self) -> bool {
        self.has(Said::FAILURE | Said::DELAY)
    }

    /// True if a mail was not delivered; that it is late is not enough.
    pub const fn says_failed(self) -> bool {
        self.has(Said::FAILURE)
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
    success_first: bool,
}

impl Told {
    /// Reads lines in their order.
    pub fn in_lines<'t>(lines: impl Iterator<Item = &'t str>) -> Told {
        let mut told = Told::default();
        let mut open = true;
        for line in lines {
            let said = Said::in_line(line);
            told.delay |= said.has(Said::DELAY);
            if open && said.has(Said::FAILURE | Said::SUCCESS) {
                told.success_first = match said.has(Said::FAILURE) {
                    true => said.has(Said::SUCCESS) && success_first(line),
                    false => true,
                };
                open = false;
            }
        }
        told
    }

    /// True if it says that a mail was delivered before it speaks of any failure: what
    /// went wrong on the way does not matter then.
    pub const fn success_first(&self) -> bool {
        self.success_first
    }
}

/// The same of a line that speaks of both.
fn success_first(line: &str) -> bool {
    let (phrases, bits) = &*SAID;
    let (mut success, mut failure) = (usize::MAX, usize::MAX);
    phrases.each(line, |found| {
        let at = found.range.start;
        match bits.get(found.phrase).copied().unwrap_or_default() {
            Said::FAILURE => failure = failure.min(at),
            Said::SUCCESS => success = success.min(at),
            _ => {}
        }
    });
    success < failure
}

#[cfg(test)]
mod tests {
    use super::super::{
        LIST_HEAD, PHRASES, asks_contact, finder, has_lower, names_cause, says_success,
    };
    use super::*;

    #[test]
    fn i3_one_pass_says_the_same() {
        let (fails, delays) = (finder("failure"), finder("delay"));
        for phrase in PHRASES.lines().filter_map(|l| l.split_once('\t')) {
            for text in [
                phrase.1.to_owned(),
                format!("\u{c9}{}", phrase.1.to_uppercase()),
            ] {
                let said = Said::in_line(&text);
                let (failed, late) = (fails.stand_in(&text), delays.stand_in(&text));
                let failure = failed || late || names_cause(&text);
                assert_eq!(said.tells_failure(), failure, "{text}");
                let lines = Said::in_text(&format!("so:\n{text}\n\nx"));
                assert_eq!(lines.says_failed(), failed, "{text}");
                assert_eq!(lines.says_failure(), failed || late, "{text}");
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
