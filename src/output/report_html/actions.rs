//! What to do now: pauses and patterns with their advice.

use super::{moment, text};
use crate::output::report::number::{self, count};
use crate::output::report::words::{self, Alerts};
use crate::report::Summary;
use crate::report::summary::{Alert, Pause};
use maud::{Markup, html};

/// The section.
pub fn section(summary: &Summary) -> Markup {
    let pauses = words::pauses_by_urgency(summary);
    let (active, over): (Vec<&Pause>, Vec<&Pause>) = pauses.into_iter().partition(|p| p.active);
    let alerts = words::alerts_by_pattern(summary);
    html! {
        section aria-labelledby="todo" {
            h2 #todo { "What to do now" }
            @if active.is_empty() && alerts.is_empty() {
                p { "No pause is due, and nothing looks unusual." }
            }
            @if !active.is_empty() {
                h3 { "Pause now (" (active.len()) ")" }
                ol.cards { @for pause in &active { (card(pause)) } }
            }
            @if !alerts.is_empty() {
                h3 { "Patterns (" (summary.alerts.len()) ")" }
                ul.cards { @for alert in &alerts { (pattern(alert)) } }
            }
            (past(&over))
            (too_few(summary))
        }
    }
}

fn card(pause: &Pause) -> Markup {
    html! {
        li.card.now {
            p.title { "Pause " (pause.scope) " " strong { (text(&pause.key)) } }
            p { (words::pause_figure(pause)) ". " span.faint { (words::pause_span(pause)) " UTC" } }
            p.advice { (words::pause_advice(pause.scope, pause.trigger)) }
        }
    }
}

fn pattern(of: &Alerts<'_>) -> Markup {
    html! {
        li.card {
            p.title { strong { (words::pattern(of.pattern)) } " " code { (of.pattern) } }
            ul { @for alert in &of.alerts { li { (evidence(alert)) } } }
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
fn past(over: &[&Pause]) -> Markup {
    if over.is_empty() {
        return html! {};
    }
    html! {
        details {
            summary { "Pauses that are over (" (count(over.len() as u64)) ")" }
            div.scroll role="region" tabindex="0" aria-label="Pauses that are over" {
                table data-by="pauses" {
                    thead { tr {
                        @for title in ["What", "Which", "Why", "From (UTC)", "To (UTC)"] {
                            th scope="col" { (title) }
                        }
                    } }
                    tbody {
                        @for pause in over {
                            tr {
                                td { (pause.scope) }
                                td { (text(&pause.key)) }
                                td { (words::pause_figure(pause)) }
                                td { (moment(&pause.from)) }
                                td { (moment(&pause.to)) }
                            }
                        }
                    }
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
