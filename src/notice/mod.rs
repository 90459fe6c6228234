//! Message → what it says of each recipient.

pub mod autoreply;
pub mod returns;
