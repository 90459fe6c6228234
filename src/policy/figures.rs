//! The figures of the policy: each a line with its meaning, default and check.

use super::read::{Item, PolicyError};
use jiff::SignedDuration;

/// Defines sections of figures: `key: type = default, check;`, where the check is
/// a method of `Item`, or sections of sections.
macro_rules! figures {
    ($($(#[$meta:meta])* $name:ident {
        $($(#[$fmeta:meta])* $field:ident: $type:ty = $default:expr, $check:ident;)+
    })+) => { $(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name { $($(#[$fmeta])* pub $field: $type,)+ }

        impl Default for $name {
            fn default() -> Self { $name { $($field: $default,)+ } }
        }

        impl $name {
            pub(super) fn read(&mut self, item: &Item<'_>) -> Result<(), PolicyError> {
                let mut section = item.section()?;
                $(if let Some(item) = section.take(stringify!($field)) {
                    self.$field = item.$check()?;
                })+
                section.finish()
            }
        }
    )+ };
    ($(#[$meta:meta])* $name:ident of {
        $($(#[$fmeta:meta])* $field:ident: $type:ty,)+
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name { $($(#[$fmeta])* pub $field: $type,)+ }

        impl $name {
            pub(super) fn read(&mut self, item: &Item<'_>) -> Result<(), PolicyError> {
                let mut section = item.section()?;
                $(if let Some(item) = section.take(stringify!($field)) {
                    self.$field.read(&item)?;
                })+
                section.finish()
            }
        }
    };
}

const fn hours(hours: i64) -> SignedDuration {
    SignedDuration::from_secs(hours * 3600)
}

figures! {
    /// `[thresholds]`: where the bands of the bounce rate begin (P2), as fractions of
    /// what was sent. Below `caution` is healthy; `danger` and `critical` themselves
    /// still belong to the band below.
    Thresholds {
        /// From here on: caution.
        caution: f64 = 0.01, fraction;
        /// Above: danger.
        danger: f64 = 0.02, fraction;
        /// Above: critical.
        critical: f64 = 0.05, fraction;
    }

    /// `[verdicts]`: what is done with a verdict.
    Verdicts {
        /// A failure or complaint of lower confidence is held for review (C3).
        held_below: f64 = 0.70, fraction;
    }

    /// `[schedule]`: what the retry strategies mean (T1).
    Schedule {
        /// `hourly`: the first wait, doubled each time.
        hourly_first: SignedDuration = hours(1), span;
        /// `hourly`: the longest wait.
        hourly_cap: SignedDuration = hours(72), span;
        /// `daily`: each wait.
        daily: SignedDuration = hours(24), span;
        /// `weekly`: each wait.
        weekly: SignedDuration = hours(7 * 24), span;
    }

    /// `[escalation]`: when soft bounces of a mailbox become final (T3).
    Escalation {
        /// Strikes on as many different UTC days that escalate.
        strikes: u32 = 3, count;
        /// The strikes lie within this span.
        window: SignedDuration = hours(30 * 24), span;
        /// Or: the bounce with this number, since the last reset, escalates.
        bounces: u32 = 6, count;
        /// As many soft-bouncing addresses of one domain on one day are its outage.
        outage_addresses: u32 = 10, count;
    }

    /// `[pauses]`: the auto-pause verdicts of a mailbox or campaign (P4). The keys are
    /// the triggers of the report; a trigger fires above its figure.
    Pauses {
        /// Bounced recipients as a fraction of what was sent, in 24 h.
        bounce_rate_24h: f64 = 0.02, fraction;
        /// Complaints as a fraction of what was sent, in 24 h.
        complaint_rate_24h: f64 = 0.001, fraction;
        /// Bounced recipients of one mailbox in 1 h.
        bounce_burst_1h: u32 = 20, count;
        /// A window with fewer sends gives no rate verdict.
        min_sent: u32 = 50, count;
    }

    /// `[corroboration]`: two workspaces confirm each other (S4).
    Corroboration {
        /// Two confirmed hard bounces are at most so far apart, inclusive.
        window: SignedDuration = hours(1), span;
    }

    /// `[matching]`: whether a bounce answers a mail of ours (S8, S9).
    Matching {
        /// The mail was sent at most so long before its bounce.
        sent_before: SignedDuration = hours(14 * 24), span;
        /// An unmatched bounce can be matched by a later sent log for so long.
        rematch: SignedDuration = hours(30 * 24), span;
        /// A report that names more recipients is a mass report.
        mass_report: u32 = 100, count;
    }

    /// `[lists]`: how long rows stay, and how many are written.
    Lists {
        /// A retry row leaves so long after its next attempt was due.
        retry_kept: SignedDuration = hours(7 * 24), span;
        /// Without `workspaces.NAME.mailboxes`, a mailbox belongs to the workspace
        /// for so long after its last event.
        mailbox_seen: SignedDuration = hours(90 * 24), span;
        /// Skip lists of more rows in all are written on demand only.
        skip_rows: u32 = 1_000_000, count;
    }

    /// `[patterns.fresh_list_hard_rate]`: hard bounces of a new campaign.
    FreshList {
        /// Above this fraction of what was sent.
        rate: f64 = 0.02, fraction;
        /// The campaign was first sent at most so long ago.
        max_age: SignedDuration = hours(7 * 24), span;
        /// At least so many sent.
        min_sent: u32 = 50, count;
    }

    /// `[patterns.verified_list_hard_rate]`: hard bounces of a list said to be verified.
    VerifiedList {
        /// Above this fraction of what was sent.
        rate: f64 = 0.01, fraction;
        /// At least so many sent.
        min_sent: u32 = 200, count;
    }

    /// `[patterns.content_rejections]`: the text of the mails is refused.
    ContentRejections {
        /// Above this fraction of what was sent.
        rate: f64 = 0.005, fraction;
        /// At least so many sent.
        min_sent: u32 = 200, count;
    }

    /// `[patterns.reputation_one_mailbox]`: one of several mailboxes has a bad name.
    ReputationOneMailbox {
        /// At least so many reputation bounces.
        bounces: u32 = 5, count;
        /// At least this share of them from one mailbox.
        share: f64 = 0.60, fraction;
    }

    /// `[patterns.reputation_spread]`: the domain or IP address has a bad name.
    ReputationSpread {
        /// At least so many reputation bounces.
        bounces: u32 = 10, count;
        /// Over at least so many mailboxes.
        mailboxes: u32 = 3, count;
        /// No mailbox has this share or more.
        max_share: f64 = 0.40, fraction;
    }

    /// `[patterns.reputation_mailbox]`: the reputation bounces of a mailbox.
    ReputationMailbox {
        /// Above this fraction of what it sent.
        rate: f64 = 0.01, fraction;
        /// At least so many sent.
        min_sent: u32 = 50, count;
    }

    /// `[patterns.complaint_jump]`: more complaints in the last 24 h than before.
    ComplaintJump {
        /// At least so many.
        complaints: u32 = 3, count;
        /// At least so many times the daily mean of the 7 days before.
        factor: f64 = 3.0, factor;
    }

    /// `[patterns.complaint_rate]`: too many complaints.
    ComplaintRate {
        /// From this fraction of what was sent.
        rate: f64 = 0.003, fraction;
        /// At least so many sent.
        min_sent: u32 = 100, count;
    }

    /// `[patterns.domain_concentration]`: one recipient domain bounces most.
    DomainConcentration {
        /// From this share of all bounces.
        share: f64 = 0.40, fraction;
        /// At least so many bounces.
        bounces: u32 = 20, count;
    }

    /// `[patterns.domain_hard_cluster]`: a burst of hard bounces that looks like an
    /// outage or a block of the server (S10).
    DomainHardCluster {
        /// At least so many recipients of one domain.
        recipients: u32 = 10, count;
        /// Within this span.
        window: SignedDuration = hours(6), span;
        /// At least this share of those mailed there in that time.
        share: f64 = 0.30, fraction;
        /// Instead of the share, at least so many recipients, without a sent log.
        recipients_without_sent: u32 = 50, count;
    }

    /// `[patterns.domain_soft_cluster]`: a domain wants us to slow down.
    DomainSoftCluster {
        /// At least so many recipients rate-limited, greylisted or unreachable.
        recipients: u32 = 10, count;
        /// Within this span.
        window: SignedDuration = hours(24), span;
    }

    /// `[patterns.template_rejections]`: one text is refused again and again.
    TemplateRejections {
        /// At least so many recipients of one subject.
        recipients: u32 = 3, count;
        /// Within this span.
        window: SignedDuration = hours(6), span;
    }

    /// `[patterns.other_share]`: too much that nobody understood (C9).
    OtherShare {
        /// Above this share of the bounces.
        share: f64 = 0.05, fraction;
        /// At least so many bounces.
        bounces: u32 = 20, count;
    }
}

figures! {
    /// `[patterns]`: what the report points out to a human (P5); the keys are the
    /// patterns of the report.
    Patterns of {
        /// Hard bounces of a new campaign.
        fresh_list_hard_rate: FreshList,
        /// Hard bounces of a verified list.
        verified_list_hard_rate: VerifiedList,
        /// Content rejections.
        content_rejections: ContentRejections,
        /// Reputation bounces from one mailbox.
        reputation_one_mailbox: ReputationOneMailbox,
        /// Reputation bounces from all mailboxes.
        reputation_spread: ReputationSpread,
        /// Reputation bounces as a rate of a mailbox.
        reputation_mailbox: ReputationMailbox,
        /// A sudden rise of complaints.
        complaint_jump: ComplaintJump,
        /// The rate of complaints.
        complaint_rate: ComplaintRate,
        /// One domain has most bounces.
        domain_concentration: DomainConcentration,
        /// A burst of hard bounces at one domain.
        domain_hard_cluster: DomainHardCluster,
        /// Soft bounces at one domain.
        domain_soft_cluster: DomainSoftCluster,
        /// Rejections of one template.
        template_rejections: TemplateRejections,
        /// The share of `other`.
        other_share: OtherShare,
    }
}

impl Thresholds {
    /// The bands must ascend; the error stands at the key that the file has.
    pub(super) fn check(&self, item: &Item<'_>) -> Result<(), PolicyError> {
        let mut section = item.section()?;
        let pairs = [
            (("caution", self.caution), ("danger", self.danger)),
            (("danger", self.danger), ("critical", self.critical)),
        ];
        for (low, high) in pairs {
            if low.1 < high.1 {
                continue;
            }
            if let Some(item) = section.take(high.0) {
                return Err(item.error(format!("must be above {} ({})", low.0, low.1)));
            }
            if let Some(item) = section.take(low.0) {
                return Err(item.error(format!("must be below {} ({})", high.0, high.1)));
            }
        }
        Ok(())
    }
}

impl Schedule {
    /// The first wait is no longer than the longest.
    pub(super) fn check(&self, item: &Item<'_>) -> Result<(), PolicyError> {
        if self.hourly_first <= self.hourly_cap {
            return Ok(());
        }
        let mut section = item.section()?;
        match (section.take("hourly_cap"), section.take("hourly_first")) {
            (Some(item), _) => Err(item.error("must not be below hourly_first")),
            (None, Some(item)) => Err(item.error("must not be above hourly_cap")),
            (None, None) => Ok(()),
        }
    }
}
