#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Every option of balancerd --help is in balancerd(8), and the other way round.
# shellcheck source=tests/cli/daemon.bash
. "${abs_top_srcdir:?}/tests/cli/daemon.bash"

run 0 --help
grep -oE '^ +(-[a-z], )?--?[a-z-]+|^ +-[a-z]' "$dir/out" |
    grep -oE -- '--?[a-z-]+' | sort -u >"$dir/accepted"
[ "$(wc -l <"$dir/accepted")" -ge 9 ] || fail 'too few options are printed'
sed -n '/^=head1 OPTIONS/,/^=head1 SIGNALS/p' \
    "$abs_top_srcdir/man/balancerd.pod" | grep '^=item' |
    grep -oE -- '--?[a-z-]+' | sort -u >"$dir/documented"
diff "$dir/accepted" "$dir/documented" ||
    fail 'accepted (<) and documented (>) options differ'
