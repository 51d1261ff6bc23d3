#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What is decided is recorded if that is wanted, and decided again from that:
# what clients set, engines of their own and a daemon that was killed included.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

kept=$dir/kept
mkdir "$kept"

configure() { # LINE...
    printf '[domain]\nsettings = %s\n[host]\noom-floor = no\n' "$kept" >"$conf"
    printf '%s\n' "$@" >>"$conf"
}

replay() { # STATUS FILE ARG...
    local status=0

    "${abs_top_builddir:?}/balancerd/balancerd" --replay "$kept/$2" "${@:3}" \
        >"$dir/out" 2>"$dir/err" || status=$?
    [ "$status" = "$1" ] || fail "--replay $2: exit $status, not $1"
}

# Not without being asked.
configure
start
wait_for 'rest' at_rest
[ ! -e "$kept/decisions" ] || fail 'it records'

# From now on.
configure '[log]' 'record-size = 32MiB'
kill -HUP "$pid"
wait_for 'the recording' has_logged "decisions are recorded in $kept/decisions"
ask 0 vm-memory-dynamic-range-set vm=web min=256MiB max=512MiB
wait_for 'target' has_logged 'dom 1: target 1048576 -> 524288 KiB'
ask 0 vm-memory-weight-set vm=web weight=512
ask 0 vm-memory-pin vm=db
ask 0 vm-memory-unpin vm=db
ask 0 memory-reserve size=1GiB
ask 0 memory-release "id=$(cat "$dir/out")"
ask 0 engine-load engine=shares name=other
ask 0 vm-engine-set vm=db engine=other
ask 0 vm-engine-set vm=db engine=default
ask 0 engine-unload engine=other
cat >"$dir/spool/new" <<'END'
[domain]
name = a new one
memory = 64MiB
dynamic-min = 32MiB
dynamic-max = 96MiB
static-max = 96MiB
balloon = yes
END
mv "$dir/spool/new" "$dir/spool/late.dom"
wait_for 'the new domain' vm_is 'a new one' state ready
kill -KILL "$pid"
wait "$pid" || true
replay 0 decisions
says out 'decisions: all as they were'
replay 0 decisions -v
says out 'dom 1: target 1048576 -> 524288 KiB: '
replay 1 decisions --set=host_reserve_kib=204800
says out ' differences'
[ "$(stat -c %a "$kept/decisions")" = 600 ] || fail 'others may read it'

# A new daemon begins a new one.
start
wait_for 'rest' at_rest
[ -e "$kept/decisions.old" ] || fail 'the old one is gone'
replay 0 decisions.old
ask 0 memory-reserve size=512MiB
kill -TERM "$pid"
stopped 0
replay 0 decisions
says out 'all as they were'

# Where nothing can be written the daemon goes on without.
mv "$kept/decisions" "$dir/decisions"
mkdir -p "$kept/decisions/full" "$kept/decisions.old.d"
rm -rf "$kept/decisions.old"
mkdir -p "$kept/decisions.old/full"
start
wait_for 'rest' at_rest
has_logged 'decisions are not recorded' || fail 'it is not said'
kill -TERM "$pid"
stopped 0

# A size that is none.
configure '[log]' 'record-size = 1MiB'
run 1 -n -f "$conf"
says err 'record-size is 0 or at least 16384 KiB'
