//! Rates, bands and intervals of figures (P1–P3).

use super::summary::{Band, Figures};
use crate::history::{above, at_least};
use crate::policy::Thresholds;

/// The 97.5 % point of the normal distribution: an interval of 95 %.
const Z: f64 = 1.959_964;

/// `part` / `whole` with six decimals, rounded half up, exactly.
pub fn fraction(part: u64, whole: u64) -> Option<f64> {
    if whole == 0 {
        return None;
    }
    let (part, whole) = (u128::from(part), u128::from(whole));
    let millionths = (part * 2_000_000 + whole) / (whole * 2);
    Some(millionths as f64 / 1e6)
}

fn six(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

/// The band of `bounced` / `sent`, by the exact fraction (P2).
pub fn band(bounced: u64, sent: u64, thresholds: &Thresholds) -> Band {
    if above(bounced, sent, thresholds.critical) {
        Band::Critical
    } else if above(bounced, sent, thresholds.danger) {
        Band::Danger
    } else if at_least(bounced, sent, thresholds.caution) {
        Band::Caution
    } else {
        Band::Healthy
    }
}

/// The band of a rate that is no fraction of counts.
pub fn band_of(rate: f64, thresholds: &Thresholds) -> Band {
    if rate > thresholds.critical {
        Band::Critical
    } else if rate > thresholds.danger {
        Band::Danger
    } else if rate >= thresholds.caution {
        Band::Caution
    } else {
        Band::Healthy
    }
}

/// The Wilson score interval of `part` of `whole` (Wilson 1927), not rounded.
pub fn wilson(part: u64, whole: u64) -> (f64, f64) {
    let (n, p) = (whole as f64, part as f64 / whole as f64);
    let square = Z * Z;
    let scale = 1.0 + square / n;
    let centre = (p + square / (2.0 * n)) / scale;
    let half = Z * (p * (1.0 - p) / n + square / (4.0 * n * n)).sqrt() / scale;
    // At the edges the exact ends are 0 and 1; floating point misses them by a hair.
    let low = if part == 0 { 0.0 } else { centre - half };
    let high = if part == whole { 1.0 } else { centre + half };
    (low.clamp(0.0, 1.0), high.clamp(0.0, 1.0))
}

/// Fills in what follows from `sent` and the counts.
pub fn fill(figures: &mut Figures, sent: Option<u64>, thresholds: &Thresholds) {
    figures.sent = sent;
    let Some(sent) = sent else { return };
    let bounced = figures.bounced;
    if bounced > sent {
        // Part of what bounced is not in the log: no rate can be trusted.
        figures.rate = Some(1.0);
        figures.band = Some(Band::Critical);
        figures.band_certain = Some(false);
    } else if sent > 0 {
        let band = band(bounced, sent, thresholds);
        let (low, high) = wilson(bounced, sent);
        figures.rate = fraction(bounced, sent);
        figures.rate_low = Some(six(low));
        figures.rate_high = Some(six(high));
        figures.band = Some(band);
        let inside = |rate| band_of(rate, thresholds) == band;
        figures.band_certain = Some(inside(low) && inside(high));
    }
    figures.hard_rate = part(figures.hard_bounce, sent);
    figures.content_rate = part(figures.soft_bounce_content, sent);
    figures.reputation_rate = part(figures.soft_bounce_reputation, sent);
    figures.complaint_rate = part(figures.complaint, sent);
}

/// Never above 1.
fn part(part: u64, sent: u64) -> Option<f64> {
    if part > sent {
        return Some(1.0);
    }
    fraction(part, sent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p2_band_edges_are_exact() {
        let t = Thresholds::default();
        let cases = [
            (0, 1000, Band::Healthy),
            (9, 1000, Band::Healthy),
            (99_999, 10_000_000, Band::Healthy),
            // exactly 1 %, 2 %, 5 %
            (10, 1000, Band::Caution),
            (1, 100, Band::Caution),
            (20, 1000, Band::Caution),
            (7, 350, Band::Caution),
            (20_001, 1_000_000, Band::Danger),
            (21, 1000, Band::Danger),
            (50, 1000, Band::Danger),
            (3, 60, Band::Danger),
            (51, 1000, Band::Critical),
            (500_001, 10_000_000, Band::Critical),
        ];
        for (bounced, sent, expected) in cases {
            assert_eq!(band(bounced, sent, &t), expected, "{bounced} of {sent}");
        }
    }

    #[test]
    fn p2_bands_of_other_thresholds() {
        let t = Thresholds {
            caution: 0.003,
            danger: 0.07,
            critical: 0.1,
        };
        for (bounced, sent, expected) in [
            (3, 1000, Band::Caution),
            (7, 100, Band::Caution),
            (1, 10, Band::Danger),
            (11, 100, Band::Critical),
        ] {
            assert_eq!(band(bounced, sent, &t), expected, "{bounced} of {sent}");
        }
    }

    #[test]
    fn p1_rates_have_six_decimals_rounded_half_up() {
        let cases = [
            (1, 3, Some(0.333333)),
            (2, 3, Some(0.666667)),
            (33, 629, Some(0.052464)),
            (1, 2_000_000, Some(0.000001)),
            (1, 2_000_001, Some(0.0)),
            (5, 5, Some(1.0)),
            (0, 0, None),
        ];
        for (part, whole, expected) in cases {
            assert_eq!(fraction(part, whole), expected, "{part} of {whole}");
        }
    }

    /// Computed by hand from the formula, with z = 1.959964: for 5 of 100,
    /// centre (0.05 + 0.01920729) / 1.03841459 = 0.06664774, half-width
    /// 1.959964 · √(0.000475 + 0.0000960365) / 1.03841459 = 0.04510408.
    #[test]
    fn p3_wilson_intervals() {
        let cases = [
            (5, 100, 0.021543, 0.111752),
            (0, 100, 0.0, 0.036995),
            (100, 100, 0.963005, 1.0),
            (1, 1, 0.206549, 1.0),
            (50, 100, 0.403832, 0.596168),
        ];
        for (part, whole, low, high) in cases {
            let got = wilson(part, whole);
            assert!((got.0 - low).abs() < 2e-6, "{part} of {whole}: {got:?}");
            assert!((got.1 - high).abs() < 2e-6, "{part} of {whole}: {got:?}");
        }
    }

    fn filled(bounced: u64, sent: u64) -> Figures {
        let mut figures = Figures {
            bounced,
            hard_bounce: bounced,
            ..Figures::default()
        };
        fill(&mut figures, Some(sent), &Thresholds::default());
        figures
    }

    #[test]
    fn p3_a_band_is_certain_if_both_ends_lie_in_it() {
        for (bounced, sent, expected) in [
            (3, 100, false),
            (3_000, 100_000, true),
            (0, 10, false),
            (0, 10_000, true),
            (60, 100, true),
        ] {
            let certain = filled(bounced, sent).band_certain;
            assert_eq!(certain, Some(expected), "{bounced} of {sent}");
        }
    }

    #[test]
    fn p1_more_bounced_than_sent_has_rate_1_and_no_interval() {
        let figures = filled(7, 5);
        assert_eq!(figures.rate, Some(1.0));
        assert_eq!((figures.rate_low, figures.rate_high), (None, None));
        assert_eq!(figures.hard_rate, Some(1.0));
    }

    #[test]
    fn p1_nothing_sent_has_no_rate() {
        let figures = filled(0, 0);
        assert_eq!(
            (figures.sent, figures.rate, figures.band),
            (Some(0), None, None)
        );
    }
}
