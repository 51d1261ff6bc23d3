#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: what a guest writes where its agent's word belongs can be garbage, as
#      long as xenstore lets it be, of another version, or come a thousand times
#      a second: it is refused or not read, complained about once, and the others
#      are heard all the time.
# lab: --mem 1152 --dom0-mem 384 --timeout 400
# shellcheck source=/dev/null
. /lab/balance.sh

key=data/balancer/sample

says() {
	balancerctl vm-memory-explain "vm=$1" --json | jpick "$2"
}

says_is() {
	[ "$(says "$1" "$2")" = "$3" ]
}

# How often the log has these words.
count() {
	balancerd_log | grep -c -- "$1" || true
}

rss_kib() {
	sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$balancerd_pid/status"
}

refusals="what it wrote to $key is"

balancerd_start
start_guests 128 96 128 good:pv
guest_create bad pv 128 128 noagent || fail "bad does not start"
guest_create flooder pv 96 128 noagent || fail "flooder does not start"
guest_wait_up bad 60
guest_wait_up flooder 60
must_wait_for 30 says_is good agent yes
before=$(rss_kib)

# An honest word first, to see that lies do not replace it.
guest_run bad "xenstore-write $key '1 seq=5 up=1000 total=100000 available=7777'"
must_wait_for 15 says_is bad memory.free_kib 7777

complains() {
	[ "$(count "$refusals")" -ge 1 ]
}
guest_run bad "xenstore-write $key 'no sample at all'"
must_wait_for 20 complains
# xenstored lets a guest have no node of more than 2048 bytes.
assert_fails guest_run bad "xenstore-write $key $(printf '%04000d' 0)" \
	2>/dev/null
long=$(printf '%01900d' 0)
for text in '' '2 seq=6 up=2000 available=1' "1 seq=6 up=2000 x=$long" \
	'1 seq=6 up=2000 available=99999999999999999999' \
	$'1 seq=6 up=2000 \e[2J=1' '1 seq=6 up=2000 available=-1'; do
	guest_run bad "xenstore-write $key '$text'" || fail "cannot write '$text'"
	balancerctl vm-list >/dev/null || fail "no answer after '$text'"
	sleep 0.6 # each is read: two reads a second are what a guest gets
done
assert_eq "$(says bad memory.free_kib)" 7777 "what the bad guest said last"
assert_eq "$(count "$refusals")" 1 "complaints about a bad guest"
# Then it means well.
guest_run bad "xenstore-write $key '1 seq=7 up=3000 total=100000 available=8888'"
must_wait_for 15 says_is bad memory.free_kib 8888

# Every value of a flood is refused, too: one complaint for each.
guest_run flooder "flood 0 20 $key >/run/flood.log 2>&1 &"
has_complained() {
	[ "$(count 'writes its xenstore keys more than')" -ge 1 ]
}
must_wait_for 15 has_complained
# Meanwhile another guest's word comes through.
sequence() {
	[[ $(guest_key good $key) =~ seq=([0-9]+) ]] && echo "${BASH_REMATCH[1]}"
}
heard_again() {
	[ "$(sequence)" -gt "$told" ] && [ "$(says good memory.age_ms)" -lt 5000 ]
}
for _ in 1 2; do
	told=$(sequence)
	must_wait_for 20 heard_again
done
GUEST_RUN_S=60 guest_run flooder 'while pidof flood >/dev/null; do sleep 0.2; done
	cat /run/flood.log'
assert_eq "$(count 'writes its xenstore keys more than')" 1 \
	"complaints about one flood"
assert_eq "$(count "$refusals")" 2 "complaints about bad samples"
assert_within "$(rss_kib)" "$before" 1024 "memory of balancerd (KiB)"
finish
