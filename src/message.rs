//! A lazy, borrowed view of one mail: header index, part tree, decoded texts.
//!
//! Building a view cannot fail: what a strict parser refuses is scanned flat, so
//! that a mail with a broken boundary is still one text part. Nothing here knows
//! that bounces exist.
//!
//! The bytes must use LF line ends (`input::lf` makes them so). Only header
//! names and the line structure are read on construction; the part tree is made
//! on first use and capped ([`parts::MAX_DEPTH`] levels, [`parts::MAX_PARTS`]
//! parts, the limits of Dovecot and Postfix); values and bodies are decoded when
//! asked for, by mailparse.

pub mod decode;
pub mod headers;
pub mod html;
pub mod lines;
pub mod parts;

use std::borrow::Cow;
use std::cell::OnceCell;

use headers::Headers;
use parts::Part;

/// One mail, or one embedded mail, borrowed from its bytes.
#[derive(Debug)]
pub struct Message<'a> {
    raw: &'a [u8],
    headers: Headers<'a>,
    body_at: usize,
    parts: OnceCell<Vec<Part>>,
}

impl<'a> Message<'a> {
    /// Indexes the header of `raw` (LF line ends). Never fails: bytes without
    /// any header are a mail with an empty header and a body.
    pub fn new(raw: &'a [u8]) -> Self {
        let (headers, body_at) = Headers::parse(raw);
        Message {
            raw,
            headers,
            body_at,
            parts: OnceCell::new(),
        }
    }

    /// The header fields.
    pub fn headers(&self) -> &Headers<'a> {
        &self.headers
    }

    /// Everything behind the header, undecoded.
    pub fn body(&self) -> &'a [u8] {
        &self.raw[self.body_at..]
    }

    /// The parts, depth first: multiparts before their children. The first is
    /// the mail itself. Embedded mails (`message/rfc822`) are leaves: make a
    /// `Message` of [`Message::part_bytes`] to look inside.
    pub fn parts(&self) -> &[Part] {
        self.parts
            .get_or_init(|| parts::split(self.raw, &self.headers, self.body_at))
    }

    /// The header of a part (that of the mail itself for the first part).
    pub fn part_headers(&self, part: &Part) -> Headers<'a> {
        Headers::parse(&self.raw[part.start..part.end]).0
    }

    /// The body of a part as it stands, transfer encoding not decoded.
    pub fn part_raw(&self, part: &Part) -> &'a [u8] {
        &self.raw[part.body..part.end]
    }

    /// The body of a part with its transfer encoding decoded, LF line ends.
    pub fn part_bytes(&self, part: &Part) -> Cow<'a, [u8]> {
        decode::bytes(self.part_raw(part), part.encoding)
    }

    /// The body of a part as text: transfer encoding and charset decoded, HTML
    /// made plain. Broken encodings are read as far as they go.
    pub fn part_text(&self, part: &Part) -> Cow<'a, str> {
        let bytes = decode::bytes(self.part_raw(part), part.encoding);
        let text = decode::text(bytes, &part.charset);
        if part.is("text/html") || (part.is("text/plain") && html::looks_like(&text)) {
            Cow::Owned(html::to_text(&text))
        } else {
            text
        }
    }
}
