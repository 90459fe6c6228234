//! The report for a person at a terminal: how bad it is, what to do now, who is in
//! danger – in this order, so that the first screen is enough.

mod columns;
mod lines;

use super::report::number::{self, count, percent};
use super::report::order::ordered;
use super::report::words;
use super::report::{Grouping, Judgement, View};
use super::safe::printable;
use super::table::Look;
use crate::report::Summary;
use crate::report::summary::{Figures, Value};
use columns::columns;
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Row, Table, presets};
use lines::{Lines, Paint};

/// What is shown unless `--by` asks for something else.
const STANDARD: &[Grouping] = &[Grouping::Mailbox, Grouping::Domain];
/// How many groups of a kind, unless `--top` says.
const TOP: usize = 10;
/// Most pauses, alerts, names of a list.
const LISTED: usize = 12;
/// Most pauses of a kind that are over.
const PAST: usize = 3;
/// Most names at the top.
const NAMED: usize = 4;

/// The report as lines of at most `look.width` columns.
pub fn write(summary: &Summary, view: &View, look: Look) -> Vec<u8> {
    let mut out = Lines::new(look);
    head(summary, view, &mut out);
    for grouping in view.groupings(STANDARD) {
        groups(summary, view, grouping, &mut out);
    }
    pauses(summary, &mut out);
    alerts(summary, &mut out);
    books(summary, &mut out);
    out.finish()
}

/// Totals, band, advice, categories.
fn head(summary: &Summary, view: &View, out: &mut Lines) {
    let t = &summary.totals;
    out.text(
        Paint::Bold,
        "",
        &format!("BOUNCES  {}", words::period(summary)),
    );
    out.blank();
    match (t.rate, t.band) {
        (Some(rate), Some(band)) => {
            let name = band.as_str().to_uppercase();
            let line = format!("{}  {name}  {}", percent(rate), words::bounced(t));
            out.text(Paint::Band(words::rank(band)), "  ", &line);
        }
        _ => out.text(Paint::Bold, "  ", &words::bounced(t)),
    }
    if let Some(certainty) = words::certainty(t, &view.bands) {
        out.text(Paint::Plain, "  ", &certainty);
    }
    if !summary.views.advice.is_empty() {
        out.text(Paint::Plain, "  ", summary.views.advice);
    }
    pause_now(summary, out);
    for note in &summary.notes {
        out.text(Paint::Plain, "  ", &format!("Note: {note}."));
    }
    out.blank();
    for line in categories(t) {
        out.text(Paint::Plain, "  ", &line);
    }
    let apart = words::apart(summary);
    if !apart.is_empty() {
        let parts = apart
            .iter()
            .map(|(name, n, _)| format!("{name} {}", count(*n)));
        let line = parts.collect::<Vec<_>>().join(" · ");
        out.text(Paint::Plain, "  ", &format!("beside: {line}"));
    }
}

/// Who should stop, in a line; why stands below.
fn pause_now(summary: &Summary, out: &mut Lines) {
    let mut names: Vec<String> = Vec::new();
    for pause in summary.pauses.iter().filter(|p| p.active) {
        let name = format!("{} {}", pause.scope, printable(&pause.key));
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() {
        return;
    }
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    if more > 0 {
        names.push(format!("and {more} more, see below"));
    }
    out.text(
        Paint::Band(3),
        "  ",
        &format!("Pause now: {}.", names.join(", ")),
    );
}

/// A line a category: its figure and its rate, or else its share of what bounced.
fn categories(figures: &Figures) -> Vec<String> {
    let part = |n: u64, of: Option<u64>| {
        let share = of.filter(|all| *all > 0).map(|all| n as f64 / all as f64);
        share.map_or(String::new(), |s| percent(s.min(1.0)))
    };
    figures
        .categories()
        .iter()
        .map(|(category, n)| {
            let name = words::category(*category);
            let sent = figures.sent.map(|_| part(*n, figures.sent));
            let share = match sent {
                Some(rate) => format!("{rate} of sent"),
                None if words::is_bounce(*category) => {
                    format!("{} of bounced", part(*n, Some(figures.bounced)))
                }
                None => String::new(),
            };
            let share = if *n == 0 { String::new() } else { share };
            format!("{name:<17}{:>8}  {share:>16}", count(*n))
        })
        .collect()
}

fn pauses(summary: &Summary, out: &mut Lines) {
    if summary.pauses.is_empty() {
        return;
    }
    let active = summary.pauses.iter().filter(|p| p.active).count();
    let title = format!(
        "PAUSES  {active} active, {} over",
        summary.pauses.len() - active
    );
    out.title(&title);
    for kind in words::pauses_by_kind(summary, true) {
        pauses_of_kind("NOW  ", &kind, out);
        let advice = words::pause_advice(kind.scope, kind.trigger);
        out.text(Paint::Plain, "    > ", advice);
    }
    for kind in words::pauses_by_kind(summary, false) {
        pauses_of_kind("over ", &kind, out);
    }
    if !summary.too_few.is_empty() {
        let n = summary.too_few.len() as u64;
        let line = format!(
            "Too few sent in 24 hours for a verdict, at times: {}.",
            number::of(n, "mailbox or campaign", "mailboxes and campaigns")
        );
        out.text(Paint::Plain, "  ", &line);
    }
}

fn pauses_of_kind(state: &str, kind: &words::Pauses<'_>, out: &mut Lines) {
    let (paint, most) = match kind.pauses.first() {
        Some(pause) if pause.active => (Paint::Band(3), LISTED),
        _ => (Paint::Plain, PAST),
    };
    let title = words::pauses_title(kind);
    out.text(paint, "  ", &format!("{state}{title}"));
    for pause in kind.pauses.iter().take(most) {
        let (key, value) = (printable(&pause.key), words::pause_value(pause));
        let line = format!("{key}: {value}, {}", words::pause_span(pause));
        out.text(Paint::Plain, "    ", &line);
    }
    more(kind.pauses.len(), most, out);
}

fn alerts(summary: &Summary, out: &mut Lines) {
    if summary.alerts.is_empty() {
        return;
    }
    out.title(&format!(
        "LOOK AT THIS  {}",
        number::of(summary.alerts.len() as u64, "alert", "alerts")
    ));
    for alert in words::alerts_by_pattern(summary) {
        out.text(Paint::Band(2), "  ", words::pattern(alert.pattern));
        for one in alert.alerts.iter().take(LISTED) {
            let key = printable(&one.key);
            let key = if key == "total" {
                "in total".into()
            } else {
                key
            };
            let line = format!(
                "{key}: {} (limit {})",
                printable(&one.evidence),
                limit(one.value, one.threshold)
            );
            out.text(Paint::Plain, "    ", &line);
        }
        more(alert.alerts.len(), LISTED, out);
        out.text(Paint::Plain, "    > ", alert.advice);
    }
}

fn limit(value: Value, threshold: Value) -> String {
    number::limit(threshold, number::is_counted(value))
}

fn more(all: usize, shown: usize, out: &mut Lines) {
    if all > shown {
        let line = format!("… and {} more: --format json has all.", all - shown);
        out.text(Paint::Plain, "    ", &line);
    }
}

/// A table of groups, the worst first.
fn groups(summary: &Summary, view: &View, grouping: Grouping, out: &mut Lines) {
    let groups = ordered(summary, grouping);
    let top = view.top.unwrap_or(TOP);
    out.title(&grouping.title().to_uppercase());
    if groups.is_empty() {
        out.text(Paint::Plain, "  ", "none");
        return;
    }
    let width = out.width();
    let shown: Vec<_> = groups.iter().take(top).copied().collect();
    let columns = columns(&shown, width);
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::try_from(width).unwrap_or(u16::MAX))
        .set_truncation_indicator("…")
        .force_no_tty();
    let mut header = vec![grouping.key().to_uppercase()];
    header.extend(columns.iter().map(|c| c.title.to_owned()));
    table.set_header(header);
    for group in &shown {
        let mut cells = vec![printable(&group.key).into_owned()];
        cells.extend(columns.iter().map(|c| (c.cell)(&group.figures)));
        let mut row = Row::from(cells);
        row.max_height(1);
        table.add_row(row);
    }
    // The key and the band are words, the rest numbers.
    let left = usize::from(columns.first().is_some_and(|c| c.title == columns::BAND));
    for (n, column) in table.column_iter_mut().enumerate() {
        column.set_padding((if n == 0 { 2 } else { 1 }, 0));
        if n > 0 {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
        if n > left {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let paints = shown.iter().map(|g| match Judgement::of(&g.figures) {
        Judgement::Certain(band) => Paint::Band(words::rank(band)),
        _ => Paint::Plain,
    });
    let paints = std::iter::once(Paint::Bold).chain(paints);
    for (line, paint) in table.lines().zip(paints) {
        out.line(paint, line.trim_end());
    }
    if groups.len() > shown.len() {
        let line = format!(
            "… and {} more: --top shows more.",
            count((groups.len() - shown.len()) as u64)
        );
        out.text(Paint::Plain, "  ", &line);
    }
}

fn books(summary: &Summary, out: &mut Lines) {
    let b = &summary.books;
    let mut line = format!(
        "Read {}: {}, {}, {}, {} rejected",
        number::of(b.messages, "record", "records"),
        number::of(b.with_events, "report", "reports"),
        number::of(b.not_a_report, "other", "others"),
        number::of(b.duplicates, "duplicate", "duplicates"),
        count(b.rejected)
    );
    for (n, what) in [
        (b.sent_rows, "rows of the sent log"),
        (b.filtered, "events filtered out"),
        (b.undated, "events without a date"),
    ] {
        if n > 0 {
            line.push_str(&format!("; {} {what}", count(n)));
        }
    }
    out.blank();
    out.text(Paint::Plain, "", &format!("{line}."));
}
