//! One JSON object → rows: envelopes opened, lists taken apart, fields by a profile
//! or by their names.

mod ready;

use super::header::key_of;
use super::layout::{Map, row};
use super::profiles::JSON;
pub use super::value::Value;
use crate::row::{Key, Row, What};
use ready::{Path, READY, Ready};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// How deep envelopes are opened.
const MAX_DEPTH: usize = 6;
/// Rows that one object may give.
const MAX_ROWS: usize = 100_000;
/// How deep fields are looked for where no profile knows the object.
const MAX_FIELDS_DEPTH: usize = 3;
/// Lists of events that APIs answer with.
const LISTS: &[&str] = &[
    "items",
    "Bounces",
    "results",
    "events",
    "records",
    "SuppressedDestinationSummaries",
    "bounce_logs",
    "bounces",
    // What a queue or a function of Amazon's handed over.
    "Records",
    "Messages",
    // OData: Microsoft.
    "value",
    "data",
];

/// The events within one object: those of envelopes and lists.
pub fn events(value: Value<'_>) -> Vec<Value<'_>> {
    let mut out = Vec::new();
    open(value, 0, &mut out);
    out
}

/// The rows of the events of one object.
///
/// # Errors
/// Why it gives none, for a person.
pub fn rows<'v>(events: &'v [Value<'_>], map: &Map) -> Result<Vec<Row<'v>>, String> {
    let mut out = Vec::new();
    for event in events.iter().take(MAX_ROWS) {
        out.extend(event_rows(event, map)?);
    }
    Ok(out)
}

/// The names of the profiles that claim an event; more than one is a defect.
pub fn claimed(event: &Value<'_>) -> impl Iterator<Item = &'static str> {
    READY
        .iter()
        .filter(|r| r.claims(event))
        .map(|r| r.profile.name)
}

fn open<'a>(value: Value<'a>, depth: usize, out: &mut Vec<Value<'a>>) {
    if depth > MAX_DEPTH || out.len() >= MAX_ROWS {
        return;
    }
    match value {
        Value::List(all) => {
            return all.into_iter().for_each(|v| open(v, depth + 1, out));
        }
        Value::Object(_) => {}
        // JSON within a string: SNS, Mandrill.
        Value::Text(text) if text.trim_start().starts_with(['{', '[']) => {
            if let Ok(inner) = serde_json::from_str::<Value<'_>>(&text) {
                open(inner.into_owned(), depth + 1, out);
            }
            return;
        }
        _ => return,
    }
    let has = |key: &str| value.get(key).is_some();
    let is_text = |key: &str| matches!(value.get(key), Some(Value::Text(_)));
    let alone = matches!(&value, Value::Object(all) if all.len() == 1);
    let inner = if is_text("Message") && (has("TopicArn") || has("Type") || alone) {
        "Message"
    } else if has("Sns") && (has("EventSource") || has("EventSubscriptionArn")) {
        "Sns"
    } else if is_text("Body") && (has("ReceiptHandle") || has("MessageId")) {
        "Body"
    } else if is_text("body") && (has("receiptHandle") || has("eventSourceARN")) {
        "body"
    } else if has("mandrill_events") {
        "mandrill_events"
    } else if has("event-data") {
        "event-data"
    } else if has("detail") && has("detail-type") {
        "detail"
    } else if is_text("message") && (has("ingestionTime") || has("logStreamName")) {
        // CloudWatch Logs.
        "message"
    } else if has("requestPayload") && has("responsePayload") {
        // Where a function of Lambda says what it was given.
        "requestPayload"
    } else if alone && has("d") {
        // OData before version 4.
        "d"
    } else {
        ""
    };
    if has(inner) {
        return open(taken(value, inner), depth + 1, out);
    }
    // SparkPost names the class of the event by the key that holds it.
    if value.get("msys").is_some_and(Value::is_object) {
        let Value::Object(mut classes) = taken(value, "msys") else {
            return;
        };
        by_key(&mut classes);
        return classes
            .into_iter()
            .for_each(|(_, v)| open(v, depth + 1, out));
    }
    let is_list = |v: &Value<'_>| v.as_list().is_some_and(|a| a.iter().all(Value::is_object));
    let list = LISTS.iter().find(|key| match value.get(key) {
        Some(inner @ Value::Object(_)) if **key == "data" => inner
            .get("records")
            .or_else(|| inner.get("bounce_logs"))
            .is_some_and(is_list),
        Some(v) => is_list(v),
        None => false,
    });
    match list {
        Some(list) => open(taken(value, list), depth + 1, out),
        None => out.push(value),
    }
}

/// The value of a key of an object.
fn taken<'a>(value: Value<'a>, key: &str) -> Value<'a> {
    let Value::Object(all) = value else {
        return Value::Null;
    };
    let mut found = all.into_iter().rev().filter(|(k, _)| k == key);
    found.next().map_or(Value::Null, |(_, v)| v)
}

/// Puts the fields of an object in the order of their keys, each once.
fn by_key(all: &mut Vec<(Cow<'_, str>, Value<'_>)>) {
    // Of equal keys the last is first now, and stays.
    all.reverse();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all.dedup_by(|b, a| a.0 == b.0);
}

fn event_rows<'v>(event: &'v Value<'_>, map: &Map) -> Result<Vec<Row<'v>>, String> {
    let Some(ready) = READY.iter().find(|r| r.claims(event)) else {
        return by_names(event, map).map(|row| vec![row]);
    };
    let each = ready
        .profile
        .each
        .iter()
        .find_map(|path| get(event, path)?.as_list());
    let Some(elements) = each.filter(|all| !all.is_empty()) else {
        return Ok(vec![by_profile(ready, event, None, 1, map)]);
    };
    let one = |e: &'v Value<'_>| by_profile(ready, event, Some(e), elements.len(), map);
    Ok(elements.iter().take(MAX_ROWS).map(one).collect())
}

/// One row of an event. Most report nothing, and the fields that say so are looked at first.
fn by_profile<'v>(
    ready: &Ready,
    event: &'v Value<'_>,
    element: Option<&'v Value<'_>>,
    among: usize,
    map: &Map,
) -> Row<'v> {
    let read = |known| {
        row(
            ready.profile,
            fields(known, event, element, map),
            among,
            false,
        )
    };
    let first = read(&ready.telling);
    match first.what {
        What::Nothing | What::Echo => first,
        _ => read(&ready.fields),
    }
}

fn fields<'v>(
    known: &[(Key, Vec<Path>)],
    event: &'v Value<'_>,
    element: Option<&'v Value<'_>>,
    map: &Map,
) -> Vec<(Key, Cow<'v, str>)> {
    let mapped = map
        .pairs()
        .iter()
        .filter_map(|(key, path)| Some((*key, text(get(event, path)?)?)));
    let known = known.iter().filter_map(|(key, paths)| {
        let found = paths.iter().find_map(|path| path.text(event, element));
        Some((*key, found?))
    });
    mapped.chain(known).collect()
}

/// The value at a path.
fn get<'v, 'a>(value: &'v Value<'a>, path: &str) -> Option<&'v Value<'a>> {
    if let Some(found) = value.get(path) {
        return Some(found);
    }
    if !path.contains('.') {
        return None;
    }
    path.split('.').try_fold(value, |v, key| v.get(key))
}

/// A value as the text of a cell; of a list its first element.
fn text<'v>(value: &'v Value<'_>) -> Option<Cow<'v, str>> {
    let text: Cow<'v, str> = match value {
        Value::Text(s) => s.trim().into(),
        Value::Number(n) => n.to_string().into(),
        Value::Bool(b) => b.to_string().into(),
        Value::List(all) => return all.iter().find_map(text),
        // KumoMTA writes an enhanced code as an object.
        Value::Object(_) => {
            let part = |key| match value.get(key) {
                Some(Value::Number(n)) => n.as_u64(),
                _ => None,
            };
            let (class, subject) = (part("class")?, part("subject")?);
            format!("{class}.{subject}.{}", part("detail")?).into()
        }
        Value::Null => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// An event that no profile knows.
fn by_names<'v>(event: &'v Value<'_>, map: &Map) -> Result<Row<'v>, String> {
    let mut found = Vec::new();
    for (key, path) in map.pairs() {
        if let Some(value) = get(event, path).and_then(text) {
            found.push((0, *key, value));
        }
    }
    leaves(event, "", 1, &mut found);
    found.sort_by_key(|(rank, _, _)| *rank);
    if !found
        .iter()
        .any(|(_, key, value)| *key == Key::Recipient && value.contains('@'))
    {
        let mut keys: Vec<&str> = sorted(event).map(|(k, _)| k).collect();
        keys.truncate(40);
        return Err(format!(
            "no recipient in an object with the keys {}",
            keys.join(", ")
        ));
    }
    // A list without addresses may be called `to`, too.
    found.retain(|(_, key, value)| *key != Key::Recipient || value.contains('@'));
    let cells = found
        .into_iter()
        .map(|(_, key, value)| (key, value))
        .collect();
    Ok(row(&JSON, cells, 1, true))
}

/// The fields of an object by their names, or by the names of the objects around
/// them and their own (`bounce.reason`).
fn leaves<'v>(
    value: &'v Value<'_>,
    around: &str,
    depth: usize,
    out: &mut Vec<(usize, Key, Cow<'v, str>)>,
) {
    for (name, value) in sorted(value) {
        // An enhanced code may be an object.
        if value.is_object() && text(value).is_none() {
            if depth < MAX_FIELDS_DEPTH {
                leaves(value, name, depth + 1, out);
            }
            continue;
        }
        // One recipient of a list of such.
        if let Some([one @ Value::Object(_)]) = value.as_list() {
            if depth < MAX_FIELDS_DEPTH {
                leaves(one, name, depth + 1, out);
            }
            continue;
        }
        let known = key_of(&format!("{around}{name}")).or_else(|| key_of(name));
        if let (Some((key, rank)), Some(text)) = (known, text(value)) {
            out.push((rank + depth * 1000, key, text));
        }
    }
}

/// The fields of an object in the order of their keys, each once.
fn sorted<'v, 'a>(value: &'v Value<'a>) -> impl Iterator<Item = (&'v str, &'v Value<'a>)> {
    let all = value.as_object().into_iter().flatten();
    let all: BTreeMap<&str, &Value<'a>> = all.map(|(k, v)| (&**k, v)).collect();
    all.into_iter()
}
