#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Engines that were loaded last, as what is set for domains does; one that
# cannot be loaded keeps its place; what cannot be kept is refused.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

plugin=$dir/old-options.so
cp "${abs_top_builddir:?}/tests/abi/.libs/old-options.so" "$plugin"
chmod 755 "$plugin"
settings=$dir/settings
printf '[domain]\nsettings = %s\n' "$settings" >"$conf"
least=$((512 * 1048576))
most=$((1856 * 1048576))

restart() {
    kill -KILL "$pid"
    wait "$pid" || true
    pid=
    start
}

engines_are() { # NAMES
    ask 0 engine-list --minimal
    [ "$(cat "$dir/out")" = "$1" ] || fail "the engines are not $1"
}

start
wait_for 'rest' at_rest
[ -z "$(ls -A "$settings")" ] || fail 'there is a file of nothing'
ask 0 engine-load "engine=$plugin" name=low options=wish=max
ask 0 engine-load engine=proportional name=even
ask 0 engine-param-set engine=low param=wish value=min
ask 0 vm-engine-set vm=db engine=low
wait_for 'plan of low' vm_is db memory-target "$least"

# It lasts, with its options and its domain; a reload is no restart.
restart
engines_are default,low,even
wait_for 'plan of low' vm_is db memory-target "$least"
ask 0 engine-list --json
says out '"wish": "min"'
ask 0 engine-unload engine=even
kill -HUP "$pid"
wait_for 'reload' has_logged 'the configuration is read again'
engines_are default,low

# The default one is that of the configuration.
ask 0 engine-load "engine=$plugin" name=default options=wish=min
restart
ask 0 engine-list
grep -qE '^default +demand ' "$dir/out" || fail 'another default'

# Missing: its place stays, its domain has the default one.
mv "$plugin" "$plugin.away"
restart
has_logged "engine low is set aside, and its domains have the default one: engine = $plugin: " ||
    fail 'nobody says that it is missing'
engines_are default,low
ask 0 engine-list
says out "low is set aside: engine = $plugin: $plugin: No such file or directory"
wait_for 'plan of the default one' vm_is db memory-target "$most"
ask 1 engine-param-set engine=low param=wish value=max
says err 'No such file or directory'
restart
engines_are default,low

# There again: a reload is enough.
mv "$plugin.away" "$plugin"
kill -HUP "$pid"
wait_for 'plan of low' vm_is db memory-target "$least"
ask 0 engine-list
! grep -qF 'is set aside' "$dir/out" || fail 'it is still set aside'

# What cannot be kept changes nothing.
mv "$settings" "$settings.away"
ask 1 engine-param-set engine=low param=wish value=max
says err "the engines cannot be kept in $settings: No such file or directory; nothing has changed"
ask 1 engine-load engine=proportional name=even
says err 'nothing has changed'
ask 1 engine-unload engine=low
says err 'nothing has changed'
engines_are default,low
vm_is db memory-target "$least" || fail 'the plan has changed'
mv "$settings.away" "$settings"

# Files that are not ours.
sed -i 's/"version":1/"version":2/' "$settings/engines"
cp "$settings/engines" "$dir/newer"
restart
has_logged "$settings/engines: it has version 2, and this balancerd knows version 1 only; it is left alone" ||
    fail 'nobody says that it is newer'
engines_are default
ask 1 engine-load engine=proportional name=even
says err 'was written by a newer balancerd'
cmp "$settings/engines" "$dir/newer"
printf '{"version":1,"engines":[{"inst' >"$settings/engines"
restart
has_logged 'it is set aside as engines.bad' || fail 'nobody says that it is damaged'
[ -e "$settings/engines.bad" ] || fail 'it is gone'
ask 0 engine-load engine=proportional name=even
restart
engines_are default,even
ask 0 engine-unload engine=even
[ ! -e "$settings/engines" ] || fail 'there is a file of nothing'
