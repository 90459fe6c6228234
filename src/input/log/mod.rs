//! Logs of mail servers (I6): Postfix, Exim, qmail, OpenSMTPD, Sendmail, and the
//! `bounce_xx:` lines of CakeMail.
//!
//! What a recipient's line leaves out – who had sent, which Message-ID – stands on
//! other lines of the same queue id. The reader ([`split`]) looks at every line just
//! closely enough to remember that ([`queue`]), and puts it before each line that
//! tells of a delivery ([`carry`]). The workers read those lines ([`read`]); all
//! others are counted and cost nothing more.
//!
//! `bounce explain` reads single lines with the same forms ([`line`]).

mod carry;
mod class;
mod exim;
mod expire;
mod fields;
pub mod line;
mod opensmtpd;
mod postfix;
mod prefix;
mod qmail;
mod queue;
mod reply;
mod rows;
mod sendmail;
mod split;
mod stream;

pub use prefix::{sniff, writer};
pub use queue::Queue;
pub use rows::{Delivery, read};
pub use split::LogLines;
pub use stream::batches;

use crate::vocab::words;

words! {
    /// Who wrote a log.
    Log {
        /// Postfix: `maillog`, `mail.log`.
        Postfix = "postfix",
        /// Exim: `mainlog`.
        Exim = "exim",
        /// qmail: what `qmail-send` says, by multilog or syslog.
        Qmail = "qmail",
        /// OpenSMTPD, by syslog.
        OpenSmtpd = "opensmtpd",
        /// Sendmail, by syslog.
        Sendmail = "sendmail",
        /// Lines of CakeMail: `bounce_fm: relay host … said: …`.
        Bounce = "bounce",
    }
}

impl Log {
    /// What events call it.
    pub const fn format(self) -> &'static str {
        match self {
            Log::Postfix => "log:postfix",
            Log::Exim => "log:exim",
            Log::Qmail => "log:qmail",
            Log::OpenSmtpd => "log:opensmtpd",
            Log::Sendmail => "log:sendmail",
            Log::Bounce => "log:bounce",
        }
    }
}

/// What the beginning of a file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sniff {
    /// A log of that server; `None`: a system log in which none has written yet.
    Log(Option<Log>),
    /// No log.
    Nothing,
    /// More is needed.
    More,
}

#[cfg(test)]
mod tests;
