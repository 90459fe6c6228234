//! The `key=value` fields, hosts and addresses of log lines.

use crate::address;

/// Where the value of a `key=` field begins; the key must not end a longer one.
pub(super) fn field_at(line: &str, key: &str) -> Option<usize> {
    let free = |before: &str| {
        let last = before.chars().next_back();
        last.is_none_or(|c| !c.is_alphanumeric() && c != '_')
    };
    let mut ends = memchr::memchr_iter(b'=', line.as_bytes()).map(|at| at + 1);
    ends.find(|end| {
        let before = line.get(..*end).and_then(|l| l.strip_suffix(key));
        before.is_some_and(free)
    })
}

/// The value of a `key=value` field: what is in quotes or angle brackets, else up to a
/// comma or blank.
pub(super) fn value_of<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let value = line.get(field_at(line, key)?..)?;
    let value = if let Some(quoted) = value.strip_prefix('"') {
        quoted.split('"').next()?
    } else if value.starts_with('<') {
        bracketed(value)
    } else {
        value.split([',', ' ']).next()?
    };
    Some(value).filter(|v| !v.is_empty())
}

/// `<…>` with its brackets, up to the one that ends the field: a quoted local part
/// may hold commas, blanks and brackets.
pub(super) fn bracketed(text: &str) -> &str {
    let ends = |at: &usize| {
        let next = text.as_bytes().get(at + 1);
        next.is_none_or(|b| matches!(b, b',' | b' ' | b'"'))
    };
    let mut all = memchr::memchr_iter(b'>', text.as_bytes());
    let end = all.find(ends).map_or(text.len(), |at| at + 1);
    text.get(..end).unwrap_or(text)
}

/// An address in a field; `None` for a bare user name, or none.
pub(super) fn address_of(written: &str) -> Option<String> {
    address::clean(written).filter(|a| a.contains('@'))
}

/// The host of `relay=mx.b[1.2.3.4]:25`.
pub(super) fn relay_of(line: &str) -> Option<String> {
    host_name(value_of(line, "relay=")?.split('[').next()?)
}

/// Whether the next hop is a program on the same host, such as a filter.
pub(super) fn is_own_host(relay: &str) -> bool {
    ["[127.0.0.1]", "[::1]", "[IPv6:::1]"]
        .iter()
        .any(|own| relay.contains(own))
        || relay.starts_with("localhost")
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
    address_of(first.strip_suffix(':')?)
}
