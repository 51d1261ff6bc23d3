/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the fraction of their ranges that all guests can have. */
#include <config.h>

#include "util/units.h"
#include "xbp-util.h"

/* The lightest guest has all of its range at this fraction. */
#define FRACTION_MAX (XBP_WHOLE * XBP_WEIGHT_NEUTRAL)

uint64_t
xbp_weighted(const struct xbp_guest *g, uint64_t fraction)
{
    return min_u64(mul_div(fraction, g->weight, XBP_WEIGHT_NEUTRAL), XBP_WHOLE);
}

uint64_t
xbp_share_kib(const struct xbp_guest *g, uint64_t fraction)
{
    uint64_t range_kib = sat_sub(g->dynamic_max_kib, g->dynamic_min_kib);
    uint64_t share_kib =
        sat_add(g->dynamic_min_kib,
                mul_div(range_kib, xbp_weighted(g, fraction), XBP_WHOLE));

    return clamp_u64(share_kib, g->lower_kib, g->upper_kib);
}

static int
fits(const struct xbp_snapshot *s, uint64_t fraction)
{
    uint64_t sum = 0;

    for (uint64_t i = 0; i < s->n_guests; i++) {
        sum = sat_add(sum, xbp_share_kib(s->guests[i], fraction));
        if (sum > s->budget_kib)
            return 0;
    }
    return 1;
}

uint64_t
xbp_fair_fraction(const struct xbp_snapshot *s)
{
    uint64_t lo = 0, hi = FRACTION_MAX;

    if (fits(s, FRACTION_MAX))
        return FRACTION_MAX;
    if (!fits(s, XBP_WHOLE))
        hi = XBP_WHOLE;
    while (hi - lo > 1) {
        uint64_t middle = lo + (hi - lo) / 2;

        if (fits(s, middle))
            lo = middle;
        else
            hi = middle;
    }
    return lo;
}
