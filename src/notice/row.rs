//! A row of an export or an event of a webhook → what it reports.

use super::{Columns, Notice, Notification, Returned, report, words};
use crate::address;
use crate::code::{self, Enhanced};
use crate::message::{Message, html};
use crate::row::{Key, Row, What, truth};
use crate::vocab::{Command, Kind};

/// How sure it is that an answer is automatic if a platform says so.
const ANSWER: f64 = 0.85;
/// Texts with fewer lines are replies, not notifications.
const MIN_LINES: usize = 3;
/// Addresses in one cell.
const MAX_IN_CELL: usize = 1_000;
/// Longest text that may be a reply, in bytes.
const MAX_REPLY: usize = 2_000;

/// Reads a row; `None` if it reports nothing.
pub fn read(row: &Row<'_>) -> Option<Notification> {
    let (mut found, mut notice) = said(row, notice(row, kind(row)?));
    match notice.kind {
        Kind::AutoReply => {
            let words = row.get(Key::Kind).or_else(|| row.get(Key::Class));
            notice.shown_by = Some((ANSWER, words.unwrap_or_default().to_owned()));
        }
        Kind::Complaint => {
            found.feedback_type = row.get(Key::FeedbackType).map(str::to_lowercase);
            notice.doubtful = is_doubtful(found.feedback_type.as_deref())? || row.among > 1;
        }
        _ => {}
    }
    let host = row.get(Key::ReportingMta).map(super::rfc3464::host);
    let sender = row.get(Key::Sender).and_then(address::clean);
    found.format = row.format;
    found.named = true;
    found.sender = sender.or(found.sender);
    found.reporting_mta = host.or(found.reporting_mta);
    found.columns = Some(columns(row));
    returned(row, &mut found.returned);
    found.notices = for_each(row, notice);
    Some(found)
}

/// What the columns say of the recipient.
fn notice(row: &Row<'_>, kind: Kind) -> Notice {
    let mut notice = Notice::new(kind);
    let recipient = address_in(row, Key::Recipient);
    let last = address_in(row, Key::FinalRecipient).filter(|a| Some(a) != recipient.as_ref());
    notice.original = last.is_some().then(|| recipient.clone()).flatten();
    notice.recipient = last.or(recipient);
    notice.status = row.get(Key::EnhancedCode).and_then(enhanced).or_else(|| {
        let code = row.get(Key::Code).or_else(|| row.get(Key::Kind))?;
        enhanced(code)
    });
    let when = row.get(Key::OccurredAt).or_else(|| row.get(Key::SentAt));
    notice.last_attempt = when.map(str::to_owned);
    notice.remote_mta = row.get(Key::RemoteMta).map(super::rfc3464::host);
    notice.command = row.get(Key::Command).and_then(Command::of_line);
    notice.classes = classes(row);
    notice
}

fn address_in(row: &Row<'_>, key: Key) -> Option<String> {
    let cell = row.get(key)?;
    address::clean(cell).filter(|a| a.contains('@'))
}

/// What its text says: as a reply, or as a whole notification.
fn said(row: &Row<'_>, mut notice: Notice) -> (Notification, Notice) {
    let text = row.get(Key::Reply).or_else(|| {
        // A flag that holds the reason.
        let flag = row.get(Key::Bounced).filter(|_| row.what == What::Failed)?;
        let words = flag.contains(' ') && flag.contains(char::is_alphabetic);
        (truth(flag).is_none() && words).then_some(flag)
    });
    if let Some(both) = text.and_then(|t| whole(t, &notice)) {
        return both;
    }
    notice.reply = reply(row, text.unwrap_or_default());
    (Notification::default(), notice)
}

/// One notice for each address of a cell that holds several.
fn for_each(row: &Row<'_>, notice: Notice) -> Vec<Notice> {
    let cell = row.get(Key::Recipient).unwrap_or_default();
    let marks = memchr::memchr_iter(b'@', cell.as_bytes()).take(2).count();
    if marks < 2 {
        return vec![notice];
    }
    let all = address::find_all(cell);
    if all.len() < 2
        || cell.contains('<') && !cell.contains([',', ';'])
        || notice.original.is_some()
    {
        return vec![notice];
    }
    let one = |a: &str| Notice {
        recipient: Some(a.to_owned()),
        ..notice.clone()
    };
    all.into_iter()
        .take(MAX_IN_CELL)
        .map(|(_, a)| one(a))
        .collect()
}

/// What happened. Where the platform does not say, the rest of the row does.
fn kind(row: &Row<'_>) -> Option<Kind> {
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

fn classes(row: &Row<'_>) -> Vec<String> {
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

/// The enhanced code in a cell for codes: `5.1.1 (bad mailbox)`, `550 5.1.1`, `[#5.1.1]`.
fn enhanced(cell: &str) -> Option<Enhanced> {
    let marks = |c: char| matches!(c, '#' | '[' | ']' | '(' | ')' | ':' | ',');
    let words = cell.split([' ', '-', '/']).take(3);
    words
        .filter_map(|word| word.trim_matches(marks).parse().ok())
        .next()
}

/// The basic code in a cell for codes: `550`, `550.0`, `550 5.1.1`.
fn basic(cell: &str) -> Option<u16> {
    let word = cell.trim().split([' ', '-', '/', '.']).next()?;
    (word.len() == 3)
        .then(|| code::smtp_code(word.as_bytes()))
        .flatten()
}

/// The reply: the text, with the code before it where that stands in a column of its
/// own.
fn reply(row: &Row<'_>, text: &str) -> String {
    let text = bare(text);
    let text = if text.starts_with('<') && html::looks_like(&text) {
        html::to_text(&text)
    } else {
        text
    };
    let cell = row.get(Key::Code).or_else(|| row.get(Key::Kind));
    match cell.and_then(basic) {
        _ if code::find_smtp_code(&text).is_some() => text,
        Some(_) if text.is_empty() => cell.map(trimmed).unwrap_or_default(),
        Some(code) => format!("{code} {text}"),
        None => text,
    }
}

/// A cell that begins with a code, without the decimals of a spreadsheet.
fn trimmed(cell: &str) -> String {
    cell.strip_suffix(".0").unwrap_or(cell).to_owned()
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
    if starts.is_ascii_digit() || notice.kind == Kind::Complaint {
        return None;
    }
    let markup = html::looks_like(text);
    let short = text.lines().take(MIN_LINES).count() < MIN_LINES;
    if short && !markup {
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
            let human = report::report_text(&message, false).text;
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
fn returned(row: &Row<'_>, returned: &mut Returned) {
    let id = row
        .get(Key::MessageId)
        .map(super::returned::message_id)
        .filter(|id| !id.is_empty());
    returned.message_id = id.or(returned.message_id.take());
    let subject = row.get(Key::Subject).map(str::to_owned);
    returned.subject = subject.or(returned.subject.take());
}

/// Whether the text of a row is a reply as it stands: no notification and no markup, whatever
/// else the row holds.
pub fn is_reply(text: &str) -> bool {
    let text = text.trim();
    let starts = text.as_bytes().first();
    let short = || text.lines().take(MIN_LINES).count() < MIN_LINES;
    starts.is_some_and(u8::is_ascii_digit)
        || starts.is_some_and(u8::is_ascii_alphabetic) && short() && !bare(text).starts_with('<')
}

/// The host in a cell, as written.
pub fn host(cell: &str) -> &str {
    super::rfc3464::host_in(cell)
}

/// A cell whose words are passed on.
pub fn text(cell: &str) -> &str {
    words::clip(cell, 500)
}

fn columns(row: &Row<'_>) -> Columns {
    let text = |key: Key| row.get(key).map(|cell| text(cell).to_owned());
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

#[cfg(test)]
mod tests {
    use super::*;

    fn row<'r>(what: What, cells: &[(Key, &'r str)]) -> Row<'r> {
        Row {
            format: "csv",
            what,
            cells: cells.iter().map(|(k, v)| (*k, (*v).into())).collect(),
            zone: None,
            month_first: false,
            among: 1,
        }
    }

    #[test]
    fn i5_the_code_of_a_column_goes_before_the_text() {
        for (code, text, reply) in [
            ("550", "no such user", "550 no such user"),
            (
                "550",
                "smtp;550 5.1.1 no such user",
                "550 5.1.1 no such user",
            ),
            ("550", "", "550"),
            ("550.0", "", "550"),
            ("0", "no such user", "no such user"),
            ("605", "no such user", "no such user"),
            ("550 5.1.1", "", "550 5.1.1"),
            ("550 5.1.1", "no such user", "550 no such user"),
            ("5.1.1", "no such user", "no such user"),
            ("", "SMTP; 452 full", "452 full"),
        ] {
            let row = row(What::Failed, &[(Key::Code, code), (Key::Reply, text)]);
            let found = read(&row).unwrap();
            assert_eq!(found.notices[0].reply, reply, "{code} {text}");
        }
    }

    #[test]
    fn i5_what_a_row_reports() {
        let to = (Key::Recipient, "u@example.com");
        for (what, cell, kind) in [
            (
                What::Unsaid,
                (Key::Reply, "user unknown"),
                Some(Kind::Failed),
            ),
            (What::Unsaid, (Key::Kind, "550"), Some(Kind::Failed)),
            (What::Unsaid, (Key::Kind, "active"), None),
            (What::Unsaid, (Key::Subject, "Invoices"), Some(Kind::Failed)),
            (What::Echo, (Key::Reply, "Bounced Address"), None),
            (What::Nothing, (Key::Reply, "250 OK"), None),
            (What::Complaint, (Key::FeedbackType, "not-spam"), None),
            (
                What::Complaint,
                (Key::FeedbackType, "abuse"),
                Some(Kind::Complaint),
            ),
        ] {
            let got = read(&row(what, &[to, cell])).map(|n| n.notices[0].kind);
            assert_eq!(got, kind, "{cell:?}");
        }
    }

    #[test]
    fn i5_a_cell_of_several_recipients_is_one_event_each() {
        for (cell, expected) in [
            ("a@example.com", &["a@example.com"][..]),
            (
                "a@example.com; b@example.com",
                &["a@example.com", "b@example.com"],
            ),
            (
                "Ann <a@example.com>, <b@example.com>",
                &["a@example.com", "b@example.com"],
            ),
            ("\"old@example.com\" <a@example.com>", &["a@example.com"]),
        ] {
            let found = read(&row(What::Failed, &[(Key::Recipient, cell)])).unwrap();
            let got: Vec<_> = found
                .notices
                .iter()
                .filter_map(|n| n.recipient.as_deref())
                .collect();
            assert_eq!(got, expected, "{cell}");
        }
    }

    #[test]
    fn i6_a_text_that_is_a_notification_is_read_as_one() {
        let text = "Delivery incomplete\n\nThere was a temporary problem delivering your message to \
                    u@example.com. Gmail will retry for 45 more hours.\n\nThe response was:\n\n\
                    451 4.3.0 Temporary failure\n";
        let found = read(&row(
            What::Failed,
            &[(Key::Recipient, "u@example.com"), (Key::Reply, text)],
        ));
        let notice = &found.unwrap().notices[0];
        assert_eq!(notice.kind, Kind::Delayed);
        assert!(notice.reply.ends_with("451 4.3.0 Temporary failure"));
        assert_eq!(notice.recipient.as_deref(), Some("u@example.com"));
    }

    proptest::proptest! {
        #[test]
        fn i9_no_text_makes_the_reader_fail(
            texts in proptest::collection::vec(
                proptest::sample::select(&[
                    "\n", "From: a@b.example\n", "Subject: x\n\n", "<p>", "550 5.1.1 no", "u@example.com",
                    "Final-Recipient: rfc822; u@example.com\n", "é", "\u{0}", "smtp;", "smtp", "x ",
                ][..]), 0..20),
            code in "\\PC{0,6}",
        ) {
            let text = texts.concat();
            let cells = [(Key::Recipient, "u@example.com"), (Key::Reply, text.as_str()), (Key::Code, code.as_str())];
            for what in [What::Failed, What::Delayed, What::Unsaid, What::AutoReply] {
                let found = read(&row(what, &cells)).unwrap();
                proptest::prop_assert_eq!(found.notices.len(), 1);
                let notice = &found.notices[0];
                let named = [&notice.recipient, &notice.original];
                proptest::prop_assert!(named.iter().any(|a| a.as_deref() == Some("u@example.com")));
            }
        }
    }
}
