//! Any bytes as one mail: its events, and the same events redacted.
#![no_main]

use bounce::input::Format;
use bounce::redact::Redactor;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let redactor = Redactor::new(b"key");
    for mut event in bounce_fuzz::events(bytes, Format::Eml) {
        bounce_fuzz::check_judged(&event);
        redactor.event(&mut event);
    }
});
