//! A sieve before hash tables: most rows of a log are about nobody at hand, and to see
//! that must cost next to nothing.
//!
//! One bit a key, in a field of at least 16 bits for each. Its hash is quick and not safe
//! against who would make keys collide; all that he gains is that more rows go on to the
//! table behind, whose hash is.

/// A set of keys that may let others pass, too.
#[derive(Debug, Default)]
pub struct Sieve {
    bits: Vec<u64>,
}

impl Sieve {
    /// Lets these keys pass.
    pub fn of<'k>(keys: impl Iterator<Item = &'k str> + Clone) -> Sieve {
        let count = keys.clone().count();
        let words = (count / 4 + 1).next_power_of_two();
        let mut sieve = Sieve {
            bits: vec![0; words],
        };
        for key in keys {
            let (word, bit) = sieve.place(key);
            if let Some(word) = sieve.bits.get_mut(word) {
                *word |= bit;
            }
        }
        sieve
    }

    /// Whether a key may be among them.
    pub fn passes(&self, key: &str) -> bool {
        let (word, bit) = self.place(key);
        self.bits.get(word).is_some_and(|word| word & bit != 0)
    }

    fn place(&self, key: &str) -> (usize, u64) {
        let hash = hash(key.as_bytes());
        let word = (hash >> 6) as usize & self.bits.len().wrapping_sub(1);
        (word, 1 << (hash & 63))
    }
}

/// Multiplies and folds eight bytes at a time.
fn hash(bytes: &[u8]) -> u64 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |hash: u64, word: u64| {
        let product = u128::from(hash ^ word) * u128::from(ODD);
        (product as u64) ^ ((product >> 64) as u64)
    };
    let (words, rest) = bytes.as_chunks::<8>();
    let hash = words.iter().fold(bytes.len() as u64, |hash, word| {
        mix(hash, u64::from_le_bytes(*word))
    });
    let rest = rest
        .iter()
        .fold(0, |word, byte| word << 8 | u64::from(*byte));
    mix(mix(hash, rest), ODD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_keys_pass_and_few_others() {
        let keys: Vec<String> = (0..10_000)
            .map(|n| format!("person.{n}@domain{}.example", n % 7))
            .collect();
        let sieve = Sieve::of(keys.iter().map(String::as_str));
        assert!(keys.iter().all(|k| sieve.passes(k)));
        let others = (0..10_000).map(|n| format!("person.{n}@domain{}.example", 7 + n % 7));
        let passed = others.filter(|k| sieve.passes(k)).count();
        assert!(passed < 1_000, "{passed}");
        assert!(!Sieve::default().passes("a"));
        assert!(!Sieve::of(std::iter::empty()).passes("a"));
    }
}
