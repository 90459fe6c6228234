//! Exim: `<=` brings a message in, a flag and an address say what became of it (manual,
//! chapter "Log files").

use super::carry::Carry;
use super::fields::{address_of, host_after};
use super::line::LogLine;
use super::prefix::{Found, word};
use super::queue::{Queue, Text};
use super::reply::{exim_error, with_command};
use crate::address;
use crate::vocab::Kind;
use memchr::memmem::find;

/// The flags of deliveries; `*>` was suppressed by `-N`: nothing was sent.
const FLAGS: [&[u8]; 6] = [b"=>", b"->", b">>", b"**", b"==", b"*>"];

/// The message id of a line, and what follows it: 6-6-2 characters, since 4.97 6-11-4. A
/// process id in brackets may stand before it.
pub(super) fn message_of(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let (first, after) = word(rest)?;
    let (id, after) = match first {
        [b'[', .., b']'] => word(after)?,
        _ => (first, after),
    };
    let mut parts = id.split(|b| *b == b'-');
    let mut next = || {
        parts
            .next()
            .filter(|p| p.iter().all(u8::is_ascii_alphanumeric))
    };
    let lengths = (next()?.len(), next()?.len(), next()?.len());
    (matches!(lengths, (6, 6, 2) | (6, 11, 4)) && parts.next().is_none()).then_some((id, after))
}

/// Notes what a line says; true if it tells of a delivery, which is then in `out`.
pub(super) fn watch(found: &Found<'_>, queue: &mut Queue, out: &mut Vec<u8>) -> bool {
    let Some((id, rest)) = message_of(found.body) else {
        return false;
    };
    let queue = queue.at(found.host, id);
    let flag = rest.get(..2).unwrap_or_default();
    match flag {
        b"<=" => {
            drop(queue.remove());
            arrival(found.stamp, rest.get(3..).unwrap_or_default(), queue);
            false
        }
        b"Co" if rest.starts_with(b"Completed") => {
            drop(queue.remove());
            false
        }
        _ if FLAGS.contains(&flag) && rest.get(2) == Some(&b' ') => {
            deliver(found, rest, queue, out);
            true
        }
        _ => false,
    }
}

/// `sender H=… P=… S=… id=message-id T="subject"`
fn arrival(stamp: &[u8], rest: &[u8], queue: &mut Queue) {
    let end = memchr::memchr(b' ', rest).unwrap_or(rest.len());
    let (sender, rest) = rest.split_at(end);
    queue.set(stamp, Text::Sender, sender);
    // A subject may hold anything that looks like a field.
    let subject = find(rest, b" T=\"");
    let fields = rest.get(..subject.unwrap_or(rest.len())).unwrap_or(rest);
    if let Some(id) = find(fields, b" id=").and_then(|at| fields.get(at + 4..)) {
        let id = id.split(|b| *b == b' ').next().unwrap_or_default();
        queue.set(stamp, Text::MessageId, id);
    }
    if let Some(text) = subject.and_then(|at| rest.get(at + 4..)) {
        let mut quotes = memchr::memchr_iter(b'"', text);
        let end = quotes.find(|at| at.checked_sub(1).and_then(|b| text.get(b)) != Some(&b'\\'));
        let text = text.get(..end.unwrap_or(text.len())).unwrap_or(text);
        queue.set(stamp, Text::Subject, text);
    }
}

fn deliver(found: &Found<'_>, rest: &[u8], queue: &mut Queue, out: &mut Vec<u8>) {
    let recipient = rest.get(3..).unwrap_or_default();
    let recipient = recipient
        .split(|b| matches!(b, b' ' | b':'))
        .next()
        .unwrap_or_default();
    let deferred = rest.starts_with(b"==");
    let cause = match queue.get() {
        // The line that gives up does not say why; that of the last attempt did.
        Some(entry) if rest.starts_with(b"**") && is_given_up(rest) => entry
            .deferred()
            .find(|line| line.get(3..).is_some_and(|l| l.starts_with(recipient)))
            .map(<[u8]>::to_vec),
        _ => None,
    };
    // The message was not tried: the line before still says why it waits.
    let idle = deferred && is_waiting(rest);
    let first = !idle && queue.attempt(found.stamp, recipient, deferred.then_some(rest));
    if let Some(entry) = queue.entry(found.stamp) {
        Carry {
            at: found.stamp,
            host: found.host,
            sender: &*entry.sender,
            message_id: &entry.message_id,
            subject: &entry.subject,
            since: &entry.since,
            note: cause.as_deref().unwrap_or_default(),
            first,
            ..Carry::default()
        }
        .write(out);
        out.extend_from_slice(rest);
    }
}

/// No attempt was made: it is not time yet.
fn is_waiting(line: &[u8]) -> bool {
    find(line, b"retry time not reached").is_some()
}

fn is_given_up(line: &[u8]) -> bool {
    find(line, b"retry timeout exceeded").is_some() || is_waiting(line)
}

/// The line of a failure or deferral, wherever in it the flag stands:
/// `… ** a@b <alias@b> R=dnslookup T=remote_smtp H=mx [1.2.3.4]: cause`; `==` defers.
pub(super) fn read(line: &str) -> Option<LogLine> {
    let at = |mark: &str| {
        let mut all = line.match_indices(mark).map(|(at, _)| at);
        all.find(|at| {
            line.get(..*at)
                .is_some_and(|b| b.is_empty() || b.ends_with(' '))
        })
    };
    let at = at("** ").or_else(|| at("== "))?;
    unsuccessful(line.get(at..)?)
}

/// Any line of a delivery, from its flag on. `last`: that of the last attempt.
pub(super) fn delivery(line: &str, last: &str) -> Option<LogLine> {
    let success = ["=> ", "-> ", ">> ", "*> "]
        .iter()
        .any(|flag| line.starts_with(flag));
    if success {
        return successful(line);
    }
    let mut told = unsuccessful(line)?;
    if let Some(cause) = unsuccessful(last) {
        told = LogLine {
            reply: cause.reply,
            host: cause.host,
            command: cause.command,
            ..told
        };
    }
    Some(told)
}

fn unsuccessful(line: &str) -> Option<LogLine> {
    let kind = if line.starts_with("** ") {
        Kind::Failed
    } else if line.starts_with("== ") {
        Kind::Delayed
    } else {
        return None;
    };
    let (head, cause) = line.get(3..)?.split_once(": ")?;
    let who = who(head)?;
    let inner = exim_error(cause).unwrap_or_else(|| with_command(cause));
    Some(LogLine {
        host: inner.host.or_else(|| host_after(head, " H=")),
        reply: inner.reply,
        command: inner.command,
        kind: Some(kind),
        aside: kind == Kind::Delayed && is_waiting(cause.as_bytes()),
        ..who
    })
}

/// `=> a@b <alias@b> F=<s> R=… T=… H=mx [1.2.3.4] C="250 OK"`
fn successful(line: &str) -> Option<LogLine> {
    let head = line.get(3..)?;
    let reply = head
        .split_once(" C=\"")
        .map(|(_, r)| r.split('"').next().unwrap_or(r));
    let who = who(head)?;
    Some(LogLine {
        reply: reply.unwrap_or_default().to_owned(),
        host: host_after(head, " H="),
        kind: Some(Kind::Delivered),
        aside: line.starts_with("*>"),
        ..who
    })
}

/// The recipient: the last address before the fields is the one that was mailed to, the
/// first what it became, which may be a local part, a file or a pipe.
fn who(head: &str) -> Option<LogLine> {
    let fields = [" R=", " F=<", " P=<", " T=", " H="];
    let end = fields.iter().filter_map(|f| head.find(f)).min();
    let names = head.get(..end.unwrap_or(head.len()))?;
    let all = address::find_all(names);
    let mailed = address_of(all.last()?.1)?;
    let last = all.first().and_then(|(_, a)| address_of(a));
    let sender = head
        .split_once(" F=<")
        .and_then(|(_, s)| s.split('>').next());
    Some(LogLine {
        last: last.filter(|l| *l != mailed),
        recipient: Some(mailed),
        sender: sender.map(|s| if s.is_empty() { "<>" } else { s }.to_owned()),
        ..LogLine::default()
    })
}
