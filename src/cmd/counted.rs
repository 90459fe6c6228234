//! Rows of the sent log → counts, by keys; and for which domains every send counts.

use super::Stop;
use super::desk::{Desk, Reject};
use crate::address;
use crate::report::filter::domain_key;
use crate::report::{Filter, Send, Sends};
use crate::sent::{self, Row};
use hashbrown::{HashMap, HashSet};
use std::borrow::Cow;

/// What a block of the sent log came to.
pub fn log_part(
    part: sent::Part<()>,
    desk: &mut Desk,
    tally: &mut sent::Tally,
) -> Result<(), Stop> {
    tally.add(&part.tally);
    for note in &part.notes {
        desk.note(&format!("{}: {}", note.file, note.what));
    }
    for reject in part.rejects {
        desk.reject(&Reject {
            file: reject.file.to_string(),
            index: reject.index,
            line: reject.line,
            offset: reject.offset,
            why: reject.why,
        })?;
    }
    desk.progress(part.read, || format!("{} sent rows", tally.rows));
    Ok(())
}

/// Counts a row of the sent log by keys.
pub fn count(row: &Row<'_>, filter: &Filter, sends: &mut Sends) {
    // Without an early end the compiler looks at sixteen bytes at once.
    let plain = |s: &str| {
        s.bytes()
            .fold(true, |all, b| all & (b < 0x80) & (b != b'"'))
    };
    let mailbox = row.mailbox.as_deref().map(|m| match plain(m) {
        true => Cow::Borrowed(m),
        false => Cow::Owned(address::key(m)),
    });
    let domain = row.recipient_domain.as_deref().map(|d| match plain(d) {
        true => Cow::Borrowed(d),
        false => Cow::Owned(domain_key(d)),
    });
    let send = Send {
        at: row.sent_at.map(|t| t.as_second()),
        day: row.resolution == sent::Resolution::Day,
        mailbox: mailbox.as_deref(),
        domain: domain.as_deref(),
        campaign: row.campaign.as_deref(),
        warmup: row.stream() == crate::event::Stream::Warmup,
        count: row.count,
    };
    sends.add(&send, filter);
}

/// Domains of hard bounces, and how many events tell of them.
#[derive(Debug, Default)]
pub struct HardDomains(HashMap<String, u32>);

impl HardDomains {
    /// One more event.
    pub fn see(&mut self, domain: &str) {
        *self.0.entry_ref(domain).or_default() += 1;
    }

    /// Those where the number of events could make a burst.
    pub fn many(self, recipients: u32) -> HashSet<String> {
        let many = |(domain, n)| (n >= recipients).then_some(domain);
        self.0.into_iter().filter_map(many).collect()
    }
}
