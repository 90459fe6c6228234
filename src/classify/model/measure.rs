//! How good a model is, by cross-validation: each fold of wordings is judged by a
//! model, and a calibration, that saw none of them.

use super::calibrate::Calibration;
use super::fit::{Row, fit};
use super::labels::Label;
use super::linear::{Guess, HARD_NEEDS, Linear, is_hard};
use super::wording;
use crate::vocab::{Category, Reason};
use serde::Serialize;
use std::collections::BTreeMap;

/// Folds of the cross-validation, where there are wordings enough.
const FOLDS: usize = 5;
/// From here on a verdict is acted on (C3).
const USED: f64 = 0.70;

/// What the cross-validation found.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Measure {
    /// Labelled replies.
    pub replies: usize,
    /// Groups of replies of one wording.
    pub wordings: usize,
    /// Folds.
    pub folds: usize,
    /// Share of replies whose reason was right.
    pub reason_accuracy: f64,
    /// Share of replies whose category was right.
    pub category_accuracy: f64,
    /// Share of replies given enough confidence to be acted on: 0.70, hard 0.90.
    pub used: f64,
    /// Of those, the share whose category was right.
    pub used_accuracy: f64,
    /// Replies about live addresses.
    pub not_hard: usize,
    /// Of those, how many would have been called dead.
    pub false_hard: usize,
    /// `false_hard` / `not_hard`.
    pub false_hard_rate: f64,
    /// Expected calibration error over the bins.
    pub ece: f64,
    /// The labels of the user alone; absent if there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own: Option<Share>,
    /// Confidence against what was right, by tenths.
    pub calibration: Vec<Bin>,
    /// By category.
    pub categories: Vec<Score>,
    /// By reason.
    pub reasons: Vec<Score>,
}

/// Some replies, and how many categories and reasons of them were right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Share {
    /// Replies.
    pub replies: usize,
    /// Share of right categories.
    pub category_accuracy: f64,
    /// Share of right reasons.
    pub reason_accuracy: f64,
}

/// The replies of one tenth of confidence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Bin {
    /// Lower end, included.
    pub from: f64,
    /// Upper end.
    pub to: f64,
    /// Replies.
    pub replies: usize,
    /// Mean confidence.
    pub confidence: f64,
    /// Share whose category was right.
    pub right: f64,
}

/// How well one label was told from the others.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Score {
    /// Category or reason.
    pub name: String,
    /// Replies that have this label.
    pub replies: usize,
    /// Of those, the share that was found.
    pub recall: f64,
    /// Of the replies called so, the share that was.
    pub precision: f64,
}

/// One reply, judged by a model that had not seen its wording.
struct Tested {
    truth: Reason,
    guess: Option<Guess>,
    confidence: f64,
    own: bool,
}

/// A model trained on all labels, with the calibration that cross-validation gave, and
/// how good it is. Without two wordings there is nothing to hold against: then the
/// model is sure of nothing.
pub fn train(labels: &[Label]) -> (Linear, Measure) {
    let rows: Vec<Row> = labels.iter().map(Row::new).collect();
    let groups = wording::groups(labels);
    let wordings = groups.iter().enumerate().filter(|(n, g)| n == *g).count();
    let folds = FOLDS.min(wordings);
    let fold_of = wording::folds(&groups, folds);
    let guesses = out_of_fold(&rows, &fold_of, folds);
    let all: Vec<&Row> = rows.iter().collect();
    let mut model = fit(&all);
    model.calibration = calibration(&rows, &guesses, |_| true);
    let tested = tested(labels, &rows, &guesses, &fold_of, folds);
    let mut measure = summary(&tested);
    measure.wordings = wordings;
    measure.folds = folds;
    (model, measure)
}

/// A model and a guess for each row, the model trained without its fold.
fn out_of_fold(rows: &[Row], fold_of: &[usize], folds: usize) -> Vec<Option<Guess>> {
    let mut guesses = vec![None; rows.len()];
    if folds < 2 {
        return guesses;
    }
    for fold in 0..folds {
        let others = rows.iter().zip(fold_of).filter(|(_, f)| **f != fold);
        let others: Vec<&Row> = others.map(|(r, _)| r).collect();
        let model = fit(&others);
        let own = guesses.iter_mut().zip(rows).zip(fold_of);
        for ((guess, row), _) in own.filter(|(_, f)| **f == fold) {
            *guess = model.look(&row.features);
        }
    }
    guesses
}

fn calibration(
    rows: &[Row],
    guesses: &[Option<Guess>],
    wanted: impl Fn(usize) -> bool,
) -> Calibration {
    let seen = rows.iter().zip(guesses).enumerate();
    let seen = seen.filter(|(n, _)| wanted(*n));
    let seen: Vec<_> = seen
        .filter_map(|(_, (row, guess))| guess.map(|g| (g.signals, same(g.reason, row.reason))))
        .collect();
    Calibration::fit(&seen)
}

fn same(a: Reason, b: Reason) -> bool {
    a.category() == b.category()
}

fn tested(
    labels: &[Label],
    rows: &[Row],
    guesses: &[Option<Guess>],
    fold_of: &[usize],
    folds: usize,
) -> Vec<Tested> {
    let fold = |n: usize| fold_of.get(n).copied().unwrap_or_default();
    let mut judges: Vec<Linear> = Vec::new();
    for f in 0..folds {
        judges.push(Linear::with(calibration(rows, guesses, |n| fold(n) != f)));
    }
    let of = |(n, (label, guess)): (usize, (&Label, &Option<Guess>))| Tested {
        truth: label.reason,
        guess: *guess,
        confidence: match (guess, judges.get(fold(n))) {
            (Some(g), Some(judge)) => judge.confidence(g),
            _ => 0.0,
        },
        own: label.own,
    };
    labels.iter().zip(guesses).enumerate().map(of).collect()
}

impl Tested {
    fn right(&self) -> bool {
        self.guess.is_some_and(|g| same(g.reason, self.truth))
    }

    fn exact(&self) -> bool {
        self.guess.is_some_and(|g| g.reason == self.truth)
    }

    fn called_hard(&self) -> bool {
        self.guess.is_some_and(|g| is_hard(g.reason))
    }

    fn used(&self) -> bool {
        let needs = if self.called_hard() { HARD_NEEDS } else { USED };
        self.confidence >= needs
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    // Six decimals: more would only show how many replies there were.
    let r = part as f64 / whole.max(1) as f64;
    (r * 1e6).round() / 1e6
}

fn share<'t>(tested: impl Iterator<Item = &'t Tested>) -> Share {
    let (mut n, mut right, mut exact) = (0, 0, 0);
    for t in tested {
        n += 1;
        right += usize::from(t.right());
        exact += usize::from(t.exact());
    }
    Share {
        replies: n,
        category_accuracy: ratio(right, n),
        reason_accuracy: ratio(exact, n),
    }
}

fn summary(tested: &[Tested]) -> Measure {
    let all = share(tested.iter());
    let own = share(tested.iter().filter(|t| t.own));
    let used = share(tested.iter().filter(|t| t.used()));
    let live = || tested.iter().filter(|t| !is_hard(t.truth));
    let false_hard = live().filter(|t| t.used() && t.called_hard()).count();
    let calibration = bins(tested);
    let off = |b: &Bin| b.replies as f64 * (b.confidence - b.right).abs();
    let ece = calibration.iter().map(off).sum::<f64>() / tested.len().max(1) as f64;
    Measure {
        replies: all.replies,
        reason_accuracy: all.reason_accuracy,
        category_accuracy: all.category_accuracy,
        used: ratio(used.replies, all.replies),
        used_accuracy: used.category_accuracy,
        not_hard: live().count(),
        false_hard,
        false_hard_rate: ratio(false_hard, live().count()),
        ece: (ece * 1e6).round() / 1e6,
        own: (own.replies > 0).then_some(own),
        calibration,
        categories: scores(tested, |r| r.category().map_or("", Category::as_str)),
        reasons: scores(tested, Reason::as_str),
        ..Measure::default()
    }
}

fn bins(tested: &[Tested]) -> Vec<Bin> {
    let of = |t: &&Tested, n: usize| ((t.confidence * 10.0) as usize).min(9) == n;
    let mut all = Vec::new();
    for n in 0..10 {
        let inside: Vec<&Tested> = tested.iter().filter(|t| of(t, n)).collect();
        if inside.is_empty() {
            continue;
        }
        let sum: f64 = inside.iter().map(|t| t.confidence).sum();
        let right = inside.iter().filter(|t| t.right()).count();
        all.push(Bin {
            from: n as f64 / 10.0,
            to: (n + 1) as f64 / 10.0,
            replies: inside.len(),
            confidence: (sum / inside.len() as f64 * 1e6).round() / 1e6,
            right: ratio(right, inside.len()),
        });
    }
    all
}

/// Recall and precision by some name of the reasons, in the order of the vocabulary.
fn scores(tested: &[Tested], name: impl Fn(Reason) -> &'static str) -> Vec<Score> {
    let (mut there, mut called, mut hit) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for t in tested {
        let truth = name(t.truth);
        *there.entry(truth).or_insert(0) += 1;
        if let Some(guess) = t.guess.map(|g| name(g.reason)) {
            *called.entry(guess).or_insert(0) += 1;
            *hit.entry(truth).or_insert(0) += usize::from(guess == truth);
        }
    }
    let get = |map: &BTreeMap<&str, usize>, n: &str| map.get(n).copied().unwrap_or_default();
    let mut names: Vec<&str> = Reason::ALL.iter().map(|r| name(*r)).collect();
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|n| there.contains_key(n) && seen.insert(*n));
    let score = |n: &str| Score {
        name: n.to_owned(),
        replies: get(&there, n),
        recall: ratio(get(&hit, n), get(&there, n)),
        precision: ratio(get(&hit, n), get(&called, n)),
    };
    names.into_iter().map(score).collect()
}

#[cfg(test)]
mod tests {
    use super::super::labels::read;
    use super::*;

    fn labels(text: &str) -> Vec<Label> {
        read(text).labels
    }

    #[test]
    fn c4_a_template_is_never_on_both_sides() {
        // One wording a reason: whoever is judged, no model has seen its words.
        let mut text = String::new();
        for n in 0..10 {
            text.push_str(&format!(
                "userunknown\t550 user{n} is unknown around here\n"
            ));
            text.push_str(&format!(
                "mailboxfull\t552 storage quota exhausted for box{n} now\n"
            ));
        }
        let (_, measure) = train(&labels(&text.replace(|c: char| c.is_ascii_digit(), "1")));
        assert_eq!((measure.replies, measure.wordings), (20, 2));
        assert_eq!(measure.reason_accuracy, 0.0);
        assert_eq!(measure.false_hard, 0);
    }

    #[test]
    fn c4_one_wording_alone_is_measured_as_nothing() {
        let (model, measure) = train(&labels("mailboxfull\t552 quota exceeded"));
        assert_eq!((measure.wordings, measure.used), (1, 0.0));
        assert!(model.calibration.0.iter().all(|w| *w == 0.0));
        let (_, nothing) = train(&[]);
        assert_eq!((nothing.replies, nothing.ece), (0, 0.0));
    }

    #[test]
    fn c4_words_shared_between_wordings_are_learned() {
        let mut text = String::new();
        let ends = [
            "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta",
        ];
        for (n, a) in ends.iter().enumerate() {
            for b in &ends[n + 1..] {
                text.push_str(&format!("userunknown\t{a} unknown {b}\n"));
                text.push_str(&format!("mailboxfull\t{b} quota {a}\n"));
            }
        }
        let (_, measure) = train(&labels(&text));
        assert!(measure.wordings > 40, "{}", measure.wordings);
        assert!(
            measure.reason_accuracy > 0.95,
            "{}",
            measure.reason_accuracy
        );
        assert!(measure.used_accuracy > 0.95);
    }
}
