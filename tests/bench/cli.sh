#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What it takes to list 1,000 domains: vm-list of a simulated host against
# xenstore-ls of the same domains' keys, in turn, in a domain 0 on real Xen.
# shellcheck source=tests/bench/common.sh
. "$top/tests/bench/common.sh"

"$top/scripts/setup" build lab
"$top/scripts/build"
line=$("$top/tests/lab/lab" run --mem 1024 --dom0-mem 640 --timeout 300 -- \
    "$top/tests/bench/cli-dom0.sh" | tee /dev/stderr | grep '^cli-ms ')
read -r _ list_ms all_ms ls_ms <<<"$line"
ratio=$(awk "BEGIN { printf \"%.3f\", $list_ms / $ls_ms }")
all_ratio=$(awk "BEGIN { printf \"%.3f\", $all_ms / $ls_ms }")
echo "vm-list $list_ms ms, params=all $all_ms ms, xenstore-ls $ls_ms ms"
bench_verdict cli "vm-list $ratio, params=all $all_ratio of xenstore-ls" \
    '<= 1.00' "$ratio <= 1 && $all_ratio <= 1"
