//! The columns of a sent log without a header, by what their cells look like.
//!
//! Nothing is guessed: which of two columns of addresses has the mailboxes, only that
//! tells which has far fewer of them.

use super::cell::{self, Count, Order};
use super::names::Slot;
use crate::input::{Scanner, cells};
use jiff::tz::TimeZone;
use std::collections::HashSet;

/// Rows that are looked at.
const MAX_ROWS: usize = 200;
/// So many times as many recipients as mailboxes tell the two apart.
const TIMES: usize = 2;

/// What each column holds, and how dates are meant; `None` if that cannot be told, or the
/// first row has no address.
pub fn sniff(head: &[u8], from: usize, delimiter: u8) -> Option<(Vec<Option<Slot>>, Order)> {
    let rows = rows(head.get(from..)?, delimiter);
    let first = rows.first()?;
    let width = first.len();
    if width < 2 || !first.iter().any(|cell| is_address(cell)) {
        return None;
    }
    let column = |at: usize| -> Vec<&str> {
        let cells = rows.iter().filter_map(|row| row.get(at));
        cells
            .map(String::as_str)
            .filter(|c| !c.is_empty())
            .collect()
    };
    let columns: Vec<Vec<&str>> = (0..width).map(column).collect();
    let order = columns
        .iter()
        .flatten()
        .find_map(|cell| Order::told_by(cell))
        .unwrap_or_default();
    let of = |is: &dyn Fn(&str) -> bool| -> Vec<usize> {
        let fits = |cells: &Vec<&str>| !cells.is_empty() && cells.iter().all(|cell| is(cell));
        let all = columns.iter().enumerate().filter(|(_, cells)| fits(cells));
        all.map(|(at, _)| at).collect()
    };
    let mut slots = vec![None; width];
    let mut put = |at: usize, slot: Slot| {
        if let Some(place) = slots.get_mut(at) {
            *place = Some(slot);
        }
    };
    let is_date =
        |cell: &str| cell.len() >= 8 && cell::moment(cell, &TimeZone::UTC, order).is_some();
    let dates = of(&is_date);
    let dated = !dates.is_empty();
    if let [at] = dates[..] {
        put(at, Slot::SentAt);
    }
    if let [at] = of(&is_id)[..] {
        put(at, Slot::MessageId);
    }
    match (&of(&is_address)[..], &of(&is_count)[..]) {
        (&[mailbox], &[count]) => {
            put(mailbox, Slot::Mailbox);
            put(count, Slot::Count);
        }
        // A list of contacts has addresses, too.
        (&[recipient], _) if dated => put(recipient, Slot::Recipient),
        (&[a, b], _) => {
            let (mailbox, recipient) = apart((a, columns.get(a)?), (b, columns.get(b)?))?;
            put(mailbox, Slot::Mailbox);
            put(recipient, Slot::Recipient);
        }
        _ => return None,
    }
    Some((slots, order))
}

/// The column of mailboxes and that of recipients.
fn apart(a: (usize, &Vec<&str>), b: (usize, &Vec<&str>)) -> Option<(usize, usize)> {
    let different = |cells: &[&str]| cells.iter().collect::<HashSet<_>>().len();
    let (of_a, of_b) = (different(a.1), different(b.1));
    if of_a * TIMES <= of_b {
        return Some((a.0, b.0));
    }
    (of_b * TIMES <= of_a).then_some((b.0, a.0))
}

/// The first rows, of those that are as wide as the first.
fn rows(bytes: &[u8], delimiter: u8) -> Vec<Vec<String>> {
    let mut rest = bytes;
    let mut out: Vec<Vec<String>> = Vec::new();
    for _ in 0..MAX_ROWS {
        let Some(end) = Scanner::new(delimiter)
            .end(rest)
            .or((!rest.is_empty()).then_some(rest.len()))
        else {
            break;
        };
        let (row, after) = rest.split_at_checked(end).unwrap_or((rest, b""));
        rest = after;
        let cells: Vec<String> = cells(row, delimiter)
            .into_iter()
            .map(|cell| cell.trim().to_owned())
            .collect();
        if out.first().is_none_or(|first| first.len() == cells.len()) && cells.len() > 1 {
            out.push(cells);
        }
    }
    out
}

/// An address, perhaps with a name; no Message-ID.
fn is_address(cell: &str) -> bool {
    let bare = match cell.rsplit_once('<') {
        Some((name, inner)) if !name.is_empty() => inner.trim_end_matches('>'),
        _ => cell,
    };
    let plain = bare.matches('@').count() == 1 && !bare.contains([' ', '<', '>', '/']);
    let parts = bare.split_once('@').filter(|_| plain);
    parts.is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.'))
}

fn is_id(cell: &str) -> bool {
    cell.starts_with('<') && cell.ends_with('>') && cell.contains('@') && !cell.contains(' ')
}

fn is_count(cell: &str) -> bool {
    cell.len() < 9 && matches!(cell::count(cell), Some(Count::Number(_)))
}
