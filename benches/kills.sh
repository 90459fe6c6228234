#!/usr/bin/env bash
# Kills `bounce suppress` at random moments, again and again, and checks that no list is
# ever torn, empty or short, and that the lists at the end are those of one undisturbed run.
#
#   benches/kills.sh [TIMES]
set -euo pipefail
cd "$(dirname "$0")/.."
BOUNCE_KILLS=${1:-1000} cargo test --test main -- --ignored --nocapture s7_a_thousand_kills
