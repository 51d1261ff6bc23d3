#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Every option of balancer-agent --help is in balancer-agent(8), and every word
# of the sample that it prints, of offers and of answers, and the other way round.
# shellcheck source=tests/cli/daemon.bash
. "${abs_top_srcdir:?}/tests/cli/daemon.bash"

grep -q '^#define HAVE_XEN' "$abs_top_builddir/config.h" || exit 77
# shellcheck disable=SC2034 # run's program
balancerd=$abs_top_builddir/balancerd/guest/balancer-agent
page=$abs_top_srcdir/man/balancer-agent.pod

# compare WHAT FEWEST: accepted (<) and documented (>)
compare() {
    [ "$(wc -l <"$dir/accepted")" -ge "$2" ] || fail "too few $1 are found"
    diff "$dir/accepted" "$dir/documented" || fail "$1 differ"
}

run 0 --help
grep -oE '^ +(-[a-z0-9], )?--?[a-z-]+' "$dir/out" |
    grep -oE -- '--?[a-z0-9-]+' | sort -u >"$dir/accepted"
sed -n '/^=head1 OPTIONS/,/^=head1 XENSTORE/p' "$page" | grep '^=item' |
    grep -oE -- '--?[a-z0-9-]+' | sort -u >"$dir/documented"
compare options 8

sed -n 's/^ *{ "\([a-z-]*\)", offsetof.*/\1/p; s/^#define SWAP_KEY "\(.*\)"/\1/p' \
    "$abs_top_srcdir/balancerd/proto/sample.c" | sort >"$dir/accepted"
items() { # HEADING
    sed -n "/^=head1 $1/,/^=head1/{/^=head1 $1/d;p}" "$page" |
        grep '^=item B' | grep -oE 'B<[a-z-]+>' | sed 's/B<\(.*\)>/\1/'
}
items XENSTORE | sort >"$dir/documented"
compare words 17

grep -oE 'is_key\(word, n, "[a-z-]+"' "$abs_top_srcdir/balancerd/proto/offer.c" |
    grep -oE '"[a-z-]+"' | tr -d '"' | sort -u >"$dir/accepted"
items SWAP | sort -u >"$dir/documented"
compare 'words of offers' 12
