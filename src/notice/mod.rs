//! Message → what it says of each recipient.
//!
//! This room copies what a notification says, even where it is wrong, and judges
//! nothing. [`read`] tries the readers in the order of how plainly a mail shows
//! what it is: feedback report ([`arf`]), machine-readable delivery report
//! ([`rfc3464`]), bounce in words ([`scan`], by the table in [`formats`]),
//! automatic answer ([`autoreply`]). A mail that none of them claims is no
//! report; embedded mails are tried then, for forwards and digests.

pub mod arf;
pub mod autoreply;
mod envelope;
pub mod formats;
pub mod recipient;
pub mod report;
pub mod returned;
pub mod returns;
pub mod rfc3464;
pub mod row;
pub mod scan;
mod sns;
pub mod words;

pub use envelope::Envelope;
pub use returned::Returned;

use crate::address;
use crate::code::Enhanced;
use crate::message::Message;
use crate::vocab::{Command, Kind};

/// How deep embedded mails are looked into.
const MAX_EMBEDDED: usize = 4;

/// What one mail reports.
#[derive(Clone, Debug, Default)]
pub struct Notification {
    /// Who wrote it: `rfc3464`, `arf`, or a name of [`formats`].
    pub format: &'static str,
    /// False if the report itself names no recipient, so that one was inferred.
    pub named: bool,
    /// One entry per reported recipient, in the order of the report.
    pub notices: Vec<Notice>,
    /// The header of the returned message.
    pub returned: Returned,
    /// The human-readable report, without the returned message.
    pub human: String,
    /// The host that wrote the report.
    pub reporting_mta: Option<String>,
    /// `Original-Mail-From` or `X-Postfix-Sender`: who had sent the mail.
    pub sender: Option<String>,
    /// Feedback-Type of a complaint.
    pub feedback_type: Option<String>,
    /// What a row of an export says in columns of its own.
    pub columns: Option<Columns>,
}

/// What an export or a webhook says of the mail that bounced.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Columns {
    /// The sending mailbox.
    pub mailbox: Option<String>,
    /// The campaign.
    pub campaign: Option<String>,
    /// The step of the sequence.
    pub step: Option<String>,
    /// The contact in the sender's system.
    pub contact: Option<String>,
    /// Hours east of UTC of times without a zone.
    pub zone: Option<i8>,
    /// Dates like 03/04/2026 have the month first.
    pub month_first: bool,
}

/// What a notification says about one recipient.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// What happened.
    pub kind: Kind,
    /// The address that failed, as the report names it.
    pub recipient: Option<String>,
    /// The address that was mailed to, where the report names it apart.
    pub original: Option<String>,
    /// The status field of the report.
    pub status: Option<Enhanced>,
    /// The reply that the receiving system gave, as written.
    pub reply: String,
    /// Where in the dialogue it was given, if the report says so in a field of its own.
    pub command: Option<Command>,
    /// The host that gave the reply.
    pub remote_mta: Option<String>,
    /// When it was last tried, as written.
    pub last_attempt: Option<String>,
    /// Auto-replies: how plainly it is one (0..1) and the words that show it.
    pub shown_by: Option<(f64, String)>,
    /// Auto-replies: the address is no longer used.
    pub address_left: bool,
    /// Complaints that are held: virus, other.
    pub doubtful: bool,
    /// The classes that a platform puts the bounce into, the finer ones first.
    pub classes: Vec<String>,
}

impl Notice {
    /// An empty notice of that kind.
    pub fn new(kind: Kind) -> Self {
        Notice {
            kind,
            recipient: None,
            original: None,
            status: None,
            reply: String::new(),
            command: None,
            remote_mta: None,
            last_attempt: None,
            shown_by: None,
            address_left: false,
            doubtful: false,
            classes: Vec::new(),
        }
    }
}

/// Reads what a mail reports; `None` for mails that are no report.
pub fn read(message: &Message<'_>) -> Option<Notification> {
    read_at(message, 0)
}

fn read_at(message: &Message<'_>, depth: usize) -> Option<Notification> {
    let envelope = Envelope::of(message);
    if let Some(found) = arf::read(message) {
        // A feedback report that is no complaint is no report at all (I4).
        return found.complaint();
    }
    rfc3464::read(message, &envelope)
        .or_else(|| sns::read(message, &envelope))
        .or_else(|| in_words(message, &envelope, depth))
}

/// A bounce in words, an automatic answer, or a mail that holds a report. Words
/// that name nobody give way to a report within, and a plain automatic answer
/// comes before words that only speak of failures.
fn in_words(message: &Message<'_>, envelope: &Envelope, depth: usize) -> Option<Notification> {
    // A report is an automatic answer by the letter of RFC 3834, and may say so.
    let titled = envelope.automatic && words::opens_with_failure(&envelope.subject);
    let system = titled || envelope.from_daemon() || !envelope.failed_recipients.is_empty();
    let answer = if system {
        None
    } else {
        autoreply_of(message, envelope)
    };
    let certain = |x: &Notice| x.shown_by.as_ref().is_some_and(|(c, _)| *c >= 0.9);
    if answer
        .as_ref()
        .is_some_and(|n| n.notices.iter().any(certain))
    {
        return answer;
    }
    match scan::read(message, envelope) {
        Some(found) if found.named => Some(found),
        found => embedded(message, depth)
            .or(found)
            .or(answer)
            .or_else(|| autoreply_of(message, envelope).filter(|_| system)),
    }
}

/// Reports inside forwards and digests.
fn embedded(message: &Message<'_>, depth: usize) -> Option<Notification> {
    if depth >= MAX_EMBEDDED {
        return None;
    }
    let mut all: Option<Notification> = None;
    for part in message
        .parts()
        .iter()
        .filter(|p| p.is("message/rfc822") || p.is("message/global"))
        .take(100)
    {
        let bytes = message.part_bytes(part);
        let inner = Message::new(&bytes);
        // An auto-reply that somebody forwards answers him, not us.
        let Some(found) = read_at(&inner, depth + 1)
            .filter(|n| n.notices.iter().all(|x| x.kind != Kind::AutoReply))
        else {
            continue;
        };
        match &mut all {
            None => all = Some(found),
            Some(first) => first.notices.extend(found.notices),
        }
    }
    all
}

/// Who answers: the address in From; where that is nobody's (`noreply@`), the first
/// other address of the text, which says for whom the machine speaks.
fn answering(envelope: &Envelope, body: &str) -> Option<String> {
    let from = envelope.from_address.clone();
    let nobody = from.as_deref().is_some_and(|a| {
        let local = address::split(a)
            .map_or("", |(l, _)| l)
            .to_ascii_lowercase();
        let local = local.replace(['-', '_', '.'], "");
        ["noreply", "donotreply", "noanswer", "mailerdaemon"]
            .iter()
            .any(|n| local.starts_with(n))
    });
    if !nobody {
        return from;
    }
    let domain = from.as_deref().and_then(address::domain);
    let named = address::find(words::clip(body, 400))
        .map(|(_, a)| a.to_owned())
        .find(|a| address::domain(a) == domain && Some(a) != from.as_ref());
    named.or(from)
}

fn autoreply_of(message: &Message<'_>, envelope: &Envelope) -> Option<Notification> {
    let h = message.headers();
    let body = report::first_text(message);
    let header = |name: &str| h.plain(name);
    let found = autoreply::detect(&autoreply::Signals {
        subject: &envelope.subject,
        from: &envelope.from,
        body: &body,
        header: &header,
    })?;
    let mut notice = Notice::new(Kind::AutoReply);
    notice.recipient = answering(envelope, &body);
    notice.shown_by = Some((found.confidence, found.evidence));
    notice.address_left = found.left;
    Some(Notification {
        format: "rfc3834",
        notices: vec![notice],
        human: body,
        ..Notification::default()
    })
}
