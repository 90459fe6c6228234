#!/usr/bin/env python3
"""Writes an export of about so many MB, in one of four shapes:

  benches/exports.py SHAPE MB > FILE

  bounces.csv      SendGrid's list of bounces: every row is one (seven replies, half of
                   them with the address in it, two with hosts, moments and ids of servers)
  stream.csv       all events of a platform, a row each: processed, delivered, open and
                   click of most mails, a bounce of 3 of 100, a deferral of 2
  bounces.ndjson   SendGrid's webhook, bounces alone
  stream.ndjson    SendGrid's webhook, all events in the same shares

The same arguments give the same bytes.
"""

import json
import random
import sys
import time

REPLIES = [
    ("5.1.1", "550 5.1.1 <{to}>: Recipient address rejected: User unknown in virtual mailbox table"),
    ("5.1.1", "550 5.1.1 The email account that you tried to reach does not exist. Please try "
              "double-checking the recipient's email address for typos or unnecessary spaces."),
    ("5.2.2", "552 5.2.2 <{to}>: user is over quota"),
    ("5.7.1", "554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using zen.spamhaus.org"),
    ("5.4.1", "550 5.4.1 Recipient address rejected: Access denied. [AM7EUR03FT{host:03}.eop-EUR03.prod.example.com "
              "{moment}.{host:03}Z 08DC{n:012X}]"),
    ("5.5.0", "550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302). "
              "[{n:012x}.{host:02}]"),
    ("", "550 No Such User Here ({to})"),
]
DEFERRED = "451 4.7.1 <{to}>: Recipient address rejected: Greylisted, try again later"
AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/127.0.0.0"


def mails(rnd, bounces):
    """The events of one mail after another: name, status, reply."""
    while True:
        kind = 0.0 if bounces else rnd.random()
        if kind < 0.03:
            status, reply = rnd.choice(REPLIES)
            if not bounces:
                yield "processed", "", ""
            yield "bounce", status, reply
            continue
        yield "processed", "", ""
        if kind < 0.05:
            yield "deferred", "4.7.1", DEFERRED
        yield "delivered", "2.0.0", "250 2.0.0 OK  {at} d2e1a72fcca58-7.5si{n:07}pfb.{host:02} - gsmtp"
        if kind < 0.5:
            yield "open", "", ""
        if kind < 0.1:
            yield "click", "", ""


def quoted(cell):
    return '"%s"' % cell.replace('"', '""') if "," in cell or '"' in cell else cell


def main():
    shape, wanted = sys.argv[1], int(sys.argv[2]) * 1_000_000
    rnd = random.Random(1)
    few = shape.startswith("bounces")
    table = shape.endswith(".csv")
    if table:
        sys.stdout.write("status,reason,email,created\n" if few
                         else "timestamp,event,email,status,response,campaign_id,smtp-id,useragent\n")
    written, n, out = 0, 0, []
    for event, status, reply in mails(rnd, few):
        n += 1
        to = "person.%d@domain%d.example" % (n * 7919 % 10 ** 7, n * 31 % 20011)
        at = 1790000000 + n // 20
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at))
        reply = reply.format(to=to, n=n, host=n % 100, at=at, moment=moment)
        agent = AGENT if event in ("open", "click") else ""
        ident = "<%016x@acme.example>" % (n * 2654435761)
        if table and few:
            line = "%s,%s,%s,%d\n" % (status, quoted(reply), to, at)
        elif table:
            line = ",".join(map(quoted, [str(at), event, to, status, reply, "campaign-%d" % (n % 40), ident,
                                         agent])) + "\n"
        else:
            one = {"email": to, "timestamp": at, "smtp-id": ident, "event": event, "category": ["autumn"],
                   "sg_event_id": "%024x" % n, "sg_message_id": "%016x.filter-%d" % (n * 40503, n % 90)}
            if event == "bounce":
                one.update(reason=reply, type="bounce", status=status)
            elif event in ("deferred", "delivered"):
                one.update(response=reply)
            elif agent:
                one.update(useragent=agent, ip="192.0.2.%d" % (n % 250))
            line = json.dumps(one, separators=(",", ":")) + "\n"
        out.append(line)
        written += len(line)
        if len(out) == 10_000 or written >= wanted:
            sys.stdout.write("".join(out))
            out.clear()
            if written >= wanted:
                return


main()
