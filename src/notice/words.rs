//! The words that mail systems use: which mail reports a failure, which a delay, which
//! line announces the returned message.

mod said;

pub use said::Said;

use crate::message::lines::lines;
use crate::phrases::Phrases;
use crate::vocab::Kind;
use said::Told;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

/// Phrases of one meaning, in many languages: tab-separated `set phrase`.
const PHRASES: &str = include_str!("words.tsv");

fn set(name: &str) -> Vec<&'static str> {
    PHRASES
        .lines()
        .filter_map(|l| l.split_once('\t'))
        .filter(|(s, _)| *s == name)
        .map(|(_, p)| p)
        .collect()
}

/// The phrases of a set, those with an apostrophe also with the typographic one.
fn spellings(name: &str) -> Vec<String> {
    let curly = |p: &&str| p.contains('\'').then(|| p.replace('\'', "\u{2019}"));
    let plain = set(name);
    let curled: Vec<String> = plain.iter().filter_map(curly).collect();
    plain.into_iter().map(str::to_owned).chain(curled).collect()
}

fn finder(name: &str) -> Phrases {
    Phrases::ignoring_case(spellings(name))
}

/// True if any phrase of the set stands in the text (ASCII case does not matter;
/// the phrases of other scripts are listed in the cases they come in).
fn has(set: &LazyLock<Phrases>, text: &str) -> bool {
    set.stand_in(text)
}

/// The same for phrases that are listed in lower case: the case of any letter of the text
/// does not matter.
fn has_lower(set: &LazyLock<Phrases>, text: &str) -> bool {
    if text.is_ascii() {
        has(set, text)
    } else {
        has(set, &text.to_lowercase())
    }
}

static FAILURE_SUBJECT: LazyLock<Phrases> = LazyLock::new(|| finder("failure-subject"));
static NO_REPORT_SUBJECT: LazyLock<Phrases> = LazyLock::new(|| finder("no-report-subject"));
static DELAY_SUBJECT: LazyLock<Phrases> = LazyLock::new(|| finder("delay-subject"));
static FINAL: LazyLock<Phrases> = LazyLock::new(|| finder("final"));
static SUCCESS: LazyLock<Phrases> = LazyLock::new(|| finder("success"));
static SUCCESS_SUBJECT: LazyLock<Phrases> = LazyLock::new(|| finder("success-subject"));
static RETURNED: LazyLock<Phrases> = LazyLock::new(|| finder("returned"));
static CAUSE_LABEL: LazyLock<Phrases> = LazyLock::new(|| finder("cause-label"));
static CAUSE_WORD: LazyLock<Phrases> = LazyLock::new(|| finder("cause-word"));
static LIST_HEAD: LazyLock<Phrases> = LazyLock::new(|| finder("list-head"));
static LABELS: LazyLock<HashSet<&str>> = LazyLock::new(|| set("label").into_iter().collect());
static TO_LABELS: LazyLock<HashSet<&str>> = LazyLock::new(|| set("to-label").into_iter().collect());
static SUBJECT_LABELS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| set("subject-label").into_iter().collect());

/// True for a label, lower case, behind which systems write the failed recipient.
pub fn is_label(label: &str) -> bool {
    // `Intended recipients`, `Rejected recipient`: whatever leads it, the noun decides.
    const NOUNS: &[&str] = &["recipient", "recipients", "recipient(s)", "addressee"];
    LABELS.contains(label) || label.rsplit(' ').next().is_some_and(|n| NOUNS.contains(&n))
}

/// True for the labels, lower case, that a header summed up has before its recipients.
pub fn is_to_label(label: &str) -> bool {
    TO_LABELS.contains(label)
}

/// True for the labels, lower case, that a header summed up has before its subject.
pub fn is_subject_label(label: &str) -> bool {
    SUBJECT_LABELS.contains(label)
}

/// True if a label says that the cause follows.
pub fn introduces_cause(label: &str) -> bool {
    has_lower(&CAUSE_LABEL, label)
}

/// True if a label is the cause itself: `Unknown user: …`.
pub fn names_cause(label: &str) -> bool {
    has_lower(&CAUSE_WORD, label)
}

/// True if a sentence says why, not only that, deliveries failed.
pub fn gives_cause(text: &str) -> bool {
    has_lower(&CAUSE_WORD, text) || text.to_lowercase().contains("because")
}

/// A line that introduces a list of recipients; it belongs to none of them.
pub fn introduces_list(text: &str) -> bool {
    text.strip_suffix([':', '\u{ff1a}']).is_some_and(|head| {
        has_lower(&LIST_HEAD, head) && crate::code::find_smtp_code(head).is_none()
    })
}

/// A line that says whom to ask for help: the addresses in and below it failed nobody.
pub fn asks_contact(text: &str) -> bool {
    Said::in_line(text).asks_contact(text)
}

/// True if a subject announces a failed or delayed delivery.
pub fn failure_subject(subject: &str) -> bool {
    // Trackers and people quote the subject of a report in theirs.
    let quoted = |at: usize| {
        let before = subject.get(..at).unwrap_or_default();
        before.len() > 3 && before.ends_with(['"', '\u{201c}', '\u{201e}', '\u{ab}'])
    };
    let announced = |set: &Phrases| set.apart(subject).any(|found| !quoted(found.range.start));
    announced(&FAILURE_SUBJECT) || announced(&DELAY_SUBJECT)
}

/// True if a subject begins with the words of a failed delivery, at most two plain ones
/// before them: `Mail delivery failed`, `Your message could not be delivered`.
pub fn opens_with_failure(subject: &str) -> bool {
    let first = FAILURE_SUBJECT.first(subject);
    let before = first.and_then(|found| subject.get(..found.range.start));
    before.is_some_and(|before| {
        let plain = |c: char| c.is_alphabetic() || c == ' ' || c == '-';
        before.chars().all(plain) && before.split(' ').count() <= 3
    })
}

/// True for the subjects of tickets, questions and articles about failures: `[RT #7] …`,
/// `What does "undeliverable" mean?`.
pub fn is_talked_of(subject: &str) -> bool {
    let subject = subject.trim();
    let marks = ['?', '\u{ff1f}', '"', '\u{201c}', '\u{201e}', '\u{ab}'];
    subject.starts_with('[') || subject.contains(marks)
}

/// True for notes to the postmaster that report no recipient of a mail of ours.
pub fn no_report_subject(subject: &str) -> bool {
    has(&NO_REPORT_SUBJECT, subject)
}

/// True if a text says that a mail was not delivered (yet).
pub fn says_failure(text: &str) -> bool {
    Said::in_text(text).says_failure()
}

/// True if a text says that a mail was not delivered; that it is late is not enough.
pub fn says_failed(text: &str) -> bool {
    Said::in_text(text).says_failed()
}

/// Where the words that announce a returned message stand in a line.
pub fn returned_in_line(line: &str) -> impl Iterator<Item = Range<usize>> {
    RETURNED.apart(line).map(|found| found.range)
}

/// The words that announce a returned message, where a line begins with them.
pub fn returned_at_start(line: &str) -> Option<Range<usize>> {
    RETURNED.at_start(line).map(|found| found.range)
}

/// True if a text says that a mail was delivered.
pub fn says_success(text: &str) -> bool {
    has(&SUCCESS, text)
}

/// True if a mail says at once, in subject and text, that another was delivered.
pub fn is_receipt(subject: &str, human: &str) -> bool {
    success_subject(subject) && has(&SUCCESS, clip(human, 4096))
}

/// True if a subject begins as that of a receipt (`Delivered: …`), or says so and
/// nothing of a failure; `Undelivered: …` and `Not delivered: …` do not.
pub fn success_subject(subject: &str) -> bool {
    let subject = subject.trim_start();
    let first = SUCCESS_SUBJECT.at_start(subject);
    let negated = |at: usize| {
        let before = subject.get(..at).unwrap_or_default().to_lowercase();
        ["un", "not ", "non ", "non-", "be "]
            .iter()
            .any(|n| before.ends_with(n))
    };
    let mut said = SUCCESS.apart(subject);
    first.is_some() || said.any(|m| !negated(m.range.start)) && !failure_subject(subject)
}

/// True for a line that quotes the subject of the returned message: it may speak of
/// anything, also of deliveries.
fn quotes_subject(line: &str) -> bool {
    let label = before_colon(line).map(str::trim);
    label.is_some_and(|l| l.len() < 20 && is_subject_label(&l.to_lowercase()))
}

/// What stands before the first colon, narrow or wide.
fn before_colon(line: &str) -> Option<&str> {
    let ascii = memchr::memchr(b':', line.as_bytes());
    let head = ascii.and_then(|at| line.get(..at)).unwrap_or(line);
    let wide = match head.is_ascii() {
        true => None,
        false => head.find('\u{ff1a}'),
    };
    match wide {
        Some(at) => head.get(..at),
        None => ascii.map(|_| head),
    }
}

/// What subject and text say happened, where no field says it.
pub fn kind_of(subject: &str, human: &str) -> Kind {
    let head = || lines(clip(human, 4096)).filter(|l| !quotes_subject(l));
    let told = Told::in_lines(head());
    if told.delay || delay_subject(subject) {
        if !head().any(|line| has(&FINAL, line)) {
            return Kind::Delayed;
        }
    } else if told.success_first() || success_subject(subject) {
        return Kind::Delivered;
    }
    Kind::Failed
}

/// True for a reply that gives no cause: empty, or hardly more than a code.
pub fn is_thin(reply: &str) -> bool {
    // What Sendmail writes of its own beside the reply that it does not repeat.
    if reply.len() < 200
        && reply
            .trim_end()
            .to_lowercase()
            .ends_with("... service unavailable")
    {
        return true;
    }
    if reply.len() > 60 {
        return false;
    }
    let words = reply
        .split(|c: char| !c.is_alphabetic())
        .filter(|w| w.chars().count() > 2 && !w.eq_ignore_ascii_case("smtp"));
    words.take(2).count() < 2
}

/// True if a subject announces a delay before anything else. Behind the words of a
/// failure stands the subject of the returned message, which may say anything.
fn delay_subject(subject: &str) -> bool {
    let first = |set: &LazyLock<Phrases>| set.first(subject).map(|m| m.range.start);
    match (first(&DELAY_SUBJECT), first(&FAILURE_SUBJECT)) {
        (Some(delay), Some(failure)) => delay <= failure,
        (delay, _) => delay.is_some(),
    }
}

/// At most `max` bytes of a text, cut at a character border.
pub fn clip(text: &str, max: usize) -> &str {
    if text.len() <= max {
        return text;
    }
    let mut end = max;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i3_subjects_that_talk_of_a_failure() {
        for (subject, want) in [
            ("[RT #5501] Mail delivery failed", true),
            ("What to do about undeliverable mail?", true),
            ("Mail delivery failed: returning message to sender", false),
        ] {
            assert_eq!(is_talked_of(subject), want, "{subject}");
            assert_eq!(opens_with_failure(subject), !want, "{subject}");
        }
    }

    #[test]
    fn i3_subjects_that_announce_a_failure() {
        for (subject, want) in [
            ("Undelivered Mail Returned to Sender", true),
            ("\"Undeliverable\": offer", true),
            ("Ihre E-Mail ist unzustellbar", true),
            ("[Bug 7] Parser trips over \"Undelivered Mail\"", false),
            ("Was hei\u{df}t \u{201e}Undeliverable\u{201c}?", false),
            ("Your parcel is on its way", false),
        ] {
            assert_eq!(failure_subject(subject), want, "{subject}");
        }
    }

    #[test]
    fn c7_delays_and_failures_in_words() {
        for (subject, text, want) in [
            (
                "Warning: could not send message for past 4 hours",
                "will be retried",
                Kind::Delayed,
            ),
            (
                "Mail delivery failed",
                "This is a permanent error.",
                Kind::Failed,
            ),
            (
                "Delivery delayed: x",
                "no action is required on your part. Delivery attempts will continue",
                Kind::Delayed,
            ),
            (
                "Undeliverable: x",
                "delivery has been delayed and has now failed; giving up",
                Kind::Failed,
            ),
            (
                "Relayed: x",
                "Your message was successfully relayed to these recipients",
                Kind::Delivered,
            ),
            // The subject of the returned message speaks of something else.
            (
                "DELIVERY FAILURE: User x not listed",
                "Your message\n\n  Subject: Your post awaits moderator approval\n\nwas not delivered to:\n",
                Kind::Failed,
            ),
            // What went wrong on the way, told behind the success, does not matter.
            (
                "Delivery report",
                "Your message was successfully relayed to these recipients.\nThe first server could not be reached; delivery failed there.",
                Kind::Delivered,
            ),
            (
                "Delivery report",
                "Delivery to the following recipients failed.\nIt was successfully delivered to the others.",
                Kind::Failed,
            ),
        ] {
            assert_eq!(kind_of(subject, text), want, "{subject}");
        }
    }
}
