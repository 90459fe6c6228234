//! What a run says on standard error while it reads, and what it could not read: notes,
//! rejects, progress, one line at the end (U1, U4, U6).

use super::Stop;
use super::veil::Veil;
use crate::cli::{Intake, Progress};
use crate::input::{self, Failure};
use crate::output::ndjson;
use crate::output::sink::{self, Sink};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use std::path::PathBuf;

/// How loud a run is, and what it hides.
#[derive(Clone, Debug)]
pub struct Voice {
    /// `-q`.
    pub quiet: bool,
    /// `-v`.
    pub verbose: bool,
    /// `--redact`.
    pub veil: Veil,
}

/// A record that could not be read, as `--rejects` writes it.
#[derive(Debug, Serialize)]
pub struct Reject {
    /// The input.
    pub file: String,
    /// The number of the record in it.
    pub index: u64,
    /// The line it begins in, where the input consists of lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The byte it begins at.
    pub offset: u64,
    /// Why, for a person.
    pub why: String,
}

impl Reject {
    fn told(&self) -> String {
        match self.line {
            Some(line) => format!("{} line {line}: {}", self.file, self.why),
            None => format!("{} #{}: {}", self.file, self.index, self.why),
        }
    }
}

/// The desk of a run.
pub struct Desk {
    voice: Voice,
    rejects: Option<Sink>,
    listed: bool,
    first_reject: Option<String>,
    rejected: u64,
    failures: u64,
    bar: Option<ProgressBar>,
    /// Bytes read before the files that are being read now.
    before: u64,
}

impl Desk {
    /// Opens it for the files that will be read; `to_file`: the output is no terminal.
    pub fn open(
        options: &Intake,
        files: &[PathBuf],
        voice: Voice,
        to_file: bool,
    ) -> Result<Desk, Stop> {
        let screen = sink::stderr_is_terminal() && (to_file || !sink::stdout_is_terminal());
        let wanted = options.progress == Progress::Auto && !voice.quiet && screen;
        let rejects = options.rejects.as_deref();
        Ok(Desk {
            voice,
            rejects: rejects.map(|p| Sink::open(Some(p))).transpose()?,
            listed: rejects.is_some(),
            first_reject: None,
            rejected: 0,
            failures: 0,
            bar: wanted.then(|| bar(input::size_of(files))),
            before: 0,
        })
    }

    /// Something that could not be opened.
    pub fn failed(&mut self, failure: &Failure) {
        self.failures += 1;
        self.say(&format!("bounce: {}: {}", failure.file, failure.why));
    }

    /// Things that could not be opened.
    pub fn failures(&self) -> u64 {
        self.failures
    }

    /// Records that could not be read.
    pub fn rejected(&self) -> u64 {
        self.rejected
    }

    /// What there is to say under `-v`.
    pub fn note(&self, note: &str) {
        if self.voice.verbose {
            self.say(&format!("bounce: {note}"));
        }
    }

    /// Something that could not be read.
    pub fn reject(&mut self, mut reject: Reject) -> Result<(), Stop> {
        reject.file = self.voice.veil.text(reject.file);
        reject.why = self.voice.veil.why(reject.why);
        let line = reject.told();
        self.rejected += 1;
        self.note(&format!("rejected {line}"));
        self.first_reject.get_or_insert(line);
        if let Some(out) = &mut self.rejects {
            let mut bytes = Vec::new();
            ndjson::line(&reject, &mut bytes);
            out.write(&bytes)?;
        }
        Ok(())
    }

    /// So many bytes of the files at hand have been read.
    pub fn progress(&self, read: u64, message: impl FnOnce() -> String) {
        if let Some(bar) = &self.bar {
            bar.set_position(self.before + read);
            bar.set_message(message());
        }
    }

    /// Other files begin.
    pub fn next_files(&mut self) {
        self.before = self.bar.as_ref().map_or(0, ProgressBar::position);
    }

    /// Says a line, whatever the options.
    pub fn say(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| self.voice.veil.tell(text)),
            None => self.voice.veil.tell(text),
        }
    }

    /// Takes the bar away and keeps the rejects.
    pub fn close(&mut self) -> Result<(), Stop> {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
        match self.rejects.take() {
            Some(rejects) => Ok(rejects.keep()?),
            None => Ok(()),
        }
    }

    /// The line of what was done: on a terminal, under `-v`, or if something was rejected.
    pub fn conclude(&self, done: &str) {
        let wanted = self.voice.verbose || sink::stderr_is_terminal() || self.rejected > 0;
        if self.voice.quiet || !wanted {
            return;
        }
        self.say(&format!("bounce: {done}"));
        if let Some(first) = self.first_reject.as_ref().filter(|_| !self.voice.verbose) {
            let how = if self.listed {
                ""
            } else {
                " (--rejects FILE lists them)"
            };
            self.say(&format!("bounce: first rejected: {first}{how}"));
        }
    }
}

/// Bytes, speed and time left where the size is known.
fn bar(size: Option<u64>) -> ProgressBar {
    let target = ProgressDrawTarget::stderr_with_hz(5);
    let bar = ProgressBar::with_draw_target(size, target);
    let template = match size {
        Some(_) => "{bytes}/{total_bytes} {bar:30} {bytes_per_sec}, {eta} left, {msg}",
        None => "{spinner} {bytes} {bytes_per_sec}, {msg}",
    };
    bar.with_style(
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()),
    )
}
