//! One JSON object a line (E1).
//!
//! Events are most of what is written: [`write`] puts one together key by key, with the
//! bytes that serde would write. A test compares the two: it finds a key that is forgotten
//! here.

use crate::event::mould::{Cast, Rendered};
use crate::event::{Event, Own};
use serde::Serialize;

/// An event is written in so many pieces, each with a part that events of one mould share
/// and a part of its own.
const PIECES: usize = 7;

/// Appends an event and a line end.
pub fn write(event: &Event, out: &mut Vec<u8>) {
    let own = event.own();
    for n in 0..PIECES {
        shared(n, event, out);
        single(n, &own, out);
    }
}

/// The same for what a row became.
pub fn pour(cast: &Cast<'_>, out: &mut Vec<u8>) {
    let Rendered { bytes, ends } = cast.rendered(rendered);
    let mut from = 0;
    for (n, end) in ends.iter().enumerate() {
        out.extend_from_slice(bytes.get(from..*end).unwrap_or_default());
        single(n, &cast.own, out);
        from = *end;
    }
}

/// The parts that events of one mould share.
fn rendered(event: &Event) -> Rendered {
    let mut of = Rendered::default();
    for n in 0..PIECES {
        shared(n, event, &mut of.bytes);
        of.ends.push(of.bytes.len());
    }
    of
}

/// Appends a part that events of one mould share.
fn shared(piece: usize, event: &Event, out: &mut Vec<u8>) {
    match piece {
        0 => number(out, "{\"schema\":", u64::from(event.schema)),
        1 => {
            text(out, ",\"event_type\":", event.event_type.as_str());
            text(out, ",\"kind\":", event.kind.as_str());
        }
        2 => {
            text(out, ",\"classified_at\":", &event.classified_at);
            text(out, ",\"workspace\":", &event.workspace);
            text(out, ",\"mailbox\":", &event.mailbox);
        }
        3 => {
            text(out, ",\"final_recipient\":", &event.final_recipient);
            if let Some(code) = event.smtp_code {
                number(out, ",\"smtp_code\":", u64::from(code));
            }
            text(out, ",\"enhanced_code\":", &event.enhanced_code);
        }
        4 => text(out, ",\"command\":", event.command.map(|c| c.as_str())),
        5 => {
            text(out, ",\"reporting_mta\":", &event.reporting_mta);
            text(out, ",\"category\":", event.category.map(|c| c.as_str()));
            text(out, ",\"reason\":", event.reason.map(|r| r.as_str()));
            text(out, ",\"fault\":", event.fault.map(|f| f.as_str()));
            share(out, ",\"confidence\":", event.confidence);
            truth(out, ",\"held\":", event.held);
            truth(out, ",\"confirmed\":", event.confirmed);
            text(out, ",\"decided_by\":", &event.decided_by);
            text(out, ",\"evidence\":", &event.evidence);
            let strategy = event.retry_strategy.map(|s| s.as_str());
            text(out, ",\"retry_strategy\":", strategy);
            text(out, ",\"proof\":", event.proof.as_str());
        }
        _ => {
            text(out, ",\"feedback_type\":", &event.feedback_type);
            text(out, ",\"returns_on\":", &event.returns_on);
            text(out, ",\"format\":", &event.format);
        }
    }
}

/// Appends a part that each event has of its own.
fn single(piece: usize, own: &Own<'_>, out: &mut Vec<u8>) {
    match piece {
        0 => text(out, ",\"event_id\":", own.event_id),
        1 => text(out, ",\"occurred_at\":", own.occurred_at),
        2 => {
            text(out, ",\"stream\":", own.stream.as_str());
            text(out, ",\"campaign_id\":", own.campaign_id);
            text(out, ",\"sequence_step_id\":", own.sequence_step_id);
            text(out, ",\"contact_id\":", own.contact_id);
            text(out, ",\"recipient\":", own.recipient);
            text(out, ",\"recipient_domain\":", own.recipient_domain);
        }
        3 => text(out, ",\"smtp_message\":", own.smtp_message),
        4 => text(out, ",\"remote_mta\":", own.remote_mta),
        5 => {
            if !own.flags.is_empty() {
                out.extend_from_slice(b",\"flags\":[");
                for (n, flag) in own.flags.iter().enumerate() {
                    text(out, if n == 0 { "" } else { "," }, flag.as_str());
                }
                out.push(b']');
            }
            text(out, ",\"suggested_recipient\":", own.suggested_recipient);
            text(out, ",\"subject\":", own.subject);
            text(out, ",\"message_id\":", own.message_id);
        }
        _ => {
            text(out, ",\"origin\":{\"file\":", own.file);
            number(out, ",\"index\":", own.index);
            out.extend_from_slice(b"}}\n");
        }
    }
}

/// A text that may be absent.
trait Text {
    fn get(&self) -> Option<&str>;
}

impl Text for &str {
    fn get(&self) -> Option<&str> {
        Some(self)
    }
}

impl Text for &String {
    fn get(&self) -> Option<&str> {
        Some(self)
    }
}

impl Text for Option<&str> {
    fn get(&self) -> Option<&str> {
        *self
    }
}

impl Text for &Option<String> {
    fn get(&self) -> Option<&str> {
        self.as_deref()
    }
}

/// Appends a key and a text, if there is one.
fn text(out: &mut Vec<u8>, key: &str, value: impl Text) {
    let Some(value) = value.get() else { return };
    out.extend_from_slice(key.as_bytes());
    // Without an early end the compiler looks at sixteen bytes at once.
    let escaped = |b: u8| b < b' ' || b == b'"' || b == b'\\';
    let plain = value.bytes().fold(true, |all, b| all & !escaped(b));
    if plain {
        out.push(b'"');
        out.extend_from_slice(value.as_bytes());
        out.push(b'"');
    } else {
        json(value, out);
    }
}

fn number(out: &mut Vec<u8>, key: &str, value: u64) {
    out.extend_from_slice(key.as_bytes());
    let start = out.len();
    let mut left = value;
    loop {
        out.push(
            b"0123456789"
                .get((left % 10) as usize)
                .copied()
                .unwrap_or(b'0'),
        );
        left /= 10;
        if left == 0 {
            break;
        }
    }
    if let Some(digits) = out.get_mut(start..) {
        digits.reverse();
    }
}

fn truth(out: &mut Vec<u8>, key: &str, value: Option<bool>) {
    let Some(value) = value else { return };
    out.extend_from_slice(key.as_bytes());
    out.extend_from_slice(if value { b"true" } else { b"false" });
}

/// Appends a confidence: two decimals, where nothing else was read back.
fn share(out: &mut Vec<u8>, key: &str, value: Option<f64>) {
    let Some(value) = value else { return };
    out.extend_from_slice(key.as_bytes());
    // A number that is too large or none becomes one that is not the same.
    let hundredths = (value * 100.0).round() as u8;
    let same = (f64::from(hundredths) / 100.0).to_bits() == value.to_bits();
    if !same || hundredths >= 100 {
        return json(&value, out);
    }
    out.extend_from_slice(&[b'0', b'.', b'0' + hundredths / 10]);
    if !hundredths.is_multiple_of(10) {
        out.push(b'0' + hundredths % 10);
    }
}

/// Appends anything as one line of JSON.
pub fn line<T: Serialize>(value: &T, out: &mut Vec<u8>) {
    let start = out.len();
    json(value, out);
    if out.len() > start {
        out.push(b'\n');
    }
}

/// Appends anything as JSON; nothing, if its serialiser fails.
fn json<T: Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) {
    let start = out.len();
    // Writing to memory cannot fail, and no type here has a failing serialiser.
    if serde_json::to_writer(&mut *out, value).is_err() {
        out.truncate(start);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Flag, Origin, Proof, SCHEMA, Stream};
    use crate::vocab::{Category, Command, Fault, Kind, Reason, RetryStrategy};
    use proptest::prelude::*;

    fn some() -> impl Strategy<Value = Option<String>> {
        proptest::option::of("[a-z \"\\\\\u{1}-\u{1f}\u{7f}\n\u{e4}\u{2028}\u{1f4ec}]{0,12}")
    }

    prop_compose! {
        fn event()(
            texts in proptest::collection::vec(some(), 22),
            word in any::<proptest::sample::Index>(),
            smtp_code in proptest::option::of(any::<u16>()),
            confidence in proptest::option::of(
                prop_oneof![(0u8..=100).prop_map(|n| f64::from(n) / 100.0), any::<f64>()]),
            held in any::<Option<bool>>(),
            index in any::<u64>(),
            flags in 0usize..=Flag::ALL.len(),
        ) -> Event {
            let mut texts = texts.into_iter();
            let mut text = || texts.next().flatten();
            Event {
                schema: SCHEMA,
                event_id: text().unwrap_or_default(),
                event_type: *word.get(crate::event::EventType::ALL),
                kind: *word.get(Kind::ALL),
                occurred_at: text(),
                classified_at: text().unwrap_or_default(),
                workspace: text().unwrap_or_default(),
                mailbox: text(),
                stream: *word.get(Stream::ALL),
                campaign_id: text(),
                sequence_step_id: text(),
                contact_id: text(),
                recipient: text(),
                recipient_domain: text(),
                final_recipient: text(),
                smtp_code,
                enhanced_code: text(),
                smtp_message: text(),
                command: held.map(|_| *word.get(Command::ALL)),
                remote_mta: text(),
                reporting_mta: text(),
                category: held.map(|_| *word.get(Category::ALL)),
                reason: smtp_code.map(|_| *word.get(Reason::ALL)),
                fault: smtp_code.map(|_| *word.get(Fault::ALL)),
                confidence,
                held,
                confirmed: held.map(|h| !h),
                decided_by: text(),
                evidence: text(),
                retry_strategy: held.map(|_| *word.get(RetryStrategy::ALL)),
                proof: *word.get(Proof::ALL),
                flags: Flag::ALL.iter().copied().take(flags).collect(),
                suggested_recipient: text(),
                subject: text(),
                message_id: text(),
                feedback_type: text(),
                returns_on: text(),
                format: text().unwrap_or_default(),
                origin: Origin { file: text().unwrap_or_default(), index },
                tagged: false,
            }
        }
    }

    proptest! {
        #[test]
        fn e1_an_event_is_written_as_serde_writes_it(event in event()) {
            let (mut ours, mut theirs) = (Vec::new(), Vec::new());
            write(&event, &mut ours);
            line(&event, &mut theirs);
            prop_assert_eq!(String::from_utf8(ours), String::from_utf8(theirs));
        }
    }
}
