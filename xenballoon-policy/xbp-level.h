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
bool xbp_has_reservation(const struct xbp_snapshot *s);
/* Did its agent report, and not too long ago? */
bool xbp_has_sample(const struct xbp_guest *g);

/* kib, held in the guest's bounds. */
uint64_t xbp_bound_kib(const struct xbp_guest *g, uint64_t kib);
/* Its target, or what it holds as long as that is not about the same. */
uint64_t xbp_current_kib(const struct xbp_guest *g);

/* What it says it could not do without, at most what it holds: by its agent,
 * else by data/meminfo_free; XBP_UNKNOWN if it says nothing. */
uint64_t xbp_used_kib(const struct xbp_guest *g);
/* What lies idle, neither used nor cache: MemFree for those who ask for that;
 * XBP_UNKNOWN if it says nothing. */
uint64_t xbp_unused_kib(const struct xbp_guest *g);
/* What is swapped out; 0 if it says nothing. */
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

/* Where the wishes are more than the budget, takes the rest from what is above
 * keep (and the lower bounds), from each in proportion to that. */
void xbp_cut(const struct xbp_snapshot *s, xbp_keep_fn *keep, void *ctx,
             uint64_t *target_kib);
/* Keeps: the target in force, so that growth is what is cut; nothing. */
xbp_keep_fn xbp_keep_target;
xbp_keep_fn xbp_keep_nothing;
/* Holds the wishes in the guests' bounds, cuts them by keep and then, all of
 * them, to the lower bounds: what is still too much is so there. */
void xbp_fit(const struct xbp_snapshot *s, xbp_keep_fn *keep, void *ctx,
             uint64_t *target_kib);

#endif
