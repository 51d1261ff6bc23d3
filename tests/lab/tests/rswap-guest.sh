#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: what guests and toolstacks may do to a guest that has remote swap costs
#      nobody a page: a guest dies while it is given swap, refuses to give it
#      back, is to be saved or migrated, is restarted; and domain 0 may be short
#      of nbd devices.  What cannot be is refused in words, and nothing is left.
# lab: --mem 1408 --dom0-mem 640 --timeout 600
# shellcheck source=/dev/null
. /lab/rswap.sh

mkdir -p /etc/balancerd
printf '[swap]\ndirectory = %s\n' "$rswap_dir" >/etc/balancerd/balancerd.conf
legs=legs=nbd:127.0.0.1:10809:x

# attach_in_background GUEST: its words go to a file.
attach_in_background() {
	balancerctl vm-swap-attach "vm=$1" size=32MiB $legs >/tmp/attach 2>&1 &
	attach=$!
}

# attach_fails REGEX: the one in the background says so, and nothing is left.
attach_fails() {
	wait "$attach" && fail "attached: $(cat /tmp/attach)"
	assert_match "$(cat /tmp/attach)" "$1" "the refusal"
	say "$(head -n 1 /tmp/attach)"
	must_wait_for 30 no_volume
	nothing_left
}

has_device() {
	xenstore-exists "/local/domain/$1/device/vbd/51952"
}

# is_refused XL...: at once, and not because of something else.
is_refused() {
	local begin
	begin=$(now_ms)
	"$@" >/tmp/refused 2>&1 && fail "not refused: $*"
	say "refused within $(($(now_ms) - begin)) ms: $*"
	assert_match "$(cat /tmp/refused)" 'Suspend event channel' "why $* is refused"
}

restarted() {
	local now
	now=$(domid_of one) && [ "$now" != "$1" ]
}

balancerd_start
lend 10809 32
guest_create one pv 96 96 'on_reboot = "restart"' || fail "one does not start"

# A guest dies while it is given swap, early and late.
for moment in early late; do
	guest_create "$moment" pv 80 80 || fail "$moment does not start"
	domid=$(domid_of "$moment")
	attach_in_background "$moment"
	must_wait_for 30 volume_is state attaching
	[ $moment = early ] || must_wait_for 30 has_device "$domid"
	# What is under way is not done before the guest is gone.
	kill -STOP "$(pidof rswap-attach)" || fail "$moment is too late"
	guest_destroy "$moment"
	kill -CONT "$(pidof rswap-attach)"
	attach_fails 'domain has ended'
done

# No kernel module; then all devices that it has made are in use.
guest_wait_up one 60
domid=$(domid_of one)
nbd=$(modinfo -n nbd)
rmmod nbd 2>/dev/null
mv "$nbd" /tmp/nbd.ko
attach_in_background one
attach_fails 'no nbd devices'
mv /tmp/nbd.ko "$nbd"
modprobe nbd nbds_max=1 || fail "no nbd"
lend 10810 1
nbd-client -N x 127.0.0.1 10810 /dev/nbd0 -b 512 -t 5 >/dev/null 2>&1 \
	|| fail "nbd0 cannot be used by others"
balancerctl vm-swap-attach vm=one size=32MiB $legs || fail "not attached"
nbd-client -d /dev/nbd0 >/dev/null
as_listed
assert_match "$(must_rswap status; echo "$answer")" '/dev/nbd1"' "its device"

# It swaps there, and has no room for that elsewhere.
must_wait_for 30 volume_is guest on
load_until_swapped one 44 20 8192
out=$(balancerctl vm-swap-detach vm=one 2>&1) && fail "the guest gave it up"
say "${out%%$'\n'*}"
assert_match "$out" 'guest-refuses' "the refusal"
assert_match "$out" 'needed: [0-9]+ ' "the refusal"
assert_match "$out" 'available: [0-9]+ ' "the refusal"
assert_eq "$(volume state)" attached "the state after a refusal"

# What is on the device would be lost.
is_refused xl save one /tmp/saved
is_refused xl migrate -s '' one 'xl migrate-receive'
xl destroy one--incoming 2>/dev/null
assert_match "$(xenstore-read "/local/domain/$domid/device/suspend/event-channel")" \
	'remote swap.*vm-swap-detach' "why"
swapped_over one 8192 || fail "it has given the device up"
guest_unload one 120 || fail "the guest lost a page"
no_io_errors one

# It is restarted by its toolstack: without the device, which is gone.
GUEST_RUN_S=1 guest_run one 'reboot -f' 2>/dev/null
must_wait_for 60 restarted "$domid"
begin=$(now_ms)
must_wait_for 30 no_volume
say "nothing is left $(($(now_ms) - begin)) ms after the guest's restart"
nothing_left
guest_wait_up one 60
guest_run one '! ls /dev/xvdp' || fail "the restarted guest has the device"

# It is given another one; when that is gone, it may be saved.
balancerctl vm-swap-attach vm=one size=32MiB $legs || fail "not attached again"
must_wait_for 30 volume_is guest on
is_refused xl save -c one /tmp/saved
balancerctl vm-swap-detach vm=one || fail "not detached"
nothing_left
xl save -c one /tmp/saved >/tmp/save.log 2>&1 || fail "not saved: $(cat /tmp/save.log)"
guest_run one true || fail "the guest is not itself after it was saved"
balancerd_stop
say "done"
