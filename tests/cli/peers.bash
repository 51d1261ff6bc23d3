# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# For tests of two daemons that know each other: "near", whom balancerctl asks,
# and "far", on an address of this machine that is nobody else's.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

export secret=correct-horse-battery
far=127.$((RANDOM % 250 + 2)).$((RANDOM % 250 + 2)).1
near=127.$((RANDOM % 250 + 2)).$((RANDOM % 250 + 2)).2
far_conf=$dir/far.conf
far_dir=$dir/far
far_pid=
lendmem_pid=
export mib=1048576
trap far_cleanup EXIT

far_cleanup() {
    [ -z "$lendmem_pid" ] || kill -KILL "$lendmem_pid" 2>/dev/null || true
    [ -z "$far_pid" ] || kill -KILL "$far_pid" 2>/dev/null || true
    cleanup
}

mkdir "$far_dir" "$dir/near"
cat >>"$conf" <<END
[domain]
settings = $dir/near
[peers]
name = near
listen = $near
END
cat >"$far_conf" <<END
[domain]
settings = $far_dir
[peers]
name = far
listen = $far
[lend]
socket = $far_dir/lendmem.sock
END

# It has memory to spare, and its domain 0 can grow by 512 MiB.
sed -e 's/^total = 4GiB/total = 5GiB/' -e 's/^name = Domain-0/&\
static-max = 1536MiB\
balloon = yes/' "$dir/host.scn" >"$dir/far.scn"

far_start() {
    : >"$far_dir/log"
    "$balancerd" --host="sim:$dir/far.scn" --socket="$far_dir/sock" \
        -f "$far_conf" -v >"$far_dir/log" 2>&1 &
    far_pid=$!
    wait_for 'the other daemon' grep -q 'is ready at' "$far_dir/log"
}

# The far host's lendmem; a build without it skips the test.
lendmem_start() { # MIB
    local plugin=${abs_top_builddir:?}/remote-swap/.libs/nbdkit-lendmem-plugin.so

    if [ ! -e "$plugin" ]; then
        echo 'SKIP: lendmem is not built'
        exit 77
    fi
    nbdkit -f -i "$far" -p 10809 "$plugin" "memory=${1}M" mlock=no \
        "control=$far_dir/lendmem.sock" >"$far_dir/lendmem.log" 2>&1 &
    lendmem_pid=$!
    wait_for lendmem test -S "$far_dir/lendmem.sock"
}

lendmem_kill() {
    kill -KILL "$lendmem_pid"
    wait "$lendmem_pid" || true
    lendmem_pid=
}

# What far has lent.
far_lend() { # FIELD
    "$balancerctl" --socket="$far_dir/sock" lease-list --minimal "params=$1"
}

far_lend_is() { # FIELD VALUE
    [ "$(far_lend "$1")" = "$2" ]
}

far_ask() { # STATUS ARG...
    socket=$far_dir/sock ask "$@"
}

far_kill() {
    kill -KILL "$far_pid"
    wait "$far_pid" || true
    far_pid=
}

far_stop() {
    kill "$far_pid"
    wait "$far_pid" || fail "the other daemon's exit status is $?"
    far_pid=
}

far_logged() { # TEXT
    grep -qF -- "$1" "$far_dir/log"
}

# What near says of far.
peer() { # FIELD
    "$balancerctl" --socket="$socket" peer-list --minimal peer=far "params=$1"
}

peer_is() { # FIELD VALUE
    [ "$(peer "$1")" = "$2" ]
}
