#!/usr/bin/env bash
# Nonsense at full size: each input must end by itself, without a panic, in bounded memory.
#   cargo build --release && benches/hostile.sh
# Prints seconds, peak memory and exit status of each. Needs GNU time and Python 3.
set -u
cd "$(dirname "$0")/.."
bin=${BOUNCE:-target/release/bounce}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
demo=testdata/demo/bounces.mbox
python3 - "$dir" "$demo" <<'PY'
import gzip, os, random, sys
d, demo = sys.argv[1], open(sys.argv[2], "rb").read()
def put(name, *parts):
    with open(os.path.join(d, name), "wb") as f:
        for p in parts: f.write(p)
head = b"From a@example.com Mon Jan  5 10:00:00 2026\nFrom: MAILER-DAEMON@example.com\nSubject: Undelivered Mail\n"
put("empty", b"")
random.seed(1); put("binary", random.randbytes(20_000_000))
put("long-line", demo, head, b"\n" + b"x" * 100_000_000 + b"\n\n", demo)
put("long-subject", demo, head, b"X: " + b"y" * 100_000_000 + b"\n\nbody\n\n", demo)
put("million-fields", demo, head, b"Received: by x\n" * 1_000_000, b"\nbody\n\n", demo)
put("nested-parts", demo, head, b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(20_000)), b"\n", demo)
put("million-parts", demo, head, b"Content-Type: multipart/mixed; boundary=b\n\n", b"--b\n\nx\n" * 1_000_000, b"\n", demo)
put("nested-mails", demo, head, b"Content-Type: message/rfc822\n\n" * 200_000, b"\n", demo)
put("parentheses", demo, head, b"To: " + b"(" * 1_000_000 + b"\n\n<u@example.com>: 550 " + b"(" * 1_000_000 + b"\n\n", demo)
put("at-signs", demo, head, b"\n" + b"<a@b.example>: no\n" * 500_000 + b"@" * 1_000_000 + b"\n\n", demo)
put("many-recipients", demo, head, b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nx\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n", b"".join(b"Final-Recipient: rfc822; u%d@example.com\nAction: failed\nStatus: 5.1.1\n\n" % i for i in range(10_000)), b"--b--\n\n", demo)
put("broken-base64", demo, head, b"Content-Transfer-Encoding: base64\n\n" + b"A=!" * 3_000_000 + b"\n\n", demo)
put("nul", demo, head, b"\n" + b"\0" * 5_000_000 + b"\n\n", demo)
whole = gzip.compress(demo * 50); put("cut-off.gz", whole[: len(whole) // 2])
put("bomb.gz", gzip.compress(b"\n" * 1_000_000_000, 9))
put("from-lines", b"From \n" * 3_000_000)
put("blank-lines", demo, b"\n" * 10_000_000, demo)
PY
printf '%-16s %8s %8s %5s %8s\n' input seconds MB exit events
for f in "$dir"/*; do
  events=$(/usr/bin/time -o "$dir/.t" -f '%e %M' timeout 60 "$bin" classify --now 2026-11-24 "$f" 2>"$dir/.err" | wc -l; exit "${PIPESTATUS[0]}")
  status=$?
  read -r s kb < <(tail -1 "$dir/.t")
  grep -q panicked "$dir/.err" && status="$status PANIC"
  printf '%-16s %8s %8s %5s %8s\n' "$(basename "$f")" "$s" $((kb / 1024)) "$status" "$events"
done
