//! `bounce classify`: mails in, events out, as a stream.

use super::joined::{self, Aside};
use super::period::Period;
use super::veil::Veil;
use super::{Status, Stop, setup};
use crate::cli::{Classify, EventFormat, InputFormat, Progress};
use crate::event::Event;
use crate::event::assemble::Setting;
use crate::event::mould::Cast;
use crate::input::{self, Batch, Buffer, Failure, Map};
use crate::ledger;
use crate::output::sink::{self, Sink, complain};
use crate::output::table::{self, Look};
use crate::output::{csv, ndjson};
use crate::pipeline::{self, Books, Outcome, Worker};
use crate::report::filter::domain_key;
use crate::sent::{self, Wanted};
use crate::time;
use crate::vocab::{Category, Kind};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use std::ops::ControlFlow;
use std::path::PathBuf;

/// Runs the command.
pub fn run(options: &Classify) -> Result<Status, Stop> {
    let mut setting = setup::setting(&options.common)?;
    setting.mailbox.clone_from(&options.mailbox);
    setting.workspace.clone_from(&options.workspace);
    let map = map(options)?;
    let veil = Veil::open(&options.common.hiding)?;
    let last = Last {
        filter: Filter::new(options, &setting)?,
        render: Render::new(options),
        veil: veil.clone(),
    };
    let inputs = inputs(options);
    let log = &options.sent.files;
    setup::one_stdin(inputs.iter().chain(log))?;
    let mut run = Run::new(options, &inputs, veil)?;
    run.write(&last.render.header())?;
    let reading = setup::reading(&setting, map.clone(), threads(options));
    if log.is_empty() {
        let pouring = last.pours().then_some(&last);
        let work = |batch: Result<Batch, Failure>| {
            Ok(part(&batch?, &setting, pouring, |e, p| last.write(e, p)))
        };
        let inputs = ledgers(inputs, &|e, p| last.write(e, p), |part| run.take(part))?;
        classify(options, &inputs, map, work, |part| run.take(part))?;
    } else {
        let mut aside = Aside::open(&setting)?;
        let work = |batch: Result<Batch, Failure>| Ok(part(&batch?, &setting, None, put_aside));
        let inputs = ledgers(inputs, &put_aside, |part| run.take(aside.take(part)?))?;
        classify(options, &inputs, map, work, |part| {
            run.take(aside.take(part)?)
        })?;
        run.pass();
        let (index, events) = aside.read()?;
        let found = joined::look(log, &reading, &index, |part| run.take_sent(part))?;
        let enter = |mut event: Event, part: &mut Part| {
            joined::enter(&mut event, &index, &found, &setting);
            last.write(event, part);
        };
        joined::write(reading.threads, events, &enter, |part| run.take(Ok(part)))?;
    }
    run.end(&last.render)
}

/// Hands the events of the ledgers among the inputs to `event`; the other inputs are left.
fn ledgers(
    inputs: Vec<PathBuf>,
    event: &dyn Fn(Event, &mut Part),
    mut take: impl FnMut(Result<Part, Failure>) -> Result<(), Stop>,
) -> Result<Vec<PathBuf>, Stop> {
    let (ledgers, rest): (Vec<_>, Vec<_>) = inputs.into_iter().partition(|p| ledger::is_ledger(p));
    for path in ledgers {
        let mut part = Part::default();
        let read = ledger::events(&path, |read| -> Result<(), Stop> {
            part.books.messages += 1;
            part.books.with_events += 1;
            event(read, &mut part);
            if part.bytes.len() > BLOCK {
                take(Ok(std::mem::take(&mut part)))?;
            }
            Ok(())
        });
        take(Ok(part))?;
        match read {
            Err(Stop::Failed(why)) => {
                let file = path.display().to_string().into();
                take(Err(Failure { file, why }))?;
            }
            other => other?,
        }
    }
    Ok(rest)
}

/// Events of a ledger are handed on in blocks of so many bytes.
const BLOCK: usize = 1 << 20;

/// Runs the inputs through `work`, batch by batch, in order.
fn classify(
    options: &Classify,
    inputs: &[PathBuf],
    map: Map,
    work: impl Fn(Result<Batch, Failure>) -> Result<Part, Failure> + Sync,
    mut take: impl FnMut(Result<Part, Failure>) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let mut result = Ok(());
    pipeline::ordered(
        threads(options),
        pipeline::batches(inputs, container(options.input_format), map),
        work,
        |part| goes_on(take(part), &mut result),
    );
    result
}

/// Goes on with the next part, or keeps the error that ends the run.
pub fn goes_on(taken: Result<(), Stop>, result: &mut Result<(), Stop>) -> ControlFlow<()> {
    match taken {
        Ok(()) => ControlFlow::Continue(()),
        Err(e) => {
            *result = Err(e);
            ControlFlow::Break(())
        }
    }
}

fn inputs(options: &Classify) -> Vec<PathBuf> {
    if !options.inputs.is_empty() {
        return options.inputs.clone();
    }
    if sink::stdin_is_terminal() && !options.common.quiet {
        complain("bounce: reading standard input; end with Ctrl-D, or name a file");
    }
    vec![PathBuf::from("-")]
}

fn threads(options: &Classify) -> usize {
    let all = || std::thread::available_parallelism().map_or(1, usize::from);
    options.threads.map_or_else(all, usize::from)
}

/// `--map`, all of them. With a sent log they are for files of two kinds.
fn map(options: &Classify) -> Result<Map, Stop> {
    let map = Map::parse(&options.map.join(","));
    let map = map.map_err(|why| Stop::Usage(format!("--map: {why}")))?;
    Ok(match options.sent.files.is_empty() {
        true => map,
        false => map.shared(),
    })
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
    period: Period,
    campaigns: Vec<String>,
    domains: Vec<String>,
    categories: Vec<Category>,
}

impl Filter {
    fn new(options: &Classify, setting: &Setting) -> Result<Self, Stop> {
        let (since, until, last) = (&options.since, &options.until, &options.last);
        let period = Period::read(since.as_deref(), until.as_deref(), last.as_deref(), setting)?;
        Ok(Filter {
            period,
            campaigns: options.campaign.clone(),
            domains: options.domain.iter().map(|d| domain_key(d)).collect(),
            categories: options.category.clone(),
        })
    }

    fn wants_all(&self) -> bool {
        let Period { since, until } = self.period;
        since.is_none()
            && until.is_none()
            && self.campaigns.is_empty()
            && self.domains.is_empty()
            && self.categories.is_empty()
    }

    fn wants(&self, event: &Event) -> bool {
        let any = |list: &[String], value: &Option<String>| {
            list.is_empty() || value.as_ref().is_some_and(|v| list.contains(v))
        };
        let domain = || event.recipient_domain.as_deref().map(domain_key);
        let category = self.categories.is_empty()
            || event.category.is_some_and(|c| self.categories.contains(&c));
        category
            && any(&self.campaigns, &event.campaign_id)
            && (self.domains.is_empty() || any(&self.domains, &domain()))
            && self.in_window(event)
    }

    /// The window is half-open; an event without a date is in none.
    fn in_window(&self, event: &Event) -> bool {
        let Period { since, until } = self.period;
        if since.is_none() && until.is_none() {
            return true;
        }
        let at = event.occurred_at.as_deref().and_then(time::parse_rfc3339);
        at.is_some_and(|t| since.is_none_or(|s| t >= s) && until.is_none_or(|u| t < u))
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

/// What is done with an event at last.
struct Last {
    filter: Filter,
    render: Render,
    veil: Veil,
}

impl Last {
    /// Whether events are written as they are, all of them.
    fn pours(&self) -> bool {
        let plain = self.render.format == EventFormat::Ndjson;
        plain && self.filter.wants_all() && self.veil.redactor().is_none()
    }

    fn pour(&self, cast: &Cast<'_>, part: &mut Part) {
        ndjson::pour(cast, &mut part.bytes);
        part.tally.enter(cast.like);
    }

    fn write(&self, mut event: Event, part: &mut Part) {
        if self.filter.wants(&event) {
            part.tally.enter(&event);
            self.veil.event(&mut event);
            self.render.event(&event, &mut part.bytes);
        } else {
            part.books.filtered += 1;
        }
    }
}

/// Before the sent log has been read: a line for the spool, and what to look for.
fn put_aside(event: Event, part: &mut Part) {
    part.wanted.push(Wanted::of(&event));
    joined::put(&event, &mut part.bytes);
}

/// What one batch came to.
#[derive(Default)]
pub struct Part {
    /// Events as they are written, or as they are put aside.
    pub bytes: Buffer,
    /// What to look for in the sent log.
    pub wanted: Vec<Wanted>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    offset: u64,
    why: String,
}

impl Reject {
    /// For a person.
    fn told(&self) -> String {
        match self.line {
            Some(line) => format!("{} line {line}: {}", self.file, self.why),
            None => format!("{} #{}: {}", self.file, self.index, self.why),
        }
    }
}

impl From<sent::Reject> for Reject {
    fn from(of: sent::Reject) -> Self {
        Reject {
            file: of.file.to_string(),
            index: of.index,
            line: of.line,
            offset: of.offset,
            why: of.why,
        }
    }
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

/// The events of one batch, each handed to `event`, or poured.
fn part(
    batch: &Batch,
    setting: &Setting,
    pouring: Option<&Last>,
    event: impl Fn(Event, &mut Part),
) -> Part {
    let mut part = Part {
        read: batch.read,
        notes: batch
            .notes
            .iter()
            .map(|n| format!("{}: {}", n.file, n.what))
            .collect(),
        bytes: Buffer::with_room(batch.bytes.len() / 4),
        ..Part::default()
    };
    let mut worker = Worker::new(setting);
    for record in &batch.records {
        let outcome = match pouring {
            None => pipeline::outcome(batch, record, &mut worker),
            Some(last) => {
                let before = part.bytes.len();
                let mut pour = |cast: &Cast<'_>| last.pour(cast, &mut part);
                let outcome = pipeline::poured(batch, record, &mut worker, Some(&mut pour));
                if matches!(outcome, Outcome::Rejected(_)) {
                    part.bytes.truncate(before);
                }
                outcome
            }
        };
        part.books.enter(&outcome);
        match outcome {
            Outcome::NotAReport => {}
            Outcome::Rejected(why) => part.rejects.push(Reject {
                file: record.file.to_string(),
                index: record.index,
                line: None,
                offset: record.offset,
                why,
            }),
            Outcome::Events(events) => events.into_iter().for_each(|e| event(e, &mut part)),
        }
    }
    part
}

/// The outputs and counts of a run.
struct Run<'o> {
    options: &'o Classify,
    veil: Veil,
    out: Sink,
    rejects: Option<Sink>,
    first_reject: Option<String>,
    failures: u64,
    books: Books,
    sent: sent::Tally,
    tally: Tally,
    bar: Option<ProgressBar>,
    /// Bytes read before the files that are being read now.
    before: u64,
}

impl<'o> Run<'o> {
    fn new(options: &'o Classify, inputs: &[PathBuf], veil: Veil) -> Result<Self, Stop> {
        let screen = sink::stderr_is_terminal() && !sink::stdout_is_terminal();
        let wanted = options.progress == Progress::Auto && !options.common.quiet;
        Ok(Run {
            options,
            veil,
            out: Sink::open(options.output.as_deref())?,
            rejects: options
                .rejects
                .as_deref()
                .map(|p| Sink::open(Some(p)))
                .transpose()?,
            first_reject: None,
            failures: 0,
            books: Books::default(),
            sent: sent::Tally::default(),
            tally: Tally::default(),
            bar: (wanted && (screen || options.output.is_some() && sink::stderr_is_terminal()))
                .then(|| {
                    let all: Vec<_> = inputs.iter().chain(&options.sent.files).collect();
                    bar(input::size_of(&all))
                }),
            before: 0,
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
                self.failed(&failure);
                return Ok(());
            }
        };
        self.out.write(&part.bytes)?;
        if self.options.output.is_none() && !part.bytes.is_empty() {
            self.out.flush()?;
        }
        self.books.add(&part.books);
        self.tally.add(&part.tally);
        self.note(&part.notes);
        for reject in part.rejects {
            self.reject(reject)?;
        }
        // The events that come from the spool were counted when they were read.
        if part.read > 0 {
            self.progress(part.read, format!("{} records", self.books.messages));
        }
        Ok(())
    }

    /// Enters what a block of the sent log came to.
    fn take_sent(&mut self, part: Result<sent::Part<()>, Failure>) -> Result<(), Stop> {
        let part = match part {
            Ok(part) => part,
            Err(failure) => {
                self.failed(&failure);
                return Ok(());
            }
        };
        self.sent.add(&part.tally);
        let notes: Vec<String> = part
            .notes
            .iter()
            .map(|n| format!("{}: {}", n.file, n.what))
            .collect();
        self.note(&notes);
        for reject in part.rejects {
            self.reject(reject.into())?;
        }
        self.progress(part.read, format!("{} sent rows", self.sent.rows));
        Ok(())
    }

    fn failed(&mut self, failure: &Failure) {
        self.failures += 1;
        self.say(&format!("bounce: {}: {}", failure.file, failure.why));
    }

    fn note(&self, notes: &[String]) {
        if self.options.common.verbose {
            notes
                .iter()
                .for_each(|note| self.say(&format!("bounce: {note}")));
        }
    }

    fn progress(&self, read: u64, message: String) {
        if let Some(bar) = &self.bar {
            bar.set_position(self.before + read);
            bar.set_message(message);
        }
    }

    /// The inputs have been read, and other files begin.
    fn pass(&mut self) {
        self.before = self.bar.as_ref().map_or(0, ProgressBar::position);
    }

    fn reject(&mut self, mut reject: Reject) -> Result<(), Stop> {
        reject.file = self.veil.text(reject.file);
        reject.why = self.veil.why(reject.why);
        let line = reject.told();
        if self.options.common.verbose {
            self.say(&format!("bounce: rejected {line}"));
        }
        self.first_reject.get_or_insert(line);
        if let Some(out) = &mut self.rejects {
            let mut bytes = Vec::new();
            ndjson::line(&reject, &mut bytes);
            out.write(&bytes)?;
        }
        Ok(())
    }

    fn say(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| self.veil.tell(text)),
            None => self.veil.tell(text),
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
        let strict = self.options.strict && self.rejected() > 0;
        self.out.keep()?;
        Ok(if strict {
            Status::Rejected
        } else {
            Status::Done
        })
    }

    /// Records and rows of the sent log that could not be read.
    fn rejected(&self) -> u64 {
        self.books.rejected + self.sent.rejected
    }

    /// One line of what was done; without a terminal only if something was rejected or `-v`.
    fn report(&self) {
        let common = &self.options.common;
        let b = &self.books;
        let wanted = common.verbose || sink::stderr_is_terminal() || self.rejected() > 0;
        if common.quiet || !wanted {
            return;
        }
        let mut line = format!(
            "bounce: {} events from {} records: {} reports, {} others, {} rejected",
            self.tally.events(),
            b.messages,
            b.with_events,
            b.not_a_report,
            b.rejected
        );
        if b.filtered > 0 {
            line.push_str(&format!("; {} events filtered out", b.filtered));
        }
        if !self.options.sent.files.is_empty() {
            let s = &self.sent;
            line.push_str(&format!("; {} sent rows", s.rows));
            for (count, what) in [(s.others, "others"), (s.rejected, "rejected")] {
                if count > 0 {
                    line.push_str(&format!(", {count} {what}"));
                }
            }
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
