//! Moments and spans as options and our own files write them.

use super::whole;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// An RFC 3339 moment as our own events hold it; `None` without an offset.
/// A fraction of a second is dropped.
pub fn parse_rfc3339(text: &str) -> Option<Timestamp> {
    text.trim().parse::<Timestamp>().ok().map(whole)
}

/// The value of `--now`, `--since` or `--until`: RFC 3339, the same without an
/// offset (then in `zone`), a date (its midnight in `zone`), or `now`.
pub fn parse_moment(text: &str, zone: &TimeZone, now: Timestamp) -> Result<Timestamp, String> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("now") {
        return Ok(whole(now));
    }
    if let Some(t) = parse_rfc3339(text) {
        return Ok(t);
    }
    local(text)
        .and_then(|dt| zone.to_timestamp(dt).ok())
        .map(whole)
        .ok_or_else(|| {
            format!(
                "{text:?} is no time: write a date (2026-11-03), \
                 a time (2026-11-03T10:11:12Z) or \"now\""
            )
        })
}

/// A date and time, or a date, without an offset.
fn local(text: &str) -> Option<DateTime> {
    // `DateTime` would also take a date with an offset or a zone and ignore them.
    let plain = |b: u8| b.is_ascii_digit() || matches!(b, b'-' | b':' | b'.' | b' ' | b'T' | b't');
    if !text.bytes().all(plain) {
        return None;
    }
    if text.len() == "2026-11-03".len() {
        return text.parse::<Date>().ok().map(DateTime::from);
    }
    text.parse().ok()
}

/// The value of `--last`: numbers with the units `w` `d` `h` `m` `s`, added up
/// (`24h`, `7d`, `36h30m`); a day is 24 hours. Never zero or less.
pub fn parse_span(text: &str) -> Result<SignedDuration, String> {
    seconds(text.trim())
        .filter(|&s| s > 0)
        .map(SignedDuration::from_secs)
        .ok_or_else(|| format!("{text:?} is no span: write for example 24h, 7d, 90m, 2w or 36h30m"))
}

fn seconds(text: &str) -> Option<i64> {
    let mut total: i64 = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, tail) = rest.split_at_checked(digits)?;
        let unit = tail.chars().next()?;
        let amount: i64 = number.parse().ok()?;
        total = total.checked_add(amount.checked_mul(unit_seconds(unit)?)?)?;
        rest = tail.get(unit.len_utf8()..)?;
    }
    // What reaches back further than any calendar is a slip of the finger.
    (total <= 100 * 366 * 86_400).then_some(total)
}

fn unit_seconds(unit: char) -> Option<i64> {
    Some(match unit.to_ascii_lowercase() {
        'w' => 7 * 86_400,
        'd' => 86_400,
        'h' => 3_600,
        'm' => 60,
        's' => 1,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::rfc3339;

    #[test]
    fn i7_our_own_times_read_back() {
        let cases = [
            ("2026-11-03T09:11:12Z", Some("2026-11-03T09:11:12Z")),
            ("2026-11-03T10:11:12.75+01:00", Some("2026-11-03T09:11:12Z")),
            ("2026-11-03T09:11:12", None),
            ("2026-11-03", None),
            ("2026-13-03T09:11:12Z", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(
                parse_rfc3339(text).map(rfc3339).as_deref(),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn p7_since_and_until_take_dates_times_and_now() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let now = "2026-11-24T06:00:00.5Z".parse().unwrap();
        let cases = [
            ("now", Some("2026-11-24T06:00:00Z")),
            ("2026-11-03", Some("2026-11-02T23:00:00Z")),
            ("2026-07-03", Some("2026-07-02T22:00:00Z")),
            ("2026-11-03T10:11", Some("2026-11-03T09:11:00Z")),
            ("2026-11-03 10:11:12", Some("2026-11-03T09:11:12Z")),
            ("2026-11-03T10:11:12-05:00", Some("2026-11-03T15:11:12Z")),
            // The hour that does not exist is moved to the one after it.
            ("2026-03-29T02:30:00", Some("2026-03-29T01:30:00Z")),
            ("2026-11-31", None),
            ("2026-11-03+05:00", None),
            ("3 Nov 2026", None),
            ("1762164672", None),
            ("", None),
        ];
        for (text, expected) in cases {
            let got = parse_moment(text, &zone, now).ok().map(rfc3339);
            assert_eq!(got.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn p7_last_takes_spans() {
        let cases = [
            ("24h", Some(86_400)),
            ("7d", Some(604_800)),
            ("90m", Some(5_400)),
            ("2w", Some(1_209_600)),
            ("36h30m", Some(131_400)),
            ("30S", Some(30)),
            ("0h", None),
            ("h", None),
            ("24", None),
            ("-24h", None),
            ("1y", None),
            ("5µ", None),
            ("99999999999999999999d", None),
            ("9223372036854775807w", None),
            ("", None),
        ];
        for (text, expected) in cases {
            let got = parse_span(text).ok().map(|d| d.as_secs());
            assert_eq!(got, expected, "{text}");
        }
    }
}
