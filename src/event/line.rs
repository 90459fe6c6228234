//! An event in one line of JSON, found without making an [`Event`](super::Event) of it.
//!
//! Only the line that this program writes is read: no blanks, keys in their order. Of any
//! other there is no [`Line`]; then it is for the parser to say what it is. What is read
//! here is what the parser would read: a test compares them.

use super::{Brief, EventType, Flag, Proof, Stream};
use crate::vocab::{Category, Command, Fault, Kind, Reason, RetryStrategy};
use memchr::memchr2;
use std::borrow::Cow;
use std::ops::Range;

/// What stands behind a key.
#[derive(Clone, Copy)]
enum Form {
    Text,
    Word(fn(&str) -> bool),
    /// A number that fits so many bits; 0 for one with a fraction.
    Number(u32),
    Bool,
    Flags,
    Origin,
}

/// A key as it is written, its name, what stands behind it, and whether it must be there.
struct Key {
    written: &'static str,
    name: &'static str,
    form: Form,
    needed: bool,
}

macro_rules! keys {
    ($($need:ident $name:ident $form:expr,)+) => {
        /// The keys in their order.
        const KEYS: &[Key] = &[$(Key {
            written: concat!("\"", stringify!($name), "\":"),
            name: stringify!($name),
            form: $form,
            needed: keys!(@ $need),
        },)+];
    };
    (@ must) => { true };
    (@ may) => { false };
}

macro_rules! word {
    ($name:ident) => {
        Form::Word(|word| $name::from_word(word).is_some())
    };
}

keys! {
    must schema Form::Number(32),
    must event_id Form::Text,
    must event_type word!(EventType),
    must kind word!(Kind),
    may occurred_at Form::Text,
    must classified_at Form::Text,
    must workspace Form::Text,
    may mailbox Form::Text,
    must stream word!(Stream),
    may campaign_id Form::Text,
    may sequence_step_id Form::Text,
    may contact_id Form::Text,
    may recipient Form::Text,
    may recipient_domain Form::Text,
    may final_recipient Form::Text,
    may smtp_code Form::Number(16),
    may enhanced_code Form::Text,
    may smtp_message Form::Text,
    may command word!(Command),
    may remote_mta Form::Text,
    may reporting_mta Form::Text,
    may category word!(Category),
    may reason word!(Reason),
    may fault word!(Fault),
    may confidence Form::Number(0),
    may held Form::Bool,
    may confirmed Form::Bool,
    may decided_by Form::Text,
    may evidence Form::Text,
    may retry_strategy word!(RetryStrategy),
    must proof word!(Proof),
    may flags Form::Flags,
    may suggested_recipient Form::Text,
    may subject Form::Text,
    may message_id Form::Text,
    may feedback_type Form::Text,
    may returns_on Form::Text,
    must format Form::Text,
    must origin Form::Origin,
}

/// Digits of a fraction that are read exactly, whoever reads them.
const EXACT: usize = 15;

/// The line of an event: what stands behind each key.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    text: &'a str,
    values: [&'a str; KEYS.len()],
}

/// The place of a key.
const fn place(name: &str) -> usize {
    let mut n = 0;
    while n < KEYS.len() {
        if same(KEYS[n].name.as_bytes(), name.as_bytes()) {
            return n;
        }
        n += 1;
    }
    n
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    let mut n = 0;
    while n < a.len() && n < b.len() && a[n] == b[n] {
        n += 1;
    }
    n == a.len() && n == b.len()
}

macro_rules! value {
    ($line:expr, $name:ident) => {{
        const PLACE: usize = place(stringify!($name));
        $line.values[PLACE]
    }};
}

impl<'a> Line<'a> {
    /// Reads a line, with or without its end. `None`: ask the parser.
    pub fn of(text: &'a str) -> Option<Line<'a>> {
        let text = text.strip_suffix('\n').unwrap_or(text);
        // JSON has no control characters in texts. Without a way out the loop is a fast one.
        if text.bytes().fold(u8::MAX, u8::min) < b' ' {
            return None;
        }
        let mut values = [""; KEYS.len()];
        let mut rest = text.strip_prefix('{')?;
        let mut keys = KEYS.iter().zip(&mut values);
        loop {
            let (key, value) = keys.find_map(|(key, value)| {
                if rest.starts_with(key.written) {
                    return Some(Some((key, value)));
                }
                key.needed.then_some(None)
            })??;
            let after = rest.get(key.written.len()..)?;
            let end = length(key.form, after)?;
            *value = after.get(..end)?;
            let after = after.get(end..)?;
            match after.strip_prefix(',') {
                Some(next) => rest = next,
                None if after == "}" => break,
                None => return None,
            }
        }
        // The last key must be there.
        (!value_of_last(&values).is_empty()).then_some(Line { text, values })
    }

    /// The line, without its end.
    pub const fn text(&self) -> &'a str {
        self.text
    }

    /// What is needed of it.
    pub fn brief(&self) -> Option<Brief<'a>> {
        Some(Brief {
            event_id: text(value!(self, event_id))?,
            kind: Kind::from_word(inner(value!(self, kind)))?,
            occurred_at: text(value!(self, occurred_at)),
            workspace: text(value!(self, workspace))?,
            mailbox: text(value!(self, mailbox)),
            stream: Stream::from_word(inner(value!(self, stream)))?,
            campaign_id: text(value!(self, campaign_id)),
            contact_id: text(value!(self, contact_id)),
            recipient: text(value!(self, recipient)),
            recipient_domain: text(value!(self, recipient_domain)),
            smtp_code: value!(self, smtp_code).parse().ok(),
            enhanced_code: text(value!(self, enhanced_code)),
            smtp_message: text(value!(self, smtp_message)),
            remote_mta: text(value!(self, remote_mta)),
            category: Category::from_word(inner(value!(self, category))),
            reason: Reason::from_word(inner(value!(self, reason))),
            fault: Fault::from_word(inner(value!(self, fault))),
            confidence: value!(self, confidence).parse().ok(),
            held: value!(self, held).parse().ok(),
            confirmed: value!(self, confirmed).parse().ok(),
            proof: Proof::from_word(inner(value!(self, proof)))?,
            flags: flags(value!(self, flags))?.into(),
            subject: text(value!(self, subject)),
            message_id: text(value!(self, message_id)),
            returns_on: text(value!(self, returns_on)),
        })
    }

    /// The line of the same event without where and when it was read: in pieces, one behind
    /// the other.
    pub fn bare(&self) -> Option<[&'a str; 5]> {
        let when = self.place_of(value!(self, classified_at))?;
        let origin = self.place_of(value!(self, origin))?;
        Some([
            self.text.get(..when.start)?,
            "\"\"",
            self.text.get(when.end..origin.start)?,
            "{\"file\":\"\",\"index\":0}",
            self.text.get(origin.end..)?,
        ])
    }

    /// Where a value stands in the line.
    fn place_of(&self, value: &str) -> Option<Range<usize>> {
        let from = value.as_ptr().addr();
        let start = from.checked_sub(self.text.as_ptr().addr())?;
        Some(start..start + value.len())
    }
}

fn value_of_last<'a>(values: &[&'a str]) -> &'a str {
    values.last().copied().unwrap_or_default()
}

/// The length of a value, if it is one of its form.
fn length(form: Form, text: &str) -> Option<usize> {
    match form {
        Form::Text => text_length(text),
        Form::Word(known) => {
            let end = text_length(text)?;
            known(inner(text.get(..end)?)).then_some(end)
        }
        Form::Number(bits) => number_length(bits, text),
        Form::Bool => ["true", "false"]
            .iter()
            .find(|w| text.starts_with(*w))
            .map(|w| w.len()),
        Form::Flags => {
            let end = memchr::memchr(b']', text.as_bytes())? + 1;
            flags(text.get(..end)?).filter(|all| !all.is_empty())?;
            Some(end)
        }
        Form::Origin => {
            let file = text.strip_prefix("{\"file\":")?;
            let index = file
                .get(text_length(file)?..)?
                .strip_prefix(",\"index\":")?;
            let rest = index.get(number_length(64, index)?..)?.strip_prefix('}')?;
            Some(text.len() - rest.len())
        }
    }
}

/// The length of a text in quotes.
fn text_length(text: &str) -> Option<usize> {
    let bytes = text.strip_prefix('"')?.as_bytes();
    let (mut at, mut escaped) = (0, false);
    loop {
        at += memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes.get(at) == Some(&b'"') {
            break;
        }
        escaped = true;
        at += 2;
    }
    let end = at + 2;
    if escaped {
        let whole = text.get(..end)?;
        serde_json::from_str::<String>(whole).ok()?;
    }
    Some(end)
}

/// The length of a number without sign and exponent.
fn number_length(bits: u32, text: &str) -> Option<usize> {
    let part = |b: u8| b.is_ascii_digit() || (b == b'.' && bits == 0);
    let end = text.bytes().position(|b| !part(b)).unwrap_or(text.len());
    let number = text.get(..end)?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let plain = whole == "0" || !whole.starts_with('0');
    let written = plain && !whole.is_empty() && !fraction.is_empty() && !fraction.contains('.');
    let fits = match bits {
        0 => number.len() <= EXACT,
        16 => number.parse::<u16>().is_ok(),
        32 => number.parse::<u32>().is_ok(),
        _ => number.parse::<u64>().is_ok(),
    };
    (written && fits).then_some(end)
}

/// A text without its quotes; only where it has no escapes.
fn inner(value: &str) -> &str {
    let end = value.len().saturating_sub(1);
    value.get(1..end).unwrap_or_default()
}

/// A text; `None` if it is not there.
fn text(value: &str) -> Option<Cow<'_, str>> {
    if memchr::memchr(b'\\', value.as_bytes()).is_some() {
        return serde_json::from_str::<String>(value).ok().map(Cow::Owned);
    }
    (!value.is_empty()).then(|| inner(value).into())
}

/// The flags of a list; none if it is not there.
fn flags(value: &str) -> Option<Vec<Flag>> {
    if value.is_empty() {
        return Some(Vec::new());
    }
    let words = value
        .strip_prefix("[\"")?
        .strip_suffix("\"]")?
        .split("\",\"");
    words.map(Flag::from_word).collect()
}

#[cfg(test)]
mod tests;
