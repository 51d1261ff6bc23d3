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

# With every domain: for spreadsheets, for programs, for eyes.
ask 0 host-memory-history format=csv interval=1s
head -n 1 "$dir/out" >"$dir/head"
diff - "$dir/head" <<'END' || fail 'not the heads of the columns'
time,total,free,reserved,dom0,domains,targets,number,squeezing,"Domain-0 target","Domain-0 actual","web target","web actual","db target","db actual"
END
grep -qE '^[0-9T:.+-]+,4294967296,20971520,75497472,1073741824,3019898880,3019898880,3,0,1073741824,1073741824,1073741824,1073741824,1946157056,1946157056$' \
    "$dir/out" || fail 'no row with domains'
ask 0 host-memory-history format=json since=10m
says out '"format": "json"'
says out '"name_label": "web"'
says out '"actuals_kib": ['
says out '"events": ['
perl -MJSON::PP -0777 -ne 'decode_json($_)' "$dir/out" || fail 'no JSON'
ask 0 vm-memory-dynamic-range-set vm=web min=256MiB max=512MiB
wait_for 'event' has_logged 'dynamic range is 262144..524288 KiB'
ask 0 host-memory-history format=svg
grep -q 'range-changed web: dynamic range is' "$dir/out" ||
    fail 'no mark of the event'
grep -q '^<text class="name".*>web (1)<' "$dir/out" || fail 'web is not in it'
if command -v rsvg-convert >/dev/null; then
    rsvg-convert -o "$dir/picture.png" "$dir/out" || fail 'no picture'
    [ "$(wc -c <"$dir/picture.png")" -gt 5000 ] || fail 'an empty picture'
fi

ask 1 host-memory-history interval=999ms
says err 'The interval is 1 s to 24 h, not 999ms'
ask 1 host-memory-history format=png
says err 'The format is svg, csv or json'
ask 1 host-memory-history interval=25h
says err 'The interval is 1 s to 24 h, not 25h'
ask 1 host-memory-history since=ever
says err "Failed to parse field 'since'"
