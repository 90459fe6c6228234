//! The `key=value` fields, hosts and addresses of log lines.

use crate::address;

/// Where the value of a `key=` field begins; the key must not end a longer one.
pub(super) fn field_at(line: &str, key: &str) -> Option<usize> {
    line.match_indices(key)
        .find(|(at, _)| {
            line[..*at]
                .chars()
                .next_back()
                .is_none_or(|c| !c.is_alphanumeric() && c != '_')
        })
        .map(|(at, _)| at + key.len())
}

/// The value of a `key=value` field: up to a comma, blank or closing quote.
pub(super) fn value_of<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let value = line.get(field_at(line, key)?..)?;
    let value = value.strip_prefix('"').unwrap_or(value);
    value
        .split([',', ' ', '"'])
        .next()
        .filter(|v| !v.is_empty())
}

/// `orig_to=` is the address that was mailed to, `to=` what it became (E2).
pub(super) fn recipient_of(line: &str) -> Option<String> {
    let written = value_of(line, "orig_to=").or_else(|| value_of(line, "to="))?;
    address::clean(written).filter(|a| a.contains('@'))
}

/// The host of `relay=mx.b[1.2.3.4]:25`.
pub(super) fn relay_of(line: &str) -> Option<String> {
    host_name(value_of(line, "relay=")?.split('[').next()?)
}

/// A host name or address without its brackets, port and last dot; `None` for
/// words that stand for no host.
pub(super) fn host_name(written: &str) -> Option<String> {
    let name = written
        .split('[')
        .find(|part| !part.is_empty())?
        .trim_matches(|c: char| "()<>]:;,.".contains(c));
    let is_host = name.contains('.') || name.contains(':');
    is_host.then(|| name.to_ascii_lowercase())
}

/// The host that follows `mark` (`host mx.b [1.2.3.4]`, ` H=mx.b`).
pub(super) fn host_after(text: &str, mark: &str) -> Option<String> {
    host_name(text.split_once(mark)?.1.split(' ').next()?)
}

/// The address that a bounce puts before the words: `<a@b>: host …`.
pub(super) fn leading_address(before: &str) -> Option<String> {
    let first = before.trim_start().split(' ').next()?;
    let bare = first.strip_suffix(':')?;
    address::clean(bare).filter(|a| a.contains('@'))
}
