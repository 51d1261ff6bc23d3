#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# How Linux guests on real Xen behave when memory grows short, on an emulated
# processor: the figures that calibration.md explains.  PARTS names some of
# them: speed balloon reclaim curve cold device split.
# shellcheck source=tests/bench/common.sh
. "$top/tests/bench/common.sh"

parts=${PARTS:-speed balloon reclaim curve cold device split}
"$top/scripts/setup" build lab
"$top/scripts/build"
work=$(mktemp -d)
pid=
cleanup() {
    [ -z "$pid" ] || kill "$pid"
    rm -rf "$work"
}
trap cleanup EXIT

# The workload here, without emulation: us to read and verify a page.
gcc -O2 -o "$work/workload" "$top/tests/lab/ctl/workload.c"
"$work/workload" 64 65536 "$work/load" random &
pid=$!
reads() {
    sed -n 's/.*state=running.* reads=\([0-9]*\).*/\1/p' "$work/load"
}
for _ in {1..100}; do
    [ -z "$(reads 2>/dev/null)" ] || break
    sleep 0.1
done
before=$(reads)
sleep 3 # the time that is measured
native_us=$(awk "BEGIN { printf \"%.2f\", 3e6 / ($(reads) - $before) }")

"$top/tests/lab/lab" run --mem 2560 --dom0-mem 1024 --timeout 3600 -- \
    "$top/tests/bench/calibrate-dom0.sh" "$parts" | tee /dev/stderr |
    sed -n 's/^cal //p' >"$work/values"

echo
echo '| part | what | value | unit | where |'
echo '|---|---|---|---|---|'
sed 's/.*/| & |/' "$work/values"
n=$(wc -l <"$work/values")
measured=$(cut -d ' ' -f 1 "$work/values" | sort -u | wc -l)
hit_us=$(sed -n 's/^speed | hit | \([0-9.]*\) .*/\1/p' "$work/values")
bench_verdict calibrate "$n values, a page read and verified in \
${hit_us:-?} us, here in $native_us us" "$(wc -w <<<"$parts") parts" \
    "$measured == $(wc -w <<<"$parts")"
