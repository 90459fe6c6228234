//! Prose about several recipients: which of its words are about which of them.

use crate::address;
use crate::notice::words;

/// At most so many lines are taken as the words about one recipient.
const MAX_LINES: usize = 6;

/// What a report says of each of the addresses, where it speaks of one after the other;
/// `None` where it gives one cause for all, or leaves open whose it is.
pub fn apart(human: &str, addresses: &[&str]) -> Option<Vec<String>> {
    let lines: Vec<&str> = human.lines().map(str::trim).take(5_000).collect();
    let keys: Vec<String> = addresses.iter().map(|a| address::key(a)).collect();
    let mut places: Vec<(usize, usize)> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let mut meant = address::find_all(line)
            .into_iter()
            .filter_map(|(_, a)| keys.iter().position(|k| *k == address::key(a)));
        let Some(first) = meant.next() else { continue };
        if meant.any(|other| other != first) {
            return None;
        }
        if places.iter().all(|(_, who)| *who != first) {
            places.push((at, first));
        }
    }
    if keys.len() < 2 || places.len() != keys.len() {
        return None;
    }
    let mut out = vec![String::new(); keys.len()];
    for (n, (at, who)) in places.iter().enumerate() {
        let said = if introduced(&lines, &places) {
            let from = n.checked_sub(1).and_then(|p| places.get(p));
            about(lines.get(from.map_or(0, |(line, _)| line + 1)..*at)?, true)
        } else {
            let to = places.get(n + 1).map_or(lines.len(), |(line, _)| *line);
            about(lines.get(*at..to)?, false)
        };
        *out.get_mut(*who)? = said?;
    }
    Some(out)
}

/// True if the line before each address ends with a colon: the cause stands above it.
fn introduced(lines: &[&str], places: &[(usize, usize)]) -> bool {
    places.iter().all(|(at, _)| {
        let before = lines.get(..*at).unwrap_or_default();
        let last = before.iter().rev().find(|l| !l.is_empty());
        last.is_some_and(|l| l.ends_with([':', '\u{ff1a}']))
    })
}

/// The words of some lines, the last of them where `above`; `None` if there are none
/// beside an address.
fn about(lines: &[&str], above: bool) -> Option<String> {
    let full = lines.iter().filter(|l| !l.is_empty());
    let full: Vec<&str> = full.copied().collect();
    let last = full.len().saturating_sub(if above { 2 } else { 0 });
    let near = full.get(if above { last } else { 0 }..)?;
    let near = near.iter().take_while(|l| !words::asks_contact(l));
    let text = near.take(MAX_LINES).copied().collect::<Vec<_>>().join("\n");
    let mut bare = text.clone();
    for (range, _) in address::find_all(&text).into_iter().rev() {
        bare.replace_range(range, "");
    }
    bare.contains(char::is_alphabetic).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i3_each_recipient_has_its_own_words() {
        for (human, want) in [
            (
                "Your message to a@one.example could not be delivered.\n\nThe user does not exist.\n\nYour message to b@two.example could not be delivered.\n\nThe mailbox is full.\n",
                Some(["does not exist", "is full"]),
            ),
            (
                "a@one.example: no such user\nb@two.example: over quota\n",
                Some(["no such user", "over quota"]),
            ),
            (
                "These mailboxes are full:\n  a@one.example\n\nThere are no such users:\n  b@two.example\n\nRegards\n",
                Some(["are full", "no such users"]),
            ),
            // One cause for all, or nobody can tell.
            (
                "a@one.example\nb@two.example\n\nThe mailboxes are full.\n",
                None,
            ),
            ("Neither a@one.example nor b@two.example exists.\n", None),
            ("Your message to a@one.example was refused.\n", None),
        ] {
            let got = apart(human, &["a@one.example", "b@two.example"]);
            match (&got, want) {
                (Some(got), Some(want)) => {
                    for (said, part) in got.iter().zip(want) {
                        let others = want.iter().filter(|w| **w != part);
                        assert!(said.contains(part), "{human}: {got:?}");
                        others.for_each(|o| assert!(!said.contains(o), "{human}: {got:?}"));
                    }
                }
                _ => assert_eq!(got.is_some(), want.is_some(), "{human}: {got:?}"),
            }
        }
    }
}
