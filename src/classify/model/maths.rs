//! `exp` and `ln` from additions, multiplications and divisions alone: those are
//! exact by IEEE 754, while the library functions differ from machine to machine,
//! and a model must be the same bytes wherever it is trained.

use std::f64::consts::{LOG2_E, SQRT_2};

const LN2_HI: f64 = 6.931_471_803_691_238e-1;
const LN2_LO: f64 = 1.908_214_929_270_587_7e-10;

/// e to the power of `x`, for `x` within ±700 (others are clamped).
pub fn exp(x: f64) -> f64 {
    let x = x.clamp(-700.0, 700.0);
    let k = (x * LOG2_E).round();
    let r = (x - k * LN2_HI) - k * LN2_LO;
    let (mut sum, mut term) = (1.0, 1.0);
    for n in 1..=14 {
        term *= r / f64::from(n);
        sum += term;
    }
    sum * power_of_two(k)
}

fn power_of_two(k: f64) -> f64 {
    // Within ±1011, so that the exponent stays in its field.
    let exponent = 1023 + k as i64;
    f64::from_bits((exponent as u64) << 52)
}

/// The natural logarithm of a positive, normal `x`.
pub fn ln(x: f64) -> f64 {
    let bits = x.max(f64::MIN_POSITIVE).to_bits();
    let mut e = ((bits >> 52) & 0x7ff) as f64 - 1023.0;
    let mut m = f64::from_bits((bits & ((1 << 52) - 1)) | (1023 << 52));
    if m > SQRT_2 {
        m /= 2.0;
        e += 1.0;
    }
    let s = (m - 1.0) / (m + 1.0);
    let (mut sum, mut term) = (0.0, s);
    for n in 0..12 {
        sum += term / f64::from(2 * n + 1);
        term *= s * s;
    }
    2.0 * sum + e * LN2_HI + e * LN2_LO
}

/// 1 / (1 + e^-x).
pub fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + exp(-x))
}

/// How likely each class is by its score, in place; the sum is 1.
pub fn softmax(scores: &mut [f64]) {
    let top = scores.iter().copied().fold(f64::MIN, f64::max);
    let mut sum = 0.0;
    for s in scores.iter_mut() {
        *s = exp(*s - top);
        sum += *s;
    }
    for s in scores.iter_mut() {
        *s /= sum;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c3_close_to_the_library() {
        for n in -600..600 {
            let x = f64::from(n) * 0.37;
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-12, "exp {x}");
            let y = x.exp();
            assert!((ln(y) - x).abs() < 1e-11 * x.abs().max(1.0), "ln {y}");
        }
    }

    #[test]
    fn c3_softmax_sums_to_one() {
        let mut scores = [1000.0, 1001.0, -5.0];
        softmax(&mut scores);
        assert!((scores.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!(scores[1] > scores[0] && scores[0] > scores[2]);
    }
}
