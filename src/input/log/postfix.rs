//! Postfix: one line a recipient; sender, Message-ID and subject on other lines of the
//! queue id (`log_adhoc.c`, `qmgr_active.c`, `cleanup_message.c`).

use super::carry::Carry;
use super::expire::expire;
use super::fields::{address_of, bracketed, field_at, is_own_host, relay_of, value_of};
use super::line::LogLine;
use super::prefix::Found;
use super::queue::{Queue, Text};
use super::reply::{said, with_command};
use crate::vocab::Kind;
use memchr::memmem::find;

/// The queue id, and what is said of it; refusals of incoming mail (`NOQUEUE`) have none.
fn of_message(body: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = memchr::memchr(b':', body.get(..32).unwrap_or(body))?;
    let (id, rest) = body.split_at_checked(end)?;
    let fits = (5..=20).contains(&id.len()) && id.iter().all(u8::is_ascii_alphanumeric);
    Some((id, rest.strip_prefix(b": ")?)).filter(|_| fits && id != b"NOQUEUE")
}

/// Whether a line without time and program is one of Postfix.
pub(super) fn is_own(body: &[u8]) -> bool {
    of_message(body).is_some_and(|(_, rest)| {
        let told = rest.starts_with(b"to=<") && find(rest, b", status=").is_some();
        told || rest.starts_with(b"message-id=<")
            || rest.starts_with(b"from=<") && find(rest, b"(queue active)").is_some()
    })
}

/// Notes what a line says; true if it tells of a delivery, which is then in `out`.
pub(super) fn watch(found: &Found<'_>, queue: &mut Queue, out: &mut Vec<u8>) -> bool {
    let Some((id, rest)) = of_message(found.body) else {
        return false;
    };
    let queue = queue.at(found.host, id);
    match rest.first() {
        Some(b't') if rest.starts_with(b"to=<") => {
            deliver(found, rest, queue, out);
            return true;
        }
        Some(b'f') if rest.starts_with(b"from=<") => {
            let (sender, rest) = sender(rest);
            let expired =
                find(rest, b"status=expired").or_else(|| find(rest, b"status=force-expired"));
            if expired.is_some() {
                return expire(found, queue, out);
            }
            queue.set(found.stamp, Text::Sender, sender);
        }
        Some(b'm') if rest.starts_with(b"message-id=") => {
            let id = rest.get(11..).unwrap_or_default();
            queue.set(found.stamp, Text::MessageId, id);
        }
        // A new message: short queue ids are used again.
        Some(b'c') if rest.starts_with(b"client=") => drop(queue.remove()),
        Some(b'u') if rest.starts_with(b"uid=") => drop(queue.remove()),
        Some(b'r') if rest == b"removed" => drop(queue.remove()),
        Some(b'w' | b'i') => {
            if let Some(subject) = subject(rest) {
                queue.set(found.stamp, Text::Subject, subject);
            }
        }
        _ => {}
    }
    false
}

/// `from=<a@b>, size=…`: the sender, and what follows it.
fn sender(rest: &[u8]) -> (&[u8], &[u8]) {
    let inner = rest.get(6..).unwrap_or_default();
    let end = find(inner, b">, ").or_else(|| memchr::memchr(b'>', inner));
    let (sender, rest) = inner.split_at(end.unwrap_or(inner.len()));
    (if sender.is_empty() { b"<>" } else { sender }, rest)
}

/// What a header check logs: `warning: header Subject: TEXT from host[1.2.3.4]; from=<…> …`.
fn subject(rest: &[u8]) -> Option<&[u8]> {
    let at = find(rest.get(..40).unwrap_or(rest), b": header Subject: ")?;
    let text = rest.get(at + 18..)?;
    let end = find(text, b"; from=<").unwrap_or(text.len());
    let text = text.get(..end)?;
    let end = memchr::memmem::rfind(text, b" from ").unwrap_or(text.len());
    text.get(..end)
}

fn deliver(found: &Found<'_>, rest: &[u8], queue: &mut Queue, out: &mut Vec<u8>) {
    let end = find(rest, b">, ").unwrap_or(rest.len());
    let (recipient, after) = rest.split_at(end);
    let status = find(after, b", status=").and_then(|at| after.get(at + 9..));
    let deferred =
        status.is_some_and(|s| s.starts_with(b"deferred") || s.starts_with(b"SOFTBOUNCE"));
    let first = queue.attempt(found.stamp, recipient, deferred.then_some(rest));
    if let Some(entry) = queue.get() {
        Carry {
            at: found.stamp,
            host: found.host,
            sender: &entry.sender,
            message_id: &entry.message_id,
            subject: &entry.subject,
            since: &entry.since,
            first,
            ..Carry::default()
        }
        .write(out);
        out.extend_from_slice(rest);
    }
}

/// `to=<a@b>, orig_to=<c@d>, relay=mx[1.2.3.4]:25, …, dsn=5.1.1, status=bounced (host … said: …)`
pub(super) fn read(line: &str) -> Option<LogLine> {
    let (fields, told) = split(line)?;
    let status = told.split([' ', '(']).next()?;
    let kind = match status.to_ascii_lowercase().as_str() {
        "bounced" | "undeliverable" | "expired" | "force-expired" => Kind::Failed,
        "deferred" | "softbounce" => Kind::Delayed,
        "sent" | "deliverable" => Kind::Delivered,
        _ => return None,
    };
    let cause = told.split_once('(').map_or(told, |(_, c)| c);
    let cause = cause.strip_suffix(')').unwrap_or(cause);
    let quoted = (kind != Kind::Delivered).then(|| said(cause)).flatten();
    let inner = quoted.unwrap_or_else(|| with_command(cause));
    let address = |key| value_of(fields, key).and_then(address_of);
    let (to, mailed) = (address("to="), address("orig_to="));
    Some(LogLine {
        host: inner.host.or_else(|| relay_of(fields)),
        recipient: mailed.clone().or_else(|| to.clone()),
        last: to.filter(|to| mailed.as_ref().is_some_and(|m| m != to)),
        enhanced: value_of(fields, "dsn=").and_then(|d| d.parse().ok()),
        kind: Some(kind),
        aside: status == "deliverable" || kind == Kind::Delivered && is_aside(fields, cause),
        ..inner
    })
}

/// The fields, and what stands behind `status=`. What the addresses and the reply hold
/// is not mistaken for a field.
fn split(line: &str) -> Option<(&str, &str)> {
    let Some(to) =
        field_at(line, "to=").filter(|at| line.get(*at..).is_some_and(|v| v.starts_with('<')))
    else {
        let at = field_at(line, "status=")?;
        return line.split_at_checked(at);
    };
    let behind = to + bracketed(line.get(to..)?).len();
    let at = behind + field_at(line.get(behind..)?, "status=")?;
    line.split_at_checked(at)
}

/// Sent, but to nobody: to a filter on the same host, which queues it again, or to
/// the transport that throws away.
fn is_aside(fields: &str, reply: &str) -> bool {
    let relay = field_at(fields, "relay=").and_then(|at| fields.get(at..));
    let relay = relay.and_then(|r| r.split(", ").next()).unwrap_or_default();
    relay == "none" || is_own_host(relay) && reply.to_ascii_lowercase().contains("queued as")
}
