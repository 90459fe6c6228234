//! The values of a row, as its event has them.

use super::super::assemble::{self, Setting, Source};
use super::super::domains::Domain;
use super::super::id::{Identity, put_event_id};
use super::super::{Flag, Own};
use super::pieces::Piece;
use super::{Cells, Mould};
use crate::address;
use crate::notice::{returned, row as rows};
use crate::row::Row;
use crate::time;
use std::ops::Range;

/// Room for what is made of them.
#[derive(Debug, Default)]
pub(super) struct Filled {
    event_id: String,
    hashed: Vec<u8>,
    occurred_at: String,
    message: String,
    message_id: String,
    remote: String,
    suggested: String,
    flags: Vec<Flag>,
    /// The reply with a stand-in for the recipient, and where its identifiers are.
    pub(super) reply: Vec<u8>,
    pub(super) ids: Vec<Range<usize>>,
}

impl Filled {
    /// What a row has of its own.
    pub(super) fn fill<'f>(
        &'f mut self,
        mould: &'f Mould,
        cells: &Cells<'f>,
        domain: &'f Domain,
        row: &Row<'_>,
        source: &'f Source<'_>,
        setting: &Setting,
    ) -> Own<'f> {
        let like = &mould.event;
        let to = cells.recipient;
        self.say(mould, to);
        let moment = cells
            .moment
            .and_then(|text| assemble::moment(text, row.zone, row.month_first, setting));
        self.occurred_at.clear();
        moment
            .into_iter()
            .for_each(|t| time::push_rfc3339(t, &mut self.occurred_at));
        let occurred_at = moment.map(|_| &*self.occurred_at);
        returned::put_message_id(cells.message_id.unwrap_or_default(), &mut self.message_id);
        let message_id = Some(&*self.message_id).filter(|id| !id.is_empty());
        self.remote.clear();
        let remote_mta = match cells.remote {
            Some(cell) => {
                self.remote.push_str(rows::host(cell));
                self.remote.make_ascii_lowercase();
                Some(&*self.remote)
            }
            None => mould.remote.as_deref(),
        };
        self.suggested.clear();
        let suggested_recipient = domain.suggested.map(|other| {
            let local = to.len() - domain.lower.len();
            self.suggested.push_str(to.get(..local).unwrap_or_default());
            self.suggested.push_str(other);
            &*self.suggested
        });
        self.flags.clear();
        self.flags.extend(assemble::marks(
            Some(to),
            domain.suggested.is_some(),
            setting,
        ));
        self.flags.extend_from_slice(&mould.flags);
        let smtp_message = mould.message.as_ref().map(|_| &*self.message);
        self.event_id.clear();
        let identity = Identity {
            kind: like.kind.as_str(),
            recipients: [&address::keyed(to), ""],
            message_id: None,
            date: None,
            reporting_mta: like.reporting_mta.as_deref(),
            occurred_at,
            returned_id: message_id,
            codes: (like.smtp_code, like.enhanced_code.as_deref()),
            reply: &mould.canonical,
        };
        put_event_id(&identity, &mut self.hashed, &mut self.event_id);
        let [campaign_id, sequence_step_id, contact_id] = [0, 1, 2].map(|n| {
            let cell = cells.of_sender.get(n).copied().flatten().map(rows::text);
            cell.or_else(|| mould.of_sender.get(n)?.as_deref())
        });
        Own {
            event_id: &self.event_id,
            occurred_at,
            stream: assemble::stream_of(cells.subject, setting),
            campaign_id,
            sequence_step_id,
            contact_id,
            recipient: Some(to),
            recipient_domain: Some(&domain.lower),
            smtp_message,
            remote_mta,
            flags: &self.flags,
            suggested_recipient,
            subject: cells.subject,
            message_id,
            file: source.file,
            index: source.index,
        }
    }

    /// Puts the words of the reply together.
    fn say(&mut self, mould: &Mould, to: &str) {
        self.message.clear();
        for piece in mould.message.iter().flatten() {
            let id = |number: usize| {
                let id = self.reply.get(self.ids.get(number)?.clone())?;
                std::str::from_utf8(id).ok()
            };
            self.message.push_str(match piece {
                Piece::Words(words) => words,
                Piece::Recipient => to,
                Piece::Id(number) => id(*number).unwrap_or_default(),
            });
        }
    }
}
