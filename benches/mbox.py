#!/usr/bin/env python3
"""Write an mbox of SIZE MB of bounce mails to standard output.

  benches/mbox.py SIZE > /tmp/big.mbox

The mails are those of testdata/ in turn, three of the demo mailbox (mostly delivery
status notifications) for one of the layouts in words, each with its own ids and local
parts, so that no two are the same. They are as long as mails from real servers: with
the trace and signature fields that samples leave out, about 4.5 KB each. The same
SIZE gives the same bytes.
"""
import pathlib, re, sys

TRACE = b"""Received: from mx%d.relay.example (mx%d.relay.example [203.0.113.%d])
\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)
\t key-exchange X25519 server-signature RSA-PSS (2048 bits) server-digest SHA256)
\t(No client certificate requested)
\tby in.acme.example (Postfix) with ESMTPS id 4Xfpc3m%07d
\tfor <sales1@acme.example>; Mon,  2 Nov 2026 09:12:44 +0100 (CET)
"""
SIGNED = b"""DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=acme.example; s=k%d;
\tt=1793607164; h=from:to:subject:date:message-id:mime-version:content-type;
\tbh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
\tb=mCk2Wz1D8vN4qRt7uYxB3eF6hJ9lPoS0aGdKiLwMvCzXnTbQrEyUfHjVgNpRsAtWxZ
\t kOlIuYtReWqAsDfGhJkLzXcVbNmQwErTyUiOpAsDfGhJkLzXcVbNm1234567890QwErTy
\t UiOpAsDfGhJkLzXcVbNmQwErTyUiOpAsDfGhJkLzXcVbNmQwErTyUiOpAsDfGhJkLz==
"""

root = pathlib.Path(__file__).resolve().parent.parent / "testdata"
demo, layouts = [], []
mbox = (root / "demo" / "bounces.mbox").read_bytes()
for part in re.split(rb"\n\nFrom ", b"\n\n" + mbox)[1:]:
    demo.append(b"From " + part.rstrip(b"\n") + b"\n\n")
for path in sorted((root / "mail").glob("*/*.eml")):
    raw = path.read_bytes()
    if b"\x00" in raw or b"\r" in raw:
        continue
    raw = re.sub(rb"(?m)^(>*From )", rb">\1", raw)
    layouts.append(b"From MAILER-DAEMON Mon Nov  2 08:12:44 2026\n" + raw.rstrip(b"\n") + b"\n\n")

# Numbers of seven digits and more are ids; local parts get a number.
ids = re.compile(rb"\d{7,}")
local = re.compile(rb"([A-Za-z][A-Za-z.]{2,})@([a-z-]+\.example)")
# Where the header of a returned message begins.
inner = re.compile(rb"(Content-Type: (?:message/rfc822|text/rfc822-headers)[^\n]*\n(?:[^\n]+\n)*\n)")
want, written, n = int(sys.argv[1]) * 1_000_000, 0, 0
out = sys.stdout.buffer
while written < want:
    mail = layouts[n // 4 % len(layouts)] if n % 4 == 3 else demo[(n - n // 4) % len(demo)]
    tag = b"%07d" % (n % 10_000_000)
    trace = b"".join(TRACE % (i, i, i, n % 10_000_000) for i in (1, 2)) + SIGNED % (n % 9)
    first, rest = mail.split(b"\n", 1)
    mail = first + b"\n" + trace + inner.sub(lambda m: m[1] + trace, rest, 1)
    mail = ids.sub(lambda m: m[0][:-7] + tag, mail)
    mail = local.sub(lambda m: m[1] + tag[-5:] + b"@" + m[2], mail)
    written += out.write(mail)
    n += 1
