//! The model itself: a sparse table feature → reasons, and what turns scores into
//! a confidence. Whole numbers are added, so that the order does not matter and
//! every machine comes to the same answer.

use super::super::cascade::Model;
use super::calibrate::{Calibration, Signals};
use super::features::Features;
use super::maths::softmax;
use crate::vocab::{Category, Reason};

/// A verdict that an address is dead needs this much (a live address silenced
/// costs more than a dead one mailed again).
pub const HARD_NEEDS: f64 = 0.90;
/// What a verdict gets that is not to be acted on (below the 0.70 of C3).
const NOT_ENOUGH: f64 = 0.65;
/// Below this share of known words the reply is foreign.
const FAMILIAR: f64 = 0.34;

/// The same for a verdict that an address is dead: the unknown word may be the one
/// that says it is not.
const HARD_FAMILIAR: f64 = 0.80;

/// A trained model.
#[derive(Clone, Debug, PartialEq)]
pub struct Linear {
    /// The classes, in the order of their numbers.
    pub(super) reasons: Vec<Reason>,
    /// What one unit of a weight is worth.
    pub(super) step: f64,
    /// Scores before any feature, in units.
    pub(super) bias: Vec<i16>,
    /// Hashes of the known features, ascending.
    pub(super) features: Vec<u32>,
    /// Where the weights of each feature end.
    pub(super) ends: Vec<u32>,
    /// Class and weight.
    pub(super) weights: Vec<(u8, i8)>,
    /// Scores → confidence.
    pub(super) calibration: Calibration,
}

/// What the model makes of a reply.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guess {
    /// The likeliest reason of the likeliest category.
    pub reason: Reason,
    /// What the calibration reads.
    pub signals: Signals,
}

impl Linear {
    /// Number of known features.
    pub fn len(&self) -> usize {
        self.features.len()
    }

    /// True if it knows nothing.
    pub fn is_empty(&self) -> bool {
        self.features.is_empty()
    }

    /// The likeliest reason and how it stands; `None` where no word is known.
    pub fn look(&self, features: &Features) -> Option<Guess> {
        let known = features.words.iter().filter(|f| self.row(**f).is_some());
        let known = known.count();
        if known == 0 {
            return None;
        }
        let mut p = self.scores(features);
        softmax(&mut p);
        let (reason, share) = self.best(&p)?;
        Some(Guess {
            reason,
            signals: Signals::new(share, known, features.words.len()),
        })
    }

    /// How sure a guess is, by the calibration; foreign text never is.
    pub fn confidence(&self, guess: &Guess) -> f64 {
        let sure = self.calibration.of(&guess.signals);
        let needs = if is_hard(guess.reason) {
            HARD_FAMILIAR
        } else {
            FAMILIAR
        };
        if guess.signals.coverage < needs {
            sure.min(NOT_ENOUGH)
        } else {
            sure
        }
    }

    fn row(&self, feature: u32) -> Option<&[(u8, i8)]> {
        let at = self.features.binary_search(&feature).ok()?;
        let start = match at.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.weights
            .get(start as usize..*self.ends.get(at)? as usize)
    }

    /// Long replies have more features, not more to say: scores are per root of length.
    fn scores(&self, features: &Features) -> Vec<f64> {
        let mut sums = vec![0_i32; self.reasons.len()];
        for f in features.iter() {
            for (class, weight) in self.row(f).unwrap_or_default() {
                if let Some(sum) = sums.get_mut(usize::from(*class)) {
                    *sum += i32::from(*weight);
                }
            }
        }
        let scale = self.step * value(features);
        let bias = self.bias.iter().map(|b| f64::from(*b) * self.step);
        let scores = sums.iter().zip(bias);
        scores.map(|(s, b)| f64::from(*s) * scale + b).collect()
    }

    /// The category with the largest share, and in it the likeliest reason: a confidence
    /// is about the category (C4), so two reasons of one do not take from each other.
    fn best(&self, p: &[f64]) -> Option<(Reason, f64)> {
        let share = |c: Category| -> f64 {
            let of = self.reasons.iter().zip(p);
            of.filter(|(r, _)| r.category() == Some(c))
                .map(|(_, p)| p)
                .sum()
        };
        let mut top: Option<(Category, f64)> = None;
        for &c in Category::ALL {
            let s = share(c);
            if top.is_none_or(|(_, best)| s > best) {
                top = Some((c, s));
            }
        }
        let (category, share) = top?;
        let inside = self.reasons.iter().zip(p);
        let inside = inside.filter(|(r, _)| r.category() == Some(category));
        let best = inside.max_by(|a, b| a.1.total_cmp(b.1))?;
        Some((*best.0, share))
    }
}

/// What each feature of a reply counts.
pub(super) fn value(features: &Features) -> f64 {
    1.0 / (features.len().max(1) as f64).sqrt()
}

/// True for reasons that say that an address is dead.
pub(super) fn is_hard(reason: Reason) -> bool {
    reason.category() == Some(Category::HardBounce)
}

/// What is done with a confidence: a hard verdict needs more than others.
pub fn guarded(reason: Reason, confidence: f64) -> f64 {
    if is_hard(reason) && confidence < HARD_NEEDS {
        confidence.min(NOT_ENOUGH)
    } else {
        confidence
    }
}

impl Model for Linear {
    fn guess(&self, smtp_code: Option<u16>, canonical: &str) -> Option<(Reason, f64)> {
        let guess = self.look(&Features::of(smtp_code, canonical))?;
        Some((guess.reason, guarded(guess.reason, self.confidence(&guess))))
    }
}
