#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Who may ask: root everything, the configured group what only reads, others
# nothing.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

if [ "$(id -u)" != 0 ] || ! command -v setpriv >/dev/null; then
    echo 'needs root and setpriv'
    exit 77
fi
chmod 755 "$dir"
nobody=65534
cp "$balancerctl" "$dir/balancerctl"

# Runs balancerctl as another user, of this group and these further ones.
ask_as() { # STATUS GID GROUPS ARG...
    local wanted=$1 gid=$2 groups=$3 status=0

    shift 3
    setpriv --reuid="$nobody" --regid="$gid" "$groups" \
        "$dir/balancerctl" --socket="$socket" "$@" \
        >"$dir/out" 2>"$dir/err" || status=$?
    [ "$status" = "$wanted" ] ||
        fail "as $gid $groups: balancerctl $*: exit $status, not $wanted"
}

start
[ "$(stat -c %a "$socket")" = 600 ] || fail 'the socket is open to others'
ask_as 3 "$nobody" --clear-groups vm-list
says err 'Permission denied (are you root?)'
kill -TERM "$pid"
stopped 0

group=$(getent group daemon | cut -d : -f 3)
[ -n "$group" ] || fail 'there is no group daemon to try with'
printf '[control]\ngroup = daemon\n' >"$conf"
start
[ "$(stat -c '%a %g' "$socket")" = "660 $group" ] ||
    fail 'the socket is not the group'\''s'
reading='balancer-status host-memory-show vm-list memory-reservation-list'
for verb in $reading; do
    ask_as 0 "$group" --clear-groups "$verb"
    ask_as 0 "$nobody" "--groups=$group" "$verb"
    ask_as 3 "$nobody" --clear-groups "$verb"
done
ask_as 0 "$group" --clear-groups vm-memory-explain vm=web
for words in 'memory-reserve size=1m' 'memory-release id=x' \
    'memory-reservation-extend id=x ttl=1m' host-memory-balance \
    'memory-reservation-transfer id=x domid=1' \
    'vm-memory-target-set vm=web target=512m' \
    'vm-memory-dynamic-range-set vm=web min=1 max=2'; do
    # shellcheck disable=SC2086
    ask_as 1 "$group" --clear-groups $words
    says err 'Only root may do that'
done
ask 0 memory-reserve size=1m
