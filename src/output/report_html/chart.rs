//! What the charts share: positions, scales, axes, the frame.

use crate::output::report::number::short_day;
use crate::report::summary::Slice;
use maud::{Markup, html};

/// Height of the labels below a plot, in pixels.
const BELOW: f64 = 26.0;
/// Least distance of two labels of the vertical axis, in pixels.
const LINE: f64 = 13.0;
/// Width of the part of a plot that stretches, in its own units.
pub const WIDE: f64 = 1000.0;

/// A horizontal position: a fraction of the width.
pub fn at(fraction: f64) -> String {
    format!("{:.2}%", fraction * 100.0)
}

/// A vertical position or a length in pixels.
pub fn px(length: f64) -> String {
    format!("{length:.1}")
}

/// Where the middle of the `n`th of `all` equal columns is.
pub fn middle(n: usize, all: usize) -> f64 {
    (n as f64 + 0.5) / all.max(1) as f64
}

/// A vertical scale from 0 at the bottom.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// The value at the top.
    pub end: f64,
    /// Where the top is, in pixels.
    pub top: f64,
    /// How high it is.
    pub height: f64,
}

impl Scale {
    /// Where a value is; what is too high is at the top.
    pub fn y(&self, value: f64) -> f64 {
        let part = if self.end > 0.0 {
            value / self.end
        } else {
            0.0
        };
        self.top + self.height * (1.0 - part.clamp(0.0, 1.0))
    }

    /// Where the bottom is.
    pub fn bottom(&self) -> f64 {
        self.top + self.height
    }
}

/// A round number that is not below `n`: 1, 2, 5, 10, 20 …
pub fn round_up(n: u64) -> u64 {
    let mut step: u64 = 1;
    loop {
        for factor in [1, 2, 5] {
            let round = step.saturating_mul(factor);
            if round >= n {
                return round;
            }
        }
        step = step.saturating_mul(10);
    }
}

/// Labels of the vertical axis that do not touch; the first ones have precedence.
pub fn labels(scale: &Scale, values: &[(f64, String)]) -> Vec<(f64, String)> {
    let mut out: Vec<(f64, String)> = Vec::new();
    for (value, label) in values {
        let y = scale.y(*value);
        if *value <= scale.end && out.iter().all(|(other, _)| (other - y).abs() >= LINE) {
            out.push((y, label.clone()));
        }
    }
    out
}

/// A plot with its axes. `what` says in a sentence what it shows; `named`: there are
/// names to the right of it.
pub fn frame(
    height: f64,
    what: &str,
    left: &[(f64, String)],
    slices: &[Slice],
    plot: &Markup,
    named: bool,
) -> Markup {
    html! {
        div.chart.named[named] {
            svg.axis width="52" height=(px(height + BELOW)) aria-hidden="true" {
                @for (y, label) in left {
                    text x="46" y=(px(y + 4.0)) text-anchor="end" { (label) }
                }
            }
            svg.plot width="100%" height=(px(height + BELOW)) role="img" aria-label=(what) {
                (plot)
                (days(slices, height + 18.0))
            }
        }
    }
}

/// Four to six dates under a plot.
fn days(slices: &[Slice], y: f64) -> Markup {
    let all = slices.len();
    let step = all.div_ceil(5).max(1);
    html! {
        @for (n, slice) in slices.iter().enumerate().step_by(step) {
            text x=(at(middle(n, all))) y=(px(y)) text-anchor="middle" { (short_day(&slice.day)) }
        }
    }
}

/// Paths in a plot: their width is [`WIDE`] units, whatever the plot's is.
pub fn stretched(height: f64, shapes: &Markup) -> Markup {
    html! {
        svg x="0" y="0" width="100%" height=(px(height)) viewBox=(format!("0 0 {WIDE} {height}"))
            preserveAspectRatio="none" { (shapes) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p6_axes_end_at_round_numbers() {
        for (n, expected) in [(0, 1), (1, 1), (3, 5), (11, 20), (501, 1000), (2000, 2000)] {
            assert_eq!(round_up(n), expected);
        }
        assert!(round_up(u64::MAX) >= 1_000_000);
    }

    #[test]
    fn p6_labels_of_an_axis_do_not_touch() {
        let scale = Scale {
            end: 10.0,
            top: 0.0,
            height: 100.0,
        };
        let label = |v: f64| (v, v.to_string());
        let got = labels(
            &scale,
            &[label(0.0), label(10.0), label(1.0), label(2.0), label(11.0)],
        );
        let names: Vec<&str> = got.iter().map(|(_, l)| l.as_str()).collect();
        assert_eq!(names, ["0", "10", "2"]);
    }

    #[test]
    fn p6_a_value_beyond_the_scale_stays_in_the_plot() {
        let scale = Scale {
            end: 0.1,
            top: 10.0,
            height: 100.0,
        };
        for (value, y) in [(0.0, 110.0), (0.05, 60.0), (0.1, 10.0), (3.0, 10.0)] {
            assert_eq!(scale.y(value), y);
        }
    }
}
