/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks the chain of a domain's limits. */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>

#include "range.h"

struct link {
    const char *name;
    uint64_t kib;
};

bool
range_check(const struct range *r, char *error, size_t error_size)
{
    const struct link chain[] = {
        { "static-min", r->static_min_kib },
        { "dynamic-min", r->dynamic_min_kib },
        { "dynamic-max", r->dynamic_max_kib },
        { "static-max", r->static_max_kib },
    };

    for (size_t i = 0; i + 1 < sizeof(chain) / sizeof(chain[0]); i++) {
        if (chain[i].kib <= chain[i + 1].kib)
            continue;
        if (error)
            snprintf(error, error_size,
                     "%s %" PRIu64 " KiB is above %s %" PRIu64 " KiB",
                     chain[i].name, chain[i].kib, chain[i + 1].name,
                     chain[i + 1].kib);
        return false;
    }
    return true;
}

bool
range_is_fixed(const struct range *r)
{
    return r->dynamic_min_kib == r->dynamic_max_kib;
}
