#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# One daemon at a time, and none that a killed one could keep from starting.
# shellcheck source=tests/cli/daemon.bash
. "${abs_top_srcdir:?}/tests/cli/daemon.bash"

sim=sim:$dir/host.scn

start
[ -S "$socket" ] || fail 'there is no socket'
[ "$(cat "$socket.pid")" = "$pid" ] || fail 'the pid file has another pid'
run 1 -f "$conf" --host="$sim" --socket="$socket"
says err "another balancerd runs already: process $pid has locked $socket.pid"
[ -S "$socket" ] || fail 'the second instance took the socket away'

# Without the lock the socket itself tells.
rm "$socket.pid"
run 1 -f "$conf" --host="$sim" --socket="$socket"
says err "another process answers at $socket"
[ -S "$socket" ] || fail 'the second instance took the socket away'

# A killed daemon leaves socket and pid file; neither is in the way.
kill -KILL "$pid"
stopped 137
[ -S "$socket" ] || fail 'the killed daemon left no socket to be replaced'
echo 1 >"$socket.pid"
start
[ "$(cat "$socket.pid")" = "$pid" ] || fail 'the pid file has another pid'

# A clean end leaves nothing that is in use.
kill -INT "$pid"
stopped 0
[ ! -e "$socket" ] || fail 'the socket is left'
[ ! -s "$socket.pid" ] || fail 'the pid file still has a pid'
