//! The lines that a file shows of the rows of a list.

use super::files::SKIPS;
use super::skip;
use crate::ledger::{Ledger, LedgerError, Row, Span, View};
use std::collections::BTreeSet;

/// Calls `each` with the addresses and lines of a file, sorted; of one address, or all.
///
/// # Errors
/// The ledger cannot be read, or `each` fails.
pub fn each_line<E: From<LedgerError>>(
    ledger: &Ledger,
    view: &View,
    address: Option<&str>,
    mut each: impl FnMut(String, String) -> Result<(), E>,
) -> Result<(), E> {
    each_row(ledger, view, address, |row, mailbox| {
        let line = match mailbox {
            Some(mailbox) => skip::shown(row.line, mailbox),
            None => row.line,
        };
        each(row.address, line)
    })
}

/// Calls `each` with the addresses of a file, sorted.
///
/// # Errors
/// The ledger cannot be read, or `each` fails.
pub fn each_address<E: From<LedgerError>>(
    ledger: &Ledger,
    view: &View,
    mut each: impl FnMut(String) -> Result<(), E>,
) -> Result<(), E> {
    each_row(ledger, view, None, |row, _| each(row.address))
}

/// Calls `each` with the rows of a file as they are stored, and with the mailbox whose skip
/// list it is.
fn each_row<E: From<LedgerError>>(
    ledger: &Ledger,
    view: &View,
    address: Option<&str>,
    mut each: impl FnMut(Row, Option<&str>) -> Result<(), E>,
) -> Result<(), E> {
    let parts: Option<BTreeSet<&str>> = view.part.as_deref().map(|p| p.lines().collect());
    let mailbox = (view.list == SKIPS)
        .then(|| view.part.as_deref().and_then(skip::mailbox_of))
        .flatten();
    let mut last: Option<String> = None;
    let span = address.map_or(Span::All, Span::Of);
    ledger.each_row(&view.list, span, |row| {
        if parts
            .as_ref()
            .is_some_and(|p| !p.contains(row.part.as_str()))
        {
            return Ok(());
        }
        if mailbox.is_some() {
            // The first part speaks: what a workspace knows, before what only a mailbox does.
            if last.as_ref() == Some(&row.address) {
                return Ok(());
            }
            last.get_or_insert_default().clone_from(&row.address);
        }
        each(row, mailbox)
    })
}
