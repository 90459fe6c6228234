//! The phrases of automatic replies (`words.tsv`), found in one pass.

use super::fold::fold;
use crate::phrases::Phrases;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

/// At most so many bytes stand for one `*`: 60 letters, or 40 of a script with wide ones.
const MAX_GAP: usize = 120;

/// The longest piece of a phrase, in bytes.
const MAX_PIECE: usize = 120;

/// What a phrase says; the kinds are explained in `words.tsv`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Begins a subject and proves it.
    Subject,
    /// Begins a subject and supports the body.
    Hint,
    /// Begins the subject of a non-delivery notice.
    Bounce,
    /// Stands anywhere in a subject and proves it.
    Within,
    /// Mark of an answered subject.
    Reply,
    /// Mark of a forwarded subject.
    Forward,
    /// What may follow the beginning of a subject.
    Follow,
    /// What the mail calls itself, between both.
    Name,
    /// Says that it is an automatic reply.
    Auto,
    /// The writer is absent.
    Away,
    /// Thanks for a mail.
    Thanks,
    /// What happens in the absence.
    Access,
    /// A request has arrived.
    Ack,
    /// Somebody will care.
    Promise,
    /// The sender must prove that he wrote.
    Challenge,
    /// There is a new address.
    Moved,
    /// Gone for good.
    Left,
}

impl Kind {
    fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "subject" => Kind::Subject,
            "hint" => Kind::Hint,
            "bounce" => Kind::Bounce,
            "within" => Kind::Within,
            "reply" => Kind::Reply,
            "forward" => Kind::Forward,
            "follow" => Kind::Follow,
            "name" => Kind::Name,
            "auto" => Kind::Auto,
            "away" => Kind::Away,
            "thanks" => Kind::Thanks,
            "access" => Kind::Access,
            "ack" => Kind::Ack,
            "promise" => Kind::Promise,
            "challenge" => Kind::Challenge,
            "moved" => Kind::Moved,
            "left" => Kind::Left,
            _ => return None,
        })
    }

    /// Kinds that are looked for at the beginning of subjects, not in texts.
    fn begins_subjects(self) -> bool {
        matches!(self, Kind::Subject | Kind::Hint | Kind::Bounce)
    }

    /// Kinds that are single words of subjects.
    fn is_of_words(self) -> bool {
        matches!(
            self,
            Kind::Reply | Kind::Forward | Kind::Follow | Kind::Name
        )
    }
}

/// A phrase found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// What it says.
    pub kind: Kind,
    /// Where it stands, in bytes of the folded text.
    pub span: Range<usize>,
}

/// The compiled phrases.
struct Lexicon {
    /// Beginnings of subjects by their first letters, the longest first.
    subjects: HashMap<char, Vec<(Kind, String)>>,
    /// Words of subjects.
    words: HashSet<(Kind, String)>,
    /// Phrases as the numbers of their pieces.
    phrases: Vec<(Kind, Vec<usize>)>,
    /// Which phrases begin with a piece.
    first: Vec<Vec<usize>>,
    pieces: Phrases,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new(include_str!("words.tsv")));

impl Lexicon {
    fn new(table: &str) -> Self {
        let mut subjects = Vec::new();
        let mut phrases = Vec::new();
        let mut singles = HashSet::new();
        let mut first: Vec<Vec<usize>> = Vec::new();
        let mut pieces = Vec::new();
        let mut known = HashMap::new();
        for (kind, words) in rows(table) {
            if kind.begins_subjects() {
                subjects.push((kind, fold(words)));
                continue;
            }
            if kind.is_of_words() {
                singles.insert((kind, fold(words)));
                continue;
            }
            let numbers: Vec<usize> = words
                .split('*')
                .map(|piece| {
                    let piece = fold(piece);
                    *known.entry(piece.clone()).or_insert_with(|| {
                        pieces.push(piece);
                        pieces.len() - 1
                    })
                })
                .collect();
            first.resize_with(pieces.len(), Vec::new);
            if let Some(begins) = numbers.first().and_then(|n| first.get_mut(*n)) {
                begins.push(phrases.len());
            }
            phrases.push((kind, numbers));
        }
        subjects.sort_by_key(|(_, words)| std::cmp::Reverse(words.len()));
        let mut by_letter: HashMap<char, Vec<(Kind, String)>> = HashMap::new();
        for (kind, words) in subjects {
            let letter = words.chars().next().unwrap_or_default();
            by_letter.entry(letter).or_default().push((kind, words));
        }
        Lexicon {
            subjects: by_letter,
            words: singles,
            phrases,
            first,
            pieces: Phrases::new(&pieces),
        }
    }

    fn find(&self, folded: &str) -> Vec<Hit> {
        let mut places: Vec<(usize, Range<usize>)> = Vec::new();
        self.pieces.each(folded, |f| {
            if begins_word(folded, f.range.start) {
                places.push((f.phrase, f.range));
            }
        });
        places.sort_by_key(|(_, span)| (span.end, span.start));
        let mut hits = Vec::new();
        for (at, (piece, span)) in places.iter().enumerate() {
            for phrase in self.first.get(*piece).into_iter().flatten() {
                let Some((kind, numbers)) = self.phrases.get(*phrase) else {
                    continue;
                };
                let later = places.get(at..).unwrap_or_default();
                if let Some(end) = complete(folded, numbers, span, later) {
                    hits.push(Hit {
                        kind: *kind,
                        span: span.start..end,
                    });
                }
            }
        }
        hits.sort_by_key(|h| (h.span.start, std::cmp::Reverse(h.span.end)));
        hits
    }
}

fn rows(table: &str) -> impl Iterator<Item = (Kind, &str)> {
    table.lines().filter_map(|line| {
        let mut columns = line.split('\t');
        let kind = Kind::from_name(columns.next()?)?;
        Some((kind, columns.nth(1)?.trim()))
    })
}

/// Where a phrase ends that begins with the piece at `start`, if all of it is there.
fn complete(
    text: &str,
    numbers: &[usize],
    start: &Range<usize>,
    later: &[(usize, Range<usize>)],
) -> Option<usize> {
    let mut end = start.end;
    for number in numbers.get(1..)? {
        // Pieces come in the order of their ends; none is longer than a line.
        end = later
            .iter()
            .take_while(|(_, span)| span.end <= end + MAX_GAP + MAX_PIECE)
            .filter(|(piece, span)| piece == number && span.start >= end)
            .find(|(_, span)| text.get(end..span.start).is_some_and(one_sentence))
            .map(|(_, span)| span.end)?;
    }
    Some(end)
}

/// True if no sentence ends in between ("3. March" does not end one).
fn one_sentence(gap: &str) -> bool {
    let mut before = ' ';
    let mut chars = gap.chars().peekable();
    while let Some(c) = chars.next() {
        let ends = match c {
            '\n' | '!' | '?' | '。' => true,
            '.' => before.is_alphabetic() && chars.peek() == Some(&' '),
            _ => false,
        };
        if ends {
            return false;
        }
        before = c;
    }
    true
}

/// True if no word runs on from before `at`. Scripts written without blanks have
/// no such borders.
pub fn begins_word(text: &str, at: usize) -> bool {
    let first = text.get(at..).and_then(|t| t.chars().next());
    if first.is_some_and(is_unspaced) {
        return true;
    }
    let before = text.get(..at).and_then(|t| t.chars().next_back());
    !before.is_some_and(|c| c.is_alphanumeric() && !is_unspaced(c))
        || !first.is_some_and(char::is_alphanumeric)
}

/// Scripts whose words are not parted by blanks, or stand under prefixes and suffixes:
/// Hebrew, Arabic, Thai, kana, Han, Hangul.
pub fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{590}'..='\u{6ff}' | '\u{e00}'..='\u{e7f}' | '\u{1100}'..='\u{11ff}'
        | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

/// All phrases in a folded text, in the order of their beginnings.
pub fn find(folded: &str) -> Vec<Hit> {
    LEXICON.find(folded)
}

/// True if a folded word is one of that kind.
pub fn is_word(kind: Kind, folded: &str) -> bool {
    !folded.is_empty() && LEXICON.words.contains(&(kind, folded.to_owned()))
}

/// The longest beginning of a subject that is in the table, and what follows it.
pub fn subject_start(folded: &str) -> Option<(Kind, &str)> {
    let beginnings = LEXICON.subjects.get(&folded.chars().next()?)?;
    beginnings.iter().find_map(|(kind, words)| {
        let rest = folded.strip_prefix(words.as_str())?;
        ends_word(words, rest).then_some((*kind, rest))
    })
}

fn ends_word(words: &str, rest: &str) -> bool {
    let last = words.chars().next_back();
    last.is_some_and(|c| is_unspaced(c) || !c.is_alphanumeric())
        || !rest.chars().next().is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c8_every_row_of_the_table_is_found() {
        let table = include_str!("words.tsv");
        let lines = table.lines().filter(|l| !l.starts_with('#')).count();
        assert_eq!(rows(table).count(), lines, "a kind is misspelt");
        for (kind, words) in rows(table) {
            let text = fold(&words.replace('*', " - "));
            let found = if kind.begins_subjects() {
                subject_start(&text).is_some_and(|(k, rest)| k == kind && rest.is_empty())
            } else if kind.is_of_words() {
                is_word(kind, &text)
            } else {
                find(&text).iter().any(|h| h.kind == kind)
            };
            assert!(found, "{kind:?} {words}");
        }
    }

    #[test]
    fn c8_no_row_twice() {
        let mut seen = HashSet::new();
        for (kind, words) in rows(include_str!("words.tsv")) {
            assert!(seen.insert((kind, fold(words))), "{kind:?} {words}");
            assert!(words.len() < MAX_PIECE, "{words}");
        }
    }

    #[test]
    fn c8_gaps_and_word_borders() {
        for (text, want) in [
            ("ich bin bis zum 3. marz nicht im buro", true),
            ("ich bin froh. morgen bin ich nicht im buro", true),
            ("ich bin froh. sie ist nicht im buro", false),
            ("i am fine. she is out of the office", false),
            ("i am currently out of the office", true),
            ("ravi am out of the office", false),
        ] {
            let away = find(text).iter().any(|h| h.kind == Kind::Away);
            assert_eq!(away, want, "{text}");
        }
    }
}
