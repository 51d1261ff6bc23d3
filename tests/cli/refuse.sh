#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# A reservation that cannot be is refused at once, with who could give what;
# nobody's target changes.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

start
wait_for 'rest' at_rest
before=$(targets)

ask 1 memory-reserve size=8GiB
says err 'Not enough server memory is available to perform this operation.'
says err 'needed: 8192 MiB'
# 20 free, 1024 - 256 of web, 1856 - 512 of db
says err 'available: 2132 MiB'
says err 'free-now: 20 MiB'
grep -qE '^ +0  Domain-0 +1024 +0  domain 0 is not managed$' "$dir/err" ||
    fail 'domain 0 is not on the list'
grep -qE '^ +1  web +1024 +768  its dynamic-min$' "$dir/err" ||
    fail 'web is not on the list'
grep -qE '^ +2  db +1856 +1344  its dynamic-min$' "$dir/err" ||
    fail 'db is not on the list'
ask 1 memory-reserve size=8GiB --json
says out '"error": "HOST_NOT_ENOUGH_FREE_MEMORY"'
says out '"needed_kib": 8388608'
says out '"give_kib": 786432'

# Feasible, but not without squeezing, which wait=0 forbids.
ask 1 memory-reserve size=1GiB wait=0
says err 'Not enough server memory is free now, and wait=0 forbids to free more.'
ask 0 memory-reserve size=16MiB wait=0

# Sizes that are none, and halves of a pair.
for words in size=0 size=lots 'min=2g max=1g' 'size=1g overhead=2g'; do
    # shellcheck disable=SC2086
    ask 1 memory-reserve $words
    [ -s "$dir/err" ] || fail "no reason for $words"
done
ask 1 memory-reserve
says err 'Required parameter not found: size (or both min and max)'
ask 1 memory-reserve min=1g
says err 'Required parameter not found: max'
ask 1 memory-reserve size=1m 'owner=a b'
says err 'Owner must be'
ask 1 memory-reserve size=1m uuid=mine
says err 'Uuid is not a uuid'
ask 1 memory-reserve size=1m ttl=8d
says err 'A time to live is 1 s to 7 days'
[ "$(targets)" = "$before" ] || fail 'a target has changed'
