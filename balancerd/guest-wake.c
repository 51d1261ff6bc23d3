/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A11: a balloon driver that had to wait for free pages goes to sleep. */
#include <config.h>

#include "guest-limits.h"
#include "guest-wake.h"
#include "guest.h"
#include "util/units.h"

/* Linux 6.1, 64 MiB that a guest did not have free: told once, 32 s and more;
 * woken after a second, 19 s; after this long, 9 s. */
#define ASLEEP_MS 300

void
guest_wake_take(struct guest *g)
{
    g->wake.has_page = g->wake.target_kib != 0 &&
                       g->facts.target_kib == g->wake.target_kib + PAGE_KIB;
    if (g->wake.has_page)
        g->facts.target_kib = g->wake.target_kib;
}

/* Of one that follows its target, or has reached it. */
static bool
is_known_to_move(const struct guest *g)
{
    return g->has_range && g->facts.target_kib != HOST_UNSET &&
           (g->state == GUEST_READY || guest_is_busy(g));
}

/* On its way down, and farther than what may be its offset (A5). */
static bool
is_shrinking(const struct guest *g, uint64_t more_kib)
{
    return guest_is_busy(g) &&
           g->facts.actual_kib > sat_add(guest_held_at_kib(g, more_kib),
                                         guest_offset_limit_kib(g)) &&
           more_kib <= g->range.dynamic_max_kib &&
           more_kib <= g->facts.maxmem_kib;
}

uint64_t
guest_wake_due_kib(const struct guest *g, uint64_t now_ms)
{
    uint64_t since_ms =
        max_u64(max_u64(g->last_move_ms, g->target_since_ms), g->wake.at_ms);
    uint64_t more_kib = sat_add(g->facts.target_kib, PAGE_KIB);

    if (!is_known_to_move(g))
        return 0;
    if (is_shrinking(g, more_kib)) {
        if (sat_sub(now_ms, since_ms) < ASLEEP_MS)
            return 0;
        return g->wake.has_page ? g->facts.target_kib : more_kib;
    }
    /* Whoever has arrived is not left with the page. */
    return g->wake.has_page && g->facts.actual_kib <=
                                   sat_add(guest_held_at_kib(g, more_kib),
                                           g->facts.inaccuracy_kib)
               ? g->facts.target_kib
               : 0;
}

void
guest_wake_note(struct guest *g, uint64_t written_kib, uint64_t now_ms)
{
    g->wake = (struct guest_wake){
        .target_kib = g->facts.target_kib,
        .at_ms = now_ms,
        .has_page = written_kib != g->facts.target_kib,
    };
}
