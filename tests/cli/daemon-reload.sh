#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# SIGHUP: a good configuration is taken over as a whole, a bad one not at all.
# shellcheck source=tests/cli/daemon.bash
. "${abs_top_srcdir:?}/tests/cli/daemon.bash"

start
wait_for 'first plan' has_logged 'dom 2: target'

# A larger reserve takes memory from the guests.
printf '[host]\nhost-reserve = 2GiB\n' >"$conf"
kill -HUP "$pid"
wait_for 'reload' has_logged 'the configuration is read again'
wait_for 'squeeze for the reserve' has_logged 'dom 2: target' 2

# Bad: the level that stands before the bad line must not be taken either.
printf '[log]\nlevel = error\n[host]\nhost-reserve = much\n' >"$conf"
kill -HUP "$pid"
wait_for 'refusal' has_logged "$conf:4: host-reserve: expected a size"
has_logged 'the last good configuration stays in force' ||
    fail 'it is not said what is in force'

# Bad as an engine, good as text.
printf '[policy]\nengine = no-such-engine\n' >"$conf"
kill -HUP "$pid"
wait_for 'refusal' has_logged '[policy] engine = no-such-engine: '
has_logged 'the last good configuration stays in force' 2 ||
    fail 'it is not said what is in force'

# Informative lines are still logged, so level = error is not in force; the
# reserve still is, so taking it away moves memory back.
: >"$conf"
kill -HUP "$pid"
wait_for 'reload' has_logged 'the configuration is read again' 2
wait_for 'growth' has_logged 'dom 2: target' 3

# What cannot change while it runs is said.
printf '[control]\ngroup = other\n[log]\nlevel = debug\n' >"$conf"
kill -HUP "$pid"
wait_for 'warning' has_logged '[control] takes effect at the next start'

# The command line has the last word after a reload, too.
kill -TERM "$pid"
stopped 0
: >"$conf"
args=(--log-level=info)
start
printf '[log]\nlevel = error\n' >"$conf"
kill -HUP "$pid"
wait_for 'reload' has_logged 'the configuration is read again'
kill -TERM "$pid"
stopped 0
has_logged 'stopping on signal 15' || fail '--log-level was forgotten'
