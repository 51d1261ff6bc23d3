#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: three guests (two PV, one PVH) whose dynamic-max sum exceeds the host
#      get the same fraction of their ranges; when one goes, the others grow.
# lab: --mem 1152 --dom0-mem 384
# shellcheck source=/dev/null
. /lab/balance.sh

fraction_permille() {
	local target min max
	target=$(target_kib "$1")
	min=$(guest_key "$1" memory/dynamic-min)
	max=$(guest_key "$1" memory/dynamic-max)
	echo "$(((target - min) * 1000 / (max - min)))"
}

grew() {
	[ "$(tot_kib one)" -ge "$((320 * 1024))" ] \
		&& [ "$(tot_kib three)" -ge "$((320 * 1024))" ]
}

balancerd_start
start_guests 160 128 384 one:pv two:pv three:pvh
must_rest 60
balancerctl host-memory-show
first=$(fraction_permille one)
assert_within "$(fraction_permille two)" "$first" 12 "fraction of two"
assert_within "$(fraction_permille three)" "$first" 12 "fraction of three"
assert_ge "$first" 100 "fraction: memory lies idle"
assert_le "$first" 900 "fraction: there is no shortage to share"
for guest in one two three; do
	guest_near "$guest" "$(target_kib "$guest")" 1024 \
		|| fail "$guest holds $(tot_kib "$guest") KiB"
done
# Nothing idle: what is free beyond the reserve is less than the dead bands.
assert_le "$(host_field free_kib)" $((4 * 1024)) "free beyond the reserve"

# Nothing to do, nothing done: no target is written while all is at rest.
writes=$(balancerctl balancer-status --json | jpick target_writes)
sleep 2 # a time in which nothing may happen
assert_eq "$(balancerctl balancer-status --json | jpick target_writes)" \
	"$writes" "target writes while at rest"

guest_destroy two
must_wait_for 30 grew
must_rest
assert_within "$(fraction_permille three)" "$(fraction_permille one)" 12 \
	"fraction of three"
assert_le "$(host_field free_kib)" $((4 * 1024)) "free beyond the reserve"
finish
