//! Bounces in words: one scanner for every layout.
//!
//! Systems differ in their sentences but hardly in where they put an address:
//! before a colon, alone on a line, behind a label, in a transcript line. The
//! scanner looks at the place ([`Place`]) and takes the text that belongs to it
//! as the reply; [`formats`](super::formats) gives the layout its name.

mod apart;
mod cause;
mod output;
mod place;
mod walk;

use super::{Envelope, Notice, Notification, Returned, formats, report, words};
use crate::address;
use crate::message::Message;
use crate::message::lines::{lines, trimmed};
use crate::vocab::{Command, Kind};
use cause::{coded_lines, common_cause, keep_quoted, labelled_cause, push_line};
use place::Place;

pub use apart::{apart, headed};
pub use walk::blocks;
use walk::in_prose;

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
    /// Which heading it stands below.
    heading: Option<usize>,
    /// It stands in a list of recipients that were reached.
    reached: bool,
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
        keep_quoted(&mut self.reply);
    }

    /// Takes the first lines that speak of the failure where no cause was found.
    fn add_failure(&mut self, text: &str) {
        if self.reply.is_empty() {
            let lines = text.lines().map(str::trim);
            let mut lines = lines.skip_while(|l| !words::says_failure(l));
            for line in lines.by_ref().take_while(|l| !l.is_empty()).take(5) {
                push_line(&mut self.reply, line);
            }
        }
    }

    /// Takes the cause from the subject, where Sendmail, Domino and their like put it
    /// (`Returned mail: User unknown`), and the report gives none.
    fn add_subject(&mut self, subject: &str) {
        const BEFORE: &[&str] = &["returned mail:", "delivery failure:"];
        let head = |p: &&str| {
            let start = subject.get(..p.len())?;
            start
                .eq_ignore_ascii_case(p)
                .then(|| subject[p.len()..].trim())
        };
        let cause = BEFORE.iter().find_map(head);
        if let Some(cause) = cause.filter(|c| words::names_cause(&c.to_lowercase()))
            && !words::gives_cause(&self.reply)
            && crate::code::find_smtp_code(&self.reply).is_none()
        {
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

/// Reads a bounce that is not machine-readable; `None` if the mail is none.
pub fn read(message: &Message<'_>, envelope: &Envelope) -> Option<Notification> {
    let system = envelope.is_system() || !envelope.failed_recipients.is_empty();
    let subject = words::failure_subject(&envelope.subject);
    // A system that hides behind a person's name still returns the mail.
    let returns = || message.parts().iter().any(|p| p.is_mail()) && !envelope.listed;
    let answer = envelope.is_answer() && !envelope.from_daemon();
    if !(system || subject || returns())
        || words::no_report_subject(&envelope.subject)
        || answer && !subject
    {
        return None;
    }
    let report = report::report_text(message, !envelope.is_system());
    let bare = subject && !envelope.listed && is_bare(&report.text);
    if answer && !bare {
        return None;
    }
    let coded = subject && !coded_lines(&report.text).is_empty();
    let says = words::says_failure(&report.text) || coded;
    let receipt = || envelope.null_sender && words::is_receipt(&envelope.subject, &report.text);
    let reached = || envelope.from_daemon() && words::success_subject(&envelope.subject);
    if !(says || subject && system || receipt() || reached()) {
        return None;
    }
    let returned = Returned::part_of(message).unwrap_or(report.returned);
    let mut found = blocks(&report.text, envelope, &returned);
    if let [only] = found.as_mut_slice() {
        only.add_cause(&report.text);
        only.add_subject(&envelope.subject);
    } else if found.iter().all(|b| b.reply.is_empty()) {
        let cause = common_cause(&report.text);
        for block in &mut found {
            cause.iter().for_each(|c| push_line(&mut block.reply, c));
        }
    }
    if !(system || subject) && found.first().is_none_or(|b| b.place != Place::Led) {
        return None;
    }
    let holds_mail = returned.present || report.forwarded;
    let daemon = is_from_machine(envelope, subject, holds_mail);
    let hidden = !(system || subject) && says && returned.present;
    let told_of = envelope.listed || words::is_talked_of(&envelope.subject);
    let holds = holds_mail || quotes_reply(&found) && !told_of;
    if !(daemon || hidden || bare || is_vouched_for(envelope, subject, says, holds)) {
        return None;
    }
    // Whoever answers with the words of a failure gives the subject of the mail before them.
    let told = if bare { "" } else { &envelope.subject };
    let kind = words::kind_of(told, &report.text);
    own_words(&mut found, &report.text);
    let named = !found.is_empty() || !envelope.failed_recipients.is_empty();
    let mut notices: Vec<Notice> = found.into_iter().map(|b| notice(kind, b)).collect();
    if notices.is_empty() {
        notices = unnamed(kind, envelope, &returned, says.then_some(&report.text))?;
    }
    // A delay or a delivery of nobody tells nothing.
    if kind != Kind::Failed && notices.iter().all(|n| n.recipient.is_none()) {
        return None;
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

/// True if a text says that a mail failed, an address stands on a line of its own, and
/// there is not a word more, as no person writes: systems that hide behind a person's
/// address, and answer with `Re:`.
fn is_bare(text: &str) -> bool {
    const MOST: usize = 1000;
    let written = |l: &&str| l.chars().any(char::is_alphanumeric);
    let lines = || lines(text).map(trimmed).filter(written);
    let is_address = |l: &str| place::spot(l).is_some_and(|s| s.place == Place::Alone);
    text.len() <= MOST
        && lines().any(is_address)
        && words::says_failed(text)
        && lines().all(|l| is_address(l) || words::says_failed(l))
}

/// True for the address that a list sends from: `list-bounces@…`, `owner-list@…`.
fn is_list_owner(address: &str) -> bool {
    const ENDS: &[&str] = &["-bounces", "-admin", "-owner", "-errors", "-request"];
    let local = address.split('@').next().unwrap_or_default().to_lowercase();
    local.starts_with("owner-") || ENDS.iter().any(|end| local.ends_with(end))
}

/// True if From is that of a mail system, and nothing says that a person or a mailing
/// bears its name.
fn is_from_machine(envelope: &Envelope, subject: bool, holds_mail: bool) -> bool {
    let machine = envelope.null_sender || envelope.automatic || holds_mail;
    let postmaster = envelope.from.contains("postmaster");
    // A postmaster is also a person.
    let person = postmaster && !(subject || machine);
    // A magazine that calls itself a daemon comes through a list, and returns nothing.
    // Reports to the owner of a list bear the fields of its mails.
    let meant = !postmaster || envelope.to.iter().any(|to| is_list_owner(to));
    let titled = subject && envelope.daemon_address() && meant;
    let mailing = envelope.listed && !(machine || titled);
    envelope.from_daemon() && !person && !mailing
}

/// What no postmaster wrote is a bounce only if more speaks for it: newsletters,
/// people, shops and monitors write of failed deliveries, too. A system shows by the
/// empty envelope sender or by saying that it answers, a report by its subject, a bounce by the mail it returns.
fn is_vouched_for(envelope: &Envelope, subject: bool, says: bool, holds_mail: bool) -> bool {
    let named = !envelope.failed_recipients.is_empty();
    let machine = envelope.null_sender || envelope.replied;
    let marks = [subject, machine, holds_mail];
    let enough = marks.iter().filter(|m| **m).count() >= 2;
    named || says && enough
}

/// Gives each of several recipients in prose the words about it.
fn own_words(found: &mut [Block], report: &str) {
    if found.len() < 2 {
        return;
    }
    let all = |place: Place| found.iter().all(|b| b.place == place);
    let coded = |b: &Block| crate::code::find_smtp_code(&b.reply).is_some();
    let addresses: Vec<&str> = found.iter().map(|b| b.address.as_str()).collect();
    let said = if all(Place::Sentence) {
        apart(report, &addresses)
    } else if all(Place::Alone) && !found.iter().any(coded) {
        headed(report, &addresses)
    } else {
        None
    };
    let Some(said) = said else { return };
    for (block, said) in found.iter_mut().zip(said) {
        block.reply = said;
    }
}

/// True if the report gives one address with the reply of a server, code and all.
fn quotes_reply(found: &[Block]) -> bool {
    let [only] = found else { return false };
    let reply = &only.reply;
    // People quote replies in their sentences, too.
    let own_line = only.place != Place::Sentence || !coded_lines(reply).is_empty();
    own_line
        && crate::code::find_smtp_code(reply).is_some()
        && crate::code::find_enhanced(reply).is_some()
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
    says: Option<&String>,
) -> Option<Vec<Notice>> {
    // The hop next to the failure knows best whom it took the mail for; To may be a list.
    let ours = [&returned.from, &returned.return_path];
    let hops = returned.hops();
    let next = hops.first().and_then(|(_, taken_for)| taken_for.clone());
    let last = next.filter(|a| {
        !ours
            .into_iter()
            .flatten()
            .any(|o| o.eq_ignore_ascii_case(a))
    });
    let last = last.or_else(|| taken_in(&hops, returned));
    let named: Vec<&String> = if !envelope.failed_recipients.is_empty() {
        envelope.failed_recipients.iter().collect()
    } else if let Some(a) = &last {
        vec![a]
    } else if returned.to.len() == 1 {
        returned.to.iter().collect()
    } else {
        Vec::new()
    };
    let titled = in_subject(envelope, returned);
    let named = match &titled {
        Some(a) if named.is_empty() => vec![a],
        _ => named,
    };
    if named.is_empty() {
        if let Some(block) = says.and_then(|text| in_prose(text, envelope, returned)) {
            return Some(vec![notice(kind, block)]);
        }
        let subject = words::failure_subject(&envelope.subject);
        // A name is soon forged: "Mail Administrator" has five messages waiting for you.
        let system = envelope.daemon_address()
            || envelope.from_daemon() && (envelope.null_sender || envelope.automatic);
        let certain = says.is_some() && (system && subject || returned.present);
        return certain.then(|| vec![Notice::new(kind)]);
    }
    let alone = says.filter(|_| named.len() == 1);
    let one = named.len() == 1;
    let of = |a: &String| {
        let mut block = Block::named(a);
        if let Some(text) = alone {
            block.add_cause(text);
            block.add_failure(text);
        }
        if one {
            block.add_subject(&envelope.subject);
        }
        notice(kind, block)
    };
    Some(named.into_iter().map(of).collect())
}

/// The address that a host took the mail for in its own domain (`by mx.example.net … for
/// <user@example.net>`), where the hops behind it name none: a list had passed it on. An
/// address of To and Cc is that of the list, or one of several.
fn taken_in(hops: &[(String, Option<String>)], returned: &Returned) -> Option<String> {
    let (by, taken_for) = hops.iter().find(|(_, taken_for)| taken_for.is_some())?;
    let taken_for = taken_for.as_deref()?;
    let ours = [&returned.from, &returned.return_path];
    let known = returned.to.iter().chain(ours.into_iter().flatten());
    let mut known = known.map(|a| address::key(a));
    let domain = address::domain(taken_for)?;
    let inside = by == &domain || by.ends_with(&format!(".{domain}"));
    let key = address::key(taken_for);
    (inside && !known.any(|a| a == key)).then(|| taken_for.to_owned())
}

/// The one address in the subject of a report, as in `Mail Delivery (failure u@example.com)`.
fn in_subject(envelope: &Envelope, returned: &Returned) -> Option<String> {
    if !envelope.from_daemon() {
        return None;
    }
    let own = envelope.to.iter().chain(&envelope.from_address);
    let own = own.chain(&returned.from).chain(&returned.return_path);
    let ours: Vec<String> = own.map(|a| address::key(a)).collect();
    match address::find_all(&envelope.subject).as_slice() {
        [(_, a)] if !ours.contains(&address::key(a)) => Some((*a).to_owned()),
        _ => None,
    }
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

    #[test]
    fn i3_addresses_in_prose() {
        let envelope = Envelope {
            to: vec!["sales1@acme.example".into()],
            ..Envelope::default()
        };
        for (human, want) in [
            (
                "Hello,\n\nthe message of sales1@acme.example that I tried to send to\n<a@example.com> could not be delivered.\n",
                Some("a@example.com"),
            ),
            (
                "Your message could not be delivered.\n\nFor help write to help@example.com.\n",
                None,
            ),
            ("I wrote to a@example.com yesterday.\n", None),
        ] {
            let got = in_prose(human, &envelope, &Returned::default());
            assert_eq!(got.map(|b| b.address).as_deref(), want, "{human}");
        }
    }

    #[test]
    fn i3_lists_and_their_headings() {
        for (human, want) in [
            (
                "They failed because the mailboxes are full; recipients:\n\n\ta@example.com\n\tb@example.com\n",
                vec![
                    (
                        "a@example.com",
                        "They failed because the mailboxes are full; recipients:",
                    ),
                    (
                        "b@example.com",
                        "They failed because the mailboxes are full; recipients:",
                    ),
                ],
            ),
            (
                "Not delivered:\n  a@example.com (full)\nDelivered:\n  b@example.com\n",
                vec![("a@example.com", "(full)")],
            ),
            (
                "a@example.com; b@example.com\nno such user\n",
                vec![
                    ("a@example.com", "no such user"),
                    ("b@example.com", "no such user"),
                ],
            ),
            (
                "a@example.com\nIt was rejected by the recipient domain. The error that the other server returned was: 550 no\n",
                vec![("a@example.com", "550 no")],
            ),
            (
                "To: a@example.com\nSubject: x\n\nhas failed for:\nb@example.com on Monday\n",
                vec![("b@example.com", "on Monday")],
            ),
            (
                "|/bin/deliver\n  (expanded from: <a@example.com>)\n",
                vec![(
                    "a@example.com",
                    "|/bin/deliver\n(expanded from: <a@example.com>)",
                )],
            ),
        ] {
            let got = scan(human);
            let got: Vec<(&str, &str)> =
                got.iter().map(|(a, r)| (a.as_str(), r.as_str())).collect();
            assert_eq!(got, want, "{human}");
        }
    }
}
