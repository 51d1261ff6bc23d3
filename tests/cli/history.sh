#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The host's memory over time: a table, lines for scripts, and JSON.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

start
wait_for 'rest' at_rest

ask 0 host-memory-history
grep -qE '^time +total +free +reserved +dom0 +hold +targets +number  squeezing$' \
    "$dir/out" || fail 'no heads'
grep -qE '^[0-9-]{10} [0-9:]{8} +4096 +20 +72 +1024 +2880 +2880 +3$' "$dir/out" ||
    fail 'no sample'
if grep -q ' $' "$dir/out"; then
    fail 'there are blanks at the end of a line'
fi

ask 0 host-memory-history since=5m interval=10s --minimal
grep -qE '^[0-9T:.+-]+,4294967296,20971520,75497472,1073741824,3019898880,3019898880,3,0$' \
    "$dir/out" || fail 'no line of values'
ask 0 host-memory-history --json
says out '"total_kib": 4194304'
says out '"domains": 3'
says out '"is_squeezing": false'

ask 1 host-memory-history interval=999ms
says err 'The interval is 1 s to 24 h, not 999ms'
ask 1 host-memory-history interval=25h
says err 'The interval is 1 s to 24 h, not 25h'
ask 1 host-memory-history since=ever
says err "Failed to parse field 'since'"
