//! Any text as a date of each kind: what is read can be written and read again.
#![no_main]

use bounce::time;
use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let (zone, now) = (TimeZone::UTC, bounce_fuzz::setting().now);
    let read = [
        time::parse_mail_date(&text, &zone),
        time::received_date(&text, &zone),
        time::envelope_date(bytes, &zone),
        time::export_date(&text, &zone, false),
        time::export_date(&text, &zone, true),
        time::log_date(&text, &zone, now),
        time::parse_rfc3339(&text),
        time::parse_moment(&text, &zone, now).ok(),
    ];
    for moment in read.into_iter().flatten().filter(|m| time::plausible(*m, now)) {
        let written = time::rfc3339(moment);
        let again = time::parse_rfc3339(&written).expect("what was written is read");
        assert_eq!(again.as_second(), moment.as_second());
    }
    let _ = time::parse_span(&text);
});
