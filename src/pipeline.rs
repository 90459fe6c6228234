//! Inputs + classifier → events, batch by batch, in parallel, in input order.
//!
//! The only place where all stages meet. A reader thread cuts the inputs into
//! batches; workers read, judge and render them; the caller's thread consumes
//! the results in the order of the input. At most [`AHEAD`] batches for each
//! worker are under way, so that memory does not depend on the input.

use crate::event::assemble::{self, Setting, Source};
use crate::event::mould::{Cast, Lent};
use crate::event::{Event, Line};
use crate::input::{self, Batch, Kind as RecordKind, Map, Record};
use crate::message::Message;
use crate::notice;
use crate::row::{Key, Row};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex};

/// Batches under way for each worker.
const AHEAD: usize = 3;

/// What became of one record.
#[derive(Debug)]
pub enum Outcome {
    /// A report: one event per reported recipient, without what was poured.
    Events(Vec<Event>),
    /// A mail that reports nothing.
    NotAReport,
    /// Something that could not be read, and why.
    Rejected(String),
}

/// The books (U4): messages = with events + not a report + duplicates + rejected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Books {
    /// Records read.
    pub messages: u64,
    /// Those that gave events.
    pub with_events: u64,
    /// Those that report nothing.
    pub not_a_report: u64,
    /// Those that could not be read.
    pub rejected: u64,
    /// Events that a filter left out.
    pub filtered: u64,
}

impl Books {
    /// Adds the books of another part of the run.
    pub fn add(&mut self, other: &Books) {
        self.messages += other.messages;
        self.with_events += other.with_events;
        self.not_a_report += other.not_a_report;
        self.rejected += other.rejected;
        self.filtered += other.filtered;
    }

    /// Enters what became of one record.
    pub fn enter(&mut self, outcome: &Outcome) {
        self.messages += 1;
        match outcome {
            Outcome::Events(_) => self.with_events += 1,
            Outcome::NotAReport => self.not_a_report += 1,
            Outcome::Rejected(_) => self.rejected += 1,
        }
    }
}

/// What a worker has at hand.
pub struct Worker<'w> {
    setting: &'w Setting,
    moulds: Lent<'w>,
}

impl<'w> Worker<'w> {
    /// With moulds of the setting's shelf.
    pub fn new(setting: &'w Setting) -> Self {
        Worker {
            setting,
            moulds: setting.moulds.take(),
        }
    }
}

/// Who takes what rows became, without an event made of it.
pub type Pour<'p> = Option<&'p mut dyn FnMut(&Cast<'_>)>;

/// Reads and judges one record. A panic anywhere inside is a defect of this
/// program; it costs that record, not the run.
pub fn outcome(batch: &Batch, record: &Record, worker: &mut Worker<'_>) -> Outcome {
    poured(batch, record, worker, None)
}

/// The same; what is handed to `pour` is not among the events of the outcome. Of a record
/// that is rejected nothing counts that was poured.
pub fn poured(batch: &Batch, record: &Record, worker: &mut Worker<'_>, pour: Pour<'_>) -> Outcome {
    catch_unwind(AssertUnwindSafe(|| read(batch, record, worker, pour)))
        .unwrap_or_else(|_| Outcome::Rejected("internal error while reading this mail".to_owned()))
}

fn read(batch: &Batch, record: &Record, worker: &mut Worker<'_>, pour: Pour<'_>) -> Outcome {
    let setting = worker.setting;
    let bytes = batch.bytes.get(record.range.clone()).unwrap_or_default();
    match &record.kind {
        RecordKind::Skip(why) => Outcome::Rejected(why.to_string()),
        RecordKind::Event => match event(bytes) {
            Ok(event) => Outcome::Events(vec![event]),
            // `--input-format ndjson` may mean the events of another program.
            Err(_) if !is_ours(bytes) => object(bytes, &Map::default(), record, worker, pour),
            Err(e) => Outcome::Rejected(format!("not an event: {e}")),
        },
        RecordKind::Row(layout) => {
            let row = layout.row(bytes);
            let address = row.get(Key::Recipient).is_some_and(|a| a.contains('@'));
            if !address && row.get(Key::Contact).is_none() {
                let at = layout.recipient().and_then(|at| layout.header().get(at));
                let column = at.map_or("", String::as_str);
                return Outcome::Rejected(format!("no address in the column {column:?}"));
            }
            rows(&[row], record, worker, pour)
        }
        RecordKind::Object(map) => object(bytes, map, record, worker, pour),
        RecordKind::Line(None) => Outcome::NotAReport,
        RecordKind::Line(Some(log)) => {
            match input::log::read(*log, bytes, setting.now, setting.policy.zone()) {
                Ok(all) => {
                    let all: Vec<Row<'_>> = all.into_iter().map(|delivery| delivery.row).collect();
                    rows(&all, record, worker, pour)
                }
                Err(why) => Outcome::Rejected(why),
            }
        }
        RecordKind::Mail => {
            let message = Message::new(bytes);
            let Some(found) = notice::read(&message) else {
                return Outcome::NotAReport;
            };
            let envelope = record.envelope.clone().and_then(|r| batch.bytes.get(r));
            let source = Source {
                message: &message,
                envelope,
                truncated: record.truncated,
                file: &record.file,
                index: record.index,
                question: false,
            };
            let events = assemble::events(&source, &found, setting);
            if events.is_empty() {
                Outcome::NotAReport
            } else {
                Outcome::Events(events)
            }
        }
    }
}

/// The line of one of our events, as it was written; of anything else [`outcome`] says what
/// it is.
pub fn line<'b>(batch: &'b Batch, record: &Record) -> Option<Line<'b>> {
    match record.kind {
        RecordKind::Event | RecordKind::Object(_) => {
            let bytes = batch.bytes.get(record.range.clone())?;
            Line::of(std::str::from_utf8(bytes).ok()?)
        }
        _ => None,
    }
}

/// Reads one of our events.
fn event(bytes: &[u8]) -> serde_json::Result<Event> {
    // One look at the whole line is cheaper than one at every string in it.
    match std::str::from_utf8(bytes) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(bytes),
    }
}

/// Whether a line claims to be one of our events.
fn is_ours(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, b"\"event_id\"").is_some()
        && memchr::memmem::find(bytes, b"\"schema\"").is_some()
}

/// A JSON object: one of our events, or the events of a platform.
fn object(
    bytes: &[u8],
    map: &Map,
    record: &Record,
    worker: &mut Worker<'_>,
    pour: Pour<'_>,
) -> Outcome {
    if is_ours(bytes)
        && let Ok(event) = event(bytes)
    {
        return Outcome::Events(vec![event]);
    }
    let events = match serde_json::from_slice(bytes) {
        Ok(value) => input::object::events(value),
        Err(e) => return Outcome::Rejected(format!("no JSON: {e}")),
    };
    match input::object::rows(&events, map) {
        Ok(all) => rows(&all, record, worker, pour),
        Err(why) => Outcome::Rejected(why),
    }
}

/// The events of the rows of one record.
fn rows(rows: &[Row<'_>], record: &Record, worker: &mut Worker<'_>, mut pour: Pour<'_>) -> Outcome {
    let Worker { setting, moulds } = worker;
    let mut events = Vec::new();
    let message = Message::new(b"");
    let source = Source {
        message: &message,
        envelope: None,
        truncated: record.truncated,
        file: &record.file,
        index: record.index,
        question: false,
    };
    for row in rows {
        match (moulds.cast(row, &source, setting), &mut pour) {
            // The order of several is that of the record.
            (Some(cast), Some(pour)) if rows.len() == 1 => {
                pour(&cast);
                return Outcome::Events(Vec::new());
            }
            (Some(cast), _) => events.push(cast.event()),
            (None, _) => events.extend(
                notice::row::read(row)
                    .iter()
                    .flat_map(|found| assemble::events(&source, found, setting)),
            ),
        }
    }
    if events.is_empty() {
        Outcome::NotAReport
    } else {
        Outcome::Events(events)
    }
}

/// Runs `work` over what `produce` makes, on `threads` workers, and gives the
/// results to `consume` in the order in which they were made. `consume` may end
/// the run early.
pub fn ordered<J: Send, T: Send>(
    threads: usize,
    produce: impl FnOnce(&mut dyn FnMut(J) -> ControlFlow<()>) + Send,
    work: impl Fn(J) -> T + Sync,
    mut consume: impl FnMut(T) -> ControlFlow<()>,
) {
    let threads = threads.max(1);
    let (give_job, jobs) = sync_channel::<(u64, J)>(threads);
    let (give_result, results) = sync_channel::<(u64, T)>(threads * AHEAD);
    // One token a batch under way: taken before reading on, given back when written.
    let (take_token, tokens) = sync_channel::<()>(threads * AHEAD);
    let jobs = Mutex::new(jobs);
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let mut number = 0;
            produce(&mut |job| {
                if take_token.send(()).is_err() || give_job.send((number, job)).is_err() {
                    return ControlFlow::Break(());
                }
                number += 1;
                ControlFlow::Continue(())
            });
        });
        for _ in 0..threads {
            let (jobs, give_result, work) = (&jobs, give_result.clone(), &work);
            scope.spawn(move || {
                loop {
                    let next = jobs.lock().map(|j| j.recv());
                    let Ok(Ok((number, job))) = next else { break };
                    if give_result.send((number, work(job))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(give_result);
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        'all: for (number, result) in &results {
            waiting.insert(number, result);
            while let Some(result) = waiting.remove(&next) {
                next += 1;
                let flow = consume(result);
                let _ = tokens.recv();
                if flow.is_break() {
                    break 'all;
                }
            }
        }
        // Closing both ends lets the reader and the workers run out.
        drop(results);
        drop(tokens);
        if let Ok(mut jobs) = jobs.lock() {
            *jobs = sync_channel(1).1;
        }
    });
}

/// Reads the inputs batch by batch; what could not be opened comes as an `Err`. `map`
/// names columns of tables.
pub fn batches(
    inputs: &[std::path::PathBuf],
    format: input::Format,
    map: Map,
) -> impl FnOnce(&mut dyn FnMut(Result<Batch, input::Failure>) -> ControlFlow<()>) + Send + '_ {
    move |each| input::read(inputs, format, &Arc::new(map), each)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u1_results_come_in_order_whatever_the_number_of_threads() {
        for threads in [1, 2, 7] {
            let mut got = Vec::new();
            ordered(
                threads,
                |each| {
                    for n in 0..200u64 {
                        if each(n).is_break() {
                            return;
                        }
                    }
                },
                |n| {
                    if n % 13 == 0 {
                        std::thread::yield_now();
                    }
                    n * 2
                },
                |n| {
                    got.push(n);
                    ControlFlow::Continue(())
                },
            );
            assert_eq!(got, (0..200).map(|n| n * 2).collect::<Vec<u64>>());
        }
    }

    #[test]
    fn u1_a_consumer_that_stops_ends_the_run() {
        let mut got = 0;
        ordered(
            3,
            |each| while each(1u64).is_continue() {},
            |n| n,
            |n| {
                got += n;
                if got == 50 {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            },
        );
        assert_eq!(got, 50);
    }
}
