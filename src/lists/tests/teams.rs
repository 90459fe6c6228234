//! Workspaces and their mailboxes.

use super::*;

#[test]
fn s2_mailboxes_are_those_of_the_policy_else_those_seen_of_late() {
    let events = || {
        vec![
            at(
                "1",
                "2026-08-20T00:00:00Z",
                "old@a.example",
                "o@b.example",
                "userunknown",
            ),
            at(
                "2",
                "2026-11-02T10:00:00Z",
                "s@a.example",
                "u@b.example",
                "userunknown",
            ),
            at(
                "3",
                "2026-11-02T11:00:00Z",
                "T@a.example",
                "v@b.example",
                "mailboxfull",
            ),
        ]
    };
    let skips = |s: &Story| -> Vec<String> {
        let all = s.names().into_iter();
        all.filter_map(|n| n.strip_prefix("skip/").map(str::to_owned))
            .collect()
    };
    let seen = Story::of(events()).now("2026-11-24T00:00:00Z");
    assert_eq!(skips(&seen), ["s@a.example", "t@a.example"]);
    assert_eq!(
        seen.addresses("skip/t@a.example"),
        ["o@b.example", "u@b.example"]
    );
    let earlier = Story::of(events()).now("2026-11-17T00:00:00Z");
    assert_eq!(
        skips(&earlier),
        ["old@a.example", "s@a.example", "t@a.example"]
    );
    let named = Story::of(events()).policy(TEAMS);
    assert_eq!(skips(&named), ["s@a.example", "t@a.example", "z@c.example"]);
}

#[test]
fn s3_with_one_workspace_it_is_the_one_meant() {
    let one = "[workspaces.one]\nmailboxes = ['s@a.example']";
    let event = at("1", DAY, "-", "u@b.example", "userunknown");
    let story = Story::of(vec![event.clone()]).policy(one);
    assert_eq!(
        story.list("suppression", 3),
        ["u@b.example,hard_bounce,one"]
    );
    assert_eq!(
        story.list("skip/s@a.example", 2),
        ["u@b.example,Bounced — see Inbox: no such user"]
    );
    let several = Story::of(vec![event]).policy(TEAMS);
    assert!(several.list("suppression", 1).is_empty());
    assert_eq!(several.list("review", 3), ["u@b.example,,no_mailbox"]);
}

#[test]
fn s6_several_workspaces_have_a_plain_file_each() {
    let files = |policy: &str| -> Vec<String> {
        let story = Story::of(vec![]).policy(policy);
        let history = story.history();
        let views = Scene::of(&history, &Question::new(&story.policy, 0)).views();
        let plain = views
            .into_iter()
            .map(|v| v.file)
            .filter(|f| f.ends_with(".txt"));
        plain.filter(|f| f.contains("suppression")).collect()
    };
    assert_eq!(files(""), ["suppression.txt", "global-suppression.txt"]);
    assert_eq!(
        files("[workspaces.one]"),
        ["suppression.txt", "global-suppression.txt"]
    );
    let several = [
        "global-suppression.txt",
        "suppression/one.txt",
        "suppression/two.txt",
    ];
    assert_eq!(files(TEAMS), several);
}

#[test]
fn s8_what_answers_no_mail_of_ours_makes_no_workspace() {
    let one = "[workspaces.one]\nmailboxes = ['s@a.example']";
    let nameless = at("1", DAY, "-", "u@b.example", "userunknown");
    let stray = with(
        at("2", DAY, "q@d.example", "v@b.example", "userunknown"),
        |e| {
            e.flags = vec![Flag::Unmatched];
        },
    );
    let real = at("3", DAY, "q@d.example", "v@b.example", "userunknown");
    for (other, expected) in [(stray, "u@b.example,hard_bounce,one"), (real, "")] {
        let story = Story::of(vec![nameless.clone(), other]).policy(one);
        let row = story
            .list("suppression", 3)
            .into_iter()
            .find(|r| r.starts_with("u@"));
        assert_eq!(row.unwrap_or_default(), expected);
    }
}
