#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: A4: domains that vanish while they are being balanced leave nothing
#      behind: no xenstore path of theirs comes back, nobody complains.
# lab: --mem 1152 --dom0-mem 384
# shellcheck source=/dev/null
. /lab/balance.sh

balancerd_start
start_guests 160 96 512 stayer:pv
must_rest 60

# Who is there, as Xen and as xenstore have it.
domids() {
	domstat list | cut -d ' ' -f 1 | sort -n
}
homes() {
	xenstore-list /local/domain | sort -n
}
# What balancerd itself keeps of domains.
kept() {
	xenstore-list /balancer/domain 2>/dev/null | sort -n
}
is_clean() {
	[ "$(homes)" = "$(domids)" ] \
		&& ! kept | grep -qvxFf <(domids)
}

for delay in 0 0.05 0.1 0.15 0.2 0.25 0.3 0.4; do
	lab_xl create -q -p "$(guest_config brief pv 96 192)" \
		|| fail "brief does not start"
	dir=/local/domain/$(domid_of brief)
	xenstore-write "$dir/memory/dynamic-min" $((64 * 1024)) \
		"$dir/memory/dynamic-max" $((192 * 1024)) \
		"$dir/control/feature-balloon" 1
	xl unpause brief
	sleep "$delay" # so that it vanishes at another moment each time
	xl destroy brief
done
must_wait_for 10 is_clean
must_rest
is_clean || fail "Xen has $(domids), xenstore $(homes), balancerd $(kept)"
moved=$(balancerd_log | grep -c ': target ')
say "$moved targets were set"
assert_ge "$moved" 8 "targets set"
if balancerd_log | grep -iE 'cannot|failed'; then
	fail "the log complains"
fi
finish
