//! The one public, serialised schema: what one notification says about one recipient (E1).
//!
//! Field order is output order; absent values are left out. The same structure is
//! read back, so that yesterday's events are an input like any other (I7).

pub mod assemble;
mod brief;
mod domains;
pub mod id;
mod ids;
pub mod join;
mod line;
pub mod mould;
mod own;
pub mod reply;
mod said;

pub use brief::Brief;
pub use line::Line;
pub use own::Own;

use crate::vocab::{Category, Command, Fault, Kind, Reason, RetryStrategy, words};
use serde::{Deserialize, Serialize};

/// The version of the schema that this program writes.
pub const SCHEMA: u32 = 1;

words! {
    /// The short type for scripts: a function of kind, category and `held`.
    EventType {
        /// `hard_bounce` and not held.
        BounceHard = "bounce.hard",
        /// Every other failure.
        BounceSoft = "bounce.soft",
        /// A complaint.
        ComplaintSpam = "complaint.spam",
        /// An automatic answer.
        AutoReply = "auto_reply",
        /// A delay warning.
        Delay = "delay",
        /// A success report.
        Delivery = "delivery",
    }
}

impl EventType {
    /// The type of an event: `bounce.hard` is `hard_bounce` and not held, every
    /// other failure is `bounce.soft`.
    pub fn of(kind: Kind, category: Option<Category>, held: bool) -> Self {
        match kind {
            Kind::Failed if category == Some(Category::HardBounce) && !held => Self::BounceHard,
            Kind::Failed => Self::BounceSoft,
            Kind::Delayed => Self::Delay,
            Kind::Delivered => Self::Delivery,
            Kind::AutoReply => Self::AutoReply,
            Kind::Complaint => Self::ComplaintSpam,
        }
    }
}

words! {
    /// Which stream of mail the bounce belongs to.
    Stream {
        /// Real mail.
        Campaign = "campaign",
        /// Mailbox warm-up traffic.
        Warmup = "warmup",
    }
}

words! {
    /// How far an event is known to answer a mail of ours (S9).
    Proof {
        /// It matches the sent log.
        Sent = "sent",
        /// The returned headers are from one of our mailboxes.
        Returned = "returned",
        /// Nothing shows it.
        None = "none",
    }
}

words! {
    /// Marks on an event. Declaration order is output order.
    Flag {
        /// The recipient is a role account (`info@`, `noreply@` …, C11).
        RoleAccount = "role_account",
        /// The recipient is no valid address (C11).
        MalformedAddress = "malformed_address",
        /// The domain is a likely typo of a large provider's (C11).
        TypoDomain = "typo_domain",
        /// One address that stands for several final recipients (E2).
        Expanded = "expanded",
        /// Matches no sent message (S8).
        Unmatched = "unmatched",
        /// The report names over 100 recipients (S9).
        MassReport = "mass_report",
        /// An auto-reply says that the address is no longer used (C8).
        AddressLeft = "address_left",
        /// The message was longer than is kept.
        TruncatedInput = "truncated_input",
        /// The policy overrides the category of the reason.
        Override = "override",
    }
}

/// Where an event came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The input as given on the command line, with the path below it for folders.
    pub file: String,
    /// The number of the record in that file, from 0.
    pub index: u64,
}

/// One event. The meaning of each key stands in `docs/events.md`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(
    missing_docs,
    reason = "each key is described in docs/events.md and schema/event.schema.json"
)]
pub struct Event {
    pub schema: u32,
    pub event_id: String,
    pub event_type: EventType,
    pub kind: Kind,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub occurred_at: Option<String>,
    pub classified_at: String,
    pub workspace: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub mailbox: Option<String>,
    pub stream: Stream,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub campaign_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sequence_step_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub contact_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub recipient: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub recipient_domain: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub final_recipient: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub smtp_code: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub enhanced_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub smtp_message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub command: Option<Command>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub remote_mta: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reporting_mta: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub category: Option<Category>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<Reason>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub fault: Option<Fault>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub confidence: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub held: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub confirmed: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub decided_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub evidence: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub retry_strategy: Option<RetryStrategy>,
    pub proof: Proof,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub flags: Vec<Flag>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub suggested_recipient: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub message_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub feedback_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub returns_on: Option<String>,
    pub format: String,
    pub origin: Origin,
    /// The recipient is what a VERP tag of ours says, which nothing overrules. Known only
    /// where the notification itself was read; it is no key of the schema.
    #[serde(skip)]
    pub tagged: bool,
}
