//! Retries and escalation.

use super::*;

/// Soft bounces of one address on these days of November.
fn soft(days: &[u32], reason: &str) -> Vec<Event> {
    let one = |(n, day): (usize, &u32)| {
        let moment = format!("2026-11-{day:02}T10:00:00Z");
        let event = at(
            &format!("a{n}"),
            &moment,
            "s@a.example",
            "u@b.example",
            reason,
        );
        with(event, |e| e.message_id = Some(format!("m{n}")))
    };
    days.iter().enumerate().map(one).collect()
}

#[test]
fn t3_the_third_strike_suppresses_but_never_globally() {
    let two = Story::of(soft(&[2, 3], "mailboxfull")).policy(TEAMS);
    assert!(two.addresses("suppression").is_empty());
    let mut events = soft(&[2, 3, 4], "mailboxfull");
    events.push(at(
        "9",
        "2026-11-04T10:10:00Z",
        "z@c.example",
        "v@b.example",
        "userunknown",
    ));
    let three = Story::of(events).policy(TEAMS).now("2026-11-04T11:00:00Z");
    let row = "u@b.example,hard_bounce,one,2026-11-04T10:00:00Z";
    assert_eq!(three.list("suppression", 4)[0], row);
    let flags = three.list("suppression", 11);
    assert!(
        flags[0].ends_with("escalated_from:soft_bounce_mailbox"),
        "{flags:?}"
    );
    assert_eq!(three.addresses("skip/t@a.example"), ["u@b.example"]);
    assert!(three.addresses("global-suppression").is_empty());
    assert!(three.addresses("retry").is_empty());
    assert_eq!(three.list("contacts", 3)[0], "u@b.example,,invalid");
}

#[test]
fn t3_content_and_reputation_never_escalate() {
    for reason in ["spamdetected", "blocked", "filtered"] {
        let story = Story::of(soft(&[2, 3, 4, 5, 6, 7, 8], reason));
        assert!(story.addresses("suppression").is_empty(), "{reason}");
        assert!(story.addresses("skip/s@a.example").is_empty(), "{reason}");
    }
}

#[test]
fn t3_strikes_that_nothing_proves_do_not_escalate_where_proof_is_asked_for() {
    let mut events = soft(&[2, 3, 4], "mailboxfull");
    events[2].proof = Proof::Sent;
    let mut story = Story::of(events);
    assert_eq!(story.addresses("suppression"), ["u@b.example"]);
    story.proof = true;
    assert!(story.addresses("suppression").is_empty());
    assert_eq!(
        story.addresses("retry"),
        Vec::<String>::new(),
        "it is over by now"
    );
}

#[test]
fn t1_next_attempts_are_counted_from_the_last_bounce() {
    let cases: [(Vec<Event>, &str, &str); 7] = [
        (
            soft(&[20], "mailboxfull"),
            "",
            "hourly,0,2026-11-20T11:00:00Z",
        ),
        (
            soft(&[19, 20], "mailboxfull"),
            "",
            "hourly,1,2026-11-20T12:00:00Z",
        ),
        (soft(&[20], "blocked"), "", "daily,0,2026-11-21T10:00:00Z"),
        // The third retry was the last one.
        (soft(&[17, 18, 19, 20], "blocked"), "", "daily,3,"),
        (
            soft(&[20], "blocked"),
            "[retry.soft_bounce_reputation]\nstrategy = 'weekly'",
            "weekly,0,2026-11-27T10:00:00Z",
        ),
        (
            soft(&[20], "blocked"),
            "[retry.soft_bounce_reputation]\nstrategy = 'never'",
            "",
        ),
        (
            soft(&[20], "blocked"),
            "[workspaces.one.retry.soft_bounce_reputation]\nstrategy = 'immediate'",
            "immediate,0,2026-11-20T10:00:00Z",
        ),
    ];
    for (events, policy, expected) in cases {
        let story = Story::of(events).policy(policy);
        let cells = story.list("retry", 6).join("");
        let cells: Vec<&str> = cells.split(',').skip(3).collect();
        assert_eq!(cells.join(","), expected, "{policy}");
    }
}

#[test]
fn t1_a_row_leaves_on_a_reset_and_seven_days_after_its_time() {
    let bounce = || soft(&[10], "mailboxfull");
    let mut reset = bounce();
    reset.push(event(
        Kind::Delivered,
        "d 2026-11-10T10:30:00Z s@a.example u@b.example",
    ));
    let mut again = reset.clone();
    again.extend(
        soft(&[11], "mailboxfull")
            .into_iter()
            .map(|e| with(e, |e| e.event_id = format!("{:0>32}", "b"))),
    );
    let mut answered = bounce();
    answered.push(event(
        Kind::AutoReply,
        "d 2026-11-10T10:30:00Z s@a.example u@b.example",
    ));
    for (events, now, expected) in [
        (bounce(), "2026-11-17T10:59:59Z", 1),
        (bounce(), "2026-11-17T11:00:00Z", 0),
        (reset, "2026-11-10T10:40:00Z", 0),
        (again, "2026-11-11T10:40:00Z", 1),
        (answered, "2026-11-10T10:40:00Z", 0),
    ] {
        let story = Story::of(events).now(now);
        let rows = story.list("retry", 5);
        assert_eq!(rows.len(), expected, "{now}");
        assert!(rows.iter().all(|r| r.ends_with(",0")), "{rows:?}");
    }
}

#[test]
fn t1_what_happens_in_the_second_of_a_reset_comes_after_it() {
    let mut events = soft(&[23], "mailboxfull");
    events.push(event(
        Kind::Delivered,
        "d 2026-11-23T10:00:00Z s@a.example u@b.example",
    ));
    let story = Story::of(events).now("2026-11-23T10:30:00Z");
    assert_eq!(story.addresses("retry"), ["u@b.example"]);
}

#[test]
fn t1_undated_bounces_are_tried_again_at_no_known_time() {
    let story = Story::of(vec![at(
        "1",
        "-",
        "s@a.example",
        "u@b.example",
        "mailboxfull",
    )]);
    let row = "u@b.example,s@a.example,soft_bounce_mailbox,hourly,0,";
    assert_eq!(story.list("retry", 6), [row]);
}
