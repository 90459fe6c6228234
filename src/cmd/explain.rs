//! `bounce explain`: one reply, code, log line or mail → what it means and what to do (C10).

use super::veil::Veil;
use super::{Status, Stop, setup};
use crate::cli::{Explain, ExplainFormat};
use crate::event::Event;
use crate::event::assemble::{self, Setting, Source};
use crate::explain::answer::{Answer, Case};
use crate::explain::logline::LogLine;
use crate::explain::parse::{self, Asked};
use crate::message::Message;
use crate::notice::{self, Notice, Notification};
use crate::output::ndjson;
use crate::output::safe::printable;
use crate::output::sink::{self, Sink};
use crate::vocab::Kind;
use std::io::Read;

/// More of standard input is not read: one mail is meant, not a mailbox.
const MAX_INPUT: u64 = 16 * 1024 * 1024;

/// Runs the command.
pub fn run(options: &Explain) -> Result<Status, Stop> {
    let setting = setup::setting(&options.common)?;
    let bytes = asked(options)?;
    let veil = Veil::open(&options.common.hiding)?;
    let mut events = events(&bytes, &setting)?;
    events.iter_mut().for_each(|e| veil.event(e));
    let mut out = Sink::open(None)?;
    for (n, event) in events.iter().enumerate() {
        let answer = Answer::new(&Case::from(event));
        out.write(&written(&answer, event, n, events.len(), options))?;
    }
    out.keep()?;
    Ok(Status::Done)
}

fn asked(options: &Explain) -> Result<Vec<u8>, Stop> {
    if options.text != ["-"] {
        return Ok(options.text.join(" ").into_bytes());
    }
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .take(MAX_INPUT)
        .read_to_end(&mut bytes)
        .map_err(|e| Stop::Failed(format!("standard input: {e}")))?;
    Ok(bytes)
}

/// What is asked, as events: a mail may report several recipients, all else is one.
fn events(bytes: &[u8], setting: &Setting) -> Result<Vec<Event>, Stop> {
    let text = String::from_utf8_lossy(bytes);
    if text.trim().is_empty() {
        return Err(Stop::Usage(
            "nothing to explain: give a reply, a code, a log line or a mail".to_owned(),
        ));
    }
    if parse::is_mail(bytes) {
        return of_mail(bytes, setting);
    }
    let found = match parse::parse(&text) {
        Asked::Mail(mail) => return of_mail(&mail, setting),
        Asked::LogLine(line) => of_line(line),
        Asked::Reply(reply) => of_reply(reply),
        Asked::Code { .. } => of_reply(text.trim().to_owned()),
    };
    Ok(assembled(&Message::new(b""), &found, true, setting))
}

fn of_mail(bytes: &[u8], setting: &Setting) -> Result<Vec<Event>, Stop> {
    let bytes = crate::message::decode::lf(bytes.to_vec());
    let message = Message::new(&bytes);
    let none = || {
        Stop::Failed(
            "this mail reports no failed delivery, delay, complaint or automatic answer".to_owned(),
        )
    };
    let found = notice::read(&message).ok_or_else(none)?;
    Ok(assembled(&message, &found, false, setting))
}

fn of_reply(reply: String) -> Notification {
    of_line(LogLine {
        reply,
        ..LogLine::default()
    })
}

fn of_line(line: LogLine) -> Notification {
    let mut n = Notice::new(line.kind.unwrap_or(Kind::Failed));
    n.recipient = line.recipient;
    n.reply = line.reply;
    n.remote_mta = line.host;
    n.command = line.command;
    n.status = line.enhanced;
    Notification {
        format: "text",
        named: true,
        notices: vec![n],
        ..Notification::default()
    }
}

fn assembled(
    message: &Message<'_>,
    found: &Notification,
    question: bool,
    setting: &Setting,
) -> Vec<Event> {
    let source = Source {
        message,
        envelope: None,
        truncated: false,
        file: "-",
        index: 0,
        question,
    };
    assemble::events(&source, found, setting)
}

fn written(answer: &Answer, event: &Event, n: usize, of: usize, options: &Explain) -> Vec<u8> {
    let standard = if sink::stdout_is_terminal() {
        ExplainFormat::Table
    } else {
        ExplainFormat::Json
    };
    let mut out = Vec::new();
    match options.format.unwrap_or(standard) {
        ExplainFormat::Json => ndjson::line(answer, &mut out),
        ExplainFormat::Table => {
            if n > 0 {
                out.push(b'\n');
            }
            if of > 1 {
                let who = event.recipient.as_deref().unwrap_or("(no address)");
                out.extend_from_slice(format!("{}\n", printable(who)).as_bytes());
            }
            for line in answer.to_string().lines() {
                out.extend_from_slice(printable(line).as_bytes());
                out.push(b'\n');
            }
        }
    }
    out
}
