#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Microseconds per tick() with 100, 1,000 and 10,000 simulated domains, quiet
# and in the middle of a squeeze, and what a process with them takes.
# shellcheck source=tests/bench/common.sh
. "$top/tests/bench/common.sh"

bench_make tests/bench/tick

printf '%8s %14s %16s %17s %9s\n' domains 'quiet tick/us' 'squeeze tick/us' \
    'observe alone/us' RSS/KiB
declare -A worst
for n in 100 1000 10000; do
    read -r quiet squeeze observe rss < <("$bench_build/tests/bench/tick" $n)
    printf '%8d %14d %16d %17d %9d\n' $n "$quiet" "$squeeze" "$observe" "$rss"
    worst[$n]=$((quiet > squeeze ? quiet : squeeze))
done

# Per domain a tick of 10,000 may cost three times one of 1,000 (squared
# it would be ten times): they no longer fit into the caches.
growth=$(awk "BEGIN { printf \"%.2f\", ${worst[10000]} / ${worst[1000]} / 10 }")
bench_verdict tick \
    "${worst[1000]} us for 1,000 domains, ${worst[10000]} us for 10,000, growth $growth" \
    '<= 1000 us, <= 10000 us, growth <= 3.00' \
    "${worst[1000]} <= 1000 && ${worst[10000]} <= 10000 && $growth <= 3"
