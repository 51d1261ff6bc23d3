#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: a guest that is destroyed in the middle of a squeeze gives all it has;
#      the request is granted and the others get back what is left over.
# lab: --mem 1152 --dom0-mem 384
# shellcheck source=/dev/null
. /lab/balance.sh

is_squeezed() {
	[ "$(target_kib victim)" -lt "$1" ]
}

balancerd_start
start_guests 192 128 256 one:pv victim:pvh
must_rest 60
size=$(($(host_field free_kib) + 100 * 1024))
before=$(target_kib victim)
balancerctl memory-reserve "size=${size}KiB" ttl=120 wait=60 --minimal \
	>/tmp/id 2>/tmp/error &
client=$!
must_wait_for 10 is_squeezed "$before"
guest_destroy victim
wait "$client" || fail "not granted: $(cat /tmp/error)"
assert_ge "$(host_free_kib)" "$((size + lab_reserve_kib - 1024))" "free memory"
must_rest
assert_eq "$(xenstore-list /balancer/domain | sort -n | tr '\n' ' ')" \
	"0 $(domid_of one) " "domains with a status"
balancerctl memory-release "id=$(cat /tmp/id)" || fail "cannot release"
must_rest
assert_eq "$(target_kib one)" $((256 * 1024)) "one's target in the end"
finish
