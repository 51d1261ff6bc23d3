#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# On real Xen: two guests take turns with a workload larger than half of what
# they share, each with a swap disk of its own; who does not have the turn keeps
# what it has and does nothing.  A turn ends when so many pages have been read,
# however fast the machine is at that time.  Engines in an order that is another
# one in each round, in the same boot; before each run both guests warm up with
# half of the room and without a daemon.  The figure is how many pages are swapped
# in for so many that are read under "demand", for one under the better of the
# others; medians of all rounds.
#
# Each turn costs "demand" what has to come in again once, and the time until the
# other guest is seen to be well, some ten seconds: the shorter the turns, the
# less there is to gain.  100,000 reads take 30 to 100 s.
# shellcheck source=tests/bench/common.sh
. "$top/tests/bench/common.sh"

engines=${ENGINES:-proportional qmemman demand}
rounds=${ROUNDS:-3}
reads=${READS:-200000}

"$top/scripts/setup" build lab
"$top/scripts/build"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$top/tests/lab/lab" run --mem 2048 --dom0-mem 1024 --timeout 7200 -- \
    "$top/tests/bench/engines-real-dom0.sh" "$engines" "$rounds" "$reads" |
    tee /dev/stderr | grep -E '^(turns|taken) ' >"$work/figures"

median() {
    sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] + 0 }'
}
range() {
    sort -n | sed -n '1p;$p' | tr '\n' ' ' | sed 's/ $//; s/ / to /'
}
# Of a guest, a line per run.
column() { # ENGINE GUEST COLUMN
    awk -v engine="$1" -v guest="$2" -v column="$3" '
        $1 == "turns" && $2 == engine && $3 == guest { print $column }' \
        "$work/figures"
}
# Reads in a second of its turns, likewise.
work_done() { # ENGINE GUEST
    paste -d ' ' <(column "$1" "$2" 8) <(column "$1" "$2" 10) |
        awk '{ printf "%.0f\n", $2 ? $1 * 1000 / $2 : 0 }'
}
# Pages swapped in for 1,000 that are read, by both guests, a line per run.
misses() { # ENGINE
    awk -v engine="$1" '$1 == "turns" && $2 == engine {
        in_pages += $4
        reads += $8
        if (++n % 2 == 0) {
            printf "%.1f\n", reads ? in_pages * 1000 / reads : 0
            in_pages = reads = 0
        } }' "$work/figures"
}

printf '%-13s %-6s %8s %8s %8s %8s %8s %8s\n' engine guest swap-in swap-out \
    some/ms full/ms reads reads/s
for engine in $engines; do
    for guest in left right; do
        printf '%-13s %-6s %8s %8s %8s %8s %8s %8s\n' "$engine" "$guest" \
            "$(column "$engine" "$guest" 4 | median)" \
            "$(column "$engine" "$guest" 5 | median)" \
            "$(column "$engine" "$guest" 6 | median)" \
            "$(column "$engine" "$guest" 7 | median)" \
            "$(column "$engine" "$guest" 8 | median)" \
            "$(work_done "$engine" "$guest" | median)"
    done
done
best=
for engine in $engines; do
    in=$(misses "$engine" | median)
    echo "$engine: $in pages swapped in for 1000 read ($(misses "$engine" | range))"
    if [ "$engine" = demand ]; then
        demand=$in
    else
        best=$(printf '%s\n' "${best:-$in}" "$in" | sort -n | head -n 1)
    fi
done
runs=$(grep -c '^taken ' "$work/figures")
# By the daemon's events, and by the guests' own word.
taken=$(awk '$1 == "taken" { sum += $3 + $5 } END { print sum + 0 }' "$work/figures")
seen=$(awk '$1 == "taken" { sum += $6 } END { print sum + 0 }' "$work/figures")
bad=$(awk '$1 == "turns" { sum += $9 } END { print sum + 0 }' "$work/figures")
echo "seen to thrash $seen times in $runs runs; taken from who did: $taken KiB;" \
    "pages lost: $bad"
ratio=$(awk "BEGIN { printf \"%.2f\", $demand / $best }")
bench_verdict engines-real "$ratio" '<= 0.50' \
    "$ratio <= 0.5 && $taken == 0 && $seen > 0 && $bad == 0 && \
     $runs >= 3 * $(wc -w <<<"$engines")"
