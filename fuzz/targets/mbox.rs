//! Any bytes as a mailbox: the same events in whatever pieces they come.
#![no_main]

use bounce::input::Format;
use bounce_fuzz::{Chunks, events};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &[u8])| {
    let (size, bytes) = input;
    let whole = events(bytes, Format::Mbox);
    let pieces = events(Chunks(bytes, usize::from(size) + 1), Format::Mbox);
    assert_eq!(whole, pieces);
});
