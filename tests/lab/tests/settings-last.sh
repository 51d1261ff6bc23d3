#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: what is set for a guest lasts: through its reboot, a daemon that is
#      killed, a full disk, and a host that boots with the same disk.
# lab: --hosts 2 --mem 1024 --timeout 240
# shellcheck source=/dev/null
. /lab/balance.sh

uuid=5e771205-0000-4000-8000-000000000001
dir=/share/settings

has_new_domid() {
	local now
	now=$(domid_of one) && [ "$now" != "$old" ]
}

# The range that balancerd keeps for one, in xenstore and as its target.
in_force() {
	[ "$(guest_key one memory/dynamic-min)" = $((80 * 1024)) ] \
		&& [ "$(guest_key one memory/dynamic-max)" = $((112 * 1024)) ] \
		&& [ "$(target_kib one)" = $((112 * 1024)) ]
}

# one restarts when it reboots, and has its uuid for ever.
start_one() {
	local file
	file=$(guest_config one pv 96 128 "uuid = \"$uuid\"") || return 1
	sed -i 's/^on_reboot = .*/on_reboot = "restart"/' "$file"
	xl create -q "$file"
}

# --- the same disk in a host that has just booted ----------------------------
if [ "${1:-}" = after-boot ]; then
	balancerd_start --config "$dir.conf"
	start_one || fail 'one does not start on the other host'
	must_wait_for 60 in_force
	assert_eq "$(vm_field one weight)" 512 'weight after a boot'
	balancerd_stop || fail 'no clean end'
	exit 0
fi

printf '[domain]\nsettings = %s\n' "$dir" >"$dir.conf"
balancerd_start --config "$dir.conf"
start_one || fail 'one does not start'
guest_wait_up one 60
set_range one 80 112
balancerctl vm-memory-weight-set vm=one weight=512 || fail 'no weight'
must_wait_for 30 in_force
must_wait_for 30 guest_near one $((112 * 1024))

# It reboots: another domain, the same uuid, and xl writes no range.
old=$(domid_of one)
# There is nobody left to answer.
GUEST_RUN_S=2 guest_run one 'reboot -f' 2>/dev/null
must_wait_for 60 has_new_domid
guest_wait_up one 60
must_wait_for 30 in_force
assert_eq "$(vm_field one weight)" 512 'weight after a reboot'

# It is started anew while there is no daemon.
balancerd_stop KILL
guest_destroy one || fail 'one cannot be destroyed'
start_one || fail 'one does not start again'
guest_wait_up one 60
assert_eq "$(guest_key one memory/dynamic-max)" '' 'dynamic-max by xl'
balancerd_start --config "$dir.conf"
must_wait_for 30 in_force
balancerd_stop

# A full disk: a clear error, and nothing has changed, on disk or in force.
mkdir /run/full
mount -t tmpfs -o size=16k tmpfs /run/full || fail 'no tmpfs'
cp "$dir/$uuid" /run/full/
printf '[domain]\nsettings = /run/full\n' >/run/full.conf
balancerd_start --config /run/full.conf
assert_fails dd if=/dev/zero of=/run/full/fill bs=1k 2>/dev/null
error=$(balancerctl vm-memory-dynamic-range-set vm=one min=80MiB max=96MiB 2>&1) \
	&& fail 'a full disk is no obstacle'
assert_match "$error" 'cannot be kept in /run/full: No space left on device; nothing has changed'
in_force || fail 'the range has changed'
cmp "$dir/$uuid" /run/full/$uuid || fail 'the file has changed'
rm /run/full/fill
set_range one 80 96
must_wait_for 30 guest_near one $((96 * 1024))
grep -q '^dynamic-max = 98304KiB$' /run/full/$uuid || fail 'it is not kept'
balancerd_stop
guest_destroy one

ON_HOST_S=150 on_host 1 "bash /lab/job/${0##*/} after-boot" \
	|| fail 'a host that boots with the same disk does not know the settings'
