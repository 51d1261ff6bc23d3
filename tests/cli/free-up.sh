#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Room for the next domain, whoever starts it; nobody comes: it goes back.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

start
wait_for 'rest' at_rest

# A domain that anybody starts takes it up.
ask 0 host-memory-free-up size=512MiB
grep -qE '^512 MiB are free and kept for the next domain, for (59|60) s \(reservation [0-9a-f-]{36}\)\.$' \
    "$dir/out" || fail 'not the sentence'
[ "$(free_bytes)" -le $((21 * 1048576)) ] || fail 'it is not kept'
id=$(reservations state=granted)
cat >"$dir/spool/new" <<'END'
[domain]
name = mail
memory = 500MiB
END
mv "$dir/spool/new" "$dir/spool/mail.dom"
ask 0 event-wait since=0 kind=reservation-transferred timeout=10s
says out "reservation $id of host-memory-free-up is taken up by dom 3 (mail)"
[ "$(reservations domid=3)" = "$id" ] || fail 'it is not linked to the domain'
rm "$dir/spool/mail.dom"
wait_for 'end of the reservation' has_no_reservation

# Nobody comes.
ask 0 host-memory-free-up size=512MiB ttl=1s --minimal
[ "$(cat "$dir/out")" = "$(reservations)" ] || fail 'minimal is not the id'
wait_for 'end of its time' has_no_reservation
wait_for 'return of the memory' vm_is web memory-target 1073741824

# Refused as a reservation is.
before=$(targets)
ask 1 host-memory-free-up size=64GiB
says err 'Not enough server memory is available to perform this operation.'
says err 'what keeps it from giving more'
[ "$(targets)" = "$before" ] || fail 'a refusal moved someone'
ask 1 host-memory-free-up size=2GiB wait=0
says err 'wait=0 forbids to free more'
ask 1 host-memory-free-up size=much
says err "Failed to parse field 'size'"
ask 1 host-memory-free-up size=1MiB ttl=0
says err 'A time to live is 1 s to 7 days, not 0 ms'
ask 1 host-memory-free-up size=1MiB ttl=8d
says err 'A time to live is 1 s to 7 days'
