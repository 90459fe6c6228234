//! Where an address stands in a line, and what that says of it.

use crate::address;
use crate::notice::words;
use std::ops::Range;

/// How an address stands in a report, from the plainest to the vaguest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// `<user@example.com>: reply`, `Recipient: user@example.com`, transcript lines.
    Led,
    /// Alone on its line, or with a remark in brackets.
    Alone,
    /// At the start of a line, text behind it.
    Start,
    /// Behind `To:`, beside a `Subject:`: the header of the message, perhaps all of
    /// its recipients.
    Listed,
    /// Within a sentence.
    #[default]
    Sentence,
}

/// The (first) address of a line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Spot {
    /// Its extent in the line.
    pub range: Range<usize>,
    /// How it stands there.
    pub place: Place,
    /// What leads it, lower case; empty where nothing does.
    pub label: String,
}

impl Spot {
    fn new(range: Range<usize>, place: Place) -> Self {
        Spot {
            range,
            place,
            label: String::new(),
        }
    }

    /// True if what leads the address is the cause itself: `Unknown user: …`.
    pub fn has_cause(&self) -> bool {
        words::names_cause(&self.label)
    }

    /// True if the label is that of a header: `To: …`.
    pub fn is_to(&self) -> bool {
        words::is_to_label(&self.label)
    }
}

/// Where the (first) address of a line stands.
pub(super) fn spot(line: &str) -> Option<Spot> {
    let (range, a) = address::find(line).next()?;
    let before = line[..range.start].trim_matches(|c| is_lead(c) && c != '\t');
    // A tab at the end parts the cells of a table: the label may do without a colon.
    let before = before.trim_start_matches(is_lead);
    let before = match before.trim_end_matches(is_lead) {
        head if head.ends_with([':', '\u{ff1a}', '=', ';']) => head,
        _ if before.ends_with('\t') => before,
        head => head,
    };
    let before = untyped(before);
    let after = line[range.end..].trim_start_matches(['>', '\'', '"', ' ', '\t', ']']);
    if before.is_empty() || is_number(before) {
        return Some(Spot::new(range, place_at_start(a, after)));
    }
    if let Some(label) = label_of(before, after) {
        return Some(Spot {
            range,
            place: Place::Led,
            label,
        });
    }
    let place = if is_display_name(line, &range, before, after) {
        Place::Alone
    } else {
        Place::Sentence
    };
    Some(Spot::new(range, place))
}

/// `Recipient: [SMTP:` → `Recipient:`. Exchange and gateways write the type of an
/// address before it.
fn untyped(before: &str) -> &str {
    const TYPES: &[&str] = &["smtp:", "rfc822;", "mailto:", "internet:"];
    let head = TYPES.iter().find_map(|t| {
        let at = before.len().checked_sub(t.len())?;
        let same = before.get(at..)?.eq_ignore_ascii_case(t);
        same.then(|| before.get(..at)).flatten()
    });
    match head {
        Some(head) if head.ends_with(['[', '(', ' ', '\t', ':', '<', '=']) || head.is_empty() => {
            head.trim_end_matches(|c| is_lead(c) || matches!(c, '[' | '('))
        }
        _ => before,
    }
}

fn place_at_start(a: &str, after: &str) -> Place {
    match after.chars().next() {
        None => Place::Alone,
        Some(':' | '\u{ff1a}') => Place::Led,
        Some('(' | '[' | ';' | ',') => Place::Alone,
        Some('<') if after.starts_with("<mailto:") => Place::Alone,
        _ if after.trim_matches(['.', ' ']).is_empty() => Place::Alone,
        _ if after.eq_ignore_ascii_case(a) => Place::Alone,
        _ => Place::Start,
    }
}

/// `Display Name <user@example.com>` on a line of its own.
fn is_display_name(line: &str, range: &Range<usize>, before: &str, after: &str) -> bool {
    line[..range.start]
        .trim_end_matches("mailto:")
        .trim_end()
        .ends_with(['<', '(', '['])
        && after.trim_matches([')', ']', ' ', '.']).is_empty()
        && before.split_whitespace().count() <= 4
        && !before.contains(['.', ':', ','])
}

/// True if the address ends the line, in brackets behind a name of any form
/// (`Costa, Maria (m.costa@example.com)`): an entry, where a list was announced.
pub(super) fn is_entry(line: &str, range: &Range<usize>) -> bool {
    let before = line[..range.start].trim_end();
    let before = untyped(before);
    let open =
        before.len() < line[..range.start].trim_end().len() || before.ends_with(['<', '(', '[']);
    let after = line[range.end..].trim_matches(['>', ')', ']', ' ', '\t', '.']);
    open && after.is_empty() && before.split_whitespace().count() <= 8
}

/// `1.`, `2)`, `VNM3043:`: the number of an entry.
fn is_number(before: &str) -> bool {
    let code = |c: &str| {
        let coded = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
        c.len() <= 10 && c.chars().all(coded) && c.ends_with(|c: char| c.is_ascii_digit())
    };
    before.strip_suffix(':').is_some_and(code)
        || before
            .strip_suffix(['.', ')', ':'])
            .is_some_and(|n| n.len() <= 3 && !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

fn is_lead(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '<' | '"' | '\'' | '*' | '-' | '\u{2022}' | '\u{b7}' | '>' | '|' | '#' | '!'
        )
}

/// The label that names the failed recipient, in the words of many systems.
fn label_of(before: &str, after: &str) -> Option<String> {
    let last = after.trim_matches([')', ']', '.', ' ']).is_empty();
    let colon = [':', '\u{ff1a}', '=', ';', '\t'];
    let Some(head) = before.strip_suffix(colon) else {
        // `Failed to deliver to 'user@example.com'`
        let label = bare(before);
        // A bare `to` may end a line of a sentence; cells of a table have no colon.
        let plain = label.contains("deliver") || label.contains("recipient");
        let plain = plain || !label.is_ascii();
        return (last && plain && words::is_label(&label)).then_some(label);
    };
    // `Sent <<< RCPT TO:<user@example.com>`: a dialogue may have a mark of direction.
    let marks = [',', ';', ':', '<', '>'];
    let label = bare(head.rsplit(marks).next().unwrap_or_default());
    if words::is_label(&label) {
        return Some(label);
    }
    let whole = bare(head);
    (last && words::names_cause(&whole) && !words::asks_contact(&whole)).then_some(whole)
}

fn bare(label: &str) -> String {
    bare_of(label).to_lowercase()
}

fn bare_of(label: &str) -> &str {
    let marks = |c: char| !c.is_alphanumeric() && c != ')';
    label.trim().trim_matches(marks)
}

/// A line of marks, or a heading between marks.
pub(super) fn is_divider(text: &str) -> bool {
    let marks = |c: char| matches!(c, '-' | '=' | '_' | '*' | '~' | '#' | '+');
    let lead = text.chars().take_while(|c| marks(*c)).count();
    lead >= 5 || lead >= 3 && text.ends_with("---")
}

/// The subject field of the header that a report sums up.
pub(super) fn is_subject_line(text: &str) -> bool {
    // Most lines end here, before anything is copied.
    let near = memchr::memchr2(b':', b'\t', text.as_bytes());
    if text.is_ascii() && near.is_none_or(|at| is_long(&text[..at])) {
        return false;
    }
    text.split_once([':', '\u{ff1a}', '\t'])
        .is_some_and(|(label, _)| words::is_subject_label(&bare(label)))
}

/// True if a label is longer than that of a subject ever is.
fn is_long(label: &str) -> bool {
    bare_of(label).len() > 40
}

/// A delivery that is no address: a program (`|/usr/bin/procmail`) or a file. The line
/// below says whose it is.
pub(super) fn is_delivery_target(text: &str) -> bool {
    let bare = text.trim_start_matches(['"', '<']);
    let program = bare
        .strip_prefix('|')
        .and_then(|t| t.trim_start().chars().next())
        .is_some_and(|c| c.is_alphanumeric() || matches!(c, '/' | '"' | '\''));
    let told = ["pipe to ", "save to ", "autoreply to "];
    program || told.iter().any(|t| bare.starts_with(t))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i3_places_of_addresses() {
        for (line, want, label) in [
            ("<u@example.com>: no such user", Place::Led, ""),
            ("Recipient: u@example.com", Place::Led, "recipient"),
            ("Unknown user: u@example.com", Place::Led, "unknown user"),
            (
                "User mailbox exceeds allowed size: u@example.com",
                Place::Led,
                "user mailbox exceeds allowed size",
            ),
            (
                "Failed to deliver to 'u@example.com'",
                Place::Led,
                "failed to deliver to",
            ),
            ("  u@example.com (Mailbox full)", Place::Alone, ""),
            ("2. u@example.com - no such user", Place::Start, ""),
            ("Una User <u@example.com>", Place::Alone, ""),
            ("u@example.com on Mon, 2 Mar 1998", Place::Start, ""),
            ("Sent <<< RCPT TO:<u@example.com>", Place::Led, "rcpt to"),
            ("Sent <<< MAIL FROM:<u@example.com>", Place::Sentence, ""),
            ("Ordered by: u@example.com", Place::Sentence, ""),
            ("mail to u@example.com", Place::Sentence, ""),
        ] {
            let got = spot(line).unwrap();
            assert_eq!((got.place, got.label.as_str()), (want, label), "{line}");
        }
    }

    #[test]
    fn i3_lines_without_an_address() {
        for (line, target, subject) in [
            ("|/usr/bin/procmail -a", true, false),
            ("\"|/usr/bin/procmail\"", true, false),
            ("pipe to |/usr/local/bin/deliver", true, false),
            ("|----- Message log follows: -----|", false, false),
            ("Betreff:\tRechnung", false, true),
            ("\u{4e3b}\u{9898}\u{ff1a}x", false, true),
            ("Reason: no such subject", false, false),
        ] {
            let got = (is_delivery_target(line), is_subject_line(line));
            assert_eq!(got, (target, subject), "{line}");
        }
    }
}
