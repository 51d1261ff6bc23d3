#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: what balancer-agent costs a guest that rests and one that swaps. Prints
#      lines "agent-xen STATE CPU_NS WALL_MS WRITES RSS_KIB PRIVATE_KIB".
# shellcheck source=/dev/null
. /lab/balance.sh

measured_s=60

# The agent's CPU time in ns, its RSS and its private pages in KiB.
agent_state() {
	guest_run busy 'pid=$(pidof balancer-agent)
		cut -d " " -f 1 "/proc/$pid/schedstat"
		sed -n "s/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p" "/proc/$pid/status"
		awk "/^Private/ { sum += \$2 } END { print sum }" "/proc/$pid/smaps"' |
		tr '\n' ' '
}

# How often its key was written, as a watch sees it.
count_writes() {
	xenstore-watch "/local/domain/$(domid_of busy)/data/balancer/sample" \
		>/tmp/writes &
	watcher=$!
}

# measure STATE
measure() {
	local cpu rss private cpu_after begin wall writes
	read -r cpu rss private <<<"$(agent_state)"
	count_writes
	begin=$(now_ms)
	sleep "$measured_s" # the time that is measured
	wall=$(($(now_ms) - begin))
	kill "$watcher"
	# A watch fires once when it is set.
	writes=$(($(wc -l </tmp/writes) - 1))
	read -r cpu_after rss private <<<"$(agent_state)"
	echo "agent-xen $1 $((cpu_after - cpu)) $wall $writes $rss $private"
}

truncate -s 96M /tmp/swap
losetup /dev/loop0 /tmp/swap || fail "no loop device"
guest_create busy pv 128 128 'disk = [ "phy:/dev/loop0,xvdb,w" ]' \
	|| fail "busy does not start"
guest_wait_up busy 60
is_told() {
	guest_key busy data/balancer/sample >/dev/null
}
must_wait_for 15 is_told
guest_run busy 'mkswap /dev/xvdb >/dev/null && swapon /dev/xvdb' \
	|| fail "no swap"
measure idle
guest_load busy 120 40 || fail "no workload"
swaps() {
	[[ $(guest_key busy data/balancer/sample) =~ swap-in=([0-9]+) ]] \
		&& [ "${BASH_REMATCH[1]}" -gt 1000 ]
}
must_wait_for 120 swaps
measure busy
guest_unload busy 120 || fail "the guest lost a page"
