#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The configuration in force is shown as a file that can be used again.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

printf '[host]\nhost-reserve = 80MiB\n[log]\nlevel = debug\n' >"$conf"
start
ask 0 balancer-config-show
head -n 1 "$dir/out" >"$dir/first"
grep -qxF "# $conf" "$dir/first" || fail 'it does not say where it came from'
says out 'host-reserve = 80MiB'
says out "socket = $socket"

# It reads as what it came from.
cp "$dir/out" "$dir/shown"
run 0 -nv -f "$dir/shown"
cp "$dir/out" "$dir/again"
run 0 -nv -f "$conf" "--socket=$socket"
diff "$dir/again" "$dir/out" || fail 'the file shown is another one'

ask 0 balancer-config-show --minimal
[ "$(cat "$dir/out")" = "$conf" ] || fail 'minimal is not the file'
ask 0 balancer-config-show --json
says out '"host-reserve": "80MiB"'
says out "\"file\": \"$conf\""

# What is in force, not what the file says meanwhile.
printf '[host]\nhost-reserve = much\n' >"$conf"
kill -HUP "$pid"
wait_for 'refusal' has_logged 'the last good configuration stays in force'
ask 0 balancer-config-show
cmp "$dir/shown" "$dir/out" || fail 'a bad file is shown'
printf '[host]\nhost-reserve = 1GiB\n' >"$conf"
kill -HUP "$pid"
wait_for 'reload' has_logged 'the configuration is read again'
ask 0 balancer-config-show
says out 'host-reserve = 1GiB'
