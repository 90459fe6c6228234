//! Which mail of ours an event answers (E2, E3, S8, S9), whatever the order of the log.

use super::*;
use crate::event::join::{Joining, join};
use crate::event::{Event, Flag, Proof};
use crate::policy::Policy;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::borrow::Cow;

/// A hard bounce of `u@x.example`, with changes.
fn event(changes: &Value) -> Event {
    let mut all = json!({
        "schema": 1, "event_id": "00", "event_type": "bounce.hard", "kind": "failed",
        "occurred_at": "2026-11-10T12:00:00Z", "classified_at": "2026-11-24T00:00:00Z",
        "workspace": "default", "mailbox": "s1@a.example", "stream": "campaign",
        "recipient": "u@x.example", "recipient_domain": "x.example", "category": "hard_bounce",
        "reason": "userunknown", "fault": "recipient", "confidence": 0.98, "held": false,
        "confirmed": true, "decided_by": "rule:x", "retry_strategy": "never", "proof": "none",
        "message_id": "m@a", "subject": "Hi", "format": "rfc3464",
        "origin": {"file": "x.mbox", "index": 0},
    });
    for (key, value) in changes.as_object().unwrap() {
        match value.is_null() {
            true => drop(all.as_object_mut().unwrap().remove(key)),
            false => all[key] = value.clone(),
        }
    }
    serde_json::from_value(all).unwrap()
}

/// `sent_at mailbox recipient campaign message-id`, `-` for what is absent.
fn row(text: &str) -> Row<'_> {
    let cells: Vec<Option<Cow<'_, str>>> = text
        .split(' ')
        .map(|cell| (cell != "-").then_some(Cow::Borrowed(cell)))
        .collect();
    let at = cells[0].as_deref();
    Row {
        sent_at: at
            .map(|t| crate::time::parse_moment(t, &TimeZone::UTC, Timestamp::UNIX_EPOCH).unwrap()),
        resolution: if at.is_some_and(|t| t.len() == 10) {
            Resolution::Day
        } else {
            Resolution::Second
        },
        mailbox: cells[1].clone(),
        recipient: cells[2].clone(),
        campaign: cells[3].clone(),
        message_id: cells[4].clone(),
        count: 1,
        ..Row::default()
    }
}

/// Joins events with rows; both orders of the rows must give the same.
fn joined(events: &[Event], rows: &[Row<'_>], policy: &str) -> Vec<Event> {
    let policy = Policy::parse(policy, "bounce.toml").unwrap();
    let joining = Joining {
        policy: &policy,
        now: "2026-11-24T00:00:00Z".parse().unwrap(),
        mailbox: None,
        workspace: None,
    };
    let mut builder = Builder::new(&policy.matching);
    events.iter().for_each(|e| builder.add(Wanted::of(e)));
    let index = builder.build();
    let look = |rows: &mut dyn Iterator<Item = &Row<'_>>| {
        let mut all = Matches::default();
        for row in rows {
            let mut one = Matches::default();
            index.look(row, &mut one);
            all.merge(one);
        }
        all
    };
    let found = look(&mut rows.iter());
    assert_eq!(found, look(&mut rows.iter().rev()));
    let mut out = events.to_vec();
    for event in &mut out {
        let answer = index.find(event, &found);
        join(event, answer, &joining);
    }
    out
}

/// `recipient final mailbox campaign proof flags` of what joining gives.
fn told(changes: &Value, rows: &[&str]) -> String {
    let rows: Vec<Row<'_>> = rows.iter().map(|r| row(r)).collect();
    let all = joined(&[event(changes)], &rows, "");
    summary(&all[0])
}

fn summary(event: &Event) -> String {
    let of = |o: &Option<String>| o.clone().unwrap_or("-".to_owned());
    let flags: Vec<&str> = event.flags.iter().map(|f| f.as_str()).collect();
    format!(
        "{} {} {} {} {} {}",
        of(&event.recipient),
        of(&event.final_recipient),
        of(&event.mailbox),
        of(&event.campaign_id),
        event.proof,
        flags.join(",")
    )
    .trim_end()
    .to_owned()
}

#[test]
fn s8_a_bounce_answers_what_was_sent() {
    let mail = json!({});
    let bare = json!({"message_id": null, "subject": null});
    for (name, changes, rows, expected) in [
        (
            "by message-id, of whatever age",
            &mail,
            &["2026-09-01T08:00:00Z s1@a.example U@x.example c1 m@a"][..],
            "u@x.example - s1@a.example c1 sent",
        ),
        (
            "by message-id before address",
            &mail,
            &[
                "2026-11-10T08:00:00Z s1@a.example u@x.example c2 n@a",
                "2026-11-09T08:00:00Z s1@a.example u@x.example c1 m@a",
            ],
            "u@x.example - s1@a.example c1 sent",
        ),
        (
            "the sent log knows the mailbox better than From does",
            &mail,
            &["2026-11-10T08:00:00Z s2@a.example u@x.example c1 m@a"],
            "u@x.example - s2@a.example c1 sent",
        ),
        (
            "by mailbox and address, the last mail before the bounce",
            &bare,
            &[
                "2026-11-03T08:00:00Z s1@a.example u@x.example c1 k@a",
                "2026-11-09T08:00:00Z s1@a.example u@x.example c2 l@a",
                "2026-11-11T08:00:00Z s1@a.example u@x.example c3 n@a",
            ],
            "u@x.example - s1@a.example c2 sent",
        ),
        (
            "at the same moment, the smaller campaign",
            &bare,
            &[
                "2026-11-09T08:00:00Z s1@a.example u@x.example c2 k@a",
                "2026-11-09T08:00:00Z s1@a.example u@x.example c1 l@a",
            ],
            "u@x.example - s1@a.example c1 sent",
        ),
        (
            "a message-id that the log does not have",
            &mail,
            &["2026-11-09T08:00:00Z s1@a.example u@x.example c1 other@a"],
            "u@x.example - s1@a.example c1 sent",
        ),
        (
            "14 days, inclusive",
            &bare,
            &["2026-10-27T12:00:00Z s1@a.example u@x.example c1 -"],
            "u@x.example - s1@a.example c1 sent",
        ),
        (
            "a second more",
            &bare,
            &["2026-10-27T11:59:59Z s1@a.example u@x.example c1 -"],
            "u@x.example - s1@a.example - none unmatched",
        ),
        (
            "of a log of days, the whole day counts",
            &bare,
            &["2026-10-27 s1@a.example u@x.example c1 -"],
            "u@x.example - s1@a.example c1 sent",
        ),
        (
            "sent after the bounce",
            &bare,
            &["2026-11-10T12:06:00Z s1@a.example u@x.example c1 -"],
            "u@x.example - s1@a.example - none unmatched",
        ),
        (
            "logged a moment after the bounce",
            &bare,
            &["2026-11-10T12:00:02Z s1@a.example u@x.example c1 -"],
            "u@x.example - s1@a.example c1 sent",
        ),
        (
            "a log without times and mailboxes",
            &bare,
            &["- - u@x.example c1 -"],
            "u@x.example - s1@a.example c1 sent",
        ),
        (
            "a returned message from a mailbox that had not mailed to it",
            &json!({"message_id": null}),
            &["2026-11-09T08:00:00Z s2@a.example u@x.example c1 -"],
            "u@x.example - s1@a.example - none unmatched",
        ),
        (
            "nothing returned, delivered to a mailbox that had mailed others",
            &bare,
            &[
                "2026-11-09T08:00:00Z s2@a.example u@x.example c1 -",
                "2026-11-09T08:00:00Z s1@a.example v@x.example c1 -",
            ],
            "u@x.example - s1@a.example - none unmatched",
        ),
        (
            "nothing returned, delivered to a mailbox that collects bounces",
            &json!({"message_id": null, "subject": null, "mailbox": "bounces@a.example"}),
            &["2026-11-09T08:00:00Z s2@a.example u@x.example c1 -"],
            "u@x.example - s2@a.example c1 sent",
        ),
        (
            "no mailbox at all",
            &json!({"message_id": null, "subject": null, "mailbox": null}),
            &["2026-11-09T08:00:00Z s2@a.example u@x.example c1 -"],
            "u@x.example - s2@a.example c1 sent",
        ),
        (
            "the column of an export goes before the log",
            &json!({"format": "csv:smartlead", "mailbox": "me@a.example"}),
            &["2026-11-09T08:00:00Z s1@a.example u@x.example c1 m@a"],
            "u@x.example - me@a.example c1 sent",
        ),
        (
            "the event's own campaign goes before that of the log",
            &json!({"campaign_id": "own"}),
            &["2026-11-09T08:00:00Z s1@a.example u@x.example c1 m@a"],
            "u@x.example - s1@a.example own sent",
        ),
        (
            "an undated bounce was at the latest when it was read",
            &json!({"message_id": null, "subject": null, "occurred_at": null}),
            &["2026-11-20T08:00:00Z s1@a.example u@x.example c1 -"],
            "u@x.example - s1@a.example c1 sent",
        ),
        (
            "nothing was sent to it",
            &mail,
            &["2026-11-09T08:00:00Z s2@a.example v@x.example c1 k@a"],
            "u@x.example - s1@a.example - none unmatched",
        ),
        (
            "nothing was sent to it, but the mailbox is ours",
            &mail,
            &["2026-11-09T08:00:00Z s1@a.example v@x.example c1 k@a"],
            "u@x.example - s1@a.example - returned unmatched",
        ),
        (
            "the log is empty",
            &mail,
            &[],
            "u@x.example - s1@a.example - none unmatched",
        ),
        (
            "Amazon's message-ids are logged without their domain",
            &json!({"message_id": "0100-x@eu-west-1.amazonses.com"}),
            &["2026-09-09T08:00:00Z s1@a.example u@x.example c1 0100-x"],
            "u@x.example - s1@a.example c1 sent",
        ),
    ] {
        assert_eq!(told(changes, rows), expected, "{name}");
    }
}

#[test]
fn e2_a_forwarded_mail_is_that_of_the_address_on_the_list() {
    let to_list = "2026-11-09T08:00:00Z s1@a.example lena@y.example c1 m@a";
    for (name, changes, rows, expected) in [
        (
            "the log beats the address that failed",
            json!({}),
            &[to_list][..],
            "lena@y.example u@x.example s1@a.example c1 sent",
        ),
        (
            "and what the report calls original",
            json!({"recipient": "alias@y.example", "final_recipient": "u@x.example"}),
            &[to_list],
            "lena@y.example u@x.example s1@a.example c1 sent",
        ),
        (
            "it was mailed to the address that failed",
            json!({"recipient": "alias@y.example", "final_recipient": "LENA@y.example"}),
            &[to_list],
            "lena@y.example - s1@a.example c1 sent",
        ),
        (
            "a report that names nobody",
            json!({"recipient": null, "recipient_domain": null, "held": true, "event_type": "bounce.soft"}),
            &[to_list],
            "lena@y.example - s1@a.example c1 sent",
        ),
        (
            "a message that went to several: nobody knows who forwarded it",
            json!({}),
            &[
                to_list,
                "2026-11-09T08:00:00Z s1@a.example other@y.example c1 m@a",
            ],
            "u@x.example - s1@a.example - returned unmatched",
        ),
    ] {
        assert_eq!(told(&changes, rows), expected, "{name}");
    }
}

#[test]
fn s8_a_borrowed_message_id_silences_nobody_else() {
    let own = "2026-11-09T08:00:00Z s1@a.example thief@y.example c1 m@a";
    let victims = "2026-11-09T08:00:00Z s1@a.example u@x.example c1 n@a";
    // The victim was mailed to: neither it nor the thief is believed.
    assert_eq!(
        told(&json!({}), &[own, victims]),
        "u@x.example - s1@a.example - returned unmatched"
    );
    // It was mailed to long ago: what is silenced is the address of the thief.
    let long_ago = "2026-09-09T08:00:00Z s1@a.example u@x.example c1 n@a";
    assert_eq!(
        told(&json!({}), &[own, long_ago]),
        "thief@y.example u@x.example s1@a.example c1 sent"
    );
    // A report of several recipients does not say which of them forwarded the mail.
    let victim = |name: &str| event(&json!({"recipient": format!("{name}@x.example")}));
    let rows = [row(own)];
    for joined in joined(&[victim("u"), victim("v")], &rows, "") {
        assert_eq!(joined.flags, [Flag::Unmatched], "{joined:?}");
        assert_eq!(joined.proof, Proof::Returned);
    }
    // Two reports of one recipient each do.
    let other =
        event(&json!({"origin": {"file": "x.mbox", "index": 1}, "recipient": "v@x.example"}));
    for joined in joined(&[victim("u"), other], &rows, "") {
        assert_eq!(joined.recipient.as_deref(), Some("thief@y.example"));
        assert_eq!(joined.proof, Proof::Sent);
    }
}

#[test]
fn e2_a_verp_tag_of_ours_goes_before_the_log() {
    let tagged = Event {
        tagged: true,
        ..event(&json!({}))
    };
    let rows = [row(
        "2026-11-09T08:00:00Z s1@a.example lena@y.example c1 m@a",
    )];
    let all = joined(&[tagged], &rows, "");
    assert_eq!(
        summary(&all[0]),
        "u@x.example - s1@a.example - returned unmatched"
    );
}

#[test]
fn s8_only_failures_and_complaints_are_unmatched() {
    for (kind, expected) in [
        ("failed", "u@x.example - s1@a.example - none unmatched"),
        ("complaint", "u@x.example - s1@a.example - none unmatched"),
        ("delayed", "u@x.example - s1@a.example - none"),
        ("delivered", "u@x.example - s1@a.example - none"),
        ("auto_reply", "u@x.example - s1@a.example - none"),
    ] {
        assert_eq!(told(&json!({"kind": kind}), &[]), expected, "{kind}");
    }
}

#[test]
fn s8_counts_and_broken_logs_leave_nothing_unmatched() {
    let day = Row {
        count: 40,
        mailbox: Some("s1@a.example".into()),
        ..Row::default()
    };
    let with_days = joined(&[event(&json!({}))], &[day], "");
    assert_eq!(
        summary(&with_days[0]),
        "u@x.example - s1@a.example - returned"
    );
    let mut broken = Matches::default();
    broken.broken();
    let mut read = Matches::default();
    read.merge(broken);
    assert!(!read.is_complete());
}

#[test]
fn s8_a_later_log_can_still_match() {
    let rows = ["2026-11-09T08:00:00Z s1@a.example u@x.example c1 m@a"];
    let late = ["2026-10-09T08:00:00Z s1@a.example u@x.example c1 m@a"];
    for (name, changes, rows, expected) in [
        (
            "left unmatched yesterday",
            json!({"flags": ["role_account", "unmatched", "mass_report"], "proof": "returned"}),
            &rows[..],
            "u@x.example - s1@a.example c1 sent role_account,mass_report",
        ),
        (
            "still unmatched",
            json!({"flags": ["unmatched"]}),
            &[],
            "u@x.example - s1@a.example - none unmatched",
        ),
        (
            "30 days, inclusive",
            json!({"flags": ["unmatched"], "occurred_at": "2026-10-25T00:00:00Z"}),
            &late,
            "u@x.example - s1@a.example c1 sent",
        ),
        (
            "later than that",
            json!({"flags": ["unmatched"], "occurred_at": "2026-10-24T23:59:59Z"}),
            &late,
            "u@x.example - s1@a.example - none unmatched",
        ),
        (
            "what an earlier log has proved stays so",
            json!({"proof": "sent", "campaign_id": "c0"}),
            &[],
            "u@x.example - s1@a.example c0 sent",
        ),
    ] {
        assert_eq!(told(&changes, rows), expected, "{name}");
    }
}

#[test]
fn e2_what_follows_from_the_recipient_follows_that_of_the_log() {
    let held = json!({
        "recipient": null, "recipient_domain": null, "held": true, "confirmed": false,
        "event_type": "bounce.soft",
    });
    let rows = [row(
        "2026-11-09T08:00:00Z s1@a.example info@gmial.com c1 m@a",
    )];
    let joined = &joined(&[event(&held)], &rows, "")[0];
    assert_eq!(joined.recipient_domain.as_deref(), Some("gmial.com"));
    assert_eq!(
        joined.suggested_recipient.as_deref(),
        Some("info@gmail.com")
    );
    assert_eq!(joined.flags, [Flag::RoleAccount, Flag::TypoDomain]);
    assert_eq!(
        (joined.held, joined.event_type.as_str()),
        (Some(false), "bounce.hard")
    );
    assert_eq!(joined.event_id, "00");
}

#[test]
fn e3_what_the_report_lacks_comes_from_the_log() {
    let full = Row {
        step: Some("2".into()),
        contact: Some("k7".into()),
        stream: Some(crate::event::Stream::Warmup),
        ..row("2026-11-09T08:00:00Z s1@a.example u@x.example c1 m@a")
    };
    let bare = json!({"message_id": null, "subject": null});
    let joined = &joined(&[event(&bare)], &[full], "")[0];
    assert_eq!(joined.sequence_step_id.as_deref(), Some("2"));
    assert_eq!(joined.contact_id.as_deref(), Some("k7"));
    assert_eq!(joined.message_id.as_deref(), Some("m@a"));
    assert_eq!(joined.stream.as_str(), "warmup");
}

#[test]
fn e2_another_mailbox_may_be_in_another_workspace() {
    let policy = "[workspaces.blue]\nmailboxes = [\"s2@a.example\"]\n\
        [workspaces.blue.retry.hard_bounce]\nstrategy = \"weekly\"\n";
    let rows = [row("2026-11-09T08:00:00Z s2@a.example u@x.example c1 m@a")];
    let joined = &joined(&[event(&json!({}))], &rows, policy)[0];
    assert_eq!(joined.workspace, "blue");
    assert_eq!(joined.retry_strategy.map(|r| r.as_str()), Some("weekly"));
}
