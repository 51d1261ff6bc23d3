#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Engines come, go and change while the daemon runs; each plans for its own
# domains; the last good one stays.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

plugin=$dir/old-options.so
cp "${abs_top_builddir:?}/tests/abi/.libs/old-options.so" "$plugin"
chmod 755 "$plugin"
min=$((512 * 1048576))
max=$((1856 * 1048576))

start
wait_for 'rest' at_rest
ask 0 engine-list --minimal
[ "$(cat "$dir/out")" = default ] || fail 'default is not the one engine'
ask 0 engine-list
grep -qE '^default +demand +[0-9.]+ +3 +0' "$dir/out" || fail 'no default'
says out 'memory goes where it is lacked, from where it is idle'

# A second one, for one domain.
ask 0 engine-load "engine=$plugin" name=low options=wish=min
says out 'Engine low is old.'
ask 0 vm-engine-set vm=db engine=low
wait_for 'plan of the new engine' vm_is db memory-target "$min"
vm_is web memory-target 1073741824 || fail 'it plans for others, too'
ask 0 vm-memory-explain vm=db
says out 'wish (old, engine low): 512 MiB'
ask 0 engine-list --json
says out '"wish": "min"'
says out "\"file\": \"$plugin\""

# Another option.
ask 0 engine-param-set engine=low param=wish value=max --minimal
[ "$(cat "$dir/out")" = low ] || fail 'minimal is not the name'
wait_for 'plan with the new option' vm_is db memory-target "$max"

# Refused: nothing changes.
unchanged() {
    ask 0 engine-list --json
    says out '"wish": "max"'
}
ask 1 engine-param-set engine=low param=wish value=most
says err "Refused: engine = $plugin: wish = most: there is only wish = min, max or none"
unchanged
ask 1 engine-param-set engine=low param=Wish value=min
says err 'expected small letters'
ask 1 engine-load engine=nonesuch name=low
says err 'Refused: engine = nonesuch: there is no engine called nonesuch'
unchanged
ask 1 engine-load engine=proportional name=low options=a=1
says err 'Refused: a = 1: engine proportional takes no options'
ask 1 engine-load engine=proportional options=a
says err "The options are KEY=VALUE,..., not 'a'"
ask 1 engine-load engine=old-options.so
says err "expected an engine's name or the absolute path of a plugin"
ask 1 engine-load "engine=$plugin" --json name=Low
says out '"error": "ENGINE_REFUSED"'
chmod 777 "$plugin"
ask 1 engine-load "engine=$plugin" name=low
says err "$plugin can be changed by others than root: it is not loaded"
chmod 755 "$plugin"
unchanged
ask 1 vm-engine-set vm=db engine=high
says err "There is no engine 'high'; there are: default, low"
ask 1 engine-unload engine=high --json
says out '"error": "NO_SUCH_ENGINE"'
ask 1 engine-unload engine=default
says err 'it can be replaced, but not be unloaded'

# One that fails costs nobody else anything.
ask 0 engine-param-set engine=low param=wish value=none
ask 0 event-wait since=0 kind=engine-failed
says out "engine low ($plugin) made no plan; the targets of its domains stay: its plan returned -1"
ask 0 vm-memory-dynamic-range-set vm=web min=256MiB max=512MiB
wait_for 'plan of the other engine' vm_is web memory-target "$min"
vm_is db memory-target "$max" || fail 'a failing engine moved its domain'

# Unloaded: its domain has the default one, and then the one of that name.
ask 0 vm-memory-dynamic-range-set vm=db min=512MiB max=1GiB
ask 0 engine-unload engine=low
wait_for 'plan of the default one' vm_is db memory-target 1073741824
has_logged 'engine low is unloaded; its domains have the default one' ||
    fail 'nobody says so'
ask 0 engine-load "engine=$plugin" name=low options=wish=min
wait_for 'plan of the one of that name' vm_is db memory-target "$min"
ask 0 vm-engine-set vm=db engine=default
wait_for 'plan of the default one' vm_is db memory-target 1073741824

# The default one can be replaced, until the configuration is read again.
ask 0 engine-load "engine=$plugin" name=default options=wish=min
wait_for 'plan of the new default' vm_is web memory-target $((256 * 1048576))
kill -HUP "$pid"
wait_for 'old default' has_logged 'engine default is demand'
wait_for 'plan of the old default' vm_is web memory-target "$min"
ask 0 event-list kind=engine-changed --minimal
[ "$(tr ',' '\n' <"$dir/out" | wc -l)" = 7 ] || fail 'not 7 changes'
