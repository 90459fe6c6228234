//! What the columns of a table are: by a profile, by their names, by `--map`.

use super::cells;
use super::guess::Guess;
use super::header::{self, key_of};
use super::order::{self, Order, Told};
use super::profiles::{CSV, Profile, TABLES};
use super::whats;
use crate::row::{Key, Row, What, fold};
use crate::time;
use jiff::tz::TimeZone;
use std::borrow::Cow;
use std::fmt::Write;

/// `--map`: keys and the columns or paths that hold them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Map {
    pairs: Vec<(Key, String)>,
    shared: bool,
}

impl Map {
    /// Reads `KEY=COLUMN,…`.
    ///
    /// # Errors
    /// What is wrong with it, for a person.
    pub fn parse(text: &str) -> Result<Map, String> {
        let mut pairs = Vec::new();
        for pair in text.split(',').filter(|p| !p.trim().is_empty()) {
            let (key, column) = pair
                .split_once('=')
                .ok_or_else(|| format!("{pair:?}: write KEY=COLUMN"))?;
            let known = header::map_key(key.trim()).ok_or_else(|| {
                let all: Vec<&str> = Key::ALL.iter().map(|k| k.as_str()).collect();
                format!("{:?} is no key; keys are {}", key.trim(), all.join(", "))
            })?;
            pairs.push((known, column.trim().to_owned()));
        }
        Ok(Map {
            pairs,
            shared: false,
        })
    }

    /// The same for files of several kinds, of which each need not have all the columns.
    pub fn shared(self) -> Map {
        Map {
            shared: true,
            ..self
        }
    }

    /// The same, and one more column.
    pub fn and(&self, key: Key, column: &str) -> Map {
        let mut out = self.clone();
        out.pairs.push((key, column.to_owned()));
        out
    }

    /// Where the recipient stands, if its column is a number.
    pub fn numbered_recipient(&self) -> Option<usize> {
        let mut pairs = self.pairs.iter();
        let (_, column) = pairs.find(|(key, _)| *key == Key::Recipient)?;
        number(column)
    }

    /// The same without columns by number, if it is for files of several kinds and has
    /// such: every file has a second column, whichever is meant.
    pub fn without_numbers(&self) -> Option<Map> {
        let named = |(_, column): &&(Key, String)| number(column).is_none();
        let pairs: Vec<_> = self.pairs.iter().filter(named).cloned().collect();
        let fewer = self.shared && pairs.len() < self.pairs.len();
        fewer.then_some(Map {
            pairs,
            shared: true,
        })
    }

    /// The keys and their columns.
    pub fn pairs(&self) -> &[(Key, String)] {
        &self.pairs
    }
}

/// The columns of one table.
#[derive(Clone, Debug)]
pub struct Layout {
    profile: &'static Profile,
    delimiter: u8,
    header: Vec<String>,
    /// The key of each column that is read, the better columns first.
    columns: Vec<(Key, usize)>,
    /// The key of the last column: it takes what unquoted delimiters left over.
    last: Option<Key>,
    /// One of the columns says when a mail was sent.
    sent: bool,
    /// What cells may say whose columns' names say nothing.
    guess: Option<Guess>,
    /// How its dates are meant.
    order: Option<Order>,
}

impl PartialEq for Layout {
    fn eq(&self, other: &Self) -> bool {
        self.delimiter == other.delimiter && self.header == other.header
    }
}

impl Eq for Layout {}

impl Layout {
    /// The layout whose header these cells are; `None` if they name no recipient.
    pub fn of(header: &[String], delimiter: u8, map: &Map) -> Option<Layout> {
        let folded: Vec<String> = header.iter().map(|name| fold(name)).collect();
        let profile = TABLES.iter().find(|p| claims(p, &folded));
        let mut columns = Vec::new();
        for (key, column) in map.pairs() {
            columns.extend(place(column, header, &folded).map(|at| (*key, at)));
        }
        match profile {
            Some(profile) => add(&mut columns, by_profile(profile, &folded)),
            None => add(&mut columns, by_names(header)),
        }
        if !columns.iter().any(|(key, _)| *key == Key::Recipient) {
            add(
                &mut columns,
                by_names(header).filter(|(key, _)| *key == Key::Recipient),
            );
        }
        columns.iter().find(|(key, _)| *key == Key::Recipient)?;
        let last = columns
            .iter()
            .find(|(_, at)| at + 1 == header.len())
            .map(|(key, _)| *key);
        let keys: Vec<Key> = columns.iter().map(|(key, _)| *key).collect();
        Some(Layout {
            guess: profile.is_none().then(|| Guess::of(&keys)),
            sent: columns.iter().any(|(k, _)| *k == Key::SentAt),
            order: profile.and_then(|p| p.order),
            profile: profile.unwrap_or(&CSV),
            delimiter,
            header: header.to_vec(),
            columns,
            last,
        })
    }

    /// The names of the profiles that claim a header; more than one is a defect.
    pub fn claimed(header: &[String]) -> impl Iterator<Item = &'static str> {
        let folded: Vec<String> = header.iter().map(|name| fold(name)).collect();
        TABLES
            .iter()
            .filter(move |p| claims(p, &folded))
            .map(|p| p.name)
    }

    /// Whether a profile knows the table.
    pub fn is_known(&self) -> bool {
        self.profile.format != CSV.format
    }

    /// What separates its cells.
    pub fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// The names of its columns.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// A column that the user names for it and that it does not have.
    pub fn missing<'m>(&self, map: &'m Map) -> Option<&'m str> {
        let folded: Vec<String> = self.header.iter().map(|name| fold(name)).collect();
        let has = |column: &str| place(column, &self.header, &folded).is_some();
        let mut columns = map.pairs().iter().map(|(_, column)| column.as_str());
        columns.find(|column| !map.shared && !has(column))
    }

    /// The name of its first column.
    pub fn first(&self) -> &str {
        self.header.first().map_or("", String::as_str)
    }

    /// How many of its columns are read.
    pub fn columns(&self) -> usize {
        self.columns.len()
    }

    /// Where the recipient stands.
    pub fn recipient(&self) -> Option<usize> {
        self.columns
            .iter()
            .find(|(key, _)| *key == Key::Recipient)
            .map(|(_, at)| *at)
    }

    /// Whether cells of unread columns may say what happened.
    pub fn looks_for_events(&self) -> bool {
        let looks = self.guess.is_some_and(|guess| guess.looks_for_events());
        looks && self.columns.len() < self.header.len()
    }

    /// An unread column of which a cell names an event: it does so in every row.
    pub fn events_in(&self, cells: &[Cow<'_, str>]) -> Option<usize> {
        let guess = self.guess?;
        let unread = |at: usize| !self.columns.iter().any(|(_, column)| *column == at);
        let mut all = cells.iter().enumerate().take(self.header.len());
        let found = all.find(|(at, cell)| unread(*at) && guess.key(cell) == Some(Key::Kind));
        found.map(|(at, _)| at)
    }

    /// The same layout, with a column of events.
    pub fn with_events(self, at: usize) -> Layout {
        let mut columns = self.columns;
        columns.push((Key::Kind, at));
        let keys: Vec<Key> = columns.iter().map(|(key, _)| *key).collect();
        Layout {
            guess: Some(Guess::of(&keys)),
            columns,
            ..self
        }
    }

    /// Whether a column for a key is there.
    pub fn has(&self, key: Key) -> bool {
        self.columns.iter().any(|(k, _)| *k == key)
    }

    /// What the dates of a row tell of their order; nothing if that is known.
    pub fn told_order(&self, cells: &[Cow<'_, str>]) -> Told {
        if self.order.is_some() {
            return Told::Nothing;
        }
        let mut dates = self.columns.iter().filter(|(key, _)| is_date(*key));
        let told = dates.try_fold(Told::Nothing, |so_far, (_, at)| {
            let cell = cells.get(*at).filter(|cell| !is_empty(cell));
            match (cell.map_or(Told::Both, |cell| order::told(cell)), so_far) {
                (Told::Order(order), _) => Err(Told::Order(order)),
                (Told::Both, _) | (_, Told::Both) => Ok(Told::Both),
                _ => Ok(Told::Nothing),
            }
        });
        told.unwrap_or_else(|told| told)
    }

    /// How its dates are meant, where that is known.
    pub fn order(&self) -> Option<Order> {
        self.order
    }

    /// The same layout, with dates that are meant so.
    pub fn ordered(self, order: Order) -> Layout {
        Layout {
            order: Some(order),
            ..self
        }
    }

    /// What its columns are taken for, for a person.
    pub fn told(&self) -> String {
        let mut out = format!("read as {}", self.profile.format);
        let name = |at: &usize| self.header.get(*at).map_or("", String::as_str);
        for (n, (key, at)) in self.columns.iter().enumerate() {
            let _ = write!(
                out,
                "{} {key} = {}",
                if n == 0 { ":" } else { "," },
                name(at)
            );
        }
        let unread: Vec<&str> = (0..self.header.len())
            .filter(|at| !self.columns.iter().any(|(_, c)| c == at))
            .map(|at| self.header.get(at).map_or("", String::as_str))
            .collect();
        if !unread.is_empty() {
            let _ = write!(out, "; not read: {}", unread.join(", "));
            out += self.guess.map_or("", Guess::told);
        }
        out
    }

    /// One row of the table.
    pub fn row<'r>(&self, bytes: &'r [u8]) -> Row<'r> {
        let mut cells = cells::cells(bytes, self.delimiter);
        // A row that ends before does not say that there is nothing more.
        let whole = cells.len() >= self.header.len();
        if cells.len() > self.header.len() && self.last == Some(Key::Reply) {
            let rest = cells.split_off(self.header.len().saturating_sub(1));
            let between = char::from(self.delimiter).to_string();
            cells.push(rest.join(between.as_str()).into());
        }
        let mut values = Vec::with_capacity(self.columns.len());
        for (n, (key, at)) in self.columns.iter().enumerate() {
            // A column may have two meanings: the last takes its text away.
            let again = self
                .columns
                .iter()
                .skip(n + 1)
                .any(|(_, other)| other == at);
            let cell = cells.get_mut(*at).filter(|c| !is_empty(c));
            values.extend(cell.map(|c| match again {
                true => (*key, c.clone()),
                false => (*key, std::mem::take(c)),
            }));
        }
        if let Some(guess) = self.guess {
            self.guessed(guess, &mut cells, &mut values);
        }
        if self.order == Some(Order::DayFirst) {
            let dates = values.iter_mut().filter(|(key, _)| is_date(*key));
            dates.for_each(|(_, cell)| *cell = order::year_first(std::mem::take(cell)));
        }
        let mut row = row(self.profile, values, 1, self.sent);
        row.month_first = self.order == Some(Order::MonthFirst);
        if whole && row.what == What::Unsaid && self.is_silent(&row) {
            row.what = What::Nothing;
        }
        row
    }

    /// Whether the table says what became of its mails and when, and the row says neither:
    /// as of the contacts that did not bounce.
    fn is_silent(&self, row: &Row<'_>) -> bool {
        let is_there = |key: &Key| row.get(*key).is_some();
        let told = || TOLD.iter().chain(&[Key::Kind, Key::Severity]);
        !is_there(&Key::OccurredAt)
            && !told().any(is_there)
            && self.has(Key::OccurredAt)
            && told().any(|key| self.has(*key))
    }

    /// Cells of columns that nothing reads, where they say themselves what they are.
    fn guessed<'r>(
        &self,
        guess: Guess,
        cells: &mut [Cow<'r, str>],
        values: &mut Vec<(Key, Cow<'r, str>)>,
    ) {
        for (at, cell) in cells.iter_mut().enumerate() {
            let read = self.columns.iter().any(|(_, column)| *column == at);
            let key = guess.key(cell).filter(|_| !read);
            if let Some(key) = key.filter(|key| !values.iter().any(|(k, _)| k == key)) {
                values.push((key, std::mem::take(cell)));
            }
        }
    }
}

fn is_date(key: Key) -> bool {
    matches!(key, Key::OccurredAt | Key::SentAt)
}

/// The column that is called so, else the one of that number, from 1 on.
fn place(column: &str, header: &[String], folded: &[String]) -> Option<usize> {
    let wanted = fold(column);
    let exact = header.iter().position(|name| name == column);
    let called = exact.or_else(|| folded.iter().position(|f| *f == wanted));
    called.or_else(|| number(column).filter(|at| *at < header.len()))
}

/// The place of a column that is named by its number.
fn number(column: &str) -> Option<usize> {
    column.parse::<usize>().ok()?.checked_sub(1)
}

/// Columns that are not read yet, under keys of their own.
fn add(columns: &mut Vec<(Key, usize)>, more: impl Iterator<Item = (Key, usize)>) {
    let mapped: Vec<(Key, usize)> = columns.clone();
    columns.extend(more.filter(|(key, _)| !mapped.iter().any(|(k, _)| k == key)));
}

/// Whether all marks of a profile are there.
fn claims(profile: &Profile, folded: &[String]) -> bool {
    let has = |name: &str| folded.iter().any(|f| *f == fold(name));
    profile.marks.iter().all(|mark| mark.split('|').any(has))
        && (!profile.only || folded.len() == profile.marks.len())
}

fn by_profile<'f>(
    profile: &'static Profile,
    folded: &'f [String],
) -> impl Iterator<Item = (Key, usize)> + 'f {
    profile.fields.iter().flat_map(move |(key, names)| {
        names.split('|').filter_map(move |name| {
            let wanted = fold(name);
            Some((*key, folded.iter().position(|f| *f == wanted)?))
        })
    })
}

/// The columns by their names, the better names first. The email of a user is that of the
/// recipient, unless there is a better name for that.
fn by_names(header: &[String]) -> impl Iterator<Item = (Key, usize)> {
    let mut all: Vec<(usize, Key, usize)> = header
        .iter()
        .enumerate()
        .filter_map(|(at, name)| key_of(name).map(|(key, rank)| (rank, key, at)))
        .collect();
    all.sort_by_key(|(rank, _, at)| (*rank, *at));
    let is_user = |at: usize| header.get(at).is_some_and(|name| fold(name) == "useremail");
    let first = all.iter().position(|(_, key, _)| *key == Key::Recipient);
    let has_mailbox = all.iter().any(|(_, key, _)| *key == Key::Mailbox);
    for (n, (_, key, at)) in all.iter_mut().enumerate() {
        if first.is_some_and(|first| first < n) && !has_mailbox && is_user(*at) {
            *key = Key::Mailbox;
        }
    }
    all.into_iter().map(|(_, key, at)| (key, at))
}

/// Cells that only look filled.
fn is_empty(cell: &str) -> bool {
    matches!(
        cell,
        "" | "-" | "--" | "n/a" | "N/A" | "NULL" | "null" | "\\N" | "None"
    )
}

/// What says why a mail failed.
const TOLD: [Key; 5] = [
    Key::Reply,
    Key::Code,
    Key::EnhancedCode,
    Key::Class,
    Key::Bounced,
];

/// A row of values by a profile.
pub fn row<'r>(
    profile: &Profile,
    cells: Vec<(Key, Cow<'r, str>)>,
    among: usize,
    sent: bool,
) -> Row<'r> {
    let mut row = Row {
        format: profile.format,
        what: whats::what(profile, &cells),
        cells,
        zone: profile.zone,
        month_first: profile.order == Some(Order::MonthFirst),
        among,
    };
    dated(&mut row.cells);
    let says = row.cells.iter().any(|(key, _)| TOLD.contains(key));
    if sent && row.what == What::Unsaid && !says {
        // A log of what was sent.
        row.what = What::Nothing;
    }
    row
}

/// A column that affirms a bounce may do so by its date.
fn dated(cells: &mut Vec<(Key, Cow<'_, str>)>) {
    let has = |wanted: Key| cells.iter().find(|(key, _)| *key == wanted);
    let Some((_, cell)) = has(Key::Bounced).filter(|_| has(Key::OccurredAt).is_none()) else {
        return;
    };
    let begins = cell.len() >= 8 && cell.starts_with(|c: char| c.is_ascii_digit());
    if begins && time::export_date(cell, &TimeZone::UTC, false).is_some() {
        let cell = cell.clone();
        cells.push((Key::OccurredAt, cell));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i5_map_names_columns_and_cells_may_speak_for_others() {
        let map = Map::parse("recipient=Who, smtp_code=Nr").unwrap();
        assert_eq!(
            map.pairs(),
            [
                (Key::Recipient, "Who".to_owned()),
                (Key::Code, "Nr".to_owned())
            ]
        );
        assert!(Map::parse("recipient").is_err());
        assert!(
            Map::parse("colour=Red")
                .unwrap_err()
                .contains("smtp_message")
        );
        let header = ["email", "foo", "bar"].map(str::to_owned);
        let layout = Layout::of(&header, b',', &Map::default()).unwrap();
        let row = layout.row(b"u@example.com,x,550 5.1.1 no such user");
        assert_eq!(row.get(Key::Reply), Some("550 5.1.1 no such user"));
        let row = layout.row(b"u@example.com,Delivered,450 Main Street");
        assert_eq!(row.what, What::Delivered);
        let header = ["Nr", "Who", "email"].map(str::to_owned);
        let layout = Layout::of(&header, b',', &map).unwrap();
        let row = layout.row(b"550,u@example.com,other@example.com");
        assert_eq!(row.get(Key::Recipient), Some("u@example.com"));
        assert_eq!(row.get(Key::Code), Some("550"));
    }
}
