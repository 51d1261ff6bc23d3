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
