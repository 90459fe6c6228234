//! One file a command: wires the stages, folds, counts, chooses the exit code.
//!
//! Only here and in `main` are clap, the clock, the environment and exit codes known.

pub mod classify;
mod counted;
mod desk;
pub mod explain;
mod intake;
mod joined;
mod period;
pub mod report;
mod setup;
pub mod suppress;
pub mod train;
mod veil;

use crate::cli::{Cli, Command, SuppressAct};
use crate::output::sink::WriteError;
use clap::Parser;
use clap::error::ErrorKind;
use std::process::ExitCode;

/// How a run ended, as the exit status says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// 0: done.
    Done,
    /// 1: an input could not be opened, or a write failed.
    Failed,
    /// 2: wrong use.
    Usage,
    /// 3: done, and `--fail-on` tripped.
    Tripped,
    /// 4: done, but something was rejected, under `--strict`.
    Rejected,
    /// 5: another run holds the folder.
    Busy,
}

impl Status {
    const fn code(self) -> u8 {
        match self {
            Status::Done => 0,
            Status::Failed => 1,
            Status::Usage => 2,
            Status::Tripped => 3,
            Status::Rejected => 4,
            Status::Busy => 5,
        }
    }
}

/// Why a command could not do its work.
#[derive(Debug)]
pub enum Stop {
    /// Wrong use: options or policy; exit status 2.
    Usage(String),
    /// Something could not be read or written; exit status 1.
    Failed(String),
    /// Another run holds the folder; exit status 5.
    Busy(String),
    /// The reader of our output has gone: quietly 0.
    BrokenPipe,
}

impl From<WriteError> for Stop {
    fn from(e: WriteError) -> Self {
        match e {
            WriteError::BrokenPipe => Stop::BrokenPipe,
            WriteError::Failed(why) => Stop::Failed(why),
        }
    }
}

/// Runs the program on the arguments of the process.
pub fn run() -> ExitCode {
    let status = match Cli::try_parse() {
        Ok(cli) => dispatch(&cli),
        Err(e) => asked_or_wrong(&e),
    };
    ExitCode::from(status.code())
}

/// `--help` and `--version` are answers, everything else is wrong use.
fn asked_or_wrong(e: &clap::Error) -> Status {
    let told = e.to_string();
    if e.use_stderr() && told.contains('@') {
        told.trim_end()
            .lines()
            .for_each(|line| veil::tell(line, false));
    } else {
        match e.print() {
            Err(why) if !e.use_stderr() && why.kind() != std::io::ErrorKind::BrokenPipe => {
                veil::tell(&format!("bounce: standard output: {why}"), false);
                return Status::Failed;
            }
            _ => {}
        }
    }
    match e.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Status::Done,
        _ => Status::Usage,
    }
}

/// Whether addresses are to be hidden, as far as errors go.
fn hides(command: &Command) -> bool {
    let options = match command {
        Command::Classify(o) => &o.common.hiding,
        Command::Explain(o) => &o.common.hiding,
        Command::Report(o) => &o.common.hiding,
        Command::Suppress(o) => match &o.act {
            None => &o.common.hiding,
            Some(SuppressAct::Remove(o)) => &o.common.hiding,
            Some(SuppressAct::Import(o)) => &o.common.hiding,
            Some(SuppressAct::Why(o)) => &o.hiding,
        },
        Command::Train(_) => return false,
    };
    options.redact.is_some()
}

fn dispatch(cli: &Cli) -> Status {
    let result = match &cli.command {
        Command::Classify(options) => classify::run(options),
        Command::Explain(options) => explain::run(options),
        Command::Report(options) => report::run(options),
        Command::Suppress(options) => suppress::run(options),
        Command::Train(options) => train::run(options),
    };
    let (why, status) = match result {
        Ok(status) => return status,
        Err(Stop::BrokenPipe) => return Status::Done,
        Err(Stop::Usage(why)) => (why, Status::Usage),
        Err(Stop::Failed(why)) => (why, Status::Failed),
        Err(Stop::Busy(why)) => (why, Status::Busy),
    };
    veil::tell(&format!("bounce: {why}"), hides(&cli.command));
    status
}
