#!/usr/bin/env bash
# bounce beside other programs, on the same mails in the same run.
#   cargo build --release && benches/compare.sh [MB]
# MB: size of the mailbox (10). Needs Python 3, GNU time; flufl.bounce (PyPI) and
# Mail::DeliveryStatus::BounceParser (Debian: libmail-deliverystatus-bounceparser-perl)
# where they are to be compared. PYTHON names another python3. BOUNCE_CORPUS: a folder with
# labels-work.tsv and mails/, for what is found in real mails.
set -u
cd "$(dirname "$0")/.."
bin=${BOUNCE:-target/release/bounce}
python=${PYTHON:-python3}
mb=${1:-10}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
benches/mbox.py "$mb" > "$dir/mbox"
$python benches/rivals.py split "$dir/mbox" "$dir/mails"
bytes=$(stat -c %s "$dir/mbox")
mails=$(ls "$dir/mails" | wc -l)

# Seconds of processor time and of the clock, peak memory, MB and milliseconds a mail.
clock() {
  local name=$1
  shift
  /usr/bin/time -o "$dir/time" -f '%e %U %S %M' "$@" > "$dir/out" 2> "$dir/err" || { echo "$name: not here"; return; }
  read -r e u s kb < <(tail -1 "$dir/time")
  awk -v n="$name" -v e="$e" -v c="$(echo "$u $s" | awk '{print $1 + $2}')" -v kb="$kb" -v b="$bytes" -v m="$mails" \
    'BEGIN { c = c > 0.01 ? c : 0.01; printf "%-28s %8.2f %8.2f %8.1f %10.3f %6d\n", n, e, c, b / 1e6 / c, c * 1000 / m, kb / 1024 }'
}

printf '%d mails, %d MB\n%-28s %8s %8s %8s %10s %6s\n' "$mails" "$((bytes / 1000000))" program seconds cpu MB/cpu-s ms/mail MB
clock 'wc -l' wc -l "$dir/mbox"
clock "grep -c '^From '" grep -c '^From ' "$dir/mbox"
clock 'bounce, mbox' "$bin" classify --now 2026-11-24 "$dir/mbox"
clock 'bounce, folder' "$bin" classify --now 2026-11-24 "$dir/mails"
clock 'flufl.bounce' "$python" benches/rivals.py flufl "$dir/mails"
clock 'Mail::DeliveryStatus::B…' perl benches/rivals.pl "$dir/mails"

# Which of the reported recipients each finds.
found() {
  echo
  echo "$1"
  "$bin" classify --format ndjson --now 2026-11-24 "$2" 2> "$dir/err" | $python benches/rivals.py events > "$dir/bounce"
  $python benches/rivals.py flufl "$2" > "$dir/flufl" 2> "$dir/err"
  perl benches/rivals.pl "$2" > "$dir/perl" 2> "$dir/err"
  $python benches/rivals.py score "$3" "$dir/bounce" "$dir/flufl" "$dir/perl"
}
$python benches/rivals.py gather testdata "$dir/samples" > "$dir/labels"
found 'testdata/mail (ours)' "$dir/samples" "$dir/labels"
if [ -n "${BOUNCE_CORPUS:-}" ]; then
  mkdir "$dir/real"
  cut -f 1 "$BOUNCE_CORPUS/labels-work.tsv" | sort -u | while read -r f; do
    [ -f "$BOUNCE_CORPUS/mails/$f" ] && cp "$BOUNCE_CORPUS/mails/$f" "$dir/real/"
  done
  found "$BOUNCE_CORPUS/labels-work.tsv" "$dir/real" "$BOUNCE_CORPUS/labels-work.tsv"
fi
