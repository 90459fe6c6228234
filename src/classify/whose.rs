//! Whose address is it that does not exist? `Sender address unknown` and `your IP
//! address is not valid` use the words of a dead mailbox, but speak of us.
//!
//! An address is never called dead by words that stand right behind a word for the
//! sender: that would silence a live customer (C5).

use crate::vocab::Reason;
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use std::ops::Range;
use std::sync::LazyLock;

/// How many words before a match are read.
const BEFORE: usize = 3;

/// Words for our side, and what is then the matter.
const OURS: &[(&str, Reason)] = &[
    ("ip", Reason::Blocked),
    ("your host", Reason::RequirePtr),
    ("your server", Reason::RequirePtr),
    ("helo", Reason::RequirePtr),
    ("ehlo", Reason::RequirePtr),
    ("client host", Reason::RequirePtr),
    ("client", Reason::RequirePtr),
    ("ptr", Reason::RequirePtr),
    ("reverse dns", Reason::RequirePtr),
    ("authentication failed", Reason::SecurityError),
    ("authentication failure", Reason::SecurityError),
    ("login failed", Reason::SecurityError),
    ("spf", Reason::AuthFailure),
    ("dkim", Reason::AuthFailure),
    ("dmarc", Reason::AuthFailure),
    ("sender", Reason::SenderRejected),
    ("senders", Reason::SenderRejected),
    ("sending", Reason::SenderRejected),
    ("originator", Reason::SenderRejected),
    ("mail from", Reason::SenderRejected),
    ("envelope from", Reason::SenderRejected),
    ("from address", Reason::SenderRejected),
    ("from domain", Reason::SenderRejected),
    ("from header", Reason::SenderRejected),
    ("the from", Reason::SenderRejected),
    ("return path", Reason::SenderRejected),
    ("reverse path", Reason::SenderRejected),
    ("return address", Reason::SenderRejected),
    ("reply to", Reason::SenderRejected),
    ("your domain", Reason::SenderRejected),
    ("your email", Reason::SenderRejected),
    ("your e mail", Reason::SenderRejected),
    ("your address", Reason::SenderRejected),
    ("your mail", Reason::SenderRejected),
    ("your mailbox", Reason::SenderRejected),
    ("your user", Reason::SenderRejected),
    ("your account", Reason::SenderRejected),
    ("your own", Reason::SenderRejected),
    ("reply address", Reason::SenderRejected),
    ("connecting", Reason::RequirePtr),
    ("header", Reason::NotCompliantRfc),
    ("message id", Reason::NotCompliantRfc),
];

/// The sender in the languages of servers: each stands for any word that starts so
/// (`Absender`, `Absenders`, `Absenderadresse`), in canonical letters.
const STEMS: &[&str] = &[
    "absender",
    "expediteur",
    "emetteur",
    "remitente",
    "remetente",
    "mittente",
    "afzender",
    "nadawc",
    "отправител",
    "відправник",
    "avsandar",
    "afsender",
    "avsender",
    "lahettaj",
    "odesilatel",
    "odosielatel",
    "posiljatel",
    "felado",
    "expeditor",
    "gonderen",
    "αποστολε",
    "발신자",
    "발신인",
    "보낸사람",
];

/// The same where words have no blanks between them: such a word may stand anywhere.
const UNSPACED: &[&str] = &[
    "送信元",
    "送信者",
    "差出人",
    "発信元",
    "発信者",
    "发件人",
    "发信人",
    "发送者",
    "发送方",
    "發件人",
    "寄件者",
    "寄件人",
];

/// The other side, by name: words that stand behind a word for the sender and take
/// the blame off it (`Zurück an den Absender: Empfänger unbekannt`).
const THEIRS: &[&str] = &[
    "empfanger",
    "destinatair",
    "destinatari",
    "ontvanger",
    "odbiorc",
    "adresat",
    "получател",
    "mottagar",
    "modtager",
    "mottaker",
    "宛先",
    "受信者",
    "收件人",
    "收件者",
    "수신자",
    "받는",
];

/// What says, right behind the words, that they speak of our side:
/// `unknown user in your return path`.
const BEHIND: &[(&str, Reason)] = &[
    ("helo", Reason::RequirePtr),
    ("ehlo", Reason::RequirePtr),
    ("return path", Reason::SenderRejected),
    ("reverse path", Reason::SenderRejected),
    ("return address", Reason::SenderRejected),
    ("envelope sender", Reason::SenderRejected),
    ("envelope from", Reason::SenderRejected),
    ("sender", Reason::SenderRejected),
    ("sender address", Reason::SenderRejected),
    ("senders domain", Reason::SenderRejected),
    ("mail from", Reason::SenderRejected),
    ("from address", Reason::SenderRejected),
    ("from header", Reason::SenderRejected),
    ("from field", Reason::SenderRejected),
];

/// Who the words themselves speak of, between their first and their last:
/// `address you send from is not valid`, `unable to resolve sender's domain`.
const WITHIN: &[(&str, Reason)] = &[
    ("header", Reason::NotCompliantRfc),
    ("sender", Reason::SenderRejected),
    ("senders", Reason::SenderRejected),
    ("you send from", Reason::SenderRejected),
    ("you sent from", Reason::SenderRejected),
    ("you are sending from", Reason::SenderRejected),
    ("return path", Reason::SenderRejected),
    ("reverse path", Reason::SenderRejected),
    ("mail from", Reason::SenderRejected),
];

/// Phrases that name the sender without speaking of its address.
const NOT_OURS: &[&str] = &[
    "to sender",
    "to the sender",
    "in reply to",
    "an absender",
    "an den absender",
    "a l expediteur",
    "al remitente",
    "ao remetente",
    "al mittente",
    "aan afzender",
    "aan de afzender",
    "do nadawcy",
    "отправителю",
];

/// What is wrong with our side, if the words that matched speak of it.
pub fn ours(words: &str, matched: Range<usize>) -> Option<Reason> {
    let hit = words.get(matched.clone())?;
    if hit.contains("{ip}") {
        return Some(Reason::Blocked);
    }
    if !may_name_us(words) {
        return None;
    }
    let before = last_words(words.get(..matched.start)?, BEFORE);
    let hit_words: Vec<&str> = hit.split(' ').collect();
    // The first word may complete the name: `from` + `address does not exist`.
    let first = hit_words.first().copied().unwrap_or("");
    let near: Vec<&str> = before.split(' ').chain([first]).collect();
    if NOT_OURS.iter().any(|n| stands_in(&near, n)) {
        return None;
    }
    if let Some((_, reason)) = OURS.iter().find(|(w, _)| stands_in(&near, w)) {
        return Some(*reason);
    }
    if let Some((_, reason)) = WITHIN.iter().find(|(w, _)| stands_in(&hit_words, w)) {
        return Some(*reason);
    }
    if names_sender(&format!("{before} {hit}")) {
        return Some(Reason::SenderRejected);
    }
    let rest = words.get(matched.end..)?;
    // `Dirección inválida del remitente`: the genitive stands behind the words.
    let genitive = !names(hit, THEIRS, false) && behind_foreign(rest);
    if genitive {
        return Some(Reason::SenderRejected);
    }
    behind(rest)
}

/// Every word for our side. Most replies hold none: one pass says so.
static CUES: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let phrases = [OURS, BEHIND, WITHIN].into_iter().flatten().map(|(w, _)| w);
    AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .build(phrases.chain(STEMS).chain(UNSPACED))
        .ok()
});

/// False if nothing in the text can speak of the sender's side.
fn may_name_us(words: &str) -> bool {
    let Some(cues) = CUES.as_ref() else {
        return true;
    };
    cues.find_overlapping_iter(words).any(|m| {
        let before = words.get(..m.start()).unwrap_or_default();
        let cue = words.get(m.range()).unwrap_or_default();
        // `in reply to rcpt to command` is said of many a reply.
        let stage = cue == "reply to" && before.ends_with("in ");
        let starts = before.is_empty() || before.ends_with(' ') || !cue.is_ascii();
        starts && !stage
    })
}

/// True if one of the words stands in the text.
fn names(text: &str, all: &[&str], at_start: bool) -> bool {
    last_of(text, all, at_start).is_some()
}

/// A word for the sender, behind at most one article or preposition.
fn behind_foreign(rest: &str) -> bool {
    let mut words = rest.split_whitespace();
    let articles = [
        "de", "del", "do", "da", "du", "der", "des", "van", "l", "di", "d",
    ];
    let named = words.find(|w| !articles.contains(w)).unwrap_or("");
    STEMS.iter().any(|s| named.starts_with(s))
}

/// True if the last of the words for either side is one for the sender.
fn names_sender(text: &str) -> bool {
    let ours = last_of(text, STEMS, true).max(last_of(text, UNSPACED, false));
    ours.is_some() && ours > last_of(text, THEIRS, false)
}

/// Where the last of the words stands; `at_start`: only where a word begins.
fn last_of(text: &str, all: &[&str], at_start: bool) -> Option<usize> {
    all.iter()
        .flat_map(|w| text.rmatch_indices(w).map(|(at, _)| at))
        .filter(|&at| !at_start || at == 0 || text.as_bytes().get(at - 1) == Some(&b' '))
        .max()
}

/// `in your return path`, `for sender`: a preposition, then a word for our side.
fn behind(rest: &str) -> Option<Reason> {
    // `host name unknown: mail.example.org (HELO)`
    let mut next = rest.split_whitespace().take(2);
    if next.any(|w| matches!(w, "helo" | "ehlo")) {
        return Some(Reason::RequirePtr);
    }
    let mut words = rest.split_whitespace().peekable();
    let mut start = words.clone().take(2);
    // `no such domain: sender domain example.org`
    if let (Some("sender" | "sending" | "your"), Some("domain")) = (start.next(), start.next()) {
        return Some(Reason::SenderRejected);
    }
    words.next_if(|w| matches!(*w, "in" | "of" | "for" | "as"))?;
    while words
        .next_if(|w| matches!(*w, "the" | "your" | "this" | "dns"))
        .is_some()
    {}
    let near: Vec<&str> = words.take(2).collect();
    let named = |phrase: &str| phrase.split(' ').zip(&near).all(|(a, b)| a == *b);
    let fits = |phrase: &str| phrase.split(' ').count() <= near.len() && named(phrase);
    BEHIND.iter().find(|(w, _)| fits(w)).map(|(_, r)| *r)
}

/// True if the words of the phrase stand in the text one after the other.
fn stands_in(text: &[&str], phrase: &str) -> bool {
    (0..text.len()).any(|i| {
        let mut rest = text.iter().skip(i);
        phrase.split(' ').all(|w| rest.next() == Some(&w))
    })
}

fn last_words(text: &str, n: usize) -> &str {
    let text = text.trim_end();
    let start = text
        .rmatch_indices(' ')
        .nth(n - 1)
        .map_or(0, |(at, _)| at + 1);
    text.get(start..).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c5_dead_addresses_that_are_ours() {
        for (words, hit, want) in [
            (
                "your ip address is unknown",
                "address is unknown",
                Some(Reason::Blocked),
            ),
            (
                "address {ip} is not valid",
                "address {ip} is not valid",
                Some(Reason::Blocked),
            ),
            (
                "the from address does not exist",
                "address does not exist",
                Some(Reason::SenderRejected),
            ),
            (
                "sending domain not found",
                "domain not found",
                Some(Reason::SenderRejected),
            ),
            (
                "dmarc domain example.org not found",
                "domain example.org not found",
                Some(Reason::AuthFailure),
            ),
            ("550 user unknown", "user unknown", None),
            ("return to sender user unknown", "user unknown", None),
            (
                "sender x wrote to y but the user unknown",
                "user unknown",
                None,
            ),
            ("rcpt to {addr} user unknown", "user unknown", None),
        ] {
            let start = words.find(hit).unwrap();
            assert_eq!(ours(words, start..start + hit.len()), want, "{words}");
        }
    }

    #[test]
    fn c5_the_sender_in_other_languages_and_behind_the_words() {
        let sender = Some(Reason::SenderRejected);
        for (text, hit, want) in [
            (
                "Die Domain des Absenders existiert nicht",
                "existiert nicht",
                sender,
            ),
            (
                "Le domaine de l'expéditeur n'existe pas",
                "n existe pas",
                sender,
            ),
            ("El dominio del remitente no existe", "no existe", sender),
            ("O endereço do remetente não existe", "nao existe", sender),
            ("Il dominio del mittente non esiste", "non esiste", sender),
            (
                "Het domein van de afzender bestaat niet",
                "bestaat niet",
                sender,
            ),
            ("Domena nadawcy nie istnieje", "nie istnieje", sender),
            (
                "Домен отправителя не найден",
                "домен отправителя не наиден",
                sender,
            ),
            ("Avsändarens domän finns inte", "finns inte", sender),
            ("送信元アドレスが存在しません", "存在しません", sender),
            ("发件人地址不存在", "不存在", sender),
            ("발신자 주소가 존재하지 않습니다", "존재하지", sender),
            (
                "Dirección inválida del remitente",
                "direccion invalida",
                sender,
            ),
            ("unknown user in your return path", "unknown user", sender),
            (
                "the address you send from is not valid",
                "address you send from is not valid",
                sender,
            ),
            (
                "unable to resolve sender's domain",
                "unable to resolve senders domain",
                sender,
            ),
            (
                "No such domain: sender domain example.org",
                "no such domain",
                sender,
            ),
            (
                "invalid domain in EHLO",
                "invalid domain",
                Some(Reason::RequirePtr),
            ),
            (
                "Zurück an Absender: Empfänger unbekannt",
                "empfanger unbekannt",
                None,
            ),
            ("致发件人：收件人不存在", "收件人不存在", None),
            (
                "user unknown in local recipient table",
                "user unknown",
                None,
            ),
            (
                "unknown user for sender's reference 12",
                "unknown user",
                None,
            ),
        ] {
            let canonical = crate::normalise::normalise(text);
            let words = crate::classify::words::Words::new(&canonical);
            let start = words.as_str().find(hit).unwrap();
            assert_eq!(
                ours(words.as_str(), start..start + hit.len()),
                want,
                "{text}"
            );
        }
    }
}
