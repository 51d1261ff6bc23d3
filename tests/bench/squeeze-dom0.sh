#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: the time to free memory from 1, 3 and 6 guests through balancerd, against
#      writing all targets at once by hand, in turn in the same boot. Prints a
#      line "squeeze K HAND_MS BALANCERD_MS" per pair.
# shellcheck source=/dev/null
. /lab/balance.sh

memory_mib=256
give_mib=112 # from each guest
rounds=5

# Everyone back to what it had, whoever is in charge.
all_back() {
	local i
	for ((i = 1; i <= $1; i++)); do
		guest_near "g$i" $((memory_mib * 1024)) 256 || return 1
	done
}

# Time until K guests have given by targets written in one go.
by_hand_ms() {
	local k=$1 i begin goal down=() up=()
	for ((i = 1; i <= k; i++)); do
		down+=("${paths[i]}" "$(((memory_mib - give_mib) * 1024))")
		up+=("${paths[i]}" "$((memory_mib * 1024))")
	done
	goal=$(($(host_free_kib) + k * give_mib * 1024 - 256))
	begin=$(now_ms)
	xenstore-write "${down[@]}"
	domstat free "$goal" || fail "not freed by hand"
	echo "$(($(now_ms) - begin))"
	xenstore-write "${up[@]}"
	must_wait_for 60 all_back "$k"
}

# The same through the daemon: what is free, and as much more.
by_daemon_ms() {
	local k=$1 begin id size
	must_rest 60
	size=$(($(host_field free_kib) + k * give_mib * 1024))
	begin=$(now_ms)
	id=$(balancerctl memory-reserve "size=${size}KiB" wait=60 ttl=60 \
		--minimal) || fail "not granted"
	echo "$(($(now_ms) - begin))"
	balancerctl memory-release "id=$id" || fail "cannot release"
	must_wait_for 60 all_back "$k"
}

declare -a paths
made=0
for k in 1 3 6; do
	while [ "$made" -lt "$k" ]; do
		made=$((made + 1))
		guest_create "g$made" pv "$memory_mib" "$memory_mib" \
			|| fail "g$made does not start"
		guest_wait_up "g$made" 60
		paths[made]=/local/domain/$(domid_of "g$made")/memory/target
	done
	for ((round = 0; round < rounds; round++)); do
		hand_ms=$(by_hand_ms "$k")
		balancerd_start
		for ((i = 1; i <= k; i++)); do
			set_range "g$i" $((memory_mib - give_mib - 8)) "$memory_mib"
		done
		daemon_ms=$(by_daemon_ms "$k")
		balancerd_stop
		echo "squeeze $k $hand_ms $daemon_ms"
	done
done
