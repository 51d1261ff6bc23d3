#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: an administrator attaches remote swap with balancerctl, the guest swaps
#      there; balancerd is killed while it attaches, while the volume is there
#      and while it takes it away, and the next one goes on each time; a lender
#      that fails is told and replaced; afterwards nothing is left.
# lab: --mem 1408 --dom0-mem 640 --timeout 900
# shellcheck source=/dev/null
. /lab/rswap.sh

mkdir -p /etc/balancerd
printf '[swap]\ndirectory = %s\n' "$rswap_dir" >/etc/balancerd/balancerd.conf
legs=legs=nbd:127.0.0.1:10809:x

balancerd_start
guest_create one pv 96 96 || fail "one does not start"
guest_wait_up one 60

# What cannot be leaves nothing, and says why.
out=$(balancerctl vm-swap-attach vm=one size=48MiB $legs 2>&1) \
	&& fail "attached without a lender"
say "refused: ${out%%$'\n'*}"
assert_match "$out" 'lender-unreachable' "the refusal"
nothing_left
lend 10809 48
out=$(balancerctl vm-swap-attach vm=one size=64GiB $legs 2>&1) \
	&& fail "attached without room"
assert_match "$out" 'needed: 65536 MiB' "the refusal"
nothing_left

# By hand, and the guest swaps there.
begin=$(now_ms)
balancerctl vm-swap-attach vm=one size=48MiB $legs || fail "not attached"
say "attached $(($(now_ms) - begin)) ms after it was asked for"
must_wait_for 30 volume_is guest on
as_listed
load_until_swapped one 44 10 8192
say "$(swapped_kib one) KiB are on the volume"
out=$(balancerctl vm-swap-detach vm=one 2>&1) && fail "the guest gave it up"
assert_match "$out" 'guest-refuses' "the refusal"
assert_eq "$(volume state)" attached "the state after a refusal"

# The daemon is killed; the guest does not notice, and the next daemon knows.
kill_balancerd
balancerd_start
must_wait_for 30 volume_is state attached
assert_eq "$(volume volume)" "$rswap_volume" "the volume"
has_event swap-attached || fail "the next daemon does not tell of the volume"
assert_eq "$(guest_load_get one bad)" 0 "bad pages"

# The lender fails, and is back, empty.
signal_lender KILL 10809
must_wait_for 30 has_event swap-leg-lost
lend 10809 48
must_wait_for 60 has_event swap-leg-replaced
must_wait_for 120 volume_matches legs 'nbd:127.0.0.1:10809 \(in-sync\)'
say "the leg is replaced: $(volume legs)"

# Killed while it takes the volume away: the next one takes it away.
guest_unload one 300 || fail "the guest lost a page"
no_io_errors one
balancerctl vm-swap-detach vm=one >/dev/null 2>&1 &
detach=$!
must_wait_for 30 volume_matches state '^(withdrawing|detaching)$'
kill_balancerd
wait "$detach"
balancerd_start
must_wait_for 60 no_volume
must_wait_for 10 has_event swap-detached
nothing_left
assert_eq "$(guest_run one 'grep -c xvd /proc/swaps')" 0 "swap areas"

# Killed while it attaches: the next one attaches.
balancerctl vm-swap-attach vm=one size=48MiB $legs >/dev/null 2>&1 &
attach=$!
must_wait_for 30 volume_is state attaching
kill_balancerd
wait "$attach"
balancerd_start
must_wait_for 60 volume_is state attached
must_wait_for 30 volume_is guest on
as_listed
assert_eq "$(status state)" attached "as rswap-attach sees it"

# Its guest ends: so does the volume.
begin=$(now_ms)
guest_destroy one
must_wait_for 30 no_volume
say "nothing is left $(($(now_ms) - begin)) ms after the guest's end"
nothing_left
balancerd_stop
say "done"
