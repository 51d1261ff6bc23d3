#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: a domain that rewrites its own data/ keys as fast as xenstored takes it
#      (1,000 to 1,800 a second where the emulated processor has a core to
#      itself) does not slow the loop: a squeeze meanwhile takes as long as
#      without it, and a thousand writes cost the daemon next to nothing.
# lab: --mem 1152 --dom0-mem 384 --timeout 400
# shellcheck source=/dev/null
. /lab/balance.sh

# squeeze_ms MIB: time to get that much more than is free.
squeeze_ms() {
	local begin id size
	must_rest
	size=$(($(host_field free_kib) + $1 * 1024))
	begin=$(now_ms)
	id=$(balancerctl memory-reserve "size=${size}KiB" ttl=120 wait=60 \
		--minimal) || fail "not granted"
	echo "$(($(now_ms) - begin))"
	balancerctl memory-release "id=$id" || fail "cannot release"
}

cpu_ms() {
	local stat
	read -r -a stat <"/proc/$balancerd_pid/stat"
	echo "$(((stat[13] + stat[14]) * 10))"
}

balancerd_start
start_guests 256 128 320 noisy:pv quiet:pv
must_rest 60
quiet_ms=$(squeeze_ms 100)

# From dom0, which outdoes a guest; host-flood.sh has a guest do what it can.
dir=/local/domain/$(domid_of noisy)/data
flood 0 25 "$dir/meminfo_free" "$dir/updated" "$dir/x" >/tmp/flood &
flooder=$!
must_wait_for 10 guest_key noisy data/x >/dev/null
# What the flood alone costs, without the squeeze's own work.
before_cpu=$(cpu_ms)
begin=$(now_ms)
sleep 5 # the time in which CPU is counted
cpu=$((($(cpu_ms) - before_cpu) * 1000 / ($(now_ms) - begin)))
noisy_ms=$(squeeze_ms 100)
wait "$flooder" || fail "no flood"
after_ms=$(squeeze_ms 100)
# The machine may not give us the same share of itself all the time.
[ "$after_ms" -le "$quiet_ms" ] || quiet_ms=$after_ms
rate=$(sed -n 's/.*per_s=\([0-9]*\).*/\1/p' /tmp/flood)
say "$rate writes/s; squeeze of 100 MiB: $quiet_ms ms quiet, $noisy_ms ms" \
	"under the flood, which costs $cpu ms of CPU per second"
# The daemon hears 20 events a second and then stops listening.
assert_ge "$rate" 100 "writes per second"
assert_le "$((cpu * 1000 / rate))" 100 "CPU (ms) for 1,000 writes"
# The flood itself takes its part of the one CPU that dom0 has.
assert_le "$noisy_ms" $((quiet_ms * 2 + 500)) "squeeze under the flood (ms)"
finish
