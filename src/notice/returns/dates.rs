//! Dates in folded text, in the forms people write them.

use super::names::{self, Name};
use super::tokens::{Kind, Token, split};
use jiff::civil::Date;
use std::ops::Range;

/// A date found, as far as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it stands, in bytes of the folded text.
    pub span: Range<usize>,
    /// What was written.
    pub day: Written,
    /// The end of a range that is written as one ("March 1-10", "1.3.-10.3.").
    pub ranged: bool,
}

/// Day and month, the year if there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// Year (if any), month, day.
    Clear(Option<i16>, i8, i8),
    /// Two numbers in an order that depends on the language: 9/8. The year if any.
    Numbers(i8, i8, Option<i16>),
}

/// All dates in `folded`, in their order, and which of two numbers is the day.
pub fn find(folded: &str) -> (Vec<Found>, Option<bool>) {
    let all = every(folded);
    let order = proven_order(&all);
    (join_ranges(folded, all), order)
}

/// What the dates prove of their order: who writes 23/11 writes 4/12, too. True if the
/// day comes first, `None` if no date proves it, or two prove the opposite.
fn proven_order(dates: &[Found]) -> Option<bool> {
    let mut proofs = dates.iter().filter_map(|d| match d.day {
        Written::Numbers(a, b, _) if a > 12 && b <= 12 => Some(true),
        Written::Numbers(a, b, _) if b > 12 && a <= 12 => Some(false),
        _ => None,
    });
    let first = proofs.next()?;
    proofs.all(|p| p == first).then_some(first)
}

fn every(folded: &str) -> Vec<Found> {
    let tokens = split(folded);
    let mut out = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let scan = Scan {
            tokens: &tokens,
            at,
        };
        match scan.date() {
            Some((found, next)) => {
                out.push(found);
                at = next.max(at + 1);
            }
            None => at += 1,
        }
    }
    out
}

/// Two dates with a dash or a 至 between are one range, of which the end counts.
fn join_ranges(text: &str, dates: Vec<Found>) -> Vec<Found> {
    let mut out: Vec<Found> = Vec::with_capacity(dates.len());
    for mut found in dates {
        let gap = out
            .last()
            .and_then(|before| text.get(before.span.end..found.span.start));
        if gap.is_some_and(|g| ["-", "~", "至", "到"].contains(&g.trim())) {
            found.ranged = true;
            out.pop();
        }
        out.push(found);
    }
    out
}

/// A place in the tokens.
#[derive(Clone, Copy)]
struct Scan<'t, 'a> {
    tokens: &'t [Token<'a>],
    at: usize,
}

impl<'t, 'a> Scan<'t, 'a> {
    fn date(self) -> Option<(Found, usize)> {
        let start = self.peek()?.span.start;
        let before = self.at.checked_sub(1).and_then(|n| self.tokens.get(n));
        if let Kind::Number(..) = self.peek()?.kind
            && before.is_some_and(|t| matches!(t.kind, Kind::Mark('.' | '/' | ':' | '+')))
            && !self.after_closed_day()
        {
            return None;
        }
        let (day, ranged, end) = self
            .year_first()
            .or_else(|| self.han())
            .or_else(|| self.day_month())
            .or_else(|| self.month_day())
            .or_else(|| self.numbers())?;
        let stop = end.tokens.get(end.at.checked_sub(1)?)?.span.end;
        let found = Found {
            span: start..stop,
            day,
            ranged,
        };
        Some((found, end.at))
    }

    /// "1.-10.3.": the dot before a dash belongs to the day before. "Mo.3.3.": to the weekday.
    fn after_closed_day(self) -> bool {
        let before = self.at.checked_sub(2).and_then(|n| self.tokens.get(n));
        before.is_some_and(|t| t.kind == Kind::Word)
    }

    fn peek(self) -> Option<&'t Token<'a>> {
        self.tokens.get(self.at)
    }

    fn next(self) -> Self {
        Scan {
            at: self.at + 1,
            ..self
        }
    }

    fn blanks(self) -> Self {
        match self.peek() {
            Some(t) if t.kind == Kind::Blank => self.next(),
            _ => self,
        }
    }

    fn mark(self, marks: &str) -> Option<Self> {
        match self.peek()?.kind {
            Kind::Mark(c) if marks.contains(c) => Some(self.next()),
            _ => None,
        }
    }

    fn word(self, words: &[&str]) -> Option<Self> {
        let token = self.peek()?;
        (token.kind == Kind::Word && words.contains(&token.text)).then(|| self.next())
    }

    /// A number of at most two digits.
    fn short(self) -> Option<(i8, Self)> {
        match self.peek()?.kind {
            Kind::Number(n, 1 | 2) => Some((i8::try_from(n).ok()?, self.next())),
            _ => None,
        }
    }

    fn year(self) -> Option<(i16, Self)> {
        match self.peek()?.kind {
            Kind::Number(n @ 1990..=2099, 4) => Some((i16::try_from(n).ok()?, self.next())),
            _ => None,
        }
    }

    /// A year of four digits or two.
    fn any_year(self) -> Option<(i16, Self)> {
        self.year().or_else(|| match self.peek()?.kind {
            Kind::Number(n, 2) => Some((2000 + i16::try_from(n).ok()?, self.next())),
            _ => None,
        })
    }

    fn month(self) -> Option<(i8, Self)> {
        let token = self.peek()?;
        match names::get(token.text)? {
            Name::Month(m) if token.kind == Kind::Word => Some((m, self.next())),
            _ => None,
        }
    }

    /// 2026-03-03, 2026/3/3, 2026. 03. 03.
    fn year_first(self) -> Option<(Written, bool, Self)> {
        let (year, s) = self.year()?;
        let (month, s) = s.mark("-/.")?.blanks().short()?;
        let (day, s) = s.mark("-/.")?.blanks().short()?;
        Some((Written::Clear(Some(year), month, day), false, s))
    }

    /// 2026年3月3日, 3월 3일.
    fn han(self) -> Option<(Written, bool, Self)> {
        let (year, s) = match self.year() {
            Some((year, s)) => (Some(year), s.blanks().word(&["年", "년"])?.blanks()),
            None => (None, self),
        };
        let (month, s) = s.short()?;
        let (day, s) = s.blanks().word(&["月", "월"])?.blanks().short()?;
        let s = s.blanks().word(&["日", "号", "號", "일"])?;
        let written = Written::Clear(year, month, day);
        Some((written, false, s.weekday_in_brackets().unwrap_or(s)))
    }

    /// "(火)", "(화요일)"
    fn weekday_in_brackets(self) -> Option<Self> {
        let mut s = self.blanks().mark("(")?;
        for _ in 0..4 {
            if let Some(closed) = s.mark(")") {
                return Some(closed);
            }
            s = s.next();
        }
        None
    }

    /// 3 March, 3rd of March 2026, 3. März, 1er mars, 3 de marzo de 2026, 3-mar-26.
    fn day_month(self) -> Option<(Written, bool, Self)> {
        const ENDINGS: &[&str] = &[
            "st", "nd", "rd", "th", "er", "ere", "e", "o", "a", "ste", "de", "го", "η", "ης", "bis",
        ];
        const LINKS: &[&str] = &["of", "de", "del", "d", "di", "the", "do"];
        let (day, s) = self.short()?;
        let ended = s.mark(":").unwrap_or(s);
        let s = ended.word(ENDINGS).unwrap_or(s);
        let mut s = s.mark(".").unwrap_or(s);
        for _ in 0..4 {
            s = s.blanks();
            s = s.mark("-/'").or_else(|| s.word(LINKS)).unwrap_or(s);
        }
        let (month, s) = s.month()?;
        let (year, s) = s.trailing_year();
        Some((Written::Clear(year, month, day), false, s))
    }

    /// ", 2026", " de 2026", "-26", " 2026".
    fn trailing_year(self) -> (Option<i16>, Self) {
        let s = self.mark(".,-/").unwrap_or(self).blanks();
        let linked = s.word(&["de", "del", "of"]).map_or(s, Self::blanks);
        let dashed = self.mark("-/").and_then(Self::any_year);
        match linked.year().or(dashed) {
            Some((year, end)) => (Some(year), end),
            None => (None, self),
        }
    }

    /// March 3, Sept. 15th, 2026, March 1-10.
    fn month_day(self) -> Option<(Written, bool, Self)> {
        // Of languages that put the day first, short forms are other words: "out", "set".
        const SHORT: &[&str] = &[
            "jan", "feb", "mar", "apr", "may", "jun", "june", "jul", "july", "aug", "sep", "sept",
            "oct", "nov", "dec",
        ];
        let name = self.peek()?.text;
        if name.len() < 5 && !SHORT.contains(&name) {
            return None;
        }
        let (month, s) = self.month()?;
        let s = s.mark(".").unwrap_or(s).blanks();
        let s = s.word(&["the"]).map_or(s, Self::blanks);
        let (day, s) = s.day_alone()?;
        if let Some((last, end)) = s.range_end().filter(|(last, _)| *last > day) {
            let (year, end) = end.trailing_year();
            return Some((Written::Clear(year, month, last), true, end));
        }
        let (year, s) = s.trailing_year();
        Some((Written::Clear(year, month, day), false, s))
    }

    /// A day that is no time of day: not "3:00", "3 pm", "3h".
    fn day_alone(self) -> Option<(i8, Self)> {
        let (day, s) = self.short()?;
        let s = s.word(&["st", "nd", "rd", "th"]).unwrap_or(s);
        (!s.is_time()).then_some((day, s))
    }

    fn is_time(self) -> bool {
        const HOURS: &[&str] = &[
            "am", "pm", "h", "uhr", "hrs", "hours", "klo", "kl", "時", "点",
        ];
        let minutes = self.mark(":").and_then(Self::short).is_some();
        minutes || self.blanks().word(HOURS).is_some()
    }

    /// "-10", " to 10th" behind a day; a month that follows makes it a date of its own.
    fn range_end(self) -> Option<(i8, Self)> {
        let s = self.blanks();
        let s = s
            .mark("-")
            .or_else(|| s.word(&["to", "through", "thru", "until"]))?;
        let s = s.blanks();
        let (day, s) = s.word(&["the"]).map_or(s, Self::blanks).day_alone()?;
        (s.blanks().month().is_none() && s.mark("./-").is_none_or(|m| m.short().is_none()))
            .then_some((day, s))
    }

    /// 3.3., 3.3.2026, 3/3, 3/3/26, 3-3-2026.
    fn numbers(self) -> Option<(Written, bool, Self)> {
        let (first, s) = self.short()?;
        let dotted = s.mark(".");
        let slashed = s.mark("/");
        let dashed = s.mark("-");
        let after = dotted.map(Self::blanks).or(slashed).or(dashed)?;
        let (second, s) = after.short()?;
        let (year, s) = if dotted.is_some() {
            s.dotted_year()?
        } else {
            let same = if slashed.is_some() { "/" } else { "-" };
            match s.mark(same).and_then(Self::any_year) {
                Some((year, s)) => (Some(year), s),
                None if dashed.is_some() => return None,
                None => (None, s),
            }
        };
        if s.is_time() || s.runs_on() {
            return None;
        }
        let written = if dotted.is_some() {
            // Dots: day first, in every language that writes them.
            Written::Clear(year, second, first)
        } else {
            Written::Numbers(first, second, year)
        };
        Some((written, false, s))
    }

    /// Behind "3.3": nothing, a dot, or a dot and a year.
    fn dotted_year(self) -> Option<(Option<i16>, Self)> {
        let Some(dot) = self.mark(".") else {
            return Some((None, self));
        };
        if let Some((year, s)) = dot.any_year().or_else(|| dot.blanks().year()) {
            return Some((Some(year), s));
        }
        let number = matches!(dot.peek().map(|t| t.kind), Some(Kind::Number(..)));
        (!number).then_some((None, dot))
    }

    /// More of the same follows: a version, a phone number.
    fn runs_on(self) -> bool {
        let number = |s: Self| matches!(s.peek().map(|t| t.kind), Some(Kind::Number(..)));
        number(self) || self.mark("./").is_some_and(number)
    }
}

impl Written {
    /// The month and the day, if the order is clear or a language makes it so.
    /// `day_first`: what the language of the cue writes; `None` if it writes both.
    fn order(self, day_first: Option<bool>) -> Option<(Option<i16>, i8, i8)> {
        let (a, b, year) = match self {
            Written::Clear(year, month, day) => return Some((year, month, day)),
            Written::Numbers(a, b, year) => (a, b, year),
        };
        let day_first = match (a, b) {
            (a, b) if a == b => true,
            (13.., _) => true,
            (_, 13..) => false,
            _ => day_first?,
        };
        Some(if day_first {
            (year, b, a)
        } else {
            (year, a, b)
        })
    }

    /// The date meant by a mail of `sent`. A date without a year is the next such day.
    pub fn resolve(self, day_first: Option<bool>, sent: Option<Date>) -> Option<Date> {
        let (year, month, day) = self.order(day_first)?;
        if let Some(year) = year {
            return Date::new(year, month, day).ok();
        }
        let sent = sent?;
        [sent.year(), sent.year().saturating_add(1)]
            .into_iter()
            .filter_map(|y| Date::new(y, month, day).ok())
            .find(|d| *d >= sent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notice::autoreply::fold;

    fn one(text: &str) -> Option<String> {
        let (found, _) = find(&fold(text));
        assert!(found.len() <= 1, "{text}: {found:?}");
        let day = found.first()?.day;
        let (year, month, day) = day.order(None)?;
        Some(match year {
            Some(y) => format!("{y}-{month}-{day}"),
            None => format!("{month}-{day}"),
        })
    }

    #[test]
    fn c8_date_forms() {
        for (text, want) in [
            ("2026-03-04", Some("2026-3-4")),
            ("2026/3/4", Some("2026-3-4")),
            ("2026. 03. 04.", Some("2026-3-4")),
            ("4.3.", Some("3-4")),
            ("4.3", Some("3-4")),
            ("04.03.2026", Some("2026-3-4")),
            ("4. 3. 2026", Some("2026-3-4")),
            ("4.3.26", Some("2026-3-4")),
            ("4 March", Some("3-4")),
            ("4th of March, 2026", Some("2026-3-4")),
            ("the 4th March 2026", Some("2026-3-4")),
            ("4-Mar-2026", Some("2026-3-4")),
            ("4/mar/26", Some("2026-3-4")),
            ("4. M\u{e4}rz 2026", Some("2026-3-4")),
            ("1er mars", Some("3-1")),
            ("4 d'avril", Some("4-4")),
            ("4 de marzo de 2026", Some("2026-3-4")),
            ("1\u{ba} de mar\u{e7}o", Some("3-1")),
            ("4:e mars", Some("3-4")),
            ("March 4", Some("3-4")),
            ("Sept. 15th, 2026", Some("2026-9-15")),
            ("March 1-10, 2026", Some("2026-3-10")),
            ("March 3 - 9:00", Some("3-3")),
            ("2026年3月4日", Some("2026-3-4")),
            ("３月４日（水）", Some("3-4")),
            ("3월 4일", Some("3-4")),
            ("4 Mart'a", Some("3-4")),
            ("15/3/2026", Some("2026-3-15")),
            ("3/15/2026", Some("2026-3-15")),
            ("3/3", Some("3-3")),
            ("9/8/2026", None),
            ("October 2026", None),
            ("3.2.1.4", None),
            ("10:30", None),
            ("24/7/365", None),
            ("May 3 pm", None),
            ("15 out 2026", Some("2026-10-15")),
            ("I am out 3 March", Some("3-3")),
            ("+49 30 123.12.12", None),
        ] {
            assert_eq!(one(text).as_deref(), want, "{text}");
        }
    }

    #[test]
    fn c8_several_dates() {
        for (text, want) in [
            ("1.-10.3.", 1),
            ("1.3.-10.3.", 1),
            ("1.3. - 10.3.2026", 1),
            ("1.3. bis 10.3.", 2),
            ("3月1日から3月10日", 2),
            ("1/3-10/3", 1),
        ] {
            assert_eq!(
                find(&fold(text)).0.len(),
                want,
                "{text}: {:?}",
                find(&fold(text))
            );
        }
    }

    #[test]
    fn c8_one_date_proves_the_order_of_all() {
        for (text, want) in [
            ("23/11/2026 - 04/12/2026", Some(true)),
            ("11/23/2026 until 12/07/2026", Some(false)),
            ("04/12/2026", None),
            ("23/11 and 11/23", None),
            ("3/3 and 14:30", None),
        ] {
            assert_eq!(find(&fold(text)).1, want, "{text}");
        }
    }
}
