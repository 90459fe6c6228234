//! A sent log as a table: its header, and its rows cut into cells.
//!
//! Rows are as `input` cuts them: a quote opens a cell only at its beginning, and a line
//! break within quotes is part of the cell. Blocks without any quote, which is what most
//! logs are, are cut by searching for line ends and delimiters alone.

use super::cell::Order;
use super::compose::{Cells, Context, EMPTY, compose, is_empty};
use super::form::{Each, Place};
use super::names::{Slot, is_vague, key_for, mapped, slot_of};
use super::shape;
use crate::input::{Map, Scanner, cells};
use crate::row::fold;
use std::borrow::Cow;
use std::fmt::Write;

/// Rows that may stand before the header: titles, dates of the export.
const MAX_BEFORE: usize = 30;
/// Rows behind the header that must bear it out.
const MAX_AFTER: usize = 50;
/// What separates cells, the likelier ones first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The columns of a table.
#[derive(Clone, Debug)]
pub struct Table {
    delimiter: u8,
    /// The header as it stands in the file, without its line end.
    header: Vec<u8>,
    names: Vec<String>,
    /// What each column holds, up to the last that is read.
    slots: Vec<Option<Slot>>,
    /// How dates with slashes are meant.
    pub order: Order,
    /// The column of recipients may be that of mailboxes.
    pub vague: bool,
}

impl Table {
    /// The table that `head`, the beginning of a file, is; and where its rows begin.
    ///
    /// # Errors
    /// Why it is no sent log, for a person.
    pub fn sniff(head: &[u8], map: &Map) -> Result<(Table, usize), String> {
        let begin = named_delimiter(head);
        let delimiters = begin.map_or(DELIMITERS.to_vec(), |(named, _)| vec![named]);
        let from = begin.map_or(0, |(_, from)| from);
        let found = delimiters
            .into_iter()
            .filter_map(|delimiter| Table::with(head, from, delimiter, map))
            .max_by_key(|(table, _)| table.read().count());
        let found = found.or_else(|| {
            let delimiters = begin.map_or(DELIMITERS.to_vec(), |(named, _)| vec![named]);
            let shaped = delimiters.into_iter().filter_map(|delimiter| {
                let (row, order) = shape::sniff(head, from, delimiter)?;
                let table = Table::nameless(&row, delimiter)?;
                Some((Table { order, ..table }, from))
            });
            shaped.max_by_key(|(table, _)| table.read().count())
        });
        found.ok_or_else(|| {
            let first = lines(head.get(from..).unwrap_or_default())
                .next()
                .unwrap_or_default();
            let columns = DELIMITERS.map(|d| cells(first, d));
            let columns = columns.into_iter().max_by_key(Vec::len).unwrap_or_default();
            match columns.len() {
                0 | 1 => "no sent log: neither a table with a header nor JSON".to_owned(),
                _ if columns.iter().any(|c| c.contains('@')) => {
                    "no sent log: a table without a header: put a row of names above it, such as \
                     sent_at,mailbox,recipient, or number its columns (--map recipient=3,sent_at=1)"
                        .to_owned()
                }
                _ => format!(
                    "no sent log: no column of recipients and none of numbers sent \
                     (--map recipient=COLUMN or --map sent=COLUMN); its columns: {}",
                    columns.join(", ")
                ),
            }
        })
    }

    fn with(head: &[u8], from: usize, delimiter: u8, map: &Map) -> Option<(Table, usize)> {
        let mut at = from;
        for _ in 0..MAX_BEFORE {
            let rest = head.get(at..).filter(|rest| !rest.is_empty())?;
            let end = Scanner::new(delimiter).end(rest).unwrap_or(rest.len());
            let row = rest.get(..end)?;
            if let Some(mut table) = Table::numbered(row, delimiter, map) {
                table.order = table.order_in(rest);
                return Some((table, at));
            }
            at += end;
            let named = map.without_numbers();
            let named = named.and_then(|map| Table::of(row, delimiter, &map));
            let table = named.or_else(|| Table::of(row, delimiter, map));
            if let Some(mut table) =
                table.filter(|t| t.is_borne_out(head.get(at..).unwrap_or_default()))
            {
                table.order = table.order_in(head.get(at..).unwrap_or_default());
                return Some((table, at));
            }
        }
        None
    }

    /// A table without a header whose first row this is, if `--map` gives the number of a
    /// column that holds a recipient here, or a count.
    fn numbered(row: &[u8], delimiter: u8, map: &Map) -> Option<Table> {
        let cells = cells(row.strip_suffix(b"\r\n").unwrap_or(row), delimiter);
        let holds = |slot: Slot, is: fn(&str) -> bool| {
            let mut pairs = mapped(map).filter(|(s, _)| *s == slot);
            pairs.any(|(_, column)| {
                let cell = number(column).and_then(|at| cells.get(at));
                cell.is_some_and(|cell| is(cell))
            })
        };
        let counts = |cell: &str| super::cell::count(cell).is_some();
        if !holds(Slot::Recipient, |cell| cell.contains('@')) && !holds(Slot::Count, counts) {
            return None;
        }
        let names: Vec<String> = (1..=cells.len()).map(|n| n.to_string()).collect();
        let header = names.join(char::from(delimiter).to_string().as_str());
        Table::of(header.as_bytes(), delimiter, map)
    }

    /// A table without a header whose columns are known.
    fn nameless(columns: &[Option<Slot>], delimiter: u8) -> Option<Table> {
        let names: Vec<String> = (1..=columns.len()).map(|n| n.to_string()).collect();
        let header = names.join(char::from(delimiter).to_string().as_str());
        let mut map = Map::default();
        for (slot, name) in columns.iter().zip(&names) {
            map = slot.map_or(map.clone(), |slot| map.and(key_for(slot), name));
        }
        Table::of(header.as_bytes(), delimiter, &map)
    }

    /// The table whose header a row is, if it is one of a sent log.
    fn of(row: &[u8], delimiter: u8, map: &Map) -> Option<Table> {
        let names = cells(row.strip_suffix(b"\r\n").unwrap_or(row), delimiter);
        let names: Vec<String> = names.into_iter().map(Cow::into_owned).collect();
        // Exchange tells of a message at every step that it takes, also of mail that came in.
        if names
            .first()
            .is_some_and(|name| name.starts_with("#Fields:"))
        {
            return None;
        }
        let mut ranks: Vec<(Slot, usize, usize)> = mapped(map)
            .filter_map(|(slot, column)| {
                let exact = names.iter().position(|n| n == column);
                let wanted = fold(column);
                let called = exact.or_else(|| names.iter().position(|n| fold(n) == wanted));
                let at = called.or_else(|| number(column).filter(|at| *at < names.len()))?;
                Some((slot, 0, at))
            })
            .collect();
        let taken = ranks.clone();
        for (at, name) in names.iter().enumerate() {
            if let Some((slot, rank)) = slot_of(name)
                && !taken.iter().any(|(s, _, a)| *s == slot || *a == at)
            {
                ranks.push((slot, rank + 1, at));
            }
        }
        ranks.sort_by_key(|(_, rank, at)| (*rank, *at));
        let mut slots: Vec<Option<Slot>> = vec![None; names.len()];
        for (slot, _, at) in &ranks {
            if !slots.contains(&Some(*slot))
                && let Some(place) = slots.get_mut(*at).filter(|p| p.is_none())
            {
                *place = Some(*slot);
            }
        }
        // A campaign's, where its mails are counted; else that of somebody.
        let counted = slots.contains(&Some(Slot::Count)) && !slots.contains(&Some(Slot::Recipient));
        if counted && !slots.contains(&Some(Slot::Campaign)) {
            let at = names.iter().position(|n| fold(n) == "title");
            if let Some(place) = at.and_then(|at| slots.get_mut(at)) {
                place.get_or_insert(Slot::Campaign);
            }
        }
        let name_of = |slot| {
            let at = slots.iter().position(|s| *s == Some(slot))?;
            names.get(at).map(String::as_str)
        };
        let counts = name_of(Slot::Count).is_some();
        let recipient = name_of(Slot::Recipient);
        let said = taken.iter().any(|(slot, _, _)| *slot == Slot::Recipient);
        let vague = !said && recipient.is_some_and(is_vague);
        if !counts && recipient.is_none() {
            return None;
        }
        let length = slots
            .iter()
            .rposition(Option::is_some)
            .map_or(0, |at| at + 1);
        slots.truncate(length);
        let header = row.trim_ascii_end().to_vec();
        Some(Table {
            delimiter,
            header,
            names,
            slots,
            order: Order::Unknown,
            vague,
        })
    }

    /// Whether a column for a slot is there.
    pub fn has(&self, slot: Slot) -> bool {
        self.slots.contains(&Some(slot))
    }

    /// The columns that are read.
    fn read(&self) -> impl Iterator<Item = (Slot, &str)> {
        let named = self.slots.iter().zip(&self.names);
        named.filter_map(|(slot, name)| Some(((*slot)?, name.as_str())))
    }

    /// Whether the rows behind the header look as it says: an address among the
    /// recipients, or a number among the counts.
    fn is_borne_out(&self, rows: &[u8]) -> bool {
        let mut any = false;
        for row in self.sample(rows) {
            any = true;
            let cell = |slot: Slot| row.get(slot.at()).and_then(Option::as_deref);
            if cell(Slot::Recipient).is_some_and(|r| r.contains('@'))
                || cell(Slot::Count).is_some_and(|c| super::cell::count(c).is_some())
            {
                return true;
            }
        }
        !any && self.read().count() > 1
    }

    /// How dates with slashes are meant, by the first that can be read only one way.
    fn order_in(&self, rows: &[u8]) -> Order {
        let at = Slot::SentAt.at();
        let told = lines(rows).find_map(|line| {
            let cells = self.cells(line).0;
            Order::told_by(cells.get(at)?.as_deref()?)
        });
        told.unwrap_or_default()
    }

    fn sample<'r>(&'r self, rows: &'r [u8]) -> impl Iterator<Item = Cells<'r>> {
        let filled = lines(rows).filter(|line| !line.trim_ascii().is_empty());
        filled.take(MAX_AFTER).map(|line| self.cells(line).0)
    }

    /// What its columns are taken for, for a person.
    pub fn told(&self) -> String {
        let mut out = "read as a sent log:".to_owned();
        for (n, (slot, name)) in self.read().enumerate() {
            let comma = if n == 0 { "" } else { "," };
            let _ = write!(out, "{comma} {} = {name}", slot.as_str());
        }
        out
    }

    /// The end of the last row of `bytes` that is whole; they begin with a row.
    pub fn cut(&self, bytes: &[u8]) -> Option<usize> {
        if memchr::memchr(b'"', bytes).is_none() {
            return memchr::memrchr(b'\n', bytes).map(|at| at + 1);
        }
        let mut scanner = Scanner::new(self.delimiter);
        let mut last = 0;
        while let Some(end) = scanner.end(bytes.get(last..).unwrap_or_default()) {
            last += end;
        }
        (last > 0).then_some(last)
    }

    /// Reads the rows of a block; how many there were.
    pub fn rows(
        &self,
        bytes: &[u8],
        start: Place,
        context: &Context<'_>,
        each: &mut Each<'_>,
    ) -> u64 {
        let quoted = memchr::memchr(b'"', bytes).is_some();
        // Once for the block is faster than once for each cell.
        let whole = std::str::from_utf8(bytes).ok();
        let mut place = start;
        let mut rest = bytes;
        while !rest.is_empty() {
            let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let line = rest.get(..end).unwrap_or_default();
            let (mut read, taken) = if quoted && memchr::memchr(b'"', line).is_some() {
                self.cells(rest)
            } else {
                let from = bytes.len() - rest.len();
                let text = whole.and_then(|w| w.get(from..from + line.len()));
                (self.plain(line, text), end + 1)
            };
            let row = rest.get(..taken).unwrap_or(rest);
            if !self.is_nothing(row) {
                match memchr::memchr(b'\n', row) {
                    None if taken > rest.len() && is_open(row, self.delimiter) => {
                        each(place, Err("a quote that is never closed".to_owned()));
                    }
                    _ => compose(&mut read, context, &mut |row| each(place, row)),
                }
                place.record += 1;
            }
            place.offset += row.len() as u64;
            if let Some(line) = &mut place.line {
                *line += if taken == end + 1 {
                    1
                } else {
                    memchr::memchr_iter(b'\n', row).count() as u64
                };
            }
            rest = rest.get(taken..).unwrap_or_default();
        }
        place.record
    }

    /// Blank rows, and the header again, as where files were joined.
    fn is_nothing(&self, row: &[u8]) -> bool {
        let row = row.trim_ascii_end();
        row.is_empty()
            || row == self.header
            || matches!(row.first(), Some(b'"' | b' ' | b',' | b';' | b'\t' | b'|'))
                && row
                    .iter()
                    .all(|b| *b == b'"' || *b == b' ' || *b == self.delimiter)
    }

    /// The cells of a line without quotes; `whole`: it is UTF-8.
    fn plain<'r>(&self, line: &'r [u8], whole: Option<&'r str>) -> Cells<'r> {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let mut out = EMPTY;
        let mut ends = memchr::memchr_iter(self.delimiter, line);
        let mut from = 0;
        for slot in &self.slots {
            let end = ends.next().unwrap_or(line.len());
            if let Some(slot) = slot
                && let Some(cell) = line.get(from..end)
            {
                let known = whole.and_then(|w| w.get(from..end));
                enter(&mut out, *slot, known.map_or_else(|| text(cell), trimmed));
            }
            if end == line.len() {
                break;
            }
            from = end + 1;
        }
        out
    }

    /// The cells of the row that `bytes` begin with, and its length with the line end;
    /// one more than there are bytes if it has none.
    fn cells<'r>(&self, bytes: &'r [u8]) -> (Cells<'r>, usize) {
        let mut out = EMPTY;
        let mut at = 0;
        for column in 0.. {
            let (cell, end) = next_cell(bytes, at, self.delimiter);
            if let Some(Some(slot)) = self.slots.get(column) {
                enter(&mut out, *slot, cell);
            }
            at = end + 1;
            if bytes.get(end) != Some(&self.delimiter) {
                break;
            }
        }
        (out, at)
    }
}

/// The place of a column that is named by its number, from 1 on.
fn number(column: &str) -> Option<usize> {
    column.parse::<usize>().ok()?.checked_sub(1)
}

fn enter<'r>(cells: &mut Cells<'r>, slot: Slot, cell: Cow<'r, str>) {
    if !is_empty(&cell)
        && let Some(place) = cells.get_mut(slot.at())
    {
        *place = Some(cell);
    }
}

/// The cell that begins at `at`, and where its delimiter or line end stands.
fn next_cell(bytes: &[u8], at: usize, delimiter: u8) -> (Cow<'_, str>, usize) {
    let rest = bytes.get(at..).unwrap_or_default();
    let blanks = rest.iter().take_while(|b| **b == b' ').count();
    if rest.get(blanks) != Some(&b'"') {
        let end = memchr::memchr2(delimiter, b'\n', rest).unwrap_or(rest.len());
        return (text(rest.get(..end).unwrap_or_default()), at + end);
    }
    let mut from = blanks + 1;
    let mut inner: Vec<u8> = Vec::new();
    loop {
        let open = rest.get(from..).unwrap_or_default();
        let Some(close) = memchr::memchr(b'"', open) else {
            inner.extend_from_slice(open);
            return (owned(&inner), bytes.len());
        };
        let piece = open.get(..close).unwrap_or_default();
        let behind = from + close + 1;
        if rest.get(behind) == Some(&b'"') {
            inner.extend_from_slice(piece);
            inner.push(b'"');
            from = behind + 1;
            continue;
        }
        let tail = rest.get(behind..).unwrap_or_default();
        let end = memchr::memchr2(delimiter, b'\n', tail).unwrap_or(tail.len());
        let after = tail.get(..end).unwrap_or_default().trim_ascii();
        if inner.is_empty() && after.is_empty() {
            return (text(piece), at + behind + end);
        }
        inner.extend_from_slice(piece);
        inner.extend_from_slice(after);
        return (owned(&inner), at + behind + end);
    }
}

/// A cell that is UTF-8. Most have nothing to trim.
fn trimmed(cell: &str) -> Cow<'_, str> {
    let bytes = cell.as_bytes();
    let blank = |b: Option<&u8>| b.is_some_and(u8::is_ascii_whitespace);
    Cow::Borrowed(match blank(bytes.first()) || blank(bytes.last()) {
        true => cell.trim_ascii(),
        false => cell,
    })
}

/// A cell as text. What is no UTF-8 is Windows-1252, as old spreadsheets write.
fn text(cell: &[u8]) -> Cow<'_, str> {
    let cell = cell.trim_ascii();
    match std::str::from_utf8(cell) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(encoding_rs::WINDOWS_1252.decode(cell).0.into_owned()),
    }
}

fn owned<'r>(cell: &[u8]) -> Cow<'r, str> {
    Cow::Owned(text(cell).into_owned())
}

/// Whether a row ends within quotes.
fn is_open(row: &[u8], delimiter: u8) -> bool {
    let mut scanner = Scanner::new(delimiter);
    scanner.end(row);
    scanner.is_open()
}

fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|b| *b == b'\n')
}

/// What Excel's line `sep=;` names, and where that ends.
fn named_delimiter(head: &[u8]) -> Option<(u8, usize)> {
    let line = lines(head).next()?;
    let bare = line.trim_ascii();
    let bare = bare.strip_prefix(b"\"").unwrap_or(bare);
    let named = bare
        .get(..4)
        .is_some_and(|s| s.eq_ignore_ascii_case(b"sep="));
    // `sep=` and a tab: the trimming took it.
    named.then(|| (bare.get(4).copied().unwrap_or(b'\t'), line.len() + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sent::Reading;
    use proptest::prelude::*;

    /// What the rows give, as text, each with the byte it begins at.
    fn read(table: &Table, bytes: &[u8], offset: u64) -> Vec<String> {
        let reading = Reading::default();
        let context = Context {
            reading: &reading,
            order: Order::Unknown,
            dated: false,
            vague: false,
        };
        let start = Place {
            record: 0,
            line: None,
            offset,
        };
        let mut out = Vec::new();
        table.rows(bytes, start, &context, &mut |place, row| {
            out.push(format!("{} {row:?}", place.offset));
        });
        out
    }

    fn table(head: &str) -> Table {
        Table::sniff(head.as_bytes(), &Map::default()).unwrap().0
    }

    #[test]
    fn i5_a_quote_opens_a_cell_only_at_its_beginning() {
        let table = table("recipient,campaign\n");
        for (row, campaign) in [
            ("u@x.example,\"say \"\"no\"\"\"", "say \"no\""),
            ("u@x.example,5\" pipe", "5\" pipe"),
            ("u@x.example, \"a\" b ,c", "ab"),
            ("\"u@x.example\",\"two\nlines\"\n", "two\nlines"),
        ] {
            let (cells, length) = table.cells(row.as_bytes());
            let campaign = Some(Cow::Borrowed(campaign));
            assert_eq!(cells[Slot::Campaign.at()], campaign, "{row}");
            assert!(length >= row.len(), "{row}");
        }
    }

    proptest! {
        #[test]
        fn i8_wherever_a_block_ends_the_rows_are_the_same(
            bytes in proptest::collection::vec(
                proptest::sample::select(&b"aa@@x,,\"\"\"\n\n\r ;\xff"[..]), 0..60,
            ),
            at in 0_usize..60,
        ) {
            let table = table("recipient,campaign,message_id\n");
            let begun = &bytes[..at.min(bytes.len())];
            let end = table.cut(begun).unwrap_or(0);
            let mut parts = read(&table, &bytes[..end], 0);
            parts.extend(read(&table, &bytes[end..], end as u64));
            prop_assert_eq!(parts, read(&table, &bytes, 0));
        }

        #[test]
        fn i8_any_bytes_are_read_without_a_panic(
            bytes in proptest::collection::vec(any::<u8>(), 0..200),
        ) {
            if let Ok((table, start)) = Table::sniff(&bytes, &Map::default()) {
                read(&table, &bytes[start..], 0);
            }
        }
    }
}
