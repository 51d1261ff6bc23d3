#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The scenarios that engines are judged by: each can be played and is as it
# expects, some of them are held out, and judging is no matter of luck.
set -euo pipefail

engine=demand
judge=${abs_top_builddir:?}/tests/sim/judge
scenarios=("${abs_top_srcdir:?}"/tests/sim/engines/*.scn)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "judged: $*" >&2
    exit 1
}

"$judge" --engine=$engine --expect "${scenarios[@]}" | tee "$work/lines"
[ "$(grep -c ' broken=0$' "$work/lines")" = ${#scenarios[@]} ] ||
    fail "not every scenario was played, or a rule was broken"
[ ${#scenarios[@]} -ge 20 ] || fail "there are only ${#scenarios[@]} scenarios"
held_out=$(grep -c ' use=held-out ' "$work/lines")
[ "$held_out" -ge 8 ] || fail "only $held_out are held out"

"$judge" --engine=$engine "${scenarios[0]}" >"$work/again"
grep -Fx -- "$(cat "$work/again")" "$work/lines" >/dev/null ||
    fail "the second time it is another one: $(cat "$work/again")"

# Who knows loses less than who does nothing.
stall_of() {
    "$judge" --engine="$1" "${scenarios[0]}" |
        sed -n 's/.* stall_s=\([0-9]*\).*/\1/p'
}
[ "$(stall_of oracle)" -lt "$(stall_of static)" ] ||
    fail "the yardstick is of no use"

grep -v '^# use: ' "${scenarios[0]}" >"$work/useless.scn"
if "$judge" --engine=$engine "$work/useless.scn" 2>"$work/errors"; then
    fail "a scenario is judged that may be used for nothing"
fi
grep -F '"# use: ' "$work/errors" >/dev/null || fail "it does not say why"
if "$judge" --engine=none-such "${scenarios[0]}" >"$work/none" 2>&1; then
    fail "an engine that is not there is judged"
fi
! grep '^scenario=' "$work/none" || fail "it is given figures"
