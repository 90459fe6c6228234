//! What cells say where the names of their columns do not.
//!
//! Only for tables that no profile knows, and only what a cell can hardly mean
//! otherwise: a reply that begins with its code, the one word of an event.

use crate::code;
use crate::row::{Key, fold};

/// What is looked for among the columns that nothing reads.
#[derive(Clone, Copy, Debug, Default)]
pub struct Guess {
    reply: bool,
    kind: bool,
}

impl Guess {
    /// For a table that has columns of these keys.
    pub fn of(keys: &[Key]) -> Guess {
        let none = |wanted: Key| !keys.contains(&wanted);
        Guess {
            reply: none(Key::Reply),
            kind: none(Key::Kind) && none(Key::Bounced) && none(Key::Class),
        }
    }

    /// Whether cells that name an event are looked for.
    pub fn looks_for_events(self) -> bool {
        self.kind
    }

    /// What a cell is, if it says so.
    pub fn key(self, cell: &str) -> Option<Key> {
        if self.reply && is_reply(cell) {
            return Some(Key::Reply);
        }
        (self.kind && is_event(cell)).then_some(Key::Kind)
    }

    /// What is looked for, for a person.
    pub fn told(self) -> &'static str {
        match (self.reply, self.kind) {
            (true, true) => "; cells that begin with a reply code or name an event are read",
            (true, false) => "; cells that begin with a reply code are read",
            (false, true) => "; cells that name an event are read",
            (false, false) => "",
        }
    }
}

/// Words of replies: what begins with a number alone may be the number of a house.
const OF_MAIL: &[&str] = &[
    "mail",
    "user",
    "recipient",
    "account",
    "unknown",
    "reject",
    "denied",
    "block",
    "spam",
    "full",
    "quota",
    "service",
    "message",
    "domain",
    "deliver",
    "relay",
    "policy",
    "unavailable",
    "temporar",
    "benutzer",
    "postfach",
    "utilisateur",
    "usuario",
    "casella",
];

/// `550 user unknown`, `smtp;552 5.2.2 full`, `5.1.1 (bad destination)`: a code and words.
fn is_reply(cell: &str) -> bool {
    let text = cell.trim_start();
    let text = match text.get(..5) {
        Some(kind) if kind.eq_ignore_ascii_case("smtp;") => {
            text.get(5..).unwrap_or("").trim_start()
        }
        _ => text,
    };
    let enhanced = code::find_enhanced(text).map(|(_, at)| at.start);
    if enhanced == Some(0) {
        return text.chars().filter(|c| c.is_alphabetic()).take(3).count() == 3;
    }
    let basic = code::find_smtp_code(text).is_some_and(|(code, at)| code >= 400 && at.start == 0);
    let of_mail = || {
        let lower = text.to_lowercase();
        OF_MAIL.iter().any(|word| lower.contains(word))
    };
    basic && (enhanced.is_some_and(|at| at <= 5) || of_mail())
}

fn is_event(cell: &str) -> bool {
    // Longer cells are no words for events.
    cell.len() <= 20
        && matches!(
            fold(cell).as_str(),
            "delivered"
                | "bounced"
                | "bounce"
                | "hardbounce"
                | "softbounce"
                | "hardbounced"
                | "softbounced"
                | "deferred"
                | "dropped"
                | "opened"
                | "clicked"
                | "complained"
                | "complaint"
                | "spamreport"
                | "unsubscribed"
                | "unsubscribe"
                | "zugestellt"
                | "undelivered"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i5_what_a_cell_says() {
        let all = Guess::of(&[Key::Recipient]);
        for (cell, expected) in [
            ("550 5.1.1 user unknown", Some(Key::Reply)),
            ("smtp;552 5.2.2 mailbox full", Some(Key::Reply)),
            ("5.1.1 (bad destination mailbox address)", Some(Key::Reply)),
            ("550", None),
            ("550 no such user", Some(Key::Reply)),
            ("450 Main Street", None),
            ("250 2.0.0 ok queued", None),
            ("Hard Bounce", Some(Key::Kind)),
            ("delivered", Some(Key::Kind)),
            ("Delivered to the door", None),
            ("u@example.com", None),
            ("", None),
        ] {
            assert_eq!(all.key(cell), expected, "{cell}");
        }
        let none = Guess::of(&[Key::Reply, Key::Kind]);
        assert_eq!(none.key("550 5.1.1 user unknown"), None);
    }
}
