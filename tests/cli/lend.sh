#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# One host lends to another: leases come, grow, are wanted back and end; both
# daemons and lendmem may be killed meanwhile.
# shellcheck source=tests/cli/peers.bash
. "${abs_top_srcdir:?}/tests/cli/peers.bash"

pool_state_is() { # STATE
    far_ask 0 pool-show --json
    grep -q "\"state\": \"$1\"" "$dir/out"
}

# Domain 0 holds so much more than a GiB, in MiB, and is told to.
far_grown_is() { # MIB
    local bytes=$(((1024 + $1) * mib))

    [ "$("$balancerctl" --socket="$far_dir/sock" vm-list --minimal domid=0 \
        params=memory-target)" = "$bytes" ] &&
        [ "$("$balancerctl" --socket="$far_dir/sock" vm-list --minimal domid=0 \
            params=memory-actual)" = "$bytes" ]
}

cat >>"$far_conf" <<'END'
lend-max = 32MiB
grace = 1h
END
lendmem_start 64
start
far_start
ask 0 peer-add peer=far "address=$far" "secret=$secret"
far_ask 0 peer-add peer=near "address=$near" "secret=$secret"
wait_for 'the peer to be up' peer_is state up
wait_for 'memory to lend' peer_is lendable $((32 * mib))
far_ask 0 pool-show --minimal
[ "$(cat "$dir/out")" = $((32 * mib)) ] || fail 'the pool'

# A lease: what the far host says of it is what the near one got.
ask 0 lease-create peer=far volume=web-1 size=8MiB --minimal
IFS=, read -r token host port <"$dir/out"
[[ $token =~ ^[0-9a-f]{32}$ ]] || fail "no token: $token"
[ "$host $port" = "$far 10809" ] || fail "not there: $host $port"
far_lend_is peer,volume,state near || fail 'not lent to near'
[ "$(far_lend size)" = $((8 * mib)) ] || fail 'another size'
! far_lend lease,token >/dev/null 2>&1 || fail 'lease-list shows tokens'
far_ask 0 event-list kind=lease-created
says out 'of near for web-1: 8192 KiB are lent'
if command -v nbdinfo >/dev/null; then
    [ "$(nbdinfo --size "nbd://$far/$token")" = $((8 * mib)) ] ||
        fail 'the export has another size'
fi

# Domain 0 was grown before it was lent, and by as much: a table is part of it.
far_grown_is 9 || fail 'domain 0 has not grown by what is lent'
far_ask 0 event-list kind=target-changed
says out 'what is lent'

# Again is the same; in another size it is refused; too much is refused.
ask 0 lease-create peer=far volume=web-1 size=8MiB --minimal
[ "$(cut -d, -f1 "$dir/out")" = "$token" ] || fail 'not the same lease'
ask 1 lease-create peer=far volume=web-1 size=9MiB --json
says out '"error": "KEY_IN_USE"'
ask 1 lease-create peer=far volume=web-2 size=1GiB --json
says out '"error": "HOST_NOT_ENOUGH_FREE_MEMORY"'
ask 0 lease-create peer=far volume=web-2 size=4MiB
says out "$far"
# Each has a table, too: a page for 4 MiB, and one for those.
wait_for 'less to lend' peer_is lendable $((32 * mib - 12 * mib - 5 * 4096))

# A lender killed and back finds its leases again.
far_kill
far_start
wait_for 'the peer to be up' peer_is state up
ask 0 lease-create peer=far volume=web-1 size=8MiB --minimal
[ "$(cut -d, -f1 "$dir/out")" = "$token" ] || fail 'another lease'

wait_for 'domain 0 as it was' far_grown_is 13

# It wants one back: the borrower hears of it, and nothing is taken.
number=$("$balancerctl" --socket="$far_dir/sock" lease-list --minimal \
    volume=web-1)
far_ask 0 lease-end "lease=$number"
[ "$("$balancerctl" --socket="$far_dir/sock" lease-list --minimal \
    volume=web-1 params=state)" = recalled ] || fail 'not recalled'
ask 0 event-wait since=0 kind=lease-recalled timeout=10
says out 'peer far wants the lease of web-1 back'
peer_is recalls 1 || fail 'not one recall'
far_ask 0 lease-end "lease=$number" grace=0
far_ask 0 event-wait since=0 kind=lease-overdue timeout=10
says out 'to end it costs its volume a replica'
[ "$("$balancerctl" --socket="$far_dir/sock" lease-list --minimal \
    volume=web-1 params=state)" = overdue ] || fail 'not overdue'

# The borrower gives it back.
ask 0 lease-return peer=far volume=web-1
silent
far_lend_is volume web-2 || fail 'it is not back'
wait_for 'memory of domain 0' far_grown_is 5
wait_for 'no recall' peer_is recalls 0
ask 0 lease-return peer=far volume=web-1

# Or it is ended.
number=$(far_lend lease)
far_ask 0 lease-end "lease=$number" --force
far_lend_is lease '' || fail 'it has not ended'
far_ask 0 event-list kind=lease-ended
says out 'of near for web-2 has ended: 4096 KiB are back'
far_ask 1 lease-end "lease=$number" --json
says out '"error": "NO_SUCH_LEASE"'
far_ask 1 lease-end lease=x

wait_for 'domain 0 as it was' far_grown_is 0

# Less is lent from now on; what is lent stays.
ask 0 lease-create peer=far volume=web-3 size=8MiB
sed -i 's/^lend-max = .*/lend-max = 1MiB/' "$far_conf"
kill -HUP "$far_pid"
wait_for 'less to lend' peer_is lend-max "$mib"
far_lend_is volume web-3 || fail 'it is taken away'
ask 1 lease-create peer=far volume=web-4 size=64KiB --json
says out '"error": "HOST_NOT_ENOUGH_FREE_MEMORY"'

# Nothing is lent from now on: a daemon that starts still knows what was.
sed -i 's/^lend-max = .*/lend-max = 0MiB/' "$far_conf"
far_kill
far_start
wait_for 'the lease' far_lend_is volume web-3
far_grown_is 9 || fail 'domain 0 has lost what is lent'
sed -i 's/^lend-max = .*/lend-max = 1MiB/' "$far_conf"
kill -HUP "$far_pid"
wait_for 'the peer to be up' peer_is lend-max "$mib"

# lendmem dies: its leases are gone, and the next one lends again.
lendmem_kill
rm -f "$far_dir/lendmem.sock"
wait_for 'a pool that is down' pool_state_is down
ask 1 lease-create peer=far volume=web-4 size=64KiB
wait_for 'nothing to lend' peer_is lendable 0
lendmem_start 64
wait_for 'a pool that is up' pool_state_is up
wait_for 'no lease' far_lend_is lease ''
wait_for 'domain 0 as it was' far_grown_is 0
ask 0 lease-create peer=far volume=web-4 size=64KiB

# The host needs its memory itself: what is lent is wanted back, and a guest
# that asks is not refused for it.
sed -i 's/^lend-max = .*/lend-max = 16MiB/' "$far_conf"
kill -HUP "$far_pid"
wait_for 'more to lend' peer_is lend-max $((16 * mib))
spare=$("$balancerctl" --socket="$far_dir/sock" host-memory-show --minimal)
far_ask 0 memory-reserve "size=$((spare + 64 * mib))" ttl=1h
wait_for 'a recall' far_lend_is state recalled
far_ask 0 event-list kind=lease-recalled
says out 'of near for web-4 is wanted back within 3600 s'
wait_for 'news of it' peer_is recalls 1

# Nothing is lent that nobody has to spare; with slack, domain 0 is not grown.
ask 1 lease-create peer=far volume=web-5 size=4MiB --json
says out '"error": "HOST_NOT_ENOUGH_FREE_MEMORY"'
sed -i 's/^lend-max = .*/&\ndomain-zero-slack = 8MiB/' "$far_conf"
kill -HUP "$far_pid"
wait_for 'domain 0 as it was' far_grown_is 0
ask 0 lease-create peer=far volume=web-5 size=4MiB
far_grown_is 0 || fail 'domain 0 has grown'

kill "$pid"
stopped 0
far_stop
