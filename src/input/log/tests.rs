//! What the room does with whole logs.

use super::*;
use crate::row::{Key, What};
use crate::time::rfc3339;
use jiff::Timestamp;
use jiff::tz::TimeZone;

fn now() -> Timestamp {
    "2026-11-24T00:00:00Z".parse().unwrap()
}

/// What became of each delivery of a log: what, recipient, reply, first.
fn deliveries(text: &str) -> Vec<(What, String, String, bool)> {
    let cell = |d: &Delivery, key| d.row.get(key).unwrap_or_default().to_owned();
    rows(text)
        .iter()
        .map(|d| {
            (
                d.row.what,
                cell(d, Key::Recipient),
                cell(d, Key::Reply),
                d.first,
            )
        })
        .collect()
}

fn rows(text: &str) -> Vec<Delivery> {
    let mut queue = Queue::default();
    let mut room = Vec::new();
    let mut out = Vec::new();
    for line in text.lines() {
        let found = prefix::of(line.as_bytes(), None);
        if let Some(found) = found.filter(|f| split::watch(f, &mut queue, &mut room)) {
            out.extend(read(found.log, &room, now(), &TimeZone::UTC).unwrap());
        }
    }
    out
}

#[test]
fn i6_which_server_wrote_a_line() {
    let postfix = Some((Log::Postfix, "mx1"));
    for (line, expected) in [
        ("Nov 24 08:01:02 mx1 postfix/smtp[1]: 4XYZ12: x", postfix),
        (
            "Nov  4 08:01:02.123 mx1 postfix-out/qmgr[1]: 4XYZ12: x",
            postfix,
        ),
        (
            "<22>Nov 24 08:01:02 mx1 postfix/submission/smtpd[1]: x",
            postfix,
        ),
        (
            "2026-11-24T08:01:02.123456+01:00 mx1 postfix/lmtp[1]: x",
            postfix,
        ),
        ("2026-11-24T08:01:02+0100 mx1 postfix/lmtp[1]: x", postfix),
        (
            "<22>1 2026-11-24T08:01:02Z mx1 postfix/smtp 12 - - x",
            postfix,
        ),
        (
            "<22>1 2026-11-24T08:01:02Z mx1 postfix/smtp 12 - [a b=\"c\"] x",
            postfix,
        ),
        (
            "Tue 2026-11-24 08:01:02 UTC mx1 postfix/smtp[1]: x",
            postfix,
        ),
        ("1795420860.123456 mx1 postfix/smtp[1]: x", postfix),
        ("Nov 24 08:01:02 mx1 mail.info postfix/smtp[1]: x", postfix),
        (
            "4XYZ12: to=<a@example.com>, relay=none, status=sent (x)",
            Some((Log::Postfix, "")),
        ),
        (
            "Nov 24 08:01:02 mx1 sm-mta[1]: x",
            Some((Log::Sendmail, "mx1")),
        ),
        (
            "Nov 24 08:01:02 mx1 sendmail[1]: [ID 801593 mail.info] x",
            Some((Log::Sendmail, "mx1")),
        ),
        (
            "Nov 24 08:01:02 mx1 smtpd[1]: x",
            Some((Log::OpenSmtpd, "mx1")),
        ),
        (
            "Nov 24 08:01:02 mx1 qmail-send: 1795420860.1 x",
            Some((Log::Qmail, "mx1")),
        ),
        (
            "@400000006922bf1408f3214c delivery 1: success: x/",
            Some((Log::Qmail, "")),
        ),
        (
            "2026-11-24 08:01:02 1abcde-000000001bo-D342 => x",
            Some((Log::Exim, "")),
        ),
        (
            "2026-11-24 08:01:02.12 +0100 [7] 16ZCW1-0005MB-00 => x",
            Some((Log::Exim, "")),
        ),
        (
            "Nov 24 08:01:02 mx1 exim4[1]: 16ZCW1-0005MB-00 => x",
            Some((Log::Exim, "mx1")),
        ),
        ("bounce_fm: x", Some((Log::Bounce, ""))),
        (
            "[2026-11-24 08:01:02] a@example.com bounce_hb: x",
            Some((Log::Bounce, "")),
        ),
        ("Nov 24 08:01:02 mx1 dovecot: imap(postfix/smtp): x", None),
        ("Nov 24 08:01:02 mx1 postfix/smtpd-policy[1]: x", None),
        ("Foo 24 08:01:02 mx1 postfix/smtp[1]: x", None),
        ("the words bounce_fm: x", None),
        ("a@example.com,bounce_fm: x", None),
        ("delivery of goods: success: none", None),
        ("2026-11-24,a@example.com,550", None),
        ("", None),
    ] {
        let got = prefix::of(line.as_bytes(), None);
        let got = got.map(|f| (f.log, std::str::from_utf8(f.host).unwrap()));
        assert_eq!(got, expected, "{line}");
    }
}

#[test]
fn i6_the_beginning_of_a_log() {
    let system = "Nov 24 08:01:02 mx1 CRON[1]: x\n".repeat(5);
    let mail = "Nov 24 08:01:02 mx1 postfix/smtp[1]: x\n";
    for (text, whole, expected) in [
        (
            format!("{system}{mail}"),
            false,
            Sniff::Log(Some(Log::Postfix)),
        ),
        (
            format!("the end of a line\n\n{mail}"),
            false,
            Sniff::Log(Some(Log::Postfix)),
        ),
        (system.clone(), true, Sniff::Log(None)),
        (system, false, Sniff::More),
        ("one\ntwo\nthree\n".to_owned(), false, Sniff::Nothing),
        (
            "Nov 24 08:01:02 mx1 CRON[1]: x\n".to_owned(),
            true,
            Sniff::Nothing,
        ),
        (String::new(), true, Sniff::Nothing),
    ] {
        assert_eq!(sniff(text.as_bytes(), whole), expected, "{text}");
    }
}

#[test]
fn i6_lines_of_two_hosts_with_the_same_queue_id_stay_apart() {
    let text = "\
Nov 23 08:01:01 mx1 postfix/qmgr[1]: 4XYZ12: from=<one@acme.example>, size=1 (queue active)
Nov 23 08:01:01 mx2 postfix/qmgr[1]: 4XYZ12: from=<two@acme.example>, size=1 (queue active)
Nov 23 08:01:02 mx1 postfix/smtp[1]: 4XYZ12: to=<a@example.com>, relay=none, dsn=4.4.1, status=deferred (x)
Nov 23 08:01:03 mx2 postfix/smtp[1]: 4XYZ12: to=<a@example.com>, relay=none, dsn=5.4.4, status=bounced (x)
";
    let senders: Vec<_> = rows(text)
        .iter()
        .map(|d| (d.row.get(Key::Sender).unwrap().to_owned(), d.first))
        .collect();
    let expected = [("one@acme.example", true), ("two@acme.example", true)];
    assert_eq!(senders, expected.map(|(s, f)| (s.to_owned(), f)));
}

#[test]
fn i8_the_first_line_of_a_message_and_recipient_is_the_mail_that_was_sent() {
    let text = "\
Nov 23 08:01:00 mx1 postfix/cleanup[1]: 4XYZ12: message-id=<m@acme.example>
Nov 23 08:01:01 mx1 postfix/qmgr[1]: 4XYZ12: from=<one@acme.example>, size=1 (queue active)
Nov 23 08:01:02 mx1 postfix/smtp[1]: 4XYZ12: to=<a@example.com>, relay=none, dsn=4.4.1, status=deferred (x)
Nov 23 08:01:02 mx1 postfix/smtp[1]: 4XYZ12: to=<b@example.com>, relay=mx.b[192.0.2.1]:25, dsn=2.0.0, status=sent (250 ok)
Nov 23 09:01:02 mx1 postfix/smtp[1]: 4XYZ12: to=<a@example.com>, relay=mx.a[192.0.2.1]:25, dsn=2.0.0, status=sent (250 ok)
Nov 23 09:01:02 mx1 postfix/qmgr[1]: 4XYZ12: removed
Nov 23 10:01:02 mx1 postfix/smtp[1]: 4XYZ12: to=<a@example.com>, relay=mx.a[192.0.2.1]:25, dsn=2.0.0, status=sent (250 ok)
";
    let got: Vec<_> = deliveries(text)
        .into_iter()
        .map(|(what, to, _, first)| (what, to, first))
        .collect();
    let (a, b) = ("a@example.com".to_owned(), "b@example.com".to_owned());
    assert_eq!(
        got,
        [
            (What::Delayed, a.clone(), true),
            (What::Delivered, b, true),
            (What::Delivered, a.clone(), false),
            // Another message: the id is used again.
            (What::Delivered, a, true),
        ]
    );
    let first = &rows(text)[1].row;
    for (key, value) in [
        (Key::SentAt, "2026-11-23T08:01:00Z"),
        (Key::OccurredAt, "2026-11-23T08:01:02Z"),
        (Key::Sender, "one@acme.example"),
        (Key::MessageId, "<m@acme.example>"),
        (Key::ReportingMta, "mx1"),
    ] {
        assert_eq!(first.get(key), Some(value));
    }
}

#[test]
fn i6_a_message_that_expired_failed_for_those_that_were_still_waiting() {
    let text = "\
Nov 23 08:01:02 mx1 postfix/smtp[1]: 4XYZ12: to=<a@example.com>, relay=none, dsn=4.4.1, status=deferred (old)
Nov 23 08:01:02 mx1 postfix/smtp[1]: 4XYZ12: to=<b@example.com>, relay=none, dsn=4.4.1, status=deferred (cause b)
Nov 23 09:01:02 mx1 postfix/smtp[1]: 4XYZ12: to=<a@example.com>, relay=none, dsn=4.4.1, status=deferred (cause a)
Nov 23 09:01:02 mx1 postfix/smtp[1]: 4XYZ12: to=<c@example.com>, relay=none, dsn=5.4.4, status=bounced (cause c)
Nov 23 09:01:03 mx1 postfix/qmgr[1]: 4XYZ12: from=<one@acme.example>, status=expired, returned to sender
Nov 23 09:01:03 mx1 postfix/qmgr[1]: 5XYZ12: from=<one@acme.example>, status=expired, returned to sender
";
    let failed: Vec<_> = deliveries(text)
        .into_iter()
        .filter(|(what, ..)| *what == What::Failed)
        .map(|(_, to, reply, first)| format!("{to} {reply} {first}"))
        .collect();
    assert_eq!(
        failed,
        [
            "c@example.com cause c true",
            "a@example.com cause a false",
            "b@example.com cause b false"
        ]
    );
}

#[test]
fn i6_what_is_no_delivery() {
    for (line, why) in [
        (
            "postfix/smtp[1]: 4XYZ12: to=<a@example.com>, relay=127.0.0.1[127.0.0.1]:10024, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 5XYZ12)",
            "a filter on the same host",
        ),
        (
            "postfix/discard[1]: 4XYZ12: to=<a@example.com>, relay=none, dsn=2.0.0, status=sent (discarded)",
            "thrown away",
        ),
        (
            "postfix/smtp[1]: 4XYZ12: to=<a@example.com>, relay=mx.a[192.0.2.1]:25, dsn=2.0.0, status=deliverable (250 ok)",
            "a probe",
        ),
        (
            "sm-mta[1]: 5AN8100x012345: to=<a@example.com>, mailer=relay, relay=[127.0.0.1] [127.0.0.1], dsn=2.0.0, stat=Sent (5AN Message accepted for delivery)",
            "the queue of the same host",
        ),
        (
            "sm-mta[1]: 5AN8100x012345: to=<a@example.com>, mailer=esmtp, stat=queued",
            "not tried",
        ),
        (
            "exim[1]: 16ZCW1-0005MB-00 *> a@example.com R=r T=t",
            "suppressed by -N",
        ),
        (
            "exim[1]: 16ZCW1-0005MB-00 == a@example.com R=r T=t defer (-53): retry time not reached for any host",
            "not tried",
        ),
    ] {
        assert_eq!(
            deliveries(&format!("Nov 23 08:01:02 mx1 {line}")),
            [],
            "{why}"
        );
    }
    for (line, what) in [
        (
            "postfix/local[1]: 4XYZ12: to=<a@example.com>, relay=local, dsn=2.0.0, status=sent (delivered to maildir)",
            What::Delivered,
        ),
        (
            "postfix/lmtp[1]: 4XYZ12: to=<a@example.com>, relay=127.0.0.1[127.0.0.1]:24, dsn=2.0.0, status=sent (250 2.0.0 <a@example.com> Saved)",
            What::Delivered,
        ),
        (
            "postfix/smtp[1]: 4XYZ12: to=<a@example.com>, relay=mx.a[192.0.2.1]:25, dsn=5.7.1, status=SOFTBOUNCE (host mx.a[192.0.2.1] said: 550 no)",
            What::Delayed,
        ),
        (
            "postfix/smtp[1]: 4XYZ12: to=<a@example.com>, relay=none, dsn=5.1.1, status=undeliverable (550 no)",
            What::Failed,
        ),
    ] {
        let got = deliveries(&format!("Nov 23 08:01:02 mx1 {line}"));
        assert_eq!(got.len(), 1, "{line}");
        assert_eq!(got[0].0, what, "{line}");
    }
}

#[test]
fn i6_a_bounce_that_reached_us_is_no_delivery_and_a_lost_one_has_no_mailbox() {
    let line = |status: &str| {
        format!(
            "Nov 23 08:01:01 mx1 postfix/qmgr[1]: 4XYZ12: from=<>, size=1, nrcpt=1 (queue active)\n\
             Nov 23 08:01:02 mx1 postfix/smtp[1]: 4XYZ12: to=<a@example.com>, relay=mx.a[192.0.2.1]:25, dsn=2.0.0, status={status} (x)\n"
        )
    };
    assert_eq!(rows(&line("sent")), []);
    let lost = rows(&line("bounced"));
    assert_eq!(lost[0].row.what, What::Failed);
    assert_eq!(lost[0].row.get(Key::Sender), None);
}

#[test]
fn u4_a_torn_line_of_a_delivery_is_named() {
    for line in [
        "Nov 23 08:01:02 mx1 postfix/smtp[1]: 4XYZ12: to=<a@exam",
        "Nov 23 08:01:02 mx1 postfix/smtp[1]: 4XYZ12: to=<a@example.com>, relay=none, dsn=5.1.1, sta",
        "2026-11-23 08:01:02 16ZCW1-0005MB-00 ** a@example.com R=dns",
        "Nov 23 08:01:02 mx1 sm-mta[1]: 5AN8100x012345: to=<a@example.com>, dsn=5.1.1",
    ] {
        let mut room = Vec::new();
        let found = prefix::of(line.as_bytes(), None).unwrap();
        assert!(
            split::watch(&found, &mut Queue::default(), &mut room),
            "{line}"
        );
        let read = read(found.log, &room, now(), &TimeZone::UTC);
        assert!(read.is_err_and(|why| why.contains("ends before")), "{line}");
    }
}

#[test]
fn i9_memory_does_not_grow_with_the_log() {
    let mut queue = Queue::default();
    for n in 0..400_000_u32 {
        let id = format!("{n:010X}");
        let deferral = [b'x'; 100];
        queue.at(b"mx1", id.as_bytes());
        queue.attempt(b"Nov 23 08:01:02", b"a@example.com", Some(&deferral));
    }
    assert!(queue.len() <= 200_000);
    // The last are known, the first forgotten.
    assert!(queue.at(b"mx1", b"0000061A7F").get().is_some());
    assert!(queue.at(b"mx1", b"0000000001").get().is_none());
}

#[test]
fn i9_what_is_done_takes_no_room() {
    let mut queue = Queue::default();
    queue
        .at(b"mx1", b"FIRST")
        .attempt(b"", b"a@example.com", Some(b"x"));
    for n in 0..300_000_u32 {
        let id = format!("{n:010X}");
        queue
            .at(b"mx1", id.as_bytes())
            .set(b"", queue::Text::Sender, b"s@acme.example");
        drop(queue.at(b"mx1", id.as_bytes()).remove());
    }
    assert_eq!(queue.len(), 1);
    assert!(queue.at(b"mx1", b"FIRST").get().is_some());
}

#[test]
fn i6_the_times_of_a_log_are_in_the_zone_of_the_policy() {
    let line = b"Nov 23 08:01:02 mx1 postfix/smtp[1]: 4XYZ12: to=<a@example.com>, relay=none, dsn=5.1.1, status=bounced (x)";
    let found = prefix::of(line, None).unwrap();
    let mut room = Vec::new();
    split::watch(&found, &mut Queue::default(), &mut room);
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let got = read(found.log, &room, now(), &zone).unwrap();
    let expected = "2026-11-23T08:01:02+01:00"
        .parse::<Timestamp>()
        .map(rfc3339);
    assert_eq!(got[0].row.get(Key::OccurredAt), expected.ok().as_deref());
}

proptest::proptest! {
    #[test]
    fn i9_no_line_makes_the_reader_fail(
        pieces in proptest::collection::vec(proptest::sample::select(&[
            "Nov 23 08:01:02 ", "mx1 ", "postfix/smtp[1]: ", "4XYZ12: ", "to=<", "a@example.com", ">, ", ">",
            "orig_to=<", "relay=", "dsn=5.1.1, ", "status=", "bounced ", "(", ")", "from=<", "status=expired",
            "host x[1] said: 550 ", "2026-11-23 08:01:02 ", "16ZCW1-0005MB-00 ", "** ", "== ", "=> ", "<= ", ": ",
            "T=\"", "\"", "id=", "@400000006922bf1408f3214c ", "delivery 1: ", "failure: ", "new msg 1", "info msg 1: ",
            " from <", "starting delivery 1: msg 1 to remote ", "sm-mta[1]: ", "5AN8100x012345: ", "to=", "stat=",
            "reply=", "smtpd[1]: ", "evpid=1 ", "result=", "relay: Ok for 1: ", "bounce_fm: ", "é", "\u{0}", "\u{1f}",
            " ", "\\", "[", "]", "<22>", "<22>1 ", "header Subject: ", "warning: ",
        ][..]), 0..14),
    ) {
        let line = pieces.concat();
        for forced in std::iter::once(None).chain(Log::ALL.iter().copied().map(Some)) {
            let Some(found) = prefix::of(line.as_bytes(), forced) else { continue };
            let (mut queue, mut room) = (Queue::default(), Vec::new());
            for _ in 0..2 {
                if split::watch(&found, &mut queue, &mut room) {
                    let all = read(found.log, &room, now(), &TimeZone::UTC).unwrap_or_default();
                    proptest::prop_assert!(all.iter().all(|d| d.row.format.starts_with("log:")));
                }
            }
        }
    }
}
