//! Labelled replies: a line each, `reason<TAB>reply`, or an event of ours in which a
//! person has written `corrected_reason`. Lines of both kinds may stand in one file.

use crate::code::{find_enhanced, find_smtp_code};
use crate::normalise::normalise;
use crate::vocab::{Category, Reason};
use serde_json::Value;
use std::fmt;

/// Longest reply that is read, in characters; the judge reads no more than that.
const MAX_CHARS: usize = 8_000;

/// A reply and what it means.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// The code, where it stands in or beside the text.
    pub smtp_code: Option<u16>,
    /// The reply as written.
    pub text: String,
    /// The canonical text.
    pub canonical: String,
    /// What it means.
    pub reason: Reason,
    /// True for labels of the user, which count more than shipped ones.
    pub own: bool,
}

/// A line that is no label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine {
    /// From 1.
    pub line: usize,
    /// What is wrong with it.
    pub why: String,
}

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.line, self.why)
    }
}

impl std::error::Error for BadLine {}

/// What a file of labels holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Labels {
    /// The labels, in order.
    pub labels: Vec<Label>,
    /// Lines that could not be read.
    pub bad: Vec<BadLine>,
    /// Events that nobody corrected.
    pub uncorrected: usize,
}

/// Reads labels. Blank lines, comments (`#`) and a heading are skipped.
pub fn read(text: &str) -> Labels {
    let mut found = Labels::default();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (n, line) in text.lines().enumerate() {
        let skip = line.trim().is_empty() || line.starts_with('#');
        if skip || n == 0 && line.starts_with("reason\t") {
            continue;
        }
        let label = if line.trim_start().starts_with('{') {
            event(line)
        } else {
            row(line).map(Some)
        };
        match label {
            Ok(Some(label)) => found.labels.push(label),
            Ok(None) => found.uncorrected += 1,
            Err(why) => found.bad.push(BadLine { line: n + 1, why }),
        }
    }
    found
}

fn row(line: &str) -> Result<Label, String> {
    let (reason, reply) = line
        .split_once('\t')
        .ok_or("not reason, tab, reply; and no event")?;
    label(reason, None, reply)
}

fn event(line: &str) -> Result<Option<Label>, String> {
    let event: Value = serde_json::from_str(line).map_err(|e| format!("no JSON: {e}"))?;
    let reason = match event.get("corrected_reason") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(reason)) if reason.is_empty() => return Ok(None),
        Some(Value::String(reason)) => reason,
        Some(_) => return Err("corrected_reason must be a string".to_owned()),
    };
    let text = |key: &str| event.get(key).and_then(Value::as_str).unwrap_or_default();
    let code = event.get("smtp_code").and_then(Value::as_u64);
    let code = code.and_then(|c| u16::try_from(c).ok());
    let reply = text("smtp_message");
    // The fields hold the codes, the message does not repeat them.
    let enhanced = match text("enhanced_code") {
        code if find_enhanced(reply).is_none() => code,
        _ => "",
    };
    let with_code = format!("{enhanced} {reply}");
    label(reason, code, with_code.trim()).map(Some)
}

fn label(word: &str, code: Option<u16>, reply: &str) -> Result<Label, String> {
    let word = word.trim();
    let reason = Reason::from_word(word).ok_or_else(|| format!("no reason is called {word:?}"))?;
    if !is_failure(reason) {
        return Err(format!("{word} is no reason of a failure"));
    }
    let text: String = reply.trim().chars().take(MAX_CHARS).collect();
    let canonical = normalise(&text);
    if !canonical.chars().any(char::is_alphabetic) {
        return Err("the reply has no words".to_owned());
    }
    Ok(Label {
        smtp_code: code.or_else(|| find_smtp_code(&canonical).map(|(c, _)| c)),
        text,
        canonical,
        reason,
        own: false,
    })
}

fn is_failure(reason: Reason) -> bool {
    !matches!(
        reason.category(),
        None | Some(Category::AutoReply | Category::Complaint)
    )
}
