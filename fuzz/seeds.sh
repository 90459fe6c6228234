#!/bin/sh
# Makes the seeds of the targets from testdata/.
set -eu
cd "$(dirname "$0")"
mkdir -p corpus/mail corpus/mbox corpus/rows corpus/logs corpus/dates corpus/text corpus/rules corpus/policy

find ../testdata -name '*.eml' |
  while read -r file; do cp "$file" "corpus/mail/$(echo "${file#../testdata/}" | tr / _)"; done
cp ../testdata/demo/bounces.mbox corpus/mbox/demo
# Two mails with their From_ lines, so that a seed is small.
for file in corpus/mail/*1.eml; do
  (echo "From a@example.com Mon Nov  2 09:00:00 2026"; cat "$file"; echo
   echo "From b@example.com Mon Nov  2 09:00:01 2026"; cat "$file") > "corpus/mbox/$(basename "$file")"
done
cp ../testdata/table/*.csv ../testdata/table/*.json corpus/rows/
cp ../testdata/table/*.log corpus/logs/
grep -rhi '^date:' corpus/mail | sed 's/^[^:]*: *//' | sort -u | head -300 |
  while read -r date; do printf '%s' "$date" > "corpus/dates/$(printf '%s' "$date" | cksum | tr -d ' ')"; done
cut -f 5 ../src/classify/rules.tsv | head -2000 | split -l 1 -a 4 - corpus/text/reply
split -l 8 -a 4 ../src/classify/rules.tsv corpus/rules/rules
cp ../testdata/policy/*.toml corpus/policy/
