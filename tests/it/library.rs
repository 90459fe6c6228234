//! Reading bytes in the test's own process, through the library.

use crate::run::root;
use bounce::classify::Judge;
use bounce::classify::model::BuiltIn;
use bounce::event::Event;
use bounce::event::assemble::Setting;
use bounce::input::{self, Format};
use bounce::pipeline::{self, Books, Outcome, Worker};
use bounce::policy::Policy;
use std::io::Read;
use std::ops::ControlFlow;
use std::sync::OnceLock;

/// Built-in rules and model, no policy, a fixed clock.
pub fn setting() -> &'static Setting {
    static SETTING: OnceLock<Setting> = OnceLock::new();
    SETTING.get_or_init(|| Setting {
        now: "2026-11-24T00:00:00Z".parse().unwrap(),
        classified_at: "2026-11-24T00:00:00Z".to_owned(),
        policy: Policy::default(),
        judge: Judge::new().with_model(Box::new(BuiltIn)),
        mailbox: None,
        workspace: None,
        moulds: Default::default(),
    })
}

/// What bytes came to.
#[derive(Debug, Default)]
pub struct Found {
    pub events: Vec<Event>,
    pub books: Books,
    pub rejects: Vec<String>,
    pub failures: Vec<String>,
}

impl Found {
    /// Events without what tells where they were read.
    pub fn bare(mut self) -> Vec<Event> {
        for event in &mut self.events {
            event.origin.file.clear();
            event.origin.index = 0;
        }
        self.events
    }
}

/// Reads and judges a stream; the books must balance, and nothing may have panicked.
pub fn read(source: impl Read, format: Format) -> Found {
    let mut found = Found::default();
    input::read_from(source, "x", format, &Default::default(), &mut |batch| {
        match batch {
            Err(failure) => found.failures.push(failure.why),
            Ok(batch) => {
                for record in &batch.records {
                    let outcome = pipeline::outcome(&batch, record, &mut Worker::new(setting()));
                    found.books.enter(&outcome);
                    match outcome {
                        Outcome::Events(events) => found.events.extend(events),
                        Outcome::Rejected(why) => found.rejects.push(why),
                        Outcome::NotAReport => {}
                    }
                }
            }
        }
        ControlFlow::Continue(())
    });
    let b = &found.books;
    assert_eq!(b.messages, b.with_events + b.not_a_report + b.rejected);
    assert_eq!(b.rejected, found.rejects.len() as u64);
    let panics: Vec<_> = found
        .rejects
        .iter()
        .filter(|why| why.contains("internal error"))
        .collect();
    assert!(panics.is_empty());
    found
}

/// The mails of `testdata/mail` with their paths, sorted.
pub fn mails() -> &'static [(String, Vec<u8>)] {
    static MAILS: OnceLock<Vec<(String, Vec<u8>)>> = OnceLock::new();
    MAILS.get_or_init(|| {
        let mut all = Vec::new();
        for folder in std::fs::read_dir(root().join("testdata/mail")).unwrap() {
            let folder = folder.unwrap().path();
            for file in folder.read_dir().into_iter().flatten() {
                let path = file.unwrap().path();
                if path.extension().is_some_and(|e| e == "eml") {
                    let name = path.strip_prefix(root()).unwrap().display().to_string();
                    all.push((name, std::fs::read(&path).unwrap()));
                }
            }
        }
        all.sort();
        all
    })
}

/// An mbox (mboxrd) of mails.
pub fn mbox<'m>(mails: impl Iterator<Item = &'m [u8]>) -> Vec<u8> {
    let mut out = Vec::new();
    for mail in mails {
        out.extend(b"From MAILER-DAEMON Mon Nov  2 09:00:00 2026\n");
        for line in mail.split_inclusive(|b| *b == b'\n') {
            let quotes = line.iter().take_while(|b| **b == b'>').count();
            if line[quotes..].starts_with(b"From ") {
                out.push(b'>');
            }
            out.extend(line);
        }
        out.extend(if mail.ends_with(b"\n") {
            &b"\n"[..]
        } else {
            b"\n\n"
        });
    }
    out
}
