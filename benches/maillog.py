#!/usr/bin/env python3
"""Writes a Postfix log of about so many MB: benches/maillog.py 500 > /tmp/mail.log

A believable mix: of each mail the lines of smtpd, cleanup, qmgr and smtp, and its
removal; 95 of 100 are sent at once, 3 bounce, 2 are deferred some times first; between
them what other daemons write.
"""

import random
import sys

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
REPLIES = [
    ("5.1.1", "550 5.1.1 <{to}>: Recipient address rejected: User unknown (in reply to RCPT TO command)"),
    ("5.1.1", "550-5.1.1 The email account that you tried to reach does not exist. Please try 550-5.1.1 "
              "double-checking the recipient's email address for typos or 550 5.1.1 unnecessary spaces. "
              "(in reply to RCPT TO command)"),
    ("5.2.2", "552 5.2.2 <{to}>: Mailbox full (in reply to RCPT TO command)"),
    ("5.7.1", "554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked (in reply to RCPT TO command)"),
]
NOISE = [
    "dovecot: imap-login: Login: user=<sales{n}@acme.example>, method=PLAIN, rip=192.0.2.{m}, lip=192.0.2.9, TLS",
    "postfix/smtpd[{m}]: connect from unknown[198.51.100.{m}]",
    "postfix/smtpd[{m}]: NOQUEUE: reject: RCPT from unknown[198.51.100.{m}]: 554 5.7.1 <x@example.biz>: Relay "
    "access denied; from=<y@example.biz> to=<x@example.biz> proto=ESMTP helo=<z>",
    "CRON[{m}]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)",
]


def main():
    wanted = int(sys.argv[1]) * 1_000_000 if len(sys.argv) > 1 else 100_000_000
    rnd = random.Random(1)
    written, n = 0, 0
    later = []
    while written < wanted:
        n += 1
        second = n // 20
        day, rest = divmod(second, 86400)
        stamp = f"{MONTHS[day // 28 % 12]} {day % 28 + 1:2d} {rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d} mx1 "
        qid = f"4{rnd.getrandbits(60):012X}"[:12]
        box = f"sales{n % 40}@acme.example"
        to = f"user{rnd.randrange(10 ** 7)}@d{rnd.randrange(2000)}.example.com"
        relay = f"mx{n % 3}.{to.split('@')[1]}[192.0.2.{n % 250}]:25"
        pid = n % 30000
        lines = [
            f"postfix/smtpd[{pid}]: {qid}: client=app.acme.example[192.0.2.9], sasl_method=PLAIN, sasl_username={box}",
            f"postfix/cleanup[{pid + 1}]: {qid}: message-id=<{rnd.getrandbits(64):x}.{n}@outreach.acme.example>",
            f"postfix/qmgr[700]: {qid}: from=<{box}>, size={2000 + n % 5000}, nrcpt=1 (queue active)",
        ]
        head = f"postfix/smtp[{pid + 2}]: {qid}: to=<{to}>, relay={relay}, delay=1.2, delays=0.1/0/0.5/0.6, "
        kind = rnd.random()
        deferred = head + f"dsn=4.7.1, status=deferred (host {relay[:-3]} said: 450 4.7.1 <{to}>: Greylisted, try again later (in reply to RCPT TO command))"
        sent = head + f"dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as {rnd.getrandbits(40):010X})"
        removed = f"postfix/qmgr[700]: {qid}: removed"
        if kind < 0.03:
            dsn, reply = rnd.choice(REPLIES)
            lines.append(head + f"dsn={dsn}, status=bounced (host {relay[:-3]} said: {reply.format(to=to)})")
            lines.append(f"postfix/bounce[{pid + 3}]: {qid}: sender non-delivery notification: 4{rnd.getrandbits(40):010X}")
            lines.append(removed)
        elif kind < 0.05:
            lines.append(deferred)
            later.append([deferred, deferred, sent, removed])
        else:
            lines += [sent, removed]
        if later and n % 40 == 0:
            lines += later.pop(0)
        if n % 3 == 0:
            lines.append(rnd.choice(NOISE).format(n=n % 40, m=n % 250))
        text = "".join(stamp + line + "\n" for line in lines)
        sys.stdout.write(text)
        written += len(text)


main()
