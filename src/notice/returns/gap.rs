//! What stands between a cue and its date.

use super::names::{self, Name};

/// Words that may stand between a tight cue and its date.
const FILLING: &str = "the den dem der die zum am le la les el il lo o a os as de feira du di da do dia jour \
    giorno dag dnia d on and und og och about approximately approx ca circa environ etwa \
    voraussichtlich mit including incl inclusive einschliesslich inklusive inkl uhr h pm end \
    of close noon morning evening mo mi fr sa so next this kommenden nachsten prochain \
    proximo prossimo ngay tanggal datum τις την to σας um kl ao dne ende tego i komende \
    volgende nasta inkludert";

/// Longer abbreviations: others of more than three letters end a sentence.
const SHORT_FORMS: &[&str] = &[
    "sept", "tues", "thur", "thurs", "einschl", "inkl", "incl", "approx", "voraus", "vorauss",
    "inclus", "janv", "fevr", "juil",
];

/// An article, a preposition, "about".
pub fn is_filler(word: &str) -> bool {
    FILLING.split(' ').any(|w| w == word)
}

/// Only filling words, weekdays, numbers and marks.
pub fn is_filling(gap: &str) -> bool {
    gap.split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .all(|w| {
            is_filler(w)
                || w.starts_with(|c: char| c.is_ascii_digit())
                || matches!(names::get(w), Some(Name::Weekday(_)))
        })
}

/// True if no sentence ends in the gap; "Mon. 3" and "approx. 3" do not end one.
pub fn same_sentence(gap: &str) -> bool {
    let mut from = 0;
    for (at, c) in gap.char_indices() {
        let ends = match c {
            '\n' | '!' | '?' | '。' => true,
            '.' => {
                let word = gap.get(from..at).unwrap_or_default();
                let long = word.chars().count() > 3 && word.chars().all(char::is_alphabetic);
                let blank = gap.get(at + 1..).is_some_and(|r| r.starts_with(' '));
                blank && (long || at == 0) && !SHORT_FORMS.contains(&word)
            }
            _ => false,
        };
        if ends {
            return false;
        }
        if !c.is_alphanumeric() {
            from = at + c.len_utf8();
        }
    }
    true
}
