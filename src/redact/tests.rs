use super::*;
use crate::event::Event;

fn redactor() -> Redactor {
    Redactor::new(b"a key for tests")
}

fn event(fields: &str) -> Event {
    let basis = r#""schema":1,"event_id":"00000000000000000000000000000001","event_type":"bounce.hard","kind":"failed","classified_at":"2026-11-24T00:00:00Z","workspace":"default","stream":"campaign","proof":"none","format":"rfc3464","origin":{"file":"x.mbox","index":0}"#;
    serde_json::from_str(&format!("{{{basis},{fields}}}")).unwrap()
}

#[test]
fn u5_one_address_has_one_token_however_it_is_written() {
    let r = redactor();
    let token = r.address("jane.doe@example.com");
    assert!(token.starts_with('r') && token.ends_with("@example.com"));
    assert_eq!(token.len(), 1 + DIGITS + "@example.com".len());
    for same in [
        "Jane.Doe@EXAMPLE.com",
        "\"jane.doe\"@example.com",
        " jane.doe@example.com",
    ] {
        assert_eq!(r.address(same), token, "{same}");
    }
    for other in [
        "jane.doe@example.org",
        "jane@example.com",
        "janedoe@example.com",
    ] {
        assert_ne!(
            r.address(other).split('@').next(),
            token.split('@').next(),
            "{other}"
        );
    }
}

#[test]
fn u5_another_key_makes_other_tokens() {
    let (a, b) = (redactor(), Redactor::new(b"another key"));
    for (one, two) in [
        (a.address("j@example.com"), b.address("j@example.com")),
        (a.subject("Hello"), b.subject("Hello")),
        (a.message_id("1@x"), b.message_id("1@x")),
        (a.event_id("00"), b.event_id("00")),
        (a.fingerprint(), b.fingerprint()),
    ] {
        assert_ne!(one, two);
    }
    assert_eq!(
        a.address("j@example.com"),
        redactor().address("j@example.com")
    );
}

#[test]
fn u5_what_is_no_domain_is_not_shown() {
    for written in [
        "jane",
        "jane@doe smith",
        "jane@[192.0.2.1]",
        "jane@x",
        "a@-b-.example",
    ] {
        assert!(!redactor().address(written).contains('@'), "{written}");
    }
}

#[test]
fn u5_nothing_of_an_address_is_left_in_an_event() {
    let mut e = event(
        r#""mailbox":"sales.team@acme.example","recipient":"Jane.Doe@example.com","recipient_domain":"example.com","final_recipient":"jd1985@host.example","smtp_message":"550 5.1.1 <Jane.Doe@example.com> (JD1985): DOE unknown; rcpt=jane.doe@example.com id <1.a@acme.example>","evidence":"jane doe","remote_mta":"mx.example.com","subject":"Your offer","message_id":"1.a@acme.example""#,
    );
    e.origin.file = "in/jane.doe@example.com/cur/1".to_owned();
    let r = redactor();
    r.event(&mut e);
    let token = r.address("jane.doe@example.com");
    assert_eq!(e.recipient.as_deref(), Some(token.as_str()));
    assert_eq!(e.mailbox, Some(r.address("sales.team@acme.example")));
    let id = r.message_id("1.a@acme.example");
    let reply = format!("550 5.1.1 <{token}> (***): *** unknown; rcpt={token} id <{id}>");
    assert_eq!(e.smtp_message, Some(reply));
    assert_eq!(e.evidence.as_deref(), Some("*** ***"));
    assert_eq!(e.subject, Some(r.subject("Your offer")));
    assert_eq!(e.origin.file, format!("in/{token}/cur/1"));
    assert_eq!(e.recipient_domain.as_deref(), Some("example.com"));
    let all = serde_json::to_string(&e).unwrap().to_lowercase();
    for leak in ["jane", "doe", "jd1985", "offer", "1.a@"] {
        assert!(!all.contains(leak), "{leak}: {all}");
    }
}

#[test]
fn u5_words_of_replies_stay_where_they_are_also_names() {
    for (address, reply) in [
        ("user@example.com", "550 user unknown"),
        ("info@example.com", "for more info see 550@"),
        ("al@example.com", "al all also"),
        ("550@example.com", "550 5.5.0 no"),
    ] {
        let expected = reply.split(" see").next().unwrap();
        let got = redactor().text_about(reply, [address].into_iter());
        assert!(got.starts_with(expected), "{got}");
    }
}

#[test]
fn u5_a_name_that_was_cut_is_hidden() {
    let got = redactor().text_about(
        "unknown: jane.do\u{2026}",
        ["jane.doe@example.com"].into_iter(),
    );
    assert_eq!(got, "unknown: ***.***\u{2026}");
}
