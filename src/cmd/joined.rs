//! Events and the sent log: the events are put aside, the log is streamed once past
//! their keys, then they are read again and take from it what they lack.

use super::Stop;
use super::classify::{Part, goes_on};
use crate::event::Event;
use crate::event::assemble::Setting;
use crate::event::join;
use crate::input::Failure;
use crate::output::ndjson;
use crate::output::spool::{Spool, Spooled};
use crate::pipeline;
use crate::sent::{self, Builder, Index, Matches, Reading};
use std::ops::ControlFlow;
use std::path::PathBuf;

/// Before the line of an event whose recipient is from a VERP tag.
const TAGGED: u8 = b'!';

/// An event as it is put aside: its line, and what that does not hold.
pub fn put(event: &Event, line: &mut Vec<u8>) {
    if event.tagged {
        line.push(TAGGED);
    }
    ndjson::write(event, line);
}

/// The event of a line that was put aside.
pub fn taken(line: &[u8]) -> serde_json::Result<Event> {
    let bare = line.strip_prefix(&[TAGGED]);
    let mut event: Event = serde_json::from_slice(bare.unwrap_or(line))?;
    event.tagged = bare.is_some();
    Ok(event)
}

/// Events that wait for the sent log.
pub struct Aside {
    spool: Spool,
    keys: Builder,
}

impl Aside {
    /// None yet.
    pub fn open(setting: &Setting) -> Result<Aside, Stop> {
        Ok(Aside {
            spool: Spool::open()?,
            keys: Builder::new(&setting.policy.matching),
        })
    }

    /// Takes the events out of a part.
    pub fn take(&mut self, part: Result<Part, Failure>) -> Result<Result<Part, Failure>, Stop> {
        let mut part = match part {
            Ok(part) => part,
            failed => return Ok(failed),
        };
        self.spool.write(&std::mem::take(&mut part.bytes))?;
        part.wanted
            .drain(..)
            .for_each(|wanted| self.keys.add(wanted));
        Ok(Ok(part))
    }

    /// Their keys, and they themselves.
    pub fn read(self) -> Result<(Index, Spooled), Stop> {
        Ok((self.keys.build(), self.spool.read()?))
    }
}

/// Streams the sent log past the keys of events. `take` gets what there is to say of each
/// block.
pub fn look(
    files: &[PathBuf],
    reading: &Reading,
    index: &Index,
    mut take: impl FnMut(Result<sent::Part<()>, Failure>) -> Result<(), Stop>,
) -> Result<Matches, Stop> {
    let mut found = Matches::default();
    let mut result = Ok(());
    let work = |rows: &mut sent::Rows<'_>| {
        let mut part = Matches::default();
        rows.each(|row| index.look(row, &mut part));
        part
    };
    sent::read(files, reading, work, |part| {
        let part = part.map(|part| {
            let (matches, rest) = part.split();
            found.merge(matches);
            rest
        });
        if part.is_err() {
            found.broken();
        }
        goes_on(take(part), &mut result)
    });
    result.map(|()| found)
}

/// Enters into an event what the log says of it.
pub fn enter(event: &mut Event, index: &Index, found: &Matches, setting: &Setting) {
    join::join(event, index.find(event, found), &setting.into());
}

/// Reads the events again, in their order, and hands each to `event`.
pub fn write(
    threads: usize,
    mut events: Spooled,
    event: &(impl Fn(Event, &mut Part) + Sync),
    mut take: impl FnMut(Part) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let mut result = Ok(());
    let produce = |each: &mut dyn FnMut(Result<Vec<u8>, Stop>) -> ControlFlow<()>| {
        loop {
            let block = match events.next_block() {
                Ok(block) if block.is_empty() => return,
                Ok(block) => Ok(block),
                Err(error) => Err(Stop::from(error)),
            };
            let failed = block.is_err();
            if each(block).is_break() || failed {
                return;
            }
        }
    };
    let work = |block: Result<Vec<u8>, Stop>| -> Result<Part, Stop> {
        let mut part = Part::default();
        for line in block?
            .split(|b| *b == b'\n')
            .filter(|line| !line.is_empty())
        {
            match taken(line) {
                Ok(read) => event(read, &mut part),
                Err(e) => return Err(Stop::Failed(format!("temporary file for events: {e}"))),
            }
        }
        Ok(part)
    };
    pipeline::ordered(threads, produce, work, |part| {
        goes_on(part.and_then(&mut take), &mut result)
    });
    result
}
