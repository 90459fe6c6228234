//! qmail: `qmail-send` writes the sender with the message, the recipient when it starts
//! a delivery, and what became of it with the number of that delivery.

use super::carry::Carry;
use super::line::LogLine;
use super::prefix::{Found, word};
use super::queue::{Queue, Text};
use super::reply::{qmail_said, with_command};
use crate::address;
use crate::vocab::Kind;
use memchr::memmem::find;

const STARTS: [&[u8]; 6] = [
    b"new msg ",
    b"info msg ",
    b"starting delivery ",
    b"end msg ",
    b"bounce msg ",
    b"status: local ",
];

/// Whether a line is one of `qmail-send`.
pub(super) fn is_own(body: &[u8]) -> bool {
    STARTS.iter().any(|start| body.starts_with(start)) || ended(body).is_some()
}

/// `delivery 12: failure: …`: the number.
fn ended(body: &[u8]) -> Option<&[u8]> {
    let rest = body.strip_prefix(b"delivery ")?;
    let (number, rest) = rest.split_at_checked(memchr::memchr(b':', rest)?)?;
    let known = [&b": success: "[..], b": failure: ", b": deferral: "];
    let fits = !number.is_empty() && number.iter().all(u8::is_ascii_digit);
    (fits && known.iter().any(|k| rest.starts_with(k))).then_some(number)
}

/// Notes what a line says; true if it tells of the end of a delivery, which is then in
/// `out`.
pub(super) fn watch(found: &Found<'_>, queue: &mut Queue, out: &mut Vec<u8>) -> bool {
    let body = found.body;
    let number = |rest: &'static [u8]| {
        let rest = body.strip_prefix(rest)?;
        let end = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        rest.split_at_checked(end).filter(|(n, _)| !n.is_empty())
    };
    if let Some(number) = ended(body) {
        return deliver(found, number, queue, out);
    }
    if let Some((message, _)) = number(b"new msg ") {
        drop(queue.at(found.host, message).remove());
        queue.entry(found.stamp);
    } else if let Some((message, rest)) = number(b"info msg ") {
        let sender = find(rest, b" from <")
            .and_then(|at| rest.get(at + 7..))
            .unwrap_or_default();
        let end = find(sender, b"> qp ").or_else(|| memchr::memrchr(b'>', sender));
        let sender = sender
            .get(..end.unwrap_or(sender.len()))
            .unwrap_or_default();
        let sender: &[u8] = if sender.is_empty() { b"<>" } else { sender };
        queue
            .at(found.host, message)
            .set(found.stamp, Text::Sender, sender);
    } else if let Some((delivery, rest)) = number(b"starting delivery ") {
        start(found, delivery, rest, queue);
    } else if let Some((message, _)) = number(b"end msg ") {
        drop(queue.at(found.host, message).remove());
    }
    false
}

/// `: msg 4711 to remote a@b`
fn start(found: &Found<'_>, delivery: &[u8], rest: &[u8], queue: &mut Queue) -> Option<()> {
    let (message, rest) = word(rest.strip_prefix(b": msg ")?)?;
    let (_, recipient) = word(rest.strip_prefix(b"to ")?)?;
    let mut key = b"d".to_vec();
    key.extend_from_slice(delivery);
    queue.at(found.host, &key);
    drop(queue.remove());
    queue.set(found.stamp, Text::Note, recipient);
    queue.set(found.stamp, Text::Parent, message);
    Some(())
}

fn deliver(found: &Found<'_>, delivery: &[u8], queue: &mut Queue, out: &mut Vec<u8>) -> bool {
    let mut key = b"d".to_vec();
    key.extend_from_slice(delivery);
    let begun = queue.at(found.host, &key).remove().unwrap_or_default();
    let deferred = find(found.body, b": deferral: ").is_some();
    let mut carry = Carry {
        at: found.stamp,
        host: found.host,
        recipient: &*begun.note,
        ..Carry::default()
    };
    if !begun.parent.is_empty() {
        queue.at(found.host, &begun.parent);
        carry.first = queue.attempt(found.stamp, &begun.note, deferred.then_some(b""));
        if let Some(message) = queue.get() {
            carry.sender = &message.sender;
            carry.since = &message.since;
            carry.write(out);
        }
    } else {
        carry.write(out);
    }
    out.extend_from_slice(found.body);
    true
}

/// `delivery 12: failure: 192.0.2.1_does_not_like_recipient./Remote_host_said:_550_…/`:
/// blanks are written as `_`, line ends as `/`.
pub(super) fn read(line: &str) -> Option<LogLine> {
    let (_, rest) = line.split_once("delivery ")?;
    let (number, rest) = rest.split_once(": ")?;
    let (result, coded) = rest.split_once(": ")?;
    let kind = match result {
        "failure" => Kind::Failed,
        "deferral" => Kind::Delayed,
        "success" => Kind::Delivered,
        _ => return None,
    };
    if number.is_empty() || !number.bytes().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let text = plain(coded);
    let inner = qmail_said(&text).unwrap_or_else(|| with_command(&text));
    Some(LogLine {
        kind: Some(kind),
        ..inner
    })
}

/// The line of a delivery, with the recipient that an earlier one named; where that is
/// missing, the only address that the reply names.
pub(super) fn delivery(line: &str, recipient: &str) -> Option<LogLine> {
    let told = read(line)?;
    let named = match &address::find_all(&told.reply)[..] {
        [(_, only)] => Some((*only).to_owned()),
        _ => None,
    };
    let recipient = super::fields::address_of(recipient).or(named);
    Some(LogLine {
        aside: recipient.is_none() && told.kind != Some(Kind::Failed),
        recipient,
        ..told
    })
}

fn plain(coded: &str) -> String {
    let text = coded
        .replace("./", ". ")
        .replace(")/", ") ")
        .replace("/Remote_host_said", " Remote_host_said")
        .replace("/Giving_up_on", " Giving_up_on")
        .replace('_', " ");
    text.trim_end_matches('/').trim().to_owned()
}
