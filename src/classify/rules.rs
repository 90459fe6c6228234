//! The rules: one flat ordered list, the first that matches wins.
//!
//! A rules file has one rule a line, five columns separated by tabs, `#` lines as
//! comments:
//!
//! ```text
//! id    reason    gate    text    example
//! ```
//!
//! `id` is unique; `reason` a word of the vocabulary; `gate` the conditions (see
//! `gate.rs`); `text` the phrases (see `pattern.rs`) or `-` for a rule that decides
//! by its codes alone; `example` a whole reply line as received that this very rule
//! must win, or `-` in a user's file.
//!
//! One pass over the words of a reply finds the
//! longest literal of every phrase; only phrases found so are verified. Thousands
//! of rules cost little more than ten.

use super::gate::{Facts, Gate, Strength};
use super::pattern::Phrase;
use super::words::Words;
use crate::phrases::Phrases;
use crate::vocab::Reason;
use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::sync::LazyLock;

/// A line of a rules file that cannot be used, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub why: String,
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.why)
    }
}

impl std::error::Error for RuleError {}

/// Who decides first (C2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// A provider's own wording.
    ProviderText,
    /// A code that means something else, or something more, at this provider.
    ProviderCode,
    /// Wording, whoever wrote it.
    Text,
}

/// One rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name, unique in its file.
    pub id: String,
    /// What it decides.
    pub reason: Reason,
    /// A reply as received that it must win; empty if the file gives none.
    pub example: String,
    gate: Gate,
    matcher: Matcher,
}

#[derive(Clone, Debug)]
enum Matcher {
    Code,
    Phrases(Vec<Phrase>),
    Regex(regex::Regex),
}

impl Rule {
    /// Which step of the cascade the rule belongs to.
    pub fn tier(&self) -> Tier {
        match self.matcher {
            Matcher::Code => Tier::ProviderCode,
            _ if self.gate.names_provider() => Tier::ProviderText,
            _ => Tier::Text,
        }
    }

    /// How sure the rule is of its wording.
    pub fn strength(&self) -> Strength {
        self.gate.strength
    }

    /// A text for every phrase of a rule that no gate limits.
    #[cfg(test)]
    pub fn samples(&self) -> Vec<String> {
        match &self.matcher {
            Matcher::Phrases(phrases) if self.gate.admits(&Facts::default()) => {
                phrases.iter().map(Phrase::sample).collect()
            }
            _ => Vec::new(),
        }
    }

    fn parse(line: &str) -> Result<Rule, String> {
        let columns: Vec<&str> = line.split('\t').map(str::trim).collect();
        let [id, reason, gate, text, example] = columns[..] else {
            return Err(format!("{} columns, not 5", columns.len()));
        };
        let reason = Reason::from_word(reason).ok_or_else(|| format!("`{reason}` is no reason"))?;
        let gate = Gate::parse(gate)?;
        let matcher = match (text, text.strip_prefix("re:")) {
            ("-", _) if gate.names_code() => Matcher::Code,
            ("-", _) => return Err("a rule without text needs a code".to_owned()),
            (_, Some(re)) => Matcher::Regex(regex::Regex::new(re).map_err(|e| e.to_string())?),
            _ => Matcher::Phrases(Phrase::parse_all(text)?),
        };
        Ok(Rule {
            id: id.to_owned(),
            reason,
            example: if example == "-" {
                String::new()
            } else {
                example.to_owned()
            },
            gate,
            matcher,
        })
    }

    fn speaks_of(&self, scope: Scope) -> bool {
        let sure = self.strength() == Strength::Plain && self.tier() != Tier::ProviderCode;
        scope == Scope::Reply || sure
    }

    /// Where the rule matches; of its phrases only number `phrase` is looked for, whose
    /// literal stands first at `at`.
    fn find(&self, phrase: usize, at: usize, words: &Words, body: usize) -> Option<Range<usize>> {
        match &self.matcher {
            Matcher::Code => Some(0..0),
            Matcher::Phrases(phrases) => phrases.get(phrase)?.find(words, body, at),
            Matcher::Regex(re) => re.find(words.as_str()).map(|m| m.range()),
        }
    }
}

/// Which rules are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All of them: the text is a reply.
    Reply,
    /// Those that are sure of their words: the text is prose, and its words may be
    /// about anything.
    Prose,
}

/// A list of rules, ready to be asked.
#[derive(Clone, Debug)]
pub struct Rules {
    list: Vec<Rule>,
    /// Finds the literals; `owners[i]` are the phrases with literal `i`.
    literals: Phrases,
    owners: Vec<Vec<Owner>>,
    /// Rules without literal: codes and regular expressions.
    always: Vec<Owner>,
}

/// A rule and one of its phrases, by their places in the lists: so sorted, the
/// rules stand in their order.
type Owner = (usize, usize);

/// An owner whose literal stands in the text, and where it does first.
type Candidate = (Owner, usize);

/// The rule that won, and the words it won by (empty if by a code).
#[derive(Clone, Debug)]
pub struct Hit<'r> {
    /// The rule.
    pub rule: &'r Rule,
    /// Where its phrase stands in the words.
    pub range: Range<usize>,
}

static BUILT_IN: LazyLock<Rules> =
    LazyLock::new(|| Rules::parse(include_str!("rules.tsv")).unwrap_or_else(|_| Rules::none()));

impl Rules {
    /// The rules that come with the program.
    pub fn built_in() -> &'static Rules {
        &BUILT_IN
    }

    /// No rules.
    pub fn none() -> Rules {
        Rules {
            list: Vec::new(),
            literals: Phrases::default(),
            owners: Vec::new(),
            always: Vec::new(),
        }
    }

    /// Reads a rules file.
    pub fn parse(text: &str) -> Result<Rules, RuleError> {
        let mut list = Vec::new();
        let mut ids = HashMap::new();
        for (i, line) in text.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let wrong = |why| RuleError { line: i + 1, why };
            let rule = Rule::parse(line).map_err(wrong)?;
            if let Some(first) = ids.insert(rule.id.clone(), i + 1) {
                let why = format!("`{}` is also the id of line {first}", rule.id);
                return Err(RuleError { line: i + 1, why });
            }
            list.push(rule);
        }
        Ok(Rules::index(list))
    }

    fn index(list: Vec<Rule>) -> Rules {
        let mut literals: Vec<&str> = Vec::new();
        let mut number: HashMap<&str, usize> = HashMap::new();
        let mut owners: Vec<Vec<Owner>> = Vec::new();
        let mut always = Vec::new();
        for (i, rule) in list.iter().enumerate() {
            let Matcher::Phrases(phrases) = &rule.matcher else {
                always.push((i, 0));
                continue;
            };
            for (k, literal) in phrases.iter().map(Phrase::literal).enumerate() {
                let n = *number.entry(literal).or_insert_with(|| {
                    literals.push(literal);
                    owners.push(Vec::new());
                    owners.len() - 1
                });
                owners[n].push((i, k));
            }
        }
        Rules {
            literals: Phrases::new(literals),
            list,
            owners,
            always,
        }
    }

    /// The first rule that matches. `body` is where the words begin after the codes.
    pub fn first(
        &self,
        words: &Words,
        body: usize,
        facts: &Facts,
        scope: Scope,
    ) -> Option<Hit<'_>> {
        let mut candidates: Vec<Candidate> = self.always.iter().map(|o| (*o, 0)).collect();
        self.literals.each(words.as_str(), |found| {
            let owners = self.owners.get(found.phrase).into_iter().flatten();
            candidates.extend(owners.map(|o| (*o, found.range.start)));
        });
        candidates.sort_unstable();
        candidates.dedup_by_key(|(owner, _)| *owner);
        candidates.into_iter().find_map(|((i, phrase), at)| {
            let rule = self.list.get(i)?;
            if !rule.speaks_of(scope) || !rule.gate.admits(facts) {
                return None;
            }
            let range = rule.find(phrase, at, words, body)?;
            Some(Hit { rule, range })
        })
    }

    /// The rules in their order.
    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.list.iter()
    }

    /// How many rules there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u2_bad_rule_files_name_their_line() {
        for (text, line, why) in [
            ("# c\nx\tuserunknown\t-\tuser unknown", 2, "4 columns"),
            (
                "x\tnonsense\t-\tuser unknown\t-",
                1,
                "`nonsense` is no reason",
            ),
            (
                "x\tuserunknown\t7xx\tuser unknown\t-",
                1,
                "`7xx` is no condition",
            ),
            ("x\tuserunknown\t-\tre:(\t-", 1, "regex parse error"),
            ("x\tuserunknown\t-\t-\t-", 1, "needs a code"),
            (
                "x\tuserunknown\t-\tuser unknown\t-\n\nx\tfiltered\t-\tno thanks\t-",
                3,
                "also the id of line 1",
            ),
        ] {
            let error = Rules::parse(text).unwrap_err();
            assert_eq!(error.line, line, "{text}");
            assert!(error.why.contains(why), "{error}");
        }
    }

    #[test]
    fn c2_built_in_rules_parse() {
        let file = include_str!("rules.tsv");
        let wrong: Vec<String> = file
            .lines()
            .enumerate()
            .filter_map(|(i, l)| Some(format!("{}: {}", i + 1, Rules::parse(l).err()?.why)))
            .collect();
        assert!(wrong.is_empty(), "rules.tsv\n{}", wrong.join("\n"));
        assert!(Rules::parse(file).is_ok(), "{:?}", Rules::parse(file).err());
    }
}
