#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What has happened can be listed, and what will happen can be waited for.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

# Waits for an event in the background: its answer is in told.
wait_for_event() { # ARG...
    "$balancerctl" --socket="$socket" event-wait "$@" >"$dir/told" 2>&1 &
    client=$!
    wait_for 'client that waits' n_waiting_is "$((waiting + 1))"
}

waiting=0

answered() { # STATUS
    local status=0

    wait "$client" || status=$?
    [ "$status" = "$1" ] || fail "event-wait: exit $status, not $1"
}

start
wait_for 'rest' at_rest

# Nothing has happened to the domains that were there.
ask 0 event-list kind=domain-appeared
silent
ask 0 event-list kind=range-changed --json
says out '"events": ['
grep -q '"id"' "$dir/out" && fail 'there is an event'

# A line per event; for scripts their ids; fields as in xe.
ask 0 vm-memory-dynamic-range-set vm=web min=256MiB max=512MiB
wait_for 'target' has_logged 'dom 1: target 1048576 -> 524288 KiB'
ask 0 event-list kind=target-changed,range-changed vm=web
grep -qE '^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}\.[0-9]{3} +[0-9]+ target-changed          1 \(web\): target 1048576 -> 524288 KiB: its share$' \
    "$dir/out" || fail 'no line of the target'
says out 'range-changed           1 (web): dynamic range is 262144..524288 KiB'
has_logged 'dom 1: dynamic range is 262144..524288 KiB' ||
    fail 'the log does not say it'
[ "$(grep -c 'dynamic range is' "$log")" = 1 ] || fail 'it is logged twice'
ask 0 event-list kind=target-changed vm=web --minimal
target_id=$(cat "$dir/out")
[[ $target_id =~ ^[0-9]+$ ]] || fail 'minimal is not the id'
ask 0 event-list kind=target-changed "uuid=$web_uuid" params=kind,old,new,rule
diff - "$dir/out" <<'END' || fail 'params= does not choose'
kind ( RO)    : target-changed
     old ( RO): 1073741824
     new ( RO): 536870912
    rule ( RO): its share
END
ask 0 event-list vm=db kind=range-changed
silent
ask 0 event-list state=ready kind=range-changed --minimal
[ -s "$dir/out" ] || fail 'a selector of its state finds nothing'
ask 0 event-list state=stuck
silent

# Since then, and no more than so many.
ask 0 event-list "since=$target_id" kind=target-changed vm=web
silent
ask 0 event-list since=1h limit=1 --minimal
[ "$(cat "$dir/out")" -ge "$target_id" ] || fail 'limit= does not keep the last'
ask 0 event-list since=0ms
silent
ask 1 event-list since=1000000
says err 'There is no event 1000000 yet, the last one is '
ask 1 event-list since=yesterday
says err "Failed to parse field 'since'"
ask 1 event-list kind=domain-appeared,dog
says err "There is no kind of event 'dog'; there are: target-changed, "
ask 1 event-list limit=0
says err "Failed to parse field 'limit'"
ask 1 event-wait memory-target=much
says err "Failed to parse field 'memory-target'"

# What has happened already is not waited for.
ask 0 event-wait since=0 kind=range-changed vm=web
says out 'dynamic range is 262144..524288 KiB'

# A domain that nobody knows yet.
wait_for_event kind=domain-appeared vm=late
cat >"$dir/spool/new" <<'END'
[domain]
name = late
memory = 64MiB
balloon = yes
END
mv "$dir/spool/new" "$dir/spool/late.dom"
answered 0
says told 'domain-appeared         3 (late): late has appeared'

# Its end; what it was called is still known.
wait_for_event domid=3 kind=domain-gone --minimal
rm "$dir/spool/late.dom"
answered 0
ask 0 event-list name-label=late kind=domain-gone --minimal
cmp "$dir/told" "$dir/out" || fail 'its name does not find it'

# A reservation, asked for while others wait for something else.
wait_for_event kind=host-lost
other=$client
waiting=1
wait_for_event kind=reservation-granted,reservation-refused --json
ask 0 memory-reserve size=64MiB --minimal
id=$(cat "$dir/out")
answered 0
says told "\"reservation\": \"$id\""
ask 0 memory-release "id=$id"
ask 0 event-list kind=reservation-released --json
says out "\"reservation\": \"$id\""
ask 1 memory-reserve size=64GiB
ask 0 event-list kind=reservation-refused
says out 'a request of balancerctl is refused'

# An end to waiting; the other one is forgotten when it goes.
ask 1 event-wait kind=host-back timeout=50ms
says err 'No matching event came within the timeout of 50ms'
kill -TERM "$other"
wait "$other" && fail 'the client was not killed'
wait_for 'that it is forgotten' n_waiting_is 0
waiting=0

# A configuration that is refused is an event, too.
wait_for_event kind=config-refused
echo nonsense >"$conf"
kill -HUP "$pid"
answered 0
says told 'the last good configuration stays in force'

# The daemon's end is the end of the wait.
wait_for_event
kill -TERM "$pid"
stopped 0
answered 3
