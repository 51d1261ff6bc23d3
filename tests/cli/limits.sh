#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The limits of domains that run: what a domain was built with stays; whatever
# else is set is set as a whole or not at all.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

start
wait_for 'rest' at_rest

limits() { # NAME: static-min dynamic-min dynamic-max static-max, in MiB
    local list='' field

    for field in static-min dynamic-min dynamic-max static-max; do
        list+=" $(($(vm "$1" memory-$field) >> 20))"
    done
    echo "${list# }"
}

are() { # NAME LIMIT...
    [ "$(limits "$1")" = "${*:2}" ] || fail "limits of $1: $(limits "$1")"
}
are web 128 256 1024 1024
are db 256 512 1856 2048

# xe's refusal, word by word.
refuses() { # VERB ARG...
    ask 1 "$@"
    diff - "$dir/err" <<END || fail "$*"
You attempted an operation on a VM that was not in an appropriate power state at the time; for example, you attempted to start a VM that was already running. The parameters returned are the VM's handle, and the expected and actual VM state at the time of the call.
vm: $web_uuid (web)
expected: halted
actual: running
END
    are web 128 256 1024 1024
}
refuses vm-memory-static-range-set vm=web min=64m max=2g
refuses vm-memory-limits-set vm=web static-min=64m dynamic-min=512m \
    dynamic-max=1g static-max=2g
refuses vm-memory-set vm=web memory=512m
refuses vm-param-set "uuid=$web_uuid" memory-static-max=512m
refuses vm-forget vm=web
ask 1 vm-memory-set vm=web memory=512m --json
says out '"error": "VM_BAD_POWER_STATE"'

# All but the static-max.
ask 0 vm-memory-static-range-set vm=web min=64m max=1g
silent
are web 64 256 1024 1024
ask 0 vm-memory-limits-set vm=web static-min=128m dynamic-min=384m \
    dynamic-max=768m static-max=1024m
are web 128 384 768 1024
ask 0 vm-memory-target-wait vm=web
vm_is web memory-actual 805306368 || fail 'web does not follow'
ask 0 vm-memory-set vm=web memory=1g
are web 128 1024 1024 1024
ask 0 vm-param-set "uuid=$web_uuid" memory-dynamic-min=256m
are web 128 256 1024 1024
ask 0 vm-param-set "uuid=$web_uuid" memory-dynamic-min=300m \
    memory-dynamic-max=600m memory-static-min=200m
silent
are web 200 300 600 1024

# A chain that would break: the numbers, and nothing has changed.
broken() { # VERB ARG...
    ask 1 "$@"
    says err 'The dynamic memory range violates constraint static_min <='
    are web 200 300 600 1024
}
broken vm-memory-static-range-set vm=web min=400m max=1g
says err 'static-min: 400 MiB'
says err 'dynamic-min: 300 MiB'
broken vm-memory-limits-set vm=web static-min=1 dynamic-min=2g \
    dynamic-max=1g static-max=1g
says err 'dynamic-min: 2048 MiB'
broken vm-param-set "uuid=$web_uuid" memory-dynamic-max=700m \
    memory-dynamic-min=750m
ask 1 vm-param-set "uuid=$web_uuid" memory-dynamic-max=700m memory-target=1
says err "Error: Field 'memory-target' is read-only."
are web 200 300 600 1024
ask 1 vm-param-set "uuid=$web_uuid" memory-dynamic-max=x
says err "Failed to parse field 'memory-dynamic-max'"
ask 1 vm-param-set uuid=33333333-3333-4333-8333-333333333333 memory-dynamic-max=1
says err 'The uuid you supplied was invalid.'

# All or none: 512 MiB suits db, but is above web's dynamic-min.
ask 1 vm-memory-static-range-set is-control-domain=false min=512m max=2g \
    --multiple
says err 'actual: running'
ask 1 vm-memory-dynamic-range-set is-control-domain=false min=220m max=1g \
    --multiple
says err 'domid: 2'
are web 200 300 600 1024
are db 256 512 1856 2048
ask 0 vm-memory-dynamic-range-set is-control-domain=false min=256m max=1g \
    --multiple
are web 200 256 1024 1024
are db 256 256 1024 2048
