//! Events as CSV: the keys of the schema as columns, all always, arrays joined by `;`.

use super::safe::defused;
use crate::event::Event;
use std::borrow::Cow;

/// The columns, in the order of the schema.
pub const COLUMNS: &[&str] = &[
    "schema",
    "event_id",
    "event_type",
    "kind",
    "occurred_at",
    "classified_at",
    "workspace",
    "mailbox",
    "stream",
    "campaign_id",
    "sequence_step_id",
    "contact_id",
    "recipient",
    "recipient_domain",
    "final_recipient",
    "smtp_code",
    "enhanced_code",
    "smtp_message",
    "command",
    "remote_mta",
    "reporting_mta",
    "category",
    "reason",
    "fault",
    "confidence",
    "held",
    "confirmed",
    "decided_by",
    "evidence",
    "retry_strategy",
    "proof",
    "flags",
    "suggested_recipient",
    "subject",
    "message_id",
    "feedback_type",
    "returns_on",
    "format",
    "origin_file",
    "origin_index",
];

/// Columns that hold an address: exact, never defused, so that lists can be made of them.
const ADDRESSES: &[&str] = &[
    "mailbox",
    "recipient",
    "final_recipient",
    "suggested_recipient",
];

/// The header line.
pub fn header() -> Vec<u8> {
    let mut line = COLUMNS.join(",").into_bytes();
    line.push(b'\n');
    line
}

/// Appends an event as one row.
pub fn write(event: &Event, out: &mut Vec<u8>) {
    let value = serde_json::to_value(event).unwrap_or_default();
    let mut row = ::csv::WriterBuilder::new().from_writer(Vec::new());
    let cells = COLUMNS.iter().map(|c| cell(&value, c));
    // Writing to memory cannot fail.
    if row.write_record(cells.map(|c| c.into_bytes())).is_ok() {
        out.extend_from_slice(&row.into_inner().unwrap_or_default());
    }
}

fn cell(event: &serde_json::Value, column: &str) -> String {
    let value = match column {
        "origin_file" => &event["origin"]["file"],
        "origin_index" => &event["origin"]["index"],
        c => &event[c],
    };
    let text: Cow<'_, str> = match value {
        serde_json::Value::Null => "".into(),
        serde_json::Value::String(s) => s.as_str().into(),
        serde_json::Value::Array(all) => {
            let all: Vec<&str> = all.iter().filter_map(|v| v.as_str()).collect();
            all.join(";").into()
        }
        other => other.to_string().into(),
    };
    if ADDRESSES.contains(&column) {
        text.into_owned()
    } else {
        defused(&text).into_owned()
    }
}
