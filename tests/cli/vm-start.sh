#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# vm-start: others make room, the domain starts; or it does not, and everything
# is as it was.  xl is a script that has the simulated host create domains.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

mkdir "$dir/bin"
export SPOOL=$dir/spool XL_LOG=$dir/xl.log
export BALANCERCTL_XL_NEED=$dir/bin/xl-need
PATH=$dir/bin:$PATH
cat >"$dir/bin/xl-need" <<'END'
#!/bin/bash
[ -e "$1" ] || { echo "xl-need: $1: No such file" >&2; exit 1; }
cat "$1"
END
# xl_mood: "" works; "broken" fails; "hanging" builds and never ends
cat >"$dir/bin/xl" <<'END'
#!/bin/bash
set -eu
echo "$*" >>"$XL_LOG"
case $1 in
create)
    [ "${xl_mood-}" != broken ] || { echo 'xl: no kernel' >&2; exit 1; }
    name=$(sed 's/.*"name":"\([^"]*\)".*/\1/' "$2")
    memory=$(sed 's/.*"memory_kib":\([0-9]*\).*/\1/' "$2")
    eval "$3"
    cat >"$SPOOL/$name.new" <<DOM
[domain]
uuid = $uuid
memory = ${memory}KiB
static-max = 1GiB
balloon = yes
DOM
    mv "$SPOOL/$name.new" "$SPOOL/$name.dom"
    until [ -e "$SPOOL/$name.domid" ]; do
        [ ! -e "$SPOOL/$name.failed" ] || { cat "$SPOOL/$name.failed" >&2; exit 1; }
        sleep 0.02
    done
    [ "${xl_mood-}" != hanging ] || exec sleep 1000
    ;;
destroy)
    rm "$(grep -lx "$2" "$SPOOL"/*.domid | sed 's/domid$/dom/')"
    ;;
esac
END
chmod +x "$dir/bin/xl" "$dir/bin/xl-need"

config() { # NAME MEMORY_MIB [UUID]
    printf '{"name":"%s","uuid":%s,"type":"pv","vcpus":1,"memory_kib":%d,"maxmem_kib":%d,"need_kib":%d,"overhead_kib":4096}\n' \
        "$1" "${3-null}" $(($2 * 1024)) 1048576 $(($2 * 1024 + 4096)) \
        >"$dir/$1.cfg"
    echo "config=$dir/$1.cfg"
}

there_is() { # NAME
    [ -n "$("$balancerctl" --socket="$socket" vm-list "name-label=$1" --minimal)" ]
}

unchanged() {
    [ "$(targets)" = "$before" ] && has_no_reservation
}

start
wait_for 'rest' at_rest
before=$(targets)

# Too large: refused at once, in detail, and xl is never asked.
ask 1 vm-start "$(config huge 8192)"
says err 'Not enough server memory is available'
says err 'its dynamic-min'
[ ! -e "$XL_LOG" ] || fail 'xl was run'
unchanged || fail 'something has changed'

# Mistakes, before anybody is squeezed.
ask 4 vm-start config="$dir/none.cfg"
says err "xl-need: $dir/none.cfg: No such file"
ask 4 vm-start "$(config mail 512)" dynamic-min=1g dynamic-max=512m
says err 'The range must be dynamic-min <= dynamic-max <= maxmem'
ask 4 vm-start "$(config mail 512)" dynamic-max=much
says err "Failed to parse field 'dynamic-max'"
ask 4 vm-start "$(config web 512)"
says err 'domain 1 already has that name-label'
ask 4 vm-start "$(config mail 512 "\"$db_uuid\"")"
says err 'domain 2 already has that uuid'
BALANCERCTL_XL_NEED=$dir/none ask 4 vm-start "$(config mail 512)"
says err "Cannot run $dir/none: No such file or directory"
[ ! -e "$XL_LOG" ] || fail 'xl was run'
unchanged || fail 'something has changed'

# xl fails: the memory is given back.
xl_mood=broken ask 4 vm-start "$(config mail 512)"
says err 'xl: no kernel'
says err 'xl create failed; the reserved memory is given back'
wait_for 'return to what was' unchanged

# Interrupted: no half of a domain is left.
xl_mood=hanging "$balancerctl" --socket="$socket" vm-start \
    "$(config mail 512)" ttl=1s >"$dir/out" 2>"$dir/err" &
client=$!
wait_for 'half of a domain' there_is mail
kill -TERM "$client"
status=0
wait "$client" || status=$?
[ "$status" = 143 ] || fail "exit $status, not 143"
says err 'Removing the unfinished domain'
if there_is mail; then
    fail 'half of the domain is left'
fi
wait_for 'return to what was' unchanged

# While xl takes its time, the reservation does not expire.
xl_mood=hanging "$balancerctl" --socket="$socket" vm-start \
    "$(config slow 256)" ttl=1s >"$dir/out" 2>"$dir/err" &
client=$!
wait_for 'half of a domain' there_is slow
end=$((SECONDS + 3))
while [ "$SECONDS" -lt "$end" ]; do
    has_reservation granted || fail 'the reservation has expired'
    sleep 0.1
done
kill -INT "$client" "$(pgrep -P "$client")"
wait "$client" && fail 'it was not interrupted'
wait_for 'return to what was' unchanged

# And so it should be.
ask 0 vm-start "$(config mail 512)" dynamic-min=256MiB dynamic-max=768MiB
grep -qE '^Domain [0-9]+ \(mail\) is started; it needed 523 MiB\.$' "$dir/out" ||
    fail 'it does not say what it did'
vm_is mail memory-dynamic-min 268435456 || fail 'no dynamic-min'
vm_is mail memory-dynamic-max 805306368 || fail 'no dynamic-max'
has_no_reservation || fail 'the reservation is left'
grep -q 'uuid="[0-9a-f-]*"' "$XL_LOG" || fail 'xl was not given a uuid'

# For scripts: the domid; and no daemon, no domain.
ask 0 vm-start "$(config cache 128)" --minimal
[ "$(cat "$dir/out")" = "$(vm cache domid)" ] || fail 'minimal is not the domid'
kill -TERM "$pid"
stopped 0
ask 3 vm-start "$(config late 128)"
says err "Cannot connect to $socket"
