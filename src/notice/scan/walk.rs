//! The walk through the lines of a report, which gathers the failed addresses.

use super::Block;
use super::cause::{keep_quoted, push_line};
use super::output::MailerOutput;
use super::place::{Place, Spot, is_delivery_target, is_divider, is_entry, is_subject_line, spot};
use crate::address;
use crate::message::lines::{lines, trimmed};
use crate::notice::words::{self, Said};
use crate::notice::{Envelope, Returned};
use crate::phrases::Phrases;
use crate::vocab::Command;
use std::ops::Range;
use std::sync::LazyLock;

/// At most so many addresses of one report are kept.
const MAX_BLOCKS: usize = 20_000;

/// The failed addresses that a report names, in order, each once.
pub fn blocks(human: &str, envelope: &Envelope, returned: &Returned) -> Vec<Block> {
    let mut scan = Scan::new(envelope, returned);
    for line in lines(human).take(50_000) {
        scan.line(line);
        if scan.found.len() >= MAX_BLOCKS {
            break;
        }
    }
    scan.finish()
}

/// The address that failed in a report that is prose: the one behind `to` in the
/// first paragraph that tells of a failure, wherever its lines break.
pub(super) fn in_prose(human: &str, envelope: &Envelope, returned: &Returned) -> Option<Block> {
    const TO: &[&str] = &[
        "to",
        "for",
        "an",
        "f\u{fc}r",
        "para",
        "a",
        "\u{e0}",
        "naar",
        "aan",
        "til",
        "till",
        "na",
        "do",
        "\u{43d}\u{430}",
        "\u{434}\u{43b}\u{44f}",
        "user",
        "recipient",
        "address",
        "adresse",
        "utente",
        "all'utente",
        "indirizzo",
        "all'indirizzo",
        "list",
        "destinatario",
        "destinat\u{e1}rio",
        "destinataire",
        "direcci\u{f3}n",
        "endere\u{e7}o",
        "empf\u{e4}nger",
        "adresu",
    ];
    let ours = Scan::new(envelope, returned).ours;
    let paragraphs = human.split("\n\n").take(200);
    for paragraph in paragraphs.filter(|p| tells_failure(p)) {
        let text = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
        let meant = address::find(&text).find(|(range, a)| {
            let before = text[..range.start].trim_end_matches(['<', '\'', '"', ' ', ':', '(', '[']);
            let word = before.rsplit(' ').next().unwrap_or_default().to_lowercase();
            TO.contains(&word.as_str())
                && !ours.contains(&address::key(a))
                && !asks_there(text.get(..range.start).unwrap_or_default())
        });
        if let Some((_, a)) = meant {
            let mut block = Block::named(a);
            push_line(&mut block.reply, words::clip(&text, 1_000));
            return Some(block);
        }
    }
    None
}

/// True if the sentence that ends the text says whom to ask. That a message is `from`
/// somebody says so of no other address in it.
fn asks_there(text: &str) -> bool {
    let start = text.rfind(['.', '!', '?']).map_or(0, |at| {
        // A dot within an address or a host name ends no sentence.
        let within = |at: usize| !text[at..].starts_with(". ");
        if within(at) {
            text.rfind(". ").map_or(0, |n| n + 1)
        } else {
            at + 1
        }
    });
    let sentence = text[start..].to_lowercase();
    words::asks_contact(&sentence.replace("message from", "message"))
}

struct Scan<'e> {
    envelope: &'e Envelope,
    ours: Vec<String>,
    found: Vec<Block>,
    /// The block that the next lines belong to.
    current: Option<usize>,
    /// The block that the lines below the next divider belong to.
    headed: Option<usize>,
    /// Blank lines since the last line of the current block.
    blanks: usize,
    /// Replies of a transcript that no address has claimed yet.
    pending: Vec<String>,
    /// What a local mailer said in the transcript: it stands above the summing-up reply,
    /// which often is only `... Service unavailable`.
    output: MailerOutput,
    command: Option<Command>,
    rcpt: Option<String>,
    /// The last text line asks to contact somebody.
    contact: bool,
    /// How far the line of the current address is indented.
    indent: usize,
    /// The line of the current address ends with a colon: the next one is its.
    open: bool,
    /// A delivery that is no address, and what was said of it.
    target: Option<String>,
    /// The addresses that were listed behind `To:` just now.
    listed: Vec<usize>,
    /// The lines belong to the summary of a header.
    summary: bool,
    /// The lines of the paragraph so far that name nobody.
    paragraph: String,
    /// Sentences that introduce a list and say why: `… because their mailboxes are full:`.
    headings: Vec<String>,
    heading: Option<usize>,
    /// The heading is that of the recipients that were reached.
    reached: bool,
    /// A sentence said that the recipients that failed follow.
    announced: bool,
    /// Other addresses on the line of the current one: what follows is about all.
    also: Vec<usize>,
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
            headed: None,
            blanks: 0,
            pending: Vec::new(),
            output: MailerOutput::default(),
            command: None,
            rcpt: None,
            contact: false,
            indent: 0,
            open: false,
            target: None,
            listed: Vec::new(),
            summary: false,
            paragraph: String::new(),
            headings: Vec::new(),
            heading: None,
            reached: false,
            announced: false,
            also: Vec::new(),
        }
    }

    fn line(&mut self, line: &str) {
        let text = trimmed(line);
        if text.is_empty() {
            self.blank();
        } else if !self.transcript(text) && !self.coded(text) {
            self.plain(line, text);
        }
    }

    fn blank(&mut self) {
        self.blanks += 1;
        self.target = None;
        self.listed.clear();
        self.summary = false;
        self.paragraph.clear();
        let started = self.current.is_some_and(|i| {
            let reply = &self.found[i].reply;
            !reply.is_empty() && !reply.ends_with(':')
        });
        if started || self.blanks > 1 {
            self.current = None;
        }
    }

    /// `>>> RCPT To:<user@example.com>` and `<<< 550 no such user`.
    fn transcript(&mut self, text: &str) -> bool {
        if let Some(sent) = text.strip_prefix(">>>") {
            let command = Command::of_line(sent.trim_start_matches('>').trim());
            // Majordomo marks its own sentences so.
            if command.is_none() && tells_failure(sent) {
                return false;
            }
            // Active!hunter its recipients: what follows the next heading is theirs.
            let named = spot(sent).filter(|s| command.is_none() && s.place <= Place::Start);
            if let Some(found) = named {
                self.with_address(sent, sent.trim(), found, (Said::in_line(sent), false));
                self.headed = self.current;
                return true;
            }
            self.pending.clear();
            self.command = command;
            self.rcpt = (self.command == Some(Command::Rcpt))
                .then(|| address::find(sent).next().map(|(_, a)| a.to_owned()))
                .flatten();
            return true;
        }
        if text.starts_with("... while talking to") || text.starts_with("While talking to") {
            self.pending.clear();
            self.output.clear();
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
            return self.bare_reply(text);
        };
        let head = &text[..dots];
        let Some((range, a)) = address::find(head).last() else {
            return false;
        };
        if !head[range.end..].trim_matches(['>', ' ', '"']).is_empty() {
            return false;
        }
        let mut reply = self.pending.join("\n");
        for said in self.output.take().iter().map(String::as_str).chain([text]) {
            push_line(&mut reply, said);
        }
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

    /// A reply below `>>> RCPT To:<…>` that nothing marks as one.
    fn bare_reply(&mut self, text: &str) -> bool {
        let Some(a) = self.rcpt.take() else {
            return false;
        };
        let known = self.found.iter().rev().take(200);
        if known.map(|b| &b.address).any(|k| *k == a) {
            self.rcpt = Some(a);
            return false;
        }
        self.add(Block {
            address: a,
            reply: text.to_owned(),
            command: self.command,
            place: Place::Led,
            ..Block::default()
        });
        true
    }

    fn plain(&mut self, line: &str, text: &str) {
        if is_divider(text) {
            self.announced = false;
            self.current = self.headed.take();
            self.contact = false;
            self.output.section(text);
            return;
        }
        let said = Said::in_line(text);
        let contact = std::mem::replace(&mut self.contact, said.asks_contact(text));
        if self.target_line(line, text) {
            return;
        }
        if is_subject_line(text) {
            self.header_summary();
        }
        let Some(spot) = spot(line) else {
            self.without_address(text, said);
            return;
        };
        self.with_address(line, text, spot, (said, contact));
    }

    /// `|/usr/bin/procmail`, `(generated from user@example.com)`: the delivery failed for
    /// the address that the lines below it name.
    fn target_line(&mut self, line: &str, text: &str) -> bool {
        if is_delivery_target(text) && spot(line).is_none() {
            self.current = None;
            self.target = Some(text.to_owned());
            return true;
        }
        let Some(mut said) = self.target.take() else {
            return false;
        };
        let Some(address) = made_from(text) else {
            let about = spot(line).is_none();
            if about {
                push_line(&mut said, text);
                self.target = Some(said);
            }
            return about;
        };
        push_line(&mut said, text);
        self.add(Block {
            address,
            reply: said,
            place: Place::Led,
            ..Block::default()
        });
        true
    }

    /// A subject stands beside the recipients of the message, who need not have failed.
    fn header_summary(&mut self) {
        self.summary = true;
        for i in std::mem::take(&mut self.listed) {
            self.found[i].place = Place::Listed;
            self.current = None;
        }
    }

    fn without_address(&mut self, text: &str, said: Said) {
        push_line(&mut self.paragraph, text);
        self.output.push(text);
        let opens = text.trim_end_matches('-').ends_with([':', '\u{ff1a}']);
        let failure = said.tells_failure();
        self.announced = (self.announced && self.found.is_empty())
            || failure && (opens || said.speaks_of_list());
        if text.ends_with(':') && (failure || said.says_success()) {
            self.reached = !failure;
            if self.reached {
                self.current = None;
                return;
            }
        }
        if words::introduces_list(text) {
            self.current = None;
            self.head(text);
            return;
        }
        // Below a list, a new paragraph that only says whom to ask is about nobody.
        if self.blanks > 0 && self.contact && !failure {
            self.current = None;
            return;
        }
        // Text behind a blank line belongs to an address only if nothing else did.
        match self.current {
            Some(i)
                if self.blanks == 0
                    || self.found[i].reply.is_empty()
                    || self.found[i].reply.ends_with(':') =>
            {
                if self.blanks > 0 && self.found[i].reply.is_empty() {
                    self.also = self.bare_before(i);
                }
                self.blanks = 0;
                self.append(i, text);
            }
            _ => self.current = None,
        }
    }

    /// The addresses of the list that ends with this one, of which nothing was said yet:
    /// a paragraph below it is about all.
    fn bare_before(&self, last: usize) -> Vec<usize> {
        let listed = |i: &usize| {
            let one = self.found.get(*i).zip(self.found.get(last));
            one.is_some_and(|(b, l)| {
                b.reply.is_empty() && b.place == Place::Alone && l.place == Place::Alone
            })
        };
        (0..last).rev().take_while(listed).take(200).collect()
    }

    /// Remembers a sentence that says why the addresses below it failed.
    fn head(&mut self, text: &str) {
        self.heading = None;
        if text.ends_with(':') && words::gives_cause(&self.paragraph) {
            self.heading = Some(self.headings.len());
            self.headings.push(std::mem::take(&mut self.paragraph));
        }
    }

    /// `contact`: the text line before asks to contact somebody.
    fn with_address(&mut self, line: &str, text: &str, spot: Spot, (said, contact): (Said, bool)) {
        let (range, mut place) = (spot.range.clone(), spot.place);
        if self.announced && place == Place::Sentence && is_entry(line, &range) {
            place = Place::Alone;
        }
        let a = &line[range.clone()];
        // An indented line below an address is about it, whatever it names.
        let indent = line.len() - line.trim_start().len();
        let about = self.current.filter(|_| {
            let deeper = indent > self.indent;
            self.blanks == 0
                && (place == Place::Sentence && (deeper || self.open || !self.contact)
                    || place == Place::Start && deeper)
        });
        let about = about.filter(|i| !self.says_the_same_of(*i, a, text));
        if let Some(i) = about {
            self.open = false;
            self.original(i, text);
            self.append(i, text);
            return;
        }
        let ours = self.ours.contains(&address::key(a)) && !self.is_failed(a);
        if (ours && (place > Place::Led || self.is_daemon(a)))
            || (place > Place::Led && (contact || self.contact))
            || (place == Place::Sentence && !said.tells_failure())
        {
            self.current = None;
            return;
        }
        self.indent = indent;
        self.open = text.ends_with(':');
        let rest = match rest_of(line, range.end) {
            "" if spot.has_cause() => text,
            rest => rest,
        };
        let known = self.found.len();
        let header = spot.is_to() && self.summary;
        self.add(Block {
            address: a.to_owned(),
            reply: rest.to_owned(),
            place: if header { Place::Listed } else { place },
            ..Block::default()
        });
        self.neighbours(&line[range.end..]);
        self.listed.clear();
        if spot.is_to() {
            self.listed.extend(known..self.found.len());
        }
        if let Some(i) = self.current {
            self.original(i, text);
            if place == Place::Sentence {
                self.found[i].reply = text.to_owned();
                self.joined(&line[range.end..], text);
            }
        }
    }

    /// `Delivery to b@example.com failed.` below `Delivery to a@example.com failed.`
    fn says_the_same_of(&self, block: usize, a: &str, text: &str) -> bool {
        self.found.get(block).is_some_and(|b| {
            let sentence =
                b.place == Place::Sentence && address::key(&b.address) != address::key(a);
            sentence && without_addresses(&b.reply) == without_addresses(text)
        })
    }

    /// `(generated from x@example.com)` (Exim), `(expanded from <x@example.com>)` (Postfix).
    fn original(&mut self, block: usize, text: &str) {
        if self.found[block].original.is_none() {
            self.found[block].original = made_from(text);
        }
    }

    /// The other addresses of a line that holds nothing else behind the first.
    fn neighbours(&mut self, rest: &str) {
        let Some(first) = self.current else { return };
        let others = address::find_all(rest);
        let mut gaps = rest.to_owned();
        others
            .iter()
            .rev()
            .for_each(|(r, _)| gaps.replace_range(r.clone(), ""));
        if others.is_empty() || gaps.chars().any(char::is_alphanumeric) {
            return;
        }
        if self.found[first].reply == rest_of(rest, 0) {
            self.found[first].reply.clear();
        }
        let place = self.found[first].place;
        let mut also = Vec::new();
        let theirs = |a: &&(Range<usize>, &str)| !self.ours.contains(&address::key(a.1));
        let theirs: Vec<&str> = others.iter().filter(theirs).map(|(_, a)| *a).collect();
        for a in theirs {
            self.add(Block {
                place,
                ..Block::named(a)
            });
            also.extend(self.current.filter(|i| *i != first));
        }
        self.current = Some(first);
        self.also = also;
    }

    /// `… to a@example.com and b@example.com because …`: the sentence is about both.
    fn joined(&mut self, rest: &str, sentence: &str) {
        let first = self.current;
        let mut end = 0;
        for (range, a) in address::find(rest) {
            if !rest.get(end..range.start).is_some_and(joins) {
                break;
            }
            end = range.end;
            if !self.ours.contains(&address::key(a)) {
                let mut block = Block::named(a);
                block.reply = sentence.to_owned();
                self.add(block);
            }
        }
        self.current = first;
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
        if self.current == Some(block) {
            for i in &self.also {
                push_line(&mut self.found[*i].reply, text);
            }
        }
    }

    fn add(&mut self, mut block: Block) {
        self.blanks = 0;
        block.heading = self.heading;
        block.reached = self.reached;
        self.also.clear();
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
                self.found[i].reached &= block.reached;
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
        for b in found.iter_mut().filter(|b| b.reply.is_empty()) {
            if let Some(why) = b.heading.and_then(|h| self.headings.get(h)) {
                b.reply.clone_from(why);
            }
        }
        found.iter_mut().for_each(|b| keep_quoted(&mut b.reply));
        if found.iter().any(|b| !b.reached) {
            found.retain(|b| !b.reached);
        }
        let best = found.iter().map(|b| b.place).min().unwrap_or_default();
        match best {
            Place::Led | Place::Alone => found.retain(|b| {
                let coded = || crate::code::find_smtp_code(&b.reply).is_some();
                b.place <= Place::Alone || b.place == Place::Start && coded()
            }),
            Place::Start | Place::Listed => found.retain(|b| b.place == best),
            // One sentence may name others, too; one of the same form is about the next.
            Place::Sentence => {
                let first = found.first().map(|b| without_addresses(&b.reply));
                found.retain(|b| Some(without_addresses(&b.reply)) == first);
            }
        }
        found
    }
}

/// The first line of a reply without the addresses in it.
fn without_addresses(reply: &str) -> String {
    let mut line = reply.lines().next().unwrap_or_default().to_owned();
    for (range, _) in address::find_all(&line.clone()).into_iter().rev() {
        line.replace_range(range, "");
    }
    line
}

/// True if nothing but a mark or "and" stands between two addresses of a sentence.
fn joins(gap: &str) -> bool {
    const AND: &[&str] = &[
        "", "and", "und", "et", "y", "e", "en", "och", "og", "ja", "a", "i", "\u{438}", "or",
    ];
    let remark = gap.find('(').zip(gap.rfind(')')).filter(|(a, b)| a < b);
    let bare = remark.map(|(from, to)| format!("{}{}", &gap[..from], &gap[to..]));
    let bare = bare.as_deref().unwrap_or(gap);
    AND.contains(&bare.trim_matches(|c: char| !c.is_alphanumeric()))
}

fn tells_failure(text: &str) -> bool {
    Said::in_line(text).tells_failure()
}

/// The address that another was made from (alias, forward).
fn made_from(text: &str) -> Option<String> {
    // The plainest first.
    static MARKS: LazyLock<Phrases> = LazyLock::new(|| {
        Phrases::new([
            "generated from ",
            "generated by ",
            "expanded from",
            "Original address:",
            "(was addressed to ",
            "riginally addressed to ",
        ])
    });
    memchr::memchr(b'@', text.as_bytes())?;
    let mut plainest: Option<(usize, usize, usize)> = None;
    MARKS.each(text, |mark| {
        let mark = (mark.phrase, mark.range.start, mark.range.end);
        plainest = Some(plainest.map_or(mark, |p| p.min(mark)));
    });
    let (_, _, end) = plainest?;
    let (_, first) = address::find(text.get(end..)?).next()?;
    Some(first.to_owned())
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
