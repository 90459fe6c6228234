//! Notice + verdict → event: every key of the schema from its source (E1, E2, E3).

use super::id::{Identity, event_id};
use super::mould::Shelf;
use super::said::{Question, said};
use super::{Event, EventType, Flag, Origin, Proof, SCHEMA, Stream};
use crate::address;
use crate::classify::{self, DecidedBy, Judge, Verdict};
use crate::message::Message;
use crate::message::headers::Headers;
use crate::notice::recipient::{self, Addresses};
use crate::notice::returned::field;
use crate::notice::{Columns, Notice, Notification, returns, words};
use crate::policy::Policy;
use crate::policy::Tag;
use crate::time;
use crate::vocab::{Category, Fault, Kind, Reason};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::{HashMap, HashSet};

/// How sure a verdict may be that is held for review (C3).
const SUSPECTED: f64 = 0.65;

/// What is the same for every event of a run.
#[derive(Debug)]
pub struct Setting {
    /// The clock: dates far after it are not believed.
    pub now: Timestamp,
    /// The clock as events write it.
    pub classified_at: String,
    /// `bounce.toml`.
    pub policy: Policy,
    /// Rules and codes.
    pub judge: Judge,
    /// `--mailbox`: where the input does not say which mailbox had sent.
    pub mailbox: Option<String>,
    /// `--workspace`: where the policy does not say.
    pub workspace: Option<String>,
    /// What rows have become so far; nothing above may change afterwards.
    pub moulds: Shelf,
}

/// One mail and where it came from.
#[derive(Debug)]
pub struct Source<'a> {
    /// The mail.
    pub message: &'a Message<'a>,
    /// The From_ line of the mbox.
    pub envelope: Option<&'a [u8]>,
    /// True if the mail was longer than is kept.
    pub truncated: bool,
    /// The input, as given.
    pub file: &'a str,
    /// The number of the mail in it.
    pub index: u64,
    /// True for a question about a reply: there nobody need be named.
    pub question: bool,
}

/// The events of one notification, one per reported recipient; a recipient that is
/// named twice with the same words is one event.
pub fn events(source: &Source<'_>, found: &Notification, setting: &Setting) -> Vec<Event> {
    let mail = Mail::read(source, found, setting);
    let resolved: Vec<Addresses> = found
        .notices
        .iter()
        .map(|n| {
            recipient::resolve(
                n,
                &found.returned,
                mail.alone,
                mail.verp.recipient.as_deref(),
            )
        })
        .collect();
    if let ([notice], [who]) = (&found.notices[..], &resolved[..]) {
        return vec![mail.event(notice, who, false, setting)];
    }
    let mut out: Vec<Event> = Vec::with_capacity(resolved.len());
    let mut seen = HashSet::new();
    let several = stand_for_several(&resolved);
    for (notice, who) in found.notices.iter().zip(&resolved) {
        let expanded = who.last.is_some() && several.contains(&mailed(who));
        let event = mail.event(notice, who, expanded, setting);
        if seen.insert(event.event_id.clone()) {
            out.push(event);
        }
    }
    out
}

/// The addresses that more than one final recipient was made from (E2).
fn stand_for_several(all: &[Addresses]) -> HashSet<String> {
    let mut first: HashMap<String, String> = HashMap::new();
    let mut several = HashSet::new();
    for who in all {
        let Some(last) = who.last.as_deref().map(address::key) else {
            continue;
        };
        let before = first.entry(mailed(who)).or_insert_with(|| last.clone());
        if *before != last {
            several.insert(mailed(who));
        }
    }
    several
}

/// The key of the address that was mailed to.
fn mailed(who: &Addresses) -> String {
    who.recipient
        .as_deref()
        .map(address::key)
        .unwrap_or_default()
}

/// What all events of one mail share.
struct Mail<'a> {
    source: &'a Source<'a>,
    found: &'a Notification,
    alone: bool,
    /// What the human part says is said of every recipient: there is only one, or none
    /// has words of its own.
    of_all: bool,
    verp: Tag,
    date: Option<Timestamp>,
    occurred_at: Option<Timestamp>,
    message_id: Option<String>,
    mailbox: Option<String>,
    workspace: String,
    proof: Proof,
    stream: Stream,
    /// The header of the returned message, parsed once.
    header: Headers<'a>,
}

impl<'a> Mail<'a> {
    fn read(source: &'a Source<'a>, found: &'a Notification, setting: &Setting) -> Self {
        let zone = setting.policy.zone();
        let date = header_date(source, "Date", zone, setting.now);
        let delivered = delivered_to(source.message);
        let mailbox = mailbox(found, &delivered, setting);
        let header = found.returned.header();
        let ours = |a: &String| setting.policy.workspace_of(a).is_some();
        let returned = found
            .returned
            .from
            .iter()
            .chain(&found.returned.return_path);
        Mail {
            source,
            found,
            alone: found.notices.len() == 1,
            of_all: found.notices.len() == 1
                || found.notices.iter().all(|n| words::is_thin(&n.reply)),
            verp: verp(found, &delivered, setting),
            date,
            occurred_at: date
                .or_else(|| header_date(source, "Received", zone, setting.now))
                .or_else(|| {
                    let line = source.envelope?;
                    time::envelope_date(line, zone).filter(|t| time::plausible(*t, setting.now))
                }),
            message_id: source
                .message
                .headers()
                .plain("Message-ID")
                .map(|v| crate::notice::returned::message_id(&v))
                .filter(|id| !id.is_empty()),
            workspace: mailbox
                .as_deref()
                .and_then(|m| setting.policy.workspace_of(m))
                .or(setting.workspace.as_deref())
                .unwrap_or("default")
                .to_owned(),
            mailbox,
            stream: stream(found, &header, setting),
            header,
            proof: if returned.clone().any(ours) {
                Proof::Returned
            } else {
                Proof::None
            },
        }
    }

    fn event(&self, n: &Notice, who: &Addresses, expanded: bool, setting: &Setting) -> Event {
        let found = self.found;
        let asked = Question {
            reply: &n.reply,
            context: self.context(),
            status: n.status,
            command: n.command,
            remote: n.remote_mta.as_deref(),
            recipient: n.recipient.as_deref(),
            judged: matches!(n.kind, Kind::Failed | Kind::Delayed),
        };
        let said = said(&asked, &setting.judge);
        let verdict = self.verdict(n, said.verdict.clone());
        let occurred = self.occurred(n, setting).map(time::rfc3339);
        let enhanced = said.enhanced.map(|e| e.to_string());
        let key = |a: &Option<String>| a.as_deref().map(address::key).unwrap_or_default();
        let (recipient_key, last_key) = (key(&who.recipient), key(&who.last));
        let date = self.date.map(time::rfc3339);
        let event_id = event_id(&Identity {
            kind: n.kind.as_str(),
            recipients: [&recipient_key, &last_key],
            message_id: self.message_id.as_deref(),
            date: date.as_deref(),
            reporting_mta: found.reporting_mta.as_deref(),
            occurred_at: occurred.as_deref(),
            returned_id: found.returned.message_id.as_deref(),
            codes: (said.parts.code, enhanced.as_deref()),
            reply: &said.canonical,
        });
        let suggested = who.recipient.as_deref().and_then(address::typo_suggestion);
        let nameless = who.recipient.is_none() && !self.source.question;
        let judged = Judged::of(n, nameless, verdict, expanded, setting);
        let headers = &setting.policy.headers;
        let returned = &found.returned;
        Event {
            schema: SCHEMA,
            event_id,
            event_type: EventType::of(n.kind, judged.category, judged.held.unwrap_or(false)),
            kind: n.kind,
            occurred_at: occurred,
            classified_at: setting.classified_at.clone(),
            workspace: self.workspace.clone(),
            mailbox: self.mailbox.clone(),
            stream: self.stream,
            campaign_id: self
                .column(|c| &c.campaign)
                .or_else(|| field(&self.header, &headers.campaign))
                .or_else(|| self.verp.campaign.clone()),
            sequence_step_id: self
                .column(|c| &c.step)
                .or_else(|| field(&self.header, &headers.step))
                .or_else(|| self.verp.step.clone()),
            contact_id: self
                .column(|c| &c.contact)
                .or_else(|| field(&self.header, &headers.contact))
                .or_else(|| self.verp.contact.clone()),
            recipient_domain: who.recipient.as_deref().and_then(address::domain),
            recipient: who.recipient.clone(),
            final_recipient: who.last.clone(),
            smtp_code: said.parts.code,
            enhanced_code: enhanced,
            smtp_message: said.message(&asked),
            command: said.command,
            remote_mta: n.remote_mta.clone().or_else(|| said.remote.clone()),
            reporting_mta: found.reporting_mta.clone(),
            category: judged.category,
            reason: judged.verdict.as_ref().map(|v| v.reason),
            fault: judged.verdict.as_ref().map(|v| v.reason.fault()),
            confidence: judged.verdict.as_ref().map(|v| v.confidence),
            held: judged.held,
            confirmed: judged.confirmed,
            decided_by: judged.verdict.as_ref().map(|v| decider(&v.decided_by)),
            evidence: judged
                .verdict
                .as_ref()
                .map(|v| v.evidence.clone())
                .filter(|e| !e.is_empty()),
            retry_strategy: judged
                .category
                .map(|c| setting.policy.retry(c, &self.workspace).strategy),
            proof: self.proof,
            flags: self.flags(
                n,
                who,
                [expanded, judged.overridden, suggested.is_some()],
                setting,
            ),
            suggested_recipient: suggested,
            subject: returned.subject.clone(),
            message_id: returned.message_id.clone(),
            feedback_type: found.feedback_type.clone(),
            returns_on: self.returns_on(n, setting),
            format: found.format.to_owned(),
            origin: Origin {
                file: self.source.file.to_owned(),
                index: self.source.index,
            },
            tagged: self.alone && self.verp.recipient.is_some(),
        }
    }

    /// What a row of an export says in a column of its own.
    fn column(&self, which: impl Fn(&Columns) -> &Option<String>) -> Option<String> {
        which(self.found.columns.as_ref()?).clone()
    }

    /// The human part explains the only recipient of a report, or all of them if it
    /// says nothing of any one: what it says of one is not true of the next.
    fn context(&self) -> &'a str {
        if self.of_all { &self.found.human } else { "" }
    }

    /// The verdict about a reply, or what the kind of the notification says.
    fn verdict(&self, n: &Notice, judged: Option<Verdict>) -> Option<Verdict> {
        // Of a row, the platform says what kind of notification it was.
        let by = match self.found.columns {
            Some(_) => DecidedBy::Source,
            None => DecidedBy::Structure,
        };
        let structure = |reason, confidence, evidence: &str| Verdict {
            reason,
            confidence,
            decided_by: by.clone(),
            evidence: evidence.to_owned(),
            specific: false,
        };
        Some(match n.kind {
            Kind::Delivered => return None,
            Kind::Complaint => {
                let confidence = if n.doubtful { 0.6 } else { 0.98 };
                let kind = self.found.feedback_type.as_deref().unwrap_or_default();
                structure(Reason::Feedback, confidence, kind)
            }
            Kind::AutoReply => {
                let (confidence, words) = n.shown_by.clone().unwrap_or_default();
                structure(Reason::Vacation, confidence, &words)
            }
            Kind::Failed => self.doubt(n, classify::source::weigh(judged?, &n.classes)),
            Kind::Delayed => {
                let v = judged?;
                // A warning without a cause: if it failed, it would be for its age.
                if v.reason == Reason::Undefined {
                    structure(Reason::Expired, 0.75, "delayed")
                } else {
                    v
                }
            }
        })
    }

    /// A dead address is no more than a suspicion where the words of it are those of the
    /// whole report, which names several, or where neither the report nor the header of
    /// the returned message says whose it is.
    fn doubt(&self, n: &Notice, mut verdict: Verdict) -> Verdict {
        let hard = verdict.reason.category() == Some(Category::HardBounce);
        let of_all = !self.alone && words::is_thin(&n.reply);
        let by_words = matches!(verdict.decided_by, DecidedBy::Rule(_) | DecidedBy::Model);
        let nameless = !self.found.named && !self.found.returned.present;
        if hard && by_words && (of_all || nameless) {
            verdict.confidence = verdict.confidence.min(SUSPECTED);
        }
        verdict
    }

    fn occurred(&self, n: &Notice, setting: &Setting) -> Option<Timestamp> {
        let read = |date: &str| match &self.found.columns {
            None => time::parse_mail_date(date, setting.policy.zone())
                .filter(|t| time::plausible(*t, setting.now)),
            Some(c) => moment(date, c.zone, c.month_first, setting),
        };
        let of_recipient = n.last_attempt.as_deref().and_then(read);
        of_recipient.or(self.occurred_at)
    }

    fn returns_on(&self, n: &Notice, setting: &Setting) -> Option<String> {
        if n.kind != Kind::AutoReply {
            return None;
        }
        let zone = setting.policy.zone();
        let sent = self
            .occurred_at
            .map(|t| t.to_zoned_datetime(zone.clone()).date());
        let subject = self
            .source
            .message
            .headers()
            .text("Subject")
            .unwrap_or_default();
        returns::first_day_back(&self.found.human, sent)
            .or_else(|| returns::first_day_back(&subject, sent))
            .map(|d| d.to_string())
    }

    fn flags(
        &self,
        n: &Notice,
        who: &Addresses,
        [expanded, overridden, suggested]: [bool; 3],
        setting: &Setting,
    ) -> Vec<Flag> {
        let others = [
            (Flag::Expanded, expanded),
            (
                Flag::MassReport,
                self.found.notices.len() > setting.policy.matching.mass_report as usize,
            ),
            (Flag::AddressLeft, n.address_left),
            (Flag::TruncatedInput, self.source.truncated),
            (Flag::Override, overridden),
        ];
        let others = others.into_iter().filter(|(_, set)| *set);
        marks(who.recipient.as_deref(), suggested, setting)
            .chain(others.map(|(flag, _)| flag))
            .collect()
    }
}

/// The marks of a recipient, which come before all others; `suggested`: another is meant.
pub(super) fn marks(
    to: Option<&str>,
    suggested: bool,
    setting: &Setting,
) -> impl Iterator<Item = Flag> {
    let role = to.is_some_and(|a| setting.policy.is_role(a));
    let malformed = to.is_some_and(|a| !address::is_valid(a));
    [
        (Flag::RoleAccount, role),
        (Flag::MalformedAddress, malformed),
        (Flag::TypoDomain, suggested),
    ]
    .into_iter()
    .filter_map(|(flag, set)| set.then_some(flag))
}

/// The moment in a cell, if it can be believed; `zone` and `month_first` as in [`Columns`].
pub(super) fn moment(
    cell: &str,
    zone: Option<i8>,
    month_first: bool,
    setting: &Setting,
) -> Option<Timestamp> {
    let fixed = zone.map(|hours| TimeZone::fixed(jiff::tz::offset(hours)));
    let zone = fixed.as_ref().unwrap_or(setting.policy.zone());
    time::export_date(cell, zone, month_first).filter(|t| time::plausible(*t, setting.now))
}

/// What follows from a verdict, with the user's overrides.
struct Judged {
    verdict: Option<Verdict>,
    category: Option<Category>,
    overridden: bool,
    held: Option<bool>,
    confirmed: Option<bool>,
}

impl Judged {
    fn of(
        n: &Notice,
        nameless: bool,
        verdict: Option<Verdict>,
        expanded: bool,
        setting: &Setting,
    ) -> Self {
        let own = verdict.as_ref().and_then(|v| v.reason.category());
        let category = verdict
            .as_ref()
            .and_then(|v| setting.policy.category_of(v.reason));
        let counts = matches!(n.kind, Kind::Failed | Kind::Complaint);
        let held = verdict
            .as_ref()
            .filter(|_| counts)
            .map(|v| nameless || v.confidence < setting.policy.verdicts.held_below);
        let confirmed = verdict
            .as_ref()
            .filter(|_| n.kind == Kind::Failed)
            .map(|v| {
                category == Some(Category::HardBounce)
                    && v.reason.fault() == Fault::Recipient
                    && v.specific
                    && held == Some(false)
                    && !expanded
            });
        Judged {
            overridden: own != category,
            verdict,
            category,
            held,
            confirmed,
        }
    }
}

/// What decided, as events write it: `rule:ID`, `code`, `structure` …
pub fn decider(by: &DecidedBy) -> String {
    match by {
        DecidedBy::Correction => "correction".to_owned(),
        DecidedBy::Rule(id) => format!("rule:{id}"),
        DecidedBy::Code => "code".to_owned(),
        DecidedBy::Model => "model".to_owned(),
        DecidedBy::Structure => "structure".to_owned(),
        DecidedBy::Source => "source".to_owned(),
    }
}

fn header_date(
    source: &Source<'_>,
    name: &str,
    zone: &TimeZone,
    now: Timestamp,
) -> Option<Timestamp> {
    let value = source.message.headers().plain(name)?;
    let read = if name == "Received" {
        time::received_date(&value, zone)
    } else {
        time::parse_mail_date(&value, zone)
    };
    read.filter(|t| time::plausible(*t, now))
}

/// The addresses that the notification was delivered to: ours, or a VERP address.
fn delivered_to(message: &Message<'_>) -> Vec<String> {
    let h = message.headers();
    let mut out = Vec::new();
    if h.is_empty() {
        return out;
    }
    for name in [
        "Delivered-To",
        "X-Original-To",
        "Envelope-To",
        "X-Envelope-To",
        "To",
    ] {
        for (_, a) in address::find(&h.plain(name).unwrap_or_default()) {
            if !out.iter().any(|o| o == a) {
                out.push(a.to_owned());
            }
        }
    }
    out
}

/// The sending mailbox, in the order of the interface.
fn mailbox(found: &Notification, delivered: &[String], setting: &Setting) -> Option<String> {
    let plain = |a: &&String| setting.policy.verp.tag(a).is_none() && !a.contains('=');
    let returned = &found.returned;
    let column = found.columns.as_ref().and_then(|c| c.mailbox.as_ref());
    column
        .or(returned.from.as_ref())
        .or_else(|| returned.return_path.as_ref().filter(plain))
        .or_else(|| found.sender.as_ref().filter(plain))
        .or_else(|| delivered.iter().find(plain))
        .cloned()
        .or_else(|| setting.mailbox.clone())
        .map(|a| a.to_lowercase())
}

/// What the sender wrote into its own envelope address (VERP).
fn verp(found: &Notification, delivered: &[String], setting: &Setting) -> Tag {
    let own = found.returned.return_path.iter().chain(&found.sender);
    own.chain(delivered)
        .find_map(|a| setting.policy.verp.tag(a))
        .unwrap_or_default()
}

/// Real mail, or the warm-up traffic of a mailbox.
fn stream(found: &Notification, header: &Headers<'_>, setting: &Setting) -> Stream {
    let marks = &setting.policy.warmup;
    let by_header = marks.headers.iter().any(|mark| {
        let mut values = header.all(&mark.name);
        values.any(|v| marks.marks_header(&mark.name, &String::from_utf8_lossy(v)))
    });
    match by_header {
        true => Stream::Warmup,
        false => stream_of(found.returned.subject.as_deref(), setting),
    }
}

/// The stream by the subject of the mail that was sent.
pub(super) fn stream_of(subject: Option<&str>, setting: &Setting) -> Stream {
    match subject.is_some_and(|s| setting.policy.warmup.marks_subject(s)) {
        true => Stream::Warmup,
        false => Stream::Campaign,
    }
}
