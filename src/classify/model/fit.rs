//! Training: multinomial logistic regression by stochastic gradient descent, in a
//! fixed order from a fixed seed, then pruned and rounded to bytes.

use super::calibrate::Calibration;
use super::features::Features;
use super::labels::Label;
use super::linear::{Linear, value};
use super::maths::softmax;
use crate::vocab::Reason;
use std::collections::{BTreeMap, BTreeSet};

/// Times every label is looked at.
const ROUNDS: usize = 10;
/// The first step; steps shrink to a tenth of it.
const RATE: f64 = 5.0;
/// Pull towards zero, of the weights that a step touches.
const DECAY: f64 = 2e-4;
/// Of so many labels in a hundred the codes are hidden in a round: codes are often
/// wrong, and the model is asked where they said nothing.
const CODELESS: u64 = 50;
/// A miss of less probability than this moves no weight.
const SLIGHT: f64 = 5e-3;
/// Weights of fewer units than this are dropped.
const PRUNE: i32 = 3;
/// What a label of the user counts: they know their mail.
const OWN: f64 = 3.0;
/// Largest weight, in units.
const UNITS: f64 = 127.0;

/// A label as numbers.
pub struct Row {
    /// The features.
    pub features: Features,
    /// The reason.
    pub reason: Reason,
    /// How much it counts; labels of the user count more.
    pub weight: f64,
}

impl Row {
    /// Reads a label.
    pub fn new(label: &Label) -> Row {
        Row {
            features: Features::of(label.smtp_code, &label.canonical),
            reason: label.reason,
            weight: if label.own { OWN } else { 1.0 },
        }
    }
}

/// Trains on these rows, in this order.
pub fn fit(rows: &[&Row]) -> Linear {
    let reasons = classes(rows);
    let index = known(rows);
    let mut table = Table {
        classes: reasons.len(),
        weights: vec![0.0; index.len() * reasons.len()],
        bias: vec![0.0; reasons.len()],
    };
    let examples: Vec<Example> = rows
        .iter()
        .filter_map(|r| Example::new(r, &index, &reasons))
        .collect();
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for round in 0..ROUNDS {
        dice.shuffle(&mut order);
        let rate = RATE * (1.0 - 0.9 * round as f64 / ROUNDS as f64);
        for at in &order {
            if let Some(example) = examples.get(*at) {
                table.learn(example, rate, dice.next() % 100 < CODELESS);
            }
        }
    }
    table.round(reasons, &index)
}

fn classes(rows: &[&Row]) -> Vec<Reason> {
    let there = |r: &&Reason| rows.iter().any(|row| row.reason == **r);
    Reason::ALL.iter().filter(there).copied().collect()
}

/// The features of all rows, numbered in ascending order.
fn known(rows: &[&Row]) -> BTreeMap<u32, usize> {
    let all: BTreeSet<u32> = rows.iter().flat_map(|r| r.features.iter()).collect();
    all.into_iter().enumerate().map(|(n, f)| (f, n)).collect()
}

struct Example {
    codes: Vec<usize>,
    words: Vec<usize>,
    class: usize,
    value: f64,
    weight: f64,
}

impl Example {
    fn new(row: &Row, index: &BTreeMap<u32, usize>, reasons: &[Reason]) -> Option<Example> {
        let numbers = |list: &[u32]| -> Vec<usize> {
            list.iter().filter_map(|f| index.get(f).copied()).collect()
        };
        let mut words = numbers(&row.features.words);
        words.extend(numbers(&row.features.more));
        Some(Example {
            codes: numbers(&row.features.codes),
            words,
            class: reasons.iter().position(|r| *r == row.reason)?,
            value: value(&row.features),
            weight: row.weight,
        })
    }
}

/// Weights in training: a row of classes for every feature.
struct Table {
    classes: usize,
    weights: Vec<f64>,
    bias: Vec<f64>,
}

impl Table {
    fn row(&self, feature: usize) -> &[f64] {
        let start = feature * self.classes;
        self.weights
            .get(start..start + self.classes)
            .unwrap_or_default()
    }

    fn learn(&mut self, example: &Example, rate: f64, codeless: bool) {
        let codes: &[usize] = if codeless { &[] } else { &example.codes };
        let mut miss = self.bias.clone();
        for f in example.words.iter().chain(codes) {
            for (s, w) in miss.iter_mut().zip(self.row(*f)) {
                *s += w * example.value;
            }
        }
        softmax(&mut miss);
        if let Some(p) = miss.get_mut(example.class) {
            *p -= 1.0;
        }
        let rate = rate * example.weight;
        for (b, m) in self.bias.iter_mut().zip(&miss) {
            *b -= 0.02 * rate * m;
        }
        let step = rate * example.value;
        let keep = 1.0 - rate * DECAY;
        miss.iter_mut().for_each(|m| *m *= step);
        // Most classes are far off and learn nothing from this label.
        let moved = miss
            .iter()
            .enumerate()
            .filter(|(_, m)| m.abs() > step * SLIGHT);
        let moved: Vec<(usize, f64)> = moved.map(|(class, m)| (class, *m)).collect();
        for f in example.words.iter().chain(codes) {
            let start = f * self.classes;
            for (class, m) in &moved {
                if let Some(w) = self.weights.get_mut(start + class) {
                    *w = *w * keep - m;
                }
            }
        }
    }

    /// Weights as bytes; small ones are dropped.
    fn round(&self, reasons: Vec<Reason>, index: &BTreeMap<u32, usize>) -> Linear {
        let largest = self.weights.iter().fold(1e-9_f64, |a, w| a.max(w.abs()));
        let step = f64::from((largest / UNITS) as f32);
        let units = |w: f64| (w / step).round().clamp(-UNITS, UNITS) as i32;
        let mut model = Linear {
            bias: self.bias.iter().map(|b| units(*b) as i16).collect(),
            reasons,
            step,
            features: Vec::new(),
            ends: Vec::new(),
            weights: Vec::new(),
            calibration: Calibration::default(),
        };
        for (feature, number) in index {
            let row = self.row(*number).iter().map(|w| units(*w)).enumerate();
            let kept = row.filter(|(_, u)| u.abs() >= PRUNE);
            model
                .weights
                .extend(kept.map(|(class, u)| (class as u8, u as i8)));
            model.features.push(*feature);
            model.ends.push(model.weights.len() as u32);
        }
        model
    }
}

/// xorshift64*: the same numbers everywhere.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33
    }

    fn shuffle(&mut self, order: &mut [usize]) {
        for i in (1..order.len()).rev() {
            order.swap(i, (self.next() % (i as u64 + 1)) as usize);
        }
    }
}
