//! Out-of-office, templates, warm-up, review.

use super::*;

#[test]
fn s3_warm_up_bounces_pause_their_mailbox() {
    let warm = |id: &str, day: &str, reason: &str| {
        let event = at(id, day, "s@a.example", &format!("u{id}@b.example"), reason);
        with(event, |e| e.stream = Stream::Warmup)
    };
    let story = Story::of(vec![
        warm("1", DAY, "userunknown"),
        warm("2", "2026-11-03T10:00:00Z", "blocked"),
        warm("3", DAY, "blocked"),
    ]);
    let line = "s@a.example,3,2026-11-03T10:00:00Z,blocked;userunknown";
    assert_eq!(story.list("warmup-pause", 4), [line]);
    assert!(story.list("retry", 1).is_empty());
}

#[test]
fn t2_an_automatic_answer_says_when_to_go_on() {
    let answer = |id: &str, moment: &str, day: Option<&str>| {
        let event = event(
            Kind::AutoReply,
            &format!("{id} {moment} s@a.example u@b.example"),
        );
        with(event, |e| e.returns_on = day.map(str::to_owned))
    };
    let old = answer("1", "2026-11-02T10:00:00Z", Some("2026-11-09"));
    let new = answer("2", "2026-11-20T10:00:00Z", Some("2026-11-28"));
    let none = answer("3", "2026-11-21T10:00:00Z", None);
    for (events, row, status) in [
        (vec![old.clone()], "2026-11-09,2026-11-09", "unverified"),
        (
            vec![new.clone(), old.clone()],
            "2026-11-28,2026-11-30",
            "out_of_office",
        ),
        (vec![none, new, old], ",", "out_of_office"),
    ] {
        let story = Story::of(events);
        assert_eq!(
            story.list("out-of-office", 4),
            [format!("u@b.example,s@a.example,{row}")]
        );
        assert_eq!(
            story.list("contacts", 3),
            [format!("u@b.example,,{status}")]
        );
    }
}

#[test]
fn s6_templates_are_counted_by_subject_and_campaign() {
    let refused = |id: &str, moment: &str, subject: &str, mailbox: &str| {
        let event = at(
            id,
            moment,
            mailbox,
            &format!("u{id}@b.example"),
            "spamdetected",
        );
        with(event, |e| {
            e.subject = Some(subject.to_owned());
            e.campaign_id = Some("autumn".to_owned());
        })
    };
    let story = Story::of(vec![
        refused(
            "1",
            "2026-11-02T10:00:00Z",
            "=cmd|' /C calc'!A0",
            "s@a.example",
        ),
        refused("2", "2026-11-04T10:00:00Z", "Hello", "t@a.example"),
        refused("3", "2026-11-03T10:00:00Z", "Hello", "s@a.example"),
    ]);
    let rows = [
        "'=cmd|' /C calc'!A0,autumn,1,s@a.example,2026-11-02T10:00:00Z,2026-11-02T10:00:00Z",
        "Hello,autumn,2,s@a.example;t@a.example,2026-11-03T10:00:00Z,2026-11-04T10:00:00Z",
    ];
    assert_eq!(story.list("templates", 6), rows);
}

#[test]
fn s6_review_has_one_row_an_address_and_one_for_each_that_is_not_named() {
    let events = vec![
        with(
            at("1", DAY, "s@a.example", "u@b.example", "userunknown"),
            |e| e.confirmed = Some(false),
        ),
        at(
            "2",
            "2026-11-03T10:00:00Z",
            "s@a.example",
            "u@b.example",
            "norelaying",
        ),
        at("3", DAY, "s@a.example", "-", "userunknown"),
        at("4", DAY, "s@a.example", "-", "userunknown"),
    ];
    let rows = [
        ",s@a.example,no_recipient",
        ",s@a.example,no_recipient",
        "u@b.example,s@a.example,unconfirmed;other",
    ];
    assert_eq!(Story::of(events).list("review", 3), rows);
}
