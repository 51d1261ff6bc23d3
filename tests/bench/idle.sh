#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What the daemon costs when nothing happens: CPU time and memory, with 100
# simulated domains and with six guests on real Xen (on an emulated processor,
# many times slower than a real one).
# shellcheck source=tests/bench/common.sh
. "$top/tests/bench/common.sh"

seconds=30
deadline_s=10

bench_make balancerd/balancerd
work=$(mktemp -d)
pid=
cleanup() {
    if [ -n "$pid" ]; then
        kill "$pid"
        wait "$pid"
    fi
    rm -rf "$work"
}
trap cleanup EXIT

cat >"$work/host.scn" <<'END'
# why: a hundred domains that have what they should have
[host]
free = 72MiB

[domain 1-100]
dynamic-min = 512MiB
memory = 1GiB
dynamic-max = 2GiB
static-max = 2GiB
inaccuracy = 4
END
: >"$work/balancerd.conf"
"$bench_build/balancerd/balancerd" --config "$work/balancerd.conf" \
    --host="sim:$work/host.scn" --socket "$work/socket" >"$work/log" 2>&1 &
pid=$!

# CPU seconds used so far: to the nanosecond, or at least to the clock tick.
cpu_s() {
    if [ -r "/proc/$pid/schedstat" ]; then
        awk '{ printf "%.6f\n", $1 / 1e9 }' "/proc/$pid/schedstat"
    else
        awk -v hz="$(getconf CLK_TCK)" \
            '{ printf "%.6f\n", ($14 + $15) / hz }' "/proc/$pid/stat"
    fi
}

for ((i = 0; i < deadline_s * 10; i++)); do
    [ ! -S "$work/socket" ] || break
    sleep 0.1
done
if [ ! -S "$work/socket" ]; then
    cat "$work/log" >&2
    exit 1
fi

started=$(cpu_s)
sleep $seconds
used=$(awk "BEGIN { print $(cpu_s) - $started }")
rss_kib=$(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status")

percent=$(awk "BEGIN { printf \"%.4f\", $used / $seconds * 100 }")
per_minute=$(awk "BEGIN { printf \"%.4f\", $used / $seconds * 60 }")
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
