//! CSV exports of platforms: one row a layout.

use super::{FLAGGED, MAILGUN, PLAIN, POSTMARK, POSTMARK_TYPES, Profile};
use crate::input::order::Order;
use crate::row::{Key::*, What::*};

/// The layouts of CSV exports.
pub const TABLES: &[Profile] = &[
    // Suppression exports: bounces, blocks, invalid addresses, spam reports.
    Profile {
        name: "sendgrid",
        format: "csv:sendgrid",
        marks: &["status", "reason", "email", "created"],
        only: true,
        fields: &[
            (Recipient, "email"),
            (Reply, "reason"),
            (EnhancedCode, "status"),
            (OccurredAt, "created"),
        ],
        ..PLAIN
    },
    Profile {
        name: "mailgun",
        format: "csv:mailgun",
        marks: &["address", "code", "error", "created_at"],
        fields: &[
            (Recipient, "address"),
            (Code, "code"),
            (Reply, "error"),
            (OccurredAt, "created_at"),
        ],
        whats: MAILGUN,
        ..PLAIN
    },
    // The names of the API: those of the page's own export are not published.
    Profile {
        name: "postmark",
        format: "csv:postmark",
        marks: &[
            "Type",
            "Details|Description",
            "Email|Recipient",
            "BouncedAt",
        ],
        fields: POSTMARK,
        whats: POSTMARK_TYPES,
        ..PLAIN
    },
    Profile {
        name: "mailchimp",
        format: "csv:mailchimp",
        marks: &["LEID", "EUID"],
        fields: &[
            (Recipient, "Email Address"),
            (Bounced, "CLEAN_TIME"),
            (OccurredAt, "CLEAN_TIME"),
            (Campaign, "CLEAN_CAMPAIGN_TITLE|CLEAN_CAMPAIGN_ID"),
            (Contact, "EUID"),
        ],
        whats: &[(Bounced, "?*", Failed)],
        otherwise: Nothing,
        ..PLAIN
    },
    Profile {
        name: "hubspot",
        format: "csv:hubspot",
        marks: &["Portal Bounce|Global Bounce"],
        fields: &[
            (Recipient, "Email|Email Address|Recipient"),
            (Bounced, "Portal Bounce|Global Bounce"),
            (Complained, "Portal Spam Report"),
        ],
        whats: FLAGGED,
        otherwise: Nothing,
        ..PLAIN
    },
    Profile {
        name: "hubspot-contacts",
        format: "csv:hubspot",
        marks: &[
            "Email hard bounce reason|hs_email_hard_bounce_reason_enum|hs_email_hard_bounce_reason",
        ],
        fields: &[
            (Recipient, "Email"),
            (Class, "hs_email_hard_bounce_reason_enum"),
            (
                Class,
                "Email hard bounce reason|hs_email_hard_bounce_reason",
            ),
            (Contact, "Record ID|hs_object_id"),
        ],
        whats: &[(Class, "?*", Failed)],
        otherwise: Nothing,
        ..PLAIN
    },
    // Tracking extract, and the data view that has no address but the subscriber's key.
    Profile {
        name: "sfmc",
        format: "csv:sfmc",
        marks: &["SubscriberKey", "BounceCategory", "EventDate"],
        fields: &[
            (Recipient, "EmailAddress|SubscriberKey"),
            (Reply, "SMTPBounceReason|SMTPMessage|BounceReason"),
            (Code, "SMTPCode"),
            (Class, "BounceSubcategory"),
            (Severity, "BounceCategory"),
            (OccurredAt, "EventDate"),
            (Campaign, "JobID|SendID"),
            (Contact, "SubscriberKey|SubscriberID"),
        ],
        zone: Some(-6),
        order: Some(Order::MonthFirst),
        ..PLAIN
    },
    Profile {
        name: "apollo",
        format: "csv:apollo",
        marks: &["Email Bounced", "Apollo Contact Id|Email Sent"],
        fields: &[
            (Recipient, "Email"),
            (Bounced, "Email Bounced"),
            (Contact, "Apollo Contact Id"),
        ],
        whats: FLAGGED,
        otherwise: Nothing,
        ..PLAIN
    },
    // BLOCKED is "bounced or on the block list".
    Profile {
        name: "smartlead",
        format: "csv:smartlead",
        marks: &["campaign_lead_map_id", "email", "status"],
        fields: &[
            (Recipient, "email"),
            (Kind, "status"),
            (Step, "last_email_sequence_sent"),
            (Contact, "id"),
        ],
        whats: &[(Kind, "blocked|bounced", Failed)],
        otherwise: Nothing,
        ..PLAIN
    },
    Profile {
        name: "instantly",
        format: "csv:instantly",
        marks: &["Email", "Lead Status"],
        fields: &[
            (Recipient, "Email"),
            (Kind, "Lead Status"),
            (Bounced, "Bounced"),
            (Campaign, "Campaign Name|Campaign"),
            (OccurredAt, "Bounced At|Last Contacted"),
            (Mailbox, "Email Account|Last Contacted From"),
        ],
        whats: &[
            (Kind, "*bounce*|-1", Failed),
            (Bounced, "true|yes|1", Failed),
        ],
        otherwise: Nothing,
        ..PLAIN
    },
    Profile {
        name: "lemlist",
        format: "csv:lemlist",
        marks: &["emailStatus", "lastState", "email"],
        fields: &[
            (Recipient, "email"),
            (Kind, "lastState"),
            (Reply, "errorMessage"),
            (Mailbox, "sendUserEmail"),
            (Campaign, "campaignId|campaignName"),
            (Contact, "leadId|_id"),
        ],
        whats: &[(Kind, "emailsbounced|emailssendfailed|emailsfailed", Failed)],
        otherwise: Nothing,
        ..PLAIN
    },
    Profile {
        name: "powermta",
        format: "csv:powermta",
        marks: &["type", "rcpt", "timeLogged|timeQueued"],
        fields: &[
            (Recipient, "orcpt|rcpt|header_To"),
            (FinalRecipient, "rcpt"),
            (Kind, "type"),
            (Severity, "dsnAction"),
            (EnhancedCode, "dsnStatus"),
            (Reply, "dsnDiag"),
            (RemoteMta, "dsnMta"),
            (ReportingMta, "dsnReportingMta|reportingMta|srcMta"),
            (Class, "bounceCat"),
            (OccurredAt, "timeLogged"),
            (Mailbox, "header_From"),
            (Sender, "orig|header_Return-Path"),
            (Campaign, "jobId|header_X-job|envId"),
            (MessageId, "header_Message-Id"),
            (Subject, "header_Subject"),
            (FeedbackType, "feedbackType"),
        ],
        whats: &[
            (
                Reply,
                "*deleted by administrator*|*delivery not attempted*",
                Nothing,
            ),
            (Kind, "b|rb", Failed),
            (Kind, "t|tq", Delayed),
            (Kind, "f", Complaint),
            (Kind, "d", Delivered),
        ],
        otherwise: Nothing,
        ..PLAIN
    },
    // The log of transactional mails.
    Profile {
        name: "brevo",
        format: "csv:brevo",
        order: Some(Order::DayFirst),
        marks: &["st_text", "ts", "email", "mid|frm"],
        fields: &[
            (Recipient, "email"),
            (Kind, "st_text"),
            (Severity, "st_text"),
            (Reply, "reason"),
            (OccurredAt, "ts"),
            (Mailbox, "frm"),
            (Subject, "sub"),
            (MessageId, "mid"),
            (Campaign, "tag"),
        ],
        whats: &[
            (
                Kind,
                "hard*bounce*|soft*bounce*|blocked|invalid*|error*",
                Failed,
            ),
            (Kind, "deferred", Delayed),
            (Kind, "delivered", Delivered),
            (Kind, "complaint|spam*", Complaint),
        ],
        otherwise: Nothing,
        ..PLAIN
    },
    // The list of suppressed destinations, as `aws sesv2` exports it.
    Profile {
        name: "ses-suppression",
        format: "csv:ses",
        marks: &["EmailAddress", "Reason", "LastUpdateTime"],
        fields: &[
            (Recipient, "EmailAddress"),
            (Class, "Reason"),
            (OccurredAt, "LastUpdateTime"),
        ],
        whats: &[(Class, "complaint", Complaint)],
        ..PLAIN
    },
    // The message tracking log of an Exchange server. A failure may be told by several
    // of its parts, each with the same recipient and Message-ID.
    Profile {
        name: "exchange",
        format: "csv:exchange",
        marks: &["event-id", "recipient-address", "sender-address"],
        fields: &[
            (Recipient, "recipient-address"),
            (Kind, "event-id"),
            (Reply, "recipient-status"),
            (OccurredAt, "date-time"),
            (Mailbox, "sender-address"),
            (Sender, "return-path"),
            (MessageId, "message-id"),
            (Subject, "message-subject"),
            (ReportingMta, "server-hostname"),
        ],
        whats: &[
            (Kind, "fail", Failed),
            (Kind, "defer", Delayed),
            (Kind, "deliver|sendexternal|send", Delivered),
        ],
        otherwise: Nothing,
        ..PLAIN
    },
    // Our own events as CSV.
    Profile {
        name: "bounce",
        format: "csv:bounce",
        marks: &["schema", "event_id", "event_type", "recipient"],
        fields: &[
            (Recipient, "recipient"),
            (FinalRecipient, "final_recipient"),
            (Kind, "kind"),
            (Code, "smtp_code"),
            (EnhancedCode, "enhanced_code"),
            (Reply, "smtp_message"),
            (Class, "reason"),
            (OccurredAt, "occurred_at"),
            (Mailbox, "mailbox"),
            (Campaign, "campaign_id"),
            (Step, "sequence_step_id"),
            (Contact, "contact_id"),
            (MessageId, "message_id"),
            (Subject, "subject"),
            (Command, "command"),
            (RemoteMta, "remote_mta"),
            (ReportingMta, "reporting_mta"),
            (FeedbackType, "feedback_type"),
        ],
        whats: &[
            (Kind, "delayed", Delayed),
            (Kind, "delivered", Delivered),
            (Kind, "auto_reply", AutoReply),
            (Kind, "complaint", Complaint),
        ],
        ..PLAIN
    },
];
