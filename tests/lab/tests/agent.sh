#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: balancer-agent in PV and PVH guests is heard: what is available, that
#      the guest swaps, and that it no longer does; an agent that is killed is
#      noticed, one that ends takes its word along, and a guest that is saved
#      and restored goes on telling.
# lab: --mem 1408 --dom0-mem 512 --timeout 500
# shellcheck source=/dev/null
. /lab/balance.sh

# says NAME FIELD: what vm-memory-explain tells of the guest's own word.
says() {
	balancerctl vm-memory-explain "vm=$1" --json | jpick "$2"
}

says_is() {
	[ "$(says "$1" "$2")" = "$3" ]
}

# says_over NAME FIELD AMOUNT
says_over() {
	local is
	is=$(says "$1" "$2") && [ "$is" != null ] && [ "$is" -gt "$3" ]
}

balancerd_start
truncate -s 96M /tmp/swap
losetup /dev/loop0 /tmp/swap || fail "no loop device"
start_guests 128 96 128 talks:pv too:pvh
guest_create mute pv 96 128 noagent || fail "mute does not start"
guest_wait_up mute 60

for guest in talks too; do
	must_wait_for 30 says_is "$guest" agent yes
	say "$guest: $(guest_key "$guest" data/balancer/sample)"
	free=$(guest_free_kib "$guest")
	assert_within "$(says "$guest" memory.free_kib)" "$free" $((6 * 1024)) \
		"what $guest says is available (KiB)"
	assert_match "$(guest_key "$guest" data/balancer/sample)" \
		' stall-full=[0-9]+' "the sample of $guest"
done
assert_eq "$(says mute agent)" no "agent in a guest without"

# A workload that does not fit.
must_rest 60
xl block-attach talks phy:/dev/loop0,xvdb,w || fail "no swap disk"
guest_run talks 'while [ ! -b /dev/xvdb ]; do sleep 0.1; done
	mkswap /dev/xvdb >/dev/null && swapon /dev/xvdb' || fail "no swap"
has_swap() {
	[[ $(guest_key talks data/balancer/sample) == *" swap=xvdb:"* ]]
}
must_wait_for 15 has_swap
assert_eq "$(says talks memory.swap_used_kib)" 0 "swapped out before (KiB)"
guest_load talks 120 40 || fail "no workload"
begin=$(now_ms)
must_wait_for 90 says_over talks swap_in_kib_per_s 0
say "swapping in is heard of $(($(now_ms) - begin)) ms after the workload" \
	"began: $(guest_key talks data/balancer/sample)"
must_wait_for 60 says_over talks stall_some_permyriad 0
says_over talks memory.swap_used_kib 1024 || fail "nothing is swapped out"
balancerctl vm-memory-explain vm=talks | grep -E 'agent|says'
guest_unload talks 120 || fail "the guest lost a page"
must_wait_for 30 says_is talks swap_in_kib_per_s 0
guest_run talks 'swapoff /dev/xvdb' || fail "no swapoff"
xl block-detach talks xvdb || fail "cannot take the swap disk away"

# The agent is killed, and comes back.
guest_run too 'kill -9 $(pidof balancer-agent)' || fail "no agent to kill"
begin=$(now_ms)
must_wait_for 60 says_is too agent stale
say "a killed agent is noticed after $(($(now_ms) - begin)) ms"
guest_run too 'balancer-agent </dev/null >/run/balancer-agent.log 2>&1 &'
must_wait_for 15 says_is too agent yes
# It ends: nothing of it is left.
guest_run too 'kill $(pidof balancer-agent)' || fail "no agent to end"
is_removed() {
	! guest_key too data/balancer/sample >/dev/null 2>&1
}
must_wait_for 15 is_removed
guest_run too 'balancer-agent --once && ! pidof balancer-agent' \
	|| fail "cannot tell once"
must_wait_for 15 says_is too agent yes
guest_run too '[ ! -s /run/balancer-agent.log ]' || fail "the agent complains:
$(guest_run too 'cat /run/balancer-agent.log')"

# Saved and restored, with another number, the same agent goes on.
losetup -d /dev/loop0 && rm /tmp/swap
before=$(domid_of talks)
xl save talks /tmp/talks >/tmp/save.log 2>&1 \
	|| fail "cannot save: $(cat /tmp/save.log)"
lab_xl restore /tmp/talks >/tmp/save.log 2>&1 \
	|| fail "cannot restore: $(cat /tmp/save.log)"
rm /tmp/talks
assert_ne "$(domid_of talks)" "$before" "domid after restoring"
must_wait_for 30 says_is talks agent yes
say "restored: $(guest_key talks data/balancer/sample)"
finish
