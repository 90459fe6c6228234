//! What the targets share: bytes → events, and what must hold of them.

use bounce::classify::Judge;
use bounce::classify::model::BuiltIn;
use bounce::event::Event;
use bounce::event::assemble::Setting;
use bounce::input::{self, Format};
use bounce::pipeline::{self, Books, Outcome, Worker};
use bounce::policy::Policy;
use jiff::Timestamp;
use std::io::Read;
use std::ops::ControlFlow;
use std::sync::OnceLock;

/// 2026-11-24, in Unix seconds.
const NOW: i64 = 1_795_478_400;

/// Built-in rules and model, no policy, a fixed clock.
pub fn setting() -> &'static Setting {
    static SETTING: OnceLock<Setting> = OnceLock::new();
    SETTING.get_or_init(|| Setting {
        now: Timestamp::from_second(NOW).expect("a moment"),
        classified_at: "2026-11-24T00:00:00Z".to_owned(),
        policy: Policy::default(),
        judge: Judge::new().with_model(Box::new(BuiltIn)),
        mailbox: None,
        workspace: None,
        moulds: Default::default(),
    })
}

/// Reads and judges a stream.
pub fn events(source: impl Read, format: Format) -> Vec<Event> {
    let (mut events, mut books) = (Vec::new(), Books::default());
    input::read_from(source, "x", format, &Default::default(), &mut |batch| {
        let Ok(batch) = batch else {
            return ControlFlow::Continue(());
        };
        for record in &batch.records {
            let outcome = pipeline::outcome(&batch, record, &mut Worker::new(setting()));
            books.enter(&outcome);
            match outcome {
                Outcome::Events(found) => events.extend(found),
                Outcome::Rejected(why) => assert!(!why.contains("internal error"), "{why}"),
                Outcome::NotAReport => {}
            }
        }
        ControlFlow::Continue(())
    });
    assert_eq!(books.messages, books.with_events + books.not_a_report + books.rejected);
    events.iter().for_each(check);
    events
}

/// What holds of every event.
fn check(event: &Event) {
    let line = serde_json::to_string(event).expect("events are written");
    let mut again: Event = serde_json::from_str(&line).expect("events are read");
    again.tagged = event.tagged;
    assert_eq!(&again, event);
    assert!(!line.contains('\n'));
}

/// What holds of an event that was judged here, not read back.
pub fn check_judged(event: &Event) {
    assert!(event.confidence.is_none_or(|c| (0.0..=1.0).contains(&c)));
    let reply = event.smtp_message.as_deref().unwrap_or_default();
    assert!(reply.chars().count() <= 1000, "{reply}");
    let unsure = event.confidence.is_some_and(|c| c < 0.7);
    assert!(!unsure || event.held != Some(false), "{event:?}");
}

/// A stream that gives at most so many bytes at once.
pub struct Chunks<'a>(pub &'a [u8], pub usize);

impl Read for Chunks<'_> {
    fn read(&mut self, block: &mut [u8]) -> std::io::Result<usize> {
        let size = self.1.clamp(1, block.len().max(1)).min(block.len());
        self.0.read(&mut block[..size])
    }
}
