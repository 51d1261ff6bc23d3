#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What NBD clients can expect of leases, for both ways to serve them.
# shellcheck source=tests/store/lendmem.bash
. "${abs_top_srcdir:?}/tests/store/lendmem.bash"

for parallel in no yes; do
    lendmem_start connections=4 "parallel=$parallel"
    one=$(lease size=16m)
    other=$(lease size=4k label=other)
    small=$(lease size=16m quota=1m)
    conform features "$one"
    conform data "$one"
    conform bounds "$one"
    conform quota "$small"
    conform coherent "$one"
    conform killed "$one"
    conform connections "$one" "$other"
    for name in '' x 00112233445566778899aabbccddeeff "${one%?}" "${one}0"; do
        conform refused "$name"
    done
    grep -q 'asks for a lease that there is not' "$dir/log" ||
        fail 'no word of a wrong name in the log'
    grep -q 'has too many connections' "$dir/log" ||
        fail 'no word of too many connections in the log'
    grep -q 'a write is refused: its quota' "$dir/log" ||
        fail 'no word of the quota in the log'
    ! grep -q "$one" "$dir/log" || fail 'the log has a token'
    lendmem_stop
done

# A lease ends below its client, which hears of it at its next request.
lendmem_start
one=$(lease size=16m)
coproc client { "$abs_top_builddir/tests/store/conform" ended "$(uri "$one")"; }
client_pid=$!
read -r word <&"${client[0]}"
[ "$word" = connected ] || fail "the client says '$word'"
ask lease-end "token=$one" | grep -q result || fail 'it cannot be ended'
[ "$(number_of stored_kib pool-show)" = 0 ] || fail 'it has memory still'
echo >&"${client[1]}"
wait "$client_pid" || fail 'conform ended'
conform refused "$one"
lendmem_stop
[ ! -e "$dir/control" ] || fail 'the control socket is left'
