//! The gate of a rule: what must hold of the reply's codes, stage and sender.
//!
//! Terms are joined by commas (all must hold), alternatives by `|`, and `!` negates:
//!
//! ```text
//! -                       no condition
//! 550|554   4xx   5xx     the SMTP code, its class (else the enhanced code's class)
//! 5.7.1   x.2.2   5.1.x   5.7.606-649    the enhanced code
//! cmd=RCPT|DATA           the stage of the dialogue, where it is known
//! at=google|apple         who replied
//! weak                    vague wording: 0.78, gives way to a specific enhanced code
//! held                    a guess: 0.60, so that a person looks at it
//! ```

use super::provider::Providers;
use crate::code::Enhanced;
use crate::vocab::Command;

/// What gates look at: the codes and surroundings of one reply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Facts {
    /// The SMTP code.
    pub smtp: Option<u16>,
    /// The enhanced code.
    pub enhanced: Option<Enhanced>,
    /// The stage of the dialogue.
    pub command: Option<Command>,
    /// Who can have written the reply.
    pub providers: Providers,
}

impl Facts {
    /// 2, 4 or 5: what the reply says of itself; the SMTP code speaks first
    /// (Gmail documents `421 5.7.32`).
    pub fn class(&self) -> Option<u16> {
        self.smtp
            .map(|c| c / 100)
            .or(self.enhanced.map(|e| u16::from(e.class)))
    }
}

/// How sure a rule is of its wording.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strength {
    /// The words say it.
    #[default]
    Plain,
    /// The words often say it.
    Weak,
    /// The words hint at it.
    Held,
}

/// The conditions of one rule.
#[derive(Clone, Debug, Default)]
pub struct Gate {
    terms: Vec<Term>,
    /// How sure the rule is.
    pub strength: Strength,
}

#[derive(Clone, Debug)]
struct Term {
    negated: bool,
    any: Vec<Test>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Test {
    Smtp(u16),
    Class(u16),
    Enhanced {
        class: Option<u8>,
        subject: Option<u16>,
        detail: Option<(u16, u16)>,
    },
    Command(Command),
    At(Providers),
}

impl Gate {
    /// Reads the gate column of a rule; `Err` names the term that is wrong.
    pub fn parse(column: &str) -> Result<Gate, String> {
        let mut gate = Gate::default();
        for term in column.split(',').map(str::trim) {
            match term {
                "-" => {}
                "weak" => gate.strength = Strength::Weak,
                "held" => gate.strength = Strength::Held,
                _ => gate.terms.push(Term::parse(term)?),
            }
        }
        Ok(gate)
    }

    /// True if every term holds.
    pub fn admits(&self, facts: &Facts) -> bool {
        self.terms.iter().all(|t| t.holds(facts))
    }

    /// True if the gate names who must have replied.
    pub fn names_provider(&self) -> bool {
        self.has(|t| matches!(t, Test::At(_)))
    }

    /// True if the gate names a status code, so that a rule needs no text.
    pub fn names_code(&self) -> bool {
        self.has(|t| matches!(t, Test::Smtp(_) | Test::Enhanced { .. }))
    }

    fn has(&self, kind: impl Fn(&Test) -> bool) -> bool {
        self.terms
            .iter()
            .any(|t| !t.negated && t.any.iter().any(&kind))
    }
}

impl Term {
    fn parse(term: &str) -> Result<Term, String> {
        let wrong = || format!("`{term}` is no condition");
        let (negated, body) = match term.strip_prefix('!') {
            Some(b) => (true, b),
            None => (false, term),
        };
        let (key, values) = body.split_once('=').unwrap_or(("", body));
        let any = values
            .split('|')
            .map(|v| match key {
                "cmd" => Command::from_word(v).map(Test::Command),
                "at" => Providers::named(v).map(Test::At),
                "" => code_test(v),
                _ => None,
            })
            .collect::<Option<Vec<Test>>>()
            .ok_or_else(wrong)?;
        Ok(Term { negated, any })
    }

    fn holds(&self, facts: &Facts) -> bool {
        self.any.iter().any(|t| t.holds(facts)) != self.negated
    }
}

fn code_test(word: &str) -> Option<Test> {
    match word {
        "4xx" => return Some(Test::Class(4)),
        "5xx" => return Some(Test::Class(5)),
        _ => {}
    }
    let mut parts = word.split('.');
    let (first, subject, detail) = (parts.next()?, parts.next(), parts.next());
    let (Some(subject), Some(detail), None) = (subject, detail, parts.next()) else {
        return crate::code::smtp_code(word.as_bytes()).map(Test::Smtp);
    };
    let class = match first {
        "x" => None,
        "2" | "4" | "5" => Some(first.parse().ok()?),
        _ => return None,
    };
    let subject = match subject {
        "x" => None,
        s => Some(s.parse().ok()?),
    };
    let detail = match detail.split_once('-') {
        _ if detail == "x" => None,
        Some((low, high)) => Some((low.parse().ok()?, high.parse().ok()?)),
        None => Some((detail.parse().ok()?, detail.parse().ok()?)),
    };
    Some(Test::Enhanced {
        class,
        subject,
        detail,
    })
}

impl Test {
    fn holds(&self, facts: &Facts) -> bool {
        match *self {
            Test::Smtp(code) => facts.smtp == Some(code),
            Test::Class(class) => facts.class() == Some(class),
            Test::Command(command) => facts.command == Some(command),
            Test::At(providers) => facts.providers.meets(providers),
            Test::Enhanced {
                class,
                subject,
                detail,
            } => facts.enhanced.is_some_and(|e| {
                class.is_none_or(|c| c == e.class)
                    && subject.is_none_or(|s| s == e.subject)
                    && detail.is_none_or(|(low, high)| (low..=high).contains(&e.detail))
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c2_gates() {
        let facts = Facts {
            smtp: Some(550),
            enhanced: "5.7.606".parse().ok(),
            command: Some(Command::Rcpt),
            providers: Providers::named("microsoft").unwrap(),
        };
        for (gate, want) in [
            ("-", true),
            ("550", true),
            ("554|550", true),
            ("!550", false),
            ("5xx", true),
            ("4xx", false),
            ("5.7.606", true),
            ("x.7.600-649", true),
            ("x.7.x", true),
            ("5.7.1", false),
            ("cmd=RCPT,at=google|microsoft,5xx", true),
            ("cmd=DATA", false),
            ("!cmd=DATA,weak", true),
            ("at=google", false),
        ] {
            assert_eq!(Gate::parse(gate).unwrap().admits(&facts), want, "{gate}");
        }
        assert!(Gate::parse("cmd=RCPT").unwrap().names_provider().eq(&false));
    }

    #[test]
    fn c2_the_smtp_code_tells_the_class() {
        let facts = Facts {
            smtp: Some(421),
            enhanced: "5.7.32".parse().ok(),
            ..Facts::default()
        };
        assert!(Gate::parse("4xx").unwrap().admits(&facts));
    }

    #[test]
    fn c2_bad_gates_are_refused() {
        for gate in [
            "55",
            "at=nobody",
            "cmd=rcpt",
            "when=now",
            "7xx",
            "5.a.1",
            "",
        ] {
            assert!(Gate::parse(gate).is_err(), "{gate}");
        }
    }
}
