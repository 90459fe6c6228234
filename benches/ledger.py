#!/usr/bin/env python3
"""How long does a night take when the ledger knows ten million addresses?

    benches/ledger.py [ADDRESSES [SHARE_OF_EVENTS [NEW]]]

Builds a ledger through the command line - of an imported list and, for a share of the
addresses, of events - and then takes in NEW bounces, half of them of addresses that are
known. Prints wall clock, processor time and peak memory of each run, and the sizes of what
came of it. Works in a folder below $TMPDIR, which needs about 1 kB an address, and deletes
it. Wants the release build.
"""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

ADDRESSES = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
SHARE = float(sys.argv[2]) if len(sys.argv) > 2 else 0.1
NEW = int(sys.argv[3]) if len(sys.argv) > 3 else 1_000
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
BOUNCE = os.path.join(ROOT, "target", "release", "bounce")
NOW = 1_795_478_400  # 2026-11-24
DAYS = 1_000


def domain(n):
    """A few large providers have 40 % of the addresses, as in real lists."""
    if n % 5 < 2:
        return f"mail{n % 5}.example"
    return f"d{n * 2_654_435_761 % 200_000}.example"


def address(n):
    return f"person.{n * 40_503 % 16_777_216:x}{n}@{domain(n)}"


def event(n, at, who):
    mailbox = f"sales{n % 20}@acme.example"
    return json.dumps({
        "schema": 1, "event_id": f"{n * 0x9E3779B97F4A7C15 % 2**64:016x}{n:016x}",
        "event_type": "bounce.hard", "kind": "failed",
        "occurred_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at)),
        "classified_at": "2026-11-24T00:00:00Z", "workspace": "default", "mailbox": mailbox,
        "stream": "campaign", "campaign_id": f"c{n % 50}", "recipient": who,
        "recipient_domain": who.split("@")[1], "smtp_code": 550, "enhanced_code": "5.1.1",
        "smtp_message": "The email account that you tried to reach does not exist",
        "category": "hard_bounce", "reason": "userunknown", "fault": "recipient",
        "confidence": 0.98, "held": False, "confirmed": True, "decided_by": "rule:no-account",
        "evidence": "does not exist", "retry_strategy": "never", "proof": "returned",
        "subject": "A word about your invoices", "format": "rfc3464",
        "origin": {"file": "bounces.mbox", "index": n},
    }, separators=(",", ":")) + "\n"


def run(what, args, stdin=None):
    begin = time.time()
    process = subprocess.Popen([BOUNCE, "suppress", *args, "--out", out, "-v",
                                "--now", "2026-11-24"], stdin=stdin,
                               stderr=subprocess.PIPE, text=True)
    told = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{what}: {told}")
    wall = time.time() - begin
    cpu = usage.ru_utime + usage.ru_stime
    print(f"{what}: {wall:.1f} s, {cpu:.1f} s of processor, {usage.ru_maxrss / 1024:.0f} MB")
    for line in told.splitlines():
        if "files" in line:
            print("   ", line.removeprefix("bounce: "))
    sys.stdout.flush()


def sizes():
    for folder, _, names in os.walk(out):
        for name in sorted(names):
            size = os.path.getsize(os.path.join(folder, name))
            if size > 50_000_000:
                print(f"    {size / 1e6:8.0f} MB  {name}")


work = tempfile.mkdtemp(prefix="bounce-ledger-")
out = os.path.join(work, "lists")
try:
    random.seed(7)
    events = int(ADDRESSES * SHARE)
    path = os.path.join(work, "input")
    with open(path, "w") as f:
        for n in range(events):
            f.write(event(n, NOW - 86_400 - random.randrange(DAYS * 86_400), address(n)))
    run(f"{events} events", [path])
    with open(path, "w") as f:
        f.writelines(address(n) + "\n" for n in range(events, ADDRESSES))
    run(f"{ADDRESSES - events} imported addresses", ["import", path])
    sizes()
    with open(path, "w") as f:
        for n in range(NEW):
            who = address(random.randrange(ADDRESSES) if n % 2 else ADDRESSES + n)
            f.write(event(2**40 + n, NOW - 3_600 - n % 36_000, who))
    run(f"{NEW} new bounces", [path])
    run("the same again", [path])
    run("nothing new", ["/dev/null"])
finally:
    shutil.rmtree(work, ignore_errors=True)
