//! What a report says: the types behind its JSON, and what the other views show
//! beside it. Everything here is data; it is computed in the files beside this one.
//!
//! Key order is output order. Fractions are of `sent` and have six decimals; moments
//! are RFC 3339 in UTC, days `2026-11-03` in UTC.

use crate::vocab::{Category, words};
use serde::Serialize;

/// The version of the report's JSON.
pub const SCHEMA: u32 = 1;

words! {
    /// The bands of the bounce rate (P2), best first.
    Band {
        /// Below `thresholds.caution`.
        Healthy = "healthy",
        /// From `caution` up to and including `danger`.
        Caution = "caution",
        /// Above `danger`, up to and including `critical`.
        Danger = "danger",
        /// Above `critical`.
        Critical = "critical",
    }
}

words! {
    /// What a pause or a window is about (P4).
    Scope {
        /// A sending mailbox.
        Mailbox = "mailbox",
        /// A campaign.
        Campaign = "campaign",
    }
}

words! {
    /// What asks for a pause (P4).
    Trigger {
        /// Bounced recipients against sends, in 24 hours.
        BounceRate = "bounce_rate_24h",
        /// Complaints against sends, in 24 hours.
        ComplaintRate = "complaint_rate_24h",
        /// Bounced recipients of one mailbox, in one hour.
        BounceBurst = "bounce_burst_1h",
    }
}

words! {
    /// What the report points out to a human (P5, C9, S10).
    Pattern {
        /// Hard bounces of a campaign that began a few days ago.
        FreshListHardRate = "fresh_list_hard_rate",
        /// Hard bounces of a campaign whose list should be clean by now.
        VerifiedListHardRate = "verified_list_hard_rate",
        /// The text of the mails of a campaign is refused.
        ContentRejections = "content_rejections",
        /// One of several mailboxes has a bad name.
        ReputationOneMailbox = "reputation_one_mailbox",
        /// The domain or IP address has a bad name.
        ReputationSpread = "reputation_spread",
        /// The reputation bounces of a mailbox as a rate.
        ReputationMailbox = "reputation_mailbox",
        /// More complaints in the last 24 hours than in the days before.
        ComplaintJump = "complaint_jump",
        /// Too many complaints.
        ComplaintRate = "complaint_rate",
        /// One recipient domain bounces most.
        DomainConcentration = "domain_concentration",
        /// A burst of hard bounces at one domain: an outage or a block (S10).
        DomainHardCluster = "domain_hard_cluster",
        /// A domain wants us to slow down.
        DomainSoftCluster = "domain_soft_cluster",
        /// One subject is refused again and again.
        TemplateRejections = "template_rejections",
        /// Too much that nobody understood (C9).
        OtherShare = "other_share",
        /// More recipients bounced than were mailed: the sent log has gaps (P1).
        SentIncomplete = "sent_incomplete",
    }
}

/// A report.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Summary {
    /// [`SCHEMA`].
    pub schema: u32,
    /// The time that the figures are of.
    pub period: Period,
    /// How fine the times of the sent log are: `day` if it is aggregated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolution: Option<Resolution>,
    /// Of everything.
    pub totals: Figures,
    /// The same by group.
    pub by: By,
    /// Mailboxes and campaigns that should pause, or should have (P4), by scope, key
    /// and time.
    pub pauses: Vec<Pause>,
    /// What had bounces or complaints in a window with too few sends for a verdict
    /// (P4), by scope and key.
    pub too_few: Vec<TooFew>,
    /// What a human should look at (P5), by pattern and key.
    pub alerts: Vec<Alert>,
    /// What was read (U4).
    pub books: Books,
    /// What the reader must know about the figures, a sentence each: no sent log, for
    /// example.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// What tables and pages show beside the above; not in the JSON.
    #[serde(skip)]
    pub views: Views,
}

/// A half-open span of time: that of the options, else from the first event to the last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Period {
    /// Its beginning; absent if there is no dated event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Its end; absent if there is no dated event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

words! {
    /// How fine the times of the sent log are.
    Resolution {
        /// UTC days: rates over 24 hours are over days.
        Day = "day",
    }
}

/// Rates and counts of one group (P1–P3). All counts but `sent` are of distinct
/// recipients (by recipient key), campaign stream only.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Figures {
    /// Messages sent in the period; absent without a sent log, and where the sent log
    /// does not say what the group is about. So are the rates and the band.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent: Option<u64>,
    /// With at least one failure, held and `other` included; without those that are
    /// `unmatched` or the sender's fault, and without complaints.
    pub bounced: u64,
    /// `bounced` / `sent`; 1 where more bounced than were sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<f64>,
    /// Lower end of the Wilson 95 % interval (P3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_low: Option<f64>,
    /// Upper end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_high: Option<f64>,
    /// The band of `rate`, by the exact fraction (P2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub band: Option<Band>,
    /// True if both ends of the interval lie in the band.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub band_certain: Option<bool>,
    /// Of `bounced`: those with a hard bounce. One recipient can be in several of the
    /// five categories, so that they may add up to more than `bounced`.
    pub hard_bounce: u64,
    /// Of `bounced`: the recipient's mailbox or system has a problem.
    pub soft_bounce_mailbox: u64,
    /// Of `bounced`: the message was refused for what it is.
    pub soft_bounce_content: u64,
    /// Of `bounced`: the message was refused for who sends it.
    pub soft_bounce_reputation: u64,
    /// Of `bounced`: nobody can say why.
    pub other: u64,
    /// With a complaint.
    pub complaint: u64,
    /// With an automatic answer.
    pub auto_reply: u64,
    /// With a delay warning.
    pub delayed: u64,
    /// With a failure or complaint that is held for review (C3).
    pub held: u64,
    /// With a failure or complaint that matches no mail of ours, or of a mass report
    /// without proof (S8, S9); not in `bounced`.
    pub unmatched: u64,
    /// With a failure that is the sender's own fault (C5); not in `bounced`.
    pub sender_fault: u64,
    /// Whose soft bounces became final in the period (T3).
    pub escalated: u64,
    /// `hard_bounce` / `sent`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hard_rate: Option<f64>,
    /// `soft_bounce_content` / `sent`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_rate: Option<f64>,
    /// `soft_bounce_reputation` / `sent`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reputation_rate: Option<f64>,
    /// `complaint` / `sent`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complaint_rate: Option<f64>,
}

/// The figures of a mailbox, a domain, a campaign, a day, a category.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Group {
    /// Which: an address or domain as its key, a campaign as written, a UTC day, the
    /// word of a category, the name of a provider.
    pub key: String,
    /// Its figures.
    #[serde(flatten)]
    pub figures: Figures,
}

/// Groups, each list by `bounced` descending, then key.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct By {
    /// By sending mailbox.
    pub mailbox: Vec<Group>,
    /// By recipient domain.
    pub domain: Vec<Group>,
    /// By campaign.
    pub campaign: Vec<Group>,
    /// By UTC day: of the bounce, and of the send.
    pub day: Vec<Group>,
    /// By category; `sent` is that of the totals.
    pub category: Vec<Group>,
    /// By who runs the recipient's mail: `gmail` (gmail.com, googlemail.com),
    /// `microsoft`, `yahoo` …; `other` for the rest. In the JSON with `--by provider`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub provider: Vec<Group>,
}

/// A figure: a count, or a fraction of six decimals.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// A number of recipients, bounces, complaints.
    Count(u64),
    /// A fraction of 1, or a factor.
    Fraction(f64),
}

/// One maximal run of windows that ask for a pause (P4).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pause {
    /// Mailbox or campaign.
    pub scope: Scope,
    /// Which.
    pub key: String,
    /// What was too much.
    pub trigger: Trigger,
    /// The end of the first such window: from here on it should pause.
    pub from: String,
    /// The end of the last such window.
    pub to: String,
    /// The highest value in the run.
    pub value: Value,
    /// What it was measured against; a value above it asks for a pause.
    pub threshold: Value,
    /// True if the run reaches into the 24 hours before the report's clock.
    pub active: bool,
}

/// A mailbox or campaign with bounces or complaints in a window of too few sends.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct TooFew {
    /// Mailbox or campaign.
    pub scope: Scope,
    /// Which.
    pub key: String,
}

/// Something for a human to look at.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Alert {
    /// What it looks like.
    pub pattern: Pattern,
    /// The mailbox, domain, campaign or subject it is about; `total` if all.
    pub key: String,
    /// The figure.
    pub value: Value,
    /// What it was measured against.
    pub threshold: Value,
    /// What the figure is made of, as one sentence.
    pub evidence: String,
    /// What to do, as one sentence.
    pub advice: &'static str,
}

/// What was read: messages = with_events + not_a_report + duplicates + rejected (U4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Books {
    /// Mails, rows, lines.
    pub messages: u64,
    /// Those that told something new.
    pub with_events: u64,
    /// Those that report nothing.
    pub not_a_report: u64,
    /// Those whose events were all read before.
    pub duplicates: u64,
    /// Those that could not be read.
    pub rejected: u64,
    /// Rows of the sent log.
    pub sent_rows: u64,
    /// Events outside the period or the filters.
    pub filtered: u64,
    /// Events without a date: in the totals, in no day and no window.
    pub undated: u64,
}

/// What tables and pages show beside the JSON.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Views {
    /// The last 30 UTC days of the period, oldest first, without gaps.
    pub trend: Vec<Slice>,
    /// The whole period in at most some forty slices of equal length, oldest first,
    /// without gaps: the category distribution over time.
    pub distribution: Vec<Slice>,
    /// Domains that bounce more than the overall rate lets expect, worst first; all
    /// domains by bounces if the sends are not known.
    pub worst_domains: Vec<Excess>,
    /// The newest events, newest first, at most 100.
    pub recent: Vec<Recent>,
    /// Subjects that were refused for their content, most rejections first.
    pub templates: Vec<Template>,
    /// The advice of the band of the totals; empty without a rate.
    pub advice: &'static str,
    /// Failures that name no recipient: nobody to count.
    pub no_recipient: u64,
    /// The clock of the report.
    pub now: String,
}

/// The figures of a span of whole UTC days.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Slice {
    /// Its first day: `2026-11-03`.
    pub day: String,
    /// How many days it has.
    pub days: u32,
    /// Sent, bounced, rate and so on.
    pub figures: Figures,
}

impl Slice {
    /// Recipients by category, in the order of [`Category::ALL`].
    pub fn categories(&self) -> [(Category, u64); 7] {
        self.figures.categories()
    }
}

impl Figures {
    /// Recipients by category, in the order of [`Category::ALL`].
    pub fn categories(&self) -> [(Category, u64); 7] {
        [
            (Category::HardBounce, self.hard_bounce),
            (Category::SoftBounceMailbox, self.soft_bounce_mailbox),
            (Category::SoftBounceContent, self.soft_bounce_content),
            (Category::SoftBounceReputation, self.soft_bounce_reputation),
            (Category::AutoReply, self.auto_reply),
            (Category::Complaint, self.complaint),
            (Category::Other, self.other),
        ]
    }
}

/// A recipient domain against the overall rate.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Excess {
    /// The domain.
    pub domain: String,
    /// Messages sent there, where known.
    pub sent: Option<u64>,
    /// Recipients that bounced.
    pub bounced: u64,
    /// `bounced` / `sent`.
    pub rate: Option<f64>,
    /// How many would have bounced at the overall rate.
    pub expected: Option<f64>,
    /// How many more did.
    pub excess: Option<f64>,
}

/// One event with what the server said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recent {
    /// When.
    pub at: String,
    /// Its identity, as in the events.
    pub event_id: String,
    /// `failed`, `complaint` …
    pub kind: &'static str,
    /// The category's word; empty for a success.
    pub category: &'static str,
    /// The reason's word; empty for a success.
    pub reason: &'static str,
    /// True if it is held for review.
    pub held: bool,
    /// 0 to 1.
    pub confidence: Option<f64>,
    /// Who had been mailed.
    pub recipient: Option<String>,
    /// Who had sent.
    pub mailbox: Option<String>,
    /// For which campaign.
    pub campaign: Option<String>,
    /// 550.
    pub smtp_code: Option<u16>,
    /// `5.1.1`.
    pub enhanced_code: Option<String>,
    /// What the server said; untrusted text.
    pub smtp_message: Option<String>,
    /// Which server.
    pub remote_mta: Option<String>,
}

/// A subject that was refused for its content.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Template {
    /// The subject; untrusted text, empty if the notifications did not say.
    pub subject: String,
    /// The campaign, where it is one and the same.
    pub campaign: Option<String>,
    /// Recipients that refused it.
    pub rejections: u64,
    /// From which mailboxes, sorted.
    pub mailboxes: Vec<String>,
    /// The first and the last time; absent if undated.
    pub first: Option<String>,
    /// The last time.
    pub last: Option<String>,
}

#[cfg(test)]
pub(crate) mod sample;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p6_keys_stand_in_the_order_of_the_interface() {
        let text = serde_json::to_string(&sample::summary()).unwrap();
        let mut at = 0;
        for key in [
            "schema", "period", "totals", "by", "pauses", "alerts", "books",
        ] {
            let here = text.find(&format!("\"{key}\":")).unwrap();
            assert!(here >= at, "{key}");
            at = here;
        }
        assert!(text.contains(r#""mailbox":[{"key":"sales1@acme.example","sent":200,"bounced":9"#));
        assert!(text.contains(r#""value":0.045,"threshold":0.02,"active":true"#));
        assert!(!text.contains("views"), "{text}");
    }
}
