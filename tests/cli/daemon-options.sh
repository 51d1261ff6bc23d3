#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The daemon's command line: what is wrong is said in a sentence.
# shellcheck source=tests/cli/daemon.bash
. "${abs_top_srcdir:?}/tests/cli/daemon.bash"

run 2 --no-such-option
says err "unrecognized option '--no-such-option'"
says err "Try 'balancerd --help'."
run 2 -x
says err "invalid option -- 'x'"
run 2 --host
says err "option '--host' requires an argument"
run 2 start
says err "unexpected argument 'start'"

run 0 --version
says out 'balancerd (Xen Balancer) '
run 0 --help
says out 'Usage: balancerd'
run 0 -h
says out '--log-level LEVEL'

sim=sim:$dir/host.scn
run 1 -f "$conf" --host="$sim" --socket="$socket" --log-level=loud
says err "level: expected error, warn, info or debug, not 'loud'"
run 1 -f "$conf" --host="$sim" --socket=relative.sock
says err "socket: expected an absolute path, not 'relative.sock'"
run 1 -f "$conf" --host="$sim" --socket="/$(printf '%0110d' 0)"
says err 'is longer than 107 characters'
run 1 -f "$dir/absent.conf"
says err "$dir/absent.conf: No such file or directory"
run 1 -f "$conf" --host=sim:"$dir/absent.scn" --socket="$socket"
says err absent.scn
if grep -q '^#define HAVE_XEN' "$abs_top_builddir/config.h"; then
    run 1 -f "$conf" --host=vmware --socket="$socket"
    says err "--host is xen or sim:FILE, not 'vmware'"
    if [ ! -e /proc/xen/capabilities ]; then
        run 1 -f "$conf"
        says err 'this is not a Xen dom0'
    fi
else
    run 1 -f "$conf"
    says err 'this balancerd knows only simulated hosts: --host=sim:FILE'
fi
run 1 -f "$conf" --host="$sim" --socket="$dir/no/such/directory/sock"
says err 'No such file or directory'

# The configuration's group is looked up at start only.
printf '[control]\ngroup = no-such-group\n' >"$conf"
run 0 -n -f "$conf"
run 1 -f "$conf" --host="$sim" --socket="$socket"
says err 'group: there is no group no-such-group'
