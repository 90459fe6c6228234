//! One entry of a journal, and the line of syslog that says the same.

use crate::time;
use jiff::Timestamp;

/// Longest message that is taken, in bytes: mail servers write some 2,000.
pub(super) const MAX_MESSAGE: usize = 60 * 1024;
/// Longest time, host and program, in bytes.
pub(super) const MAX_WORD: usize = 256;

/// Why an entry is of no use.
pub(super) const NO_TIME: &str = "an entry without a time";

/// What an entry says.
#[derive(Debug, Default)]
pub(super) struct Entry {
    /// When, in a form that lines of logs begin with; empty if it does not say.
    pub time: String,
    /// On which host; empty if it does not say.
    pub host: Vec<u8>,
    /// Which program wrote it; empty if its message says that.
    pub program: Vec<u8>,
    /// What it says.
    pub message: Vec<u8>,
}

impl Entry {
    /// Writes its line.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.time.as_bytes());
        if !self.time.is_empty() {
            out.push(b' ');
        }
        if !self.program.is_empty() {
            match self.host.is_empty() {
                true => out.push(b'-'),
                false => word(&self.host, out),
            }
            out.push(b' ');
            word(&self.program, out);
            out.extend_from_slice(b": ");
        }
        let message = self.message.get(..MAX_MESSAGE).unwrap_or(&self.message);
        let blank = |byte: &u8| if *byte < b' ' { b' ' } else { *byte };
        out.extend(message.trim_ascii().iter().map(blank));
        out.push(b'\n');
    }
}

/// A host or a program: one word, the program without its process (`postfix/smtp[12]:`).
fn word(text: &[u8], out: &mut Vec<u8>) {
    let end = text.iter().position(|b| b"[:".contains(b));
    let text = text.get(..end.unwrap_or(text.len())).unwrap_or_default();
    let text = text.get(..MAX_WORD).unwrap_or(text).trim_ascii();
    let plain = |byte: &u8| if *byte <= b' ' { b'_' } else { *byte };
    out.extend(text.iter().map(plain));
}

/// Microseconds since 1970, as RFC 3339; empty if they are none.
pub(super) fn microseconds(digits: &str) -> String {
    let moment = digits.trim().parse::<i64>().ok();
    let moment = moment.and_then(|micros| Timestamp::from_microsecond(micros).ok());
    moment.map_or_else(String::new, time::rfc3339)
}
