#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: who waits for an event is told when a guest gets stuck, when a reservation
#      is granted, when a domain comes, which takes up what was freed for the
#      next one, and when it goes; the list and the history tell it again.
# lab: --mem 1152 --dom0-mem 384
# shellcheck source=/dev/null
. /lab/balance.sh

# In the background: the event's id is in /tmp/NAME when it has come.
await() { # NAME ARG...
	local name=$1
	shift
	balancerctl event-wait --json timeout=120 "$@" >"/tmp/$name" 2>&1 &
	waiters[$name]=$!
	must_wait_for 10 is_waiting "${#waiters[@]}"
}

is_waiting() {
	[ "$(balancerctl balancer-status --json | jpick waiting)" -ge "$1" ]
}

# The event has come, and its sentence matches.
came() { # NAME REGEX
	wait "${waiters[$1]}" || fail "$1: $(cat "/tmp/$1")"
	unset "waiters[$1]"
	assert_match "$(jpick sentence <"/tmp/$1")" "$2" "$1"
}
declare -A waiters

balancerd_start
guest_create liar pv 160 160 noballoon feature=1 || fail "no liar"
start_guests 160 96 256 good:pv fair:pvh
guest_wait_up liar 60
set_range liar 96 160
must_rest 90
assert_eq "$(balancerctl balancer-status --json | jpick state)" ok "state"

# A squeeze that needs all three: one is found stuck, the others stand in.
await stuck vm=liar kind=state-changed
await granted kind=reservation-granted
free=$(host_field free_kib)
give=$((($(tot_kib good) + $(tot_kib fair)) - 2 * 104 * 1024 - 4096))
id=$(balancerctl memory-reserve "size=$((free + give))KiB" ttl=120 wait=60 \
	--minimal) || fail "not granted"
came granted "^reservation $id of balancerctl, $((free + give)) KiB: granted"
# moving, slow, stuck: the last one
must_wait_for 15 vm_is liar state stuck
came stuck '^(moving|ready) -> slow$'
balancerctl event-wait since=0 vm=liar kind=state-changed timeout=30 \
	| tee /dev/stderr | grep -q 'liar): .* -> ' || fail "nothing of liar"
balancerctl event-list vm=liar kind=state-changed | tee /dev/stderr \
	| grep -q '(liar): slow -> stuck' || fail "liar is not told of as stuck"
balancerctl memory-release "id=$id" || fail "cannot release"
must_rest

# The next domain takes up what is freed for it, whoever starts it.
balancerctl host-memory-free-up size=140MiB | tee /dev/stderr \
	| grep -q '^140 MiB are free and kept for the next domain' \
	|| fail "nothing is freed"
assert_ge "$(host_free_kib)" "$(((140 + 72 - 1) * 1024))" "free memory"
await appeared vm=late kind=domain-appeared
await taken kind=reservation-transferred
await gone vm=late kind=domain-gone
guest_create late pv 128 128 || fail "late does not start"
domid=$(domid_of late)
came appeared '^late has appeared$'
came taken "is taken up by dom $domid "
guest_wait_up late 60
check_accounting
guest_destroy late
came gone '^late is gone$'
must_rest

# What has happened is remembered.
kinds=$(balancerctl event-list --json | jpick 'events[kind=domain-gone].name_label')
assert_eq "$kinds" late "who is gone"
balancerctl event-list
balancerctl host-memory-history interval=10s since=10m | tee /dev/stderr \
	| grep -q yes || fail "no squeeze in the history"
finish
