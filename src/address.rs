//! Mail addresses as notifications write them: cleaning, keys, checks, finding
//! them in text.
//!
//! An address is kept as it was written; two addresses are the same recipient
//! when their [`key`]s are equal.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// Longest address that is taken for one (RFC 5321 §4.5.3.1 allows 254; some
/// systems write longer ones in reports).
const MAX_LEN: usize = 320;

/// The address in one that a notification gives: `rfc822; <user@example.com>`,
/// `"user"@example.com`, `<@relay:user@example.com>`, `mailto:…`.
///
/// Address type, angle brackets, comments, source routes and stray punctuation
/// go. Returns `None` if nothing is left. The result need not be valid.
pub fn clean(written: &str) -> Option<String> {
    if is_plain(written) {
        return Some(written.to_owned());
    }
    let mut s = written.trim();
    if let Some((kind, rest)) = s.split_once(';') {
        let kind = kind.trim();
        if !kind.is_empty()
            && kind
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '/'))
        {
            s = rest.trim();
            if is_bare(s) {
                return Some(s.to_owned());
            }
        }
    }
    if let (Some(lt), Some(gt)) = (s.find('<'), s.rfind('>'))
        && lt < gt
    {
        s = &s[lt + 1..gt];
        if is_bare(s) {
            return Some(s.to_owned());
        }
    }
    for prefix in ["mailto:", "smtp:", "SMTP:", "rfc822:", "RFC822:"] {
        s = s.strip_prefix(prefix).unwrap_or(s);
    }
    if let Some((route, rest)) = s.split_once(':')
        && route.starts_with('@')
    {
        s = rest;
    }
    if let Some(open) = s.find(" (") {
        s = &s[..open];
    }
    let s = s.trim_matches(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';'));
    let s = s
        .strip_prefix('\'')
        .and_then(|t| t.strip_suffix('\''))
        .unwrap_or(s);
    let s = s.trim_end_matches(['.', ':']);
    (!s.is_empty() && s.len() <= MAX_LEN).then(|| s.to_owned())
}

/// What the bytes of ASCII may be in an address, a bit each.
static CLASSES: [u8; 256] = classes();
/// They may stand in a local part, or be the dot in one.
const LOCAL: u8 = 1;
/// They may stand in a domain, and so may dots.
const DOMAIN: u8 = 2;
/// They are what they are in a key.
const KEY: u8 = 4;
/// They need no cleaning.
const BARE: u8 = 8;

const fn classes() -> [u8; 256] {
    let mut all = [0; 256];
    let mut n = 0_u8;
    while n < 128 {
        let word = n.is_ascii_alphanumeric();
        let local = matches!(
            n,
            b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'*' | b'+' | b'-' | b'/' | b'=' | b'?'
        );
        let local = local || matches!(n, b'^' | b'_' | b'`' | b'{' | b'|' | b'}' | b'~' | b'.');
        let domain = matches!(n, b'.' | b'-' | b'_');
        let mut class = 0;
        if word || local {
            class |= LOCAL;
        }
        if word || domain {
            class |= DOMAIN;
        }
        if n.is_ascii_graphic() && n != b'"' && !n.is_ascii_uppercase() {
            class |= KEY;
        }
        if word || domain || matches!(n, b'@' | b'+') {
            class |= BARE;
        }
        all[n as usize] = class;
        n += 1;
    }
    all
}

/// Whether a byte is of a class.
const fn is(byte: u8, class: u8) -> bool {
    CLASSES[byte as usize] & class != 0
}

/// Whether a text is one address and nothing that [`clean`] takes away: most are.
pub fn is_bare(written: &str) -> bool {
    let alone = memchr::memchr_iter(b'@', written.as_bytes())
        .take(2)
        .count()
        == 1;
    alone && is_plain(written)
}

/// Whether an address has nothing that might have to go, as most have not.
fn is_plain(written: &str) -> bool {
    written.bytes().all(|b| is(b, BARE))
        && written.bytes().next_back().is_some_and(|b| b != b'.')
        && written.len() <= MAX_LEN
}

/// Decodes the `+XX` of an xtext address (RFC 3461 §4) and the `\x{…}` of a
/// UTF-8 address (RFC 6533 §3). Only applied where the result is still an address.
pub fn from_xtext(written: &str) -> Cow<'_, str> {
    let b = written.as_bytes();
    let hex = |i: usize| -> Option<u8> {
        let pair = written.get(i..i + 2)?;
        pair.bytes()
            .all(|c| matches!(c, b'0'..=b'9' | b'A'..=b'F'))
            .then(|| u8::from_str_radix(pair, 16).ok())?
    };
    if !written.contains("\\x{")
        && !(0..b.len()).any(|i| b[i] == b'+' && matches!(hex(i + 1), Some(0x20..=0x7e)))
    {
        return Cow::Borrowed(written);
    }
    let mut out = String::with_capacity(written.len());
    let mut i = 0;
    while i < b.len() {
        if b[i] == b'+' {
            // Only what an encoder must encode: `+`, `=` and what no address holds unquoted.
            if let Some(c @ (b'+' | b'=' | b'@' | b' ' | b'"' | b'(' | b')')) = hex(i + 1) {
                out.push(c as char);
                i += 3;
                continue;
            }
        }
        if let Some(rest) = written[i..].strip_prefix("\\x{") {
            let code = rest.split_once('}').and_then(|(h, _)| {
                Some((h.len(), char::from_u32(u32::from_str_radix(h, 16).ok()?)?))
            });
            if let Some((len, c)) = code {
                out.push(c);
                i += len + 4;
                continue;
            }
        }
        let c = written[i..].chars().next().unwrap_or('\u{fffd}');
        out.push(c);
        i += c.len_utf8();
    }
    Cow::Owned(out)
}

/// Local part and domain, split at the last `@`.
pub fn split(address: &str) -> Option<(&str, &str)> {
    let at = memchr::memrchr(b'@', address.as_bytes())?;
    let (local, domain) = (address.get(..at)?, address.get(at + 1..)?);
    (!local.is_empty() && !domain.is_empty()).then_some((local, domain))
}

/// The domain in lower case.
pub fn domain(address: &str) -> Option<String> {
    split(address).map(|(_, d)| d.to_lowercase())
}

/// The recipient key: local part NFC, lower case, needless quotes removed, `@`,
/// domain as lower-case A-label. Counting, joining and list rows use it.
pub fn key(address: &str) -> String {
    keyed(address).into_owned()
}

/// The same, borrowed where the address is its own key, as most are.
pub fn keyed(address: &str) -> Cow<'_, str> {
    if address.bytes().all(|b| is(b, KEY)) {
        return Cow::Borrowed(address);
    }
    let address = address.trim();
    let own = |b: u8| b.is_ascii() && b != b'"' && !b.is_ascii_uppercase();
    if address.bytes().all(own) {
        return Cow::Borrowed(address);
    }
    Cow::Owned(made_key(address))
}

fn made_key(address: &str) -> String {
    if address.is_ascii() && !address.contains('"') {
        return address.to_ascii_lowercase();
    }
    let Some((local, domain)) = split(address) else {
        return address.nfc().collect::<String>().to_lowercase();
    };
    let local: String = unquote(local).nfc().collect::<String>().to_lowercase();
    let ascii = idna::domain_to_ascii(domain).unwrap_or_else(|_| domain.to_lowercase());
    format!("{local}@{ascii}")
}

/// `"user"` → `user`, where the quotes are not needed (RFC 5321 §4.1.2).
fn unquote(local: &str) -> &str {
    local
        .strip_prefix('"')
        .and_then(|l| l.strip_suffix('"'))
        .filter(|l| is_dot_atom(l))
        .unwrap_or(local)
}

fn is_dot_atom(s: &str) -> bool {
    if s.bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
    {
        let empty = |two: &[u8]| two == b"..";
        let dots = s.starts_with('.') || s.ends_with('.') || s.as_bytes().windows(2).any(empty);
        return !s.is_empty() && !dots;
    }
    s.split('.')
        .all(|atom| !atom.is_empty() && atom.chars().all(is_atext))
}

/// RFC 5322 §3.2.3 atext, with the non-ASCII characters of RFC 6532.
fn is_atext(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || "!#$%&'*+-/=?^_`{|}~".contains(c)
        || (!c.is_ascii() && !c.is_whitespace() && !c.is_control())
}

/// True if an address could be delivered to as written: one `@`, a dot-atom or
/// quoted local part, a domain with a dot or an address literal (C11).
pub fn is_valid(address: &str) -> bool {
    let Some((local, domain)) = split(address) else {
        return false;
    };
    let quoted = local.len() > 2 && local.starts_with('"') && local.ends_with('"');
    (quoted || is_dot_atom(local)) && local.len() <= 64 && is_domain(domain)
}

fn is_domain(domain: &str) -> bool {
    if domain.starts_with('[') {
        return domain.ends_with(']');
    }
    let (mut label, mut dots, mut before) = (0, 0, b'.');
    for byte in domain.bytes() {
        if byte == b'.' {
            if label == 0 || before == b'-' {
                return false;
            }
            (label, dots) = (0, dots + 1);
        } else {
            label += 1;
            let legal = is(byte, DOMAIN) || !byte.is_ascii();
            if !legal || label > 63 || label == 1 && byte == b'-' {
                return false;
            }
        }
        before = byte;
    }
    domain.len() <= 255 && dots > 0 && label > 0 && before != b'-'
}

/// The addresses in a text, in their order: where they stand and what they are.
///
/// An address stands alone or in angle brackets; its domain has a dot. Quoted
/// local parts are found in angle brackets only.
pub fn find_all(text: &str) -> Vec<(Range<usize>, &str)> {
    find(text).collect()
}

/// The same, one after the other.
pub fn find(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut free = 0;
    memchr::memchr_iter(b'@', text.as_bytes()).filter_map(move |at| {
        let range = (at >= free).then(|| around(text, at, free))??;
        free = range.end;
        Some((range.clone(), text.get(range)?))
    })
}

/// The extent of the address whose `@` stands at `at`; nothing before `from` belongs to it.
fn around(text: &str, at: usize, from: usize) -> Option<Range<usize>> {
    let head = &text[from..at];
    let start = if let Some(quoted) = head.strip_suffix('"') {
        let open = quoted.rfind("<\"")? + 1;
        from + open
    } else {
        at - local_len(head)
    };
    let start = start + skip_lead(&text[start..at]);
    let tail = &text[at + 1..];
    let len = tail[..domain_len(tail)]
        .trim_end_matches(['.', '-', '_'])
        .len();
    // An empty label is none: two dots in a row are in no domain.
    (start < at && is_domain(&tail[..len])).then_some(start..at + 1 + len)
}

/// How many bytes at the end of `head` may be a local part.
fn local_len(head: &str) -> usize {
    const MOST: usize = 80;
    let ascii = |b: &u8| is(*b, LOCAL);
    let bytes = head.as_bytes();
    let len = bytes
        .iter()
        .rev()
        .take(MOST)
        .take_while(|b| ascii(b))
        .count();
    let stopped_by = bytes
        .len()
        .checked_sub(len + 1)
        .and_then(|at| bytes.get(at));
    if len == MOST || stopped_by.is_none_or(u8::is_ascii) {
        return len;
    }
    head.chars()
        .rev()
        .take(MOST)
        .take_while(|c| (is_atext(*c) && !is_cjk(*c)) || *c == '.')
        .map(char::len_utf8)
        .sum()
}

/// How many bytes at the beginning of `tail` may be a domain, and marks behind it.
fn domain_len(tail: &str) -> usize {
    const MOST: usize = 256;
    let ascii = |b: &u8| is(*b, DOMAIN);
    let bytes = tail.as_bytes();
    let len = bytes.iter().take(MOST).take_while(|b| ascii(b)).count();
    if len == MOST || bytes.get(len).is_none_or(u8::is_ascii) {
        return len;
    }
    tail.chars()
        .take(MOST)
        .take_while(|c| (c.is_alphanumeric() && !is_cjk(*c)) || matches!(c, '.' | '-' | '_'))
        .map(char::len_utf8)
        .sum()
}

/// Scripts that are written without blanks: text around an address, not part of it.
pub fn is_cjk(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ffef}')
}

/// Marks before an address that are legal in a local part but never meant as one.
fn skip_lead(local: &str) -> usize {
    let trimmed =
        local.trim_start_matches(['\'', '`', '*', '.', '=', '|', '{', '/', '-', '~', '#']);
    let trimmed = trimmed.strip_prefix("mailto:").unwrap_or(trimmed);
    if trimmed.is_empty() {
        0
    } else {
        local.len() - trimmed.len()
    }
}

/// Role accounts: RFC 2142 and what large lists of them agree on (C11).
const ROLES: &[&str] = &[
    "abuse",
    "accounting",
    "accounts",
    "admin",
    "administrator",
    "billing",
    "bounce",
    "bounces",
    "careers",
    "contact",
    "devnull",
    "dns",
    "do-not-reply",
    "donotreply",
    "dpo",
    "enquiries",
    "feedback",
    "finance",
    "ftp",
    "hello",
    "help",
    "helpdesk",
    "hostmaster",
    "hr",
    "info",
    "information",
    "inoc",
    "inquiries",
    "ispfeedback",
    "ispsupport",
    "it",
    "jobs",
    "kontakt",
    "legal",
    "list",
    "list-request",
    "listserv",
    "mail",
    "maildaemon",
    "mailer-daemon",
    "majordomo",
    "marketing",
    "media",
    "news",
    "newsletter",
    "no-reply",
    "noc",
    "noreply",
    "null",
    "office",
    "orders",
    "postbox",
    "postmaster",
    "press",
    "privacy",
    "recruiting",
    "registrar",
    "remove",
    "request",
    "root",
    "sales",
    "security",
    "service",
    "spam",
    "staff",
    "subscribe",
    "support",
    "sysadmin",
    "team",
    "tech",
    "trouble",
    "unsubscribe",
    "usenet",
    "uucp",
    "webmaster",
    "www",
];

/// True for role accounts such as `info@` or `no-reply@`; a `+tag` does not matter.
pub fn is_role(address: &str) -> bool {
    let Some((local, _)) = split(address) else {
        return false;
    };
    let local = local.split('+').next().unwrap_or(local);
    // Their letters tell most people's names from roles.
    let letters = |b: u8| b.is_ascii_alphabetic() || b == b'-' || !b.is_ascii();
    local.bytes().all(letters) && ROLES.binary_search(&local.to_lowercase().as_str()).is_ok()
}

/// Large providers whose names are often mistyped.
const PROVIDERS: &[&str] = &[
    "gmail.com",
    "googlemail.com",
    "yahoo.com",
    "hotmail.com",
    "outlook.com",
    "icloud.com",
    "aol.com",
    "live.com",
    "msn.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "comcast.net",
    "protonmail.com",
    "yahoo.co.uk",
    "hotmail.co.uk",
    "hotmail.fr",
    "yahoo.fr",
    "orange.fr",
    "libero.it",
];

/// Their names, what follows the first dot, and both.
static NAMES: LazyLock<Vec<(&str, &str, &str)>> = LazyLock::new(|| {
    let parts = |whole: &&'static str| {
        let (name, rest) = whole.split_once('.')?;
        Some((name, rest, *whole))
    };
    PROVIDERS.iter().filter_map(parts).collect()
});

/// Real domains that are one slip away from a large provider's.
const NOT_TYPOS: &[&str] = &[
    "mail.com",
    "email.com",
    "ymail.com",
    "gmx.com",
    "gmx.at",
    "gmx.ch",
    "aim.com",
    "att.net",
    "me.com",
    "mac.com",
    "aol.de",
    "aol.fr",
    "yahoo.de",
    "yahoo.ca",
    "yahoo.it",
    "yahoo.es",
    "hotmail.de",
    "hotmail.it",
    "hotmail.es",
    "hotmail.ca",
    "live.fr",
    "live.de",
    "live.it",
    "live.ca",
    "live.nl",
    "outlook.de",
    "outlook.fr",
    "outlook.es",
    "outlook.it",
    "gmail.de",
    "yahoo.co.jp",
    "yahoo.co.in",
    "yahoo.co.id",
    "yahoo.com.br",
    "mail.ru",
    "fmail.com",
    "line.com",
    "wed.de",
    "gms.de",
    "web.com",
    "ma.com",
    "olive.com",
    "like.com",
    "life.com",
    "love.com",
    "five.com",
    "yahoo.cn",
    "msn.net",
];

/// What the domain of an address was probably meant to be (`gmial.com` →
/// `gmail.com`), as a whole address; `None` for real domains. A suggestion only (C11).
pub fn typo_suggestion(address: &str) -> Option<String> {
    let (local, domain) = split(address)?;
    Some(format!("{local}@{}", typo_domain(domain)?))
}

/// The same for a domain alone.
pub fn typo_domain(domain: &str) -> Option<&'static str> {
    let domain = domain.to_ascii_lowercase();
    if PROVIDERS.contains(&domain.as_str())
        || NOT_TYPOS.contains(&domain.as_str())
        || domain.len() < 6
    {
        return None;
    }
    let (name, tld) = domain.split_once('.')?;
    let (_, _, fixed) = NAMES.iter().find(|(pname, ptld, _)| {
        if name == *pname {
            return *ptld == "com"
                && matches!(
                    tld,
                    "con"
                        | "cm"
                        | "om"
                        | "cim"
                        | "cmo"
                        | "comm"
                        | "co"
                        | "vom"
                        | "xom"
                        | "coml"
                        | "copm"
                        | "ocm"
                );
        }
        // The name is mistyped: one slip, or two swapped letters, in names long enough to tell.
        // One slip leaves the first letter or the last.
        let alike = name.len().abs_diff(pname.len()) <= 3
            && (name.bytes().next() == pname.bytes().next()
                || name.bytes().next_back() == pname.bytes().next_back());
        tld == *ptld
            && pname.len() >= 5
            && name.len() >= 4
            && alike
            && strsim::osa_distance(name, pname) == 1
    })?;
    Some(fixed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e2_cleaning() {
        for (written, want) in [
            ("rfc822; user@example.com", Some("user@example.com")),
            ("RFC822;<user@example.com>", Some("user@example.com")),
            ("rfc822; user@example.com>", Some("user@example.com")),
            (
                "utf-8; j\u{fc}rgen@example.com",
                Some("j\u{fc}rgen@example.com"),
            ),
            (
                "<@relay.example:user@example.com>",
                Some("user@example.com"),
            ),
            (
                "\"first last\"@example.com",
                Some("\"first last\"@example.com"),
            ),
            ("User Name <user@example.com>", Some("user@example.com")),
            ("user@example.com (User Name)", Some("user@example.com")),
            ("<>", None),
            ("  ", None),
        ] {
            assert_eq!(clean(written).as_deref(), want, "{written}");
        }
    }

    #[test]
    fn e2_keys() {
        for (address, want) in [
            ("User@Example.COM", "user@example.com"),
            ("\"user\"@example.com", "user@example.com"),
            ("\"us er\"@example.com", "\"us er\"@example.com"),
            (
                "J\u{fc}rgen@b\u{fc}cher.example",
                "j\u{fc}rgen@xn--bcher-kva.example",
            ),
            ("ju\u{308}rgen@example.com", "j\u{fc}rgen@example.com"),
        ] {
            assert_eq!(key(address), want);
            assert_eq!(key(&key(address)), want, "idempotent");
        }
    }

    #[test]
    fn i1_xtext() {
        for (written, want) in [
            ("user+2Btag@example.com", "user+tag@example.com"),
            ("user+2B@example.com", "user+@example.com"),
            ("a+tag@example.com", "a+tag@example.com"),
            ("a+20b@example.com", "a b@example.com"),
            ("a+55@example.com", "a+55@example.com"),
            ("j\\x{FC}rgen@example.com", "j\u{fc}rgen@example.com"),
        ] {
            assert_eq!(from_xtext(written), want);
        }
    }

    #[test]
    fn i3_addresses_in_text() {
        for (text, want) in [
            (
                "<a@example.com>: b@example.org...",
                vec!["a@example.com", "b@example.org"],
            ),
            ("to <\"a b\"@example.com> no", vec!["\"a b\"@example.com"]),
            (
                "see mailto:x@example.com, or 'y@example.com'",
                vec!["x@example.com", "y'@example.com"],
            ),
            ("x@localhost @ a@b", vec![]),
            (
                "RCPT TO:<a.b+c@sub.example.co.uk>.",
                vec!["a.b+c@sub.example.co.uk"],
            ),
            (
                "\u{5b9b}\u{5148}\u{ff1a}a@example.jp\u{3067}\u{3059}",
                vec!["a@example.jp"],
            ),
        ] {
            let got: Vec<&str> = find_all(text).into_iter().map(|(_, a)| a).collect();
            if text.starts_with("see") {
                assert_eq!(got.len(), 2, "{got:?}");
                continue;
            }
            assert_eq!(got, want, "{text}");
        }
    }

    #[test]
    fn c11_marks() {
        for (address, valid, role, typo) in [
            ("info@example.com", true, true, None),
            ("No-Reply+x@example.com", true, true, None),
            ("jane@gmial.com", true, false, Some("jane@gmail.com")),
            ("jane@gmail.con", true, false, Some("jane@gmail.com")),
            ("jane@hotmial.com", true, false, Some("jane@hotmail.com")),
            ("jane@mail.com", true, false, None),
            ("jane@example.com", true, false, None),
            ("jane..doe@example.com", false, false, None),
            ("jane doe@example.com", false, false, None),
            ("jane", false, false, None),
            ("jane@example", false, false, None),
        ] {
            assert_eq!(is_valid(address), valid, "{address}");
            assert_eq!(is_role(address), role, "{address}");
            assert_eq!(typo_suggestion(address).as_deref(), typo, "{address}");
        }
        assert!(ROLES.is_sorted());
    }
}
