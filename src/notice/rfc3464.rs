//! Delivery status notifications: RFC 3464 in the wrapping of RFC 6522, and
//! their international form, RFC 6533.
//!
//! The fields are read wherever they stand: in a `message/delivery-status` part,
//! in one whose blank lines were lost, in the text of a forwarded report.

use super::scan::{self, Block};
use super::{Envelope, Notice, Notification, Returned, report, words};
use crate::address;
use crate::message::Message;
use crate::message::headers::name_len;
use crate::message::lines::{lines, trimmed};
use crate::vocab::Kind;
use memchr::memmem::Finder;
use std::borrow::Cow;
use std::sync::LazyLock;

/// The field groups of one report.
#[derive(Debug, Default)]
struct Report {
    reporting_mta: Option<String>,
    sender: Option<String>,
    recipients: Vec<Group>,
}

/// The per-recipient fields (RFC 3464 §2.3), as written.
#[derive(Clone, Debug, Default)]
struct Group {
    final_recipient: Option<String>,
    original_recipient: Option<String>,
    actual_recipient: Option<String>,
    action: Option<String>,
    status: Option<String>,
    diagnostic: Option<String>,
    supplement: Option<String>,
    remote_mta: Option<String>,
    last_attempt: Option<String>,
}

impl Group {
    fn is_empty(&self) -> bool {
        self.final_recipient.is_none()
            && self.original_recipient.is_none()
            && self.actual_recipient.is_none()
            && self.action.is_none()
            && self.status.is_none()
            && self.diagnostic.is_none()
    }
}

/// Reads a delivery report; `None` if the mail holds no such fields.
pub fn read(message: &Message<'_>, envelope: &Envelope) -> Option<Notification> {
    let mut report = Report::default();
    let mut machine = false;
    for part in message.parts() {
        if part.is("message/delivery-status") || part.is("message/global-delivery-status") {
            machine = true;
            parse(&message.part_text(part), &mut report);
        }
    }
    let human = if machine {
        report::report_text(message, !envelope.is_system())
    } else {
        quoted(message, envelope, &mut report)?
    };
    report.recipients.retain(|g| !g.is_empty());
    let notices: Vec<Notice> = report
        .recipients
        .iter()
        .filter_map(|g| notice(g, envelope, &human.text))
        .collect();
    let mut found = Notification {
        format: "rfc3464",
        named: true,
        notices,
        returned: Returned::part_of(message).unwrap_or(human.returned),
        human: human.text,
        reporting_mta: report.reporting_mta.as_deref().map(host),
        sender: report.sender.as_deref().and_then(address::clean),
        feedback_type: None,
        columns: None,
    };
    fill(&mut found, envelope);
    (!found.notices.is_empty()).then_some(found)
}

/// Completes what the fields leave open from the human part.
fn fill(found: &mut Notification, envelope: &Envelope) {
    let unnamed = found.notices.iter().all(|n| n.recipient.is_none());
    let thin = |n: &Notice| n.kind == Kind::Failed && words::is_thin(&n.reply);
    if !unnamed && !found.notices.iter().any(thin) {
        return;
    }
    let blocks = scan::blocks(&found.human, envelope, &found.returned);
    if unnamed {
        name(found, envelope, blocks);
    } else if !explain_apart(found) {
        explain(found, &blocks);
    }
}

/// Gives the recipients to a report whose fields name none.
fn name(found: &mut Notification, envelope: &Envelope, blocks: Vec<Block>) {
    let first = found.notices.first().cloned();
    let kind = first.as_ref().map_or_else(
        || words::kind_of(&envelope.subject, &found.human),
        |n| n.kind,
    );
    let first = first.unwrap_or_else(|| Notice::new(kind));
    let named: Vec<Block> = if blocks.is_empty() {
        envelope
            .failed_recipients
            .iter()
            .map(|a| Block::named(a))
            .collect()
    } else {
        blocks
    };
    let notices: Vec<Notice> = named
        .into_iter()
        .map(|b| {
            let mut n = first.clone();
            n.recipient = Some(b.address);
            n.original = b.original;
            n.command = b.command;
            if words::is_thin(&n.reply) {
                n.reply = b.reply;
            }
            n
        })
        .collect();
    if !notices.is_empty() {
        found.notices = notices;
    } else if found.notices.is_empty() && words::says_failure(&found.human) {
        let mut n = first;
        n.recipient = Some(found.returned.to.clone())
            .filter(|to| to.len() == 1)
            .and_then(|mut to| to.pop());
        found.notices.push(n);
    }
}

/// Where no field says why, prose that speaks of one recipient after the other may.
fn explain_apart(found: &mut Notification) -> bool {
    if !found.notices.iter().all(|n| words::is_thin(&n.reply)) {
        return false;
    }
    let named: Option<Vec<&str>> = found
        .notices
        .iter()
        .map(|n| n.recipient.as_deref())
        .collect();
    let Some(said) = named.and_then(|all| scan::apart(&found.human, &all)) else {
        return false;
    };
    for (n, said) in found.notices.iter_mut().zip(said) {
        let fields = std::mem::replace(&mut n.reply, said);
        if !n.reply.contains(fields.trim()) {
            n.reply = format!("{}\n{fields}", n.reply);
        }
    }
    true
}

/// Takes the words of the human part where a diagnostic says nothing.
fn explain(found: &mut Notification, blocks: &[Block]) {
    let alone = found.notices.len() == 1 && blocks.len() == 1;
    for n in found
        .notices
        .iter_mut()
        .filter(|n| words::is_thin(&n.reply))
    {
        let of = |a: &Option<String>| a.as_deref().map(address::key);
        let (failed, original) = (of(&n.recipient), of(&n.original));
        let block = blocks.iter().find(|b| {
            let key = Some(address::key(&b.address));
            key == failed || key == original || alone
        });
        if let Some(b) = block.filter(|b| !b.reply.is_empty()) {
            let fields = std::mem::replace(&mut n.reply, b.reply.clone());
            if !n.reply.contains(fields.trim()) {
                n.reply = format!("{}\n{fields}", n.reply);
            }
            n.command = n.command.or(b.command);
        }
    }
}

/// Fields in the text of a mail that is no report itself: a forward, or a report
/// whose parts lost their types. Quote marks are taken off.
fn quoted(
    message: &Message<'_>,
    envelope: &Envelope,
    report: &mut Report,
) -> Option<report::Report> {
    if !contains_field(message.body()) && !hides_field(message) {
        return None;
    }
    // Newsletters and answers quote such fields, too: a person's mail counts as a forward
    // only if it begins a thread and comes from no list.
    let person = !envelope.is_system();
    if person
        && (!words::failure_subject(&envelope.subject) || envelope.is_answer() || envelope.listed)
    {
        return None;
    }
    let mut human = report::Report::default();
    let texts = message.parts().iter();
    for part in texts.filter(|p| holds_text(p) || p.depth == 0 && !p.is_multipart()) {
        let text = message.part_text(part);
        let plain = report::unquoted(&text);
        let from = plain.find("Reporting-MTA:").or_else(|| field_at(&plain));
        let Some(at) = from else {
            human.text.push_str(words::clip(&plain, 65_536));
            continue;
        };
        parse(&plain[at..], report);
        human.text.push_str(words::clip(&plain[..at], 65_536));
        human.returned = report::split_report(&plain[at..]).returned;
    }
    // Who explains bounces writes such fields, too; a forwarded report names its host.
    if person && report.reporting_mta.is_none() {
        return None;
    }
    report
        .recipients
        .iter()
        .any(|g| g.final_recipient.is_some() && (g.action.is_some() || g.status.is_some()))
        .then_some(human)
}

/// True for parts that may hold the fields: texts, and files without a type.
fn holds_text(part: &crate::message::parts::Part) -> bool {
    part.kind.starts_with("text/") || part.is("application/octet-stream")
}

/// True if the fields stand in an encoded part (base64) that is not declared a report.
fn hides_field(message: &Message<'_>) -> bool {
    let small = |p: &&crate::message::parts::Part| p.end.saturating_sub(p.body) < 65_536;
    let mut parts = message.parts().iter().take(20);
    static BASE64: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(b"base64"));
    let encoded = BASE64.find(message.body()).is_some();
    encoded
        && parts
            .any(|p| holds_text(p) && small(&p) && contains_field(message.part_text(p).as_bytes()))
}

fn contains_field(raw: &[u8]) -> bool {
    static FIELD: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(b"ecipient:"));
    // All the same but for the first letter, which comes in both cases.
    FIELD.find_iter(raw).any(|at| {
        let name = raw.get(..at).unwrap_or_default();
        name.ends_with(b"inal-R") || name.ends_with(b"inal-r")
    })
}

fn field_at(text: &str) -> Option<usize> {
    [
        "Final-Recipient:",
        "Final-recipient:",
        "Original-Recipient:",
        "Original-recipient:",
    ]
    .iter()
    .filter_map(|f| text.find(f))
    .min()
}

/// Reads field groups. A blank line, or a second Final-Recipient, begins a new
/// group; a line that is no field continues the field before it.
fn parse(text: &str, report: &mut Report) {
    let mut group = Group::default();
    let mut field: Option<Field> = None;
    for line in lines(text) {
        let blank = trimmed(line).is_empty();
        let folded = line.starts_with([' ', '\t']);
        let name = if folded || blank {
            None
        } else {
            name_len(line.as_bytes())
        };
        match name {
            None if blank => {
                flush(&mut field, &mut group, report);
                if group.final_recipient.is_some()
                    || group.original_recipient.is_some()
                    || group.diagnostic.is_some()
                {
                    report.recipients.push(std::mem::take(&mut group));
                }
            }
            None => {
                if let Some((_, value)) = &mut field {
                    let value = value.to_mut();
                    value.push('\n');
                    value.push_str(trimmed(line));
                }
            }
            Some(colon) => {
                flush(&mut field, &mut group, report);
                field = Some((trimmed(&line[..colon]), trimmed(&line[colon + 1..]).into()));
            }
        }
    }
    flush(&mut field, &mut group, report);
    report.recipients.push(group);
}

/// The name of a field, and its value.
type Field<'a> = (&'a str, Cow<'a, str>);

/// Stores a finished field; the first of several of the same name counts.
fn flush(field: &mut Option<Field<'_>>, group: &mut Group, report: &mut Report) {
    let Some((name, value)) = field.take() else {
        return;
    };
    let is = |known: &str| name.eq_ignore_ascii_case(known);
    if is("final-recipient") && group.final_recipient.is_some() {
        report.recipients.push(std::mem::take(group));
    }
    let slots = [
        ("reporting-mta", &mut report.reporting_mta),
        ("x-postfix-sender", &mut report.sender),
        ("final-recipient", &mut group.final_recipient),
        ("original-recipient", &mut group.original_recipient),
        ("x-actual-recipient", &mut group.actual_recipient),
        ("action", &mut group.action),
        ("status", &mut group.status),
        ("diagnostic-code", &mut group.diagnostic),
        ("remote-mta", &mut group.remote_mta),
        ("last-attempt-date", &mut group.last_attempt),
    ];
    let slot = slots.into_iter().find(|(known, _)| is(known));
    let slot = match slot {
        Some((_, slot)) => slot,
        None if is("x-supplementary-info") || is("x-display-name-info") => &mut group.supplement,
        None => return,
    };
    if slot.is_none() && !trimmed(&value).is_empty() {
        *slot = Some(value.into_owned());
    }
}

fn notice(g: &Group, envelope: &Envelope, human: &str) -> Option<Notice> {
    let mut n = Notice::new(kind(g, envelope, human)?);
    let address = |field: &Option<String>| {
        field
            .as_deref()
            .and_then(address::clean)
            .map(|a| address::from_xtext(&a).into_owned())
            .filter(|a| address::split(a).is_some())
    };
    n.recipient = address(&g.final_recipient);
    n.original = address(&g.original_recipient)
        .or_else(|| address(&g.actual_recipient).filter(|_| n.recipient.is_some()));
    if n.recipient.is_none() {
        n.recipient = n.original.clone().or_else(|| address(&g.actual_recipient));
    }
    n.status = g
        .status
        .as_deref()
        .and_then(crate::code::find_enhanced)
        .map(|(c, _)| c);
    n.reply = reply(g);
    n.remote_mta = g.remote_mta.as_deref().map(host).filter(|h| !h.is_empty());
    n.last_attempt = g.last_attempt.clone();
    Some(n)
}

/// The diagnostic without its type, what Exchange adds in a field of its own, and
/// the comment of the status where there is little else.
fn reply(g: &Group) -> String {
    let mut reply = g.diagnostic.as_deref().map(untyped).unwrap_or_default();
    let mut add = |more: &str| {
        if !reply.contains(more) {
            if !reply.is_empty() {
                reply.push('\n');
            }
            reply.push_str(more);
        }
    };
    if let Some(more) = g.supplement.as_deref() {
        add(more.trim_matches(['<', '>', ' ']));
    }
    let comment = g.status.as_deref().and_then(|s| s.split_once('('));
    if let Some((_, c)) = comment.filter(|_| g.diagnostic.as_ref().is_none_or(|d| d.len() < 40)) {
        add(c.trim_end_matches(')').trim());
    }
    reply
}

/// `smtp; 550 no` → `550 no`. The exit codes of a local program (`X-Unix; 127`,
/// Sendmail) keep their type: they are no replies.
fn untyped(value: &str) -> String {
    let is_type = |kind: &str| {
        let kind = kind.trim();
        let legal = |c: char| c.is_ascii_alphanumeric() || c == '-';
        kind.len() < 24 && kind.chars().all(legal) && !kind.eq_ignore_ascii_case("x-unix")
    };
    match value.split_once(';') {
        Some((kind, rest)) if is_type(kind) => rest.trim().to_owned(),
        _ => value.trim().to_owned(),
    }
}

/// `dns; mx.example.com (192.0.2.1)` → `mx.example.com`.
pub fn host(value: &str) -> String {
    host_in(value).to_ascii_lowercase()
}

/// The same as written.
pub fn host_in(value: &str) -> &str {
    let value = value.split_once(';').map_or(value, |(_, h)| h).trim();
    let host = value.split(|c: char| c.is_whitespace() || c == '(').next();
    host.unwrap_or_default().trim_end_matches('.')
}

/// What the Action field says; where it is missing or unknown, the class of the status.
fn kind(g: &Group, envelope: &Envelope, human: &str) -> Option<Kind> {
    let action = g
        .action
        .as_deref()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let class = g.status.as_deref().and_then(|s| s.trim().chars().next());
    Some(match action.as_str() {
        a if a.starts_with("fail") => Kind::Failed,
        a if a.starts_with("delay") => Kind::Delayed,
        a if ["deliver", "relay", "expand", "transfer"]
            .iter()
            .any(|w| a.starts_with(w)) =>
        {
            Kind::Delivered
        }
        _ => match class {
            Some('2') => Kind::Delivered,
            Some('5') => Kind::Failed,
            _ => words::kind_of(&envelope.subject, human),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(text: &str) -> Report {
        let mut r = Report::default();
        parse(text, &mut r);
        r.recipients.retain(|g| !g.is_empty());
        r
    }

    #[test]
    fn i1_one_group_per_recipient() {
        let r = groups(
            "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; a@example.com\nAction: failed\nStatus: 5.1.1\n\
             Diagnostic-Code: smtp; 550-5.1.1 no such\n 550 5.1.1 user\n\nfinal-recipient: rfc822; b@example.com\naction: delayed\nstatus: 4.4.1\n",
        );
        assert_eq!(r.reporting_mta.as_deref(), Some("dns; mx.example"));
        assert_eq!(r.recipients.len(), 2);
        assert_eq!(reply(&r.recipients[0]), "550-5.1.1 no such\n550 5.1.1 user");
        assert_eq!(
            kind(&r.recipients[1], &Envelope::default(), ""),
            Some(Kind::Delayed)
        );
    }

    #[test]
    fn i9_groups_without_blank_lines_and_unfolded_diagnostics() {
        let r = groups(
            "Reporting-MTA: dns; x\nFinal-Recipient: rfc822;a@example.com\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 no\n550 more of it\n\
             Final-Recipient: rfc822;b@example.com\nStatus: 5.0.0\n",
        );
        assert_eq!(r.recipients.len(), 2);
        assert_eq!(reply(&r.recipients[0]), "550 no\n550 more of it");
    }

    #[test]
    fn c7_actions() {
        for (action, status, want) in [
            ("failed", "4.4.7", Kind::Failed),
            ("Failed (given up)", "5.0.0", Kind::Failed),
            ("delayed", "4.0.0", Kind::Delayed),
            ("relayed", "2.0.0", Kind::Delivered),
            ("expanded", "2.0.0", Kind::Delivered),
            ("", "2.1.5", Kind::Delivered),
            ("", "5.1.1", Kind::Failed),
        ] {
            let g = Group {
                action: Some(action.into()),
                status: Some(status.into()),
                ..Group::default()
            };
            assert_eq!(
                kind(&g, &Envelope::default(), ""),
                Some(want),
                "{action} {status}"
            );
        }
    }
}
