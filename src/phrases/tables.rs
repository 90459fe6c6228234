//! The tables that phrases are looked up in.

use super::HEAD;

/// Twenty bits for each phrase: some five places in a hundred of an ordinary text are
/// looked at closer, and most of these for what they hold.
const BITS_A_PHRASE: usize = 20;
/// The bytes at a place as a number, the first one lowest; zeros behind the end.
pub(super) fn head_at(text: &[u8], at: usize) -> u64 {
    let rest = text.get(at..).unwrap_or_default();
    if let Some(Ok(bytes)) = rest.get(..HEAD).map(<[u8; HEAD]>::try_from) {
        return u64::from_le_bytes(bytes);
    }
    let bytes = rest.iter().rev();
    bytes.fold(0, |head, byte| head << 8 | u64::from(*byte))
}

/// The first three bytes of a head.
pub(super) const fn three(head: u64) -> u64 {
    head & 0xff_ffff
}

/// Spreads the bits of a number; the upper ones are the best spread.
const fn hash(number: u64) -> u64 {
    number.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// A set of the first bytes of heads. It may say yes where the answer is no.
#[derive(Clone, Debug, Default)]
pub(super) struct Bits {
    words: Vec<u64>,
    shift: u32,
    /// Which bytes of a head are looked at.
    mask: u64,
}

impl Bits {
    /// For so many heads, of which so many bytes are looked at.
    pub fn new(count: usize, bytes: usize) -> Bits {
        let words = (count * BITS_A_PHRASE / 64).next_power_of_two().max(2);
        Bits {
            words: vec![0; words],
            shift: 64 - words.trailing_zeros(),
            mask: u64::MAX >> (64 - 8 * bytes.clamp(4, HEAD)),
        }
    }

    /// Which word, and which bit of it.
    fn place(&self, head: u64) -> (usize, u64) {
        let hash = hash(head & self.mask);
        ((hash >> self.shift) as usize, 1 << ((hash >> 32) & 63))
    }

    pub fn set(&mut self, head: u64) {
        let (word, bit) = self.place(head);
        if let Some(word) = self.words.get_mut(word) {
            *word |= bit;
        }
    }

    pub fn has(&self, head: u64) -> bool {
        let (word, bit) = self.place(head);
        self.words.get(word).is_some_and(|w| w & bit != 0)
    }
}

/// What is compared of a phrase before the phrase itself is.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Its head, the bit of the case set where case does not matter.
    pub key: u64,
    /// Which bits of a head the phrase has.
    mask: u64,
    /// Which phrase it is.
    pub phrase: u32,
}

impl Entry {
    pub fn new(number: usize, phrase: &[u8], case: u64) -> Entry {
        let bits = 8 * phrase.len().min(HEAD);
        let mask = u64::MAX.checked_shr(64 - bits as u32).unwrap_or(0);
        Entry {
            key: (head_at(phrase, 0) | case) & mask,
            mask,
            phrase: u32::try_from(number).unwrap_or(u32::MAX),
        }
    }

    pub const fn fits(&self, head: u64) -> bool {
        head & self.mask == self.key
    }
}

/// Entries by a hash of their keys: those of one hash stand side by side.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    entries: Vec<Entry>,
    /// Where the entries of each hash begin, and where the last ones end.
    starts: Vec<u32>,
    shift: u32,
}

impl Table {
    pub fn of(keyed: Vec<(u64, Entry)>) -> Table {
        if keyed.is_empty() {
            return Table::default();
        }
        let size = (keyed.len() * 2).next_power_of_two();
        let shift = 64 - size.trailing_zeros();
        let mut keyed: Vec<(u64, Entry)> = keyed
            .into_iter()
            .map(|(key, entry)| (hash(key) >> shift, entry))
            .collect();
        keyed.sort_by_key(|(hash, _)| *hash);
        let mut starts = vec![0_u32; size + 1];
        for (hash, _) in &keyed {
            if let Some(next) = starts.get_mut(*hash as usize + 1) {
                *next += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        Table {
            entries: keyed.into_iter().map(|(_, entry)| entry).collect(),
            starts,
            shift,
        }
    }

    /// The entries whose keys have the hash of this one.
    pub fn of_key(&self, key: u64) -> &[Entry] {
        let Some(at) = hash(key).checked_shr(self.shift) else {
            return &[];
        };
        let at = at as usize;
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(from), Some(to)) => self
                .entries
                .get(*from as usize..*to as usize)
                .unwrap_or_default(),
            _ => &[],
        }
    }
}
