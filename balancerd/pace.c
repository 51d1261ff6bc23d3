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
is_watched(const struct guest *g)
{
    return (g->state == GUEST_BOOTING && g->has_range) ||
           g->state == GUEST_DYING || (g->has_range && !g->has_settled);
}

/* How soon to look at its swap disk again; its agent tells itself when swapping
 * begins. */
static uint64_t
swap_look_ms(const struct guest_load *l, uint64_t now_ms)
{
    if (!l->seen.is_seen)
        return UINT64_MAX;
    if (l->seen_span_ms > 0 && l->seen_in_kib_per_s > 0)
        return SWAPPING_LOOK_MS;
    return guest_load_is_fresh(l, now_ms) ? UINT64_MAX : CALM_LOOK_MS;
}

static void
look_at_guests(const struct balancer *b, struct pace *p)
{
    for (size_t i = 0; i < b->guests.n; i++) {
        const struct guest *g = &b->guests.guests[i];

        p->is_busy = p->is_busy || (g->has_range && guest_is_busy(g));
        p->is_watching = p->is_watching || is_watched(g);
        p->swap_look_ms =
            min_u64(p->swap_look_ms,
                    swap_look_ms(&g->load, b->snapshot.xbp.now_ms));
    }
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

void
pace_look(const struct balancer *b, struct pace *ret)
{
    *ret = (struct pace){
        /* Who has been told to move is seen to move at the next look. */
        .is_busy = pace_is_awaited(b) || b->is_asked || has_target_step(b),
        /* Growth that waits until others have freed; less is no wait. */
        .is_watching = b->steps.held_kib >= b->tuning.dead_band_kib,
        .is_resting = has_resting(b),
        .swap_look_ms = UINT64_MAX,
    };
    look_at_guests(b, ret);
}

uint64_t
pace_sleep_ms(const struct balancer *b, const struct pace *p)
{
    uint64_t ms = next_due_ms(b);

    if (p->is_busy)
        return b->tuning.busy_tick_ms;
    if (p->is_watching)
        return min_u64(ms, WATCHFUL_TICK_MS);
    ms = min_u64(ms, p->swap_look_ms);
    if (b->overhead_watch.has_newcomer || !b->overhead_watch.has_base)
        ms = min_u64(ms, MEASURING_TICK_MS);
    if (engines_are_failing(b->engines))
        ms = min_u64(ms, FAILING_TICK_MS);
    return p->is_resting ? min_u64(ms, b->tuning.rest_ms) : ms;
}

bool
pace_is_at_rest(const struct pace *p)
{
    return !p->is_busy && !p->is_watching && !p->is_resting;
}
