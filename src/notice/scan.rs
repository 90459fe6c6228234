//! Bounces in words: one scanner for every layout.
//!
//! Systems differ in their sentences but hardly in where they put an address:
//! before a colon, alone on a line, behind a label, in a transcript line. The
//! scanner looks at the place ([`Place`]) and takes the text that belongs to it
//! as the reply; [`formats`](super::formats) gives the layout its name.

use super::{Envelope, Notice, Notification, Returned, formats, words};
use crate::address;
use crate::message::Message;
use crate::vocab::{Command, Kind};
use std::ops::Range;

/// An address that the report says failed, and what it says of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Block {
    /// The address, as written.
    pub address: String,
    /// The address it was made from (alias, forward), where the report says so.
    pub original: Option<String>,
    /// The lines that belong to it.
    pub reply: String,
    /// The SMTP command that a transcript shows before the reply.
    pub command: Option<Command>,
    place: Place,
}

impl Block {
    /// Takes the cause that a report gives apart from the address: the lines behind
    /// `Reason:`, `The response was:` and their like, else those that begin with a code.
    fn add_cause(&mut self, text: &str) {
        if crate::code::find_smtp_code(&self.reply).is_some() {
            return;
        }
        let labelled = labelled_cause(text);
        let causes = if labelled.is_empty() {
            coded_lines(text)
        } else {
            labelled
        };
        for cause in causes {
            push_line(&mut self.reply, cause);
        }
    }

    /// A block that holds an address and nothing else.
    pub fn named(address: &str) -> Self {
        Block {
            address: address.to_owned(),
            ..Block::default()
        }
    }
}

/// How an address stands in a report, from the plainest to the vaguest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// `<user@example.com>: reply`, `Recipient: user@example.com`, transcript lines.
    Led,
    /// Alone on its line, or with a remark in brackets.
    Alone,
    /// At the start of a line, text behind it.
    Start,
    /// Within a sentence.
    #[default]
    Sentence,
}

/// At most so many addresses of one report are kept.
const MAX_BLOCKS: usize = 20_000;
/// At most so much of one reply is kept, in bytes.
const MAX_REPLY: usize = 4_096;

/// Reads a bounce that is not machine-readable; `None` if the mail is none.
pub fn read(message: &Message<'_>, envelope: &Envelope) -> Option<Notification> {
    let system = envelope.is_system() || !envelope.failed_recipients.is_empty();
    let subject = words::failure_subject(&envelope.subject);
    if !(system || subject)
        || words::no_report_subject(&envelope.subject)
        || envelope.is_answer() && !envelope.from_daemon()
    {
        return None;
    }
    let report = words::report_text(message);
    let says = words::says_failure(&report.text);
    if !(says || subject && system) {
        return None;
    }
    let returned = Returned::part_of(message).unwrap_or(report.returned);
    let mut found = blocks(&report.text, envelope, &returned);
    if let [only] = found.as_mut_slice() {
        only.add_cause(&report.text);
    }
    // What no mail system wrote is a bounce only if it returns the mail it is about:
    // newsletters and people write about bounces, too.
    if !system && !(says && subject && returned.present) {
        return None;
    }
    let kind = words::kind_of(&envelope.subject, &report.text);
    let named = !found.is_empty() || !envelope.failed_recipients.is_empty();
    let mut notices: Vec<Notice> = found.into_iter().map(|b| notice(kind, b)).collect();
    if notices.is_empty() {
        notices = unnamed(kind, envelope, &returned, says)?;
    }
    Some(Notification {
        format: formats::name(message, envelope, &report.text),
        named,
        notices,
        returned,
        human: report.text,
        ..Notification::default()
    })
}

fn notice(kind: Kind, block: Block) -> Notice {
    let mut n = Notice::new(kind);
    n.recipient = Some(block.address);
    n.original = block.original;
    n.reply = block.reply;
    n.command = block.command;
    n
}

/// A report that names nobody: the header may, else it stands for the only To of
/// the returned message; a report without either is kept for review.
fn unnamed(
    kind: Kind,
    envelope: &Envelope,
    returned: &Returned,
    says: bool,
) -> Option<Vec<Notice>> {
    let named: Vec<&String> = if !envelope.failed_recipients.is_empty() {
        envelope.failed_recipients.iter().collect()
    } else if returned.to.len() == 1 {
        returned.to.iter().collect()
    } else {
        Vec::new()
    };
    if named.is_empty() {
        let certain = says && (envelope.from_daemon() || envelope.null_sender);
        return certain.then(|| vec![Notice::new(kind)]);
    }
    let of = |a: &String| {
        let mut n = Notice::new(kind);
        n.recipient = Some(a.clone());
        n
    };
    Some(named.into_iter().map(of).collect())
}

/// The failed addresses that a report names, in order, each once.
pub fn blocks(human: &str, envelope: &Envelope, returned: &Returned) -> Vec<Block> {
    let mut scan = Scan::new(envelope, returned);
    for line in human.lines().take(50_000) {
        scan.line(line);
        if scan.found.len() >= MAX_BLOCKS {
            break;
        }
    }
    scan.finish()
}

struct Scan<'e> {
    envelope: &'e Envelope,
    ours: Vec<String>,
    found: Vec<Block>,
    /// The block that the next lines belong to.
    current: Option<usize>,
    /// Blank lines since the last line of the current block.
    blanks: usize,
    /// Replies of a transcript that no address has claimed yet.
    pending: Vec<String>,
    command: Option<Command>,
    rcpt: Option<String>,
    /// The last text line asks to contact somebody.
    contact: bool,
    /// How far the line of the current address is indented.
    indent: usize,
}

impl<'e> Scan<'e> {
    fn new(envelope: &'e Envelope, returned: &Returned) -> Self {
        let own = envelope.to.iter().chain(&envelope.from_address);
        let own = own.chain(&returned.from).chain(&returned.return_path);
        Scan {
            envelope,
            ours: own.map(|a| address::key(a)).collect(),
            found: Vec::new(),
            current: None,
            blanks: 0,
            pending: Vec::new(),
            command: None,
            rcpt: None,
            contact: false,
            indent: 0,
        }
    }

    fn line(&mut self, line: &str) {
        let text = line.trim();
        if text.is_empty() {
            self.blank();
        } else if !self.transcript(text) && !self.coded(text) {
            self.plain(line, text);
        }
    }

    fn blank(&mut self) {
        self.blanks += 1;
        let started = self
            .current
            .is_some_and(|i| !self.found[i].reply.is_empty());
        if started || self.blanks > 1 {
            self.current = None;
        }
    }

    /// `>>> RCPT To:<user@example.com>` and `<<< 550 no such user`.
    fn transcript(&mut self, text: &str) -> bool {
        if let Some(sent) = text.strip_prefix(">>>") {
            self.pending.clear();
            self.command = Command::of_line(sent.trim_start_matches('>').trim());
            self.rcpt = (self.command == Some(Command::Rcpt))
                .then(|| {
                    address::find_all(sent)
                        .first()
                        .map(|(_, a)| (*a).to_owned())
                })
                .flatten();
            return true;
        }
        if text.starts_with("... while talking to") || text.starts_with("While talking to") {
            self.pending.clear();
            self.command = None;
            return true;
        }
        let Some(got) = text.strip_prefix("<<<") else {
            return false;
        };
        let got = got.trim();
        if got.starts_with(['4', '5']) {
            match (self.rcpt.clone(), self.current) {
                (Some(a), _) => self.add(Block {
                    address: a,
                    reply: got.to_owned(),
                    command: self.command,
                    place: Place::Led,
                    ..Block::default()
                }),
                // Courier writes the dialogue below the address it is about.
                (None, Some(i)) => {
                    self.found[i].command = self.found[i].command.or(self.command);
                    self.append(i, got);
                }
                (None, None) => self.pending.push(got.to_owned()),
            }
        }
        true
    }

    /// `550 5.1.1 <user@example.com>... User unknown`, as Sendmail sums up.
    fn coded(&mut self, text: &str) -> bool {
        let code = text.get(..3).filter(|c| c.starts_with(['4', '5']));
        if code
            .and_then(|c| crate::code::smtp_code(c.as_bytes()))
            .is_none()
        {
            return false;
        }
        let Some(dots) = text.find("...") else {
            return false;
        };
        let head = &text[..dots];
        let Some((range, a)) = address::find_all(head).pop() else {
            return false;
        };
        if !head[range.end..].trim_matches(['>', ' ', '"']).is_empty() {
            return false;
        }
        let mut reply = self.pending.join("\n");
        if !reply.is_empty() {
            reply.push('\n');
        }
        reply.push_str(text);
        self.add(Block {
            address: a.to_owned(),
            reply,
            command: self.command,
            place: Place::Led,
            ..Block::default()
        });
        self.current = None;
        true
    }

    fn plain(&mut self, line: &str, text: &str) {
        if is_divider(text) {
            self.current = None;
            self.contact = false;
            return;
        }
        let contact = std::mem::replace(&mut self.contact, asks_contact(text));
        if place(line).is_none() && introduces(text) {
            self.current = None;
            return;
        }
        let Some((range, place)) = place(line) else {
            // Text behind a blank line belongs to an address only if nothing else did.
            match self.current {
                Some(i)
                    if self.blanks == 0
                        || self.found[i].reply.is_empty()
                        || self.found[i].reply.ends_with(':') =>
                {
                    self.blanks = 0;
                    self.append(i, text);
                }
                _ => self.current = None,
            }
            return;
        };
        let a = &line[range.clone()];
        // An indented line below an address is about it, whatever it names.
        let indent = line.len() - line.trim_start().len();
        let about = self.current.filter(|_| {
            let deeper = indent > self.indent;
            self.blanks == 0
                && (place == Place::Sentence && (deeper || !self.contact)
                    || place == Place::Start && deeper)
        });
        if let Some(i) = about {
            self.original(i, text);
            self.append(i, text);
            return;
        }
        let ours = self.ours.contains(&address::key(a)) && !self.is_failed(a);
        if (ours && (place > Place::Led || self.is_daemon(a)))
            || (place > Place::Led && (contact || self.contact))
            || (place == Place::Sentence && !words::says_failure(text))
        {
            self.current = None;
            return;
        }
        self.indent = indent;
        let rest = rest_of(line, range.end);
        self.add(Block {
            address: a.to_owned(),
            reply: rest.to_owned(),
            place,
            ..Block::default()
        });
        if let Some(i) = self.current {
            self.original(i, text);
            if place == Place::Sentence {
                self.found[i].reply = text.to_owned();
            }
        }
    }

    /// `(generated from x@example.com)` (Exim), `(expanded from <x@example.com>)` (Postfix).
    fn original(&mut self, block: usize, text: &str) {
        for mark in ["generated from ", "expanded from ", "Original address: "] {
            if let Some(at) = text.find(mark) {
                let rest = &text[at + mark.len()..];
                let first = address::find_all(rest)
                    .first()
                    .map(|(_, a)| (*a).to_owned());
                if let (None, Some(a)) = (&self.found[block].original, first) {
                    self.found[block].original = Some(a);
                }
            }
        }
    }

    fn is_failed(&self, a: &str) -> bool {
        let key = address::key(a);
        self.envelope
            .failed_recipients
            .iter()
            .any(|f| address::key(f) == key)
    }

    fn is_daemon(&self, a: &str) -> bool {
        let key = address::key(a);
        self.envelope.from_address.as_deref().map(address::key) == Some(key)
    }

    fn append(&mut self, block: usize, text: &str) {
        push_line(&mut self.found[block].reply, text);
    }

    fn add(&mut self, block: Block) {
        self.blanks = 0;
        let key = address::key(&block.address);
        let known = self
            .found
            .iter()
            .rev()
            .take(200)
            .position(|b| address::key(&b.address) == key);
        match known.map(|n| self.found.len() - 1 - n) {
            Some(i) => {
                self.current = Some(i);
                self.found[i].place = self.found[i].place.min(block.place);
                self.found[i].command = self.found[i].command.or(block.command);
                for line in block.reply.lines() {
                    self.append(i, line);
                }
            }
            None => {
                self.current = Some(self.found.len());
                self.found.push(block);
            }
        }
    }

    /// The plainest addresses; vaguer ones only where there are no plainer.
    fn finish(self) -> Vec<Block> {
        let mut found = self.found;
        let best = found.iter().map(|b| b.place).min().unwrap_or_default();
        match best {
            Place::Led | Place::Alone => found.retain(|b| {
                let coded = || crate::code::find_smtp_code(&b.reply).is_some();
                b.place <= Place::Alone || b.place == Place::Start && coded()
            }),
            Place::Start => found.retain(|b| b.place == Place::Start),
            Place::Sentence => found.truncate(1),
        }
        found
    }
}

/// Appends a line to a reply, unless it is there or the reply is long enough.
fn push_line(reply: &mut String, line: &str) {
    if reply.len() + line.len() < MAX_REPLY && !reply.lines().any(|l| l == line) {
        if !reply.is_empty() {
            reply.push('\n');
        }
        reply.push_str(line);
    }
}

/// Labels that introduce the cause.
const CAUSES: &[&str] = &[
    "reason",
    "response",
    "because",
    "error",
    "details",
    "returned was",
    "diagnos",
    "server message",
    "explanation",
    "cause",
    "remote server",
    "grund",
    "fehler",
    "antwort",
    "motif",
    "raison",
    "erreur",
    "motivo",
    "raz\u{f3}n",
    "respuesta",
    "raz\u{e3}o",
    "resposta",
    "reden",
    "fout",
    "powod",
    "przyczyna",
    "\u{43f}\u{440}\u{438}\u{447}\u{438}\u{43d}",
    "\u{43e}\u{442}\u{432}\u{435}\u{442}",
    "\u{7406}\u{7531}",
    "\u{539f}\u{56e0}",
];

/// The text behind such a label: on its line, else the next paragraph.
fn labelled_cause(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut lines = text.lines().map(str::trim).take(2_000).peekable();
    while let Some(line) = lines.next() {
        let Some((label, rest)) = line.split_once([':', '\u{ff1a}']) else {
            continue;
        };
        let label = label.to_lowercase();
        if label.len() > 80 || !CAUSES.iter().any(|c| label.contains(c)) {
            continue;
        }
        let rest = rest.trim();
        if !rest.is_empty() {
            out.push(rest);
            continue;
        }
        while lines.next_if(|l| l.is_empty()).is_some() {}
        while let Some(l) = lines.next_if(|l| !l.is_empty() && !is_divider(l)) {
            out.push(l);
        }
    }
    out
}

/// Lines that begin with a code of failure.
fn coded_lines(text: &str) -> Vec<&str> {
    let coded = |l: &&str| {
        let code = crate::code::find_smtp_code(l);
        code.is_some_and(|(_, at)| at.start <= 2 || l[..at.start].trim_end().ends_with([':', ';']))
    };
    text.lines().map(str::trim).filter(coded).take(5).collect()
}

/// Where the (first) address of a line stands.
fn place(line: &str) -> Option<(Range<usize>, Place)> {
    let all = address::find_all(line);
    let (range, a) = all.first()?.clone();
    let before = line[..range.start].trim_matches(is_lead);
    let after = line[range.end..].trim_start_matches(['>', '\'', '"', ' ', '\t']);
    if before.is_empty() {
        let place = match after.chars().next() {
            None => Place::Alone,
            Some(':' | '\u{ff1a}') => Place::Led,
            Some('(' | '[' | ';' | ',') => Place::Alone,
            Some('<') if after.starts_with("<mailto:") => Place::Alone,
            _ if after.trim_matches(['.', ' ']).is_empty() => Place::Alone,
            _ if after.eq_ignore_ascii_case(a) => Place::Alone,
            _ => Place::Start,
        };
        return Some((range, place));
    }
    if is_label(before) {
        return Some((range, Place::Led));
    }
    // `Display Name <user@example.com>` on a line of its own.
    let named = line[..range.start]
        .trim_end_matches("mailto:")
        .trim_end()
        .ends_with(['<', '(', '['])
        && after.trim_matches([')', ']', ' ', '.']).is_empty()
        && before.split_whitespace().count() <= 4
        && !before.contains(['.', ':', ',']);
    Some((range, if named { Place::Alone } else { Place::Sentence }))
}

fn is_lead(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '<' | '"' | '\'' | '*' | '-' | '\u{2022}' | '\u{b7}' | '>' | '|' | '#'
        )
}

/// Labels that name the failed recipient, in the words of many systems.
fn is_label(before: &str) -> bool {
    const LABELS: &[&str] = &[
        "recipient address",
        "recipient",
        "recipients",
        "failed recipient",
        "failed recipients",
        "failed address",
        "final-recipient",
        "original-recipient",
        "recipient(s)",
        "invalid address",
        "invalid recipient",
        "unknown user",
        "user unknown",
        "unknown recipient",
        "address",
        "to",
        "rcpt to",
        "envelope to",
        "mail to",
        "e-mail address",
        "email address",
        "mail address",
        "destination",
        "destination address",
        "delivery to",
        "deliver to",
        "message to",
        "unable to deliver message to",
        "unable to deliver to",
        "unable to deliver mail to",
        "could not deliver message to",
        "failed to deliver to",
        "failed to deliver",
        "delivery failed to",
        "undeliverable to",
        "not delivered to",
        "bounced address",
        "smtp recipient",
        "rfc822",
        "empf\u{e4}nger",
        "an",
        "destinataire",
        "destinatario",
        "destinat\u{e1}rio",
        "para",
        "ontvanger",
        "odbiorca",
        "mottagare",
        "\u{43f}\u{43e}\u{43b}\u{443}\u{447}\u{430}\u{442}\u{435}\u{43b}\u{44c}",
        "\u{43a}\u{43e}\u{43c}\u{443}",
        "\u{5b9b}\u{5148}",
        "\u{53d7}\u{4fe1}\u{8005}",
        "\u{6536}\u{4ef6}\u{4eba}",
        "\u{6536}\u{4ef6}\u{4eba}\u{5730}\u{5740}",
        "\u{6536}\u{4ef6}\u{4eba}\u{90ae}\u{7bb1}",
    ];
    let Some(label) = before.strip_suffix([':', '\u{ff1a}', '=', ';']) else {
        return false;
    };
    let label = label
        .trim()
        .rsplit([',', ';', ':'])
        .next()
        .unwrap_or_default();
    let label = label
        .trim_matches(|c: char| !c.is_alphanumeric() && c != ')')
        .to_lowercase();
    LABELS.contains(&label.as_str())
}

/// What stands behind the address on its line.
fn rest_of(line: &str, from: usize) -> &str {
    let rest =
        line[from..].trim_start_matches(['>', '\'', '"', ' ', '\t', ':', '\u{ff1a}', ',', ';']);
    let rest = match rest.strip_prefix("<mailto:") {
        Some(r) => r.split_once('>').map_or("", |(_, r)| r),
        None => rest,
    };
    rest.trim().trim_matches(['.', ',', ';'])
}

/// A line that introduces a list of recipients; it belongs to none of them.
fn introduces(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "recipient",
        "address",
        "empf\u{e4}nger",
        "adress",
        "destinat",
        "ontvanger",
        "odbiorc",
        "\u{43f}\u{43e}\u{43b}\u{443}\u{447}\u{430}\u{442}\u{435}\u{43b}",
    ];
    let Some(head) = text.strip_suffix(':') else {
        return false;
    };
    let head = head.to_lowercase();
    WORDS.iter().any(|w| head.contains(w)) && crate::code::find_smtp_code(&head).is_none()
}

/// A line of marks, or a heading between marks.
fn is_divider(text: &str) -> bool {
    let marks = |c: char| matches!(c, '-' | '=' | '_' | '*' | '~' | '#' | '+');
    let lead = text.chars().take_while(|c| marks(*c)).count();
    lead >= 5 || lead >= 3 && text.ends_with("---")
}

/// A line that says whom to ask for help: the addresses in and below it failed nobody.
fn asks_contact(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "contact",
        "assistance",
        "for help",
        "questions",
        "please reply",
        "please send",
        "please forward",
        "send mail to",
        "wenden sie sich",
        "kontakt",
        "contacter",
        "contacte",
        "contatt",
        "entre em contato",
        "contact op",
        "abuse",
        "unsubscribe",
        "complain",
        "reported to",
        "report this",
        "support@",
        "helpdesk",
        "delivery problems should",
        "message from",
        "sent by",
        "on behalf of",
        "\u{304a}\u{554f}\u{3044}\u{5408}\u{308f}\u{305b}",
        "absender",
        "exp\u{e9}diteur",
        "remitente",
    ];
    let text = text.to_lowercase();
    if text.starts_with("from:") || text.starts_with("sender:") {
        return true;
    }
    WORDS.iter().any(|w| text.contains(w))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(human: &str) -> Vec<(String, String)> {
        let envelope = Envelope {
            to: vec!["sales1@acme.example".into()],
            ..Envelope::default()
        };
        blocks(human, &envelope, &Returned::default())
            .into_iter()
            .map(|b| (b.address, b.reply))
            .collect()
    }

    #[test]
    fn i3_addresses_and_their_replies() {
        for (human, want) in [
            (
                "<a@example.com>:\nhost said: 550 no\n\n<b@example.com>: full\n",
                vec![
                    ("a@example.com", "host said: 550 no"),
                    ("b@example.com", "full"),
                ],
            ),
            (
                "  a@example.com\n    SMTP error: 550 no b@example.com\n",
                vec![("a@example.com", "SMTP error: 550 no b@example.com")],
            ),
            (
                "contact <help@example.com>\nfor help.\n\n<a@example.com>: no\n",
                vec![("a@example.com", "no")],
            ),
            (
                "Recipient address: a@example.com\nReason: unknown\n",
                vec![("a@example.com", "Reason: unknown")],
            ),
            (
                "a@example.com [User unknown]\n",
                vec![("a@example.com", "[User unknown]")],
            ),
            (
                ">>> RCPT To:<a@example.com>\n<<< 550 no such\n550 5.1.1 <a@example.com>... User unknown\n",
                vec![(
                    "a@example.com",
                    "550 no such\n550 5.1.1 <a@example.com>... User unknown",
                )],
            ),
            (
                ">>> MAIL From:<s@acme.example>\n<<< 550 relay\n554 <a@example.com>... Remote protocol error\n",
                vec![(
                    "a@example.com",
                    "550 relay\n554 <a@example.com>... Remote protocol error",
                )],
            ),
            (
                "We could not deliver to a@example.com, sorry.\n",
                vec![(
                    "a@example.com",
                    "We could not deliver to a@example.com, sorry.",
                )],
            ),
            (
                "a@example.com<mailto:a@example.com>\n\nThe mailbox is full.\n",
                vec![("a@example.com", "The mailbox is full.")],
            ),
            ("your mail, sales1@acme.example\n", vec![]),
        ] {
            let got = scan(human);
            let got: Vec<(&str, &str)> =
                got.iter().map(|(a, r)| (a.as_str(), r.as_str())).collect();
            assert_eq!(got, want, "{human}");
        }
    }

    #[test]
    fn e2_aliases_in_words() {
        let envelope = Envelope::default();
        for human in [
            "  a@example.com\n    (generated from list@example.com)\n    no such user\n",
            "<a@example.com> (expanded from <list@example.com>): no such user\n",
        ] {
            let b = blocks(human, &envelope, &Returned::default());
            assert_eq!(
                (b.len(), b[0].original.as_deref()),
                (1, Some("list@example.com")),
                "{human}"
            );
        }
    }
}
