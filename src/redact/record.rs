//! Events without addresses, subjects and message-ids.

use super::names::Names;
use super::{Redactor, is_domain};
use crate::event::Event;

impl Redactor {
    /// Redacts an event.
    pub fn event(&self, event: &mut Event) {
        let names = self.names(event);
        let text = |text: &mut String| *text = self.text(text);
        let reply = |text: &mut String| *text = self.text_of(text, &names);
        let address = |text: &mut String| *text = self.address(text);
        event.event_id = self.event_id(&event.event_id);
        // These name one thing in all events: the same text must stay the same.
        text(&mut event.workspace);
        text(&mut event.format);
        text(&mut event.classified_at);
        text(&mut event.origin.file);
        for value in [
            &mut event.occurred_at,
            &mut event.campaign_id,
            &mut event.sequence_step_id,
            &mut event.contact_id,
            &mut event.enhanced_code,
            &mut event.feedback_type,
            &mut event.returns_on,
        ] {
            value.as_mut().map(text);
        }
        for value in [
            &mut event.smtp_message,
            &mut event.evidence,
            &mut event.decided_by,
            &mut event.remote_mta,
            &mut event.reporting_mta,
        ] {
            value.as_mut().map(reply);
        }
        for value in [
            &mut event.mailbox,
            &mut event.recipient,
            &mut event.final_recipient,
            &mut event.suggested_recipient,
        ] {
            value.as_mut().map(address);
        }
        event.recipient_domain.take_if(|domain| !is_domain(domain));
        event.subject = event.subject.as_deref().map(|s| self.subject(s));
        event.message_id = event.message_id.as_deref().map(|id| self.message_id(id));
    }

    fn names(&self, event: &Event) -> Names {
        let mut names = Names::default();
        for address in [
            &event.recipient,
            &event.final_recipient,
            &event.suggested_recipient,
            &event.mailbox,
        ]
        .into_iter()
        .flatten()
        {
            names.add(address, &self.address(address));
        }
        if let Some(reply) = &event.smtp_message {
            names.add_all(reply, self);
        }
        if let Some(id) = &event.message_id {
            names.add_message_id(id, &self.message_id(id));
        }
        if let Some(subject) = &event.subject {
            names.add_subject(subject, &self.subject(subject));
        }
        names
    }
}
