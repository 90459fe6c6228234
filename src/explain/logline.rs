//! Log lines of mail servers, and the sentences of bounces that read like them, as a
//! question.
//!
//! The forms of logs are those of [`crate::input::log::line`]. Beside them a user may
//! ask about fields of a delivery report (RFC 3464), a row of PowerMTA's accounting
//! file, or a bare diagnostic.

pub use crate::input::log::line::LogLine;

use super::parse::one_line;
use crate::address;
use crate::code::Enhanced;
use crate::input::log::line::{self, said, with_command};
use crate::message::headers::Headers;
use crate::vocab::Kind;

/// Reads `text` as a log line; `None` if no form knows it.
pub fn read(text: &str) -> Option<LogLine> {
    let read = report_fields(text).or_else(|| {
        let line = one_line(text);
        let forms = [line::read, accounting, line::quoted, diagnostic];
        forms.iter().find_map(|form| form(&line))
    });
    read.filter(|line| !line.reply.is_empty())
}

/// Fields of a delivery report, with or without their blank lines (RFC 3464 §2.3).
fn report_fields(text: &str) -> Option<LogLine> {
    let block: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).collect();
    let block = block.join("\n");
    let (fields, _) = Headers::parse(block.as_bytes());
    let value = |name| {
        let value = fields.plain(name)?;
        let bare = value.split_once(';').map_or(&*value, |(_, v)| v).trim();
        (!bare.is_empty()).then(|| bare.to_owned())
    };
    let reply = value("Diagnostic-Code")?;
    let inner = said(&reply).unwrap_or_else(|| with_command(&reply));
    let who = value("Original-Recipient").or_else(|| value("Final-Recipient"));
    Some(LogLine {
        host: value("Remote-MTA").or(inner.host),
        recipient: who.and_then(|w| address::clean(&w)),
        enhanced: value("Status").and_then(|s| s.split(' ').next()?.parse().ok()),
        kind: value("Action").and_then(|a| match a.to_ascii_lowercase().as_str() {
            "failed" => Some(Kind::Failed),
            "delayed" => Some(Kind::Delayed),
            "delivered" | "relayed" | "expanded" => Some(Kind::Delivered),
            _ => None,
        }),
        ..inner
    })
}

/// A row of a PowerMTA accounting file: `b,…,from,to,…,smtp;550 …,mx (1.2.3.4),…`.
fn accounting(line: &str) -> Option<LogLine> {
    if line.find(',').is_none_or(|n| n > 2) || !line.contains("smtp;") {
        return None;
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(line.as_bytes());
    let row = reader.records().next()?.ok()?;
    let cell = row.iter().find_map(|c| c.strip_prefix("smtp;"))?;
    let host = row.iter().find_map(|c| {
        let (name, ip) = c.split_once(" (")?;
        let named = ip.ends_with(')') && name.parse::<Enhanced>().is_err();
        named.then(|| host(name))?
    });
    Some(LogLine {
        reply: cell.trim().to_owned(),
        host,
        recipient: row
            .iter()
            .filter(|c| address::is_valid(c))
            .nth(1)
            .and_then(address::clean),
        enhanced: row.iter().find_map(|c| c.split(' ').next()?.parse().ok()),
        kind: match row.get(0)? {
            "b" | "rb" => Some(Kind::Failed),
            "t" | "tq" => Some(Kind::Delayed),
            "d" => Some(Kind::Delivered),
            _ => None,
        },
        ..LogLine::default()
    })
}

/// `smtp;550 5.1.1 …`, `x-postfix; …`: a diagnostic without the rest of its report.
fn diagnostic(line: &str) -> Option<LogLine> {
    let (kind, reply) = line.split_once(';')?;
    let kind = kind.rsplit(':').next()?.trim();
    let known = ["smtp", "esmtp", "lmtp", "x-postfix", "x-unix"];
    known
        .iter()
        .any(|k| kind.eq_ignore_ascii_case(k))
        .then(|| said(reply).unwrap_or_else(|| with_command(reply)))
}

/// A host name in a cell of its own.
fn host(name: &str) -> Option<String> {
    let name = name.trim().trim_end_matches('.');
    name.contains('.').then(|| name.to_ascii_lowercase())
}

#[cfg(test)]
mod tests;
