//! The part tree of a mail (RFC 2045, 2046), flat, depth first, capped.

use super::decode::Encoding;
use super::headers::Headers;
use memchr::memmem;
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
    pub kind: String,
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
            self.kind.as_str(),
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
    let value = &value[..value.len().min(8192)];
    let kind = value
        .split(|c| *c == b';')
        .next()
        .unwrap_or_default()
        .trim_ascii();
    let kind = kind
        .split(|c| c.is_ascii_whitespace())
        .next()
        .unwrap_or_default();
    let kind = String::from_utf8_lossy(kind).to_ascii_lowercase();
    let lower = |name| {
        param(value, name)
            .map(|v| String::from_utf8_lossy(&v).to_ascii_lowercase())
            .unwrap_or_default()
    };
    let boundary = kind
        .starts_with("multipart/")
        .then(|| param(value, "boundary"))
        .flatten();
    let part = Part {
        start,
        body: body.min(end),
        end,
        depth,
        report_type: if kind == "multipart/report" {
            lower("report-type")
        } else {
            String::new()
        },
        charset: lower("charset"),
        encoding: h
            .raw("Content-Transfer-Encoding")
            .map_or(Encoding::Identity, Encoding::from_value),
        kind: if kind.contains('/') {
            kind
        } else {
            "text/plain".into()
        },
    };
    (
        part,
        boundary.filter(|b| !b.is_empty() && b.len() <= MAX_BOUNDARY),
    )
}

/// The value of a parameter of a structured header value, quotes removed.
pub fn param(value: &[u8], name: &str) -> Option<Vec<u8>> {
    let mut at = memchr::memchr2(b';', b' ', value)?;
    while at < value.len() {
        while at < value.len() && (value[at].is_ascii_whitespace() || value[at] == b';') {
            at += 1;
        }
        let key_end = value[at..]
            .iter()
            .position(|c| matches!(c, b'=' | b';'))
            .map(|n| at + n)?;
        let key = value[at..key_end].trim_ascii();
        if value[key_end] == b';' {
            at = key_end;
            continue;
        }
        let wanted = key.eq_ignore_ascii_case(name.as_bytes());
        at = key_end + 1;
        while at < value.len() && value[at].is_ascii_whitespace() {
            at += 1;
        }
        let mut out = Vec::with_capacity(if wanted { 40 } else { 0 });
        if value.get(at) == Some(&b'"') {
            at += 1;
            while at < value.len() && value[at] != b'"' {
                if value[at] == b'\\' && at + 1 < value.len() {
                    at += 1;
                }
                if wanted && value[at] != b'\n' {
                    out.push(value[at]);
                }
                at += 1;
            }
            at += 1;
        } else {
            while at < value.len() && !matches!(value[at], b';' | b' ' | b'\t' | b'\n') {
                if wanted {
                    out.push(value[at]);
                }
                at += 1;
            }
        }
        if wanted {
            return Some(out);
        }
    }
    None
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
            .map(|p| (p.depth, p.kind.clone(), m.part_text(p).into_owned()))
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
            let got =
                param(value.as_bytes(), name).map(|v| String::from_utf8_lossy(&v).into_owned());
            assert_eq!(got.as_deref(), want, "{value}");
        }
    }
}
