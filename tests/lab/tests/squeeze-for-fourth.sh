#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: a fourth guest for which there is no room is started by vm-start: the
#      others are squeezed; the reservation is gone afterwards; a failing
#      xl gives the memory back.
# lab: --mem 1152 --dom0-mem 384
# shellcheck source=/dev/null
. /lab/balance.sh

no_reservation() {
	[ -z "$(balancerctl memory-reservation-list --minimal)" ]
}

balancerd_start
start_guests 160 128 384 one:pv two:pv three:pvh
must_rest 60
need=$((200 * 1024))
assert_le "$(host_field free_kib)" "$need" "there is room already"
config=$(guest_config four pv 200 200)
balancerctl vm-start "config=$config" || fail "four was not started"
guest_wait_up four 60
assert_within "$(tot_kib four)" "$need" 1024 "four's memory"
must_wait_for 10 no_reservation
must_rest
balancerctl host-memory-show
for guest in one two three; do
	assert_ge "$(tot_kib "$guest")" $((127 * 1024)) "$guest's memory"
	guest_run "$guest" true || fail "$guest did not survive"
done
check_accounting

# A config that xl refuses: nothing started, nothing kept.
config=$(guest_config five pv 40 40 'kernel = "/nonexistent"')
if balancerctl vm-start "config=$config"; then
	fail "a domain without a kernel was started"
fi
guest_exists five && fail "five exists"
must_wait_for 10 no_reservation
guest_destroy four
must_rest
finish
