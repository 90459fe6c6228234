//! Moments in exports: Unix time and dates of spreadsheets besides those of mails.

use super::{moment, parse_mail_date, parse_rfc3339, whole};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The moment that a cell stands for.
///
/// Reads Unix time in seconds, milliseconds or microseconds (with or without a
/// fraction), RFC 3339, everything that [`parse_mail_date`] reads, and dates with
/// slashes where the day and the month cannot be mistaken: `25/12/2026`,
/// `12/25/2026 3:04 PM`, `2026/12/25`. `month_first` says which way
/// `03/04/2026` is meant; without it that is `None`, as the day of a bounce is not
/// to be guessed. Times without a zone are in `zone`.
pub fn export_date(text: &str, zone: &TimeZone, month_first: bool) -> Option<Timestamp> {
    let text = text.trim();
    // Microsoft's JSON before RFC 3339.
    let inner = text
        .strip_prefix("/Date(")
        .and_then(|t| t.strip_suffix(")/"));
    let text = inner.unwrap_or(text);
    unix(text)
        .or_else(|| parse_rfc3339(text))
        .or_else(|| with_slashes(text, zone, month_first))
        .or_else(|| parse_mail_date(text, zone))
        .or_else(|| moment::parse_moment(text, zone, Timestamp::UNIX_EPOCH).ok())
        .map(whole)
}

/// Seconds since 1970, or thousandths or millionths of them, by their size.
fn unix(text: &str) -> Option<Timestamp> {
    let (digits, fraction) = text.split_once('.').unwrap_or((text, ""));
    let plain = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if !(9..=17).contains(&digits.len()) || !plain(digits) || !plain(fraction) {
        return None;
    }
    let number: i64 = digits.parse().ok()?;
    let seconds = match digits.len() {
        ..=11 => number,
        12..=14 => number / 1_000,
        _ => number / 1_000_000,
    };
    Timestamp::from_second(seconds).ok()
}

/// `25/12/2026`, `12/25/26 3:04 PM`, `2026/12/25 15:04:05`.
fn with_slashes(text: &str, zone: &TimeZone, month_first: bool) -> Option<Timestamp> {
    let (date, time) = text.split_once([' ', ',']).unwrap_or((text, ""));
    let parts: Vec<i16> = date
        .split('/')
        .map(|p| p.parse().ok())
        .collect::<Option<_>>()?;
    let [a, b, c] = parts[..] else { return None };
    let (year, month, day) = match (a, b, c) {
        (1000.., _, _) => (a, b, c),
        _ if a > 12 => (c, b, a),
        _ if b > 12 || month_first || a == b => (c, a, b),
        _ => return None,
    };
    let year = if (0..100).contains(&year) {
        year + 2000
    } else {
        year
    };
    let time = clock(time.trim_matches([' ', ',']))?;
    parse_mail_date(&format!("{year:04}-{month:02}-{day:02} {time}"), zone)
}

/// A time of day as 24 hours, with what follows it.
fn clock(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let (time, late) = match (lower.strip_suffix("pm"), lower.strip_suffix("am")) {
        (Some(time), _) => (time.trim(), 12),
        (_, Some(time)) => (time.trim(), 0),
        _ => return Some(text.to_owned()),
    };
    let (hour, rest) = time.split_once(':')?;
    let hour: u8 = hour.parse().ok().filter(|h| (1..=12).contains(h))?;
    Some(format!("{:02}:{rest}", hour % 12 + late))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::rfc3339;

    #[test]
    fn i5_dates_of_exports() {
        for (text, month_first, expected) in [
            ("1790083507", false, Some("2026-09-22T13:25:07Z")),
            ("1790083507.375", false, Some("2026-09-22T13:25:07Z")),
            ("1790083507123", false, Some("2026-09-22T13:25:07Z")),
            (
                "2026-09-22T09:25:07.3963933-04:00",
                false,
                Some("2026-09-22T13:25:07Z"),
            ),
            (
                "2026-03-21T20:47:47+0100",
                false,
                Some("2026-03-21T19:47:47Z"),
            ),
            (
                "2026-09-21 12:00:07+0000",
                false,
                Some("2026-09-21T12:00:07Z"),
            ),
            ("2026-09-21 12:00:07", false, Some("2026-09-21T12:00:07Z")),
            ("2026-09-21", false, Some("2026-09-21T00:00:00Z")),
            (
                "Fri, 18 Oct 2024 18:28:14 UTC",
                false,
                Some("2024-10-18T18:28:14Z"),
            ),
            ("25/12/2026", false, Some("2026-12-25T00:00:00Z")),
            ("12/25/2026 3:04 PM", false, Some("2026-12-25T15:04:00Z")),
            (
                "12/25/2026 12:04:05 AM",
                false,
                Some("2026-12-25T00:04:05Z"),
            ),
            ("2026/12/25 15:04:05", false, Some("2026-12-25T15:04:05Z")),
            ("25.12.2026 15:04", false, Some("2026-12-25T15:04:00Z")),
            ("03/04/2026", false, None),
            ("03/04/2026", true, Some("2026-03-04T00:00:00Z")),
            ("13/14/2026", false, None),
            ("/Date(1790083507123)/", false, Some("2026-09-22T13:25:07Z")),
            ("12345", false, None),
            ("yesterday", false, None),
            ("", false, None),
        ] {
            let got = export_date(text, &TimeZone::UTC, month_first).map(rfc3339);
            assert_eq!(got.as_deref(), expected, "{text}");
        }
    }
}
