//! What comes of a mould is what would come of the row by itself.

use super::*;
use crate::classify::Judge;
use crate::message::Message;
use crate::policy::Policy;
use proptest::prelude::*;

fn setting() -> Setting {
    Setting {
        now: "2026-11-24T00:00:00Z".parse().unwrap(),
        classified_at: "2026-11-24T00:00:00Z".to_owned(),
        policy: Policy::default(),
        judge: Judge::new(),
        mailbox: None,
        workspace: None,
        moulds: Shelf::default(),
    }
}

fn row(what: What, cells: Vec<(Key, String)>) -> Row<'static> {
    Row {
        format: "csv",
        what,
        cells: cells.into_iter().map(|(k, v)| (k, v.into())).collect(),
        zone: None,
        month_first: false,
        among: 1,
    }
}

/// By a mould, if one serves, and without.
fn both(moulds: &mut Moulds, row: &Row<'_>, setting: &Setting) -> (Option<Event>, Vec<Event>) {
    let message = Message::new(b"");
    let source = Source {
        message: &message,
        envelope: None,
        truncated: false,
        file: "bounces.csv",
        index: 7,
        question: false,
    };
    let cast = moulds.cast(row, &source, setting).map(|cast| cast.event());
    let found = rows::read(row);
    let plain = found.map(|found| assemble::events(&source, &found, setting));
    (cast, plain.unwrap_or_default())
}

#[test]
fn e1_the_third_row_of_a_kind_is_filled_in() {
    let setting = setting();
    let mut moulds = Moulds::default();
    let mut served = Vec::new();
    for (to, id, at) in [
        ("ann@example.com", "4XyZ12345678", "1790000000"),
        ("info@gmial.com", "09abcdef1234", "1790000001"),
        ("Bob@Example.com", "a1b2c3d4e5f6", "1790000002"),
        ("5.5.0@example.com", "a1b2c3d4e5f6", "1790000003"),
    ] {
        let cells = [
            (Key::Recipient, to.to_owned()),
            (Key::Reply, format!("550 5.1.1 <{to}> unknown ({id})")),
            (Key::OccurredAt, at.to_owned()),
            (Key::MessageId, format!("<{id}@mail.example>")),
        ];
        let row = row(What::Failed, cells.to_vec());
        let (cast, plain) = both(&mut moulds, &row, &setting);
        served.push(cast.is_some());
        if let Some(cast) = cast {
            assert_eq!([cast], &plain[..]);
        }
    }
    assert_eq!(served, [false, true, true, false]);
}

/// More than usual: most rows of a few pieces have no mould.
fn config() -> ProptestConfig {
    let usual = ProptestConfig::default();
    let cases = usual.cases.max(1024);
    ProptestConfig { cases, ..usual }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn e1_a_row_that_is_filled_in_is_what_it_would_be_anew(
        pieces in proptest::collection::vec(proptest::sample::select(&[
            "550", "5.1.1", "-", " ", " ", "<", ">", "(", ")", "[", "]", "{to}", "{to}", "host ", "mx.example.com",
            "said", ": ", "#", "\n", "user unknown", "mailbox full", "RCPT TO:", "after data", ">>> ", "rcpt",
            "blocked by ", "zen.spamhaus.org", "relay=", "connect to ", "450 4.2.2 ", "=", "postmaster@example.org",
            "smtp; ", "unknown", "\"", ",", "{id}", "{id}", "{id}", " host {id} ", "connect to {id}", "relay={id}", " id ", "/", "_", ".", "@", "250 2.0.0 Ok: queued as ",
            "\u{fc}", "<html>", "Reporting-MTA: dns; x\n", "end of", "at ", " in reply to", "data", "+",
        ][..]), 0..14),
        lead in proptest::sample::select(&["", "550 5.1.1 ", "452 ", "smtp;550 ", "host mx.example.com said: 550 "][..]),
        own in proptest::collection::vec((
            proptest::sample::select(&[
                "[a-z]{1,6}@example.com", "(info|sales|no-reply)@gmail.com", "[a-z]{1,4}@gmial.com",
                "[a-zA-Z0-9._+-]{1,8}@[a-z0-9][a-z0-9.-]{0,9}", "[A-Z][a-z]{2}@Outlook.com",
            ][..]).prop_flat_map(|all| proptest::string::string_regex(all).unwrap()),
            "([0-9a-f]{8,14}|[0-9A-Za-z]{9,16}|[0-9]{6,12}|[0-9a-z]{4,8}[_-][0-9a-z]{3,9}|(to|data)[0-9a-f]{12}|[0-9a-f]{3,9}-[0-9]\\.[0-9]si[0-9]{5}p\\.[0-9]{2}|2026-1[012]-[0-3][0-9]T0[0-9]:[0-5][0-9]:[0-5][0-9](\\.[0-9]{3})?Z|[0-9a-z]{3,6}\\.[0-9a-z]{2}\\.[0-9]{9}|[0-9]{11}(said|after|host))",
            "(1790000[0-9]{3}|2026-10-[0-3][0-9]|12/11/2026|nonsense)",
        ), 4),
        what in proptest::sample::select(&[What::Failed, What::Delayed, What::Delivered, What::Unsaid, What::AutoReply][..]),
        more in proptest::collection::vec(proptest::sample::select(&[
            (Key::Code, "550"), (Key::Code, "550.0"), (Key::Class, "hard"), (Key::Class, "Bounced {to}"),
            (Key::Kind, "bounce"), (Key::Bounced, "true"), (Key::Bounced, "550 {to} unknown"), (Key::Bounced, "no such user\nat {to}\nat all"),
            (Key::Mailbox, "me@acme.example"), (Key::Mailbox, "Me <me@acme.example>"), (Key::Sender, "bounce+{to}@acme.example"),
            (Key::Sender, "me@acme.example"), (Key::Campaign, "c-{id}"), (Key::Step, "2"), (Key::Contact, "{id}"),
            (Key::MessageId, "<{id}@x.example> "), (Key::MessageId, "<>"), (Key::Subject, "Hello {id}"), (Key::Subject, "warmup-{id}"),
            (Key::RemoteMta, "mx.example.com (192.0.2.1)"), (Key::RemoteMta, "dns; MX-{id}.Google.com."), (Key::RemoteMta, "(x)"), (Key::ReportingMta, "dns; mta.example"), (Key::Command, "RCPT TO"),
            (Key::FinalRecipient, "{to}"), (Key::FinalRecipient, "other@example.net"), (Key::SentAt, "1780000000"),
            (Key::EnhancedCode, "5.2.2"), (Key::SenderFault, "yes"), (Key::Reply, "again {id} {to}"), (Key::Severity, "Permanent"),
            (Key::Recipient, "second@example.org"), (Key::OccurredAt, "1790000999"), (Key::FeedbackType, "abuse"),
        ][..]), 0..5),
        truncated in any::<bool>(),
    ) {
        let setting = setting();
        let mut moulds = Moulds::default();
        for (to, id, at) in own.iter().chain(&own) {
            let filled = |text: &str| text.replace("{to}", to).replace("{id}", id);
            let reply = if truncated { String::new() } else { filled(&format!("{lead}{}", pieces.concat())) };
            let mut cells = vec![(Key::Recipient, to.clone()), (Key::OccurredAt, at.clone()), (Key::Reply, reply)];
            cells.extend(more.iter().map(|(key, cell)| (*key, filled(cell))));
            cells.retain(|(_, cell)| !cell.is_empty());
            let row = row(what, cells);
            let (cast, plain) = both(&mut moulds, &row, &setting);
            if let Some(cast) = cast {
                prop_assert_eq!(&[cast][..], &plain[..], "{:?}", row);
            }
        }
    }
}
