//! What a provider means by its own codes and stock phrases, in our words.
//!
//! The knowledge stands in `providers.tsv`, which says how a row is written. A
//! provider often reuses a registered code with a meaning of its own (Gmail's
//! 5.7.27 is SPF, the registry's is null MX), so a row for such a code counts
//! only where the reply is known to come from that provider.

use crate::code::{Enhanced, smtp_code};
use std::sync::LazyLock;

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(include_str!("providers.tsv")));

/// The provider and what it means by the code or words of a reply, in our
/// words (lower case, no full stop); `None` if no row knows it.
///
/// `text` is the reply, or only the code that the user asked about: then rows
/// marked `bare` answer although nobody said which provider is meant.
/// `remote_mta` is the host that replied; the recipient's domain does as well.
pub fn provider_meaning(
    text: &str,
    enhanced: Option<Enhanced>,
    remote_mta: Option<&str>,
) -> Option<(&'static str, &'static str)> {
    let seen = Seen::new(text, enhanced);
    let providers = TABLE.providers(&seen, remote_mta);
    let own = |row: &&Row| providers.contains(&row.provider);
    let free = |row: &&Row| match row.needs {
        Needs::Nothing => true,
        Needs::ProviderOrBareCode => seen.words.is_empty() && providers.is_empty(),
        Needs::Provider => false,
    };
    let mut hits = TABLE.rows.iter().filter(|row| row.matches(&seen));
    hits.clone()
        .find(own)
        .or_else(|| hits.find(free))
        .map(|row| (row.provider, row.meaning))
}

/// The reply as rows look at it.
struct Seen {
    /// Lower case, single blanks, without the codes that begin its lines.
    words: String,
    codes: Vec<Enhanced>,
}

impl Seen {
    fn new(text: &str, enhanced: Option<Enhanced>) -> Self {
        let low = text.to_lowercase();
        let words: Vec<&str> = low.split_whitespace().filter_map(without_code).collect();
        let written = low
            .split(|c: char| !(c.is_ascii_alphanumeric() || c == '.'))
            .filter_map(|t| t.trim_end_matches('.').parse().ok());
        Seen {
            words: words.join(" "),
            codes: enhanced.into_iter().chain(written).collect(),
        }
    }
}

/// `550-5.7.1` and its like repeat on every line of a reply and would split phrases.
fn without_code(token: &str) -> Option<&str> {
    let is_code = |t: &str| smtp_code(t.as_bytes()).is_some() || t.parse::<Enhanced>().is_ok();
    let rest = match token.split_once('-') {
        Some((code, rest)) if is_code(code) => rest,
        _ => token,
    };
    (!rest.is_empty() && !is_code(rest)).then_some(rest)
}

struct Table {
    signs: Vec<(&'static str, String)>,
    rows: Vec<Row>,
}

struct Row {
    provider: &'static str,
    needs: Needs,
    marks: Vec<Mark>,
    meaning: &'static str,
    #[cfg(test)]
    sample: &'static str,
}

#[derive(Clone, Copy, PartialEq)]
enum Needs {
    Nothing,
    Provider,
    ProviderOrBareCode,
}

enum Mark {
    /// Class (`None`: any), subject, first and last detail.
    Code(Option<u8>, u16, u16, u16),
    Phrase(String),
}

impl Table {
    fn read(tsv: &'static str) -> Self {
        let lines = || tsv.lines().filter(|l| !l.starts_with('#'));
        Table {
            signs: lines().filter_map(sign).collect(),
            rows: lines().filter_map(Row::read).collect(),
        }
    }

    /// Who replied: by the host if a row names it, else by what stands in the text.
    fn providers(&self, seen: &Seen, remote_mta: Option<&str>) -> Vec<&'static str> {
        let host = remote_mta.unwrap_or_default().to_lowercase();
        let known = |hit: &dyn Fn(&str) -> bool| -> Vec<&'static str> {
            self.signs
                .iter()
                .filter(|(_, sign)| hit(sign))
                .map(|(provider, _)| *provider)
                .collect()
        };
        let by_host = known(&|sign| is_host_in(&host, sign));
        if by_host.is_empty() {
            known(&|sign| is_named_in(&seen.words, sign))
        } else {
            by_host
        }
    }
}

fn sign(line: &'static str) -> Option<(&'static str, String)> {
    let mut cells = line.split('\t');
    let (provider, kind, sign) = (cells.next()?, cells.next()?, cells.next()?);
    (kind == "who").then(|| (provider, sign.to_lowercase()))
}

impl Row {
    fn read(line: &'static str) -> Option<Self> {
        let mut cells = line.split('\t');
        let provider = cells.next()?;
        let needs = match cells.next()? {
            "alone" => Needs::Nothing,
            "known" => Needs::Provider,
            "bare" => Needs::ProviderOrBareCode,
            _ => return None,
        };
        let marks = cells.next()?.split(" & ").map(Mark::read).collect();
        Some(Row {
            provider,
            needs,
            marks,
            meaning: cells.next()?,
            #[cfg(test)]
            sample: cells.next()?,
        })
    }

    fn matches(&self, seen: &Seen) -> bool {
        self.marks.iter().all(|mark| mark.is_in(seen))
    }
}

impl Mark {
    fn read(written: &str) -> Self {
        code_range(written).unwrap_or_else(|| Mark::Phrase(written.to_lowercase()))
    }

    fn is_in(&self, seen: &Seen) -> bool {
        match self {
            Mark::Phrase(phrase) => finds(&seen.words, phrase).next().is_some(),
            &Mark::Code(class, subject, first, last) => seen.codes.iter().any(|code| {
                class.is_none_or(|c| c == code.class)
                    && code.subject == subject
                    && (first..=last).contains(&code.detail)
            }),
        }
    }
}

/// `5.7.26`, `X.7.26` (class 4 or 5), `5.7.606-649`.
fn code_range(written: &str) -> Option<Mark> {
    let (code, last) = match written.split_once('-') {
        Some((code, last)) => (code, Some(last.parse().ok()?)),
        None => (written, None),
    };
    let (class, code) = match code.strip_prefix("X.") {
        Some(tail) => (None, format!("5.{tail}").parse::<Enhanced>().ok()?),
        None => {
            let code = code.parse::<Enhanced>().ok()?;
            (Some(code.class), code)
        }
    };
    let last = last.unwrap_or(code.detail);
    Some(Mark::Code(class, code.subject, code.detail, last))
}

/// True if `host` is `sign` or lies below it (`=name`: is it). Signs that are no host names never are.
fn is_host_in(host: &str, sign: &str) -> bool {
    let host = host.trim_end_matches('.');
    if let Some(name) = sign.strip_prefix('=') {
        return host == name;
    }
    sign.contains('.')
        && host
            .strip_suffix(sign)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// True if a sign stands in the text other than as the domain of an address:
/// `user@yahoo.com` does not say that Yahoo replied.
fn is_named_in(words: &str, sign: &str) -> bool {
    !sign.starts_with('=') && finds(words, sign).any(|at| !words[..at].ends_with('@'))
}

/// Where `phrase` stands as a token: not inside a longer word or number. `%` in
/// it is any digit; a `*` at its end lets the word go on.
fn finds<'a>(words: &'a str, phrase: &'a str) -> impl Iterator<Item = usize> + 'a {
    let (text, want) = (words.as_bytes(), phrase.as_bytes());
    let (want, open) = match want.strip_suffix(b"*") {
        Some(want) => (want, true),
        None => (want, false),
    };
    let glued = |a: Option<&u8>, b: Option<&u8>| {
        a.is_some_and(u8::is_ascii_alphanumeric) && b.is_some_and(u8::is_ascii_alphanumeric)
    };
    let fits = move |at: usize, part: &[u8]| {
        let before = at.checked_sub(1).and_then(|n| text.get(n));
        !want.is_empty()
            && part
                .iter()
                .zip(want)
                .all(|(c, w)| c == w || (*w == b'%' && c.is_ascii_digit()))
            && !glued(before, part.first())
            && (open || !glued(part.last(), text.get(at + part.len())))
    };
    text.windows(want.len().max(1))
        .enumerate()
        .filter(move |(at, part)| fits(*at, part))
        .map(|(at, _)| at)
}

#[cfg(test)]
mod tests;
