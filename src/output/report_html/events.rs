//! The newest events with what the servers said, and the templates that are refused.

use super::{moment, text};
use crate::output::report::number::{self, count};
use crate::output::report::words;
use crate::report::Summary;
use crate::report::summary::{Recent, Template};
use crate::vocab::{Category, Kind};
use maud::{Markup, html};

/// Longer replies are folded, in characters.
const LONG: usize = 280;

/// The table of templates.
pub fn templates(summary: &Summary) -> Markup {
    let all = &summary.views.templates;
    if all.is_empty() {
        return html! {};
    }
    html! {
        section {
            h2 { "Templates that are refused" }
            table.stacked data-by="templates" {
                thead { tr {
                    @for title in ["Subject", "Refused by", "Sent from", "First and last (UTC)"] {
                        th scope="col" { (title) }
                    }
                } }
                tbody { @for template in all { (template_row(template)) } }
            }
        }
    }
}

fn template_row(t: &Template) -> Markup {
    html! {
        tr {
            td {
                @if t.subject.is_empty() { span.faint { "(no subject)" } } @else { strong { (text(&t.subject)) } }
                @if let Some(campaign) = &t.campaign { div.faint { "campaign " (text(campaign)) } }
            }
            td data-v=(t.rejections) { (number::of(t.rejections, "recipient", "recipients")) }
            td { @for mailbox in t.mailboxes.iter().take(5) { div { (text(mailbox)) } }
                @if t.mailboxes.len() > 5 { div.faint { "and " (t.mailboxes.len() - 5) " more" } }
            }
            td data-v=(t.last.as_deref().unwrap_or_default()) {
                @if let Some((first, last)) = t.first.as_deref().zip(t.last.as_deref()) {
                    div { (moment(first)) }
                    @if last != first { div { (moment(last)) } }
                }
            }
        }
    }
}

/// The table of events.
pub fn recent(summary: &Summary) -> Markup {
    let all = &summary.views.recent;
    html! {
        section {
            h2 { "Recent events" }
            @if all.is_empty() {
                p.faint { "No dated event." }
            } @else {
                p.legend { "The newest " (count(all.len() as u64)) ", newest first; times are UTC." }
                table.stacked.events data-by="events" {
                    thead { tr {
                        @for title in ["When, what", "Recipient, from", "What the server said"] {
                            th scope="col" { (title) }
                        }
                    } }
                    tbody { @for event in all { (event_row(event)) } }
                }
            }
        }
    }
}

fn event_row(e: &Recent) -> Markup {
    let category = Category::from_word(e.category);
    html! {
        tr data-key=(e.event_id) {
            td data-v=(e.at) {
                div { (moment(&e.at)) }
                div {
                    span.swatch.(e.category) aria-hidden="true" {}
                    (what(e, category))
                }
                @if e.held { div { span.unsure { "held for review" } } }
            }
            td {
                div { strong { (text(e.recipient.as_deref().unwrap_or("(no address)"))) } }
                @if let Some(mailbox) = &e.mailbox { div.faint { "from " (text(mailbox)) } }
                @if let Some(campaign) = &e.campaign { div.faint { "campaign " (text(campaign)) } }
            }
            td {
                (reply(e))
                div.faint { (judged(e)) }
                div.faint.id { "event " (text(&e.event_id)) }
            }
        }
    }
}

fn what(e: &Recent, category: Option<Category>) -> &'static str {
    match (Kind::from_word(e.kind), category) {
        (Some(Kind::Delayed), _) => "Delayed",
        (Some(Kind::Delivered), _) => "Delivered",
        (_, Some(category)) => words::category(category),
        _ => e.kind,
    }
}

/// Codes and words of the reply; a long one is folded.
fn reply(e: &Recent) -> Markup {
    let code = e.smtp_code.map(|c| c.to_string());
    let parts = [code.as_deref(), e.enhanced_code.as_deref()];
    let codes = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let said = text(e.smtp_message.as_deref().unwrap_or_default());
    let long = said.chars().count() > LONG;
    html! {
        div.reply {
            @if !codes.is_empty() { strong { (text(&codes)) } " " }
            @if long {
                @let (start, rest) = split(&said);
                details { summary { (start) "…" } "…" (rest) }
            } @else {
                (said)
            }
            @if codes.is_empty() && said.is_empty() { span.faint { "no reply is quoted" } }
        }
    }
}

/// The first [`LONG`] characters, and the others.
fn split(text: &str) -> (&str, &str) {
    let at = text
        .char_indices()
        .nth(LONG)
        .map_or(text.len(), |(at, _)| at);
    text.split_at_checked(at).unwrap_or((text, ""))
}

/// Reason, confidence and server.
fn judged(e: &Recent) -> String {
    let mut parts = Vec::new();
    if !e.reason.is_empty() {
        parts.push(e.reason.to_owned());
    }
    if let Some(confidence) = e.confidence {
        parts.push(format!("confidence {confidence:.2}"));
    }
    if let Some(mta) = &e.remote_mta {
        parts.push(format!("said by {}", text(mta)));
    }
    parts.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p6_a_long_reply_is_split_between_characters() {
        let long = "\u{fc}".repeat(LONG + 2);
        for (text, expected) in [
            ("User unknown", ("User unknown", "")),
            (long.as_str(), (&*"\u{fc}".repeat(LONG), "\u{fc}\u{fc}")),
        ] {
            assert_eq!(split(text), expected);
        }
    }

    #[test]
    fn p6_an_event_shows_what_the_server_said() {
        let event = Recent {
            smtp_code: Some(550),
            enhanced_code: Some("5.1.1".to_owned()),
            smtp_message: Some("User unknown".to_owned()),
            remote_mta: Some("mx.example.com".to_owned()),
            reason: "userunknown",
            confidence: Some(0.98),
            ..Recent::default()
        };
        let shown = reply(&event).into_string();
        assert!(
            shown.contains("<strong>550 5.1.1</strong> User unknown"),
            "{shown}"
        );
        let expected = "userunknown · confidence 0.98 · said by mx.example.com";
        assert_eq!(judged(&event), expected);
    }
}
