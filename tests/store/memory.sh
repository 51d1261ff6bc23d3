#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Memory is taken when it is written, page by page, and the system has it back
# when it is trimmed or its lease ends.
# shellcheck source=tests/store/lendmem.bash
. "${abs_top_srcdir:?}/tests/store/lendmem.bash"

# What the memory file holds, as the kernel counts it.
resident_kib() {
    sed -n 's/^RssShmem:[[:space:]]*\([0-9]*\) kB/\1/p' "/proc/$(cat "$dir/pid")/status"
}

near() { # KIB SHOULD SLACK
    [ "$1" -ge "$2" ] && [ "$1" -le $(($2 + $3)) ]
}

lendmem_start
one=$(lease size=32m)
other=$(lease size=16m)
near "$(resident_kib)" 0 64 || fail "$(resident_kib) KiB before anything is stored"

# 16 MiB of noise; with the table's 4 pages.
head -c 16M /dev/urandom >"$dir/noise"
nbdcopy "$dir/noise" "$(uri "$one")"
[ "$(number_of stored_kib lease-list "token=$one")" = 16384 ] || fail 'stored'
[ "$(number_of stored_kib pool-show)" = $((16384 + 16)) ] || fail 'with its table'
# Spare pages: 64 at most so far.
near "$(number_of held_kib pool-show)" 16400 256 || fail 'held'
near "$(resident_kib)" 16400 256 || fail "resident: $(resident_kib)"

# What is trimmed goes back, but for 4 MiB that are kept at hand.
io "$one" 'discard 0 8m' || fail 'no trim'
[ "$(number_of stored_kib lease-list "token=$one")" = 8192 ] || fail 'trimmed'
near "$(number_of held_kib pool-show)" 8208 4096 || fail 'held after a trim'
near "$(resident_kib)" 8208 4096 || fail "resident after a trim: $(resident_kib)"
nbdcopy "$(uri "$one")" "$dir/back"
cmp <(tail -c 8M "$dir/noise") <(tail -c +8388609 "$dir/back" | head -c 8M) ||
    fail 'what was not trimmed has changed'
cmp -n $((8 << 20)) "$dir/back" /dev/zero || fail 'what was trimmed is not zero'

# Who comes next on the same pages sees zeroes around what it writes.
for ((page = 0; page < 64; page++)); do
    io "$other" "write -P 120 $((page * 131072 + 7)) 1" || fail 'no write'
done
nbdcopy "$(uri "$other")" "$dir/back"
[ "$(tr -d '\0' <"$dir/back" | wc -c)" = 64 ] || fail 'a page was not zero'

# Pages of zeroes are not stored, unless it is wished.
ask lease-end "token=$other" >/dev/null
head -c 16M /dev/zero >"$dir/zeroes"
nbdcopy --allocated "$dir/zeroes" "$(uri "$one")"
[ "$(number_of stored_kib lease-list "token=$one")" = 0 ] || fail 'zeroes are stored'

nbdcopy "$dir/noise" "$(uri "$one")"
ask lease-end "token=$one" >/dev/null
[ "$(number_of stored_kib pool-show)" = 0 ] || fail 'stored after the end'
near "$(number_of held_kib pool-show)" 0 4096 || fail 'held after the end'
near "$(resident_kib)" 0 4160 || fail "resident after the end: $(resident_kib)"
lendmem_stop

# Locked memory: the kernel counts all of it as locked, and holds none.
if [ "$(id -u)" = 0 ]; then
    lendmem_start mlock=yes
    locked=$(sed -n 's/^VmLck:[[:space:]]*\([0-9]*\) kB/\1/p' "/proc/$(cat "$dir/pid")/status")
    [ "$locked" -ge 65536 ] || fail "$locked KiB are locked"
    near "$(resident_kib)" 0 64 || fail 'locked memory is taken at once'
    one=$(lease size=32m)
    nbdcopy "$dir/noise" "$(uri "$one")"
    io "$one" 'discard 0 16m' || fail 'no trim of locked memory'
    near "$(resident_kib)" 16 4160 || fail 'locked memory is not given back'
    lendmem_stop
fi
