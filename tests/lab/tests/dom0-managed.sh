#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: with manage-domain-zero domain 0 gives memory for a reservation and gets
#      it back; below its dynamic-min nobody gets it, and without the key it is
#      nobody's business, after a reload as well.
# lab: --mem 1152 --dom0-mem 384
# shellcheck source=/dev/null
. /lab/balance.sh

dom0_kib() {
	host_field dom0_kib
}

dom0_holds() {
	[ "$(dom0_kib)" -eq "$1" ]
}

mkdir -p /etc/balancerd
conf=/etc/balancerd/balancerd.conf
cat >$conf <<'END'
[host]
manage-domain-zero = yes
domain-zero-dynamic-min = 320MiB
END
balancerd_start
must_rest 30
full=$(dom0_kib)
assert_eq "$(xenstore-read /local/domain/0/memory/dynamic-min)" 327680 \
	'dynamic-min'
assert_eq "$(xenstore-read /local/domain/0/memory/dynamic-max)" "$full" \
	'dynamic-max'

wanted=$(($(host_field free_kib) + 32 * 1024))
id=$(balancerctl memory-reserve "size=${wanted}KiB" owner=lab wait=60s) \
	|| fail 'domain 0 does not give 32 MiB'
assert_le "$(dom0_kib)" "$((full - 32 * 1024))" 'domain 0 when squeezed'
assert_ge "$(dom0_kib)" 327680 'domain 0 when squeezed'
assert_fails balancerctl memory-reserve size=64MiB owner=lab wait=10s
balancerctl memory-release "id=$id"
must_wait_for 30 dom0_holds "$full"

: >$conf
kill -HUP "$balancerd_pid"
must_wait_for 10 grep -q 'the configuration is read again' /share/balancerd.log
assert_fails balancerctl memory-reserve "size=${wanted}KiB" owner=lab wait=10s
assert_eq "$(dom0_kib)" "$full" 'domain 0 that is not managed'
