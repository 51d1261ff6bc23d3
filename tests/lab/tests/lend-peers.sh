#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: two real hosts know each other; one lends memory that domain 0 is grown
#      by, Linux's NBD client of the other one writes and reads it, also while
#      the lender's daemon is dead; a guest that starts there wants it back.
# lab: --hosts 2 --mem 1024 --dom0-mem 512 --timeout 300
# shellcheck source=/dev/null
. /lab/lib.sh

secret=a-secret-of-the-lab
base=$((320 * 1024)) # of the lender's domain 0, in KiB
size=$((64 * 1024))  # of the lease

mkdir -p /etc/balancerd
printf '[peers]\nname = borrower\nlisten = 10.9.0.1\n' >/etc/balancerd/balancerd.conf
cat >/share/lender.conf <<'END'
[lend]
lend-max = 128MiB
grace = 1h
[peers]
name = lender
listen = 10.9.0.2
END

# On the lender; what is defined there once.
lender() {
	on_host 1 ". /lab/lib.sh; $*" || fail "on the lender: $*"
}

lender_dom0_kib() {
	lender 'tot_kib Domain-0'
}

lender_dom0_is() { # KIB
	local kib
	kib=$(lender_dom0_kib)
	[ "$kib" -ge $(($1 - 2048)) ] && [ "$kib" -le $(($1 + 2048)) ]
}

peer_is() { # FIELD VALUE
	[ "$(balancerctl peer-list --minimal peer=lender "params=$1")" = "$2" ]
}

# Domain 0 of the lender leaves room to grow, as where dom0_mem has a larger max.
lender "xl mem-set 0 ${base}k"
must_wait_for 30 lender_dom0_is $base
lender 'mkdir -p /run/balancerd; plugin=$(find /usr -name nbdkit-lendmem-plugin.so)
	nbdkit -i 10.9.0.2 -p 10809 "$plugin" memory=1T >/share/lendmem.log 2>&1
	balancerd -f /share/lender.conf >>/share/lender.log 2>&1 </dev/null &
	echo $! >/run/lender.pid; wait_for 15 lab_daemon_answers'
balancerd_start
balancerctl peer-add peer=lender address=10.9.0.2 secret=$secret || fail 'peer-add'
lender "balancerctl peer-add peer=borrower address=10.9.0.1 secret=$secret"
must_wait_for 20 peer_is state up
must_wait_for 20 peer_is lendable $((128 * 1024 * 1024))
say "round trip: $(balancerctl peer-list --minimal params=rtt-us) us"

# A lease: domain 0 over there grows by it.
IFS=, read -r token host port < <(balancerctl lease-create peer=lender volume=lab \
	size=${size}KiB --minimal)
assert_match "$token" '^[0-9a-f]{32}$' token
assert_eq "$host $port" '10.9.0.2 10809' 'where it is'
grown=$(($(lender_dom0_kib) - base))
assert_within $grown $size 3072 'domain 0 has grown by (KiB)'

# Bytes go there and come back, the lender's daemon being dead half of the time.
modprobe nbd nbds_max=4 || fail 'no nbd'
nbd-client -N "$token" "$host" "$port" /dev/nbd0 -b 4096 -t 5 >/share/nbd.log 2>&1 \
	|| fail "nbd-client: $(cat /share/nbd.log)"
head -c 32M /dev/urandom >/run/noise
dd if=/run/noise of=/dev/nbd0 bs=64k count=256 oflag=direct 2>/dev/null || fail 'dd there'
# shellcheck disable=SC2016
lender 'kill -9 $(cat /run/lender.pid)'
must_wait_for 20 peer_is state down
dd if=/run/noise of=/dev/nbd0 bs=64k skip=256 seek=256 oflag=direct 2>/dev/null \
	|| fail 'dd there, without the daemon'
dd if=/dev/nbd0 bs=64k count=512 iflag=direct 2>/dev/null | cmp - /run/noise \
	|| fail 'not what was written'
lender 'balancerd -f /share/lender.conf >>/share/lender.log 2>&1 </dev/null &
	echo $! >/run/lender.pid; wait_for 15 lab_daemon_answers'
must_wait_for 20 peer_is state up
assert_eq "$(lender 'balancerctl lease-list --minimal params=volume,stored')" lab lease
stored=$(lender 'balancerctl lease-list --minimal params=stored')
assert_within "$stored" $((32 << 20)) $((1 << 20)) 'stored (bytes)'
assert_within "$(($(lender_dom0_kib) - base))" $grown 1024 'domain 0 after a restart'

# A guest over there needs more than is free: the lease is wanted back.
free=$(lender host_free_kib)
say "free on the lender: $free KiB"
# shellcheck disable=SC2016
lender 'guest_create idle pv 128 256 && guest_wait_up idle 60'
lender 'balancerctl vm-memory-dynamic-range-set vm=idle min=96MiB max=256MiB'
lender "balancerctl memory-reserve size=\$((\$(balancerctl host-memory-show --minimal) + (16 << 20))) ttl=1h >/dev/null"
must_wait_for 20 peer_is recalls 1
assert_eq "$(lender 'balancerctl lease-list --minimal params=state')" recalled state
dd if=/dev/nbd0 bs=64k count=512 iflag=direct 2>/dev/null | cmp - /run/noise \
	|| fail 'a recall costs pages'

# The next daemon still wants it.
# shellcheck disable=SC2016
lender 'kill -9 $(cat /run/lender.pid)'
must_wait_for 20 peer_is state down
lender 'balancerd -f /share/lender.conf >>/share/lender.log 2>&1 </dev/null &
	echo $! >/run/lender.pid; wait_for 15 lab_daemon_answers'
must_wait_for 20 peer_is recalls 1
assert_eq "$(lender 'balancerctl lease-list --minimal params=state')" recalled state

# Given back, domain 0 is as it was.
must_wait_for 20 nbd-client -d /dev/nbd0 >/dev/null
balancerctl lease-return peer=lender volume=lab || fail 'lease-return'
must_wait_for 30 lender_dom0_is $base
assert_eq "$(lender 'balancerctl lease-list --minimal')" '' leases
assert_eq "$(lender 'xenstore-list /balancer/recall 2>/dev/null; true')" '' recalls
assert_fails nbd-client -N "$token" "$host" "$port" /dev/nbd0 -b 4096 -t 5
balancerd_stop || fail 'balancerd'
