//! Dates in mails: RFC 5322 and everything that passes for it.

use super::scan::Scan;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// No date is longer; what follows is text.
const LONGEST: usize = 256;

/// The moment that a `Date` field, or any other date in a mail, stands for.
///
/// Reads RFC 5322 section 3.3 and its obsolete forms (section 4.3: two- and
/// three-digit years, zone names, comments), `asctime` with a zone before or
/// after the year, RFC 3339 and its relatives (`2024-05-01 10-20-30`), the dates of
/// Go (`m=+0.1` is cut off) and JavaScript (`GMT+0200`), day-first dates with dots,
/// and month names in several languages. Weekdays are not believed. A date without
/// a time is its midnight; a second of 60 is 59; 24:00 is the next midnight.
///
/// A time without a zone, or with one that cannot be read, is taken to be in
/// `zone`. `None` where the text gives no day, month and year, or gives them
/// ambiguously (`03/04/2024`), or where there is no such day or time.
/// The year is not judged: see [`super::plausible`].
pub fn parse_mail_date(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    scan(text)?.moment(zone)
}

fn scan(text: &str) -> Option<Scan<'_>> {
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut scan = Scan::new(text.get(..end)?);
    scan.run()?;
    Some(scan)
}

/// The date of a `Received` field: what stands behind its last semicolon (RFC 5321
/// section 4.4), or behind an earlier one where the last is inside a comment.
pub fn received_date(value: &str, zone: &TimeZone) -> Option<Timestamp> {
    let mut end = value.len();
    for _ in 0..4 {
        let semicolon = value.get(..end)?.rfind(';')?;
        let date = parse_mail_date(value.get(semicolon + 1..)?, zone);
        if date.is_some() {
            return date;
        }
        end = semicolon;
    }
    None
}

/// The date of the `From ` line that opens a message in an mbox (RFC 4155):
/// `From user@example.org Mon Jan  1 00:00:00 2024`, with or without a zone.
/// A quoted sender may contain blanks.
pub fn envelope_date(from_line: &[u8], zone: &TimeZone) -> Option<Timestamp> {
    let line = from_line.get(..from_line.len().min(4 * LONGEST))?;
    let text = String::from_utf8_lossy(line);
    let rest = text.strip_prefix("From ")?.trim_start();
    let mut quoted = false;
    let blank = rest.find(|c: char| {
        quoted ^= c == '"';
        !quoted && c.is_ascii_whitespace()
    })?;
    let date = scan(rest.get(blank..)?)?;
    // Prose that begins with "From" may name a day, but seldom a time.
    date.has_time().then(|| date.moment(zone)).flatten()
}

#[cfg(test)]
#[path = "mail_tests.rs"]
mod tests;
