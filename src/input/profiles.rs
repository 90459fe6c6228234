//! The exports and webhooks that are known: one row a layout.
//!
//! A new platform is a row in one of the two tables, and a sample `testdata/table/<name>.csv` or
//! `.json`: a test fails until that is detected as this row and no other. What no
//! row claims is read by the names of its columns.

mod objects;
mod tables;

pub use objects::OBJECTS;
pub use tables::TABLES;

use super::order::Order;
use crate::row::{Key, What};
use Key::*;
use What::*;

/// One layout of one platform.
#[derive(Debug)]
pub struct Profile {
    /// The name of its sample.
    pub name: &'static str,
    /// What events call it; the part before the colon is its syntax.
    pub format: &'static str,
    /// Columns or paths that must all be there; `a|b`: one of these; `a=b*`: with a
    /// value that begins so (JSON).
    pub marks: &'static [&'static str],
    /// No other columns may be there.
    pub only: bool,
    /// Where each key stands: columns, or paths (`a.b`; `*.b`: in each of `each`).
    pub fields: &'static [(Key, &'static str)],
    /// What rows report: the first that fits. Patterns are lower case, `a|b`, with
    /// `*` at their ends; `?*` is anything.
    pub whats: &'static [(Key, &'static str, What)],
    /// What the others report.
    pub otherwise: What,
    /// The list of a JSON object whose elements are a row each.
    pub each: &'static [&'static str],
    /// Hours east of UTC of its times without a zone.
    pub zone: Option<i8>,
    /// How dates like 03/04/2026 are meant, where the platform fixes it.
    pub order: Option<Order>,
}

const PLAIN: Profile = Profile {
    name: "",
    format: "",
    marks: &[],
    only: false,
    fields: &[],
    whats: &[],
    otherwise: Failed,
    each: &[],
    zone: None,
    order: None,
};

/// What tables without a profile call what happened.
pub const CSV: Profile = Profile {
    format: "csv",
    whats: COMMON,
    otherwise: Unsaid,
    ..PLAIN
};

/// The same for JSON objects.
pub const JSON: Profile = Profile {
    format: "json",
    ..CSV
};

/// What platforms say of a mail that they did not send because of an earlier bounce.
const EARLIER: &str = "bounced address|*previously bounced*|*on the suppression list*|*on your suppression \
                       list*|*suppression list for your account*|*recipient address suppressed*|*address was \
                       suppressed*|*marked as inactive*|*inactive recipient*|preblocked";

/// Words for what happened that many platforms share.
const COMMON: &[(Key, &str, What)] = &[
    (Reply, EARLIER, Echo),
    (
        Reply,
        "suppress-bounce|suppress-unsubscribe|suppress-complaint",
        Echo,
    ),
    (Class, "suppress-*", Echo),
    (Complained, "true|yes|1|y|x", Complaint),
    (
        Kind,
        "*complain*|*spam*report*|spamreport|spam|*as spam|*as junk|abuse*|fbl|feedback",
        Complaint,
    ),
    (
        Kind,
        "*auto*repl*|out_of_office|*out of office*|ooo|autoresponder",
        AutoReply,
    ),
    (
        Class,
        "*auto*repl*|*autoresponder*|vacation*|*out of office*|*challenge*response*",
        AutoReply,
    ),
    (Kind, "*defer*|*delay*|*retry*|*transient*", Delayed),
    // Mailgun: it goes on trying.
    (Severity, "temporary", Delayed),
    (Kind, "dropped|suppressed|*suppress*|suspension", Echo),
    // Whatever else became of it: it had been sent, it was opened by a filter.
    (Bounced, "true|yes|1|y|x|ja|oui|si|sí|sim", Failed),
    (
        Kind,
        "*undeliver*|not delivered|*not_delivered*|*unzustellbar*|*nicht zugestellt*|*zurückgewiesen*|*échec*|*echec*|*fallid*|*fallit*|*falh*",
        Failed,
    ),
    (Kind, "не доставлен*", Failed),
    (
        Kind,
        "delivered|delivery|*zugestellt*|entregado|livré|délivré|consegnato|entregue|afgeleverd|bezorgd|levererad|dostarczono|доставлено|已送达|配信済",
        Delivered,
    ),
    // Verifiers say so of addresses that nobody mailed to.
    (Kind, "invalid", Unsaid),
    (
        Kind,
        "valid|deliverable|catch*all|accept*all|risky",
        Nothing,
    ),
    (
        Kind,
        "*bounc*|*fail*|*reject*|*invalid*|*block*|hard*|soft*|permanent*|*error*|rebot*|rejet*|rimbalz*|fehl*|retourn*|onbestelbaar*|mislukt*|studs*|odbit*|zwrot*|возврат*|*недостав*|*退信*|*退回*|*バウンス*|*不達*|*반송*",
        Failed,
    ),
    (
        Kind,
        "sent|send|processed|accepted|open*|click*|*unsub*|*subscrib*|opt*out*|repl*|queued|request*|injection",
        Nothing,
    ),
    (Bounced, "false|no|0|n|nein|non", Nothing),
    // Lists of suppressed addresses give more reasons than bounces.
    (
        Reply,
        "complaint|complained|spam complaint|spam report|spamreport|marked as spam|reported as spam|abuse",
        Complaint,
    ),
    (
        Reply,
        "unsubscribe|unsubscribed|unsubscribe request|user unsubscribed|opt out|opt-out|opted out|manual|manually *",
        Nothing,
    ),
    (
        Reply,
        "250 *|250-*|smtp;250 *|smtp; 250 *|2.0.0 *|2.1.5 *|2.6.0 *",
        Delivered,
    ),
    (Code, "250|2.0.0", Delivered),
];

/// A column that says whether the address bounced.
const FLAGGED: &[(Key, &str, What)] = &[
    (Complained, "true|yes|1", Complaint),
    (Bounced, "false|no|0|n/a", Nothing),
    (Bounced, "?*", Failed),
];

/// Codes that Mailgun made up for what it did not send: bounced, unsubscribed or
/// complained before.
const MAILGUN: &[(Key, &str, What)] = &[
    (Code, "605|606|607", Echo),
    (Reply, EARLIER, Echo),
    (Class, "suppress-*", Echo),
    (Kind, "complained", Complaint),
    (Kind, "delivered", Delivered),
    (
        Kind,
        "accepted|opened|clicked|unsubscribed|stored|list_*",
        Nothing,
    ),
    (Severity, "temporary", Delayed),
    (Kind, "rejected", Nothing),
];

/// `Description` explains the type, with examples of causes: it is no reply.
const POSTMARK: &[(Key, &str)] = &[
    (Recipient, "Email|Recipient"),
    (Reply, "Details"),
    (Kind, "RecordType"),
    (Class, "Type"),
    (Severity, "SuppressionReason"),
    (OccurredAt, "BouncedAt|ChangedAt|DeliveredAt|ReceivedAt"),
    (Mailbox, "From"),
    (Subject, "Subject"),
    (Campaign, "Tag|MessageStream"),
];

/// `InactiveRecipient` is an address that Postmark no longer mails.
const POSTMARK_TYPES: &[(Key, &str, What)] = &[
    (Kind, "spamcomplaint", Complaint),
    (Kind, "delivery", Delivered),
    (Kind, "open|click|subscriptionchange|inbound", Nothing),
    (Class, "spamcomplaint", Complaint),
    (Class, "autoresponder|challengeverification", AutoReply),
    (Class, "transient", Delayed),
    (Class, "inactiverecipient|manuallydeactivated", Echo),
    (
        Class,
        "unsubscribe|subscribe|addresschange|unconfirmed|templaterenderingfailed|inbounderror",
        Nothing,
    ),
    (Reply, EARLIER, Echo),
];

/// Subtypes of Amazon SES for what it did not send.
const SUPPRESSED: &str = "suppressed|onaccountsuppressionlist|unsubscribedrecipient";

const MAILGUN_EVENTS: &[(Key, &str, What)] = &[
    (Code, "605|606|607", Echo),
    (Reply, EARLIER, Echo),
    (Class, "suppress-*", Echo),
    (Kind, "complained", Complaint),
    (Kind, "delivered", Delivered),
    (Severity, "temporary", Delayed),
    (Kind, "failed|bounced|dropped", Failed),
];
