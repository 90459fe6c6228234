//! The words around dates (`cues.tsv`).

use crate::notice::autoreply::{begins_word, fold, is_unspaced};
use aho_corasick::AhoCorasick;
use std::ops::Range;
use std::sync::LazyLock;

/// What a cue says of its date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The first day back.
    Back,
    /// The first day back, as far as one can tell.
    Until,
    /// The last day away.
    Through,
    /// The beginning of a range.
    From,
    /// The beginning of a range whose ends "and" joins.
    Between,
    /// What joins the ends of a range.
    To,
    /// "And".
    And,
    /// The beginning of being there again, perhaps.
    Start,
    /// Being there again.
    Again,
    /// Not being there.
    Not,
    /// That a date is included.
    Inclusive,
    /// How long somebody is there.
    Never,
}

/// A cue of the table.
#[derive(Clone, Debug)]
struct Row {
    kind: Kind,
    tight: bool,
    behind: bool,
    language: &'static str,
    words: String,
}

/// A cue found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cue {
    /// What it says.
    pub kind: Kind,
    /// Nothing but filling words may stand between it and its date.
    pub tight: bool,
    /// It stands behind its date.
    pub behind: bool,
    /// The language it is of, as ISO 639-1, or `*`.
    pub language: &'static str,
    /// Where it stands, in bytes of the folded text.
    pub span: Range<usize>,
}

struct Table {
    rows: Vec<Row>,
    /// `None` only if the table could not be compiled, which a test excludes.
    finder: Option<AhoCorasick>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let rows: Vec<Row> = include_str!("cues.tsv").lines().filter_map(row).collect();
    let finder = AhoCorasick::new(rows.iter().map(|r| r.words.as_str())).ok();
    Table { rows, finder }
});

fn row(line: &'static str) -> Option<Row> {
    let mut columns = line.split('\t');
    let name = columns.next()?;
    let language = columns.next()?;
    let words = fold(columns.next()?);
    let kind = match name.trim_end_matches(['!', '<']) {
        "back" => Kind::Back,
        "until" => Kind::Until,
        "through" => Kind::Through,
        "from" => Kind::From,
        "between" => Kind::Between,
        "to" => Kind::To,
        "and" => Kind::And,
        "start" => Kind::Start,
        "again" => Kind::Again,
        "not" => Kind::Not,
        "incl" => Kind::Inclusive,
        "never" => Kind::Never,
        _ => return None,
    };
    Some(Row {
        kind,
        tight: name.ends_with('!'),
        behind: name.ends_with('<'),
        language,
        words,
    })
}

/// All cues of a folded text, in the order of their beginnings. Of cues of one
/// kind, one within the other, the longer stays.
pub fn find(folded: &str) -> Vec<Cue> {
    let Some(finder) = &TABLE.finder else {
        return Vec::new();
    };
    let mut cues: Vec<Cue> = finder
        .find_overlapping_iter(folded)
        .filter(|m| begins_word(folded, m.start()) && ends_word(folded, m.end()))
        .filter_map(|m| {
            TABLE
                .rows
                .get(m.pattern().as_usize())
                .map(|r| (r, m.range()))
        })
        .map(|(row, span)| Cue {
            kind: row.kind,
            tight: row.tight,
            behind: row.behind,
            language: row.language,
            span,
        })
        .collect();
    cues.sort_by_key(|c| (c.span.start, std::cmp::Reverse(c.span.end)));
    drop_shorter(&mut cues);
    cues
}

/// "bis" within "bis einschließlich".
fn drop_shorter(cues: &mut Vec<Cue>) {
    let ends = |k: Kind| matches!(k, Kind::Until | Kind::Through | Kind::Back);
    let mut longest: Vec<Range<usize>> = Vec::new();
    cues.retain(|cue| {
        if !ends(cue.kind) || cue.behind {
            return true;
        }
        let inside = longest
            .iter()
            .rev()
            .take(4)
            .any(|l| l.start <= cue.span.start && cue.span.end <= l.end && *l != cue.span);
        if !inside {
            longest.push(cue.span.clone());
        }
        !inside
    });
}

fn ends_word(text: &str, at: usize) -> bool {
    let last = text.get(..at).and_then(|t| t.chars().next_back());
    let next = text.get(at..).and_then(|t| t.chars().next());
    let open = |c: char| c.is_alphabetic() && !is_unspaced(c);
    !(last.is_some_and(open) && next.is_some_and(open))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c8_every_cue_is_found() {
        let lines = include_str!("cues.tsv")
            .lines()
            .filter(|l| !l.starts_with('#'));
        assert_eq!(lines.count(), TABLE.rows.len(), "a kind is misspelt");
        for row in &TABLE.rows {
            let found = find(&row.words);
            assert!(
                found
                    .iter()
                    .any(|c| c.kind == row.kind && c.behind == row.behind),
                "{row:?}"
            );
        }
    }

    #[test]
    fn c8_the_longer_cue_stays() {
        for (text, want) in [
            ("bis zum", Kind::Until),
            ("bis einschliesslich", Kind::Through),
            ("up to and including", Kind::Through),
            ("tot en met", Kind::Through),
        ] {
            let ends = |c: &&Cue| matches!(c.kind, Kind::Until | Kind::Through);
            let found: Vec<Cue> = find(text).iter().filter(ends).cloned().collect();
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert_eq!(found[0].kind, want, "{text}");
        }
    }
}
