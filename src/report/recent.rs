//! The newest events with what the servers said (P6): the one view that needs more of an
//! event than its history keeps.

use super::summary::Recent;
use crate::event::{Brief, Event};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// How many are kept.
const KEPT: usize = 100;

/// The newest events, each once, whatever the order in which they come.
#[derive(Debug, Default)]
pub struct Newest(BTreeMap<(String, String), Recent>);

impl Newest {
    /// Takes an event, if it is one of the newest. Undated ones are not.
    pub fn see(&mut self, event: &Event) {
        self.see_brief(&event.into());
    }

    /// The same for what is needed of an event.
    pub fn see_brief(&mut self, event: &Brief<'_>) {
        let at = event.occurred_at.as_deref();
        if let Some(at) = at.filter(|at| self.wants(at, &event.event_id)) {
            self.put(recent(at, event));
        }
    }

    /// Takes those that another has kept.
    pub fn append(&mut self, other: Newest) {
        for recent in other.0.into_values().rev() {
            if !self.wants(&recent.at, &recent.event_id) {
                break;
            }
            self.put(recent);
        }
    }

    fn wants(&self, at: &str, id: &str) -> bool {
        let oldest = self.0.keys().next().filter(|_| self.0.len() >= KEPT);
        oldest.is_none_or(|(first_at, first_id)| (at, id) >= (first_at, first_id))
    }

    fn put(&mut self, new: Recent) {
        let key = (new.at.clone(), new.event_id.clone());
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

fn recent(at: &str, event: &Brief<'_>) -> Recent {
    let own = |text: &Option<Cow<'_, str>>| text.as_deref().map(str::to_owned);
    Recent {
        at: at.to_owned(),
        event_id: event.event_id.clone().into_owned(),
        kind: event.kind.as_str(),
        category: event.category.map_or("", |c| c.as_str()),
        reason: event.reason.map_or("", |r| r.as_str()),
        held: event.held == Some(true),
        confidence: event.confidence,
        recipient: own(&event.recipient),
        mailbox: own(&event.mailbox),
        campaign: own(&event.campaign_id),
        smtp_code: event.smtp_code,
        enhanced_code: own(&event.enhanced_code),
        smtp_message: own(&event.smtp_message),
        remote_mta: own(&event.remote_mta),
    }
}
