#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Memory that guests are about to take up, but do not hold yet, can be had: a
# reservation that comes in the middle of their growth is granted.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

# Guests that have a quarter of their maximum, and take seconds to get more.
sed -i 's/^speed = .*/speed = 1/; s/^balloon = yes/&\nrate = 100MiB/' \
    "$dir/host.scn"
sed -i -E 's/^(actual|target) = 1856MiB/\1 = 512MiB/' "$dir/host.scn"
sed -i -E '/^name = web/,$ s/^(actual|target) = 1GiB/\1 = 256MiB/' \
    "$dir/host.scn"
start
wait_for 'growth' vm_is db state moving
vm_is db memory-target 1946157056 || fail 'db is not told to grow'

ask 1 memory-reserve size=8GiB
says err 'available: 2132 MiB'
ask 0 memory-reserve size=2GiB
ask 0 memory-reservation-list params=state --minimal
[ "$(cat "$dir/out")" = granted ] || fail 'it is not granted'
