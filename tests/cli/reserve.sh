#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The life of a reservation: asked for, squeezed for, kept, handed over, given
# back.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

start
wait_for 'rest' at_rest
[ "$(free_bytes)" -lt 33554432 ] || fail 'the host is not full'

# There is no room: both give, in proportion.
ask 0 memory-reserve size=1GiB owner=backup ttl=1h
id=$(cat "$dir/out")
[ "$(reservations)" = "$id" ] || fail 'the id is not in the list'
[ "$(vm web memory-actual)" -lt 1073741824 ] || fail 'web gave nothing'
[ "$(vm db memory-actual)" -lt 1946157056 ] || fail 'db gave nothing'
ask 0 host-memory-show
says out 'To be kept free: 72 MiB for the host, 1024 MiB for reservations.'
grep -qE "^$id +granted +backup +1024 +1024 +- +35[0-9]{2} s\$" "$dir/out" ||
    fail 'the reservation is not in the table'
ask 0 memory-reservation-list "id=$id"
says out 'memory ( RO): 1073741824'
says out 'owner ( RO): backup'
says out 'state ( RO): granted'

# Longer, by a minute from now on.
ask 0 memory-reservation-extend "id=$id" ttl=1m
silent
ask 0 memory-reservation-list params=expires-in --minimal
[[ $(cat "$dir/out") =~ ^[56][0-9]\ s$ ]] || fail 'the TTL is another'
ask 1 memory-reservation-extend "id=$id" ttl=8d
says err 'A time to live is 1 s to 7 days'
ask 1 memory-reservation-extend "id=$id" ttl=soon
says err "Failed to parse field 'ttl': expecting a time"
ask 1 memory-reservation-extend id=none ttl=5m
says err 'There is no reservation none'

# Another client's part.
ask 0 memory-reserve size=100MiB key=nightly
other=$(cat "$dir/out")
ask 0 memory-reserve size=100MiB key=nightly
[ "$(cat "$dir/out")" = "$other" ] || fail 'the same key made another one'
ask 1 memory-reserve size=200MiB key=nightly
[ "$(reservations "key=nightly")" = "$other" ] || fail 'no such key'
[ "$(reservations | tr , '\n' | wc -l)" = 2 ] || fail 'there are not two'

# web takes the first one up: it already holds part of it.
ask 1 memory-reservation-transfer "id=$id" domid=77
says err 'There is no domain 77'
ask 0 memory-reservation-transfer "id=$id" domid=1
silent
ask 0 memory-reservation-list "id=$id" params=domid --minimal
[ "$(cat "$dir/out")" = 1 ] || fail 'it has no domain'
ask 1 memory-reservation-transfer "id=$id" domid=2
says err "Reservation $id is another domain's"

# Given back; the memory flows back.
ask 0 memory-release "id=$id"
silent
ask 0 memory-release key=nightly
ask 1 memory-release "id=$id"
says err "There is no reservation $id"
ask 1 memory-release
says err 'Required parameter not found: id (or key)'
has_no_reservation || fail 'there is a reservation left'
wait_for 'memory of web' vm_is web memory-actual 1073741824
wait_for 'memory of db' vm_is db memory-actual 1946157056

# Between two sizes: the engine says how much.
ask 0 memory-reserve min=100MiB max=2GiB --json
kib=$(sed -n 's/.*"memory_kib": \([0-9]*\),/\1/p' "$dir/out")
[ "$kib" -gt 102400 ] || fail "the share is only $kib KiB"
[ "$kib" -lt 2097152 ] || fail "the share is $kib KiB"
