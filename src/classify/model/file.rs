//! A model as bytes: a line that says what it is, the reasons by name, the figures, a
//! row for each feature, and a checksum. All numbers are little-endian.

use super::calibrate::{Calibration, FIGURES};
use super::features::Fnv;
use super::linear::Linear;
use crate::vocab::Reason;
use std::fmt;

/// The first line; another number is another format.
const MAGIC: &[u8] = b"bounce-model 1\n";
/// More than any model of ours has; a broken file must not ask for memory.
const MOST_FEATURES: u32 = 4_000_000;

/// Why some bytes are no model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelError {
    /// The first line is another.
    NotAModel,
    /// Cut off or changed.
    Broken,
    /// It speaks of reasons that this program does not know.
    UnknownReason,
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ModelError::NotAModel => "no model that `bounce train` of this version wrote",
            ModelError::Broken => "the model is cut off or damaged",
            ModelError::UnknownReason => "the model knows reasons that this version does not",
        })
    }
}

impl std::error::Error for ModelError {}

impl Linear {
    /// The model as a file holds it.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.push(self.reasons.len() as u8);
        for (reason, bias) in self.reasons.iter().zip(&self.bias) {
            let name = reason.as_str();
            out.push(name.len() as u8);
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(&bias.to_le_bytes());
        }
        out.extend_from_slice(&self.step.to_le_bytes());
        for figure in self.calibration.0 {
            out.extend_from_slice(&figure.to_le_bytes());
        }
        out.extend_from_slice(&(self.features.len() as u32).to_le_bytes());
        let mut start = 0;
        for (feature, end) in self.features.iter().zip(&self.ends) {
            let row = self.weights.get(start..*end as usize).unwrap_or_default();
            out.extend_from_slice(&feature.to_le_bytes());
            out.push(row.len() as u8);
            for (class, weight) in row {
                out.extend_from_slice(&[*class, weight.to_le_bytes()[0]]);
            }
            start = *end as usize;
        }
        let sum = Fnv::of(&out);
        out.extend_from_slice(&sum.to_le_bytes());
        out
    }

    /// Reads a model.
    pub fn parse(bytes: &[u8]) -> Result<Linear, ModelError> {
        let body = bytes.strip_prefix(MAGIC).ok_or(ModelError::NotAModel)?;
        let (whole, sum) = bytes.split_at(bytes.len().saturating_sub(8));
        if Fnv::of(whole).to_le_bytes() != sum {
            return Err(ModelError::Broken);
        }
        let reader = Reader(body);
        read(reader).ok_or(ModelError::Broken)?
    }

    /// No features, only a calibration.
    pub(super) fn with(calibration: Calibration) -> Linear {
        Linear {
            reasons: Vec::new(),
            step: 0.0,
            bias: Vec::new(),
            features: Vec::new(),
            ends: Vec::new(),
            weights: Vec::new(),
            calibration,
        }
    }
}

fn read(mut from: Reader) -> Option<Result<Linear, ModelError>> {
    let mut model = Linear::with(Calibration::default());
    for _ in 0..from.byte()? {
        let len = usize::from(from.byte()?);
        let name = std::str::from_utf8(from.take(len)?).ok()?;
        let Some(reason) = Reason::from_word(name) else {
            return Some(Err(ModelError::UnknownReason));
        };
        model.reasons.push(reason);
        model.bias.push(i16::from_le_bytes(from.array()?));
    }
    model.step = from.number()?;
    let mut figures = [0.0; FIGURES];
    for figure in &mut figures {
        *figure = from.number()?;
    }
    model.calibration = Calibration(figures);
    let count = u32::from_le_bytes(from.array()?);
    if count > MOST_FEATURES {
        return None;
    }
    for _ in 0..count {
        let feature = u32::from_le_bytes(from.array()?);
        // Looked up by bisection: the order matters.
        if model.features.last().is_some_and(|last| *last >= feature) {
            return None;
        }
        let len = usize::from(from.byte()?);
        for pair in from.take(2 * len)?.chunks_exact(2) {
            if let [class, weight] = pair {
                model.weights.push((*class, i8::from_le_bytes([*weight])));
            }
        }
        model.features.push(feature);
        model.ends.push(u32::try_from(model.weights.len()).ok()?);
    }
    (from.0.len() == 8).then_some(Ok(model))
}

/// Bytes that are taken from the front.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(len)?;
        self.0 = tail;
        Some(head)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    /// A figure; what is no number would make every comparison false.
    fn number(&mut self) -> Option<f64> {
        Some(f64::from_le_bytes(self.array()?)).filter(|n| n.is_finite())
    }
}

#[cfg(test)]
mod tests {
    use super::super::labels::read as labels;
    use super::super::measure::train;
    use super::*;
    use proptest::prelude::*;

    fn small() -> Linear {
        let text = "userunknown\tno such user\nuserunknown\tunknown user\n\
            mailboxfull\tquota full\nmailboxfull\tdisk quota\n";
        train(&labels(text).labels).0
    }

    #[test]
    fn c4_a_model_reads_back() {
        let model = small();
        assert!(!model.is_empty());
        assert_eq!(Linear::parse(&model.to_bytes()), Ok(model));
    }

    #[test]
    fn c4_a_broken_model_is_none() {
        let bytes = small().to_bytes();
        for cut in 0..bytes.len() {
            assert!(Linear::parse(&bytes[..cut]).is_err(), "{cut}");
        }
        let mut changed = bytes.clone();
        changed[40] ^= 1;
        assert_eq!(Linear::parse(&changed), Err(ModelError::Broken));
        assert_eq!(Linear::parse(b"PK\x03\x04"), Err(ModelError::NotAModel));
    }

    proptest! {
        #[test]
        fn c4_any_bytes_with_a_right_sum_do_not_panic(at in 0usize..400, byte: u8) {
            let mut bytes = small().to_bytes();
            let len = bytes.len() - 8;
            bytes.truncate(len);
            if let Some(b) = bytes.get_mut(15 + at) {
                *b = byte;
            }
            let sum = Fnv::of(&bytes);
            bytes.extend_from_slice(&sum.to_le_bytes());
            if let Ok(model) = Linear::parse(&bytes) {
                use crate::classify::Model;
                let _ = model.guess(Some(550), "unknown user quota full");
            }
        }
    }
}
