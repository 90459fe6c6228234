//! The columns of a table whose names do not say which holds the recipients, or that has
//! no names: by what their cells look like.
//!
//! Only where something else says that the table tells of bounces: a list of contacts
//! has addresses, too.

use super::cells::cells;
use super::detect::WINDOW;
use super::guess::Guess;
use super::header::key_of;
use super::layout::{Layout, Map};
use super::table::{is_address, next_row};
use crate::row::{Key, fold};
use std::borrow::Cow;

/// Rows that are looked at.
const MAX_ROWS: usize = 50;
/// Columns that say what became of a mail.
const TELLING: [Key; 7] = [
    Key::Reply,
    Key::Code,
    Key::EnhancedCode,
    Key::Kind,
    Key::Class,
    Key::Severity,
    Key::Bounced,
];

/// The layout of a table in `head`, and where its rows begin; `head` is all there is, or
/// as much as is looked at.
pub fn sniff(head: &[u8], begin: usize, delimiter: u8, map: &Map) -> Option<(Layout, usize)> {
    let head = head.get(..WINDOW).unwrap_or(head);
    let mut at = begin;
    let mut rows = Vec::new();
    while rows.len() < MAX_ROWS
        && let Some((row, next)) = next_row(head, at, delimiter, true)
    {
        let cells = cells(row, delimiter);
        if cells.len() > 1 {
            rows.push((cells, at, next));
        }
        at = next;
    }
    let ((first, start, next), rest) = rows.split_first()?;
    let width = first.len();
    let of_width = |rows: &[(Vec<Cow<'_, str>>, usize, usize)]| -> Vec<Vec<String>> {
        let fits = rows.iter().filter(|(cells, ..)| cells.len() == width);
        fits.map(|(cells, ..)| cells.iter().map(|c| c.clone().into_owned()).collect())
            .collect()
    };
    match first.iter().any(|cell| is_address(cell)) {
        true => {
            let names: Vec<String> = (1..=width).map(|n| n.to_string()).collect();
            let map = nameless(&of_width(&rows), width, map)?;
            Some((Layout::of(&names, delimiter, &map)?, *start))
        }
        false => {
            let names: Vec<String> = first.iter().map(|c| c.clone().into_owned()).collect();
            Some((named(&names, &of_width(rest), delimiter, map)?, *next))
        }
    }
}

/// A table without names: one column of addresses, and one whose cells all name an event
/// or begin with a reply code.
fn nameless(rows: &[Vec<String>], width: usize, map: &Map) -> Option<Map> {
    let recipient = only((0..width).filter(|at| all(rows, *at, is_address)))?;
    let mut out = map.and(Key::Recipient, &(recipient + 1).to_string());
    let guess = Guess::of(&[]);
    let mut telling = 0;
    for key in [Key::Kind, Key::Reply] {
        let says = |cell: &str| guess.key(cell) == Some(key);
        if let Some(at) = only((0..width).filter(|at| all(rows, *at, says))) {
            out = out.and(key, &(at + 1).to_string());
            telling += 1;
        }
    }
    (telling > 0).then_some(out)
}

/// A table with names, of which one column holds addresses that are not of senders.
fn named(names: &[String], rows: &[Vec<String>], delimiter: u8, map: &Map) -> Option<Layout> {
    let is_sender = |name: &str| {
        let folded = fold(name);
        let words = ["from", "sender", "owner", "mailbox", "reply", "cc", "user"];
        matches!(key_of(name), Some((Key::Mailbox, _))) || words.iter().any(|w| folded.contains(w))
    };
    let holds =
        |at: &usize| names.get(*at).is_some_and(|n| !is_sender(n)) && all(rows, *at, is_address);
    let at = only((0..names.len()).filter(holds))?;
    let name = names.get(at)?;
    let layout = Layout::of(names, delimiter, &map.and(Key::Recipient, name))?;
    let tells = TELLING.iter().any(|key| layout.has(*key));
    (tells && layout.recipient() == Some(at)).then_some(layout)
}

/// Whether a column has cells, and all that are filled are so.
fn all(rows: &[Vec<String>], at: usize, is: impl Fn(&str) -> bool) -> bool {
    let mut filled = rows
        .iter()
        .filter_map(|row| row.get(at))
        .filter(|c| !c.trim().is_empty());
    let mut any = false;
    filled.all(|cell| {
        any = true;
        is(cell)
    }) && any
}

/// The one element, if there is no other.
fn only(mut all: impl Iterator<Item = usize>) -> Option<usize> {
    let one = all.next()?;
    all.next().is_none().then_some(one)
}
