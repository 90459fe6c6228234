//! The bodies of Mandrill's webhooks as they are posted: a form with one field, whose
//! value is the JSON of the events (I6, mailchimp.com/developer "Webhooks").

use std::io::{self, Read};

/// How much is decoded at once, in bytes.
const BLOCK: usize = 64 * 1024;
/// The field, as a form writes it.
const FIELD: &[u8] = b"mandrill_events=";

/// True if `start` begins such a body.
pub fn detect(start: &[u8]) -> bool {
    start.starts_with(FIELD)
}

/// A stream of such bodies, one or many, read as the JSON in them. Each body, and each
/// other field beside it, comes on a line of its own.
pub struct Form<R> {
    source: R,
    /// What has been read and not decoded: the beginning of a field or of `%5B`.
    raw: Vec<u8>,
    text: Vec<u8>,
    /// Up to here `text` has been given out.
    given: usize,
    ended: bool,
}

impl<R: Read> Form<R> {
    /// Decodes `source`.
    pub fn new(source: R) -> Self {
        Form {
            source,
            raw: Vec::new(),
            text: Vec::new(),
            given: 0,
            ended: false,
        }
    }

    /// Decodes the next block.
    fn more(&mut self) -> io::Result<()> {
        let mut block = self.source.by_ref().take(BLOCK as u64);
        self.ended = block.read_to_end(&mut self.raw)? == 0;
        self.text.clear();
        self.given = 0;
        let done = decode(&self.raw, self.ended, &mut self.text);
        self.raw.drain(..done);
        Ok(())
    }
}

/// Decodes what is whole (WHATWG URL §5.1, `application/x-www-form-urlencoded`), and
/// says how much that was.
fn decode(raw: &[u8], ended: bool, out: &mut Vec<u8>) -> usize {
    let mut rest = raw;
    while let Some((first, behind)) = rest.split_first() {
        let wanted = match first {
            b'm' => FIELD.len(),
            b'%' => 3,
            _ => 1,
        };
        if rest.len() < wanted && !ended {
            break;
        }
        let (text, behind) = match first {
            b'+' => (b' ', behind),
            b'&' => (b'\n', behind),
            b'%' => coded(behind).unwrap_or((b'%', behind)),
            // A value has its `=` coded: this is the name of the field.
            b'm' if rest.starts_with(FIELD) => {
                rest = rest.get(FIELD.len()..).unwrap_or_default();
                continue;
            }
            other => (*other, behind),
        };
        out.push(text);
        rest = behind;
    }
    raw.len() - rest.len()
}

/// The byte that two hexadecimal digits write, and what stands behind them.
fn coded(rest: &[u8]) -> Option<(u8, &[u8])> {
    let (digits, rest) = rest.split_at_checked(2)?;
    let digits = std::str::from_utf8(digits).ok()?;
    let byte = u8::from_str_radix(digits, 16).ok()?;
    Some((byte, rest))
}

impl<R: Read> Read for Form<R> {
    fn read(&mut self, block: &mut [u8]) -> io::Result<usize> {
        while self.given >= self.text.len() && !self.ended {
            self.more()?;
        }
        let mut text = self.text.get(self.given..).unwrap_or_default();
        let count = text.read(block)?;
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives out a byte at a time.
    struct Slow<'t>(&'t [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, block: &mut [u8]) -> io::Result<usize> {
            let count = self.0.len().min(block.len()).min(1);
            self.0.read(block.get_mut(..count).unwrap_or_default())
        }
    }

    #[test]
    fn i6_the_body_of_a_form() {
        for (body, want) in [
            ("mandrill_events=%5B%7B%22a%22%3A+1%7D%5D", "[{\"a\": 1}]"),
            ("mandrill_events=%5b%5d&mandrill_events=%5B1%5D", "[]\n[1]"),
            ("mandrill_events=[]\nmandrill_events=[2]\n", "[]\n[2]\n"),
            // What is cut off or wrong stays as it is.
            ("mandrill_events=%5Bm%zz%5", "[m%zz%5"),
        ] {
            let mut text = String::new();
            Form::new(Slow(body.as_bytes()))
                .read_to_string(&mut text)
                .unwrap();
            assert_eq!(text, want, "{body}");
            let mut one = Vec::new();
            Form::new(body.as_bytes()).read_to_end(&mut one).unwrap();
            assert_eq!(one, text.as_bytes());
        }
        assert!(!detect(b"mandrill_event=1"));
    }
}
