//! A JSON value that borrows its texts from what was parsed.
//!
//! Of the events of a platform most report nothing: nothing of them is copied until that
//! is known. Numbers print as those of `serde_json` do.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Number;
use std::borrow::Cow;
use std::fmt;

/// Most objects have no more keys.
const USUAL: usize = 12;

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// `null`.
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text; copied only if it is written with escapes.
    Text(Cow<'a, str>),
    /// An array.
    List(Vec<Value<'a>>),
    /// An object: its keys as written. Of a key that comes twice the last counts.
    Object(Vec<(Cow<'a, str>, Value<'a>)>),
}

impl<'a> Value<'a> {
    /// The value of a key, if this is an object that has it.
    pub fn get(&self, key: &str) -> Option<&Value<'a>> {
        let all = self.as_object()?;
        all.iter().rev().find(|(k, _)| k == key).map(|(_, v)| v)
    }

    /// The keys and values of an object.
    pub fn as_object(&self) -> Option<&[(Cow<'a, str>, Value<'a>)]> {
        match self {
            Value::Object(all) => Some(all),
            _ => None,
        }
    }

    /// The elements of an array.
    pub fn as_list(&self) -> Option<&[Value<'a>]> {
        match self {
            Value::List(all) => Some(all),
            _ => None,
        }
    }

    /// A text.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it is an object.
    pub fn is_object(&self) -> bool {
        matches!(self, Value::Object(_))
    }

    /// The same value with texts of its own.
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Value::Null => Value::Null,
            Value::Bool(b) => Value::Bool(b),
            Value::Number(n) => Value::Number(n),
            Value::Text(text) => Value::Text(text.into_owned().into()),
            Value::List(all) => Value::List(all.into_iter().map(Value::into_owned).collect()),
            Value::Object(all) => Value::Object(
                all.into_iter()
                    .map(|(key, value)| (key.into_owned().into(), value.into_owned()))
                    .collect(),
            ),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Value<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Whole)
    }
}

struct Whole;

impl<'de> Visitor<'de> for Whole {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, b: bool) -> Result<Self::Value, E> {
        Ok(Value::Bool(b))
    }

    fn visit_u64<E>(self, n: u64) -> Result<Self::Value, E> {
        Ok(Value::Number(n.into()))
    }

    fn visit_i64<E>(self, n: i64) -> Result<Self::Value, E> {
        Ok(Value::Number(n.into()))
    }

    fn visit_f64<E>(self, n: f64) -> Result<Self::Value, E> {
        Ok(Number::from_f64(n).map_or(Value::Null, Value::Number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Value::Text(text.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Value::Text(text.to_owned().into()))
    }

    fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
        Ok(Value::Text(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Self::Value, A::Error> {
        let mut all = Vec::new();
        while let Some(value) = from.next_element()? {
            all.push(value);
        }
        Ok(Value::List(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Self::Value, A::Error> {
        let mut all = Vec::with_capacity(USUAL);
        while let Some(Key(key)) = from.next_key()? {
            all.push((key, from.next_value()?));
        }
        Ok(Value::Object(all))
    }
}

/// A key, borrowed where it can be.
struct Key<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_str(KeyText)
    }
}

struct KeyText;

impl<'de> Visitor<'de> for KeyText {
    type Value = Key<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Key(text.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Key(text.to_owned().into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `serde_json` has it.
    fn theirs(value: &Value<'_>) -> serde_json::Value {
        match value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(b) => (*b).into(),
            Value::Number(n) => n.clone().into(),
            Value::Text(text) => text.to_string().into(),
            Value::List(all) => all.iter().map(theirs).collect(),
            Value::Object(all) => all
                .iter()
                .map(|(k, v)| (k.to_string(), theirs(v)))
                .collect(),
        }
    }

    #[test]
    fn i6_values_are_those_of_serde_json() {
        for text in [
            "null",
            "[1,-1,1.0,1e400,18446744073709551616,-0.0,true,\"a\\nb\",\"ü\",{}]",
            "{\"a\":1,\"b\":{\"c\":[{\"d\":\"e\"}]},\"a\":2,\"\\u0061\":3}",
            "{\"a\":}",
            "\"\\ud800\"",
            "[",
        ] {
            let ours = serde_json::from_str::<Value<'_>>(text);
            let want = serde_json::from_str::<serde_json::Value>(text);
            match (ours, want) {
                (Ok(ours), Ok(want)) => {
                    assert_eq!(theirs(&ours), want, "{text}");
                    assert_eq!(theirs(&ours.into_owned()), want, "{text}");
                }
                (Err(ours), Err(want)) => assert_eq!(ours.to_string(), want.to_string(), "{text}"),
                (ours, want) => panic!("{text}: {ours:?}, not {want:?}"),
            }
        }
        let twice = serde_json::from_str::<Value<'_>>("{\"a\":1,\"a\":2}").unwrap();
        assert_eq!(twice.get("a"), Some(&Value::Number(2.into())));
    }
}
