//! The header index: where each field stands, and its value on demand.

use super::decode;
use std::borrow::Cow;
use std::ops::Range;

/// At most this many fields are indexed; a mail with more keeps its first ones.
const MAX_FIELDS: usize = 4096;
/// At most this many bytes of one field are decoded (Postfix: `header_size_limit`).
const MAX_VALUE: usize = 102_400;

/// The fields of one header, borrowed.
#[derive(Clone, Debug, Default)]
pub struct Headers<'a> {
    raw: &'a [u8],
    index: Cow<'a, Index>,
}

/// So many chains of fields; a power of two.
const CHAINS: usize = 32;

/// Where the fields of a header stand.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Index {
    fields: Vec<Field>,
    /// The first field of each chain, counted from 1; 0: there is none. Most names that
    /// are asked for are not there, or the first of their chain.
    first: [u16; CHAINS],
}

#[derive(Clone, Debug, PartialEq)]
struct Field {
    tag: u32,
    /// The next field of its chain, counted from 1; 0: it is the last.
    next: u16,
    name: Range<usize>,
    value: Range<usize>,
}

/// Length and three letters of a name, whatever their case: hardly two fields of a header
/// share it, so that looking for one compares numbers. Inlined, it is a number where the
/// name is written down.
#[inline(always)]
fn tag(name: &[u8]) -> u32 {
    let at = |n: usize| u32::from(name.get(n).copied().unwrap_or_default() | 0x20);
    let len = name.len();
    at(0) | at(len / 2) << 8 | at(len.saturating_sub(1)) << 16 | (len as u32) << 24
}

/// Which chain a tag belongs to.
const fn chain(tag: u32) -> usize {
    (tag.wrapping_mul(0x9e37_79b9) >> (32 - CHAINS.trailing_zeros())) as usize
}

impl<'a> Headers<'a> {
    /// Indexes the header at the start of `raw`; also returns where the body begins.
    ///
    /// Tolerated: blank lines and `From ` lines before the first field, blanks
    /// before the colon, single stray lines between fields. The header ends at
    /// the first blank line, or where two lines in a row are no fields.
    pub fn parse(raw: &'a [u8]) -> (Self, usize) {
        let mut index = Index {
            fields: Vec::with_capacity(24),
            first: [0; CHAINS],
        };
        let body = index.read(raw);
        let index = Cow::Owned(index);
        (Headers { raw, index }, body)
    }

    /// The header of bytes that were read before: `raw` begins as those did.
    pub fn indexed(raw: &'a [u8], index: &'a Index) -> Self {
        let index = Cow::Borrowed(index);
        Headers { raw, index }
    }

    /// Where its fields stand.
    pub fn into_index(self) -> Index {
        self.index.into_owned()
    }

    fn slice(&self, range: &Range<usize>) -> &'a [u8] {
        self.raw.get(range.clone()).unwrap_or_default()
    }

    /// The number of fields.
    pub fn len(&self) -> usize {
        self.index.fields.len()
    }

    /// True if there is no field.
    pub fn is_empty(&self) -> bool {
        self.index.fields.is_empty()
    }

    /// Names and raw values in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> + '_ {
        self.index
            .fields
            .iter()
            .map(|f| (self.slice(&f.name), self.slice(&f.value)))
    }

    /// The raw value of the first field of that name, not unfolded, white space trimmed.
    #[inline(always)]
    pub fn raw(&self, name: &str) -> Option<&'a [u8]> {
        self.first(tag(name.as_bytes()), name)
    }

    fn first(&self, tag: u32, name: &str) -> Option<&'a [u8]> {
        let index: &Index = &self.index;
        let mut next = index.first.get(chain(tag)).copied().unwrap_or(0);
        while let Some(field) = usize::from(next).checked_sub(1) {
            let field = index.fields.get(field)?;
            // Mostly the same to the letter, which is quicker to see.
            let same = |there: &[u8]| {
                there == name.as_bytes() || there.eq_ignore_ascii_case(name.as_bytes())
            };
            if field.tag == tag && same(self.slice(&field.name)) {
                return Some(self.slice(&field.value).trim_ascii());
            }
            next = field.next;
        }
        None
    }

    /// The raw values of all fields of that name.
    pub fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'a [u8]> + 's {
        let tag = tag(name.as_bytes());
        let mut next = self.index.first.get(chain(tag)).copied().unwrap_or(0);
        let in_chain = std::iter::from_fn(move || {
            let field = self.index.fields.get(usize::from(next).checked_sub(1)?)?;
            next = field.next;
            Some(field)
        });
        let named = move |f: &&Field| {
            f.tag == tag && self.slice(&f.name).eq_ignore_ascii_case(name.as_bytes())
        };
        let found = in_chain.filter(named);
        found.map(|f| self.slice(&f.value).trim_ascii())
    }

    /// True if there is a field of that name.
    #[inline(always)]
    pub fn has(&self, name: &str) -> bool {
        self.raw(name).is_some()
    }

    /// The value of the first field of that name: unfolded, encoded words decoded (RFC 2047).
    #[inline(always)]
    pub fn text(&self, name: &str) -> Option<Cow<'a, str>> {
        self.raw(name)
            .map(|v| decode::header_value(&v[..v.len().min(MAX_VALUE)]))
    }

    /// Like [`Headers::text`], but without decoding encoded words: for addresses and ids.
    #[inline(always)]
    pub fn plain(&self, name: &str) -> Option<Cow<'a, str>> {
        self.raw(name)
            .map(|v| decode::unfold(&v[..v.len().min(MAX_VALUE)]))
    }
}

impl Index {
    /// Finds the fields at the start of `raw`; returns where the body begins.
    fn read(&mut self, raw: &[u8]) -> usize {
        let mut last = [0; CHAINS];
        let mut at = 0;
        let mut stray: Option<usize> = None;
        while let Some(rest) = raw.get(at..).filter(|rest| !rest.is_empty()) {
            let len = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let line = rest.get(..len).unwrap_or_default();
            let end = at + len;
            let next = (end + 1).min(raw.len());
            let indented = matches!(line.first(), None | Some(b' ' | b'\t'));
            if indented && line.iter().all(|c| matches!(c, b' ' | b'\t')) {
                if !self.fields.is_empty() {
                    return next;
                }
                if stray.is_some() || at > 4096 {
                    break;
                }
            } else if indented && !self.fields.is_empty() {
                if let Some(last) = self.fields.last_mut() {
                    last.value.end = end;
                }
            } else if let Some((name, colon)) = name_and_colon(line) {
                stray = None;
                let name = at..at + name;
                let tag = tag(raw.get(name.clone()).unwrap_or_default());
                self.add(tag, name, at + colon + 1..end, &mut last);
            } else if !(line.starts_with(b"From ") || line.starts_with(b">From ")) {
                if let Some(start) = stray {
                    return start;
                }
                stray = Some(at);
            }
            at = next;
        }
        let body = stray.unwrap_or(at).min(raw.len());
        if self.fields.is_empty() { 0 } else { body }
    }

    /// Adds a field to the end of its chain; `last` are the ends of all chains.
    fn add(&mut self, tag: u32, name: Range<usize>, value: Range<usize>, last: &mut [u16; CHAINS]) {
        if self.fields.len() >= MAX_FIELDS {
            return;
        }
        let next = 0;
        self.fields.push(Field {
            tag,
            next,
            name,
            value,
        });
        let number = self.fields.len() as u16;
        let chain = chain(tag);
        let before = last
            .get_mut(chain)
            .map_or(0, |last| std::mem::replace(last, number));
        let before = usize::from(before).checked_sub(1);
        match before.and_then(|before| self.fields.get_mut(before)) {
            Some(field) => field.next = number,
            None => self
                .first
                .get_mut(chain)
                .into_iter()
                .for_each(|f| *f = number),
        }
    }
}

/// The length of the field name at the start of a line, if it is one: printable
/// ASCII without blanks, then perhaps blanks, then a colon (RFC 5322 §3.6.8, §4.5).
pub fn name_len(line: &[u8]) -> Option<usize> {
    name_and_colon(line).map(|(_, colon)| colon)
}

/// The same, and where the name without the blanks ends.
fn name_and_colon(line: &[u8]) -> Option<(usize, usize)> {
    let head = line.get(..100).unwrap_or(line);
    let ends = |c: &u8| !matches!(*c, 33..=126) || *c == b':';
    let name = head.iter().position(ends).filter(|name| *name > 0)?;
    let rest = head.get(name..)?;
    let blanks = match rest.first() {
        Some(b':') => 0,
        _ => rest.iter().position(|c| !c.is_ascii_whitespace())?,
    };
    (rest.get(blanks) == Some(&b':')).then_some((name, name + blanks))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(raw: &str) -> (Vec<String>, String) {
        let (h, at) = Headers::parse(raw.as_bytes());
        let names = h
            .iter()
            .map(|(n, _)| String::from_utf8_lossy(n).into_owned())
            .collect();
        (names, raw[at..].to_owned())
    }

    #[test]
    fn i9_headers_as_they_come() {
        for (raw, want, body) in [
            ("A: 1\nB: 2\n\nbody", vec!["A", "B"], "body"),
            (
                "From x Mon Jan  1 00:00:00 2024\nA: 1\n\nbody",
                vec!["A"],
                "body",
            ),
            ("\n\nA: 1\n\nbody", vec!["A"], "body"),
            ("A : 1\n folded\nB:2\n\n", vec!["A", "B"], ""),
            ("A: 1\nstray line\nB: 2\n\nb", vec!["A", "B"], "b"),
            ("A: 1\nno field\nat all\n", vec!["A"], "no field\nat all\n"),
            ("just text\nand more\n", vec![], "just text\nand more\n"),
            ("", vec![], ""),
            ("A: 1", vec!["A"], ""),
        ] {
            let (n, b) = names(raw);
            assert_eq!(n, want, "{raw:?}");
            assert_eq!(b, body, "{raw:?}");
        }
    }

    #[test]
    fn i9_values_unfolded_and_decoded() {
        let (h, _) =
            Headers::parse(b"Subject: =?UTF-8?Q?caf=C3=A9?=\n =?UTF-8?Q?_au_lait?=\nX: a\n\tb\n\n");
        assert_eq!(h.text("subject").as_deref(), Some("caf\u{e9} au lait"));
        assert_eq!(h.text("x").as_deref(), Some("a b"));
    }
}
