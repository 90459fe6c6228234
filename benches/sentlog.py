#!/usr/bin/env python3
"""Write a sent log of ROWS rows and the events of BOUNCES bounces that it should match.

  benches/sentlog.py ROWS BOUNCES LOG.csv EVENTS.ndjson

The log has a row a message, from 500 mailboxes in 40 campaigns over 30 days, about 100
bytes each. Of the events one of ten names a recipient that was never mailed to; half of
the others have the Message-ID of their mail, half only mailbox and address. The same
arguments give the same bytes.
"""
import sys

rows, bounces = int(sys.argv[1]), int(sys.argv[2])
STEP = max(1, rows // max(1, bounces))
EVENT = (
    '{"schema":1,"event_id":"%032x","event_type":"bounce.hard","kind":"failed","occurred_at":"%s",'
    '"classified_at":"2026-12-01T00:00:00Z","workspace":"default","mailbox":"sales%d@acme.example",'
    '"stream":"campaign","recipient":"%s","recipient_domain":"%s","smtp_code":550,'
    '"enhanced_code":"5.1.1","smtp_message":"550 5.1.1 User unknown","category":"hard_bounce",'
    '"reason":"userunknown","fault":"recipient","confidence":0.98,"held":false,"confirmed":true,'
    '"decided_by":"rule:user-unknown","evidence":"user unknown","retry_strategy":"never",'
    '"proof":"none"%s,"format":"rfc3464","origin":{"file":"bench.mbox","index":%d}}\n'
)


def moment(n):
    day, second = 1 + n * 30 // rows, n * 7919 % 86400
    return "2026-11-%02dT%02d:%02d:%02dZ" % (day, second // 3600, second // 60 % 60, second % 60)


with open(sys.argv[3], "w") as log, open(sys.argv[4], "w") as events:
    log.write("sent_at,mailbox,recipient,campaign_id,message_id\n")
    block, written = [], 0
    for n in range(rows):
        mailbox, domain = n % 500, "domain%d.example" % (n * 31 % 20011)
        recipient, ident = "person.%d@%s" % (n, domain), "%016x@acme.example" % (n * 2654435761)
        block.append("%s,sales%d@acme.example,%s,campaign-%d,<%s>\n"
                     % (moment(n), mailbox, recipient, n % 40, ident))
        if n % STEP == 0 and written < bounces:
            known = written % 10 != 9
            with_id = ',"message_id":"%s"' % ident if known and written % 2 else ""
            who = recipient if known else "never." + recipient
            # At the end of the same minute.
            events.write(EVENT % (n, moment(n)[:17] + "59Z", mailbox, who, domain, with_id, written))
            written += 1
        if len(block) == 100_000:
            log.write("".join(block))
            block.clear()
    log.write("".join(block))
