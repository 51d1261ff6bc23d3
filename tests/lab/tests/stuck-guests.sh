#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: one guest is paused, one says it has a balloon driver and has none; the
#      others pick up the slack, the liar is found out, its target retracted.
# lab: --mem 1152 --dom0-mem 384
# shellcheck source=/dev/null
. /lab/balance.sh

balancerd_start
guest_create liar pv 160 160 noballoon feature=1 || fail "no liar"
guest_create frozen pv 160 256 || fail "no frozen"
start_guests 160 96 256 good:pv fair:pvh
guest_wait_up liar 60
guest_wait_up frozen 60
set_range liar 96 160
set_range frozen 96 256
must_rest 90
balancerctl host-memory-show
xl pause frozen
must_wait_for 5 vm_is frozen state paused
frozen_kib=$(tot_kib frozen)

# As much as good and fair can give, so that both liar and frozen are needed
# by a plan that believes in them.
free=$(host_field free_kib)
give=$((($(tot_kib good) + $(tot_kib fair)) - 2 * 104 * 1024 - 4096))
begin=$(now_ms)
id=$(balancerctl memory-reserve "size=$((free + give))KiB" ttl=120 wait=60 \
	--minimal) || fail "not granted"
say "granted after $(($(now_ms) - begin)) ms"
assert_le $(($(now_ms) - begin)) 15000 "time to grant (ms)"
balancerctl host-memory-show
assert_eq "$(tot_kib frozen)" "$frozen_kib" "frozen's memory"
assert_ge "$(host_free_kib)" "$((free + give + lab_reserve_kib - 1024))" \
	"free memory"
must_wait_for 15 vm_is liar state stuck
must_wait_for 5 guest_near liar "$(target_kib liar)" 512
balancerctl memory-release "id=$id" || fail "cannot release"
xl unpause frozen
must_rest
finish
