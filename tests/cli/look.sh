#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Looking at the host: the sum closes, tables stand still, scripts get numbers.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

start
wait_for 'rest' at_rest

# The account in text: total is the sum of the others, in KiB.
ask 0 host-memory-show
says out 'total ='
awk '$1 == "KiB" {
    found = 1
    if ($2 != 4194304 || $2 != $3 + $4 + $5 + $6 + $7) exit 1
} END { if (!found) exit 1 }' "$dir/out" || fail 'the sum does not close'
says out 'To be kept free: 72 MiB for the host, 0 MiB for reservations.'
grep -qE '^ +1  web +ready +128 +256 +1024 +1024 +1024 +1024  at dynamic-max$' \
    "$dir/out" || fail 'the line of web is not there'
grep -qE '^ +0  Domain-0 .* not managed$' "$dir/out" ||
    fail 'domain 0 is not there'
[ "$(awk '{ if (length > n) n = length } END { print n }' "$dir/out")" -le 100 ] ||
    fail 'it does not fit into 100 columns'
if grep -q ' $' "$dir/out"; then
    fail 'there are blanks at the end of a line'
fi

# The same for scripts.
ask 0 host-memory-show --minimal
[ "$(cat "$dir/out")" = "$(((4096 - 100 - 1024 - 72 - 1024 - 1856) * 1048576))" ] ||
    fail 'minimal is not the free memory in bytes'
ask 0 host-memory-show --json
says out '"total_kib": 4194304'
says out '"sum_kib": 4194304'
says out '"memory_dynamic_min_kib": 262144'

# xe's records.
ask 0 vm-list vm=web
head -n 3 "$dir/out" >"$dir/head"
diff - "$dir/head" <<END || fail 'not the shape of xe'
uuid ( RO)                  : $web_uuid
            name-label ( RO): web
           power-state ( RO): running
END
says out 'memory-dynamic-min ( RW): 268435456'
ask 0 vm-list --minimal
[ "$(cat "$dir/out")" = "$(vm 0 uuid),$web_uuid,$db_uuid" ] ||
    fail 'minimal is not the uuids'
ask 0 vm-list params=name-label,domid is-control-domain=false
diff - "$dir/out" <<'END' || fail 'params= does not choose'
name-label ( RO)    : web
         domid ( RO): 1

name-label ( RO)    : db
         domid ( RO): 2
END
ask 0 vm-list params=all vm=db
says out 'reason ( RO): at dynamic-max'
ask 1 vm-list params=uuid,colour
says err "Unknown field 'colour'"

# The target as arithmetic.
ask 0 vm-memory-explain vm=web
says out 'Domain 1 (web) is ready: target 1024 MiB, holds 1024 MiB.'
says out '262144 KiB     256.0 MiB  dynamic-min'
says out '+      786432 KiB     768.0 MiB  share: says nothing of its use; has its share of 1024 MiB'
says out '=     1048576 KiB    1024.0 MiB  target: '
says out 'agent in the guest: no'
ask 0 vm-memory-explain vm=web --minimal
[ "$(cat "$dir/out")" = 1073741824 ] || fail 'minimal is not the target'
ask 0 vm-memory-explain vm=0
says out 'It has no dynamic range: nobody moves it.'

# Who is asked.
ask 0 balancer-status
grep -qE '^version +: [0-9.]+$' "$dir/out" || fail 'no version'
says out 'host            : sim'
says out 'domains         : 3'
says out 'state           : ok'
says out "config-file     : $conf"
says out 'instances       : default'
ask 0 balancer-status --json
says out '"guard_failures": 0'
