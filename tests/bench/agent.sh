#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What balancer-agent costs the guest it runs in, at rest and while the guest
# swaps (on an emulated processor, many times slower than a real one): CPU
# time, memory, writes to xenstore.  Linked dynamically its private memory
# counts, linked statically all of it.
# shellcheck source=tests/bench/common.sh
. "$top/tests/bench/common.sh"

"$top/scripts/setup" build lab
agent=balancerd/guest/balancer-agent
"$top/scripts/build" --dir build-bench-static --target $agent \
    --enable-static-agent CFLAGS=-O2
work=$(mktemp -d)
pid=
trap 'kill $pid; rm -rf "$work"' EXIT
"$top/build-bench-static/$agent" --print >"$work/out" 2>&1 &
pid=$!
for _ in {1..100}; do
    [ ! -s "$work/out" ] || break
    sleep 0.1
done
static_kib=$(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status")

"$top/scripts/build"
"$top/tests/lab/lab" run --mem 1024 --dom0-mem 512 --timeout 400 -- \
    "$top/tests/bench/agent-dom0.sh" | tee /dev/stderr |
    grep '^agent-xen ' >"$work/figures"

# figure STATE FIELD: 3 CPU ns, 4 wall ms, 5 writes, 6 RSS, 7 private
figure() {
    awk -v state="$1" -v field="$2" '$2 == state { print $field }' \
        "$work/figures"
}
# per_minute STATE FIELD UNIT
per_minute() {
    awk -v n="$(figure "$1" "$2")" -v ms="$(figure "$1" 4)" -v unit="$3" \
        'BEGIN { printf "%.1f\n", n / unit / ms * 60000 }'
}
idle_cpu_ms=$(per_minute idle 3 1e6)
busy_cpu_ms=$(per_minute busy 3 1e6)
idle_writes=$(per_minute idle 5 1)
busy_writes=$(per_minute busy 5 1)
private_kib=$(figure busy 7)
echo "a guest at rest: $idle_cpu_ms ms of CPU, $idle_writes writes a minute"
echo "one that swaps: $busy_cpu_ms ms of CPU, $busy_writes writes a minute"
echo "memory: $(figure busy 6) KiB, of them $private_kib KiB private;" \
    "linked statically $static_kib KiB"
bench_verdict agent "private $private_kib KiB, static $static_kib KiB; \
writes a minute $idle_writes idle, $busy_writes busy; \
CPU $idle_cpu_ms ms, $busy_cpu_ms ms" '< 1024 KiB, <= 12 and <= 63 writes' \
    "$private_kib < 1024 && $static_kib < 1024 && \
     $idle_writes <= 12 && $busy_writes <= 63"
