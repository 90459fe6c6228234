//! When the reply itself says to come back: "try again in 5 minutes".

use crate::phrases::Phrases;
use regex::Regex;
use std::sync::LazyLock;
use std::time::Duration;

/// Longer waits are no advice about a retry but a misread number.
const LONGEST: Duration = Duration::from_secs(7 * 24 * 3600);

/// A cue, at most a few small words, then the wait. A number of minutes without
/// a cue is mostly a rate ("100 messages in 60 minutes") or a timeout.
static WAIT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)
        (?: \b(?: wait | gr[ea]y-?list(?:ed|ing)? )\b [\s:,.(]* (?: (?: for | is | be | in\ effect | active )\b [\s:,.(]* ){0,3}
          | \b(?: try | retry | retrying | come\ back | resend | re-send | send\ again | reconnect | resubmit
                | bitte | erneut | nochmal | r\u{e9}essay\w+ | reessay\w+ | riprov\w+ | reintent\w+ | tente\w* )\b [\s:,.(]*
            (?: (?: again | back | later | sending | message | mail | it | your | please | in | after | about | at\ least | another
                  | nach | dans | apr\u{e8}s | tra | fra | en | em | novamente | de\ nouveau | versuchen | erneut )\b [\s:,.(]* ){0,6} )
        (?: (?<clock> \d{1,2}:\d{2}:\d{2} )\b
          | (?<first> \d{1,6} ) \s* (?<unit> h(?:ours?|rs?)? | stunden? | heures? | ore | ora | horas?
              | m(?:in(?:s|utes?|uten|uti|uto|utos)?)? | s(?:ec(?:s|onds?|ondi)?|ekunden|econdes?|egundos)? | days? | tage?n? )\b
            (?: [\s,]* (?:and|und|et)? \s* (?<second> \d{1,4} ) \s* (?<second_unit> m(?:in(?:s|utes?)?)? | s(?:ec(?:s|onds?)?)? )\b )? )",
    )
    .ok()
});

/// What stands in every cue: the expression takes some milliseconds to build, and most
/// replies need none.
static CUES: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::ignoring_case([
        "wait",
        "grey",
        "gray",
        "try",
        "come back",
        "send",
        "reconnect",
        "resubmit",
        "bitte",
        "erneut",
        "nochmal",
        "essay",
        "riprov",
        "reintent",
        "tente",
    ])
});

/// How long the reply asks to wait before the next try; `None` if it does not
/// say, or names over seven days. Read are forms such as `try again in 5 minutes`,
/// `greylisted for 300 seconds`, `please come back in 00:04:52`.
pub fn retry_hint(text: &str) -> Option<Duration> {
    // Beyond ASCII other letters may stand for those of the cues.
    if text.is_ascii() && !CUES.stand_in(text) {
        return None;
    }
    let found = WAIT.as_ref()?.captures(text)?;
    let part = |number, unit| {
        let n: u64 = found.name(number)?.as_str().parse().ok()?;
        Some(n * seconds_in(found.name(unit)?.as_str()))
    };
    let seconds = match found.name("clock") {
        Some(clock) => of_clock(clock.as_str())?,
        None => part("first", "unit")? + part("second", "second_unit").unwrap_or(0),
    };
    let wait = Duration::from_secs(seconds);
    (!wait.is_zero() && wait <= LONGEST).then_some(wait)
}

fn of_clock(clock: &str) -> Option<u64> {
    clock
        .split(':')
        .try_fold(0, |sum, n| Some(sum * 60 + n.parse::<u64>().ok()?))
}

fn seconds_in(unit: &str) -> u64 {
    match unit.chars().next().map(|c| c.to_ascii_lowercase()) {
        Some('m') => 60,
        Some('d' | 't') => 24 * 3600,
        Some('h' | 'o') => 3600,
        Some('s') if unit.to_ascii_lowercase().starts_with("st") => 3600,
        _ => 1,
    }
}

/// A wait in words: `5 minutes`, `1 hour 30 minutes`.
pub fn in_words(wait: Duration) -> String {
    let s = wait.as_secs();
    let parts: Vec<String> = [
        (s / 86_400, "day"),
        (s / 3600 % 24, "hour"),
        (s / 60 % 60, "minute"),
        (s % 60, "second"),
    ]
    .iter()
    .filter(|(n, _)| *n > 0)
    .map(|(n, unit)| format!("{n} {unit}{}", if *n == 1 { "" } else { "s" }))
    .collect();
    if parts.is_empty() {
        "0 seconds".to_owned()
    } else {
        parts.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t1_waits_that_the_reply_names() {
        for (text, seconds) in [
            ("450 4.2.0 Greylisted, please try again in 5 minutes", 300),
            ("451 4.7.1 Greylisted for 300 seconds", 300),
            (
                "450 Greylisting in action, please come back in 00:04:52",
                292,
            ),
            ("451 Please retry in 15 min.", 900),
            ("421 4.7.0 Try again later, in 2 hours", 7200),
            ("452 Too many messages, please wait 30 seconds before", 30),
            ("450 try again after 600s", 600),
            ("450 please try again in 4 minutes and 30 seconds", 270),
            ("451 Please try again later in about 1 hour", 3600),
            ("450 Bitte in 10 Minuten erneut versuchen", 600),
            ("450 Bitte erneut versuchen in 10 Minuten", 600),
            ("450 Bitte erneut in 2 Stunden", 7200),
            ("450 Veuillez réessayer dans 5 minutes", 300),
            ("450 riprovare tra 10 minuti", 600),
            ("450 You sent 100 messages in 60 minutes", 0),
            (
                "421 Try again later. Connection timed out after 30 seconds",
                0,
            ),
            ("450 try again in 900 hours", 0),
            ("451 try again later", 0),
            (
                "Your message is delayed for 4 hours, we will retry for 5 days",
                0,
            ),
            ("will continue to try for 3 days", 0),
            ("450 retry in 0 seconds", 0),
            ("450 try again in 999999 days", 0),
            ("", 0),
        ] {
            let want = (seconds > 0).then(|| Duration::from_secs(seconds));
            assert_eq!(retry_hint(text), want, "{text}");
        }
    }

    #[test]
    fn t1_waits_in_words() {
        for (seconds, words) in [
            (1, "1 second"),
            (300, "5 minutes"),
            (5400, "1 hour 30 minutes"),
            (172_801, "2 days 1 second"),
            (0, "0 seconds"),
        ] {
            assert_eq!(in_words(Duration::from_secs(seconds)), words);
        }
    }

    #[test]
    fn t1_the_expression_is_valid() {
        assert!(WAIT.is_some());
    }
}
