#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: what the daemon costs on real Xen while six guests rest. Prints a line
#      "idle-xen CPU_NS WALL_MS RSS_KIB".
# shellcheck source=/dev/null
. /lab/balance.sh

cpu_ns() {
	local ns
	read -r ns _ <"/proc/$balancerd_pid/schedstat"
	echo "$ns"
}

balancerd_start
start_guests 96 80 128 g1:pv g2:pv g3:pv g4:pvh g5:pv g6:pvh
must_rest 90
begin=$(now_ms)
before=$(cpu_ns)
sleep 60 # the time that is measured
after=$(cpu_ns)
rss=$(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$balancerd_pid/status")
echo "idle-xen $((after - before)) $(($(now_ms) - begin)) $rss"
finish
