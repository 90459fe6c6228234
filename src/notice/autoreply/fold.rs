//! Text made comparable: lower case, without accents, one kind of apostrophe,
//! dash and blank, so that one spelling of a phrase finds all of them.

use unicode_normalization::UnicodeNormalization;

/// Folds case, compatibility forms (NFKC) and Latin, Greek and Cyrillic accents.
/// Blanks and single line ends become one blank, blank lines become one line end:
/// mail is wrapped anywhere, but a phrase does not run across a paragraph.
pub fn fold(text: &str) -> String {
    let mut out = Blanks::new(text.len());
    if text.is_ascii() {
        out.push_ascii(text);
    } else {
        // Nothing composes with a character of ASCII but accents, which go: most of a text
        // in a European language is ASCII, and need not be decomposed.
        for run in runs(text) {
            if is_plain(run.as_bytes().first()) {
                out.push_ascii(run);
            } else {
                fold_run(run, &mut out);
            }
        }
    }
    out.finish()
}

fn fold_run(text: &str, out: &mut Blanks) {
    text.chars()
        .flat_map(char::to_lowercase)
        .nfkd()
        .filter(|c| !is_accent(*c))
        .nfc()
        .for_each(|c| push_plain(out, c));
}

/// The runs of a text that are of ASCII and those that are not, in turn.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = is_plain(Some(rest.as_bytes().first()?));
        let len = rest.bytes().take_while(|b| is_plain(Some(b)) == first);
        let (run, behind) = rest.split_at_checked(len.count())?;
        rest = behind;
        Some(run)
    })
}

/// Whether a byte is of ASCII and stays what it is but for its case.
fn is_plain(byte: Option<&u8>) -> bool {
    byte.is_some_and(|b| b.is_ascii() && *b != b'`')
}

/// Accents of Latin, Greek and Cyrillic, and what has no width. The marks of other
/// scripts are letters of theirs (kana, Devanagari, Thai) and stay.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

fn push_plain(out: &mut Blanks, c: char) {
    match c {
        'ß' => out.push_str("ss"),
        'æ' => out.push_str("ae"),
        'œ' => out.push_str("oe"),
        'ø' => out.push('o'),
        'ł' => out.push('l'),
        'đ' => out.push('d'),
        'ı' => out.push('i'),
        'ς' => out.push('σ'),
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{b4}' | '`' | '\u{2bc}' | '\u{2032}' => {
            out.push('\'');
        }
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '〜' | '～' => out.push('-'),
        c => out.push(c),
    }
}

/// Collects text with its blanks made single.
struct Blanks {
    out: String,
    blank: bool,
    ends: usize,
}

impl Blanks {
    fn new(len: usize) -> Self {
        Blanks {
            out: String::with_capacity(len),
            blank: false,
            ends: 0,
        }
    }

    fn push(&mut self, c: char) {
        if c.is_whitespace() {
            self.blank = true;
            self.ends += usize::from(c == '\n');
            return;
        }
        if self.blank && !self.out.is_empty() {
            self.out.push(if self.ends > 1 { '\n' } else { ' ' });
        }
        self.blank = false;
        self.ends = 0;
        self.out.push(c);
    }

    /// The same for text of ASCII, in lower case: word by word.
    fn push_ascii(&mut self, text: &str) {
        // The blanks of `char::is_whitespace` that are ASCII.
        let is_blank = |b: &u8| matches!(b, b'\t'..=b'\r' | b' ');
        let mut rest = text;
        while !rest.is_empty() {
            let blanks = rest.bytes().take_while(is_blank);
            let ends = blanks.clone().filter(|b| *b == b'\n').count();
            let (gap, behind) = rest.split_at(blanks.count());
            let word = behind.bytes().take_while(|b| !is_blank(b)).count();
            let (word, behind) = behind.split_at(word);
            self.blank |= !gap.is_empty();
            self.ends += ends;
            if word.is_empty() {
                return;
            }
            if self.blank && !self.out.is_empty() {
                self.out.push(if self.ends > 1 { '\n' } else { ' ' });
            }
            (self.blank, self.ends) = (false, 0);
            let start = self.out.len();
            self.out.push_str(word);
            if let Some(word) = self.out.get_mut(start..) {
                word.make_ascii_lowercase();
            }
            rest = behind;
        }
    }

    fn push_str(&mut self, text: &str) {
        text.chars().for_each(|c| self.push(c));
    }

    fn finish(self) -> String {
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Taken in runs, a text is folded as it would be in one piece.
        #[test]
        fn c8_runs_are_folded_as_the_whole(
            pieces in proptest::collection::vec(proptest::sample::select(&[
                "a", "E", "`", " ", "\n", "\t", "\u{e9}", "\u{301}", "\u{338}", "=", "\u{a0}", "\u{3099}", "\u{304b}",
                "\u{dc}", "\u{2019}", "\u{ff21}", "\u{fb01}", "\u{1100}", "\u{1161}", "\u{5b0}", "I", "\u{130}", "\u{85}", "\u{2028}",
                "\u{342}", "\u{20d0}",
            ][..]), 0..12),
        ) {
            let text = pieces.concat() + "\u{e9}";
            let mut whole = Blanks::new(text.len());
            fold_run(&text, &mut whole);
            prop_assert_eq!(fold(&text), whole.finish());
        }
    }

    #[test]
    fn c8_text_folded() {
        for (text, want) in [
            ("Out  of\tOffice\n", "out of office"),
            ("wrapped\nline\n\nnext", "wrapped line\nnext"),
            (
                "Nicht im B\u{fc}ro, au\u{df}er Haus",
                "nicht im buro, ausser haus",
            ),
            ("jusqu\u{2019}au 3 ao\u{fb}t", "jusqu'au 3 aout"),
            (
                "\u{130}YI \u{15e}ubat a\u{11f}ustos \u{131}",
                "iyi subat agustos i",
            ),
            (
                "\u{ff13}\u{6708}\u{ff13}\u{65e5}\u{307e}\u{3067}",
                "3\u{6708}3\u{65e5}\u{307e}\u{3067}",
            ),
            (
                "\u{c790}\u{b3d9} \u{c751}\u{b2f5}",
                "\u{c790}\u{b3d9} \u{c751}\u{b2f5}",
            ),
            ("1\u{ba} de mar\u{e7}o", "1o de marco"),
            ("a\u{2013}b \u{200b}c", "a-b c"),
        ] {
            assert_eq!(fold(text), want, "{text}");
        }
    }
}
