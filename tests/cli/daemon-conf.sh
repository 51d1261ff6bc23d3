#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# -n judges a configuration, -nv prints one that is the same.
# shellcheck source=tests/cli/daemon.bash
. "${abs_top_srcdir:?}/tests/cli/daemon.bash"

prints() { # TEXT
    grep -qxF -- "$1" "$dir/out" || fail "not printed: $1"
}

# Without a file: the defaults, and nothing but them on standard output.
run 0 -n -f "$conf"
says err 'configuration OK'
[ ! -s "$dir/out" ] || fail '-n alone prints something'
run 0 -nv -f "$conf"
says err 'configuration OK'
cp "$dir/out" "$dir/defaults"
prints 'host-reserve = 72MiB'
prints 'engine = demand'

# The shipped file is good, and what it shows in comments are the defaults.
shipped=$abs_top_srcdir/scripts/balancerd.conf
run 0 -n -f "$shipped"
sed 's/^#\([a-z-]* =\)/\1/' "$shipped" >"$dir/shown.conf"
grep -q '^host-reserve' "$dir/shown.conf" || fail 'nothing is shown'
run 0 -nv -f "$dir/shown.conf"
diff <(grep -Ev '^(socket|directory)' "$dir/defaults") <(grep -Ev '^(socket|directory)' "$dir/out") ||
    fail 'the shipped file does not show the defaults'

# What is printed parses again, and to the same.
cat >"$conf" <<'END'
[host]
host-reserve = 100000KiB
balance-interval = 2m
oom-floor = no
manage-domain-zero = yes
domain-zero-dynamic-max = 3 GiB
[control]
socket = /tmp/some.sock
group = some-group
[log]
level = warn
END
run 0 -nv -f "$conf"
prints 'balance-interval = 120s'
prints 'domain-zero-dynamic-max = 3GiB'
cp "$dir/out" "$dir/first"
"$balancerd" -nv -f /dev/stdin <"$dir/first" >"$dir/out" 2>"$dir/err" ||
    fail 'what was printed is refused'
says err 'configuration OK'
cmp "$dir/first" "$dir/out" || fail 'what was printed parses to something else'

# The directory's files have the last word, in order.
mkdir "$conf.d"
printf '[host]\nhost-reserve = 1MiB\n' >"$conf.d/10-a.conf"
printf '[host]\nhost-reserve = 2MiB\n' >"$conf.d/9-b.conf"
run 0 -nv -f "$conf"
prints 'host-reserve = 2MiB'
printf '[host]\nhost-reserve = 2QiB\n' >"$conf.d/99.conf"
run 1 -n -f "$conf"
says err "$conf.d/99.conf:2: host-reserve: expected a size"
rm -r "$conf.d"

# Values that do not fit together, and engines that are not there.
printf '[host]\ndomain-zero-dynamic-min = 2GiB\ndomain-zero-dynamic-max = 1GiB' \
    >"$conf"
run 1 -n -f "$conf"
says err 'domain-zero-dynamic-min (2GiB) is above domain-zero-dynamic-max (1GiB)'
printf '[policy]\nengine = no-such-engine\n' >"$conf"
run 1 -n -f "$conf"
says err '[policy] engine = no-such-engine: there is no engine'
printf '[policy]\nengine = %s/absent.so\n' "$dir" >"$conf"
run 1 -n -f "$conf"
says err "[policy] engine = $dir/absent.so: "
printf '[policy]\nengine = proportional\nno-such-option = 1\n' >"$conf"
run 1 -n -f "$conf"
says err '[policy] no-such-option = 1: '
