//! Any text as `bounce.toml`, `--map` and corrections.
#![no_main]

use bounce::classify::model::corrections;
use bounce::input::Map;
use bounce::policy::Policy;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    if let Err(error) = Policy::parse(&text, "bounce.toml") {
        assert!(error.to_string().starts_with("bounce.toml"));
    }
    let _ = Map::parse(&text);
    let _ = corrections::load(&text);
});
