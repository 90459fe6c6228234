//! Moulds that go from worker to worker.

use super::Moulds;
use std::ops::{Deref, DerefMut};
use std::sync::Mutex;

/// Moulds that no worker has at the moment.
#[derive(Debug, Default)]
pub struct Shelf(Mutex<Vec<Moulds>>);

/// Moulds that are given back.
#[derive(Debug)]
pub struct Lent<'s> {
    moulds: Moulds,
    shelf: &'s Shelf,
}

impl Shelf {
    /// Moulds for one worker.
    pub fn take(&self) -> Lent<'_> {
        let moulds = self.0.lock().ok().and_then(|mut all| all.pop());
        Lent {
            moulds: moulds.unwrap_or_default(),
            shelf: self,
        }
    }
}

impl Deref for Lent<'_> {
    type Target = Moulds;

    fn deref(&self) -> &Moulds {
        &self.moulds
    }
}

impl DerefMut for Lent<'_> {
    fn deref_mut(&mut self) -> &mut Moulds {
        &mut self.moulds
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if let Ok(mut all) = self.shelf.0.lock() {
            all.push(std::mem::take(&mut self.moulds));
        }
    }
}
