//! Which event reaches which list: the first row that fits decides.

use super::teams::Teams;
use crate::event::{Flag, Proof, Stream};
use crate::history::Item;
use crate::policy::Policy;
use crate::vocab::{Category, Kind, words};

words! {
    /// Why something is in review. Declaration order is the order in the cell.
    Why {
        /// Nobody is sure what it means (C3).
        LowConfidence = "low_confidence",
        /// It answers no mail of ours (S8).
        Unmatched = "unmatched",
        /// One of very many in a report that nothing proves (S9).
        MassReport = "mass_report",
        /// Nothing shows that it answers a mail of ours, and proof is asked for (S9).
        NoProof = "no_proof",
        /// The address stands for several (E2).
        Expanded = "expanded",
        /// It names nobody.
        NoRecipient = "no_recipient",
        /// Nobody knows whose mailbox it was, and there are several workspaces.
        NoMailbox = "no_mailbox",
        /// A hard bounce that is not confirmed (C6).
        Unconfirmed = "unconfirmed",
        /// One of a burst at its domain (S10).
        DomainCluster = "domain_cluster",
        /// An automatic answer says that the address is no longer used (C8).
        AddressLeft = "address_left",
        /// No cause can be read, or the sender's own path failed.
        Other = "other",
    }
}

/// Where an event goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Nowhere: no bounce, or it no longer counts (S5).
    Nothing,
    /// Out-of-office.
    OutOfOffice,
    /// Warmup-pause.
    WarmupPause,
    /// Review, and nothing else follows from it.
    Review(Vec<Why>),
    /// Suppression and global suppression.
    Complaint,
    /// Suppression, skip lists of the workspace, perhaps global suppression.
    Confirmed,
    /// Skip list of its own mailbox, and review.
    Unconfirmed,
    /// Retry.
    Retry,
    /// As confirmed, never global: the soft bounces of the address became final.
    Escalated,
    /// Templates.
    Template,
}

/// What the table asks besides the event.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules {
    /// `--require-proof`.
    pub require_proof: bool,
    /// There are several workspaces.
    pub several_workspaces: bool,
    /// Below this many hundredths a verdict is held (C3).
    pub held_below: u8,
}

impl Rules {
    /// Those of a policy and of what is known of workspaces.
    pub fn of(policy: &Policy, require_proof: bool, teams: &Teams) -> Rules {
        Rules {
            require_proof,
            several_workspaces: teams.several(),
            // 0 to 100: the policy checks it.
            held_below: (policy.verdicts.held_below * 100.0).round() as u8,
        }
    }
}

/// Where an item goes. `escalates`: it makes the soft bounces of its address final.
pub fn place(item: &Item, escalates: bool, rules: Rules) -> Place {
    let is = |category: Category| item.category == Some(category);
    match item.kind {
        Kind::Delayed | Kind::Delivered => return Place::Nothing,
        Kind::AutoReply if item.flags.has(Flag::AddressLeft) => {
            return Place::Review(vec![Why::AddressLeft]);
        }
        Kind::AutoReply => return Place::OutOfOffice,
        Kind::Failed | Kind::Complaint => {}
    }
    if item.stream == Stream::Warmup {
        return Place::WarmupPause;
    }
    if item.spent {
        return Place::Nothing;
    }
    let doubts = doubts(item, rules);
    if !doubts.is_empty() {
        return Place::Review(doubts);
    }
    if item.kind == Kind::Complaint || is(Category::Complaint) {
        return Place::Complaint;
    }
    match item.category {
        Some(Category::HardBounce) if item.confirmed => Place::Confirmed,
        Some(Category::HardBounce) => Place::Unconfirmed,
        Some(Category::SoftBounceMailbox) if escalates => Place::Escalated,
        Some(Category::SoftBounceMailbox | Category::SoftBounceReputation) => Place::Retry,
        Some(Category::SoftBounceContent) => Place::Template,
        // A user's own idea of the category of a failure (`[reasons]`).
        Some(Category::AutoReply) => Place::OutOfOffice,
        Some(Category::Complaint | Category::Other) | None => Place::Review(vec![Why::Other]),
    }
}

/// Row 4: all that speaks against acting on a failure or complaint.
fn doubts(item: &Item, rules: Rules) -> Vec<Why> {
    let proved = item.proof == Proof::Sent;
    let nameless = item.address.is_none();
    let mut doubts: Vec<Why> = [
        (
            Why::LowConfidence,
            item.held && item.confidence < rules.held_below,
        ),
        (Why::Unmatched, !proved && item.flags.has(Flag::Unmatched)),
        (Why::MassReport, !proved && item.flags.has(Flag::MassReport)),
        (
            Why::NoProof,
            rules.require_proof && item.proof == Proof::None,
        ),
        (Why::Expanded, item.flags.has(Flag::Expanded)),
        (Why::NoRecipient, nameless),
        (
            Why::NoMailbox,
            rules.several_workspaces && item.mailbox.is_none(),
        ),
    ]
    .into_iter()
    .filter_map(|(why, is)| is.then_some(why))
    .collect();
    if item.held && doubts.is_empty() {
        doubts.push(Why::LowConfidence);
    }
    doubts
}
