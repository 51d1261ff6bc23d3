#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: two guests take turns with a workload larger than half of what they share,
#      under each engine, in turn, in the same boot. Prints lines
#      "turns ENGINE GUEST ..." and "taken ENGINE ...".
# shellcheck source=/dev/null
. /lab/turns.sh

read -ra engines <<<"$1"
rounds=$2
reads=$3 # pages that are read in a turn
workload_mib=168
warm_reads=24000
turn_s=200
turns=2

[ "$workload_mib" -gt $((turn_room_kib / 2048)) ] || fail "the workload is too small"
turn_prepare
turn_fill $workload_mib runs
for ((round = 0; round < rounds; round++)); do
	for ((i = 0; i < ${#engines[@]}; i++)); do
		turn_warm $warm_reads
		turn_run "${engines[(i + round) % ${#engines[@]}]}" \
			"$reads" "$turn_s" "$turns"
	done
done
for guest in $turn_guests; do
	turn_go "$guest"
	guest_unload "$guest" 300 || fail "$guest lost a page"
done
