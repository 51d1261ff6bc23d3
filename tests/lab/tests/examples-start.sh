#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: examples/start-when-granted starts a guest that did not fit before,
#      refuses one for which there is no memory, and leaves nothing behind.
# lab: --mem 1152 --dom0-mem 384 --timeout 400
# shellcheck source=/dev/null
. /lab/automation.sh

script=$(example start-when-granted)
[ -x "$script" ] || fail "start-when-granted is not installed"

leaves_nothing() {
	reservations_are 0 && [ -z "$(xenstore-list "$reserve_dir" 2>/dev/null)" ]
}

config=$(guest_config third pv 192 192)
if answer=$("$script" third 200MiB "$config" 2>&1); then
	fail "it starts a guest without balancerd"
fi
assert_match "$answer" 'balancerd does not run'

balancerd_start
start_guests 256 128 320 one:pv two:pv
must_rest 60
# Fill what is free: the third has to come out of the other two.
ask filler "size=$(size_kib 0)"
must_wait_for 30 is_answered filler granted
must_rest
before=$(tot_kib one)

begin=$(now_ms)
"$script" third 200MiB "$config" || fail "the third guest was not started"
say "started after $(($(now_ms) - begin)) ms"
guest_wait_up third 60
assert_le "$(tot_kib one)" $((before - 64 * 1024)) "what the first one gave"
take_back filler
must_wait_for 10 leaves_nothing
check_rules

if answer=$("$script" fourth 100GiB "$config" 2>&1); then
	fail "it starts a guest for which there is no memory"
fi
assert_match "$answer" 'refused .* KiB are needed'
must_wait_for 10 leaves_nothing

# Ended while it waits: what it asked for is taken back.
ask busy size=4
if answer=$("$script" busy 4MiB "$config" 2>&1); then
	fail "it takes another one's request"
fi
assert_match "$answer" 'is in use'
take_back busy
set_range one 128 320
"$script" waiting "$(($(host_field free_kib) + 60 * 1024))" "$config" &
waiter=$!
must_wait_for 10 answer waiting
kill -TERM "$waiter"
wait "$waiter" && fail "it was ended and says that all is well"
must_wait_for 10 leaves_nothing
must_rest
finish
