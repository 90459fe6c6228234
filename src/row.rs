//! One row of an export or one event of a webhook, in the words of this program.
//!
//! Readers of tables and JSON fill it in, whatever the platform calls its columns;
//! what the row reports is read from it like from a mail. Values are as written.

use crate::vocab::words;
use std::borrow::Cow;

words! {
    /// What a column may hold. The words are those of `--map`: the keys of events
    /// and of the sent log, and a few more.
    Key {
        /// The address that was mailed to.
        Recipient = "recipient",
        /// The address that failed, where it is another.
        FinalRecipient = "final_recipient",
        /// What the receiving system said; also a whole notification.
        Reply = "smtp_message",
        /// A status of whatever kind: 550, 5.1.1, or both before a text.
        Code = "smtp_code",
        /// RFC 3463 status.
        EnhancedCode = "enhanced_code",
        /// What happened, as the platform calls it.
        Kind = "kind",
        /// The platform's own class of the bounce.
        Class = "class",
        /// A coarser class: hard, soft, permanent, temporary.
        Severity = "severity",
        /// Yes or no: whether it bounced. Anything else is the reason.
        Bounced = "bounced",
        /// Yes or no: whether the recipient complained.
        Complained = "complained",
        /// Yes or no: whether the sender's own account was the cause.
        SenderFault = "sender_fault",
        /// The type of a feedback report (RFC 5965).
        FeedbackType = "feedback_type",
        /// When it happened.
        OccurredAt = "occurred_at",
        /// When the mail was sent.
        SentAt = "sent_at",
        /// The sending mailbox.
        Mailbox = "mailbox",
        /// The envelope sender: perhaps VERP.
        Sender = "sender",
        /// The campaign.
        Campaign = "campaign_id",
        /// The step of the sequence.
        Step = "sequence_step_id",
        /// The contact in the sender's system.
        Contact = "contact_id",
        /// The Message-ID of the mail that bounced.
        MessageId = "message_id",
        /// The subject of the mail that bounced.
        Subject = "subject",
        /// Where in the dialogue the reply was given.
        Command = "command",
        /// The host that replied.
        RemoteMta = "remote_mta",
        /// The host that reports.
        ReportingMta = "reporting_mta",
        /// Of a sent log: the domain that was mailed to.
        Domain = "recipient_domain",
        /// Of a sent log: campaign or warm-up.
        Stream = "stream",
        /// Of a sent log: how many messages the row stands for.
        Count = "sent",
    }
}

/// What a row reports, as far as its reader can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A failure.
    Failed,
    /// A deferral: the platform goes on trying.
    Delayed,
    /// A delivery.
    Delivered,
    /// An automatic answer.
    AutoReply,
    /// A complaint.
    Complaint,
    /// A mail that was never sent, because of an earlier bounce: no new bounce.
    Echo,
    /// A send, an open, a click, an unsubscription: no report.
    Nothing,
    /// The row does not say: what else it holds decides.
    Unsaid,
}

/// One row. Most rows of an export report nothing, so that its cells are those of the
/// record itself wherever they can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    /// Who wrote it: `csv:sendgrid`, `json:ses`, `csv`.
    pub format: &'static str,
    /// What it reports.
    pub what: What,
    /// The cells that are not empty. A key may come more than once; the first counts.
    pub cells: Vec<(Key, Cow<'a, str>)>,
    /// Hours east of UTC of times without a zone, where the platform fixes it.
    pub zone: Option<i8>,
    /// Dates like 03/04/2026 have the month first.
    pub month_first: bool,
    /// How many recipients the same record names.
    pub among: usize,
}

impl Row<'_> {
    /// The value of a key; never empty.
    pub fn get(&self, key: Key) -> Option<&str> {
        let cell = self.cells.iter().find(|(k, _)| *k == key);
        cell.map(|(_, value)| &**value)
    }
}

/// Lower case without blanks, hyphens, dots and the like: `E-Mail` is `email`.
pub fn fold(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// Whether a cell says yes or no; `None`: neither.
pub fn truth(value: &str) -> Option<bool> {
    Some(match fold(value).as_str() {
        "true" | "yes" | "y" | "1" | "x" | "ja" | "oui" | "si" | "sí" | "sim" => true,
        "false" | "no" | "n" | "0" | "" | "nein" | "non" | "null" | "none" => false,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i5_yes_and_no_in_cells() {
        for (value, expected) in [
            ("TRUE", Some(true)),
            ("ja", Some(true)),
            ("0", Some(false)),
            ("", Some(false)),
            ("550 5.1.1 unknown", None),
        ] {
            assert_eq!(truth(value), expected, "{value}");
        }
    }

    #[test]
    fn i5_names_of_columns_are_compared_without_their_dress() {
        for (name, folded) in [
            ("E-Mail", "email"),
            ("SMTP_code ", "smtpcode"),
            ("Empfänger", "empfänger"),
        ] {
            assert_eq!(fold(name), folded);
        }
    }
}
