//! `bounce classify`: mails in, events out, as a stream.

use super::{Status, Stop, setup};
use crate::cli::{Classify, EventFormat, InputFormat, Progress};
use crate::event::Event;
use crate::event::assemble::Setting;
use crate::input::{self, Batch, Failure, Map};
use crate::output::sink::{self, Sink, complain};
use crate::output::table::{self, Look};
use crate::output::{csv, ndjson};
use crate::pipeline::{self, Books, Outcome};
use crate::time;
use crate::vocab::{Category, Kind};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;
use serde::Serialize;
use std::ops::ControlFlow;
use std::path::PathBuf;

/// Runs the command.
pub fn run(options: &Classify) -> Result<Status, Stop> {
    let mut setting = setup::setting(&options.common)?;
    setting.mailbox.clone_from(&options.mailbox);
    setting.workspace.clone_from(&options.workspace);
    let map = map(options)?;
    let filter = Filter::new(options, &setting)?;
    let render = Render::new(options);
    let inputs = inputs(options);
    let mut run = Run::new(options, &inputs)?;
    run.write(&render.header())?;
    let work = |batch: Result<Batch, Failure>| -> Result<Part, Failure> {
        Ok(part(&batch?, &setting, &filter, &render))
    };
    let mut stop = None;
    pipeline::ordered(
        threads(options),
        pipeline::batches(&inputs, container(options.input_format), map),
        work,
        |part| match run.take(part) {
            Ok(()) => ControlFlow::Continue(()),
            Err(e) => {
                stop = Some(e);
                ControlFlow::Break(())
            }
        },
    );
    match stop {
        Some(e) => Err(e),
        None => run.end(&render),
    }
}

fn inputs(options: &Classify) -> Vec<PathBuf> {
    if !options.inputs.is_empty() {
        return options.inputs.clone();
    }
    if sink::stdin_is_terminal() && !options.common.quiet {
        complain("bounce: reading mails from standard input; end with Ctrl-D, or name a file");
    }
    vec![PathBuf::from("-")]
}

fn threads(options: &Classify) -> usize {
    let all = || std::thread::available_parallelism().map_or(1, usize::from);
    options.threads.map_or_else(all, usize::from)
}

/// `--map`, all of them.
fn map(options: &Classify) -> Result<Map, Stop> {
    Map::parse(&options.map.join(",")).map_err(|why| Stop::Usage(format!("--map: {why}")))
}

fn container(format: InputFormat) -> input::Format {
    match format {
        InputFormat::Auto => input::Format::Auto,
        InputFormat::Mbox => input::Format::Mbox,
        InputFormat::Maildir => input::Format::Maildir,
        InputFormat::Eml => input::Format::Eml,
        InputFormat::Ndjson => input::Format::Ndjson,
        InputFormat::Csv => input::Format::Csv,
        InputFormat::Json => input::Format::Json,
        InputFormat::PowerMta => input::Format::PowerMta,
        InputFormat::Postfix => input::Format::Postfix,
        InputFormat::Exim => input::Format::Exim,
        InputFormat::Qmail => input::Format::Qmail,
        InputFormat::OpenSmtpd => input::Format::OpenSmtpd,
        InputFormat::Sendmail => input::Format::Sendmail,
    }
}

/// Which events are wanted.
struct Filter {
    since: Option<Timestamp>,
    until: Option<Timestamp>,
    campaigns: Vec<String>,
    domains: Vec<String>,
    categories: Vec<Category>,
}

impl Filter {
    fn new(options: &Classify, setting: &Setting) -> Result<Self, Stop> {
        let zone = setting.policy.zone();
        let moment = |name: &str, t: &Option<String>| match t {
            None => Ok(None),
            Some(t) => time::parse_moment(t, zone, setting.now)
                .map(Some)
                .map_err(|why| Stop::Usage(format!("--{name} {t}: {why}"))),
        };
        let (mut since, mut until) = (
            moment("since", &options.since)?,
            moment("until", &options.until)?,
        );
        if let Some(span) = &options.last {
            let wrong = |why: String| Stop::Usage(format!("--last {span}: {why}"));
            let length = time::parse_span(span).map_err(wrong)?;
            since = Some(
                setting
                    .now
                    .checked_sub(length)
                    .map_err(|e| wrong(e.to_string()))?,
            );
            until = Some(setting.now);
        }
        Ok(Filter {
            since,
            until,
            campaigns: options.campaign.clone(),
            domains: options
                .domain
                .iter()
                .map(|d| d.trim_start_matches('@').to_lowercase())
                .collect(),
            categories: options.category.clone(),
        })
    }

    fn wants(&self, event: &Event) -> bool {
        let any = |list: &[String], value: &Option<String>| {
            list.is_empty() || value.as_ref().is_some_and(|v| list.contains(v))
        };
        let category = self.categories.is_empty()
            || event.category.is_some_and(|c| self.categories.contains(&c));
        category
            && any(&self.campaigns, &event.campaign_id)
            && any(&self.domains, &event.recipient_domain)
            && self.in_window(event)
    }

    /// The window is half-open; an event without a date is in none.
    fn in_window(&self, event: &Event) -> bool {
        if self.since.is_none() && self.until.is_none() {
            return true;
        }
        let at = event.occurred_at.as_deref().and_then(time::parse_rfc3339);
        at.is_some_and(|t| self.since.is_none_or(|s| t >= s) && self.until.is_none_or(|u| t < u))
    }
}

/// How events become bytes.
struct Render {
    format: EventFormat,
    look: Look,
}

impl Render {
    fn new(options: &Classify) -> Self {
        let screen = options.output.is_none() && sink::stdout_is_terminal();
        let standard = if screen {
            EventFormat::Table
        } else {
            EventFormat::Ndjson
        };
        Render {
            format: options.format.unwrap_or(standard),
            look: setup::look(options.common.color),
        }
    }

    fn header(&self) -> Vec<u8> {
        match self.format {
            EventFormat::Table => table::header(self.look),
            EventFormat::Ndjson => Vec::new(),
            EventFormat::Csv => csv::header(),
        }
    }

    fn event(&self, event: &Event, out: &mut Vec<u8>) {
        match self.format {
            EventFormat::Table => table::write(event, self.look, out),
            EventFormat::Ndjson => ndjson::write(event, out),
            EventFormat::Csv => csv::write(event, out),
        }
    }
}

/// What one batch came to.
#[derive(Default)]
struct Part {
    bytes: Vec<u8>,
    rejects: Vec<Reject>,
    notes: Vec<String>,
    books: Books,
    tally: Tally,
    read: u64,
}

/// A record that could not be read, as `--rejects` writes it.
#[derive(Serialize)]
struct Reject {
    file: String,
    index: u64,
    offset: u64,
    why: String,
}

/// Events and held events by what they are.
#[derive(Default)]
struct Tally(std::collections::BTreeMap<&'static str, (u64, u64)>);

impl Tally {
    fn enter(&mut self, event: &Event) {
        let what = match event.kind {
            Kind::Delayed => "delayed",
            Kind::Delivered => "delivered",
            _ => event.category.map_or("other", Category::as_str),
        };
        let entry = self.0.entry(what).or_default();
        entry.0 += 1;
        entry.1 += u64::from(event.held == Some(true));
    }

    fn add(&mut self, other: &Tally) {
        for (what, (events, held)) in &other.0 {
            let entry = self.0.entry(what).or_default();
            entry.0 += events;
            entry.1 += held;
        }
    }

    fn events(&self) -> u64 {
        self.0.values().map(|(events, _)| events).sum()
    }

    /// In the order of the categories, then what is no bounce.
    fn rows(&self) -> Vec<(String, u64, u64)> {
        let order = Category::ALL
            .iter()
            .map(|c| c.as_str())
            .chain(["delayed", "delivered"]);
        order
            .filter_map(|what| self.0.get(what).map(|(e, h)| (what.to_owned(), *e, *h)))
            .collect()
    }
}

fn part(batch: &Batch, setting: &Setting, filter: &Filter, render: &Render) -> Part {
    let mut part = Part {
        read: batch.read,
        notes: batch
            .notes
            .iter()
            .map(|n| format!("{}: {}", n.file, n.what))
            .collect(),
        bytes: Vec::with_capacity(batch.bytes.len() / 4),
        ..Part::default()
    };
    for record in &batch.records {
        let outcome = pipeline::outcome(batch, record, setting);
        part.books.enter(&outcome);
        match outcome {
            Outcome::NotAReport => {}
            Outcome::Rejected(why) => part.rejects.push(Reject {
                file: record.file.to_string(),
                index: record.index,
                offset: record.offset,
                why,
            }),
            Outcome::Events(events) => {
                for event in &events {
                    if filter.wants(event) {
                        part.tally.enter(event);
                        render.event(event, &mut part.bytes);
                    } else {
                        part.books.filtered += 1;
                    }
                }
            }
        }
    }
    part
}

/// The outputs and counts of a run.
struct Run<'o> {
    options: &'o Classify,
    out: Sink,
    rejects: Option<Sink>,
    first_reject: Option<String>,
    failures: u64,
    books: Books,
    tally: Tally,
    bar: Option<ProgressBar>,
}

impl<'o> Run<'o> {
    fn new(options: &'o Classify, inputs: &[PathBuf]) -> Result<Self, Stop> {
        let screen = sink::stderr_is_terminal() && !sink::stdout_is_terminal();
        let wanted = options.progress == Progress::Auto && !options.common.quiet;
        Ok(Run {
            options,
            out: Sink::open(options.output.as_deref())?,
            rejects: options
                .rejects
                .as_deref()
                .map(|p| Sink::open(Some(p)))
                .transpose()?,
            first_reject: None,
            failures: 0,
            books: Books::default(),
            tally: Tally::default(),
            bar: (wanted && (screen || options.output.is_some() && sink::stderr_is_terminal()))
                .then(|| bar(input::size_of(inputs))),
        })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        Ok(self.out.write(bytes)?)
    }

    /// Writes what a batch came to.
    fn take(&mut self, part: Result<Part, Failure>) -> Result<(), Stop> {
        let part = match part {
            Ok(part) => part,
            Err(failure) => {
                self.failures += 1;
                self.say(&format!("bounce: {}: {}", failure.file, failure.why));
                return Ok(());
            }
        };
        self.out.write(&part.bytes)?;
        if self.options.output.is_none() && !part.bytes.is_empty() {
            self.out.flush()?;
        }
        self.books.add(&part.books);
        self.tally.add(&part.tally);
        if self.options.common.verbose {
            for note in &part.notes {
                self.say(&format!("bounce: {note}"));
            }
        }
        for reject in &part.rejects {
            self.reject(reject)?;
        }
        if let Some(bar) = &self.bar {
            bar.set_position(part.read);
            bar.set_message(format!("{} mails", self.books.messages));
        }
        Ok(())
    }

    fn reject(&mut self, reject: &Reject) -> Result<(), Stop> {
        let line = format!("{} #{}: {}", reject.file, reject.index, reject.why);
        if self.options.common.verbose {
            self.say(&format!("bounce: rejected {line}"));
        }
        self.first_reject.get_or_insert(line);
        if let Some(out) = &mut self.rejects {
            let mut bytes = Vec::new();
            ndjson::line(reject, &mut bytes);
            out.write(&bytes)?;
        }
        Ok(())
    }

    fn say(&self, text: &str) {
        let text = crate::output::safe::printable(text);
        match &self.bar {
            Some(bar) => bar.suspend(|| complain(&text)),
            None => complain(&text),
        }
    }

    fn end(mut self, render: &Render) -> Result<Status, Stop> {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
        if render.format == EventFormat::Table && self.tally.events() > 0 {
            let summary = format!("\n{}\n", table::summary(&self.tally.rows()));
            self.out.write(summary.as_bytes())?;
        }
        if let Some(rejects) = self.rejects.take() {
            rejects.keep()?;
        }
        // The last line of the table comes before the line of what was done.
        self.out.flush()?;
        self.report();
        if self.failures > 0 {
            // A file named by -o stays as it was; a pipe has its events already.
            self.out.flush()?;
            return Ok(Status::Failed);
        }
        self.out.keep()?;
        let strict = self.options.strict && self.books.rejected > 0;
        Ok(if strict {
            Status::Rejected
        } else {
            Status::Done
        })
    }

    /// One line of what was done; without a terminal only if something was rejected or `-v`.
    fn report(&self) {
        let common = &self.options.common;
        let b = &self.books;
        let wanted = common.verbose || sink::stderr_is_terminal() || b.rejected > 0;
        if common.quiet || !wanted {
            return;
        }
        let mut line = format!(
            "bounce: {} events from {} mails: {} reports, {} others, {} rejected",
            self.tally.events(),
            b.messages,
            b.with_events,
            b.not_a_report,
            b.rejected
        );
        if b.filtered > 0 {
            line.push_str(&format!("; {} events filtered out", b.filtered));
        }
        self.say(&line);
        if let Some(first) = self.first_reject.as_ref().filter(|_| !common.verbose) {
            let how = if self.options.rejects.is_some() {
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
