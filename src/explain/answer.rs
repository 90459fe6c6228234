//! The whole answer of `bounce explain`, as data (JSON) and as text.

use super::advice;
use super::hint::{in_words, retry_hint};
use super::meaning::meaning;
use super::provider::provider_meaning;
use crate::code::Enhanced;
use crate::event::Event;
use crate::vocab::{Category, Command, Fault, Kind, Reason, RetryStrategy};
use serde::Serialize;
use std::fmt;

/// What is explained: a verdict and what it was given on. An [`Event`] is one.
#[derive(Clone, Debug, Default)]
pub struct Case<'a> {
    /// What happened; `None` counts as failed.
    pub kind: Option<Kind>,
    /// The SMTP reply code, 200–599.
    pub smtp_code: Option<u16>,
    /// The enhanced status code.
    pub enhanced: Option<Enhanced>,
    /// The reply text.
    pub smtp_message: Option<&'a str>,
    /// Where in the SMTP dialogue the reply came.
    pub command: Option<Command>,
    /// The host that replied.
    pub remote_mta: Option<&'a str>,
    /// The host that reported it.
    pub reporting_mta: Option<&'a str>,
    /// The address that was mailed to; its domain stands in for an unknown host.
    pub recipient: Option<&'a str>,
    /// The category in force (the policy may override that of the reason).
    pub category: Option<Category>,
    /// The reason; without one the answer has no retry and no action.
    pub reason: Option<Reason>,
    /// 0..1 (C3).
    pub confidence: Option<f64>,
    /// Not sure enough to act upon (C3).
    pub held: Option<bool>,
    /// Speaks of this very recipient (C6).
    pub confirmed: Option<bool>,
    /// What decided: `rule:ID`, `code`, `model` …
    pub decided_by: Option<&'a str>,
    /// The fragment that decided.
    pub evidence: Option<&'a str>,
    /// The strategy in force; `None`: the default of the category (T2).
    pub retry_strategy: Option<RetryStrategy>,
}

impl<'a> From<&'a Event> for Case<'a> {
    fn from(event: &'a Event) -> Self {
        Case {
            kind: Some(event.kind),
            smtp_code: event.smtp_code,
            enhanced: event.enhanced_code.as_deref().and_then(|c| c.parse().ok()),
            smtp_message: event.smtp_message.as_deref(),
            command: event.command,
            remote_mta: event.remote_mta.as_deref(),
            reporting_mta: event.reporting_mta.as_deref(),
            recipient: event.recipient.as_deref(),
            category: event.category,
            reason: event.reason,
            confidence: event.confidence,
            held: event.held,
            confirmed: event.confirmed,
            decided_by: event.decided_by.as_deref(),
            evidence: event.evidence.as_deref(),
            retry_strategy: event.retry_strategy,
        }
    }
}

/// The answer. Field order is output order; absent values are left out.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(
    missing_docs,
    reason = "the keys are those of an event, docs/events.md"
)]
pub struct Answer {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smtp_code: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enhanced_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smtp_message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<Command>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote_mta: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reporting_mta: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meaning: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider_meaning: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
}

impl Answer {
    /// Explains a case.
    pub fn new(case: &Case<'_>) -> Self {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let (held, confirmed) = (
            case.held.unwrap_or_default(),
            case.confirmed.unwrap_or_default(),
        );
        Answer {
            smtp_code: case.smtp_code,
            enhanced_code: case.enhanced.map(|e| e.to_string()),
            smtp_message: owned(case.smtp_message),
            command: case.command,
            remote_mta: owned(case.remote_mta),
            reporting_mta: owned(case.reporting_mta),
            category: case.category,
            reason: case.reason,
            fault: case.reason.map(Reason::fault),
            confidence: case.confidence,
            held: case.held,
            confirmed: case.confirmed,
            decided_by: owned(case.decided_by),
            evidence: owned(case.evidence),
            meaning: meaning(case.smtp_code, case.enhanced),
            provider_meaning: by_provider(case),
            retry: retry(case),
            action: case.reason.map(|r| advice::action(r, held, confirmed)),
        }
    }
}

fn by_provider(case: &Case<'_>) -> Option<String> {
    let text = case.smtp_message.unwrap_or_default();
    let domain = case.recipient.and_then(crate::address::domain);
    let host = case.remote_mta.or(domain.as_deref());
    let (who, what) = provider_meaning(text, case.enhanced, host)?;
    Some(format!("{who}: {what}."))
}

fn retry(case: &Case<'_>) -> Option<String> {
    let reason = case.reason?;
    let category = case.category.or_else(|| reason.category());
    let strategy = case
        .retry_strategy
        .or_else(|| category.map(Category::retry_strategy))
        .unwrap_or(RetryStrategy::Never);
    let kind = case.kind.unwrap_or(Kind::Failed);
    let mut text = advice::retry(category, reason, kind, strategy);
    let hint = case.smtp_message.and_then(retry_hint);
    if let (Some(wait), true) = (hint, category != Some(Category::HardBounce)) {
        text += &format!(" The reply itself names a wait of {}.", in_words(wait));
    }
    Some(text)
}

/// The text form: a line a fact, names first, control characters made blanks.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in self.lines() {
            let value: String = value
                .chars()
                .map(|c| if c.is_control() { ' ' } else { c })
                .collect();
            writeln!(f, "{name:<11} {}", value.trim())?;
        }
        Ok(())
    }
}

impl Answer {
    fn lines(&self) -> Vec<(&'static str, String)> {
        let mut lines = Vec::with_capacity(12);
        let mut line = |name, value: Option<String>| lines.extend(value.map(|v| (name, v)));
        line("reply", self.reply());
        line("from", self.remote_mta.clone());
        line("after", self.command.map(|c| c.to_string()));
        line(
            "category",
            self.category.map(|c| format!("{c}: {}", of_category(c))),
        );
        line("reason", self.reason.map(|r| r.to_string()));
        line("fault", self.fault.map(|x| format!("{x}: {}", of_fault(x))));
        line("confidence", self.confidence.map(|c| self.sureness(c)));
        line("decided by", self.decision());
        line("code means", self.meaning.clone());
        line("provider", self.provider_meaning.clone());
        line("try again", self.retry.clone());
        line("what to do", self.action.clone());
        lines
    }

    fn reply(&self) -> Option<String> {
        let code = self.smtp_code.map(|c| c.to_string());
        let parts: Vec<&str> = [
            code.as_deref(),
            self.enhanced_code.as_deref(),
            self.smtp_message.as_deref(),
        ]
        .into_iter()
        .flatten()
        .filter(|p| !p.is_empty())
        .collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }

    fn sureness(&self, confidence: f64) -> String {
        let note = match (self.held, self.confirmed) {
            (Some(true), _) => ", held: too unsure to act upon",
            (_, Some(true)) => ", confirmed: it speaks of this very recipient",
            _ => "",
        };
        format!("{confidence:.2}{note}")
    }

    fn decision(&self) -> Option<String> {
        let by = self.decided_by.as_deref()?;
        Some(match self.evidence.as_deref() {
            Some(evidence) if !evidence.is_empty() => format!("{by}, on \"{evidence}\""),
            _ => by.to_owned(),
        })
    }
}

const fn of_category(category: Category) -> &'static str {
    match category {
        Category::HardBounce => "the address is dead for good",
        Category::SoftBounceMailbox => {
            "the recipient's mailbox or system has a problem that may pass"
        }
        Category::SoftBounceContent => {
            "this message was refused for what it contains or how it is built"
        }
        Category::SoftBounceReputation => {
            "the message was refused for who sends it, or for whom it is"
        }
        Category::AutoReply => "an automatic answer, no bounce",
        Category::Complaint => "the recipient called the mail spam",
        Category::Other => "no cause can be read, or the sender's own path failed",
    }
}

const fn of_fault(fault: Fault) -> &'static str {
    match fault {
        Fault::Recipient => "the address, mailbox or domain that was mailed to",
        Fault::Provider => "the system that refused the mail or could not take it",
        Fault::Sender => "your own side: DNS, server, login, or the software that sends",
        Fault::None => "nobody's",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case() -> Case<'static> {
        Case {
            smtp_code: Some(550),
            enhanced: "5.1.1".parse().ok(),
            smtp_message: Some("<user@example.com> User\x1b[2J unknown"),
            command: Some(Command::Rcpt),
            remote_mta: Some("mx.google.com"),
            category: Some(Category::HardBounce),
            reason: Some(Reason::UserUnknown),
            confidence: Some(0.9),
            held: Some(false),
            confirmed: Some(true),
            decided_by: Some("rule:user-unknown"),
            evidence: Some("user unknown"),
            ..Case::default()
        }
    }

    #[test]
    fn c10_json_keys_in_their_order() {
        let json = serde_json::to_string(&Answer::new(&case())).unwrap();
        let keys: Vec<usize> = [
            "smtp_code",
            "enhanced_code",
            "smtp_message",
            "command",
            "remote_mta",
            "category",
            "reason",
            "fault",
            "confidence",
            "held",
            "confirmed",
            "decided_by",
            "evidence",
            "meaning",
            "provider_meaning",
            "retry",
            "action",
        ]
        .iter()
        .map(|key| json.find(&format!("\"{key}\":")).expect(key))
        .collect();
        assert!(keys.is_sorted(), "{json}");
        assert!(
            !json.contains("reporting_mta"),
            "absent values are left out"
        );
    }

    #[test]
    fn c10_text_says_all_of_it() {
        let text = Answer::new(&case()).to_string();
        for line in [
            "reply       550 5.1.1 <user@example.com> User [2J unknown\n",
            "from        mx.google.com\n",
            "after       RCPT\n",
            "category    hard_bounce: the address is dead for good\n",
            "reason      userunknown\n",
            "confidence  0.90, confirmed: it speaks of this very recipient\n",
            "decided by  rule:user-unknown, on \"user unknown\"\n",
            "code means  5.1.1 (permanent): there is no mailbox of that name at the domain.\n",
            "provider    Gmail: no such account at Gmail or at this Google Workspace domain.\n",
            "try again   No: the address will not work tomorrow either.\n",
            "what to do  Stop writing to this address",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
    }

    #[test]
    fn c10_codes_alone_have_a_meaning_and_no_verdict() {
        for (smtp, enhanced, shown) in [
            (
                Some(421),
                "",
                "code means  421 (temporary): the server closes the connection",
            ),
            (
                None,
                "5.7.26",
                "provider    Gmail: the sender is not authenticated",
            ),
        ] {
            let text = Answer::new(&Case {
                smtp_code: smtp,
                enhanced: enhanced.parse().ok(),
                ..Case::default()
            })
            .to_string();
            assert!(text.contains(shown), "{text}");
            assert!(!text.contains("what to do"), "{text}");
        }
    }

    #[test]
    fn t1_the_wait_that_the_reply_names_is_told() {
        let answer = Answer::new(&Case {
            smtp_code: Some(450),
            smtp_message: Some("Greylisted, try again in 5 minutes"),
            reason: Some(Reason::Greylisted),
            ..Case::default()
        });
        let retry = answer.retry.unwrap();
        assert!(retry.starts_with("Yes: after 1 hour"), "{retry}");
        assert!(retry.ends_with("names a wait of 5 minutes."), "{retry}");
    }

    #[test]
    fn c10_the_domain_of_the_recipient_stands_in_for_the_host() {
        let answer = Answer::new(&Case {
            enhanced: "5.7.27".parse().ok(),
            smtp_message: Some("refused"),
            recipient: Some("user@gmail.com"),
            ..Case::default()
        });
        let meaning = answer.provider_meaning.unwrap();
        assert!(meaning.starts_with("Gmail: SPF did not pass"), "{meaning}");
    }
}
