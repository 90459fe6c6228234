//! What counting and remembering need of an event, borrowed from wherever it stands.

use super::{Event, Flag, Proof, Stream};
use crate::vocab::{Category, Fault, Kind, Reason};
use std::borrow::Cow;

/// A part of an [`Event`]; its keys have the same names there.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "each key is described in docs/events.md")]
pub struct Brief<'a> {
    pub event_id: Cow<'a, str>,
    pub kind: Kind,
    pub occurred_at: Option<Cow<'a, str>>,
    pub workspace: Cow<'a, str>,
    pub mailbox: Option<Cow<'a, str>>,
    pub stream: Stream,
    pub campaign_id: Option<Cow<'a, str>>,
    pub contact_id: Option<Cow<'a, str>>,
    pub recipient: Option<Cow<'a, str>>,
    pub recipient_domain: Option<Cow<'a, str>>,
    pub smtp_code: Option<u16>,
    pub enhanced_code: Option<Cow<'a, str>>,
    pub smtp_message: Option<Cow<'a, str>>,
    pub remote_mta: Option<Cow<'a, str>>,
    pub category: Option<Category>,
    pub reason: Option<Reason>,
    pub fault: Option<Fault>,
    pub confidence: Option<f64>,
    pub held: Option<bool>,
    pub confirmed: Option<bool>,
    pub proof: Proof,
    pub flags: Cow<'a, [Flag]>,
    pub subject: Option<Cow<'a, str>>,
    pub message_id: Option<Cow<'a, str>>,
    pub returns_on: Option<Cow<'a, str>>,
}

impl<'a> From<&'a Event> for Brief<'a> {
    fn from(event: &'a Event) -> Self {
        let text = |text: &'a Option<String>| text.as_deref().map(Cow::Borrowed);
        Brief {
            event_id: Cow::Borrowed(&event.event_id),
            kind: event.kind,
            occurred_at: text(&event.occurred_at),
            workspace: Cow::Borrowed(&event.workspace),
            mailbox: text(&event.mailbox),
            stream: event.stream,
            campaign_id: text(&event.campaign_id),
            contact_id: text(&event.contact_id),
            recipient: text(&event.recipient),
            recipient_domain: text(&event.recipient_domain),
            smtp_code: event.smtp_code,
            enhanced_code: text(&event.enhanced_code),
            smtp_message: text(&event.smtp_message),
            remote_mta: text(&event.remote_mta),
            category: event.category,
            reason: event.reason,
            fault: event.fault,
            confidence: event.confidence,
            held: event.held,
            confirmed: event.confirmed,
            proof: event.proof,
            flags: Cow::Borrowed(&event.flags),
            subject: text(&event.subject),
            message_id: text(&event.message_id),
            returns_on: text(&event.returns_on),
        }
    }
}
