//! The categories over time, as stacked areas.

use super::chart::{Scale, WIDE, frame, labels, middle, px, round_up, stretched};
use super::groups;
use crate::output::report::number::{self, count};
use crate::output::report::words;
use crate::report::Summary;
use crate::report::summary::Slice;
use crate::vocab::Category;
use maud::{Markup, html};

/// In pixels.
const HEIGHT: f64 = 220.0;

/// From the bottom up: what costs most lies on the ground, where it is easiest to compare.
const ORDER: [Category; 7] = [
    Category::HardBounce,
    Category::SoftBounceMailbox,
    Category::SoftBounceContent,
    Category::SoftBounceReputation,
    Category::Other,
    Category::Complaint,
    Category::AutoReply,
];

/// The section.
pub fn section(summary: &Summary) -> Markup {
    let slices = &summary.views.distribution;
    let all: Vec<[u64; 7]> = slices.iter().map(counts).collect();
    let most = all.iter().map(|c| c.iter().sum()).max().unwrap_or(0);
    if most == 0 {
        return html! {};
    }
    let days = slices.first().map_or(1, |s| s.days);
    let unit = match days {
        1 => "day".to_owned(),
        7 => "week".to_owned(),
        n => format!("{n} days"),
    };
    html! {
        section {
            h2 { "Categories over time" }
            p.legend { "Recipients by category, a " (unit) "." }
            (chart(slices, &all, most))
            (legend(&all))
            (groups::slices(slices, &ORDER))
        }
    }
}

fn counts(slice: &Slice) -> [u64; 7] {
    let of = |wanted: Category| {
        let found = slice.categories().into_iter().find(|(c, _)| *c == wanted);
        found.map_or(0, |(_, n)| n)
    };
    ORDER.map(of)
}

fn chart(slices: &[Slice], all: &[[u64; 7]], most: u64) -> Markup {
    let scale = Scale {
        end: round_up(most) as f64,
        top: 8.0,
        height: HEIGHT - 8.0,
    };
    let ticks: Vec<(f64, String)> = ticks(scale.end as u64);
    let left = labels(&scale, &ticks);
    let shapes = html! {
        @for n in 0..ORDER.len() {
            @if let Some(category) = ORDER.get(n) {
                path.(category.as_str()) d=(area(all, n, &scale)) vector-effect="non-scaling-stroke" {
                    title { (words::category(*category)) }
                }
            }
        }
    };
    let plot = html! {
        @for (y, _) in &left { line.rule x1="0" x2="100%" y1=(px(*y)) y2=(px(*y)) {} }
        (stretched(HEIGHT, &shapes))
    };
    frame(HEIGHT, &sentence(slices, all), &left, slices, &plot, false)
}

fn ticks(end: u64) -> Vec<(f64, String)> {
    let parts = if end.is_multiple_of(5) { 5 } else { 2 };
    let step = (end / parts).max(1);
    (0..=end / step)
        .map(|n| ((n * step) as f64, count(n * step)))
        .collect()
}

/// The outline of the `n`th layer: along its upper edge, back along the lower one.
fn area(all: &[[u64; 7]], n: usize, scale: &Scale) -> String {
    let below = |c: &[u64; 7], layers: usize| c.iter().take(layers).sum::<u64>() as f64;
    let edge = |layers: usize| -> Vec<(f64, f64)> {
        let at =
            |(i, c): (usize, &[u64; 7])| (middle(i, all.len()) * WIDE, scale.y(below(c, layers)));
        let mut points: Vec<(f64, f64)> = all.iter().enumerate().map(at).collect();
        // A half slice at either end is as high as its middle.
        if let (Some(first), Some(last)) = (points.first().copied(), points.last().copied()) {
            points.insert(0, (0.0, first.1));
            points.push((WIDE, last.1));
        }
        points
    };
    let mut path = String::from("M");
    for (x, y) in edge(n + 1).into_iter().chain(edge(n).into_iter().rev()) {
        path.push_str(&format!("{x:.1} {y:.1} "));
    }
    path.push('Z');
    path
}

fn totals(all: &[[u64; 7]]) -> impl Iterator<Item = (Category, u64)> {
    let of = |n: usize| all.iter().filter_map(|c| c.get(n)).sum();
    let sums: Vec<u64> = (0..ORDER.len()).map(of).collect();
    ORDER.into_iter().zip(sums).filter(|(_, n)| *n > 0)
}

fn sentence(slices: &[Slice], all: &[[u64; 7]]) -> String {
    let parts = totals(all).map(|(c, n)| format!("{} {}", words::category(c), count(n)));
    let parts: Vec<String> = parts.collect();
    let edge = |s: Option<&Slice>| s.map_or(String::new(), |s| number::day(&s.day).to_owned());
    format!(
        "Recipients by category from {} on: {}. The figures are in the table below.",
        edge(slices.first()),
        parts.join(", ")
    )
}

/// Top down, as the layers lie.
fn legend(all: &[[u64; 7]]) -> Markup {
    let mut entries: Vec<(Category, u64)> = totals(all).collect();
    entries.reverse();
    html! {
        ul.key {
            @for (category, _) in entries {
                li { span.swatch.(category.as_str()) aria-hidden="true" {} (words::category(category)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p6_layers_lie_on_each_other() {
        let scale = Scale {
            end: 10.0,
            top: 0.0,
            height: 100.0,
        };
        let all = [[2, 3, 0, 0, 0, 0, 0], [4, 0, 0, 0, 0, 0, 0]];
        let bottom = "M0.0 80.0 250.0 80.0 750.0 60.0 1000.0 60.0 1000.0 100.0 750.0 100.0 250.0 100.0 0.0 100.0 Z";
        let second = "M0.0 50.0 250.0 50.0 750.0 60.0 1000.0 60.0 1000.0 60.0 750.0 60.0 250.0 80.0 0.0 80.0 Z";
        assert_eq!(area(&all, 0, &scale), bottom);
        assert_eq!(area(&all, 1, &scale), second);
    }

    #[test]
    fn p6_ticks_are_whole_numbers() {
        for (end, expected) in [
            (1, "0 1"),
            (2, "0 1 2"),
            (5, "0 1 2 3 4 5"),
            (20, "0 4 8 12 16 20"),
        ] {
            let ticks: Vec<String> = ticks(end).into_iter().map(|t| t.1).collect();
            assert_eq!(ticks.join(" "), expected);
        }
    }
}
