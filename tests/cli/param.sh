#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Single fields of domains and of the host, in the shape of xe.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

# A guest that says what it could do without.
sed -i "s|^uuid = $db_uuid|&\navailable = 400MiB|" "$dir/host.scn"
start
wait_for 'rest' at_rest

# A domain's, all of them.
ask 0 vm-param-list "uuid=${web_uuid^^}"
head -n 2 "$dir/out" >"$dir/head"
diff - "$dir/head" <<END || fail 'not the shape of xe'
uuid ( RO)                  : $web_uuid
            name-label ( RO): web
END
says out '    memory-dynamic-max ( RW): 1073741824'
says out '                memory (MRO): '
ask 0 vm-param-list "uuid=$web_uuid" --minimal
diff - "$dir/out" <<<"$web_uuid" || fail 'minimal is not the first field'

# One of them.
field() { # VALUE VERB ARG...
    local value=$1

    shift
    ask 0 "$@"
    diff - "$dir/out" <<<"$value" || fail "$*"
}
field 1073741824 vm-param-get "uuid=$web_uuid" param-name=memory-target
field web vm-param-get "uuid=$web_uuid" param-name=name-label --minimal
field 1 vm-param-get "uuid=$web_uuid" param-name=domid param-key=any
ask 0 vm-param-get "uuid=$web_uuid" param-name=memory-actual --json
says out '"memory_actual_kib": 1048576'

# A map, and one entry of it: what the guest says itself.
field '' vm-param-get "uuid=$web_uuid" param-name=memory
field 'free: 419430400' vm-param-get "uuid=$db_uuid" param-name=memory
field 419430400 vm-param-get "uuid=$db_uuid" param-name=memory param-key=free

# The host's.
ask 0 host-list
grep -qE '^    name-label \( RO\): .' "$dir/out" || fail 'the host has no name'
ask 0 host-list --minimal
host=$(cat "$dir/out")
[[ $host =~ ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$ ]] ||
    fail "$host is not a uuid"
if [ -s /etc/machine-id ]; then
    diff /etc/machine-id <(tr -d - <<<"$host") || fail 'not the machine id'
fi
field 4294967296 host-param-get "uuid=$host" param-name=memory-total
field $(((4096 - 1024 - 1024 - 1856 - 100) << 20)) \
    host-param-get "uuid=$host" param-name=memory-free
field $(((100 + 72) << 20)) \
    host-param-get "uuid=$host" param-name=memory-overhead
ask 0 host-param-list "uuid=$host"
says out '    memory-free-computed ( RO): '
ask 0 host-list params=memory-total
diff - "$dir/out" <<<'memory-total ( RO)    : 4294967296' ||
    fail 'params= does not choose'

# What is said to be free can be reserved, and no more.
ask 0 host-param-get "uuid=$host" param-name=memory-free-computed
computed=$(cat "$dir/out")
ask 1 memory-reserve "size=$((computed + 1))"
ask 0 memory-reserve "size=$computed"
ask 0 memory-release "id=$(cat "$dir/out")"

# Nothing of a host can be changed.
ask 0 host-param-set "uuid=$host"
silent
