//! Large buffers that go from thread to thread and are used again: memory that has been
//! written to before costs no page faults, and is still near the processor.

use std::ops::{Deref, DerefMut};
use std::sync::Mutex;

/// So many are kept.
const MOST: usize = 16;
/// Smaller ones are not worth it, in bytes.
const SMALLEST: usize = 64 * 1024;
/// Larger ones are given back, in bytes.
const LARGEST: usize = 4 * 1024 * 1024;

/// Those that nobody uses.
static SPARE: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());

/// Bytes whose room is kept when they are dropped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Buffer(Vec<u8>);

impl Buffer {
    /// An empty one that has room for so many bytes, or will have soon.
    pub fn with_room(bytes: usize) -> Buffer {
        let spare = SPARE.lock().ok().and_then(|mut spare| spare.pop());
        Buffer(spare.unwrap_or_else(|| Vec::with_capacity(bytes)))
    }

    /// The bytes themselves.
    pub fn into_vec(mut self) -> Vec<u8> {
        std::mem::take(&mut self.0)
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        if !(SMALLEST..=LARGEST).contains(&self.0.capacity()) {
            return;
        }
        let mut bytes = std::mem::take(&mut self.0);
        bytes.clear();
        if let Ok(mut spare) = SPARE.lock()
            && spare.len() < MOST
        {
            spare.push(bytes);
        }
    }
}

impl Deref for Buffer {
    type Target = Vec<u8>;

    fn deref(&self) -> &Vec<u8> {
        &self.0
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u1_a_buffer_that_is_used_again_is_empty() {
        for _ in 0..2 * MOST {
            let mut one = Buffer::with_room(SMALLEST);
            assert_eq!(one.len(), 0);
            one.extend_from_slice(b"what was here before");
            assert_eq!(one.clone().into_vec(), b"what was here before");
        }
    }
}
