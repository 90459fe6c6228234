//! Log lines of mail servers, and the sentences of bounces that read like them:
//! where the reply stands in them, and who said it about whom.
//!
//! Each form is a function that either knows its own or returns `None`; the
//! first one that does decides. Layouts: Postfix `log_adhoc.c` and
//! `smtp_trouble.c`, the chapter "Log files" of Exim's manual, `qmail-send`,
//! sendmail's `stat=`, OpenSMTPD, PowerMTA accounting files, RFC 3464 fields.

mod fields;

use super::parse::one_line;
use crate::address;
use crate::code::Enhanced;
use crate::message::headers::Headers;
use crate::vocab::{Command, Kind};
use fields::{field_at, host_after, host_name, leading_address, recipient_of, relay_of, value_of};

/// What a log line says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogLine {
    /// The reply of the remote server, else the cause that the log gives.
    pub reply: String,
    /// The host that replied.
    pub host: Option<String>,
    /// The address that was mailed to.
    pub recipient: Option<String>,
    /// Where in the SMTP dialogue the reply came.
    pub command: Option<Command>,
    /// The status that the log gives beside the reply (`dsn=5.1.1`, `Status: 5.1.1`).
    pub enhanced: Option<Enhanced>,
    /// What the line says happened, where it does (`status=deferred`: delayed).
    pub kind: Option<Kind>,
}

/// Reads `text` as a log line; `None` if no form knows it.
pub fn read(text: &str) -> Option<LogLine> {
    let read = report_fields(text).or_else(|| {
        let line = one_line(text);
        let forms = [
            postfix, sendmail, exim, qmail, accounting, exim_error, qmail_said, said, diagnostic,
        ];
        forms.iter().find_map(|form| form(&line))
    });
    read.filter(|line| !line.reply.is_empty())
}

/// Fields of a delivery report, with or without their blank lines (RFC 3464 §2.3).
fn report_fields(text: &str) -> Option<LogLine> {
    let block: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).collect();
    let block = block.join("\n");
    let (fields, _) = Headers::parse(block.as_bytes());
    let value = |name| {
        let value = fields.plain(name)?;
        let bare = value.split_once(';').map_or(&*value, |(_, v)| v).trim();
        (!bare.is_empty()).then(|| bare.to_owned())
    };
    let reply = value("Diagnostic-Code")?;
    let inner = said(&reply).unwrap_or_else(|| with_command(&reply));
    let who = value("Original-Recipient").or_else(|| value("Final-Recipient"));
    Some(LogLine {
        host: value("Remote-MTA").or(inner.host),
        recipient: who.and_then(|w| address::clean(&w)),
        enhanced: value("Status").and_then(|s| s.split(' ').next()?.parse().ok()),
        kind: value("Action").and_then(|a| match a.to_ascii_lowercase().as_str() {
            "failed" => Some(Kind::Failed),
            "delayed" => Some(Kind::Delayed),
            "delivered" | "relayed" | "expanded" => Some(Kind::Delivered),
            _ => None,
        }),
        ..inner
    })
}

/// `to=<a@b>, relay=mx[1.2.3.4]:25, …, dsn=5.1.1, status=bounced (host … said: …)`
fn postfix(line: &str) -> Option<LogLine> {
    let status = value_of(line, "status=")?;
    let kind = match status.to_ascii_lowercase().as_str() {
        "bounced" | "undeliverable" | "expired" | "force-expired" => Kind::Failed,
        "deferred" | "softbounce" => Kind::Delayed,
        "sent" | "deliverable" => Kind::Delivered,
        _ => return None,
    };
    let after = line.split_once("status=")?.1;
    let cause = after.split_once('(').map_or(after, |(_, c)| c);
    let cause = cause.strip_suffix(')').unwrap_or(cause);
    let inner = said(cause).unwrap_or_else(|| with_command(cause));
    Some(LogLine {
        host: inner.host.or_else(|| relay_of(line)),
        recipient: recipient_of(line),
        enhanced: value_of(line, "dsn=").and_then(|d| d.parse().ok()),
        kind: Some(kind),
        ..inner
    })
}

/// `to=<a@b>, …, relay=mx. [1.2.3.4], dsn=5.1.1, stat=User unknown`; OpenSMTPD
/// puts the values in quotes. A `reply=` field is the server's own words.
fn sendmail(line: &str) -> Option<LogLine> {
    let at = field_at(line, "stat=")?;
    let stat = line.get(at..)?;
    let stat = match stat.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next().unwrap_or_default(),
        None => stat,
    };
    let reply = field_at(line, "reply=")
        .filter(|&r| r < at)
        .and_then(|r| line.get(r..at)?.strip_suffix(", stat="));
    let result = value_of(line, "result=").unwrap_or_default();
    let low = stat.to_ascii_lowercase();
    let kind = if low.starts_with("deferred") || result == "TempFail" {
        Kind::Delayed
    } else if low.starts_with("sent") || result == "Ok" {
        Kind::Delivered
    } else {
        Kind::Failed
    };
    Some(LogLine {
        reply: reply.unwrap_or(stat).trim().to_owned(),
        host: relay_of(line),
        recipient: recipient_of(line),
        enhanced: value_of(line, "dsn=").and_then(|d| d.parse().ok()),
        kind: Some(kind),
        ..LogLine::default()
    })
}

/// `… ** a@b <alias@b> R=dnslookup T=remote_smtp H=mx [1.2.3.4]: cause`; `==` defers.
fn exim(line: &str) -> Option<LogLine> {
    let (kind, rest) = [("** ", Kind::Failed), ("== ", Kind::Delayed)]
        .iter()
        .find_map(|&(mark, kind)| {
            let at = line.find(mark)?;
            let starts = at == 0 || line[..at].ends_with(' ');
            starts.then(|| (kind, &line[at + mark.len()..]))
        })?;
    let (head, cause) = rest.split_once(": ")?;
    let addresses = address::find_all(head);
    let last = addresses
        .iter()
        .take_while(|(range, _)| range.start < head.find(" R=").unwrap_or(head.len()))
        .last()?;
    let inner = exim_error(cause).unwrap_or_else(|| with_command(cause));
    Some(LogLine {
        host: inner.host.or_else(|| host_after(head, " H=")),
        recipient: address::clean(last.1),
        kind: Some(kind),
        ..inner
    })
}

/// `SMTP error from remote mail server after RCPT TO:<a@b>: host mx [1.2.3.4]: 550 …`;
/// some versions write `a@b host mx [1.2.3.4]` before it; older ones `remote mailer`.
fn exim_error(line: &str) -> Option<LogLine> {
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

/// `delivery 12: failure: 192.0.2.1_does_not_like_recipient./Remote_host_said:_550_…/`:
/// blanks are written as `_`, line ends as `/`.
fn qmail(line: &str) -> Option<LogLine> {
    let (_, rest) = line.split_once("delivery ")?;
    let (number, rest) = rest.split_once(": ")?;
    let (result, coded) = rest.split_once(": ")?;
    let kind = match result {
        "failure" => Kind::Failed,
        "deferral" => Kind::Delayed,
        "success" => Kind::Delivered,
        _ => return None,
    };
    if number.is_empty() || !number.bytes().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let text = coded
        .replace("./", ". ")
        .replace(")/", ") ")
        .replace("/Remote_host_said", " Remote_host_said")
        .replace("/Giving_up_on", " Giving_up_on")
        .replace('_', " ");
    let text = text.trim_end_matches('/').trim();
    let inner = qmail_said(text).unwrap_or_else(|| with_command(text));
    Some(LogLine {
        kind: Some(kind),
        ..inner
    })
}

/// `192.0.2.1 does not like recipient. Remote host said: 550 … Giving up on 192.0.2.1.`,
/// `most progress was RCPT TO response; remote host 192.0.2.1 said: 550 …`
fn qmail_said(line: &str) -> Option<LogLine> {
    let at = line
        .find("Remote host said:")
        .or_else(|| line.find("remote host "))?;
    let (before, rest) = line.split_at(at);
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

/// A row of a PowerMTA accounting file: `b,…,from,to,…,smtp;550 …,mx (1.2.3.4),…`.
fn accounting(line: &str) -> Option<LogLine> {
    if line.find(',').is_none_or(|n| n > 2) || !line.contains("smtp;") {
        return None;
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(line.as_bytes());
    let row = reader.records().next()?.ok()?;
    let cell = row.iter().find_map(|c| c.strip_prefix("smtp;"))?;
    let host = row.iter().find_map(|c| {
        let (name, ip) = c.split_once(" (")?;
        let host = ip.ends_with(')') && name.parse::<Enhanced>().is_err();
        host.then(|| host_name(name))?
    });
    Some(LogLine {
        reply: cell.trim().to_owned(),
        host,
        recipient: row
            .iter()
            .filter(|c| address::is_valid(c))
            .nth(1)
            .and_then(address::clean),
        enhanced: row.iter().find_map(|c| c.split(' ').next()?.parse().ok()),
        kind: match row.get(0)? {
            "b" | "rb" => Some(Kind::Failed),
            "t" | "tq" => Some(Kind::Delayed),
            "d" => Some(Kind::Delivered),
            _ => None,
        },
        ..LogLine::default()
    })
}

/// `smtp;550 5.1.1 …`, `x-postfix; …`: a diagnostic without the rest of its report.
fn diagnostic(line: &str) -> Option<LogLine> {
    let (kind, reply) = line.split_once(';')?;
    let kind = kind.rsplit(':').next()?.trim();
    let known = ["smtp", "esmtp", "lmtp", "x-postfix", "x-unix"];
    known
        .iter()
        .any(|k| kind.eq_ignore_ascii_case(k))
        .then(|| said(reply).unwrap_or_else(|| with_command(reply)))
}

/// `<a@b>: host mx.b[1.2.3.4] said: 550 … (in reply to RCPT TO command)`, as
/// Postfix writes it; relays that hide the host leave the brackets empty.
fn said(line: &str) -> Option<LogLine> {
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
fn with_command(reply: &str) -> LogLine {
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

#[cfg(test)]
mod tests;
