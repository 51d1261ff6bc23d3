#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Waiting until a domain is on its target: not before it has a new one, and not
# for ever.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

# Slow enough to be seen on the way: 512 MiB in about 2 s.
sed -i 's/^balloon = yes/&\nrate = 5MiB/' "$dir/host.scn"
start
wait_for 'rest' at_rest

# Whoever is there is not waited for.
ask 0 vm-memory-target-wait is-control-domain=false --multiple
silent

# The answer comes when the memory is where it should be.
ask 0 vm-memory-target-set vm=web target=512m
ask 0 vm-memory-target-wait vm=web
silent
vm_is web memory-target 536870912 || fail 'there is no new target'
actual=$(vm web memory-actual)
[ $((actual - 536870912)) -le 1048576 ] || fail "it still holds $actual"

# Not in time: xe's code, and how far it was.
ask 0 vm-memory-target-set vm=web target=900m
ask 1 vm-memory-target-wait vm=web timeout=100ms
[ "$(head -n 1 "$dir/err")" = 'Error code: VM_MEMORY_TARGET_WAIT_TIMEOUT' ] ||
    fail 'not the code of xe'
says err 'domid: 1'
says err 'memory-actual: '
ask 1 vm-memory-target-wait vm=web timeout=0 --json
says out '"error": "VM_MEMORY_TARGET_WAIT_TIMEOUT"'
ask 0 vm-memory-target-wait vm=web

# Not a time; and nobody to ask.
ask 1 vm-memory-target-wait vm=web timeout=soon
says err "Failed to parse field 'timeout': expecting a time"
kill -TERM "$pid"
stopped 0
ask 3 vm-memory-target-wait vm=web
