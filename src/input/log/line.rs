//! One line of a log, or a sentence of a bounce that reads like one: where the reply
//! stands in it, and who said it about whom.
//!
//! Each form is a function that either knows its own or returns `None`; the first one
//! that does decides. Layouts: Postfix `log_adhoc.c` and `smtp_trouble.c`, the chapter
//! "Log files" of Exim's manual, `qmail-send`, sendmail's `stat=`, OpenSMTPD's
//! `log_envelope`.

pub use super::reply::{said, with_command};
use super::{exim, opensmtpd, postfix, qmail, reply, sendmail};
use crate::code::Enhanced;
use crate::vocab::{Command, Kind};

/// What a log line says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogLine {
    /// The reply of the remote server, else the cause that the log gives.
    pub reply: String,
    /// The host that replied.
    pub host: Option<String>,
    /// The address that was mailed to.
    pub recipient: Option<String>,
    /// The address that it became, where that is another.
    pub last: Option<String>,
    /// The envelope sender, where the line names it; `<>` if it is null.
    pub sender: Option<String>,
    /// Where in the SMTP dialogue the reply came.
    pub command: Option<Command>,
    /// The status that the log gives beside the reply (`dsn=5.1.1`, `Status: 5.1.1`).
    pub enhanced: Option<Enhanced>,
    /// What the line says happened, where it does (`status=deferred`: delayed).
    pub kind: Option<Kind>,
    /// The line is about no delivery to a recipient: handed to a filter on the same
    /// host, a probe of an address, a mail that was thrown away.
    pub aside: bool,
}

/// Reads a line as one of a server's log, wherever in it the message begins; `None` if
/// no form knows it.
pub fn read(line: &str) -> Option<LogLine> {
    let forms = [
        postfix::read,
        opensmtpd::read,
        sendmail::read,
        exim::read,
        qmail::read,
    ];
    forms.iter().find_map(|form| form(line))
}

/// Reads a sentence that quotes a server.
pub fn quoted(line: &str) -> Option<LogLine> {
    let forms = [reply::exim_error, reply::qmail_said, said];
    forms.iter().find_map(|form| form(line))
}
