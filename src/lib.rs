//! `bounce`: reads bounce mails and says of every recipient what happened.
//!
//! ```text
//! input → message → notice → classify → event → fold → output
//! ```
//!
//! * [`vocab`], [`code`], [`address`], [`time`], [`row`] are small value types; [`phrases`]
//!   finds many phrases in a text at once.
//! * [`input`] turns bytes into records, [`message`] is a borrowed view of one mail,
//!   [`notice`] copies what a notification says of each recipient, [`classify`]
//!   judges it, [`event`] puts both together in the one public schema, [`pipeline`]
//!   is the only place where all stages meet.
//! * [`sent`] is the sent log: streamed, counted, and joined with the events at hand.
//! * [`history`] folds events into bounces, each once; [`report`] makes rates of them,
//!   [`ledger`] remembers them between runs, and [`lists`] says who must not be mailed.
//! * [`policy`] is `bounce.toml`, [`explain`] says what codes mean and what to do,
//!   [`redact`] hides who it was about, [`output`] writes, `cmd` holds one file a command.
//!
//! Facts and judgement are two types: a [`notice::Notice`] is what a mail says, even
//! where it is wrong; a [`classify::Verdict`] is what we think of it, and why. A test
//! (`tests/it/rooms.rs`) holds what each room may not know.

pub mod address;
pub mod classify;
pub mod cli;
mod cmd;
pub mod code;
pub mod event;
pub mod explain;
pub mod history;
pub mod input;
pub mod ledger;
pub mod lists;
pub mod message;
pub mod normalise;
pub mod notice;
pub mod output;
pub mod phrases;
pub mod pipeline;
pub mod policy;
pub mod redact;
pub mod report;
pub mod row;
pub mod sent;
pub mod time;
pub mod vocab;

pub use cmd::run;
