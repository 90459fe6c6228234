//! Scores → confidence (C3): a logistic curve fitted to predictions about wordings
//! that the model had not seen (Platt scaling), with the share of known words beside
//! the score, since a text of strange words is doubtful whatever its score.

use super::maths::{ln, sigmoid};

/// More is never claimed: the rules, which know wordings, claim 0.95.
const MOST: f64 = 0.95;
/// Rounds of gradient descent; the curve has four figures and settles long before.
const ROUNDS: usize = 600;
const RATE: f64 = 1.0;
/// Number of figures of the curve.
pub(super) const FIGURES: usize = 4;

/// What the confidence is read from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Signals {
    /// The log odds of the category.
    odds: f64,
    /// The share of the words that the model knows, 0..1.
    pub coverage: f64,
    /// How many it knows; more than eight say no more.
    known: f64,
}

impl Signals {
    /// By the share of the category in all likelihood, and the words known of all.
    pub fn new(share: f64, known: usize, all: usize) -> Signals {
        let share = share.clamp(1e-6, 1.0 - 1e-6);
        Signals {
            odds: ln(share / (1.0 - share)).clamp(-6.0, 6.0) / 3.0,
            coverage: known as f64 / all.max(1) as f64,
            known: known.min(8) as f64 / 8.0,
        }
    }

    fn row(&self) -> [f64; FIGURES] {
        [1.0, self.odds, self.coverage, self.known]
    }
}

/// The curve.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Calibration(pub(super) [f64; FIGURES]);

impl Calibration {
    /// The curve that fits best what was guessed and whether it was right.
    pub fn fit(seen: &[(Signals, bool)]) -> Calibration {
        let right = seen.iter().filter(|(_, right)| *right).count() as f64;
        let n = seen.len() as f64;
        // Never quite 0 or 1: so many observations prove no more (Platt 1999).
        let (yes, no) = ((right + 1.0) / (right + 2.0), 1.0 / (n - right + 2.0));
        let mut curve = Calibration::default();
        for _ in 0..ROUNDS {
            let mut gradient = [0.0; FIGURES];
            for (signals, right) in seen {
                let row = signals.row();
                let miss = if *right { yes } else { no } - curve.raw(&row);
                for (g, x) in gradient.iter_mut().zip(row) {
                    *g += miss * x;
                }
            }
            for (w, g) in curve.0.iter_mut().zip(gradient) {
                *w += RATE * g / n.max(1.0);
            }
        }
        curve
    }

    fn raw(&self, row: &[f64; FIGURES]) -> f64 {
        sigmoid(self.0.iter().zip(row).map(|(w, x)| w * x).sum())
    }

    /// How likely it is that the guess is right.
    pub fn of(&self, signals: &Signals) -> f64 {
        self.raw(&signals.row()).min(MOST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c3_the_curve_follows_what_was_right() {
        let mut seen = Vec::new();
        for n in 0..400 {
            // Of the guesses at 0.6, half are right; of those at 0.99, all but one in 20.
            seen.push((Signals::new(0.6, 4, 4), n % 2 == 0));
            seen.push((Signals::new(0.99, 4, 4), n % 20 != 0));
        }
        let curve = Calibration::fit(&seen);
        assert!((curve.of(&Signals::new(0.6, 4, 4)) - 0.5).abs() < 0.02);
        assert!((curve.of(&Signals::new(0.99, 4, 4)) - 0.95).abs() < 0.02);
    }

    #[test]
    fn c3_without_data_nothing_is_sure() {
        assert_eq!(Calibration::fit(&[]).of(&Signals::new(0.99, 4, 4)), 0.5);
    }
}
