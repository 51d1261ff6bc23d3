#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Engines built against the first ABI load and are obeyed, be their struct
# shorter or longer than the daemon's; what cannot be loaded is refused in
# words.
# shellcheck source=tests/cli/daemon.bash
. "${abs_top_srcdir:?}/tests/cli/daemon.bash"

# Copies: who built them may be somebody else, and then they are refused.
modules=$dir/modules
mkdir "$modules"
cp "${abs_top_builddir:?}"/tests/abi/.libs/old*.so "$modules"
chmod 755 "$modules"/*.so

use_engine() { # NAME
    printf '[host]\noom-floor = no\n[policy]\nengine = %s\n' "$modules/$1.so" >"$conf"
}

obeys() { # NAME
    use_engine "$1"
    start
    wait_for "balancing by $1" has_logged 'dom 1: target 262144 -> 131072 KiB'
    wait_for "balancing by $1" has_logged 'dom 2: target 262144 -> 131072 KiB'
    kill -TERM "$pid"
    stopped 0
}

refuses() { # NAME TEXT
    use_engine "$1"
    run 1 --host="sim:$dir/host.scn" --socket="$socket" -f "$conf"
    says err "$2"
}

obeys old
obeys old-longer
obeys old-shorter
refuses old-future 'its ABI version is 2, this daemon knows 1'
refuses old-idle 'it has no plan function'
refuses old-absent 'old-absent.so: No such file or directory'
