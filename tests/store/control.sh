#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The control socket: its errors, hostile clients, a dead socket, a second
# lendmem; resizing, and a pool that is squeezed.
# shellcheck source=tests/store/lendmem.bash
. "${abs_top_srcdir:?}/tests/store/lendmem.bash"

talk() { # LINES
    perl "$abs_top_srcdir/tests/cli/talk" "$dir/control" "$1"
}

says() { # TEXT WORDS
    [[ $1 == *"$2"* ]] || fail "'$1' does not say '$2'"
}

refused() { # WORDS PARAMETER...
    local words=$1 said

    shift
    said=$(nbdkit -f -U "$dir/nbd2" "$plugin" "$@" 2>&1) && fail "nbdkit takes $*"
    says "$said" "$words"
}

refused 'it is missing' mlock=no
refused 'not a size' memory=x
refused 'not a size' memory=1k
refused 'there is no parameter sice' memory=1m sice=1
refused 'neither yes nor no' memory=1m mlock=perhaps
refused 'not a number from 1' memory=1m connections=0
refused 'No such file' memory=1m mlock=no "control=$dir/none/none/x"

lendmem_start
[ "$(stat -c %a "$dir/control")" = 600 ] || fail 'others than root can connect'
refused 'in use' memory=1m mlock=no "control=$dir/control"

# One client's nonsense is answered, line by line; its requests still count.
said=$(printf '%s\n' 'x' '' '{}' '[1]' '{"jsonrpc":"2.0","id":1,"method":"pool-show"}' | talk 5)
says "$said" PARSE_ERROR
says "$said" INVALID_REQUEST
says "$said" '"memory_kib":65536'
head -c 200000 /dev/zero | tr '\0' x | talk 1 >"$dir/long"
says "$(cat "$dir/long")" 'too long'
# Clients that come and say nothing are not in the way of others.
for i in 1 2 3 4 5 6 7 8; do
    sleep 60 | talk 1 >"$dir/idle$i" 2>&1 &
done
says "$(ask pool-show)" n_leases
# shellcheck disable=SC2046
kill $(jobs -p | grep -v "$(cat "$dir/pid")") 2>/dev/null || true

# A lease grows for who connects then, and shrinks for all.
one=$(lease size=4m)
ask lease-resize "token=$one" size=8m | grep -q result || fail 'it does not grow'
[ "$(nbdinfo --size "$(uri "$one")")" = 8388608 ] || fail 'size after growing'
io "$one" 'write -P 1 6m 4k' || fail 'no write after growing'
ask lease-resize "token=$one" size=4m | grep -q result || fail 'it does not shrink'
[ "$(number_of stored_kib lease-list "token=$one")" = 0 ] || fail 'still stored'
says "$(ask lease-resize "token=$one" size=1g)" HOST_NOT_ENOUGH_FREE_MEMORY

# The pool is squeezed: what is stored stays.
io "$one" 'write -P 1 0 4k' || fail 'no write'
ask pool-set memory=8k | grep -q result || fail 'the pool cannot be squeezed'
io "$one" 'read -P 1 0 4k' || fail 'what is stored is lost'
! io "$one" 'write -P 1 4k 4k' || fail 'written beyond the pool'
grep -q 'No space left' "$dir/io" || fail "a squeezed pool: $(cat "$dir/io")"
ask pool-set memory=64m | grep -q result || fail 'the pool cannot grow again'

# What was counted.
before=$(number_of misses lease-list "token=$one")
io "$one" 'read 0 8k' || fail 'no read'
answer=$(ask lease-list "token=$one")
says "$answer" '"refused":1'
[ "$(number_of misses lease-list "token=$one")" = $((before + 1)) ] || fail misses
says "$answer" '"stored_by_idle":{"1":'

# Killed: the next one takes the socket over.
pid=$(cat "$dir/pid")
kill -9 "$pid"
wait "$pid" || true
rm -f "$dir/pid" "$dir/nbd"
lendmem_start
[ "$(number_of n_leases pool-show)" = 0 ] || fail 'leases of a dead lender'
lendmem_stop
