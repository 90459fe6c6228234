//! What the columns of a sent log are called: `--map` first, then the names that only a
//! sent log has, then those that bounce exports share.

use crate::input::{Map, key_of};
use crate::row::{Key, fold};

/// What a column of a sent log holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Slot {
    /// When it was sent, or the day that a count is of.
    SentAt,
    /// The sending mailbox.
    Mailbox,
    /// The address that was mailed to.
    Recipient,
    /// The domain that was mailed to.
    Domain,
    /// The campaign.
    Campaign,
    /// The Message-ID.
    MessageId,
    /// The step of the sequence.
    Step,
    /// The contact.
    Contact,
    /// Campaign or warm-up.
    Stream,
    /// How many messages; in some logs whether one was sent, or when.
    Count,
    /// What happened: of a log of all events only sends count.
    Event,
    /// What has become of the message: drafts and the like were not sent.
    Status,
}

/// How many slots there are.
pub const SLOTS: usize = 12;

impl Slot {
    /// Every slot, in the order of declaration.
    pub const ALL: [Slot; SLOTS] = [
        Slot::SentAt,
        Slot::Mailbox,
        Slot::Recipient,
        Slot::Domain,
        Slot::Campaign,
        Slot::MessageId,
        Slot::Step,
        Slot::Contact,
        Slot::Stream,
        Slot::Count,
        Slot::Event,
        Slot::Status,
    ];

    /// The name of the column in the documented form of the log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Slot::SentAt => "sent_at",
            Slot::Mailbox => "mailbox",
            Slot::Recipient => "recipient",
            Slot::Domain => "recipient_domain",
            Slot::Campaign => "campaign_id",
            Slot::MessageId => "message_id",
            Slot::Step => "sequence_step_id",
            Slot::Contact => "contact_id",
            Slot::Stream => "stream",
            Slot::Count => "sent",
            Slot::Event => "event",
            Slot::Status => "status",
        }
    }

    /// Its place in an array of all.
    pub const fn at(self) -> usize {
        self as usize
    }
}

/// Names that mean something else, or nothing, in an export of bounces; folded.
const OWN: &[(Slot, &str)] = &[
    (Slot::SentAt, "date day sentat"),
    (
        Slot::Mailbox,
        "senduseremail emailaccount fromemail campaignemail sourceemail lastcontactedfrom mailboxemail \
         accountemail smtpaccount emailaccountemail username postfach boîte buzón casella",
    ),
    (
        Slot::Domain,
        "domain domains todomain destinationdomain recipientdomains emaildomain leaddomain \
         domäne domaine dominio domínio domein domän домен 域名 ドメイン",
    ),
    (
        Slot::Event,
        "event eventtype eventname activity activitytype action type recordtype ereignis aktion \
         évènement événement evenement evento",
    ),
    (Slot::Stream, "iswarmup warmup warmupemail"),
];

/// Names that count or date a send, whatever else they may mean; folded. Of a column that
/// is called so, each cell decides.
const COUNTS: &str =
    "sent processed requests gesendet envoyé enviado inviato verzonden skickat wysłane";

/// How far behind others a name stands that mostly means something else.
const LAST: usize = 1000;

/// The slot that a name stands for, and how good a name for it that is: 0 is the best.
pub fn slot_of(name: &str) -> Option<(Slot, usize)> {
    let folded = fold(name);
    if let Some(slot) = Slot::ALL.iter().find(|s| fold(s.as_str()) == folded) {
        return Some((*slot, 0));
    }
    if let Some(rank) = COUNTS.split_whitespace().position(|n| n == folded) {
        return Some((Slot::Count, rank + 1));
    }
    let own = OWN.iter().find_map(|(slot, names)| {
        let rank = names.split_whitespace().position(|n| n == folded)?;
        Some((*slot, rank + 1))
    });
    own.or_else(|| {
        // SendGrid's campaigns.
        if matches!(folded.as_str(), "category" | "categories") {
            return Some((Slot::Campaign, LAST));
        }
        let (key, rank) = key_of(name)?;
        let (slot, behind) = of_key(key)?;
        Some((slot, rank + behind))
    })
}

/// The slot of a key, and how far behind the others its names stand.
fn of_key(key: Key) -> Option<(Slot, usize)> {
    Some(match key {
        Key::SentAt => (Slot::SentAt, 10),
        // An export of mails calls it created, or only a time.
        Key::OccurredAt => (Slot::SentAt, 100),
        Key::Mailbox => (Slot::Mailbox, 20),
        Key::Sender => (Slot::Mailbox, 100),
        Key::Recipient => (Slot::Recipient, 10),
        Key::FinalRecipient => (Slot::Recipient, 200),
        Key::Domain => (Slot::Domain, 0),
        Key::Campaign => (Slot::Campaign, 0),
        Key::MessageId => (Slot::MessageId, 0),
        Key::Step => (Slot::Step, 0),
        Key::Contact => (Slot::Contact, 0),
        Key::Stream => (Slot::Stream, 0),
        Key::Count => (Slot::Count, 20),
        Key::Kind => (Slot::Status, 0),
        _ => return None,
    })
}

/// The key that stands for a slot in `--map`.
pub fn key_for(slot: Slot) -> Key {
    match slot {
        Slot::SentAt => Key::SentAt,
        Slot::Mailbox => Key::Mailbox,
        Slot::Recipient => Key::Recipient,
        Slot::Domain => Key::Domain,
        Slot::Campaign => Key::Campaign,
        Slot::MessageId => Key::MessageId,
        Slot::Step => Key::Step,
        Slot::Contact => Key::Contact,
        Slot::Stream => Key::Stream,
        Slot::Count => Key::Count,
        Slot::Event | Slot::Status => Key::Kind,
    }
}

/// The column, or the path in JSON, that `--map` names for each slot.
pub fn mapped(map: &Map) -> impl Iterator<Item = (Slot, &str)> {
    map.pairs()
        .iter()
        .filter_map(|(key, column)| Some((of_key(*key)?.0, column.as_str())))
}

/// Whether a name of a recipient's column may as well be that of the mailbox whose
/// messages are counted.
pub fn is_vague(name: &str) -> bool {
    let folded = fold(name);
    !folded.contains("recipient") && !folded.starts_with("to") && !folded.contains("lead")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i8_columns_of_sent_logs_in_several_spellings() {
        for (name, expected) in [
            ("sent_at", Some(Slot::SentAt)),
            ("Date sent", Some(Slot::SentAt)),
            ("Delivered At", Some(Slot::SentAt)),
            ("date", Some(Slot::SentAt)),
            ("Sent Time", Some(Slot::SentAt)),
            ("Timestamp", Some(Slot::SentAt)),
            ("createdAt", Some(Slot::SentAt)),
            ("Gesendet am", Some(Slot::SentAt)),
            ("Date d'envoi", Some(Slot::SentAt)),
            ("Fecha de envío", Some(Slot::SentAt)),
            ("Data di invio", Some(Slot::SentAt)),
            ("from", Some(Slot::Mailbox)),
            ("Sender", Some(Slot::Mailbox)),
            ("email_account", Some(Slot::Mailbox)),
            ("sendUserEmail", Some(Slot::Mailbox)),
            ("Absender", Some(Slot::Mailbox)),
            ("to", Some(Slot::Recipient)),
            ("Email", Some(Slot::Recipient)),
            ("lead_email", Some(Slot::Recipient)),
            ("Empfänger", Some(Slot::Recipient)),
            ("Destinataire", Some(Slot::Recipient)),
            ("recipient_domain", Some(Slot::Domain)),
            ("Domain", Some(Slot::Domain)),
            ("campaign_name", Some(Slot::Campaign)),
            ("category", Some(Slot::Campaign)),
            ("Message-ID", Some(Slot::MessageId)),
            ("sequence_number", Some(Slot::Step)),
            ("contact_id", Some(Slot::Contact)),
            ("sent", Some(Slot::Count)),
            ("Count", Some(Slot::Count)),
            ("Emails sent", Some(Slot::Count)),
            ("emails_sent_count", Some(Slot::Count)),
            ("Anzahl", Some(Slot::Count)),
            ("E-mails envoyés", Some(Slot::Count)),
            ("Correos enviados", Some(Slot::Count)),
            ("event", Some(Slot::Event)),
            ("status", Some(Slot::Status)),
            ("bounced", None),
            ("First name", None),
            ("", None),
        ] {
            assert_eq!(slot_of(name).map(|(s, _)| s), expected, "{name}");
        }
    }

    #[test]
    fn i8_the_documented_names_are_the_best() {
        for slot in Slot::ALL {
            assert_eq!(slot_of(slot.as_str()), Some((slot, 0)));
        }
    }
}
