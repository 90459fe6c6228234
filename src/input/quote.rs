//! Takes back the quoting that an mbox writer did to lines that begin with `From `.

use memchr::memmem::Finder;
use std::sync::LazyLock;

/// What a writer quotes, behind the mark that he put before it.
static QUOTED: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(b">From "));
/// The end of a header.
static BLANK_LINE: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(b"\n\n"));

/// Strips one `>` from each line of the body of the message at `start` that is
/// `From ` behind one or more `>`.
///
/// That is exact for mboxrd. In mboxo, which quotes bare `From ` lines only, a
/// line that had a `>` of its own loses it; nothing in the file tells the two
/// apart.
pub fn unquote(bytes: &mut Vec<u8>, start: usize) {
    let message = bytes.get(start..).unwrap_or_default();
    if QUOTED.find(message).is_none() {
        return;
    }
    let Some(body) = body_from(message, 0) else {
        return;
    };
    let body_bytes = message.get(body..).unwrap_or_default();
    let marks: Vec<usize> = QUOTED
        .find_iter(body_bytes)
        .filter_map(|at| quoted_line(body_bytes, at))
        .map(|at| start + body + at)
        .collect();
    remove(bytes, &marks);
}

/// Where the body of a message begins: behind the first empty line. The bytes
/// before `searched` are known to have none.
pub fn body_from(message: &[u8], searched: usize) -> Option<usize> {
    if message.first() == Some(&b'\n') {
        return Some(1);
    }
    let from = searched.saturating_sub(1);
    BLANK_LINE
        .find(message.get(from..)?)
        .map(|at| from + at + 2)
}

/// The start of the line if only `>`s stand before `at`.
fn quoted_line(body: &[u8], at: usize) -> Option<usize> {
    let before = body.get(..at)?;
    let line = before
        .iter()
        .rposition(|byte| *byte != b'>')
        .map_or(0, |last| last + 1);
    (line == 0 || before.get(line - 1) == Some(&b'\n')).then_some(line)
}

/// Removes the bytes at `marks`, which ascend.
fn remove(bytes: &mut Vec<u8>, marks: &[usize]) {
    let Some(&first) = marks.first() else {
        return;
    };
    let mut end = first;
    for (at, mark) in marks.iter().enumerate() {
        let next = marks.get(at + 1).copied().unwrap_or(bytes.len());
        bytes.copy_within(mark + 1..next, end);
        end += next - mark - 1;
    }
    bytes.truncate(end);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i2_quoted_from_lines_lose_one_mark() {
        for (quoted, plain) in [
            ("A: b\n\n>From x\n", "A: b\n\nFrom x\n"),
            (
                "A: b\n\nx\n>>From x\n>From y\n",
                "A: b\n\nx\n>From x\nFrom y\n",
            ),
            (
                "A: b\n\nx >From x\n> >From y\n",
                "A: b\n\nx >From x\n> >From y\n",
            ),
            (">From uucp\nA: b\n\n>From\n", ">From uucp\nA: b\n\n>From\n"),
            ("\n>From x\n", "\nFrom x\n"),
            ("A: b\n", "A: b\n"),
            ("", ""),
        ] {
            let mut bytes = [b"before\n>From ", quoted.as_bytes()].concat();
            unquote(&mut bytes, 13);
            assert_eq!(std::str::from_utf8(&bytes[13..]), Ok(plain), "{quoted:?}");
            assert_eq!(&bytes[..13], b"before\n>From ");
        }
    }
}
