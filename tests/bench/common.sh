# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# What benches share; sourced by them.
set -euo pipefail

: "${top:?run it with tests/bench/run}"
# An optimised build of its own, apart from the one that tests use.
bench_build=$top/build-bench
export bench_build

# Builds the targets named.
bench_make() {
    local target arguments=()

    for target in "$@"; do
        arguments+=(--target "$target")
    done
    "$top/scripts/build" --dir build-bench "${arguments[@]}" CFLAGS=-O2
}

# The last line of a bench, and its exit status: NAME FIGURE BOUND CONDITION,
# where CONDITION is one of awk on numbers, as "12.5 <= 20".
bench_verdict() {
    echo "$1: $2 ($3)"
    awk "BEGIN { exit !($4) }"
}

# A daemon with 100 simulated domains at rest, in the directory DIR with what
# its balancerd.conf says; it answers.  bench_pid is its process.
bench_hundred() { # DIR
    local i

    cat >"$1/host.scn" <<'END'
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
    "$bench_build/balancerd/balancerd" --config "$1/balancerd.conf" \
        --host="sim:$1/host.scn" --socket "$1/socket" >"$1/log" 2>&1 &
    bench_pid=$!
    for ((i = 0; i < 100; i++)); do
        [ ! -S "$1/socket" ] || return 0
        sleep 0.1
    done
    cat "$1/log" >&2
    kill "$bench_pid"
    return 1
}

# CPU seconds that it used so far, and the memory that it has.
bench_cpu_s() {
    awk '{ printf "%.6f\n", $1 / 1e9 }' "/proc/$bench_pid/schedstat"
}
bench_rss_kib() {
    sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$bench_pid/status"
}
# Percent of a core over so many seconds.
bench_cpu_percent() { # SECONDS
    local before

    before=$(bench_cpu_s)
    sleep "$1"
    awk "BEGIN { printf \"%.4f\", ($(bench_cpu_s) - $before) / $1 * 100 }"
}
