//! Inputs and sent log → events and counts of sends, for the commands that fold a
//! history: `report`, `suppress`.
//!
//! Without a sent log the events are handed on as they are read. With one they are put
//! aside, the log is streamed once – past the keys of the bounces and past the counters –
//! and then each event takes from the log what it lacks.

use super::classify::goes_on;
use super::counted::{HardDomains, count, log_part};
use super::desk::{Desk, Reject};
use super::{Stop, joined, setup};
use crate::address;
use crate::cli;
use crate::event::assemble::Setting;
use crate::event::join;
use crate::event::{Brief, Event, Line};
use crate::history::EventId;
use crate::input::{self, Batch, Failure, Map, Record};
use crate::ledger;
use crate::output::sink::{self, complain};
use crate::output::spool::{Spool, Spooled};
use crate::pipeline::{self, Outcome, Worker};
use crate::report::filter::domain_key;
use crate::report::{Filter, Sends};
use crate::sent::{self, Builder, Index, Matches, Reading, Wanted};
use crate::vocab::{Category, Kind};
use clap::ValueEnum;
use hashbrown::HashSet;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Mutex;

/// Where a row of the sent log or an event does not say which workspace.
const WORKSPACE: &str = "default";

/// Hands events of earlier runs to a function.
pub type Each<'s> = &'s dyn Fn(&mut dyn FnMut(Event) -> Result<(), Stop>) -> Result<(), Stop>;

/// What is remembered from earlier runs.
#[derive(Clone, Copy)]
pub struct Stored<'s> {
    /// The events that a sent log may still say something of.
    pub events: Each<'s>,
    /// How many events there are of a domain; it counts no further than it must.
    pub of_domain: &'s dyn Fn(&str, u32) -> Result<u32, Stop>,
    /// Domains whose sends are worth counting whatever is new.
    pub watched: &'s HashSet<String>,
}

/// An event of an earlier run, looked up in the sent log of this one.
#[derive(Clone, Copy, Debug)]
pub struct Earlier {
    /// The day with the first mail in the log, in Unix seconds; `None` if it has no dates.
    pub begins: Option<i64>,
}

/// An event on its way.
pub enum Given<'g> {
    /// An event.
    Event(&'g mut Event),
    /// One that an earlier run has written, as its line; with what is needed of it.
    Line(&'g Line<'g>, &'g Brief<'g>),
}

/// What was read.
#[derive(Debug, Default)]
pub struct Read {
    /// The books of the inputs.
    pub books: pipeline::Books,
    /// Records whose events had all been read before.
    pub duplicates: u64,
    /// The counts of the sent log, if there is one.
    pub sends: Option<Sends>,
    /// The rows of the sent log.
    pub sent: sent::Tally,
}

/// All that is needed to read.
pub struct Intake<'a> {
    /// Inputs and how to read them.
    pub options: &'a cli::Intake,
    /// The sent logs.
    pub log: &'a [PathBuf],
    /// Nobody named them: they are the logs of mail servers among the inputs.
    pub implied: bool,
    /// Policy, judge, clock.
    pub setting: &'a Setting,
    /// By what the sends are counted.
    pub filter: &'a Filter,
    /// Lines of events are handed on as lines, where nothing must be entered into them.
    pub lines: bool,
}

/// The inputs; standard input if there are none.
pub fn inputs(options: &cli::Intake, log: &[PathBuf], quiet: bool) -> Result<Vec<PathBuf>, Stop> {
    let mut inputs = options.inputs.clone();
    if inputs.is_empty() {
        if sink::stdin_is_terminal() && !quiet {
            complain("bounce: reading standard input; end with Ctrl-D, or name a file");
        }
        inputs.push(PathBuf::from("-"));
    }
    setup::one_stdin(inputs.iter().chain(log))?;
    Ok(inputs)
}

/// The logs of mail servers among the inputs, which say what was sent, too; `None` where
/// the user names sent logs.
pub fn own_logs(named: &[PathBuf], inputs: &[PathBuf]) -> Option<Vec<PathBuf>> {
    named.is_empty().then(|| input::logs(inputs))
}

impl Intake<'_> {
    fn threads(&self) -> usize {
        let all = || std::thread::available_parallelism().map_or(1, usize::from);
        self.options.threads.map_or_else(all, usize::from)
    }

    /// `--map`, all of them. With a sent log they are for files of two kinds.
    fn map(&self) -> Result<Map, Stop> {
        let map = Map::parse(&self.options.map.join(","));
        let map = map.map_err(|why| Stop::Usage(format!("--map: {why}")))?;
        Ok(if self.log.is_empty() || self.implied {
            map
        } else {
            map.shared()
        })
    }

    fn format(&self) -> input::Format {
        let named = self.options.input_format.to_possible_value();
        let format = named.and_then(|v| input::Format::from_word(v.get_name()));
        format.unwrap_or(input::Format::Auto)
    }

    /// Reads everything. The workers make something of the events of each block with `work`;
    /// `take` gets that in the order of the input.
    pub fn read<T: Default + Send>(
        &self,
        inputs: &[PathBuf],
        desk: &mut Desk,
        work: impl Fn(Given<'_>, &mut T) + Sync,
        mut take: impl FnMut(T),
    ) -> Result<Read, Stop> {
        let nothing = Stored {
            events: &|_| Ok(()),
            of_domain: &|_, _| Ok(0),
            watched: &HashSet::new(),
        };
        let work = |given: Given<'_>, _: Option<Earlier>, made: &mut T| work(given, made);
        self.read_with(inputs, nothing, desk, &work, |made| {
            take(made);
            Ok(())
        })
    }

    /// The same, with events that are remembered from earlier runs: where there is a sent
    /// log they are looked up in it again, before those of the input, and handed to `work`
    /// as [`Earlier`]. They are in no books.
    pub fn read_with<T: Default + Send>(
        &self,
        inputs: &[PathBuf],
        stored: Stored<'_>,
        desk: &mut Desk,
        work: &(impl Fn(Given<'_>, Option<Earlier>, &mut T) + Sync),
        mut take: impl FnMut(T) -> Result<(), Stop>,
    ) -> Result<Read, Stop> {
        let map = self.map()?;
        let mut counter = Counter::default();
        let (ledgers, inputs): (Vec<PathBuf>, Vec<PathBuf>) =
            inputs.iter().cloned().partition(|p| ledger::is_ledger(p));
        let inputs = inputs.as_slice();
        if self.log.is_empty() {
            let work = |given: Given<'_>, made: &mut T| work(given, None, made);
            self.ledgers(&ledgers, desk, &mut counter, &work, |part| take(part.made))?;
            self.classify(inputs, map, desk, &mut counter, &work, |part| {
                take(part.made)
            })?;
            return Ok(counter.read);
        }
        let mut spool = Spool::open()?;
        let mut keys = Builder::new(&self.setting.policy.matching);
        let mut hard = HardDomains::default();
        let mut aside = |mut part: Part<()>| -> Result<(), Stop> {
            spool.write(&part.bytes)?;
            part.wanted.drain(..).for_each(|w| keys.add(w));
            part.hard.iter().for_each(|d| hard.see(d));
            Ok(())
        };
        (stored.events)(&mut |mut event| {
            remember(&mut event);
            let mut part = Part::default();
            part.aside(&event);
            aside(part)
        })?;
        let none = |_: Given<'_>, (): &mut ()| ();
        self.ledgers(&ledgers, desk, &mut counter, &none, &mut aside)?;
        self.classify(inputs, map.clone(), desk, &mut counter, &none, aside)?;
        counter.seen = HashSet::new();
        desk.next_files();
        let index = keys.build();
        let recipients = self.setting.policy.patterns.domain_hard_cluster.recipients;
        let mut watched = hard.many(recipients, stored.of_domain)?;
        watched.extend(stored.watched.iter().cloned());
        let reading = setup::reading(self.setting, map, self.threads());
        let found = self.stream(&reading, &index, &watched, desk, &mut counter.read)?;
        let days = counter.read.sends.iter().flat_map(|s| s.days.keys());
        let begins = days.min().map(|day| day * 86_400);
        let joined = |mut event: Event, made: &mut T| {
            let earlier = recall(&mut event).then_some(Earlier { begins });
            work(Given::Event(&mut event), earlier, made);
        };
        self.join(spool.read()?, &index, &found, joined, take)?;
        Ok(counter.read)
    }

    /// Reads the events of ledgers.
    fn ledgers<T: Default>(
        &self,
        ledgers: &[PathBuf],
        desk: &mut Desk,
        counter: &mut Counter,
        work: &impl Fn(Given<'_>, &mut T),
        mut take: impl FnMut(Part<T>) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        for path in ledgers {
            let read = ledger::events(path, |event| -> Result<(), Stop> {
                let mut part = Part::default();
                part.books.messages = 1;
                part.books.with_events = 1;
                part.ids.push(vec![EventId::parse(&event.event_id)]);
                self.event(event, &mut part, work);
                counter.enter(&mut part, desk)?;
                take(part)
            });
            if let Err(Stop::Failed(why)) = read {
                desk.failed(&Failure {
                    file: path.display().to_string().into(),
                    why,
                });
            } else {
                read?;
            }
        }
        Ok(())
    }

    /// Reads and judges the inputs.
    fn classify<T: Default + Send>(
        &self,
        inputs: &[PathBuf],
        map: Map,
        desk: &mut Desk,
        counter: &mut Counter,
        work: &(impl Fn(Given<'_>, &mut T) + Sync),
        mut take: impl FnMut(Part<T>) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let mut result = Ok(());
        pipeline::ordered(
            self.threads(),
            pipeline::batches(inputs, self.format(), map),
            |batch: Result<Batch, Failure>| Ok(self.part(&batch?, work)),
            |part: Result<Part<T>, Failure>| {
                let taken = match part {
                    Ok(mut part) => counter.enter(&mut part, desk).and_then(|()| take(part)),
                    Err(failure) => {
                        desk.failed(&failure);
                        Ok(())
                    }
                };
                goes_on(taken, &mut result)
            },
        );
        result
    }

    /// Streams the sent log. Each worker counts for itself.
    fn stream(
        &self,
        reading: &Reading,
        index: &Index,
        watched: &HashSet<String>,
        desk: &mut Desk,
        read: &mut Read,
    ) -> Result<Matches, Stop> {
        let idle: Mutex<Vec<Sends>> = Mutex::default();
        let work = |rows: &mut sent::Rows<'_>| {
            let free = idle.lock().ok().and_then(|mut idle| idle.pop());
            let mut sends = free.unwrap_or_else(|| Sends::watching(watched));
            let mut part = Matches::default();
            rows.each(|row| {
                index.look(row, &mut part);
                count(row, self.filter, &mut sends);
            });
            if let Ok(mut idle) = idle.lock() {
                idle.push(sends);
            }
            part
        };
        let mut found = Matches::default();
        if self.implied {
            // Nobody said that all that was sent is in them.
            found.broken();
        }
        let mut result = Ok(());
        let failed = desk.failures();
        sent::read(self.log, reading, work, |part| {
            let taken = match part {
                Ok(part) => {
                    let (matches, mut rest) = part.split();
                    found.merge(matches);
                    if self.implied {
                        // Said already, when they were read as an input.
                        rest.rejects.clear();
                        rest.notes.clear();
                        rest.tally.rejected = 0;
                    }
                    log_part(rest, desk, &mut read.sent)
                }
                Err(failure) => {
                    found.broken();
                    desk.failed(&failure);
                    Ok(())
                }
            };
            goes_on(taken, &mut result)
        });
        let mut sends = Sends::watching(watched);
        let counted = idle.into_inner().unwrap_or_default();
        counted.into_iter().for_each(|s| sends.merge(s));
        // Where no log could be opened, nothing is known about sends.
        let known = read.sent.rows > 0 || !self.implied && desk.failures() == failed;
        read.sends = known.then_some(sends);
        result.map(|()| found)
    }

    /// Reads the events again, and enters what the log says of each.
    fn join<T: Default + Send>(
        &self,
        mut events: Spooled,
        index: &Index,
        found: &Matches,
        work: impl Fn(Event, &mut T) + Sync,
        mut take: impl FnMut(T) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let mut result = Ok(());
        let produce = |each: &mut dyn FnMut(Result<Vec<u8>, Stop>) -> ControlFlow<()>| {
            loop {
                let block = events.next_block().map_err(Stop::from);
                let (failed, end) = (block.is_err(), block.as_ref().is_ok_and(Vec::is_empty));
                if end || each(block).is_break() || failed {
                    return;
                }
            }
        };
        let work = |block: Result<Vec<u8>, Stop>| -> Result<T, Stop> {
            let block = block?;
            let mut made = T::default();
            for line in block.split(|b| *b == b'\n').filter(|l| !l.is_empty()) {
                work(self.joined(line, index, found)?, &mut made);
            }
            Ok(made)
        };
        pipeline::ordered(self.threads(), produce, work, |made| {
            goes_on(made.and_then(&mut take), &mut result)
        });
        result
    }

    fn joined(&self, line: &[u8], index: &Index, found: &Matches) -> Result<Event, Stop> {
        let mut event = joined::taken(line)
            .map_err(|e| Stop::Failed(format!("temporary file for events: {e}")))?;
        let answer = index.find(&event, found);
        join::join(&mut event, answer, &self.setting.into());
        Ok(event)
    }
}

/// What one batch came to.
#[derive(Default)]
struct Part<T> {
    books: pipeline::Books,
    rejects: Vec<Reject>,
    notes: Vec<String>,
    read: u64,
    /// The events of each record that has some.
    ids: Vec<Vec<EventId>>,
    /// What was made of the events, if they are handed on at once.
    made: T,
    /// Else: lines for the spool,
    bytes: Vec<u8>,
    /// what to look for in the sent log,
    wanted: Vec<Wanted>,
    /// and the domains of hard bounces.
    hard: Vec<String>,
}

impl Intake<'_> {
    fn part<T: Default>(&self, batch: &Batch, work: &impl Fn(Given<'_>, &mut T)) -> Part<T> {
        let told = |n: &input::Note| format!("{}: {}", n.file, n.what);
        let mut part = Part {
            read: batch.read,
            notes: batch.notes.iter().map(told).collect(),
            ..Part::default()
        };
        let mut worker = Worker::new(self.setting);
        for record in &batch.records {
            if !self.line(batch, record, &mut part, work) {
                self.record(batch, record, &mut worker, &mut part, work);
            }
        }
        part
    }

    /// Hands on an event as its line. False if that cannot be.
    fn line<T>(
        &self,
        batch: &Batch,
        record: &Record,
        part: &mut Part<T>,
        work: &impl Fn(Given<'_>, &mut T),
    ) -> bool {
        if !self.lines || !self.log.is_empty() {
            return false;
        }
        let Some(line) = pipeline::line(batch, record) else {
            return false;
        };
        let Some(brief) = line.brief().filter(|b| is_filled(b, self.setting)) else {
            return false;
        };
        part.books.messages += 1;
        part.books.with_events += 1;
        part.ids.push(vec![EventId::parse(&brief.event_id)]);
        work(Given::Line(&line, &brief), &mut part.made);
        true
    }

    fn record<T>(
        &self,
        batch: &Batch,
        record: &Record,
        worker: &mut Worker<'_>,
        part: &mut Part<T>,
        work: &impl Fn(Given<'_>, &mut T),
    ) {
        let outcome = pipeline::outcome(batch, record, worker);
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
            Outcome::Events(events) => {
                let id = |e: &Event| EventId::parse(&e.event_id);
                part.ids.push(events.iter().map(id).collect());
                for event in events {
                    self.event(event, part, work);
                }
            }
        }
    }

    fn event<T>(&self, mut event: Event, part: &mut Part<T>, work: &impl Fn(Given<'_>, &mut T)) {
        fill(&mut event, self.setting);
        if self.log.is_empty() {
            work(Given::Event(&mut event), &mut part.made);
        } else {
            part.aside(&event);
        }
    }
}

impl<T> Part<T> {
    /// Puts an event aside.
    fn aside(&mut self, event: &Event) {
        self.wanted.push(Wanted::of(event));
        if event.kind == Kind::Failed && event.category == Some(Category::HardBounce) {
            let own = event.recipient_domain.as_deref();
            let last = event.final_recipient.as_deref().and_then(address::domain);
            let both = own
                .map(domain_key)
                .into_iter()
                .chain(last.as_deref().map(domain_key));
            self.hard.extend(both);
        }
        joined::put(event, &mut self.bytes);
    }
}

/// Stands between the moment of an earlier run and the file that was read then: what two
/// runs read from the same place of files of one name are two notifications.
const EARLIER: char = '\0';

fn remember(event: &mut Event) {
    let file = format!("{}{EARLIER}{}", event.classified_at, event.origin.file);
    event.origin.file = file;
}

/// True for an event of an earlier run, which is then as it was.
fn recall(event: &mut Event) -> bool {
    let Some((_, file)) = event.origin.file.split_once(EARLIER) else {
        return false;
    };
    event.origin.file = file.to_owned();
    true
}

/// Fills in what an event from another run does not say (`--as-mailbox`,
/// `--as-workspace`); the workspace that the policy names comes first.
fn fill(event: &mut Event, setting: &Setting) {
    if event.mailbox.is_none() {
        event.mailbox = setting.mailbox.as_deref().map(str::to_lowercase);
    }
    let more = workspace(event.mailbox.as_deref(), &event.workspace, setting);
    if let Some(workspace) = more {
        event.workspace = workspace.to_owned();
    }
}

/// The workspace of an event, if it is another than the event says.
fn workspace<'s>(mailbox: Option<&str>, said: &str, setting: &'s Setting) -> Option<&'s str> {
    let own = mailbox.and_then(|m| setting.policy.workspace_of(m));
    let unsaid = said == WORKSPACE;
    let more = setting.workspace.as_deref().filter(|_| unsaid);
    own.or(more).filter(|w| *w != said)
}

/// True if there is nothing to fill in.
fn is_filled(event: &Brief<'_>, setting: &Setting) -> bool {
    let mailbox = event.mailbox.as_deref();
    (mailbox.is_some() || setting.mailbox.is_none())
        && workspace(mailbox, &event.workspace, setting).is_none()
}

/// The books.
#[derive(Default)]
struct Counter {
    read: Read,
    seen: HashSet<EventId>,
}

impl Counter {
    /// Enters a batch.
    fn enter<T>(&mut self, part: &mut Part<T>, desk: &mut Desk) -> Result<(), Stop> {
        for ids in std::mem::take(&mut part.ids) {
            let new = ids.into_iter().filter(|id| self.seen.insert(*id)).count();
            if new == 0 {
                part.books.with_events -= 1;
                self.read.duplicates += 1;
            }
        }
        self.read.books.add(&part.books);
        part.notes.iter().for_each(|n| desk.note(n));
        for reject in std::mem::take(&mut part.rejects) {
            desk.reject(reject)?;
        }
        let messages = self.read.books.messages;
        desk.progress(part.read, || format!("{messages} records"));
        Ok(())
    }
}
