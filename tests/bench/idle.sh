#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What the daemon costs when nothing happens: CPU time and memory, with 100
# simulated domains and with six guests on real Xen (on an emulated processor,
# many times slower than a real one).
# shellcheck source=tests/bench/common.sh
. "$top/tests/bench/common.sh"

seconds=30

bench_make balancerd/balancerd
work=$(mktemp -d)
bench_pid=
cleanup() {
    if [ -n "$bench_pid" ]; then
        kill "$bench_pid"
        wait "$bench_pid"
    fi
    rm -rf "$work"
}
trap cleanup EXIT

: >"$work/balancerd.conf"
bench_hundred "$work"
percent=$(bench_cpu_percent $seconds)
rss_kib=$(bench_rss_kib)
per_minute=$(awk "BEGIN { printf \"%.4f\", $percent * 60 / 100 }")
echo "100 domains: $per_minute CPU seconds per minute, RSS $rss_kib KiB"

"$top/scripts/setup" build lab
"$top/scripts/build"
line=$("$top/tests/lab/lab" run --mem 1536 --dom0-mem 384 --timeout 300 -- \
    "$top/tests/bench/idle-dom0.sh" | tee /dev/stderr | grep '^idle-xen ')
read -r _ cpu_ns wall_ms xen_rss_kib <<<"$line"
xen_percent=$(awk "BEGIN { printf \"%.4f\", $cpu_ns / ($wall_ms * 1e6) * 100 }")
xen_minute=$(awk "BEGIN { printf \"%.4f\", $cpu_ns / $wall_ms * 60 / 1e6 }")
echo "6 guests on Xen: $xen_minute CPU seconds per minute, RSS $xen_rss_kib KiB"
bench_verdict idle "100 domains $percent % of a core, $rss_kib KiB; \
Xen $xen_percent %, $xen_rss_kib KiB" '< 0.1 %, < 10240 KiB' \
    "$percent < 0.1 && $rss_kib < 10240 && \
     $xen_percent < 0.1 && $xen_rss_kib < 10240"
