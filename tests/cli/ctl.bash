# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# For the tests of balancerctl: what an administrator types at a daemon on a
# simulated host.
# shellcheck source=tests/cli/daemon.bash
. "${abs_top_srcdir:?}/tests/cli/daemon.bash"

balancerctl=${abs_top_builddir:?}/balancerd/cli/balancerctl
web_uuid=11111111-1111-4111-8111-111111111111
db_uuid=22222222-2222-4222-8222-222222222222

# 4 GiB: 100 MiB Xen, 1 GiB dom0, 72 MiB reserve; 2900 MiB for web and db,
# whose maxima fit in just so. Their memory moves at once, so to say.
cat >"$dir/host.scn" <<END
# why: two guests that have all they may have
[host]
total = 4GiB
xen = 100MiB
speed = 50
spool = $dir/spool
[domain 0]
name = Domain-0
actual = 1GiB
target = 1GiB
[domain 1]
name = web
uuid = $web_uuid
actual = 1GiB
target = 1GiB
static-min = 128MiB
dynamic-min = 256MiB
dynamic-max = 1GiB
static-max = 1GiB
balloon = yes
[domain 2]
name = db
uuid = $db_uuid
actual = 1856MiB
target = 1856MiB
static-min = 256MiB
dynamic-min = 512MiB
dynamic-max = 1856MiB
static-max = 2GiB
balloon = yes
END
mkdir "$dir/spool"

# Runs balancerctl to its end: its output is in out and err.
ask() { # STATUS ARG...
    local wanted=$1 status=0

    shift
    "$balancerctl" --socket="$socket" "$@" >"$dir/out" 2>"$dir/err" ||
        status=$?
    [ "$status" = "$wanted" ] ||
        fail "balancerctl $*: exit $status, not $wanted"
}

# Prints a field of the domain.
vm() { # NAME FIELD
    "$balancerctl" --socket="$socket" vm-list --minimal "vm=$1" "params=$2"
}

vm_is() { # NAME FIELD VALUE
    [ "$(vm "$1" "$2")" = "$3" ]
}

# Both guests have come to rest.
at_rest() {
    vm_is web state ready && vm_is db state ready
}

# Free memory that nobody was promised, in bytes.
free_bytes() {
    "$balancerctl" --socket="$socket" host-memory-show --minimal
}

targets() {
    "$balancerctl" --socket="$socket" vm-list params=domid,memory-target
}

reservations() {
    "$balancerctl" --socket="$socket" memory-reservation-list --minimal \
        "$@"
}

has_reservation() { # STATE
    [ -n "$(reservations "state=$1")" ]
}

has_no_reservation() {
    [ -z "$(reservations)" ]
}

# So many clients wait for an answer.
n_waiting_is() { # NUMBER
    [ "$("$balancerctl" --socket="$socket" balancer-status --json |
        sed -n 's/.*"waiting": \([0-9]*\).*/\1/p')" = "$1" ]
}

silent() {
    [ ! -s "$dir/out" ] || fail 'it printed something'
    [ ! -s "$dir/err" ] || fail 'it complained'
}
