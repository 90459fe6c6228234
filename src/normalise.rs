//! Reply text → canonical text, once.
//!
//! Two replies that say the same have the same canonical text: lower case,
//! accents folded, one blank between words, one status code at the front instead
//! of one a line, no `smtp;` before it, and a placeholder for whatever differs from mail to mail:
//!
//! | in the reply | in the canonical text |
//! |---|---|
//! | `user@example.com`, `<user@example.com>`, message-ids | `{addr}` |
//! | `192.0.2.1`, `2001:db8::1` | `{ip}` |
//! | queue ids, ticket numbers, hex, long tokens, moments (`2026-11-03T09:11:12.345Z`) | `{id}` |
//!
//! Host names and URLs stay: they say whose block list it was. Codes stay where
//! they stand first; rules do not match on them, gates do. Scripts written
//! without blanks survive as they are.
//!
//! ```
//! use bounce::normalise::normalise;
//! assert_eq!(
//!     normalise("550-5.1.1 <User@Example.com>:\r\n550 5.1.1 Recipient  unknown"),
//!     "550 5.1.1 {addr}: recipient unknown"
//! );
//! ```

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::decompose_canonical;

/// Placeholder for a mail address.
pub const ADDR: &str = "{addr}";
/// Placeholder for an IP address.
pub const IP: &str = "{ip}";
/// A longer run of letters is no word.
const MAX_WORD: usize = 48;
/// Placeholder for an identifier that no other reply repeats.
pub const ID: &str = "{id}";

/// The canonical form of a reply text. Idempotent.
pub fn normalise(text: &str) -> String {
    let mut out = pass(text);
    let folds = if text.is_ascii() { 0 } else { MOST_FOLDS };
    let steps = if touched(&out) { MOST_STEPS } else { folds };
    for _ in 0..steps {
        let next = pass(&out);
        if next == out {
            break;
        }
        out = next;
    }
    out
}

/// A folded character may be folded further; three steps are the most Unicode needs.
const MOST_FOLDS: usize = 3;
/// What stands beside a placeholder may be an IP or identifier by itself; each step that
/// masks more leaves less.
const MOST_STEPS: usize = 32;

/// Whether what identifiers and IPs consist of stands beside a placeholder.
fn touched(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr2_iter(b'{', b'}', bytes).any(|at| {
        let beside = match bytes.get(at) {
            Some(b'{') => at.checked_sub(1),
            _ => at.checked_add(1),
        };
        beside.and_then(|at| bytes.get(at)).is_some_and(is_of_run)
    })
}

fn pass(text: &str) -> String {
    let folded = if text.is_ascii() {
        text.to_ascii_lowercase()
    } else {
        fold(text)
    };
    let mut out = String::with_capacity(folded.len());
    join_lines(&folded, &mut |word| {
        if !out.is_empty() {
            out.push(' ');
        }
        mask(word, &mut out);
    });
    out
}

/// True for scripts written without blanks between words.
pub fn is_cjk(c: char) -> bool {
    matches!(c,
        '\u{2e80}'..='\u{312f}' | '\u{3190}'..='\u{a4cf}' | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

/// Compatibility forms, case, accents, quotes and dashes.
fn fold(text: &str) -> String {
    let unified = text.chars().filter_map(unify);
    let mut out = String::with_capacity(text.len());
    for c in unified
        .nfkc()
        .filter_map(unify)
        .flat_map(char::to_lowercase)
        .filter_map(unify)
    {
        if c.is_ascii() || is_cjk(c) {
            out.push(c);
        } else {
            fold_accent(c, &mut out);
        }
    }
    out
}

/// Typographic variants of one mark become one; invisible characters go.
fn unify(c: char) -> Option<char> {
    Some(match c {
        '\n' | '\r' => '\n',
        '\u{2018}'..='\u{201b}' | '\u{b4}' | '\u{2b9}'..='\u{2bc}' | '\u{2032}' => '\'',
        '\u{201c}'..='\u{201f}' | '\u{ab}' | '\u{bb}' | '\u{2033}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{2028}' | '\u{2029}' | '\u{85}' => '\n',
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{300}'..='\u{36f}' => return None,
        c if c.is_whitespace() || c.is_control() => ' ',
        c => c,
    })
}

fn fold_accent(c: char, out: &mut String) {
    match c {
        '\u{df}' => out.push_str("ss"),
        '\u{e6}' => out.push_str("ae"),
        '\u{153}' => out.push_str("oe"),
        '\u{f8}' => out.push('o'),
        '\u{142}' => out.push('l'),
        '\u{111}' | '\u{f0}' => out.push('d'),
        '\u{131}' => out.push('i'),
        // Latin, Greek and Cyrillic letters lose their marks; other scripts need theirs.
        '\u{c0}'..='\u{24f}' | '\u{370}'..='\u{52f}' | '\u{1e00}'..='\u{1fff}' => {
            decompose_canonical(c, |d| {
                if !matches!(d, '\u{300}'..='\u{36f}') {
                    out.push(d);
                }
            });
        }
        c => out.push(c),
    }
}

/// The words of all lines as those of one, and the status code once: `550-5.1.1 a`,
/// `550 5.1.1 b` → `550 5.1.1 a b`. Headers arrive unfolded, so the repeated
/// code may stand anywhere, not only at line starts.
fn join_lines(text: &str, add: &mut impl FnMut(&str)) {
    let mut seen = Seen::default();
    let mut text = text.trim_start();
    while let Some(reply) = text.strip_prefix("smtp;") {
        text = reply.trim_start();
    }
    let ascii = text.is_ascii();
    for line in text.split('\n') {
        let mut line_start = true;
        let mut push = |word| {
            seen.push(word, line_start, add);
            line_start = false;
        };
        if ascii {
            ascii_words(line).for_each(&mut push);
        } else {
            line.split_whitespace().for_each(&mut push);
        }
    }
}

/// The words of a line, all of it ASCII.
fn ascii_words(line: &str) -> impl Iterator<Item = &str> {
    // The blanks of `char::is_whitespace` that are ASCII.
    let blank = |b: &u8| matches!(b, b'\t'..=b'\r' | b' ');
    let mut rest = line;
    std::iter::from_fn(move || {
        let start = rest.bytes().position(|b| !blank(&b))?;
        let word = rest.get(start..)?;
        let end = word.bytes().position(|b| blank(&b)).unwrap_or(word.len());
        let (word, behind) = word.split_at_checked(end)?;
        rest = behind;
        Some(word)
    })
}

/// The status code of the reply that is being joined.
#[derive(Default)]
struct Seen<'a> {
    code: Option<&'a str>,
    enhanced: Option<&'a str>,
    /// The code was written `550-`: more lines follow.
    multi_line: bool,
    /// The word before was the code: an enhanced code may follow.
    after_code: bool,
    /// The word before was a repeated code, already dropped.
    after_repeat: bool,
}

impl<'a> Seen<'a> {
    fn push(&mut self, mut word: &'a str, mut line_start: bool, add: &mut impl FnMut(&str)) {
        while let (Some(code), dash, rest) = split_code(word) {
            match self.code {
                None => {
                    self.code = Some(code);
                    add(code);
                    self.after_code = true;
                }
                Some(known) if known == code && (dash || self.multi_line || line_start) => {
                    self.after_repeat = true;
                }
                Some(_) => break,
            }
            self.multi_line |= dash;
            line_start = false;
            word = rest;
        }
        self.tail(word, add);
    }

    fn tail(&mut self, word: &'a str, add: &mut impl FnMut(&str)) {
        if word.is_empty() {
            return;
        }
        let enhanced = (self.after_code || self.after_repeat) && is_enhanced(word);
        if self.after_code && enhanced {
            self.enhanced = Some(word);
        }
        let repeat = self.after_repeat && enhanced && self.enhanced == Some(word);
        self.after_code = false;
        self.after_repeat = false;
        if !repeat {
            add(word);
        }
    }
}

/// `550-5.1.1` → (`550`, true, `5.1.1`); `550` → (`550`, false, ``); others have no code.
fn split_code(word: &str) -> (Option<&str>, bool, &str) {
    let b = word.as_bytes();
    let is_code = b.len() >= 3
        && matches!(b[0], b'4' | b'5')
        && b[1].is_ascii_digit()
        && b[2].is_ascii_digit();
    match (is_code, b.get(3)) {
        (true, None) => (word.get(..3), false, ""),
        (true, Some(b'-')) => (word.get(..3), true, word.get(4..).unwrap_or("")),
        _ => (None, false, word),
    }
}

fn is_enhanced(word: &str) -> bool {
    word.parse::<crate::code::Enhanced>().is_ok()
}

/// Copies a word, with placeholders for addresses, IPs and identifiers in it.
fn mask(word: &str, out: &mut String) {
    // Most words can be neither: an identifier has digits or is long.
    let special = |b: u8| b.is_ascii_digit() || matches!(b, b'@' | b':');
    if word.len() <= MAX_WORD && !word.bytes().any(special) {
        out.push_str(word);
        return;
    }
    let mut rest = word;
    while let Some((start, end)) = address_in(rest) {
        let (head, tail) = (&rest[..start], &rest[end..]);
        let (head, tail) = match (head.strip_suffix('<'), tail.strip_prefix('>')) {
            (Some(h), Some(t)) => (h, t),
            _ => (head, tail),
        };
        mask_runs(head, out);
        out.push_str(ADDR);
        rest = tail;
    }
    mask_runs(rest, out);
}

fn mask_runs(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let len = run(rest);
        if len == 0 {
            out.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let (token, after) = rest.split_at(len);
        mask_run(token, out);
        rest = after;
    }
}

/// Length of the run of characters that identifiers, IPs and host names consist of.
fn run(s: &str) -> usize {
    s.bytes().take_while(is_of_run).count()
}

/// Whether a run is a moment as RFC 3339 writes it, in whatever case.
pub fn is_moment(run: &str) -> bool {
    const DIGITS: &[u8; 19] = b"0000-00-00t00:00:00";
    let b = run.as_bytes();
    let Some((fixed, behind)) = b.split_at_checked(DIGITS.len()) else {
        return false;
    };
    let alike = |(b, like): (&u8, &u8)| match like {
        b'0' => b.is_ascii_digit(),
        like => b.eq_ignore_ascii_case(like),
    };
    let digits = |b: &[u8]| b.iter().take_while(|b| b.is_ascii_digit()).count();
    let zone = match behind.strip_prefix(b".") {
        Some(fraction) => fraction.get(digits(fraction)..).unwrap_or_default(),
        None => behind,
    };
    let is_zone = match zone {
        [] | [b'z' | b'Z'] => true,
        [b'+' | b'-', hours @ ..] => {
            let colon = |b: &u8| *b == b':';
            matches!(hours.len(), 4 | 5) && hours.iter().all(|b| b.is_ascii_digit() || colon(b))
        }
        _ => false,
    };
    fixed.iter().zip(DIGITS).all(alike) && is_zone
}

/// What identifiers, IPs and host names consist of.
pub fn is_of_run(b: &u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b':' | b'+')
}

/// Masks what a run consists of: an IP, or pieces between `:` and `+`.
fn mask_run(token: &str, out: &mut String) {
    let mut rest = token;
    // Groups of digits before it would belong to an IP: whatever they are, it is none.
    let mut apart = true;
    loop {
        let core = rest.trim_end_matches(MARKS);
        if core.is_empty() {
            out.push_str(rest);
            return;
        }
        if apart && is_ipv6(core) {
            out.push_str(IP);
            out.push_str(&rest[core.len()..]);
            return;
        }
        if is_moment(core) {
            out.push_str(ID);
            out.push_str(&rest[core.len()..]);
            return;
        }
        if let Some(len) = ipv4(core) {
            out.push_str(IP);
            rest = &rest[len..];
            apart = false;
            continue;
        }
        let Some(at) = rest.find([':', '+']) else {
            mask_piece(rest, out);
            return;
        };
        let piece = &rest[..at];
        apart = piece.bytes().any(|b| matches!(b, b'g'..=b'z'));
        mask_piece(piece, out);
        out.push_str(&rest[at..=at]);
        rest = &rest[at + 1..];
    }
}

/// Marks at the end of a run that belong to the sentence, not to the identifier.
const MARKS: [char; 4] = ['.', ':', '-', '+'];

fn mask_piece(piece: &str, out: &mut String) {
    let core = piece.trim_end_matches(MARKS);
    out.push_str(if is_id(core) { ID } else { core });
    out.push_str(&piece[core.len()..]);
}

fn is_ipv6(token: &str) -> bool {
    let token = token.strip_prefix("ipv6:").unwrap_or(token);
    token.len() < 64
        && token.bytes().filter(|b| *b == b':').count() >= 2
        && token.parse::<std::net::Ipv6Addr>().is_ok()
}

/// Length of the dotted quad at the start: alone, or in front of a list's zone.
fn ipv4(token: &str) -> Option<usize> {
    let mut end = 0;
    for part in 0..4 {
        if part > 0 {
            end += usize::from(token.as_bytes().get(end) == Some(&b'.'));
        }
        let digits = token[end..].bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 || digits > 3 {
            return None;
        }
        end += digits;
        if part < 3 && token.as_bytes().get(end) != Some(&b'.') {
            return None;
        }
    }
    match token.as_bytes().get(end) {
        None => Some(end),
        Some(b'.')
            if token
                .as_bytes()
                .get(end + 1)
                .is_some_and(u8::is_ascii_alphabetic) =>
        {
            Some(end)
        }
        Some(b':' | b'-') => Some(end),
        _ => None,
    }
}

/// Identifiers: long, with digits, and no host name. Codes that providers print
/// (`AS16012611`, `S3140`, `OFR006_102`) are shorter and stay.
pub fn is_id(token: &str) -> bool {
    let digits = token.bytes().filter(u8::is_ascii_digit).count();
    let letters = token.bytes().filter(u8::is_ascii_alphabetic).count();
    if let Some((_, last)) = token.rsplit_once('.') {
        // A host name ends in letters.
        let host = last.len() >= 2 && last.bytes().all(|b| b.is_ascii_alphabetic());
        return !host && token.len() >= 14 && digits >= 3;
    }
    // Postfix writes queue ids of ten and more.
    let hex = || token.bytes().all(|b| b.is_ascii_hexdigit());
    let least = if token.len() == 10 && hex() { 10 } else { 11 };
    (letters == 0 && digits >= 8)
        || (token.len() >= least && digits >= 3 && letters >= 1)
        || token.len() > MAX_WORD
}

/// The extent of the first address in a word: what stands around an `@` up to the
/// next bracket, quote or separator. Local names without a dot count too.
fn address_in(word: &str) -> Option<(usize, usize)> {
    for at in memchr::memchr_iter(b'@', word.as_bytes()) {
        let local: usize = word[..at]
            .chars()
            .rev()
            .take_while(|c| !is_cjk(*c) && !"<>()[]{}\"',;:=@\\|".contains(*c))
            .map(char::len_utf8)
            .sum();
        let domain: usize = word[at + 1..]
            .chars()
            .take_while(|c| !is_cjk(*c) && (c.is_alphanumeric() || ".-_$".contains(*c)))
            .map(char::len_utf8)
            .sum();
        let domain = word[at + 1..at + 1 + domain]
            .trim_end_matches(['.', '-'])
            .len();
        if local > 0 && domain > 0 {
            return Some((at - local, at + 1 + domain));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn c2_canonical_text() {
        for (text, want) in [
            ("550 5.1.1 User Unknown", "550 5.1.1 user unknown"),
            (
                "550-5.1.1 The account does\r\n550-5.1.1 not exist.\r\n550 5.1.1  Bye",
                "550 5.1.1 the account does not exist. bye",
            ),
            // Unfolded from a header: the codes stand in the middle of the line.
            (
                "smtp; 550-5.1.1 The account 550-5.1.1 does not 550 5.1.1 exist",
                "550 5.1.1 the account does not exist",
            ),
            ("550-Mailbox\n550 full", "550 mailbox full"),
            ("550 see RFC 550 for more", "550 see rfc 550 for more"),
            ("<User@Example.com>: unknown", "{addr}: unknown"),
            ("RCPT TO:<a@b.example>", "rcpt to:{addr}"),
            ("id=<20200101.1@mx.example>", "id={addr}"),
            ("[192.0.2.1] listed", "[{ip}] listed"),
            ("[IPv6:2001:db8::1] listed", "[{ip}] listed"),
            ("relay:2001:db8::1:", "relay:{ip}:"),
            (":::6:::::1] x", ":::6:::::1] x"),
            ("1.2.0.192.zen.spamhaus.org", "{ip}.zen.spamhaus.org"),
            (
                "http://www.spamhaus.org/?ip=192.0.2.1",
                "http://www.spamhaus.org/?ip={ip}",
            ),
            (
                "queued as 4B2C9D01A2F7, ticket 123456789.",
                "queued as {id}, ticket {id}.",
            ),
            (
                "x6-20020a05 a1-20020a170902f48b00b001c6.123 - gsmtp",
                "{id} {id} - gsmtp",
            ),
            (
                "S3140 AS16012611 [TSS04] 5.7.606",
                "s3140 as16012611 [tss04] 5.7.606",
            ),
            (
                "Bo\u{ee}te pleine \u{ab} caf\u{e9} \u{bb} \u{2013} d\u{e9}sol\u{e9}",
                "boite pleine \" cafe \" - desole",
            ),
            ("doesn\u{2019}t", "doesn't"),
            (
                "\u{ff35}\u{ff53}\u{ff45}\u{ff52}\u{3000}unknown",
                "user unknown",
            ),
            (
                "\u{5b9b}\u{5148}\u{304c}\u{898b}\u{3064}\u{304b}\u{308a}\u{307e}\u{305b}\u{3093}",
                "\u{5b9b}\u{5148}\u{304c}\u{898b}\u{3064}\u{304b}\u{308a}\u{307e}\u{305b}\u{3093}",
            ),
            (
                "\u{41f}\u{43e}\u{447}\u{442}\u{43e}\u{432}\u{44b}\u{439}",
                "\u{43f}\u{43e}\u{447}\u{442}\u{43e}\u{432}\u{44b}\u{438}",
            ),
            ("", ""),
        ] {
            assert_eq!(normalise(text), want, "{text}");
        }
    }

    #[test]
    fn i9_hostile_words_neither_recurse_nor_crawl() {
        for piece in ["a@b,", "a:", "1.2.3.4:", "550-", "<a@b>", "@", "::"] {
            let text = piece.repeat(20_000);
            assert!(normalise(&text).len() <= 2 * text.len(), "{piece}");
        }
    }

    proptest! {
        #[test]
        fn c2_idempotent(text in ".{0,120}") {
            let once = normalise(&text);
            prop_assert_eq!(normalise(&once), once);
        }

        #[test]
        fn c2_idempotent_on_ips(text in "([a-c0-9x]{0,3}[:.+-]{1,3}){1,9}[0-9a-x]{0,2}") {
            let once = normalise(&text);
            prop_assert_eq!(normalise(&once), once);
        }

        #[test]
        fn c2_idempotent_on_ids(
            text in "([a-z0-9]{8,12}[:.+-]{0,3}|[0-9.]{4,9}|2026-11-03T09:11:12Z?|[a-c0-9x]{0,3}[:.+-]{1,3}){1,6}",
        ) {
            let once = normalise(&text);
            prop_assert_eq!(normalise(&once), once);
        }

        #[test]
        fn c2_idempotent_on_replies(text in "(550|550-|451 |5\\.1\\.1 |[a-z@.<>:\\[\\]0-9 \n-]{1,9}){0,12}") {
            let once = normalise(&text);
            prop_assert_eq!(normalise(&once), once);
        }
    }
}
