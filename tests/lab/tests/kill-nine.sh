#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: kill -9 of balancerd at ten random moments of squeezes, restarted each
#      time: no reservation is lost or doubled, no rule is broken.
# lab: --mem 1152 --dom0-mem 384 --timeout 400
# shellcheck source=/dev/null
. /lab/balance.sh

granted() {
	[ "$(balancerctl memory-reservation-list --json 2>/dev/null \
		| jpick "reservations[key=$1].state")" = granted ]
}

asked() {
	local id
	for id in $(xenstore-list /balancer/reservation 2>/dev/null); do
		[[ $(xenstore-read "/balancer/reservation/$id") != *" key=$1 "* ]] \
			|| return 0
	done
	return 1
}

seed=${RANDOM_SEED:-$(($(now_ms) % 30000))}
RANDOM=$seed
say "seed $seed"
balancerd_start
start_guests 224 128 320 one:pv two:pv three:pvh
must_rest 60
size=$(($(host_field free_kib) + 120 * 1024))
for round in 1 2 3 4 5 6 7 8 9 10; do
	key=round-$round
	balancerctl memory-reserve "size=${size}KiB" "key=$key" ttl=600 \
		wait=120 >/dev/null 2>&1 &
	client=$!
	must_wait_for 10 asked "$key"
	pause_ms=$((RANDOM % 600))
	sleep "0.$(printf '%03d' "$pause_ms")" # the random moment
	balancerd_stop KILL
	check_rules
	wait "$client" # its connection is gone; the reservation is not
	balancerd_start
	must_wait_for 30 granted "$key"
	assert_ge "$(host_free_kib)" "$((size + lab_reserve_kib - 1024))" \
		"free memory in round $round"
	check_rules
	check_accounting
	assert_eq "$(xenstore-list /balancer/reservation | wc -l)" 1 reservations
	say "round $round: killed after $pause_ms ms"
	# The client asks again, with the same key: the same reservation.
	id=$(balancerctl memory-reserve "size=${size}KiB" "key=$key" --minimal)
	balancerctl memory-release "id=$id" || fail "cannot release"
	must_rest
done
for guest in one two three; do
	guest_run "$guest" true || fail "$guest did not survive"
done
finish
