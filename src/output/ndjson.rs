//! One JSON object a line (E1).

use crate::event::Event;
use serde::Serialize;

/// Appends an event and a line end.
pub fn write(event: &Event, out: &mut Vec<u8>) {
    line(event, out);
}

/// Appends anything as one line of JSON.
pub fn line<T: Serialize>(value: &T, out: &mut Vec<u8>) {
    let start = out.len();
    // Writing to memory cannot fail, and no type here has a failing serialiser.
    if serde_json::to_writer(&mut *out, value).is_err() {
        out.truncate(start);
        return;
    }
    out.push(b'\n');
}
