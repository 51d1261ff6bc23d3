#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The command line: what is wrong with it is said, with the nearest right one.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

# Help needs no daemon.
ask 0 help
says out 'Usage: balancerctl VERB [KEY=VALUE...]'
says out 'vm-memory-dynamic-range-set  Set the range'
[ "$(awk '{ if (length > n) n = length } END { print n }' "$dir/out")" -le 80 ] ||
    fail 'it does not fit into 80 columns'
grep -qx 'Domains:' "$dir/out" || fail 'verbs are not grouped'
cp "$dir/out" "$dir/help"
ask 0 --help
diff "$dir/help" "$dir/out" || fail '--help is not help'
ask 0 help vm-memory-target-set
says out 'Usage: balancerctl vm-memory-target-set <vm-selectors> target=SIZE'
says out 'target=SIZE      both its dynamic-min and its dynamic-max from now on'
says out '--multiple       change all domains that are selected'
says out 'SIZE             bytes, or with a binary suffix'
cp "$dir/out" "$dir/help"
ask 0 vm-memory-target-set --help
diff "$dir/help" "$dir/out" || fail '--help is not help'
ask 0 help memory-release --minimal
diff - "$dir/out" <<<'id=ID,key=KEY' || fail 'not the words of the verb'
ask 0 help --minimal
grep -qE '^host-memory-show,.*,vm-list,.*,balancer-status$' "$dir/out" ||
    fail 'not the verbs'

# An old name is accepted, and not shown.
ask 0 help vm-memory-balloon
diff "$dir/help" "$dir/out" || fail 'vm-memory-balloon is not vm-memory-target-set'
ask 0 --version
grep -qE '^balancerctl [0-9.]+$' "$dir/out" || fail 'no version'

# Neither do mistakes.
wrong() { # SENTENCE ARG...
    local sentence=$1

    shift
    ask 2 "$@"
    says err "$sentence"
    says err "For usage run: 'balancerctl help"
    [ ! -s "$dir/out" ] || fail 'an error is on standard output'
}
wrong 'Syntax error: no command'
wrong 'Unknown command: bogus' bogus
wrong 'Unknown command: vm-lists (did you mean vm-list?)' vm-lists
wrong 'Unknown command: bogus' help bogus
wrong 'Required parameter not found: target' vm-memory-target-set vm=web
says err "For usage run: 'balancerctl help vm-memory-target-set'"
wrong 'Required parameter not found: max' vm-memory-dynamic-range-set vm=1 min=1
wrong "Unknown field 'tarket' (did you mean target?)" \
    vm-memory-target-set vm=web tarket=1g
wrong 'Unknown parameter of host-memory-show: colour' host-memory-show colour=1
wrong "Syntax error: 'web' is not KEY=VALUE" vm-list web
wrong "Syntax error: '=web' is not KEY=VALUE" vm-list =web
wrong "Syntax error: 'vm' is there twice" vm-list vm=web vm=db
wrong "Syntax error: '--frobnicate' is not an option" vm-list --frobnicate
wrong "Syntax error: '--multiple' is not an option" vm-list --multiple
wrong 'excludes the other output format' vm-list --json --minimal
wrong "Unknown command: \\x1b[2J" $'\e[2J'

# Nobody there.
ask 3 vm-list
says err "Cannot connect to $socket: No such file or directory (is balancerd running?)"
start
kill -KILL "$pid"
stopped 137
ask 3 vm-list
says err "Cannot connect to $socket: Connection refused (is balancerd running?)"
