//! Where messages begin and end: one table of mailboxes.

use super::*;

const F: &str = "From bob@example.com Mon Sep 21 12:00:07 2026";

/// What `#` stands for in the tables: a From_ line with an asctime date.
fn expand(text: &str) -> String {
    text.replace('#', F)
}

fn assert_splits(name: &str, mbox: &str, expected: &[&str]) {
    let mbox = expand(mbox);
    let expected: Vec<String> = expected.iter().map(|text| expand(text)).collect();
    for (ends, with) in [("LF", "\n"), ("CRLF", "\r\n"), ("CR", "\r")] {
        let bytes = mbox.replace('\n', with);
        for size in [1, 7, 1 << 20] {
            let run = run_bytes(bytes.as_bytes(), size, Format::Auto);
            assert_eq!(run.texts(), expected, "{name}, {ends}, chunks of {size}");
            assert_eq!(run.failures, [], "{name}");
        }
    }
}

#[test]
fn i2_mbox_splits_where_a_message_begins() {
    for (name, mbox, expected) in [
        (
            "two",
            "#\nA: 1\n\nx\n\n#\nA: 2\n\ny\n",
            &["A: 1\n\nx\n", "A: 2\n\ny\n"][..],
        ),
        (
            "blank lines before",
            "\n\n#\nA: 1\n\nx\n\n",
            &["A: 1\n\nx\n"],
        ),
        (
            "two blank lines between",
            "#\nA: 1\n\nx\n\n\n#\nA: 2\n",
            &["A: 1\n\nx\n\n", "A: 2\n"],
        ),
        (
            "no final newline",
            "#\nA: 1\n\nx\n\n#\nA: 2\n\ny",
            &["A: 1\n\nx\n", "A: 2\n\ny"],
        ),
        (
            "empty bodies",
            "#\nA: 1\n\n\n#\nA: 2\n\n\n",
            &["A: 1\n\n", "A: 2\n\n"],
        ),
        ("nothing but From_ lines", "#\n\n#\n#\n\n", &["", "", ""]),
        (
            "no blank line between",
            "#\nA: 1\n\nx\n#\nSubject: 2\n\ny\n",
            &["A: 1\n\nx\n", "Subject: 2\n\ny\n"],
        ),
        (
            "headless second",
            "#\nA: 1\n\nx\n\n#\ntext\n",
            &["A: 1\n\nx\n", "text\n"],
        ),
        (
            "no date",
            "From bob@example.com\nSubject: 1\n\nx\n\nFrom -\nDate: 2\n\ny\n",
            &["Subject: 1\n\nx\n", "Date: 2\n\ny\n"],
        ),
        (
            "no sender either",
            "From \nSubject: 1\n\nx\n\nFrom \nX-A: 2\n",
            &["Subject: 1\n\nx\n", "X-A: 2\n"],
        ),
        (
            "ISO date",
            "#\nA: 1\n\nx\n\nFrom () 2026-09-21 12:00:07 +0000\nA: 2\n",
            &["A: 1\n\nx\n", "A: 2\n"],
        ),
        (
            "UUCP",
            "#\n>From b Mon Sep 21 12:00 2026 remote from b\nA: 1\n\nx\n",
            &[">From b Mon Sep 21 12:00 2026 remote from b\nA: 1\n\nx\n"],
        ),
    ] {
        assert_splits(name, mbox, expected);
    }
}

#[test]
fn i9_unquoted_from_lines_in_bodies_do_not_split() {
    for (name, body) in [
        ("prose", "x\n\nFrom the desk of Bob\nSubject: y\n"),
        (
            "prose with a date",
            "x\n\nFrom 3 May 2026 on we close at 18:00\nHours: less\n",
        ),
        ("in a paragraph", "see\n#\nfor more\n"),
        (
            "no date and no known field",
            "x\n\nFrom bob@example.com\nNote: y\n",
        ),
        (
            "another date and no field",
            "x\n\nFrom () 2026-09-21 12:00:07 +0000\ny\n",
        ),
        (
            "a git patch",
            "x\n\nFrom 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001\nFrom: Bob <bob@example.com>\nSubject: [PATCH] z\n\ny\n",
        ),
        (
            "a returned message",
            "--b\nContent-Type: message/rfc822\n\n#\nReceived: y\n\nz\n--b--\n",
        ),
        (
            "a returned header",
            "--b\nContent-Description: Undelivered\n message\nContent-Type: text/rfc822-headers;\n\tcharset=us-ascii\n\n\n#\nReceived: y\n\n--b--\n",
        ),
        (
            "an announced copy",
            "x\n\n   ----- Unsent message follows -----\n#\nReceived: y\n\nz\n",
        ),
    ] {
        let mail = format!("Subject: 1\n\n{body}");
        let mbox = format!("#\n{mail}\n#\nSubject: 2\n\ny\n");
        assert_splits(name, &mbox, &[&mail, "Subject: 2\n\ny\n"]);
    }
}

#[test]
fn i2_what_ends_a_message_is_not_taken_for_a_part() {
    for (name, body) in [
        (
            "closing delimiter",
            "--b\nContent-Type: text/plain\n\nx\n--b--\n",
        ),
        ("signature", "x\n-- \nPhone: 123\n"),
        ("signature with a name", "x\n--Bob\nPhone: 123\n"),
        ("ruled end", "x\n--- End of message ---\n"),
        (
            "copy cut off",
            "--- Below this line is a copy of the message.\n",
        ),
        (
            "text behind the last part",
            "--b\n\nx\n--b--\nContent-Type: text/plain\n",
        ),
        (
            "cut off in a part header",
            "--b\nContent-Type: text/plain\n",
        ),
        ("no body", "x\n   ----- Message body suppressed -----\n"),
        ("rule", "x\n--------------\n"),
    ] {
        let mail = format!("Subject: 1\n\n{body}");
        let mbox = format!("#\n{mail}\n#\nSubject: 2\n\ny\n");
        assert_splits(name, &mbox, &[&mail, "Subject: 2\n\ny\n"]);
    }
}

#[test]
fn i2_content_length_holds_where_it_leads_to_a_message() {
    let body = "x\n\n#\nSubject: not a message\n\n>From y\n";
    let length = expand(body).len();
    for (name, field, mails) in [
        ("right", format!("Content-Length: {length}\n"), 2),
        (
            "right, other case",
            format!("content-length: {length}\n"),
            2,
        ),
        (
            "with the blank line behind",
            format!("Content-Length: {}\n", length + 1),
            2,
        ),
        ("too long", format!("Content-Length: {}\n", length + 2), 3),
        (
            "far too long",
            "Content-Length: 18446744073709551615\n".to_owned(),
            3,
        ),
        ("too short", "Content-Length: 1\n".to_owned(), 3),
        ("not a number", "Content-Length: x\n".to_owned(), 3),
        ("another field", format!("X-Content-Length: {length}\n"), 3),
    ] {
        let mbox = expand(&format!(
            "#\nSubject: 1\n{field}\n{body}\n#\nSubject: 2\n\ny\n"
        ));
        for with in ["\n", "\r\n", "\r"] {
            let bytes = mbox.replace('\n', with);
            for size in [1, 50, 1 << 20] {
                let run = run_bytes(bytes.as_bytes(), size, Format::Auto);
                assert_eq!(run.records.len(), mails, "{name}, {with:?}, {size}");
            }
        }
        if name.starts_with("right") {
            let run = run_bytes(mbox.as_bytes(), 1000, Format::Auto);
            let expected = expand(&format!("Subject: 1\n{field}\n{body}"));
            assert_eq!(
                run.records[0].text(),
                expected,
                "{name}: nothing is unquoted"
            );
        }
    }
    // At the end of the file, and counted with CRLF line ends.
    let crlf = expand(body).replace('\n', "\r\n");
    let mbox = expand(&format!(
        "#\nSubject: 1\nContent-Length: {}\n\n",
        crlf.len()
    ));
    let mbox = mbox.replace('\n', "\r\n") + &crlf;
    let run = run_bytes(mbox.as_bytes(), 1 << 20, Format::Auto);
    assert_eq!(run.records.len(), 1);
    let next = format!("{mbox}\r\n{F}\r\nSubject: 2\r\n");
    let run = run_bytes(next.as_bytes(), 1 << 20, Format::Auto);
    assert_eq!(run.records.len(), 2);
}

#[test]
fn i2_a_mail_that_begins_with_its_header_is_never_split() {
    let mail = expand("Subject: 1\n\nx\n\n#\nSubject: 2\n\n>From y\n\n");
    let run = run_bytes(format!("\n{mail}").as_bytes(), 3, Format::Auto);
    assert_eq!(run.texts(), std::slice::from_ref(&mail));
    assert_eq!(run.records[0].record.offset, 1);
    assert_eq!(run.records[0].record.envelope, None);
    // Unless the user says that it is an mbox: then its first mail is headless.
    let run = run_bytes(mail.as_bytes(), 3, Format::Mbox);
    assert_eq!(run.texts(), ["Subject: 1\n\nx\n", "Subject: 2\n\nFrom y\n"]);
}

#[test]
fn i2_a_series_of_git_patches_is_an_mbox() {
    let patch =
        "From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001\nSubject: x\n\ny\n";
    let run = run_bytes(format!("{patch}\n{patch}").as_bytes(), 9, Format::Auto);
    assert_eq!(run.texts(), ["Subject: x\n\ny\n", "Subject: x\n\ny\n"]);
}

#[test]
fn i2_records_know_where_they_stand() {
    let mbox = expand("\u{feff}\r\n#\r\nA: 1\r\n\r\nx\r\n\r\n#\r\nA: 2\r\n");
    let run = run_bytes(mbox.as_bytes(), 5, Format::Auto);
    let at = |place: usize| {
        mbox.match_indices("From bob")
            .nth(place)
            .map(|(at, _)| at as u64)
    };
    for (place, read) in run.records.iter().enumerate() {
        assert_eq!(read.record.index, place as u64);
        assert_eq!(Some(read.record.offset), at(place));
        assert_eq!(read.envelope.as_deref(), Some(F.as_bytes()));
        assert_eq!(&*read.record.file, "x");
        assert_eq!(read.record.kind, Kind::Mail);
        assert!(!read.record.truncated);
    }
    assert_eq!(run.records.len(), 2);
}

#[test]
fn i7_events_are_lines() {
    let text = "{\"schema\":1,\"event_id\":\"a\"}\r\n\r\n{\"schema\":1,\r\nnull\r\n{\"b\":2}";
    let run = run_bytes(text.as_bytes(), 4, Format::Auto);
    let kinds: Vec<(Kind, u64)> = run
        .records
        .iter()
        .map(|read| (read.record.kind.clone(), read.record.offset))
        .collect();
    let skip = || Kind::Skip("no JSON object".into());
    assert_eq!(
        kinds,
        [
            (Kind::Event, 0),
            (skip(), 31),
            (skip(), 45),
            (Kind::Event, 51)
        ]
    );
    assert_eq!(run.records[3].text(), "{\"b\":2}");
}

#[test]
fn u4_what_is_nothing_known_is_a_failure() {
    for (bytes, format, why) in [
        (&b"hello world\n"[..], Format::Auto, "no mail header"),
        (b"\0\x01\x02binary", Format::Auto, "binary data"),
        (
            b"Name,Status\nAnn,bounced\n",
            Format::Auto,
            "without a column of recipients (--map recipient=COLUMN); its columns: Name, Status",
        ),
    ] {
        let run = run_bytes(bytes, 4, format);
        assert_eq!(run.records, []);
        assert_eq!(run.failures.len(), 1);
        assert!(run.failures[0].why.contains(why), "{:?}", run.failures);
    }
    let run = run_bytes(b"hello world\n", 4, Format::Eml);
    assert_eq!(
        (run.texts(), run.failures.len()),
        (vec!["hello world\n".to_owned()], 0)
    );
}

#[test]
fn u4_an_empty_file_is_no_failure() {
    for text in ["", "\n", "\r\n\r\n", "\u{feff}", "\u{feff}\n"] {
        for format in [Format::Auto, Format::Mbox, Format::Eml, Format::Ndjson] {
            let run = run_bytes(text.as_bytes(), 1, format);
            assert_eq!(
                (run.records.len(), run.failures.len()),
                (0, 0),
                "{text:?} {format}"
            );
            assert_eq!(run.notes.len(), 1, "{text:?} {format}");
        }
    }
}

#[test]
fn u4_a_read_error_keeps_what_was_read() {
    let source = Chunks {
        bytes: b"Subject: 1\n\nx\n",
        size: 5,
        error: Some(io::ErrorKind::PermissionDenied),
    };
    let run = run_stream(source, Format::Auto);
    assert_eq!(run.texts(), ["Subject: 1\n\nx\n"]);
    assert!(run.records[0].record.truncated);
    assert_eq!(run.failures.len(), 1);
}

#[test]
fn the_reader_stops_when_nobody_wants_more() {
    let mail = format!("{F}\nA: 1\n\n{}\n\n", "x\n".repeat(100_000));
    let mbox = mail.repeat(50);
    let mut count = 0;
    let mut each = |_: Result<Batch, Failure>| {
        count += 1;
        ControlFlow::Break(())
    };
    let mut out = Batcher::new(&mut each, Rc::new(Cell::new(0)));
    let mut source = mbox.as_bytes();
    stream(
        &mut source,
        Format::Auto,
        Place::Named,
        &mut Room::default(),
        &mut out,
    );
    out.flush();
    assert!(source.len() > 5_000_000);
    assert_eq!(count, 1);
}
