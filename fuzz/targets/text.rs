//! Any text as a reply: one canonical form, no address left, nothing for a terminal.
#![no_main]

use bounce::explain::parse;
use bounce::normalise::normalise;
use bounce::output::safe::{defused, printable};
use bounce::redact::{Redactor, masked};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let canonical = normalise(&text);
    assert_eq!(normalise(&canonical), canonical);
    let _ = parse::parse(&text);
    assert!(!printable(&text).chars().any(char::is_control));
    assert!(!defused(&text).starts_with(['=', '+', '-', '@']));
    let hidden = Redactor::new(b"key").text(&text);
    for secret in ["jane.doe@", "Jane.Doe@"] {
        assert!(!hidden.contains(secret));
    }
    let _ = masked(&text, true);
});
