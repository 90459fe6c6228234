//! The cascade, held to the requirements.

use super::*;
use crate::vocab::Category;
use std::collections::BTreeMap;

pub(super) fn judge(text: &str) -> Verdict {
    Judge::new().judge(&Reply {
        text,
        ..Reply::default()
    })
}

/// The message table of the requirements, row by row.
#[test]
fn c2_message_table() {
    use Category as C;
    use Reason as R;
    for (text, category, reason, least) in [
        (
            "550 5.1.1 User unknown",
            C::HardBounce,
            R::UserUnknown,
            0.97,
        ),
        (
            "550 5.1.1 The email account that you tried to reach does not exist",
            C::HardBounce,
            R::UserUnknown,
            0.97,
        ),
        (
            "550 Message rejected due to high spam score",
            C::SoftBounceContent,
            R::SpamDetected,
            0.93,
        ),
        (
            "421 Temporarily rate limited",
            C::SoftBounceMailbox,
            R::RateLimited,
            0.90,
        ),
        (
            "bounce_fm: relay mx.example.com [192.0.2.1]:25 said: 552 5.2.2 <> Mailbox has exceeded the limit (in reply to RCPT TO command)",
            C::SoftBounceMailbox,
            R::MailboxFull,
            0.90,
        ),
        (
            "bounce_tr: relay mx.example.com [192.0.2.1]:25 said: 550 5.2.1 The email account that you tried to reach is disabled. Learn more",
            C::SoftBounceMailbox,
            R::Suspend,
            0.90,
        ),
        (
            "bounce_hb: relay mx.example.com [192.0.2.1]:25 said: 550 No such recipient (in reply to RCPT TO command)",
            C::HardBounce,
            R::UserUnknown,
            0.90,
        ),
        (
            "bounce_df: domain name does not exist",
            C::HardBounce,
            R::HostUnknown,
            0.90,
        ),
        (
            "550 5.2.0 user@example.com mailbox full",
            C::SoftBounceMailbox,
            R::MailboxFull,
            0.90,
        ),
        (
            "552 message too large",
            C::SoftBounceContent,
            R::MesgTooBig,
            0.90,
        ),
        (
            "554 rejected for policy reasons",
            C::SoftBounceContent,
            R::PolicyViolation,
            0.70,
        ),
        ("User not found", C::HardBounce, R::UserUnknown, 0.90),
        ("user does not exist", C::HardBounce, R::UserUnknown, 0.90),
        (
            "550 mailbox unavailable",
            C::HardBounce,
            R::UserUnknown,
            0.70,
        ),
        ("mailbox unavailable", C::HardBounce, R::UserUnknown, 0.70),
        ("Access denied", C::SoftBounceReputation, R::Blocked, 0.70),
        (
            "550 5.4.1 Recipient address rejected: Access denied",
            C::HardBounce,
            R::UserUnknown,
            0.90,
        ),
        (
            "Message rejected as spam",
            C::SoftBounceContent,
            R::SpamDetected,
            0.90,
        ),
        (
            "450 4.7.1 Greylisted, please try again in 300 seconds",
            C::SoftBounceMailbox,
            R::Greylisted,
            0.90,
        ),
        (
            "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org",
            C::SoftBounceReputation,
            R::Blocked,
            0.90,
        ),
        (
            "550 5.7.25 The IP address sending this message does not have a PTR record",
            C::SoftBounceReputation,
            R::RequirePtr,
            0.90,
        ),
        (
            "550 5.7.23 The message was rejected because of Sender Policy Framework violation",
            C::SoftBounceReputation,
            R::AuthFailure,
            0.90,
        ),
        (
            "554 5.7.1 <user@example.com>: Relay access denied",
            C::Other,
            R::NoRelaying,
            0.90,
        ),
        (
            "530 5.7.0 Authentication required",
            C::Other,
            R::SecurityError,
            0.90,
        ),
    ] {
        let v = judge(text);
        assert_eq!(
            (v.reason.category(), v.reason),
            (Some(category), reason),
            "{text}: {v:?}"
        );
        assert!(v.confidence >= least, "{text}: {v:?}");
    }
}

/// With the placeholders of the platform that printed them.
#[test]
fn c2_message_table_as_printed() {
    use Reason as R;
    for (text, reason) in [
        (
            "bounce_fm: {mta_relay} host []:25 said: 552 5.2.2 <> Mailbox has exceeded the limit (in reply to RCPT TO command)",
            R::MailboxFull,
        ),
        (
            "bounce_tr: {mta_relay} host[]:25 said: 550 5.2.1 The email account that you tried to reach is disabled. p28si19674740ybk.52 (in reply to RCPT TO command)",
            R::Suspend,
        ),
        (
            "bounce_hb: {mta_relay} host[]:25 said: 550 No such recipient (in reply to RCPT TO command)",
            R::UserUnknown,
        ),
        (
            "bounce_df: {mta_relay} domain name does not exist (",
            R::HostUnknown,
        ),
        ("bounce_df: {mta_relay}", R::NetworkError),
        (
            "User not found/user does not exist/mailbox unavailable",
            R::UserUnknown,
        ),
    ] {
        let v = judge(text);
        assert_eq!(v.reason, reason, "{text}: {v:?}");
        assert!(v.confidence >= 0.70, "{text}: {v:?}");
    }
}

/// `5.7.1` says refused for whatever cause: wording that only hints at the address
/// is not enough beside it.
#[test]
fn s8_policy_codes_keep_vague_wording_from_killing_an_address() {
    for text in [
        "554 5.7.1 <user@example.com>: Recipient address rejected: Access denied",
        "554 5.7.1 <user@example.com>: Recipient address rejected: see our site",
        "550 5.7.1 Mailbox unavailable",
        "550 5.7.1 We no longer accept mail from your network",
        "550 5.7.0 no longer",
        "550 5.7.1",
    ] {
        let v = judge(text);
        let hard = v.reason.category() == Some(Category::HardBounce);
        assert!(!hard, "{text}: {v:?}");
    }
    let v = judge("554 5.7.1 <user@example.com>: User unknown");
    assert_eq!(v.reason, Reason::UserUnknown, "specific text is believed");
}

/// What the DNS says of a domain is final, whatever class of code a sending system
/// puts on it; any other temporary reply calls nobody dead.
#[test]
fn c6_temporary_codes_call_nobody_dead_but_what_the_dns_says_is_final() {
    for (text, reason, held) in [
        (
            "4.0.0 DNS Error: DNS type 'mx' lookup of example.invalid responded with code NXDOMAIN",
            Reason::HostUnknown,
            false,
        ),
        (
            "450 4.7.1 example.com returned Null MX",
            Reason::NotAccept,
            false,
        ),
        ("450 4.1.1 user unknown", Reason::UserUnknown, true),
    ] {
        let v = Judge::new().judge(&Reply {
            text,
            ..Reply::default()
        });
        assert_eq!((v.reason, v.confidence < 0.70), (reason, held), "{text}");
    }
}

#[test]
fn c2_message_table_bare_codes() {
    use Reason as R;
    let rcpt = Some(Command::Rcpt);
    for (text, command, reason, confidence) in [
        ("550", rcpt, R::UserUnknown, 0.75),
        ("551", rcpt, R::UserUnknown, 0.75),
        ("553", rcpt, R::UserUnknown, 0.75),
        ("550", None, R::UserUnknown, 0.65),
        ("550 5.0.0", rcpt, R::UserUnknown, 0.75),
        ("550 <user@example.com>", None, R::UserUnknown, 0.75),
        ("550", Some(Command::Data), R::Undefined, 0.60),
        ("550", Some(Command::Mail), R::Undefined, 0.60),
        ("550 xyzzy plugh", rcpt, R::UserUnknown, 0.65),
        ("552", None, R::MailboxFull, 0.72),
        ("421", None, R::SystemError, 0.72),
        ("450", None, R::SystemError, 0.72),
        ("451", None, R::SystemError, 0.72),
        ("452", None, R::SystemFull, 0.72),
        ("554", rcpt, R::Undefined, 0.65),
        ("550 5.7.1", rcpt, R::Undefined, 0.50),
        ("", None, R::Undefined, 0.65),
        ("xyzzy plugh", None, R::Undefined, 0.50),
    ] {
        let v = Judge::new().judge(&Reply {
            text,
            command,
            ..Reply::default()
        });
        assert_eq!(
            (v.reason, v.confidence),
            (reason, confidence),
            "{text} {command:?}"
        );
    }
}

#[test]
fn c3_what_says_nothing_is_held() {
    let v = judge("The recipient server did not accept the message");
    assert_eq!(
        (v.reason.category(), v.reason),
        (Some(Category::Other), Reason::Undefined)
    );
    let v = judge("Your message has been blocked");
    assert!(v.confidence < 0.70, "{v:?}");
    let soft = [Category::SoftBounceContent, Category::SoftBounceReputation];
    assert!(
        v.reason.category().is_some_and(|c| soft.contains(&c)),
        "{v:?}"
    );
}

/// Replies that rivals get wrong, most of them to the harm of a live address.
#[test]
fn c2_traps() {
    use Reason as R;
    for (text, reason) in [
        (
            "550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages from being delivered.",
            R::RateLimited,
        ),
        (
            "550 5.1.1 <user@example.com> has sent to too many recipients this hour. IB607",
            R::RateLimited,
        ),
        ("550 5.1.1 <user@example.com>: mailbox full", R::MailboxFull),
        (
            "550 5.1.1 Message blocked: your IP is listed at bl.spamcop.net",
            R::Blocked,
        ),
        (
            "552 1 Requested mail action aborted, mailbox not found",
            R::UserUnknown,
        ),
        (
            "552 5.2.2 The email account that you tried to reach is out of storage space and inactive.",
            R::MailboxFull,
        ),
        (
            "550 Requested action not taken: mailbox unavailable. Reject due to policy restrictions.",
            R::Blocked,
        ),
        (
            "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
            R::UserUnknown,
        ),
        (
            "550 5.7.515 Access denied, sending domain example.com does not meet the required authentication level.",
            R::AuthFailure,
        ),
        (
            "550 5.7.30 This mail has been blocked because DKIM does not pass. - gsmtp",
            R::AuthFailure,
        ),
        (
            "550-Verification failed for <sales@example.org>\n550-No Such User Here\n550 Sender verify failed",
            R::SenderRejected,
        ),
        (
            "450 4.1.8 <sales@example.org>: Sender address rejected: Domain not found",
            R::SenderRejected,
        ),
        (
            "550 5.1.8 <sales@example.org>: Sender address rejected: user unknown",
            R::SenderRejected,
        ),
        (
            "553 sorry, your envelope sender domain must exist (#5.7.1)",
            R::SenderRejected,
        ),
    ] {
        assert_eq!(judge(text).reason, reason, "{text}");
    }
}

#[test]
fn c2_gmx_policy_is_not_hard() {
    let v = judge(
        "554 Requested action not taken: mailbox unavailable Reject due to policy restrictions. For explanation visit https://postmaster.gmx.net/en/case?c=hi",
    );
    assert_ne!(v.reason.category(), Some(Category::HardBounce), "{v:?}");
}

#[test]
fn s8_temporary_replies_never_silence_an_address() {
    for text in [
        "450 4.1.1 <user@example.com>: Recipient address rejected: User unknown in local recipient table",
        "451 user unknown",
        "421 4.1.1 no such user",
        "550 4.4.7 message expired after user unknown",
    ] {
        let v = judge(text);
        assert_eq!(v.reason, Reason::UserUnknown, "{text}");
        assert!(v.confidence < 0.70, "{text}: {v:?}");
    }
}

#[test]
fn c6_before_rcpt_nobody_has_spoken_of_the_recipient() {
    for (text, reason) in [
        (
            "550 5.1.1 user unknown (in reply to MAIL FROM command)",
            Reason::SenderRejected,
        ),
        (
            "550 user unknown (in reply to EHLO command)",
            Reason::Undefined,
        ),
        (
            "550 No such host: mail.example.org (in reply to EHLO command)",
            Reason::RequirePtr,
        ),
    ] {
        let v = judge(text);
        assert_eq!(v.reason, reason, "{text}");
        assert!(!v.specific && v.confidence < 0.70, "{v:?}");
    }
}

#[test]
fn c4_a_correction_always_wins() {
    let mut judge = Judge::new();
    judge.correct(None, "550 5.1.1 User unknown", Reason::Blocked);
    judge.correct(Some(550), "550", Reason::Blocked);
    let ask = |judge: &Judge, text: &str, smtp_code| {
        let v = judge.judge(&Reply {
            text,
            smtp_code,
            ..Reply::default()
        });
        (v.reason, v.decided_by)
    };
    let want = (Reason::Blocked, DecidedBy::Correction);
    assert_eq!(ask(&judge, "550-5.1.1 USER  unknown", None), want);
    assert_eq!(ask(&judge, "user unknown", Some(550)), want);
    assert_eq!(
        ask(&judge, "user unknown here", Some(550)).0,
        Reason::UserUnknown
    );
    assert_eq!(
        ask(&judge, "550", None).1,
        DecidedBy::Code,
        "a bare code cannot be corrected"
    );
}

#[test]
fn u2_user_rules_come_first() {
    let rules = Rules::parse("mine\tfiltered\t-\tuser unknown\t-").unwrap();
    let v = Judge::new().with_user_rules(rules).judge(&Reply {
        text: "550 5.1.1 user unknown",
        ..Reply::default()
    });
    assert_eq!(
        (v.reason, v.decided_by),
        (Reason::Filtered, DecidedBy::Rule("mine".into()))
    );
}

struct Fixed(f64);

impl Model for Fixed {
    fn guess(&self, _: Option<u16>, _: &str) -> Option<(Reason, f64)> {
        Some((Reason::SpamDetected, self.0))
    }
}

#[test]
fn c4_the_model_stands_between_a_specific_and_a_basic_code() {
    for (text, sure, want) in [
        ("550 xyzzy plugh", 0.80, DecidedBy::Model),
        ("550 xyzzy plugh", 0.69, DecidedBy::Code),
        ("550 5.2.2 xyzzy plugh", 0.80, DecidedBy::Code),
        ("550", 0.80, DecidedBy::Code),
        (
            "550 5.1.1 user unknown",
            0.99,
            judge("550 5.1.1 user unknown").decided_by,
        ),
    ] {
        let judge = Judge::new().with_model(Box::new(Fixed(sure)));
        let v = judge.judge(&Reply {
            text,
            ..Reply::default()
        });
        assert_eq!(v.decided_by, want, "{text}");
    }
}

#[test]
fn c2_context_speaks_where_the_reply_is_silent() {
    let judge = Judge::new();
    let ask = |text, context| {
        judge.judge(&Reply {
            text,
            context,
            ..Reply::default()
        })
    };
    let v = ask("550", "The mailbox is full, try later.");
    assert_eq!((v.reason, v.confidence), (Reason::MailboxFull, 0.93));
    let v = ask("550 5.1.1 user unknown", "The mailbox is full, try later.");
    assert_eq!(v.reason, Reason::UserUnknown);
    let v = ask("550 xyzzy plugh", "The mailbox is full, try later.");
    assert_eq!(v.decided_by, DecidedBy::Code);
}

#[test]
fn c2_a_named_cause_beats_expired() {
    use Reason as R;
    for (text, reason) in [
        ("retry timeout exceeded", R::Expired),
        (
            "450 4.2.0 Greylisted: retry timeout exceeded",
            R::Greylisted,
        ),
        ("452 4.2.2 mailbox full; message expired", R::MailboxFull),
        (
            "Connection timed out: retry timeout exceeded",
            R::NetworkError,
        ),
        ("550 4.4.7 QUEUE.Expired; message expired", R::Expired),
    ] {
        assert_eq!(judge(text).reason, reason, "{text}");
    }
}

#[test]
fn c2_the_precise_code_of_several_is_heard() {
    let v = judge("5.3.0 - Other mail system problem 550-'5.1.1 xyzzy'");
    assert_eq!(
        (v.reason, v.evidence.as_str()),
        (Reason::UserUnknown, "5.1.1")
    );
}

#[test]
fn c3_evidence_is_the_fragment_that_decided() {
    for (text, want) in [
        (
            "550 5.1.1 <x@example.com>: User unknown, sorry",
            "user unknown",
        ),
        ("550 5.1.1", "5.1.1"),
        ("552", "552"),
        ("", ""),
    ] {
        assert_eq!(judge(text).evidence, want, "{text}");
    }
}

#[test]
fn i9_hostile_text_is_bounded() {
    for text in [
        "a ".repeat(1 << 20),
        "\u{ff21}".repeat(1 << 18),
        "mailbox ".repeat(1 << 17),
        "550-".repeat(1 << 18),
    ] {
        let v = judge(&text);
        assert!(v.evidence.len() <= 120 && v.confidence <= 1.0);
    }
}

proptest::proptest! {
    #[test]
    fn i9_no_text_panics(text in ".{0,200}", code in 0u16..999) {
        let v = Judge::new().judge(&Reply { text: &text, smtp_code: Some(code), context: &text, ..Reply::default() });
        proptest::prop_assert!((0.0..=1.0).contains(&v.confidence));
    }
}

/// The labelled replies that come with the program, and how many of the verdicts of each
/// confidence have the right category. The rules were written without them.
#[test]
fn c3_rules_are_as_sure_as_labelled_replies_show() {
    let labels = model::shipped_labels().labels;
    let judge = Judge::new();
    let mut tiers: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
    for label in &labels {
        let verdict = judge.judge(&Reply {
            smtp_code: label.smtp_code,
            text: &label.text,
            ..Reply::default()
        });
        if !matches!(verdict.decided_by, DecidedBy::Rule(_)) {
            continue;
        }
        let percent = (verdict.confidence * 100.0).round() as u32;
        let tier = tiers.entry(percent).or_default();
        tier.0 += 1;
        tier.1 += u32::from(verdict.reason.category() == label.reason.category());
    }
    let many: Vec<_> = tiers.into_iter().filter(|(_, (n, _))| *n >= 100).collect();
    assert!(many.len() >= 3, "{many:?}");
    for (percent, (n, right)) in many {
        let share = 100 * right / n;
        let off = i64::from(share) - i64::from(percent);
        assert!((-2..=8).contains(&off), "{percent}: {right} of {n}");
    }
}

/// A model that has one opinion.
struct Opinion(Reason, f64);

impl Model for Opinion {
    fn guess(&self, _: Option<u16>, _: &str) -> Option<(Reason, f64)> {
        Some((self.0, self.1))
    }
}

/// Servers put 5.1.1 on anything: where the words seem to say something else, a dead
/// address is held; where they say nothing, the code stands.
#[test]
fn c6_a_code_of_a_dead_address_beside_other_words_is_held() {
    for (text, opinion, held) in [
        (
            "550 5.1.1 xyzzy plugh",
            Opinion(Reason::SpamDetected, 0.5),
            true,
        ),
        (
            "550 5.1.1 xyzzy plugh",
            Opinion(Reason::SpamDetected, 0.3),
            false,
        ),
        (
            "550 5.1.1 xyzzy plugh",
            Opinion(Reason::HostUnknown, 0.9),
            false,
        ),
        ("550 5.1.1", Opinion(Reason::SpamDetected, 0.9), false),
    ] {
        let about = format!("{text} beside {:?} {}", opinion.0, opinion.1);
        let judge = Judge::new().with_model(Box::new(opinion));
        let v = judge.judge(&Reply {
            text,
            ..Reply::default()
        });
        assert_eq!(v.reason, Reason::UserUnknown, "{about}");
        assert_eq!(v.confidence < 0.70, held, "{about}: {}", v.confidence);
    }
}
