//! Which event reaches which list.

use super::*;

#[test]
fn s1_which_event_reaches_which_list() {
    let review = |why| Place::Review(vec![why]);
    let cases = [
        ("1 delayed", kind(Kind::Delayed, |_| ()), Place::Nothing),
        ("1 delivered", kind(Kind::Delivered, |_| ()), Place::Nothing),
        (
            "1 before 3",
            kind(Kind::Delayed, |e| e.stream = Stream::Warmup),
            Place::Nothing,
        ),
        ("2", kind(Kind::AutoReply, |_| ()), Place::OutOfOffice),
        (
            "2 left",
            kind(Kind::AutoReply, |e| e.flags = vec![Flag::AddressLeft]),
            review(Why::AddressLeft),
        ),
        (
            "2 before 3",
            kind(Kind::AutoReply, |e| e.stream = Stream::Warmup),
            Place::OutOfOffice,
        ),
        ("3", hard(|e| e.stream = Stream::Warmup), Place::WarmupPause),
        (
            "3 complaint",
            kind(Kind::Complaint, |e| e.stream = Stream::Warmup),
            Place::WarmupPause,
        ),
        (
            "3 before 4",
            hard(|e| {
                e.stream = Stream::Warmup;
                e.held = Some(true);
            }),
            Place::WarmupPause,
        ),
        (
            "4 held",
            hard(|e| {
                e.held = Some(true);
                e.confidence = Some(0.65);
            }),
            review(Why::LowConfidence),
        ),
        (
            "4 held for other reasons",
            hard(|e| e.held = Some(true)),
            review(Why::LowConfidence),
        ),
        (
            "4 held and unmatched",
            hard(|e| {
                e.held = Some(true);
                e.confidence = Some(0.65);
                e.flags = vec![Flag::Unmatched];
            }),
            Place::Review(vec![Why::LowConfidence, Why::Unmatched]),
        ),
        (
            "6 unmatched once, but with proof",
            hard(|e| {
                e.flags = vec![Flag::Unmatched];
                e.proof = Proof::Sent;
            }),
            Place::Confirmed,
        ),
        (
            "4 unmatched",
            hard(|e| e.flags = vec![Flag::Unmatched]),
            review(Why::Unmatched),
        ),
        (
            "4 mass report",
            hard(|e| e.flags = vec![Flag::MassReport]),
            review(Why::MassReport),
        ),
        (
            "4 mass report that only returns our headers",
            hard(|e| {
                e.flags = vec![Flag::MassReport];
                e.proof = Proof::Returned;
            }),
            review(Why::MassReport),
        ),
        (
            "6 mass report with proof",
            hard(|e| {
                e.flags = vec![Flag::MassReport];
                e.proof = Proof::Sent;
            }),
            Place::Confirmed,
        ),
        (
            "4 expanded",
            hard(|e| e.flags = vec![Flag::Expanded]),
            review(Why::Expanded),
        ),
        (
            "4 nobody named",
            hard(|e| {
                e.recipient = None;
                e.held = Some(true);
            }),
            review(Why::NoRecipient),
        ),
        (
            "4 several",
            hard(|e| e.flags = vec![Flag::Expanded, Flag::Unmatched]),
            Place::Review(vec![Why::Unmatched, Why::Expanded]),
        ),
        (
            "4 before 5",
            kind(Kind::Complaint, |e| e.flags = vec![Flag::Unmatched]),
            review(Why::Unmatched),
        ),
        (
            "4 before 9",
            with(reason("spamdetected"), |e| e.held = Some(true)),
            review(Why::LowConfidence),
        ),
        ("5", kind(Kind::Complaint, |_| ()), Place::Complaint),
        ("6", hard(|_| ()), Place::Confirmed),
        (
            "6 one workspace, whichever mailbox",
            hard(|e| e.mailbox = None),
            Place::Confirmed,
        ),
        ("7", hard(|e| e.confirmed = Some(false)), Place::Unconfirmed),
        ("8", reason("mailboxfull"), Place::Retry),
        ("8", reason("greylisted"), Place::Retry),
        ("9", reason("spamdetected"), Place::Template),
        ("10", reason("blocked"), Place::Retry),
        ("10 sender", reason("authfailure"), Place::Retry),
        ("11", reason("norelaying"), review(Why::Other)),
        ("11", reason("ownnetwork"), review(Why::Other)),
        (
            "11 a user's own category",
            with(reason("norelaying"), |e| {
                e.category = Some(Category::SoftBounceContent);
            }),
            Place::Template,
        ),
    ];
    for (what, event, expected) in cases {
        assert_eq!(placed(event, RULES), expected, "{what}");
    }
}

#[test]
fn s9_proof_is_asked_for() {
    let rules = Rules {
        require_proof: true,
        ..RULES
    };
    let proof = |p: Proof| hard(|e| e.proof = p);
    for (event, expected) in [
        (proof(Proof::None), Place::Review(vec![Why::NoProof])),
        (proof(Proof::Returned), Place::Confirmed),
        (proof(Proof::Sent), Place::Confirmed),
        (
            kind(Kind::Complaint, |_| ()),
            Place::Review(vec![Why::NoProof]),
        ),
    ] {
        assert_eq!(placed(event, rules), expected);
    }
}

#[test]
fn s3_whose_mailbox_matters_where_there_are_several_workspaces() {
    let rules = Rules {
        several_workspaces: true,
        ..RULES
    };
    let nobody = hard(|e| e.mailbox = None);
    assert_eq!(placed(nobody, rules), Place::Review(vec![Why::NoMailbox]));
    assert_eq!(placed(hard(|_| ()), rules), Place::Confirmed);
}
