//! The lists: what a history means for sending (S1–S6, S12, T1–T3).
//!
//! [`table::place`] is the table "which event reaches which list", row by row. A
//! [`Scene`] places every item of a history and groups them by address; each list is then
//! a function of the scene, and its rows are sorted texts. Nothing here opens a file or
//! reads the clock.
//!
//! ```
//! use bounce::history::Collector;
//! use bounce::lists::{Question, Scene};
//! use bounce::policy::Policy;
//!
//! let policy = Policy::default();
//! let history = Collector::default().finish(&policy);
//! let question = Question::new(&policy, 0);
//! let scene = Scene::of(&history, &question);
//! let names: Vec<String> = scene.names();
//! assert!(names.contains(&"suppression".to_owned()));
//! ```

mod cells;
pub mod contacts;
pub mod files;
mod resting;
mod retry;
mod review;
mod scene;
mod shown;
pub mod skip;
mod suppression;
pub mod table;
mod teams;
pub mod uploads;

pub use resting::Heap;
pub use scene::{Question, Scene, partners};
pub use shown::{each_address, each_line};
pub use teams::{Teams, sightings};

#[cfg(test)]
mod tests;
