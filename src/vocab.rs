//! The closed vocabulary: kinds, categories, reasons, faults, retry strategies,
//! and the total functions between them.
//!
//! [`Reason`] is the only label that anything decides; everything else follows
//! from it (requirements C1, C5, T2). None of the functions below has a `_ =>`
//! arm: a new reason does not compile until each of them knows it.

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $word)] $variant,)+ }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// The word that stands for it in events, lists and options.
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word,)+ }
            }

            /// The value that `word` stands for, exactly as written.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some($name::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.pad(self.as_str()) }
        }
    };
}

pub(crate) use words;

words! {
    /// What a notification says happened (C7). Only `Failed` and `Complaint` count.
    Kind {
        /// The mail was given up for this recipient.
        Failed = "failed",
        /// Still queued; the sender of the notification goes on trying.
        Delayed = "delayed",
        /// Delivered, relayed or expanded: a success report.
        Delivered = "delivered",
        /// A person's or a machine's automatic answer.
        AutoReply = "auto_reply",
        /// A feedback-loop report: the recipient called the mail spam.
        Complaint = "complaint",
    }
}

words! {
    /// The seven categories (C1).
    Category {
        /// The address is dead for good.
        HardBounce = "hard_bounce",
        /// The recipient's mailbox or system has a problem that may pass.
        SoftBounceMailbox = "soft_bounce_mailbox",
        /// This message was refused for what it contains or how it is built.
        SoftBounceContent = "soft_bounce_content",
        /// The message was refused for who sends it.
        SoftBounceReputation = "soft_bounce_reputation",
        /// Not a bounce: an automatic answer.
        AutoReply = "auto_reply",
        /// A spam complaint.
        Complaint = "complaint",
        /// No cause can be read, or the sender's own path failed.
        Other = "other",
    }
}

words! {
    /// A sending platform whose list of blocked addresses can be filled from a file (S6).
    Platform {
        /// Apollo.
        Apollo = "apollo",
        /// Brevo.
        Brevo = "brevo",
        /// CakeMail.
        Cakemail = "cakemail",
        /// Cloudflare Email Service.
        Cloudflare = "cloudflare",
        /// HubSpot.
        Hubspot = "hubspot",
        /// Instantly.
        Instantly = "instantly",
        /// Klaviyo.
        Klaviyo = "klaviyo",
        /// Klenty.
        Klenty = "klenty",
        /// lemlist.
        Lemlist = "lemlist",
        /// Mailchimp.
        Mailchimp = "mailchimp",
        /// Mailgun, its list of bounces.
        Mailgun = "mailgun",
        /// Mailgun, its list of complaints.
        MailgunComplaints = "mailgun-complaints",
        /// Mailgun, its list of who has unsubscribed.
        MailgunUnsubscribes = "mailgun-unsubscribes",
        /// Mandrill.
        Mandrill = "mandrill",
        /// Postmark.
        Postmark = "postmark",
        /// ReachInbox.
        Reachinbox = "reachinbox",
        /// SendGrid.
        Sendgrid = "sendgrid",
        /// Amazon SES.
        Ses = "ses",
        /// Salesforce Marketing Cloud.
        Sfmc = "sfmc",
        /// Smartlead.
        Smartlead = "smartlead",
        /// SparkPost.
        Sparkpost = "sparkpost",
        /// Telnyx.
        Telnyx = "telnyx",
        /// Woodpecker.
        Woodpecker = "woodpecker",
    }
}

words! {
    /// Whose problem it is (C5).
    Fault {
        /// The address, mailbox or domain that was mailed to.
        Recipient = "recipient",
        /// The system that refused the mail or could not take it.
        Provider = "provider",
        /// Our own path: DNS, relay, authentication, syntax.
        Sender = "sender",
        /// Nobody's: auto-replies, complaints, success reports.
        None = "none",
    }
}

words! {
    /// When to try again (T1).
    RetryStrategy {
        /// Not at all.
        Never = "never",
        /// With the next batch.
        Immediate = "immediate",
        /// After 1 h, doubling, capped at 72 h.
        Hourly = "hourly",
        /// After 24 h, at most three times.
        Daily = "daily",
        /// After 7 days, at most twice.
        Weekly = "weekly",
    }
}

words! {
    /// Why (section C of the requirements; names follow Sisimai where it has one).
    Reason {
        /// No such mailbox.
        UserUnknown = "userunknown",
        /// No such domain or host.
        HostUnknown = "hostunknown",
        /// The domain takes no mail at all: null MX (RFC 7505), 521, 556 (RFC 7504).
        NotAccept = "notaccept",
        /// The recipient has moved to another address.
        HasMoved = "hasmoved",
        /// Deactivated or closed for good.
        Closed = "closed",
        /// The address is malformed.
        BadAddress = "badaddress",
        /// The mailbox is full.
        MailboxFull = "mailboxfull",
        /// Disabled, suspended or inactive; may come back.
        Suspend = "suspend",
        /// Given up after the queue lifetime, with no other cause named.
        Expired = "expired",
        /// The receiving system could not be reached; also mail loops.
        NetworkError = "networkerror",
        /// Too many connections, or too many recipients at once.
        TooManyConn = "toomanyconn",
        /// Sending too fast for the receiver.
        RateLimited = "ratelimited",
        /// Greylisted: come back later.
        Greylisted = "greylisted",
        /// The receiving system is broken.
        SystemError = "systemerror",
        /// The receiving system's disk is full.
        SystemFull = "systemfull",
        /// A delivery program at the receiver failed.
        MailerError = "mailererror",
        /// Called spam by a content filter.
        SpamDetected = "spamdetected",
        /// Contains a virus.
        VirusDetected = "virusdetected",
        /// Larger than the receiver takes.
        MesgTooBig = "mesgtoobig",
        /// Refused for its content: attachment, URL, charset.
        ContentError = "contenterror",
        /// Against the receiver's policy for messages.
        PolicyViolation = "policyviolation",
        /// Violates RFC 5322 and its like.
        NotCompliantRfc = "notcompliantrfc",
        /// The sending IP, host or network is on a block list or denied.
        Blocked = "blocked",
        /// The sending IP or domain has a bad reputation.
        BadReputation = "badreputation",
        /// No or bad reverse DNS, bad HELO name.
        RequirePtr = "requireptr",
        /// SPF, DKIM, DMARC or ARC failed.
        AuthFailure = "authfailure",
        /// The envelope sender or its domain is refused.
        SenderRejected = "senderrejected",
        /// Not permitted to write to this closed group, list or person.
        NotPermitted = "notpermitted",
        /// The recipient's own filter or blocks refused it, without saying why.
        Filtered = "filtered",
        /// Our own relay, DNS or network failed.
        OwnNetwork = "ownnetwork",
        /// Relaying denied.
        NoRelaying = "norelaying",
        /// Authentication or encryption demanded of the sender.
        SecurityError = "securityerror",
        /// SMTP protocol or syntax error.
        SyntaxError = "syntaxerror",
        /// No cause can be read.
        Undefined = "undefined",
        /// An automatic answer.
        Vacation = "vacation",
        /// A complaint through a feedback loop.
        Feedback = "feedback",
        /// Delivered.
        Delivered = "delivered",
    }
}

impl Reason {
    /// The category of the reason; `None` only for [`Reason::Delivered`].
    pub const fn category(self) -> Option<Category> {
        use Reason as R;
        Some(match self {
            R::UserUnknown
            | R::HostUnknown
            | R::NotAccept
            | R::HasMoved
            | R::Closed
            | R::BadAddress => Category::HardBounce,
            R::MailboxFull
            | R::Suspend
            | R::Expired
            | R::NetworkError
            | R::TooManyConn
            | R::RateLimited
            | R::Greylisted
            | R::SystemError
            | R::SystemFull
            | R::MailerError => Category::SoftBounceMailbox,
            R::SpamDetected
            | R::VirusDetected
            | R::MesgTooBig
            | R::ContentError
            | R::PolicyViolation
            | R::NotCompliantRfc => Category::SoftBounceContent,
            R::Blocked
            | R::BadReputation
            | R::RequirePtr
            | R::AuthFailure
            | R::SenderRejected
            | R::NotPermitted
            | R::Filtered => Category::SoftBounceReputation,
            R::OwnNetwork | R::NoRelaying | R::SecurityError | R::SyntaxError | R::Undefined => {
                Category::Other
            }
            R::Vacation => Category::AutoReply,
            R::Feedback => Category::Complaint,
            R::Delivered => return None,
        })
    }

    /// Whose problem the reason is (C5).
    pub const fn fault(self) -> Fault {
        use Reason as R;
        match self {
            R::UserUnknown
            | R::HostUnknown
            | R::NotAccept
            | R::HasMoved
            | R::Closed
            | R::BadAddress
            | R::MailboxFull
            | R::Suspend
            | R::NotPermitted
            | R::Filtered => Fault::Recipient,
            R::Expired
            | R::NetworkError
            | R::TooManyConn
            | R::RateLimited
            | R::Greylisted
            | R::SystemError
            | R::SystemFull
            | R::MailerError
            | R::SpamDetected
            | R::VirusDetected
            | R::MesgTooBig
            | R::ContentError
            | R::PolicyViolation
            | R::Blocked
            | R::BadReputation
            | R::Undefined => Fault::Provider,
            R::NotCompliantRfc
            | R::RequirePtr
            | R::AuthFailure
            | R::SenderRejected
            | R::OwnNetwork
            | R::NoRelaying
            | R::SecurityError
            | R::SyntaxError => Fault::Sender,
            R::Vacation | R::Feedback | R::Delivered => Fault::None,
        }
    }
}

impl Category {
    /// The default retry strategy (T2).
    pub const fn retry_strategy(self) -> RetryStrategy {
        match self {
            Category::SoftBounceMailbox => RetryStrategy::Hourly,
            Category::SoftBounceReputation => RetryStrategy::Daily,
            Category::HardBounce
            | Category::SoftBounceContent
            | Category::AutoReply
            | Category::Complaint
            | Category::Other => RetryStrategy::Never,
        }
    }
}

words! {
    /// Where in the SMTP dialogue the reply was given.
    Command {
        /// On connecting, before any command.
        Conn = "CONN",
        /// HELO or EHLO.
        Ehlo = "EHLO",
        /// STARTTLS.
        StartTls = "STARTTLS",
        /// AUTH.
        Auth = "AUTH",
        /// MAIL FROM.
        Mail = "MAIL",
        /// RCPT TO.
        Rcpt = "RCPT",
        /// DATA, or the end of the data.
        Data = "DATA",
        /// QUIT.
        Quit = "QUIT",
    }
}

impl Command {
    /// The command that a line of an SMTP dialogue gives: `RCPT TO:<user@example.com>`.
    pub fn of_line(line: &str) -> Option<Self> {
        let word = line.split([' ', ':', '\t']).next().unwrap_or_default();
        let word = word.to_ascii_uppercase();
        Some(match word.as_str() {
            "HELO" | "EHLO" | "LHLO" => Command::Ehlo,
            "." | "BDAT" => Command::Data,
            _ => return Self::from_word(&word),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c1_exactly_seven_categories() {
        assert_eq!(Category::ALL.len(), 7);
    }

    #[test]
    fn c5_words_read_back() {
        for &r in Reason::ALL {
            assert_eq!(Reason::from_word(r.as_str()), Some(r));
        }
        assert_eq!(Reason::from_word("Userunknown"), None);
    }

    #[test]
    fn c5_every_hard_reason_blames_the_recipient() {
        for r in Reason::ALL {
            if r.category() == Some(Category::HardBounce) {
                assert_eq!(r.fault(), Fault::Recipient, "{r}");
            }
        }
    }
}
