//! What the reader puts before a line of a delivery: what other lines said of it.
//!
//! One line of fields, then the line itself; where a message expired, the last line
//! of each of its recipients.

/// Between fields; no value holds it.
const BETWEEN: u8 = 0x1f;
/// How many fields there are.
const FIELDS: usize = 8;

/// The fields, in the order in which they are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Carry<T> {
    /// When the line was written.
    pub at: T,
    /// On which host.
    pub host: T,
    /// The envelope sender; `<>`: none.
    pub sender: T,
    /// The Message-ID.
    pub message_id: T,
    /// The subject.
    pub subject: T,
    /// When the message was first seen.
    pub since: T,
    /// The recipient, where the line does not name it.
    pub recipient: T,
    /// What an earlier line says of the cause.
    pub note: T,
    /// No earlier line told of the same message and recipient.
    pub first: bool,
    /// The message was given up: what the lines tell of was the last attempt.
    pub expired: bool,
}

impl Carry<&[u8]> {
    /// Begins a record.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.clear();
        out.push(if self.first { b'1' } else { b'0' });
        out.push(if self.expired { b'x' } else { b'-' });
        for field in [
            self.at,
            self.host,
            self.sender,
            self.message_id,
            self.subject,
            self.since,
            self.recipient,
            self.note,
        ] {
            out.push(BETWEEN);
            if memchr::memchr2(BETWEEN, b'\n', field).is_none() {
                out.extend_from_slice(field);
            } else {
                out.extend(field.iter().filter(|b| !matches!(**b, BETWEEN | b'\n')));
            }
        }
        out.push(b'\n');
    }
}

impl<'a> Carry<&'a str> {
    /// The fields of a record, and its lines.
    pub fn read(record: &'a str) -> Option<(Self, &'a str)> {
        let (fields, lines) = record.split_once('\n')?;
        let mut parts = fields.splitn(FIELDS + 1, char::from(BETWEEN));
        let flags = parts.next()?;
        let mut next = || parts.next();
        let carry = Carry {
            at: next()?,
            host: next()?,
            sender: next()?,
            message_id: next()?,
            subject: next()?,
            since: next()?,
            recipient: next()?,
            note: next()?,
            first: flags.starts_with('1'),
            expired: flags.ends_with('x'),
        };
        Some((carry, lines))
    }
}
