#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What was decided is decided again when a recording is played: in every
# scenario, from the beginning and from the middle, with every engine from its
# beginning, and on a real host.  With another constant it is not.
set -euo pipefail

sim=${abs_top_builddir:?}/tests/sim
balancerd=$abs_top_builddir/balancerd/balancerd
source=${abs_top_srcdir:?}/tests/sim
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rec=$work/rec

fail() {
    echo "replayed: $*" >&2
    exit 1
}

# Plays FILE again; what it says is in said, how many decisions in decisions.
replay() { # STATUS FILE ARG...
    local status=0

    "$balancerd" --replay "$2" "${@:3}" >"$work/said" 2>&1 || status=$?
    [ "$status" = "$1" ] || fail "$scenario $*: exit $status: $(tail -n 5 "$work/said")"
    decisions=$(sed -n 's/.* plans, \([0-9]*\) decisions.*/\1/p' "$work/said")
}

# Every scenario, whole and in pieces that begin in the middle.
from_start=0 from_middle=0 pieces=0
for scenario in "$source"/[0-9]*.scn; do
    for size in '' ,40000; do
        rm -f "$rec" "$rec.old"
        "$sim/run-scenarios" --record="$rec$size" "$scenario" >"$work/played" ||
            fail "$scenario does not pass"
        for file in "$rec" "$rec.old"; do
            # One that was begun where there was no room for it, or a daemon
            # that was killed before it had looked, has nothing to play.
            grep -q '^look' "$file" 2>"$work/none" || continue
            replay 0 "$file"
            grep -q 'all as they were$' "$work/said" || fail "$scenario: no verdict"
            if grep -q '^guest' "$file"; then
                from_middle=$((from_middle + decisions))
                pieces=$((pieces + 1))
            else
                from_start=$((from_start + decisions))
            fi
        done
    done
done
echo "$from_start decisions from the beginning, $from_middle in $pieces pieces"
if [ "$from_start" -lt 5000 ] || [ "$from_middle" -lt 1000 ] || [ "$pieces" -lt 20 ]; then
    fail 'that is too little to show anything'
fi

# Engines that remember.
for engine in demand mom proxmox qmemman shares; do
    for scenario in "$source"/engines/{01,11,22}-*.scn; do
        "$sim/judge" --engine=$engine --record="$rec" "$scenario" >"$work/played" 2>&1 ||
            fail "$scenario is not played with $engine"
        replay 0 "$rec"
        [ "$decisions" -gt 0 ] || fail "$engine decided nothing in $scenario"
    done
done

# Another constant, another engine, another decision: it is seen.
scenario=$source/300-two-at-once.scn
"$sim/run-scenarios" --record="$rec" "$scenario" >"$work/played"
replay 0 "$rec" -v
grep -q 'dom 1: target 1048576 -> 869376 KiB: its share$' "$work/said" ||
    fail 'with -v the decisions are not shown'
replay 0 "$rec" --set=dead_band_kib=1024
while read -r name set; do
    scenario=$(echo "$source/$name"-*.scn)
    "$sim/run-scenarios" --record="$rec" "$scenario" >"$work/played"
    replay 1 "$rec" "--set=$set"
    grep -q ' differences$' "$work/said" || fail "$set: the differences are not counted"
    grep -q 'then: ' "$work/said" || fail "$set: no difference is shown"
done <<'END'
300 host_reserve_kib=80000
300 engine=static
430 dead_band_kib=4
431 rest_ms=5000
200 stuck_after_ms=2000
205 boot_grace_ms=10
400 regret_ms=1
END
scenario=$source/300-two-at-once.scn
"$sim/run-scenarios" --record="$rec" "$scenario" >"$work/played"
replay 1 "$rec" --set=dead_bend_kib=1
grep -q 'there is no constant' "$work/said" || fail 'it is not said what is wrong'
sed 's/^target 1 1048576 869376 /target 1 1048576 869372 /' "$rec" >"$rec.other"
replay 1 "$rec.other"
grep -q 'then: dom 1: target 1048576 -> 869372 KiB' "$work/said" ||
    fail 'the planted decision is not shown'
grep -q ' now: dom 1: target 1048576 -> 869376 KiB' "$work/said" ||
    fail 'the real one is not shown'

# What was recorded on a real host, by tests/lab/tests/verbs.sh.
scenario=$source/recorded-on-xen.rec
replay 0 "$scenario"
[ "$decisions" -gt 50 ] || fail 'nothing was decided on the real host'
replay 1 "$scenario" --set=host_reserve_kib=100000
sed 's/^\(target [0-9]* [0-9]*\) [0-9]* /\1 4096 /' "$scenario" >"$rec.other"
replay 1 "$rec.other"
scenario=$source/300-two-at-once.scn

# One that was copied while it was written; damaged; of another kind.
head -c -10 "$rec" >"$rec.cut"
replay 0 "$rec.cut"
sed '20s/.*/domain 1 colour=red/' "$rec" >"$rec.bad"
replay 1 "$rec.bad"
grep -q 'line 20: it cannot be understood' "$work/said" || fail 'no line is named'
head -n 4 "$rec" >"$rec.short"
replay 1 "$rec.short"
grep -q 'it ends before the first look' "$work/said" || fail 'it does not say that it is short'
replay 1 "$scenario"
grep -q 'it does not begin with "balancerd-record 1"' "$work/said" ||
    fail 'a scenario is taken for a recording'
