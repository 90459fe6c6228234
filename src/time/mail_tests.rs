use super::*;
use crate::time::rfc3339;
use jiff::tz::Offset;
use proptest::prelude::*;

/// Each date and what it means, with `None` for no date, where a time without a
/// zone is taken to be an hour ahead of UTC.
fn check(cases: &[(&str, Option<&str>)]) {
    let zone = TimeZone::fixed(Offset::from_seconds(3600).unwrap());
    for (text, expected) in cases {
        let got = parse_mail_date(text, &zone).map(rfc3339);
        assert_eq!(got.as_deref(), *expected, "{text}");
    }
}

#[test]
fn t13_rfc_5322_dates() {
    check(&[
        (
            "Tue, 03 Nov 2026 10:11:12 +0100 (CET)",
            Some("2026-11-03T09:11:12Z"),
        ),
        (
            "Tue, 3 Nov 2026 10:11:12 -0330",
            Some("2026-11-03T13:41:12Z"),
        ),
        ("3 Nov 2026 10:11 +0000", Some("2026-11-03T10:11:00Z")),
        (
            "Tue, 03 Nov 2026 10:11:12 -0000",
            Some("2026-11-03T10:11:12Z"),
        ),
        (
            "Tue,3 Nov 2026 10:11:12 +0100",
            Some("2026-11-03T09:11:12Z"),
        ),
        (
            "Tue, 03 Nov 2026\r\n 10:11:12 +0100",
            Some("2026-11-03T09:11:12Z"),
        ),
        (
            "Tue (not (really)), 3 (x) Nov 2026 10:11:12 +0100",
            Some("2026-11-03T09:11:12Z"),
        ),
        (
            "Mon, 03 Nov 2026 10:11:12 +0100",
            Some("2026-11-03T09:11:12Z"),
        ),
        (
            "Tue, 03 Nov 2026 23:59:60 +0000",
            Some("2026-11-03T23:59:59Z"),
        ),
        (
            "Tue, 03 Nov 2026 24:00:00 +0000",
            Some("2026-11-04T00:00:00Z"),
        ),
        (
            "tue, 03 NOV 2026 10:11:12 +0100",
            Some("2026-11-03T09:11:12Z"),
        ),
        (
            "Tue, 03-Nov-2026 10:11:12 GMT",
            Some("2026-11-03T10:11:12Z"),
        ),
        ("10:11:12 03-Nov-2026 GMT", Some("2026-11-03T10:11:12Z")),
    ]);
}

#[test]
fn t13_obsolete_years() {
    check(&[
        ("3 Nov 26 10:11:12 GMT", Some("2026-11-03T10:11:12Z")),
        ("3 Nov 49 10:11:12 GMT", Some("2049-11-03T10:11:12Z")),
        ("3 Nov 97 10:11:12 GMT", Some("1997-11-03T10:11:12Z")),
        ("3 Nov 126 10:11:12 GMT", Some("2026-11-03T10:11:12Z")),
        ("3 Nov 0026 10:11:12 GMT", Some("0026-11-03T10:11:12Z")),
        ("3 Nov 6 10:11:12 GMT", None),
    ]);
}

#[test]
fn t13_zone_names() {
    check(&[
        ("3 Nov 2026 10:11:12 EST", Some("2026-11-03T15:11:12Z")),
        ("3 Nov 2026 10:11:12 PDT", Some("2026-11-03T17:11:12Z")),
        ("3 Nov 2026 10:11:12 CEST", Some("2026-11-03T08:11:12Z")),
        ("3 Nov 2026 10:11:12 JST", Some("2026-11-03T01:11:12Z")),
        ("3 Nov 2026 10:11:12 MSK", Some("2026-11-03T07:11:12Z")),
        ("3 Nov 2026 10:11:12 BST", Some("2026-11-03T09:11:12Z")),
        ("3 Nov 2026 10:11:12 UT", Some("2026-11-03T10:11:12Z")),
        ("3 Nov 2026 10:11:12 Z", Some("2026-11-03T10:11:12Z")),
        ("3 Nov 2026 10:11:12Z", Some("2026-11-03T10:11:12Z")),
        ("3 Nov 2026 10:11:12 A", Some("2026-11-03T10:11:12Z")),
        ("3 Nov 2026 10:11:12 GMT+2", Some("2026-11-03T08:11:12Z")),
        (
            "3 Nov 2026 10:11:12 GMT-05:00",
            Some("2026-11-03T15:11:12Z"),
        ),
        ("3 Nov 2026 10:11:12 UTC+0530", Some("2026-11-03T04:41:12Z")),
        ("3 Nov 2026 10:11:12 +01:00", Some("2026-11-03T09:11:12Z")),
        ("3 Nov 2026 10:11:12 +02", Some("2026-11-03T08:11:12Z")),
        (
            "3 Nov 2026 10:11:12 +0200 EST",
            Some("2026-11-03T08:11:12Z"),
        ),
        ("3 Nov 2026 10:11:12 (PST)", Some("2026-11-03T18:11:12Z")),
        (
            "3 Nov 2026 10:11:12 Mitteleuropäische Sommerzeit",
            Some("2026-11-03T08:11:12Z"),
        ),
        (
            "3 Nov 2026 10:11:12 (Mitteleurop\u{fffd}ische Zeit)",
            Some("2026-11-03T09:11:12Z"),
        ),
        (
            "3 Nov 2026 10:11:12 Pacific Standard Time",
            Some("2026-11-03T18:11:12Z"),
        ),
        (
            "3 Nov 2026 10:11:12 GMT Daylight Time",
            Some("2026-11-03T09:11:12Z"),
        ),
    ]);
}

#[test]
fn t13_no_zone_takes_the_one_given() {
    check(&[
        ("3 Nov 2026 10:11:12", Some("2026-11-03T09:11:12Z")),
        ("3 Nov 2026 10:11:12 XYZT", Some("2026-11-03T09:11:12Z")),
        ("3 Nov 2026 10:11:12 +9900", Some("2026-11-03T09:11:12Z")),
        ("2026-11-03T10:11:12", Some("2026-11-03T09:11:12Z")),
        ("3 Nov 2026", Some("2026-11-02T23:00:00Z")),
    ]);
}

#[test]
fn t13_dates_in_digits() {
    check(&[
        ("2024-05-01T10:20:30Z", Some("2024-05-01T10:20:30Z")),
        (
            "2024-05-01T10:20:30.3963933-04:00",
            Some("2024-05-01T14:20:30Z"),
        ),
        ("2024-05-01 10:20:30+0100", Some("2024-05-01T09:20:30Z")),
        ("2024-05-01 10:20:30 UTC", Some("2024-05-01T10:20:30Z")),
        ("2024-05-01 10-20-30", Some("2024-05-01T09:20:30Z")),
        ("2024-05-01 10-20-30 -0400", Some("2024-05-01T14:20:30Z")),
        ("2024/05/01 10:20:30,123 Z", Some("2024-05-01T10:20:30Z")),
        ("20240501T102030Z", Some("2024-05-01T10:20:30Z")),
        ("2024-05-01", Some("2024-04-30T23:00:00Z")),
        ("01.05.2024 10:20", Some("2024-05-01T09:20:00Z")),
        ("1.5.24 10.20.30", Some("2024-05-01T09:20:30Z")),
        ("31/05/2024 10:20 Z", Some("2024-05-31T10:20:00Z")),
        ("05/31/2024 10:20 Z", Some("2024-05-31T10:20:00Z")),
        ("5/1/2024 12:20:30 PM Z", Some("2024-05-01T12:20:30Z")),
        ("5/1/2024 12:20:30 a.m. Z", Some("2024-05-01T00:20:30Z")),
        ("05/01/2024 10:20", None),
        ("05-01-2024 10:20", None),
        ("24-05-01 10:20", None),
        ("23/Apr/2014:10:20:30 +0200", Some("2014-04-23T08:20:30Z")),
    ]);
}

#[test]
fn t13_what_programs_print() {
    check(&[
        // asctime and date(1), with a zone before and after the year
        ("Mon Jan  1 00:00:00 2024", Some("2023-12-31T23:00:00Z")),
        (
            "Mon Jan  1 00:00:00 2024 +0000",
            Some("2024-01-01T00:00:00Z"),
        ),
        (
            "Mon Jan  1 00:00:00 -0500 2024",
            Some("2024-01-01T05:00:00Z"),
        ),
        (
            "Mon Jan  1 00:00:00 CEST 2024",
            Some("2023-12-31T22:00:00Z"),
        ),
        // Go
        (
            "2024-05-01 10:20:30.123456789 +0200 CEST m=+0.000013",
            Some("2024-05-01T08:20:30Z"),
        ),
        (
            "Wed, 01 May 2024 10:20:30 +0000 m=+48213.77",
            Some("2024-05-01T10:20:30Z"),
        ),
        (
            "2024-05-01 10:20:30 m=-48213.77",
            Some("2024-05-01T09:20:30Z"),
        ),
        // JavaScript
        (
            "Wed May 01 2024 10:20:30 GMT+0200 (Central European Summer Time)",
            Some("2024-05-01T08:20:30Z"),
        ),
        // Outlook
        (
            "Wednesday, May 1, 2024 1:20 PM",
            Some("2024-05-01T12:20:00Z"),
        ),
        ("Wed, 1 May 2024 10:20:30 UTC", Some("2024-05-01T10:20:30Z")),
    ]);
}

#[test]
fn t13_dates_in_other_languages() {
    check(&[
        (
            "Mi., 23 Apr. 2025 09:48 +0200",
            Some("2025-04-23T07:48:00Z"),
        ),
        (
            "Mittwoch, 23. April 2025 09:48:00",
            Some("2025-04-23T08:48:00Z"),
        ),
        (
            "So, 02 Mär 2025 09:48:00 +0100",
            Some("2025-03-02T08:48:00Z"),
        ),
        (
            "So, 02 M\u{fffd}r 2025 09:48:00 +0100",
            Some("2025-03-02T08:48:00Z"),
        ),
        (
            "Di, 03 Dez 2024 09:48:00 +0100",
            Some("2024-12-03T08:48:00Z"),
        ),
        (
            "mar., 22 avr. 2025 09:48:00 +0200",
            Some("2025-04-22T07:48:00Z"),
        ),
        (
            "mar. 4 mars 2025 09:48:00 +0100",
            Some("2025-03-04T08:48:00Z"),
        ),
        ("mer. 20 août 2025 9h48 +0200", Some("2025-08-20T07:48:00Z")),
        (
            "mié, 15 ene 2025 09:48:00 +0100",
            Some("2025-01-15T08:48:00Z"),
        ),
        (
            "15 de enero de 2025 9:48 p. m. Z",
            Some("2025-01-15T21:48:00Z"),
        ),
        (
            "gio, 15 mag 2025 09:48:00 +0200",
            Some("2025-05-15T07:48:00Z"),
        ),
        (
            "qua, 15 out 2025 09:48:00 -0300",
            Some("2025-10-15T12:48:00Z"),
        ),
        (
            "do, 13 mrt 2025 09:48:00 +0100",
            Some("2025-03-13T08:48:00Z"),
        ),
    ]);
}

#[test]
fn t13_nonsense_is_no_date() {
    check(&[
        ("", None),
        ("1916-233", None),
        ("Tue, 1916-233 10:11:12", None),
        ("1970", None),
        ("0", None),
        ("1762164672", None),
        ("10:11:12", None),
        ("3 Nov", None),
        ("Nov 2026", None),
        ("31 Feb 2026 10:11:12 +0000", None),
        ("0 Nov 2026 10:11:12 +0000", None),
        ("32 Nov 2026 10:11:12 +0000", None),
        ("3 Nov 20266 10:11:12 +0000", None),
        ("3 Nov 2026 25:11:12 +0000", None),
        ("3 Nov 2026 24:00:01 +0000", None),
        ("3 Nov 2026 10:61:12 +0000", None),
        ("3 Foo 2026 10:11:12 +0000", None),
        ("0000-00-00 00:00:00", None),
        ("(Tue, 03 Nov 2026 10:11:12 +0100)", None),
        ("99999999999999999999999999999999", None),
        ("22:40 -04:999999999999999999999999999999", None),
        ("-", None),
        ("(((((", None),
    ]);
}

#[test]
fn e1_date_of_a_received_field() {
    let cases = [
        (
            "from a.example (a.example [192.0.2.1]) by b.example with ESMTP id 4F; \
             Tue, 03 Nov 2026 10:11:12 +0100 (CET)",
            Some("2026-11-03T09:11:12Z"),
        ),
        (
            "(qmail 4711 invoked for bounce); 3 Nov 2026 10:11:12 -0000",
            Some("2026-11-03T10:11:12Z"),
        ),
        (
            "by b.example; 3 Nov 2026 10:11:12 Z (a; b)",
            Some("2026-11-03T10:11:12Z"),
        ),
        ("by b.example id 3; Nov 2026", None),
        ("from a.example by b.example, 3 Nov 2026 10:11:12 Z", None),
        (";;;;;;;;", None),
        ("", None),
    ];
    for (value, expected) in cases {
        let got = received_date(value, &TimeZone::UTC).map(rfc3339);
        assert_eq!(got.as_deref(), expected, "{value}");
    }
}

#[test]
fn i2_date_of_an_mbox_line() {
    let cases: [(&[u8], Option<&str>); 11] = [
        (
            b"From MAILER-DAEMON Mon Jan  1 00:00:00 2024",
            Some("2024-01-01T00:00:00Z"),
        ),
        (
            b"From 12@may.example Mon Jan  1 00:00:00 2024\r\n",
            Some("2024-01-01T00:00:00Z"),
        ),
        (
            b"From \"jo 5 may\"@a.example  Mon Jan  1 00:00:00 2024",
            Some("2024-01-01T00:00:00Z"),
        ),
        (
            b"From - Mon Jan  1 00:00:00 2024",
            Some("2024-01-01T00:00:00Z"),
        ),
        (
            b"From a@b.example Mon Jan  1 00:00:00 PST 2024",
            Some("2024-01-01T08:00:00Z"),
        ),
        (
            b"From a@b.example Mon Jan  1 00:00 2024 remote from c",
            Some("2024-01-01T00:00:00Z"),
        ),
        (
            b"From \xff\xfe@b.example Mon Jan  1 00:00:00 2024",
            Some("2024-01-01T00:00:00Z"),
        ),
        (b"From now on we meet at 10:00", None),
        (b"From Monday, 5 May 2025 on", None),
        (b"From a@b.example", None),
        (b">From a@b.example Mon Jan  1 00:00:00 2024", None),
    ];
    for (line, expected) in cases {
        let got = envelope_date(line, &TimeZone::UTC).map(rfc3339);
        assert_eq!(got.as_deref(), expected, "{}", line.escape_ascii());
    }
}

proptest! {
    /// Any moment printed as RFC 5322 reads back as itself.
    #[test]
    fn t13_every_printed_date_reads_back(second in 631_152_000i64..4_000_000_000, minutes in -720i32..=840) {
        let moment = Timestamp::from_second(second).unwrap();
        let offset = Offset::from_seconds(minutes * 60).unwrap();
        let printed = moment.to_zoned_datetime(TimeZone::fixed(offset)).strftime("%a, %d %b %Y %H:%M:%S %z").to_string();
        prop_assert_eq!(parse_mail_date(&printed, &TimeZone::UTC), Some(moment));
    }

    #[test]
    fn t16_no_text_panics(text in "\\PC{0,80}") {
        let _ = parse_mail_date(&text, &TimeZone::UTC);
        let _ = received_date(&text, &TimeZone::UTC);
        let _ = envelope_date(format!("From {text}").as_bytes(), &TimeZone::UTC);
    }

    #[test]
    fn t16_no_pile_of_date_parts_panics(
        parts in proptest::collection::vec(
            "[0-9]{1,10}|[-+:/.,() ;]|Jan|mar|PM|p\\.|m=|GMT|\u{fffd}|é|T", 0..20,
        ),
    ) {
        let _ = parse_mail_date(&parts.concat(), &TimeZone::UTC);
    }
}
