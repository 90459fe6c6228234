//! Sendmail: `from=` once a message, then a `to=` for each attempt at one host
//! (`deliver.c`, `logdelivery`).

use super::carry::Carry;
use super::expire::expire;
use super::fields::{address_of, field_at, is_own_host, relay_of, value_of};
use super::line::LogLine;
use super::prefix::Found;
use super::queue::{Queue, Text};
use crate::vocab::Kind;
use memchr::memmem::find;

/// The queue id, and what is said of it: eight characters up to 8.11, fourteen since.
fn of_message(body: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = memchr::memchr(b':', body.get(..32).unwrap_or(body))?;
    let (id, rest) = body.split_at_checked(end)?;
    let fits = (7..=20).contains(&id.len()) && id.iter().all(u8::is_ascii_alphanumeric);
    Some((id, rest.strip_prefix(b": ")?)).filter(|_| fits)
}

/// Notes what a line says; true if it tells of a delivery, which is then in `out`.
pub(super) fn watch(found: &Found<'_>, queue: &mut Queue, out: &mut Vec<u8>) -> bool {
    let Some((id, rest)) = of_message(found.body) else {
        return false;
    };
    let queue = queue.at(found.host, id);
    if rest.starts_with(b"to=") {
        return deliver(found, rest, queue, out);
    }
    if rest.starts_with(b"from=") {
        drop(queue.remove());
        arrival(found.stamp, rest, queue);
    } else if rest.starts_with(b"--- 4") || rest.starts_with(b"--- 5") {
        queue.set(found.stamp, Text::Note, rest.get(4..).unwrap_or_default());
    } else if rest.starts_with(b"<") {
        // `<a@b>... User unknown`, before the line of the recipient.
        if let Some(at) = find(rest, b">... ") {
            queue.set(
                found.stamp,
                Text::Note,
                rest.get(at + 5..).unwrap_or_default(),
            );
        }
    } else if find(rest, b": return to sender: Cannot send").is_some() {
        return expire(found, queue, out);
    } else if rest.starts_with(b"done; ") {
        drop(queue.remove());
    }
    false
}

/// `from=<a@b>, size=…, nrcpts=2, msgid=<…>, …`
fn arrival(stamp: &[u8], rest: &[u8], queue: &mut Queue) {
    let field = |key: &[u8]| {
        let value = rest.get(find(rest, key)? + key.len()..)?;
        value.get(..find(value, b", ").unwrap_or(value.len()))
    };
    let sender = field(b"from=").unwrap_or_default();
    let sender = sender
        .strip_prefix(b"<")
        .and_then(|s| s.strip_suffix(b">"))
        .unwrap_or(sender);
    let sender: &[u8] = if sender.is_empty() { b"<>" } else { sender };
    queue.set(stamp, Text::Sender, sender);
    if let Some(id) = field(b", msgid=") {
        queue.set(stamp, Text::MessageId, id);
    }
    let left = field(b", nrcpts=").and_then(|n| std::str::from_utf8(n).ok()?.parse().ok());
    if let Some(entry) = queue.get() {
        entry.left = left;
    }
}

fn deliver(found: &Found<'_>, rest: &[u8], queue: &mut Queue, out: &mut Vec<u8>) -> bool {
    let recipients = rest
        .get(3..find(rest, b", ").unwrap_or(rest.len()))
        .unwrap_or_default();
    let stat = find(rest, b", stat=")
        .and_then(|at| rest.get(at + 7..))
        .unwrap_or_default();
    let again = stat.starts_with(b"Deferred") || stat.starts_with(b"queued");
    let first = queue.attempt(found.stamp, recipients, again.then_some(rest));
    let mut done = false;
    if let Some(entry) = queue.get() {
        Carry {
            at: found.stamp,
            host: found.host,
            sender: &*entry.sender,
            message_id: &entry.message_id,
            subject: &entry.subject,
            since: &entry.since,
            note: &entry.note,
            first,
            ..Carry::default()
        }
        .write(out);
        entry.note = Box::default();
        let ended = if again {
            0
        } else {
            1 + memchr::memchr_iter(b',', recipients).count()
        };
        entry.left = entry.left.map(|left| left.saturating_sub(ended));
        done = entry.left == Some(0);
    }
    if done {
        drop(queue.remove());
    }
    out.extend_from_slice(rest);
    true
}

/// `to=<a@b>, …, relay=mx. [1.2.3.4], dsn=5.1.1, stat=User unknown`. A `reply=` field is
/// the server's own words.
pub(super) fn read(line: &str) -> Option<LogLine> {
    let at = field_at(line, "stat=")?;
    let stat = line.get(at..)?;
    let head = line.get(..at)?;
    let reply = field_at(head, "reply=")
        .and_then(|r| head.get(r..))
        .map(|r| {
            r.strip_suffix("stat=")
                .unwrap_or(r)
                .trim_end_matches([',', ' '])
        });
    let enhanced: Option<crate::code::Enhanced> =
        value_of(head, "dsn=").and_then(|d| d.parse().ok());
    let low = stat.to_ascii_lowercase();
    let kind = if low.starts_with("sent") {
        Kind::Delivered
    } else if low.starts_with("deferred") || low.starts_with("queued") {
        Kind::Delayed
    } else {
        Kind::Failed
    };
    let to = field_at(line, "to=")
        .and_then(|at| line.get(at..))
        .unwrap_or_default();
    let sender = value_of(head, "ctladdr=").and_then(address_of);
    Some(LogLine {
        reply: reply.unwrap_or(stat).trim().to_owned(),
        host: relay_of(head),
        recipient: recipients(to).into_iter().next(),
        sender,
        enhanced,
        kind: Some(kind),
        aside: low.starts_with("queued")
            || low.contains("message accepted for delivery") && is_own(head),
        ..LogLine::default()
    })
}

/// Whether the next hop is the queue of the same host.
fn is_own(head: &str) -> bool {
    let relay = field_at(head, "relay=").and_then(|at| head.get(at..));
    relay
        .and_then(|r| r.split(", ").next())
        .is_some_and(is_own_host)
}

/// The addresses of `<a@b>,<c@d>, delay=…`: one line for all that one host took or
/// refused.
pub(super) fn recipients(to: &str) -> Vec<String> {
    let list = to.split(", ").next().unwrap_or_default();
    list.split(',').filter_map(address_of).collect()
}
