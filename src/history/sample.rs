//! Events for tests, in few words.

use super::{Collector, History};
use crate::address;
use crate::event::{Event, EventType, Origin, Proof, SCHEMA, Stream};
use crate::policy::Policy;
use crate::vocab::{Category, Kind, Reason};

/// A failure: `id`, moment (empty: undated), mailbox, recipient and reason in one line,
/// `-` for what is not known.
pub(crate) fn failed(line: &str) -> Event {
    event(Kind::Failed, line)
}

/// The same of any kind.
pub(crate) fn event(kind: Kind, line: &str) -> Event {
    let words: Vec<&str> = line.split_whitespace().collect();
    let word = |n: usize| words.get(n).filter(|w| **w != "-").map(|w| (*w).to_owned());
    let reason = match kind {
        Kind::Complaint => Some(Reason::Feedback),
        Kind::AutoReply => Some(Reason::Vacation),
        Kind::Delivered => None,
        Kind::Failed | Kind::Delayed => word(4).and_then(|w| Reason::from_word(&w)),
    };
    let category = reason.and_then(Reason::category);
    let recipient = word(3);
    Event {
        schema: SCHEMA,
        event_id: format!("{:0>32}", word(0).unwrap_or_default()),
        event_type: EventType::of(kind, category, false),
        kind,
        occurred_at: word(1),
        classified_at: "2026-11-24T00:00:00Z".to_owned(),
        workspace: "default".to_owned(),
        mailbox: word(2),
        stream: Stream::Campaign,
        campaign_id: None,
        sequence_step_id: None,
        contact_id: None,
        recipient_domain: recipient.as_deref().and_then(address::domain),
        recipient,
        final_recipient: None,
        smtp_code: None,
        enhanced_code: None,
        smtp_message: None,
        command: None,
        remote_mta: None,
        reporting_mta: None,
        category,
        reason,
        fault: reason.map(Reason::fault),
        confidence: reason.map(|_| 0.95),
        held: matches!(kind, Kind::Failed | Kind::Complaint).then_some(false),
        confirmed: (kind == Kind::Failed).then_some(category == Some(Category::HardBounce)),
        decided_by: None,
        evidence: None,
        retry_strategy: None,
        proof: Proof::None,
        flags: Vec::new(),
        suggested_recipient: None,
        subject: None,
        message_id: None,
        feedback_type: None,
        returns_on: None,
        format: "rfc3464".to_owned(),
        origin: Origin {
            file: "x.mbox".to_owned(),
            index: 0,
        },
        tagged: false,
    }
}

/// The history of events under the default policy.
pub(crate) fn history(events: &[Event]) -> History {
    let mut collector = Collector::default();
    for event in events {
        collector.add(event);
    }
    collector.finish(&Policy::default())
}
