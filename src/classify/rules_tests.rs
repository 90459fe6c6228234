//! The built-in rules: each wins what it should, none is dead or out of place.

use super::gate::Strength;
use super::tests::judge;
use super::*;
use crate::vocab::Category;
use std::collections::BTreeSet;

#[test]
fn c2_every_rule_wins_its_example() {
    let mut wrong = Vec::new();
    for rule in Rules::built_in().iter() {
        if rule.example.is_empty() {
            wrong.push(format!("{} has no example", rule.id));
            continue;
        }
        let won = judge(&rule.example).decided_by;
        if won != DecidedBy::Rule(rule.id.clone()) {
            wrong.push(format!("{}: won by {won:?}: {}", rule.id, rule.example));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}\n{}",
        wrong.len(),
        Rules::built_in().len(),
        wrong.join("\n")
    );
}

#[test]
fn c2_examples_get_the_reason_of_their_rule() {
    for rule in Rules::built_in().iter() {
        assert_eq!(judge(&rule.example).reason, rule.reason, "{}", rule.id);
    }
}

/// An example shows one phrase of its rule; this shows that the others are not dead.
#[test]
fn c2_no_phrase_is_shadowed_by_another_category() {
    let mut wrong = Vec::new();
    for rule in Rules::built_in().iter() {
        for text in rule.samples() {
            let v = judge(&text);
            if v.reason.category() != rule.reason.category() {
                wrong.push(format!("{} by {:?}: {text}", rule.id, v.decided_by));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn c2_rules_stand_in_the_order_of_the_cascade() {
    let mut last = Tier::ProviderText;
    for rule in Rules::built_in().iter() {
        assert!(rule.tier() >= last, "{} stands too late", rule.id);
        last = rule.tier();
    }
}

#[test]
fn c2_vague_rules_stand_last() {
    let mut vague = None;
    for rule in Rules::built_in().iter() {
        match (rule.strength(), &vague) {
            (Strength::Plain, Some(id)) => panic!("{} stands behind the vague {id}", rule.id),
            (Strength::Plain, None) => {}
            _ => vague = Some(rule.id.clone()),
        }
    }
}

#[test]
fn c5_every_reason_of_a_reply_is_exercised() {
    let said: BTreeSet<Reason> = Rules::built_in().iter().map(|r| r.reason).collect();
    for &reason in Reason::ALL {
        // Not decided by a reply: these are kinds of notification.
        let kind = matches!(
            reason,
            Reason::Vacation | Reason::Feedback | Reason::Delivered
        );
        assert_eq!(said.contains(&reason), !kind, "{reason}");
    }
}

#[test]
fn c2_replies_from_the_field() {
    let mut wrong = Vec::new();
    for line in include_str!("replies.tsv").lines() {
        let Some((want, text)) = line.split_once('\t') else {
            assert!(line.starts_with('#'), "{line}");
            continue;
        };
        let v = judge(text);
        let category = v.reason.category().map_or("-", Category::as_str);
        if !want.split('|').any(|w| w == category) {
            wrong.push(format!("{want}, not {v:?}: {text}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What servers write around a reply must not change what it means.
#[test]
fn c2_wrapped_replies_mean_the_same() {
    let mut wrong = Vec::new();
    for wrapper in [
        "host mx.example.com[192.0.2.1] said: {} (in reply to RCPT TO command)",
        "192.0.2.1 does not like recipient.\nRemote host said: {}\nGiving up on 192.0.2.1.",
        "SMTP error from remote mail server after RCPT TO:<user@example.com>: host mx.example.com [192.0.2.1]: {}",
    ] {
        for line in include_str!("replies.tsv").lines() {
            // Only what a server said: with a code.
            let Some((_, text)) = line.split_once("\t5").or(line.split_once("\t4")) else {
                continue;
            };
            let text = &line[line.len() - text.len() - 1..];
            let (bare, wrapped) = (judge(text), judge(&wrapper.replace("{}", text)));
            if bare.reason.category() != wrapped.reason.category() {
                wrong.push(format!("{bare:?}\n{wrapped:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// What mail servers write around every failure is no cause.
#[test]
fn c2_the_prose_of_mail_servers_is_no_cause() {
    let judge = Judge::new();
    for context in [
        "This is the mail system at host mx.example.com. I'm sorry to have to inform you that your message could not be delivered to one or more recipients. It's attached below. For further assistance, please send mail to postmaster. You can delete your own text from the attached returned message.",
        "This message was created automatically by mail delivery software. A message that you sent could not be delivered to one or more of its recipients. This is a permanent error. The following address(es) failed:",
        "Hi. This is the qmail-send program at mx.example.com. I'm afraid I wasn't able to deliver your message to the following addresses. This is a permanent error; I've given up. Sorry it didn't work out.",
        "The original message was received from localhost [127.0.0.1] ----- The following addresses had permanent fatal errors ----- <user@example.com> ----- Transcript of session follows -----",
        "Your message did not reach some or all of the intended recipients. The following recipient(s) could not be reached: user@example.com",
        "Delivery has failed to these recipients or groups: user@example.com Your message wasn't delivered. If the problem continues, contact your help desk. Diagnostic information for administrators: Generating server: mx.example.com",
        "Note: this email was sent from a notification-only address that cannot accept incoming email. Please do not reply to this message.",
        "The message will not be retried. No further action is required on your part. Some addresses in the original message may have been delivered.",
        "This e-mail may contain confidential information, is virus free and has been scanned for spam. Unsubscribe here.",
        "Ihre Nachricht konnte nicht zugestellt werden. Der Mailserver hat folgende Antwort gegeben:",
        "Votre message n'a pas pu \u{ea}tre remis aux destinataires suivants:",
        "No se pudo entregar su mensaje a los siguientes destinatarios:",
        "\u{6b21}\u{306e}\u{5b9b}\u{5148}\u{3078}\u{306e}\u{914d}\u{4fe1}\u{306b}\u{5931}\u{6557}\u{3057}\u{307e}\u{3057}\u{305f}\u{3002}",
    ] {
        let v = judge.judge(&Reply {
            context,
            ..Reply::default()
        });
        assert_eq!(v.decided_by, DecidedBy::Structure, "{context}: {v:?}");
    }
}
