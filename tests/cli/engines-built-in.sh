#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Each engine that comes with the daemon can be loaded, takes its options,
# plans for a domain and says why; as the default one it makes room.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

start
wait_for 'rest' at_rest
ask 0 engine-list
for engine in demand mom proportional proxmox qmemman shares static; do
    says out "$engine "
done

# ENGINE WORDS: the reason for its last wish for db has them, dots are blanks.
explains() {
    ask 0 vm-memory-explain vm=db
    grep -F "wish ($1, engine $1): " "$dir/out" >/dev/null &&
        grep -E "share: .*($2)" "$dir/out" >/dev/null
}

tried=0
while read -r engine options sentence; do
    [ "$options" != - ] || options=
    ask 0 engine-load "engine=$engine" "name=$engine" "options=$options"
    ask 0 vm-engine-set vm=db "engine=$engine"
    wait_for "a plan of $engine" explains "$engine" "$sentence"
    ask 0 engine-load "engine=$engine" name=default "options=$options"
    ask 0 memory-reserve size=1GiB "owner=$engine"
    ask 0 memory-release "id=$(cat "$dir/out")"
    ask 0 memory-reserve min=64MiB max=1GiB "owner=$engine"
    ask 0 memory-release "id=$(cat "$dir/out")"
    tried=$((tried + 1))
done <<'END'
demand headroom=10%,idle-tax=50%,hold-time=1m says.nothing.of.its.use|uses.*MiB
mom pressure-threshold=0.1,interval=1s %.of.the.host.are.free
proxmox target=90%,max-change=1GiB were.to.[a-z]*.by.*MiB
qmemman vm-min-mem=1GiB does.not.say.what.it.uses|prefers
shares tau=0.5,period=10s shares.per.MiB
static - MiB.that.it.began.with
END
[ "$tried" = 6 ] || fail "only $tried engines were tried"

ask 1 engine-param-set engine=shares param=tau value=1
says err "Refused: tau = 1: expected a number from 0 to 0.99, not '1'"
ask 1 engine-param-set engine=mom param=speed value=1
says err 'Refused: speed = 1: there is no such option; there are: pressure-'
ask 1 engine-load engine=static name=static options=tau=1
says err 'Refused: tau = 1: engine static takes no options'
