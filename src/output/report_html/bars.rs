//! Mailboxes and domains as bars, each with its figures in words.

use super::chart::at;
use super::head::{figures, judgement};
use super::text;
use crate::output::report::number::count;
use crate::output::report::order::ordered;
use crate::output::report::{Grouping, Judgement};
use crate::report::Summary;
use crate::report::summary::{Excess, Figures};
use maud::{Markup, html};

/// Mailboxes: their rate with its interval, else what bounced.
pub fn mailboxes(summary: &Summary, top: usize) -> Markup {
    let groups = ordered(summary, Grouping::Mailbox);
    let shown = || groups.iter().take(top);
    let rated = shown().any(|g| g.figures.rate.is_some());
    let length = |f: &Figures| match rated {
        true => f.rate_high.or(f.rate).unwrap_or_default(),
        false => f.bounced as f64,
    };
    let longest = shown().map(|g| length(&g.figures)).fold(0.0, f64::max);
    html! {
        @if groups.is_empty() { p.faint { "No mailbox is known." } }
        @if rated {
            p.legend { "Bar: bounce rate; line: its 95 % interval. First who is bad for certain." }
        }
        ul.bars {
            @for group in shown() {
                @let f = &group.figures;
                li {
                    span.name { (text(&group.key)) }
                    (bar(f, rated, longest))
                    span.figures { (figures(f)) " " (judgement(f)) }
                }
            }
        }
    }
}

fn bar(f: &Figures, rated: bool, longest: f64) -> Markup {
    let part = |v: f64| if longest > 0.0 { v / longest } else { 0.0 };
    let length = match rated {
        true => f.rate.unwrap_or_default(),
        false => f.bounced as f64,
    };
    let class = match Judgement::of(f) {
        Judgement::Certain(band) => band.as_str(),
        _ => "plain",
    };
    html! {
        svg.bar width="100%" height="14" aria-hidden="true" {
            rect.track x="0" y="0" width="100%" height="14" {}
            rect.(class) x="0" y="2" width=(at(part(length))) height="10" {}
            @if let Some((low, high)) = f.rate_low.zip(f.rate_high).filter(|_| rated) {
                line.whisker x1=(at(part(low))) x2=(at(part(high))) y1="7" y2="7" {}
            }
        }
    }
}

/// Domains: what bounced, and how much of it the overall rate lets expect.
pub fn domains(summary: &Summary, top: usize) -> Markup {
    let worst = &summary.views.worst_domains;
    let shown = || worst.iter().take(top);
    let most = shown().map(|e| e.bounced).max().unwrap_or(0);
    let known = shown().any(|e| e.expected.is_some());
    html! {
        @if worst.is_empty() { p.faint { "No domain stands out." } }
        @if known {
            p.legend { "Bar: recipients that bounced; the pale part is what the overall rate lets expect." }
        }
        ul.bars {
            @for domain in shown() {
                li {
                    span.name { (text(&domain.domain)) }
                    (excess(domain, most))
                    span.figures { (words(domain)) }
                }
            }
        }
    }
}

fn excess(e: &Excess, most: u64) -> Markup {
    let part = |v: f64| if most > 0 { v / most as f64 } else { 0.0 };
    let expected = e.expected.unwrap_or_default().min(e.bounced as f64);
    html! {
        svg.bar width="100%" height="14" aria-hidden="true" {
            rect.track x="0" y="0" width="100%" height="14" {}
            rect.hard_bounce x="0" y="2" width=(at(part(e.bounced as f64))) height="10" {}
            rect.expected x="0" y="2" width=(at(part(expected))) height="10" {}
        }
    }
}

fn words(e: &Excess) -> String {
    let of = Figures {
        sent: e.sent,
        bounced: e.bounced,
        rate: e.rate,
        ..Figures::default()
    };
    let mut line = figures(&of);
    if let Some(excess) = e.excess {
        line.push_str(&format!(" · {} more than expected", more(excess)));
    }
    line
}

/// A number of recipients with a decimal where it is small.
fn more(excess: f64) -> String {
    if excess >= 10.0 {
        count(excess.round() as u64)
    } else {
        format!("{excess:.1}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p6_domains_tell_their_excess() {
        let domain = |sent, bounced, excess| Excess {
            domain: "gmail.com".to_owned(),
            sent,
            bounced,
            rate: sent.map(|s: u64| bounced as f64 / s as f64),
            expected: excess,
            excess,
        };
        for (domain, expected) in [
            (
                domain(Some(100), 8, Some(5.04)),
                "8 of 100 sent · 8.00 % · 5.0 more than expected",
            ),
            (
                domain(Some(4000), 1300, Some(1250.4)),
                "1,300 of 4,000 sent · 32.5 % · 1,250 more than expected",
            ),
            (domain(None, 8, None), "8 bounced"),
        ] {
            assert_eq!(words(&domain), expected);
        }
    }
}
