//! Whatever is typed, nothing panics and the answer is of the promised form (C10, design 8).

use super::answer::{Answer, Case};
use super::hint::retry_hint;
use super::parse::{Asked, parse};
use super::provider::provider_meaning;
use proptest::prelude::*;

/// Bits of replies and log lines, so that the readers are entered, not only refused.
fn bits() -> impl Strategy<Value = String> {
    let bit = prop_oneof![
        Just("to=<a@b.example>, ".to_owned()),
        Just("relay=mx[".to_owned()),
        Just("status=bounced (".to_owned()),
        Just("stat=\"".to_owned()),
        Just("reply=".to_owned()),
        Just("] said: ".to_owned()),
        Just("** ".to_owned()),
        Just("SMTP error from remote mail after : ".to_owned()),
        Just("delivery 1: failure: ".to_owned()),
        Just("Remote host said:".to_owned()),
        Just("Giving up on ".to_owned()),
        Just("b,".to_owned()),
        Just("smtp;".to_owned()),
        Just("(in reply to ".to_owned()),
        Just("550 5.7.26 ".to_owned()),
        Just("try again in 5 ".to_owned()),
        Just("\n".to_owned()),
        Just("Diagnostic-Code: ".to_owned()),
        "\\PC{0,12}",
    ];
    proptest::collection::vec(bit, 0..12).prop_map(|bits| bits.concat())
}

proptest! {
    #[test]
    fn c10_nothing_that_is_typed_panics(text in bits()) {
        match parse(&text) {
            Asked::Reply(reply) => prop_assert!(reply.len() <= text.len()),
            Asked::LogLine(line) => prop_assert!(!line.reply.is_empty()),
            Asked::Code { smtp, enhanced } => prop_assert!(smtp.is_some() || enhanced.is_some()),
            Asked::Mail(mail) => prop_assert!(mail.len() <= text.len()),
        }
        retry_hint(&text);
        provider_meaning(&text, None, Some(&text));
        let case = Case { smtp_message: Some(&text), recipient: Some(&text), ..Case::default() };
        let shown = Answer::new(&case).to_string();
        prop_assert!(shown.chars().all(|c| c == '\n' || !c.is_control()));
    }
}
