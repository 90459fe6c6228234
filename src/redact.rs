//! `--redact`: addresses, subjects and message-ids become keyed hashes (U5), so that
//! output can be shown to others and still be joined.
//!
//! A token is a letter and 20 hexadecimal digits of HMAC-SHA-256 (RFC 2104): `r…` for an
//! address, `s…` for a subject, `m…` for a message-id. The hash of an address is that of
//! its key, so one recipient has one token however the address is written, and under
//! one key everywhere. Without the key nobody can try out addresses against it.
//!
//! The domain of an address stays: which provider refuses mail is what redacted output
//! is shared for. What is redacted comes from the history of a run, not from its output:
//! commands redact an event before they fold it, so that nothing made of it can leak.

mod mask;
mod names;
mod record;
mod scan;

pub use mask::masked;

use crate::address;
use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use names::Names;
use sha2::{Digest, Sha256};

/// Hexadecimal digits of a token: 80 bits, no two of a billion addresses are alike.
const DIGITS: usize = 20;
/// Hexadecimal digits of an `event_id` (E1).
const ID_DIGITS: usize = 32;
/// The block of SHA-256, in bytes.
const BLOCK: usize = 64;

/// Makes tokens with a key.
#[derive(Clone)]
pub struct Redactor(Hmac<Sha256>);

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Redactor(…)")
    }
}

impl Redactor {
    /// With a key of any length.
    pub fn new(key: &[u8]) -> Redactor {
        let mut block = [0; BLOCK];
        for (to, from) in block.iter_mut().zip(Sha256::digest(key)) {
            *to = from;
        }
        Redactor(Hmac::new(&block.into()))
    }

    /// The token of an address: `r…@` and its domain, in lower case as A-label; without
    /// a domain that could be one, no domain.
    pub fn address(&self, written: &str) -> String {
        let key = address::key(written);
        let token = self.token('r', &key);
        match address::split(&key) {
            Some((_, domain)) if is_domain(domain) => format!("{token}@{domain}"),
            _ => token,
        }
    }

    /// The token of a subject.
    pub fn subject(&self, subject: &str) -> String {
        self.token('s', subject.trim())
    }

    /// The token of a message-id.
    pub fn message_id(&self, id: &str) -> String {
        self.token('m', id.trim().trim_matches(['<', '>']))
    }

    /// The id of a redacted event. The id itself is a hash of the address without a key:
    /// whoever has a list of addresses could try them out.
    pub fn event_id(&self, id: &str) -> String {
        self.hash("id", id, ID_DIGITS)
    }

    /// Tells keys apart without giving them away.
    pub fn fingerprint(&self) -> String {
        self.hash("key", "", DIGITS)
    }

    /// A text with tokens for the addresses in it.
    pub fn text(&self, text: &str) -> String {
        self.text_of(text, &Names::default())
    }

    /// The same for a text about some addresses: the words of their local parts are hidden.
    pub fn text_about<'a>(&self, text: &str, addresses: impl Iterator<Item = &'a str>) -> String {
        let mut names = Names::default();
        addresses.for_each(|a| names.add(a, &self.address(a)));
        self.text_of(text, &names)
    }

    fn token(&self, letter: char, what: &str) -> String {
        let mut kind = [0; 4];
        format!(
            "{letter}{}",
            self.hash(letter.encode_utf8(&mut kind), what, DIGITS)
        )
    }

    /// Hexadecimal digits of the hash of `what`, of its own for each kind.
    fn hash(&self, kind: &str, what: &str, digits: usize) -> String {
        let mac = self.0.clone().chain_update(kind).chain_update([0]);
        let hash = mac.chain_update(what).finalize().into_bytes();
        let mut text = HEXLOWER.encode(&hash);
        text.truncate(digits);
        text
    }
}

/// Whether a domain may be shown. What is none may be a part of a name.
fn is_domain(domain: &str) -> bool {
    !domain.starts_with('[') && address::is_valid(&format!("x@{domain}"))
}

#[cfg(test)]
mod tests;
