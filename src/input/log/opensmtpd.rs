//! OpenSMTPD: one line says all (`log_envelope` in `smtpd/envelope.c` and
//! `smtpd/queue.c`), in the words of three versions.

use super::carry::Carry;
use super::fields::{address_of, field_at, host_name, value_of};
use super::line::LogLine;
use super::prefix::Found;
use super::queue::Queue;
use super::reply::with_command;
use crate::vocab::Kind;
use memchr::memmem::find;

/// Notes an attempt; true if the line tells of one, which is then in `out`.
pub(super) fn watch(found: &Found<'_>, queue: &mut Queue, out: &mut Vec<u8>) -> bool {
    let body = found.body;
    let Some((id, result)) = attempt(body) else {
        return false;
    };
    let again = result.starts_with(b"TempFail");
    let queue = queue.at(found.host, id);
    let first = queue.attempt(found.stamp, b"", again.then_some(b""));
    let since = queue
        .get()
        .map(|entry| entry.since.clone())
        .unwrap_or_default();
    if !again {
        drop(queue.remove());
    }
    Carry {
        at: found.stamp,
        host: found.host,
        since: &*since,
        first,
        ..Carry::default()
    }
    .write(out);
    out.extend_from_slice(body);
    true
}

/// The envelope and the result of `… mta delivery evpid=… result="Ok" …` and of the older
/// `relay: Ok for 12ab…: session=…`.
fn attempt(body: &[u8]) -> Option<(&[u8], &[u8])> {
    for start in [&b"relay: "[..], b"delivery: "] {
        if let Some(rest) = body.strip_prefix(start) {
            let at = find(rest, b" for ")?;
            let id = rest.get(at + 5..)?.split(|b| *b == b':').next()?;
            return Some((id, rest));
        }
    }
    let id = find(body, b"evpid=").and_then(|at| body.get(at + 6..))?;
    let result = find(id, b"result=").and_then(|at| id.get(at + 7..))?;
    find(id, b"stat=")?;
    let id = id.split(|b| matches!(b, b' ' | b',')).next()?;
    Some((id, result.strip_prefix(b"\"").unwrap_or(result)))
}

/// `mta delivery evpid=… from=<…> to=<…> rcpt=<-> … relay="1.2.3.4 (mx)" result="PermFail"
/// stat="550 …"`: `rcpt` is the address that was mailed to, where `to` is another.
pub(super) fn read(line: &str) -> Option<LogLine> {
    let at = field_at(line, "stat=")?;
    let head = line.get(..at)?;
    let stat = line.get(at..)?;
    // Newer versions put the reply before the result.
    let stat = match stat.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next().unwrap_or_default(),
        None => stat.split(", result=").next().unwrap_or(stat),
    };
    let result = value_of(line, "result=").or_else(|| older(line))?;
    let kind = match result {
        "Ok" => Kind::Delivered,
        "TempFail" => Kind::Delayed,
        "PermFail" | "Expire" | "LoopFail" => Kind::Failed,
        "Remove" => Kind::Delivered,
        _ => return None,
    };
    let address = |key| value_of(head, key).and_then(address_of);
    let (to, mailed) = (address("to="), address("rcpt="));
    let sender = value_of(head, "from=");
    let inner = with_command(stat);
    Some(LogLine {
        host: relay(head),
        recipient: mailed.clone().or_else(|| to.clone()),
        last: to.filter(|to| mailed.as_ref().is_some_and(|m| m != to)),
        sender: sender.map(|s| address_of(s).unwrap_or_else(|| "<>".to_owned())),
        kind: Some(kind),
        aside: result == "Remove",
        ..inner
    })
}

/// The name in `relay="1.2.3.4 (mx.example.com)"`, else the address.
fn relay(head: &str) -> Option<String> {
    let relay = value_of(head, "relay=")?;
    let (ip, name) = relay.split_once(' ').unwrap_or((relay, ""));
    let named = name.starts_with('(') && name.contains(|c: char| c.is_ascii_alphabetic());
    host_name(if named { name } else { ip })
}

/// `relay: PermFail for 12ab…: session=…`
fn older(line: &str) -> Option<&str> {
    let at = line.find("relay: ").map(|at| at + 7);
    let at = at.or_else(|| line.find("delivery: ").map(|at| at + 10))?;
    let (result, rest) = line.get(at..)?.split_once(' ')?;
    rest.starts_with("for ").then_some(result)
}
