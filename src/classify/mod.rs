//! Notice → verdict: rules (data), status codes, and the cascade that orders them (C2).
//!
//! This room sees a reply and its surroundings, never a file name, an origin or a date.
//!
//! Who decides, in this order: a correction · the user's rules · provider + text ·
//! provider + code · text · a specific enhanced code · the model, if it is sure ·
//! the human part of the notification · a vague enhanced code · the basic code.
//! What says nothing abstains.
//!
//! # Adding a rule
//!
//! One line in `rules.tsv` – `id reason gate text example`, separated by tabs – at the
//! place where it belongs: provider and text, provider and code, text from the
//! specific to the general, vague words last. `pattern.rs` says how texts are written,
//! `gate.rs` how conditions are. Tests fail until its example is won by that very line,
//! none of its phrases is taken away by an earlier rule of another category, and the
//! replies in `replies.tsv` still get the category they had. A user's own file has the
//! same format ([`Rules::parse`]) and is asked first.
//!
//! ```
//! use bounce::classify::{Judge, Reply, Rules};
//! use bounce::vocab::Reason;
//! let mine = Rules::parse("acme-gate\tfiltered\t5xx\trefused by the acme gate\t-")?;
//! let judge = Judge::new().with_user_rules(mine);
//! let verdict = judge.judge(&Reply {
//!     text: "550 Refused by the ACME-gate",
//!     ..Reply::default()
//! });
//! assert_eq!(verdict.reason, Reason::Filtered);
//! # Ok::<(), bounce::classify::RuleError>(())
//! ```

mod cascade;
mod command;
mod expression;
mod gate;
mod memo;
pub mod model;
mod pattern;
mod provider;
mod rules;
#[cfg(test)]
mod rules_tests;
mod silence;
pub mod source;
pub mod status;
#[cfg(test)]
mod tests;
mod whose;
mod words;

pub use cascade::{Judge, Model, canonical};
pub use command::{command_in, command_in_report, may_begin_in, may_end_in};
pub(crate) use provider::Providers;
pub use rules::{Rule, RuleError, Rules, Tier};

use crate::code::Enhanced;
use crate::vocab::{Command, Reason};

/// What is judged: one reply about one recipient, as the notification gives it.
#[derive(Clone, Debug, Default)]
pub struct Reply<'a> {
    /// The SMTP code, where one was given outside the text or found in it.
    pub smtp_code: Option<u16>,
    /// The enhanced code: that of the reply itself, else that of the report.
    pub enhanced: Option<Enhanced>,
    /// The reply text, decoded, as written (may hold line breaks and codes).
    pub text: &'a str,
    /// What the human part says about this recipient; read only where `text` says nothing.
    pub context: &'a str,
    /// Where in the SMTP dialogue the reply was given, if known.
    pub command: Option<Command>,
    /// The host that replied, if known.
    pub remote_mta: Option<&'a str>,
    /// The address the reply is about.
    pub recipient: Option<&'a str>,
}

/// What decided a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecidedBy {
    /// A human correction of this very text (C4).
    Correction,
    /// A rule of the rules file, by its id.
    Rule(String),
    /// A status code.
    Code,
    /// The learned model (C4).
    Model,
    /// The kind of notification (ARF, auto-reply, DSN without any cause).
    Structure,
    /// The class that a platform put it into, where nothing else says anything.
    Source,
}

/// What we think, how sure we are, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The label; category and fault follow from it.
    pub reason: Reason,
    /// 0..1, two decimals.
    pub confidence: f64,
    /// What decided.
    pub decided_by: DecidedBy,
    /// The fragment of the reply that decided: matched words or the code.
    pub evidence: String,
    /// True if the verdict speaks of this very recipient: text, 5.1.x / 5.2.1 /
    /// Exchange's 5.4.1, or a bare 55x in reply to RCPT TO (C6).
    pub specific: bool,
}
