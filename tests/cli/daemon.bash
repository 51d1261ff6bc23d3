# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# For the tests of the daemon: a directory of its own, a small simulated host,
# and conditions with a deadline.
set -euo pipefail

export LC_ALL=C
balancerd=${abs_top_builddir:?}/balancerd/balancerd
dir=$(mktemp -d)
conf=$dir/b.conf
socket=$dir/run/control.sock
log=$dir/log
pid=
trap cleanup EXIT

cleanup() {
    rm -rf "$dir"
    if [ -n "$pid" ] && ! is_gone "$pid"; then
        kill -KILL "$pid"
    fi
}

fail() { # TEXT
    echo "FAIL: $1" >&2
    for file in "$log" "$dir/out" "$dir/err"; do
        [ ! -e "$file" ] || sed "s|^|${file##*/}: |" "$file" >&2
    done
    exit 1
}

cat >"$dir/host.scn" <<'END'
# why: two guests on a host that has room for both
[host]
total = 4GiB
xen = 100MiB
[domain 0]
actual = 512MiB
target = 512MiB
[domain 1-2]
actual = 256MiB
target = 256MiB
dynamic-min = 128MiB
dynamic-max = 1GiB
static-max = 1GiB
balloon = yes
END
: >"$conf"

# Runs the daemon's program to its end: its output is in out and err.
run() { # STATUS ARG...
    local wanted=$1 status=0

    shift
    "$balancerd" "$@" >"$dir/out" 2>"$dir/err" || status=$?
    [ "$status" = "$wanted" ] || fail "balancerd $*: exit $status, not $wanted"
}

says() { # FILE TEXT
    grep -qF -- "$2" "$dir/$1" || fail "$1 does not say: $2"
}

wait_for() { # WHAT COMMAND...
    local what=$1 tries=500

    shift
    until "$@"; do
        [ $((tries -= 1)) -gt 0 ] || fail "no $what within 10 s"
        sleep 0.02
    done
}

has_logged() { # TEXT [TIMES]
    [ "$(grep -cF -- "$1" "$log")" -ge "${2:-1}" ]
}

is_gone() { # PID
    ! kill -0 "$1" 2>/dev/null
}

# Starts the daemon, with the options of args besides those it needs.
args=()
start() {
    : >"$log"
    "$balancerd" --host="sim:$dir/host.scn" --socket="$socket" -f "$conf" \
        "${args[@]}" >"$log" 2>&1 &
    pid=$!
    wait_for 'daemon that is ready' is_ready_or_gone
    has_logged 'is ready at' || fail 'the daemon did not start'
}

is_ready_or_gone() {
    has_logged 'is ready at' || is_gone "$pid"
}

# Waits for the daemon's end.
stopped() { # STATUS
    local status=0

    wait "$pid" || status=$?
    pid=
    [ "$status" = "$1" ] || fail "the daemon's exit status is $status, not $1"
}
