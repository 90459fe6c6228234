//! Tables and JSON: chunks, broken input.

use super::*;
use proptest::prelude::*;

/// Bytes that make tables and JSON, and break them.
const PIECES: &[&str] = &[
    "email,reason\n",
    "email;reason\n",
    "sep=;\n",
    "u@example.com",
    ",",
    ";",
    "\t",
    "\"",
    "\"\"",
    "\n",
    "\r\n",
    " ",
    "550 no",
    "{",
    "}",
    "[",
    "]",
    "{\"email\":\"u@example.com\"}",
    "\\",
    "\u{fffd}",
    "type,rcpt,timeLogged\n",
];

fn records(run: &Run) -> Vec<(u64, u64, String, bool)> {
    let skip = |read: &Read1| matches!(read.record.kind, Kind::Skip(_));
    let one = |read: &Read1| {
        (
            read.record.index,
            read.record.offset,
            read.text(),
            skip(read),
        )
    };
    run.records.iter().map(one).collect()
}

proptest! {
    #[test]
    fn i5_chunks_never_change_the_records(
        pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..40),
        size in 1_usize..9,
        format in proptest::sample::select(&[Format::Auto, Format::Csv, Format::Json][..]),
        header in proptest::bool::ANY,
    ) {
        let text = pieces.concat();
        let text = if header { format!("email,reason\nu@example.com,x\n{text}") } else { text };
        // Detection is decided by what is there: only then the chunks may not matter.
        let whole = run_bytes(text.as_bytes(), usize::MAX, format);
        let chunked = run_bytes(text.as_bytes(), size, format);
        if format == Format::Json || header && size > 6 {
            prop_assert_eq!(records(&chunked), records(&whole));
        }
    }
}

#[test]
fn u4_a_row_without_end_does_not_fill_the_memory() {
    let mut text = b"email,reason\nu@example.com,x\n\"".to_vec();
    text.resize(9 << 20, b'y');
    text.extend(b"\nv@example.com,x\n");
    let run = run_bytes(&text, 1 << 16, Format::Auto);
    assert_eq!(run.skips(), ["a row longer than 1 MiB"]);
    assert_eq!(
        run.texts().last().map(String::as_str),
        Some("v@example.com,x")
    );
    assert!(run.largest < 2 << 20);
}

#[test]
fn u4_many_open_quotes_take_linear_time() {
    let text = format!("email,reason\n{}", "u@example.com,\"x\n".repeat(300_001));
    let run = run_bytes(text.as_bytes(), 1 << 16, Format::Csv);
    assert!(run.records.len() > 100_000);
}

#[test]
fn i5_a_header_with_other_columns_counts_from_there_on() {
    let text = "type,rcpt,timeLogged\nb,u@example.com,1\ntype,timeLogged,rcpt\nb,1,v@example.com\n";
    let run = run_bytes(text.as_bytes(), 1 << 16, Format::Auto);
    let who: Vec<String> = run
        .records
        .iter()
        .filter_map(|read| match &read.record.kind {
            Kind::Row(layout) => {
                let row = layout.row(&read.bytes);
                row.get(crate::row::Key::Recipient).map(str::to_owned)
            }
            _ => None,
        })
        .collect();
    assert_eq!(who, ["u@example.com", "v@example.com"]);
}

#[test]
fn i6_a_notice_within_what_amazon_hands_over() {
    let notice = r#"{"notificationType":"Bounce","mail":{},"bounce":{"bouncedRecipients":[{"emailAddress":"u@example.com"}]}}"#;
    let quoted = serde_json::to_string(notice).unwrap();
    let topic = format!(r#"{{"Type":"Notification","Message":{quoted}}}"#);
    let in_queue = serde_json::to_string(&topic).unwrap();
    for text in [
        topic.clone(),
        format!(r#"{{"Records":[{{"EventSource":"aws:sns","Sns":{topic}}}]}}"#),
        format!(r#"{{"Records":[{{"EventSource":"aws:sns","Sns":{{"Message":{quoted}}}}}]}}"#),
        format!(r#"{{"Records":[{{"eventSourceARN":"arn","body":{in_queue}}}]}}"#),
        format!(r#"{{"Messages":[{{"MessageId":"1","Body":{in_queue}}}]}}"#),
    ] {
        let value = serde_json::from_str(&text).unwrap();
        let events = super::super::object::events(value);
        let rows = super::super::object::rows(&events, &Default::default()).unwrap();
        let who = rows
            .first()
            .and_then(|row| row.get(crate::row::Key::Recipient));
        assert_eq!(who, Some("u@example.com"), "{text}");
    }
}

proptest! {
    #[test]
    fn i6_no_object_makes_the_reader_fail(
        keys in proptest::collection::vec(proptest::sample::select(&[
            "email", "event", "sg_event_id", "bounce", "mail", "notificationType", "data", "to", "type",
            "Message", "TopicArn", "msys", "items", "response", "enhanced_code", "queue", "reason",
        ][..]), 0..8),
        values in proptest::collection::vec(proptest::sample::select(&[
            "1", "null", "\"\"", "\"u@example.com\"", "[]", "[{}]", "{}", "\"{}\"", "\"a:b@c\"",
            "[\"u@example.com\",1]", "{\"class\":5}", "true", "-1.5e300", "\"Bounce\"",
        ][..]), 8),
    ) {
        let pairs: Vec<String> = keys.iter().zip(&values).map(|(k, v)| format!("\"{k}\":{v}")).collect();
        let text = format!("{{{}}}", pairs.join(","));
        let events = super::super::object::events(serde_json::from_str(&text).unwrap());
        // Either rows or a reason, and no row without a format.
        if let Ok(rows) = super::super::object::rows(&events, &Default::default()) {
            prop_assert!(rows.iter().all(|row| row.format.starts_with("json")));
        }
    }
}
