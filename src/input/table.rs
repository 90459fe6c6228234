//! CSV files: which dialect and header a file has, and its rows (I5).

use std::borrow::Cow;
use std::sync::Arc;

use super::batch::{Batcher, Kind};
use super::cells::{Scanner, cells};
use super::detect::WINDOW;
use super::layout::{Layout, Map};
use super::lf::Offsets;
use super::order::Told;
use super::shape;
use super::split::Split;
use crate::row::{Key, fold};

/// Rows that may stand before the header: titles, dates of the export, blank lines.
const MAX_BEFORE: usize = 30;
/// Rows behind the header that are looked at for an address.
const MAX_AFTER: usize = 20;
/// Longest row, in bytes: what is longer has a quote that nobody closed.
const MAX_ROW: usize = 1024 * 1024;
/// Longest name of a column, in bytes.
const MAX_NAME: usize = 120;
/// What separates cells, the likelier ones first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// What the beginning of a file says.
#[derive(Debug)]
pub enum Sniff {
    /// A table: its layout, and where its rows begin.
    Table(Layout, usize),
    /// No table with a recipient.
    Nothing,
    /// More is needed.
    More,
}

/// Looks for a header in `head`, the beginning of a file. `whole`: no more will come.
/// Numbers of columns that are given for files of several kinds count for those that are
/// not known by their names.
pub fn sniff(head: &[u8], map: &Map, whole: bool) -> Sniff {
    let named = map.without_numbers();
    match named.map(|map| with_map(head, &map, whole)) {
        Some(Sniff::Table(layout, at)) => Sniff::Table(layout, at),
        Some(Sniff::More) => Sniff::More,
        _ => with_map(head, map, whole),
    }
}

fn with_map(head: &[u8], map: &Map, whole: bool) -> Sniff {
    let whole = whole || head.len() >= WINDOW;
    let (only, begin) = named_delimiter(head);
    let mut best: Option<(Layout, usize)> = None;
    let mut more = false;
    for delimiter in only.map_or(DELIMITERS.to_vec(), |named| vec![named]) {
        match with_delimiter(head, begin, delimiter, map, whole) {
            Sniff::Table(layout, at) => {
                let better = |(old, _): &(Layout, usize)| {
                    (layout.is_known(), layout.columns()) > (old.is_known(), old.columns())
                };
                if best.as_ref().is_none_or(better) {
                    best = Some((layout, at));
                }
            }
            Sniff::More => more = true,
            Sniff::Nothing => {}
        }
    }
    if best.is_none() && whole {
        let all = only.map_or(DELIMITERS.to_vec(), |named| vec![named]);
        let shaped = all
            .into_iter()
            .filter_map(|d| shape::sniff(head, begin, d, map));
        best = shaped.max_by_key(|(layout, _)| layout.columns());
    }
    match best {
        Some((layout, _)) if layout.looks_for_events() && !whole => Sniff::More,
        Some((layout, at)) => ordered(head, with_events(head, layout, at), at, whole),
        None if more && !whole => Sniff::More,
        None => Sniff::Nothing,
    }
}

/// With the column of events that has no name for it, if there is one.
fn with_events(head: &[u8], layout: Layout, begin: usize) -> Layout {
    if !layout.looks_for_events() {
        return layout;
    }
    let window = head.get(..WINDOW).unwrap_or(head);
    let mut at = begin;
    while let Some((row, next)) = next_row(window, at, layout.delimiter(), true) {
        if let Some(events) = layout.events_in(&cells(row, layout.delimiter())) {
            return layout.with_events(events);
        }
        at = next;
    }
    layout
}

/// With the order of its dates, by the first that can be read only one way. That is waited
/// for only if the first date can be read both ways.
fn ordered(head: &[u8], layout: Layout, begin: usize, whole: bool) -> Sniff {
    let window = head.get(..WINDOW).unwrap_or(head);
    let (mut at, mut both) = (begin, false);
    while let Some((row, next)) = next_row(window, at, layout.delimiter(), whole) {
        match layout.told_order(&cells(row, layout.delimiter())) {
            Told::Order(order) => return Sniff::Table(layout.ordered(order), begin),
            Told::Both => both = true,
            Told::Nothing if !both => return Sniff::Table(layout, begin),
            Told::Nothing => {}
        }
        at = next;
    }
    match both && !whole {
        true => Sniff::More,
        false => Sniff::Table(layout, begin),
    }
}

/// The line `sep=;` that Excel reads and writes, and where it ends.
fn named_delimiter(head: &[u8]) -> (Option<u8>, usize) {
    let line = head.split(|b| *b == b'\n').next().unwrap_or_default();
    let bare = line.trim_ascii();
    let bare = bare.strip_prefix(b"\"").unwrap_or(bare);
    let named = bare
        .get(..4)
        .is_some_and(|s| s.eq_ignore_ascii_case(b"sep="));
    if !named {
        return (None, 0);
    }
    // `sep=` and a tab: the trimming took it.
    let delimiter = bare.get(4).copied().unwrap_or(b'\t');
    (Some(delimiter), line.len() + 1)
}

fn with_delimiter(head: &[u8], begin: usize, delimiter: u8, map: &Map, whole: bool) -> Sniff {
    let mut at = begin;
    for _ in 0..MAX_BEFORE {
        let Some((row, next)) = next_row(head, at, delimiter, whole) else {
            break;
        };
        let names = cells(row, delimiter);
        if let Some(layout) = unnamed(&names, delimiter, map) {
            return Sniff::Table(layout, at);
        }
        if let Some(layout) = header(&names, delimiter, map) {
            match followed(head, next, &layout, map, whole) {
                Some(true) => return Sniff::Table(layout, next),
                Some(false) => {}
                None => return Sniff::More,
            }
        }
        at = next;
    }
    let ended = at >= head.len() && whole;
    if ended { Sniff::Nothing } else { Sniff::More }
}

/// The row that begins at `at`, and where the next one does.
pub fn next_row(head: &[u8], at: usize, delimiter: u8, whole: bool) -> Option<(&[u8], usize)> {
    let rest = head.get(at..).filter(|rest| !rest.is_empty())?;
    let end = Scanner::new(delimiter).end(rest);
    let end = end.or(whole.then_some(rest.len()))?;
    Some((rest.get(..end)?, at + end))
}

/// The layout of a table without a header, if the user gives the number of the column of
/// recipients and these cells have an address there.
fn unnamed(cells: &[Cow<'_, str>], delimiter: u8, map: &Map) -> Option<Layout> {
    let at = map.numbered_recipient()?;
    cells.get(at).filter(|cell| is_address(cell))?;
    let numbers: Vec<String> = (1..=cells.len()).map(|n| n.to_string()).collect();
    Layout::of(&numbers, delimiter, map)
}

/// The layout, if these cells can be a header.
fn header(names: &[Cow<'_, str>], delimiter: u8, map: &Map) -> Option<Layout> {
    let fits = |name: &Cow<'_, str>| name.len() <= MAX_NAME && !holds_address(name);
    if !names.iter().all(fits) {
        return None;
    }
    // W3C's extended log format, as Exchange writes it.
    let bare = |name: &Cow<'_, str>| name.strip_prefix("#Fields: ").unwrap_or(name).to_owned();
    let names: Vec<String> = names.iter().map(bare).collect();
    Layout::of(&names, delimiter, map)
}

/// Whether the rows behind a header bear it out; `None`: more is needed. What a
/// profile knows and what the user says need no proof.
fn followed(head: &[u8], at: usize, layout: &Layout, map: &Map, whole: bool) -> Option<bool> {
    if layout.is_known() || map.pairs().iter().any(|(key, _)| *key == Key::Recipient) {
        return Some(true);
    }
    let mut at = at;
    for _ in 0..MAX_AFTER {
        let Some((row, next)) = next_row(head, at, layout.delimiter(), whole) else {
            return whole.then_some(layout.columns() > 1);
        };
        let cells = cells(row, layout.delimiter());
        let cell = layout.recipient().and_then(|at| cells.get(at));
        if cell.is_some_and(|c| is_address(c)) {
            return Some(true);
        }
        at = next;
    }
    Some(false)
}

/// Whether a cell is an address, perhaps with a name before it or others behind it,
/// and no sentence with an address in it.
pub fn is_address(cell: &str) -> bool {
    let written = cell.contains('<') || cell.contains([',', ';']);
    holds_address(cell) && (written || !cell.contains(' '))
}

/// Of a table whose first row is no header, as the address in it shows.
pub const HEADERLESS: &str = "a table without a header: its first row is data; name columns by number, such as \
                              --map recipient=1,smtp_message=3";

/// Whether a text holds what looks like an address.
pub fn holds_address(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'@', bytes).any(|at| {
        let before = at.checked_sub(1).and_then(|b| bytes.get(b));
        let after = bytes.get(at + 1);
        before.is_some_and(|b| !b.is_ascii_whitespace())
            && after.is_some_and(|b| b.is_ascii_alphanumeric() || !b.is_ascii())
    })
}

/// The columns of what looks like a table without a recipient, for a person.
pub fn columns(head: &[u8]) -> Option<Vec<String>> {
    let (only, begin) = named_delimiter(head);
    let delimiters = only.map_or(DELIMITERS.to_vec(), |named| vec![named]);
    delimiters
        .into_iter()
        .filter_map(|delimiter| {
            let (first, next) = next_row(head, begin, delimiter, true)?;
            let (second, _) = next_row(head, next, delimiter, true)?;
            let (first, second) = (cells(first, delimiter), cells(second, delimiter));
            let named = first.iter().all(|n| !n.is_empty() && n.len() <= MAX_NAME);
            let first: Vec<String> = first.into_iter().map(Cow::into_owned).collect();
            (first.len() >= 2 && first.len() == second.len() && named).then_some(first)
        })
        .max_by_key(Vec::len)
}

/// Cuts a table into rows.
pub struct Rows {
    layout: Arc<Layout>,
    map: Arc<Map>,
    /// Bytes before the first row.
    before: usize,
    scanner: Scanner,
    /// The beginning of a row whose end has not come yet.
    open: Vec<u8>,
    /// Where that begins.
    start: u64,
    /// Nothing is kept up to the next line end.
    lost: bool,
}

impl Rows {
    /// For a stream that begins at `position`; its rows begin `before` bytes later.
    pub fn at(position: u64, layout: Layout, before: usize, map: Arc<Map>) -> Self {
        Rows {
            scanner: Scanner::new(layout.delimiter()),
            layout: Arc::new(layout),
            map,
            before,
            open: Vec::new(),
            start: position + before as u64,
            lost: false,
        }
    }

    /// Enters one row.
    fn row(&mut self, row: &[u8], cut: bool, at: &mut Offsets, out: &mut Batcher<'_>) {
        let offset = at.raw(self.start);
        self.start += row.len() as u64;
        let blank = |b: &u8| b.is_ascii_whitespace() || *b == b'"' || *b == self.layout.delimiter();
        if row.iter().all(blank) || self.is_header(row) {
            return;
        }
        let row = row.strip_suffix(b"\n").unwrap_or(row);
        out.record(offset, row, Kind::Row(Arc::clone(&self.layout)), cut);
    }

    /// Whether a row is a header again, as where files were joined or a log was
    /// reopened. It counts from here on.
    fn is_header(&mut self, row: &[u8]) -> bool {
        let first = self.layout.first();
        let start = row.trim_ascii_start();
        let start = start.strip_prefix(b"\"").unwrap_or(start);
        if first.is_empty() || !start.starts_with(first.as_bytes()) {
            return false;
        }
        let names = cells(row, self.layout.delimiter());
        if names.first().map(|n| fold(n)) != Some(fold(first)) {
            return false;
        }
        let Some(layout) = header(&names, self.layout.delimiter(), &self.map) else {
            return false;
        };
        if layout != *self.layout {
            let order = self.layout.order();
            self.layout = Arc::new(match order {
                Some(order) => layout.ordered(order),
                None => layout,
            });
        }
        true
    }

    /// A quote was never closed: each line is a row for itself.
    fn rescue(&mut self, whole: bool, at: &mut Offsets, out: &mut Batcher<'_>) {
        let open = std::mem::take(&mut self.open);
        self.scanner = Scanner::new(self.layout.delimiter());
        for line in open.split_inclusive(|b| *b == b'\n') {
            let ends = line.ends_with(b"\n");
            if !ends && !whole {
                if line.len() > MAX_ROW {
                    out.skip(at.raw(self.start), "a row longer than 1 MiB");
                    self.start += line.len() as u64;
                    self.lost = true;
                } else {
                    self.scanner.end(line);
                    self.open = line.to_vec();
                }
                return;
            }
            let mut scanner = Scanner::new(self.layout.delimiter());
            scanner.end(line);
            if scanner.is_open() {
                out.skip(at.raw(self.start), "a quote that is never closed");
                self.start += line.len() as u64;
            } else {
                self.row(line, false, at, out);
            }
        }
    }

    /// Passes over what is left of a line that was too long.
    fn pass<'c>(&mut self, chunk: &'c [u8]) -> &'c [u8] {
        let end = memchr::memchr(b'\n', chunk);
        self.lost = end.is_none();
        let end = end.map_or(chunk.len(), |at| at + 1);
        self.start += end as u64;
        chunk.get(end..).unwrap_or_default()
    }
}

impl Split for Rows {
    fn push(&mut self, chunk: &[u8], at: &mut Offsets, out: &mut Batcher<'_>) {
        let before = self.before.min(chunk.len());
        self.before -= before;
        let mut rest = chunk.get(before..).unwrap_or_default();
        while !rest.is_empty() {
            if self.lost {
                rest = self.pass(rest);
                continue;
            }
            let Some(end) = self.scanner.end(rest) else {
                self.open.extend_from_slice(rest);
                if self.open.len() > MAX_ROW {
                    self.rescue(false, at, out);
                }
                break;
            };
            let (row, after) = rest.split_at(end);
            rest = after;
            if self.open.is_empty() {
                self.row(row, false, at, out);
            } else {
                self.open.extend_from_slice(row);
                let row = std::mem::take(&mut self.open);
                self.row(&row, false, at, out);
            }
        }
        at.forget(self.start);
    }

    fn finish(&mut self, cut: bool, at: &mut Offsets, out: &mut Batcher<'_>) {
        if self.scanner.is_open() {
            self.rescue(true, at, out);
        }
        if !self.open.is_empty() {
            let row = std::mem::take(&mut self.open);
            self.row(&row, cut, at, out);
        }
    }
}
