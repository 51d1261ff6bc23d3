#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: the lab itself: guests, commands in them, workload, balloon, helpers.
# lab: --no-product --cold --timeout 300
# shellcheck source=/dev/null
. /lab/lib.sh

load_is() {
	test "$(guest_load_get pv1 "$1")" "$2" "$3"
}

gone() {
	! guest_exists "$1"
}

free_at_least() {
	[ "$(host_free_kib)" -ge "$1" ]
}

# Words and times.
assert_eq "$(lab_to_ms 2)" 2000 lab_to_ms
assert_eq "$(lab_to_ms 0.25)" 250 lab_to_ms
begin=$(now_ms)
assert_fails wait_for 0.3 false
assert_within "$(($(now_ms) - begin))" 1150 850 "wait_for's deadline (ms)"
(fail "on purpose" 2>/dev/null)
assert_eq "$?" 1 "fail's exit code"
assert_eq "$(jpick 'a[n=2].m' <<<'{"a": [{"n": 1}, {"n": 2, "m": "x y"}]}')" \
	"x y" jpick
assert_fails jpick 'a[n=3]' <<<'{"a": [{"n": 1}]}'
check_accounting
free_before=$(host_free_kib)

# One PV and one PVH guest at the same time.
guest_create pv1 pv 96 192 feature=1 || fail "pv1 does not start"
guest_create pvh1 pvh 96 192 || fail "pvh1 does not start"
guest_wait_up pv1 60
guest_wait_up pvh1 60
check_accounting
assert_eq "$(guest_key pv1 control/feature-balloon)" 1 feature-balloon
assert_fails guest_key pvh1 control/feature-balloon

# Commands: output, exit code, size, noise on the console, garbled answers.
for guest in pv1 pvh1; do
	assert_eq "$(guest_run "$guest" 'echo a b; echo "  c"')" $'a b\n  c' output
	guest_run "$guest" 'exit 7'
	assert_eq "$?" 7 "exit code"
	assert_eq "$(guest_run "$guest" 'seq 20000' | wc -l)" 20000 "long output"
done
noise='i=0; while [ $i -lt 200 ]; do echo "<0>noise $i" >/dev/kmsg
	i=$((i + 1)); done'
guest_run pv1 "($noise) & seq 3000; wait" >/tmp/noisy
assert_eq "$(tail -n 1 /tmp/noisy)" 3000 "output under noise"
assert_eq "$(GUEST_RUN_S=1 guest_run pv1 'sleep 20' 2>/dev/null; echo $?)" 125 \
	"a command that hangs"
assert_eq "$(guest_run pv1 echo still here)" "still here" "after a hang"
guest_run nobody true 2>/dev/null
assert_eq "$?" 125 "no such guest"

# The workload.  The guest has some 30 MiB for it; and no swap.
guest_load pv1 12 20 || fail "no workload"
must_wait_for 90 guest_load_filled pv1
assert_eq "$(guest_load_get pv1 filled_kib)" $((12 * 1024)) filled_kib
guest_load_resize pv1 4
must_wait_for 10 load_is used_kib -eq 4096
must_wait_for 10 load_is reads -gt "$(guest_load_get pv1 reads)"
guest_unload pv1 || fail "the workload found a bad page"
assert_fails guest_load_progress pv1

# Writing xenstore keys, fast.
assert_match "$(guest_run pv1 flood 100 1 data/x data/y)" 'refused=0 per_s=' flood
assert_match "$(guest_run pv1 flood 10 1 control/feature-x)" 'writes=0 ' flood
guest_run pv1 flood 0 2 data/x
flood 0 2 "/local/domain/$(domid_of pv1)/data/x"

# The balloon, both ways.
for guest in pv1 pvh1; do
	for mib in 80 128; do
		xl mem-set "$guest" "$mib" || fail "mem-set $guest"
		must_wait_for 15 guest_near "$guest" $((mib * 1024)) 128
		assert_eq "$(target_kib "$guest")" $((mib * 1024)) target
	done
done
check_accounting

# A guest without a balloon driver stays where it is.
guest_create stiff pv 80 80 noballoon || fail "stiff does not start"
guest_wait_up stiff 60
assert_fails guest_run stiff test -e /sys/devices/system/xen_memory/xen_memory0
xenstore-write "/local/domain/$(domid_of stiff)/memory/target" 49152
assert_fails wait_for 2 guest_near stiff 49152

# The end: everything comes back.
for guest in pv1 pvh1 stiff; do
	guest_destroy "$guest"
	must_wait_for 10 gone "$guest"
done
must_wait_for 10 free_at_least "$((free_before - 512))"
check_accounting
