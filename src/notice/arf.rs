//! Feedback reports: ARF (RFC 5965) and the older forms that carry no report part.

use super::{Notice, Notification, Returned, report};
use crate::address;
use crate::message::Message;
use crate::message::headers::Headers;
use crate::vocab::Kind;
use memchr::memmem::Finder;
use std::sync::LazyLock;

/// A feedback report, complaint or not.
#[derive(Debug)]
pub struct Feedback {
    kind: String,
    notification: Notification,
}

impl Feedback {
    /// The notification, if the report is a complaint: `abuse`, `fraud`,
    /// `opt-out` or no type are; `virus` and `other` are, but doubtful;
    /// `not-spam`, `auth-failure` and DMARC reports are not (I4).
    pub fn complaint(mut self) -> Option<Notification> {
        let doubtful = match self.kind.as_str() {
            "not-spam" | "auth-failure" | "dmarc" => return None,
            "" | "abuse" | "fraud" | "opt-out" | "opt-out-list" | "miscategorized" => false,
            _ => true,
        };
        for n in &mut self.notification.notices {
            n.doubtful = doubtful;
        }
        self.notification.feedback_type = Some(self.kind).filter(|k| !k.is_empty());
        Some(self.notification)
    }
}

/// Reads a feedback report; `None` for other mails.
pub fn read(message: &Message<'_>) -> Option<Feedback> {
    let parts = message.parts();
    let machine = parts.iter().find(|p| p.is("message/feedback-report"));
    let declared = parts[0].report_type == "feedback-report";
    let fields = match machine {
        Some(part) => message.part_text(part).into_owned(),
        None if declared => parts
            .iter()
            .map(|p| message.part_text(p))
            .find(|t| t.contains("Feedback-Type:"))?
            .into_owned(),
        None => return junk_report(message),
    };
    // RFC 5965 §3: one header-like block; Original-Rcpt-To may be repeated.
    let (h, _) = Headers::parse(fields.as_bytes());
    let returned = Returned::part_of(message).unwrap_or_default();
    let mut named: Vec<String> = Vec::new();
    for name in [
        "Original-Rcpt-To",
        "Original-Recipient",
        "Removal-Recipient",
    ] {
        for value in h.all(name) {
            let a =
                address::clean(&crate::message::decode::unfold(value)).filter(|a| a.contains('@'));
            named.extend(a.filter(|a| !named.contains(a)));
        }
    }
    if named.is_empty() && returned.to.is_empty() {
        named.extend(delivered_to(&returned));
    }
    let kind = h
        .plain("Feedback-Type")
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let sender = h
        .plain("Original-Mail-From")
        .and_then(|v| address::clean(&v))
        .filter(|a| a.contains('@'));
    Some(feedback(
        kind,
        named,
        returned,
        sender,
        report::first_text(message),
    ))
}

/// Whose mailbox the mail went to, where its To names nobody.
fn delivered_to(returned: &Returned) -> Option<String> {
    const FIELDS: &[&str] = &[
        "X-Delivered-To",
        "Delivered-To",
        "X-Original-To",
        "Envelope-To",
    ];
    let header = returned.header();
    let mut values = FIELDS.iter().filter_map(|f| header.plain(f));
    values.find_map(|v| address::clean(&v).filter(|a| a.contains('@')))
}

/// Microsoft's junk mail reports: the complained-of mail, with the recipient in a
/// field of its own (`X-HmXmrOriginalRecipient`).
fn junk_report(message: &Message<'_>) -> Option<Feedback> {
    static FIELD: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(b"X-HmXmrOriginalRecipient"));
    let mail = message.parts().iter().skip(1).find(|p| p.is_mail());
    let raw = match mail {
        Some(part) => message.part_raw(part),
        None if is_junk_report(message) => message.body(),
        None => return None,
    };
    let head = &raw[..raw.len().min(65_536)];
    let at = FIELD.find(head);
    if mail.is_some() && at.is_none() {
        return None;
    }
    let returned = match (mail, at) {
        (None, Some(at)) => Returned::read(raw.get(at..)?),
        _ => Returned::read(raw),
    };
    let outer = || {
        let h = message.headers();
        let value = h.plain("X-HmXmrOriginalRecipient")?;
        address::clean(&value).filter(|a| a.contains('@'))
    };
    let recipient = returned.original_recipient.clone().or_else(outer);
    if !returned.present || recipient.is_none() {
        return None;
    }
    let named = recipient.into_iter().collect();
    Some(feedback(
        "abuse".into(),
        named,
        returned,
        None,
        report::first_text(message),
    ))
}

/// The mail itself, or its header in the text, below the subject that these reports have.
fn is_junk_report(message: &Message<'_>) -> bool {
    let h = message.headers();
    let subject = h.text("Subject").unwrap_or_default().to_ascii_lowercase();
    subject.starts_with("complaint about message from")
}

fn feedback(
    kind: String,
    named: Vec<String>,
    returned: Returned,
    sender: Option<String>,
    human: String,
) -> Feedback {
    let mut notices: Vec<Notice> = named
        .into_iter()
        .map(|a| {
            let mut n = Notice::new(Kind::Complaint);
            n.recipient = Some(a);
            n
        })
        .collect();
    if notices.is_empty() {
        notices.push(Notice::new(Kind::Complaint));
    }
    let notification = Notification {
        format: "arf",
        notices,
        returned,
        human,
        sender,
        ..Notification::default()
    };
    Feedback { kind, notification }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(kind: &str) -> Option<Notification> {
        let raw = format!(
            "Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n\nspam\n--b\n\
             Content-Type: message/feedback-report\n\n{kind}User-Agent: x/1\nVersion: 1\nOriginal-Rcpt-To: <u@example.com>\n\
             --b\nContent-Type: message/rfc822\n\nFrom: s@acme.example\nTo: u@example.com\nMessage-ID: <m@acme.example>\n\nhi\n--b--\n"
        );
        read(&Message::new(raw.as_bytes())).and_then(Feedback::complaint)
    }

    #[test]
    fn i4_junk_mail_reports_of_microsoft() {
        let inner = "X-HmXmrOriginalRecipient: u@example.com\nFrom: s@acme.example\nTo: u@example.com\nMessage-ID: <m@acme.example>\n\nhi\n";
        for (head, body) in [
            (
                "Content-Type: message/rfc822\nContent-Disposition: inline\n",
                inner.to_owned(),
            ),
            ("Content-Type: text/plain\n", format!("Feedback\n\n{inner}")),
            (
                "X-HmXmrOriginalRecipient: u@example.com\nContent-Type: text/plain\n",
                "From: s@acme.example\nTo: u@example.com\nMessage-ID: <m@acme.example>\n\nhi\n"
                    .to_owned(),
            ),
        ] {
            let raw = format!(
                "From: staff@hotmail.com\nSubject: complaint about message from 192.0.2.1\n{head}\n{body}"
            );
            let n = read(&Message::new(raw.as_bytes())).and_then(Feedback::complaint);
            let n = n.expect(head);
            assert_eq!(
                n.notices[0].recipient.as_deref(),
                Some("u@example.com"),
                "{head}"
            );
            assert_eq!(
                n.returned.message_id.as_deref(),
                Some("m@acme.example"),
                "{head}"
            );
        }
        let other =
            "Subject: complaint about message from me\n\nX-HmXmrOriginalRecipient is a field\n";
        assert!(read(&Message::new(other.as_bytes())).is_none());
    }

    #[test]
    fn i4_feedback_types() {
        for (field, complaint, doubtful) in [
            ("Feedback-Type: abuse\n", true, false),
            ("Feedback-Type: opt-out\n", true, false),
            ("", true, false),
            ("Feedback-Type: virus\n", true, true),
            ("Feedback-Type: other\n", true, true),
            ("Feedback-Type: not-spam\n", false, false),
            ("Feedback-Type: auth-failure\n", false, false),
        ] {
            let got = report(field);
            assert_eq!(got.is_some(), complaint, "{field}");
            if let Some(n) = got {
                assert_eq!(n.notices[0].recipient.as_deref(), Some("u@example.com"));
                assert_eq!(n.notices[0].doubtful, doubtful, "{field}");
                assert_eq!(n.returned.message_id.as_deref(), Some("m@acme.example"));
            }
        }
    }
}
