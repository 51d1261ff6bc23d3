#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: examples/alarm-when-stuck tells of a guest that has no balloon driver
#      although it says so, once, and of its end.
# lab: --mem 1152 --dom0-mem 384 --timeout 400
# shellcheck source=/dev/null
. /lab/automation.sh

script=$(example alarm-when-stuck)
[ -x "$script" ] || fail "alarm-when-stuck is not installed"

has_told() {
	grep -qE "$1" /tmp/alarms
}

balancerd_start
guest_create liar pv 160 160 noballoon feature=1 || fail "no liar"
start_guests 160 96 256 good:pv
guest_wait_up liar 60
domid=$(domid_of liar)
# With a command, and a second one without.
echo 'echo "told: $1" >>/tmp/alarms' >/tmp/tell
: >/tmp/alarms
setsid "$script" sh /tmp/tell &
telling=$!
setsid "$script" >/tmp/plain &
plain=$!
set_range liar 96 160
must_rest 90

# More than the good one can give.
size=$(($(host_field free_kib) + $(tot_kib good) - 100 * 1024))
ask web "size=$size wait=20s"
must_wait_for 40 has_told "^told: domain $domid \\(liar\\) is stuck: it holds [0-9]+ KiB"
must_wait_for 40 is_settled web
take_back web
guest_destroy liar
must_wait_for 20 has_told "^told: domain $domid \\(\\) is gone"
assert_eq "$(grep -c 'is stuck' /tmp/alarms)" 1 "alarms"
must_wait_for 10 grep -q "^domain $domid .* is gone" /tmp/plain
kill -- "-$telling" "-$plain"
finish
