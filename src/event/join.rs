//! Event + what the sent log knows of its mail → event (E2, E3, S8, S9).
//!
//! The join fills in and corrects; it never judges. `event_id` is what the notification
//! says, so it stays as it was before the join: the same mail read with another sent log,
//! or without one, is the same event.

use super::assemble::Setting;
use super::{Event, EventType, Flag, Proof, Stream};
use crate::address;
use crate::policy::Policy;
use crate::time;
use crate::vocab::Kind;
use jiff::Timestamp;
use std::cmp::{Ordering, Reverse};

/// A mail of ours, as the sent log has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// When it was sent; of a log of days the first moment of the day.
    pub sent_at: Option<Timestamp>,
    /// Only the day is known.
    pub day: bool,
    /// The sending mailbox, in lower case.
    pub mailbox: Option<String>,
    /// The address that was mailed to, as written.
    pub recipient: String,
    /// The campaign.
    pub campaign: Option<String>,
    /// The Message-ID without angle brackets.
    pub message_id: Option<String>,
    /// The step of the sequence.
    pub step: Option<String>,
    /// The contact.
    pub contact: Option<String>,
    /// Campaign or warm-up, where the log says.
    pub stream: Option<Stream>,
}

impl Sent {
    /// Which of two rows about the same mail is believed: the later one, then the smaller
    /// by its fields, so that the order of the log does not matter.
    pub fn preferred(&self, other: &Sent) -> Ordering {
        let rank = |s: &Sent| (s.sent_at, Reverse(s.day));
        rank(self)
            .cmp(&rank(other))
            .then_with(|| other.fields().cmp(&self.fields()))
    }

    fn fields(&self) -> (Option<&str>, [&str; 5], Option<Stream>) {
        fn of(o: &Option<String>) -> &str {
            o.as_deref().unwrap_or_default()
        }
        (
            self.mailbox.as_deref(),
            [
                of(&self.campaign),
                of(&self.message_id),
                of(&self.step),
                of(&self.contact),
                &self.recipient,
            ],
            self.stream,
        )
    }
}

/// What the sent log says of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer<'s> {
    /// It answers this mail. Where that went to another address than the report names,
    /// somebody has forwarded it.
    To(&'s Sent),
    /// It answers no mail in the log.
    Nothing {
        /// The log names the mailbox that the returned message is from.
        ours: bool,
        /// The log has messages, and was read to its end: what it does not have was not
        /// sent.
        complete: bool,
    },
}

/// What the join needs to know besides.
#[derive(Clone, Copy, Debug)]
pub struct Joining<'a> {
    /// `bounce.toml`: workspaces, roles, retries, how long an event can be matched.
    pub policy: &'a Policy,
    /// The clock.
    pub now: Timestamp,
    /// What was filled in as the mailbox where the input did not say.
    pub mailbox: Option<&'a str>,
    /// The workspace, where the policy does not say.
    pub workspace: Option<&'a str>,
}

impl<'a> From<&'a Setting> for Joining<'a> {
    fn from(setting: &'a Setting) -> Self {
        Joining {
            policy: &setting.policy,
            now: setting.now,
            mailbox: setting.mailbox.as_deref(),
            workspace: setting.workspace.as_deref(),
        }
    }
}

/// Enters into an event what the sent log says of it.
///
/// An event that has proof `sent` from an earlier run keeps it; one that was left
/// `unmatched` is matched only for so long as the policy says (`matching.rematch`).
pub fn join(event: &mut Event, answer: Answer<'_>, joining: &Joining<'_>) {
    if event.proof == Proof::Sent {
        return;
    }
    match answer {
        Answer::To(sent) if is_open(event, joining) => matched(event, sent, joining),
        Answer::To(_) => {}
        Answer::Nothing { ours, complete } => {
            if ours && event.proof == Proof::None {
                event.proof = Proof::Returned;
            }
            if complete && matches!(event.kind, Kind::Failed | Kind::Complaint) {
                mark(event, Flag::Unmatched, true);
            }
        }
    }
}

/// Whether an event may still be matched.
fn is_open(event: &Event, joining: &Joining<'_>) -> bool {
    let at = event.occurred_at.as_deref().and_then(time::parse_rfc3339);
    !event.flags.contains(&Flag::Unmatched)
        || at.is_none_or(|at| joining.now.duration_since(at) <= joining.policy.matching.rematch)
}

fn matched(event: &mut Event, sent: &Sent, joining: &Joining<'_>) {
    event.proof = Proof::Sent;
    mark(event, Flag::Unmatched, false);
    recipient(event, &sent.recipient, joining.policy);
    if let Some(mailbox) = &sent.mailbox
        && !has_own_mailbox(event, joining.mailbox)
    {
        mailbox_of(event, mailbox, joining);
    }
    let fill = |own: &mut Option<String>, more: &Option<String>| {
        if own.is_none() {
            own.clone_from(more);
        }
    };
    fill(&mut event.campaign_id, &sent.campaign);
    fill(&mut event.sequence_step_id, &sent.step);
    fill(&mut event.contact_id, &sent.contact);
    fill(&mut event.message_id, &sent.message_id);
    if sent.stream == Some(Stream::Warmup) {
        event.stream = Stream::Warmup;
    }
}

/// The address that was mailed to is that of the log; the one that failed is kept.
fn recipient(event: &mut Event, mailed: &str, policy: &Policy) {
    let key = address::key(mailed);
    let is = |a: &Option<String>| a.as_deref().map(address::key).as_deref() == Some(&key);
    if is(&event.recipient) {
        return;
    }
    let named = event.recipient.replace(mailed.to_owned());
    let last = event.final_recipient.take().or(named.clone());
    event.final_recipient = last.filter(|l| address::key(l) != key);
    event.recipient_domain = address::domain(mailed);
    event.suggested_recipient = address::typo_suggestion(mailed);
    mark(event, Flag::RoleAccount, policy.is_role(mailed));
    mark(event, Flag::MalformedAddress, !address::is_valid(mailed));
    mark(event, Flag::TypoDomain, event.suggested_recipient.is_some());
    if named.is_none() && event.held == Some(true) {
        // It was held for want of an address, or because nobody is sure what it says.
        let held = event
            .confidence
            .is_none_or(|c| c < policy.verdicts.held_below);
        event.held = Some(held);
        event.event_type = EventType::of(event.kind, event.category, held);
    }
}

/// Whether the mailbox stood in a column of the source, which nothing overrules.
fn has_own_mailbox(event: &Event, fill: Option<&str>) -> bool {
    is_row(event)
        && event.mailbox.is_some()
        && event.mailbox.as_deref() != fill.map(str::to_lowercase).as_deref()
}

/// Whether an event was a row of an export or an event of a platform.
pub fn is_row(event: &Event) -> bool {
    ["csv", "json"].iter().any(|kind| {
        let rest = event.format.strip_prefix(kind);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
    })
}

/// Another mailbox may be in another workspace, with other retries.
fn mailbox_of(event: &mut Event, mailbox: &str, joining: &Joining<'_>) {
    if event.mailbox.as_deref() == Some(mailbox) {
        return;
    }
    let policy = joining.policy;
    let old = event.mailbox.replace(mailbox.to_owned());
    let by_old = old.is_some_and(|old| policy.workspace_of(&old).is_some());
    let workspace = match policy.workspace_of(mailbox) {
        Some(name) => name,
        None if by_old => joining.workspace.unwrap_or("default"),
        None => return,
    };
    if event.workspace != workspace {
        event.workspace = workspace.to_owned();
        event.retry_strategy = event.category.map(|c| policy.retry(c, workspace).strategy);
    }
}

/// Sets or takes away a flag; flags stand in the order of their declaration.
fn mark(event: &mut Event, flag: Flag, set: bool) {
    event.flags.retain(|f| *f != flag);
    if set {
        let at = event.flags.partition_point(|f| *f < flag);
        event.flags.insert(at, flag);
    }
}
