#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: what Xen takes for PV, PVH and HVM domains is measured right, no more than
#      predicted, and not much less; page tables get and give memory; a lesson
#      outlives the daemon, and vm-start refuses what would fit on paper only.
# lab: --mem 1536 --dom0-mem 384 --timeout 400
# shellcheck source=/dev/null
. /lab/overhead.sh

balancerd_start
say "KiB:            xapi   libxl predicted measured by Xen  error"
for row in "${overhead_rows[@]}"; do
	# shellcheck disable=SC2086
	measure guest $row
	printf '%-14s %5d %7d %9d %8d %6d %6d\n' "$row" "$xapi_kib" "$libxl_kib" \
		"$predicted_kib" "$measured_kib" "$xen_kib" \
		$((measured_kib - predicted_kib))
	# It is measured when it has first come to rest; some pages for grants
	# and events come later, when it has booted.
	assert_within "$measured_kib" "$xen_kib" 256 "measured for $row"
	assert_le "$measured_kib" "$predicted_kib" "measured for $row"
	# Both models charge a PV domain page tables that it brings itself, and
	# 1 MiB for a processor: 8 processors and 1 GiB are 16 MiB of that.
	assert_ge "$measured_kib" $((predicted_kib - 20 * 1024)) "measured for $row"
done

# The page tables of a running domain: Xen gives and takes exactly that.
guest_create one pvh 128 256 || fail "one does not start"
guest_wait_up one 90
must_wait_for 30 is_measured one
free=$(host_free_kib)
overhead=$(balancerctl vm-compute-memory-overhead vm=one)
balancerctl vm-memory-shadow-multiplier-set vm=one multiplier=4 \
	|| fail "no multiplier"
# 256 pages, and 2 for each MiB: 3 MiB; libxl gave it 1 page for each.
assert_eq $((free - $(host_free_kib))) $((12 * 1024 - 2 * 1024)) "page tables"
assert_eq "$(($(balancerctl vm-compute-memory-overhead vm=one) - overhead))" \
	$((9 * 1048576)) "overhead"
said=$(balancerctl vm-memory-shadow-multiplier-set vm=one multiplier=400 2>&1) \
	&& fail "more than there is"
assert_match "$said" 'Not enough server memory.*needed: 1188 MiB.*available: '
assert_eq $((free - $(host_free_kib))) $((10 * 1024)) "page tables"
balancerctl vm-memory-shadow-multiplier-set vm=one multiplier=1 \
	|| fail "no multiplier"
assert_eq $((free - $(host_free_kib))) 1024 "page tables"
assert_eq "$(guest_run one 'echo alive')" alive "the guest"
guest_create two pv 128 128 || fail "two does not start"
said=$(balancerctl vm-memory-shadow-multiplier-set vm=two multiplier=2 2>&1) \
	&& fail "a multiplier of nothing"
assert_match "$said" 'not implemented: shadow_multiplier for PV domains'
guest_wait_up two 90
check_accounting

# As if PVH domains had taken 20 MiB more than predicted.
balancerd_stop
xenstore-write /balancer/overhead/pvh '0 20480 0'
balancerd_start
must_rest 60
room_mib=$(($(balancerctl host-compute-free-memory) / 1048576))
mem=$((room_mib - 16))
config=$(overhead_config paper pvh "$mem" "$mem" 1)
need=$("$xl_need" "$config" | jq .need_kib)
assert_le "$need" $((room_mib * 1024)) "what xl reckons with"
said=$(balancerctl vm-start "config=$config" 2>&1) && fail "started on paper"
say "$said"
assert_match "$said" 'Not enough server memory is available'
assert_match "$said" "it needs .*, not the $((need / 1024)) MiB that xl reckons"
assert_match "$said" 'pvh domains have taken up to .*more than was computed'
assert_fails guest_exists paper
xenstore-rm /balancer/overhead/pvh

# What is free is what can be had; it is asked for as it was said.
bytes=$(balancerctl host-compute-free-memory)
assert_fails balancerctl memory-reserve "size=$((bytes + 4096))" wait=60
id=$(balancerctl memory-reserve "size=$bytes" wait=60 --minimal) \
	|| fail "less can be had than was said"
balancerctl memory-release "id=$id"
finish
