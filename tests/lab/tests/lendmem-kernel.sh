#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: Linux's own NBD client in dom0 borrows from lendmem, and a guest swaps to
#      what was borrowed with every page intact; memory comes and goes with it.
# lab: --mem 1152 --dom0-mem 512 --timeout 240
# shellcheck source=/dev/null
. /lab/lib.sh

control=/run/balancerd/lendmem.sock
log=/share/lendmem.log

# ask_lendmem VERB [PARAMS]: the answer; it must not be an error.
ask_lendmem() {
	local answer
	answer=$(ask $control "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"$1\",\"params\":{${2:-}}}") \
		|| fail "lendmem does not answer"
	[[ $answer == *'"result"'* ]] || fail "$1: $answer"
	echo "$answer"
}

lease_number() {
	json_number "$(ask_lendmem lease-list "\"token\":\"$token\"")" "$1"
}

stored_kib() {
	lease_number stored_kib
}

plugin=$(find /usr -name nbdkit-lendmem-plugin.so)
assert_ne "$plugin" '' 'the plugin, as installed'
# In the background, as a service would: locked memory has to outlast the fork.
nbdkit -P /run/lendmem.pid -i 127.0.0.1 -p 10809 -e '' "$plugin" memory=192m \
	>"$log" 2>&1 || fail "nbdkit does not start: $(cat "$log")"
must_wait_for 10 test -S $control
lender=$(cat /run/lendmem.pid)
locked=$(sed -n 's/^VmLck:[[:space:]]*\([0-9]*\) kB/\1/p' "/proc/$lender/status")
assert_ge "$locked" $((192 * 1024)) 'locked memory (KiB)'

modprobe nbd nbds_max=4 || fail 'no nbd'
token=$(ask_lendmem lease-create '"size":"96m","label":"lab"' | grep -o '[0-9a-f]\{32\}')
assert_fails nbd-client -N nonsense 127.0.0.1 10809 /dev/nbd0 -b 4096 -t 5
nbd-client -N "$token" 127.0.0.1 10809 /dev/nbd0 -b 4096 -t 5 -C 2 >>"$log" 2>&1 \
	|| fail "nbd-client: $(cat "$log")"
assert_eq "$(cat /sys/block/nbd0/size)" $((96 * 2048)) 'sectors'

# A pattern there and back, past the page cache.
head -c 16M /dev/urandom >/run/noise
dd if=/run/noise of=/dev/nbd0 bs=64k oflag=direct 2>/dev/null || fail 'dd there'
assert_eq "$(stored_kib)" $((16 * 1024)) 'stored (KiB)'
dd if=/dev/nbd0 bs=64k count=256 iflag=direct 2>/dev/null | cmp - /run/noise \
	|| fail 'not what was written'
rm /run/noise
blkdiscard=$(cat /sys/block/nbd0/queue/discard_max_bytes)
assert_ge "$blkdiscard" 4096 'discard is offered'

# A guest swaps to it: 64 MiB more than it has.
guest_create one pv 96 96 'disk = ["phy:/dev/nbd0,xvda,w"]' || fail 'one does not start'
guest_wait_up one 60
guest_run one 'mkswap /dev/xvda >/dev/null && swapon -d /dev/xvda' || fail 'no swap'
guest_load one 80 40 || fail 'no load'
must_wait_for 120 guest_load_filled one
used=$(guest_run one "sed -n 's/^SwapFree: *\([0-9]*\).*/\1/p' /proc/meminfo")
assert_le "$used" $((80 * 1024)) 'free swap in the guest (KiB)'
assert_ge "$(stored_kib)" $((8 * 1024)) 'stored for the guest (KiB)'
guest_unload one 120 || fail 'a page is not what it was'
assert_ge "$(lease_number reads)" 100 'reads'
assert_eq "$(lease_number refused)" 0 'refused'

# Swap that is turned off is discarded at the next swapon; memory comes back.
guest_run one 'swapoff /dev/xvda && swapon -d /dev/xvda && swapoff /dev/xvda' \
	|| fail 'no swapoff'
must_wait_for 20 eval '[ "$(stored_kib)" -le 64 ]'
guest_destroy one
must_wait_for 20 nbd-client -d /dev/nbd0 >/dev/null
must_wait_for 10 eval '[ "$(lease_number connections)" -eq 0 ]'
ask_lendmem lease-end "\"token\":\"$token\"" >/dev/null
assert_fails nbd-client -N "$token" 127.0.0.1 10809 /dev/nbd0 -b 4096 -t 5
kill "$lender"
must_wait_for 10 eval '! kill -0 "$lender" 2>/dev/null'
