#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: a guest that writes a key of its own hundreds of times a second is not
#      heard any more, once complained about, and costs the daemon next to
#      nothing; what the toolstack changes of it is taken up all the time.
# lab: --mem 1152 --dom0-mem 384
# shellcheck source=/dev/null
. /lab/balance.sh

cpu_ms() {
	local stat
	read -r -a stat <"/proc/$balancerd_pid/stat"
	echo "$(((stat[13] + stat[14]) * 10))"
}

balancerd_start
start_guests 128 96 192 noisy:pv quiet:pv
must_rest 60

# xenstore-write takes a process each; this speaks to the kernel's xenbus: a
# write request (11) of 25 bytes, key and value.
guest_run noisy 'cat >/run/flood <<"END"
exec 3<>/dev/xen/xenbus
cat <&3 >/dev/null &
i=1000000
while :; do
	i=$((i + 1))
	printf "\013\0\0\0\0\0\0\0\0\0\0\0\031\0\0\0data/meminfo_free\000%d" $i >&3
done
END
sh /run/flood >/dev/null 2>&1 &' || fail "no flood"
count() {
	guest_key noisy data/meminfo_free
}
complaints() {
	balancerd_log | grep -c 'writes its xenstore keys more than'
}
has_complained() {
	[ "$(complaints)" -gt 0 ]
}
must_wait_for 10 has_complained

writes=$(count)
cpu=$(cpu_ms)
begin=$(now_ms)
sleep 25 # two cool-downs; writes and CPU are counted meanwhile
cpu=$((($(cpu_ms) - cpu) * 1000 / ($(now_ms) - begin)))
rate=$((($(count) - writes) * 1000 / ($(now_ms) - begin)))
say "$rate writes/s by the guest; balancerd: $cpu ms of CPU per second," \
	"$(complaints) complaint"
assert_ge "$rate" 100 "writes per second"
assert_le "$cpu" 50 "CPU (ms per second) under the flood"
assert_eq "$(complaints)" 1 "complaints about one flood"

domid=$(domid_of noisy)
xenstore-write "/local/domain/$domid/memory/dynamic-max" $((112 * 1024))
begin=$(now_ms)
obeys() {
	[ "$(target_kib noisy)" -le $((112 * 1024)) ]
}
must_wait_for 3 obeys
say "a new dynamic-max is taken up after $(($(now_ms) - begin)) ms"
must_wait_for 30 guest_near noisy $((112 * 1024)) 512
writes=$(count)
assert_ne "$(count)" "$writes" "number of writes, if the flood goes on"
finish
