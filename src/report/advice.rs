//! What to do, a sentence each: for a band of the bounce rate, for a pattern.

use super::summary::{Band, Pattern};

/// What to do in a band (P2).
pub const fn of_band(band: Band) -> &'static str {
    match band {
        Band::Healthy => "Nothing to do.",
        Band::Caution => {
            "Verify the addresses that are still to be mailed, and watch the rate daily."
        }
        Band::Danger => {
            "Stop adding new addresses, verify the list, and slow down until the rate is no longer in danger."
        }
        Band::Critical => {
            "Stop sending now: providers block senders at this rate. Verify the whole list before you go on."
        }
    }
}

/// What to do about a pattern (P5).
pub const fn of_pattern(pattern: Pattern) -> &'static str {
    match pattern {
        Pattern::FreshListHardRate => {
            "Pause this campaign and verify its list: it holds too many dead addresses."
        }
        Pattern::VerifiedListHardRate => {
            "Verify the list again, or change the verifier: a clean list bounces less."
        }
        Pattern::ContentRejections => {
            "Change the text: links, attachments, wording; the list of templates shows which mails are refused."
        }
        Pattern::ReputationOneMailbox => {
            "Pull this mailbox from rotation, and check its sending address on block lists."
        }
        Pattern::ReputationSpread => {
            "Look at the sending domain and IP address: block lists, SPF, DKIM and DMARC; the mailboxes are not the cause."
        }
        Pattern::ReputationMailbox => {
            "Send less from this mailbox, and warm it up again before you go on."
        }
        Pattern::ComplaintJump => {
            "Stop the mails behind it, and look at whom they went to and what they say."
        }
        Pattern::ComplaintRate => {
            "Stop and look at list and text: providers filter senders from 0.3 % complaints on."
        }
        Pattern::DomainConcentration => {
            "Read what this domain replies: one cause stands behind most of the bounces."
        }
        Pattern::DomainHardCluster => {
            "Look before you drop them: an outage or a block at this domain looks like dead addresses. Their rows are marked domain_cluster."
        }
        Pattern::DomainSoftCluster => {
            "Slow down at this domain: fewer mails an hour, and wait before you try again."
        }
        Pattern::TemplateRejections => {
            "Stop this template and change it; the same text will be refused again."
        }
        Pattern::OtherShare => {
            "Have a person read the bounces of category other; correct them, so that they are known next time."
        }
        Pattern::SentIncomplete => {
            "Give the whole sent log of the period: more recipients bounced than it has mails."
        }
    }
}
