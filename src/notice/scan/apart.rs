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

/// The sentence above each of the addresses, where a report lists them below more than
/// one: `These users do not exist:`, `The mailboxes of these users are full:`.
pub fn headed(human: &str, addresses: &[&str]) -> Option<Vec<String>> {
    let keys: Vec<String> = addresses.iter().map(|a| address::key(a)).collect();
    let mut out: Vec<Option<&str>> = vec![None; keys.len()];
    let mut heading = None;
    for line in human.lines().map(str::trim).filter(|l| !l.is_empty()) {
        let named = address::find_all(line);
        let [(_, a)] = named.as_slice() else {
            let cause =
                line.ends_with([':', '\u{ff1a}']) && words::names_cause(&line.to_lowercase());
            heading = Some(line).filter(|_| cause);
            continue;
        };
        if let Some(who) = keys.iter().position(|k| *k == address::key(a)) {
            let slot = out.get_mut(who)?;
            *slot = slot.or(heading);
        }
    }
    let said: Vec<&str> = out.into_iter().collect::<Option<_>>()?;
    let several = said.iter().any(|s| Some(s) != said.first());
    several.then(|| said.into_iter().map(str::to_owned).collect())
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
    fn i3_lists_below_their_causes() {
        let human = "These users do not exist:\n  a@one.example\n  c@one.example\n\nThe mailboxes of these are full, over quota:\n  b@two.example\n";
        let said = headed(human, &["a@one.example", "b@two.example", "c@one.example"]).unwrap();
        assert!(
            said[0].contains("not exist") && said[2].contains("not exist"),
            "{said:?}"
        );
        assert!(said[1].contains("quota"), "{said:?}");
        let one = "These users do not exist:\n  a@one.example\n  b@two.example\n";
        assert_eq!(headed(one, &["a@one.example", "b@two.example"]), None);
    }

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
