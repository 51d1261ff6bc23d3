/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the fraction of their ranges that all guests can have. */
#include <config.h>

#include "util/units.h"
#include "xbp-util.h"

/* The lightest guest has all of its range at this fraction. */
#define FRACTION_MAX (XBP_WHOLE * XBP_WEIGHT_NEUTRAL)
/* Five of these strides are more than a whole fraction. */
#define STRIDE_FACTOR 256

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

static bool
shares_fit(const void *ctx, uint64_t fraction)
{
    const struct xbp_snapshot *s = ctx;
    uint64_t sum = 0;

    for (uint64_t i = 0; i < s->n_guests; i++) {
        sum = sat_add(sum, xbp_share_kib(s->guests[i], fraction));
        if (sum > s->budget_kib)
            return false;
    }
    return true;
}

uint64_t
xbp_fair_fraction(const struct xbp_snapshot *s, uint64_t guess)
{
    return xbp_highest(shares_fit, s, FRACTION_MAX, guess);
}

/* Every look goes through all guests: strides away from the guess, each so
 * many times the one before, find between what to bisect. */
uint64_t
xbp_highest(xbp_fits_fn *fits, const void *ctx, uint64_t most, uint64_t guess)
{
    uint64_t lo = 0, hi = sat_add(most, 1), stride = 1;

    guess = min_u64(guess, most);
    if (fits(ctx, guess)) {
        lo = guess;
        for (; hi - lo > stride && fits(ctx, lo + stride);
             stride = mul_div(stride, STRIDE_FACTOR, 1))
            lo += stride;
        hi = min_u64(hi, sat_add(lo, stride));
    } else {
        hi = guess;
        for (; hi - lo > stride && !fits(ctx, hi - stride);
             stride = mul_div(stride, STRIDE_FACTOR, 1))
            hi -= stride;
        lo = sat_sub(hi, stride);
    }
    while (hi - lo > 1) {
        uint64_t middle = lo + (hi - lo) / 2;

        if (fits(ctx, middle))
            lo = middle;
        else
            hi = middle;
    }
    return lo;
}
