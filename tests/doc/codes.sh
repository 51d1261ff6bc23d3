#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Errors' numbers and names, and exit codes: those of balancerctl(8).
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

page=$abs_top_srcdir/man/balancerctl.pod
proto=$abs_top_srcdir/balancerd/proto

sed -n '/^=head1 ERRORS/,/^=head1 EXIT/p' "$page" | grep -v '^=' |
    grep -oE -- '-?[0-9]+ [A-Z_]{4,}' | sort >"$dir/page"
while read -r symbol number; do
    name=$(sed -n "s/.*{ $symbol, \"\([A-Z_]*\)\" }.*/\1/p" "$proto/request.c")
    [ -n "$name" ] || fail "$symbol has no name"
    echo "$number $name"
done < <(sed -n 's/^ *\(REQUEST_[A-Z_]*\) = \(-\?[0-9]*\),$/\1 \2/p' \
    "$proto/request-error.h") | sort >"$dir/code"
[ "$(wc -l <"$dir/code")" -ge 17 ] || fail 'too few codes'
diff "$dir/code" "$dir/page" || fail 'codes (<) and man page (>) differ'

sed -n 's/^ *CLI_[A-Z_]* = \([0-9]*\),.*/\1/p' \
    "$abs_top_srcdir/balancerd/cli/exit.h" >"$dir/code"
sed -n '/^=head1 EXIT/,/^=head1 ENV/p' "$page" |
    sed -n 's/^=item B<\([0-9]\)>$/\1/p' >"$dir/page"
diff "$dir/code" "$dir/page" || fail 'exit codes (<) and man page (>) differ'

# The options of the help are those of the man page.
ask 0 help
grep -oE -- '--[a-z]+' "$dir/out" | sort -u >"$dir/code"
sed -n '/^=head1 OPTIONS/,/^=head1 WORDS/p' "$page" | grep '^=item' |
    grep -oE -- '--[a-z]+' | grep -v -- --help | sort -u >"$dir/page"
diff "$dir/code" "$dir/page" || fail 'options (<) and man page (>) differ'
