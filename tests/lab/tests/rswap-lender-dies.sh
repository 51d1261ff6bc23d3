#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: a lender that is killed or stops while a guest swaps costs the guest no
#      page, no I/O error and no more than 6 s, and is replaced below the guest's
#      device at a bounded speed; the last copy is never given away.
# lab: --mem 1408 --dom0-mem 640 --timeout 1800
# shellcheck source=/dev/null
. /lab/rswap.sh

file=file:$rswap_dir
# What a guest may have to wait for one page.
stall_max_ms=6000
mib=32

reads_over() {
	local reads
	reads=$(guest_load_get one reads) && [ "$reads" -gt "$1" ]
}

# goes_on: pages are read, and each is what it should be.
goes_on() {
	local reads
	reads=$(guest_load_get one reads) || fail "no workload any more"
	must_wait_for 60 reads_over $((reads + 300))
	assert_eq "$(guest_load_get one bad)" 0 "bad pages"
}

# loses PORT WORD: the guest has gone on without the lender; how long it had
# to wait.
loses() {
	must_wait_for 30 leg_is "nbd:127.0.0.1:$1" failed
	goes_on
	no_io_errors one
	stall=$(guest_load_get one longest_ms)
	say "$2: one page took $stall ms at most"
	assert_le "$stall" "$stall_max_ms" "the longest stall (ms)"
	assert_eq "$(leg_state "$file")" in-sync "the file's leg"
}

# gets PORT: another lender, filled below the running guest.
gets() {
	local begin took
	lend "$1" $mib
	begin=$(now_ms)
	must_rswap add-leg "leg=nbd:127.0.0.1:$1:x" sync-speed=4MiB
	must_wait_for 120 leg_is "nbd:127.0.0.1:$1" in-sync
	took=$(($(now_ms) - begin))
	say "filled in $took ms, $((mib * 1024 * 1000 / took)) KiB/s"
	# md lets a burst pass at the beginning.
	assert_le $((mib * 1024 / 6)) "$took" "the time to fill it (ms)"
	assert_eq "$(status missing_legs)" 0 "missing legs"
	goes_on
}

guest_create one pv 96 96 || fail "one does not start"
guest_wait_up one 60
lend 10809 $mib
attach_to one $mib nbd:127.0.0.1:10809:x "$file"
load_until_swapped one 44 20 8192
goes_on
must_refuse no-slot add-leg leg=nbd:127.0.0.1:10810:x
must_refuse single-remote-leg remove-leg "leg=$file"

guest_load_watch one || fail "no workload any more"
signal_lender KILL 10809
loses 10809 killed
must_refuse last-leg remove-leg "leg=$file"
must_refuse lender-unreachable add-leg leg=nbd:127.0.0.1:10810:x
assert_eq "$(status missing_legs)" 1 "missing legs"
gets 10810

guest_load_watch one || fail "no workload any more"
signal_lender STOP 10810
loses 10810 stopped
gets 10811
signal_lender CONT 10810

# One that is taken out while it is well, and comes back with what it has.
must_rswap remove-leg leg=nbd:127.0.0.1:10811
goes_on
must_rswap add-leg leg=nbd:127.0.0.1:10811:x
must_wait_for 60 leg_is nbd:127.0.0.1:10811 in-sync
goes_on

guest_unload one 600 || fail "the guest lost a page, or verifies for too long"
no_io_errors one
must_rswap withdraw wait=60s
must_rswap detach
nothing_left
say "done"
