use super::*;
use crate::event::{Event, Origin, SCHEMA};
use proptest::prelude::*;

fn text() -> impl Strategy<Value = String> {
    "[a-z@. \"\\\\ü\n,{}\\[\\]]{0,9}"
}

fn maybe() -> impl Strategy<Value = Option<String>> {
    prop::option::of(text())
}

fn any<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
    prop::sample::select(all)
}

prop_compose! {
    fn event()(
        texts in prop::collection::vec(text(), 5),
        more in prop::collection::vec(maybe(), 20),
        kind in any(Kind::ALL),
        words in prop::option::of((any(Category::ALL), any(Reason::ALL), any(Fault::ALL),
            any(RetryStrategy::ALL), any(Command::ALL))),
        proof in any(Proof::ALL),
        stream in any(Stream::ALL),
        flags in prop::collection::vec(any(Flag::ALL), 0..3),
        numbers in prop::option::of((prop::num::u16::ANY, 0..101_u32)),
        sure in prop::option::of((prop::bool::ANY, prop::bool::ANY)),
        index in prop::num::u64::ANY,
    ) -> Event {
        let mut more = more.into_iter();
        let mut next = || more.next().flatten();
        Event {
            schema: SCHEMA,
            event_id: texts[0].clone(),
            event_type: EventType::of(kind, words.map(|w| w.0), false),
            kind,
            occurred_at: next(),
            classified_at: texts[1].clone(),
            workspace: texts[2].clone(),
            mailbox: next(),
            stream,
            campaign_id: next(),
            sequence_step_id: next(),
            contact_id: next(),
            recipient: next(),
            recipient_domain: next(),
            final_recipient: next(),
            smtp_code: numbers.map(|n| n.0),
            enhanced_code: next(),
            smtp_message: next(),
            command: words.map(|w| w.4),
            remote_mta: next(),
            reporting_mta: next(),
            category: words.map(|w| w.0),
            reason: words.map(|w| w.1),
            fault: words.map(|w| w.2),
            confidence: numbers.map(|n| f64::from(n.1) / 100.0),
            held: sure.map(|s| s.0),
            confirmed: sure.map(|s| s.1),
            decided_by: next(),
            evidence: next(),
            retry_strategy: words.map(|w| w.3),
            proof,
            flags,
            suggested_recipient: next(),
            subject: next(),
            message_id: next(),
            feedback_type: next(),
            returns_on: next(),
            format: texts[3].clone(),
            origin: Origin { file: texts[4].clone(), index },
            tagged: false,
        }
    }
}

proptest! {
    #[test]
    fn i7_what_is_read_of_a_line_is_what_the_parser_reads(event in event()) {
        let written = serde_json::to_string(&event).unwrap();
        let line = Line::of(&written).unwrap();
        prop_assert_eq!(line.brief().unwrap(), Brief::from(&event));
        let mut bare = event;
        bare.classified_at.clear();
        bare.origin = Origin { file: String::new(), index: 0 };
        prop_assert_eq!(line.bare().unwrap().concat(), serde_json::to_string(&bare).unwrap());
    }

    #[test]
    fn i7_a_broken_line_is_left_to_the_parser_or_read_as_by_it(
        event in event(), at in prop::num::usize::ANY, cut in 0..3_usize, put in "[a-z0-9\",:{}\\\\\\[\\].\t-]{0,2}"
    ) {
        let written = serde_json::to_string(&event).unwrap();
        let begin = written.char_indices().map(|(n, _)| n).nth(at % written.len()).unwrap_or(0);
        let behind: String = written[begin..].chars().skip(cut).collect();
        let broken = format!("{}{put}{behind}", &written[..begin]);
        if let Some(line) = Line::of(&broken) {
            let read: Event = serde_json::from_str(&broken).unwrap();
            prop_assert_eq!(line.brief(), Some(Brief::from(&read)));
        }
    }
}

#[test]
fn i7_only_lines_as_they_are_written_are_read() {
    let written = concat!(
        r#"{"schema":1,"event_id":"1","event_type":"bounce.soft","kind":"failed","#,
        r#""classified_at":"x","workspace":"w","stream":"campaign","smtp_code":550,"#,
        r#""confidence":0.97,"proof":"none","flags":["unmatched"],"format":"f","#,
        r#""origin":{"file":"a","index":3}}"#
    );
    assert!(Line::of(written).is_some());
    for (from, to) in [
        ("\"kind\":\"failed\",", ""),
        ("failed", "fail"),
        ("\"format\":\"f\",", ""),
        (",\"origin\":{\"file\":\"a\",\"index\":3}", ""),
        ("550", "0550"),
        ("550", "65536"),
        ("0.97", "0."),
        ("0.97", ".97"),
        ("0.97", "0.9.7"),
        ("0.97", "1e3"),
        ("[\"unmatched\"]", "[]"),
        ("unmatched", "matched"),
        ("\"w\"", "\"\\w\""),
        ("\"w\"", "\"\t\""),
        ("\"w\"", "null"),
        (":1,", ": 1,"),
        ("}}", "}} "),
        ("\"stream\"", "\"more\":1,\"stream\""),
    ] {
        let other = written.replacen(from, to, 1);
        assert_ne!(other, written);
        assert!(Line::of(&other).is_none(), "{other}");
    }
}
