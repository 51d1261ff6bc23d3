#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: oxenstored lets a guest have 100 watches (quota-maxwatch); domain 0 is
#      exempt, so all keys of many domains are heard, the last one's, too.
# lab: --mem 2048 --dom0-mem 384 --timeout 400 --xenstored ocaml
# shellcheck source=/dev/null
. /lab/automation.sh

# As many as it takes to have more watches than a guest may: 8 for each domain.
count=14

has_range() {
	[ "$(vm_field "$1" memory_dynamic_max_kib)" = "$2" ]
}

balancerd_start
for ((i = 1; i <= count; i++)); do
	lab_xl create -q -p "$(guest_config "g$i" pv 84 100)" || fail "no g$i"
done
must_wait_for 10 status_is "domain/$(domid_of "g$count")/state" paused
for ((i = 1; i <= count; i++)); do
	dir=/local/domain/$(domid_of "g$i")/memory
	xenstore-write "$dir/dynamic-min" 81920 "$dir/dynamic-max" $((90000 + i))
done
for ((i = 1; i <= count; i++)); do
	must_wait_for 5 has_range "g$i" $((90000 + i))
done
if balancerd_log | grep 'cannot watch'; then
	fail "a watch was refused"
fi
ask web size=4MiB
must_wait_for 10 is_answered web 'granted 4096'
take_back web
finish
