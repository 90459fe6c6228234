//! The From_ line that begins each message of an mbox.
//!
//! RFC 4155 wants `From sender Www Mmm dd hh:mm:ss yyyy`. What is written:
//! seconds missing, time zones before or behind the year, years of two digits
//! (mutt's mbox(5)), RFC 5322 and ISO dates, no sender, `-` for the sender
//! (Thunderbird), no date at all. And what is not one but looks like it: prose
//! that begins with "From ", and the patches of `git format-patch`.

/// The longest line that is looked at.
pub const MAX_LINE: usize = 1000;
/// Words between `From ` and the date, at most.
const MAX_SENDER_WORDS: usize = 6;
/// Words of a date with its zones, at most.
const MAX_DATE_WORDS: usize = 9;
/// The date that every patch of `git format-patch` bears.
const GIT_DATE: &[&str] = &["Mon", "Sep", "17", "00:00:00", "2001"];

/// How much a line is a From_ line. Ordered: the better is the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FromLine {
    /// Not `From ` at all.
    Not,
    /// Begins with `From `, but reads like prose.
    Prose,
    /// No date, and at most one word that can be a sender.
    Bare,
    /// The first line of a `git format-patch` patch.
    Patch,
    /// A date in some other order, or more than one word before it.
    Loose,
    /// One sender and a date as RFC 4155 has it.
    Strict,
}

impl FromLine {
    /// Judges a line without its line end.
    pub fn of(line: &[u8]) -> FromLine {
        let Some(rest) = line.strip_prefix(b"From ") else {
            return FromLine::Not;
        };
        let Some(words) = words(rest) else {
            return FromLine::Prose;
        };
        if is_patch(&words) {
            return FromLine::Patch;
        }
        match date_at(&words) {
            Some((1, true)) => FromLine::Strict,
            Some(_) => FromLine::Loose,
            None if is_bare(&words) => FromLine::Bare,
            None => FromLine::Prose,
        }
    }

    /// Whether it has a date that makes it a From_ line.
    pub fn is_dated(self) -> bool {
        self >= FromLine::Loose
    }
}

/// The words of the line; none where there are too many or the line is too long.
fn words(rest: &[u8]) -> Option<Vec<&[u8]>> {
    let mut words: Vec<&[u8]> = Vec::with_capacity(8);
    let all = rest
        .get(..rest.len().min(MAX_LINE))?
        .split(|byte| byte.is_ascii_whitespace())
        .filter(|word| !word.is_empty());
    words.extend(all.take(MAX_SENDER_WORDS + MAX_DATE_WORDS + 4));
    let fits = rest.len() <= MAX_LINE && words.len() < MAX_SENDER_WORDS + MAX_DATE_WORDS + 4;
    fits.then_some(words)
}

/// A sender without a date: nothing, `-`, an address, `MAILER-DAEMON`.
fn is_bare(words: &[&[u8]]) -> bool {
    match words {
        [] => true,
        [word] => {
            *word == b"-" || word.contains(&b'@') || word.eq_ignore_ascii_case(b"MAILER-DAEMON")
        }
        _ => false,
    }
}

fn is_patch(words: &[&[u8]]) -> bool {
    words.split_first().is_some_and(|(sender, date)| {
        matches!(sender.len(), 40 | 64)
            && sender.iter().all(u8::is_ascii_hexdigit)
            && date
                .iter()
                .copied()
                .eq(GIT_DATE.iter().map(|word| word.as_bytes()))
    })
}

/// Where the date begins, and whether it is asctime's. UUCP's `remote from host`
/// may follow it.
fn date_at(words: &[&[u8]]) -> Option<(usize, bool)> {
    let words = match words {
        [date @ .., b"remote", b"from", _host] => date,
        all => all,
    };
    (0..words.len().min(MAX_SENDER_WORDS + 1)).find_map(|at| {
        let date = words.get(at..)?;
        is_date(date).then(|| (at, is_asctime(date)))
    })
}

/// What a word of a date can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Weekday,
    Month,
    /// One or two digits: a day or a year.
    Number(u32),
    Year,
    Time,
    /// `2026-09-21`, perhaps with `T12:00:00Z`.
    Iso {
        time: bool,
    },
    Zone,
    Other,
}

/// Whether `words` are one date and nothing else: a day of a month of a year and
/// a time, in any order.
fn is_date(words: &[&[u8]]) -> bool {
    if words.len() > MAX_DATE_WORDS {
        return false;
    }
    let (mut weekdays, mut months, mut days, mut years, mut times) = (0, 0, 0, 0, 0);
    for word in words {
        match word_of(word) {
            Word::Weekday => weekdays += 1,
            Word::Month => months += 1,
            Word::Number(day) if days == 0 && (1..=31).contains(&day) => days += 1,
            Word::Number(_) | Word::Year => years += 1,
            Word::Time => times += 1,
            Word::Iso { time } => {
                (months, days, years) = (months + 1, days + 1, years + 1);
                times += u32::from(time);
            }
            Word::Zone => {}
            Word::Other => return false,
        }
    }
    weekdays <= 1 && (months, days, years, times) == (1, 1, 1, 1)
}

fn is_asctime(words: &[&[u8]]) -> bool {
    let [weekday, month, day, time, ..] = words else {
        return false;
    };
    word_of(weekday) == Word::Weekday
        && word_of(month) == Word::Month
        && matches!(word_of(day), Word::Number(_))
        && word_of(time) == Word::Time
}

fn word_of(word: &[u8]) -> Word {
    let text = word.strip_suffix(b",").unwrap_or(word);
    let digits = text.iter().all(u8::is_ascii_digit);
    match text.len() {
        1 | 2 if digits => Word::Number(number(text)),
        4 if digits && (1970..2200).contains(&number(text)) => Word::Year,
        3.. if is_one_of(text, b"MonTueWedThuFriSatSun") => Word::Weekday,
        3.. if is_one_of(text, b"JanFebMarAprMayJunJulAugSepOctNovDec") => Word::Month,
        _ if is_time(text) => Word::Time,
        _ if is_zone(text) => Word::Zone,
        _ => iso(text).unwrap_or(Word::Other),
    }
}

fn number(digits: &[u8]) -> u32 {
    digits
        .iter()
        .fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'))
}

/// Whether `word` is one of the names of three letters in `names`.
fn is_one_of(word: &[u8], names: &[u8]) -> bool {
    names
        .chunks_exact(3)
        .any(|name| word.eq_ignore_ascii_case(name))
}

/// `12:00`, `12:00:07`, `12:00:07.25`, `9:05`.
fn is_time(text: &[u8]) -> bool {
    if !text.first().is_some_and(u8::is_ascii_digit) {
        return false;
    }
    let whole = text.split(|byte| *byte == b'.').next().unwrap_or_default();
    let mut fields = whole.splitn(4, |byte| *byte == b':');
    let below = |field: &[u8], limit: u32| {
        matches!(field.len(), 1 | 2)
            && field.iter().all(u8::is_ascii_digit)
            && number(field) < limit
    };
    let (hour, minute, second) = (fields.next(), fields.next(), fields.next());
    hour.is_some_and(|hour| below(hour, 24))
        && minute.is_some_and(|minute| below(minute, 60))
        && second.is_none_or(|second| below(second, 62))
        && fields.next().is_none()
}

/// `+0200`, `-05:00`, `Z`, `GMT`, `CEST`, `(CEST)`, `GMT+2`.
fn is_zone(text: &[u8]) -> bool {
    let inner = text
        .strip_prefix(b"(")
        .and_then(|text| text.strip_suffix(b")"))
        .unwrap_or(text);
    let letters = inner
        .iter()
        .take_while(|byte| byte.is_ascii_uppercase())
        .count();
    let (name, offset) = inner.split_at(letters);
    let offset_fits = match offset {
        [] => !name.is_empty(),
        [b'+' | b'-', digits @ ..] => {
            (1..=5).contains(&digits.len())
                && digits
                    .iter()
                    .all(|byte| byte.is_ascii_digit() || *byte == b':')
        }
        _ => false,
    };
    letters <= 5 && offset_fits
}

/// `2026-09-21`, `2026-09-21T12:00:00Z`.
fn iso(text: &[u8]) -> Option<Word> {
    let (date, rest) = text.split_at_checked(10)?;
    let shape = date.iter().enumerate().all(|(at, byte)| match at {
        4 | 7 => *byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    let time = match rest {
        [] => false,
        [b'T', time @ ..] => is_time(time.get(..8)?),
        _ => return None,
    };
    (shape && (rest.is_empty() || time)).then_some(Word::Iso { time })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i2_from_lines_in_their_variants() {
        use FromLine::{Bare, Loose, Not, Patch, Prose, Strict};
        for (line, expected) in [
            ("From bob@example.com Mon Sep 21 12:00:07 2026", Strict),
            ("From MAILER-DAEMON  Fri Jun  2 09:05:00 1995", Strict),
            ("From - Mon Jan 01 00:00:00 2024", Strict),
            ("From ???@??? Mon Jan 01 00:00:00 2024", Strict),
            ("From bob Mon Sep 21 12:00 2026", Strict),
            ("From bob Mon Sep 21 12:00:07 26", Strict),
            ("From bob Mon Sep 21 12:00:07 EDT 2026", Strict),
            ("From bob Mon Sep 21 12:00:07 MET DST 2026", Strict),
            ("From bob Mon Sep 21 12:00:07 2026 +0200", Strict),
            ("From bob Mon Sep 21 12:00:07 -0500 2026", Strict),
            ("From bob Mon Sep 21 12:00:07 2026 remote from host", Strict),
            ("From MAILER-DAEMON Mon, 21 Sep 2026 12:00:07 +0200", Loose),
            ("From () 2026-09-21 12:00:07 +0000", Loose),
            ("From bob 2026-09-21T12:00:07Z", Loose),
            (
                "From Bob B. <bob@example.com> Mon Sep 21 12:00:07 2026",
                Loose,
            ),
            ("From Mon Sep 21 12:00:07 2026", Loose),
            ("From bob Sep 21 12:00:07 2026", Loose),
            (
                "From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001",
                Patch,
            ),
            ("From ", Bare),
            ("From -", Bare),
            ("From bob@example.com", Bare),
            ("From MAILER-DAEMON", Bare),
            ("From the desk of Bob", Prose),
            ("From Monday", Prose),
            ("From London at 10:30 on 3 May 2024", Prose),
            ("From 3 May 2024 on we close at 18:00", Prose),
            ("From bob Mon Sep 41 12:00:07 2026", Prose),
            ("From bob Mon Sep 21 12:99:07 2026", Prose),
            ("From: bob@example.com", Not),
            ("from bob Mon Sep 21 12:00:07 2026", Not),
            ("", Not),
        ] {
            assert_eq!(FromLine::of(line.as_bytes()), expected, "{line}");
        }
        let long = [b"From bob ", &[b'x'; 2000][..]].concat();
        assert_eq!(FromLine::of(&long), Prose);
    }
}
