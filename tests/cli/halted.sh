#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# A domain that does not run, but for which something is set: it is shown, can
# be changed, finds its settings when it runs again, and can be forgotten.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

printf '[domain]\nsettings = %s\n' "$dir/settings" >"$conf"
# Its limits are only what is set.
sed -i '/^name = web/,/^balloon/ { /^dynamic-/d; /^static-min/d }' \
    "$dir/host.scn"
cp "$dir/host.scn" "$dir/both.scn"

restart() { # SCENARIO
    kill -TERM "$pid"
    stopped 0
    cp "$dir/$1.scn" "$dir/host.scn"
    start
}

start
ask 0 vm-memory-dynamic-range-set vm=web min=256m max=1g
ask 0 vm-list power-state=halted
[ ! -s "$dir/out" ] || fail 'something is halted'

# web ends.
sed '/^\[domain 1\]/,/^balloon/d' "$dir/both.scn" >"$dir/db.scn"
restart db
ask 0 vm-list vm=web
diff - "$dir/out" <<END || fail 'it is not shown as xe does'
uuid ( RO)                  : $web_uuid
            name-label ( RO): web
           power-state ( RO): halted
                 domid ( RO): -1
         memory-actual ( RO): 0
         memory-target ( RO): 0
     memory-static-max ( RW): <unknown>
    memory-dynamic-max ( RW): 1073741824
    memory-dynamic-min ( RW): 268435456
     memory-static-min ( RW): <unknown>
END
ask 0 vm-list --minimal params=name-label
[ "$(cat "$dir/out")" = Domain-0,db,web ] || fail 'it is not in the list'
for selector in power-state=halted domid=-1 "vm=$web_uuid" name-label=web; do
    ask 0 vm-list --minimal "$selector"
    [ "$(cat "$dir/out")" = "$web_uuid" ] || fail "$selector does not find it"
done
ask 0 vm-param-get "uuid=$web_uuid" param-name=memory-dynamic-max
ask 0 vm-list vm=-1
[ ! -s "$dir/out" ] || fail '-1 is no number of xl'

# What is about a domain that runs.
for verb in vm-memory-explain vm-memory-target-wait; do
    ask 1 $verb vm=web
    says err "vm: $web_uuid (web)"
    says err 'expected: running'
    says err 'actual: halted'
done
ask 1 vm-memory-pin vm=web
says err 'Required parameter not found: memory'

# Its limits.
ask 0 vm-memory-static-range-set vm=web min=128m max=2g
vm_is web memory-static-max 2147483648 || fail 'static-max is not set'
ask 1 vm-memory-dynamic-range-set vm=web min=1g max=3g
diff - "$dir/err" <<END || fail 'not the words of xe'
The dynamic memory range violates constraint static_min <= dynamic_min <= dynamic_max <= static_max.
uuid: $web_uuid
static-min: 128 MiB
dynamic-min: 1024 MiB
dynamic-max: 3072 MiB
static-max: 2048 MiB
END
ask 0 vm-memory-set vm=web memory=1536m
for field in dynamic-min dynamic-max static-max; do
    vm_is web memory-$field 1610612736 || fail "$field is not set"
done
vm_is web memory-static-min 134217728 || fail 'static-min has changed'
ask 0 vm-memory-limits-set vm=web static-min=64m dynamic-min=512m \
    dynamic-max=768m static-max=1g
ask 0 vm-param-set "uuid=$web_uuid" memory-dynamic-max=640m
ask 0 vm-memory-weight-set vm=web weight=512
vm_is web weight 512 || fail 'the weight is not set'

# All or none, also if the disk fails half-way: db, which runs, is changed
# first, and the file of web cannot be written.
file=$dir/settings/$web_uuid
mv "$file" "$dir/away"
mkdir "$file"
for wish in 'vm-memory-weight-set weight=1000' \
    'vm-memory-dynamic-range-set min=600m max=700m'; do
    # shellcheck disable=SC2086
    ask 1 $wish is-control-domain=false --multiple
    says err "Domain $web_uuid (web): the settings cannot be kept"
    vm_is web weight 512 || fail 'web has another weight'
    vm_is web memory-dynamic-max 671088640 || fail 'web has another range'
    vm_is db weight 256 || fail 'db has another weight'
    vm_is db memory-dynamic-max 1946157056 || fail 'db has another range'
    [ "$(ls "$dir/settings")" = "$web_uuid" ] || fail 'there is another file'
done
rmdir "$file"
mv "$dir/away" "$file"

# It runs again.
restart both
wait_for 'its range' vm_is web memory-dynamic-max 671088640
vm_is web memory-dynamic-min 536870912 || fail 'dynamic-min is not in force'
vm_is web memory-static-min 67108864 || fail 'static-min is not in force'
vm_is web weight 512 || fail 'the weight is not in force'
ask 1 vm-forget vm=web
says err 'expected: halted'
says err 'actual: running'

# And never again.
restart db
ask 1 vm-forget vm=nobody
says err 'No matching VMs found'
ask 0 vm-forget vm=web
silent
ask 0 vm-list vm=web
[ ! -s "$dir/out" ] || fail 'it is not forgotten'
[ -z "$(ls -A "$dir/settings")" ] || fail 'its file is still there'
