//! What the sender of a mail wrote himself, without what he quotes.

/// Only so much of a body is read: an automatic reply says what it is at the top.
const MAX_BODY: usize = 16 * 1024;

/// The words of the writer, and whether somebody else's are around them.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Own {
    /// His lines, joined again.
    pub text: String,
    /// Something is quoted.
    pub quotes: bool,
    /// A quotation stands before his first words: an answer between the lines.
    pub quotes_first: bool,
}

/// Verbs before the colon of "On … wrote:", in lower case.
const WROTE: &[&str] = &[
    "wrote",
    "writes",
    "schrieb",
    "a écrit",
    "escribió",
    "escreveu",
    "ha scritto",
    "schreef",
    "skrev",
    "kirjoitti",
    "napisał",
    "napisał(a)",
    "napsal",
    "napsal(a)",
    "пишет",
    "написал",
    "написала",
    "пише",
    "写道",
    "寫道",
    "yazdı",
    "a scris",
    "írta",
    "έγραψε",
    "작성",
    "wrote(a)",
];

/// First words of such a line.
const ON: &[&str] = &[
    "on ", "am ", "le ", "el ", "em ", "il ", "op ", "den ", "på ", "dnia ", "w dniu ", "dne ",
    "в ", "在 ", "pada ",
];

/// What mail programs write between dashes above the original.
const ORIGINAL: &[&str] = &[
    "original message",
    "ursprüngliche nachricht",
    "originalnachricht",
    "message d'origine",
    "message d’origine",
    "message original",
    "mensaje original",
    "messaggio originale",
    "mensagem original",
    "oorspronkelijk bericht",
    "ursprungligt meddelande",
    "originalmeddelande",
    "oprindelig meddelelse",
    "opprinnelig melding",
    "alkuperäinen viesti",
    "wiadomość oryginalna",
    "oryginalna wiadomość",
    "původní zpráva",
    "исходное сообщение",
    "元のメッセージ",
    "原始邮件",
    "原始郵件",
    "원본 메시지",
    "orijinal ileti",
    "mesaj original",
    "eredeti üzenet",
    "forwarded message",
    "weitergeleitete nachricht",
    "message transféré",
    "mensaje reenviado",
    "messaggio inoltrato",
    "mensagem encaminhada",
];

/// The first field of the header that Outlook puts above the original.
const FROM: &[&str] = &[
    "from",
    "von",
    "de",
    "da",
    "van",
    "från",
    "fra",
    "lähettäjä",
    "od",
    "от",
    "від",
    "差出人",
    "发件人",
    "寄件者",
    "보낸 사람",
    "보낸사람",
    "kimden",
    "gönderen",
    "feladó",
    "expeditor",
];

/// Splits the first 16 KiB of `body` into the writer's own lines and the rest.
pub fn own(body: &str) -> Own {
    let lines: Vec<&str> = head(body, MAX_BODY).lines().map(str::trim).collect();
    let mut own: Vec<&str> = Vec::with_capacity(lines.len());
    let mut out = Own::default();
    for (at, line) in lines.iter().enumerate() {
        let rest = lines.get(at + 1..).unwrap_or_default();
        if line.starts_with('>') || line.starts_with('＞') {
            out.quote(&own);
        } else if is_original(line) || is_header(line, rest) {
            out.quote(&own);
            break;
        } else if is_attribution(line) {
            drop_wrapped_start(line, &mut own);
            out.quote(&own);
            if !next_words(rest).is_some_and(|l| l.starts_with('>')) {
                break;
            }
        } else {
            own.push(line);
        }
    }
    out.text = own.join("\n");
    out
}

impl Own {
    fn quote(&mut self, own: &[&str]) {
        self.quotes = true;
        self.quotes_first |= own.iter().all(|l| l.is_empty());
    }
}

/// At most `max` bytes, cut between characters.
pub fn head(text: &str, max: usize) -> &str {
    let mut end = text.len().min(max);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}

fn next_words<'a>(lines: &[&'a str]) -> Option<&'a str> {
    lines.iter().find(|l| !l.is_empty()).copied()
}

/// "-----Original Message-----"
fn is_original(line: &str) -> bool {
    let rule = |c: char| matches!(c, '-' | '_' | '=' | '*' | ' ' | '–' | '—');
    let inner = line.trim_matches(rule);
    if inner.is_empty() || inner.len() == line.len() || inner.len() > 80 {
        return line.to_lowercase() == "begin forwarded message:";
    }
    let inner = inner.trim_end_matches(':').to_lowercase();
    ORIGINAL.contains(&inner.as_str())
}

/// "From: …" with another field below it.
fn is_header(line: &str, rest: &[&str]) -> bool {
    field_name(line).is_some_and(|n| FROM.contains(&n.as_str()))
        && next_words(rest).is_some_and(|l| field_name(l).is_some())
}

/// The name in front of a colon, if it is short enough for a field; in lower case.
fn field_name(line: &str) -> Option<String> {
    let line = line.trim_start_matches('*');
    let (name, _) = line.split_once([':', '：'])?;
    let name = name.trim_end_matches(['*', ' ', '\u{a0}']);
    (!name.is_empty() && name.chars().count() <= 14).then(|| name.to_lowercase())
}

/// "On 3 March, N. N. wrote:"
fn is_attribution(line: &str) -> bool {
    let Some(line) = line.strip_suffix([':', '：']) else {
        return false;
    };
    let line = line.trim_end().to_lowercase();
    // German puts the verb before the name: "Am 3. März schrieb N. N.:"
    WROTE.iter().any(|w| line.ends_with(w))
        || ((line.starts_with("am ") || line.starts_with("op ")) && {
            line.contains(" schrieb ") || line.contains(" schreef ")
        })
}

/// A long "On … wrote:" is wrapped; its first line goes with it.
fn drop_wrapped_start(line: &str, own: &mut Vec<&str>) {
    let starts = |l: &str| {
        let l = l.to_lowercase();
        ON.iter().any(|on| l.starts_with(on))
    };
    if !starts(line) && own.last().is_some_and(|l| starts(l)) {
        own.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c8_own_words_without_quotations() {
        for (body, want, quotes, first) in [
            ("hello\n> you\nbye", "hello\nbye", true, false),
            ("> you\nI agree", "I agree", true, true),
            (
                "hi\n-----Original Message-----\nFrom: x\n\nold",
                "hi",
                true,
                false,
            ),
            (
                "hi\n\nVon: A B\nGesendet: Montag\n\nold",
                "hi\n",
                true,
                false,
            ),
            ("hi\nOn 3 March, A wrote:\n\nold", "hi", true, false),
            (
                "On Mon, 3 March 2026 at 10:00, A <a@example.com>\nwrote:\n> old\n\nnew",
                "\nnew",
                true,
                true,
            ),
            ("Am 3. M\u{e4}rz schrieb A B:\n> old", "", true, true),
            ("De : A\nEnvoy\u{e9} : lundi\n\nold", "", true, true),
            ("From: nobody says so", "From: nobody says so", false, false),
            (
                "My hours are:\nMonday to Friday",
                "My hours are:\nMonday to Friday",
                false,
                false,
            ),
        ] {
            let got = own(body);
            assert_eq!(got.text, want, "{body}");
            assert_eq!((got.quotes, got.quotes_first), (quotes, first), "{body}");
        }
    }

    #[test]
    fn i9_only_the_first_16_kib_are_read() {
        let long = "\u{e4}".repeat(20_000);
        assert_eq!(own(&long).text.len(), MAX_BODY);
        assert_eq!(own(&format!("x{long}")).text.len(), MAX_BODY - 1);
    }
}
