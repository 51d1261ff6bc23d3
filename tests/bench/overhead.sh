#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# On real Xen: what domains of several types and sizes cost beyond their memory,
# as predicted and as measured. The figure is by how much the prediction is off,
# at worst in either direction: it must never lack anything, and not keep more
# than 20 MiB from others.
# shellcheck source=tests/bench/common.sh
. "$top/tests/bench/common.sh"

"$top/scripts/setup" build lab
"$top/scripts/build"
lines=$(mktemp)
trap 'rm -f "$lines"' EXIT
"$top/tests/lab/lab" run --mem 1536 --dom0-mem 384 --timeout 600 -- \
    "$top/tests/bench/overhead-dom0.sh" | grep '^overhead ' >"$lines"

echo '  KiB: measured   xapi  libxl  predicted  off'
awk '{
    row = $6 " " $7 "/" $8 " MiB, " $9 " vcpus" ($10 ? " " $10 : "")
    printf "%10d %6d %6d %10d %6d  %s\n", $2, $4, $5, $3, $3 - $2, row
}' "$lines"
read -r n least most < <(awk '
    { off = ($3 - $2) / 1024 }
    NR == 1 || off < least { least = off }
    NR == 1 || off > most { most = off }
    END { printf "%d %.1f %.1f\n", NR, least, most }' "$lines")
bench_verdict overhead \
    "predicted less measured $least to $most MiB, $n domains" \
    '>= 0, <= 20 MiB' "$n > 0 && $least >= 0 && $most <= 20"
