//! The stage of the SMTP dialogue, as notifications word it.

use crate::phrases::Phrases;
use crate::vocab::Command;
use std::sync::LazyLock;

/// Wording → stage. The first row that stands in the text decides.
///
/// Sources: Postfix (`in reply to … command`), Exim (`after RCPT TO`), sendmail
/// (`>>> RCPT`), Exchange (`in response to`), PowerMTA (`while not connected`),
/// qmail-remote (`does not like recipient`).
const WORDING: &[(&str, Command)] = &[
    ("end of data", Command::Data),
    ("end-of-data", Command::Data),
    ("in reply to data", Command::Data),
    ("in response to data", Command::Data),
    ("after data", Command::Data),
    ("at the end of the message", Command::Data),
    ("sending message body", Command::Data),
    ("in reply to rcpt to", Command::Rcpt),
    ("in response to rcpt", Command::Rcpt),
    ("response to rcpt", Command::Rcpt),
    ("after rcpt to", Command::Rcpt),
    ("after pipelined rcpt", Command::Rcpt),
    ("rcpt to command", Command::Rcpt),
    ("in reply to mail from", Command::Mail),
    ("in response to mail from", Command::Mail),
    ("after mail from", Command::Mail),
    ("after pipelined mail from", Command::Mail),
    ("mail from command", Command::Mail),
    ("in reply to helo", Command::Ehlo),
    ("in reply to ehlo", Command::Ehlo),
    ("after helo", Command::Ehlo),
    ("after ehlo", Command::Ehlo),
    ("in reply to starttls", Command::StartTls),
    ("after starttls", Command::StartTls),
    ("in reply to auth", Command::Auth),
    ("after auth", Command::Auth),
    ("after initial connection", Command::Conn),
    ("while performing the initial", Command::Conn),
    ("initial server greeting", Command::Conn),
    ("connected but greeting failed", Command::Conn),
    ("refused to talk to me", Command::Conn),
    ("while not connected", Command::Conn),
    // qmail-remote.
    ("does not like recipient", Command::Rcpt),
    ("but sender was rejected", Command::Mail),
    ("but my name was rejected", Command::Ehlo),
    ("but greeting failed", Command::Conn),
    ("failed on data command", Command::Data),
    ("failed after i sent the message", Command::Data),
    (">>> rcpt", Command::Rcpt),
    (">>> mail", Command::Mail),
    (">>> data", Command::Data),
    (">>> ehlo", Command::Ehlo),
    (">>> helo", Command::Ehlo),
    (">>> quit", Command::Quit),
    ("rcpt to:", Command::Rcpt),
];

/// Finds all of the wording in one pass.
static FINDER: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::ignoring_case(WORDING.iter().map(|(words, _)| words)));

/// Where in the dialogue a reply was given, if its text or surroundings say so.
///
/// A gateway may have wrapped the lines within the wording.
pub fn command_in(text: &str) -> Option<Command> {
    stage(text).or_else(|| {
        let wrapped = text.contains('\n');
        wrapped.then(|| stage(&text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")))?
    })
}

fn stage(text: &str) -> Option<Command> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    FINDER.each(text, |f| {
        if ends_word(text, f.range.end) {
            found.push((f.phrase, f.range.start));
        }
    });
    let (row, _) = found.iter().min()?;
    let (words, command) = WORDING.get(*row)?;
    if !words.starts_with(">>>") {
        return Some(*command);
    }
    // A pipelining client has sent DATA before it read the refusal of the recipient.
    let lower = text.to_ascii_lowercase();
    let unheard = ["need rcpt", "no valid recipients", "no recipients"];
    if unheard.iter().any(|w| lower.contains(w)) {
        return Some(Command::Rcpt);
    }
    // A transcript has several commands: the last one is what was answered.
    let (last, _) = found
        .iter()
        .filter(|(row, _)| WORDING.get(*row).is_some_and(|w| w.0.starts_with(">>>")))
        .max_by_key(|(_, at)| *at)?;
    WORDING.get(*last).map(|w| w.1)
}

/// True if no letter follows (`after data`, not `after database`).
fn ends_word(text: &str, end: usize) -> bool {
    let next = text.get(end..).and_then(|t| t.chars().next());
    !next.is_some_and(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c2_stage_from_wording() {
        for (text, want) in [
            ("550 x (in reply to RCPT TO command)", Some(Command::Rcpt)),
            (
                "554 x (in reply to end of DATA command)",
                Some(Command::Data),
            ),
            ("550 x (in reply to MAIL FROM command)", Some(Command::Mail)),
            (
                "SMTP error from remote mail server after RCPT TO:<a@b.example>",
                Some(Command::Rcpt),
            ),
            ("after end of data: 550", Some(Command::Data)),
            // Wrapped by a gateway.
            ("after MAIL\n  FROM:<a@b.example>: 550", Some(Command::Mail)),
            ("error after initial connection: 554", Some(Command::Conn)),
            (
                ">>> MAIL From:<a@b.example>\n<<< 250 ok\n>>> RCPT To:<c@d.example>\n<<< 550 no",
                Some(Command::Rcpt),
            ),
            (
                ">>> RCPT To:<c@d.example>\n<<< 250 ok\n>>> DATA\n<<< 550 no",
                Some(Command::Data),
            ),
            (
                ">>> DATA\n<<< 550 5.1.1 no\n<<< 503 5.0.0 Need RCPT (recipient)",
                Some(Command::Rcpt),
            ),
            ("user unknown", None),
            ("after database error", None),
            ("", None),
        ] {
            assert_eq!(command_in(text), want, "{text}");
        }
    }
}
