#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: two guests take turns with a workload that needs more than half of what
#      they share: while one is seen to thrash nothing is taken from it, and it
#      loses no page, whatever the engine.
# lab: --mem 2048 --dom0-mem 1024 --timeout 900
# shellcheck source=/dev/null
. /lab/turns.sh

turn_prepare 8
turn_fill 90
thrashed=0
for engine in qmemman demand; do
	turn_run $engine 4000 120 2 | tee /tmp/run
	assert_ge "$(grep -c '^turns ' /tmp/run)" 2 "guests that were measured"
	while read -r _ _ guest in _ _ _ reads bad _; do
		assert_ge "$reads" 1 "work of $guest under $engine"
		assert_eq "$bad" 0 "pages that $guest lost"
		say "$guest swapped in $in pages"
	done < <(grep '^turns ' /tmp/run)
	read -r _ _ kib _ given seen _ < <(grep '^taken ' /tmp/run)
	assert_eq "$kib" 0 "KiB that $engine took from a guest that thrashed"
	assert_eq "$given" 0 "KiB that $engine took from a guest that swapped in"
	thrashed=$((thrashed + seen))
done
assert_ge $thrashed 1 "times that a guest was seen to thrash"
