//! Automatic replies (RFC 3834, and what real ones look like): absences, tickets
//! and contact forms that thank for a request, challenges, new addresses.
//!
//! Three witnesses are heard. A header field that only responders write decides
//! alone. A subject that begins as responders begin theirs (in some 35 languages)
//! decides unless a person answered or forwarded it. The body decides where neither
//! is there, but only by what the writer says at its beginning, in more than one
//! way, and the less the more he quotes: a person's answer may say "I am on
//! holiday" too. Whatever was sent to many needs a header field.

mod fold;
mod headers;
mod own;
mod subject;
#[cfg(test)]
mod tests;
mod words;

use std::borrow::Cow;
use subject::{Strength, Subject};
use words::{Hit, Kind};

pub(in crate::notice) use fold::fold;
pub(in crate::notice) use own::{head, own};
pub(in crate::notice) use words::{begins_word, is_unspaced};

/// A responder says what it is in so many bytes of the folded text.
const BEGINNING: usize = 700;
/// Longer texts without any header are written by persons or to many.
const MAX_SHORT: usize = 3000;
/// The longest evidence, in characters.
const MAX_EVIDENCE: usize = 100;

/// What of a mail is looked at.
pub struct Signals<'a> {
    /// The subject, decoded.
    pub subject: &'a str,
    /// The From field, decoded, in lower case.
    pub from: &'a str,
    /// The first text of the body, decoded.
    pub body: &'a str,
    /// The first field of that name, unfolded.
    pub header: &'a dyn Fn(&str) -> Option<Cow<'a, str>>,
}

/// That a mail is an automatic reply.
#[derive(Clone, Debug, PartialEq)]
pub struct AutoReply {
    /// How sure that is, 0..1, two decimals.
    pub confidence: f64,
    /// The header field or the words that decided, at most 100 characters.
    pub evidence: String,
    /// It says that the person or the address is gone for good (C8: `address_left`).
    pub left: bool,
}

/// Judges a mail that is neither a delivery report nor a feedback report.
pub fn detect(signals: &Signals<'_>) -> Option<AutoReply> {
    let subject = subject::read(signals.subject);
    let header = headers::read(signals);
    if headers::is_receipt(signals) || (header.bulk && header.proof.is_none()) {
        return None;
    }
    let own = own(signals.body);
    // Most mails end here: long, and nothing but words could make them automatic.
    let words_only = header.proof.is_none() && header.support == 0;
    if words_only && subject.strength != Strength::Proof && own.text.len() > 3 * MAX_SHORT {
        return None;
    }
    let body = Body::read(own);
    if is_bounce(signals, subject) && !body.begins(&[Kind::Auto, Kind::Away]) {
        return None;
    }
    let (confidence, evidence) = header
        .proof
        .clone()
        .or_else(|| by_subject(signals, subject, &header, &body))
        .or_else(|| by_support(subject, &header, &body))
        .or_else(|| by_body(subject, &header, &body))?;
    Some(AutoReply {
        confidence,
        evidence: shorten(&evidence),
        left: body.left(signals),
    })
}

/// Non-delivery notices are automatic replies by the letter of RFC 3834; those in a
/// form that nobody knows are still none.
fn is_bounce(signals: &Signals<'_>, subject: Subject) -> bool {
    let daemon = [
        "mailer-daemon",
        "mail delivery",
        "postmaster@",
        "mailsystem",
        "mdaemon@",
    ];
    subject.strength == Strength::Bounce
        || (subject.strength != Strength::Proof && daemon.iter().any(|d| signals.from.contains(d)))
}

fn by_subject(
    signals: &Signals<'_>,
    subject: Subject,
    header: &headers::Evidence,
    body: &Body,
) -> Option<(f64, String)> {
    if subject.strength != Strength::Proof || subject.forwarded {
        return None;
    }
    let spoken = body.begins(&[Kind::Auto, Kind::Away, Kind::Left, Kind::Moved]);
    let confidence = match (header.support > 0, spoken) {
        (true, true) => 0.97,
        (true, false) | (false, true) if !subject.answered => 0.95,
        (_, true) if !body.own.quotes_first => 0.88,
        (true, false) => 0.80,
        // "Re: Automatic reply: …" is what a person answers to a responder.
        (false, _) if subject.answered => return None,
        _ if body.own.quotes => 0.85,
        _ => 0.91,
    };
    Some((confidence, format!("Subject: {}", signals.subject.trim())))
}

/// Fields that prove nothing alone, and words that prove little: notifications have
/// such fields too, and quote such words. What answers to a mail, or may not be
/// answered (an empty return path), needs less.
fn by_support(subject: Subject, header: &headers::Evidence, body: &Body) -> Option<(f64, String)> {
    if header.support == 0 || subject.forwarded || body.own.quotes_first {
        return None;
    }
    let sure = body.first(&[Kind::Auto, Kind::Challenge]);
    let likely = || body.first(&[Kind::Away, Kind::Left, Kind::Ack, Kind::Moved]);
    let (said, weight) = match sure.map(|hit| (hit, 2)) {
        Some(found) => found,
        None => match likely() {
            Some(hit) => (hit, 1),
            None => (body.first(&[Kind::Thanks])?, 0),
        },
    };
    let has = |kinds: &[Kind]| usize::from(body.begins(kinds));
    let points = weight
        + has(&[Kind::Thanks])
        + has(&[Kind::Access, Kind::Promise])
        + usize::from(subject.strength == Strength::Hint)
        + usize::from(subject.answered || header.answers)
        + 2 * usize::from(header.unanswerable);
    let confidence = match points {
        0..=2 => return None,
        3 => 0.88,
        _ => 0.93,
    };
    Some((confidence, format!("{}; {}", body.show(said), header.shown)))
}

/// Nothing but words: what is said first, and how much supports it.
fn by_body(subject: Subject, header: &headers::Evidence, body: &Body) -> Option<(f64, String)> {
    let apart = body.own.quotes_first || subject.forwarded;
    if apart || body.folded.len() > MAX_SHORT {
        return None;
    }
    let has = |kind: Kind| usize::from(body.begins(&[kind]));
    let hint = usize::from(subject.strength == Strength::Hint);
    let quoted = usize::from(body.own.quotes);
    // Whoever announces an absence or a new address to friends answers to nobody.
    let unasked = usize::from(!(subject.answered || header.answers));
    let notified = usize::from(unasked > 0 && header.support > 0);
    let polite = has(Kind::Thanks) + has(Kind::Access) + hint;
    let (kind, points) = [
        (Kind::Auto, 2 + polite),
        (
            Kind::Challenge,
            body.count(Kind::Challenge) + has(Kind::Thanks) + hint,
        ),
        (
            Kind::Ack,
            (1 + has(Kind::Promise) + has(Kind::Thanks) + 2 * hint).saturating_sub(notified),
        ),
        (Kind::Away, (1 + polite).saturating_sub(unasked)),
        (Kind::Left, (1 + polite).saturating_sub(unasked)),
        (
            Kind::Moved,
            (1 + has(Kind::Thanks) + hint).saturating_sub(unasked),
        ),
    ]
    .into_iter()
    .filter(|(kind, _)| body.begins(&[*kind]))
    .max_by_key(|(_, points)| *points)?;
    let confidence = match points.saturating_sub(quoted) {
        0 | 1 => return None,
        2 => 0.80,
        _ => 0.88,
    };
    Some((confidence, body.show(body.first(&[kind])?)))
}

/// The writer's own words, folded, and the phrases in them.
struct Body {
    own: own::Own,
    folded: String,
    hits: Vec<Hit>,
}

impl Body {
    fn read(own: own::Own) -> Self {
        let folded = fold(&own.text);
        let hits = words::find(&folded);
        Body { own, folded, hits }
    }

    /// The first phrase of one of these kinds at the beginning.
    fn first(&self, kinds: &[Kind]) -> Option<&Hit> {
        self.hits
            .iter()
            .find(|h| h.span.start <= BEGINNING && kinds.contains(&h.kind))
    }

    fn begins(&self, kinds: &[Kind]) -> bool {
        self.first(kinds).is_some()
    }

    /// How many phrases of a kind stand at the beginning, one behind the other: 2 are many.
    fn count(&self, kind: Kind) -> usize {
        let mut end = 0;
        let said = self.hits.iter().filter(|h| h.kind == kind);
        said.take_while(|h| h.span.start <= BEGINNING)
            .filter(|h| {
                let apart = h.span.start >= end;
                end = end.max(h.span.end);
                apart
            })
            .take(2)
            .count()
    }

    fn show(&self, hit: &Hit) -> String {
        self.folded
            .get(hit.span.clone())
            .unwrap_or_default()
            .to_owned()
    }

    /// "No longer monitored" is what a no-reply address says of itself, and not that
    /// anybody left.
    fn left(&self, signals: &Signals<'_>) -> bool {
        let noreply = [
            "noreply",
            "no-reply",
            "no_reply",
            "donotreply",
            "do-not-reply",
        ]
        .iter()
        .any(|n| signals.from.contains(n));
        let gone = |text: &str, hits: &[Hit]| {
            hits.iter().any(|h| {
                let said = text.get(h.span.clone()).unwrap_or_default();
                h.kind == Kind::Left && !(noreply && said.contains("monitored"))
            })
        };
        let subject = fold(signals.subject);
        gone(&self.folded, &self.hits) || gone(&subject, &words::find(&subject))
    }
}

/// At most [`MAX_EVIDENCE`] characters on one line.
fn shorten(evidence: &str) -> String {
    let line = evidence.replace(['\n', '\r', '\t'], " ");
    line.chars().take(MAX_EVIDENCE).collect()
}
