//! What the cells of a sent log say: moments, counts, streams.

use super::Resolution;
use crate::event::Stream;
use crate::row::{fold, truth};
use crate::time;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::borrow::Cow;

/// Which part of `03/04/2026` is the month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The file does not tell.
    #[default]
    Unknown,
    /// As in the United States.
    MonthFirst,
    /// As elsewhere.
    DayFirst,
}

impl Order {
    /// What a date tells of the order of its file: `25/12/2026` has the day first.
    pub fn told_by(text: &str) -> Option<Order> {
        let mut parts = text.trim().splitn(3, '/');
        let mut number = || parts.next()?.parse::<u8>().ok();
        match (number()?, number()?) {
            (13..=31, 1..=12) => Some(Order::DayFirst),
            (1..=12, 13..=31) => Some(Order::MonthFirst),
            _ => None,
        }
    }
}

/// The moment, or the UTC day, that a cell stands for.
///
/// The two layouts that logs are full of are read by hand, the rest as in exports of
/// bounces ([`time::export_date`]). A date without a time is a day in UTC, whatever the
/// zone.
pub fn moment(text: &str, zone: &TimeZone, order: Order) -> Option<(Timestamp, Resolution)> {
    if let Some((seconds, end)) = civil(text.as_bytes()) {
        let rest = text.get(end..).unwrap_or_default();
        if end == DATE {
            if rest.is_empty() {
                return Some((Timestamp::from_second(seconds).ok()?, Resolution::Day));
            }
        } else if rest == "Z" || rest == "+00:00" || rest.is_empty() && *zone == TimeZone::UTC {
            return Some((Timestamp::from_second(seconds).ok()?, Resolution::Second));
        }
    }
    let text = text.trim();
    let swapped = match order {
        Order::DayFirst => month_before_day(text),
        _ => None,
    };
    let first = order != Order::Unknown;
    let text = swapped.as_deref().unwrap_or(text);
    if is_day(text) {
        let day = time::export_date(text, &TimeZone::UTC, first)?;
        return Some((day, Resolution::Day));
    }
    Some((time::export_date(text, zone, first)?, Resolution::Second))
}

/// The length of `2026-11-03`.
const DATE: usize = 10;
/// The length of `2026-11-03T10:11:12`.
const DATE_TIME: usize = 19;

/// `2026-11-03`, perhaps with `T10:11:12` or ` 10:11:12`, at the beginning of `b`: seconds
/// since 1970 as if it were UTC, and where it ends.
fn civil(b: &[u8]) -> Option<(i64, usize)> {
    let two = |at: usize| -> Option<i64> {
        let (a, b) = (
            b.get(at)?.wrapping_sub(b'0'),
            b.get(at + 1)?.wrapping_sub(b'0'),
        );
        (a < 10 && b < 10).then(|| i64::from(a) * 10 + i64::from(b))
    };
    if b.get(4) != Some(&b'-') || b.get(7) != Some(&b'-') {
        return None;
    }
    let (year, month, day) = (two(0)? * 100 + two(2)?, two(5)?, two(8)?);
    if !(1..=12).contains(&month) || day < 1 || day > days_in(year, month) {
        return None;
    }
    let midnight = days(year, month, day) * 86_400;
    if !matches!(b.get(DATE), Some(b'T' | b' ')) || b.len() < DATE_TIME {
        return Some((midnight, DATE));
    }
    let (hour, minute, second) = (two(11)?, two(14)?, two(17)?);
    let fits = b.get(13) == Some(&b':') && b.get(16) == Some(&b':');
    (fits && hour < 24 && minute < 60 && second < 60)
        .then_some((midnight + hour * 3_600 + minute * 60 + second, DATE_TIME))
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01, by counting years from March, so that the leap day is the last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    365 * year + leaps + (153 * month + 2) / 5 + day - 1 - 719_468
}

/// Whether a text is a date without a time of day.
fn is_day(text: &str) -> bool {
    let dated = text.contains(['-', '/', '.']);
    dated && text.len() <= DATE && !text.contains(':')
}

/// `25/12/2026 …` as `12/25/2026 …`.
fn month_before_day(text: &str) -> Option<String> {
    let (day, rest) = text.split_once('/')?;
    let (month, rest) = rest.split_once('/')?;
    let short = |t: &str| (1..=2).contains(&t.len());
    (short(day) && short(month)).then(|| format!("{month}/{day}/{rest}"))
}

/// A cell that counts, dates or affirms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// So many messages.
    Number(u64),
    /// Whether it was sent.
    Truth(bool),
}

/// Most messages that one row may stand for; more is a number of something else.
const MOST: u64 = 1_000_000_000;

/// How many messages a cell stands for: digits, perhaps in groups of three.
pub fn count(text: &str) -> Option<Count> {
    let number = text.strip_suffix(".0").unwrap_or(text);
    if number.bytes().all(|b| b.is_ascii_digit()) {
        let number = number.parse().ok().filter(|n| *n <= MOST)?;
        return Some(Count::Number(number));
    }
    if let Some(digits) = grouped(number) {
        let number = digits.parse().ok().filter(|n| *n <= MOST)?;
        return Some(Count::Number(number));
    }
    let word = text.starts_with(char::is_alphabetic);
    truth(text).filter(|_| word).map(Count::Truth)
}

/// `1,234`, `1.234.567`, `1 234`, `1'234` without what separates the groups.
fn grouped(text: &str) -> Option<String> {
    let mut groups = text.split([',', '.', ' ', '\'', '\u{a0}', '\u{202f}', '’']);
    let digits = |g: &str| !g.is_empty() && g.bytes().all(|b| b.is_ascii_digit());
    let first = groups.next().filter(|g| digits(g) && g.len() <= 3)?;
    let mut out = first.to_owned();
    for group in groups {
        if !digits(group) || group.len() != 3 {
            return None;
        }
        out.push_str(group);
    }
    Some(out)
}

/// The stream that a cell names: words with "warm" and "up", or yes in a column of that
/// name, are warm-up; everything else is real mail.
pub fn stream(text: &str) -> Stream {
    let warm = match text {
        "campaign" => false,
        _ => fold(text).contains("warmup") || truth(text) == Some(true),
    };
    if warm {
        Stream::Warmup
    } else {
        Stream::Campaign
    }
}

/// What names of events hold that are about something else than sending: what became of a
/// message, of a lead, of an account. A message has several events, and one is the send:
/// Amazon's `Send`, Mailgun's `accepted`, SendGrid's `processed`, SparkPost's `injection`,
/// KumoMTA's `Reception`. What is unknown is taken for one, since the file is a sent log.
const OTHER_EVENTS: &[&str] = &[
    "open",
    "click",
    "repl",
    "respon",
    "bounc",
    "deliver",
    "defer",
    "delay",
    "drop",
    "subscri",
    "optout",
    "complain",
    "spam",
    "feedback",
    "reject",
    "fail",
    "block",
    "expir",
    "error",
    "view",
    "interest",
    "complet",
    "finish",
    "pause",
    "resum",
    "skip",
    "visit",
    "hook",
    "attract",
    "call",
    "linkedin",
    "outofband",
    "received",
    "categor",
    "geöffnet",
    "geklickt",
    "antwort",
    "ouvert",
    "cliqu",
    "abiert",
    "apert",
];

/// Whether a word of a log of all events stands for something else than a send. PowerMTA
/// has letters, of which `d` or `b` is the last record of each message.
pub fn is_other_event(word: &str) -> bool {
    let word = fold(word);
    let sends = word.ends_with("sent") || word.ends_with("send");
    matches!(word.as_str(), "rb" | "rs" | "t" | "tq" | "f" | "p")
        || !sends && OTHER_EVENTS.iter().any(|other| word.contains(other))
}

/// Whether a status says that the message has not been sent.
pub fn is_unsent(status: &str) -> bool {
    matches!(
        fold(status).as_str(),
        "draft"
            | "drafted"
            | "scheduled"
            | "planned"
            | "queued"
            | "inqueue"
            | "pending"
            | "waiting"
            | "notsent"
            | "unsent"
            | "skipped"
            | "cancelled"
            | "canceled"
            | "paused"
            | "dropped"
            | "suppressed"
            | "entwurf"
            | "geplant"
            | "brouillon"
            | "borrador"
            | "bozza"
    )
}

/// Whether a cell says that its row is the sum of the others, or their average.
pub fn is_total(text: &str) -> bool {
    const LONGEST: usize = 20;
    text.len() <= LONGEST
        && matches!(
            fold(text).as_str(),
            "total"
                | "totals"
                | "grandtotal"
                | "subtotal"
                | "sum"
                | "overall"
                | "all"
                | "alle"
                | "tous"
                | "todos"
                | "average"
                | "avg"
                | "durchschnitt"
                | "moyenne"
                | "promedio"
                | "summe"
                | "gesamt"
                | "gesamtsumme"
                | "insgesamt"
                | "totaux"
                | "totale"
                | "totales"
                | "totaal"
                | "итого"
                | "всего"
                | "总计"
                | "合计"
                | "合計"
        )
}

/// A Message-ID without angle brackets and blanks.
pub fn message_id(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(bare_id(text)),
        Cow::Owned(text) => Cow::Owned(bare_id(&text).to_owned()),
    }
}

fn bare_id(text: &str) -> &str {
    let open = memchr::memchr(b'<', text.as_bytes()).map_or(0, |at| at + 1);
    let inner = text.get(open..).unwrap_or(text);
    let close = memchr::memchr(b'>', inner.as_bytes()).unwrap_or(inner.len());
    inner.get(..close).unwrap_or(inner).trim()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn i8_moments_and_days_of_sent_logs() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        for (text, order, expected, resolution) in [
            (
                "2026-11-03T10:11:12Z",
                Order::Unknown,
                Some("2026-11-03T10:11:12Z"),
                Resolution::Second,
            ),
            (
                "2026-11-03 10:11:12",
                Order::Unknown,
                Some("2026-11-03T09:11:12Z"),
                Resolution::Second,
            ),
            (
                "2026-11-03T10:11:12.5+01:00",
                Order::Unknown,
                Some("2026-11-03T09:11:12Z"),
                Resolution::Second,
            ),
            (
                "2026-11-03",
                Order::Unknown,
                Some("2026-11-03T00:00:00Z"),
                Resolution::Day,
            ),
            (
                "2024-02-29",
                Order::Unknown,
                Some("2024-02-29T00:00:00Z"),
                Resolution::Day,
            ),
            (
                "25/12/2026",
                Order::Unknown,
                Some("2026-12-25T00:00:00Z"),
                Resolution::Day,
            ),
            (
                "03/04/2026",
                Order::MonthFirst,
                Some("2026-03-04T00:00:00Z"),
                Resolution::Day,
            ),
            (
                "03/04/2026",
                Order::DayFirst,
                Some("2026-04-03T00:00:00Z"),
                Resolution::Day,
            ),
            (
                "25/12/2026 15:04",
                Order::DayFirst,
                Some("2026-12-25T14:04:00Z"),
                Resolution::Second,
            ),
            (
                "1793700672",
                Order::Unknown,
                Some("2026-11-03T10:11:12Z"),
                Resolution::Second,
            ),
            (
                "Tue, 3 Nov 2026 10:11:12 +0000",
                Order::Unknown,
                Some("2026-11-03T10:11:12Z"),
                Resolution::Second,
            ),
            ("03/04/2026", Order::Unknown, None, Resolution::Day),
            ("2026-11-31", Order::Unknown, None, Resolution::Day),
            (
                "2026-11-03T25:11:12Z",
                Order::Unknown,
                None,
                Resolution::Second,
            ),
            ("yesterday", Order::Unknown, None, Resolution::Second),
            ("", Order::Unknown, None, Resolution::Second),
        ] {
            let got = moment(text, &zone, order);
            assert_eq!(
                got.map(|(t, _)| time::rfc3339(t)).as_deref(),
                expected,
                "{text}"
            );
            assert!(got.is_none_or(|(_, r)| r == resolution), "{text}");
        }
    }

    #[test]
    fn i8_counts() {
        for (text, expected) in [
            ("0", Some(Count::Number(0))),
            ("120", Some(Count::Number(120))),
            ("1,234", Some(Count::Number(1234))),
            ("1.234.567", Some(Count::Number(1_234_567))),
            ("12 345", Some(Count::Number(12_345))),
            ("120.0", Some(Count::Number(120))),
            ("TRUE", Some(Count::Truth(true))),
            ("no", Some(Count::Truth(false))),
            ("-1", None),
            ("12.5", None),
            ("9999999999999", None),
            ("2026-11-03", None),
        ] {
            assert_eq!(count(text), expected, "{text}");
        }
    }

    #[test]
    fn i8_streams() {
        for (text, expected) in [
            ("campaign", Stream::Campaign),
            ("outbound", Stream::Campaign),
            ("Warm-up", Stream::Warmup),
            ("warmup", Stream::Warmup),
            ("true", Stream::Warmup),
            ("false", Stream::Campaign),
        ] {
            assert_eq!(stream(text), expected, "{text}");
        }
    }

    #[test]
    fn i8_of_events_only_sends_count() {
        for (word, other) in [
            ("emailsSent", false),
            ("EMAIL_SENT", false),
            ("Send", false),
            ("accepted", false),
            ("processed", false),
            ("injection", false),
            ("follow-up", false),
            ("reply sent", false),
            ("d", false),
            ("rb", true),
            ("delivered", true),
            ("emailsOpened", true),
            ("EMAIL_BOUNCE", true),
            ("group_unsubscribe", true),
            ("policy_rejection", true),
        ] {
            assert_eq!(is_other_event(word), other, "{word}");
        }
    }

    #[test]
    fn i8_message_ids_are_bare() {
        for (text, expected) in [
            ("<a@b>", "a@b"),
            (" <a@b> ", "a@b"),
            ("a@b", "a@b"),
            ("x <a@b> y", "a@b"),
            ("<>", ""),
            ("", ""),
        ] {
            assert_eq!(message_id(Cow::Borrowed(text)), expected, "{text}");
            assert_eq!(message_id(Cow::Owned(text.to_owned())), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn i8_the_fast_path_reads_as_the_library(
            (year, month, day) in (1970_i64..2100, 0_i64..14, 0_i64..33),
            (hour, minute, second) in (0..25, 0..61, 0..61),
        ) {
            let text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z");
            let fast = civil(text.as_bytes()).filter(|(_, end)| *end == DATE_TIME).map(|(s, _)| s);
            let slow = text.parse::<Timestamp>().ok().map(|t| t.as_second());
            // The library takes a leap second for the one before it.
            prop_assert!(fast == slow || fast.is_none() && second == 60, "{text} {fast:?} {slow:?}");
        }
    }
}
