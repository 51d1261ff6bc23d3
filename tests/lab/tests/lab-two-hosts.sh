#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: two hosts see each other; commands reach the other one off the network.
# lab: --no-product --hosts 2 --timeout 60
# shellcheck source=/dev/null
. /lab/lib.sh

assert_eq "$LAB_HOST $LAB_HOSTS" "0 2" "who I am"
must_wait_for 10 ping -c 1 -W 1 host1 >/dev/null
assert_eq "$(on_host 1 hostname)" host1 hostname
on_host 1 exit 5
assert_eq "$?" 5 "exit code"
must_wait_for 10 on_host 1 ping -c 1 -W 1 host0 >/dev/null
assert_ne "$(cat /sys/class/net/eth0/address)" \
	"$(on_host 1 cat /sys/class/net/eth0/address)" "network address"

# Both see the same share.
echo from 0 >/share/zero
assert_eq "$(on_host 1 'cat /share/zero; echo from 1 >/share/one')" "from 0" share
assert_eq "$(cat /share/one)" "from 1" share

# Several at once, and while the network is cut.
ip link set eth0 down
for i in 1 2 3; do
	on_host 1 "sleep 0.$i; echo $i" >"/tmp/$i" &
done
wait
assert_eq "$(cat /tmp/1 /tmp/2 /tmp/3)" $'1\n2\n3' "three at once"
assert_fails ping -c 1 -W 1 host1 >/dev/null
ip link set eth0 up
must_wait_for 10 ping -c 1 -W 1 host1 >/dev/null

# A guest over there.
on_host 1 '. /lab/lib.sh; guest_create far pv 80 80 && guest_wait_up far 30' \
	|| fail "no guest on host 1"
assert_eq "$(on_host 1 '. /lab/lib.sh; guest_run far echo hello')" hello guest
