//! One JSON object → rows: envelopes opened, lists taken apart, fields by a profile
//! or by their names.

use super::header::key_of;
use super::layout::{Map, row};
use super::profiles::{JSON, OBJECTS, Profile};
use crate::row::{Key, Row};
use serde_json::Value;

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
    "data",
];

/// The rows of one object.
///
/// # Errors
/// Why it gives none, for a person.
pub fn rows(value: Value, map: &Map) -> Result<Vec<Row>, String> {
    let mut events = Vec::new();
    open(value, 0, &mut events);
    let mut out = Vec::new();
    for event in events.iter().take(MAX_ROWS) {
        out.extend(event_rows(event, map)?);
    }
    Ok(out)
}

/// The names of the profiles that claim an event; more than one is a defect.
pub fn claimed(event: &Value) -> impl Iterator<Item = &'static str> + '_ {
    OBJECTS.iter().filter(|p| claims(p, event)).map(|p| p.name)
}

/// The events within envelopes and lists.
pub fn open(value: Value, depth: usize, out: &mut Vec<Value>) {
    if depth > MAX_DEPTH || out.len() >= MAX_ROWS {
        return;
    }
    let mut object = match value {
        Value::Array(all) => {
            return all.into_iter().for_each(|v| open(v, depth + 1, out));
        }
        Value::Object(object) => object,
        // JSON within a string: SNS, Mandrill.
        Value::String(text) if text.trim_start().starts_with(['{', '[']) => {
            if let Ok(inner) = serde_json::from_str(&text) {
                open(inner, depth + 1, out);
            }
            return;
        }
        _ => return,
    };
    let has = |key: &str| object.contains_key(key);
    let is_text = |key: &str| object.get(key).is_some_and(Value::is_string);
    let inner = if is_text("Message") && (has("TopicArn") || has("Type") || object.len() == 1) {
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
    } else {
        ""
    };
    if let Some(inner) = object.remove(inner) {
        return open(inner, depth + 1, out);
    }
    // SparkPost names the class of the event by the key that holds it.
    if let Some(Value::Object(classes)) = object.remove("msys") {
        return classes
            .into_iter()
            .for_each(|(_, v)| open(v, depth + 1, out));
    }
    let is_list = |v: &Value| v.as_array().is_some_and(|a| a.iter().all(Value::is_object));
    let list = LISTS.iter().find(|key| match object.get(**key) {
        Some(Value::Object(inner)) if **key == "data" => inner
            .get("records")
            .or_else(|| inner.get("bounce_logs"))
            .is_some_and(is_list),
        Some(v) => is_list(v),
        None => false,
    });
    match list.and_then(|key| object.remove(*key)) {
        Some(list) => open(list, depth + 1, out),
        None => out.push(Value::Object(object)),
    }
}

fn event_rows(event: &Value, map: &Map) -> Result<Vec<Row>, String> {
    let Some(profile) = OBJECTS.iter().find(|p| claims(p, event)) else {
        return by_names(event, map).map(|row| vec![row]);
    };
    let each = profile
        .each
        .iter()
        .find_map(|path| get(event, path)?.as_array());
    let Some(elements) = each.filter(|all| !all.is_empty()) else {
        return Ok(vec![row(
            profile,
            fields(profile, event, None, map),
            1,
            false,
        )]);
    };
    let one = |e: &Value| {
        row(
            profile,
            fields(profile, event, Some(e), map),
            elements.len(),
            false,
        )
    };
    Ok(elements.iter().take(MAX_ROWS).map(one).collect())
}

/// Whether an event has all marks of a profile.
fn claims(profile: &Profile, event: &Value) -> bool {
    let has = |mark: &str| {
        let (path, start) = mark.split_once('=').unwrap_or((mark, ""));
        let found = get(event, path).filter(|v| !v.is_null());
        let start = start.trim_end_matches('*');
        found.is_some_and(|v| start.is_empty() || v.as_str().is_some_and(|s| s.starts_with(start)))
    };
    profile.marks.iter().all(|mark| mark.split('|').any(has))
}

fn fields(
    profile: &Profile,
    event: &Value,
    element: Option<&Value>,
    map: &Map,
) -> Vec<(Key, String)> {
    let mapped = map
        .pairs()
        .iter()
        .filter_map(|(key, path)| Some((*key, text(get(event, path)?)?)));
    let known = profile.fields.iter().filter_map(|(key, paths)| {
        let found = paths
            .split('|')
            .find_map(|path| field(event, element, path));
        Some((*key, found?))
    });
    mapped.chain(known).collect()
}

fn field(event: &Value, element: Option<&Value>, path: &str) -> Option<String> {
    if let Some(rest) = path.strip_prefix('*') {
        let rest = rest.trim_start_matches('.');
        return text(if rest.is_empty() {
            element?
        } else {
            get(element?, rest)?
        });
    }
    if let Some(found) = get(event, path).and_then(text) {
        return Some(found);
    }
    // KumoMTA: campaign:tenant@domain, the first only if there is a colon.
    let queue = get(event, path.strip_suffix(":campaign")?)?.as_str()?;
    let (campaign, _) = queue.split_once(':')?;
    (!campaign.is_empty()).then(|| campaign.to_owned())
}

/// The value at a path.
fn get<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    if let Some(found) = value.get(path) {
        return Some(found);
    }
    path.split('.').try_fold(value, |v, key| v.get(key))
}

/// A value as the text of a cell; of a list its first element.
fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(s) => s.trim().to_owned(),
        Value::Number(n) => n.to_string(),
        Value::Bool(b) => b.to_string(),
        Value::Array(all) => return all.iter().find_map(text),
        // KumoMTA writes an enhanced code as an object.
        Value::Object(o) => {
            let part = |key| o.get(key).and_then(Value::as_u64);
            format!(
                "{}.{}.{}",
                part("class")?,
                part("subject")?,
                part("detail")?
            )
        }
        Value::Null => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// An event that no profile knows.
fn by_names(event: &Value, map: &Map) -> Result<Row, String> {
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
        let keys = event
            .as_object()
            .into_iter()
            .flatten()
            .map(|(k, _)| k.as_str());
        let keys: Vec<&str> = keys.take(40).collect();
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
fn leaves(value: &Value, around: &str, depth: usize, out: &mut Vec<(usize, Key, String)>) {
    let Some(object) = value.as_object() else {
        return;
    };
    for (name, value) in object {
        if value.is_object() {
            if depth < MAX_FIELDS_DEPTH {
                leaves(value, name, depth + 1, out);
            }
            continue;
        }
        let known = key_of(&format!("{around}{name}")).or_else(|| key_of(name));
        if let (Some((key, rank)), Some(text)) = (known, text(value)) {
            out.push((rank + depth * 1000, key, text));
        }
    }
}
