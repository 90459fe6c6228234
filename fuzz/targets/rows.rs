//! Any bytes as a table, as JSON, as events, and as what they look like.
#![no_main]

use bounce::input::Format;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &[u8])| {
    let format = match input.0 % 4 {
        0 => Format::Auto,
        1 => Format::Csv,
        2 => Format::Json,
        _ => Format::Ndjson,
    };
    bounce_fuzz::events(input.1, format);
});
