//! History + sent log → [`Summary`]: rates, bands, windows, patterns (P1–P7).

pub mod summary;

pub use summary::Summary;
