//! The part tree of a mail (RFC 2045, 2046), flat, depth first, capped.

use super::decode::Encoding;
use super::headers::Headers;
use memchr::memmem;
use std::borrow::Cow;
use std::sync::LazyLock;

/// Deeper multiparts are taken as one text (the limit of Postfix and Dovecot).
pub const MAX_DEPTH: usize = 100;
/// Further parts are left out (the limit of Dovecot).
pub const MAX_PARTS: usize = 10_000;
/// Longer boundaries are none (the limit of Postfix).
const MAX_BOUNDARY: usize = 2_048;

/// One part: where it stands in the bytes of its mail, and what it claims to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Where its header begins.
    pub start: usize,
    /// Where its body begins.
    pub body: usize,
    /// Where it ends.
    pub end: usize,
    /// 0 for the mail itself.
    pub depth: usize,
    /// Content type and subtype in lower case, without parameters.
    pub kind: Cow<'static, str>,
    /// The `report-type` parameter in lower case, or empty.
    pub report_type: String,
    /// The charset parameter in lower case, or empty.
    pub charset: String,
    /// The transfer encoding.
    pub encoding: Encoding,
}

impl Part {
    /// True if the part is of that type (`text/plain`).
    pub fn is(&self, kind: &str) -> bool {
        self.kind == kind
    }

    /// True for every multipart.
    pub fn is_multipart(&self) -> bool {
        self.kind.starts_with("multipart/")
    }

    /// True for an embedded mail or the header of one (RFC 6522, RFC 6533).
    pub fn is_mail(&self) -> bool {
        matches!(
            self.kind.as_ref(),
            "message/rfc822"
                | "message/global"
                | "message/global-headers"
                | "text/rfc822-headers"
                | "text/rfc822"
        )
    }
}

/// Splits a mail into its parts. `headers` and `body_at` are those of the mail.
pub fn split(raw: &[u8], headers: &Headers<'_>, body_at: usize) -> Vec<Part> {
    let (mut root, boundary) = describe(headers, 0, body_at, raw.len(), 0);
    // A relay that lost the Content-Type left the delimiters behind.
    if !headers.has("Content-Type") && guess_boundary(&raw[body_at..]).is_some() {
        root.kind = "multipart/mixed".into();
    }
    let mut parts = Vec::new();
    // A stack instead of recursion: hostile nesting must not grow the real one.
    let mut open = vec![(root, boundary)];
    while let Some((mut part, boundary)) = open.pop() {
        if parts.len() >= MAX_PARTS {
            break;
        }
        let mut children = Vec::new();
        if part.is_multipart() && part.depth < MAX_DEPTH {
            let body = &raw[part.body..part.end];
            let room = MAX_PARTS - parts.len();
            let mut found = boundary.map_or_else(Vec::new, |b| sections(body, &b, room));
            if found.is_empty() {
                let guess = guess_boundary(body);
                found = guess.map_or_else(Vec::new, |b| sections(body, &b, room));
            }
            for (start, end) in found {
                let (start, end) = (part.body + start, part.body + end);
                let (h, at) = part_header(&raw[start..end]);
                children.push(describe(&h, start, start + at, end, part.depth + 1));
            }
        }
        if part.is_multipart() && children.is_empty() {
            part.kind = "text/plain".into();
        }
        parts.push(part);
        open.extend(children.into_iter().rev());
    }
    parts
}

/// The header of a body part. Unlike a mail, a part may begin with its blank line.
fn part_header(raw: &[u8]) -> (Headers<'_>, usize) {
    if raw.first() == Some(&b'\n') {
        return (Headers::default(), 1);
    }
    Headers::parse(raw)
}

fn describe(
    h: &Headers<'_>,
    start: usize,
    body: usize,
    end: usize,
    depth: usize,
) -> (Part, Option<Vec<u8>>) {
    let value = h.raw("Content-Type").unwrap_or_default();
    let value = value.get(..8192).unwrap_or(value);
    let kind = kind_in(value);
    let mut found = [None, None, None];
    if memchr::memchr(b'=', value).is_some() {
        params(value, &["charset", "report-type", "boundary"], &mut found);
    }
    let [charset, report_type, boundary] = found;
    let lower = |v: Option<Vec<u8>>| {
        v.map(|v| String::from_utf8_lossy(&v).to_ascii_lowercase())
            .unwrap_or_default()
    };
    let boundary = boundary.filter(|_| kind.starts_with("multipart/"));
    let part = Part {
        start,
        body: body.min(end),
        end,
        depth,
        report_type: lower(report_type.filter(|_| kind == "multipart/report")),
        charset: lower(charset),
        encoding: h
            .raw("Content-Transfer-Encoding")
            .map_or(Encoding::Identity, Encoding::from_value),
        kind,
    };
    (
        part,
        boundary.filter(|b| !b.is_empty() && b.len() <= MAX_BOUNDARY),
    )
}

/// The content type in the value of its field, in lower case; what is none is text.
fn kind_in(value: &[u8]) -> Cow<'static, str> {
    const COMMON: &[&str] = &[
        "text/plain",
        "text/html",
        "message/delivery-status",
        "message/rfc822",
        "multipart/report",
        "multipart/mixed",
        "multipart/alternative",
        "text/rfc822-headers",
    ];
    let value = value.trim_ascii_start();
    let ends = |c: &u8| *c == b';' || c.is_ascii_whitespace();
    let end = value.iter().position(ends).unwrap_or(value.len());
    let kind = value.get(..end).unwrap_or_default();
    let same = |common: &&&str| common.as_bytes().eq_ignore_ascii_case(kind);
    if let Some(common) = COMMON.iter().find(same) {
        return Cow::Borrowed(*common);
    }
    match memchr::memchr(b'/', kind) {
        Some(_) => Cow::Owned(String::from_utf8_lossy(kind).to_ascii_lowercase()),
        None => Cow::Borrowed("text/plain"),
    }
}

/// Reads the parameters of a structured header value, quotes removed: for each of `names`
/// the first of that name.
fn params(value: &[u8], names: &[&str], found: &mut [Option<Vec<u8>>]) {
    let Some(mut at) = memchr::memchr2(b';', b' ', value) else {
        return;
    };
    let skip = |at: usize, goes_on: fn(&u8) -> bool| {
        let rest = value.get(at..).unwrap_or_default();
        at + rest.iter().take_while(|c| goes_on(c)).count()
    };
    while at < value.len() {
        at = skip(at, |c| c.is_ascii_whitespace() || *c == b';');
        let rest = value.get(at..).unwrap_or_default();
        let Some(len) = memchr::memchr2(b'=', b';', rest) else {
            return;
        };
        let key = rest.get(..len).unwrap_or_default().trim_ascii();
        at += len;
        if rest.get(len) == Some(&b';') {
            continue;
        }
        let wanted = names
            .iter()
            .position(|n| key.eq_ignore_ascii_case(n.as_bytes()));
        at = skip(at + 1, |c| c.is_ascii_whitespace());
        let rest = value.get(at..).unwrap_or_default();
        let (text, len) = match rest.split_first() {
            Some((b'"', quoted)) => {
                let (text, len) = unquoted(quoted);
                (text, len + 1)
            }
            _ => {
                let ends = |c: &u8| *c == b';' || matches!(c, b' ' | b'\t' | b'\n');
                let len = rest.iter().position(ends).unwrap_or(rest.len());
                (Cow::Borrowed(rest.get(..len).unwrap_or_default()), len)
            }
        };
        at += len;
        if let Some(slot) = wanted.and_then(|n| found.get_mut(n)) {
            slot.get_or_insert_with(|| text.into_owned());
        }
    }
}

/// A quoted string behind its opening mark, and where its closing mark ends: backslashes
/// and line ends are none of it.
fn unquoted(quoted: &[u8]) -> (Cow<'_, [u8]>, usize) {
    let first = memchr::memchr3(b'"', b'\\', b'\n', quoted);
    if let Some((plain, [b'"', ..])) = first.and_then(|at| quoted.split_at_checked(at)) {
        return (Cow::Borrowed(plain), plain.len() + 1);
    }
    let mut out = Vec::with_capacity(40);
    let mut at = 0;
    while let Some(c) = quoted.get(at).filter(|c| **c != b'"') {
        let next = quoted.get(at + 1).filter(|_| *c == b'\\');
        at += 1 + usize::from(next.is_some());
        out.extend(Some(*next.unwrap_or(c)).filter(|c| *c != b'\n'));
    }
    (Cow::Owned(out), at + 1)
}

/// Finds the lines that may be delimiters, whatever their boundary.
static LINE_OF_DASHES: LazyLock<memmem::Finder<'static>> =
    LazyLock::new(|| memmem::Finder::new(b"\n--"));

/// Finds the delimiter lines of one boundary.
struct Delimiters<'a> {
    body: &'a [u8],
    needle: Vec<u8>,
}

impl<'a> Delimiters<'a> {
    fn new(body: &'a [u8], boundary: &[u8]) -> Self {
        let mut needle = b"--".to_vec();
        needle.extend_from_slice(boundary);
        Delimiters { body, needle }
    }

    /// Calls `each` for every delimiter line: where it begins, where the next line
    /// begins, whether it closes the multipart; until `each` says no more.
    fn each(&self, mut each: impl FnMut(usize, usize, bool) -> bool) {
        let body = self.body;
        let first = body.starts_with(b"--").then_some(0);
        let others = LINE_OF_DASHES.find_iter(body).map(|at| at + 1);
        for start in first.into_iter().chain(others) {
            if !body[start..].starts_with(&self.needle) {
                continue;
            }
            let after = start + self.needle.len();
            let line_end = memchr::memchr(b'\n', &body[after..]).map_or(body.len(), |n| after + n);
            let rest = body[after..line_end].trim_ascii();
            let alone = rest.is_empty() || rest == b"--";
            if alone && !each(start, (line_end + 1).min(body.len()), rest == b"--") {
                return;
            }
        }
    }
}

/// The bytes between the delimiters of a multipart, at most `room` sections; none
/// if the body has no delimiter of that boundary.
fn sections(body: &[u8], boundary: &[u8], room: usize) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut open: Option<usize> = None;
    let mut closed = false;
    Delimiters::new(body, boundary).each(|at, next, closes| {
        if let Some(start) = open {
            // The line break before a delimiter belongs to the delimiter.
            out.push((start, at.saturating_sub(1).max(start)));
        }
        open = Some(next);
        closed = closes;
        !closes && out.len() < room
    });
    if let Some(start) = open.filter(|s| !closed && *s < body.len() && out.len() < room) {
        out.push((start, body.len()));
    }
    out
}

/// A boundary for a multipart that does not name the one it uses: the first line
/// of the form `--…` that a field follows.
fn guess_boundary(body: &[u8]) -> Option<Vec<u8>> {
    let mut at = 0;
    for _ in 0..200 {
        let end = memchr::memchr(b'\n', &body[at..]).map(|n| at + n)?;
        let line = body[at..end].trim_ascii_end();
        if line.len() > 6 && line.starts_with(b"--") && line.len() < 200 {
            let next = &body[end + 1..];
            let field = next
                .get(..8)
                .is_some_and(|f| f.eq_ignore_ascii_case(b"content-"));
            if field {
                return Some(line[2..].to_vec());
            }
        }
        at = end + 1;
        if at >= body.len() {
            break;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::Message;
    use super::*;

    fn kinds(raw: &str) -> Vec<(usize, String, String)> {
        let m = Message::new(raw.as_bytes());
        m.parts()
            .iter()
            .map(|p| (p.depth, p.kind.to_string(), m.part_text(p).into_owned()))
            .collect()
    }

    #[test]
    fn i1_a_report_has_three_parts() {
        let raw = "Content-Type: multipart/report; report-type=delivery-status;\n boundary=\"b=1\"\n\npre\n\
                   --b=1\n\nhuman\n--b=1\nContent-Type: message/delivery-status\n\nReporting-MTA: x\n\
                   --b=1\nContent-Type: text/rfc822-headers\n\nTo: x\n\n--b=1--\nepilogue\n";
        let k = kinds(raw);
        assert_eq!(k.len(), 4);
        assert_eq!((k[1].1.as_str(), k[1].2.as_str()), ("text/plain", "human"));
        assert_eq!(k[2].1, "message/delivery-status");
        assert_eq!(
            (k[3].1.as_str(), k[3].2.as_str()),
            ("text/rfc822-headers", "To: x\n")
        );
    }

    #[test]
    fn i9_broken_multiparts_are_still_read() {
        let missing =
            "Content-Type: multipart/mixed\n\n--xyz1234\nContent-Type: text/plain\n\nhello\n";
        assert_eq!(kinds(missing)[1].2, "hello\n");
        let absent = "Content-Type: multipart/mixed; boundary=nowhere\n\nhello\n";
        assert_eq!(
            kinds(absent),
            vec![(0, "text/plain".into(), "hello\n".into())]
        );
        let unclosed = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo";
        assert_eq!(kinds(unclosed).len(), 3);
    }

    #[test]
    fn i9_nesting_is_capped() {
        let mut raw = String::new();
        for i in 0..20_000 {
            raw.push_str(&format!(
                "Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n"
            ));
        }
        let m = Message::new(raw.as_bytes());
        assert!(m.parts().len() <= MAX_DEPTH + 1);
        assert_eq!(m.parts().last().map(|p| p.depth), Some(MAX_DEPTH));
    }

    #[test]
    fn i1_parameters() {
        for (value, name, want) in [
            (
                "a/b; boundary=x; charset=\"utf-8\"",
                "charset",
                Some("utf-8"),
            ),
            ("a/b; boundary=\"x y;z\"", "boundary", Some("x y;z")),
            ("a/b;charset=UTF-8;", "charset", Some("UTF-8")),
            ("a/b;\n\tBOUNDARY= \"q\\\"r\"", "boundary", Some("q\"r")),
            ("a/b; flowed; charset=x", "charset", Some("x")),
            ("a/b", "charset", None),
        ] {
            let mut found = [None, None];
            params(value.as_bytes(), &["x", name], &mut found);
            let got = found[1].as_deref().map(String::from_utf8_lossy);
            assert_eq!(got.as_deref(), want, "{value}");
        }
    }
}
