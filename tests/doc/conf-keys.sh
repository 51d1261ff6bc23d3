#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Every key that the daemon accepts is in balancerd.conf(5) and in the shipped
# file, under its section, and the other way round.
# shellcheck source=tests/cli/daemon.bash
. "${abs_top_srcdir:?}/tests/cli/daemon.bash"

run 0 -nv -f "$conf"
awk '/^\[/ { section = $1 } / = ?/ { print section, $1 }' "$dir/out" |
    sort >"$dir/accepted"
[ "$(wc -l <"$dir/accepted")" -ge 5 ] || fail 'too few keys are printed'

awk '/^=head1 SECTION / { section = $3 }
     /^=item B</ && section {
         if (match($0, /B<[a-z-]+> = /))
             print section, substr($0, RSTART + 2, RLENGTH - 6)
     }' "$abs_top_srcdir/man/balancerd.conf.pod" | sort >"$dir/documented"
diff "$dir/accepted" "$dir/documented" ||
    fail 'accepted (<) and documented (>) keys differ'

awk '/^\[/ { section = $1 } /^#[a-z-]+ =/ { print section, substr($1, 2) }' \
    "$abs_top_srcdir/scripts/balancerd.conf" | sort >"$dir/shipped"
diff "$dir/accepted" "$dir/shipped" ||
    fail 'accepted (<) and shipped (>) keys differ'
