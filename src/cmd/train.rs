//! `bounce train`: labelled replies in, figures and a model out.

use super::{Status, Stop};
use crate::classify::model::{self, Label, Labels, Measure, Score, Share};
use crate::cli::{ExplainFormat, Train};
use crate::output::ndjson;
use crate::output::safe::printable;
use crate::output::sink::{self, Sink, complain};
use serde::Serialize;
use std::fmt::Write;
use std::io::Read;
use std::path::Path;

/// So many rejected lines are named; the rest is counted.
const NAMED: usize = 20;
/// Fewer wordings cannot be held against each other.
const WORDINGS: usize = 2;

/// Runs the command.
pub fn run(options: &Train) -> Result<Status, Stop> {
    let mut input = Input::default();
    for path in &options.labels {
        input.add(path, options.quiet);
    }
    input.name_the_rest(options.quiet);
    let shipped = if options.no_base {
        Vec::new()
    } else {
        model::shipped_labels().labels
    };
    let counts = Counts {
        shipped: shipped.len(),
        own: input.labels.len(),
        uncorrected: input.uncorrected,
        rejected: input.rejected,
    };
    let labels = model::with_own(shipped, std::mem::take(&mut input.labels));
    let (trained, measure) = model::train(&labels);
    if measure.wordings < WORDINGS {
        return Err(Stop::Failed(
            "too few labels: a model needs two wordings at least".to_owned(),
        ));
    }
    let answer = Answer {
        schema: 1,
        labels: counts,
        measure,
    };
    let mut out = Sink::open(None)?;
    out.write(&written(&answer, options.format))?;
    out.keep()?;
    if let (Some(path), false) = (&options.output, input.failed) {
        let mut file = Sink::open(Some(path))?;
        file.write(&trained.to_bytes())?;
        file.keep()?;
    }
    Ok(match (input.failed, options.strict && input.rejected > 0) {
        (true, _) => Status::Failed,
        (false, true) => Status::Rejected,
        (false, false) => Status::Done,
    })
}

/// What the files hold.
#[derive(Default)]
struct Input {
    labels: Vec<Label>,
    uncorrected: usize,
    rejected: usize,
    failed: bool,
}

impl Input {
    fn add(&mut self, path: &Path, quiet: bool) {
        let name = path.display().to_string();
        let found = match text(path) {
            Ok(text) => model::read(&text),
            Err(e) => return self.fail(&name, &e.to_string()),
        };
        if let (true, Some(first)) = (is_foreign(&found), found.bad.first()) {
            let why = format!("no labels; line {first}");
            return self.fail(&name, &why);
        }
        for bad in &found.bad {
            self.rejected += 1;
            if self.rejected <= NAMED && !quiet {
                complain(&printable(&format!("bounce: {name}:{bad}")));
            }
        }
        self.uncorrected += found.uncorrected;
        self.labels.extend(found.labels);
    }

    fn fail(&mut self, name: &str, why: &str) {
        self.failed = true;
        complain(&printable(&format!("bounce: {name}: {why}")));
    }

    fn name_the_rest(&self, quiet: bool) {
        if self.rejected > 0 && !quiet {
            let more = match self.rejected.saturating_sub(NAMED) {
                0 => String::new(),
                n => format!(" ({n} not named)"),
            };
            complain(&format!("bounce: {} lines rejected{more}", self.rejected));
        }
    }
}

/// Not one line of it is a label or an event.
fn is_foreign(found: &Labels) -> bool {
    found.labels.is_empty() && found.uncorrected == 0
}

fn text(path: &Path) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        std::io::stdin().lock().read_to_end(&mut bytes)?;
    } else {
        bytes = std::fs::read(path)?;
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// What the command says.
#[derive(Serialize)]
struct Answer {
    schema: u32,
    labels: Counts,
    #[serde(flatten)]
    measure: Measure,
}

/// What it was trained on.
#[derive(Serialize)]
struct Counts {
    shipped: usize,
    own: usize,
    uncorrected: usize,
    rejected: usize,
}

fn written(answer: &Answer, format: Option<ExplainFormat>) -> Vec<u8> {
    let standard = if sink::stdout_is_terminal() {
        ExplainFormat::Table
    } else {
        ExplainFormat::Json
    };
    let mut out = Vec::new();
    match format.unwrap_or(standard) {
        ExplainFormat::Json => ndjson::line(answer, &mut out),
        ExplainFormat::Table => out = table(answer).into_bytes(),
    }
    out
}

fn table(answer: &Answer) -> String {
    let (m, l) = (&answer.measure, &answer.labels);
    let mut out = format!(
        "Labels        {} shipped, {} yours; {} wordings\n",
        l.shipped, l.own, m.wordings
    );
    let mut line = |what: &str, text: String| {
        let _ = writeln!(out, "{what:<13} {text}");
    };
    line(
        "Measured",
        format!(
            "by cross-validation, {} folds, no wording on both sides",
            m.folds
        ),
    );
    line(
        "Category",
        format!("{} right", percent(m.category_accuracy)),
    );
    line("Reason", format!("{} right", percent(m.reason_accuracy)));
    let acted = (percent(m.used), percent(m.used_accuracy));
    line(
        "Acted on",
        format!("{} of the replies, of these {} right", acted.0, acted.1),
    );
    line(
        "False hard",
        format!(
            "{} of {} live addresses, {}",
            m.false_hard,
            m.not_hard,
            percent(m.false_hard_rate)
        ),
    );
    line(
        "Calibration",
        format!("off by {} on average", percent(m.ece)),
    );
    if let Some(own) = &m.own {
        line("Yours", yours(own));
    }
    out.push_str("\nCONFIDENCE   REPLIES     MEAN    RIGHT\n");
    for bin in &m.calibration {
        let (range, mean) = (format!("{:.1}-{:.1}", bin.from, bin.to), bin.confidence);
        let right = percent(bin.right);
        let _ = writeln!(out, "{range:<12} {:>7} {mean:>8.2} {right:>8}", bin.replies);
    }
    scores(&mut out, "CATEGORY", &m.categories);
    scores(&mut out, "REASON", &m.reasons);
    out
}

fn yours(own: &Share) -> String {
    let (category, reason) = (percent(own.category_accuracy), percent(own.reason_accuracy));
    format!(
        "{} labels: category {category}, reason {reason} right",
        own.replies
    )
}

fn scores(out: &mut String, name: &str, list: &[Score]) {
    let _ = writeln!(out, "\n{name:<24} REPLIES    FOUND    RIGHT");
    for s in list {
        let (found, right) = (percent(s.recall), percent(s.precision));
        let _ = writeln!(out, "{:<24} {:>7} {found:>8} {right:>8}", s.name, s.replies);
    }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}
