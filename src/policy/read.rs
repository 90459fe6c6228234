//! Reading TOML so that every error knows its file, line and key.
//!
//! A [`Section`] is a table of which each key is taken once; what nobody took is an
//! unknown key. An [`Item`] is one value with its full key, and turns into what it
//! should be or into an error that says what it should have been.

use jiff::SignedDuration;
use std::fmt;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// What is wrong with a policy file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyError {
    /// The file, as it was given.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The full key, such as `thresholds.danger`; empty where the file is no TOML.
    pub key: String,
    /// What is wrong, without a full stop.
    pub why: String,
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.file, self.line)?;
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.why)
    }
}

impl std::error::Error for PolicyError {}

/// The file being read.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) file: &'a str,
    pub(super) text: &'a str,
}

impl<'a> Source<'a> {
    /// The document, or where its syntax is broken.
    pub(super) fn table(self) -> Result<Spanned<DeTable<'a>>, PolicyError> {
        DeTable::parse(self.text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            // The parser prints lists of alternatives on lines of their own.
            let why = error.message().trim().replace('\n', ", ");
            self.error(at, String::new(), why)
        })
    }

    fn error(self, at: usize, key: String, why: String) -> PolicyError {
        let before = self.text.as_bytes().iter().take(at);
        let line = 1 + before.filter(|&&b| b == b'\n').count();
        PolicyError {
            file: self.file.to_owned(),
            line,
            key,
            why,
        }
    }
}

/// A table whose keys are taken one by one.
pub(super) struct Section<'a> {
    source: Source<'a>,
    path: String,
    at: usize,
    table: &'a DeTable<'a>,
    taken: Vec<&'static str>,
}

impl<'a> Section<'a> {
    pub(super) fn root(source: Source<'a>, table: &'a DeTable<'a>) -> Self {
        Section {
            source,
            path: String::new(),
            at: 0,
            table,
            taken: Vec::new(),
        }
    }

    /// The value of a key, if the file has it. The key counts as known.
    pub(super) fn take(&mut self, key: &'static str) -> Option<Item<'a>> {
        self.taken.push(key);
        let (name, value) = self.table.get_key_value(key)?;
        Some(self.item(name, value))
    }

    /// The value of a key that must be there.
    pub(super) fn require(&mut self, key: &'static str) -> Result<Item<'a>, PolicyError> {
        self.take(key).ok_or_else(|| {
            let why = format!("the key {key:?} is missing");
            self.source.error(self.at, self.path.clone(), why)
        })
    }

    /// All entries of a table whose keys are names, in the order of the file.
    pub(super) fn entries(&self) -> Vec<(&'a str, Item<'a>)> {
        let mut entries: Vec<_> = self
            .table
            .iter()
            .map(|(name, value)| (name.get_ref().as_ref(), self.item(name, value)))
            .collect();
        entries.sort_by_key(|(_, item)| item.key_at);
        entries
    }

    fn item(&self, name: &Spanned<DeString<'a>>, value: &'a Spanned<DeValue<'a>>) -> Item<'a> {
        Item {
            source: self.source,
            key: join(&self.path, name.get_ref()),
            key_at: name.span().start,
            span: value.span(),
            value: value.get_ref(),
        }
    }

    /// The first key of the file that nobody took is an error.
    pub(super) fn finish(self) -> Result<(), PolicyError> {
        let unknown = |(name, _): &(&'a str, Item<'a>)| !self.taken.contains(name);
        match self.entries().into_iter().find(unknown) {
            Some((name, item)) => Err(item.bad_key(&self.taken, name)),
            None => Ok(()),
        }
    }
}

/// One value of the file, and what it is called there.
pub(super) struct Item<'a> {
    source: Source<'a>,
    key: String,
    key_at: usize,
    span: Range<usize>,
    value: &'a DeValue<'a>,
}

impl<'a> Item<'a> {
    /// An error at the value.
    pub(super) fn error(&self, why: impl Into<String>) -> PolicyError {
        self.source
            .error(self.span.start, self.key.clone(), why.into())
    }

    /// An error at a key that is none of the known ones.
    pub(super) fn bad_key(&self, known: &[&str], name: &str) -> PolicyError {
        let why = format!("unknown key; {}", hint(known, name));
        self.source.error(self.key_at, self.key.clone(), why)
    }

    fn wrong(&self, what: &str) -> PolicyError {
        self.error(format!("must be {what}, not {}", self.shown()))
    }

    /// The value as written, cut to one short line.
    fn shown(&self) -> String {
        let written = self.source.text.get(self.span.clone()).unwrap_or_default();
        match self.value {
            DeValue::Table(_) => "a table".to_owned(),
            DeValue::Array(_) => "a list".to_owned(),
            _ if written.len() > 60 || written.contains('\n') => {
                format!("a longer {}", self.value.type_str())
            }
            _ => written.to_owned(),
        }
    }

    pub(super) fn section(&self) -> Result<Section<'a>, PolicyError> {
        let table = self.value.as_table().ok_or_else(|| self.wrong("a table"))?;
        Ok(Section {
            source: self.source,
            path: self.key.clone(),
            at: self.key_at,
            table,
            taken: Vec::new(),
        })
    }

    /// The elements of a list, as items of the same key.
    pub(super) fn list(&self, of: &str) -> Result<Vec<Item<'a>>, PolicyError> {
        let array = self
            .value
            .as_array()
            .ok_or_else(|| self.wrong(&format!("a list of {of}")))?;
        let element = |value: &'a Spanned<DeValue<'a>>| Item {
            source: self.source,
            key: self.key.clone(),
            key_at: value.span().start,
            span: value.span(),
            value: value.get_ref(),
        };
        Ok(array.iter().map(element).collect())
    }

    pub(super) fn is_list(&self) -> bool {
        self.value.is_array()
    }

    pub(super) fn is_table(&self) -> bool {
        self.value.is_table()
    }

    /// A text that is not empty and has no line breaks or other control characters.
    pub(super) fn text(&self) -> Result<String, PolicyError> {
        let text = self.value.as_str().ok_or_else(|| self.wrong("a string"))?;
        if text.trim().is_empty() {
            return Err(self.error("must not be empty"));
        }
        if text.chars().any(char::is_control) {
            return Err(self.error("must not contain control characters"));
        }
        Ok(text.to_owned())
    }

    /// Every element of a list of strings, as `check` makes of it.
    pub(super) fn each<T>(
        &self,
        check: impl Fn(&Item<'a>, String) -> Result<T, PolicyError>,
    ) -> Result<Vec<T>, PolicyError> {
        let items = self.list("strings")?;
        items.iter().map(|item| check(item, item.text()?)).collect()
    }

    /// A word of a closed vocabulary.
    pub(super) fn word<T: Copy + fmt::Display>(
        &self,
        all: &[T],
        what: &str,
    ) -> Result<T, PolicyError> {
        let text = self.text()?;
        word_of(all, &text).ok_or_else(|| {
            let words: Vec<String> = all.iter().map(T::to_string).collect();
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            self.error(format!("{text:?} is no {what}; {}", hint(&words, &text)))
        })
    }

    /// A share of one: 0.02 for 2 %.
    pub(super) fn fraction(&self) -> Result<f64, PolicyError> {
        self.number()
            .filter(|n| (0.0..=1.0).contains(n))
            .ok_or_else(|| self.wrong("a fraction from 0 to 1 (2 % is 0.02)"))
    }

    /// A factor of one or more.
    pub(super) fn factor(&self) -> Result<f64, PolicyError> {
        self.number()
            .filter(|n| (1.0..=1000.0).contains(n))
            .ok_or_else(|| self.wrong("a number from 1 to 1000"))
    }

    fn number(&self) -> Option<f64> {
        match self.value {
            DeValue::Float(float) => float.as_str().parse().ok(),
            DeValue::Integer(_) => self.integer().map(f64::from),
            _ => None,
        }
    }

    /// A whole number from 1.
    pub(super) fn count(&self) -> Result<u32, PolicyError> {
        self.integer()
            .filter(|&n| n > 0)
            .ok_or_else(|| self.wrong("a whole number from 1"))
    }

    /// A whole number from 0.
    pub(super) fn count_or_none(&self) -> Result<u32, PolicyError> {
        self.integer()
            .ok_or_else(|| self.wrong("a whole number from 0"))
    }

    fn integer(&self) -> Option<u32> {
        let integer = self.value.as_integer()?;
        u32::from_str_radix(integer.as_str(), integer.radix()).ok()
    }

    /// A span of time, written as for `--last`.
    pub(super) fn span(&self) -> Result<SignedDuration, PolicyError> {
        let span = self
            .value
            .as_str()
            .and_then(|text| crate::time::parse_span(text).ok());
        span.ok_or_else(|| self.wrong("a span such as \"24h\", \"7d\" or \"36h30m\""))
    }
}

fn word_of<T: Copy + fmt::Display>(all: &[T], text: &str) -> Option<T> {
    all.iter().copied().find(|word| word.to_string() == text)
}

/// The key below a path, quoted where TOML would need quotes.
fn join(path: &str, name: &str) -> String {
    let bare = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    let name = if !name.is_empty() && name.bytes().all(bare) {
        name.to_owned()
    } else {
        format!("{name:?}")
    };
    if path.is_empty() {
        name
    } else {
        format!("{path}.{name}")
    }
}

/// The likely intended word, else all of them.
fn hint(known: &[&str], written: &str) -> String {
    // Comparing takes time in proportion to the length; no key is so long.
    let candidates = if written.len() > 64 { &[] } else { known };
    let near = candidates
        .iter()
        .map(|word| (strsim::osa_distance(word, &written.to_lowercase()), *word))
        .filter(|(distance, word)| *distance <= word.len().div_ceil(3))
        .min();
    match near {
        Some((_, word)) => format!("did you mean {word:?}?"),
        None => format!("known: {}", known.join(", ")),
    }
}
