//! The times that logs write.

use super::{AHEAD, export_date};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

/// TAI64 counts from here, in seconds, before 1970-01-01 00:00:00 TAI.
const TAI64: u64 = 1 << 62;
/// What daemontools takes TAI to be ahead of UTC in its labels, in seconds.
const TAI_AHEAD: i64 = 10;
/// How many years back a day may lie: between two days of 29 February there can be eight.
const YEARS: i16 = 8;

/// The moment at the start of a line of a log.
///
/// Reads syslog's `Nov 24 08:01:02`, TAI64N (`@4000…`, as `multilog` of daemontools
/// writes it: ten seconds ahead of UTC), Unix time, RFC 3339 and everything else that
/// [`export_date`] reads. Times without a zone are in `zone`. A time without a year is the
/// latest of its name that is not more than 48 hours after `now`: a log that is older
/// than a year needs a `now` of its time.
pub fn log_date(text: &str, zone: &TimeZone, now: Timestamp) -> Option<Timestamp> {
    if let Some(label) = text.strip_prefix('@') {
        return tai64n(label);
    }
    if text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.get(4..8).is_some_and(is_day) {
        return without_year(text, zone, now);
    }
    export_date(text, zone, false)
}

/// Not the year of `Tue 2026-11-24`.
fn is_day(text: &str) -> bool {
    text.ends_with(' ') || text.get(2..3) == Some(" ")
}

/// Sixteen hexadecimal digits of seconds, eight of nanoseconds.
fn tai64n(label: &str) -> Option<Timestamp> {
    let seconds = u64::from_str_radix(label.get(..16)?, 16).ok()?;
    let seconds = i64::try_from(seconds.checked_sub(TAI64)?).ok()?;
    Timestamp::from_second(seconds.checked_sub(TAI_AHEAD)?).ok()
}

/// `Nov 24 08:01:02`, perhaps with a fraction.
fn without_year(text: &str, zone: &TimeZone, now: Timestamp) -> Option<Timestamp> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let name = text.get(..3)?;
    let month = (1..)
        .zip(MONTHS)
        .find(|(_, m)| *m == name)
        .map(|(n, _)| n)?;
    let number = |from: usize| text.get(from..from + 2)?.trim_start().parse::<i8>().ok();
    let day = number(4)?;
    let time = Time::new(number(7)?, number(10)?, number(13)?.min(59), 0).ok()?;
    let latest = now.as_second().saturating_add(AHEAD);
    let year = zone.to_datetime(now).year();
    (0..=YEARS + 1)
        .filter_map(|back| Date::new(year + 1 - back, month, day).ok())
        .filter_map(|date| zone.to_timestamp(DateTime::from_parts(date, time)).ok())
        .find(|moment| moment.as_second() <= latest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::rfc3339;

    #[test]
    fn i6_times_of_logs() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        for (text, now, expected) in [
            (
                "Nov 24 08:01:02",
                "2026-11-24T09:00:00Z",
                Some("2026-11-24T07:01:02Z"),
            ),
            (
                "Nov  4 08:01:02.123456",
                "2026-11-24T09:00:00Z",
                Some("2026-11-04T07:01:02Z"),
            ),
            // The year before, where it would lie ahead; a clock may be two days wrong.
            (
                "Dec 31 23:59:60",
                "2026-01-01T00:10:00Z",
                Some("2025-12-31T22:59:59Z"),
            ),
            (
                "Jan  1 00:10:00",
                "2025-12-31T23:00:00Z",
                Some("2025-12-31T23:10:00Z"),
            ),
            (
                "Nov 26 09:00:00",
                "2026-11-24T09:00:00Z",
                Some("2026-11-26T08:00:00Z"),
            ),
            (
                "Nov 26 11:00:00",
                "2026-11-24T09:00:00Z",
                Some("2025-11-26T10:00:00Z"),
            ),
            (
                "Feb 29 12:00:00",
                "2026-11-24T09:00:00Z",
                Some("2024-02-29T11:00:00Z"),
            ),
            ("Feb 30 12:00:00", "2026-11-24T09:00:00Z", None),
            ("Foo 24 08:01:02", "2026-11-24T09:00:00Z", None),
            ("Nov 24 25:01:02", "2026-11-24T09:00:00Z", None),
            (
                "2026-11-24T08:01:02.123456+01:00",
                "2026-11-24T09:00:00Z",
                Some("2026-11-24T07:01:02Z"),
            ),
            (
                "2026-11-24 08:01:02",
                "2026-11-24T09:00:00Z",
                Some("2026-11-24T07:01:02Z"),
            ),
            (
                "2026-11-24 08:01:02.500",
                "2026-11-24T09:00:00Z",
                Some("2026-11-24T07:01:02Z"),
            ),
            (
                "2026-11-24 08:01:02 +0000",
                "2026-11-24T09:00:00Z",
                Some("2026-11-24T08:01:02Z"),
            ),
            (
                "Tue 2026-11-24 08:01:02 UTC",
                "2026-11-24T09:00:00Z",
                Some("2026-11-24T08:01:02Z"),
            ),
            (
                "1790083507.123456",
                "2026-11-24T09:00:00Z",
                Some("2026-09-22T13:25:07Z"),
            ),
            (
                "@400000003eda3ed303668b4c",
                "2026-11-24T09:00:00Z",
                Some("2003-06-01T17:58:33Z"),
            ),
            ("@4000", "2026-11-24T09:00:00Z", None),
            ("", "2026-11-24T09:00:00Z", None),
        ] {
            let got = log_date(text, &zone, now.parse().unwrap()).map(rfc3339);
            assert_eq!(got.as_deref(), expected, "{text}");
        }
    }
}
