//! Skip lists.

use super::*;

#[test]
fn s2_a_confirmed_hard_bounce_is_skipped_by_the_whole_workspace_and_by_no_other() {
    let event = with(
        at("1", DAY, "s@a.example", "U@B.example", "userunknown"),
        |e| {
            e.smtp_code = Some(550);
            e.enhanced_code = Some("5.1.1".to_owned());
        },
    );
    let story = Story::of(vec![event]).policy(TEAMS);
    let own =
        "u@b.example,Bounced — see Inbox: 550 5.1.1 no such user,s@a.example,2026-11-02T10:00:00Z";
    let other =
        "u@b.example,Bounced — see Inbox: bounced in s@a.example,s@a.example,2026-11-02T10:00:00Z";
    assert_eq!(story.list("skip/s@a.example", 4), [own]);
    assert_eq!(story.list("skip/t@a.example", 4), [other]);
    assert!(story.list("skip/z@c.example", 4).is_empty());
    let row = "u@b.example,hard_bounce,one,2026-11-02T10:00:00Z,s@a.example,550,5.1.1,no such user";
    assert_eq!(story.list("suppression", 8), [row]);
    assert!(story.list("global-suppression", 1).is_empty());
}

#[test]
fn s2_the_originator_is_the_earliest() {
    let events = vec![
        at(
            "1",
            "2026-11-03T10:00:00Z",
            "s@a.example",
            "u@b.example",
            "userunknown",
        ),
        at(
            "2",
            "2026-11-02T10:00:00Z",
            "t@a.example",
            "u@b.example",
            "userunknown",
        ),
        at("3", "-", "s@a.example", "u@b.example", "userunknown"),
    ];
    let story = Story::of(events).policy(TEAMS);
    let line = "u@b.example,Bounced — see Inbox: bounced in t@a.example";
    assert_eq!(story.list("skip/s@a.example", 2), [line]);
    assert_eq!(
        story.list("suppression", 5),
        ["u@b.example,hard_bounce,one,2026-11-02T10:00:00Z,t@a.example"]
    );
}

#[test]
fn s3_what_does_not_fan_out() {
    let base = || at("1", DAY, "s@a.example", "u@b.example", "userunknown");
    let cases = [
        (
            "sender",
            at("1", DAY, "s@a.example", "u@b.example", "ownnetwork"),
            "",
            "other",
        ),
        (
            "no signal",
            at("1", DAY, "s@a.example", "u@b.example", "undefined"),
            "",
            "other",
        ),
        (
            "held",
            with(base(), |e| e.held = Some(true)),
            "",
            "low_confidence",
        ),
        (
            "unconfirmed",
            with(base(), |e| e.confirmed = Some(false)),
            "u@b.example",
            "unconfirmed",
        ),
        (
            "warm-up",
            with(base(), |e| e.stream = Stream::Warmup),
            "",
            "",
        ),
        (
            "soft",
            at("1", DAY, "s@a.example", "u@b.example", "mailboxfull"),
            "",
            "",
        ),
    ];
    for (what, event, own, why) in cases {
        let story = Story::of(vec![event]).policy(TEAMS);
        assert_eq!(story.list("skip/s@a.example", 1).join(""), own, "{what}");
        assert!(story.list("skip/t@a.example", 1).is_empty(), "{what}");
        assert!(story.list("suppression", 1).is_empty(), "{what}");
        let review = story.list("review", 3).join("");
        let expected = if why.is_empty() {
            String::new()
        } else {
            format!("u@b.example,s@a.example,{why}")
        };
        assert_eq!(review, expected, "{what}");
    }
}

#[test]
fn s2_an_unconfirmed_bounce_of_one_team_skips_no_mailbox_of_another() {
    let shared = "[workspaces.one]\nmailboxes = ['s@a.example']\n[workspaces.two]\nmailboxes = ['t@a.example']";
    let event = with(
        at("1", DAY, "s@a.example", "u@b.example", "userunknown"),
        |e| {
            e.confirmed = Some(false);
        },
    );
    let story = Story::of(vec![event]).policy(shared);
    assert_eq!(story.addresses("skip/s@a.example"), ["u@b.example"]);
    assert!(story.addresses("skip/t@a.example").is_empty());
}
