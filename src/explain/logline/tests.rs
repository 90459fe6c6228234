use super::*;
use crate::vocab::Command;

/// A line and what it must be read as: reply, host, recipient, command, status, kind.
type Case = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    Option<Command>,
    &'static str,
    Option<Kind>,
);

fn check(cases: &[Case]) {
    for &(text, reply, host, recipient, command, enhanced, kind) in cases {
        let want = LogLine {
            reply: reply.to_owned(),
            host: (!host.is_empty()).then(|| host.to_owned()),
            recipient: (!recipient.is_empty()).then(|| recipient.to_owned()),
            command,
            enhanced: enhanced.parse().ok(),
            kind,
            // Tested beside the forms.
            last: None,
            sender: None,
            aside: false,
        };
        let got = read(text).map(|got| LogLine {
            last: None,
            sender: None,
            aside: false,
            ..got
        });
        assert_eq!(got, Some(want), "{text}");
    }
}

const RCPT: Option<Command> = Some(Command::Rcpt);
const FAILED: Option<Kind> = Some(Kind::Failed);
const DELAYED: Option<Kind> = Some(Kind::Delayed);

#[test]
fn c10_postfix_lines() {
    check(&[
        (
            "Sep 21 12:00:07 out postfix/smtp[4711]: 4XYZ: to=<user@example.com>, relay=mx.example.com[192.0.2.1]:25, delay=1.2, delays=0.1/0/0.5/0.6, dsn=5.1.1, status=bounced (host mx.example.com[192.0.2.1] said: 550 5.1.1 <user@example.com>: Recipient address rejected: User unknown (in reply to RCPT TO command))",
            "550 5.1.1 <user@example.com>: Recipient address rejected: User unknown",
            "mx.example.com",
            "user@example.com",
            RCPT,
            "5.1.1",
            FAILED,
        ),
        (
            "to=<final@example.org>, orig_to=<alias@example.com>, relay=none, delay=30, dsn=4.4.1, status=deferred (connect to mx.example.org[192.0.2.9]:25: Connection timed out)",
            "connect to mx.example.org[192.0.2.9]:25: Connection timed out",
            "",
            "alias@example.com",
            None,
            "4.4.1",
            DELAYED,
        ),
        (
            "to=<user@example.com>, relay=mx.example.com[192.0.2.1]:25, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 1)",
            "250 2.0.0 Ok: queued as 1",
            "mx.example.com",
            "user@example.com",
            None,
            "2.0.0",
            Some(Kind::Delivered),
        ),
        (
            "<user@example.com>: host mx.example.com[192.0.2.1] said: 552 5.2.2\n    Mailbox full (in reply to end of DATA command)",
            "552 5.2.2 Mailbox full",
            "mx.example.com",
            "user@example.com",
            Some(Command::Data),
            "",
            None,
        ),
        (
            "host mx.example.com[192.0.2.1] refused to talk to me: 554 5.7.1 bad reputation",
            "554 5.7.1 bad reputation",
            "mx.example.com",
            "",
            Some(Command::Conn),
            "",
            None,
        ),
    ]);
}

#[test]
fn c10_bounce_class_lines() {
    check(&[
        (
            "bounce_fm: relay host [192.0.2.1]:25 said: 552 5.2.2 <user@example.com> Mailbox has exceeded the limit (in reply to RCPT TO command)",
            "552 5.2.2 <user@example.com> Mailbox has exceeded the limit",
            "",
            "",
            RCPT,
            "",
            None,
        ),
        (
            "bounce_hb: {mta_relay} host []:25 said: 550 No such recipient (in reply to RCPT TO command)",
            "550 No such recipient",
            "",
            "",
            RCPT,
            "",
            None,
        ),
    ]);
}

#[test]
fn c10_exim_lines() {
    check(&[
        (
            "2026-09-21 12:00:07 1abcde-000000001bo-D342 ** user@example.com R=dnslookup T=remote_smtp: SMTP error from remote mail server after RCPT TO:<user@example.com>: host mx.example.com [192.0.2.1]: 550 5.1.1 User unknown",
            "550 5.1.1 User unknown",
            "mx.example.com",
            "user@example.com",
            RCPT,
            "",
            FAILED,
        ),
        (
            "2026-09-21 12:00:07 +0200 16ZCW1-0005MB-00 ** final@example.org <alias@example.com> R=dnslookup T=remote_smtp H=mx.example.org [192.0.2.2]: SMTP error from remote mail server after end of data: 554 5.7.1 spam",
            "554 5.7.1 spam",
            "mx.example.org",
            "alias@example.com",
            Some(Command::Data),
            "",
            FAILED,
        ),
        (
            "2026-09-21 12:00:07 16ZCW1-0005MB-00 == user@example.com R=dnslookup T=smtp defer (146): Connection refused",
            "Connection refused",
            "",
            "user@example.com",
            None,
            "",
            DELAYED,
        ),
        (
            "2026-09-21 12:00:07 16ZCW1-0005MB-00 ** user@nowhere.example <user@nowhere.example>: unknown mail domain",
            "unknown mail domain",
            "",
            "user@nowhere.example",
            None,
            "",
            FAILED,
        ),
        (
            "SMTP error from remote mailer after initial connection: host mx.example.com [192.0.2.1]: 554 no reverse DNS",
            "554 no reverse DNS",
            "mx.example.com",
            "",
            Some(Command::Conn),
            "",
            None,
        ),
        (
            "user@example.com\n    host mx.example.com [192.0.2.1]\n    SMTP error from remote mail server after MAIL FROM:<news@example.net> SIZE=10:\n    550 5.7.1 no",
            "550 5.7.1 no",
            "mx.example.com",
            "user@example.com",
            Some(Command::Mail),
            "",
            None,
        ),
        (
            "SMTP error from remote mail server after pipelined MAIL FROM:<news@example.net> SIZE=100: 451 later",
            "451 later",
            "",
            "",
            Some(Command::Mail),
            "",
            None,
        ),
    ]);
}

#[test]
fn c10_qmail_lines() {
    check(&[
        (
            "@40000000419f13a508f3214c delivery 12: failure: 192.0.2.1_does_not_like_recipient./Remote_host_said:_550_5.1.1_<user@example.com>_unknown,_see_http://example.com/help/Giving_up_on_192.0.2.1./",
            "550 5.1.1 <user@example.com> unknown, see http://example.com/help",
            "192.0.2.1",
            "",
            RCPT,
            "",
            FAILED,
        ),
        (
            "delivery 7: deferral: Sorry,_I_wasn't_able_to_establish_an_SMTP_connection._(#4.4.1)/",
            "Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)",
            "",
            "",
            None,
            "",
            DELAYED,
        ),
        (
            "Sorry, no SMTP connection got far enough; most progress was RCPT TO response; remote host 192.0.2.1 said: 550 Unknown user",
            "550 Unknown user",
            "192.0.2.1",
            "",
            RCPT,
            "",
            None,
        ),
        (
            "<user@example.com>:\n192.0.2.1 failed after I sent the message.\nRemote host said: 554 refused",
            "554 refused",
            "",
            "user@example.com",
            Some(Command::Data),
            "",
            None,
        ),
    ]);
}

#[test]
fn c10_sendmail_and_opensmtpd_lines() {
    check(&[
        (
            "sm-mta[99]: x8L: to=<user@example.com>, ctladdr=<news@example.net> (1/1), delay=00:00:01, mailer=esmtp, relay=mx.example.com. [192.0.2.1], dsn=5.1.1, stat=User unknown",
            "User unknown",
            "mx.example.com",
            "user@example.com",
            None,
            "5.1.1",
            FAILED,
        ),
        (
            "to=<user@example.com>, relay=mx.example.com. [192.0.2.1], dsn=4.2.2, reply=452 4.2.2 Mailbox full, stat=Deferred: 452 4.2.2 Mailbox full",
            "452 4.2.2 Mailbox full",
            "mx.example.com",
            "user@example.com",
            None,
            "4.2.2",
            DELAYED,
        ),
        (
            "smtpd[1]: 0a mta delivery evpid=1 from=<a@example.net> to=<user@example.com> rcpt=<-> source=\"192.0.2.7\" relay=\"192.0.2.1 (mx.example.com)\" delay=1s result=\"PermFail\" stat=\"550 5.1.1 unknown\"",
            "550 5.1.1 unknown",
            "mx.example.com",
            "user@example.com",
            None,
            "",
            FAILED,
        ),
    ]);
}

#[test]
fn c10_diagnostics_and_reports() {
    check(&[
        (
            "smtp;550 5.1.1 unknown",
            "550 5.1.1 unknown",
            "",
            "",
            None,
            "",
            None,
        ),
        (
            "Diagnostic-Code: X-Postfix; host mx.example.com[192.0.2.1] said: 550 no (in reply to RCPT TO command)",
            "550 no",
            "mx.example.com",
            "",
            RCPT,
            "",
            None,
        ),
        (
            "Reporting-MTA: dns; out.example.net\r\n\r\nFinal-Recipient: rfc822; user@example.com\r\nAction: failed\r\nStatus: 5.2.2\r\nRemote-MTA: dns; mx.example.com\r\nDiagnostic-Code: smtp; 552 5.2.2\r\n mailbox full\r\n",
            "552 5.2.2 mailbox full",
            "mx.example.com",
            "user@example.com",
            None,
            "5.2.2",
            FAILED,
        ),
        (
            "b,2026-09-21 12:00:07+0000,2026-09-21 12:00:00+0000,news@example.net,user@example.com,,failed,5.1.1 (bad destination mailbox address),\"smtp;550 5.1.1 unknown, sorry\",mx.example.com (192.0.2.1),bad-mailbox",
            "550 5.1.1 unknown, sorry",
            "mx.example.com",
            "user@example.com",
            None,
            "5.1.1",
            FAILED,
        ),
    ]);
}

#[test]
fn c10_replies_are_no_log_lines() {
    for text in [
        "550 5.1.1 User unknown",
        "he said: 550 is my code",
        "550 status=unknown",
        "delivery error: dd This user: failure: none",
        "550 5.7.1 ** spam ** refused: see policy",
        "",
        "] said:",
        "status=",
        "** == **: x",
        "smtp",
    ] {
        assert_eq!(read(text), None, "{text}");
    }
}
