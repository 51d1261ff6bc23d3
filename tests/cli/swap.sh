#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Remote swap is attached by hand, shown, watched over and taken away; what
# cannot be is refused in words.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

# db lacks 256 MiB of what it needs.
sed -i -E "s/^spool = .*/&\nswap-room = 600MiB/
    /^name = db/,\$ s/^balloon = yes/&\nneeds = 2112MiB/" "$dir/host.scn"
printf '[lenders]\nhost1 = 512MiB\nhost2 = 300MiB\n' >>"$dir/host.scn"
printf '[swap]\ndirectory = %s/swap\n' "$dir" >>"$conf"
start
wait_for 'rest' at_rest

volume() { # VM FIELD
    "$balancerctl" --socket="$socket" vm-swap-list --minimal \
        "name-label=$1" "params=$2"
}

volume_is() { # VM FIELD VALUE
    [ "$(volume "$1" "$2")" = "$3" ]
}

n_events() { # KIND
    "$balancerctl" --socket="$socket" event-list "kind=$1" params=id \
        --minimal | tr ',' '\n' | grep -c .
}

has_events() { # KIND NUMBER
    [ "$(n_events "$1" || true)" -ge "$2" ]
}

is_done() {
    [ ! -e "$dir/spool/now.event" ]
}

happens() { # WORD...
    echo "$*" >"$dir/event.new"
    mv "$dir/event.new" "$dir/spool/now.event"
    wait_for "$1" is_done
}

ask 0 vm-swap-list
silent

# What cannot be.
refuse() { # SENTENCE ARG...
    local sentence=$1

    shift
    ask 1 vm-swap-attach "$@"
    says err "$sentence"
}
refuse 'nbd:HOST:PORT:EXPORT or file:DIRECTORY, not' vm=db size=64MiB legs=x
refuse 'at least 16384 KiB, not 1024 KiB' vm=db size=1MiB legs=nbd:h:1:x
refuse 'Domain 0 cannot have remote swap' domid=0 size=64MiB legs=nbd:h:1:x
refuse "'move': expecting an integer" vm=db size=64MiB move=fast legs=nbd:h:1:x
refuse 'same host' vm=db size=64MiB legs=nbd:h:1:x,nbd:h:2:x
refuse 'take 4198412 KiB there; host1 has 524288 KiB; host2 has 307200 KiB' \
    vm=db size=4GiB
refuse 'Peer host2 cannot lend 524288 KiB, which take 524812 KiB there; host2 has' vm=db size=512MiB \
    peer=host2
ask 0 vm-swap-policy-set vm=db policy=never
refuse 'swap policy is never' vm=db size=64MiB legs=nbd:h:1:x
ask 0 vm-swap-policy-set vm=db policy=manual max-size=512MiB
refuse '524288 KiB of remote swap at most' vm=db size=513MiB legs=nbd:h:1:x
ask 0 vm-swap-policy-set vm=db policy=manual max-size=2GiB
refuse 'has room for 614400 KiB, 1048576 KiB are needed' vm=db size=1GiB \
    legs=nbd:h:1:x
says err 'needed: 1024 MiB'
says err 'available: 600 MiB'
says err 'reason: no-room'
ask 1 vm-swap-attach vm=db size=1GiB legs=nbd:h:1:x --json
says out '"error": "SWAP_FAILED"'
ask 1 vm-swap-detach vm=db
says err 'The domain has no remote swap'
has_events swap-failed 4 || fail 'no event tells of the failures'
ask 0 vm-swap-list
silent

# It gets one, with a copy on this host's disk, and only one.
ask 0 vm-swap-attach vm=db size=512MiB legs=nbd:lender.example:10809:secret
says out 'is attached as xvdp: 512 MiB'
says out "nbd:lender.example:10809 (in-sync), file:$dir/swap (in-sync)"
id=$(volume db volume)
volume_is db state attached || fail 'the state is not attached'
volume_is db size 536870912 || fail 'the size is not shown'
volume_is db used 268435456 || fail 'what is used is not shown'
volume_is db guest on || fail 'the guest is not shown'
refuse "already has a volume, $id" vm=db size=64MiB legs=nbd:h:1:x
ask 0 vm-memory-explain vm=db
says out 'remote swap: attached, 512 MiB, used 256 MiB; nbd:lender.example'
ask 0 vm-swap-list params=all --json
! grep -q secret "$dir/out" || fail 'the name of the export is shown'
has_events swap-attached 1 || fail 'no event tells of it'

# Its guest cannot do without.
ask 1 vm-swap-detach vm=db
says err 'needs 262144 KiB, and has no memory for it'
volume_is db state attached || fail 'it is not attached any more'
has_events swap-refused 1 || fail 'no event tells of the refusal'

# A lender fails, and is back.
happens lender lender.example down
wait_for 'event' has_events swap-leg-lost 1
wait_for 'degraded volume' volume_is db state degraded
volume db legs | grep -qF 'nbd:lender.example:10809 (failed)' ||
    fail 'the leg has not failed'
happens lender lender.example up
wait_for 'event' has_events swap-leg-replaced 1
wait_for 'volume as before' volume_is db state attached
has_events swap-leg-lost 2 && fail 'one loss is told twice'

# It can do without now; another one goes with its guest.
happens set 2 needs 1GiB
ask 0 vm-swap-detach vm=db
silent
ask 0 vm-swap-list
silent
has_events swap-detached 1 || fail 'no event tells that it is gone'
ask 0 vm-swap-attach vm=db size=64MiB legs=nbd:h:1:x,nbd:i:1:x --minimal
grep -qE '^[0-9a-f-]{36}$' "$dir/out" || fail 'not the id of a volume'
happens set 2 needs 2112MiB
ask 1 vm-swap-detach vm=db
ask 0 vm-swap-detach vm=db force=yes
ask 0 vm-swap-attach vm=db size=64MiB legs=nbd:h:1:x,nbd:i:1:x
happens destroy 2
wait_for 'event' has_events swap-detached 3
ask 0 vm-swap-list
silent

# A peer lends: who has most, another one when that fails, and none for long if
# it wants its memory back.
ask 0 vm-swap-attach vm=web size=200MiB
says out "host1 nbd:host1:10809 (in-sync), file:$dir/swap (in-sync)"
happens lender host1 down
legs_match() { # REGEX
    [[ $(volume web legs) =~ $1 ]]
}
wait_for 'other lender' legs_match '^host2 nbd:host2:10809 .in-sync.'
happens lender host1 up
happens lender host2 recalls
wait_for 'event' has_events swap-leg-lost 3
wait_for 'other lender' legs_match '^host1 nbd:host1:10809 .in-sync.'
ask 0 vm-swap-detach vm=web
has_none() {
    [ -z "$("$balancerctl" --socket="$socket" vm-swap-list)" ]
}
wait_for "lenders that have all back" has_none
happens lender host1 down
refuse 'host1 is down (no answer); host2 has 307200 KiB' vm=web size=1GiB
