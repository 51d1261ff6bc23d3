#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Every engine that is built in has its place in xbp-engines(7), with every
# option, its bounds and its default, and nothing else has.
set -euo pipefail

page=${abs_top_srcdir:?}/man/xbp-engines.pod
policy=$abs_top_srcdir/xenballoon-policy
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

fail() {
    echo "$1"
    exit 1
}

grep -o 'each([a-z_]*)' "$abs_top_srcdir/balancerd/policy-builtin.h" |
    sed 's/each(\(.*\))/\1/' | grep -v '^NAME' | sort >"$dir/engines"
[ "$(wc -l <"$dir/engines")" -ge 6 ] || fail 'too few engines are found'
awk '/^=head1/ { on = $2 == "ENGINES" } on && /^=head2/ { print $2 }' "$page" |
    sort >"$dir/described"
diff "$dir/engines" "$dir/described" ||
    fail 'engines that are built in (<) and described (>) differ'

# { "key", XBP_OPTION_KIND, offsetof(...), "least", "most", "standard" }
row='\{ "[a-z0-9-]+", XBP_OPTION_[A-Z]+, *offsetof\([^)]*\), *"[^"]*", *"[^"]*", *"[^"]*" \}'
options=0
while read -r engine; do
    { cat "$policy/$engine.c" "$policy/$engine"-*.c 2>/dev/null || true; } |
        tr -s '\n ' '  ' | { grep -oE "$row" || true; } |
        sed -E -e 's/offsetof\([^)]*\), *//' -e 's/XBP_OPTION_//' \
            -e 's/[{}",]//g' -e 's/^ +//' |
        awk '{ print $1, tolower($2), $3, "to", $4 "; default", $5 "." }' |
        sort >"$dir/taken"
    awk -v engine="$engine" '
        /^=head/ { on = $1 == "=head2" && $2 == engine; item = "" }
        on && /^=item B</ {
            match($0, /B<[a-z0-9-]+>/)
            item = substr($0, RSTART + 2, RLENGTH - 3)
            match($0, /I<[a-z]+>/)
            item = item " " substr($0, RSTART + 2, RLENGTH - 3)
            next
        }
        on && item != "" && match($0, /[0-9.]+[A-Za-z%]* to [^;]*; default [^ ]*\.( |$)/) {
            text = substr($0, RSTART, RLENGTH)
            sub(/ +$/, "", text)
            print item, text
            item = ""
        }' "$page" | sort >"$dir/documented"
    diff "$dir/taken" "$dir/documented" ||
        fail "options of $engine that it takes (<) and that are documented (>) differ"
    options=$((options + $(wc -l <"$dir/taken")))
done <"$dir/engines"
[ "$options" -ge 15 ] || fail "only $options options are found"
