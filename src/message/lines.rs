//! The lines of a text.

/// The lines of a text without their line ends, as [`str::lines`] gives them, but found
/// many bytes at a time.
pub fn lines(text: &str) -> impl Iterator<Item = &str> + Clone {
    with_ends(text).map(|line| {
        let bare = line.strip_suffix('\n');
        bare.map_or(line, |l| l.strip_suffix('\r').unwrap_or(l))
    })
}

/// The lines of a text with their line ends, like `split_inclusive('\n')`.
pub fn with_ends(text: &str) -> impl Iterator<Item = &str> + Clone {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = memchr::memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |at| at + 1);
        let (line, behind) = rest.split_at_checked(end)?;
        rest = behind;
        (!line.is_empty()).then_some(line)
    })
}

/// A text without the white space around it, as [`str::trim`] gives it: mostly there is none
/// to take off, which two bytes tell.
pub fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [only] if only.is_ascii_graphic() => text,
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn i9_white_space_is_that_of_the_standard_library(text in "[a\u{e9} \t\u{a0}]{0,4}") {
            proptest::prop_assert_eq!(trimmed(&text), text.trim());
        }

        #[test]
        fn i9_lines_are_those_of_the_standard_library(text in "[a\u{e9}\r\n]{0,12}") {
            let ours: Vec<&str> = lines(&text).collect();
            proptest::prop_assert_eq!(ours, text.lines().collect::<Vec<&str>>());
            let ours: Vec<&str> = with_ends(&text).collect();
            let theirs: Vec<&str> = text.split_inclusive('\n').collect();
            proptest::prop_assert_eq!(ours, theirs);
        }
    }
}
