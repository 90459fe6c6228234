//! The line of a delivery, and what was carried with it, as rows.

use super::carry::Carry;
use super::line::LogLine;
use super::{Log, class, exim, opensmtpd, postfix, qmail, sendmail};
use crate::row::{Key, Row, What};
use crate::time;
use crate::vocab::Kind;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::borrow::Cow;

/// One attempt to deliver one message to one recipient.
///
/// Its cells: `recipient`, `final_recipient`, `smtp_message`, `enhanced_code`, `command`,
/// `remote_mta`, `reporting_mta` (the host of the log), `occurred_at`, `sent_at` (when the
/// log first names the message), `sender` (the envelope sender; absent if it is null),
/// `message_id`, `subject`. Times are RFC 3339.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// What the lines say.
    pub row: Row<'static>,
    /// Whether the log told nothing of this message and recipient before: those rows, and
    /// no retries, are the mails that were sent.
    pub first: bool,
}

/// Reads a record of a log; nothing, if it is a line of no interest. Times without a year
/// or zone are before `now` and in `zone`.
///
/// # Errors
/// Why the line of a delivery cannot be read.
pub fn read(
    log: Log,
    record: &[u8],
    now: Timestamp,
    zone: &TimeZone,
) -> Result<Vec<Delivery>, String> {
    let text = match std::str::from_utf8(record) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(record),
    };
    let Some((carry, lines)) = Carry::read(&text) else {
        return Ok(Vec::new());
    };
    let when = |stamp: &str| time::log_date(stamp, zone, now).map(time::rfc3339);
    let occurred = when(carry.at);
    let times = Times {
        sent: match carry.since == carry.at {
            true => occurred.clone(),
            false => when(carry.since),
        },
        occurred,
    };
    let mut out = Vec::new();
    for line in lines.split('\n') {
        out.extend(deliveries(log, &carry, &times, line)?);
    }
    Ok(out)
}

struct Times {
    occurred: Option<String>,
    sent: Option<String>,
}

fn deliveries(
    log: Log,
    carry: &Carry<&str>,
    times: &Times,
    line: &str,
) -> Result<Vec<Delivery>, String> {
    let mut class = None;
    let mut what = None;
    let told = match log {
        Log::Postfix => postfix::read(line),
        Log::Exim => exim::delivery(line, carry.note),
        Log::Qmail => qmail::delivery(line, carry.recipient),
        Log::OpenSmtpd => opensmtpd::read(line),
        Log::Sendmail => sendmail::read(line).map(|told| with_note(told, carry.note)),
        Log::Bounce => class::read(line).map(|(name, is, told)| {
            (class, what) = (Some(name.to_owned()), Some(is));
            told
        }),
    };
    let Some(told) = told else {
        return Err(format!(
            "a line of {log} that ends before it says what became of the mail"
        ));
    };
    let what = match (what, told.kind) {
        (Some(what), _) => what,
        (None, _) if carry.expired => What::Failed,
        (None, Some(Kind::Delayed)) => What::Delayed,
        (None, Some(Kind::Delivered)) => What::Delivered,
        (None, _) => What::Failed,
    };
    let sender = told.sender.as_deref().filter(|_| carry.sender.is_empty());
    let sender = sender.unwrap_or(carry.sender).to_owned();
    // A bounce that reached us is no delivery of ours.
    if told.aside || sender == "<>" && what != What::Failed || is_probe(&sender) {
        return Ok(Vec::new());
    }
    let all = match log {
        Log::Sendmail => sendmail::recipients(line.strip_prefix("to=").unwrap_or_default()),
        _ => told.recipient.iter().cloned().collect(),
    };
    if all.is_empty() && !matches!(log, Log::Bounce | Log::Qmail) {
        return match what {
            What::Failed => Err("no address in the line of a failure".to_owned()),
            _ => Ok(Vec::new()),
        };
    }
    let row = |recipient: Option<String>| Delivery {
        row: Row {
            format: log.format(),
            what,
            cells: cells(carry, times, &told, recipient, &sender, class.clone()),
            zone: None,
            month_first: false,
            among: 1,
        },
        first: carry.first,
    };
    if all.is_empty() {
        return Ok(vec![row(None)]);
    }
    Ok(all.into_iter().map(Some).map(row).collect())
}

/// Sendmail's words for a status say less than a line that quotes the server.
fn with_note(told: LogLine, note: &str) -> LogLine {
    let coded = told.reply.starts_with(|c: char| c.is_ascii_digit());
    let failed = told.kind == Some(Kind::Failed);
    LogLine {
        reply: match note {
            note if failed && !coded && !note.is_empty() => note.trim().to_owned(),
            _ => told.reply,
        },
        ..told
    }
}

/// Postfix asks other servers whether an address exists, and sends nothing
/// (`address_verify_sender`, `double_bounce_sender`).
fn is_probe(sender: &str) -> bool {
    sender.starts_with("double-bounce@")
}

/// Whether an envelope sender is one that somebody sent with: no local user's bare name,
/// and none that a forwarder made up (SRS), which looks like VERP.
fn is_written(sender: &str) -> bool {
    let made_up = ["SRS0=", "SRS0+", "SRS0-", "SRS1=", "SRS1+", "SRS1-"];
    sender.contains('@') && !made_up.iter().any(|tag| sender.starts_with(tag))
}

fn cells(
    carry: &Carry<&str>,
    times: &Times,
    told: &LogLine,
    recipient: Option<String>,
    sender: &str,
    class: Option<String>,
) -> Vec<(Key, Cow<'static, str>)> {
    let text = |value: &str| Some(value.to_owned()).filter(|v| !v.is_empty());
    [
        (Key::Recipient, recipient),
        (Key::FinalRecipient, told.last.clone()),
        (Key::Reply, text(&told.reply)),
        (Key::EnhancedCode, told.enhanced.map(|e| e.to_string())),
        (Key::Command, told.command.map(|c| c.as_str().to_owned())),
        (Key::RemoteMta, told.host.clone()),
        (Key::ReportingMta, text(carry.host)),
        (Key::OccurredAt, times.occurred.clone()),
        (Key::SentAt, times.sent.clone()),
        (Key::Sender, text(sender).filter(|s| is_written(s))),
        (Key::MessageId, text(carry.message_id)),
        // Exim escapes quotes.
        (Key::Subject, text(&carry.subject.replace("\\\"", "\""))),
        (Key::Class, class),
    ]
    .into_iter()
    .filter_map(|(key, value)| Some((key, value?.into())))
    .collect()
}
