#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Looking ahead: what the next tick would do, and what a reservation would; the
# answers come true, and asking changes nothing.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

mib=1048576
BALANCERCTL_XL_NEED=$dir/xl-need
export BALANCERCTL_XL_NEED
printf '#!/bin/bash\ncat "$1"\n' >"$dir/xl-need"
chmod +x "$dir/xl-need"

# A field of the line of a domain, in MiB.
column() { # NAME NUMBER
    awk -v name="$1" -v column="$2" '$2 == name { print $column }' "$dir/out"
}

n_events() {
    "$balancerctl" --socket="$socket" balancer-status --json |
        sed -n 's/.*"last_event": \([0-9]*\).*/\1/p'
}

start
wait_for 'rest' at_rest
targets >"$dir/before"
events=$(n_events)

# At rest nothing would change, and the sum closes.
ask 0 host-memory-plan
says out 'No target would change.'
grep -qE '^ +0  Domain-0 +1024 +1024 +1024 +1024  not managed$' "$dir/out" ||
    fail 'no line of domain 0'
grep -qE '^ +1  web +1024 +1024 +1024 +1024  its share$' "$dir/out" ||
    fail 'no line of web'
awk '/ KiB / {
    n++
    if ($1 == "=") { if ($2 != sum) exit 1 }
    else if ($1 == "-") sum -= $2
    else if ($1 == "+") sum += $2
    else sum = $1
} END { exit n != 8 }' "$dir/out" || fail 'the sum does not close'
ask 0 host-memory-plan --minimal
silent
ask 0 host-memory-plan --json
says out '"spare_now_kib": 20480'
says out '"is_squeezing": false'
[ "$(awk '{ if (length > n) n = length } END { print n }' "$dir/out")" -le 100 ] ||
    fail 'it does not fit into 100 columns'

# What could be had, of whom, and by when; in the words of a refusal if not.
ask 0 what-if size=16MiB
says out '16 MiB can be had, at once.'
ask 0 what-if size=16MiB --minimal
[ "$(cat "$dir/out")" = 0 ] || fail 'what is free is waited for'
ask 0 what-if size=1GiB --json
says out '"to_free_kib": 1028096'
says out '"is_guess": true'
ask 0 what-if size=1GiB --minimal
[ "$(cat "$dir/out")" -gt 1000 ] || fail 'nobody is waited for'
ask 1 what-if size=8GiB
cp "$dir/err" "$dir/refusal"
ask 1 memory-reserve size=8GiB
diff "$dir/refusal" "$dir/err" || fail 'a reservation is refused in other words'
events=$((events + 1)) # of that one
ask 1 what-if size=8GiB --json
cp "$dir/err" "$dir/refusal"
ask 1 memory-reserve size=8GiB --json
diff "$dir/refusal" "$dir/err" || fail 'the numbers are others'
events=$((events + 1))

# As much as a configuration needs.
echo '{"name":"new","uuid":null,"type":"pvh","vcpus":1,"memory_kib":524288,"maxmem_kib":524288,"need_kib":528384,"overhead_kib":4096}' \
    >"$dir/new.cfg"
ask 0 what-if "config=$dir/new.cfg"
says out '520 MiB can be had, in about'
says err 'it needs 520 MiB'
ask 2 what-if "config=$dir/new.cfg" size=1GiB
says err 'Either config or size, not both'
ask 4 what-if "config=$dir/none.cfg"

# Mistakes.
ask 1 what-if
says err 'Required parameter not found: size (or config)'
ask 1 what-if size=0
says err 'The size must not be 0'
ask 1 what-if size=much
says err "Failed to parse field 'size'"

# Nobody has noticed.
ask 0 host-memory-plan
ask 0 vm-memory-explain vm=web
says out 'target set by: somebody else, or before balancerd began'
says out 'it changes when: its dynamic-max is another one, or memory is short'
[ "$(n_events)" = "$events" ] || fail 'asking is an event'
targets | diff "$dir/before" - || fail 'asking has moved somebody'
has_no_reservation || fail 'asking has reserved something'

# It comes true: who would keep so much keeps that, and a script that waits for
# a decision hears of it.
ask 0 what-if size=1GiB
web_mib=$(column web 5)
db_mib=$(column db 5)
"$balancerctl" --socket="$socket" event-wait kind=target-changed vm=db \
    >"$dir/told" 2>&1 &
client=$!
wait_for 'client that waits' n_waiting_is 1
ask 0 memory-reserve size=1GiB
wait "$client" || fail 'nobody told of the decision'
grep -qE 'target-changed +2 \(db\): target 1900544 -> [0-9]+ KiB: its share; memory is short$' \
    "$dir/told" || fail 'the decision is not told'
ask 0 vm-list params=memory-target is-control-domain=false --minimal
IFS=, read -r web db <"$dir/out"
[ "$(((web + mib / 2) / mib)) $(((db + mib / 2) / mib))" = "$web_mib $db_mib" ] ||
    fail "they keep $web and $db, not $web_mib and $db_mib MiB"

# Where it came from.
ask 0 event-list kind=target-changed vm=db --minimal
id=$(cat "$dir/out")
ask 0 vm-memory-explain vm=db
grep -qE "^target set by: event $id of [0-9-]+ [0-9:]+: target 1900544 -> [0-9]+ KiB: its share; memory is short$" \
    "$dir/out" || fail 'it is not told where the target came from'
ask 0 vm-memory-explain vm=db --json
says out '"is_ours": true'
says out '"rule_name": "share"'

# A pin, a rule: what would change it.
ask 0 vm-memory-pin vm=web
wait_for 'pin' vm_is web reason pinned
ask 0 vm-memory-explain vm=web
says out 'it changes when: it is no longer pinned: vm-memory-unpin'
ask 0 vm-memory-unpin vm=web

# The daemon's group may ask, too: it only reads.
ask 0 help what-if
says out 'what-if [size=SIZE] [config=FILE]'
