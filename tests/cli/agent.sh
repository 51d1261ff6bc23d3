#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# balancer-agent's command line, and what it tells of this machine.
# shellcheck source=tests/cli/daemon.bash
. "${abs_top_srcdir:?}/tests/cli/daemon.bash"

grep -q '^#define HAVE_XEN' "$abs_top_builddir/config.h" || exit 77
# shellcheck disable=SC2034 # run's program
balancerd=$abs_top_builddir/balancerd/guest/balancer-agent

run 2 --no-such-option
says err "unrecognized option '--no-such-option'"
says err "Try 'balancer-agent --help'."
run 2 start
says err "unexpected argument 'start'"
for interval in 99ms 11s x ''; do
    run 2 --interval="$interval"
    says err "--interval is a time from 100ms to 10s, not '$interval'"
done
run 0 --version
says out 'balancer-agent (Xen Balancer) '
run 0 --help
says out 'Usage: balancer-agent'

run 0 --print --once
total=$(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo)
grep -qE "^1 seq=[0-9]+ up=[0-9]+ total=$total available=[0-9]+ " "$dir/out" ||
    fail 'no sample'
[ "$(wc -l <"$dir/out")" -eq 1 ] || fail 'not one line'

# It ends on a signal, and well.
"$balancerd" --print --interval=100ms >"$log" 2>&1 &
pid=$!
wait_for sample has_logged ' available='
kill "$pid"
stopped 0

# It loads what every guest has, and libxenstore.
if command -v ldd >/dev/null && ldd "$balancerd" >"$dir/libraries" 2>&1; then
    ! grep -E 'json|event|xenctrl|libxl' "$dir/libraries" ||
        fail 'it needs other libraries'
fi
