//! Mails that were damaged on their way, from fixed seeds: none stops the reader, every
//! record is in the books, and what is no report does not become a dead address.
//!
//! Eight mutants of each mail; `BOUNCE_MUTANTS` asks for more.

use crate::library::{mails, read};
use bounce::event::Event;
use bounce::input::Format;
use bounce::vocab::{Category, Kind};

/// Numbers that look random and are the same in every run (xorshift64*).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }
}

type Mutation = fn(Vec<u8>, &mut Dice) -> Vec<u8>;

const MUTATIONS: &[Mutation] = &[
    flipped,
    cut,
    lines_moved,
    lines_twice,
    line_lengthened,
    fields_swapped,
    boundary_broken,
    charset_changed,
    encoding_changed,
    ends_mixed,
    numbers_huge,
    wrapped,
    inserted,
    colons,
    blank_lines,
];

fn lines(mail: &[u8]) -> Vec<Vec<u8>> {
    mail.split_inclusive(|b| *b == b'\n')
        .map(<[u8]>::to_vec)
        .collect()
}

/// Some bytes are others.
fn flipped(mut mail: Vec<u8>, dice: &mut Dice) -> Vec<u8> {
    for _ in 0..=dice.below(20) {
        let (at, byte) = (dice.below(mail.len()), dice.next());
        if let Some(b) = mail.get_mut(at) {
            *b = byte as u8;
        }
    }
    mail
}

/// A piece is missing, often the end.
fn cut(mut mail: Vec<u8>, dice: &mut Dice) -> Vec<u8> {
    let from = dice.below(mail.len());
    let to = if dice.below(2) == 0 {
        mail.len()
    } else {
        (from + dice.below(900)).min(mail.len())
    };
    mail.drain(from..to);
    mail
}

/// Lines stand elsewhere, or are gone.
fn lines_moved(mail: Vec<u8>, dice: &mut Dice) -> Vec<u8> {
    let mut all = lines(&mail);
    for _ in 0..=dice.below(5) {
        if all.is_empty() {
            break;
        }
        let line = all.remove(dice.below(all.len()));
        if dice.below(2) == 0 {
            all.insert(dice.below(all.len() + 1), line);
        }
    }
    all.concat()
}

fn lines_twice(mail: Vec<u8>, dice: &mut Dice) -> Vec<u8> {
    let mut all = lines(&mail);
    for _ in 0..=dice.below(3) {
        let at = dice.below(all.len());
        if let Some(line) = all.get(at).cloned() {
            let times = dice.pick(&[1, 2, 50]);
            all.splice(at..at, std::iter::repeat_n(line, times));
        }
    }
    all.concat()
}

/// A line without its end, or with a very long one.
fn line_lengthened(mail: Vec<u8>, dice: &mut Dice) -> Vec<u8> {
    let mut all = lines(&mail);
    let at = dice.below(all.len());
    if let Some(line) = all.get_mut(at) {
        line.pop();
        let byte = dice.pick(b" x\t(<@=\"\0\xff");
        line.extend(std::iter::repeat_n(byte, dice.pick(&[0, 1, 998, 70_000])));
    }
    all.concat()
}

/// The names of two header fields change places.
fn fields_swapped(mail: Vec<u8>, dice: &mut Dice) -> Vec<u8> {
    let mut all = lines(&mail);
    let fields: Vec<usize> = (0..all.len()).filter(|n| all[*n].contains(&b':')).collect();
    if fields.len() < 2 {
        return mail;
    }
    let (a, b) = (dice.pick(&fields), dice.pick(&fields));
    let name = |line: &[u8]| line.iter().position(|c| *c == b':').unwrap_or(0);
    let (first, second) = (all[a].clone(), all[b].clone());
    all[a] = [&second[..name(&second)], &first[name(&first)..]].concat();
    all[b] = [&first[..name(&first)], &second[name(&second)..]].concat();
    all.concat()
}

fn replaced(mail: &[u8], from: &str, to: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = mail;
    while let Some(at) = rest
        .windows(from.len())
        .position(|w| w.eq_ignore_ascii_case(from.as_bytes()))
    {
        out.extend(&rest[..at]);
        out.extend(to.as_bytes());
        rest = &rest[at + from.len()..];
    }
    out.extend(rest);
    out
}

fn boundary_broken(mail: Vec<u8>, dice: &mut Dice) -> Vec<u8> {
    let (from, to) = dice.pick(&[
        ("boundary=", "boundry="),
        ("boundary=\"", "boundary=\"x"),
        ("\n--", "\n-"),
        ("\n--", "\n--\n--"),
        ("multipart/report", "multipart/mixed"),
        ("multipart/", "text/"),
        ("message/delivery-status", "text/plain"),
        ("message/rfc822", "message/delivery-status"),
        ("text/rfc822-headers", "multipart/alternative"),
    ]);
    replaced(&mail, from, to)
}

fn charset_changed(mail: Vec<u8>, dice: &mut Dice) -> Vec<u8> {
    let charset = dice.pick(&[
        "utf-8",
        "utf-7",
        "utf-16",
        "iso-2022-jp",
        "shift_jis",
        "euc-kr",
        "gb18030",
        "big5",
        "koi8-r",
        "windows-1256",
        "x-unknown",
        "",
        "\"",
        "utf-8*''%ff",
    ]);
    let text = replaced(&mail, "utf-8", charset);
    replaced(&text, "iso-8859-1", charset)
}

fn encoding_changed(mail: Vec<u8>, dice: &mut Dice) -> Vec<u8> {
    let encoding = dice.pick(&[
        "base64",
        "quoted-printable",
        "7bit",
        "x-uuencode",
        "binary",
        "8bit; x",
    ]);
    let mut out = mail;
    for old in ["7bit", "8bit", "quoted-printable", "base64"] {
        if dice.below(2) == 0 {
            out = replaced(&out, old, encoding);
        }
    }
    out
}

fn ends_mixed(mail: Vec<u8>, dice: &mut Dice) -> Vec<u8> {
    let mut out = Vec::new();
    for byte in mail {
        match byte {
            b'\n' => out.extend(dice.pick(&[&b"\n"[..], b"\r\n", b"\r", b"\n\r", b"\r\r\n", b""])),
            _ => out.push(byte),
        }
    }
    out
}

fn numbers_huge(mail: Vec<u8>, dice: &mut Dice) -> Vec<u8> {
    let mut out = Vec::new();
    for byte in mail {
        out.push(byte);
        if byte.is_ascii_digit() && dice.below(30) == 0 {
            out.extend(std::iter::repeat_n(
                dice.pick(b"0129"),
                dice.pick(&[1, 20, 400]),
            ));
        }
    }
    out
}

/// Parts in parts, mails in mails.
fn wrapped(mail: Vec<u8>, dice: &mut Dice) -> Vec<u8> {
    let mut out = mail;
    for level in 0..=dice.below(120) {
        let head = match dice.below(3) {
            0 => format!("Content-Type: multipart/mixed; boundary=w{level}\n\n--w{level}\n"),
            1 => format!(
                "Content-Type: multipart/report; boundary=\"w{level}\"\n\n\n--w{level}\nContent-Type: message/rfc822\n\n"
            ),
            _ => "Subject: Fwd: x\nContent-Type: message/rfc822\n\n".to_owned(),
        };
        out.splice(0..0, head.into_bytes());
        if dice.below(2) == 0 {
            out.extend(format!("\n--w{level}--\n").bytes());
        }
    }
    out
}

fn inserted(mut mail: Vec<u8>, dice: &mut Dice) -> Vec<u8> {
    let piece = dice.pick(&[
        "\0",
        "\u{feff}",
        "\u{202e}",
        "\x1b]0;x\x07",
        "=?utf-8?B?////?=",
        "=?utf-8?Q?=ZZ?=",
        "((((((((",
        "<<<<>>>>",
        "\n\n",
        "\nFrom x@example.com Mon Nov  2 09:00:00 2026\n",
        "\n.\n",
        "\nStatus: 9.99.999\n",
        "\nAction: \n",
        "\nDate: 99 Zzz 99999 99:99:99 +9999\n",
        "\nFinal-Recipient: rfc822;\n",
        "\nDiagnostic-Code: smtp;\n",
        "%s%n",
        "\u{1F4A9}",
    ]);
    let at = dice.below(mail.len());
    mail.splice(at..at, piece.bytes());
    mail
}

fn colons(mut mail: Vec<u8>, dice: &mut Dice) -> Vec<u8> {
    let at = dice.below(mail.len());
    let many = vec![dice.pick(b":;,<(\"="); dice.pick(&[100, 5_000])];
    mail.splice(at..at, many);
    mail
}

fn blank_lines(mut mail: Vec<u8>, dice: &mut Dice) -> Vec<u8> {
    let at = if dice.below(2) == 0 {
        0
    } else {
        dice.below(mail.len())
    };
    mail.splice(at..at, vec![dice.pick(b"\n \t\r"); dice.pick(&[3, 3_000])]);
    mail
}

/// One to three mutations of a mail.
fn mutant(mail: &[u8], seed: u64) -> Vec<u8> {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut out = mail.to_vec();
    for _ in 0..=dice.below(3) {
        let mutation = dice.pick(MUTATIONS);
        out = mutation(out, &mut dice);
        if out.is_empty() {
            break;
        }
    }
    out
}

fn mutants() -> u64 {
    let asked = std::env::var("BOUNCE_MUTANTS").ok();
    asked.and_then(|n| n.parse().ok()).unwrap_or(8)
}

/// What holds of every event, whatever it was made from.
fn check(event: &Event, whose: &str) {
    let line = serde_json::to_string(event).unwrap();
    let mut again: Event = serde_json::from_str(&line).unwrap();
    again.tagged = event.tagged;
    assert_eq!(&again, event, "{whose}");
    let confidence = event.confidence.unwrap_or_default();
    assert!((0.0..=1.0).contains(&confidence), "{whose}: {line}");
    let counts = matches!(event.kind, Kind::Failed | Kind::Complaint);
    assert!(
        !counts || confidence >= 0.7 || event.held == Some(true),
        "{whose}: {line}"
    );
    assert!(
        event.confirmed != Some(true) || event.category == Some(Category::HardBounce),
        "{whose}: {line}"
    );
    let reply = event.smtp_message.as_deref().unwrap_or_default();
    assert!(reply.chars().count() <= 1000, "{whose}: {line}");
}

#[test]
fn i9_no_damage_to_a_mail_stops_the_reader() {
    let mut events = 0;
    for (name, mail) in mails() {
        for seed in 0..mutants() {
            let whose = format!("{name}, seed {seed}");
            let found = read(
                &mutant(mail, seed)[..],
                if seed % 2 == 0 {
                    Format::Eml
                } else {
                    Format::Auto
                },
            );
            found.events.iter().for_each(|event| check(event, &whose));
            events += found.events.len();
        }
    }
    // Most damage leaves something to read: the mutants are no mere noise.
    assert!(events > mails().len() * 3, "{events}");
}

#[test]
fn i9_a_damaged_mail_costs_its_neighbours_nothing() {
    let whole = crate::library::mbox(std::iter::once(&mails()[0].1[..]));
    let want = read(&whole[..], Format::Mbox).events.len();
    assert_eq!(want, 1);
    for (name, mail) in mails().iter().step_by(3) {
        for seed in 0..mutants() / 4 {
            let middle = crate::library::mbox(std::iter::once(&mutant(mail, seed)[..]));
            let found = read(&[&whole[..], &middle, &whole].concat()[..], Format::Mbox);
            let (first, last) = (found.events.first(), found.events.last());
            let ids = [first, last].map(|e| e.map(|e| e.event_id.clone()));
            assert_eq!(ids[0], ids[1], "{name}, seed {seed}");
        }
    }
}

/// Mails that report nothing and quote no reply: what is left of a mail that quotes a bounce
/// may be the bounce.
fn ordinary() -> impl Iterator<Item = &'static (String, Vec<u8>)> {
    let codes: &[&[u8]] = &[b"550", b"554", b"5.1.", b"5.2.", b"5.7."];
    let quotes = move |mail: &[u8]| codes.iter().any(|c| mail.windows(c.len()).any(|w| w == *c));
    let none = mails().iter().filter(|(name, _)| name.contains("/none/"));
    none.filter(move |(_, mail)| !quotes(mail))
}

#[test]
fn c6_damage_makes_no_dead_address_of_an_ordinary_mail() {
    let (mut seen, mut dead) = (0, Vec::new());
    for (name, mail) in ordinary() {
        for seed in 0..mutants() * 8 {
            let found = read(&mutant(mail, seed)[..], Format::Eml);
            seen += 1;
            if found.events.iter().any(|e| e.confirmed == Some(true)) {
                dead.push(format!("{name}, seed {seed}"));
            }
        }
    }
    assert!(seen > 900, "{seen}");
    // A mail about bounces that has lost the marks of a person may look like one.
    assert!(
        dead.len() * 200 <= seen,
        "{} of {seen}: {dead:?}",
        dead.len()
    );
}
