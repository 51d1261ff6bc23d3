#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# On two real hosts: the time from the moment at which a guest's workload wants
# more memory than there is until the first of its pages goes to another host's
# memory, which nobody asked for. The median of three boots.
# shellcheck source=tests/bench/common.sh
. "$top/tests/bench/common.sh"

"$top/scripts/setup" build lab
"$top/scripts/build"
lines=$(mktemp)
trap 'rm -f "$lines"' EXIT
test=$top/tests/lab/tests/swap-ladder.sh
read -ra options < <(sed -n 's/^# lab: //p' "$test")
for _ in 1 2 3; do
    echo "load: $(cut -d ' ' -f 1 /proc/loadavg)"
    "$top/tests/lab/lab" run "${options[@]}" -- "$test" | tee -a "$lines"
done

# The median of what follows $1 on its lines.
median() {
    awk -v name="$1:" '$1 == name { print $2 }' "$lines" | sort -n |
        awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

took_s=$(median time-to-remote)
echo "time-to-thrash: $(median time-to-thrash) s"
echo "time-to-device: $(median time-to-device) s"
echo "time-to-unwind: $(median time-to-unwind) s"
bench_verdict time-to-remote "$took_s s" '<= 5 s' "$took_s <= 5"
