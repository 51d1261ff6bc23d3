#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Two hosts come to know each other, lose each other, and tell strangers
# nothing.
# shellcheck source=tests/cli/peers.bash
. "${abs_top_srcdir:?}/tests/cli/peers.bash"

start
far_start

# Refused: nothing changes.
ask 1 peer-add peer=far "address=$far" secret=short
says err 'A secret has 16 to 128 characters'
ask 1 peer-add peer=far address=somewhere.example "secret=$secret"
says err 'The address is an IP address'
ask 1 peer-add peer=f/r "address=$far" "secret=$secret"
says err 'A peer is called with letters'
ask 1 peer-add peer=near "address=$far" "secret=$secret"
says err "The name near is this host's own"
ask 1 peer-remove peer=far --json
says out '"error": "NO_SUCH_PEER"'
ask 0 peer-list --minimal
[ -z "$(cat "$dir/out")" ] || fail 'there is a peer'

# Known on one side only: it says so, and the other one names the stranger.
ask 0 peer-add peer=far "address=$far" "secret=$secret"
silent
wait_for 'a reason' peer_is reason \
    'it does not know this host by its name\, or has another secret for it'
peer_is state down || fail 'it is up'
wait_for 'a warning' far_logged "that calls itself 'near' is turned away"

# Another secret is no better.
far_ask 0 peer-add peer=near "address=$near" secret=another-secret-of-16
wait_for 'another attempt' far_logged 'peer near is added'
sleep 0.7
peer_is state down || fail 'it is up with another secret'

# The same secret: up, on both sides, at once.
far_ask 0 peer-add peer=near "address=$near" "secret=$secret"
wait_for 'the peer to be up' peer_is state up
[ "$(peer rtt-us)" -gt 0 ] || fail 'no round trip time'
peer_is lend-max 0 || fail 'it lends without being told to'
peer_is address "$far:10810" || fail 'address'
ask 0 event-list kind=peer-up,peer-changed
says out "peer far at $far:10810 is up"
ask 0 peer-list --json
says out '"state": "up"'
ask 0 peer-list
says out "peer ( RO)"
far_is_up() {
    [ "$("$balancerctl" --socket="$far_dir/sock" peer-list --minimal \
        params=state)" = up ]
}
wait_for 'the other side' far_is_up

# Nobody is shown the secret.
ask 0 peer-list --json params=all
ask 0 balancer-config-show
for file in "$dir/out" "$log" "$far_dir/log"; do
    ! grep -qF "$secret" "$file" || fail "$file has the secret"
done
[ "$(stat -c %a "$dir/near/peers.conf")" = 600 ] || fail 'others can read it'

shout() {
    head -c 60000 /dev/zero 2>"$dir/err" || true
}

# Who says nonsense, or nothing, is in nobody's way.
for i in {1..40}; do
    exec {fd}<>"/dev/tcp/$far/10810"
    case $((i % 4)) in
    0) printf 'GET / HTTP/1.0\r\n\r\n' >&"$fd" ;;
    1) printf 'balancer-peer 1 near %064d\nproof %064d\n' 0 0 >&"$fd" ;;
    2) shout >&"$fd" ;;
    esac
done
peer_is state up || fail 'strangers put the peer down'
far_is_up || fail 'strangers put the other peer down'
far_ask 0 balancer-status --minimal

# Killed, and back.
far_kill
wait_for 'the peer to be down' peer_is state down
peer_is lendable 0 || fail 'it can lend while it is down'
far_start
wait_for 'the peer to be up' peer_is state up
wait_for 'its peer to come back from the file' far_is_up
ask 0 event-list kind=peer-down
says out 'it has closed the connection'

# A lease of a host that does not lend, of one that is not there.
ask 1 lease-create peer=far volume=v size=1MiB
says err 'This host does not lend'
ask 1 lease-create peer=fat volume=v size=1MiB --json
says out '"error": "NO_SUCH_PEER"'
ask 1 lease-create peer=far volume=v/w size=1MiB
says err 'A volume is called with letters'

# One that hangs is found out, and what was asked of it fails.
kill -STOP "$far_pid"
ask 1 lease-create peer=far volume=v size=1MiB
says err 'The peer: it'
wait_for 'the peer to be down' peer_is state down
kill -CONT "$far_pid"
wait_for 'the peer to be up' peer_is state up

# The file is read again: a peer more, one less; a bad one changes nothing.
printf '[third]\naddress = %s\nsecret = %s\n' "$far:9" "$secret" \
    >>"$dir/near/peers.conf"
kill -HUP "$pid"
has_third() {
    [ "$("$balancerctl" --socket="$socket" peer-list --minimal peer=third \
        params=state)" = down ]
}
wait_for 'a third host' has_third
echo 'address = nowhere' >>"$dir/near/peers.conf"
kill -HUP "$pid"
wait_for 'a refusal' has_logged 'the peers stay as they are'
peer_is state up || fail 'a bad file put the peer down'
ask 0 peer-remove peer=third
ask 0 peer-remove peer=far
silent
ask 0 peer-list --minimal
[ -z "$(cat "$dir/out")" ] || fail 'there is a peer'
! grep -q far "$dir/near/peers.conf" || fail 'it is still in the file'
kill "$pid"
stopped 0
far_stop
