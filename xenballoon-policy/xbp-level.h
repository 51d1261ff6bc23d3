/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Amounts that engines read from a snapshot, and how a plan is made to fit. */
#ifndef XBP_LEVEL_H
#define XBP_LEVEL_H

#include <stdbool.h>
#include <stdint.h>

#include "xbp.h"

/* An agent reports every ten seconds when nothing happens; three of those may
 * be late.  What it said before is no news. */
#define XBP_STALE_MS 30000u

bool xbp_is_reservation(const struct xbp_guest *g);
/* Did its agent report, and not too long ago? */
bool xbp_has_sample(const struct xbp_guest *g);

/* kib, held in the guest's bounds. */
uint64_t xbp_bound_kib(const struct xbp_guest *g, uint64_t kib);
/* Its target, or what it holds as long as that is not about the same. */
uint64_t xbp_current_kib(const struct xbp_guest *g);

/* What it says it could not do without, at most what it holds: by its agent,
 * else by data/meminfo_free; XBP_UNKNOWN if it says nothing. */
uint64_t xbp_used_kib(const struct xbp_guest *g);
/* File pages that could be read again, and swapped out memory; 0 if it says
 * nothing. */
uint64_t xbp_cache_kib(const struct xbp_guest *g);
uint64_t xbp_swapped_kib(const struct xbp_guest *g);

/* What the targets in force leave of the budget, reservations not counted;
 * negative while the host is squeezing. */
int64_t xbp_room_kib(const struct xbp_snapshot *s);

/* Each reservation gets what the wishes of the domains leave of the budget, in
 * its bounds. */
void xbp_give_reservations(const struct xbp_snapshot *s, uint64_t *target_kib);

/* The memory that guests[i] should keep as long as others can give. */
typedef uint64_t
xbp_keep_fn(void *ctx, const struct xbp_snapshot *s, uint64_t i);

/* Holds the wishes in the guests' bounds and, where they are more than the
 * budget, takes the rest: first from what is above keep (none if NULL), then
 * from what is above the lower bounds, from each in proportion to that.  What
 * is still too much then is so at everyone's lower bound. */
void xbp_fit(const struct xbp_snapshot *s, xbp_keep_fn *keep, void *ctx,
             uint64_t *target_kib);

#endif
