//! What an event has of its own, and what it shares with others of its mould.

use super::{Event, Flag, Origin, Stream};

/// The values that events of one mould differ by; their names are those of [`Event`].
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "each key is described in docs/events.md")]
pub struct Own<'a> {
    pub event_id: &'a str,
    pub occurred_at: Option<&'a str>,
    pub stream: Stream,
    pub campaign_id: Option<&'a str>,
    pub sequence_step_id: Option<&'a str>,
    pub contact_id: Option<&'a str>,
    pub recipient: Option<&'a str>,
    pub recipient_domain: Option<&'a str>,
    pub smtp_message: Option<&'a str>,
    pub remote_mta: Option<&'a str>,
    pub flags: &'a [Flag],
    pub suggested_recipient: Option<&'a str>,
    pub subject: Option<&'a str>,
    pub message_id: Option<&'a str>,
    /// Of the origin.
    pub file: &'a str,
    /// Of the origin.
    pub index: u64,
}

impl Event {
    /// What it has of its own.
    pub fn own(&self) -> Own<'_> {
        Own {
            event_id: &self.event_id,
            occurred_at: self.occurred_at.as_deref(),
            stream: self.stream,
            campaign_id: self.campaign_id.as_deref(),
            sequence_step_id: self.sequence_step_id.as_deref(),
            contact_id: self.contact_id.as_deref(),
            recipient: self.recipient.as_deref(),
            recipient_domain: self.recipient_domain.as_deref(),
            smtp_message: self.smtp_message.as_deref(),
            remote_mta: self.remote_mta.as_deref(),
            flags: &self.flags,
            suggested_recipient: self.suggested_recipient.as_deref(),
            subject: self.subject.as_deref(),
            message_id: self.message_id.as_deref(),
            file: &self.origin.file,
            index: self.origin.index,
        }
    }

    /// The same with other values of its own.
    pub fn with(&self, own: &Own<'_>) -> Event {
        let text = |text: Option<&str>| text.map(str::to_owned);
        Event {
            event_id: own.event_id.to_owned(),
            occurred_at: text(own.occurred_at),
            stream: own.stream,
            campaign_id: text(own.campaign_id),
            sequence_step_id: text(own.sequence_step_id),
            contact_id: text(own.contact_id),
            recipient: text(own.recipient),
            recipient_domain: text(own.recipient_domain),
            smtp_message: text(own.smtp_message),
            remote_mta: text(own.remote_mta),
            flags: own.flags.to_vec(),
            suggested_recipient: text(own.suggested_recipient),
            subject: text(own.subject),
            message_id: text(own.message_id),
            origin: Origin {
                file: own.file.to_owned(),
                index: own.index,
            },
            ..self.clone()
        }
    }

    /// The same without any values of its own.
    pub fn without(self) -> Event {
        Event {
            event_id: String::new(),
            occurred_at: None,
            campaign_id: None,
            sequence_step_id: None,
            contact_id: None,
            recipient: None,
            recipient_domain: None,
            smtp_message: None,
            remote_mta: None,
            flags: Vec::new(),
            suggested_recipient: None,
            subject: None,
            message_id: None,
            origin: Origin {
                file: String::new(),
                index: 0,
            },
            ..self
        }
    }
}
