#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: a domain that rewrites its own data/ keys a thousand times a second does
#      not slow the loop: a squeeze meanwhile takes as long as without it.
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

guest_run noisy 'flood 1200 20 data/meminfo_free data/updated data/x \
	>/run/flood.log 2>&1 &' || fail "no flood"
must_wait_for 10 guest_key noisy data/x >/dev/null
before_cpu=$(cpu_ms)
begin=$(now_ms)
noisy_ms=$(squeeze_ms 100)
cpu=$((($(cpu_ms) - before_cpu) * 1000 / ($(now_ms) - begin)))
has_rate() {
	guest_run noisy 'grep per_s= /run/flood.log' >/tmp/flood
}
must_wait_for 60 has_rate
rate=$(sed -n 's/.*per_s=\([0-9]*\).*/\1/p' /tmp/flood)
say "$rate writes/s; squeeze of 100 MiB: $quiet_ms ms quiet, $noisy_ms ms" \
	"under the flood; $cpu ms of CPU per second"
assert_ge "$rate" 1000 "writes per second"
assert_le "$cpu" 100 "CPU (ms per second) under the flood"
# The flood itself takes its part of the one CPU that dom0 has.
assert_le "$noisy_ms" $((quiet_ms * 2 + 500)) "squeeze under the flood (ms)"
finish
