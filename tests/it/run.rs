//! Running the program from a test.

use serde_json::Value;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// The root of the repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A command on the built program, at the root, with a fixed clock.
pub fn bounce(args: &[&str]) -> Command {
    let mut c = Command::new(env!("CARGO_BIN_EXE_bounce"));
    c.current_dir(root())
        .args(args)
        .env_remove("COLUMNS")
        .env_remove("NO_COLOR");
    c
}

/// Runs the program on `input` as its standard input.
pub fn pipe(args: &[&str], input: &[u8]) -> Output {
    let mut child = bounce(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        // The program may end before it has read everything.
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

/// The events that the program writes for `input`, and its exit code.
pub fn events(args: &[&str], input: &[u8]) -> (Vec<Value>, i32) {
    let mut all = vec![
        "classify",
        "--format",
        "ndjson",
        "--now",
        "2026-11-24T00:00:00Z",
    ];
    all.extend(args);
    let out = pipe(&all, input);
    (parse(&out.stdout), out.status.code().unwrap_or(-1))
}

/// Reads NDJSON.
pub fn parse(bytes: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(bytes).unwrap();
    text.lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect()
}

/// A string field of an event, or the empty string.
pub fn text<'v>(event: &'v Value, key: &str) -> &'v str {
    event[key].as_str().unwrap_or_default()
}
