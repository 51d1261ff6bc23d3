#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: A8: a PVH guest that still has populate-on-demand entries and is told to
#      grow takes its new memory without asking; Xen kills it unless it was told
#      first.
# lab: --mem 1152 --dom0-mem 384
# shellcheck source=/dev/null
. /lab/balance.sh

balancerd_start
# It boots with 96 of 256 MiB; who says at once that it has a balloon driver is
# given more before that driver has given up anything.
lab_xl create -q -p "$(guest_config pod pvh 96 256)" || fail "pod does not start"
dir=/local/domain/$(domid_of pod)
xenstore-write "$dir/memory/dynamic-min" $((96 * 1024)) \
	"$dir/memory/dynamic-max" $((208 * 1024)) "$dir/control/feature-balloon" 1
begin=$(now_ms)
xl unpause pod
target_is() {
	[ "$(target_kib pod)" -eq "$1" ]
}
must_wait_for 10 target_is $((208 * 1024))
say "told to grow $(($(now_ms) - begin)) ms after its start"
guest_wait_up pod 60
# More than it was started with: without its share of Xen's it dies here.
guest_load pod 130 50 || fail "no load"
is_filled() {
	guest_exists pod || fail "Xen killed it: $(xl dmesg | tail -n 2)"
	guest_load_filled pod
}
must_wait_for 30 is_filled
guest_unload pod || fail "its memory is not what it wrote"
must_wait_for 10 guest_near pod $((208 * 1024)) 512
assert_eq "$(xl dmesg | grep -c 'out of PoD memory')" 0 "guests that Xen killed"
finish
