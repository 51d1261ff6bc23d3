# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# An nbdkit with lendmem for a test, and what it is asked; sourced by tests.
set -euo pipefail

: "${abs_top_srcdir:?}" "${abs_top_builddir:?}"
dir=$(mktemp -d "${TMPDIR:-/tmp}/lendmem.XXXXXX")
plugin=$abs_top_builddir/remote-swap/.libs/nbdkit-lendmem-plugin.so
uri_end="?socket=$dir/nbd"
export dir plugin uri_end

fail() {
    echo "FAIL: $*" >&2
    [ ! -f "$dir/log" ] || tail -n 20 "$dir/log" >&2
    exit 1
}

clean_up() {
    [ ! -s "$dir/pid" ] || kill "$(cat "$dir/pid")" 2>/dev/null || true
    wait
    rm -rf "$dir"
}
trap clean_up EXIT

wait_for() { # COMMAND...
    local end=$((SECONDS + 20))

    until "$@"; do
        [ $SECONDS -lt $end ] || fail "not within 20 s: $*"
        sleep 0.02
    done
}

# lendmem on $dir/nbd; memory that is not locked needs no privilege.
lendmem_start() { # [PARAMETER...]
    nbdkit -f -P "$dir/pid" -U "$dir/nbd" "$plugin" memory=64M mlock=no \
        "control=$dir/control" "$@" >>"$dir/log" 2>&1 &
    wait_for test -s "$dir/pid"
    wait_for test -S "$dir/nbd"
}

lendmem_stop() {
    local pid

    pid=$(cat "$dir/pid")
    kill "$pid"
    wait "$pid" || fail "lendmem ended with $?"
    rm -f "$dir/pid" "$dir/nbd"
}

# The answer to one request.
ask() { # VERB [KEY=VALUE...]
    local verb=$1 params='' pair

    shift
    for pair in "$@"; do
        params+="${params:+,}\"${pair%%=*}\":\"${pair#*=}\""
    done
    echo "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"$verb\",\"params\":{$params}}" |
        perl "$abs_top_srcdir/tests/cli/talk" "$dir/control" 1
}

# A number of the answer, the first of that name.
number_of() { # NAME VERB [KEY=VALUE...]
    local name=$1 answer

    shift
    answer=$(ask "$@")
    [[ $answer =~ \"$name\":([0-9]+) ]] || fail "no $name in $answer"
    echo "${BASH_REMATCH[1]}"
}

# Makes a lease; prints its token.
lease() { # KEY=VALUE...
    local answer

    answer=$(ask lease-create "$@")
    [[ $answer =~ \"token\":\"([0-9a-f]{32})\" ]] || fail "no lease: $answer"
    echo "${BASH_REMATCH[1]}"
}

uri() { # TOKEN
    echo "nbd+unix:///$1$uri_end"
}

# Requests by qemu-io; what it says of reads that differ, and of errors, is a
# failure.
io() { # TOKEN COMMAND...
    local token=$1 commands=() command

    shift
    for command in "$@"; do
        commands+=(-c "$command")
    done
    qemu-io -f raw "${commands[@]}" "$(uri "$token")" >"$dir/io" 2>&1 || return 1
    ! grep -qE 'failed' "$dir/io"
}

conform() { # CASE TOKEN...
    local case=$1 uris=() token

    shift
    for token in "$@"; do
        uris+=("$(uri "$token")")
    done
    "$abs_top_builddir/tests/store/conform" "$case" "${uris[@]}" ||
        fail "conform $case"
}
