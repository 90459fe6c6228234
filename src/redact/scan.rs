//! Addresses in text, for hiding them: rather too much than too little.
//!
//! [`crate::address::find_all`] is for reading: it takes only what can be an address.
//! Here whatever stands before an `@` is one, also in URLs (`%40`), with a domain in any
//! script or none.

use crate::address::is_cjk;
use std::ops::Range;

/// How an `@` is written.
const SIGNS: &[&str] = &["@", "%40", "\u{ff20}", "\u{fe6b}", "&#64;"];
/// The longest local part and domain that are looked for, in characters.
const LONGEST: usize = 256;
/// Marks before an address that are legal in a local part but never meant as one.
const LEAD: &[char] = &['\'', '`', '*', '.', '=', '|', '{', '-', '~', '#'];

/// The addresses of a text, each through `with`.
pub fn replaced(text: &str, with: impl FnMut(&str) -> String) -> String {
    pieces(text, with, |gap, out| out.push_str(gap))
}

/// The same, and what is between them through `gap`.
pub fn pieces(
    text: &str,
    mut with: impl FnMut(&str) -> String,
    mut gap: impl FnMut(&str, &mut String),
) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for found in addresses(text) {
        gap(text.get(done..found.start).unwrap_or_default(), &mut out);
        out.push_str(&with(&plain(text.get(found.clone()).unwrap_or_default())));
        done = found.end;
    }
    gap(text.get(done..).unwrap_or_default(), &mut out);
    out
}

/// What is before the last `@`, and what is behind it.
pub fn halves(address: &str) -> (&str, &str) {
    address.rsplit_once('@').unwrap_or((address, ""))
}

/// An address with an `@` as the sign.
fn plain(written: &str) -> String {
    let sign = SIGNS.iter().find(|sign| written.contains(**sign));
    sign.map_or_else(|| written.to_owned(), |sign| written.replace(sign, "@"))
}

/// Where the addresses stand.
fn addresses(text: &str) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    let mut from = 0;
    while let Some((at, sign)) = next_sign(text, from) {
        let free = out.last().map_or(0, |last| last.end);
        let start = start(text, free, at);
        let first = end(text, at + sign);
        from = first;
        // What seems to be the domain is the name in the next address.
        while let Some(sign) = sign_at(text, from) {
            from = end(text, from + sign);
        }
        if start < at || first < from {
            out.push(start..from);
        }
    }
    out
}

/// The next `@` and its length.
fn next_sign(text: &str, from: usize) -> Option<(usize, usize)> {
    let rest = text.get(from..)?;
    let found = SIGNS.iter().filter_map(|s| Some((rest.find(s)?, s.len())));
    found.min().map(|(at, len)| (from + at, len))
}

/// The length of the `@` that stands here.
fn sign_at(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign))?;
    Some(sign.len())
}

/// Where the local part before `at` begins; `at` if there is none.
fn start(text: &str, free: usize, at: usize) -> usize {
    let head = text.get(free..at).unwrap_or_default();
    if let Some(open) = head.strip_suffix('"').and_then(|quoted| quoted.rfind('"')) {
        return free + open;
    }
    let inside = |c: &char| !c.is_whitespace() && !c.is_control() && !"<>()[],;:\"/".contains(*c);
    let run = head.chars().rev().take(LONGEST).take_while(inside);
    let start = at - run.map(char::len_utf8).sum::<usize>();
    let local = text.get(start..at).unwrap_or_default();
    start + (local.len() - local.trim_start_matches(LEAD).len())
}

/// Where the domain ends that begins at `from`; `from` if there is none.
fn end(text: &str, from: usize) -> usize {
    let tail = text.get(from..).unwrap_or_default();
    if let Some(literal) = tail.strip_prefix('[') {
        // RFC 5321 §4.1.3; anything else in brackets may hold the next address.
        let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '-');
        let close = literal.find(|c| !inside(c)).filter(|n| *n < LONGEST);
        let close = close.filter(|n| literal.as_bytes().get(*n) == Some(&b']'));
        return from + close.map_or(0, |n| n + 2);
    }
    // Scripts without blanks go on behind a domain that is not in them.
    let foreign = tail.chars().next().is_some_and(is_cjk);
    let inside = |c: &char| {
        (c.is_alphanumeric() && (foreign || !is_cjk(*c))) || matches!(c, '.' | '-' | '_')
    };
    let len: usize = tail
        .chars()
        .take(LONGEST)
        .take_while(inside)
        .map(char::len_utf8)
        .sum();
    let domain = tail.get(..len).unwrap_or_default();
    from + domain.trim_end_matches(['.', '-', '_']).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u5_whatever_stands_before_an_at_is_hidden() {
        for (text, expected) in [
            ("no address", "no address"),
            (
                "<Jane.Doe@example.com>: unknown",
                "<?@example.com>: unknown",
            ),
            ("a@b", "?@b"),
            ("jane@ is gone", "?@ is gone"),
            ("@example.com and @", "@example.com and @"),
            ("user=\"jane doe\"@example.com.", "user=?@example.com."),
            ("'o'brien@example.com'", "'?@example.com'"),
            ("x?email=jane%40example.com&y", "?@example.com&y"),
            ("jane@[192.0.2.1]: no", "?@[192.0.2.1]: no"),
            (
                "/var/mail/jane@example.com/cur",
                "/var/mail/?@example.com/cur",
            ),
            ("jane@[IPv6:2001:db8::1]", "?@[IPv6:2001:db8::1]"),
            (
                "x@[ (jane.doe@com [192.0.2.1] said",
                "?@[ (?@com [192.0.2.1] said",
            ),
            ("a@b@c.example", "?@c.example"),
            ("a@jane.doe@example.com@", "?@"),
            ("@jane.doe@example.com", "?@example.com"),
            ("宛先：jane@example.jpは不明", "?@example.jpは不明"),
            ("用户@例子.测试", "?@例子.测试"),
            ("jane＠example.com", "?@example.com"),
            ("b+jane=example.com@acme.example x", "?@acme.example x"),
        ] {
            let got = replaced(text, |found| format!("?@{}", halves(found).1));
            assert_eq!(got, expected, "{text}");
        }
    }
}
