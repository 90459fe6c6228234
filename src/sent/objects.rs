//! A sent log as JSON: objects whose fields are known by name or by `--map`.
//!
//! An object that is flat, as the rows of logs are, is read without being kept. One that
//! holds others is taken apart: lists of rows, the counts below `metrics`, the mail in an
//! event of Amazon's.

use super::compose::{Cells, Context, EMPTY, compose, is_empty};
use super::form::{Each, Place};
use super::names::{SLOTS, Slot, mapped, slot_of};
use crate::input::Map;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use std::borrow::Cow;
use std::fmt;

/// How deep objects are taken apart.
const MAX_DEPTH: usize = 6;
/// The rank of a field that is not there.
const NEVER: usize = usize::MAX;
/// How far behind the others a name stands that is found within another object.
const INNER: usize = 1_000;

/// Where some platforms keep what others write flat; the better places first.
const PATHS: &[(Slot, &str)] = &[
    // Amazon SES event publishing.
    (Slot::SentAt, "mail.timestamp"),
    (Slot::Mailbox, "mail.source"),
    (Slot::Recipient, "mail.destination"),
    (Slot::MessageId, "mail.commonHeaders.messageId"),
    (Slot::MessageId, "mail.messageId"),
    // Mailgun: events; stats.
    (Slot::Mailbox, "envelope.sender"),
    (Slot::MessageId, "message.headers.message-id"),
    (Slot::Count, "accepted.outgoing"),
    (Slot::Count, "accepted.total"),
    // SendGrid: statistics by day and by category.
    (Slot::Count, "metrics.processed"),
    (Slot::Count, "metrics.requests"),
    // Mailgun: metrics.
    (Slot::Count, "metrics.accepted_outgoing_count"),
    (Slot::Count, "metrics.accepted_count"),
    // Amazon SES: GetSendStatistics.
    (Slot::Count, "DeliveryAttempts"),
    (Slot::Mailbox, "sender_email.email"),
];

/// Lists of rows that APIs answer with.
const LISTS: &[&str] = &[
    "data",
    "items",
    "results",
    "rows",
    "records",
    "events",
    "stats",
    "reports",
    "Days",
    "SendDataPoints",
    "activities",
    "messages",
];

/// What a list's rows take from the object around it.
const INHERITED: [Slot; 4] = [Slot::SentAt, Slot::Mailbox, Slot::Campaign, Slot::Stream];

/// The fields of a file of objects.
#[derive(Clone, Debug, Default)]
pub struct Objects {
    /// What `--map` names: slots and paths.
    mapped: Vec<(Slot, String)>,
}

impl Objects {
    /// With `--map`.
    pub fn new(map: &Map) -> Self {
        let own = |(slot, path): (Slot, &str)| (slot, path.to_owned());
        Objects {
            mapped: mapped(map).map(own).collect(),
        }
    }

    /// Reads the objects of a block, one a line; how many there were.
    pub fn rows(
        &self,
        bytes: &[u8],
        start: Place,
        context: &Context<'_>,
        each: &mut Each<'_>,
    ) -> u64 {
        let mut place = start;
        let mut names = Names::default();
        for line in bytes.split_inclusive(|b| *b == b'\n') {
            let object = line.trim_ascii();
            let object = object.strip_suffix(b",").unwrap_or(object);
            if !matches!(object, b"" | b"[" | b"]") {
                self.object(object, &mut names, context, &mut |row| each(place, row));
                place.record += 1;
            }
            place.offset += line.len() as u64;
            place.line = place.line.map(|line| line + 1);
        }
        place.record
    }

    fn object(
        &self,
        object: &[u8],
        names: &mut Names,
        context: &Context<'_>,
        each: &mut dyn FnMut(super::compose::Read<'_>),
    ) {
        let mut flat = Flat {
            cells: EMPTY,
            ranks: [NEVER; SLOTS],
            nested: false,
        };
        let mut json = serde_json::Deserializer::from_slice(object);
        let read = Seed {
            flat: &mut flat,
            names,
        }
        .deserialize(&mut json);
        if let Err(why) = read.and_then(|()| json.end()) {
            return each(Err(format!("no JSON object: {why}")));
        }
        if !flat.nested && self.mapped.is_empty() {
            return compose(&mut flat.cells, context, each);
        }
        match serde_json::from_slice(object) {
            Ok(value) => self.take_apart(&value, &EMPTY, 0, context, each),
            Err(why) => each(Err(format!("no JSON object: {why}"))),
        }
    }

    /// The rows of an object that holds others.
    fn take_apart(
        &self,
        value: &Value,
        around: &Cells<'_>,
        depth: usize,
        context: &Context<'_>,
        each: &mut dyn FnMut(super::compose::Read<'_>),
    ) {
        if depth > MAX_DEPTH {
            return each(Err("objects are nested too deep".to_owned()));
        }
        if let Some(all) = value.as_array() {
            return all
                .iter()
                .for_each(|v| self.take_apart(v, around, depth + 1, context, each));
        }
        if let Some(inner) = wrapped(value) {
            return self.take_apart(&inner, around, depth + 1, context, each);
        }
        let mut cells = self.fields(value);
        for slot in INHERITED {
            if let (Some(own), Some(outer)) = (cells.get_mut(slot.at()), around.get(slot.at())) {
                *own = own.take().or_else(|| outer.clone());
            }
        }
        let rows = |v: &&Value| v.as_array().is_some_and(|a| a.iter().any(Value::is_object));
        let list = LISTS.iter().find_map(|key| {
            let found = value.get(key)?;
            let inner = || LISTS.iter().find_map(|key| found.get(key).filter(rows));
            Some(found).filter(rows).or_else(inner)
        });
        match list {
            Some(list) => self.take_apart(list, &cells, depth + 1, context, each),
            None => compose(&mut cells, context, each),
        }
    }

    /// The fields of one object: by `--map`, by their names, by the places of platforms,
    /// by the names within other objects.
    fn fields<'v>(&self, value: &'v Value) -> Cells<'v> {
        let mut flat = Flat {
            cells: EMPTY,
            ranks: [NEVER; SLOTS],
            nested: false,
        };
        for (slot, path) in &self.mapped {
            if let Some(cell) = at(value, path).and_then(scalar) {
                flat.enter(*slot, 0, cell);
            }
        }
        for (rank, (slot, path)) in PATHS.iter().enumerate() {
            if let Some(cell) = at(value, path).and_then(scalar) {
                flat.enter(*slot, 1 + rank, cell);
            }
        }
        // SendGrid: the statistics of a category, which is how its users name campaigns.
        if value.get("type").is_some_and(|t| t == "category")
            && let Some(cell) = value.get("name").and_then(scalar)
        {
            flat.enter(Slot::Campaign, 1, cell);
        }
        by_names(value, PATHS.len() + 1, &mut flat);
        for inner in value
            .as_object()
            .into_iter()
            .flat_map(|o| o.values())
            .filter(|v| v.is_object())
        {
            by_names(inner, INNER, &mut flat);
        }
        flat.cells
    }
}

fn by_names<'v>(value: &'v Value, behind: usize, flat: &mut Flat<'v>) {
    for (name, value) in value.as_object().into_iter().flatten() {
        if let Some((slot, rank)) = slot_of(name)
            && let Some(cell) = scalar(value)
        {
            flat.enter(slot, rank + behind, cell);
        }
    }
}

/// What is wrapped in an envelope: SNS, EventBridge.
fn wrapped(value: &Value) -> Option<Value> {
    if let Some(text) = value.get("Message").and_then(Value::as_str)
        && text.trim_start().starts_with('{')
    {
        return serde_json::from_str(text).ok();
    }
    value.get("detail-type")?;
    value.get("detail").cloned()
}

/// The value at a path.
fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    value
        .get(path)
        .or_else(|| path.split('.').try_fold(value, |v, key| v.get(key)))
}

/// A value as the text of a cell; of a list all of its texts.
fn scalar(value: &Value) -> Option<Cow<'_, str>> {
    let text = match value {
        Value::String(text) => Cow::Borrowed(text.trim()),
        Value::Number(number) => Cow::Owned(number.to_string()),
        Value::Bool(truth) => Cow::Borrowed(if *truth { "true" } else { "false" }),
        Value::Array(all) => {
            let texts: Vec<&str> = all.iter().filter_map(Value::as_str).collect();
            Cow::Owned(texts.join(", "))
        }
        Value::Null | Value::Object(_) => return None,
    };
    (!is_empty(&text)).then_some(text)
}

/// What names stand for; objects of one file have mostly the same in the same order.
#[derive(Default)]
struct Names(Vec<(String, Option<(Slot, usize)>)>);

impl Names {
    fn slot(&mut self, place: usize, name: &str) -> Option<(Slot, usize)> {
        if let Some((known, slot)) = self.0.get(place)
            && known == name
        {
            return *slot;
        }
        let slot = slot_of(name);
        match self.0.get_mut(place) {
            Some(old) => *old = (name.to_owned(), slot),
            None => self.0.push((name.to_owned(), slot)),
        }
        slot
    }
}

/// The fields of an object.
struct Flat<'v> {
    cells: Cells<'v>,
    ranks: [usize; SLOTS],
    /// It holds other objects.
    nested: bool,
}

impl<'v> Flat<'v> {
    fn enter(&mut self, slot: Slot, rank: usize, cell: Cow<'v, str>) {
        if let (Some(old), Some(place)) =
            (self.ranks.get_mut(slot.at()), self.cells.get_mut(slot.at()))
            && rank < *old
        {
            *old = rank;
            *place = Some(cell);
        }
    }
}

/// Reads an object into its fields.
struct Seed<'s, 'v> {
    flat: &'s mut Flat<'v>,
    names: &'s mut Names,
}

impl<'v> DeserializeSeed<'v> for Seed<'_, 'v> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'v>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_map(self)
    }
}

impl<'v> Visitor<'v> for Seed<'_, 'v> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'v>>(self, mut map: A) -> Result<(), A::Error> {
        let mut place = 0;
        while let Some(Cell::Text(name)) = map.next_key_seed(AnyCell)? {
            let slot = self.names.slot(place, &name);
            place += 1;
            match (map.next_value_seed(AnyCell)?, slot) {
                (Cell::Text(cell), Some((slot, rank))) => {
                    let cell = match cell {
                        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
                        owned => owned,
                    };
                    if !is_empty(&cell) {
                        self.flat.enter(slot, rank, cell);
                    }
                }
                (Cell::Nested, _) => self.flat.nested = true,
                _ => {}
            }
        }
        Ok(())
    }
}

/// One value.
enum Cell<'v> {
    Text(Cow<'v, str>),
    Null,
    Nested,
}

struct AnyCell;

impl<'v> DeserializeSeed<'v> for AnyCell {
    type Value = Cell<'v>;

    fn deserialize<D: serde::Deserializer<'v>>(self, from: D) -> Result<Cell<'v>, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'v> Visitor<'v> for AnyCell {
    type Value = Cell<'v>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_borrowed_str<E>(self, text: &'v str) -> Result<Cell<'v>, E> {
        Ok(Cell::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Cell<'v>, E> {
        Ok(Cell::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Cell<'v>, E> {
        Ok(Cell::Text(Cow::Owned(number.to_string())))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Cell<'v>, E> {
        Ok(Cell::Text(Cow::Owned(number.to_string())))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Cell<'v>, E> {
        Ok(Cell::Text(Cow::Owned(number.to_string())))
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Cell<'v>, E> {
        Ok(Cell::Text(Cow::Borrowed(if truth {
            "true"
        } else {
            "false"
        })))
    }

    fn visit_unit<E>(self) -> Result<Cell<'v>, E> {
        Ok(Cell::Null)
    }

    fn visit_seq<A: SeqAccess<'v>>(self, mut all: A) -> Result<Cell<'v>, A::Error> {
        let mut any = false;
        while all.next_element::<IgnoredAny>()?.is_some() {
            any = true;
        }
        Ok(if any { Cell::Nested } else { Cell::Null })
    }

    fn visit_map<A: MapAccess<'v>>(self, mut map: A) -> Result<Cell<'v>, A::Error> {
        let mut any = false;
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
            any = true;
        }
        Ok(if any { Cell::Nested } else { Cell::Null })
    }
}
