//! The top of the page: what the report is of, how bad it is, what was counted; and its
//! foot.

use super::chart::at;
use super::{badge, moment};
use crate::output::report::number::{self, count, percent, short_percent};
use crate::output::report::{Bands, Judgement, View, words};
use crate::report::Summary;
use crate::report::summary::{Band, Figures};
use crate::vocab::Category;
use maud::{Markup, html};

/// The heading.
pub fn header(summary: &Summary) -> Markup {
    html! {
        header {
            h1 { "Bounce report" }
            p { (words::period(summary)) }
            @if !summary.views.now.is_empty() {
                p.faint { "made " (moment(&summary.views.now)) " UTC" }
            }
        }
    }
}

/// The rate of everything and its band.
pub fn verdict(summary: &Summary, view: &View) -> Markup {
    let t = &summary.totals;
    let class = t.band.map_or("none", Band::as_str);
    html! {
        section.verdict.(class) aria-labelledby="verdict" {
            h2 #verdict { @if t.rate.is_some() { "Bounce rate" } @else { "Bounces" } }
            p.rate {
                @match (t.rate, t.band) {
                    (Some(rate), Some(band)) => {
                        strong data-f="rate" data-v=(rate) { (percent(rate)) } " " (badge(band))
                    },
                    _ => strong data-f="bounced" data-v=(t.bounced) { (count(t.bounced)) },
                }
            }
            p { (words::bounced(t)) "." }
            @if let Some(certainty) = words::certainty(t, &view.bands) {
                p { (certainty) }
                (gauge(t, &view.bands))
            }
            @if !summary.views.advice.is_empty() {
                p.advice { (summary.views.advice) }
            }
            @for note in &summary.notes { p.note { "Note: " (note) "." } }
        }
    }
}

/// The rate and its interval over the bands.
fn gauge(figures: &Figures, bands: &Bands) -> Markup {
    let (rate, low) = (
        figures.rate.unwrap_or_default(),
        figures.rate_low.unwrap_or_default(),
    );
    let high = figures.rate_high.unwrap_or_default();
    let end = (bands.critical * 1.5).max(high * 1.05);
    let x = |rate: f64| at((rate / end).min(1.0));
    let edges = [0.0, bands.caution, bands.danger, bands.critical, end];
    // Below this distance two labels would touch on a phone.
    let mut last = -1.0;
    let labelled: Vec<f64> = [bands.critical, bands.danger, bands.caution]
        .into_iter()
        .filter(|e| {
            let fits = last < 0.0 || last - e / end > 0.11;
            if fits {
                last = e / end
            }
            fits
        })
        .collect();
    html! {
        svg.gauge width="100%" height="44" role="img"
            aria-label=(format!("{} on a scale with the bands", percent(rate))) {
            @for (band, edge) in Band::ALL.iter().zip(edges.windows(2)) {
                @if let [from, to] = edge {
                    rect.zone.(band.as_str()) x=(x(*from)) y="6" width=(x(to - from)) height="16" {}
                }
            }
            line.whisker x1=(x(low)) x2=(x(high)) y1="14" y2="14" {}
            circle.dot cx=(x(rate)) cy="14" r="6" {}
            @for edge in labelled {
                text x=(x(edge)) y="38" text-anchor="middle" { (short_percent(edge)) }
            }
        }
    }
}

/// A tile a category, then what was counted apart.
pub fn tiles(summary: &Summary) -> Markup {
    let t = &summary.totals;
    html! {
        section aria-labelledby="what" {
            h2 #what { "What came back" }
            ul.tiles {
                @for (category, n) in t.categories() {
                    li {
                        span.swatch.(category.as_str()) aria-hidden="true" {}
                        span.name { (words::category(category)) }
                        strong data-f=(category.as_str()) data-v=(n) { (count(n)) }
                        span.faint { (share(t, category, n)) }
                    }
                }
            }
            @let apart = words::apart(summary);
            @if !apart.is_empty() {
                dl.apart {
                    @for (name, n, why) in apart {
                        div { dt { (count(n)) " " (name) } dd { (why) } }
                    }
                }
            }
        }
    }
}

fn share(figures: &Figures, category: Category, n: u64) -> String {
    let (whole, what) = match figures.sent {
        Some(sent) => (sent, "sent"),
        None if words::is_bounce(category) => (figures.bounced, "bounced"),
        None => return String::new(),
    };
    if n == 0 || whole == 0 {
        return String::new();
    }
    format!("{} of {what}", percent((n as f64 / whole as f64).min(1.0)))
}

/// What was read.
pub fn footer(summary: &Summary) -> Markup {
    let b = &summary.books;
    let rows = [
        (b.messages, "records read", ""),
        (b.with_events, "told something new", ""),
        (b.not_a_report, "report nothing", ""),
        (b.duplicates, "duplicates", ""),
        (b.rejected, "could not be read", "see --rejects"),
        (b.sent_rows, "rows of the sent log", ""),
        (b.filtered, "events outside the period or the filters", ""),
        (
            b.undated,
            "events without a date",
            "in the totals, in no day",
        ),
    ];
    html! {
        footer {
            h2 { "What was read" }
            ul {
                @for (n, what, more) in rows {
                    @if n > 0 {
                        li { (count(n)) " " (what) @if !more.is_empty() { " (" (more) ")" } }
                    }
                }
            }
            p {
                "Made by bounce " (env!("CARGO_PKG_VERSION")) ". This page loads nothing; the report as JSON is in "
                code { "#report" } "."
            }
        }
    }
}

/// A judgement of figures as a badge; dashed where it is not certain.
pub fn judgement(figures: &Figures) -> Markup {
    let of = Judgement::of(figures);
    match of {
        Judgement::Certain(band) => badge(band),
        Judgement::TooFew(_) | Judgement::Incomplete => html! { span.unsure { (of.words()) } },
        Judgement::None => html! {},
    }
}

/// `8 of 144 sent · 5.56 % (2.84–10.6 %)`.
pub fn figures(figures: &Figures) -> String {
    let Some(sent) = figures.sent else {
        return format!("{} bounced", count(figures.bounced));
    };
    let mut line = format!("{} of {} sent", count(figures.bounced), count(sent));
    if let Some(rate) = figures.rate {
        line.push_str(&format!(" · {}", percent(rate)));
    }
    if let Some(interval) = number::interval(figures) {
        line.push_str(&format!(" ({interval} %)"));
    }
    line
}
