#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Ranges and targets: memory follows; a chain that breaks changes nothing.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

start
wait_for 'rest' at_rest

# Less for web: at once, and db has nothing to gain.
ask 0 vm-memory-dynamic-range-set vm=web min=256MiB max=768MiB
silent
wait_for 'memory of web' vm_is web memory-actual 805306368
vm_is db memory-actual 1946157056 || fail 'db moved, too'

# Exactly that much.
ask 0 vm-memory-target-set "uuid=$web_uuid" target=512m
wait_for 'memory of web' vm_is web memory-actual 536870912
vm_is web memory-dynamic-min 536870912 || fail 'dynamic-min is not the target'
vm_is web memory-dynamic-max 536870912 || fail 'dynamic-max is not the target'
ask 0 host-memory-show
grep -qE '^ +1  web .* fixed$' "$dir/out" || fail 'the table does not say why'

# And more again, bytes without a suffix.
ask 0 vm-memory-dynamic-range-set name-label=web min=268435456 max=1073741824
wait_for 'memory of web' vm_is web memory-actual 1073741824

# A broken chain is refused with its numbers.
before=$(targets)
refused() { # MIN MAX
    ask 1 vm-memory-dynamic-range-set vm=web "min=$1" "max=$2"
    says err "The dynamic memory range violates constraint static_min <=\
 dynamic_min <= dynamic_max <= static_max."
    says err 'static-min: 128 MiB'
    says err 'static-max: 1024 MiB'
    vm_is web memory-dynamic-min 268435456 || fail 'dynamic-min has changed'
    vm_is web memory-dynamic-max 1073741824 || fail 'dynamic-max has changed'
}
refused 600m 500m
says err 'dynamic-min: 600 MiB'
says err 'dynamic-max: 500 MiB'
refused 64m 512m
refused 512m 2g
ask 1 vm-memory-target-set vm=web target=16TiB
[ "$(targets)" = "$before" ] || fail 'a target has changed'

# For scripts the same has a code.
ask 1 vm-memory-target-set vm=web target=16TiB --json
says out '"error": "MEMORY_CONSTRAINT_VIOLATION_ORDER"'
says out '"static_max_kib": 1048576'
[ ! -s "$dir/err" ] || fail 'with --json there is text, too'

# No number, no change.
for size in 1.5g -1 1gig '' 5x 99999999999999999999; do
    ask 1 vm-memory-target-set vm=web "target=$size"
    says err "Failed to parse field 'target': expecting an integer (possibly\
 with suffix KiB, MiB, GiB, TiB), got '$size'"
done
[ "$(targets)" = "$before" ] || fail 'a target has changed'

# Small changes are made when asked for.
ask 0 host-memory-balance
silent
