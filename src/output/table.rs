//! Events for a person at a terminal: one line each, then a summary.

use super::safe::printable;
use crate::event::Event;
use crate::vocab::{Category, Kind};
use comfy_table::{CellAlignment, Table, presets};
use std::fmt::Write;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How a table is to look.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Columns of the terminal.
    pub width: usize,
    /// ANSI colours, beside the words, never instead of them.
    pub color: bool,
}

/// Which columns fit, and how wide they are.
struct Layout {
    when: usize,
    reason: usize,
    recipient: usize,
    reply: usize,
}

const CATEGORY: usize = 23;
const CONFIDENCE: usize = 5;

impl Look {
    fn layout(self) -> Layout {
        let width = self.width.clamp(60, 400);
        let when = if width >= 110 { 16 } else { 10 };
        let reason = if width >= 100 { 15 } else { 0 };
        let gaps = 4 + usize::from(reason > 0);
        let left = width.saturating_sub(when + reason + CATEGORY + CONFIDENCE + gaps);
        let recipient = (left * 3 / 5).min(44);
        Layout {
            when,
            reason,
            recipient,
            reply: left.saturating_sub(recipient),
        }
    }
}

/// The heading.
pub fn header(look: Look) -> Vec<u8> {
    let l = look.layout();
    let mut line = String::new();
    push(&mut line, "WHEN", l.when);
    push(&mut line, "WHAT", CATEGORY);
    push(&mut line, "SURE", CONFIDENCE);
    push(&mut line, "REASON", l.reason);
    push(&mut line, "RECIPIENT", l.recipient);
    push(&mut line, "REPLY", l.reply);
    finish(line)
}

/// Appends one event as one line.
pub fn write(event: &Event, look: Look, out: &mut Vec<u8>) {
    let l = look.layout();
    let mut line = String::new();
    let when = event
        .occurred_at
        .as_deref()
        .unwrap_or("-")
        .replace('T', " ");
    push(&mut line, when.get(..l.when).unwrap_or(&when), l.when);
    let what = what(event);
    let mut cell = String::new();
    push(&mut cell, what, CATEGORY);
    match color(event).filter(|_| look.color) {
        Some(code) => {
            let _ = write!(line, "\x1b[{code}m{cell}\x1b[0m");
        }
        None => line.push_str(&cell),
    }
    let sure = match (event.confidence, event.held) {
        (Some(c), Some(true)) => format!("{c:.2}?"),
        (Some(c), _) => format!("{c:.2}"),
        (None, _) => "-".to_owned(),
    };
    push(&mut line, &sure, CONFIDENCE);
    push(
        &mut line,
        event.reason.map_or("-", |r| r.as_str()),
        l.reason,
    );
    push(
        &mut line,
        event.recipient.as_deref().unwrap_or("(no address)"),
        l.recipient,
    );
    push(&mut line, &reply(event), l.reply);
    out.extend(finish(line));
}

fn what(event: &Event) -> &'static str {
    match event.kind {
        Kind::Delayed => "delayed",
        Kind::Delivered => "delivered",
        _ => event.category.map_or("-", Category::as_str),
    }
}

fn reply(event: &Event) -> String {
    let mut text = String::new();
    if let Some(c) = event.smtp_code {
        let _ = write!(text, "{c} ");
    }
    if let Some(e) = &event.enhanced_code {
        let _ = write!(text, "{e} ");
    }
    if let Some(date) = &event.returns_on {
        let _ = write!(text, "back on {date} ");
    }
    let words = event.smtp_message.as_deref().or(event.evidence.as_deref());
    let words = words.unwrap_or_default();
    // Many replies begin with the address, which stands in a column of its own.
    let own = event.recipient.as_deref().map(|a| format!("<{a}>"));
    let rest = own.and_then(|a| words.strip_prefix(a.as_str()));
    text.push_str(rest.map_or(words, |r| r.trim_start_matches([':', '.', ' '])));
    text
}

/// Red for what costs an address, yellow for what may pass, plain for the rest.
fn color(event: &Event) -> Option<&'static str> {
    if event.kind == Kind::Delayed || event.held == Some(true) {
        return None;
    }
    match event.category? {
        Category::HardBounce | Category::Complaint => Some("31"),
        Category::SoftBounceMailbox
        | Category::SoftBounceContent
        | Category::SoftBounceReputation => Some("33"),
        Category::AutoReply | Category::Other => None,
    }
}

/// Appends a cell of exactly `width` columns and a blank; nothing for width 0.
fn push(line: &mut String, text: &str, width: usize) {
    if width == 0 {
        return;
    }
    let text = printable(text);
    let whole = text.width();
    if whole <= width {
        line.push_str(&text);
        line.extend(std::iter::repeat_n(' ', width - whole));
    } else {
        let mut used = 0;
        for c in text.chars() {
            let w = c.width().unwrap_or(0);
            if used + w + 1 > width {
                break;
            }
            used += w;
            line.push(c);
        }
        line.push('\u{2026}');
        line.extend(std::iter::repeat_n(' ', (width - used).saturating_sub(1)));
    }
    line.push(' ');
}

fn finish(line: String) -> Vec<u8> {
    let mut bytes = line.trim_end().as_bytes().to_vec();
    bytes.push(b'\n');
    bytes
}

/// A small table of counts, for the end.
pub fn summary(rows: &[(String, u64, u64)]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(vec!["", "EVENTS", "HELD"]);
    for (name, events, held) in rows {
        table.add_row(vec![name.clone(), events.to_string(), held.to_string()]);
    }
    for column in 1..3 {
        if let Some(c) = table.column_mut(column) {
            c.set_cell_alignment(CellAlignment::Right);
        }
    }
    let lines: Vec<String> = table.lines().map(|l| l.trim_end().to_owned()).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u1_cells_are_cut_to_their_width() {
        for (text, width, want) in [
            ("abc", 5, "abc   "),
            ("abcdef", 5, "abcd\u{2026} "),
            ("\u{4f60}\u{597d}\u{4f60}", 5, "\u{4f60}\u{597d}\u{2026} "),
            ("a\x1bb", 3, "a?b "),
            ("x", 0, ""),
        ] {
            let mut line = String::new();
            push(&mut line, text, width);
            assert_eq!(line, want);
        }
    }
}
