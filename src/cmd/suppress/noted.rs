//! Events on their way from the workers into the ledger.

use super::super::intake::{Earlier, Given};
use super::veiled::Hiding;
use crate::event::{Event, Flag};
use crate::history::EventId;
use crate::ledger::{Digest, Fresh, Ledger, Result, digest_of};
use crate::report::Filter;
use crate::time;

/// An event as far as it must be known to find out whether it is new.
pub enum Noted {
    /// One that is at hand as the line of an earlier run: if it is kept, that is all.
    Line(EventId, Option<Digest>, String),
    /// An event of the input, or (`true`) of an earlier run.
    Event(Result<Fresh>, bool),
}

/// What is to be kept of an event.
pub fn noted(
    given: Given<'_>,
    earlier: Option<Earlier>,
    filter: &Filter,
    hiding: &Hiding,
) -> Option<Noted> {
    let event = match given {
        Given::Line(line, brief) => {
            if !filter.wants(brief) {
                return None;
            }
            let id = EventId::parse(&brief.event_id);
            return Some(Noted::Line(id, digest_of(line), line.text().to_owned()));
        }
        Given::Event(event) => event,
    };
    let wanted = match earlier {
        Some(earlier) => is_evidence(event, earlier),
        None => filter.wants(&(&*event).into()),
    };
    wanted.then(|| {
        hiding.hide(event);
        Noted::Event(Fresh::of(event), earlier.is_some())
    })
}

impl Noted {
    /// It is one of the input.
    pub const fn is_own(&self) -> bool {
        !matches!(self, Noted::Event(_, true))
    }

    /// Keeps it. True if it is new.
    pub fn keep(self, ledger: &Ledger) -> Result<bool> {
        match self {
            Noted::Event(fresh, _) => ledger.keep(&fresh?),
            Noted::Line(id, Some(digest), _) if ledger.knows(id, digest)? => Ok(false),
            Noted::Line(_, _, line) => ledger.add(&serde_json::from_str(&line)?),
        }
    }
}

/// Whether what a sent log says of an event of an earlier run is to be remembered. That a
/// log which begins after the event does not have its mail says nothing: else the log of
/// last night would empty the lists.
fn is_evidence(event: &Event, earlier: Earlier) -> bool {
    let at = event.occurred_at.as_deref().and_then(time::parse_rfc3339);
    let covers = earlier
        .begins
        .zip(at)
        .is_some_and(|(b, at)| b <= at.as_second());
    covers || !event.flags.contains(&Flag::Unmatched)
}
