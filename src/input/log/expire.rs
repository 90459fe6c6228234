//! Messages that a server gives up without a line for each recipient.

use super::carry::Carry;
use super::prefix::Found;
use super::queue::Queue;

/// The whole message was given up: its recipients that were deferred last have failed.
/// Postfix and Sendmail write no line for each of them.
pub(super) fn expire(found: &Found<'_>, queue: &mut Queue, out: &mut Vec<u8>) -> bool {
    let Some(entry) = queue.remove() else {
        return false;
    };
    Carry {
        at: found.stamp,
        host: found.host,
        sender: &*entry.sender,
        message_id: &entry.message_id,
        subject: &entry.subject,
        since: &entry.since,
        expired: true,
        ..Carry::default()
    }
    .write(out);
    let before = out.len();
    for (n, line) in entry.deferred().enumerate() {
        if n > 0 {
            out.push(b'\n');
        }
        out.extend_from_slice(line);
    }
    out.len() > before
}
