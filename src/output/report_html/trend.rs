//! The bounce rate of the last 30 days over the bands; without a sent log, what bounced.

use super::chart::{Scale, WIDE, at, frame, labels, middle, px, round_up, stretched};
use super::groups;
use crate::output::report::number::{self, count, percent, short_day, short_percent};
use crate::output::report::{Bands, Judgement};
use crate::report::Summary;
use crate::report::summary::{Band, Figures, Slice};
use maud::{Markup, html};

/// The rates, in pixels from the top.
const RATES: f64 = 210.0;
/// The strip of what was sent, below them.
const SENT: f64 = 44.0;
const GAP: f64 = 22.0;

/// The section.
pub fn section(summary: &Summary, bands: &Bands) -> Markup {
    let trend = &summary.views.trend;
    if trend.is_empty() {
        return html! {};
    }
    let rated = trend.iter().any(|s| s.figures.sent.is_some());
    html! {
        section {
            h2 { "Trend, last " (number::of(trend.len() as u64, "day", "days")) }
            @if rated { (rates(trend, bands)) } @else { (counts(trend)) }
            (groups::days(trend))
        }
    }
}

fn rates(trend: &[Slice], bands: &Bands) -> Markup {
    let known = |s: &Slice| s.figures.rate.filter(|_| s.figures.rate_low.is_some());
    let highest = trend.iter().filter_map(known).fold(0.0, f64::max);
    let scale = Scale {
        // One wild day must not flatten all others.
        end: (highest * 1.1).clamp(bands.critical * 1.3, bands.critical * 3.0),
        top: 8.0,
        height: RATES - 8.0,
    };
    let strip = Scale {
        end: round_up(
            trend
                .iter()
                .filter_map(|s| s.figures.sent)
                .max()
                .unwrap_or(0),
        ) as f64,
        top: RATES + GAP,
        height: SENT,
    };
    let limits = [bands.critical, bands.danger, bands.caution];
    let ticks: Vec<(f64, String)> = [0.0]
        .into_iter()
        .chain(limits)
        .chain([scale.end])
        .map(|v| (v, axis_percent(v)))
        .collect();
    let mut left = labels(&scale, &ticks);
    left.push((strip.y(strip.end), count(strip.end as u64)));
    let plot = html! {
        (zones(&scale, bands))
        @for limit in limits { (rule(scale.y(limit))) }
        (rule(scale.bottom()))
        (line(trend, &scale))
        @for (n, slice) in trend.iter().enumerate() {
            (point(&slice.figures, middle(n, trend.len()), &scale, &title(slice)))
        }
        text.label x="0" y=(px(RATES + GAP - 6.0)) { "mails sent" }
        (columns(trend, &strip, |f| f.sent.unwrap_or_default()))
        (rule(strip.bottom()))
    };
    html! {
        (frame(RATES + GAP + SENT, &sentence(trend), &left, trend, &plot, true))
        (legend())
    }
}

/// Short enough for the axis.
fn axis_percent(fraction: f64) -> String {
    if fraction >= 0.095 {
        format!("{:.0} %", fraction * 100.0)
    } else {
        short_percent((fraction * 1e3).round() / 1e3)
    }
}

fn rule(y: f64) -> Markup {
    html! { line.rule x1="0" x2="100%" y1=(px(y)) y2=(px(y)) {} }
}

fn zones(scale: &Scale, bands: &Bands) -> Markup {
    let edges = [0.0, bands.caution, bands.danger, bands.critical, scale.end];
    html! {
        @for (band, edge) in Band::ALL.iter().zip(edges.windows(2)) {
            @if let [from, to] = edge {
                @let (top, bottom) = (scale.y(*to), scale.y(*from));
                rect.zone.(band.as_str()) x="0" width="100%" y=(px(top)) height=(px(bottom - top)) {}
                @if bottom - top >= 12.0 {
                    text.label.(band.as_str()) x="100%" dx="6" y=(px((top + bottom) / 2.0 + 4.0)) { (band) }
                }
            }
        }
    }
}

/// Through the days with a rate that can be trusted.
fn line(trend: &[Slice], scale: &Scale) -> Markup {
    let mut points = String::new();
    for (n, slice) in trend.iter().enumerate() {
        let f = &slice.figures;
        if let (Some(rate), Some(_)) = (f.rate, f.rate_low) {
            let x = middle(n, trend.len()) * WIDE;
            points.push_str(&format!("{x:.1},{:.1} ", scale.y(rate)));
        }
    }
    stretched(
        RATES,
        &html! { polyline.trend points=(points.trim_end()) vector-effect="non-scaling-stroke" {} },
    )
}

/// A day: its rate, its interval, full where the band is certain.
fn point(figures: &Figures, x: f64, scale: &Scale, title: &str) -> Markup {
    let Some(rate) = figures.rate else {
        return html! {};
    };
    let class = match Judgement::of(figures) {
        Judgement::Certain(_) => "dot",
        _ => "dot hollow",
    };
    let beyond = rate > scale.end;
    html! {
        g {
            title { (title) }
            @if let Some((low, high)) = figures.rate_low.zip(figures.rate_high) {
                line.whisker x1=(at(x)) x2=(at(x)) y1=(px(scale.y(low))) y2=(px(scale.y(high))) {}
            }
            @if beyond {
                text.beyond x=(at(x)) y=(px(scale.top + 10.0)) text-anchor="middle" { "▲" }
            } @else {
                circle class=(class) cx=(at(x)) cy=(px(scale.y(rate))) r="4" {}
            }
        }
    }
}

fn title(slice: &Slice) -> String {
    let f = &slice.figures;
    let rate = f.rate.map_or("no rate".to_owned(), percent);
    let sent = count(f.sent.unwrap_or_default());
    format!(
        "{}: {rate}, {} bounced, {sent} sent, {}",
        slice.day,
        count(f.bounced),
        Judgement::of(f).words()
    )
}

fn sentence(trend: &[Slice]) -> String {
    let worst = trend
        .iter()
        .filter(|s| s.figures.rate_low.is_some())
        .max_by(|a, b| {
            a.figures
                .rate
                .unwrap_or(0.0)
                .total_cmp(&b.figures.rate.unwrap_or(0.0))
        });
    let (first, last) = match (trend.first(), trend.last()) {
        (Some(first), Some(last)) => (first.day.as_str(), last.day.as_str()),
        _ => ("", ""),
    };
    let worst = worst.map_or(String::new(), |s| {
        let rate = percent(s.figures.rate.unwrap_or_default());
        format!(" The worst day is {} with {rate}.", s.day)
    });
    format!(
        "Bounce rate a day from {first} to {last} over the bands.{worst} The figures are in the table below."
    )
}

fn legend() -> Markup {
    html! {
        p.legend {
            "● rate of the day, certain of its band · ○ too few to judge · │ 95 % interval · "
            "▲ beyond the scale, or more bounced than were sent that day"
        }
    }
}

fn columns(trend: &[Slice], scale: &Scale, value: fn(&Figures) -> u64) -> Markup {
    let wide = 0.7 / trend.len().max(1) as f64;
    html! {
        @for (n, slice) in trend.iter().enumerate() {
            @let y = scale.y(value(&slice.figures) as f64);
            rect.column x=(at(middle(n, trend.len()) - wide / 2.0)) width=(at(wide))
                y=(px(y)) height=(px(scale.bottom() - y)) {
                title { (short_day(&slice.day)) ": " (count(value(&slice.figures))) }
            }
        }
    }
}

/// Without a sent log.
fn counts(trend: &[Slice]) -> Markup {
    let most = trend.iter().map(|s| s.figures.bounced).max().unwrap_or(0);
    let scale = Scale {
        end: round_up(most) as f64,
        top: 8.0,
        height: RATES - 8.0,
    };
    let ticks = [0.0, scale.end, (scale.end / 2.0).floor()];
    let left = labels(&scale, &ticks.map(|v| (v, count(v as u64))));
    let plot = html! {
        @for (y, _) in &left { (rule(*y)) }
        (columns(trend, &scale, |f| f.bounced))
        (rule(scale.bottom()))
    };
    let what = format!(
        "Recipients that bounced a day, {} at most. The figures are in the table below.",
        count(most)
    );
    html! {
        p.legend { "Recipients that bounced, a day. Rates need the sent log (--sent)." }
        (frame(RATES, &what, &left, trend, &plot, false))
    }
}
