//! The classes of platforms: a hint where neither text nor code says anything.
//!
//! A platform's class is what its own classifier made of a reply that we may see
//! too, so every text overrules it; and of an export that holds nothing else nobody
//! knows how right it is, so it never reaches the confidence at which anything is
//! done (C3).

use super::{DecidedBy, Verdict};
use crate::vocab::Reason;

/// How sure a class is that names a cause.
const NAMED: f64 = 0.65;
/// From here on a verdict stands against any class: the confidence that is not held.
const STANDS: f64 = 0.70;

/// Classes, folded, and what they mean. Sources: the platforms' documentation of
/// their events (SendGrid `bounce_classification`, SES `bounceSubType`, Postmark
/// `Type`, Mandrill `bounce_description`, SparkPost `bounce_class`, PowerMTA
/// `bounceCat`, KumoMTA `bounce_classification`, Salesforce `BounceSubcategory`,
/// HubSpot `hs_email_hard_bounce_reason_enum`, CakeMail `bounce_type`).
const CLASSES: &[(Reason, &str)] = &[
    (
        Reason::UserUnknown,
        "invalidaddress badmailbox invalidrecipient noemail userunknown unknownuser bademailaddress \
         invalidemail invalid mailboxdoesnotexist bouncehb nosuchrecipient invalidmailbox 10 30",
    ),
    (
        Reason::HostUnknown,
        "baddomain domainunknown invaliddomain hostunknown dnserror domainnotfound",
    ),
    (
        Reason::MailboxFull,
        "mailboxfull quotaissues bouncefm overquota fullmailbox 22",
    ),
    (
        Reason::Suspend,
        "inactivemailbox inactiveaccount mailboxunavailable mailboxinactive",
    ),
    (
        Reason::MesgTooBig,
        "messagetoolarge toolarge messagesize 23",
    ),
    (
        Reason::SpamDetected,
        "spamrelated spamcontent spamnotification spamblock spam spamdetected 51 52",
    ),
    (
        Reason::VirusDetected,
        "virusrelated virusnotification virus",
    ),
    (
        Reason::ContentError,
        "content contentrelated contentrejected attachmentrejected prohibitedattachment 53",
    ),
    (
        Reason::Blocked,
        "blocked blockbounce mailblock block blocklist blocklisted espblock bouncemb 50",
    ),
    (Reason::BadReputation, "reputation"),
    (
        Reason::PolicyViolation,
        "policyrelated policy policyrejection",
    ),
    (Reason::AuthFailure, "dmarcpolicy authenticationfailed"),
    (Reason::SenderRejected, "invalidsender"),
    (
        Reason::RateLimited,
        "frequencyorvolumetoohigh ratelimited throttled toomanyrecipients",
    ),
    (Reason::Greylisted, "greylisted greylisting"),
    (Reason::Expired, "expired messageexpired timeout old 24"),
    (
        Reason::NetworkError,
        "badconnection noanswerfromhost connectionerror routingerrors bouncedf dnsfailure 21",
    ),
    (Reason::NoRelaying, "relayingissues relayingdenied 54"),
    (Reason::OwnNetwork, "senderoriginated badconfiguration"),
    (Reason::SyntaxError, "protocolerrors"),
    // A class that says how final it is, but not why.
    (
        Reason::Undefined,
        "hard soft hardbounce softbounce hardbounces softbounces permanent transient temporary \
         undetermined general generic bounce bounced other unknown technical technicalfailure \
         technicalotherbounce unclassified uncategorized failed bouncesb bouncetr bouncenone \
         internal transientfailure 1 20 25 40 70",
    ),
];

/// What a class means, if it is known. The reasons of this program are classes, too.
pub fn meaning(class: &str) -> Option<Reason> {
    let folded = fold(class);
    Reason::from_word(class).or_else(|| {
        let of = |(_, names): &&(Reason, &str)| names.split_whitespace().any(|n| n == folded);
        CLASSES.iter().find(of).map(|(reason, _)| *reason)
    })
}

/// Lower case letters and digits: `Bad_Mailbox` is `badmailbox`.
fn fold(class: &str) -> String {
    let letters = class.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// A verdict in the light of the platform's classes, the finer ones first.
pub fn weigh(verdict: Verdict, classes: &[String]) -> Verdict {
    let by_text = matches!(
        verdict.decided_by,
        DecidedBy::Rule(_) | DecidedBy::Correction | DecidedBy::Model
    );
    if classes.is_empty() || verdict.confidence >= STANDS || by_text {
        return verdict;
    }
    let known = || classes.iter().filter_map(|c| Some((c, meaning(c)?)));
    let named = known().find(|(_, reason)| *reason != Reason::Undefined);
    let (class, reason, confidence) = match (named, known().next()) {
        (Some((class, reason)), _) => (class, reason, NAMED),
        (None, Some((class, reason))) if verdict.reason == Reason::Undefined => {
            (class, reason, verdict.confidence)
        }
        _ => return verdict,
    };
    Verdict {
        reason,
        confidence,
        decided_by: DecidedBy::Source,
        evidence: class.clone(),
        specific: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::{Judge, Reply};

    #[test]
    fn c2_a_text_overrules_the_class_of_a_platform() {
        let judge = Judge::new();
        for (text, class, reason, by_source) in [
            ("", "Invalid Address", Reason::UserUnknown, true),
            ("", "hard_bounce", Reason::Undefined, true),
            ("", "MailboxFull", Reason::MailboxFull, true),
            ("", "a class of their own", Reason::Undefined, false),
            (
                "550 refused by the gate of acme",
                "blocked",
                Reason::Blocked,
                true,
            ),
            (
                "550 5.1.1 user unknown",
                "blocked",
                Reason::UserUnknown,
                false,
            ),
            ("452 4.2.2 mailbox full", "hard", Reason::MailboxFull, false),
        ] {
            let verdict = judge.judge(&Reply {
                text,
                ..Reply::default()
            });
            let got = weigh(verdict, &[class.to_owned()]);
            assert_eq!(got.reason, reason, "{text} {class}");
            assert_eq!(
                got.decided_by == DecidedBy::Source,
                by_source,
                "{text} {class}"
            );
            assert!(!by_source || got.confidence < STANDS && !got.specific);
        }
    }

    #[test]
    fn c2_no_class_means_two_reasons() {
        let mut seen = std::collections::HashMap::new();
        for (reason, names) in CLASSES {
            for name in names.split_whitespace() {
                assert_eq!(seen.insert(name, reason), None, "{name}");
            }
        }
    }
}
