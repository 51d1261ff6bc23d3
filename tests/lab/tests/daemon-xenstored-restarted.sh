#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: xenstored dies and comes back with nothing in it: the daemon goes on,
#      does not spin meanwhile, and keeps its reservations there again.
# shellcheck source=/dev/null
. /lab/balance.sh

has_logged() {
	balancerd_log | grep -qF "$1"
}

is_kept() {
	xenstore-read "/balancer/reservation/$id" >/dev/null 2>&1
}

cpu_ticks() {
	awk '{ print $14 + $15 }' "/proc/$balancerd_pid/stat"
}

balancerd_start
id=$(balancerctl memory-reserve size=64MiB owner=lab ttl=1h wait=5s)
is_kept || fail 'the reservation is not in xenstore'

kill -KILL "$(pidof xenstored)"
must_wait_for 30 has_logged 'the connection to the host is lost'
before=$(cpu_ticks)
sleep 3 # the time that is measured
assert_le "$(($(cpu_ticks) - before))" 30 'processor ticks in 3 s'

xenstored --pid-file=/run/xen/xenstored.pid
must_wait_for 30 has_logged 'the host is connected again'
must_wait_for 10 is_kept
xenstore-write /local/domain/0/name Domain-0
balancerctl memory-release "id=$id" || fail 'it cannot be released'
assert_fails is_kept
balancerd_stop || fail 'no clean end'
