#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The engine of xbp-policy(3) compiles, and the page names every member that an
# engine may fill or read.
set -euo pipefail

page=${abs_top_srcdir:?}/man/xbp-policy.pod
header=$abs_top_srcdir/xenballoon-policy/xbp.h
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

awk '/^=head1 EXAMPLE/ { on = 1 } /^=head1 FILES/ { on = 0 } on' "$page" |
    sed -n 's/^    //p' >"$dir/engine.c"
grep -q XBP_REGISTER_POLICY "$dir/engine.c" || { echo 'no example'; exit 1; }
"${CC:-cc}" -Wall -Wextra -Werror -shared -fPIC \
    -I"$abs_top_srcdir/xenballoon-policy" -o "$dir/engine.so" "$dir/engine.c"

# "    type name;" and "    type (*name)(...": what is not ours to fill has "_".
members=$(sed -nE -e 's/^    [a-z].*\(\*([a-z_]+)\)\(.*/\1/p' \
    -e 's/^    [a-z][^(]*[ *]([a-z][a-z_]*);.*/\1/p' "$header")
[ "$(wc -l <<<"$members")" -gt 20 ] || { echo "found only: $members"; exit 1; }
for member in $members; do
    grep -qw -- "$member" "$page" || { echo "not in the page: $member"; exit 1; }
done
