#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: two guests take turns with a workload that needs more than half of what
#      they share, under each engine, in turn, in the same boot. Prints lines
#      "turns ENGINE GUEST ..." and "taken ENGINE ...".
# shellcheck source=/dev/null
. /lab/turns.sh

read -ra engines <<<"$1"
rounds=$2
reads=$3 # pages that are read in a turn
turn_s=400
turns=2

turn_prepare
turn_fill 90
for ((round = 0; round < rounds; round++)); do
	for ((i = 0; i < ${#engines[@]}; i++)); do
		turn_run "${engines[(i + round) % ${#engines[@]}]}" \
			"$reads" "$turn_s" "$turns"
	done
done
for guest in $turn_guests; do
	turn_go "$guest"
	guest_unload "$guest" 300 || fail "$guest lost a page"
done
