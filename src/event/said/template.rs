//! The text that a reply is remembered by: with a stand-in for the recipient, wherever
//! another address in its place would change nothing.

use super::Question;
use crate::classify;
use crate::event::reply;

/// Longer replies are not remembered.
const LONGEST: usize = 2048;
/// In longer ones nothing stands for the recipient: below this, and with the stand-ins of
/// [`MOST_PLACES`], no limit on lengths in [`reply`] is near.
const LONGEST_TEMPLATE: usize = 480;
/// The human part may name him more often: of it, only the words count.
const MOST_BESIDE: usize = 16;
/// Longest address that a stand-in stands for.
const LONGEST_ADDRESS: usize = 100;
/// Replies that name the recipient more often are not remembered.
const MOST_PLACES: usize = 4;
/// What stands for the recipient.
pub(in super::super) const STAND_IN: &str = "stand.in@recipient.invalid";

/// Puts the reply into `room`, with stand-ins for the recipient where that is the same, and
/// says how many there are; `None` if what it says may depend on more than is remembered.
pub(super) fn template(of: &Question<'_>, room: &mut Vec<u8>) -> Option<usize> {
    let reply = of.reply;
    let address = of.recipient.unwrap_or(STAND_IN);
    if reply.len() > LONGEST || !address.contains('@') {
        return None;
    }
    room.clear();
    let short = reply.len() <= LONGEST_TEMPLATE;
    put(reply, address, if short { MOST_PLACES } else { 0 }, room)
}

/// Puts the human part behind the reply, likewise.
pub(super) fn beside(of: &Question<'_>, room: &mut Vec<u8>) -> Option<()> {
    let address = of.recipient.unwrap_or(STAND_IN);
    let fits = room.len() + of.context.len() <= LONGEST;
    let places = fits.then(|| put(of.context, address, MOST_BESIDE, room))?;
    places.map(|_| ())
}

/// Appends a text with at most so many stand-ins for an address, or as it is if with another
/// address it could say something else; `None` if a stand-in stands in it already.
fn put(text: &str, address: &str, most: usize, room: &mut Vec<u8>) -> Option<usize> {
    let mut marks = memchr::memchr_iter(b'@', text.as_bytes());
    if marks.any(|at| around(text, at, STAND_IN).is_some()) {
        return None;
    }
    let before = room.len();
    let places = stand_in(text, address, most, room);
    if places.is_none() {
        room.truncate(before);
        room.extend_from_slice(text.as_bytes());
    }
    Some(places.unwrap_or(0))
}

/// The same; `None` if the text must stay as it is.
fn stand_in(text: &str, address: &str, most: usize, room: &mut Vec<u8>) -> Option<usize> {
    let (mut from, mut places) = (0, 0);
    for at in memchr::memchr_iter(b'@', text.as_bytes()) {
        let Some((start, end)) = around(text, at, address) else {
            continue;
        };
        // Seldom more than one: what holds of the address need not be asked again.
        let plain = places > 0 || plain(address);
        if places == most || !plain || !stands_apart(text, start, end) {
            return None;
        }
        room.extend_from_slice(text.get(from..start)?.as_bytes());
        room.extend_from_slice(STAND_IN.as_bytes());
        (from, places) = (end, places + 1);
    }
    room.extend_from_slice(text.get(from..)?.as_bytes());
    Some(places)
}

/// The extent of this very address around the `@` that stands at `at`.
fn around(reply: &str, at: usize, address: &str) -> Option<(usize, usize)> {
    let start = at.checked_sub(address.find('@')?)?;
    let end = start + address.len();
    (reply.get(start..end)? == address).then_some((start, end))
}

/// Whether no code, command, host or other address can begin or end with the address that
/// stands there: there are marks or blanks around it, none that a host would follow, and no
/// words that go on behind it.
fn stands_apart(reply: &str, start: usize, end: usize) -> bool {
    let (before, rest) = reply.split_at_checked(start).unwrap_or_default();
    let (address, after) = rest.split_at_checked(end - start).unwrap_or_default();
    let begins = match before.as_bytes().last() {
        Some(b'<' | b'(' | b'[' | b'"' | b'\'') => true,
        Some(b' ' | b'\n') => !reply::may_name_host(before),
        _ => false,
    };
    let ends = match after.as_bytes().first() {
        None | Some(b'>' | b')' | b']' | b'"' | b'\'' | b':' | b',' | b';') => true,
        Some(b' ' | b'\n') => !classify::may_begin_in(address) && !reply::may_begin_mark(address),
        _ => false,
    };
    begins && ends
}

/// Whether an address has nothing that could be read as anything else: no code, also none
/// before a hyphen, and no wording.
fn plain(address: &str) -> bool {
    let bytes = address.as_bytes();
    let legal = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'@');
    let code = matches!(bytes, [a, b, c, b'-', ..] if [a, b, c].iter().all(|b| b.is_ascii_digit()));
    let said = |end: &str| {
        let from = address.len().saturating_sub(end.len());
        address
            .get(from..)
            .is_some_and(|last| last.eq_ignore_ascii_case(end))
    };
    bytes.len() <= LONGEST_ADDRESS
        && bytes.iter().all(legal)
        && bytes.first().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.last().is_some_and(u8::is_ascii_alphanumeric)
        && memchr::memchr_iter(b'@', bytes).count() == 1
        && !code
        && crate::code::find_smtp_code(address).is_none()
        && crate::code::find_enhanced(address).is_none()
        && !classify::may_end_in(address)
        && !said("said")
        && !said("returned")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question<'a>(reply: &'a str, recipient: Option<&'a str>) -> Question<'a> {
        Question {
            reply,
            context: "",
            status: None,
            command: None,
            remote: None,
            recipient,
            judged: true,
        }
    }

    #[test]
    fn e1_replies_that_differ_by_the_address_are_one_template() {
        let mut room = Vec::new();
        for (reply, recipient, places) in [
            (
                "550 5.1.1 <u@example.com> unknown",
                "u@example.com",
                Some(1),
            ),
            ("550 u@example.com unknown", "u@example.com", Some(1)),
            (
                "550 (u@example.com): u@example.com, no",
                "u@example.com",
                Some(2),
            ),
            ("550 no such user", "u@example.com", Some(0)),
            ("550 ask postmaster@example.net", "u@example.com", Some(0)),
            (
                "mail to u@example.com\nno such user",
                "u@example.com",
                Some(1),
            ),
            (
                "550 <no-such-user-4711@example.com>",
                "no-such-user-4711@example.com",
                Some(1),
            ),
            ("550 <4711@example.com>", "4711@example.com", Some(1)),
            // As they are.
            ("relay=u@example.com said no", "u@example.com", Some(0)),
            ("host u@example.com said no", "u@example.com", Some(0)),
            ("connect to  u@example.com", "u@example.com", Some(0)),
            ("550-u@example.com", "u@example.com", Some(0)),
            ("550 <au@example.com>", "u@example.com", Some(0)),
            ("550 <5.5.0@example.com>", "5.5.0@example.com", Some(0)),
            ("550 <599-u@example.com>", "599-u@example.com", Some(0)),
            ("after data@example.com", "data@example.com", Some(0)),
            ("to u@x.at the end of the message", "u@x.at", Some(0)),
            ("to u@x.com the end of the message", "u@x.com", Some(1)),
            ("to u@x.host mx.example.com", "u@x.host", Some(0)),
            (
                "550 <stand.in@recipient.invalid> of u@example.com",
                "u@example.com",
                None,
            ),
            ("550 <u>", "u", None),
        ] {
            let got = template(&question(reply, Some(recipient)), &mut room);
            assert_eq!(got, places, "{reply}");
        }
    }
}
