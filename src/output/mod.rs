//! Bytes out: NDJSON, CSV, terminal tables, the views of the report; atomic files; what a
//! terminal may see.
//!
//! An exporter is pure, events → bytes; only [`sink`], [`spool`] and [`replace`] open
//! files, and only this room knows what a terminal is.

pub mod csv;
pub mod ndjson;
pub mod replace;
pub mod report;
pub mod report_csv;
pub mod report_html;
pub mod report_table;
pub mod safe;
pub mod sink;
pub mod spool;
pub mod table;
