//! What the subject of a mail says about its being an automatic reply.

use super::fold::fold;
use super::words::{self, Kind};

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
        if let Some(after) = strip_mark(rest, Kind::Reply) {
            out.answered = true;
            rest = after;
        } else if let Some(after) = strip_mark(rest, Kind::Forward) {
            out.forwarded = true;
            rest = after;
        } else if let Some(after) = strip_tag(rest) {
            rest = after;
        } else {
            break;
        }
    }
    if says_so_within(&folded) {
        out.strength = Strength::Proof;
    }
    out
}

/// "Auto: N. is out of the office", "Your mail (automatic reply)"; but nobody's program
/// asks whether somebody is out of the office.
fn says_so_within(folded: &str) -> bool {
    !folded.ends_with('?') && words::find(folded).iter().any(|h| h.kind == Kind::Within)
}

/// Takes "re:", "re[2]:", "aw(3) :" off.
fn strip_mark(subject: &str, kind: Kind) -> Option<&str> {
    let (mark, rest) = subject.split_once(':')?;
    let mark = mark.trim_end();
    let mark = mark.trim_end_matches(|c: char| c.is_ascii_digit() || "[]()^".contains(c));
    words::is_word(kind, mark).then(|| rest.trim_start())
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

/// True if nothing follows, or a mark (but "out of office?" asks), a date, a script without blanks, or a word of
/// the kind `follow`; a word of the kind `name` may come first.
fn goes_on(rest: &str) -> bool {
    let (name, after) = next_word(rest);
    let rest = if words::is_word(Kind::Name, name) {
        after
    } else {
        rest
    };
    let (word, _) = next_word(rest);
    match rest.trim_start().chars().next() {
        None => true,
        Some(first) => {
            (!first.is_alphabetic() && first != '?')
                || words::is_unspaced(first)
                || words::is_word(Kind::Follow, word)
        }
    }
}

/// The next word, with its apostrophe if it ends in one ("d'"), and the rest.
fn next_word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    let end = text
        .find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '/')))
        .unwrap_or(text.len());
    let end = match text.get(end..) {
        Some(rest) if rest.starts_with('\'') => end + 1,
        _ => end,
    };
    text.split_at_checked(end).unwrap_or((text, ""))
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
            "Balasan otomatis: x",
            "Trả lời tự động: x",
            "ตอบกลับอัตโนมัติ: x",
            "स्वचालित उत्तर: x",
            "رد تلقائي: x",
            "תשובה אוטומטית: x",
            "Automaatvastus: x",
            "Resposta autom\u{e0}tica: x",
            "Samodejni odgovor: x",
            "AUTO: N. N. is out of the office (returning 03/03/2026)",
            "N. N. ist au\u{df}er Haus. (R\u{fc}ckkehr am 3.3.)",
            "Your mail (Automatic reply)",
            "お問い合わせ【自動返信】",
            "Automatic reply: Can we talk?",
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
            ("N. is out of the office?", None),
            ("On holiday: half the price", Hint),
            ("부재중 전화", Hint),
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
