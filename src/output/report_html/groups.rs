//! Tables of all figures. Every cell carries its figure as the JSON has it, so that a
//! program can compare, and sort.

use super::text;
use crate::output::report::number::{count, percent};
use crate::output::report::order::ordered;
use crate::output::report::{Grouping, Judgement, View, words};
use crate::output::report_csv::FIGURES;
use crate::report::Summary;
use crate::report::summary::{Figures, Slice};
use crate::vocab::Category;
use maud::{Markup, html};
use serde_json::Value;

/// The groups of a kind.
pub fn table(summary: &Summary, by: Grouping, view: &View) -> Markup {
    let groups = ordered(summary, by);
    if groups.is_empty() {
        return html! {};
    }
    let rows = view.top.unwrap_or(super::ROWS);
    let hidden = groups.len().saturating_sub(rows);
    let shown = groups.iter().take(rows);
    let title = format!(
        "{}: all figures ({})",
        by.title(),
        count(groups.len() as u64)
    );
    html! {
        details {
            summary { (title) }
            (figures(by.key(), by.title(), shown.map(|g| (g.key.as_str(), &g.figures))))
            @if hidden > 0 {
                p.faint { (count(hidden as u64)) " more: --top shows more, --format json has all." }
            }
        }
    }
}

/// The totals.
pub fn totals(summary: &Summary) -> Markup {
    html! {
        details {
            summary { "Totals: all figures" }
            (figures("total", "Totals", [("total", &summary.totals)].into_iter()))
        }
    }
}

/// The days of the trend.
pub fn days(trend: &[Slice]) -> Markup {
    html! {
        details {
            summary { "The figures of these days" }
            (figures("trend", "Days of the trend", trend.iter().map(|s| (s.day.as_str(), &s.figures))))
        }
    }
}

/// The categories over time.
pub fn slices(slices: &[Slice], order: &[Category]) -> Markup {
    html! {
        details {
            summary { "The figures of this chart" }
            div.scroll role="region" tabindex="0" aria-label="Categories over time" {
                table data-by="distribution" {
                    thead { tr {
                        th scope="col" { "From" }
                        @for category in order { th scope="col" { (words::category(*category)) } }
                    } }
                    tbody {
                        @for slice in slices {
                            tr data-key=(slice.day) {
                                th scope="row" { (slice.day) }
                                @for category in order { (slice_cell(slice, *category)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn slice_cell(slice: &Slice, category: Category) -> Markup {
    let found = slice.categories().into_iter().find(|(c, _)| *c == category);
    let n = found.map_or(0, |(_, n)| n);
    html! { td data-f=(category.as_str()) data-v=(n) { (count(n)) } }
}

fn figures<'r>(
    by: &str,
    title: &str,
    rows: impl Iterator<Item = (&'r str, &'r Figures)>,
) -> Markup {
    html! {
        div.scroll role="region" tabindex="0" aria-label=(title) {
            table data-by=(by) {
                thead { tr {
                    th scope="col" { (by) }
                    @for name in FIGURES { th scope="col" { (name.replace('_', " ")) } }
                } }
                tbody {
                    @for (key, figures) in rows {
                        tr data-key=(key) {
                            th scope="row" { (text(key)) }
                            (cells(figures))
                        }
                    }
                }
            }
        }
    }
}

fn cells(figures: &Figures) -> Markup {
    let value = serde_json::to_value(figures).unwrap_or_default();
    html! {
        @for name in FIGURES {
            @match value.get(name) {
                None => td { "–" },
                Some(Value::String(word)) => {
                    td data-f=(name) data-v=(word) { (band(figures, word)) }
                },
                Some(found) => td data-f=(name) data-v=(found) { (shown(found)) },
            }
        }
    }
}

/// The word of the band with a mark where it is not certain.
fn band<'w>(figures: &Figures, word: &'w str) -> std::borrow::Cow<'w, str> {
    match Judgement::of(figures) {
        Judgement::Certain(_) => word.into(),
        other => format!("{word}? {}", other.words()).into(),
    }
}

fn shown(value: &Value) -> String {
    match (value.as_u64(), value.as_f64(), value.as_bool()) {
        (Some(n), ..) => count(n),
        (None, Some(fraction), _) => percent(fraction),
        (.., Some(true)) => "yes".to_owned(),
        (.., Some(false)) => "no".to_owned(),
        _ => String::new(),
    }
}
