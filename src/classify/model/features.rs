//! What the model sees of a reply: hashes of its codes, words, parts of words and word pairs.
//!
//! Scripts without blanks are read as pairs and triples of characters. Host names
//! count by their last two labels, identifiers not at all: what no other reply
//! repeats teaches nothing.

use super::super::words::Words;
use crate::code::{Enhanced, find_enhanced, find_smtp_code, smtp_code};
use crate::normalise::{ADDR, ID, IP, is_cjk};

/// So many words of a reply are read; the cause stands in the first few dozen.
const MAX_WORDS: usize = 160;
/// Letters of a part of a word, its ends counted as letters.
const GRAM: usize = 4;

/// What a host name is called in a pair of words.
const HOST: &str = "{host}";

/// The features of one reply.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Features {
    /// Class, code and enhanced code.
    pub codes: Vec<u32>,
    /// Words (of scripts without blanks: pairs of characters). How many of these the
    /// model knows says whether it can judge the reply at all.
    pub words: Vec<u32>,
    /// Word pairs, parts of words, host names, placeholders.
    pub more: Vec<u32>,
}

impl Features {
    /// Reads a canonical text and the code beside it.
    pub fn of(smtp: Option<u16>, canonical: &str) -> Features {
        let mut features = Features::default();
        features.read_codes(smtp, canonical);
        let words = Words::new(reply_in(canonical));
        let mut before = None;
        for word in words.as_str().split(' ').take(MAX_WORDS) {
            before = features.read_word(word, before);
        }
        for list in [&mut features.words, &mut features.more] {
            list.sort_unstable();
            list.dedup();
        }
        features
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.codes.len() + self.words.len() + self.more.len()
    }

    /// All of them, codes first.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        let all = [&self.codes, &self.words, &self.more];
        all.into_iter().flatten().copied()
    }

    fn read_codes(&mut self, smtp: Option<u16>, canonical: &str) {
        let smtp = smtp.or_else(|| find_smtp_code(canonical).map(|(c, _)| c));
        if let Some(code) = smtp {
            self.codes.push(hash('c', &code.to_string(), ""));
            self.codes.push(hash('k', &(code / 100).to_string(), ""));
        }
        if let Some((code, _)) = find_enhanced(canonical) {
            let text = code.to_string();
            let subject = text.rsplit_once('.').map_or("", |(head, _)| head);
            self.codes.push(hash('e', &text, ""));
            self.codes.push(hash('e', subject, ""));
        }
    }

    /// Reads one word, and gives what it is called in a pair with the next.
    fn read_word<'w>(&mut self, word: &'w str, before: Option<&'w str>) -> Option<&'w str> {
        if word.chars().any(is_cjk) {
            self.read_script(word);
            return None;
        }
        if is_noise(word) {
            return before;
        }
        if word == ADDR || word == IP {
            self.more.push(hash('w', word, ""));
        } else if let Some(host) = host(word) {
            self.more.push(hash('h', host, ""));
            // Whose host it is nobody knows, only that the words speak of one.
            self.more.push(hash('b', before.unwrap_or_default(), HOST));
            return Some(HOST);
        } else {
            self.words.push(hash('w', word, ""));
            self.read_grams(word);
        }
        self.more.push(hash('b', before.unwrap_or_default(), word));
        Some(word)
    }

    /// Inflected and compound words share their parts, in every language.
    fn read_grams(&mut self, word: &str) {
        let framed: Vec<char> = format!("^{word}$").chars().collect();
        for gram in framed.windows(GRAM) {
            let text: String = gram.iter().collect();
            self.more.push(hash('g', &text, ""));
        }
    }

    fn read_script(&mut self, word: &str) {
        let chars: Vec<char> = word.chars().filter(|c| is_cjk(*c)).collect();
        let text = |part: &[char]| part.iter().collect::<String>();
        if chars.len() == 1 {
            self.words.push(hash('w', &text(&chars), ""));
        }
        for pair in chars.windows(2) {
            self.words.push(hash('w', &text(pair), ""));
        }
        for triple in chars.windows(3) {
            self.more.push(hash('b', &text(triple), ""));
        }
    }
}

/// The reply in a text: without what our own side put around it (`host … said:`,
/// `SMTP error from remote mail server after …:`, `(in reply to RCPT TO command)`),
/// which tells where it was said, not what.
pub fn reply_in(canonical: &str) -> &str {
    let (start, end) = match find_smtp_code(canonical) {
        Some((_, range)) => (range.start, range.end),
        None => return without_tail(canonical),
    };
    let (lead, rest) = canonical.split_at_checked(start).unwrap_or(("", canonical));
    let said = canonical.get(end..).unwrap_or("");
    let introduces = lead.trim_end().ends_with([':', ';', '(', '<', '\'', '"'])
        || lead.trim_end().ends_with("said")
        || lead.trim_end().ends_with("returned");
    let speaks = without_tail(said).chars().any(char::is_alphabetic);
    without_tail(if introduces && speaks {
        rest
    } else {
        canonical
    })
}

fn without_tail(text: &str) -> &str {
    let cut = [" (in reply to ", " giving up on "];
    let at = cut.iter().filter_map(|c| text.rfind(c)).min();
    at.and_then(|at| text.get(..at)).unwrap_or(text)
}

/// Numbers, codes and identifiers.
fn is_noise(word: &str) -> bool {
    word.is_empty()
        || word == ID
        || !word.chars().any(char::is_alphabetic)
        || smtp_code(word.as_bytes()).is_some()
        || word.parse::<Enhanced>().is_ok()
}

/// The last two labels of a host name.
fn host(word: &str) -> Option<&str> {
    let (head, last) = word.rsplit_once('.')?;
    if last.len() < 2 || !last.chars().all(char::is_alphabetic) {
        return None;
    }
    let start = head.rfind('.').map_or(0, |at| at + 1);
    word.get(start..)
}

/// FNV-1a over kind and parts, folded to 32 bits.
fn hash(kind: char, a: &str, b: &str) -> u32 {
    let mut h = Fnv::default();
    h.eat(&[kind as u8]);
    h.eat(a.as_bytes());
    h.eat(&[0xff]);
    h.eat(b.as_bytes());
    (h.0 ^ (h.0 >> 32)) as u32
}

/// FNV-1a, 64 bits.
pub struct Fnv(pub u64);

impl Default for Fnv {
    fn default() -> Self {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    /// Goes on with these bytes.
    pub fn eat(&mut self, bytes: &[u8]) {
        for b in bytes {
            self.0 = (self.0 ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    /// The hash of some bytes.
    pub fn of(bytes: &[u8]) -> u64 {
        let mut h = Fnv::default();
        h.eat(bytes);
        h.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalise::normalise;

    fn of(text: &str) -> Features {
        Features::of(None, &normalise(text))
    }

    #[test]
    fn c4_what_differs_from_mail_to_mail_is_not_seen() {
        for (a, b) in [
            (
                "550 5.1.1 <a@example.com> User unknown",
                "550 5.1.1 <b@example.net> user  unknown.",
            ),
            (
                "452 4.2.2 Over quota 4B2C9D01A2F7",
                "452 4.2.2 over quota 5C3D0E12B3A8",
            ),
            ("mx1.eu.example.com said: no", "mx2.us.example.com said: no"),
        ] {
            assert_eq!(of(a), of(b), "{a} / {b}");
        }
    }

    #[test]
    fn c4_codes_and_words_are_seen() {
        let with = of("550 5.1.1 user unknown");
        assert_eq!(with.codes.len(), 4);
        assert_eq!(with.words.len(), 2);
        assert_eq!(Features::of(Some(550), "user unknown").codes.len(), 2);
        assert_eq!(Features::of(None, "").len(), 0);
    }

    #[test]
    fn c4_what_stands_around_a_reply_is_not_seen() {
        let bare = of("550 5.1.1 No such user");
        for text in [
            "host mx.example.com[192.0.2.1] said: 550 5.1.1 No such user (in reply to RCPT TO command)",
            "SMTP error from remote mail server after RCPT TO:<a@example.com>: host mx.example.com [192.0.2.1]: 550 5.1.1 No such user",
            "192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 No such user\nGiving up on 192.0.2.1.",
        ] {
            assert_eq!(of(text), bare, "{text}");
        }
        assert!(of("lost connection with mx.example.com: 421").len() > 4);
    }

    #[test]
    fn c4_scripts_without_blanks_have_features() {
        let text = "\u{5b9b}\u{5148}\u{4e0d}\u{660e}";
        let f = Features::of(None, text);
        assert_eq!((f.words.len(), f.more.len()), (3, 2));
    }
}
