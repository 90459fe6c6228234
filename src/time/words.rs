//! Names of months and zones, in the languages and spellings that mails use.
//!
//! Words are compared in lower case and without accents; a letter that broken
//! charset handling has destroyed is `?` and stands for any one letter.

/// Full month names; any prefix of three letters or more is taken (`Okt`, `févr`).
/// English first: the order decides nothing else.
const MONTHS: [&[&str]; 12] = [
    &[
        "january", "januar", "janvier", "enero", "gennaio", "janeiro", "januari", "janner",
    ],
    &[
        "february",
        "februar",
        "fevrier",
        "febrero",
        "febbraio",
        "fevereiro",
        "februari",
        "feber",
    ],
    &[
        "march", "marz", "mars", "marzo", "marco", "maart", "maerz", "mrt", "mrz",
    ],
    &["april", "avril", "abril", "aprile"],
    &["may", "mai", "mayo", "maggio", "maio", "mei", "maj"],
    &["june", "juni", "juin", "junio", "giugno", "junho"],
    &["july", "juli", "juillet", "julio", "luglio", "julho"],
    &["august", "aout", "agosto", "augustus", "augusti"],
    &[
        "september",
        "septembre",
        "septiembre",
        "setiembre",
        "settembre",
        "setembro",
    ],
    &[
        "october", "oktober", "octobre", "octubre", "ottobre", "outubro",
    ],
    &["november", "novembre", "noviembre", "novembro"],
    &[
        "december",
        "dezember",
        "decembre",
        "diciembre",
        "dicembre",
        "dezembro",
    ],
];

/// The month, 1 to 12, that a folded word names.
pub(super) fn month(word: &str) -> Option<i8> {
    if let Some(position) = ENGLISH.iter().position(|name| *name == word) {
        return i8::try_from(position + 1).ok();
    }
    let lost = word.bytes().filter(|&b| b == b'?').count();
    if word.len() < 3 || lost > 1 || WEEKDAYS.contains(&word) {
        return None;
    }
    let named = |names: &&[&str]| names.iter().any(|name| is_prefix(word, name));
    let position = MONTHS.iter().position(named)?;
    i8::try_from(position + 1).ok()
}

/// The abbreviations of RFC 5322, which are nearly all there is.
const ENGLISH: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// The words before most dates, which are no months, so need no search.
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

fn is_prefix(word: &str, name: &str) -> bool {
    word.len() <= name.len()
        && word
            .bytes()
            .zip(name.bytes())
            .all(|(w, n)| w == n || w == b'?')
}

/// Zone abbreviations and their offsets from UTC in minutes. Where one means several
/// zones, RFC 5322 section 4.3 decides (the American ones), else the most used.
const ZONES: &[(&str, i32)] = &[
    ("utc", 0),
    ("gmt", 0),
    ("ut", 0),
    ("wet", 0),
    ("est", -300),
    ("edt", -240),
    ("cst", -360),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
    ("pst", -480),
    ("pdt", -420),
    ("cet", 60),
    ("met", 60),
    ("mez", 60),
    ("cest", 120),
    ("mest", 120),
    ("mesz", 120),
    ("west", 60),
    ("bst", 60),
    ("wat", 60),
    ("hnec", 60),
    ("heec", 120),
    ("eet", 120),
    ("eest", 180),
    ("oez", 120),
    ("oesz", 180),
    ("cat", 120),
    ("sast", 120),
    ("idt", 180),
    ("msk", 180),
    ("msd", 240),
    ("trt", 180),
    ("eat", 180),
    ("gst", 240),
    ("yekt", 300),
    ("pkt", 300),
    ("ist", 330),
    ("npt", 345),
    ("ict", 420),
    ("wib", 420),
    ("hkt", 480),
    ("sgt", 480),
    ("awst", 480),
    ("pht", 480),
    ("myt", 480),
    ("wita", 480),
    ("jst", 540),
    ("kst", 540),
    ("acst", 570),
    ("acdt", 630),
    ("aest", 600),
    ("aedt", 660),
    ("nzst", 720),
    ("nzdt", 780),
    ("akst", -540),
    ("akdt", -480),
    ("hst", -600),
    ("ast", -240),
    ("adt", -180),
    ("nst", -210),
    ("ndt", -150),
    ("brt", -180),
    ("brst", -120),
    ("art", -180),
    ("clt", -240),
    ("clst", -180),
    ("cot", -300),
    ("pet", -300),
    ("bot", -240),
    ("uyt", -180),
    ("vet", -240),
];

/// The offset in minutes that a folded zone abbreviation stands for.
///
/// A single letter is a military zone; those were defined the wrong way round in
/// RFC 822, so RFC 5322 section 4.3 has them all read as UTC.
pub(super) fn zone(word: &str) -> Option<i32> {
    if let [letter] = word.as_bytes() {
        return (letter.is_ascii_lowercase() && *letter != b'j').then_some(0);
    }
    ZONES
        .iter()
        .find(|(name, _)| *name == word)
        .map(|&(_, minutes)| minutes)
}

/// Zones written out, as Windows and Java put them: all words of a row must occur.
/// Rows for summer time stand before the row without it.
const PHRASES: &[(&[&str], i32)] = &[
    (&["mitteleurop", "sommerzeit"], 120),
    (&["mitteleurop"], 60),
    (&["osteurop", "sommerzeit"], 180),
    (&["osteurop"], 120),
    (&["westeurop", "sommerzeit"], 60),
    (&["westeurop"], 0),
    (&["ete", "europe centrale"], 120),
    (&["europe centrale"], 60),
    (&["verano", "europa central"], 120),
    (&["legale", "europa centrale"], 120),
    (&["europa central"], 60),
    (&["midden-europese", "zomertijd"], 120),
    (&["midden-europese"], 60),
    (&["central europe", "summer"], 120),
    (&["central europe", "daylight"], 120),
    (&["central europe"], 60),
    (&["w. europe", "daylight"], 120),
    (&["w. europe"], 60),
    (&["romance", "daylight"], 120),
    (&["romance standard"], 60),
    (&["e. europe", "daylight"], 180),
    (&["e. europe"], 120),
    (&["fle daylight"], 180),
    (&["fle standard"], 120),
    (&["gmt daylight"], 60),
    (&["british summer"], 60),
    (&["greenwich"], 0),
    (&["coordinated universal"], 0),
    (&["koordinierte weltzeit"], 0),
    (&["russian standard"], 180),
    (&["moscow standard"], 180),
    (&["india standard"], 330),
    (&["china standard"], 480),
    (&["singapore standard"], 480),
    (&["tokyo standard"], 540),
    (&["japan standard"], 540),
    (&["korea standard"], 540),
    (&["eastern daylight"], -240),
    (&["eastern standard"], -300),
    (&["central daylight"], -300),
    (&["central standard"], -360),
    (&["mountain daylight"], -360),
    (&["mountain standard"], -420),
    (&["pacific daylight"], -420),
    (&["pacific standard"], -480),
];

/// The offset in minutes of a zone written out somewhere in a text.
pub(super) fn zone_phrase(text: &str) -> Option<i32> {
    let folded: String = text.chars().map(fold).collect();
    let found = |(words, _): &&(&[&str], i32)| words.iter().all(|w| folded.contains(w));
    PHRASES.iter().find(found).map(|&(_, minutes)| minutes)
}

/// A letter in lower case without its accent; `?` where there is no Latin letter.
fn fold(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'À' | 'Á' | 'Â' | 'Ã' | 'Ä' | 'Å' => 'a',
        'ç' | 'Ç' => 'c',
        'è' | 'é' | 'ê' | 'ë' | 'È' | 'É' | 'Ê' | 'Ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' | 'Ì' | 'Í' | 'Î' | 'Ï' => 'i',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ö' => 'o',
        'ù' | 'ú' | 'û' | 'ü' | 'Ù' | 'Ú' | 'Û' | 'Ü' => 'u',
        'ñ' | 'Ñ' => 'n',
        _ => '?',
    }
}

/// Letters, and what broken decoding has left of them.
pub(super) fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || (!c.is_ascii() && (c.is_alphabetic() || c == '\u{fffd}'))
}

/// The word without case and accents; empty if it is longer than any name.
pub(super) fn fold_into<'b>(word: &str, buffer: &'b mut [u8; 24]) -> &'b str {
    let mut len = 0;
    for c in word.chars() {
        let Some(slot) = buffer.get_mut(len) else {
            return "";
        };
        *slot = u8::try_from(fold(c)).unwrap_or(b'?');
        len += 1;
    }
    let folded = buffer.get(..len).unwrap_or_default();
    std::str::from_utf8(folded).unwrap_or_default()
}

/// What may stand inside `p. m.`
pub(super) fn is_half_gap(c: char) -> bool {
    matches!(c, '.' | ' ' | '\u{a0}' | '\u{202f}')
}

/// Whether a word is AM (false) or PM (true), also as `p.m.` and `p. m.`
pub(super) fn half(folded: &str, after: &str) -> Option<bool> {
    let split = || {
        let mut tail = after.trim_start_matches(is_half_gap).chars();
        matches!(tail.next(), Some('m' | 'M')) && !tail.next().is_some_and(is_letter)
    };
    match folded {
        "am" => Some(false),
        "pm" => Some(true),
        "a" if split() => Some(false),
        "p" if split() => Some(true),
        _ => None,
    }
}

/// Whether AM or PM follows a digit in the text.
pub(super) fn has_half(text: &str) -> bool {
    let mut rest = text;
    while let Some(digit) = rest.rfind(|c: char| c.is_ascii_digit()) {
        let (before, tail) = rest.split_at(digit);
        let tail = tail.trim_start_matches(|c: char| c.is_ascii_digit() || is_half_gap(c));
        let len = tail.find(|c| !is_letter(c)).unwrap_or(tail.len());
        let (word, after) = tail.split_at(len);
        if half(&word.to_ascii_lowercase(), after).is_some() {
            return true;
        }
        rest = before;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t13_months_in_seven_languages() {
        let cases = [
            ("nov", Some(11)),
            ("sept", Some(9)),
            ("marz", Some(3)),
            ("m?r", Some(3)),
            ("fevr", Some(2)),
            ("ao?t", Some(8)),
            ("juin", Some(6)),
            ("juil", Some(7)),
            ("ene", Some(1)),
            ("gen", Some(1)),
            ("mag", Some(5)),
            ("out", Some(10)),
            ("mrt", Some(3)),
            ("augustus", Some(8)),
            ("dez", Some(12)),
            // Weekdays that begin like months.
            ("mardi", None),
            ("martes", None),
            ("montag", None),
            ("??r", None),
            ("ma", None),
            ("de", None),
        ];
        for (word, expected) in cases {
            assert_eq!(month(word), expected, "{word}");
        }
    }

    #[test]
    fn t13_every_month_name_names_its_own_month() {
        for (index, names) in MONTHS.iter().enumerate() {
            for name in *names {
                assert_eq!(month(name), i8::try_from(index + 1).ok(), "{name}");
            }
        }
    }

    #[test]
    fn t13_zones_by_name() {
        let cases = [
            ("pdt", Some(-420)),
            ("cest", Some(120)),
            ("jst", Some(540)),
            ("z", Some(0)),
            ("j", None),
            ("abc", None),
            ("", None),
        ];
        for (word, expected) in cases {
            assert_eq!(zone(word), expected, "{word}");
        }
    }

    #[test]
    fn t13_every_zone_phrase_is_reached() {
        for (words, minutes) in PHRASES {
            assert_eq!(zone_phrase(&words.join(" ")), Some(*minutes), "{words:?}");
        }
    }
}
