#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Which domains: xe's selectors, and xe's words if they name none or too many.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

start
wait_for 'rest' at_rest

named() { # EXPECTED SELECTOR...
    local expected=$1

    shift
    ask 0 vm-list params=name-label --minimal "$@"
    [ "$(cat "$dir/out")" = "$expected" ] ||
        fail "vm-list $*: $(cat "$dir/out"), not $expected"
}

named Domain-0,web,db
named web vm=web
named web "vm=$web_uuid"
named web "vm=${web_uuid^^}"
named db vm=2
named db "uuid=$db_uuid"
named web,db is-control-domain=false
named Domain-0 domid=0
named Domain-0,web,db power-state=running
named db memory-target=1856MiB
named db memory-actual=1946157056
named db state=ready memory-static-max=2GiB
named '' vm=web domid=2
named '' vm=nobody
named '' vm=
ask 1 vm-list memory-target=much
says err "Failed to parse field 'memory-target'"

# A verb that changes something wants to know exactly.
before=$(targets)
ask 1 vm-memory-target-set target=600m
says err 'Required parameter not found: vm (or another of <vm-selectors>)'
ask 1 vm-memory-target-set vm=nobody target=600m
says err 'No matching VMs found'
ask 1 vm-memory-target-set is-control-domain=false target=600m
says err 'Multiple matches VMs found. --multiple required to complete the operation'
ask 1 vm-memory-explain power-state=running
says err 'Multiple matches VMs found. Operation can only be performed on one VM at a time'

# All or none: 200 MiB would suit web, but is below db's static-min.
ask 1 vm-memory-target-set is-control-domain=false target=200m --multiple
says err 'domid: 2'
says err 'static-min: 256 MiB'
[ "$(targets)" = "$before" ] || fail 'a target has changed'
ask 0 vm-memory-target-set is-control-domain=false target=600m --multiple
wait_for 'memory of web' vm_is web memory-actual 629145600
wait_for 'memory of db' vm_is db memory-actual 629145600
