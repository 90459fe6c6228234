//! Any text as a file of rules and as labels; what is accepted judges replies.
#![no_main]

use bounce::classify::model;
use bounce::classify::{Judge, Reply, Rules};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let _ = model::read(&text);
    let Ok(rules) = Rules::parse(&text) else { return };
    let samples: Vec<String> = rules.iter().map(|rule| rule.example.clone()).collect();
    let judge = Judge::new().with_user_rules(rules);
    for text in samples.iter().map(String::as_str).chain(["550 5.1.1 user unknown"]) {
        let verdict = judge.judge(&Reply { text, ..Reply::default() });
        assert!((0.0..=1.0).contains(&verdict.confidence));
    }
});
