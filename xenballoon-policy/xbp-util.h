/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arithmetic that engines share. */
#ifndef XBP_UTIL_H
#define XBP_UTIL_H

#include <stdbool.h>
#include <stdint.h>

#include "xbp.h"

/* A fraction in 1/2^32: 0 .. XBP_WHOLE. */
#define XBP_WHOLE          ((uint64_t)1 << 32)
#define XBP_WEIGHT_NEUTRAL 256u

/* What part of its dynamic range g has where a guest of neutral weight has
 * fraction: in proportion to its weight, at most XBP_WHOLE. */
uint64_t xbp_weighted(const struct xbp_guest *g, uint64_t fraction);
/* What that gives g, held in its bounds. */
uint64_t xbp_share_kib(const struct xbp_guest *g, uint64_t fraction);
/* The largest fraction by which all guests' shares fit the budget; 0 if not
 * even that does.  More than XBP_WHOLE if only guests of less than neutral
 * weight are left to have more.  guess, as for xbp_highest(): the last one. */
uint64_t xbp_fair_fraction(const struct xbp_snapshot *s, uint64_t guess);

/* Does everything fit at this level?  Then so it does at any lower one. */
typedef bool xbp_fits_fn(const void *ctx, uint64_t level);
/* The highest level of 0 .. most at which everything fits; 0 if there is none.
 * It is looked for around guess: two looks if that is it, a few more than by
 * bisecting if it is far from there. */
uint64_t
xbp_highest(xbp_fits_fn *fits, const void *ctx, uint64_t most, uint64_t guess);

#endif
