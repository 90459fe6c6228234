//! Days without a month, counted from the day of the reply.

use super::gap::is_filler;
use super::names::{self, Name};
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// Where people are back: "in the office on Monday", "at my desk next Monday".
const PLACES: &[&str] = &[
    "in",
    "at",
    "to",
    "office",
    "work",
    "my",
    "our",
    "desk",
    "again",
    "online",
    "from",
    "buro",
    "im",
    "wieder",
    "au",
    "bureau",
    "oficina",
    "en",
    "escritorio",
    "no",
    "ufficio",
    "kantoor",
    "op",
    "het",
];

/// The day that the first word names, filling words and places aside: "tomorrow",
/// "monday", "monday 9th", "the 9th", "in the office on monday".
pub fn named_day(rest: &str, sent: Date) -> Option<Date> {
    let sentence = rest.split(['!', '?', '\n', '。']).next()?;
    let passed = |w: &Said<'_>| is_filler(w.text) || PLACES.contains(&w.text);
    let mut words = words(sentence).skip_while(|w| passed(w) && names::get(w.text).is_none());
    let first = words.next()?;
    match names::get(first.text) {
        Some(Name::Tomorrow) => sent.tomorrow().ok(),
        Some(Name::Weekday(n)) => {
            let weekday = Weekday::from_monday_one_offset(n).ok()?;
            let next = words.find(|w| !is_filler(w.text));
            match next.filter(|w| w.number.is_some()) {
                Some(day) if !day.is_hour(sentence) => {
                    day_of_month(&day, words.next(), Some(weekday), sent)
                }
                _ => sent.nth_weekday(1, weekday).ok(),
            }
        }
        None => day_of_month(&first, words.next(), None, sent),
        Some(Name::Month(_)) => None,
    }
}

/// The day that the last word names: "monday", "tomorrow".
pub fn last_named_day(before: &str, sent: Date) -> Option<Date> {
    let last = before.trim_end().rsplit(|c: char| !c.is_alphanumeric());
    match last.into_iter().next().and_then(names::get)? {
        Name::Tomorrow => sent.tomorrow().ok(),
        Name::Weekday(n) => {
            let weekday = Weekday::from_monday_one_offset(n).ok()?;
            sent.nth_weekday(1, weekday).ok()
        }
        Name::Month(_) => None,
    }
}

/// The next such day of a month. Without a weekday to check it must be an ordinal.
fn day_of_month(
    day: &Said<'_>,
    next: Option<Said<'_>>,
    weekday: Option<Weekday>,
    sent: Date,
) -> Option<Date> {
    let number = day.number?;
    let ordinal = matches!(day.ending(), "st" | "nd" | "rd" | "th");
    let more =
        |w: Said<'_>| w.number.is_some() || matches!(names::get(w.text), Some(Name::Month(_)));
    let plain = day.ending().is_empty() && weekday.is_some();
    if !(ordinal || plain) || next.is_some_and(more) {
        return None;
    }
    sent.series(1.day())
        .take(62)
        .filter(|d| d.day() == number)
        .find(|d| weekday.is_none_or(|w| d.weekday() == w))
}

/// A word, and the number that it begins with.
struct Said<'t> {
    text: &'t str,
    number: Option<i8>,
}

impl<'t> Said<'t> {
    /// "9 am", "9:00", "9 Uhr", "9h30" in the sentence that the word is of.
    fn is_hour(&self, sentence: &str) -> bool {
        const HOURS: &[&str] = &["am", "pm", "a.m", "p.m", "h", "uhr", "hrs", ":", "o'clock"];
        let rest = sentence.split_once(self.text).map_or("", |(_, rest)| rest);
        let behind = format!("{}{rest}", self.ending());
        HOURS.iter().any(|h| behind.trim_start().starts_with(h))
    }

    fn ending(&self) -> &'t str {
        self.text.trim_start_matches(|c: char| c.is_ascii_digit())
    }
}

fn words(text: &str) -> impl Iterator<Item = Said<'_>> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.filter(|w| !w.is_empty()).map(|text| {
        let digits = text
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(text.len());
        let number = text.get(..digits).and_then(|d| d.parse().ok());
        Said { text, number }
    })
}
