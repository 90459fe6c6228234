//! Amazon SES notifications that SNS delivers by mail: JSON in the body, with
//! the SES message as a string within it (AWS: "Amazon SNS notification contents
//! for Amazon SES"; raw message delivery leaves the outer object away).

use super::{Envelope, Notice, Notification, Returned, report};
use crate::address;
use crate::message::Message;
use crate::vocab::Kind;
use serde_json::Value;

/// Reads such a notification; `None` for other mails.
pub fn read(message: &Message<'_>, envelope: &Envelope) -> Option<Notification> {
    let amazon = envelope.from.contains("amazonaws") || envelope.from.contains("sns");
    let body = amazon.then(|| report::first_text(message))?;
    let body = body.trim_start();
    if !body.starts_with('{') {
        return None;
    }
    let event = object(body)?;
    let event = match event.get("Message") {
        Some(Value::String(inner)) => object(inner)?,
        Some(inner @ Value::Object(_)) => inner.clone(),
        _ => event,
    };
    notification(&event)
}

/// The first JSON value of a text. Relays that cut long lines (Sendmail: `!`, line
/// break, blank) are forgiven; what follows the object (a footer) is not read.
fn object(text: &str) -> Option<Value> {
    let first = |t: &str| {
        let mut all = serde_json::Deserializer::from_str(t).into_iter::<Value>();
        all.next()?.ok().filter(Value::is_object)
    };
    first(text).or_else(|| first(&text.replace("!\n ", "").replace("!\\n ", "")))
}

fn notification(event: &Value) -> Option<Notification> {
    let kind = text(event, "notificationType").or_else(|| text(event, "eventType"))?;
    let (kind, key, list) = match kind {
        "Bounce" => (Kind::Failed, "bounce", "bouncedRecipients"),
        "Complaint" => (Kind::Complaint, "complaint", "complainedRecipients"),
        "Delivery" => (Kind::Delivered, "delivery", "recipients"),
        "DeliveryDelay" => (Kind::Delayed, "deliveryDelay", "delayedRecipients"),
        _ => return None,
    };
    let body = event.get(key)?;
    let when = text(body, "timestamp").map(str::to_owned);
    let recipients = body.get(list)?.as_array()?;
    let notices = recipients
        .iter()
        .take(1_000)
        .map(|r| notice(kind, r, when.as_ref()))
        .collect();
    let mail = event.get("mail").unwrap_or(&Value::Null);
    Some(Notification {
        format: "amazonses",
        notices,
        returned: returned(mail),
        reporting_mta: text(body, "reportingMTA").map(super::rfc3464::host),
        sender: text(mail, "source").and_then(address::clean),
        feedback_type: text(body, "complaintFeedbackType").map(str::to_owned),
        ..Notification::default()
    })
}

fn notice(kind: Kind, recipient: &Value, when: Option<&String>) -> Notice {
    let mut n = Notice::new(kind);
    let named = recipient
        .as_str()
        .or_else(|| text(recipient, "emailAddress"));
    n.recipient = named.and_then(address::clean).filter(|a| a.contains('@'));
    n.status = text(recipient, "status").and_then(|s| s.parse().ok());
    let code = text(recipient, "diagnosticCode").unwrap_or_default();
    n.reply = code
        .split_once(';')
        .map_or(code, |(_, r)| r.trim())
        .to_owned();
    n.last_attempt = when.cloned();
    n
}

/// The header of the mail that SES had sent.
fn returned(mail: &Value) -> Returned {
    let mut header = String::new();
    for h in mail
        .get("headers")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .take(500)
    {
        if let (Some(name), Some(value)) = (text(h, "name"), text(h, "value")) {
            header.push_str(&format!("{name}: {}\n", value.replace(['\r', '\n'], " ")));
        }
    }
    if header.is_empty() {
        let common = mail.get("commonHeaders").unwrap_or(&Value::Null);
        for (key, name) in [
            ("from", "From"),
            ("to", "To"),
            ("subject", "Subject"),
            ("messageId", "Message-ID"),
        ] {
            let value = match common.get(key) {
                Some(Value::String(s)) => s.clone(),
                Some(Value::Array(all)) => {
                    let all: Vec<&str> = all.iter().filter_map(Value::as_str).collect();
                    all.join(", ")
                }
                _ => continue,
            };
            header.push_str(&format!("{name}: {}\n", value.replace(['\r', '\n'], " ")));
        }
    }
    Returned::read(header.as_bytes())
}

fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i3_ses_notifications_by_mail() {
        let inner = r#"{"notificationType":"Bounce","bounce":{"bouncedRecipients":[{"emailAddress":"u@example.com","status":"5.1.1","diagnosticCode":"smtp; 550 5.1.1 user unknown"}],"timestamp":"2026-11-02T10:11:12.000Z","reportingMTA":"dsn; a1.smtp-out.amazonses.com"},"mail":{"source":"sales1@acme.example","headers":[{"name":"From","value":"sales1@acme.example"},{"name":"Message-ID","value":"<m@acme.example>"}]}}"#;
        let outer = serde_json::json!({"Type": "Notification", "Message": inner}).to_string();
        for body in [
            inner.to_owned(),
            outer.clone(),
            format!("{outer}\n\n--\nIf you wish to stop"),
            outer.replace("user", "us!\n er"),
        ] {
            let raw = format!(
                "From: AWS Notifications <no-reply@sns.amazonaws.com>\nContent-Type: text/plain\n\n{body}\n"
            );
            let m = Message::new(raw.as_bytes());
            let n = read(&m, &Envelope::of(&m)).unwrap();
            assert_eq!(
                n.notices[0].recipient.as_deref(),
                Some("u@example.com"),
                "{body}"
            );
            assert_eq!(n.notices[0].reply, "550 5.1.1 user unknown");
            assert_eq!(n.returned.message_id.as_deref(), Some("m@acme.example"));
            assert_eq!(
                n.reporting_mta.as_deref(),
                Some("a1.smtp-out.amazonses.com")
            );
        }
    }
}
