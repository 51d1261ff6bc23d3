#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# On real Xen: two guests take turns with a workload that needs more than half
# of what they share, each with a swap disk of its own; who does not have the
# turn keeps what it has and does nothing.  A turn ends when so many pages have
# been read, however fast the machine is at that time.  Engines in rotated order,
# in the same boot.  The figure is how many pages are swapped in for so many that
# are read under "demand", for one under the better of the others; medians of all
# rounds.
# shellcheck source=tests/bench/common.sh
. "$top/tests/bench/common.sh"

engines=${ENGINES:-proportional qmemman demand}
rounds=${ROUNDS:-3}
reads=${READS:-100000}

"$top/scripts/setup" build lab
"$top/scripts/build"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$top/tests/lab/lab" run --mem 2048 --dom0-mem 1024 --timeout 7200 -- \
    "$top/tests/bench/engines-real-dom0.sh" "$engines" "$rounds" "$reads" |
    tee /dev/stderr | grep -E '^(turns|taken) ' >"$work/figures"

# Both guests of a run together, a line per run: the column of "turns".
column() { # ENGINE COLUMN
    awk -v engine="$1" -v column="$2" '$1 == "turns" && $2 == engine {
        sum += $column
        if (++n % 2 == 0) { print sum; sum = 0 } }' "$work/figures"
}
times() { # ENGINE
    awk -v engine="$1" '$1 == "taken" && $2 == engine { print $7 }' \
        "$work/figures"
}
median() {
    sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
range() {
    sort -n | sed -n '1p;$p' | tr '\n' ' ' | sed 's/ $//; s/ / to /'
}

# Pages swapped in for 1,000 that are read, a line per run.
misses() { # ENGINE
    paste -d ' ' <(column "$1" 4) <(column "$1" 8) |
        awk '{ printf "%.1f\n", $2 ? $1 * 1000 / $2 : 0 }'
}

best=
printf '%-14s %8s %16s %9s %9s %9s %9s %9s %9s\n' engine in/1000 '(from to)' \
    swap-in swap-out some/ms full/ms reads time/ms
for engine in $engines; do
    in=$(misses "$engine" | median)
    printf '%-14s %8s %16s %9s %9s %9s %9s %9s %9s\n' "$engine" "$in" \
        "$(misses "$engine" | range)" "$(column "$engine" 4 | median)" \
        "$(column "$engine" 5 | median)" "$(column "$engine" 6 | median)" \
        "$(column "$engine" 7 | median)" "$(column "$engine" 8 | median)" \
        "$(times "$engine" | median)"
    if [ "$engine" = demand ]; then
        demand=$in
    else
        best=$(printf '%s\n' "${best:-$in}" "$in" | sort -n | head -n 1)
    fi
done
runs=$(grep -c '^taken ' "$work/figures")
taken=$(awk '$1 == "taken" { sum += $3 + $5 } END { print sum + 0 }' "$work/figures")
bad=$(awk '$1 == "turns" { sum += $9 } END { print sum + 0 }' "$work/figures")
echo "taken from a guest that thrashes: $taken KiB in $runs runs; pages lost: $bad"
ratio=$(awk "BEGIN { printf \"%.2f\", $demand / $best }")
bench_verdict engines-real "$ratio" '<= 0.50' \
    "$ratio <= 0.5 && $taken == 0 && $bad == 0 && $runs >= 3 * $(wc -w <<<"$engines")"
