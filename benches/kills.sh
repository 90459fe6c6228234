#!/usr/bin/env bash
# What a run of `bounce suppress` leaves behind when it is killed, when others run at the
# same time, when the disk is full or read-only. Parts that need root are left out without it.
#
#   benches/kills.sh [KILLS [RUNS]]
set -euo pipefail
cd "$(dirname "$0")/.."
export BOUNCE_KILLS=${1:-1000} BOUNCE_RUNS=${2:-50}
begin=$SECONDS
cargo test -q --test main -- --ignored --test-threads 1 s7_a_thousand_kills s7_fifty_runs
echo "$BOUNCE_KILLS kills, $BOUNCE_RUNS runs at the same time: $((SECONDS - begin)) s, nothing lost or torn"

[ "$(id -u)" = 0 ] || { echo "not root: no full disk, no read-only disk"; exit 0; }
cargo build -q
bounce=$PWD/target/debug/bounce
work=$(mktemp -d "${TMPDIR:-/tmp}/bounce-kills-XXXXXX")
disk=$work/disk
mkdir "$disk"
trap 'umount -q "$disk" || true; rm -rf "$work"' EXIT

# Bounces of a night, an address each.
night() {
    seq "$2" | awk -v n="$1" 'BEGIN { print "email,reason,date,mailbox" } {
        print "u" $1 "@night" n ".example,550 5.1.1 User unknown,2026-11-20T10:00:00Z,s" $1 % 5 "@acme.example" }'
}
suppress() { "$bounce" suppress "$1" --out "$2" --now 2026-11-24; }
# The lists without what depends on when they were made.
state() { (cd "$1" && find . -name '*.csv' -o -name '*.txt' | sort | xargs sha256sum); }

night 1 200 > "$work/one.csv"
night 2 4000 > "$work/two.csv"
# Of disks of every size up to one that is large enough: old or new, and status 1 or 0.
old=0 new=0
for kb in $(seq 900 250 12000); do
    mount -t tmpfs -o "size=${kb}k" none "$disk"
    if suppress "$work/one.csv" "$disk/lists" 2> "$work/told"; then
        cp -r "$disk/lists" "$work/before"
        if suppress "$work/two.csv" "$disk/lists" 2> "$work/told"; then status=0; else status=$?; fi
        count=$(wc -l < "$disk/lists/suppression.csv")
        case $status:$count in
            1:201) old=$((old + 1)); [ -s "$work/told" ] ;;
            1:4201) new=$((new + 1)); [ -s "$work/told" ] ;;
            0:4201) ;;
            *) echo "disk of $kb kB: status $status, $count lines"; exit 1 ;;
        esac
        for list in "$disk"/lists/*.csv "$disk"/lists/skip/*; do
            [ ! -s "$list" ] || [ "$(tail -c 1 "$list" | od -An -tx1)" = " 0a" ] ||
                { echo "$list is torn"; exit 1; }
        done
        # With room again, the next run puts everything right.
        cp -r "$disk/lists" "$work/after"
        suppress "$work/two.csv" "$work/after"
        suppress "$work/one.csv" "$work/once" && suppress "$work/two.csv" "$work/once"
        [ "$(state "$work/after")" = "$(state "$work/once")" ] || { echo "disk of $kb kB: not the same"; exit 1; }
        rm -rf "$work/before" "$work/after" "$work/once"
    fi
    umount "$disk"
    [ "${status:-1}" = 0 ] && break
done
echo "full disk: $old times the old lists, $new times new ones or both; the next run put it right"

# A disk that is read-only from one night to the next.
mount -t tmpfs -o size=64m none "$disk"
suppress "$work/one.csv" "$disk/lists"
before=$(state "$disk/lists")
mount -o remount,ro "$disk"
if suppress "$work/two.csv" "$disk/lists" 2> "$work/told"; then echo "wrote to a read-only disk"; exit 1; fi
[ -s "$work/told" ] && [ "$(state "$disk/lists")" = "$before" ]
mount -o remount,rw "$disk"
suppress "$work/two.csv" "$disk/lists"
[ "$(wc -l < "$disk/lists/suppression.csv")" = 4201 ]
echo "read-only disk: status 1, nothing changed; writable again: the new lists"
