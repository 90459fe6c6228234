//! What status codes say when the text beside them says nothing.
//!
//! Enhanced codes: RFC 3463, 5248 and the IANA registry "SMTP Enhanced Status
//! Codes". Providers print registered codes with meanings of their own (Gmail's
//! 5.7.27 is "no SPF", the registry's "sender has a null MX"); those are rules.

use crate::code::Enhanced;
use crate::vocab::{Command, Reason};

/// What a code says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Meaning {
    /// The label.
    pub reason: Reason,
    /// How sure, 0..1, if nothing else is known. Below 0.70 the code is vague: it
    /// decides only where nobody else does.
    pub confidence: f64,
    /// True if the code speaks of this very recipient (C6).
    pub recipient: bool,
}

impl Meaning {
    const fn of(reason: Reason, confidence: f64) -> Option<Meaning> {
        Some(Meaning {
            reason,
            confidence,
            recipient: false,
        })
    }

    const fn recipient(reason: Reason, confidence: f64) -> Option<Meaning> {
        Some(Meaning {
            reason,
            confidence,
            recipient: true,
        })
    }

    /// True if the code is precise enough to be heard before the model.
    pub fn is_specific(&self) -> bool {
        self.confidence >= 0.70
    }
}

/// What an enhanced code says by itself; `None` if it says nothing (`5.0.0`).
pub fn enhanced(code: Enhanced) -> Option<Meaning> {
    let temporary = code.class == 4;
    if code.class == 2 {
        return None;
    }
    match code.subject {
        1 => address(code.detail, temporary),
        2 => mailbox(code.detail, temporary),
        3 => system(code.detail),
        4 => network(code.detail, temporary),
        5 => protocol(code.detail, temporary),
        6 => content(code.detail),
        7 => security(code.detail),
        _ => None,
    }
}

/// x.1.z: the address. A temporary code never says for good that an address is dead.
fn address(detail: u16, temporary: bool) -> Option<Meaning> {
    use Reason as R;
    match detail {
        // Given up on, still soft (C7).
        1 | 3 | 6 | 10 if temporary => Meaning::of(R::SystemError, 0.65),
        1 => Meaning::recipient(R::UserUnknown, 0.90),
        2 if temporary => Meaning::of(R::NetworkError, 0.75),
        2 => Meaning::recipient(R::HostUnknown, 0.88),
        3 => Meaning::recipient(R::BadAddress, 0.85),
        // Ambiguous: the receiver's directory is at odds with itself.
        4 => Meaning::of(R::SystemError, 0.60),
        6 => Meaning::recipient(R::HasMoved, 0.88),
        7 => Meaning::of(R::SenderRejected, 0.85),
        8 => Meaning::of(R::SenderRejected, 0.88),
        10 => Meaning::recipient(R::NotAccept, 0.85),
        // 5.1.0 and unknown details: about an address, but whose?
        0 | 11.. => Meaning::of(R::Undefined, 0.60),
        // 5: valid; 9: relayed to a mailer that does not speak these codes.
        _ => None,
    }
}

fn mailbox(detail: u16, temporary: bool) -> Option<Meaning> {
    use Reason as R;
    match detail {
        1 => Meaning::recipient(R::Suspend, if temporary { 0.70 } else { 0.80 }),
        2 => Meaning::recipient(R::MailboxFull, 0.90),
        3 => Meaning::of(R::MesgTooBig, 0.88),
        4 => Meaning::of(R::SystemError, 0.60),
        _ => Meaning::of(R::SystemError, 0.60),
    }
}

fn system(detail: u16) -> Option<Meaning> {
    use Reason as R;
    match detail {
        1 => Meaning::of(R::SystemFull, 0.88),
        2 => Meaning::of(R::SystemError, 0.75),
        4 => Meaning::of(R::MesgTooBig, 0.90),
        5 => Meaning::of(R::SystemError, 0.70),
        _ => Meaning::of(R::SystemError, 0.65),
    }
}

fn network(detail: u16, temporary: bool) -> Option<Meaning> {
    use Reason as R;
    match detail {
        1 | 2 => Meaning::of(R::NetworkError, 0.82),
        3 => Meaning::of(R::NetworkError, 0.75),
        4 if temporary => Meaning::of(R::NetworkError, 0.75),
        // Unroutable: no such host, or a receiver that has lost its way.
        4 => Meaning::recipient(R::HostUnknown, 0.65),
        5 => Meaning::of(R::SystemError, 0.75),
        6 => Meaning::of(R::NetworkError, 0.85),
        7 => Meaning::of(R::Expired, 0.88),
        _ => Meaning::of(R::NetworkError, 0.70),
    }
}

/// x.5.z: the dialogue went wrong. With class 5 that is the sender's doing, never
/// the recipient's.
fn protocol(detail: u16, temporary: bool) -> Option<Meaning> {
    match detail {
        3 => Meaning::of(Reason::TooManyConn, 0.85),
        // Servers in trouble print 4.5.x too.
        _ if temporary => Meaning::of(Reason::SystemError, 0.65),
        1 | 2 | 4 | 5 | 6 => Meaning::of(Reason::SyntaxError, 0.78),
        _ => Meaning::of(Reason::SyntaxError, 0.65),
    }
}

fn content(detail: u16) -> Option<Meaning> {
    use Reason as R;
    match detail {
        1 | 2 | 3 | 5 | 6 => Meaning::of(R::ContentError, 0.80),
        // Internationalised mail that the next host does not speak (RFC 6531).
        7..=10 => Meaning::of(R::SyntaxError, 0.75),
        _ => Meaning::of(R::ContentError, 0.70),
    }
}

fn security(detail: u16) -> Option<Meaning> {
    use Reason as R;
    match detail {
        2 => Meaning::of(R::NotPermitted, 0.80),
        3..=12 | 14 | 19 | 30 => Meaning::of(R::SecurityError, 0.80),
        // About the submitter by the registry, about the recipient at Exchange.
        13 => Meaning::of(R::Suspend, 0.65),
        15 => Meaning::of(R::PolicyViolation, 0.72),
        16 => Meaning::of(R::MesgTooBig, 0.75),
        17 | 18 => Meaning::recipient(R::Closed, 0.85),
        20..=24 | 26 | 29 => Meaning::of(R::AuthFailure, 0.88),
        25 => Meaning::of(R::RequirePtr, 0.90),
        27 => Meaning::of(R::SenderRejected, 0.85),
        28 => Meaning::of(R::RateLimited, 0.72),
        // 5.7.1 and 5.7.0 alone: refused, for whatever cause. It is no word about
        // the address, so the basic code must not make one of it.
        _ => Meaning::of(R::Undefined, 0.50),
    }
}

/// What is known beside a basic code.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside {
    /// The stage of the dialogue.
    pub command: Option<Command>,
    /// The reply names the recipient.
    pub names_recipient: bool,
    /// There is text, and nobody recognised it.
    pub unread: bool,
}

/// What a basic code says by itself (C2); `None` if it says nothing (554).
pub fn basic(code: u16, beside: Beside) -> Option<Meaning> {
    use Reason as R;
    let meaning = match code {
        550 | 551 | 553 => no_mailbox(beside),
        552 => Meaning::recipient(R::MailboxFull, 0.72),
        421 | 450 | 451 => Meaning::of(R::SystemError, 0.72),
        452 => Meaning::of(R::SystemFull, 0.72),
        // RFC 7504, RFC 7505: a host or domain that takes no mail.
        521 | 556 => Meaning::recipient(R::NotAccept, 0.85),
        500..=504 | 555 => Meaning::of(R::SyntaxError, 0.75),
        432 | 454 | 523 | 524 | 525 | 530 | 534 | 535 | 538 => Meaning::of(R::SecurityError, 0.75),
        _ => None,
    }?;
    let most = if beside.unread { 0.65 } else { 1.0 };
    Some(Meaning {
        confidence: meaning.confidence.min(most),
        ..meaning
    })
}

fn no_mailbox(beside: Beside) -> Option<Meaning> {
    use Command as C;
    match beside.command {
        Some(C::Rcpt) => Meaning::recipient(Reason::UserUnknown, 0.75),
        Some(C::Conn | C::Ehlo | C::StartTls | C::Auth | C::Mail | C::Data | C::Quit) => {
            Meaning::of(Reason::Undefined, 0.60)
        }
        None if beside.names_recipient => Meaning::of(Reason::UserUnknown, 0.75),
        None => Meaning::of(Reason::UserUnknown, 0.65),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c2_enhanced_codes() {
        for (code, want) in [
            ("5.1.1", Some((Reason::UserUnknown, 0.90))),
            ("4.1.1", Some((Reason::SystemError, 0.65))),
            ("4.1.3", Some((Reason::SystemError, 0.65))),
            ("5.1.2", Some((Reason::HostUnknown, 0.88))),
            ("4.1.2", Some((Reason::NetworkError, 0.75))),
            ("5.1.3", Some((Reason::BadAddress, 0.85))),
            ("5.1.6", Some((Reason::HasMoved, 0.88))),
            ("5.1.8", Some((Reason::SenderRejected, 0.88))),
            ("5.1.10", Some((Reason::NotAccept, 0.85))),
            ("5.2.1", Some((Reason::Suspend, 0.80))),
            ("5.2.2", Some((Reason::MailboxFull, 0.90))),
            ("4.2.2", Some((Reason::MailboxFull, 0.90))),
            ("5.2.3", Some((Reason::MesgTooBig, 0.88))),
            ("4.3.1", Some((Reason::SystemFull, 0.88))),
            ("5.3.4", Some((Reason::MesgTooBig, 0.90))),
            ("4.4.1", Some((Reason::NetworkError, 0.82))),
            ("5.4.6", Some((Reason::NetworkError, 0.85))),
            ("4.4.7", Some((Reason::Expired, 0.88))),
            ("5.5.2", Some((Reason::SyntaxError, 0.78))),
            ("4.5.1", Some((Reason::SystemError, 0.65))),
            ("4.5.3", Some((Reason::TooManyConn, 0.85))),
            ("5.6.1", Some((Reason::ContentError, 0.80))),
            ("5.6.7", Some((Reason::SyntaxError, 0.75))),
            ("5.7.1", Some((Reason::Undefined, 0.50))),
            ("5.7.8", Some((Reason::SecurityError, 0.80))),
            ("5.7.17", Some((Reason::Closed, 0.85))),
            ("5.7.23", Some((Reason::AuthFailure, 0.88))),
            ("5.7.25", Some((Reason::RequirePtr, 0.90))),
            ("5.0.0", None),
            ("5.1.5", None),
            ("5.9.9", None),
            ("2.1.5", None),
        ] {
            let got = enhanced(code.parse().unwrap()).map(|m| (m.reason, m.confidence));
            assert_eq!(got, want, "{code}");
        }
    }

    #[test]
    fn c5_class_5_of_the_protocol_is_never_the_recipients_fault() {
        for detail in 0..=30 {
            let code = Enhanced {
                class: 5,
                subject: 5,
                detail,
            };
            let reason = enhanced(code).unwrap().reason;
            assert_ne!(reason.fault(), crate::vocab::Fault::Recipient, "{code}");
        }
    }

    #[test]
    fn c2_basic_codes() {
        let at = |command| Beside {
            command,
            ..Beside::default()
        };
        let named = Beside {
            names_recipient: true,
            ..Beside::default()
        };
        let unread = Beside {
            command: Some(Command::Rcpt),
            unread: true,
            ..Beside::default()
        };
        for (code, beside, want) in [
            (
                550,
                at(Some(Command::Rcpt)),
                Some((Reason::UserUnknown, 0.75, true)),
            ),
            (551, at(None), Some((Reason::UserUnknown, 0.65, false))),
            (553, named, Some((Reason::UserUnknown, 0.75, false))),
            (550, unread, Some((Reason::UserUnknown, 0.65, true))),
            (
                550,
                at(Some(Command::Data)),
                Some((Reason::Undefined, 0.60, false)),
            ),
            (
                550,
                at(Some(Command::Mail)),
                Some((Reason::Undefined, 0.60, false)),
            ),
            (
                550,
                at(Some(Command::Conn)),
                Some((Reason::Undefined, 0.60, false)),
            ),
            (552, at(None), Some((Reason::MailboxFull, 0.72, true))),
            (421, at(None), Some((Reason::SystemError, 0.72, false))),
            (452, at(None), Some((Reason::SystemFull, 0.72, false))),
            (521, at(None), Some((Reason::NotAccept, 0.85, true))),
            (556, at(None), Some((Reason::NotAccept, 0.85, true))),
            (530, at(None), Some((Reason::SecurityError, 0.75, false))),
            (554, at(Some(Command::Rcpt)), None),
            (250, at(None), None),
        ] {
            let got = basic(code, beside).map(|m| (m.reason, m.confidence, m.recipient));
            assert_eq!(got, want, "{code} {beside:?}");
        }
    }
}
