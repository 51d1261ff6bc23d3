/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who has the last word on the range of a domain that appears? */
#include <config.h>

#include <stdio.h>

#include "settings-adopt.h"
#include "util/units.h"

#define PER_CENT 100u

/* Is there a range for it, and which? */
static bool
kept_range(const struct settings *s, struct range *range)
{
    if (!s || s->limits.dynamic_min_kib == HOST_UNSET ||
        s->limits.dynamic_max_kib == HOST_UNSET)
        return false;
    range->dynamic_min_kib = s->limits.dynamic_min_kib;
    range->dynamic_max_kib = s->limits.dynamic_max_kib;
    return true;
}

static uint64_t
limit_kib(const struct default_limit *limit, uint64_t static_max_kib)
{
    if (limit->pct == 0)
        return limit->kib;
    if (static_max_kib == HOST_UNSET)
        return HOST_UNSET;
    return page_floor_kib(mul_div(static_max_kib, limit->pct, PER_CENT));
}

/* A default is for domains of all sizes: it never exceeds what one may have. */
static bool
default_range(const struct default_range *defaults, const struct host_domain *d,
              struct range *range)
{
    uint64_t min_kib = limit_kib(&defaults->min, d->static_max_kib);
    uint64_t max_kib = limit_kib(&defaults->max, d->static_max_kib);

    if (min_kib == HOST_UNSET || max_kib == HOST_UNSET)
        return false;
    range->dynamic_max_kib = min_u64(max_kib, d->static_max_kib);
    range->dynamic_min_kib =
        max_u64(min_u64(min_kib, range->dynamic_max_kib),
                min_u64(range->static_min_kib, range->dynamic_max_kib));
    return true;
}

static uint64_t
static_min_kib(const struct settings *s, const struct host_domain *d)
{
    if (d->static_min_kib != HOST_UNSET)
        return d->static_min_kib;
    if (s && s->limits.static_min_kib != HOST_UNSET)
        return s->limits.static_min_kib;
    return 0;
}

enum adoption
settings_adopt(const struct settings *s, const struct default_range *defaults,
               const struct host_domain *d, struct range *ret_range,
               char error[HOST_ERROR_SIZE])
{
    struct range range = {
        .static_min_kib = static_min_kib(s, d),
        .static_max_kib = d->static_max_kib,
    };
    char why[HOST_ERROR_SIZE - 64];

    if (d->domid == 0) /* its range is the configuration's (G10) */
        return ADOPTION_NONE;
    if (d->target_kib == HOST_UNSET)
        return ADOPTION_LATER;
    if (d->dynamic_min_kib != HOST_UNSET || d->dynamic_max_kib != HOST_UNSET)
        return ADOPTION_NONE;
    if (!kept_range(s, &range) && !default_range(defaults, d, &range))
        return ADOPTION_NONE;
    if (!range_check(&range, why, sizeof(why))) {
        snprintf(error, HOST_ERROR_SIZE, "its settings do not fit it: %s", why);
        return ADOPTION_REFUSED;
    }
    *ret_range = range;
    return ADOPTION_RANGE;
}
