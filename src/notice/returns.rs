//! The first day back, read from an automatic reply (C8, I9).
//!
//! A date counts only beside a cue: "until", "back on", "through". Of all pairs the
//! nearest is taken for each date; a cue that names the first day back beats one that
//! names the end of the absence. Decided:
//!
//! * "until 3 March" in any language is the first day back, as `interface.md` of the
//!   events has it (`returns_on`), also where people usually mean the last day away
//!   ("bis 3.3.", "do 3 marca"): one day early is a smaller harm than one day late.
//! * Where the word itself includes the day, the next day is taken: "through",
//!   "t/m", "t.o.m.", "bis einschließlich", "по", まで and 까지 with a holiday.
//! * 9/8/2026 is refused, unless the cue is of a language that puts the day first
//!   (or the month, as Japanese, Chinese, Korean do), another date of the same mail
//!   shows which number is the day, or only one order gives a day that can be meant.
//! * What lies before the reply, or more than nine months after it, is refused.

mod cues;
mod dates;
mod days;
mod gap;
mod names;
#[cfg(test)]
mod tests;
mod tokens;

use crate::notice::autoreply::{fold, head, own};
use cues::{Cue, Kind};
use dates::Found;
use days::{last_named_day, named_day};
use gap::{is_filling, same_sentence};
use jiff::ToSpan;
use jiff::civil::Date;
use names::Name;
use std::ops::Range;

/// Absences say their dates in so many bytes of folded text; disclaimers come later.
const MAX_TEXT: usize = 4096;
/// A date stands so many characters from its cue at most.
const WINDOW: usize = 48;
/// A cue behind its date stands nearer.
const WINDOW_BEHIND: usize = 24;
/// The end of a range is further from where the range is opened.
const WINDOW_RANGE: usize = 72;
/// Absences end within so many days; later dates are of something else.
const MAX_DAYS: i64 = 280;

/// A cue with its date: what is said of the day, and how near.
#[derive(Clone, Debug)]
struct Pair<'c> {
    cue: &'c Cue,
    date: usize,
    /// The day after is meant.
    next: bool,
    distance: usize,
}

/// The first day back. `sent`: the date of the auto-reply (its Date field), for years
/// and relative days; without it a date without a year says nothing.
pub fn first_day_back(text: &str, sent: Option<Date>) -> Option<Date> {
    let folded = fold(&own(text).text);
    let text = head(&folded, MAX_TEXT);
    let (dates, day_first) = dates::find(text);
    let reading = Reading {
        cues: cues::find(text),
        dates,
        day_first,
        text,
        sent,
    };
    reading.dated().or_else(|| reading.relative())
}

/// A text with what was found in it.
struct Reading<'t> {
    text: &'t str,
    cues: Vec<Cue>,
    dates: Vec<Found>,
    /// Whether the day comes first in dates of numbers, if a date proves it.
    day_first: Option<bool>,
    sent: Option<Date>,
}

impl Reading<'_> {
    fn dated(&self) -> Option<Date> {
        let mut pairs: Vec<Pair<'_>> = self.cues.iter().filter_map(|c| self.pair(c)).collect();
        pairs.sort_by_key(|p| (p.date, p.distance, p.cue.kind != Kind::Back));
        pairs.dedup_by_key(|p| p.date);
        pairs.sort_by_key(|p| (!names_day_back(p.cue.kind), p.distance, p.date));
        pairs.iter().find_map(|p| self.day(p))
    }

    fn pair<'c>(&self, cue: &'c Cue) -> Option<Pair<'c>> {
        match cue.kind {
            _ if cue.behind => self.pair_behind(cue),
            Kind::Back | Kind::Until | Kind::Through => self.pair_before(cue),
            Kind::Start => self.pair_before(cue).filter(|p| self.is_back(p)),
            Kind::From | Kind::Between => self.pair_range(cue),
            _ => None,
        }
    }

    /// The first date behind the cue.
    fn pair_before<'c>(&self, cue: &'c Cue) -> Option<Pair<'c>> {
        let at = self
            .dates
            .iter()
            .position(|d| d.span.start >= cue.span.end)?;
        let found = self.dates.get(at)?;
        let gap = self.text.get(cue.span.end..found.span.start)?;
        let distance = gap.chars().count();
        let tight = cue.tight || cue.kind == Kind::Start;
        if distance > WINDOW || !same_sentence(gap) || (tight && !is_filling(gap)) {
            return None;
        }
        if cue.kind != Kind::Back && self.says_how_long_there(cue) {
            return None;
        }
        let next = cue.kind == Kind::Through
            || (cue.kind == Kind::Until && self.is_inclusive(cue.span.end..found.span.end));
        Some(Pair {
            cue,
            date: at,
            next,
            distance,
        })
    }

    /// The last date before the cue.
    fn pair_behind<'c>(&self, cue: &'c Cue) -> Option<Pair<'c>> {
        let at = self
            .dates
            .iter()
            .rposition(|d| d.span.end <= cue.span.start)?;
        let found = self.dates.get(at)?;
        let gap = self.text.get(found.span.end..cue.span.start)?;
        let distance = gap.chars().count();
        let range = cue.kind == Kind::From;
        let fits = found.ranged || !range;
        (fits && distance <= WINDOW_BEHIND && same_sentence(gap)).then_some(Pair {
            cue,
            date: at,
            next: cue.kind == Kind::Through || (range && counts_last(cue.language)),
            distance,
        })
    }

    /// The end of the range that the cue opens: the first date behind it with a `to`
    /// right before it, or a date that is a range itself.
    fn pair_range<'c>(&self, cue: &'c Cue) -> Option<Pair<'c>> {
        let open = self.dates.iter().enumerate();
        open.skip_while(|(_, d)| d.span.start < cue.span.end)
            .take(2)
            .find_map(|(at, found)| {
                let gap = self.text.get(cue.span.end..found.span.start)?;
                let distance = gap.chars().count();
                let fits = distance <= WINDOW_RANGE && same_sentence(gap);
                let ends = found.ranged || self.is_joined(cue, found.span.start);
                (fits && ends).then(|| Pair {
                    cue,
                    date: at,
                    next: self.is_inclusive(found.span.clone()) || counts_last(cue.language),
                    distance,
                })
            })
    }

    /// True if a number and a word that joins stand last between the cue and `end`: "1 to",
    /// "1.3. -", "monday 1 march to monday".
    fn is_joined(&self, from: &Cue, end: usize) -> bool {
        let start = from.span.end;
        let joins = |kind| kind == Kind::To || (kind == Kind::And && from.kind == Kind::Between);
        self.cues
            .iter()
            .filter(|c| joins(c.kind) && c.span.start >= start && c.span.end <= end)
            .any(|to| {
                let before = self.text.get(start..to.span.start).unwrap_or_default();
                let after = self.text.get(to.span.end..end).unwrap_or_default();
                before.contains(|c: char| c.is_ascii_digit()) && is_filling(after)
            })
    }

    /// "from 3 March I am available again": the words around say back, and none denies it.
    fn is_back(&self, pair: &Pair<'_>) -> bool {
        let Some(found) = self.dates.get(pair.date) else {
            return false;
        };
        let near = |c: &&Cue| {
            let behind = self.text.get(found.span.end..c.span.start);
            let before = self.text.get(c.span.end..pair.cue.span.start);
            behind.or(before).is_some_and(|gap| {
                let dated = gap.contains(|c: char| c.is_ascii_digit());
                gap.chars().count() <= WINDOW && !dated && same_sentence(gap)
            })
        };
        let says = |kind: Kind| {
            self.cues
                .iter()
                .filter(|c| c.kind == kind)
                .any(|c| near(&c))
        };
        says(Kind::Again) && !says(Kind::Not)
    }

    /// "3 March inclusive", "until including 3 March".
    fn is_inclusive(&self, around: Range<usize>) -> bool {
        self.cues
            .iter()
            .filter(|c| c.kind == Kind::Inclusive)
            .any(|c| {
                let behind = self.text.get(around.end..c.span.start);
                let within = around.start <= c.span.start && c.span.end <= around.end;
                within || behind.is_some_and(|gap| gap.len() <= 12 && same_sentence(gap))
            })
    }

    /// "until Friday inclusive", "until and including Friday".
    fn includes_named_day(&self, cue: &Cue) -> bool {
        let near = |c: &Cue| {
            let gap = self.text.get(cue.span.end..c.span.start);
            gap.is_some_and(|g| g.len() <= 24 && same_sentence(g))
        };
        let mut inclusive = self.cues.iter().filter(|c| c.kind == Kind::Inclusive);
        inclusive.any(near)
    }

    /// "available until", unless "not available until".
    fn says_how_long_there(&self, cue: &Cue) -> bool {
        let there = self.cues.iter().find(|c| {
            c.kind == Kind::Never && c.span.start <= cue.span.start && cue.span.start < c.span.end
        });
        there.is_some_and(|there| {
            !self.cues.iter().any(|c| {
                let gap = self.text.get(c.span.end..there.span.start);
                c.kind == Kind::Not && gap.is_some_and(|g| g.len() <= 24 && same_sentence(g))
            })
        })
    }

    /// "monday to friday": the hours of an office.
    fn ends_weekdays(&self, cue: &Cue) -> bool {
        let before = self.text.get(..cue.span.start).unwrap_or_default();
        let last = before
            .trim_end()
            .rsplit(|c: char| !c.is_alphanumeric())
            .next();
        matches!(last.and_then(names::get), Some(Name::Weekday(_)))
    }

    fn day(&self, pair: &Pair<'_>) -> Option<Date> {
        let written = self.dates.get(pair.date)?.day;
        let in_order = |day_first| {
            let day = written.resolve(day_first, self.sent)?;
            let day = if pair.next { day.tomorrow().ok()? } else { day };
            self.is_near(day).then_some(day)
        };
        let order = self.day_first.or(day_first(pair.cue.language));
        if order.is_some() || self.sent.is_none() {
            return in_order(order);
        }
        match (in_order(Some(true)), in_order(Some(false))) {
            (Some(a), Some(b)) => (a == b).then_some(a),
            (one, other) => one.or(other),
        }
    }

    /// Not before the reply, and not months after.
    fn is_near(&self, day: Date) -> bool {
        let Some(sent) = self.sent else {
            return true;
        };
        day >= sent
            && sent
                .checked_add(MAX_DAYS.days())
                .is_ok_and(|last| day <= last)
    }

    /// "back on Monday", "until tomorrow": counted from the day of the reply.
    fn relative(&self) -> Option<Date> {
        let sent = self.sent?;
        let said = self.cues.iter().filter(|c| {
            matches!(c.kind, Kind::Back | Kind::Until | Kind::Through)
                && (c.kind == Kind::Back || !(self.says_how_long_there(c) || self.ends_weekdays(c)))
        });
        let mut days: Vec<(bool, Date)> = said
            .filter_map(|cue| {
                let day = if cue.behind {
                    last_named_day(self.text.get(..cue.span.start)?, sent)?
                } else {
                    named_day(self.text.get(cue.span.end..)?, sent)?
                };
                let included = cue.kind == Kind::Until && self.includes_named_day(cue);
                let next = cue.kind == Kind::Through || included;
                let day = if next { day.tomorrow().ok()? } else { day };
                Some((!names_day_back(cue.kind), day))
            })
            .collect();
        days.sort_by_key(|(later, _)| *later);
        days.first().map(|(_, day)| *day)
    }
}

fn names_day_back(kind: Kind) -> bool {
    matches!(kind, Kind::Back | Kind::Start)
}

/// Japanese, Chinese and Korean periods have their last day in them.
fn counts_last(language: &str) -> bool {
    matches!(language, "ja" | "zh" | "ko")
}

/// Whether a language writes the day before the month; `None` for English, which does both.
fn day_first(language: &str) -> Option<bool> {
    match language {
        "en" | "*" => None,
        "ja" | "zh" | "ko" | "hu" => Some(false),
        _ => Some(true),
    }
}
