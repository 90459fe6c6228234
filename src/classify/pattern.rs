//! The language of a rule's text: phrases on [`Words`].
//!
//! ```text
//! mailbox full                 these words, one after the other, at word borders
//! mailbox|inbox is? full       alternatives for one word; a word that may be missing
//! quota exce* now              a star at the end of a word: any word that starts so
//! mailbox * full               a gap of any words, up to 80 characters, not into another reply
//! ^user unknown$               the text (after its codes) starts, ends here
//! no mailbox || kein postfach  either phrase
//! re:(?:spf|dkim) .{0,9}fail   a regular expression (the exception) on the words
//! ```
//!
//! A phrase is written as people write it: it is made canonical by the same code
//! as the reply, so `doesn't`, `Über-Quota` and `{addr}` may stand in it.

use super::words::Words;
use crate::code::{Enhanced, smtp_code};
use crate::normalise::normalise;
use std::ops::Range;

/// Longest gap that a free-standing `*` spans, in bytes.
const GAP: usize = 80;
/// A phrase with more combinations of alternatives than this is refused.
const MAX_VARIANTS: usize = 256;

/// One phrase without alternatives: literals with gaps between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    segments: Vec<Segment>,
    at_start: bool,
    at_end: bool,
}

/// Words that stand together.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Segment {
    text: String,
    /// The last word may go on.
    open: bool,
    /// Stands right behind the segment before, without a gap.
    adjacent: bool,
}

impl Phrase {
    /// Every phrase that a rule's text stands for; `Err` says what is wrong with it.
    pub fn parse_all(text: &str) -> Result<Vec<Phrase>, String> {
        let mut out = Vec::new();
        for one in text.split(" || ") {
            let one = one.trim();
            each_variant(one, |words| {
                out.push(Phrase::build(one, words)?);
                Ok(())
            })?;
        }
        Ok(out)
    }

    fn build(written: &str, words: &[&str]) -> Result<Phrase, String> {
        let mut segments: Vec<Segment> = Vec::with_capacity(1);
        let (mut joined, mut adjacent) = (String::new(), false);
        for word in words {
            let open = joined.ends_with('*');
            if *word == "*" || open {
                segments.push(Segment::new(&joined, adjacent));
                joined.clear();
                adjacent = *word != "*";
            }
            if *word != "*" {
                if !joined.is_empty() {
                    joined.push(' ');
                }
                joined.push_str(word);
            }
        }
        segments.push(Segment::new(&joined, adjacent));
        if segments.iter().any(|s| s.text.is_empty()) {
            return Err(format!("`{written}` has a gap without words beside it"));
        }
        let phrase = Phrase {
            segments,
            at_start: written.starts_with('^'),
            at_end: written.ends_with('$'),
        };
        let literal = phrase.literal();
        if literal.len() < 3 {
            return Err(format!("`{written}` is too short"));
        }
        if literal.split(' ').all(|w| w.starts_with('{')) {
            return Err(format!(
                "`{written}` would match any reply that names an address"
            ));
        }
        Ok(phrase)
    }

    /// The longest literal: no text without it can match.
    pub fn literal(&self) -> &str {
        let longest = self.segments.iter().max_by_key(|s| s.text.len());
        longest.map_or("", |s| s.text.as_str())
    }

    /// A text that the phrase matches, with a word in every gap.
    #[cfg(test)]
    pub fn sample(&self) -> String {
        let mut out = String::new();
        for segment in &self.segments {
            match (out.is_empty(), segment.adjacent) {
                (true, _) => {}
                (false, true) => out.push(' '),
                (false, false) => out.push_str(" x "),
            }
            out.push_str(&segment.text);
        }
        out
    }

    /// Where the phrase stands in the words; `body` is where the text begins after its
    /// codes, `literal` where the [`literal`](Phrase::literal) stands first (0 will do).
    pub fn find(&self, words: &Words, body: usize, literal: usize) -> Option<Range<usize>> {
        let (first, rest) = self.segments.split_first()?;
        let mut from = match (self.at_start, rest) {
            (true, _) => body,
            (false, []) => literal,
            (false, _) => 0,
        };
        while let Some(found) = first.find(words, from, None) {
            if self.at_start && found.start != body {
                return None;
            }
            if let Some(end) = self.follow(rest, words, found.end) {
                return Some(found.start..end);
            }
            from = next_char(words.as_str(), found.start);
        }
        None
    }

    /// The end of the match whose first segments end at `from`.
    fn follow(&self, rest: &[Segment], words: &Words, from: usize) -> Option<usize> {
        let Some((next, rest)) = rest.split_first() else {
            return (!self.at_end || from == words.as_str().len()).then_some(from);
        };
        let mut at = from;
        let until = from + if next.adjacent { 1 } else { GAP };
        while let Some(found) = next.find(words, at, Some(until)) {
            if begins_reply(words.as_str().get(from..found.start).unwrap_or("")) {
                return None;
            }
            if let Some(end) = self.follow(rest, words, found.end) {
                return Some(end);
            }
            at = next_char(words.as_str(), found.start);
        }
        None
    }
}

impl Segment {
    fn new(joined: &str, adjacent: bool) -> Segment {
        let open = joined.ends_with('*');
        let written = joined.trim_matches(['*', '^', '$']);
        let text = if is_canonical(written) {
            written.to_owned()
        } else {
            Words::new(&normalise(written)).as_str().to_owned()
        };
        Segment {
            text,
            open,
            adjacent,
        }
    }

    /// The first place at or after `from`, starting at `until` at the latest.
    fn find(&self, words: &Words, mut from: usize, until: Option<usize>) -> Option<Range<usize>> {
        let text = words.as_str();
        loop {
            let rest = text.get(from..)?;
            let start = if rest.starts_with(&self.text) {
                from
            } else {
                from + memchr::memmem::find(rest.as_bytes(), self.text.as_bytes())?
            };
            if until.is_some_and(|u| start > u) {
                return None;
            }
            let end = start + self.text.len();
            if words.is_border(start) && (self.open || words.is_border(end)) {
                return Some(start..if self.open { word_end(text, end) } else { end });
            }
            from = next_char(text, start);
        }
    }
}

/// True for plain lower-case words: most phrases are their own canonical words, and
/// need not be made so.
fn is_canonical(text: &str) -> bool {
    let plain =
        |word: &str| matches!(word.len(), 1..=20) && word.bytes().all(|b| b.is_ascii_lowercase());
    text.split(' ').all(plain)
}

/// A status code or `said` begins another reply: words before and after it are not
/// one phrase.
fn begins_reply(gap: &str) -> bool {
    gap.split(' ').any(|w| {
        w == "said"
            || (w.starts_with(['4', '5'])
                && (smtp_code(w.as_bytes()).is_some() || w.parse::<Enhanced>().is_ok()))
    })
}

fn word_end(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or("");
    from + rest.find(' ').unwrap_or(rest.len())
}

fn next_char(text: &str, i: usize) -> usize {
    let rest = text.get(i..).unwrap_or("");
    i + rest.chars().next().map_or(1, char::len_utf8)
}

/// Hands the combinations of alternatives of a phrase, as words, to `each`.
fn each_variant<'p>(
    phrase: &'p str,
    mut each: impl FnMut(&[&'p str]) -> Result<(), String>,
) -> Result<(), String> {
    let mut places: Vec<Vec<Option<&str>>> = Vec::new();
    let mut count = 1;
    for word in phrase.split_whitespace() {
        let choices = choices(word);
        count *= choices.len();
        if count > MAX_VARIANTS {
            return Err(format!("`{phrase}` has too many alternatives"));
        }
        places.push(choices);
    }
    let mut words = Vec::with_capacity(places.len());
    for number in 0..count {
        words.clear();
        let mut left = count;
        for choices in &places {
            left /= choices.len();
            words.extend(
                choices
                    .get(number / left % choices.len())
                    .copied()
                    .flatten(),
            );
        }
        each(&words)?;
    }
    Ok(())
}

/// The alternatives of one word; `None` where it may be missing.
fn choices(word: &str) -> Vec<Option<&str>> {
    let (word, optional) = match word.strip_suffix('?') {
        Some(w) if !w.is_empty() => (w, true),
        _ => (word, false),
    };
    let missing = optional.then_some(None);
    let written = word.split('|').filter(|c| !c.is_empty()).map(Some);
    missing.into_iter().chain(written).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matched(pattern: &str, text: &str) -> Option<String> {
        let canonical = normalise(text);
        let words = Words::new(&canonical);
        let phrases = Phrase::parse_all(pattern).unwrap();
        let hit = phrases.iter().find_map(|p| p.find(&words, 0, 0))?;
        Some(words.as_str()[hit].to_owned())
    }

    #[test]
    fn c2_rule_language() {
        for (pattern, text, want) in [
            ("mailbox full", "The Mailbox-Full!", Some("mailbox full")),
            ("mailbox full", "mailbox fuller", None),
            ("mailbox full", "themailbox full", None),
            (
                "mailbox|inbox is? full",
                "your inbox full",
                Some("inbox full"),
            ),
            (
                "mailbox|inbox is? full",
                "the mailbox is full",
                Some("mailbox is full"),
            ),
            ("quota exce*", "quota exceeded now", Some("quota exceeded")),
            (
                "quota exce* now",
                "quota exceeded now",
                Some("quota exceeded now"),
            ),
            ("quota exce* now", "quota exceeded right now", None),
            (
                "user * unknown",
                "user x@example.com is unknown",
                Some("user {addr} is unknown"),
            ),
            ("user * unknown", "user unknown", Some("user unknown")),
            ("user * unknown", "user x said: 550 y unknown", None),
            (
                "user * exist * server",
                "user not exist user exist on server",
                Some("user not exist user exist on server"),
            ),
            (
                "no|kein mailbox || postfach voll",
                "Postfach voll",
                Some("postfach voll"),
            ),
            ("^user unknown$", "user unknown", Some("user unknown")),
            ("^user unknown$", "the user unknown", None),
            ("^user unknown$", "user unknown here", None),
            (
                "doesn't exist",
                "it doesn\u{2019}t exist",
                Some("doesnt exist"),
            ),
            (
                "\u{5b58}\u{5728}\u{3057}",
                "\u{306f}\u{5b58}\u{5728}\u{3057}\u{307e}",
                Some("\u{5b58}\u{5728}\u{3057}"),
            ),
        ] {
            assert_eq!(
                matched(pattern, text).as_deref(),
                want,
                "{pattern} on {text}"
            );
        }
    }

    #[test]
    fn c2_plain_words_are_canonical() {
        for (text, want) in [
            ("mailbox full", true),
            ("mailbox  full", false),
            ("Mailbox full", false),
            ("no. such user", false),
            ("x 550", false),
            ("", false),
        ] {
            assert_eq!(is_canonical(text), want, "{text}");
            if want {
                assert_eq!(Words::new(&normalise(text)).as_str(), text);
            }
        }
    }

    #[test]
    fn c2_gaps_are_bounded() {
        let far = format!("user {} unknown", "x ".repeat(60));
        assert_eq!(matched("user * unknown", &far), None);
    }

    #[test]
    fn c2_bad_phrases_are_refused() {
        for pattern in [
            "* full",
            "a",
            "mailbox *  * full",
            "",
            "a|b|c|d|e|f a|b|c|d|e|f a|b|c|d|e|f a|b|c|d|e|f",
        ] {
            assert!(Phrase::parse_all(pattern).is_err(), "{pattern}");
        }
    }
}
