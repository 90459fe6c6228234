//! What a code means by the registries, in plain words.
//!
//! The words stand in `codes.tsv`: the IANA registry of enhanced status codes
//! (RFC 3463, RFC 5248) and the SMTP reply codes. A detail that nobody
//! registered falls back to its subject, then to its class (RFC 3463 §2).

use crate::code::Enhanced;
use std::collections::HashMap;
use std::sync::LazyLock;

static CODES: LazyLock<HashMap<&'static str, &'static str>> =
    LazyLock::new(|| rows(include_str!("codes.tsv")).collect());

fn rows(tsv: &str) -> impl Iterator<Item = (&str, &str)> {
    tsv.lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|l| l.split_once('\t'))
}

/// What the codes of a reply mean, a sentence each; `None` without any code
/// (reply codes outside 200–599 are none).
///
/// The enhanced code says more, so the reply code is told only where the
/// enhanced one is missing or generic (`x.0.0`).
pub fn meaning(smtp: Option<u16>, enhanced: Option<Enhanced>) -> Option<String> {
    let precise = enhanced.is_some_and(|e| !e.is_generic());
    let mut told: Vec<String> = Vec::with_capacity(3);
    told.extend(enhanced.map(of_enhanced));
    if !precise {
        told.extend(smtp.and_then(of_smtp));
    }
    if let (Some(code), Some(e)) = (smtp, enhanced) {
        told.extend(disagreement(code, e));
    }
    (!told.is_empty()).then(|| told.join(" "))
}

fn registered(code: Enhanced) -> Option<&'static str> {
    let (subject, detail) = code.tail();
    CODES.get(format!("X.{subject}.{detail}").as_str()).copied()
}

fn of_enhanced(code: Enhanced) -> String {
    let words = registered(code).map_or_else(
        || format!("{}; the number itself is not registered", fallback(code)),
        str::to_owned,
    );
    format!("{code} ({}): {words}.", class_word(code.class.into()))
}

fn fallback(code: Enhanced) -> &'static str {
    CODES
        .get(format!("X.{}", code.subject).as_str())
        .copied()
        .unwrap_or_else(|| of_class(code.class.into()))
}

fn of_smtp(code: u16) -> Option<String> {
    if !(200..600).contains(&code) {
        return None;
    }
    let words = CODES.get(code.to_string().as_str()).map_or_else(
        || {
            format!(
                "{}; the number itself is not standard",
                of_class(code / 100)
            )
        },
        |w| (*w).to_owned(),
    );
    Some(format!("{code} ({}): {words}.", class_word(code / 100)))
}

fn of_class(class: u16) -> &'static str {
    CODES
        .get(class.to_string().as_str())
        .copied()
        .unwrap_or_default()
}

const fn class_word(class: u16) -> &'static str {
    match class {
        2 => "success",
        3 => "in progress",
        4 => "temporary",
        _ => "permanent",
    }
}

/// Gmail documents `421 5.7.32`: what the two classes say of trying again differs.
fn disagreement(smtp: u16, enhanced: Enhanced) -> Option<String> {
    let (a, b) = (smtp / 100, u16::from(enhanced.class));
    ((4..=5).contains(&a) && a != b).then(|| {
        format!(
            "The codes disagree: {smtp} is {}, {enhanced} {}; mail servers go by {smtp}.",
            class_word(a),
            class_word(b)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(smtp: u16, enhanced: &str) -> Option<String> {
        meaning((smtp > 0).then_some(smtp), enhanced.parse().ok())
    }

    #[test]
    fn c10_codes_in_plain_words() {
        for (smtp, enhanced, want) in [
            (
                550,
                "5.1.1",
                "5.1.1 (permanent): there is no mailbox of that name at the domain.",
            ),
            (
                0,
                "4.2.2",
                "4.2.2 (temporary): the mailbox is full, or its owner is over the storage limit.",
            ),
            (
                0,
                "2.1.5",
                "2.1.5 (success): the recipient's address is valid.",
            ),
            (
                550,
                "5.1.99",
                "5.1.99 (permanent): a problem with one of the addresses; the number itself is not registered.",
            ),
            (
                0,
                "4.9.1",
                "4.9.1 (temporary): not taken this time; the same mail may pass later; the number itself is not registered.",
            ),
            (521, "", "521 (permanent): the host takes no mail at all."),
            (
                452,
                "4.0.0",
                "4.0.0 (temporary): the server names no cause; only the class and the text can tell more. \
                 452 (temporary): the server is short of storage, or the mail has too many recipients at once; try again later.",
            ),
            (
                421,
                "5.7.25",
                "5.7.25 (permanent): the sending IP has no valid reverse DNS name. \
                 The codes disagree: 421 is temporary, 5.7.25 permanent; mail servers go by 421.",
            ),
            (
                599,
                "",
                "599 (permanent): refused for good; the same mail to the same address will fail again; the number itself is not standard.",
            ),
        ] {
            assert_eq!(told(smtp, enhanced).as_deref(), Some(want));
        }
    }

    #[test]
    fn c10_no_code_no_meaning() {
        for smtp in [0, 99, 199, 600, 999] {
            assert_eq!(told(smtp, ""), None, "{smtp}");
        }
    }

    #[test]
    fn c10_the_whole_iana_registry() {
        let last = [
            (0, 0),
            (1, 10),
            (2, 4),
            (3, 6),
            (4, 7),
            (5, 6),
            (6, 10),
            (7, 30),
        ];
        let mut known = 0;
        for (subject, details) in last {
            for detail in 0..=details {
                let e = Enhanced {
                    class: 5,
                    subject,
                    detail,
                };
                assert!(registered(e).is_some(), "{e}");
                known += 1;
            }
        }
        assert_eq!(known, 81, "field facts: 81 entries");
    }

    #[test]
    fn c10_the_reply_codes_of_the_rfcs() {
        for code in [
            211, 214, 220, 221, 235, 250, 251, 252, 334, 354, 421, 432, 450, 451, 452, 453, 454,
            455, 458, 459, 500, 501, 502, 503, 504, 521, 523, 524, 525, 530, 534, 535, 538, 550,
            551, 552, 553, 554, 555, 556,
        ] {
            let text = of_smtp(code).unwrap();
            assert!(!text.contains("not standard"), "{text}");
        }
    }

    #[test]
    fn c10_no_code_twice_and_no_stray_marks() {
        let all: Vec<_> = rows(include_str!("codes.tsv")).collect();
        assert_eq!(all.len(), CODES.len(), "a code stands twice");
        for (code, words) in all {
            assert!(!words.contains('\t') && !words.ends_with('.'), "{code}");
            assert!(words.len() > 10 && words.len() < 130, "{code}: {words}");
        }
    }
}
