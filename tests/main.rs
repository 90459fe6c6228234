//! One binary for all tests that run the program or read the repository.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "it/cli.rs"]
mod cli;
#[path = "it/confirmed.rs"]
mod confirmed;
#[cfg(unix)]
#[path = "it/cookbook.rs"]
mod cookbook;
#[path = "it/corpus.rs"]
mod corpus;
#[path = "it/demo.rs"]
mod demo;
#[path = "it/environment.rs"]
mod environment;
#[path = "it/exports.rs"]
mod exports;
#[path = "it/fresh.rs"]
mod fresh;
#[path = "it/hostile.rs"]
mod hostile;
#[path = "it/invariants.rs"]
mod invariants;
#[path = "it/journal.rs"]
mod journal;
#[path = "it/library.rs"]
mod library;
#[path = "it/logs.rs"]
mod logs;
#[path = "it/mails.rs"]
mod mails;
#[path = "it/mutants.rs"]
mod mutants;
#[path = "it/oracle.rs"]
mod oracle;
#[path = "it/redact.rs"]
mod redact;
#[path = "it/replies.rs"]
mod replies;
#[path = "it/report.rs"]
mod report;
#[path = "it/report_views.rs"]
mod report_views;
#[path = "it/rooms.rs"]
mod rooms;
#[path = "it/run.rs"]
mod run;
#[path = "it/sent.rs"]
mod sent;
#[path = "it/stream.rs"]
mod stream;
#[path = "it/suppress.rs"]
mod suppress;
#[path = "it/suppress_faults.rs"]
mod suppress_faults;
#[path = "it/suppress_for.rs"]
mod suppress_for;
#[path = "it/tables.rs"]
mod tables;
#[path = "it/train.rs"]
mod train;
