#!/usr/bin/env python3
"""Write an mbox of SIZE MB of bounce mails to standard output.

  benches/mbox.py SIZE > /tmp/big.mbox

The mails are those of testdata/ in turn, each with its own numbers: every digit of
a Message-ID, queue id or address's local part differs from copy to copy, so that no
two mails are the same. The same SIZE gives the same bytes.
"""
import pathlib, re, sys

root = pathlib.Path(__file__).resolve().parent.parent / "testdata"
mails = []
mbox = (root / "demo" / "bounces.mbox").read_bytes()
for part in re.split(rb"\n\nFrom ", b"\n\n" + mbox)[1:]:
    mails.append(b"From " + part.rstrip(b"\n") + b"\n\n")
for path in sorted((root / "mail").glob("*/*.eml")):
    raw = path.read_bytes()
    if b"\x00" in raw or b"\r" in raw:
        continue
    raw = re.sub(rb"(?m)^(>*From )", rb">\1", raw)
    mails.append(b"From MAILER-DAEMON Mon Nov  2 08:12:44 2026\n" + raw.rstrip(b"\n") + b"\n\n")

# Numbers of seven digits and more are ids; local parts get a number.
ids = re.compile(rb"\d{7,}")
local = re.compile(rb"([A-Za-z][A-Za-z.]{2,})@([a-z-]+\.example)")
want, written, n = int(sys.argv[1]) * 1_000_000, 0, 0
out = sys.stdout.buffer
while written < want:
    mail = mails[n % len(mails)]
    tag = b"%07d" % (n % 10_000_000)
    mail = ids.sub(lambda m: m[0][:-7] + tag, mail)
    mail = local.sub(lambda m: m[1] + tag[-5:] + b"@" + m[2], mail)
    written += out.write(mail)
    n += 1
