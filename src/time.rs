//! Moments as mails write them: parse, print, compare.
//!
//! A mail's date is whatever its writer felt like: RFC 5322 with or without its
//! obsolete forms, `asctime`, RFC 3339, or any of them in the writer's own
//! language. [`parse_mail_date`] reads all of these with one scanner that
//! collects what it recognises (day, month, year, time, zone) wherever it stands,
//! and gives `None` rather than a guess where the parts do not make one moment:
//! a bounce without a date is counted as undated, one with a wrong date lands in
//! the wrong window.
//!
//! Every moment is a [`Timestamp`] of whole seconds. The clock is never read here.
//!
//! ```
//! use bounce::time;
//! use jiff::tz::TimeZone;
//!
//! let moment = time::parse_mail_date("Tue, 3 Nov 26 10:11:12 CET", &TimeZone::UTC);
//! assert_eq!(moment.map(time::rfc3339).as_deref(), Some("2026-11-03T09:11:12Z"));
//! ```

mod export;
mod log;
mod mail;
mod moment;
mod scan;
mod words;

pub use export::export_date;
pub use log::log_date;
pub use mail::{envelope_date, parse_mail_date, received_date};
pub use moment::{parse_moment, parse_rfc3339, parse_span};

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// 1990-01-01T00:00:00Z in Unix seconds: what claims to be older is a broken clock.
const EARLIEST: i64 = 631_152_000;

/// How far a clock may run ahead of ours, in seconds: 48 hours.
const AHEAD: i64 = 48 * 3600;

/// True from 1990 up to 48 hours after `now`; other dates are taken as absent.
pub fn plausible(t: Timestamp, now: Timestamp) -> bool {
    (EARLIEST..=now.as_second().saturating_add(AHEAD)).contains(&t.as_second())
}

/// RFC 3339 in UTC with whole seconds: `2026-11-03T09:11:12Z`.
pub fn rfc3339(t: Timestamp) -> String {
    let mut out = String::with_capacity("2026-11-03T09:11:12Z".len());
    push_rfc3339(t, &mut out);
    out
}

/// The same, behind what is in `out`.
pub fn push_rfc3339(t: Timestamp, out: &mut String) {
    let t = whole(t);
    let at = TimeZone::UTC.to_datetime(t);
    // Every event has two or three moments; general formatting takes ten times as long.
    let (Ok(year @ 0..=9999), second) = (u16::try_from(at.year()), at.second()) else {
        return out.push_str(&format!("{t:.0}"));
    };
    let century = i8::try_from(year / 100).unwrap_or_default();
    let rest = i8::try_from(year % 100).unwrap_or_default();
    for (two, mark) in [
        (century, ""),
        (rest, "-"),
        (at.month(), "-"),
        (at.day(), "T"),
        (at.hour(), ":"),
        (at.minute(), ":"),
        (second, "Z"),
    ] {
        let two = two.unsigned_abs();
        out.push(char::from(b'0' + two / 10));
        out.push(char::from(b'0' + two % 10));
        out.push_str(mark);
    }
}

/// The moment without its fraction of a second.
fn whole(t: Timestamp) -> Timestamp {
    Timestamp::from_second(t.as_second()).unwrap_or(t)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn e1_times_are_whole_seconds_in_utc() {
        let cases = [
            ("2026-11-03T10:11:12.999+01:00", "2026-11-03T09:11:12Z"),
            ("1999-12-31T23:59:59Z", "1999-12-31T23:59:59Z"),
            ("0007-02-03T04:05:06Z", "0007-02-03T04:05:06Z"),
            ("-000001-02-03T04:05:06Z", "-000001-02-03T04:05:06Z"),
        ];
        for (text, expected) in cases {
            assert_eq!(rfc3339(at(text)), expected);
        }
    }

    #[test]
    fn t13_plausible_from_1990_to_48_hours_ahead() {
        let now = at("2026-11-24T06:00:00Z");
        let cases = [
            ("1989-12-31T23:59:59Z", false),
            ("1990-01-01T00:00:00Z", true),
            ("1970-01-01T00:00:00Z", false),
            ("2026-11-26T06:00:00Z", true),
            ("2026-11-26T06:00:01Z", false),
        ];
        for (text, expected) in cases {
            assert_eq!(plausible(at(text), now), expected, "{text}");
        }
    }
}
