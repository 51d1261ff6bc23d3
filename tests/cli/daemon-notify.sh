#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What a service manager hears: ready, watchdog, reload, stop.
# shellcheck source=tests/cli/daemon.bash
. "${abs_top_srcdir:?}/tests/cli/daemon.bash"

heard=$dir/heard
: >"$heard"
perl -MIO::Socket::UNIX -MSocket -e '
    my $s = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $ARGV[0]) or die;
    $| = 1;
    while (defined $s->recv(my $text, 256)) { print "$text\n"; }
' "$dir/notify" >"$heard" &
manager=$!
trap 'kill "$manager"; cleanup' EXIT
wait_for 'manager' test -S "$dir/notify"

hears() { # TEXT [TIMES]
    [ "$(grep -cxF -- "$1" "$heard")" -ge "${2:-1}" ]
}

export NOTIFY_SOCKET=$dir/notify
# The host sleeps for 10 s between ticks, the watchdog half as long as this.
export WATCHDOG_USEC=400000
start
wait_for 'READY=1' hears READY=1
wait_for 'pings of the watchdog' hears WATCHDOG=1 5
kill -HUP "$pid"
wait_for 'RELOADING=1' hears RELOADING=1
wait_for 'READY=1 after the reload' hears READY=1 2
kill -TERM "$pid"
stopped 0
wait_for 'STOPPING=1' hears STOPPING=1
[ "$(tail -n 1 "$heard")" = STOPPING=1 ] || fail 'something comes after the end'

# A watchdog that is meant for another process is not pinged.
export WATCHDOG_PID=1
pings=$(grep -cx WATCHDOG=1 "$heard")
start
wait_for 'READY=1' hears READY=1 3
kill -TERM "$pid"
stopped 0
wait_for 'STOPPING=1' hears STOPPING=1 2
[ "$(grep -cx WATCHDOG=1 "$heard")" = "$pings" ] || fail 'a foreign ping'
