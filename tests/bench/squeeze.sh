#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# On real Xen: the time to free memory from 1, 3 and 6 guests through balancerd
# against all targets written at once by hand, in turn in the same boot. The
# figure is the worst of the three ratios of medians.
# shellcheck source=tests/bench/common.sh
. "$top/tests/bench/common.sh"

"$top/scripts/setup" build lab
"$top/scripts/build"
lines=$(mktemp)
trap 'rm -f "$lines"' EXIT
"$top/tests/lab/lab" run --mem 2304 --dom0-mem 384 --timeout 600 -- \
    "$top/tests/bench/squeeze-dom0.sh" | tee "$lines"

# The median of column $2 for $1 guests.
median() {
    awk -v k="$1" -v column="$2" '$1 == "squeeze" && $2 == k { print $column }' \
        "$lines" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

worst=0
for k in 1 3 6; do
    hand=$(median $k 3)
    daemon=$(median $k 4)
    ratio=$(awk "BEGIN { printf \"%.3f\", $daemon / $hand }")
    echo "$k guests: by hand $hand ms, balancerd $daemon ms, ratio $ratio"
    worst=$(awk "BEGIN { print ($ratio > $worst) ? $ratio : $worst }")
done
bench_verdict squeeze "$worst" '<= 1.10' "$worst <= 1.10"
