//! What to do now: pauses and patterns with their advice.

use super::{moment, text};
use crate::output::report::number::{self, count};
use crate::output::report::words::{self, Alerts, Pauses};
use crate::report::Summary;
use crate::report::summary::Alert;
use maud::{Markup, html};

/// Most names of a card that are not folded.
const NAMED: usize = 8;

/// The section.
pub fn section(summary: &Summary) -> Markup {
    let active = words::pauses_by_kind(summary, true);
    let alerts = words::alerts_by_pattern(summary);
    html! {
        section aria-labelledby="todo" {
            h2 #todo { "What to do now" }
            @if active.is_empty() && alerts.is_empty() {
                p { "No pause is due, and nothing looks unusual." }
            }
            @if !active.is_empty() {
                h3 { "Pause now" }
                ul.cards { @for kind in &active { (card(kind)) } }
            }
            @if !alerts.is_empty() {
                h3 { "Look at this" }
                ul.cards { @for alert in &alerts { (pattern(alert)) } }
            }
            (past(summary))
            (too_few(summary))
        }
    }
}

fn card(kind: &Pauses<'_>) -> Markup {
    html! {
        li.card.now {
            p.title { strong { (words::pauses_title(kind)) } }
            (folded(&kind.pauses, |pause| html! {
                strong { (text(&pause.key)) } ": " (words::pause_value(pause)) ", "
                span.faint { (words::pause_span(pause)) " UTC" }
            }))
            p.advice { (words::pause_advice(kind.scope, kind.trigger)) }
        }
    }
}

/// A list whose end is folded if it is long.
fn folded<T>(all: &[T], item: impl Fn(&T) -> Markup) -> Markup {
    let (first, rest) = all.split_at(all.len().min(NAMED));
    html! {
        ul { @for one in first { li { (item(one)) } } }
        @if !rest.is_empty() {
            details {
                summary { (count(rest.len() as u64)) " more" }
                ul { @for one in rest { li { (item(one)) } } }
            }
        }
    }
}

fn pattern(of: &Alerts<'_>) -> Markup {
    html! {
        li.card {
            p.title { strong { (words::pattern(of.pattern)) } " " code { (of.pattern) } }
            (folded(&of.alerts, |alert| evidence(alert)))
            p.advice { (of.advice) }
        }
    }
}

fn evidence(alert: &Alert) -> Markup {
    let counted = number::is_counted(alert.value);
    let (value, limit) = (
        number::value(alert.value, counted),
        number::limit(alert.threshold, counted),
    );
    html! {
        strong {
            @if alert.key == "total" { "All together" } @else { (text(&alert.key)) }
        }
        ": " (text(&alert.evidence)) ". " span.faint.nowrap { (value) ", limit " (limit) }
    }
}

/// Pauses that are over.
fn past(summary: &Summary) -> Markup {
    let kinds = words::pauses_by_kind(summary, false);
    if kinds.is_empty() {
        return html! {};
    }
    let all: usize = kinds.iter().map(|k| k.pauses.len()).sum();
    html! {
        details {
            summary { "Pauses that are over (" (count(all as u64)) ")" }
            div.scroll role="region" tabindex="0" aria-label="Pauses that are over" {
                table data-by="pauses" {
                    thead { tr {
                        @for title in ["Why", "Which", "Highest", "From (UTC)", "To (UTC)"] {
                            th scope="col" { (title) }
                        }
                    } }
                    tbody { @for kind in &kinds { @for pause in &kind.pauses {
                        tr {
                            td { (words::pauses_title(kind)) }
                            td { (text(&pause.key)) }
                            td { (words::pause_value(pause)) }
                            td { (moment(&pause.from)) }
                            td { (moment(&pause.to)) }
                        }
                    } } }
                }
            }
        }
    }
}

fn too_few(summary: &Summary) -> Markup {
    let all = &summary.too_few;
    if all.is_empty() {
        return html! {};
    }
    html! {
        details {
            summary { "Too few sent for a verdict, at times (" (count(all.len() as u64)) ")" }
            p {
                "These had bounces or complaints in 24 hours with too few mails for a rate to mean anything; "
                "such hours ask for no pause."
            }
            ul.plain { @for one in all { li { (one.scope) " " (text(&one.key)) } } }
        }
    }
}
