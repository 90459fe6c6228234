//! `journalctl -o export`: `FIELD=value` lines; a value with line breaks or no text in it
//! is a line `FIELD`, its length in eight bytes, and that many bytes; a blank line ends an
//! entry (systemd: "Journal Export Formats").

use super::enter;
use super::entry::{self, Entry, MAX_MESSAGE, MAX_WORD, NO_TIME};

/// Longest name of a field, in bytes; journald takes 64.
const MAX_NAME: usize = 64;
/// The largest value that journald takes, in bytes (`DATA_SIZE_MAX`).
const MAX_VALUE: u64 = 768 * 1024 * 1024;

/// The entry that is under way.
#[derive(Debug, Default)]
pub(super) struct Export {
    entry: Entry,
    /// It has a field.
    begun: bool,
    /// It has a message.
    told: bool,
    bad: Option<&'static str>,
    state: State,
    /// The field that is under way, as far as it is of interest.
    name: Vec<u8>,
    value: Vec<u8>,
}

/// What comes next.
#[derive(Clone, Copy, Debug, Default)]
enum State {
    /// The name of a field, or the end of the entry.
    #[default]
    Name,
    /// The value of a field, up to the end of the line.
    Value,
    /// So many bytes of a length are there.
    Length(u32, u64),
    /// So many bytes of a value are to come, and a line end.
    Data(u64),
    /// Nothing up to the next blank line: what is there cannot be read. True at the
    /// beginning of a line.
    Lost(bool),
}

impl Export {
    /// Takes the next bytes.
    pub(super) fn push(&mut self, chunk: &[u8], out: &mut Vec<u8>) {
        let mut rest = chunk;
        while let Some((&byte, after)) = rest.split_first() {
            rest = match self.state {
                State::Name => {
                    self.name(byte, out);
                    after
                }
                State::Value => self.line(rest),
                State::Length(count, size) => {
                    self.length(byte, count, size);
                    after
                }
                State::Data(0) => {
                    self.end_data(byte);
                    after
                }
                State::Data(left) => self.data(rest, left),
                State::Lost(begins) => {
                    self.lost(byte, begins, out);
                    after
                }
            };
        }
    }

    /// There is no more.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        if !matches!(self.state, State::Name) || !self.name.is_empty() {
            self.bad.get_or_insert("an entry that is cut off");
        }
        self.end(out);
    }

    fn name(&mut self, byte: u8, out: &mut Vec<u8>) {
        let known = byte == b'_' || byte.is_ascii_uppercase() || byte.is_ascii_digit();
        match byte {
            b'\n' if self.name.is_empty() => self.end(out),
            b'\n' => self.state = State::Length(0, 0),
            b'=' if !self.name.is_empty() => self.state = State::Value,
            _ if known && self.name.len() < MAX_NAME => self.name.push(byte),
            _ => self.give_up("an entry with a line that is no field"),
        }
        self.begun |= byte != b'\n';
    }

    fn give_up(&mut self, why: &'static str) {
        self.bad.get_or_insert(why);
        self.state = State::Lost(false);
    }

    /// Takes a value, up to the end of its line.
    fn line<'c>(&mut self, rest: &'c [u8]) -> &'c [u8] {
        let end = memchr::memchr(b'\n', rest);
        let (text, after) = rest.split_at(end.unwrap_or(rest.len()));
        self.keep(text);
        if end.is_some() {
            self.field();
        }
        after.get(1..).unwrap_or_default()
    }

    fn length(&mut self, byte: u8, count: u32, size: u64) {
        let size = size | u64::from(byte) << (8 * count);
        self.state = match count {
            7 => State::Data(size),
            _ => State::Length(count + 1, size),
        };
        if count == 7 && size > MAX_VALUE {
            self.give_up("an entry with a field that is too long");
        }
    }

    fn data<'c>(&mut self, rest: &'c [u8], left: u64) -> &'c [u8] {
        let count = usize::try_from(left).unwrap_or(usize::MAX).min(rest.len());
        let (data, after) = rest.split_at(count);
        self.keep(data);
        self.state = State::Data(left.saturating_sub(count as u64));
        after
    }

    fn end_data(&mut self, byte: u8) {
        match byte {
            b'\n' => self.field(),
            _ => self.give_up("an entry with a field of another length than it says"),
        }
    }

    fn lost(&mut self, byte: u8, begins: bool, out: &mut Vec<u8>) {
        self.state = State::Lost(byte == b'\n');
        if begins && byte == b'\n' {
            self.end(out);
        }
    }

    /// Keeps of a value what can be of interest.
    fn keep(&mut self, more: &[u8]) {
        let most = match self.name.as_slice() {
            b"MESSAGE" => MAX_MESSAGE,
            b"__REALTIME_TIMESTAMP" | b"SYSLOG_IDENTIFIER" | b"_COMM" | b"_HOSTNAME" => MAX_WORD,
            _ => return,
        };
        let room = most.saturating_sub(self.value.len());
        self.value
            .extend_from_slice(more.get(..room).unwrap_or(more));
    }

    /// A field ends here. Of fields that come twice the first counts.
    fn field(&mut self) {
        let value = std::mem::take(&mut self.value);
        let entry = &mut self.entry;
        match self.name.as_slice() {
            b"MESSAGE" if !self.told => (self.told, entry.message) = (true, value),
            b"__REALTIME_TIMESTAMP" => {
                entry.time = entry::microseconds(&String::from_utf8_lossy(&value));
            }
            b"SYSLOG_IDENTIFIER" => entry.program = value,
            b"_COMM" if entry.program.is_empty() => entry.program = value,
            b"_HOSTNAME" => entry.host = value,
            _ => {}
        }
        self.name.clear();
        self.state = State::Name;
    }

    /// The entry ends here.
    fn end(&mut self, out: &mut Vec<u8>) {
        let Export {
            entry,
            begun,
            told,
            bad,
            ..
        } = std::mem::take(self);
        match bad {
            _ if !begun => {}
            Some(why) => enter(Err(why), out),
            None if !told => enter(Err("an entry without a message"), out),
            None if entry.time.is_empty() => enter(Err(NO_TIME), out),
            None => enter(Ok(entry), out),
        }
    }
}
