//! What to do: whether and when to try again (T1, T2), and what a sender should do.

pub use super::hint::retry_hint;
use crate::vocab::{Category, Kind, Reason, RetryStrategy};

/// Whether and when to send again to this recipient, as a sentence or two.
///
/// `kind` decides first (a delay is still being tried, a delivery needs none),
/// then the strategy; `category` and `reason` say why not, or what to mind.
pub fn retry(
    category: Option<Category>,
    reason: Reason,
    kind: Kind,
    strategy: RetryStrategy,
) -> String {
    match kind {
        Kind::Delayed => {
            "Not needed: the sending server is still trying. Wait for its final report."
        }
        Kind::Delivered => "Not needed: the mail was delivered.",
        Kind::AutoReply => {
            "Not needed: the mail arrived. Go on with the sequence when the recipient is back."
        }
        Kind::Complaint => "No, never: the recipient called the mail spam.",
        Kind::Failed => return failed(category, reason, strategy),
    }
    .to_owned()
}

fn failed(category: Option<Category>, reason: Reason, strategy: RetryStrategy) -> String {
    let when = match strategy {
        RetryStrategy::Never => return never(category).to_owned(),
        RetryStrategy::Immediate => "Yes: with the next batch.",
        RetryStrategy::Hourly => {
            "Yes: after 1 hour, then after 2, 4, 8 … hours (72 at most); \
             after five retries, or failures on three different days within 30 days, treat the address as dead."
        }
        RetryStrategy::Daily => "Yes: after 24 hours, three times at most.",
        RetryStrategy::Weekly => "Yes: after 7 days, twice at most.",
    };
    match caveat(reason) {
        Some(caveat) => format!("{when} {caveat}"),
        None => when.to_owned(),
    }
}

const fn never(category: Option<Category>) -> &'static str {
    match category {
        Some(Category::HardBounce) => "No: the address will not work tomorrow either.",
        Some(Category::SoftBounceContent) => {
            "Not as it is: the same mail will be refused again. Change it first."
        }
        Some(Category::AutoReply) => "Not needed: the mail arrived.",
        Some(Category::Complaint) => "No, never: the recipient called the mail spam.",
        Some(Category::SoftBounceMailbox | Category::SoftBounceReputation) => {
            "No: the settings in force do not retry this."
        }
        Some(Category::Other) => "Not before the cause is known and put right.",
        None => "Not needed: the mail was delivered.",
    }
}

/// What makes a retry useless unless it is minded.
const fn caveat(reason: Reason) -> Option<&'static str> {
    use Reason as R;
    match reason {
        R::Greylisted => Some(
            "Use the same sending server: greylisting waits for the same one to come back, \
             mostly after 5 to 15 minutes.",
        ),
        R::RateLimited | R::TooManyConn => Some("Send more slowly than before."),
        R::Blocked | R::BadReputation => {
            Some("It will fail again while the block or the bad reputation lasts.")
        }
        R::RequirePtr | R::AuthFailure => {
            Some("It will fail again until the sender's DNS is put right.")
        }
        R::SenderRejected => Some("It will fail again with the same sender address."),
        R::NotPermitted | R::Filtered => {
            Some("It will fail again unless the recipient lets you in.")
        }
        R::UserUnknown
        | R::HostUnknown
        | R::NotAccept
        | R::HasMoved
        | R::Closed
        | R::BadAddress
        | R::MailboxFull
        | R::Suspend
        | R::Expired
        | R::NetworkError
        | R::SystemError
        | R::SystemFull
        | R::MailerError
        | R::SpamDetected
        | R::VirusDetected
        | R::MesgTooBig
        | R::ContentError
        | R::PolicyViolation
        | R::NotCompliantRfc
        | R::OwnNetwork
        | R::NoRelaying
        | R::SecurityError
        | R::SyntaxError
        | R::Undefined
        | R::Vacation
        | R::Feedback
        | R::Delivered => None,
    }
}

/// What a sender should do about a verdict, as one to three sentences.
///
/// `held`: the verdict is not sure enough to act upon (C3). `confirmed`: it
/// speaks of this very recipient (C6); only hard bounces differ by it.
pub fn action(reason: Reason, held: bool, confirmed: bool) -> String {
    let hard = reason.category() == Some(Category::HardBounce);
    let advice = advice(reason);
    if held {
        format!("Not sure: read the reply yourself before you act on it. If it is right: {advice}")
    } else if hard && !confirmed {
        format!(
            "{advice} The reply does not clearly speak of this recipient: \
             stop this mailbox from writing to it, and check it before you remove it everywhere."
        )
    } else {
        advice.to_owned()
    }
}

const fn advice(reason: Reason) -> &'static str {
    use Reason as R;
    match reason {
        R::UserUnknown => {
            "Stop writing to this address and take it off every list. If you know the person, look for a typing mistake."
        }
        R::HostUnknown => {
            "Check the part after the @ for a typing mistake; if it is as meant, take the address off every list."
        }
        R::NotAccept => {
            "Take every address at this domain off your lists: the domain takes no mail."
        }
        R::HasMoved => {
            "Take the address off every list; write to the new one only if the reply names it and the person may be written to there."
        }
        R::Closed => "Take the address off every list: its mailbox was closed for good.",
        R::BadAddress => {
            "Correct the address where it was entered (blanks, missing @, stray dots); as it is, take it off every list."
        }
        R::MailboxFull => {
            "Wait and try again later. A mailbox that stays full for weeks is mostly abandoned: drop it then."
        }
        R::Suspend => {
            "Pause this address and try again in some days; if it stays disabled, drop it."
        }
        R::Expired => {
            "Try again later. If other addresses at the domain fail too, its mail servers are down; if only this one does, drop it after some tries."
        }
        R::NetworkError => {
            "Try again later. If it lasts for days, check that the domain still exists and has mail servers."
        }
        R::TooManyConn => {
            "Open fewer connections to this receiver at once, and send fewer recipients in one go."
        }
        R::RateLimited => {
            "Send more slowly to this receiver, and spread the volume over hours and mailboxes."
        }
        R::Greylisted => {
            "Nothing to repair: let the same server try again. If it never gets through, check that retries come from the same IP."
        }
        R::SystemError => {
            "Nothing to repair on your side: the receiving server has a problem. Try again later."
        }
        R::SystemFull => {
            "Nothing to repair on your side: the receiving server is full. Try again later."
        }
        R::MailerError => {
            "Nothing to repair on your side: a program at the receiver failed. Try again later; if it stays, tell its postmaster."
        }
        R::SpamDetected => {
            "Do not send this text again. Rewrite it: plainer wording, fewer links and images, no link shorteners; then test it on a mailbox of your own."
        }
        R::VirusDetected => {
            "Send nothing more until the attachments and links, and the machine they come from, have been checked for malware."
        }
        R::MesgTooBig => {
            "Make the message smaller: leave out attachments and large images, link to them instead."
        }
        R::ContentError => {
            "Leave out what was refused (attachment type, link, character set) and send again."
        }
        R::PolicyViolation => {
            "Read the rule or the link that the reply names, and change the message or the way it is sent. The address itself is fine."
        }
        R::NotCompliantRfc => {
            "Repair how your software builds mails: exactly one From, Date and Message-ID, valid addresses, no bare line feeds, no over-long lines."
        }
        R::Blocked => {
            "Look the sending IP and domain up at the block list that the reply names, stop what got them listed, then ask for removal. Keep the address."
        }
        R::BadReputation => {
            "Lower the volume from this mailbox and domain, write only to people likely to answer, and raise it slowly again. Keep the address."
        }
        R::RequirePtr => {
            "Give the sending IP a reverse DNS name that points back to it, and use that name in HELO. With a hosted mailbox, ask its provider."
        }
        R::AuthFailure => {
            "Publish an SPF record that covers the sending server, sign with DKIM, and let one of them match the From domain (DMARC). Test it before you go on."
        }
        R::SenderRejected => {
            "Check that the sender address exists, that its domain has MX records and that it is not blocked; then send again from a working one."
        }
        R::NotPermitted => {
            "Leave this address alone: the recipient or group lets in only whom it chooses. It exists, so it needs no removal as dead."
        }
        R::Filtered => {
            "Leave this address alone unless the recipient asks for mail: a filter of theirs refused yours."
        }
        R::OwnNetwork => {
            "Check your own relay, DNS and network: the mail never reached the recipient's server. Keep the address."
        }
        R::NoRelaying => {
            "Check the server that you send through (login, allowed domains) and the MX records of the recipient's domain. Keep the address."
        }
        R::SecurityError => {
            "Check login and encryption of your connection: user name, password or app password, TLS. Keep the address."
        }
        R::SyntaxError => {
            "Check the software that sends: it broke the SMTP protocol. Keep the address."
        }
        R::Undefined => {
            "No cause can be read: look at the whole mail and at other bounces from the same domain before you decide."
        }
        R::Vacation => "Nothing to repair: go on with the sequence after the return date.",
        R::Feedback => {
            "Stop writing to this recipient at once and for good, from every mailbox; the sender address and the list it came from deserve a look."
        }
        R::Delivered => "Nothing to do.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c10_every_reason_has_an_action_of_its_own() {
        let mut seen = std::collections::HashSet::new();
        for &reason in Reason::ALL {
            let text = action(reason, false, true);
            assert!(text.ends_with('.') && text.len() < 200, "{reason}: {text}");
            assert!(seen.insert(text), "{reason}");
        }
    }

    #[test]
    fn c10_held_and_unconfirmed_verdicts_are_told_apart() {
        for (reason, held, confirmed, says_unsure, says_check) in [
            (Reason::UserUnknown, false, true, false, false),
            (Reason::UserUnknown, false, false, false, true),
            (Reason::UserUnknown, true, false, true, false),
            (Reason::Blocked, false, false, false, false),
            (Reason::Blocked, true, false, true, false),
        ] {
            let text = action(reason, held, confirmed);
            assert_eq!(text.starts_with("Not sure"), says_unsure, "{text}");
            assert_eq!(text.contains("check it before"), says_check, "{text}");
        }
    }

    #[test]
    fn c5_a_sender_fault_never_costs_the_address() {
        for &reason in Reason::ALL {
            if reason.fault() == crate::vocab::Fault::Sender {
                let text = action(reason, false, false);
                assert!(!text.contains("off every list"), "{reason}: {text}");
            }
        }
    }

    #[test]
    fn t1_t2_retries_in_words() {
        for (reason, kind, strategy, want) in [
            (
                Reason::UserUnknown,
                Kind::Failed,
                RetryStrategy::Never,
                "No: the address",
            ),
            (
                Reason::SpamDetected,
                Kind::Failed,
                RetryStrategy::Never,
                "Not as it is",
            ),
            (
                Reason::OwnNetwork,
                Kind::Failed,
                RetryStrategy::Never,
                "Not before the cause",
            ),
            (
                Reason::MailboxFull,
                Kind::Failed,
                RetryStrategy::Hourly,
                "Yes: after 1 hour",
            ),
            (
                Reason::MailboxFull,
                Kind::Failed,
                RetryStrategy::Never,
                "No: the settings",
            ),
            (
                Reason::Blocked,
                Kind::Failed,
                RetryStrategy::Daily,
                "Yes: after 24 hours",
            ),
            (
                Reason::Suspend,
                Kind::Failed,
                RetryStrategy::Weekly,
                "Yes: after 7 days",
            ),
            (
                Reason::RateLimited,
                Kind::Failed,
                RetryStrategy::Immediate,
                "Yes: with the next batch",
            ),
            (
                Reason::MailboxFull,
                Kind::Delayed,
                RetryStrategy::Hourly,
                "Not needed: the sending server",
            ),
            (
                Reason::Vacation,
                Kind::AutoReply,
                RetryStrategy::Never,
                "Not needed: the mail arrived",
            ),
            (
                Reason::Feedback,
                Kind::Complaint,
                RetryStrategy::Never,
                "No, never",
            ),
            (
                Reason::Delivered,
                Kind::Delivered,
                RetryStrategy::Never,
                "Not needed: the mail was delivered",
            ),
        ] {
            let text = retry(reason.category(), reason, kind, strategy);
            assert!(text.starts_with(want), "{reason} {kind}: {text}");
        }
    }

    #[test]
    fn t2_default_strategies_never_retry_what_fails_again() {
        for &reason in Reason::ALL {
            let Some(category) = reason.category() else {
                continue;
            };
            let text = retry(
                Some(category),
                reason,
                Kind::Failed,
                category.retry_strategy(),
            );
            let soft = matches!(
                category,
                Category::SoftBounceMailbox | Category::SoftBounceReputation
            );
            assert_eq!(text.starts_with("Yes"), soft, "{reason}: {text}");
        }
    }
}
