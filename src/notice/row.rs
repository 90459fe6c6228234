//! A row of an export or an event of a webhook → what it reports.

use super::{Columns, Notice, Notification, Returned, words};
use crate::address;
use crate::code::{self, Enhanced};
use crate::message::{Message, html};
use crate::row::{Key, Row, What, truth};
use crate::vocab::{Command, Kind};

/// How sure it is that an answer is automatic if a platform says so.
const ANSWER: f64 = 0.85;
/// Texts with fewer lines are replies, not notifications.
const MIN_LINES: usize = 3;
/// Longest text that may be a reply, in bytes.
const MAX_REPLY: usize = 2_000;

/// Reads a row; `None` if it reports nothing.
pub fn read(row: &Row) -> Option<Notification> {
    let mut notice = Notice::new(kind(row)?);
    let recipient = row
        .get(Key::Recipient)
        .and_then(address::clean)
        .filter(|a| a.contains('@'));
    notice.recipient = recipient.clone();
    let last = row.get(Key::FinalRecipient).and_then(address::clean);
    if let Some(last) = last.filter(|a| a.contains('@') && Some(a) != recipient.as_ref()) {
        notice.original = recipient;
        notice.recipient = Some(last);
    }
    notice.status = row.get(Key::EnhancedCode).and_then(enhanced).or_else(|| {
        let code = row.get(Key::Code).or_else(|| row.get(Key::Kind))?;
        enhanced(code)
    });
    notice.last_attempt = row
        .get(Key::OccurredAt)
        .or_else(|| row.get(Key::SentAt))
        .map(str::to_owned);
    notice.remote_mta = row.get(Key::RemoteMta).map(super::rfc3464::host);
    notice.command = row.get(Key::Command).and_then(Command::of_line);
    notice.classes = classes(row);
    let mut found = Notification {
        named: true,
        ..Notification::default()
    };
    let text = row.get(Key::Reply).or_else(|| {
        // A flag that holds the reason.
        let flag = row.get(Key::Bounced).filter(|_| row.what == What::Failed)?;
        let words = flag.contains(' ') && flag.contains(char::is_alphabetic);
        (truth(flag).is_none() && words).then_some(flag)
    });
    match text.and_then(|t| whole(t, &notice)) {
        Some((inner, said)) => {
            found = inner;
            notice = said;
        }
        None => notice.reply = reply(row, text.unwrap_or_default()),
    }
    match notice.kind {
        Kind::AutoReply => {
            let words = row.get(Key::Kind).or_else(|| row.get(Key::Class));
            notice.shown_by = Some((ANSWER, words.unwrap_or_default().to_owned()));
        }
        Kind::Complaint => {
            found.feedback_type = row.get(Key::FeedbackType).map(str::to_lowercase);
            notice.doubtful = row.among > 1 || is_doubtful(found.feedback_type.as_deref())?;
        }
        _ => {}
    }
    found.format = row.format;
    found.sender = row
        .get(Key::Sender)
        .and_then(address::clean)
        .or(found.sender);
    found.reporting_mta = row
        .get(Key::ReportingMta)
        .map(super::rfc3464::host)
        .or(found.reporting_mta);
    returned(row, &mut found.returned);
    found.columns = Some(columns(row));
    found.notices = vec![notice];
    Some(found)
}

/// What happened. Where the platform does not say, the rest of the row does.
fn kind(row: &Row) -> Option<Kind> {
    Some(match row.what {
        What::Failed => Kind::Failed,
        What::Delayed => Kind::Delayed,
        What::Delivered => Kind::Delivered,
        What::AutoReply => Kind::AutoReply,
        What::Complaint => Kind::Complaint,
        What::Echo | What::Nothing => return None,
        What::Unsaid => {
            let says = [
                Key::Reply,
                Key::Code,
                Key::EnhancedCode,
                Key::Class,
                Key::Bounced,
            ];
            let bounced = says.iter().any(|key| row.get(*key).is_some());
            let word = row
                .get(Key::Kind)
                .filter(|k| enhanced(k).is_none() && basic(k).is_none());
            if !bounced && word.is_some() {
                return None;
            }
            Kind::Failed
        }
    })
}

/// Whether a complaint is held (I4); `None`: it is no complaint.
fn is_doubtful(feedback: Option<&str>) -> Option<bool> {
    match feedback.unwrap_or_default() {
        "not-spam" | "auth-failure" | "dmarc" => None,
        "virus" | "other" => Some(true),
        _ => Some(false),
    }
}

fn classes(row: &Row) -> Vec<String> {
    let of = |key: Key| row.cells.iter().filter(move |(k, _)| *k == key);
    let sender = row.get(Key::SenderFault).and_then(truth) == Some(true);
    let mut out: Vec<String> = sender
        .then(|| "sender-originated".to_owned())
        .into_iter()
        .collect();
    // A profile says itself which columns are classes.
    let known = row.format.contains(':');
    let kind = (!known).then_some(Key::Kind);
    for key in [Key::Class, Key::Severity].into_iter().chain(kind) {
        out.extend(of(key).map(|(_, value)| words::clip(value, 100).to_owned()));
    }
    out
}

fn enhanced(text: &str) -> Option<Enhanced> {
    let word = text.split([' ', '(']).next()?;
    word.trim_start_matches(['#', '['])
        .trim_end_matches(']')
        .parse()
        .ok()
}

fn basic(text: &str) -> Option<u16> {
    let digits = text.trim().strip_suffix(".0").unwrap_or(text.trim());
    (digits.len() == 3)
        .then(|| code::smtp_code(digits.as_bytes()))
        .flatten()
}

/// The reply: the text, with the code before it where that stands in a column of its
/// own.
fn reply(row: &Row, text: &str) -> String {
    let text = bare(text);
    let text = if html::looks_like(&text) {
        html::to_text(&text)
    } else {
        text
    };
    let column = row.get(Key::Code).or_else(|| row.get(Key::Kind));
    let code = column
        .and_then(basic)
        .filter(|_| code::find_smtp_code(&text).is_none());
    match code {
        Some(code) if text.is_empty() => code.to_string(),
        Some(code) => format!("{code} {text}"),
        None if text.is_empty() => row
            .get(Key::Code)
            .filter(|c| c.contains(' ') && code::find_smtp_code(c).is_some())
            .unwrap_or_default()
            .to_owned(),
        None => text,
    }
}

/// A text without the type of its code: `smtp;550 …`, `smtp; 550 …`.
fn bare(text: &str) -> String {
    let text = text.trim();
    let kind = text.get(..5).filter(|k| k.eq_ignore_ascii_case("smtp;"));
    let text = kind.and_then(|k| text.get(k.len()..)).unwrap_or(text);
    text.trim().to_owned()
}

/// A text that is a whole notification, read like one: what it says of the
/// recipient, and what it says of the mail.
fn whole(text: &str, notice: &Notice) -> Option<(Notification, Notice)> {
    let text = text.trim();
    let starts = text.as_bytes().first()?;
    let markup = html::looks_like(text);
    let short = text.lines().take(MIN_LINES).count() < MIN_LINES;
    if starts.is_ascii_digit() || short && !markup || notice.kind == Kind::Complaint {
        return None;
    }
    let is_mail = Returned::read(text.as_bytes()).present;
    let mail = if is_mail {
        text.to_owned()
    } else {
        let kind = if markup { "html" } else { "plain" };
        format!(
            "Return-Path: <>\nFrom: MAILER-DAEMON\nSubject: Delivery Status Notification (Failure)\n\
             Content-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n"
        )
    };
    let message = Message::new(mail.as_bytes());
    match super::read(&message).and_then(|found| of_recipient(found, notice)) {
        Some(both) => Some(both),
        // Nobody is named, or another: still the words explain the row.
        None if text.len() > MAX_REPLY || is_mail => {
            let human = words::report_text(&message, false).text;
            let found = Notification {
                human,
                ..Notification::default()
            };
            Some((found, notice.clone()))
        }
        None => None,
    }
}

/// What a notification says of the recipient of a row. The row knows who was
/// mailed; a kind that the notification does not share is not believed.
fn of_recipient(found: Notification, notice: &Notice) -> Option<(Notification, Notice)> {
    let key = notice.recipient.as_deref().map(address::key);
    let named = |n: &&Notice| {
        let all = n.recipient.iter().chain(&n.original);
        all.map(|a| address::key(a))
            .any(|k| Some(&k) == key.as_ref())
    };
    let only = (found.notices.len() == 1)
        .then(|| found.notices.first())
        .flatten();
    let said = found.notices.iter().find(named).or(only)?;
    let mut out = said.clone();
    let other = out
        .recipient
        .take()
        .filter(|a| Some(address::key(a)) != key);
    out.original = other.is_some().then(|| notice.recipient.clone()).flatten();
    out.recipient = other.or_else(|| notice.recipient.clone());
    if notice.kind == Kind::Failed && out.kind == Kind::Delivered {
        out.kind = notice.kind;
    }
    out.classes.clone_from(&notice.classes);
    out.last_attempt = notice.last_attempt.clone();
    out.status = out.status.or(notice.status);
    Some((found, out))
}

/// What the row says of the mail that bounced.
fn returned(row: &Row, returned: &mut Returned) {
    let id = row
        .get(Key::MessageId)
        .map(super::returned::message_id)
        .filter(|id| !id.is_empty());
    returned.message_id = id.or(returned.message_id.take());
    let subject = row.get(Key::Subject).map(str::to_owned);
    returned.subject = subject.or(returned.subject.take());
}

fn columns(row: &Row) -> Columns {
    let text = |key: Key| row.get(key).map(|v| words::clip(v, 500).to_owned());
    let mailbox = row.get(Key::Mailbox).and_then(address::clean);
    Columns {
        mailbox: mailbox.filter(|a| a.contains('@')),
        campaign: text(Key::Campaign),
        step: text(Key::Step),
        contact: text(Key::Contact),
        zone: row.zone,
        month_first: row.month_first,
    }
}
