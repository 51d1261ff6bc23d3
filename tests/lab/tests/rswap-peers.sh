#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: a guest swaps to a peer's memory.  A peer with the wrong secret lends
#      nothing; the lender's network is unplugged and plugged in again; it wants
#      its memory back; both daemons are killed while the guest ends: the guest
#      never waits for longer than 6 s, loses no page, and no lease is forgotten.
# lab: --hosts 2 --mem 1024 --dom0-mem 512 --timeout 600
# shellcheck source=/dev/null
. /lab/rswap.sh

secret=a-secret-of-the-lab
stall_max_ms=6000
base=$((320 * 1024)) # of the lender's domain 0, in KiB
lendable=$((128 << 20))
leg='nbd:10.9.0.2:10809'

mkdir -p /etc/balancerd
cat >/etc/balancerd/balancerd.conf <<END
[peers]
name = borrower
listen = 10.9.0.1
[swap]
directory = $rswap_dir
END
cat >/share/lender.sh <<'END'
. /lab/lib.sh
conf() { # LEND_MAX
	printf '[lend]\nlend-max = %s\ngrace = 1m\n' "$1"
	printf '[peers]\nname = lender\nlisten = 10.9.0.2\n'
}
start() {
	balancerd -f /share/lender.conf >>/share/lender.log 2>&1 </dev/null &
	echo $! >/run/lender.pid
	wait_for 15 lab_daemon_answers
}
END

# On the lender; what is defined there once.
lender() {
	on_host 1 ". /share/lender.sh; $*" || fail "on the lender: $*"
}

lender_dom0_is() { # KIB
	local kib
	kib=$(lender 'tot_kib Domain-0')
	[ "$kib" -ge $(($1 - 2048)) ] && [ "$kib" -le $(($1 + 2048)) ]
}

lends() { # MIB
	lender "conf ${1}MiB >/share/lender.conf"
	# shellcheck disable=SC2016 # it is the lender's
	[ "${2:-}" = only ] || lender 'kill -HUP $(cat /run/lender.pid)'
}

leases() { # FIELD
	lender "balancerctl lease-list --minimal params=$1"
}

no_leases() {
	[ -z "$(leases volume)" ]
}

peer() { # FIELD
	balancerctl peer-list --minimal peer=lender "params=$1"
}

peer_is() { # FIELD VALUE
	[ "$(peer "$1")" = "$2" ]
}

events_are() { # KIND N
	[ "$(n_events "$1")" -ge "$2" ]
}

# The lender's copy is there, and has all pages.
is_whole() {
	volume_matches legs "$leg \\(in-sync\\)"
}

reads_over() {
	local reads
	reads=$(guest_load_get one reads) && [ "$reads" -gt "$1" ]
}

# goes_on: pages are read, and each is what it should be; the longest wait.
goes_on() {
	local reads stall
	reads=$(guest_load_get one reads) || fail "no workload any more"
	must_wait_for 60 reads_over $((reads + 200))
	assert_eq "$(guest_load_get one bad)" 0 "bad pages"
	stall=$(guest_load_get one longest_ms)
	say "$1: one page took $stall ms at most"
	assert_le "$stall" "$stall_max_ms" "the longest stall (ms)"
	no_io_errors one
}

guest_create one pv 96 96 || fail "one does not start"
lends 128 only
lender "xl mem-set 0 ${base}k"
lender 'mkdir -p /run/balancerd; plugin=$(find /usr -name nbdkit-lendmem-plugin.so)
	nbdkit -i 10.9.0.2 -p 10809 -P /run/lendmem.pid "$plugin" memory=1T \
		>/share/lendmem.log 2>&1; start'
balancerd_start

# Who does not know the secret is lent nothing.
lender "balancerctl peer-add peer=borrower address=10.9.0.1 secret=$secret"
balancerctl peer-add peer=lender address=10.9.0.2 secret=not-what-it-should-be \
	|| fail 'peer-add'
must_wait_for 20 peer_is state down
must_wait_for 20 eval '[[ $(peer reason) =~ secret ]]'
say "with another secret: $(peer reason)"
out=$(balancerctl vm-swap-attach vm=one size=24MiB 2>&1) \
	&& fail 'lent to who does not know the secret'
say "${out%%$'\n'*}"
assert_match "$out" 'lender is down .*secret' 'the refusal'
must_wait_for 10 no_volume
nothing_left
assert_eq "$(leases volume)" '' 'leases'
balancerctl peer-remove peer=lender || fail 'peer-remove'
balancerctl peer-add peer=lender address=10.9.0.2 secret=$secret || fail 'peer-add'
must_wait_for 20 peer_is lendable $lendable

guest_wait_up one 60
begin=$(now_ms)
balancerctl vm-swap-attach vm=one size=24MiB || fail 'not attached'
say "attached $(($(now_ms) - begin)) ms after it was asked for"
must_wait_for 30 volume_is guest on
as_listed
load_until_swapped one 38 4 4096
goes_on 'with the lender'

# Its network is gone; it is not, and neither is what it keeps.
guest_load_watch one
lender 'ip link set eth0 down'
must_wait_for 30 events_are swap-leg-lost 1
goes_on 'unplugged'
assert_eq "$(leg_state "file:$rswap_dir")" in-sync "the file's leg"
guest_load_watch one
lender 'ip link set eth0 up'
begin=$(now_ms)
must_wait_for 60 events_are swap-leg-replaced 1
assert_eq "$(cut -d ' ' -f 1 /sys/block/md127/md/sync_speed_max)" 20480 \
	"the bound on filling it (KiB/s)"
must_wait_for 120 is_whole
say "the leg has all pages $(($(now_ms) - begin)) ms after it was plugged in"
goes_on 'plugged in'

# The lender wants its memory back, and would lend nothing.
guest_load_watch one
lends 0
lender "balancerctl lease-end lease=$(leases lease)"
begin=$(now_ms)
must_wait_for 50 no_leases
say "given back $(($(now_ms) - begin)) ms after it was wanted"
must_wait_for 30 lender_dom0_is $base
goes_on 'given back'
assert_eq "$(volume state)" degraded 'the volume'
lends 128
must_wait_for 60 events_are swap-leg-replaced 2
must_wait_for 120 is_whole
goes_on 'lent again'

# All that is running on both hosts, but the guest, is killed.
guest_load_watch one
# shellcheck disable=SC2016
lender 'kill -KILL $(cat /run/lender.pid) $(cat /run/lendmem.pid)'
kill_balancerd
goes_on 'without anybody'
lender 'nbdkit -i 10.9.0.2 -p 10809 -P /run/lendmem.pid \
	"$(find /usr -name nbdkit-lendmem-plugin.so)" memory=1T >>/share/lendmem.log 2>&1
	start'
balancerd_start
must_wait_for 60 is_whole
goes_on 'all is new'
guest_unload one 120 || fail "the guest lost a page"
no_io_errors one

# The guest ends while both daemons are dead: its lease is given back.
kill_balancerd
# shellcheck disable=SC2016
lender 'kill -KILL $(cat /run/lender.pid)'
guest_destroy one
lender start
balancerd_start
must_wait_for 60 no_volume
must_wait_for 10 no_leases
nothing_left
balancerd_stop
say 'done'
