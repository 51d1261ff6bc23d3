#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: A guest whose workload does not fit is seen to thrash within five seconds
#      of the onset, by its agent's word or, without an agent, by what its swap
#      disk does; it is seen to be well again; and one that reads a large file
#      over and over is well all the time.
# lab: --mem 1536 --dom0-mem 640 --timeout 1500
# shellcheck source=/dev/null
. /lab/measure.sh

# seen NAME FIELD: what vm-memory-explain tells.
seen() {
	balancerctl vm-memory-explain "vm=$1" --json | jpick "$2"
}

seen_is() {
	[ "$(seen "$1" "$2")" = "$3" ]
}

# give_swap NAME: a swap disk of 160 MiB as xvdb, whose reads take as long as a
# turning disk's, 8 ms: the processor of this machine is emulated, so from memory
# pages come back before a guest has suffered.
give_swap() {
	disk_make_slow "swap-$1" 160 8
	xl block-attach "$1" "$(disk_for "$disk_path" xvdb w | tr -d "'")" \
		|| fail "no swap disk"
	swap_on "$1" xvdb
}

# sectors DOMID FILE: of its swap disk, 51728 is xvdb.
sectors() {
	local n
	read -r n <"/sys/bus/xen-backend/devices/vbd-$1-51728/statistics/$2"
	echo "$n"
}

# well_again NAME MS: since then it has had reason to be.
well_again() {
	must_wait_for 60 seen_is "$1" memory_state healthy
	say "$1: well again $(($(now_ms) - $2)) ms after the workload ended"
	balancerctl event-list "vm=$1" kind=state-changed | grep -q thrashing \
		|| fail "no event"
}

# story_of_thrashing NAME: the onset is the first look, a second apart, at which
# swapped pages came back at 128 KiB/s, the least that counts, as Linux counts
# them in domain 0.  It lies somewhere in the second that ends with that look.
# There is one processor: looks have to be cheap.  Nothing is shown by the time
# that the workload takes to verify its pages, so that is from a quick disk;
# ended_ms is when it had.
story_of_thrashing() {
	local domid begin before in at onset='' noticed='' now state
	domid=$(domid_of "$1")
	assert_eq "$(seen "$1" memory_state)" healthy "$1 before"
	guest_load "$1" 112 400 || fail "no workload"
	begin=$(now_ms)
	at=$begin before=$(sectors "$domid" rd_sect)
	while [ -z "$noticed" ] || [ -z "$onset" ]; do
		sleep 0.4
		now=$(now_ms)
		[ "$((now - begin))" -lt 300000 ] \
			|| fail "$1: onset '$onset', noticed '$noticed' (ms)
$(balancerctl vm-memory-explain "vm=$1")"
		if [ -z "$noticed" ]; then
			state=$(xenstore-read "/balancer/domain/$domid/state")
			[ "$state" != thrashing ] || noticed=$now
		fi
		[ "$((now - at))" -ge 1000 ] || continue
		in=$(sectors "$domid" rd_sect)
		say "$1: $((now - begin)) ms: in $(((in - before) / 2)) KiB in" \
			"$((now - at)) ms; $(guest_load_get "$1" state)" \
			"$(guest_load_get "$1" filled_kib) KiB filled"
		if [ -z "$onset" ] \
			&& [ "$((in - before))" -ge "$((256 * (now - at) / 1000))" ]; then
			onset=$now
		fi
		at=$now before=$in
	done
	balancerctl vm-memory-explain "vm=$1"
	say "$1: pages come back $((onset - begin)) ms after the workload began," \
		"noticed $((noticed - onset)) ms after that"
	assert_le "$((noticed - onset))" 5000 "from the onset to the notice (ms)"
	disk_be_quick "swap-$1"
	guest_unload "$1" 240 || fail "$1 lost a page"
	ended_ms=$(now_ms)
}

balancerd_start
start_guests 128 96 128 talks:pv
guest_create mute pv 128 128 noagent || fail "mute does not start"
guest_wait_up mute 60
set_range mute 96 128
give_swap talks
give_swap mute
must_wait_for 30 seen_is talks agent yes
must_wait_for 60 seen_is mute is_swap_seen true
assert_eq "$(seen mute agent)" no "agent in a guest without"

# A file of twice its memory, read again and again.
truncate -s 256M /tmp/data
data=$(losetup -f --show /tmp/data) || fail "no loop device"
xl block-attach talks "phy:$data,xvdc,r" || fail "no data disk"
guest_run talks 'while [ ! -b /dev/xvdc ]; do sleep 0.1; done
	(while :; do cat /dev/xvdc >/dev/null; done) & echo $! >/run/scan.pid' \
	|| fail "no scan"
for _ in 1 2 3 4 5; do
	sleep 3 # in which it reads
	state=$(seen talks memory_state)
	say "scan: $state: $(guest_key talks data/balancer/sample)"
	assert_match "$state" '^(healthy|watch)$' "state of a guest that reads files"
done
guest_run talks 'kill $(cat /run/scan.pid); killall cat 2>/dev/null; true'
must_wait_for 60 seen_is talks memory_state healthy
xl block-detach talks xvdc || fail "cannot take the data disk away"
must_wait_for 30 losetup -d "$data"
rm /tmp/data

# One after the other: there is one processor.
story_of_thrashing talks
talks_ended_ms=$ended_ms
story_of_thrashing mute
well_again talks "$talks_ended_ms"
well_again mute "$ended_ms"
finish
