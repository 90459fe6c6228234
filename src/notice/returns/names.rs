//! Month and weekday names (`names.tsv`).

use crate::notice::autoreply::fold;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What a word names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// A month, 1 to 12.
    Month(i8),
    /// A weekday, 1 is Monday.
    Weekday(i8),
    /// The day after.
    Tomorrow,
}

static NAMES: LazyLock<HashMap<String, Name>> = LazyLock::new(|| {
    include_str!("names.tsv")
        .lines()
        .filter_map(row)
        .flat_map(|(name, words)| words.split(' ').map(move |w| (fold(w), name)))
        .collect()
});

fn row(line: &str) -> Option<(Name, &str)> {
    let mut columns = line.split('\t');
    let key = columns.next()?;
    let words = columns.nth(1)?;
    let number = key.get(1..).and_then(|n| n.parse().ok());
    let name = match (key.get(..1)?, number) {
        ("m", Some(n)) => Name::Month(n),
        ("w", Some(n)) => Name::Weekday(n),
        ("t", _) => Name::Tomorrow,
        _ => return None,
    };
    Some((name, words))
}

/// What a folded word names.
pub fn get(folded: &str) -> Option<Name> {
    NAMES.get(folded).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c8_every_name_has_one_meaning() {
        let table = include_str!("names.tsv");
        let mut count = 0;
        for line in table.lines().filter(|l| !l.starts_with('#')) {
            let (name, words) = row(line).unwrap_or_else(|| panic!("{line}"));
            for word in words.split(' ') {
                assert_eq!(get(&fold(word)), Some(name), "{word}");
                count += 1;
            }
        }
        assert_eq!(count, NAMES.len());
    }
}
