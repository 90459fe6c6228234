//! What a code means, and what to do about a verdict (C10).
//!
//! [`parse`] finds out what was typed, [`meaning`] and [`provider`] say what its
//! codes mean, [`advice`] says whether to try again and what to do, [`answer`]
//! puts all of it together. The judging itself is `classify`'s.

pub mod advice;
pub mod answer;
pub mod hint;
pub mod logline;
pub mod meaning;
pub mod parse;
pub mod provider;

#[cfg(test)]
mod fuzz;
