#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What is wrong, word by word as xe says it, and the exit status.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

start
wait_for 'rest' at_rest
ask 0 host-list --minimal
host=$(cat "$dir/out")
nobody=33333333-3333-4333-8333-333333333333
before=$(targets)

# Expects the lines of standard input.
wrong() { # STATUS VERB ARG...
    ask "$@"
    diff - "$dir/err" || fail "balancerctl ${*:2}"
    [ ! -s "$dir/out" ] || fail 'an error is on standard output'
}

# The command line.
wrong 2 vm-memory-target-get <<'END'
Unknown command: vm-memory-target-get (did you mean vm-memory-target-set?)
For usage run: 'balancerctl help'
END
wrong 2 vm-memory-target-set vm=web <<'END'
Required parameter not found: target
For usage run: 'balancerctl help vm-memory-target-set'
END
wrong 2 vm-param-get "uuid=$web_uuid" <<'END'
Required parameter not found: param-name
For usage run: 'balancerctl help vm-param-get'
END
wrong 2 vm-memory-target-set vm=web target=1g colour=red <<'END'
Unknown field 'colour'
For usage run: 'balancerctl help vm-memory-target-set'
END
wrong 2 vm-param-get "uuid=$web_uuid" param-name=uuid colour=red <<'END'
Unknown parameter of vm-param-get: colour
For usage run: 'balancerctl help vm-param-get'
END
wrong 2 host-param-set "uuid=$host" colour=red <<'END'
Unknown field 'colour'
For usage run: 'balancerctl help host-param-set'
END

# Values.
for size in 1x -1 '' 1.5g; do
    wrong 1 vm-memory-target-set vm=web "target=$size" <<END
Error: Failed to parse field 'target': expecting an integer (possibly with suffix KiB, MiB, GiB, TiB), got '$size'
END
done
wrong 1 vm-list params=uuid,colour <<'END'
Error: Unknown field 'colour'
END

# No match, many matches.
wrong 1 vm-memory-target-set vm=nobody target=600m <<'END'
Error: No matching VMs found
END
wrong 1 vm-memory-target-set vm=nobody target=600m --multiple <<'END'
Error: No matching VMs found
END
wrong 1 vm-memory-target-set power-state=running target=600m <<'END'
Error: Multiple matches VMs found. --multiple required to complete the operation
END
wrong 1 vm-memory-explain power-state=running <<'END'
Error: Multiple matches VMs found. Operation can only be performed on one VM at a time
END

# Fields.
for uuid in "$nobody" web; do
    wrong 1 vm-param-list "uuid=$uuid" <<END
The uuid you supplied was invalid.
type: VM
uuid: $uuid
END
    wrong 1 host-param-get "uuid=$uuid" param-name=memory-total <<END
The uuid you supplied was invalid.
type: host
uuid: $uuid
END
done
for class in vm host; do
    uuid=$web_uuid
    [ $class = vm ] || uuid=$host
    wrong 1 $class-param-get "uuid=$uuid" param-name=colour <<'END'
Error code: Missing parameter
Error parameters: colour
END
done
wrong 1 vm-param-get "uuid=$web_uuid" param-name=memory param-key=colour <<'END'
Error: Key colour not found in map
END
wrong 1 host-param-set "uuid=$host" memory-total=1g <<'END'
Error: Field 'memory-total' is read-only.
END

# A broken chain.
wrong 1 vm-memory-dynamic-range-set vm=web min=600m max=500m <<'END'
The dynamic memory range violates constraint static_min <= dynamic_min <= dynamic_max <= static_max.
domid: 1
static-min: 128 MiB
dynamic-min: 600 MiB
dynamic-max: 500 MiB
static-max: 1024 MiB
END

# For all that, nothing has changed.
[ "$(targets)" = "$before" ] || fail 'a target has changed'

# Exit statuses: 1 and 2 are above; the others.
ask 0 help
ask 0 vm-list
ask 4 vm-start "config=$dir/none.cfg"
kill -KILL "$pid"
stopped 137
wrong 3 vm-list <<END
Cannot connect to $socket: Connection refused (is balancerd running?)
END
