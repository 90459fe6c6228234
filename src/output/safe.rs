//! Remote text is hostile: what a terminal or a spreadsheet may see of it.

use std::borrow::Cow;

/// Text for a terminal: control characters (C0, DEL, C1) and characters that
/// reorder or hide text (bidi controls, zero-width, tags) become `?`.
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hostile) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.chars()
            .map(|c| if is_hostile(c) { '?' } else { c })
            .collect(),
    )
}

fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{61c}' | '\u{ad}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A cell that a spreadsheet would run as a formula gets a leading apostrophe
/// (OWASP: `=`, `+`, `-`, `@`, tab, carriage return, and the full-width forms).
pub fn defused(cell: &str) -> Cow<'_, str> {
    let first = cell.chars().next();
    let formula = first.is_some_and(|c| {
        matches!(
            c,
            '=' | '+' | '-' | '@' | '\t' | '\r' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}'
        )
    });
    if formula {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u6_no_escape_reaches_a_terminal() {
        for (text, want) in [
            (
                "plain caf\u{e9} \u{4f60}\u{597d}",
                "plain caf\u{e9} \u{4f60}\u{597d}",
            ),
            ("\x1b]52;c;aGk=\x07", "?]52;c;aGk=?"),
            ("a\x1b[2K\rb", "a?[2K?b"),
            ("\u{9b}31m", "?31m"),
            ("\u{202e}gpj.exe", "?gpj.exe"),
            ("a\u{2066}b\u{2069}", "a?b?"),
        ] {
            assert_eq!(printable(text), want);
        }
        for c in (0..=0x1f).chain(0x7f..=0x9f).filter_map(char::from_u32) {
            assert_eq!(printable(&c.to_string()), "?", "{c:?}");
        }
    }

    #[test]
    fn s6_formulas_are_defused() {
        for (cell, want) in [
            ("=1+1", "'=1+1"),
            ("@SUM", "'@SUM"),
            ("-x", "'-x"),
            ("a=b", "a=b"),
            ("", ""),
            ("\u{ff1d}x", "'\u{ff1d}x"),
        ] {
            assert_eq!(defused(cell), want);
        }
    }
}
