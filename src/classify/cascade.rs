//! The cascade: who decides about a reply, and how sure that is (C2, C3).

use super::gate::{Facts, Strength};
use super::memo;
use super::model::reply_in;
use super::provider::Providers;
use super::rules::{Hit, Rules, Scope, Tier};
use super::silence::says_nothing;
use super::status::{self, Beside, Meaning};
use super::whose::ours;
use super::words::Words;
use super::{DecidedBy, Reply, Verdict, command_in};
use crate::code::{Enhanced, find_enhanced, find_smtp_code};
use crate::normalise::normalise;
use crate::vocab::{Category, Command, Reason};
use std::collections::HashMap;
use std::fmt;

/// Longest text that is read; replies are hundreds of bytes, hostile ones have no end.
const MAX_TEXT: usize = 8 << 10;
/// Longest evidence.
const MAX_EVIDENCE: usize = 120;
/// Below this a failure is held (C3).
const HELD: f64 = 0.70;

/// A learned model: it stands between a specific enhanced code and the basic code.
pub trait Model: Send + Sync {
    /// What the model makes of a canonical text and its SMTP code, and how sure it is.
    fn guess(&self, smtp_code: Option<u16>, canonical: &str) -> Option<(Reason, f64)>;
}

/// Judges replies. Cheap to share between threads.
#[derive(Default)]
pub struct Judge {
    id: memo::Id,
    user: Option<Rules>,
    corrections: HashMap<String, Reason>,
    model: Option<Box<dyn Model>>,
}

impl fmt::Debug for Judge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Judge")
            .field("user_rules", &self.user.as_ref().map(Rules::len))
            .field("corrections", &self.corrections.len())
            .field("model", &self.model.is_some())
            .finish()
    }
}

/// The canonical form of a reply, as far as it is judged.
pub fn canonical(text: &str) -> String {
    normalise(cut(text))
}

impl Judge {
    /// The built-in rules, no corrections, no model.
    pub fn new() -> Judge {
        Judge::default()
    }

    /// Rules that are tried before the built-in ones.
    pub fn with_user_rules(mut self, rules: Rules) -> Judge {
        self.user = Some(rules);
        self.id = memo::Id::default();
        self
    }

    /// A model that is asked where neither rules nor a specific code decide.
    pub fn with_model(mut self, model: Box<dyn Model>) -> Judge {
        self.model = Some(model);
        self.id = memo::Id::default();
        self
    }

    /// From now on replies with this code and text have this reason (C4). A text
    /// without words is no correction: it would decide about every bare code.
    pub fn correct(&mut self, smtp_code: Option<u16>, text: &str, reason: Reason) {
        let canonical = normalise(cut(text));
        let reading = Reading::new(smtp_code, None, &canonical);
        if !reading.body().is_empty() {
            self.corrections.insert(reading.key(), reason);
            self.id = memo::Id::default();
        }
    }

    /// Tells it from every judge that may answer differently.
    pub(crate) fn id(&self) -> u64 {
        self.id.number()
    }

    /// What a reply means. The stage, if it is not given, is looked for in the texts.
    pub fn judge(&self, reply: &Reply) -> Verdict {
        let in_texts = || command_in(cut(reply.text)).or_else(|| command_in(cut(reply.context)));
        let reply = Reply {
            command: reply.command.or_else(in_texts),
            ..*reply
        };
        self.judge_canonical(&reply, &canonical(reply.text)).0
    }

    /// Like [`Judge::judge`], for callers that have looked for the stage and need the
    /// [`canonical`] text, too; also says whether what stands around the reply could have
    /// changed the verdict.
    pub fn judge_canonical(&self, reply: &Reply, canonical: &str) -> (Verdict, bool) {
        let reading = Reading::of(reply, canonical);
        let text = memo::known(&self.id, canonical, &reading.facts, || {
            self.by_text(&reading)
        });
        if let Some(v) = text.as_ref().filter(|v| v.confidence >= HELD) {
            return (finish(v.clone(), &reading), false);
        }
        let code = reading.facts.enhanced.and_then(status::enhanced);
        // What is left of the text is at most a guess: who knows better goes first. Words
        // that a rule knows to be vague are not made plainer by the model.
        let vague = text.is_some();
        // Prose of a notification is no reply: all of its prose counts, and before its code.
        let prose = find_smtp_code(canonical).is_none() && find_enhanced(canonical).is_none();
        let heeded = prose || says_nothing(&reading.words);
        let context = |wanted: bool| {
            let wanted = wanted && heeded;
            wanted.then(|| self.by_context(reply, &reading)).flatten()
        };
        let verdict = context(prose)
            .or_else(|| self.by_specific(&reading, code))
            .or_else(|| self.by_model(&reading).filter(|_| !vague))
            .or_else(|| context(!prose))
            .or(text)
            .or_else(|| by_enhanced(&reading, code))
            .or_else(|| by_basic(reply, &reading))
            .unwrap_or_else(|| undefined(&reading));
        (finish(verdict, &reading), heeded)
    }

    /// Corrections and rules.
    fn by_text(&self, reading: &Reading) -> Option<Verdict> {
        let corrected = || self.corrections.get(&reading.key());
        if let Some(reason) = (!self.corrections.is_empty()).then(corrected).flatten() {
            return Some(Verdict {
                reason: *reason,
                confidence: 0.99,
                decided_by: DecidedBy::Correction,
                evidence: reading
                    .words
                    .fragment(reading.body_range(), MAX_EVIDENCE)
                    .to_owned(),
                specific: true,
            });
        }
        let user = self
            .user
            .as_ref()
            .and_then(|r| reading.first(r, Scope::Reply));
        let hit = user.or_else(|| reading.first(Rules::built_in(), Scope::Reply))?;
        reading.believe(&hit)
    }

    /// A specific enhanced code. Where words that no rule knows seem to the model to
    /// speak of something else, a dead address is held: servers put 5.1.1 on anything.
    fn by_specific(&self, reading: &Reading, code: Option<Meaning>) -> Option<Verdict> {
        let mut verdict = by_enhanced(reading, code.filter(Meaning::is_specific))?;
        let hard = Some(Category::HardBounce);
        if verdict.reason.category() == hard && !says_nothing(&reading.words) {
            let model = self.model.as_ref();
            let guess = model.and_then(|m| m.guess(reading.facts.smtp, reading.canonical));
            let doubt = guess.is_some_and(|(r, sure)| r.category() != hard && sure >= 0.4);
            if doubt {
                verdict.confidence = verdict.confidence.min(0.65);
            }
        }
        Some(verdict)
    }

    fn by_model(&self, reading: &Reading) -> Option<Verdict> {
        if says_nothing(&reading.words) {
            return None;
        }
        let model = self.model.as_ref()?;
        let (reason, confidence) = model.guess(reading.facts.smtp, reading.canonical)?;
        (confidence >= HELD).then(|| Verdict {
            reason,
            confidence,
            decided_by: DecidedBy::Model,
            evidence: reading
                .words
                .fragment(reading.body_range(), MAX_EVIDENCE)
                .to_owned(),
            specific: false,
        })
    }

    /// The human part of the notification: only plain words count there, and a little
    /// less; vague ones may be about anything.
    fn by_context(&self, reply: &Reply, reading: &Reading) -> Option<Verdict> {
        if reply.context.trim().is_empty() {
            return None;
        }
        let canonical = normalise(cut(reply.context));
        let mut human = Reading::new(reading.facts.smtp, reading.facts.enhanced, &canonical);
        human.facts.command = reading.facts.command;
        human.facts.providers = reading.facts.providers;
        let user = self
            .user
            .as_ref()
            .and_then(|r| human.first(r, Scope::Prose));
        let hit = user.or_else(|| human.first(Rules::built_in(), Scope::Prose))?;
        let verdict = human.believe(&hit)?;
        Some(Verdict {
            confidence: verdict.confidence - 0.05,
            ..verdict
        })
    }
}

/// A reply, read: its words and what gates look at.
struct Reading<'a> {
    canonical: &'a str,
    words: Words<'a>,
    facts: Facts,
    /// Where the words begin after the codes.
    body: usize,
}

impl<'a> Reading<'a> {
    fn of(reply: &Reply, canonical: &'a str) -> Reading<'a> {
        let mut reading = Reading::new(reply.smtp_code, reply.enhanced, canonical);
        reading.facts.command = reply.command;
        let words = reading.words.as_str();
        reading.facts.providers = Providers::of(words, reply.remote_mta, reply.recipient);
        reading
    }

    fn new(smtp: Option<u16>, enhanced: Option<Enhanced>, canonical: &'a str) -> Reading<'a> {
        let words = Words::new(canonical);
        let own = own_enhanced(canonical);
        let facts = Facts {
            smtp: smtp.or_else(|| find_smtp_code(canonical).map(|(code, _)| code)),
            // The reply's own code is nearer to the cause than that of the report.
            enhanced: own.filter(|c| !c.is_generic()).or(enhanced).or(own),
            ..Facts::default()
        };
        let body = body_of(words.as_str());
        Reading {
            canonical,
            words,
            facts,
            body,
        }
    }

    fn body(&self) -> &str {
        self.words.as_str().get(self.body..).unwrap_or("")
    }

    fn body_range(&self) -> std::ops::Range<usize> {
        self.body..self.words.as_str().len()
    }

    /// What corrections are stored under.
    fn key(&self) -> String {
        // An event keeps the reply without what stood around it; so must the key.
        let words = Words::new(reply_in(self.canonical));
        let body = words.as_str().get(body_of(words.as_str())..).unwrap_or("");
        match self.facts.smtp {
            Some(code) => format!("{code} {body}"),
            None => body.to_owned(),
        }
    }

    fn first<'r>(&self, rules: &'r Rules, scope: Scope) -> Option<Hit<'r>> {
        rules.first(&self.words, self.body, &self.facts, scope)
    }

    /// How sure a rule's verdict is, and whether it stands at all: vague wording
    /// gives way to a specific enhanced code of another category.
    fn believe(&self, hit: &Hit) -> Option<Verdict> {
        let code = self.facts.enhanced.and_then(status::enhanced);
        let code = code.filter(Meaning::is_specific);
        let agrees = code.map(|c| c.reason.category() == hit.rule.reason.category());
        let strength = hit.rule.strength();
        if strength != Strength::Plain && agrees == Some(false) {
            return None;
        }
        // The shares of right categories among labelled replies and mails (docs/judging.md).
        let base: f64 = match (hit.rule.tier(), strength) {
            (_, Strength::Held) => 0.65,
            (_, Strength::Weak) => 0.90,
            (Tier::ProviderText, _) => 0.98,
            (Tier::ProviderCode, _) => 0.87,
            (Tier::Text, _) => 0.98,
        };
        let same = code.is_some_and(|c| c.reason == hit.rule.reason);
        let confidence = match (agrees, strength) {
            (Some(true), Strength::Held | Strength::Weak) => 0.93,
            (Some(true), _) if same => base.max(0.99),
            (_, Strength::Held) => base,
            (Some(false), _) => base - 0.05,
            _ => base,
        };
        let by_code = hit.rule.tier() == Tier::ProviderCode;
        let hard = hit.rule.reason.category() == Some(Category::HardBounce);
        let about_us = hard.then(|| ours(self.words.as_str(), hit.range.clone()));
        let (reason, confidence) = match about_us.flatten() {
            Some(reason) => (reason, confidence.min(0.75)),
            None => (hit.rule.reason, confidence),
        };
        Some(Verdict {
            reason,
            confidence,
            decided_by: DecidedBy::Rule(hit.rule.id.clone()),
            evidence: if by_code {
                self.codes()
            } else {
                self.words
                    .fragment(hit.range.clone(), MAX_EVIDENCE)
                    .to_owned()
            },
            specific: true,
        })
    }

    /// True if either code is one of those after which the same may succeed later.
    fn is_temporary(&self) -> bool {
        self.facts.class() == Some(4) || self.facts.enhanced.is_some_and(|e| e.class == 4)
    }

    /// True if the domain itself has said that it is not there (NXDOMAIN, RFC 8020) or
    /// takes no mail (null MX, RFC 7505): no later attempt will change that, whatever
    /// class of code the sender's system gives it (Gmail: `4.0.0`).
    fn is_of_dns(&self) -> bool {
        let words = self.words.as_str();
        ["nxdomain", "null mx"].iter().any(|w| words.contains(w))
    }

    /// The codes, as evidence.
    fn codes(&self) -> String {
        match (self.facts.smtp, self.facts.enhanced) {
            (Some(s), Some(e)) => format!("{s} {e}"),
            (Some(s), None) => s.to_string(),
            (None, Some(e)) => e.to_string(),
            (None, None) => String::new(),
        }
    }
}

/// The first precise enhanced code in a text, else its first: gateways put a vague
/// one of their own before that of the reply (`5.3.0 - Other … 550 5.1.1 …`).
fn own_enhanced(text: &str) -> Option<Enhanced> {
    let mut first = None;
    let mut rest = text;
    while let Some((code, range)) = find_enhanced(rest) {
        if status::enhanced(code).is_some_and(|m| m.is_specific()) {
            return Some(code);
        }
        first.get_or_insert(code);
        rest = rest.get(range.end..).unwrap_or("");
    }
    first
}

fn by_enhanced(reading: &Reading, meaning: Option<Meaning>) -> Option<Verdict> {
    let code = reading.facts.enhanced?;
    Some(by_code(meaning?, code.to_string()))
}

fn by_basic(reply: &Reply, reading: &Reading) -> Option<Verdict> {
    let code = reading.facts.smtp?;
    let named = reply.recipient.is_some_and(|r| {
        !r.is_empty() && cut(reply.text).to_lowercase().contains(&r.to_lowercase())
    });
    let beside = Beside {
        command: reading.facts.command,
        names_recipient: named
            || (reply.recipient.is_none() && reading.canonical.contains("{addr}")),
        unread: !says_nothing(&reading.words),
    };
    Some(by_code(status::basic(code, beside)?, code.to_string()))
}

fn by_code(meaning: Meaning, evidence: String) -> Verdict {
    Verdict {
        reason: meaning.reason,
        confidence: meaning.confidence,
        decided_by: DecidedBy::Code,
        evidence,
        specific: meaning.recipient,
    }
}

/// Nobody knows. Where nothing is said of the cause, that is so; words that are not
/// understood may say anything. Held in either case.
fn undefined(reading: &Reading) -> Verdict {
    let codes = reading.codes();
    let silent = says_nothing(&reading.words);
    Verdict {
        reason: Reason::Undefined,
        confidence: if silent { 0.65 } else { 0.50 },
        decided_by: if codes.is_empty() {
            DecidedBy::Structure
        } else {
            DecidedBy::Code
        },
        evidence: codes,
        specific: false,
    }
}

/// What the stage and the class of the reply forbid, and the rounding.
fn finish(mut verdict: Verdict, reading: &Reading) -> Verdict {
    let hard = verdict.reason.category() == Some(Category::HardBounce);
    let corrected = verdict.decided_by == DecidedBy::Correction;
    if hard && !corrected {
        let (most, specific) = hard_limits(verdict.reason, reading);
        verdict.confidence = verdict.confidence.min(most);
        verdict.specific &= specific;
        if !specific {
            verdict.reason = before_rcpt(verdict.reason, reading.facts.command);
        }
    }
    verdict.confidence = (verdict.confidence.clamp(0.0, 1.0) * 100.0).round() / 100.0;
    verdict
}

/// What words of a dead address mean where nobody has named one yet.
fn before_rcpt(reason: Reason, command: Option<Command>) -> Reason {
    match command {
        // The address that is unknown there is the sender's, the host ours.
        Some(Command::Mail) => Reason::SenderRejected,
        Some(Command::Ehlo) if reason == Reason::HostUnknown => Reason::RequirePtr,
        Some(_) => Reason::Undefined,
        None => reason,
    }
}

/// How sure a verdict that an address is dead may be: a temporary reply never is,
/// and before RCPT TO nobody has spoken of the recipient.
fn hard_limits(reason: Reason, reading: &Reading) -> (f64, bool) {
    use Command as C;
    let of_domain = matches!(reason, Reason::HostUnknown | Reason::NotAccept);
    match reading.facts.command {
        Some(C::Mail) if reason != Reason::NotAccept => (0.65, false),
        Some(C::Ehlo) if reason == Reason::HostUnknown => (0.65, false),
        Some(C::Conn | C::Ehlo | C::StartTls | C::Auth) if !of_domain => (0.65, false),
        // `550 4.4.7 …`: given up after many tries (C7).
        _ if reading.is_temporary() && !(of_domain && reading.is_of_dns()) => (0.65, true),
        _ => (1.0, true),
    }
}

/// Where the words begin after the codes: `550 5.1.1 user unknown` → `user`.
fn body_of(words: &str) -> usize {
    let mut at = 0;
    for word in words.split(' ') {
        let code =
            crate::code::smtp_code(word.as_bytes()).is_some() || word.parse::<Enhanced>().is_ok();
        if !code {
            break;
        }
        at += word.len() + 1;
    }
    at.min(words.len())
}

/// The part of a text that is read.
fn cut(text: &str) -> &str {
    let mut end = text.len().min(MAX_TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or("")
}
