#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Remote swap is borrowed from a peer: a volume gets a lease there by itself,
# moves when it is wanted back, and gives it back in the end.
# shellcheck source=tests/cli/peers.bash
. "${abs_top_srcdir:?}/tests/cli/peers.bash"

volume() { # FIELD
    "$balancerctl" --socket="$socket" vm-swap-list --minimal "params=$1"
}

volume_is() { # FIELD VALUE
    [ "$(volume "$1")" = "$2" ]
}

refuse() { # SENTENCE ARG...
    local sentence=$1

    shift
    ask 1 vm-swap-attach vm=db "$@"
    says err "$sentence"
}

sed -i 's/^spool = .*/&\nswap-room = 600MiB/' "$dir/host.scn"
printf '[swap]\ndirectory = %s/swap\n' "$dir" >>"$conf"
printf 'lend-max = 32MiB\ngrace = 1h\n' >>"$far_conf"
lendmem_start 64
start
far_start

# Nobody, somebody who is away, and somebody who has not that much.
refuse 'which take 16412 KiB there: there is no peer' size=16MiB
ask 0 peer-add peer=far "address=$far" "secret=$secret"
refuse 'No peer can lend 16384 KiB, which take 16412 KiB there; far is down (' \
    size=16MiB
far_ask 0 peer-add peer=near "address=$near" "secret=$secret"
wait_for 'memory to lend' peer_is lendable $((32 * mib))
refuse '65612 KiB there; far has 32768 KiB' size=64MiB
says err 'needed: 65612 KiB'
says err 'available: 32 MiB'
says err 'reason: no-lender'
refuse 'Peer further cannot lend' size=16MiB peer=further
says err 'there is no such peer'
far_lend_is volume '' || fail 'a refusal has left a lease'

# It gets one, with a copy on the disk of this host.
ask 0 vm-swap-attach vm=db size=16MiB
says out "far nbd:$far:10809 (in-sync), file:$dir/swap (in-sync)"
id=$(volume volume)
far_lend_is volume "$id" || fail 'there is no lease for it'
far_lend_is peer near || fail 'it is not lent to near'

# The daemon that comes next knows it, and gives it back.
kill -KILL "$pid"
wait "$pid" || true
start
wait_for 'volume as before' volume_is state attached
far_lend_is volume "$id" || fail 'its lease has gone'
wait_for 'the peer to be up' peer_is state up
ask 0 vm-swap-detach vm=db
silent
wait_for 'no lease' far_lend_is volume ''
has_none() {
    [ -z "$(volume volume)" ]
}
wait_for 'no volume' has_none
wait_for 'memory to lend' peer_is lendable $((32 * mib))

# The peer that is named.  It wants its memory back and gets it, by whoever
# borrows next.
ask 0 vm-swap-attach vm=db size=16MiB peer=far
number=$("$balancerctl" --socket="$far_dir/sock" lease-list --minimal)
far_ask 0 lease-end "lease=$number"
ask 0 event-wait since=0 kind=swap-leg-lost timeout=20
says out 'far wants its memory back'
is_another_lease() {
    far_lend_is state lent && ! far_lend_is lease "$number"
}
wait_for 'another lease' is_another_lease
wait_for 'all legs' volume_is state attached

# What is lent can be had by guests over there: it is no less than before, and
# whoever asks for all of it waits until it is back.
far_available_kib() {
    far_ask 1 memory-reserve size=64GiB --json
    sed -nE 's/.*"available_kib": *([0-9]+).*/\1/p' "$dir/out"
}
with_kib=$(far_available_kib)
says out '"lent_kib":'
far_ask 0 memory-reserve "size=${with_kib}KiB" wait=60s ttl=1h key=all
far_lend_is volume '' || fail 'it was granted before the lease was back'
wait_for 'a volume without a lender' volume_is state degraded
far_ask 0 memory-release key=all
wait_for 'a lease' far_lend_is volume "$(volume volume)"
wait_for 'all legs' volume_is state attached
ask 0 vm-swap-detach vm=db
wait_for 'no lease' far_lend_is volume ''
wait_for 'all memory to lend' peer_is lendable $((32 * mib))
[ "$(far_available_kib)" = "$with_kib" ] || fail 'to lend has cost memory'

far_stop
kill "$pid"
stopped 0
