//! An entry as a JSON object: of journald, of Docker, or of a collector of logs.

use super::entry::{self, Entry, NO_TIME};
use crate::input::value::Value;
use crate::time;
use jiff::tz::TimeZone;
use std::borrow::Cow;

/// What journald writes, then Docker (`json-file`), then rsyslog, Fluent Bit, Vector, Loki
/// and the like.
const MESSAGES: [&str; 6] = ["MESSAGE", "log", "message", "msg", "line", "short_message"];
const TIMES: [&str; 5] = ["time", "@timestamp", "timestamp", "timegenerated", "date"];
const PROGRAMS: [&str; 11] = [
    "SYSLOG_IDENTIFIER",
    "_COMM",
    "programname",
    "program",
    "syslogtag",
    "syslog-tag",
    "appname",
    "app-name",
    "ident",
    // Graylog.
    "_program",
    "_application_name",
];
const HOSTS: [&str; 3] = ["_HOSTNAME", "hostname", "host"];
/// The time of an entry of journald, in microseconds.
const MICROSECONDS: &str = "__REALTIME_TIMESTAMP";
/// What journald leaves out is `null`: a value longer than 4096 bytes.
const LEFT_OUT: &str = "an entry whose message is left out (journalctl --all writes it)";

/// An object.
pub(super) struct Found {
    /// Its entry, if it has a message.
    pub entry: Option<Entry>,
    /// It is one of journald or Docker, whatever it says.
    pub is_known: bool,
}

/// Reads an object.
///
/// # Errors
/// Why it is no entry.
pub(super) fn read(object: &[u8]) -> Result<Found, &'static str> {
    // journald writes what is no UTF-8 as numbers; others may not.
    let text = String::from_utf8_lossy(object);
    let value: Value<'_> =
        serde_json::from_str(&text).map_err(|_| "an entry that is no valid JSON")?;
    let has = |key: &str| value.get(key).is_some();
    let journald = has(MICROSECONDS);
    let docker = has("log") && has("stream") && has("time");
    let found = |keys: &[&str]| keys.iter().find_map(|key| bytes(value.get(key)?));
    if journald && value.get("MESSAGE") == Some(&Value::Null) {
        return Err(LEFT_OUT);
    }
    let entry = found(&MESSAGES).map(|message| Entry {
        time: match text_of(value.get(MICROSECONDS)) {
            Some(digits) => entry::microseconds(&digits),
            None => moment(TIMES.iter().find_map(|key| text_of(value.get(key)))),
        },
        host: found(&HOSTS).unwrap_or_default().into_owned(),
        program: found(&PROGRAMS).unwrap_or_default().into_owned(),
        message: message.into_owned(),
    });
    // The message alone is no line of syslog.
    if (entry.iter()).any(|e| e.time.is_empty() && !e.program.is_empty()) {
        return Err(NO_TIME);
    }
    Ok(Found {
        entry,
        is_known: journald || docker,
    })
}

/// A text, or the bytes of what is none; of fields that come twice the first counts.
fn bytes<'v>(value: &'v Value<'_>) -> Option<Cow<'v, [u8]>> {
    match value {
        Value::Text(text) => Some(Cow::Borrowed(text.as_bytes())),
        Value::List(all) => match all.first()? {
            Value::Number(_) => {
                let byte = |v: &Value<'_>| match v {
                    Value::Number(n) => n.as_u64().and_then(|n| u8::try_from(n).ok()),
                    _ => None,
                };
                Some(all.iter().map(byte).collect::<Option<Vec<u8>>>()?.into())
            }
            first @ (Value::Text(_) | Value::List(_)) => bytes(first),
            _ => None,
        },
        _ => None,
    }
}

fn text_of(value: Option<&Value<'_>>) -> Option<String> {
    match value? {
        Value::Text(text) => Some(text.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A time as a line of a log writes it. One without a zone stays so.
fn moment(written: Option<String>) -> String {
    let Some(written) = written else {
        return String::new();
    };
    let counted = written.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let read = || time::export_date(&written, &TimeZone::UTC, false);
    match counted {
        true => read().map_or_else(String::new, time::rfc3339),
        false => written,
    }
}
