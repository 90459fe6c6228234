//! JSON events of platforms: one row a layout.

use super::{
    EARLIER, FLAGGED, MAILGUN, MAILGUN_EVENTS, PLAIN, POSTMARK, POSTMARK_TYPES, Profile, SUPPRESSED,
};
use crate::row::{Key::*, What::*};

/// The layouts of JSON events.
pub const OBJECTS: &[Profile] = &[
    // Webhook; custom arguments stand beside the fields.
    Profile {
        name: "sendgrid",
        format: "json:sendgrid",
        marks: &["email", "event", "sg_event_id|sg_message_id"],
        fields: &[
            (Recipient, "email"),
            (Kind, "event"),
            (Reply, "reason|response"),
            (EnhancedCode, "status"),
            (Class, "bounce_classification"),
            (Severity, "type"),
            (OccurredAt, "timestamp"),
            (MessageId, "smtp-id"),
            (Campaign, "campaign_id|marketing_campaign_name|category"),
            (Step, "sequence_step_id"),
            (Contact, "contact_id"),
        ],
        whats: &[
            (Kind, "dropped", Echo),
            (Kind, "bounce|blocked", Failed),
            (Kind, "deferred", Delayed),
            (Kind, "delivered", Delivered),
            (Kind, "spamreport", Complaint),
        ],
        otherwise: Nothing,
        ..PLAIN
    },
    Profile {
        name: "sendgrid-suppression",
        format: "json:sendgrid",
        marks: &["created", "email", "reason"],
        fields: &[
            (Recipient, "email"),
            (Reply, "reason"),
            (EnhancedCode, "status"),
            (OccurredAt, "created"),
        ],
        ..PLAIN
    },
    // Events API and webhook (`event-data`).
    Profile {
        name: "mailgun",
        format: "json:mailgun",
        marks: &[
            "event",
            "recipient",
            "log-level|delivery-status|recipient-domain",
        ],
        fields: &[
            (Recipient, "recipient"),
            (Kind, "event"),
            (Severity, "severity"),
            (Class, "delivery-status.bounce-type"),
            (Class, "reason"),
            (Code, "delivery-status.code"),
            (EnhancedCode, "delivery-status.enhanced-code"),
            (Reply, "delivery-status.message|delivery-status.description"),
            (RemoteMta, "delivery-status.mx-host"),
            (OccurredAt, "timestamp"),
            (Sender, "envelope.sender"),
            (Mailbox, "message.headers.from"),
            (Subject, "message.headers.subject"),
            (MessageId, "message.headers.message-id"),
            (Campaign, "user-variables.campaign_id|campaigns|tags"),
            (Step, "user-variables.sequence_step_id"),
            (Contact, "user-variables.contact_id"),
        ],
        whats: MAILGUN_EVENTS,
        otherwise: Nothing,
        ..PLAIN
    },
    Profile {
        name: "mailgun-bounces",
        format: "json:mailgun",
        marks: &["address", "error", "code", "created_at"],
        fields: &[
            (Recipient, "address"),
            (Code, "code"),
            (Reply, "error"),
            (OccurredAt, "created_at"),
        ],
        whats: MAILGUN,
        ..PLAIN
    },
    // Webhooks and the Bounces API.
    Profile {
        name: "postmark",
        format: "json:postmark",
        marks: &["RecordType|BouncedAt|TypeCode", "Email|Recipient"],
        fields: POSTMARK,
        whats: POSTMARK_TYPES,
        ..PLAIN
    },
    Profile {
        name: "sparkpost",
        format: "json:sparkpost",
        marks: &["type", "rcpt_to"],
        fields: &[
            (Recipient, "raw_rcpt_to|rcpt_to"),
            (Kind, "type"),
            (Class, "bounce_class"),
            (Code, "error_code"),
            (Reply, "raw_reason|reason"),
            (OccurredAt, "timestamp"),
            (Mailbox, "friendly_from"),
            (Sender, "msg_from"),
            (Campaign, "campaign_id"),
            (Step, "rcpt_meta.sequence_step_id"),
            (Contact, "rcpt_meta.contact_id"),
            (Subject, "subject"),
            (FeedbackType, "fbtype"),
        ],
        whats: &[
            (Reply, EARLIER, Echo),
            (Class, "60|100", AutoReply),
            (Class, "80|90", Nothing),
            (Kind, "bounce|out_of_band|policy_rejection", Failed),
            (Kind, "delay", Delayed),
            (Kind, "delivery", Delivered),
            (Kind, "spam_complaint", Complaint),
        ],
        otherwise: Nothing,
        ..PLAIN
    },
    Profile {
        name: "mandrill",
        format: "json:mandrill",
        marks: &["event", "msg.email"],
        fields: &[
            (Recipient, "msg.email"),
            (Kind, "event"),
            (Class, "msg.bounce_description"),
            (Class, "msg.bgtools_code"),
            (Severity, "event"),
            (Reply, "msg.diag"),
            (OccurredAt, "ts"),
            (Mailbox, "msg.sender"),
            (Subject, "msg.subject"),
            (Campaign, "msg.metadata.campaign_id|msg.tags"),
            (Step, "msg.metadata.sequence_step_id"),
            (Contact, "msg.metadata.contact_id"),
        ],
        whats: &[
            (Kind, "hard_bounce|soft_bounce", Failed),
            (Kind, "deferral", Delayed),
            (Kind, "spam", Complaint),
            (Kind, "reject", Echo),
        ],
        otherwise: Nothing,
        ..PLAIN
    },
    // Webhook and statistics API; only ts_epoch is UTC.
    Profile {
        name: "brevo",
        format: "json:brevo",
        marks: &[
            "event",
            "email",
            "message-id|messageId|ts_epoch|X-Mailin-custom",
        ],
        fields: &[
            (Recipient, "email"),
            (Kind, "event"),
            (Severity, "event"),
            (Reply, "reason"),
            (OccurredAt, "ts_epoch|date|ts_event"),
            (MessageId, "message-id|messageId"),
            (Subject, "subject"),
            (Mailbox, "from|sender_email"),
            (Campaign, "campaign_id|tag|tags"),
        ],
        whats: &[
            (
                Reply,
                "*blacklist user*|*blocklisted contact*|*unsubscribed user*",
                Echo,
            ),
            (
                Kind,
                "hard*bounce*|soft*bounce*|blocked|invalid*|error*",
                Failed,
            ),
            (Kind, "deferred", Delayed),
            (Kind, "delivered", Delivered),
            (Kind, "spam|complaint", Complaint),
        ],
        otherwise: Nothing,
        ..PLAIN
    },
    Profile {
        name: "resend",
        format: "json:resend",
        marks: &["type=email.*", "data.email_id|data.to"],
        fields: &[
            (Recipient, "*|data.to"),
            (Kind, "type"),
            (Class, "data.bounce.subType"),
            (Severity, "data.bounce.type"),
            (Reply, "data.bounce.diagnosticCode|data.bounce.message"),
            (OccurredAt, "created_at|data.created_at"),
            (Mailbox, "data.from"),
            (Subject, "data.subject"),
            (Campaign, "data.broadcast_id"),
        ],
        whats: &[
            (Class, SUPPRESSED, Echo),
            (Reply, EARLIER, Echo),
            (Kind, "email.bounced|email.failed", Failed),
            (Kind, "email.delivery_delayed", Delayed),
            (Kind, "email.delivered", Delivered),
            (Kind, "email.complained", Complaint),
        ],
        otherwise: Nothing,
        each: &["data.to"],
        ..PLAIN
    },
    // Identity notifications and event publishing.
    Profile {
        name: "ses",
        format: "json:ses",
        marks: &["notificationType|eventType", "mail"],
        fields: &[
            (Recipient, "*.emailAddress|*"),
            (EnhancedCode, "*.status"),
            (Reply, "*.diagnosticCode|delivery.smtpResponse"),
            (Kind, "notificationType|eventType"),
            (
                Class,
                "bounce.bounceSubType|complaint.complaintSubType|deliveryDelay.delayType",
            ),
            (Severity, "bounce.bounceType"),
            (FeedbackType, "complaint.complaintFeedbackType"),
            (
                OccurredAt,
                "bounce.timestamp|complaint.timestamp|delivery.timestamp|deliveryDelay.timestamp",
            ),
            (ReportingMta, "bounce.reportingMTA|delivery.reportingMTA"),
            (RemoteMta, "bounce.remoteMtaIp"),
            (Mailbox, "mail.source|mail.commonHeaders.from"),
            (Subject, "mail.commonHeaders.subject"),
            (MessageId, "mail.commonHeaders.messageId"),
            (
                Campaign,
                "mail.tags.campaign_id|mail.tags.campaign|mail.tags.ses:configuration-set",
            ),
            (Step, "mail.tags.sequence_step_id"),
            (Contact, "mail.tags.contact_id"),
        ],
        whats: &[
            (Class, SUPPRESSED, Echo),
            (Reply, EARLIER, Echo),
            (Kind, "bounce", Failed),
            (Kind, "deliverydelay", Delayed),
            (Kind, "delivery", Delivered),
            (Kind, "complaint", Complaint),
        ],
        otherwise: Nothing,
        each: &[
            "bounce.bouncedRecipients",
            "complaint.complainedRecipients",
            "delivery.recipients",
            "deliveryDelay.delayedRecipients",
        ],
        ..PLAIN
    },
    // ListSuppressedDestinations.
    Profile {
        name: "ses-suppression",
        format: "json:ses",
        marks: &["EmailAddress", "Reason", "LastUpdateTime"],
        fields: &[
            (Recipient, "EmailAddress"),
            (Class, "Reason"),
            (OccurredAt, "LastUpdateTime"),
        ],
        whats: &[(Class, "complaint", Complaint)],
        ..PLAIN
    },
    // The log of KumoMTA; `queue` is campaign:tenant@domain.
    Profile {
        name: "kumomta",
        format: "json:kumomta",
        marks: &["type", "recipient", "num_attempts|egress_pool|nodeid"],
        fields: &[
            (
                Recipient,
                "feedback_report.original_rcpto_to|feedback_report.supplemental_trace.recipient|*|recipient",
            ),
            (Kind, "type"),
            (Class, "bounce_classification"),
            (Code, "response.code"),
            (EnhancedCode, "response.enhanced_code"),
            (Reply, "response.content"),
            (Command, "response.command"),
            (RemoteMta, "peer_address.name"),
            (OccurredAt, "event_time|timestamp"),
            (Mailbox, "headers.From|meta.mailbox"),
            (Sender, "sender"),
            (Subject, "headers.Subject"),
            (MessageId, "headers.Message-ID|headers.Message-Id"),
            (Campaign, "meta.campaign_id|meta.campaign|queue:campaign"),
            (Step, "meta.sequence_step_id"),
            (Contact, "meta.contact_id"),
            (FeedbackType, "feedback_report.feedback_type"),
        ],
        whats: &[
            (Kind, "bounce|oob|expiration", Failed),
            (Kind, "transientfailure|delayed", Delayed),
            (Kind, "delivery", Delivered),
            (Kind, "feedback", Complaint),
        ],
        otherwise: Nothing,
        each: &["recipient"],
        ..PLAIN
    },
    Profile {
        name: "smartlead",
        format: "json:smartlead",
        marks: &["event_type", "to_email"],
        fields: &[
            (Recipient, "to_email"),
            (Kind, "event_type"),
            (
                Reply,
                "bounce_message.text|bounce_message.html|bounce_reply_email|bounce_reply_email_preview",
            ),
            (SenderFault, "is_sender_originated_bounce"),
            (OccurredAt, "event_timestamp|bounce_message.time|time_sent"),
            (Mailbox, "from_email"),
            (MessageId, "message_id|sent_message.message_id"),
            (Subject, "subject"),
            (Campaign, "campaign_id"),
            (Step, "sequence_number"),
            (Contact, "sl_email_lead_id"),
        ],
        whats: &[(Kind, "email_bounce*", Failed)],
        otherwise: Nothing,
        ..PLAIN
    },
    // One row a send.
    Profile {
        name: "smartlead-statistics",
        format: "json:smartlead",
        marks: &["lead_email", "is_bounced", "stats_id"],
        fields: &[
            (Recipient, "lead_email"),
            (Bounced, "is_bounced"),
            (OccurredAt, "sent_time"),
            (Subject, "email_subject"),
            (Step, "sequence_number"),
        ],
        whats: FLAGGED,
        otherwise: Nothing,
        ..PLAIN
    },
    // Nothing in it says why.
    Profile {
        name: "instantly",
        format: "json:instantly",
        marks: &["event_type", "workspace", "campaign_id"],
        fields: &[
            (Recipient, "lead_email|email"),
            (Kind, "event_type"),
            (Severity, "bounce_type"),
            (Reply, "reason|bounce_reason"),
            (OccurredAt, "timestamp"),
            (Mailbox, "email_account"),
            (Subject, "email_subject"),
            (Campaign, "campaign_id"),
            (Step, "step"),
        ],
        whats: &[
            (Kind, "email_bounced", Failed),
            (Kind, "auto_reply_received|lead_out_of_office", AutoReply),
        ],
        otherwise: Nothing,
        ..PLAIN
    },
    Profile {
        name: "instantly-leads",
        format: "json:instantly",
        marks: &[
            "email",
            "status",
            "timestamp_last_contact|status_summary|esp_code",
        ],
        fields: &[
            (Recipient, "email"),
            (Kind, "status"),
            (OccurredAt, "timestamp_last_contact"),
            (Mailbox, "last_contacted_from|status_summary.lastStep.from"),
            (Campaign, "campaign"),
            (Step, "last_step_id"),
            (Contact, "id"),
        ],
        whats: &[(Kind, "-1", Failed)],
        otherwise: Nothing,
        ..PLAIN
    },
    // Webhook and activities.
    Profile {
        name: "lemlist",
        format: "json:lemlist",
        marks: &["type", "teamId|sendUserEmail", "campaignId"],
        fields: &[
            (Recipient, "leadEmail|email"),
            (Kind, "type"),
            (Reply, "errorMessage"),
            (OccurredAt, "createdAt"),
            (Mailbox, "sendUserEmail"),
            (MessageId, "messageId"),
            (Campaign, "campaignId"),
            (Step, "sequenceStep"),
            (Contact, "leadId"),
        ],
        whats: &[(Kind, "emailsbounced|emailssendfailed|emailsfailed", Failed)],
        otherwise: Nothing,
        ..PLAIN
    },
    // "Bounced, or its status was set by hand".
    Profile {
        name: "woodpecker",
        format: "json:woodpecker",
        marks: &["method", "prospect.email"],
        fields: &[
            (Recipient, "prospect.email"),
            (Kind, "method"),
            (OccurredAt, "timestamp"),
            (Mailbox, "prospect.campaign_email"),
            (Campaign, "prospect.campaign_id"),
            (Step, "prospect.step"),
            (Contact, "prospect.id"),
        ],
        whats: &[
            (Kind, "prospect_bounced", Failed),
            (Kind, "prospect_autoreplied", AutoReply),
        ],
        otherwise: Nothing,
        ..PLAIN
    },
    Profile {
        name: "reachinbox",
        format: "json:reachinbox",
        marks: &["event", "lead_email", "email_account"],
        fields: &[
            (Recipient, "lead_email"),
            (Kind, "event"),
            (OccurredAt, "timestamp"),
            (Mailbox, "email_account"),
            (MessageId, "message_id"),
            (Subject, "email_subject"),
            (Campaign, "campaign_id"),
            (Step, "step_number"),
            (Contact, "lead_id"),
        ],
        whats: &[(Kind, "email_bounced", Failed)],
        otherwise: Nothing,
        ..PLAIN
    },
    // Without a time; the owners are users, not mailboxes.
    Profile {
        name: "klenty",
        format: "json:klenty",
        marks: &["event", "cadenceName", "email"],
        fields: &[
            (Recipient, "email"),
            (Kind, "event"),
            (Campaign, "cadenceName"),
        ],
        whats: &[(Kind, "onmailbounce", Failed)],
        otherwise: Nothing,
        ..PLAIN
    },
    Profile {
        name: "plusvibe",
        format: "json:plusvibe",
        marks: &["webhook_event", "lead_email"],
        fields: &[
            (Recipient, "lead_email"),
            (Kind, "webhook_event"),
            (Reply, "msg"),
            (OccurredAt, "date"),
            (Mailbox, "sender_email"),
            (Campaign, "camp_id|campaign_name"),
        ],
        whats: &[(Kind, "bounced_email", Failed)],
        otherwise: Nothing,
        ..PLAIN
    },
    Profile {
        name: "emailbison",
        format: "json:emailbison",
        marks: &["event.type", "data.lead.email"],
        fields: &[
            (Recipient, "data.lead.email"),
            (Kind, "event.type"),
            (
                Reply,
                "data.reply.raw_body|data.reply.text_body|data.reply.html_body",
            ),
            (
                OccurredAt,
                "data.reply.date_received|data.campaign_event.created_at",
            ),
            (Mailbox, "data.sender_email.email"),
            (MessageId, "data.scheduled_email.raw_message_id"),
            (Subject, "data.scheduled_email.email_subject"),
            (Campaign, "data.campaign.id"),
            (Step, "data.scheduled_email.sequence_step_id"),
            (Contact, "data.lead.id"),
        ],
        whats: &[(Kind, "*bounced*", Failed)],
        otherwise: Nothing,
        ..PLAIN
    },
    // Email events API.
    Profile {
        name: "hubspot",
        format: "json:hubspot",
        marks: &["type", "recipient", "portalId|emailCampaignId"],
        fields: &[
            (Recipient, "recipient"),
            (Kind, "type"),
            (Class, "category"),
            (EnhancedCode, "status"),
            (Reply, "response"),
            (OccurredAt, "created"),
            (Mailbox, "from"),
            (Subject, "subject"),
            (Campaign, "emailCampaignId"),
        ],
        whats: &[
            (Kind, "bounce", Failed),
            (Kind, "deferred", Delayed),
            (Kind, "delivered", Delivered),
            (Kind, "spamreport", Complaint),
            (Kind, "dropped", Echo),
        ],
        otherwise: Nothing,
        ..PLAIN
    },
    Profile {
        name: "zoho-campaigns",
        format: "json:zoho",
        marks: &["contact_email", "bounce_type|bounce_reason"],
        fields: &[
            (Recipient, "contact_email"),
            (Severity, "bounce_type"),
            (Code, "bounce_code"),
            (EnhancedCode, "bounce_extended_code"),
            (Reply, "bounce_reason"),
            (OccurredAt, "action_time"),
        ],
        ..PLAIN
    },
    Profile {
        name: "mailwizz",
        format: "json:mailwizz",
        marks: &["bounce_type", "message", "subscriber"],
        fields: &[
            (Recipient, "subscriber.fields.EMAIL|subscriber.email"),
            (Severity, "bounce_type"),
            (Reply, "message"),
            (Contact, "subscriber.subscriber_uid"),
        ],
        ..PLAIN
    },
    Profile {
        name: "cakemail",
        format: "json:cakemail",
        marks: &["bounce_type", "email", "relay_id|tracking_id"],
        fields: &[
            (Recipient, "email"),
            (Class, "bounce_type"),
            (Reply, "log|message"),
            (OccurredAt, "time"),
        ],
        whats: &[(Class, "bounce_ar|bounce_cr|bounce_ac", AutoReply)],
        ..PLAIN
    },
    // Event API; `preblocked`: Mailjet did not try.
    Profile {
        name: "mailjet",
        format: "json:mailjet",
        marks: &[
            "event",
            "email",
            "mj_campaign_id|mj_contact_id|Message_GUID",
        ],
        fields: &[
            (Recipient, "email"),
            (Kind, "event"),
            (Class, "error"),
            (Severity, "hard_bounce"),
            (Reply, "comment|error"),
            (OccurredAt, "time"),
            (MessageId, "Message-ID"),
            (Campaign, "customcampaign|mj_campaign_id"),
            (Contact, "mj_contact_id"),
        ],
        whats: &[
            (Class, "preblocked|duplicate in campaign", Echo),
            (Kind, "bounce|blocked", Failed),
            (Kind, "sent", Delivered),
            (Kind, "spam", Complaint),
        ],
        otherwise: Nothing,
        ..PLAIN
    },
    // Webhook.
    Profile {
        name: "mailersend",
        format: "json:mailersend",
        marks: &["type=activity.*", "data.email"],
        fields: &[
            (Recipient, "data.email.recipient.email"),
            (Kind, "type"),
            (Severity, "type"),
            (Reply, "data.morph.reason|data.morph.readable_reason"),
            (OccurredAt, "data.created_at|created_at"),
            (Mailbox, "data.email.from"),
            (Subject, "data.email.subject"),
            (Campaign, "data.email.tags"),
        ],
        whats: &[
            (Kind, "activity.*bounced", Failed),
            (Kind, "activity.deferred", Delayed),
            (Kind, "activity.delivered", Delivered),
            (Kind, "activity.spam_complaint*", Complaint),
        ],
        otherwise: Nothing,
        ..PLAIN
    },
    // Webhooks; a bounce names its message only, the reply stands in what failed at once.
    Profile {
        name: "postal",
        format: "json:postal",
        marks: &["event=Message*", "payload"],
        fields: &[
            (Recipient, "payload.original_message.to|payload.message.to"),
            (Kind, "event"),
            (Reply, "payload.output|payload.details"),
            (OccurredAt, "timestamp|payload.timestamp"),
            (
                Mailbox,
                "payload.original_message.from|payload.message.from",
            ),
            (
                MessageId,
                "payload.original_message.message_id|payload.message.message_id",
            ),
            (
                Subject,
                "payload.original_message.subject|payload.message.subject",
            ),
            (Campaign, "payload.original_message.tag|payload.message.tag"),
        ],
        whats: &[
            (Reply, EARLIER, Echo),
            (Kind, "messagebounced|messagedeliveryfailed", Failed),
            (Kind, "messagedelayed", Delayed),
            (Kind, "messagesent", Delivered),
        ],
        otherwise: Nothing,
        ..PLAIN
    },
    // Webhook of a program that reads mailboxes.
    Profile {
        name: "emailengine",
        format: "json:emailengine",
        marks: &["event=message*", "data.recipient"],
        fields: &[
            (Recipient, "data.recipient"),
            (Kind, "event"),
            (Severity, "data.action"),
            (EnhancedCode, "data.response.status"),
            (Reply, "data.response.message"),
            (OccurredAt, "date"),
            (ReportingMta, "data.mta"),
            (MessageId, "data.messageId"),
        ],
        whats: &[
            (Severity, "delayed", Delayed),
            (Severity, "delivered|relayed|expanded", Delivered),
            (
                Kind,
                "messagebounce|messagedeliveryerror|messagefailed",
                Failed,
            ),
            (Kind, "messagecomplaint", Complaint),
        ],
        otherwise: Nothing,
        ..PLAIN
    },
];
