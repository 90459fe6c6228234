//! Canonical text → words, the form that rules match: punctuation gone, one blank
//! between words, so that `over-quota`, `over_quota` and `over quota.` are one phrase.
//!
//! A dot stays inside a word (`zen.spamhaus.org`, `5.7.1`), an apostrophe vanishes
//! (`doesn't` → `doesnt`) unless it elides (`l'adresse` → `l adresse`), and scripts without blanks are written without any.

use crate::normalise::is_cjk;

/// The words of a text, and where each byte of them stands in the canonical text.
#[derive(Debug, Default)]
pub struct Words<'a> {
    source: &'a str,
    text: String,
    at: Vec<u32>,
}

impl<'a> Words<'a> {
    /// Reads the words of a text that is already canonical.
    pub fn new(source: &'a str) -> Self {
        let words = Words {
            source,
            text: String::with_capacity(source.len()),
            at: Vec::with_capacity(source.len()),
        };
        if source.is_ascii() {
            words.read_ascii()
        } else {
            words.read()
        }
    }

    /// Like [`Words::read`], for the bytes that most replies consist of.
    fn read_ascii(mut self) -> Self {
        let bytes = self.source.as_bytes();
        let alphanumeric = |i: Option<usize>| {
            let byte = i.and_then(|i| bytes.get(i));
            byte.is_some_and(u8::is_ascii_alphanumeric)
        };
        let in_word = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(**byte, b'{' | b'}');
        let mut letters = 0;
        let mut pending = false;
        let mut i = 0;
        while let Some(byte) = bytes.get(i) {
            let rest = bytes.get(i..).unwrap_or_default();
            let mut run = rest.iter().take_while(in_word).count();
            let mark = matches!(byte, b'.' | b'\'');
            let inside = mark && alphanumeric(i.checked_sub(1)) && alphanumeric(Some(i + 1));
            if inside && *byte == b'.' {
                run = 1;
            }
            if run > 0 {
                if pending && !self.text.is_empty() {
                    self.push(' ', i);
                }
                pending = false;
                letters += run;
                self.text
                    .push_str(self.source.get(i..i + run).unwrap_or_default());
                self.at.extend((i..i + run).map(|at| at as u32));
                i += run;
                continue;
            }
            if !inside || letters < 2 {
                pending = true;
                letters = 0;
            }
            i += 1;
        }
        self
    }

    fn read(self) -> Self {
        let mut words = self;
        let source = words.source;
        let mut before = None;
        // Letters since the last mark: `l'adresse` is two words, `doesn't` is one.
        let mut letters = 0;
        let mut pending = false;
        for (i, c) in source.char_indices() {
            match kind(c, before, source.get(i + c.len_utf8()..)) {
                Kind::Drop if letters > 1 => {}
                Kind::Drop | Kind::Gap => {
                    pending = true;
                    letters = 0;
                }
                Kind::Word => {
                    let last = words.text.chars().next_back();
                    if pending && last.is_some_and(|l| !(is_cjk(l) && is_cjk(c))) {
                        words.push(' ', i);
                    }
                    pending = false;
                    letters += 1;
                    words.push(c, i);
                }
            }
            before = Some(c);
        }
        words
    }

    fn push(&mut self, c: char, at: usize) {
        self.text.push(c);
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        self.at.extend(std::iter::repeat_n(at, c.len_utf8()));
    }

    /// The words, one blank between them.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The fragment of the canonical text that a range of the words stands for,
    /// with its punctuation, at most `max` bytes long.
    pub fn fragment(&self, range: std::ops::Range<usize>, max: usize) -> &'a str {
        let place = |i: usize| self.at.get(i).map_or(0, |p| *p as usize);
        if range.is_empty() {
            return "";
        }
        let start = place(range.start);
        let last = place(range.end - 1);
        let width = self.source.get(last..).and_then(|s| s.chars().next());
        let mut end = (last + width.map_or(0, char::len_utf8)).min(start + max);
        while !self.source.is_char_boundary(end) {
            end -= 1;
        }
        self.source.get(start..end).unwrap_or("").trim_end()
    }

    /// True if a phrase may start or end at byte `i`: at a blank, at either end of
    /// the text, at a dot (`spamhaus` in `zen.spamhaus.org`), or beside a character
    /// of a script without blanks.
    pub fn is_border(&self, i: usize) -> bool {
        let (head, tail) = self.text.split_at(i);
        match (head.chars().next_back(), tail.chars().next()) {
            (Some(a), Some(b)) => is_edge(a) || is_edge(b),
            _ => true,
        }
    }
}

fn is_edge(c: char) -> bool {
    c == ' ' || c == '.' || is_cjk(c)
}

enum Kind {
    Word,
    Gap,
    Drop,
}

fn kind(c: char, before: Option<char>, after: Option<&str>) -> Kind {
    let next = after.and_then(|a| a.chars().next());
    let inside =
        before.is_some_and(char::is_alphanumeric) && next.is_some_and(char::is_alphanumeric);
    match c {
        c if c.is_alphanumeric() || c == '{' || c == '}' => Kind::Word,
        // Combining marks of scripts that need them.
        c if !c.is_ascii() && !c.is_whitespace() && !is_punctuation(c) => Kind::Word,
        '.' if inside => Kind::Word,
        '\'' if inside => Kind::Drop,
        _ => Kind::Gap,
    }
}

fn is_punctuation(c: char) -> bool {
    matches!(c, '\u{a1}'..='\u{bf}' | '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{3004}'
        | '\u{3008}'..='\u{3020}' | '\u{30fb}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff01}'..='\u{ff0f}'
        | '\u{ff1a}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}')
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn c2_ascii_is_read_like_the_rest(text in "[a-c1{}'. :-]{0,40}") {
            let blank = |source| Words { source, ..Words::default() };
            let (fast, slow) = (blank(text.as_str()).read_ascii(), blank(text.as_str()).read());
            proptest::prop_assert_eq!(fast.text, slow.text);
            proptest::prop_assert_eq!(fast.at, slow.at);
        }
    }

    #[test]
    fn c2_words() {
        for (canonical, want) in [
            (
                "550 5.1.1 {addr}: over-quota.",
                "550 5.1.1 {addr} over quota",
            ),
            ("user doesn't exist (#5.1.1)", "user doesnt exist 5.1.1"),
            ("'unknown' user", "unknown user"),
            ("l'adresse n'existe pas", "l adresse n existe pas"),
            (
                "see http://zen.spamhaus.org/x",
                "see http zen.spamhaus.org x",
            ),
            ("[tss04] cuda_nsu no=100", "tss04 cuda nsu no 100"),
            (
                "\u{5b9b}\u{5148}\u{3001} \u{4e0d}\u{660e}",
                "\u{5b9b}\u{5148}\u{4e0d}\u{660e}",
            ),
            ("550 \u{7528}\u{6237} x", "550 \u{7528}\u{6237} x"),
            ("...", ""),
        ] {
            assert_eq!(Words::new(canonical).as_str(), want);
        }
    }

    #[test]
    fn c3_fragments_keep_their_punctuation() {
        let w = Words::new("550 user doesn't exist, bye");
        let start = w.as_str().find("user").unwrap();
        let end = w.as_str().find(" bye").unwrap();
        assert_eq!(w.fragment(start..end, 120), "user doesn't exist");
        assert_eq!(w.fragment(start..end, 6), "user d");
        assert_eq!(w.fragment(0..0, 6), "");
    }
}
