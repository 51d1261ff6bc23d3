#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: a guest is given what few MiB the host has for it, and when it thrashes all
#      the same, by itself, a swap device in another host's memory; when it is calm
#      that is taken back, on both hosts.
# lab: --hosts 2 --mem 1152 --dom0-mem 576 --timeout 900
# shellcheck source=/dev/null
. /lab/measure.sh
. /lab/rswap.sh

secret=a-secret-of-the-lab
calm_s=5
base=$((320 * 1024)) # of the lender's domain 0, in KiB
few=$((6 << 20))     # that the host has to give, in bytes
xvdp=51952           # the device's number in xenstore

mkdir -p /etc/balancerd
cat >/etc/balancerd/balancerd.conf <<END
[policy]
engine = demand
[peers]
name = borrower
listen = 10.9.0.1
[swap]
directory = $rswap_dir
calm = ${calm_s}s
END
cat >/share/lender.conf <<'END'
[lend]
lend-max = 160MiB
[peers]
name = lender
listen = 10.9.0.2
END

# On the lender; what is defined there once.
lender() {
	on_host 1 ". /lab/lib.sh; $*" || fail "on the lender: $*"
}

peer_is() { # FIELD VALUE
	[ "$(balancerctl peer-list --minimal peer=lender "params=$1")" = "$2" ]
}

leases() { # FIELD
	lender "balancerctl lease-list --minimal params=$1"
}

# disk_has_less KIB: of the guest's pages.
disk_has_less() {
	[ "$(guest_run one "awk '/xvdb/ { print (\$4 < $1) }' /proc/swaps")" = 1 ]
}

no_leases() {
	[ -z "$(leases volume)" ]
}

# in_s MS: as seconds, with a tenth.
in_s() {
	echo "$(($1 / 1000)).$(($1 % 1000 / 100))"
}

# thrashing_ms: when balancerd last found that the guest thrashes, in the measure
# of now_ms.
thrashing_ms() {
	local line day_ms=86400000 h m s ms begin_day
	line=$(balancerctl event-list kind=state-changed | grep -e '-> thrashing' | tail -n 1)
	IFS=' :.' read -r _ h m s ms _ <<<"$line"
	begin_day=$(($(now_ms) / day_ms * day_ms))
	echo $((begin_day + ((10#$h * 60 + 10#$m) * 60 + 10#$s) * 1000 + 10#$ms))
}

load_is() { # MIB
	[ "$(guest_load_get one used_kib)" = $(($1 * 1024)) ]
}

# A processor for all of them: what looks ten times a second, or naps, is to be
# cheap, and so no process.
mkfifo /run/nobody
exec {nobody}<>/run/nobody
nap() { # S
	read -rt "$1" -u "$nobody"
}

# until_written S: the guest has written to the device, as Linux counts the
# sectors in domain 0; $there_ms: when that had it.
until_written() {
	local end=$((SECONDS + $1)) written=0
	local stat="/sys/bus/xen-backend/devices/vbd-$domid-$xvdp/statistics"
	there_ms=''
	while [ "$written" = 0 ]; do
		[ "$SECONDS" -lt "$end" ] || return 1
		nap 0.05
		[ -e "$stat/wr_sect" ] || continue
		[ -n "$there_ms" ] || there_ms=$(now_ms)
		read -r written <"$stat/wr_sect"
	done
}

rswap_dir_on_disk 192
# The lender's domain 0 has room to grow.
lender "xl mem-set 0 ${base}k"
lender 'mkdir -p /run/balancerd; plugin=$(find /usr -name nbdkit-lendmem-plugin.so)
	nbdkit -i 10.9.0.2 -p 10809 "$plugin" memory=1T >/share/lendmem.log 2>&1
	balancerd -f /share/lender.conf >>/share/lender.log 2>&1 </dev/null &
	wait_for 15 lab_daemon_answers'
guest_create one pv 120 160 || fail "one does not start"
balancerd_start
balancerctl peer-add peer=lender address=10.9.0.2 secret=$secret || fail 'peer-add'
lender "balancerctl peer-add peer=borrower address=10.9.0.1 secret=$secret"
guest_wait_up one 60
disk_make_slow disk-one 96 8
xl block-attach one "$(disk_for "$disk_path" xvdb w | tr -d "'")" || fail "no swap disk"
swap_on one xvdb
domid=$(domid_of one)

# It has swapped out what it cannot hold, and sleeps.
guest_load one 120 400 runs || fail 'no workload'
GUEST_RUN_S=240 guest_run one "while ! grep -q state=running /run/load; do
		usleep 50000
	done; kill -STOP \$(cat /run/load.pid)" || fail 'the workload does not fill'

# It is given what the host has, which is not enough.
must_wait_for 30 peer_is lendable $((160 << 20))
before_kib=$(target_kib one)
spare=$(balancerctl host-memory-show --minimal)
balancerctl memory-reserve size=$((spare - few)) ttl=1h >/dev/null \
	|| fail 'no reservation'
set_range one 120 160
must_wait_for 60 vm_is one memory_state healthy
no_volume || fail 'a volume before anyone asked for one'
kib=$(target_kib one)
say "one had $before_kib KiB and has $kib, of which $(guest_free_kib one) are" \
	"available; $(balancerctl host-memory-show --minimal) bytes are spare"
assert_ge "$kib" $((before_kib + 2048)) 'its memory (KiB)'
balancerctl vm-swap-policy-set vm=one policy=auto max-size=128MiB || fail 'policy'

# It wakes, and wants all of it at once.
begin=$(now_ms)
guest_run one "kill -CONT \$(cat /run/load.pid)" || fail 'it does not wake'
until_written 60 || fail "no page goes there:
$(balancerctl vm-memory-explain vm=one)
$(balancerctl vm-swap-list)"
took_ms=$(($(now_ms) - begin))
device_ms=$((there_ms - begin))
say "$(guest_load_progress one)"
thrash_ms=$(($(thrashing_ms) - begin))

# Both sides tell of it.
must_wait_for 10 volume_is state attached
assert_eq "$(volume automatic)" true 'automatic'
assert_eq "$(leases peer)" borrower 'whom it is lent to over there'
assert_eq "$(leases state)" lent 'the lease over there'
assert_eq "$(leases volume)" "$(volume volume)" 'the volume over there'
has_event swap-attached || fail 'no event'
must_wait_for 60 swapped_over one 4096
# What was on the disk follows, so that it is not read from there again and again.
must_wait_for 300 disk_has_less 8192
say "$(swapped_kib one) KiB are on the volume, $(leases stored) bytes over there"

# Calm: it unwinds by itself.
disk_be_quick disk-one
guest_load_resize one 16 && must_wait_for 60 load_is 16
guest_unload one 240 || fail 'the guest lost a page'
no_io_errors one
begin=$(now_ms)
must_wait_for 60 no_volume
must_wait_for 30 no_leases
unwound_ms=$(($(now_ms) - begin))
nothing_left
assert_eq "$(guest_run one 'grep -c xvdp /proc/swaps')" 0 'swap areas of ours'
assert_eq "$(n_events swap-detached)" 1 'events'
assert_ge "$(lender 'balancerctl event-list kind=lease-ended --minimal params=id | wc -w')" \
	1 'events over there'
lender "wait_for 30 guest_near Domain-0 $base 2048"
say "time-to-thrash: $(in_s $thrash_ms) s after the workload woke"
say "time-to-device: $(in_s $device_ms) s"
say "time-to-remote: $(in_s $took_ms) s"
say "time-to-unwind: $(in_s $unwound_ms) s after the workload ended (calm = $calm_s s)"
balancerd_stop || fail 'balancerd'
