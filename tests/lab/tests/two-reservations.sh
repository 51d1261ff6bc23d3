#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: two requests at once are both met and do not share a page; the same key
#      twice is one reservation; a third that no longer fits is refused; a
#      transferred one ends with its domain; a TTL ends by itself.
# lab: --mem 1152 --dom0-mem 384
# shellcheck source=/dev/null
. /lab/balance.sh

count() {
	balancerctl memory-reservation-list --minimal | tr ',' '\n' | grep -c .
}

count_is() {
	[ "$(count)" -eq "$1" ]
}

balancerd_start
start_guests 192 128 384 one:pv two:pv three:pvh
must_rest 60
free=$(host_field free_kib)
half=$(((free + 200 * 1024) / 2))
balancerctl memory-reserve "size=${half}KiB" key=a ttl=300 wait=60 \
	--minimal >/tmp/a &
balancerctl memory-reserve "size=${half}KiB" key=b ttl=300 wait=60 \
	--minimal >/tmp/b &
wait -n || fail "the first was not granted"
wait -n || fail "the second was not granted"
assert_ne "$(cat /tmp/a)" "$(cat /tmp/b)" "two ids"
assert_ge "$(host_free_kib)" "$((2 * half + lab_reserve_kib - 1024))" \
	"free memory"
assert_eq "$(balancerctl memory-reserve "size=${half}KiB" key=a --minimal)" \
	"$(cat /tmp/a)" "the same key"
assert_eq "$(count)" 2 reservations
assert_fails balancerctl memory-reserve size=400MiB wait=20
assert_eq "$(count)" 2 reservations
check_accounting

# A domain takes the first one up; the sum does not change by that.
config=$(guest_config late pv $((half / 1024 - 8)) $((half / 1024 - 8)))
lab_xl create -q "$config" || fail "late does not start"
balancerctl memory-reservation-transfer "id=$(cat /tmp/a)" \
	"domid=$(domid_of late)" || fail "cannot transfer"
guest_wait_up late 60
must_rest
check_accounting
guest_destroy late
must_wait_for 10 count_is 1
balancerctl memory-reservation-extend "id=$(cat /tmp/b)" ttl=2 \
	|| fail "cannot extend"
must_wait_for 10 count_is 0
must_rest
finish
