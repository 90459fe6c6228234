//! The learned model behind the rules: SMTP code and text → reason and confidence (C4).
//!
//! Multinomial logistic regression over hashed words, their parts, word pairs and codes,
//! trained on the labelled replies in `replies.tsv`; a confidence is calibrated by
//! cross-validation in which no wording stands on both sides (C3). It is small, adds
//! whole numbers only, and gives the same answer on every machine. `model.bin` is what
//! training made of the shipped replies; a test holds that it is fresh.
//!
//! ```
//! use bounce::classify::{Model, model::BuiltIn};
//! use bounce::vocab::Reason;
//!
//! let (reason, sure) = BuiltIn.guess(Some(552), "552 no more storage space for this mailbox").unwrap();
//! assert_eq!(reason, Reason::MailboxFull);
//! assert!(sure >= 0.70);
//! ```

mod calibrate;
pub mod corrections;
mod features;
mod file;
mod fit;
mod labels;
mod linear;
mod maths;
mod measure;
#[cfg(test)]
mod tests;
mod wording;

pub(super) use features::reply_in;
pub use file::ModelError;
pub use labels::{BadLine, Label, Labels, read};
pub use linear::Linear;
pub use measure::{Bin, Measure, Score, Share, train};

use super::cascade::Model;
use crate::vocab::Reason;
use std::collections::HashMap;
use std::sync::LazyLock;

/// The labelled replies that ship with the program.
const REPLIES: &str = include_str!("replies.tsv");
/// What training makes of them.
const TRAINED: &[u8] = include_bytes!("model.bin");

/// Read when the first reply asks for it: most runs never do.
static BUILT_IN: LazyLock<Option<Linear>> = LazyLock::new(|| Linear::parse(TRAINED).ok());

/// The model that ships with the program.
#[derive(Clone, Copy, Debug, Default)]
pub struct BuiltIn;

impl Model for BuiltIn {
    fn guess(&self, smtp_code: Option<u16>, canonical: &str) -> Option<(Reason, f64)> {
        BUILT_IN.as_ref()?.guess(smtp_code, canonical)
    }
}

/// The bytes of the model that ships with the program.
pub fn shipped() -> &'static [u8] {
    TRAINED
}

/// The labelled replies that ship with the program.
pub fn shipped_labels() -> Labels {
    read(REPLIES)
}

/// Labels of the user before, or instead of, those that ship. Of several labels for
/// one reply the last of the user's stands.
pub fn with_own(shipped: Vec<Label>, own: Vec<Label>) -> Vec<Label> {
    let mut place: HashMap<(Option<u16>, String), usize> = HashMap::new();
    let mut all: Vec<Label> = Vec::with_capacity(shipped.len() + own.len());
    let own = own.into_iter().map(|l| Label { own: true, ..l });
    for label in shipped.into_iter().chain(own) {
        let key = (label.smtp_code, label.canonical.clone());
        match place.get(&key).and_then(|at| all.get_mut(*at)) {
            Some(known) => *known = label,
            None => {
                place.insert(key, all.len());
                all.push(label);
            }
        }
    }
    all
}
