//! What the subject of a mail says about its being an automatic reply.

use super::fold::fold;
use super::words::{self, Kind};

/// Marks in front of an answered or forwarded subject, as mail programs localise them.
const REPLY: &[&str] = &[
    "re",
    "aw",
    "sv",
    "vs",
    "antw",
    "ant",
    "res",
    "r",
    "rif",
    "odp",
    "ynt",
    "ha",
    "ang",
    "ref",
    "回复",
    "回覆",
    "答复",
    "答覆",
    "返信",
    "回信",
    "σχετ",
    "απ",
    "ответ",
    "отв",
    "на",
    "תגובה",
    "השב",
    "رد",
    "답장",
    "회신",
    "回復",
    "vá",
    "bls",
    "atb",
];
/// Marks in front of a forwarded one.
const FORWARD: &[&str] = &[
    "fwd",
    "fw",
    "wg",
    "tr",
    "rv",
    "enc",
    "i",
    "pd",
    "vl",
    "ilt",
    "doorst",
    "vb",
    "vidarebefordrat",
    "转发",
    "轉寄",
    "転送",
    "пересл",
    "fs",
    "전달",
    "továbbítás",
    "tov",
];
/// Words that go on after the beginning of an automatic subject ("… until Monday").
const FOLLOW: &[&str] = &[
    "until",
    "till",
    "through",
    "from",
    "to",
    "re",
    "fwd",
    "aw",
    "sv",
    "bis",
    "vom",
    "von",
    "ab",
    "wegen",
    "auf",
    "zu",
    "jusqu'au",
    "jusqu'a",
    "jusqu'",
    "du",
    "au",
    "le",
    "de",
    "d'",
    "hasta",
    "del",
    "el",
    "desde",
    "ate",
    "do",
    "dal",
    "dell'",
    "di",
    "fino",
    "al",
    "tot",
    "van",
    "t/m",
    "vanaf",
    "op",
    "fran",
    "till",
    "til",
    "fra",
    "od",
    "с",
    "до",
    "по",
    "на",
    "asti",
    "saakka",
    "a",
    "back",
    "returning",
];

/// Names of the mail itself, in between.
const NAMES: &[&str] = &[
    "notification",
    "message",
    "notice",
    "reply",
    "response",
    "autoreply",
    "auto-reply",
    "assistant",
];

/// How much a subject proves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strength {
    /// Nothing.
    #[default]
    None,
    /// It supports what the body says.
    Hint,
    /// It begins as only the subjects of automatic replies do.
    Proof,
    /// It is that of a non-delivery notice.
    Bounce,
}

/// A subject, read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// How much it proves.
    pub strength: Strength,
    /// "Re:" stood before it: the answer of a person, or of a program to one.
    pub answered: bool,
    /// "Fwd:" stood before it: somebody else's subject.
    pub forwarded: bool,
}

/// Reads a decoded subject.
pub fn read(subject: &str) -> Subject {
    let folded = fold(subject);
    let mut rest = folded.as_str();
    let mut out = Subject::default();
    // Each round takes one mark off; nobody needs more than a few.
    for _ in 0..8 {
        match strength(rest) {
            Strength::None => {}
            Strength::Hint => out.strength = Strength::Hint,
            decided => {
                out.strength = decided;
                return out;
            }
        }
        if let Some(after) = strip_mark(rest, REPLY) {
            out.answered = true;
            rest = after;
        } else if let Some(after) = strip_mark(rest, FORWARD) {
            out.forwarded = true;
            rest = after;
        } else if let Some(after) = strip_tag(rest) {
            rest = after;
        } else {
            break;
        }
    }
    out
}

/// Takes "re:", "re[2]:", "aw(3) :" off.
fn strip_mark<'a>(subject: &'a str, marks: &[&str]) -> Option<&'a str> {
    let (mark, rest) = subject.split_once(':')?;
    let mark = mark.trim_end();
    let mark = mark.trim_end_matches(|c: char| c.is_ascii_digit() || "[]()^".contains(c));
    marks
        .iter()
        .any(|m| fold(m) == mark)
        .then(|| rest.trim_start())
}

/// Takes a tag like "[external]" off.
fn strip_tag(subject: &str) -> Option<&str> {
    let (tag, rest) = subject.strip_prefix('[')?.split_once(']')?;
    (tag.len() <= 40 && !rest.trim().is_empty()).then(|| rest.trim_start())
}

fn strength(subject: &str) -> Strength {
    let bare = subject.trim_start_matches(|c: char| !c.is_alphanumeric());
    // "[ticket" is a beginning of its own.
    let found = words::subject_start(subject).or_else(|| words::subject_start(bare));
    match found {
        Some((Kind::Bounce, _)) => Strength::Bounce,
        Some((Kind::Subject, rest)) if goes_on(rest) => Strength::Proof,
        Some(_) => Strength::Hint,
        None => Strength::None,
    }
}

/// True if nothing follows, or a mark, a date, a script without blanks, or one of [`FOLLOW`].
fn goes_on(rest: &str) -> bool {
    let rest = rest.trim_start();
    let named = NAMES.iter().find_map(|name| rest.strip_prefix(name));
    let rest = named.unwrap_or(rest).trim_start();
    let Some(first) = rest.chars().next() else {
        return true;
    };
    !first.is_alphabetic()
        || words::is_unspaced(first)
        || FOLLOW.iter().any(|word| {
            rest.strip_prefix(word).is_some_and(|r| {
                word.ends_with('\'') || !r.chars().next().is_some_and(char::is_alphanumeric)
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use Strength::{Bounce, Hint, None, Proof};

    #[test]
    fn c8_subjects_of_thirty_languages() {
        for subject in [
            "Automatic reply: your mail",
            "Out of Office",
            "OUT OF OFFICE until 3 March",
            "Out of the office - back Monday",
            "Autoreply from N.",
            "Re: Out of office",
            "[EXTERNAL] Automatic reply: hello",
            "Automatische Antwort: Ihre Mail",
            "Abwesenheitsnotiz",
            "Abwesend bis 3.3.",
            "Au\u{df}er Haus vom 1.3.",
            "R\u{e9}ponse automatique : Bonjour",
            "Absence du bureau du 3 au 5",
            "Respuesta autom\u{e1}tica: Hola",
            "Fuera de la oficina hasta el 3",
            "Resposta autom\u{e1}tica: Ol\u{e1}",
            "Risposta automatica: Ciao",
            "Automatisch antwoord: x",
            "Automatiskt svar: x",
            "Automatisk svar: x",
            "Autosvar",
            "Automaattinen vastaus: x",
            "Odpowied\u{17a} automatyczna: x",
            "Automatick\u{e1} odpov\u{11b}\u{10f}: x",
            "R\u{103}spuns automat: x",
            "Automatikus v\u{e1}lasz: x",
            "Автоматический ответ: x",
            "Автоматична відповідь: x",
            "Αυτόματη απάντηση: x",
            "Otomatik yan\u{131}t: x",
            "自動応答: 件名",
            "自動返信",
            "【自動返信】お問い合わせ",
            "自动回复: 你好",
            "自動回覆：您好",
            "자동 회신: 안녕",
            "부재중",
            "Balasan otomatis: x",
            "Trả lời tự động: x",
            "ตอบกลับอัตโนมัติ: x",
            "स्वचालित उत्तर: x",
            "رد تلقائي: x",
            "תשובה אוטומטית: x",
            "Automaatvastus: x",
            "Resposta autom\u{e0}tica: x",
            "Samodejni odgovor: x",
        ] {
            assert_eq!(read(subject).strength, Proof, "{subject}");
        }
    }

    #[test]
    fn c8_other_subjects() {
        for (subject, want) in [
            ("Re: out of office furniture", Hint),
            ("Automatic reply feature request", Hint),
            ("Abwesenheitsnotiz einrichten?", Hint),
            ("Away for lunch", Hint),
            ("[Ticket#123] Your request", Hint),
            ("Undeliverable: hello", Bounce),
            ("Re: your offer", None),
            ("Autorepair shop", None),
            ("Awayday", None),
            ("", None),
            ("[[[[[[[[[[[[", None),
        ] {
            assert_eq!(read(subject).strength, want, "{subject}");
        }
        assert!(read("AW: Abwesenheitsnotiz").answered);
        assert!(read("WG: Abwesenheitsnotiz").forwarded);
        assert!(!read("Reminder: x").answered);
    }
}
