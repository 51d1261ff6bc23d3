# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# A xenstored that is slow, or gone: . /lab/xenstored.sh
# shellcheck source=/dev/null
. /lab/automation.sh

has_logged() {
	balancerd_log | grep -qF "$1"
}

cpu_ticks() {
	awk '{ print $14 + $15 }' "/proc/$balancerd_pid/stat"
}

xenstored_pid() {
	pidof oxenstored || pidof xenstored
}

# It stands still for ten seconds, in the middle of a squeeze: the daemon waits,
# and then goes on where it was.
story_of_a_slow_one() {
	local size pid state
	size=$(size_kib 100)
	ask web "size=$size ttl=10m wait=2m"
	must_wait_for 10 is_answered web pending
	pid=$(xenstored_pid)
	kill -STOP "$pid"
	sleep 10 # the time that it stands still
	kill -0 "$balancerd_pid" || fail "balancerd did not live through it"
	state=$(awk '{ print $3 }' "/proc/$balancerd_pid/stat")
	assert_match "$state" '[SR]' "what balancerd does meanwhile"
	kill -CONT "$pid"
	must_wait_for 30 is_answered web "granted $size"
	assert_ge "$(host_free_kib)" $((size + lab_reserve_kib - 1024)) \
		"free memory when granted"
	reservations_are 1 || fail "a reservation was lost or doubled"
	take_back web
	must_wait_for 10 reservations_are 0
	must_rest
}

is_kept() {
	xenstore-read "/balancer/reservation/$1" >/dev/null 2>&1
}

# It dies and comes back with nothing in it.  No guest survives that.
story_of_a_lost_one() {
	local id before
	id=$(balancerctl memory-reserve size=64MiB owner=lab ttl=1h wait=5s)
	is_kept "$id" || fail 'the reservation is not in xenstore'
	ask web "size=16MiB ttl=1h"
	must_wait_for 10 is_answered web 'granted 16384'

	kill -KILL "$(xenstored_pid)"
	must_wait_for 30 has_logged 'the connection to the host is lost'
	before=$(cpu_ticks)
	sleep 3 # the time that is measured
	assert_le "$(($(cpu_ticks) - before))" 30 'processor ticks in 3 s'

	"$lab_dir/start-xenstored"
	must_wait_for 30 has_logged 'the host is connected again'
	must_wait_for 10 is_kept "$id"
	must_wait_for 10 is_answered web 'granted 16384'
	must_wait_for 10 status_is daemon/pid "$balancerd_pid"
	must_wait_for 10 status domain/0/state
	xenstore-write /local/domain/0/name Domain-0
	balancerctl memory-release "id=$id" || fail 'it cannot be released'
	assert_fails is_kept "$id"
	take_back web
	must_wait_for 10 reservations_are 0
	ask again size=4MiB
	must_wait_for 10 is_answered again 'granted 4096'
}
