//! What the columns of a table are: by a profile, by their names, by `--map`.

use super::cells;
use super::header::{self, key_of};
use super::profiles::{CSV, Profile, TABLES};
use crate::row::{Key, Row, What, fold};
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
            let wanted = fold(column);
            let exact = header.iter().position(|name| name == column);
            if let Some(at) = exact.or_else(|| folded.iter().position(|f| *f == wanted)) {
                columns.push((*key, at));
            }
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
        Some(Layout {
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
        let has = |column: &str| self.header.iter().any(|name| fold(name) == fold(column));
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
        }
        out
    }

    /// One row of the table.
    pub fn row(&self, bytes: &[u8]) -> Row {
        let mut cells = cells::cells(bytes, self.delimiter);
        if cells.len() > self.header.len() && self.last == Some(Key::Reply) {
            let rest = cells.split_off(self.header.len().saturating_sub(1));
            cells.push(rest.join(char::from(self.delimiter).to_string().as_str()));
        }
        let cell = |at: usize| cells.get(at).filter(|c| !is_empty(c));
        let values = self
            .columns
            .iter()
            .filter_map(|(key, at)| Some((*key, cell(*at)?.clone())))
            .collect();
        row(
            self.profile,
            values,
            1,
            self.columns.iter().any(|(k, _)| *k == Key::SentAt),
        )
    }
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

/// The columns by their names, the better names first.
fn by_names(header: &[String]) -> impl Iterator<Item = (Key, usize)> {
    let mut all: Vec<(usize, Key, usize)> = header
        .iter()
        .enumerate()
        .filter_map(|(at, name)| key_of(name).map(|(key, rank)| (rank, key, at)))
        .collect();
    all.sort_by_key(|(rank, _, at)| (*rank, *at));
    all.into_iter().map(|(_, key, at)| (key, at))
}

/// Cells that only look filled.
fn is_empty(cell: &str) -> bool {
    matches!(
        cell,
        "" | "-" | "--" | "n/a" | "N/A" | "NULL" | "null" | "\\N" | "None"
    )
}

/// A row of values by a profile.
pub fn row(profile: &Profile, cells: Vec<(Key, String)>, among: usize, sent: bool) -> Row {
    let mut row = Row {
        format: profile.format,
        what: profile.otherwise,
        cells,
        zone: profile.zone,
        month_first: profile.month_first,
        among,
    };
    let fits = |(key, pattern, _): &&(Key, &str, What)| {
        let mut values = row.cells.iter().filter(|(k, _)| k == key);
        values.any(|(_, value)| matches(&value.trim().to_lowercase(), pattern))
    };
    if let Some((_, _, what)) = profile.whats.iter().find(fits) {
        row.what = *what;
    }
    let told = [
        Key::Reply,
        Key::Code,
        Key::EnhancedCode,
        Key::Class,
        Key::Bounced,
    ];
    let says = row.cells.iter().any(|(key, _)| told.contains(key));
    if sent && row.what == What::Unsaid && !says {
        // A log of what was sent.
        row.what = What::Nothing;
    }
    row
}

/// Whether a value fits one of the patterns.
fn matches(value: &str, patterns: &str) -> bool {
    patterns.split('|').map(str::trim).any(|pattern| {
        if pattern == "?*" {
            return !value.is_empty();
        }
        let starts = pattern.strip_suffix('*');
        let ends = pattern.strip_prefix('*');
        match (starts, ends) {
            (Some(_), Some(rest)) => {
                let inner = rest.strip_suffix('*').unwrap_or(rest);
                in_order(value, inner)
            }
            (Some(start), None) => match start.split_once('*') {
                Some((a, b)) => {
                    value.starts_with(a) && in_order(value.get(a.len()..).unwrap_or(""), b)
                }
                None => value.starts_with(start),
            },
            (None, Some(end)) => value.ends_with(end),
            (None, None) => match pattern.split_once('*') {
                Some((a, b)) => value.starts_with(a) && value.ends_with(b),
                None => value == pattern,
            },
        }
    })
}

/// Whether the pieces of a pattern stand in the value one behind the other.
fn in_order(value: &str, pattern: &str) -> bool {
    let mut rest = value;
    pattern.split('*').all(|piece| match rest.find(piece) {
        Some(at) => {
            rest = rest.get(at + piece.len()..).unwrap_or("");
            true
        }
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i5_patterns_of_values() {
        for (value, patterns, expected) in [
            ("emailsbounced", "x|emailsbounced", true),
            ("suppress-bounce", "suppress-*", true),
            ("soft bounce", "soft*bounce*", true),
            ("marked as spam report", "*spam*report*", true),
            ("report of spam", "*spam*report*", false),
            ("rebounced", "*bounced", true),
            ("opt out", "opt*out*", true),
            ("", "?*", false),
            ("a", "?*", true),
            ("open", "opened|click*", false),
        ] {
            assert_eq!(matches(value, patterns), expected, "{value} {patterns}");
        }
    }

    #[test]
    fn i5_map_names_columns() {
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
        let header = ["Nr", "Who", "email"].map(str::to_owned);
        let layout = Layout::of(&header, b',', &map).unwrap();
        let row = layout.row(b"550,u@example.com,other@example.com");
        assert_eq!(row.get(Key::Recipient), Some("u@example.com"));
        assert_eq!(row.get(Key::Code), Some("550"));
    }
}
