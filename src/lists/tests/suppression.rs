//! Suppression and global suppression; how addresses leave them.

use super::*;

#[test]
fn s1_a_dead_address_is_suppressed_where_it_bounced_and_nowhere_else() {
    let story = Story::of(vec![
        at("1", DAY, "s@a.example", "u@b.example", "userunknown"),
        at("2", DAY, "z@c.example", "u@b.example", "mailboxfull"),
    ])
    .policy(TEAMS);
    let expected = ["u@b.example,hard_bounce,one"];
    assert_eq!(story.list("suppression", 3), expected);
}

#[test]
fn s1_a_complaint_is_global_at_once_and_speaks_before_a_bounce() {
    let complaint = with(
        event(
            Kind::Complaint,
            "2 2026-11-05T10:00:00Z s@a.example u@b.example",
        ),
        |e| {
            e.workspace = "one".to_owned();
        },
    );
    let bounce = at("1", DAY, "s@a.example", "u@b.example", "userunknown");
    let story = Story::of(vec![complaint, bounce]).policy(TEAMS);
    let row = "u@b.example,spam_complaint,one,2026-11-05T10:00:00Z";
    assert_eq!(story.list("suppression", 4), [row]);
    let row = "u@b.example,spam_complaint,2026-11-05T10:00:00Z,one";
    assert_eq!(story.list("global-suppression", 4), [row]);
    assert_eq!(story.list("contacts", 3), ["u@b.example,,complained"]);
}

#[test]
fn s1_a_complaint_alone_skips_nowhere() {
    let story = Story::of(vec![event(
        Kind::Complaint,
        "2 2026-11-05T10:00:00Z s@a.example u@b.example",
    )]);
    assert_eq!(story.addresses("suppression"), ["u@b.example"]);
    assert!(story.addresses("skip/s@a.example").is_empty());
}

#[test]
fn s4_two_workspaces_within_the_hour_make_it_global() {
    let first = || at("1", DAY, "s@a.example", "u@b.example", "userunknown");
    let partner = |moment: &str, who: &str| at("2", moment, "z@c.example", who, "userunknown");
    let cases = [
        (partner("2026-11-02T11:00:00Z", "v@b.example"), 2),
        (partner("2026-11-02T11:00:01Z", "v@b.example"), 0),
        (partner("2026-11-02T10:10:00Z", "v@other.example"), 0),
        (
            with(partner("2026-11-02T10:10:00Z", "v@b.example"), |e| {
                e.confirmed = Some(false)
            }),
            0,
        ),
        (
            with(partner("2026-11-02T10:10:00Z", "v@b.example"), |e| {
                e.flags = vec![Flag::Unmatched]
            }),
            0,
        ),
        (
            with(partner("2026-11-02T10:10:00Z", "v@b.example"), |e| {
                e.workspace = "one".to_owned()
            }),
            0,
        ),
    ];
    for (n, (event, expected)) in cases.into_iter().enumerate() {
        let story = Story::of(vec![first(), event]).policy(TEAMS);
        assert_eq!(
            story.addresses("global-suppression").len(),
            expected,
            "case {n}"
        );
    }
    let story = Story::of(vec![
        first(),
        partner("2026-11-02T10:10:00Z", "v@b.example"),
    ])
    .policy(TEAMS);
    let rows = [
        "u@b.example,hard_bounce,2026-11-02T10:00:00Z,one;two",
        "v@b.example,hard_bounce,2026-11-02T10:10:00Z,one;two",
    ];
    assert_eq!(story.list("global-suppression", 4), rows);
}

#[test]
fn s4_proof_that_is_asked_for_is_asked_of_both() {
    let events = vec![
        with(
            at("1", DAY, "s@a.example", "u@b.example", "userunknown"),
            |e| e.proof = Proof::Sent,
        ),
        at("2", DAY, "z@c.example", "v@b.example", "userunknown"),
    ];
    let mut story = Story::of(events).policy(TEAMS);
    assert_eq!(story.addresses("global-suppression").len(), 2);
    story.proof = true;
    assert!(story.addresses("global-suppression").is_empty());
}

#[test]
fn s5_what_was_before_a_reverification_no_longer_counts_and_a_later_bounce_is_a_repeat() {
    let reverify = || What::Reverify {
        address: "u@b.example".to_owned(),
    };
    let first = || at("1", DAY, "s@a.example", "u@b.example", "userunknown");
    let again = || {
        at(
            "2",
            "2026-11-09T10:00:00Z",
            "s@a.example",
            "u@b.example",
            "userunknown",
        )
    };
    let story = Story::of(vec![first()]).act("2026-11-05T00:00:00Z", reverify());
    assert!(story.addresses("suppression").is_empty());
    assert!(story.addresses("skip/s@a.example").is_empty());
    assert_eq!(
        story.list("contacts", 5),
        ["u@b.example,,unverified,2026-11-05T00:00:00Z,reverified"]
    );
    let story = Story::of(vec![first(), again()]).act("2026-11-05T00:00:00Z", reverify());
    let row = "u@b.example,hard_bounce,one,2026-11-09T10:00:00Z,s@a.example,,,no such user";
    assert_eq!(story.list("suppression", 8), [row]);
    let repeat = |s: &Story| s.list("suppression", 10)[0].ends_with(",true");
    assert!(repeat(&story));
    assert!(!repeat(&Story::of(vec![first(), again()])));
}

#[test]
fn s5_a_complaint_is_taken_back_by_hand_only() {
    let complaint = || {
        vec![event(
            Kind::Complaint,
            "1 2026-11-02T10:00:00Z s@a.example u@b.example",
        )]
    };
    let address = || "u@b.example".to_owned();
    let domain = What::RemoveDomain {
        domain: "b.example".to_owned(),
        since: seconds("2026-11-01T00:00:00Z"),
        until: seconds("2026-11-04T00:00:00Z"),
    };
    for (what, expected) in [
        (What::Reverify { address: address() }, 1),
        (domain, 1),
        (What::Remove { address: address() }, 0),
    ] {
        let story = Story::of(complaint()).act("2026-11-05T00:00:00Z", what.clone());
        assert_eq!(story.addresses("suppression").len(), expected, "{what:?}");
    }
}

/// Ten addresses of one domain, dead within ten minutes, and one more a day before.
fn burst() -> Vec<Event> {
    let mut events: Vec<Event> = (0..10)
        .map(|n| {
            at(
                &format!("c{n}"),
                &format!("2026-11-02T10:0{n}:00Z"),
                "s@a.example",
                &format!("u{n}@b.example"),
                "userunknown",
            )
        })
        .collect();
    events.push(at(
        "d",
        "2026-11-01T09:00:00Z",
        "s@a.example",
        "before@b.example",
        "userunknown",
    ));
    events.push(at(
        "e",
        "2026-11-02T10:05:00Z",
        "z@c.example",
        "z@other.example",
        "userunknown",
    ));
    events
}

#[test]
fn s10_a_burst_is_suppressed_marked_in_review_and_never_global() {
    let mut events = burst();
    events.push(at(
        "f",
        "2026-11-02T10:05:00Z",
        "z@c.example",
        "w@b.example",
        "userunknown",
    ));
    let mut story = Story::of(events).policy(TEAMS);
    story.sent = Some(30);
    let marked = |s: &Story| {
        s.list("suppression", 11)
            .iter()
            .filter(|r| r.ends_with("domain_cluster"))
            .count()
    };
    assert_eq!(marked(&story), 11);
    let review = story.list("review", 3);
    assert_eq!(review.len(), 11);
    assert!(
        review.iter().all(|r| r.ends_with(",domain_cluster")),
        "{review:?}"
    );
    assert!(story.addresses("global-suppression").is_empty());
    assert_eq!(story.addresses("skip/t@a.example").len(), 11);
    story.sent = Some(1000);
    assert_eq!(marked(&story), 0);
    assert_eq!(story.addresses("global-suppression").len(), 11);
}

#[test]
fn s10_removing_the_domain_takes_off_exactly_the_burst() {
    let what = What::RemoveDomain {
        domain: "b.example".to_owned(),
        since: seconds("2026-11-02T10:00:00Z"),
        until: seconds("2026-11-02T10:10:00Z"),
    };
    let story = Story::of(burst())
        .policy(TEAMS)
        .act("2026-11-03T00:00:00Z", what);
    assert_eq!(
        story.addresses("suppression"),
        ["before@b.example", "z@other.example"]
    );
    assert_eq!(story.addresses("skip/t@a.example"), ["before@b.example"]);
    assert!(story.addresses("review").is_empty());
}

#[test]
fn s5_what_takes_an_import_back() {
    let import = |complaint| What::Import {
        address: "u@b.example".to_owned(),
        workspace: "one".to_owned(),
        complaint,
    };
    let address = || "u@b.example".to_owned();
    let reverify = || What::Reverify { address: address() };
    let remove = || What::Remove { address: address() };
    let cases = [
        (false, reverify(), "2026-11-06T00:00:00Z", 0),
        (false, reverify(), "2026-11-04T00:00:00Z", 1),
        (true, reverify(), "2026-11-06T00:00:00Z", 1),
        (true, remove(), "2026-11-06T00:00:00Z", 0),
        (false, remove(), "2026-11-04T00:00:00Z", 1),
    ];
    for (complaint, what, at, expected) in cases {
        let story = Story::of(vec![])
            .policy(TEAMS)
            .act("2026-11-05T00:00:00Z", import(complaint))
            .act(at, what.clone());
        let rows = story.addresses("suppression");
        assert_eq!(rows.len(), expected, "{complaint} {what:?} {at}");
        let skipped = usize::from(!complaint) * expected;
        assert_eq!(story.addresses("skip/t@a.example").len(), skipped);
        assert_eq!(
            story.addresses("global-suppression").len(),
            expected - skipped
        );
        assert!(story.addresses("skip/z@c.example").is_empty());
    }
}
