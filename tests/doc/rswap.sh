#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Every command, argument, error and member of the answer of rswap-attach is in
# rswap-attach(8), and the other way round.
# shellcheck source=tests/cli/daemon.bash
. "${abs_top_srcdir:?}/tests/cli/daemon.bash"

page=$abs_top_srcdir/man/rswap-attach.pod
source=$abs_top_srcdir/remote-swap

section() { # HEADING
    sed -n "/^=head1 $1/,/^=head1/{/^=head1 $1/d;p}" "$page"
}

# words: what is in quotes
words() {
    grep -oE '"[a-z_-]+"' | tr -d '"' | sort -u
}

# compare WHAT FEWEST: accepted (<) and documented (>)
compare() {
    [ "$(wc -l <"$dir/accepted")" -ge "$2" ] || fail "too few $1 are found"
    diff "$dir/accepted" "$dir/documented" || fail "$1 differ"
}

grep -oE '^ *\[RSWAP_[A-Z_]+\] = (\{|\{ )"[a-z-]+"' "$source/rswap-args.c" |
    words >"$dir/accepted"
section COMMANDS | sed -n 's/^=item B<\([a-z-]*\)>$/\1/p' | sort \
    >"$dir/documented"
compare commands 7
section SYNOPSIS | grep -oE 'B<rswap-attach [a-z-]+>' |
    sed 's/.* \(.*\)>/\1/' | sort >"$dir/documented"
compare 'commands of the synopsis' 7

sed -n '/^} arguments\[\]/,/^};/p' "$source/rswap-args.c" |
    grep -oE '\{ "[a-z-]+"' | words >"$dir/accepted"
section ARGUMENTS | grep -oE '^=item B<[a-z-]+=>' | sed 's/.*<\(.*\)=>/\1/' |
    sort >"$dir/documented"
compare arguments 10

grep '^#define RSWAP_[A-Z_]* *"' "$source/rswap-failure.h" | words \
    >"$dir/accepted"
section ANSWER | sed -n '/^A failure is/,$p' | grep '^=item' |
    grep -oE 'B<[a-z-]+>' | sed 's/B<\(.*\)>/\1/' | sort >"$dir/documented"
compare errors 17

# What the example has, and what the program adds.
grep -oE '(add|add_text|add_number)\([a-z]+, "[a-z_]+"|"device"' \
    "$source/rswap-report.c" | words >"$dir/accepted"
section ANSWER | grep '^    ' | grep -oE '"[a-z_]+":' | words \
    >"$dir/documented"
compare members 20
