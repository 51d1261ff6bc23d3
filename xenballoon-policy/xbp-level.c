/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads amounts from snapshots and cuts plans to the budget. */
#include <config.h>

#include "util/units.h"
#include "xbp-level.h"

/* A guest stops within some pages of its target: it is there. */
#define ARRIVED_KIB KIB_PER_MIB

bool
xbp_is_reservation(const struct xbp_guest *g)
{
    return (g->flags & XBP_GUEST_RESERVATION) != 0;
}

bool
xbp_has_reservation(const struct xbp_snapshot *s)
{
    for (uint64_t i = 0; i < s->n_guests; i++) {
        if (xbp_is_reservation(s->guests[i]))
            return true;
    }
    return false;
}

bool
xbp_has_sample(const struct xbp_guest *g)
{
    return XBP_GUEST_HAS(g, swap_total_kib) && g->sample_age_ms <= XBP_STALE_MS;
}

uint64_t
xbp_bound_kib(const struct xbp_guest *g, uint64_t kib)
{
    return clamp_u64(kib, g->lower_kib, g->upper_kib);
}

uint64_t
xbp_current_kib(const struct xbp_guest *g)
{
    bool has_arrived = distance_u64(g->target_kib, g->actual_kib) < ARRIVED_KIB;

    return has_arrived ? g->target_kib : g->actual_kib;
}

uint64_t
xbp_used_kib(const struct xbp_guest *g)
{
    if (xbp_has_sample(g) && g->used_kib != XBP_UNKNOWN)
        return min_u64(g->used_kib, g->actual_kib);
    if (g->available_kib != XBP_UNKNOWN)
        return sat_sub(g->actual_kib, g->available_kib);
    return XBP_UNKNOWN;
}

uint64_t
xbp_unused_kib(const struct xbp_guest *g)
{
    uint64_t used_kib = xbp_used_kib(g);
    bool has_cache = xbp_has_sample(g) && g->cache_kib != XBP_UNKNOWN;

    if (used_kib == XBP_UNKNOWN)
        return XBP_UNKNOWN;
    return sat_sub(g->actual_kib - used_kib, has_cache ? g->cache_kib : 0);
}

uint64_t
xbp_swapped_kib(const struct xbp_guest *g)
{
    bool is_known = xbp_has_sample(g) && g->swap_used_kib != XBP_UNKNOWN;

    return is_known ? g->swap_used_kib : 0;
}

int64_t
xbp_room_kib(const struct xbp_snapshot *s)
{
    uint64_t sum_kib = 0;

    for (uint64_t i = 0; i < s->n_guests; i++) {
        if (!xbp_is_reservation(s->guests[i]))
            sum_kib = sat_add(sum_kib, s->guests[i]->target_kib);
    }
    return delta_u64(s->budget_kib, sum_kib);
}

void
xbp_give_reservations(const struct xbp_snapshot *s, uint64_t *target_kib)
{
    uint64_t left_kib = s->budget_kib;

    for (uint64_t i = 0; i < s->n_guests; i++) {
        if (!xbp_is_reservation(s->guests[i]))
            left_kib = sat_sub(left_kib, target_kib[i]);
    }
    for (uint64_t i = 0; i < s->n_guests; i++) {
        if (!xbp_is_reservation(s->guests[i]))
            continue;
        target_kib[i] = xbp_bound_kib(s->guests[i], left_kib);
        left_kib = sat_sub(left_kib, target_kib[i]);
    }
}

static uint64_t
kept_kib(const struct xbp_snapshot *s, xbp_keep_fn *keep, void *ctx, uint64_t i)
{
    return max_u64(keep(ctx, s, i), s->guests[i]->lower_kib);
}

static uint64_t
excess_kib(const struct xbp_snapshot *s, const uint64_t *target_kib)
{
    uint64_t sum_kib = 0;

    for (uint64_t i = 0; i < s->n_guests; i++)
        sum_kib = sat_add(sum_kib, target_kib[i]);
    return sat_sub(sum_kib, s->budget_kib);
}

void
xbp_cut(const struct xbp_snapshot *s, xbp_keep_fn *keep, void *ctx,
        uint64_t *target_kib)
{
    uint64_t take_kib = excess_kib(s, target_kib), above_kib = 0;

    for (uint64_t i = 0; i < s->n_guests && take_kib > 0; i++)
        above_kib = sat_add(above_kib,
                            sat_sub(target_kib[i], kept_kib(s, keep, ctx, i)));
    if (above_kib == 0)
        return;
    take_kib = min_u64(take_kib, above_kib);
    for (uint64_t i = 0; i < s->n_guests; i++) {
        uint64_t own_kib = sat_sub(target_kib[i], kept_kib(s, keep, ctx, i));
        uint64_t part_kib = mul_div(own_kib, take_kib, above_kib);

        /* Rounded up, so that the sum fits. */
        target_kib[i] -= min_u64(own_kib, sat_add(part_kib, 1));
    }
}

uint64_t
xbp_keep_target(void *ctx, const struct xbp_snapshot *s, uint64_t i)
{
    (void)ctx;
    return s->guests[i]->target_kib;
}

uint64_t
xbp_keep_nothing(void *ctx, const struct xbp_snapshot *s, uint64_t i)
{
    (void)ctx;
    (void)s;
    (void)i;
    return 0;
}

void
xbp_fit(const struct xbp_snapshot *s, xbp_keep_fn *keep, void *ctx,
        uint64_t *target_kib)
{
    for (uint64_t i = 0; i < s->n_guests; i++)
        target_kib[i] = xbp_bound_kib(s->guests[i], target_kib[i]);
    xbp_cut(s, keep, ctx, target_kib);
    xbp_cut(s, xbp_keep_nothing, NULL, target_kib);
}
