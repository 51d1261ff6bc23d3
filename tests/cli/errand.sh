#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What a script asked for in xenstore is an administrator's business, too: it
# is listed as xenstore's, can be released, and cannot be imitated.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

cat >>"$dir/host.scn" <<'END'
[events]
1s = write /balancer/reserve/nightly size=64MiB ttl=1h
END
start
wait_for 'the request in xenstore' has_reservation granted
ask 0 memory-reservation-list
says out 'owner ( RO): xenstore'
says out 'key ( RO): xenstore:nightly'
says out 'memory ( RO): 67108864'

ask 1 memory-reserve size=4MiB owner=xenstore
says err 'The owner xenstore and keys that begin with xenstore: are for'
ask 1 memory-reserve size=64MiB key=xenstore:nightly
says err 'are for requests in xenstore'
ask 1 memory-reserve size=4MiB key=xenstore:other
[ "$(reservations | tr , '\n' | wc -l)" = 1 ] || fail 'there is another one'

ask 0 memory-release key=xenstore:nightly
has_no_reservation || fail 'it is still there'
grep -q 'of xenstore is released' "$dir/log" || fail 'nothing in the log'
