#!/usr/bin/env bash
# Time and memory by the size of the input, through a pipe.
#   cargo build --release && benches/sizes.sh [TIMES...]
# TIMES: how often a mailbox of 10 MB is read (1 10 100 1000: 10 MB to 10 GB). Needs GNU time.
set -u
cd "$(dirname "$0")/.."
bin=${BOUNCE:-target/release/bounce}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
benches/mbox.py 10 > "$dir/mbox"
bytes=$(stat -c %s "$dir/mbox")
[ $# -gt 0 ] || set -- 1 10 100 1000
printf '%10s %9s %9s %10s %12s %8s %7s\n' MB seconds cpu ms/MB mails us/mail 'peak MB'
for times in "$@"; do
  mails=$(($(grep -c '^From ' "$dir/mbox") * times))
  for _ in $(seq "$times"); do cat "$dir/mbox"; done |
    /usr/bin/time -o "$dir/time" -f '%e %U %S %M' "$bin" classify --now 2026-11-24 - > /dev/null
  read -r e u s kb < <(tail -1 "$dir/time")
  awk -v e="$e" -v u="$u" -v s="$s" -v kb="$kb" -v mb="$((bytes * times / 1000000))" -v m="$mails" \
    'BEGIN { c = u + s; printf "%10d %9.1f %9.1f %10.2f %12d %8.0f %7d\n", mb, e, c, c * 1000 / mb, m, c * 1e6 / m, kb / 1024 }'
done
