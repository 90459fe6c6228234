//! The sentences in which servers quote one another: where the reply stands in them,
//! who gave it, and to which command.

use super::fields::{host_after, host_name, leading_address};
use super::line::LogLine;
use crate::address;
use crate::vocab::Command;

/// `<a@b>: host mx.b[1.2.3.4] said: 550 … (in reply to RCPT TO command)`, as
/// Postfix writes it (`smtp_trouble.c`); relays that hide the host leave the brackets
/// empty.
pub fn said(line: &str) -> Option<LogLine> {
    let (at, mark, stage) = [
        ("] said:", None),
        ("] refused to talk to me:", Some(Command::Conn)),
        ("]:25 said:", None),
    ]
    .iter()
    .filter_map(|&(mark, stage)| Some((line.find(mark)?, mark, stage)))
    .min_by_key(|found| found.0)?;
    let (before, reply) = (line.get(..at)?, line.get(at + mark.len()..)?);
    let name = before
        .rsplit_once('[')
        .map(|(name, _)| name.trim_end().rsplit(' ').next().unwrap_or_default());
    let inner = with_command(reply);
    Some(LogLine {
        host: name.and_then(host_name),
        recipient: leading_address(before),
        command: inner.command.or(stage),
        ..inner
    })
}

/// A reply and what follows it in parentheses: `(in reply to end of DATA command)`.
pub fn with_command(reply: &str) -> LogLine {
    let (text, stage) = match reply.split_once("(in reply to ") {
        Some((text, stage)) => (text, Some(stage)),
        None => (reply, None),
    };
    LogLine {
        reply: text.trim().to_owned(),
        command: stage.and_then(command_in),
        ..LogLine::default()
    }
}

/// `SMTP error from remote mail server after RCPT TO:<a@b>: host mx [1.2.3.4]: 550 …`;
/// some versions of Exim write `a@b host mx [1.2.3.4]` before it; older ones `remote
/// mailer`.
pub fn exim_error(line: &str) -> Option<LogLine> {
    let (before, rest) = line.split_once("SMTP error from remote mail")?;
    let (_, rest) = rest.split_once(" after ")?;
    let (stage, mut reply) = rest.split_once(": ")?;
    let mut host = host_after(before, "host ");
    if let Some((name, told)) = reply.strip_prefix("host ").and_then(|r| r.split_once(": ")) {
        host = name.split(' ').next().and_then(host_name);
        reply = told;
    }
    let named = stage.split_once("RCPT TO:").map(|(_, a)| a);
    let first = before
        .split(' ')
        .next()
        .filter(|word| address::is_valid(word));
    Some(LogLine {
        reply: reply.trim().to_owned(),
        host,
        recipient: first.or(named).and_then(address::clean),
        command: command_in(stage),
        ..LogLine::default()
    })
}

/// `192.0.2.1 does not like recipient. Remote host said: 550 … Giving up on 192.0.2.1.`,
/// `most progress was RCPT TO response; remote host 192.0.2.1 said: 550 …`
pub fn qmail_said(line: &str) -> Option<LogLine> {
    let at = line
        .find("Remote host said:")
        .or_else(|| line.find("remote host "))?;
    let (before, rest) = line.split_at_checked(at)?;
    let (named, rest) = rest.split_once(" said:")?;
    let (reply, host) = match rest.rsplit_once("Giving up on ") {
        Some((reply, host)) => (reply, host),
        None => (rest, named),
    };
    Some(LogLine {
        reply: reply.trim().to_owned(),
        host: host.split(' ').find_map(host_name),
        command: qmail_stage(before),
        recipient: leading_address(before),
        ..LogLine::default()
    })
}

/// The stages as `qmail-remote` words them.
fn qmail_stage(before: &str) -> Option<Command> {
    [
        ("does not like recipient", Command::Rcpt),
        ("RCPT TO", Command::Rcpt),
        ("sender was rejected", Command::Mail),
        ("name was rejected", Command::Ehlo),
        ("greeting failed", Command::Conn),
        ("failed on DATA", Command::Data),
        ("after I sent", Command::Data),
    ]
    .iter()
    .find(|(words, _)| before.contains(words))
    .map(|stage| stage.1)
}

/// The command that words such as `end of DATA command` or `RCPT TO:<a@b>` mean.
fn command_in(stage: &str) -> Option<Command> {
    let stage = stage.split([')', '<']).next()?.to_ascii_lowercase();
    [
        ("rcpt to", Command::Rcpt),
        ("mail from", Command::Mail),
        ("data", Command::Data),
        ("helo", Command::Ehlo),
        ("ehlo", Command::Ehlo),
        ("starttls", Command::StartTls),
        ("auth", Command::Auth),
        ("quit", Command::Quit),
        ("connect", Command::Conn),
    ]
    .iter()
    .find(|(words, _)| stage.contains(words))
    .map(|found| found.1)
}
