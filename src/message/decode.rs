//! Transfer encodings, charsets and encoded words: mailparse decodes, we keep
//! what needs no decoding borrowed and forgive what it refuses.

use std::borrow::Cow;

/// The transfer encodings of RFC 2045 §6.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// 7bit, 8bit, binary, none, or unknown: as it stands.
    Identity,
    /// Quoted-printable.
    QuotedPrintable,
    /// Base64.
    Base64,
}

impl Encoding {
    /// Reads a Content-Transfer-Encoding value; unknown ones are the identity.
    pub fn from_value(value: &[u8]) -> Self {
        let token = value
            .split(|c| matches!(c, b';' | b' ' | b'\t' | b'\n' | b'('))
            .next();
        match token {
            Some(t) if t.eq_ignore_ascii_case(b"base64") => Encoding::Base64,
            Some(t) if t.eq_ignore_ascii_case(b"quoted-printable") => Encoding::QuotedPrintable,
            _ => Encoding::Identity,
        }
    }

    const fn name(self) -> &'static [u8] {
        match self {
            Encoding::Identity => b"8bit",
            Encoding::QuotedPrintable => b"quoted-printable",
            Encoding::Base64 => b"base64",
        }
    }
}

/// Decodes a transfer encoding; the result has LF line ends.
///
/// Base64 with foreign characters or a missing end, as relays leave it behind,
/// is decoded as far as it goes.
pub fn bytes(raw: &[u8], encoding: Encoding) -> Cow<'_, [u8]> {
    if encoding == Encoding::Identity {
        return Cow::Borrowed(raw);
    }
    if encoding == Encoding::QuotedPrintable
        && let Some(plain) = quoted_printable(raw)
    {
        return Cow::Owned(plain);
    }
    let decoded = through_mailparse(raw, encoding).or_else(|| match encoding {
        Encoding::Base64 => through_mailparse(&clean_base64(raw), encoding),
        _ => None,
    });
    match decoded {
        Some(d) => Cow::Owned(lf(d)),
        None => Cow::Borrowed(raw),
    }
}

/// Decodes quoted-printable as mailparse does, with LF line ends, run by run instead of
/// byte by byte. `None` for what is rare: bytes that may not stand there, encoded CRs.
fn quoted_printable(raw: &[u8]) -> Option<Vec<u8>> {
    // Many bytes at a time: without a way out in the middle of a block.
    let legal = |b: &u8| matches!(b, b'\t' | b'\n' | b' '..=b'~');
    let all_legal = |block: &[u8]| block.iter().fold(true, |all, b| all & legal(b));
    if !raw.chunks(256).all(all_legal) {
        return None;
    }
    let mut out = Vec::with_capacity(raw.len());
    let mut broken = false;
    let mut lines = raw;
    while !lines.is_empty() {
        let end = memchr::memchr(b'\n', lines).map_or(lines.len(), |at| at + 1);
        let (line, behind) = lines.split_at(end);
        lines = behind;
        if broken {
            out.push(b'\n');
        }
        // A blank before a line end is none of the text (RFC 2045 §6.7, rule 3).
        let mut rest = line.trim_ascii_end();
        broken = true;
        while let Some(at) = memchr::memchr(b'=', rest) {
            out.extend_from_slice(rest.get(..at)?);
            let code = rest.get(at..).unwrap_or_default();
            let Some(code) = code.get(..3) else {
                // Alone at the end of a line it joins the next one.
                broken = code.len() > 1;
                rest = if broken { code } else { &[] };
                break;
            };
            rest = rest.get(at + 3..).unwrap_or_default();
            match decoded_byte(code) {
                Some(b'\r') => return None,
                Some(byte) => out.push(byte),
                None => out.extend_from_slice(code),
            }
        }
        out.extend_from_slice(rest);
    }
    if broken && raw.ends_with(b"\n") {
        out.push(b'\n');
    }
    Some(out)
}

/// `=3D` → `=`.
fn decoded_byte(code: &[u8]) -> Option<u8> {
    let [_, high, low] = code else { return None };
    let digit = |b: &u8| char::from(*b).to_digit(16);
    let byte = digit(high)? << 4 | digit(low)?;
    u8::try_from(byte).ok()
}

fn through_mailparse(raw: &[u8], encoding: Encoding) -> Option<Vec<u8>> {
    let mut part = Vec::with_capacity(raw.len() + 64);
    part.extend_from_slice(b"Content-Type: application/octet-stream\nContent-Transfer-Encoding: ");
    part.extend_from_slice(encoding.name());
    part.extend_from_slice(b"\n\n");
    part.extend_from_slice(raw);
    mailparse::parse_mail(&part).ok()?.get_body_raw().ok()
}

/// Only the base64 alphabet, up to the first padding, in whole quanta.
fn clean_base64(raw: &[u8]) -> Vec<u8> {
    let stop = memchr::memchr(b'=', raw).unwrap_or(raw.len());
    let mut out: Vec<u8> = raw[..stop]
        .iter()
        .copied()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, b'+' | b'/'))
        .collect();
    match out.len() % 4 {
        1 => {
            out.pop();
        }
        2 => out.extend_from_slice(b"=="),
        3 => out.push(b'='),
        _ => {}
    }
    out
}

/// Line ends made LF: CRLF, and lone CR.
pub fn lf(decoded: Vec<u8>) -> Vec<u8> {
    if memchr::memchr(b'\r', &decoded).is_none() {
        return decoded;
    }
    let mut out = Vec::with_capacity(decoded.len());
    let mut bytes = decoded.iter().peekable();
    while let Some(&c) = bytes.next() {
        if c == b'\r' {
            if bytes.peek() == Some(&&b'\n') {
                bytes.next();
            }
            out.push(b'\n');
        } else {
            out.push(c);
        }
    }
    out
}

/// Decodes a charset. UTF-8 (and ASCII) stays borrowed whatever is declared,
/// unless an ISO-2022 escape is in it; what is neither valid UTF-8 nor of a
/// known charset is read as Windows-1252.
pub fn text<'a>(bytes: Cow<'a, [u8]>, charset: &str) -> Cow<'a, str> {
    let seven_bit_charset = charset.starts_with("iso-2022")
        || charset.starts_with("utf-7")
        || charset.starts_with("hz");
    let escapes =
        memchr::memchr_iter(0x1b, &bytes).any(|at| matches!(bytes.get(at + 1), Some(b'$' | b'(')));
    if !seven_bit_charset && !escapes && !charset.starts_with("utf-16") {
        match bytes {
            Cow::Borrowed(b) => {
                if let Ok(s) = std::str::from_utf8(b) {
                    return Cow::Borrowed(s);
                }
                return Cow::Owned(decode_as(b, charset));
            }
            Cow::Owned(b) => {
                return Cow::Owned(match String::from_utf8(b) {
                    Ok(s) => s,
                    Err(e) => decode_as(e.as_bytes(), charset),
                });
            }
        }
    }
    let charset = if escapes && !charset.starts_with("iso-2022") {
        "iso-2022-jp"
    } else {
        charset
    };
    if charset.starts_with("utf-7") {
        return Cow::Owned(utf7(&bytes));
    }
    Cow::Owned(decode_as(&bytes, charset))
}

fn decode_as(bytes: &[u8], charset: &str) -> String {
    let label = charset.trim_matches(|c: char| c == '"' || c == '\'' || c.is_whitespace());
    // ISO-8859-1 and US-ASCII mean Windows-1252 in practice, as encoding_rs has it (WHATWG).
    let encoding = encoding_rs::Encoding::for_label(label.as_bytes())
        .filter(|e| *e != encoding_rs::UTF_8 && *e != encoding_rs::REPLACEMENT)
        // Of two bytes a letter, every line end and blank has a zero byte.
        .filter(|e| !is_wide(e) || memchr::memchr(0, bytes).is_some())
        .unwrap_or_else(|| mostly_utf8(bytes));
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

fn is_wide(encoding: &encoding_rs::Encoding) -> bool {
    encoding == encoding_rs::UTF_16LE || encoding == encoding_rs::UTF_16BE
}

/// UTF-8 with a few broken bytes is still UTF-8; anything else is taken for Windows-1252.
fn mostly_utf8(bytes: &[u8]) -> &'static encoding_rs::Encoding {
    let lossy = String::from_utf8_lossy(bytes);
    let broken = lossy.chars().filter(|c| *c == '\u{fffd}').count();
    let wide = lossy.chars().filter(|c| !c.is_ascii()).count();
    if broken * 4 < wide {
        encoding_rs::UTF_8
    } else {
        encoding_rs::WINDOWS_1252
    }
}

fn utf7(bytes: &[u8]) -> String {
    let mut part = b"Content-Type: text/plain; charset=utf-7\n\n".to_vec();
    part.extend_from_slice(bytes);
    mailparse::parse_mail(&part)
        .and_then(|p| p.get_body())
        .unwrap_or_else(|_| String::from_utf8_lossy(bytes).into_owned())
}

/// A header value: unfolded, encoded words decoded (RFC 2047), raw 8-bit bytes read as text.
pub fn header_value(value: &[u8]) -> Cow<'_, str> {
    let mut equals = memchr::memchr_iter(b'=', value);
    if !equals.any(|at| value.get(at + 1) == Some(&b'?')) {
        return unfold(value);
    }
    let mut field = b"X: ".to_vec();
    field.extend_from_slice(value);
    field.push(b'\n');
    match mailparse::parse_header(&field) {
        Ok((header, _)) => Cow::Owned(header.get_value().trim().to_owned()),
        Err(_) => unfold(value),
    }
}

/// A header value with its folding removed and nothing else decoded.
pub fn unfold(value: &[u8]) -> Cow<'_, str> {
    let value = value.trim_ascii();
    let text = match std::str::from_utf8(value) {
        Ok(s) => Cow::Borrowed(s),
        Err(_) => Cow::Owned(decode_as(value, "")),
    };
    if memchr::memchr(b'\n', value).is_none() {
        return text;
    }
    let mut line = String::with_capacity(text.len());
    for (n, folded) in text.split('\n').enumerate() {
        if n > 0 {
            line.push(' ');
        }
        line.push_str(folded.trim());
    }
    Cow::Owned(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn i9_quoted_printable_is_read_as_mailparse_reads_it(
            raw in "([a-cA-F =\n\t]|=[0-9A-Fa-f]{2}|=\n|=0A|=3D){0,30}",
        ) {
            let theirs = through_mailparse(raw.as_bytes(), Encoding::QuotedPrintable).map(lf);
            if let Some(ours) = quoted_printable(raw.as_bytes()) {
                proptest::prop_assert_eq!(Some(ours), theirs);
            } else {
                let cr = raw.contains("=0D") || raw.contains("=0d");
                proptest::prop_assert!(cr, "{:?} was left to mailparse", raw);
            }
        }
    }

    #[test]
    fn i9_broken_base64_is_read_as_far_as_it_goes() {
        for (raw, want) in [
            ("aGVsbG8=", "hello"),
            ("aGVs\nbG8=\n", "hello"),
            ("aGVsbG8", "hello"),
            ("aGVs!!bG8=", "hello"),
            ("aGVsbG8=\n\n-- \nfooter of a list", "hello"),
        ] {
            assert_eq!(
                bytes(raw.as_bytes(), Encoding::Base64).as_ref(),
                want.as_bytes(),
                "{raw}"
            );
        }
    }

    #[test]
    fn i9_charsets() {
        let iso2022 = b"\x1b$B$3$N%a!<%k\x1b(B";
        for (raw, charset, want) in [
            (&b"caf\xe9"[..], "iso-8859-1", "caf\u{e9}"),
            (b"caf\xe9", "no-such-charset", "caf\u{e9}"),
            (b"caf\xc3\xa9", "us-ascii", "caf\u{e9}"),
            (
                b"\xd0\xc9\xd3\xd8\xcd\xcf",
                "koi8-r",
                "\u{43f}\u{438}\u{441}\u{44c}\u{43c}\u{43e}",
            ),
            (
                &iso2022[..],
                "us-ascii",
                "\u{3053}\u{306e}\u{30e1}\u{30fc}\u{30eb}",
            ),
            (b"Hi +AOk-", "utf-7", "Hi \u{e9}"),
        ] {
            assert_eq!(text(Cow::Borrowed(raw), charset), want, "{charset}");
        }
    }
}
