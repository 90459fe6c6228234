#!/usr/bin/env python3
"""`bounce report` against DuckDB: the same four groupings of the same files.

  benches/report.py [ROWS] [BOUNCES] [FOLDER]      5000000 200000 /tmp/bounce-report

Makes a sent log (CSV: time, mailbox, recipient, campaign, step, message-id; 100 bytes a
row) and an export of bounces, classifies that with `bounce classify`, and then times, in
turn and three times each, on the same two cores:

  bounce report events.ndjson --sent sent.csv --threads 2
  DuckDB: sent and bounced recipients by mailbox, domain, campaign and day

DuckDB is given the columns and their types, reads the CSV once into a table of the
columns that it needs, joins each bounce with the mail that it answers (by message-id),
and counts distinct recipients, as the report does. The sums of both are compared: `sent`
and `bounced` of every group. Prints the best wall-clock time, processor time and peak
memory of each; fails if the sums differ. Needs the Python package `duckdb`.
"""
import json
import os
import resource
import subprocess
import sys
import time

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000_000
BOUNCES = int(sys.argv[2]) if len(sys.argv) > 2 else 200_000
FOLDER = sys.argv[3] if len(sys.argv) > 3 else "/tmp/bounce-report"
BOUNCE = os.environ.get("BOUNCE", "target/release/bounce")
NOW = "2026-12-01"
SENT, EXPORT, EVENTS = (f"{FOLDER}/{name}" for name in ("sent.csv", "bounces.csv", "events.ndjson"))
REPLIES = [
    "550 5.1.1 <%s>: Recipient address rejected: User unknown",
    "550 5.1.1 The email account that you tried to reach does not exist (%s)",
    "552 5.2.2 <%s>: user is over quota",
    "554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using zen.spamhaus.org",
    "451 4.7.1 <%s>: Greylisted, try again later",
]
RUNS = 3


def moment(n, later=0):
    day, second = 1 + n * 28 // ROWS, min(86_399, n * 7919 % 86_400 + later)
    return "2026-11-%02dT%02d:%02d:%02dZ" % (day, second // 3600, second // 60 % 60, second % 60)


def make():
    os.makedirs(FOLDER, exist_ok=True)
    step = max(1, ROWS // max(1, BOUNCES))
    with open(SENT, "w") as sent, open(EXPORT, "w") as export:
        sent.write("sent_at,mailbox,recipient,campaign_id,sequence_step_id,message_id\n")
        export.write("occurred_at,kind,recipient,smtp_message,message_id\n")
        block, written = [], 0
        for n in range(ROWS):
            to = "person.%d@domain%d.example" % (n, n * 31 % 20011)
            ident = "%012x@acme.example" % (n * 2654435761 % 2**48)
            block.append("%s,sales%d@acme.example,%s,campaign-%d,%d,<%s>\n"
                         % (moment(n), n % 500, to, n % 40, n % 4, ident))
            if n % step == 0 and written < BOUNCES:
                reply = REPLIES[written % len(REPLIES)]
                reply = reply % to if "%s" in reply else reply
                export.write('%s,bounced,%s,"%s",<%s>\n' % (moment(n, 40), to, reply, ident))
                written += 1
            if len(block) == 100_000:
                sent.write("".join(block))
                block.clear()
        sent.write("".join(block))
    with open(EVENTS, "w") as events:
        subprocess.run([BOUNCE, "classify", EXPORT, "--now", NOW], stdout=events, check=True)


def ours():
    command = [BOUNCE, "report", EVENTS, "--sent", SENT, "--threads", "2", "--now", NOW, "--format", "json"]
    report = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return {by: {g["key"]: (g["sent"], g["bounced"]) for g in report["by"][by]}
            for by in ("mailbox", "domain", "campaign", "day")}


def theirs():
    import duckdb
    con = duckdb.connect(config={"threads": 2})
    con.execute(f"""
        CREATE TABLE sent AS SELECT mailbox, recipient, split_part(recipient, '@', 2) AS domain,
               campaign_id AS campaign, sent_at::DATE AS day, trim(message_id, '<>') AS message_id
        FROM read_csv('{SENT}', header = true, delim = ',', quote = '', columns = {{
            'sent_at': 'TIMESTAMP', 'mailbox': 'VARCHAR', 'recipient': 'VARCHAR', 'campaign_id': 'VARCHAR',
            'sequence_step_id': 'VARCHAR', 'message_id': 'VARCHAR'}})""")
    con.execute(f"""
        CREATE TABLE bounced AS SELECT s.mailbox, s.recipient, s.domain, s.campaign, e.occurred_at::DATE AS day
        FROM read_json('{EVENTS}', format = 'newline_delimited', columns = {{
            'kind': 'VARCHAR', 'fault': 'VARCHAR', 'occurred_at': 'TIMESTAMP', 'message_id': 'VARCHAR'}}) AS e
        JOIN sent AS s USING (message_id)
        WHERE e.kind = 'failed' AND e.fault <> 'sender'""")
    out = {}
    for by in ("mailbox", "domain", "campaign", "day"):
        rows = con.execute(f"""
            SELECT {by}::VARCHAR, coalesce(s.n, 0), coalesce(b.n, 0)
            FROM (SELECT {by}, count(*) AS n FROM sent GROUP BY {by}) AS s
            FULL JOIN (SELECT {by}, count(DISTINCT recipient) AS n FROM bounced GROUP BY {by}) AS b USING ({by})
            """).fetchall()
        out[by] = {key: (sent, bounced) for key, sent, bounced in rows}
    return out


def measured(which):
    """A run in a process of its own: seconds, processor seconds, MB, the sums."""
    read, write = os.pipe()
    start, child = time.monotonic(), os.fork()
    if child == 0:
        os.close(read)
        # For DuckDB this process is the one that is measured, and reading the sums is no part of it.
        sums = ours() if which == "bounce" else theirs()
        used = resource.getrusage(resource.RUSAGE_CHILDREN if which == "bounce" else resource.RUSAGE_SELF)
        with os.fdopen(write, "w") as out:
            json.dump([time.monotonic() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, sums], out)
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as got:
        text = got.read()
    os.waitpid(child, 0)
    return json.loads(text)


def main():
    if not all(os.path.exists(name) for name in (SENT, EVENTS)):
        make()
    size = os.path.getsize(SENT) / 1e6
    print(f"{ROWS} sent rows ({size:.0f} MB), {BOUNCES} bounces ({os.path.getsize(EVENTS) / 1e6:.0f} MB)")
    best, sums = {}, {}
    for _ in range(RUNS):
        for which in ("bounce", "duckdb"):
            seconds, used, memory, sums[which] = measured(which)
            print(f"  {which:7} {seconds:6.2f} s, {used:6.2f} s of processor time, {memory:5.0f} MB")
            old = best.get(which, (seconds, used, memory))
            best[which] = (min(old[0], seconds), min(old[1], used), max(old[2], memory))
    for by, groups in sums["duckdb"].items():
        other = sums["bounce"][by]
        wrong = [k for k in groups.keys() | other.keys() if groups.get(k) != other.get(k)]
        if wrong:
            sys.exit(f"{by}: {len(wrong)} groups differ, such as {wrong[0]}: DuckDB {groups.get(wrong[0])}, "
                     f"bounce {other.get(wrong[0])}")
        print(f"  {by}: {len(groups)} groups agree")
    (a, ac, am), (b, bc, bm) = best["bounce"], best["duckdb"]
    print(f"bounce {a:.2f} s ({ac:.2f} s of processor time, {am:.0f} MB), DuckDB {b:.2f} s ({bc:.2f} s, {bm:.0f} MB): "
          f"{a / b:.2f} times, {ac / bc:.2f} of processor time")


main()
