/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers that follow from what is known of a domain. */
#include <config.h>

#include "guest-limits.h"
#include "guest.h"
#include "tuning.h"
#include "util/units.h"

const char *
guest_state_name(enum guest_state state)
{
    switch (state) {
    case GUEST_BOOTING:
        return "booting";
    case GUEST_READY:
        return "ready";
    case GUEST_MOVING:
        return "moving";
    case GUEST_SLOW:
        return "slow";
    case GUEST_STUCK:
        return "stuck";
    case GUEST_NO_BALLOON:
        return "no-balloon";
    case GUEST_PAUSED:
        return "paused";
    case GUEST_SHUTDOWN:
        return "shutdown";
    case GUEST_DYING:
        return "dying";
    }
    return "unknown";
}

uint64_t
guest_actual_kib(const struct guest *g)
{
    return sat_add_delta(g->facts.actual_kib, -g->offset_kib);
}

uint64_t
guest_held_at_kib(const struct guest *g, uint64_t target_kib)
{
    return sat_add_delta(target_kib, g->offset_kib);
}

uint64_t
guest_offset_limit_kib(const struct guest *g)
{
    /* An HVM domain's target leaves its video memory out. */
    return g->facts.type == HOST_DOMAIN_HVM
               ? min_u64(g->facts.actual_kib / 8, 32 * KIB_PER_MIB)
               : min_u64(g->facts.actual_kib / 64, 2 * KIB_PER_MIB);
}

uint64_t
guest_committed_kib(const struct guest *g)
{
    uint64_t held_kib = sat_add(g->facts.actual_kib, g->facts.claimed_kib);

    switch (g->state) {
    case GUEST_NO_BALLOON:
    case GUEST_SHUTDOWN:
    case GUEST_DYING:
        return held_kib;
    case GUEST_BOOTING:
    case GUEST_READY:
    case GUEST_MOVING:
    case GUEST_SLOW:
    case GUEST_STUCK:
    case GUEST_PAUSED:
        break;
    }
    if (g->facts.target_kib == HOST_UNSET)
        return held_kib;
    return max_u64(held_kib, guest_held_at_kib(g, g->facts.target_kib));
}

bool
guest_is_movable(const struct guest *g, const struct tuning *tuning)
{
    if (g->facts.domid == 0 && !tuning->manages_dom0)
        return false; /* G10 */
    if (!g->has_range || g->facts.target_kib == HOST_UNSET)
        return false;
    /* G5: not booting, no balloon, paused, gone. G6: not slow, not stuck. */
    return g->state == GUEST_READY || g->state == GUEST_MOVING;
}

/* The floor that classic Xen's and SUSE's balloon drivers, FreeBSD's and
 * Novell's Windows driver kept (minimum_target()); upstream Linux has none and
 * is killed by its own OOM killer instead. In MiB: below 128: 8 + max/2, below
 * 512: 40 + max/4, below 2048: 104 + max/8, else 296 + max/32. */
uint64_t
guest_oom_floor_kib(uint64_t static_max_kib)
{
    if (static_max_kib < 128 * KIB_PER_MIB)
        return 8 * KIB_PER_MIB + static_max_kib / 2;
    if (static_max_kib < 512 * KIB_PER_MIB)
        return 40 * KIB_PER_MIB + static_max_kib / 4;
    if (static_max_kib < 2048 * KIB_PER_MIB)
        return 104 * KIB_PER_MIB + static_max_kib / 8;
    return 296 * KIB_PER_MIB + static_max_kib / 32;
}

/* The dynamic range, or the one place in it where the domain is pinned. */
static uint64_t
pinned_or_kib(const struct guest *g, uint64_t limit_kib)
{
    if (g->pin_kib == HOST_UNSET)
        return limit_kib;
    return clamp_u64(g->pin_kib, g->range.dynamic_min_kib,
                     g->range.dynamic_max_kib);
}

uint64_t
guest_lower_kib(const struct guest *g, const struct tuning *tuning)
{
    uint64_t lower_kib = pinned_or_kib(g, g->range.dynamic_min_kib);
    uint64_t most_kib = g->range.static_max_kib;

    if (tuning->has_oom_floor) {
        if (most_kib == RANGE_UNLIMITED)
            most_kib = g->range.dynamic_max_kib;
        /* It never forces a domain to grow, as the drivers' did not. */
        lower_kib = max_u64(lower_kib, min_u64(guest_oom_floor_kib(most_kib),
                                               guest_actual_kib(g)));
    }
    lower_kib = max_u64(lower_kib, g->learned_floor_kib);
    lower_kib = max_u64(lower_kib, g->regret.floor_kib);
    if (g->facts.domid == 0)
        lower_kib = max_u64(lower_kib, sat_add(tuning->dom0_floor_kib,
                                               tuning->dom0_lent_kib));
    return min_u64(lower_kib, g->range.dynamic_max_kib);
}

uint64_t
guest_upper_kib(const struct guest *g)
{
    uint64_t upper_kib = pinned_or_kib(g, g->range.dynamic_max_kib);

    if (g->learned_ceiling_kib > 0)
        upper_kib = min_u64(upper_kib, g->learned_ceiling_kib);
    return max_u64(upper_kib, g->range.dynamic_min_kib);
}

/* All above its floor, less the inaccuracy with which it will get there. */
static uint64_t
above_floor_kib(const struct guest *g, const struct tuning *tuning)
{
    uint64_t kept_kib =
        sat_add(guest_held_at_kib(g, guest_lower_kib(g, tuning)),
                g->facts.inaccuracy_kib);

    return sat_sub(guest_committed_kib(g), kept_kib);
}

uint64_t
guest_give_kib(const struct guest *g, const struct tuning *tuning)
{
    return guest_is_movable(g, tuning) ? above_floor_kib(g, tuning) : 0;
}

uint64_t
guest_hope_kib(const struct guest *g, const struct tuning *tuning)
{
    if (g->state == GUEST_DYING)
        return g->facts.actual_kib;
    if (g->state == GUEST_SLOW && g->has_range)
        return above_floor_kib(g, tuning);
    return guest_give_kib(g, tuning);
}

bool
guest_is_busy(const struct guest *g)
{
    return g->state == GUEST_MOVING || g->state == GUEST_SLOW;
}
