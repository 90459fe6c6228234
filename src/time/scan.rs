//! The scanner: takes a text apart into the parts of one moment.

use super::words::{self, fold_into, half, is_letter};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};

/// What the scanner has recognised so far.
#[derive(Default)]
pub(super) struct Scan<'a> {
    text: &'a str,
    at: usize,
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    time: Option<Clock>,
    /// Minutes east of UTC.
    offset: Option<i32>,
    /// The offset was written in digits, so no name beside it counts.
    offset_in_digits: bool,
    /// The month may have been a weekday: French, Spanish and Italian `mar.`
    month_in_doubt: bool,
    /// The last word was a month, so a hyphen after it is no minus sign.
    after_month: bool,
    /// There were words that may together name a zone.
    words_left: bool,
    comment: &'a str,
}

#[derive(Clone, Copy)]
struct Clock {
    hour: u32,
    minute: u32,
    second: u32,
}

impl<'a> Scan<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Scan {
            text,
            ..Scan::default()
        }
    }

    /// Takes the text apart; `None` as soon as it contradicts itself.
    pub(super) fn run(&mut self) -> Option<()> {
        while let Some(c) = self.peek() {
            match c {
                '0'..='9' => {
                    self.number()?;
                    self.after_month = false;
                }
                '+' | '-' | '\u{2212}' => self.sign(c),
                '(' => self.comment(),
                _ if is_letter(c) => {
                    if !self.word() {
                        break;
                    }
                }
                _ => {
                    self.after_month &= !c.is_whitespace();
                    self.at += c.len_utf8();
                }
            }
        }
        Some(())
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        match self.text.as_bytes().get(self.at) {
            Some(b) if b.is_ascii() => Some(char::from(*b)),
            _ => self.rest().chars().next(),
        }
    }

    /// The byte at the cursor; 0 at the end.
    fn byte(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    /// A run of digits as its value and length; values end at nine digits.
    fn digits(&mut self) -> (u32, usize) {
        let start = self.at;
        let mut value: u32 = 0;
        while self.byte().is_ascii_digit() {
            value = value
                .saturating_mul(10)
                .saturating_add(u32::from(self.byte() - b'0'));
            self.at += 1;
        }
        (value, self.at - start)
    }

    /// Steps over the byte if it is at the cursor and a digit follows.
    fn joins(&mut self, byte: u8) -> bool {
        let next = self.text.as_bytes().get(self.at + 1);
        let joined =
            self.byte().eq_ignore_ascii_case(&byte) && next.is_some_and(u8::is_ascii_digit);
        self.at += usize::from(joined);
        joined
    }

    pub(super) fn has_time(&self) -> bool {
        self.time.is_some()
    }

    fn date_complete(&self) -> bool {
        self.year.is_some() && self.month.is_some() && self.day.is_some()
    }

    /// A number at the cursor: time, date in digits, day or year, by what follows it.
    fn number(&mut self) -> Option<()> {
        let (first, len) = self.digits();
        if len <= 2 && self.time.is_none() {
            for separator in [b':', b'h'] {
                if self.joins(separator) {
                    return self.clock(first, separator);
                }
            }
        }
        for separator in [b'-', b'/', b'.'] {
            if self.joins(separator) {
                return self.group((first, len), separator);
            }
        }
        self.lone(first, len)
    }

    /// The rest of a time after its hour: `mm[:ss[.fraction]]`.
    fn clock(&mut self, hour: u32, separator: u8) -> Option<()> {
        let (minute, _) = self.digits();
        let second = if self.joins(separator) {
            self.digits().0
        } else {
            0
        };
        let _fraction = (self.joins(b'.') || self.joins(b',')).then(|| self.digits());
        self.time = Some(Clock {
            hour,
            minute,
            second,
        });
        Some(())
    }

    /// Numbers joined by one separator: a date, or after a date a time.
    fn group(&mut self, first: (u32, usize), separator: u8) -> Option<()> {
        let second = self.digits();
        let third = if self.joins(separator) {
            Some(self.digits())
        } else {
            None
        };
        let _fraction = (third.is_some() && self.joins(b'.')).then(|| self.digits());
        if self.date_complete() {
            // A second date or a version number in the text is not ours to judge.
            if self.time.is_none() && first.1 <= 2 && (third.is_some() || separator == b'.') {
                let second_of_minute = third.map_or(0, |(value, _)| value);
                self.time = Some(Clock {
                    hour: first.0,
                    minute: second.0,
                    second: second_of_minute,
                });
            }
            return Some(());
        }
        self.date_in_digits(first, second, third?, separator)
    }

    fn date_in_digits(
        &mut self,
        (a, a_len): (u32, usize),
        (b, b_len): (u32, usize),
        (c, c_len): (u32, usize),
        separator: u8,
    ) -> Option<()> {
        if b_len > 2 || self.year.is_some() || self.month.is_some() || self.day.is_some() {
            return None;
        }
        let (year, month, day) = match (a_len, c_len) {
            (4, 1..=2) => (year_of(a, 4)?, b, c),
            (1..=2, 4) | (1..=2, 2) if separator == b'.' => (year_of(c, c_len)?, b, a),
            (1..=2, 4) => {
                let (month, day) = self.month_and_day(a, b, separator)?;
                (year_of(c, 4)?, month, day)
            }
            _ => return None,
        };
        self.set_date(year, month, day)
    }

    fn set_date(&mut self, year: i16, month: u32, day: u32) -> Option<()> {
        self.year = Some(year);
        self.month = Some(i8::try_from(month).ok()?);
        self.day = Some(i8::try_from(day).ok()?);
        Some(())
    }

    /// Which of two numbers is the month, where that can be told. Only Americans
    /// write both a slash and AM or PM.
    fn month_and_day(&self, a: u32, b: u32, separator: u8) -> Option<(u32, u32)> {
        match (a <= 12, b <= 12) {
            _ if a == b => Some((a, b)),
            (false, true) => Some((b, a)),
            (true, false) => Some((a, b)),
            (true, true) if separator == b'/' && words::has_half(self.rest()) => Some((a, b)),
            _ => None,
        }
    }

    /// A number that stands alone.
    fn lone(&mut self, value: u32, len: usize) -> Option<()> {
        let nothing = self.year.is_none() && self.month.is_none() && self.day.is_none();
        match len {
            1 | 2 if self.day.is_none() => self.day = Some(i8::try_from(value).ok()?),
            1..=4 if self.year.is_none() => self.year = Some(year_of(value, len)?),
            6 if self.date_complete() && self.time.is_none() => {
                let (hour, minute, second) = (value / 10_000, value / 100 % 100, value % 100);
                self.time = Some(Clock {
                    hour,
                    minute,
                    second,
                });
            }
            8 if nothing => {
                self.set_date(year_of(value / 10_000, 4)?, value / 100 % 100, value % 100)?;
            }
            _ if self.date_complete() => {}
            _ => return None,
        }
        Some(())
    }

    /// A sign after the time opens a numeric zone; anywhere else it is a dash.
    fn sign(&mut self, sign: char) {
        self.at += sign.len_utf8();
        let dash = self.time.is_none() || self.after_month || self.offset_in_digits;
        if dash || !self.byte().is_ascii_digit() {
            self.after_month = false;
            return;
        }
        let (value, len) = self.digits();
        let (hours, minutes) = match len {
            1 | 2 if self.joins(b':') => (value, self.digits().0),
            1 | 2 => (value, 0),
            3 | 4 => (value / 100, value % 100),
            _ => return,
        };
        // No zone is further from UTC; what claims to be is no zone.
        if !matches!((hours, minutes), (0..=14, 0..=59)) {
            return;
        }
        if let Ok(east) = i32::try_from(hours * 60 + minutes) {
            self.offset = Some(if sign == '+' { east } else { -east });
            self.offset_in_digits = true;
        }
    }

    /// Steps over a comment, which may be nested, and keeps its text: `(CEST)`.
    fn comment(&mut self) {
        let inside = self.rest().get(1..).unwrap_or_default();
        let mut depth = 1;
        let close = inside.bytes().position(|b| {
            depth += i32::from(b == b'(') - i32::from(b == b')');
            depth == 0
        });
        let len = close.unwrap_or(inside.len());
        self.comment = inside.get(..len).unwrap_or_default();
        self.at += 1 + len + usize::from(close.is_some());
    }

    /// A word at the cursor; false where it ends the date.
    fn word(&mut self) -> bool {
        let word = self.rest();
        let len = word.find(|c| !is_letter(c)).unwrap_or(word.len());
        let (word, after) = word.split_at_checked(len).unwrap_or((word, ""));
        self.at += len;
        let mut buffer = [0; 24];
        let folded = fold_into(word, &mut buffer);
        // Go prints its monotonic clock behind the zone: `m=+0.000013`.
        if folded == "m" && after.starts_with('=') {
            return false;
        }
        self.after_month = self.month_word(folded);
        if !self.after_month && self.time.is_some() {
            self.zone_word(folded, after);
        }
        true
    }

    fn month_word(&mut self, folded: &str) -> bool {
        if self.month.is_some() && !self.month_in_doubt {
            return false;
        }
        let Some(month) = words::month(folded) else {
            return false;
        };
        self.month_in_doubt = folded == "mar" && self.month.is_none() && self.day.is_none();
        self.month = Some(month);
        true
    }

    /// A word after the time: AM, PM, or a zone.
    fn zone_word(&mut self, folded: &str, after: &str) {
        if let Some(afternoon) = half(folded, after) {
            self.half_day(afternoon);
            let tail = after.trim_start_matches(words::is_half_gap);
            if folded.len() == 1 {
                self.at = self.text.len() - tail.len() + 1;
            }
        } else if self.offset.is_some() {
            self.words_left = true;
        } else if let Some(minutes) = words::zone(folded) {
            self.offset = Some(minutes);
        } else {
            self.words_left = true;
        }
    }

    fn half_day(&mut self, afternoon: bool) {
        if let Some(clock) = &mut self.time {
            match (afternoon, clock.hour) {
                (true, 1..=11) => clock.hour += 12,
                (false, 12) => clock.hour = 0,
                _ => {}
            }
        }
    }

    pub(super) fn moment(&self, zone: &TimeZone) -> Option<Timestamp> {
        let date = Date::new(self.year?, self.month?, self.day?).ok()?;
        let local = at_clock(date, self.time)?;
        match self.east() {
            Some(minutes) => {
                let offset = Offset::from_seconds(minutes * 60).ok()?;
                offset.to_timestamp(local).ok()
            }
            None => zone.to_timestamp(local).ok(),
        }
    }

    /// Minutes east of UTC: digits before names, names before a comment.
    fn east(&self) -> Option<i32> {
        if self.offset_in_digits {
            return self.offset;
        }
        let phrase = self
            .words_left
            .then(|| words::zone_phrase(self.text))
            .flatten();
        phrase.or(self.offset).or_else(|| self.comment_zone())
    }

    fn comment_zone(&self) -> Option<i32> {
        let comment = self.comment.trim();
        if comment.is_empty() || self.time.is_none() {
            return None;
        }
        let mut buffer = [0; 24];
        words::zone(fold_into(comment, &mut buffer)).or_else(|| words::zone_phrase(comment))
    }
}

/// A year as written: RFC 5322 section 4.3 adds 2000 to two digits up to 49, 1900
/// to other two-digit and to all three-digit years.
fn year_of(value: u32, len: usize) -> Option<i16> {
    let year = match (len, value) {
        (2, 0..=49) => value + 2000,
        (2 | 3, _) => value + 1900,
        (4, _) => value,
        _ => return None,
    };
    i16::try_from(year).ok()
}

fn at_clock(date: Date, clock: Option<Clock>) -> Option<DateTime> {
    let Some(Clock {
        hour,
        minute,
        second,
    }) = clock
    else {
        return Some(date.to_datetime(Time::midnight()));
    };
    if (hour, minute, second) == (24, 0, 0) {
        return Some(date.tomorrow().ok()?.to_datetime(Time::midnight()));
    }
    // A leap second; the zones of jiff know none.
    let second = if second == 60 { 59 } else { second };
    let part = |value: u32| i8::try_from(value).ok();
    let time = Time::new(part(hour)?, part(minute)?, part(second)?, 0).ok()?;
    Some(date.to_datetime(time))
}
