//! The contact view.

use super::*;

#[test]
fn s12_the_first_status_that_fits() {
    let away = with(
        event(
            Kind::AutoReply,
            "1 2026-11-20T10:00:00Z s@a.example u@b.example",
        ),
        |e| {
            e.contact_id = Some("c-7".to_owned());
        },
    );
    let full = with(
        at(
            "2",
            "2026-11-23T10:00:00Z",
            "s@a.example",
            "u@b.example",
            "mailboxfull",
        ),
        |e| {
            e.contact_id = Some("c-2".to_owned());
        },
    );
    let dead = at(
        "3",
        "2026-11-22T10:00:00Z",
        "s@a.example",
        "u@b.example",
        "userunknown",
    );
    let angry = event(
        Kind::Complaint,
        "4 2026-11-21T10:00:00Z s@a.example u@b.example",
    );
    let odd = at(
        "5",
        "2026-11-19T10:00:00Z",
        "s@a.example",
        "u@b.example",
        "norelaying",
    );
    let mut events = vec![odd];
    for (event, expected) in [
        (None, ",unverified,2026-11-19T10:00:00Z,norelaying"),
        (
            Some(away),
            "c-7,out_of_office,2026-11-20T10:00:00Z,vacation",
        ),
        (
            Some(full),
            "c-2;c-7,retrying,2026-11-23T10:00:00Z,mailboxfull",
        ),
        (
            Some(dead),
            "c-2;c-7,invalid,2026-11-22T10:00:00Z,userunknown",
        ),
        (
            Some(angry),
            "c-2;c-7,complained,2026-11-21T10:00:00Z,feedback",
        ),
    ] {
        events.extend(event);
        let story = Story::of(events.clone());
        assert_eq!(
            story.list("contacts", 5),
            [format!("u@b.example,{expected}")]
        );
    }
}
