//! The newest events with what the servers said (P6): the one view that needs more of an
//! event than its history keeps.

use super::summary::Recent;
use crate::event::Event;
use std::collections::BTreeMap;

/// How many are kept.
const KEPT: usize = 100;

/// The newest events, each once, whatever the order in which they come.
#[derive(Debug, Default)]
pub struct Newest(BTreeMap<(String, String), Recent>);

impl Newest {
    /// Takes an event, if it is one of the newest. Undated ones are not.
    pub fn see(&mut self, event: &Event) {
        let Some(at) = event.occurred_at.as_deref() else {
            return;
        };
        let is_old = |(first_at, first_id): &(String, String)| {
            (at, &event.event_id) < (first_at.as_str(), first_id)
        };
        let full = self.0.len() >= KEPT;
        if full && self.0.keys().next().is_some_and(is_old) {
            return;
        }
        let key = (at.to_owned(), event.event_id.clone());
        let new = recent(event);
        match self.0.get_mut(&key) {
            // Of two readings of one event the better known, as far as it shows here.
            Some(old) => {
                if better(&new) > better(old) {
                    *old = new;
                }
            }
            None => {
                self.0.insert(key, new);
            }
        }
        if self.0.len() > KEPT {
            self.0.pop_first();
        }
    }

    /// Newest first.
    pub fn list(self) -> Vec<Recent> {
        self.0.into_values().rev().collect()
    }
}

fn better(r: &Recent) -> (bool, bool, String) {
    let words = [&r.mailbox, &r.campaign, &r.recipient].map(|w| w.clone().unwrap_or_default());
    (r.mailbox.is_some(), r.campaign.is_some(), words.join(" "))
}

fn recent(event: &Event) -> Recent {
    Recent {
        at: event.occurred_at.clone().unwrap_or_default(),
        event_id: event.event_id.clone(),
        kind: event.kind.as_str(),
        category: event.category.map_or("", |c| c.as_str()),
        reason: event.reason.map_or("", |r| r.as_str()),
        held: event.held == Some(true),
        confidence: event.confidence,
        recipient: event.recipient.clone(),
        mailbox: event.mailbox.clone(),
        campaign: event.campaign_id.clone(),
        smtp_code: event.smtp_code,
        enhanced_code: event.enhanced_code.clone(),
        smtp_message: event.smtp_message.clone(),
        remote_mta: event.remote_mta.clone(),
    }
}
