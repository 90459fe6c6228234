//! Bytes out: NDJSON, CSV and the terminal table; atomic files; what a terminal may see.
//!
//! An exporter is pure, events → bytes; only [`sink`], [`spool`] and [`replace`] open
//! files, and only this room knows what a terminal is.

pub mod csv;
pub mod ndjson;
pub mod replace;
pub mod safe;
pub mod sink;
pub mod spool;
pub mod table;
