/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Chooses the time until the next tick. */
#include <config.h>

#include "engines.h"
#include "errands.h"
#include "guest-limits.h"
#include "pace.h"
#include "swap-step.h"
#include "tick.h"
#include "util/units.h"

/* A domain that boots or dies gives no sign in xenstore when its memory
 * moves; one hypercall looks at all of them. */
#define WATCHFUL_TICK_MS 100
/* A newcomer's overhead is measured before the next one comes, if possible. */
#define MEASURING_TICK_MS 1000
/* Who failed once may do better, and who is set aside is stood in for. */
#define FAILING_TICK_MS 1000

/* Swap that is seen from here is looked at this often, so that thrashing is
 * noticed within five seconds: a look costs two small reads. */
#define CALM_LOOK_MS     2000
#define SWAPPING_LOOK_MS 1000

bool
pace_is_awaited(const struct balancer *b)
{
    for (size_t i = 0; i < b->reservations.n; i++) {
        if (b->reservations.list[i].state == RESERVE_PENDING)
            return true;
    }
    return false;
}

static bool
is_awaited(const struct balancer *b)
{
    return pace_is_awaited(b) || b->is_asked;
}

static bool
is_moving(const struct balancer *b)
{
    for (size_t i = 0; i < b->guests.n; i++) {
        const struct guest *g = &b->guests.guests[i];

        if (g->has_range && guest_is_busy(g))
            return true;
    }
    return false;
}

static bool
is_watched(const struct guest *g)
{
    return (g->state == GUEST_BOOTING && g->has_range) ||
           g->state == GUEST_DYING || (g->has_range && !g->has_settled);
}

static bool
is_watching(const struct balancer *b)
{
    for (size_t i = 0; i < b->guests.n; i++) {
        if (is_watched(&b->guests.guests[i]))
            return true;
    }
    /* growth that waits until others have freed; less than that is no wait */
    return b->steps.held_kib >= b->tuning.dead_band_kib;
}

/* Is wish i held back only until the last change had its time? */
static bool
is_resting(const struct balancer *b, size_t i)
{
    const struct guest *g = b->snapshot.guests[i];

    return b->plan.wishes[i].rule == PLAN_G9_REST && g &&
           b->snapshot.xbp.now_ms - g->target_since_ms < b->tuning.rest_ms;
}

static bool
has_resting(const struct balancer *b)
{
    for (size_t i = 0; i < b->plan.n; i++) {
        if (is_resting(b, i))
            return true;
    }
    return false;
}

static bool
has_target_step(const struct balancer *b)
{
    for (size_t i = 0; i < b->steps.n; i++) {
        if (b->steps.list[i].kind == STEP_TARGET)
            return true;
    }
    return false;
}

/* When does the next reservation end by itself, or is something to be tried
 * again? */
static uint64_t
next_due_ms(const struct balancer *b)
{
    uint64_t now_ms = b->snapshot.xbp.now_ms;
    uint64_t soonest_ms = b->tuning.idle_tick_ms;

    for (size_t i = 0; i < b->reservations.n; i++)
        soonest_ms =
            min_u64(soonest_ms,
                    sat_sub(b->reservations.list[i].expires_ms, now_ms));
    soonest_ms = min_u64(soonest_ms, sat_sub(errands_due_ms(b), now_ms));
    soonest_ms = min_u64(soonest_ms, sat_sub(b->status.due_ms, now_ms));
    soonest_ms = min_u64(soonest_ms, sat_sub(swap_due_ms(b), now_ms));
    return max_u64(soonest_ms, 1);
}

/* How soon to look at swap disks again; agents tell themselves when swapping
 * begins. */
static uint64_t
swap_look_ms(const struct balancer *b)
{
    uint64_t soonest_ms = b->tuning.idle_tick_ms;

    for (size_t i = 0; i < b->guests.n; i++) {
        const struct guest_load *l = &b->guests.guests[i].load;

        if (!l->seen.is_seen)
            continue;
        if (l->seen_span_ms > 0 && l->seen_in_kib_per_s > 0)
            return min_u64(soonest_ms, SWAPPING_LOOK_MS);
        if (!guest_load_is_fresh(l, b->snapshot.xbp.now_ms))
            soonest_ms = min_u64(soonest_ms, CALM_LOOK_MS);
    }
    return soonest_ms;
}

uint64_t
pace_sleep_ms(const struct balancer *b)
{
    uint64_t ms = next_due_ms(b);

    /* Who was told to move a moment ago is seen to move at the next look. */
    if (is_awaited(b) || is_moving(b) || has_target_step(b))
        return b->tuning.busy_tick_ms;
    if (is_watching(b))
        return min_u64(ms, WATCHFUL_TICK_MS);
    ms = min_u64(ms, swap_look_ms(b));
    if (b->overhead_watch.has_newcomer || !b->overhead_watch.has_base)
        ms = min_u64(ms, MEASURING_TICK_MS);
    if (engines_are_failing(b->engines))
        ms = min_u64(ms, FAILING_TICK_MS);
    return has_resting(b) ? min_u64(ms, b->tuning.rest_ms) : ms;
}

bool
pace_is_at_rest(const struct balancer *b)
{
    return !is_awaited(b) && !is_moving(b) && !is_watching(b) &&
           !has_resting(b) && !has_target_step(b);
}
