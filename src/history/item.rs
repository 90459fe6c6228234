//! One thing that happened to one address, in about a hundred bytes.

use super::names::{Id, Names, Renamed};
use crate::address;
use crate::event::{Brief, Flag, Proof, Stream};
use crate::time;
use crate::vocab::{Category, Fault, Kind, Reason};
use data_encoding::HEXLOWER_PERMISSIVE;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::fmt;

/// The identity of an event: 32 hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId([u8; 16]);

impl EventId {
    /// Reads 32 hex digits. Anything else stands for itself by its hash.
    pub fn parse(text: &str) -> Self {
        let mut bytes = [0; 16];
        if HEXLOWER_PERMISSIVE.decode_len(text.len()) == Ok(bytes.len())
            && HEXLOWER_PERMISSIVE
                .decode_mut(text.as_bytes(), &mut bytes)
                .is_ok()
        {
            return EventId(bytes);
        }
        let mut bytes = [0; 16];
        for (to, from) in bytes.iter_mut().zip(Sha256::digest(text.as_bytes())) {
            *to = from;
        }
        EventId(bytes)
    }
}

impl EventId {
    /// That of sixteen bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        EventId(bytes)
    }

    /// Its sixteen bytes.
    pub const fn bytes(self) -> [u8; 16] {
        self.0
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

/// Flags of an event, a bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Flags(u16);

impl Flags {
    fn of(flags: &[Flag]) -> Self {
        Flags(flags.iter().fold(0, |bits, f| bits | 1 << (*f as u16)))
    }

    /// True if the flag is set.
    pub const fn has(self, flag: Flag) -> bool {
        self.0 & (1 << (flag as u16)) != 0
    }

    pub(super) const fn without(self, flag: Flag) -> Self {
        Flags(self.0 & !(1 << (flag as u16)))
    }

    /// The flags, in the order of their declaration.
    pub fn list(self) -> impl Iterator<Item = Flag> {
        Flag::ALL.iter().copied().filter(move |f| self.has(*f))
    }
}

/// Undated: before everything.
const UNDATED: i64 = i64::MIN;

/// One thing that happened to one address: a failure or a complaint, however many
/// events tell of it, or a delay, a delivery, an automatic answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// The event that speaks for it.
    pub event_id: EventId,
    moment: i64,
    /// Recipient key; `None` if the notification names nobody.
    pub address: Option<Id>,
    /// Recipient domain, lower case, A-label.
    pub domain: Option<Id>,
    /// Whose mailbox it was.
    pub workspace: Id,
    /// The mailbox that had sent, as its key.
    pub mailbox: Option<Id>,
    /// The campaign.
    pub campaign: Option<Id>,
    /// The contact in the sender's system.
    pub contact: Option<Id>,
    /// The subject of the mail.
    pub subject: Option<Id>,
    /// The Message-ID of the mail.
    pub message_id: Option<Id>,
    /// `5.1.1`.
    pub enhanced: Option<Id>,
    /// First day back of an out-of-office.
    pub returns_on: Option<Id>,
    /// How many different events tell of it.
    pub tellings: u32,
    /// SMTP code; 0 if there is none.
    pub code: u16,
    /// The event's flags.
    pub flags: Flags,
    /// What happened.
    pub kind: Kind,
    /// The category; absent on a delivery.
    pub category: Option<Category>,
    /// Why.
    pub reason: Option<Reason>,
    /// Whose problem.
    pub fault: Option<Fault>,
    /// Confidence in hundredths.
    pub confidence: u8,
    /// Held for review (C3).
    pub held: bool,
    /// A confirmed hard bounce (C6).
    pub confirmed: bool,
    /// How far it is known to answer a mail of ours.
    pub proof: Proof,
    /// Campaign or warm-up.
    pub stream: Stream,
    /// It counts towards escalation (T3).
    pub strike: bool,
    /// The strike that made the soft bounces of the address final (T3).
    pub escalates: bool,
    /// One of a burst of hard bounces at its domain, which looks like an outage or a
    /// block (S10: `domain_cluster`).
    pub burst: bool,
    /// Before a re-verification or removal: it no longer counts for lists (S5).
    pub spent: bool,
    /// After one: it counts again (S5).
    pub repeat: bool,
}

impl Item {
    /// What an event says.
    pub(super) fn of(event: &Brief<'_>, names: &mut Names) -> Self {
        let mut name = |text: &Option<Cow<'_, str>>| text.as_deref().map(|t| names.intern(t));
        let campaign = name(&event.campaign_id);
        let contact = name(&event.contact_id);
        let subject = name(&event.subject);
        let message_id = name(&event.message_id);
        let enhanced = name(&event.enhanced_code);
        let returns_on = name(&event.returns_on);
        let key = event.recipient.as_deref().map(address::keyed);
        let domain = key.as_deref().and_then(address::split).map(|(_, d)| d);
        let at = event.occurred_at.as_deref().and_then(time::parse_rfc3339);
        Item {
            event_id: EventId::parse(&event.event_id),
            moment: at.map_or(UNDATED, |t| t.as_second()),
            domain: domain.map(|d| names.intern(d)),
            address: key.as_deref().map(|k| names.intern(k)),
            workspace: names.intern(&event.workspace),
            mailbox: event
                .mailbox
                .as_deref()
                .map(|m| names.intern(&address::keyed(m))),
            campaign,
            contact,
            subject,
            message_id,
            enhanced,
            returns_on,
            tellings: 1,
            code: event.smtp_code.unwrap_or_default(),
            flags: Flags::of(&event.flags),
            kind: event.kind,
            category: event.category,
            reason: event.reason,
            fault: event.fault,
            // 0 to 100 after the clamp.
            confidence: (event.confidence.unwrap_or_default().clamp(0.0, 1.0) * 100.0).round()
                as u8,
            held: event.held == Some(true),
            confirmed: event.confirmed == Some(true),
            proof: event.proof,
            stream: event.stream,
            strike: false,
            escalates: false,
            burst: false,
            spent: false,
            repeat: false,
        }
    }

    /// The same item of a history whose names are others: `names` has the new ids by the
    /// old ones.
    pub(super) fn renamed(self, names: &Renamed) -> Self {
        let new = |id: Option<Id>| id.map(|id| names.of(id));
        Item {
            address: new(self.address),
            domain: new(self.domain),
            workspace: names.of(self.workspace),
            mailbox: new(self.mailbox),
            campaign: new(self.campaign),
            contact: new(self.contact),
            subject: new(self.subject),
            message_id: new(self.message_id),
            enhanced: new(self.enhanced),
            returns_on: new(self.returns_on),
            ..self
        }
    }

    /// When it happened, in Unix seconds.
    pub const fn at(&self) -> Option<i64> {
        if self.moment == UNDATED {
            None
        } else {
            Some(self.moment)
        }
    }

    /// For sorting: what is undated comes first.
    pub(super) const fn moment(&self) -> i64 {
        self.moment
    }

    pub(super) const fn date(&mut self, moment: i64) {
        self.moment = moment;
    }

    /// The UTC day, counted from 1970-01-01.
    pub fn day(&self) -> Option<i64> {
        self.at().map(day)
    }

    /// A failure or a complaint: what may cost an address.
    pub const fn is_bounce(&self) -> bool {
        matches!(self.kind, Kind::Failed | Kind::Complaint)
    }

    /// It matches no mail of ours, or is one of very many in a report that nothing
    /// proves (S8, S9): it counts in no rate.
    pub fn is_stray(&self) -> bool {
        let proved = self.proof == Proof::Sent;
        !proved && (self.flags.has(Flag::Unmatched) || self.flags.has(Flag::MassReport))
    }

    /// A failure of real mail that counts in the rates (P1): not stray, and not the
    /// sender's own fault. Held ones count.
    pub fn counts(&self) -> bool {
        self.kind == Kind::Failed
            && self.stream == Stream::Campaign
            && !self.is_stray()
            && self.fault != Some(Fault::Sender)
    }

    /// A person must look at it before anything follows from it: row 4 of the table of
    /// lists, without what only the lists know.
    pub fn is_for_review(&self) -> bool {
        self.held || self.is_stray() || self.flags.has(Flag::Expanded) || self.address.is_none()
    }
}

/// The UTC day of a moment, counted from 1970-01-01.
pub const fn day(second: i64) -> i64 {
    second.div_euclid(86_400)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e1_an_event_id_reads_back() {
        let id = "00a5461138bd30a5036507e0b799223c";
        assert_eq!(EventId::parse(id).to_string(), id);
        assert_eq!(EventId::parse(&id.to_uppercase()).to_string(), id);
        assert_ne!(EventId::parse("one"), EventId::parse("two"));
    }

    #[test]
    fn t3_days_are_of_utc() {
        for (second, expected) in [(0, 0), (86_399, 0), (86_400, 1), (-1, -1)] {
            assert_eq!(day(second), expected);
        }
    }

    #[test]
    fn s9_flags_are_bits() {
        let flags = Flags::of(&[Flag::Unmatched, Flag::RoleAccount]);
        let list: Vec<Flag> = flags.list().collect();
        assert_eq!(list, [Flag::RoleAccount, Flag::Unmatched]);
        assert!(!flags.without(Flag::Unmatched).has(Flag::Unmatched));
    }

    #[test]
    fn t3_an_item_is_small() {
        assert!(size_of::<Item>() <= 104, "{}", size_of::<Item>());
    }
}
