#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What scripts/setup installs for a build is what the packages ask for before
# they are built: a machine that has everything would not miss it.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
fail() {
    echo "FAIL: $*"
    exit 1
}
: "${abs_top_srcdir:?}"

# In build-essential, or needed by debhelper itself.
always='autoconf automake gcc libc6-dev libtool make'
"$abs_top_srcdir/scripts/setup" --list build |
    grep -vxE "${always// /|}" | sort >"$dir/installed"
[ "$(wc -l <"$dir/installed")" -ge 10 ] || fail 'scripts/setup lists too few'
sed -n '/^Build-Depends:/,/^[A-Z]/p' "$abs_top_srcdir/debian/control" |
    sed -n 's/^ \([a-z0-9.+-]*\).*/\1/p' | grep -v '^debhelper' |
    sort >"$dir/control"
diff "$dir/installed" "$dir/control" ||
    fail 'scripts/setup (<) and debian/control (>) differ'

# Modules of pkg-config, under the names by which configure asks for them; two
# come with the packages of others.
sed -n 's/^ *PKG_CHECK_MODULES(\[[A-Z_]*\], \[\([^]]*\)\].*/\1/p' \
    "$abs_top_srcdir/configure.ac" | tr ' ' '\n' | grep '^[a-z]' |
    sed 's/^libevent_.*/libevent/' |
    grep -vxE 'xenstore|libnbd' | sort -u >"$dir/modules"
[ "$(wc -l <"$dir/modules")" -ge 9 ] || fail 'configure.ac asks for too few'
sed -n 's/^BuildRequires: *pkgconfig(\(.*\))$/\1/p' \
    "$abs_top_srcdir/scripts/xen-balancer.spec" | sort >"$dir/spec"
diff "$dir/modules" "$dir/spec" ||
    fail 'configure.ac (<) and scripts/xen-balancer.spec (>) differ'
