#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# xbp.h needs nothing before it, in C of 1999 and later and in C++; engines in
# both languages that were built with it alone are loaded and obeyed.
# shellcheck source=tests/cli/daemon.bash
. "${abs_top_srcdir:?}/tests/cli/daemon.bash"

strict=(-Wall -Wextra -Wpedantic -Werror -I"$abs_top_srcdir/xenballoon-policy")
for std in c99 gnu11 gnu17; do
    "${CC:-cc}" "${strict[@]}" "-std=$std" -fsyntax-only -x c \
        "$abs_top_srcdir/xenballoon-policy/xbp.h"
done
for std in c++98 c++11 c++17 c++20; do
    # What C++ has had since 2011 only: long long, and macros without arguments.
    "${CXX:-c++}" "${strict[@]}" -Wno-long-long -Wno-variadic-macros \
        "-std=$std" -fsyntax-only -x c++ \
        "$abs_top_srcdir/xenballoon-policy/xbp.h"
done

# C fills the struct where it stands, C++ (98 and 11) when it is loaded.
cat >"$dir/least.c" <<'END'
#include "xbp.h"

static int
least_plan(void *ctx, const struct xbp_snapshot *s, uint64_t *target_kib)
{
    (void)ctx;
    for (uint64_t i = 0; i < s->n_guests; i++) {
        if (!XBP_GUEST_HAS(s->guests[i], swap_total_kib))
            return -1;
        target_kib[i] = s->guests[i]->dynamic_min_kib;
    }
    return 0;
}

#ifdef __cplusplus
static struct xbp_policy
least_make()
{
    struct xbp_policy p = xbp_policy();

    p.name = "least";
    p.plan = least_plan;
    return p;
}

static struct xbp_policy least = least_make();
#else
static struct xbp_policy least = { .name = "least", .plan = least_plan };
#endif

XBP_REGISTER_POLICY(least)
END
cp "$dir/least.c" "$dir/least.cc"
build=("${strict[@]}" -shared -fPIC '-Wl,-z,defs')
"${CC:-cc}" -std=gnu11 "${build[@]}" -o "$dir/c.so" "$dir/least.c"
"${CXX:-c++}" -std=c++11 "${build[@]}" -o "$dir/c++.so" "$dir/least.cc"
chmod 755 "$dir"/*.so

for language in c c++; do
    printf '[host]\noom-floor = no\n[policy]\nengine = %s\n' \
        "$dir/$language.so" >"$conf"
    start
    wait_for "balancing in $language" \
        has_logged 'dom 1: target 262144 -> 131072 KiB'
    kill -TERM "$pid"
    stopped 0
done
