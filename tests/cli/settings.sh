#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What is set for a domain lasts; what cannot be kept is refused and changes
# nothing; domains that nobody configured are given the default range.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

settings=$dir/settings
cat >>"$dir/host.scn" <<END
[domain 3]
name = plain
actual = 256MiB
target = 256MiB
static-max = 512MiB
maxmem = 513MiB
balloon = yes
END
sed -i 's/total = 4GiB/total = 5GiB/' "$dir/host.scn"
printf '[domain]\nsettings = %s\n' "$settings" >"$conf"

restart() {
    kill -KILL "$pid"
    wait "$pid" || true
    pid=
    start
}

# Hands off where nobody set anything.
start
wait_for 'rest' at_rest
vm_is plain memory-dynamic-min '<unknown>' || fail 'plain has a range'
[ -z "$(ls -A "$settings")" ] || fail 'there are settings of nobody'

# A range lasts; the simulated host forgets it, the daemon does not.
ask 0 vm-memory-dynamic-range-set vm=plain min=128MiB max=384MiB
wait_for 'memory of plain' vm_is plain memory-actual 402653184
[ "$(find "$settings" -type f | wc -l)" = 1 ] || fail 'the settings are not kept'
restart
wait_for 'memory of plain' vm_is plain memory-actual 402653184
vm_is plain memory-dynamic-min 134217728 || fail 'dynamic-min is forgotten'
has_logged "dom 3: dynamic range is 131072..393216 KiB, its settings'" ||
    fail 'it is not said where the range comes from'

# A directory that takes nothing: refused, and nothing has changed.
before=$(cat "$settings"/*)
mv "$settings" "$settings.away"
: >"$settings"
ask 1 vm-memory-dynamic-range-set vm=plain min=128MiB max=256MiB
says err "the settings cannot be kept in $settings: Not a directory; nothing\
 has changed"
vm_is plain memory-dynamic-max 402653184 || fail 'dynamic-max has changed'
rm "$settings"
mv "$settings.away" "$settings"
[ "$(cat "$settings"/*)" = "$before" ] || fail 'the file has changed'

# A file of a newer version is left alone, with its domain.
file=$(ls "$settings"/*)
printf 'version = 2\nmagic = 1\n' >"$file"
restart
says log "$file: it has version 2, and this balancerd knows version 1 only; it\
 is left alone"
ask 1 vm-memory-dynamic-range-set vm=plain min=128MiB max=256MiB
says err 'were written by a newer balancerd; this one leaves them alone'
[ "$(head -n 1 "$file")" = 'version = 2' ] || fail 'the file has changed'

# A torn file is set aside; the domain can be set anew.
printf 'version = 1\nuu' >"$file"
restart
says log "$file: it is cut short or damaged; it is set aside as"
[ -f "$file.bad" ] || fail 'it is not set aside'
vm_is plain memory-dynamic-min '<unknown>' || fail 'half a file is in force'

# The default range, for those that have none; also at a reload.
printf 'default-dynamic-min = 50%%\n' >>"$conf"
kill -HUP "$pid"
wait_for 'the default' vm_is plain memory-dynamic-min 268435456
vm_is plain memory-dynamic-max 536870912 || fail 'the default is not static-max'
vm_is web memory-dynamic-min 268435456 || fail 'web lost its own range'
says log 'dom 3: dynamic range is 262144..524288 KiB, the default'
printf 'default-dynamic-min = 90%%\ndefault-dynamic-max = 80%%\n' >>"$conf"
run 1 -n -f "$conf"
says err 'default-dynamic-min (90%) is above default-dynamic-max (80%)'
