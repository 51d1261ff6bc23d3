#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Engines that misbehave on purpose, at a daemon that has to balance: whatever
# they do, it goes on, no target moves where it should not, and it is said who
# it was.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

# Copies: who built them may be somebody else, and then they are refused.
bad=$dir/bad
mkdir "$bad"
cp "${abs_top_builddir:?}"/xenballoon-policy/testing/.libs/bad-*.so "$bad"
chmod 755 "$bad"/*.so

max=$((1856 * 1048576))
# As the kernel says it, or a sanitizer.
crashed='its process (was ended by signal [0-9]+ \([A-Za-z ]+\)|ended itself with status [0-9]+)'

# Half a second to load, and one and a quarter to return from a plan; for what
# is to be too slow.
hurry='engine-budget = 50ms'

# The configuration from now on.
reload() { # LINE...
    local times

    times=$(grep -cF 'the configuration is read again' "$log" || true)
    printf '%s\n' '[policy]' "$@" >"$conf"
    kill -HUP "$pid"
    wait_for 'reload' has_logged 'the configuration is read again' $((times + 1))
}

says_like() { # FILE REGEX
    grep -qE -- "$2" "$dir/$1" || fail "$1 does not say: $2"
}

# The daemon lives, has broken no rule, and its engines are these.
well() { # NAMES
    is_gone "$pid" && fail 'the daemon is gone'
    ask 0 engine-list --minimal
    [ "$(cat "$dir/out")" = "$1" ] || fail "the engines are not $1"
    ask 0 balancer-status --json
    says out '"guard_failures": 0'
    vm_is db memory-target "$max" || fail 'the target of db has changed'
}

# --- what never gets in force ---------------------------------------------

refuses() { # NAME REGEX [OPTIONS]
    ask 1 engine-load "engine=$bad/bad-$1.so" name=low ${3:+"options=$3"}
    says_like err "Refused: engine = $bad/bad-$1.so: .*$2"
}

start
wait_for 'rest' at_rest
refuses struct-nothing 'its ABI version is 0, this daemon knows 1'
refuses struct-version 'its ABI version is -1, this daemon knows 1'
refuses struct-small 'the size of its struct is [0-9]+, not one of [0-9]+ to 4096 bytes'
refuses struct-huge 'the size of its struct is 18446744073709551615, not one of'
refuses struct-nameless 'it has no name'
refuses struct-idle 'it has no plan function'
refuses struct-name "its name is not one to 63 small letters, digits and '-'"
refuses load-exit 'its process ended itself with status 3 while it was loaded'
refuses create-null 'its create failed'
refuses create-crash "$crashed in create"
refuses config "$crashed in config" config=crash
refuses config "$crashed in config" config=abort
refuses config 'engine bad-config refuses config = mute' config=mute
refuses config 'config = loud: x{200}' config=loud
refuses config "$crashed in config_complete" ready=crash
refuses plan "$crashed in plan" plan=crash
reload "$hurry"
refuses load-loop 'it did not come back within 500 ms while it was loaded'
refuses create-loop 'it did not come back within 500 ms in create'
refuses config 'it did not come back within 500 ms in config' config=loop
refuses config 'it did not come back within 500 ms in config_complete' ready=loop
refuses plan 'it was not back within 50 ms in plan' plan=loop
reload
well default

# --- what is found out later ----------------------------------------------

last_event() {
    ask 0 balancer-status --json
    sed -n 's/.*"last_event": \([0-9]*\).*/\1/p' "$dir/out"
}

# Puts it in charge of db, until it is told of what it does.
fails() { # NAME OPTIONS REGEX
    local last

    last=$(last_event)
    ask 0 engine-load "engine=$bad/bad-$1.so" name=low "options=$2"
    ask 0 event-wait "since=$last" kind=engine-failed timeout=10s
    says_like out "engine low \\($bad/bad-$1.so\\) $3"
    well default,low
}

explained_by() { # ENGINE
    ask 0 vm-memory-explain vm=db
    grep -qF "wish ($1, engine low)" "$dir/out"
}

no_plan='made no plan; the targets of its domains stay:'
aside='is set aside, and the default one is in its place:'

ask 0 engine-load "engine=$bad/bad-plan.so" name=low
ask 0 vm-engine-set vm=db engine=low
ask 0 vm-memory-explain vm=db
says_like out 'x{200}'
ask 0 engine-list
says out '1\x0a\x1b'
well default,low

fails plan plan=minus "$no_plan its plan returned -1"
fails plan plan=seven "$no_plan its plan returned 7"
for wish in nan negative least above most; do
    fails wishes wish=$wish "$no_plan it wished [0-9]+ KiB for (web|db), more than the host has"
done
fails plan plan=crash,after=1 "$aside $crashed in plan"
fails plan plan=exit,after=1 "$aside its process ended itself with status 3 in plan"
fails plan plan=beyond,after=1 "$aside $crashed in plan"
fails plan plan=close,after=1 "$aside its process (ended itself with status 0|was ended by signal 9 \\(Killed\\)) in plan"
reload "$hurry"
fails plan plan=loop,after=1 "$no_plan it was not back within 50 ms in plan"
wait_for 'end of the loop' has_logged 'it did not come back within 1250 ms in plan'
ask 0 engine-list
says out 'low is set aside: it did not come back within 1250 ms in plan'
reload
last=$(last_event)
ask 0 engine-load "engine=$bad/bad-plan.so" name=low options=explain=crash
wait_for 'plan of the engine' explained_by bad-plan
ask 0 event-wait "since=$last" kind=engine-failed timeout=10s
says_like out "$aside $crashed in explain"
well default,low

# What it changes of what it is shown is its own copy.
ask 0 engine-load "engine=$bad/bad-plan.so" name=low options=plan=scribble
ask 0 vm-memory-dynamic-range-set vm=web min=256MiB max=768MiB
wait_for 'plan for web' vm_is web memory-target $((768 * 1048576))
well default,low

# Nothing of what is asked for is no wish for nothing.
ask 0 engine-load "engine=$bad/bad-wishes.so" name=low options=wish=zero
wait_for 'least of db' vm_is db memory-target $((512 * 1048576))
ask 0 engine-load "engine=$bad/bad-wishes.so" name=low options=wish=first
vm_is db memory-target $((512 * 1048576)) || fail 'a wish that was not made'
# It lives on until it has tidied up, but not for ever.
ask 0 engine-load "engine=$bad/bad-config.so" name=low options=destroy=loop
ask 0 engine-unload engine=low
wait_for 'target of the default one' vm_is db memory-target "$max"
well default
kill -TERM "$pid"
stopped 0

# --- the daemon ends first ------------------------------------------------

start
ask 0 engine-load "engine=$bad/bad-plan.so" name=low options=plan=loop,after=1
child=$(pgrep -P "$pid") || true
[ -n "$child" ] || fail 'the plugin has no process'
ask 0 vm-engine-set vm=db engine=low
wait_for 'loop' has_logged 'it was not back within 200 ms'
kill -KILL "$pid"
wait "$pid" || true
wait_for 'end of its process' is_gone "$child"

# --- the default one ------------------------------------------------------

use() { # NAME OPTION...
    printf '[policy]\n%s\nengine = %s\n' "$hurry" "$bad/bad-$1.so" >"$conf"
    shift
    printf '%s\n' "$@" >>"$conf"
}

use config 'config = loop'
run 1 -n -f "$conf"
says err "[policy] engine = $bad/bad-config.so: config = loop: it did not come back"
run 1 --host="sim:$dir/host.scn" --socket="$socket" -f "$conf"
says err "[policy] engine = $bad/bad-config.so: config = loop: it did not come back"

use plan 'plan = crash'
start
wait_for 'end of the engine' has_logged "engine default ($bad/bad-plan.so) is set aside, and proportional is in its place"
ask 0 vm-memory-dynamic-range-set vm=web min=256MiB max=512MiB
wait_for 'plan of proportional' vm_is web memory-target $((512 * 1048576))
ask 0 engine-list
says_like out '^default +proportional '
says_like out "^default is set aside: $crashed in plan"

# Mended, and read again.
use plan 'plan = minus'
kill -HUP "$pid"
wait_for 'engine of the file' has_logged 'engine default is bad-plan'
ask 0 engine-list
says_like out '^default +bad-plan '
kill -TERM "$pid"
stopped 0
