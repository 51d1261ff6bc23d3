#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# README.md's transcript is what balancerctl prints: the commands in it are
# typed again, at a daemon on a simulated host, and their output compared.
# With TRANSCRIPT_UPDATE=yes README.md is brought up to date instead.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

readme=$abs_top_srcdir/README.md
cp "$abs_top_srcdir/tests/doc/transcript-host.scn" "$dir/host.scn"

# Its lines begin with four blanks, those that are typed with "    $ ".
in_readme() {
    sed -n '/<!-- transcript -->/,/<!-- end of transcript -->/p' "$readme" |
        grep '^    ' || true
}

typed() {
    in_readme | sed -n 's/^    \$ //p'
}

balancerctl() {
    "$balancerctl" --socket="$socket" "$@"
}

# The next command finds a host at rest.
rests() {
    balancerctl balancer-status --json | grep -q '"is_at_rest": true'
}

transcribe() {
    local line status

    while read -r line; do
        echo "    \$ $line"
        status=0
        eval "$line" </dev/null >"$dir/said" 2>&1 || status=$?
        # How long ago something was is another number each time, and so is
        # in how many steps a target came to where it is.
        sed -e 's/ for: [0-9.]* s$/ for: 0.0 s/' \
            -e 's/event [0-9]* of [0-9-]* [0-9:]*: target [0-9]* -> /event 6 of 2026-01-31 12:00:00: target 4381512 -> /' \
            -e 's/^/    /' -e 's/ *$//' "$dir/said"
        [ $status -le 1 ] || echo "exit status $status"
        wait_for rest rests
    done
}

start
wait_for rest rests
[ "$(typed | wc -l)" -ge 5 ] || fail 'too few commands in README.md'
transcribe < <(typed) >"$dir/fresh"
if [ "${TRANSCRIPT_UPDATE-}" = yes ]; then
    awk -v fresh="$dir/fresh" '
        /<!-- end of transcript -->/ { inside = 0 }
        !inside
        /<!-- transcript -->/ {
            inside = 1
            print ""
            while ((getline line < fresh) > 0)
                print line
            print ""
        }' "$readme" >"$dir/readme"
    cp "$dir/readme" "$readme"
fi
diff <(in_readme) <(grep '^    ' "$dir/fresh") || fail 'README.md (<) is not what it prints (>)'
