//! Lines of CakeMail: a class of two letters (that of Bounce Studio), then what the relay
//! said: `bounce_fm: relay host [1.2.3.4]:25 said: 552 5.2.2 … (in reply to RCPT TO command)`.
//!
//! The words say more than the class, which is only passed on.

use super::carry::Carry;
use super::fields::address_of;
use super::line::LogLine;
use super::prefix::Found;
use super::reply::{said, with_command};
use crate::address;
use crate::row::What;
use memchr::memmem::find;

/// How far into a line the class may stand, in bytes: behind an address.
const MAX_AT: usize = 330;

/// Where `bounce_xx: ` stands: at the start, or behind one address.
pub(super) fn at(text: &[u8]) -> Option<usize> {
    // Of most lines the first word says that they are none.
    let start = text.trim_ascii_start();
    let first = start.get(..MAX_AT).unwrap_or(start);
    let first = first.split(|b| *b == b' ').next().unwrap_or_default();
    if !start.starts_with(b"bounce_") && !first.contains(&b'@') {
        return None;
    }
    let head = text.get(..MAX_AT).unwrap_or(text);
    let at = find(head, b"bounce_")?;
    let (before, from) = text.split_at_checked(at)?;
    let name = from
        .get(7..)?
        .iter()
        .take_while(|b| b.is_ascii_lowercase())
        .count();
    let fits = (2..=4).contains(&name) && from.get(7 + name) == Some(&b':');
    // No cell of a table: there no blank follows the address.
    let apart = before.last().is_none_or(u8::is_ascii_whitespace);
    let before = before.trim_ascii();
    let address = !before.contains(&b' ') && before.contains(&b'@');
    let alone = apart && (before.is_empty() || address);
    (fits && alone).then_some(at)
}

/// Every line is a report; it is in `out`.
pub(super) fn watch(found: &Found<'_>, out: &mut Vec<u8>) -> bool {
    Carry {
        at: found.stamp,
        host: found.host,
        first: true,
        ..Carry::default()
    }
    .write(out);
    out.extend_from_slice(found.body);
    true
}

/// The class, what it reports, and what the relay said.
pub(super) fn read(line: &str) -> Option<(&str, What, LogLine)> {
    let (before, from) = line.split_at_checked(at(line.as_bytes())?)?;
    let (class, text) = from.split_once(':')?;
    let text = text.trim();
    let inner = said(text).unwrap_or_else(|| with_command(text));
    let refused = inner.reply.starts_with('5');
    let what = match class {
        // Still being tried, unless a reply says that it is over.
        "bounce_tr" if !refused => What::Delayed,
        "bounce_ar" | "bounce_cr" | "bounce_ac" if !refused => What::AutoReply,
        _ => What::Failed,
    };
    let named = match &address::find_all(text)[..] {
        [(_, only)] => Some((*only).to_owned()),
        _ => None,
    };
    let recipient = address_of(before.trim().trim_end_matches([':', ','])).or(named);
    Some((class, what, LogLine { recipient, ..inner }))
}
