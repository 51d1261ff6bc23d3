#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: what a host is seen to do (live view, metrics, picture) is what Xen says.
# lab: --mem 1024 --timeout 150
# shellcheck source=/dev/null
. /lab/lib.sh

ip link set lo up
cat >/tmp/observe.conf <<'END'
[metrics]
listen = 10811
END
balancerd_start --config /tmp/observe.conf
guest_create one pvh 128 256 || fail "one does not start"
guest_wait_up one 60
balancerctl vm-memory-target-set vm=one target=160MiB || fail "refused"
must_wait_for 30 guest_near one $((160 * 1024))

# The live view, for a file; on a terminal in tests/cli.
rows=$(balancerctl top count=2 interval=200ms) || fail "no top"
assert_eq "$(grep -c '^balancerctl top' <<<"$rows")" 2 "tables"
assert_match "$rows" "$(domid_of one) one +ready +160 +160 +160 +160 " "row of one"

# Metrics, over a real network stack.
scrape() {
	metrics=$(busybox wget -q -O - http://127.0.0.1:10811/metrics)
}
value() { # NAME
	sed -n "s/^xen_balancer_$1{domid=\"$(domid_of one)\".*} //p" <<<"$metrics"
}
scrape || fail "no metrics"
assert_eq "$(value domain_memory_target_bytes)" $((160 * 1048576)) "target"
assert_eq "$(value domain_memory_actual_bytes)" $(($(tot_kib one) * 1024)) "actual"
assert_eq "$(awk '/^xen_balancer_host_memory_bytes/ { sum += $2 }
    /^xen_balancer_host_memory_size_bytes/ { size = $2 }
    END { print sum - size }' <<<"$metrics")" 0 "sum less size"
for i in $(seq 50); do
	scrape || fail "no metrics the ${i}th time"
done

# The picture, with its beginning and its end.
balancerctl host-memory-history since=5m format=svg >/share/memory.svg ||
	fail "no picture"
assert_match "$(cat /share/memory.svg)" ">one \($(domid_of one)\)<" "panel of one"
assert_match "$(cat /share/memory.svg)" 'domain-appeared one' "mark of one"
assert_match "$(tail -n 1 /share/memory.svg)" '^</svg>$' "end"
guest_destroy one
csv_ends() {
	balancerctl host-memory-history since=5m interval=1s format=csv |
		tail -n 1 | grep -q ',,$'
}
must_wait_for 20 csv_ends
check_accounting
balancerd_stop
