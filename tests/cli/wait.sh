#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Waiting for memory: whoever goes away while waiting takes his request along,
# unless it has a key; a wait has an end.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

# Nobody is stuck, but it would take hours.
sed -i 's/^speed = .*/speed = 1/; s/^balloon = yes/&\nrate = 1MiB/' \
    "$dir/host.scn"
start
wait_for 'rest' at_rest
before=$(targets)

wait_in_vain() { # ARG...
    "$balancerctl" --socket="$socket" memory-reserve size=1GiB "$@" \
        >"$dir/out" 2>"$dir/err" &
    client=$!
    wait_for 'client that waits' n_waiting_is 1
    wait_for 'pending reservation' has_reservation pending
}

# Its client is killed.
wait_in_vain
[ "$(targets)" != "$before" ] || fail 'nobody is squeezed'
kill -TERM "$client"
wait "$client" && fail 'the client was not killed'
wait_for 'end of the reservation' has_no_reservation
wait_for 'return of the targets' eval '[ "$(targets)" = "$before" ]'

# With a key it stays, and can be waited for again.
wait_in_vain key=mine
kill -KILL "$client"
wait "$client" && fail 'the client was not killed'
ask 0 balancer-status
has_reservation pending || fail 'the reservation is gone'

# Somebody else gives it back: whoever waits is told.
wait_in_vain key=mine
ask 0 memory-release key=mine
status=0
wait "$client" || status=$?
[ "$status" = 1 ] || fail "exit $status, not 1"
says err 'was released while it was waited for'

# Not longer than that.
ask 1 memory-reserve size=1GiB wait=300ms
says err 'The memory could not be freed: the memory was not free in time'
says err 'needed: 1024 MiB'
has_no_reservation || fail 'it is still there'

# The daemon's end is the end of the wait.
wait_in_vain
kill -TERM "$pid"
stopped 0
status=0
wait "$client" || status=$?
[ "$status" = 3 ] || fail "exit $status, not 3"
says err "Lost the connection to $socket"
