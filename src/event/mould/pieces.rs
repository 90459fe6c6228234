//! The words of a reply between what differs from row to row.

use super::super::{ids, said};
use super::filled::Filled;
use crate::row::{Key, Row};
use std::ops::Range;

/// A piece of what a reply says.
#[derive(Debug)]
pub(super) enum Piece {
    Words(String),
    Recipient,
    /// The identifier of this number.
    Id(usize),
}

/// Hands out what stands before each identifier of a reply with it, and what is left.
pub(super) fn between(
    reply: &[u8],
    ids: &[Range<usize>],
    mut each: impl FnMut(&[u8], Option<usize>),
) {
    let mut from = 0;
    for (number, id) in ids.iter().enumerate() {
        each(reply.get(from..id.start).unwrap_or_default(), Some(number));
        from = id.end;
    }
    each(reply.get(from..).unwrap_or_default(), None);
}

/// The row with stand-ins for the identifiers of its reply.
pub(super) fn with_stand_ins<'r>(row: &Row<'r>, recipient: &str, filled: &Filled) -> Row<'r> {
    let mut row = row.clone();
    if filled.ids.is_empty() {
        return row;
    }
    let mut text = Vec::new();
    between(&filled.reply, &filled.ids, |piece, id| {
        text.extend_from_slice(piece);
        text.extend(id.map(ids::stand_in).unwrap_or_default().bytes());
    });
    let text = String::from_utf8_lossy(&text).replace(said::STAND_IN, recipient);
    let reply = row.cells.iter_mut().find(|(key, _)| *key == Key::Reply);
    reply
        .into_iter()
        .for_each(|(_, cell)| *cell = text.clone().into());
    row
}

/// The pieces of what a reply says that has stand-ins.
pub(super) fn pieces(words: &str, recipient: &str, ids: usize) -> Vec<Piece> {
    let mut out = vec![Piece::Words(words.to_owned())];
    cut(&mut out, recipient, || Piece::Recipient);
    for number in 0..ids {
        cut(&mut out, &ids::stand_in(number), || Piece::Id(number));
    }
    out
}

/// Puts a piece wherever `what` stands in the words.
fn cut(pieces: &mut Vec<Piece>, what: &str, piece: impl Fn() -> Piece) {
    let of = |one: Piece| {
        let Piece::Words(words) = one else {
            return vec![one];
        };
        let mut out = Vec::new();
        for (n, part) in words.split(what).enumerate() {
            out.extend((n > 0).then(&piece));
            out.push(Piece::Words(part.to_owned()));
        }
        out
    };
    *pieces = std::mem::take(pieces).into_iter().flat_map(of).collect();
}
