/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From needs to wishes that fit the budget. */
#include <config.h>

#include <stdbool.h>

#include "demand-share.h"
#include "util/units.h"

/* What guests are raised to, one after the other; whoever is above a goal
 * stays there. */
enum tier {
    TIER_NEED,     /* what it needs of its share is its own */
    TIER_HELD,     /* what it needs beyond and has it keeps */
    TIER_CACHE,    /* so it does with cache, within its share */
    TIER_LACK,     /* who pays for a lack gets all that it needs */
    TIER_USE,      /* so do the others */
    TIER_HEADROOM, /* headroom, but for what is beyond a share unproven */
    TIER_REST,     /* who has the headroom that it wants keeps it */
    TIER_KEEP,     /* lenders keep a part of what they do not need */
    TIER_CLAIM,    /* who does not pay for a lack has what it wants */
    TIER_RIGHT,    /* who wakes or starts has its share */
    TIER_STAY,     /* memory stays where it is */
    TIERS,
};

struct sharing {
    struct demand_part *parts;
    uint64_t n;
    uint64_t budget_kib;
    bool is_pressing; /* someone lacks memory for long */
};

static uint64_t
goal_kib(const struct sharing *s, const struct demand_part *p, enum tier tier)
{
    const struct demand_need *n = p->need;
    uint64_t pressed_kib = s->is_pressing ? n->tight_kib - n->firm_kib : 0;

    switch (tier) {
    case TIER_NEED:
        return min_u64(n->tight_kib - pressed_kib, n->share_kib);
    case TIER_HELD:
        if (pressed_kib > 0)
            return n->firm_kib;
        return min_u64(max_u64((n->tight_kib + n->want_kib) / 2,
                               min_u64(n->want_kib, n->share_kib)),
                       p->guest->target_kib);
    case TIER_CACHE:
        return sat_sub(n->touched_kib, pressed_kib);
    case TIER_LACK:
        return n->is_proven ? n->tight_kib : 0;
    case TIER_USE:
        return n->tight_kib;
    case TIER_HEADROOM:
        return n->is_proven ? n->want_kib : min_u64(n->want_kib, n->share_kib);
    case TIER_REST:
        return min_u64(n->spare_kib, p->guest->target_kib);
    case TIER_KEEP:
        return n->kept_kib;
    case TIER_CLAIM:
        return n->spare_kib;
    case TIER_RIGHT:
        return n->right_kib;
    case TIER_STAY:
        return p->stay_kib;
    case TIERS:
        break;
    }
    return 0;
}

static uint64_t
missing_kib(const struct sharing *s, const struct demand_part *p,
            enum tier tier)
{
    uint64_t goal = clamp_u64(goal_kib(s, p, tier), p->guest->lower_kib,
                              p->guest->upper_kib);

    return sat_sub(goal, p->give_kib);
}

static uint64_t
left_kib(const struct sharing *s)
{
    uint64_t left = s->budget_kib;

    for (uint64_t i = 0; i < s->n; i++)
        left = sat_sub(left, s->parts[i].give_kib);
    return left;
}

/* Everyone goes to the goal of the tier, or as near as what is left allows:
 * the same part of the way for all of the same weight. */
static void
raise(struct sharing *s, enum tier tier)
{
    uint64_t left = left_kib(s), all = 0, weighed = 0;

    for (uint64_t i = 0; i < s->n; i++) {
        uint64_t missing = missing_kib(s, &s->parts[i], tier);

        all = sat_add(all, missing);
        weighed = sat_add(weighed, missing * s->parts[i].guest->weight);
    }
    for (uint64_t i = 0; i < s->n && all > 0; i++) {
        struct demand_part *p = &s->parts[i];
        uint64_t missing = missing_kib(s, p, tier);

        if (all > left)
            missing = min_u64(missing, mul_div(missing * p->guest->weight, left,
                                               max_u64(weighed, 1)));
        p->give_kib += missing;
    }
}

/* What a guest has where all have so much more than they use, or more. */
static uint64_t
level_kib(const struct demand_part *p, uint64_t cushion_kib)
{
    return max_u64(p->give_kib,
                   clamp_u64(sat_add(p->need->tight_kib, cushion_kib),
                             p->guest->lower_kib, p->need->most_kib));
}

static bool
fits(const struct sharing *s, uint64_t cushion_kib)
{
    uint64_t sum = 0;

    for (uint64_t i = 0; i < s->n; i++) {
        sum = sat_add(sum, level_kib(&s->parts[i], cushion_kib));
        if (sum > s->budget_kib)
            return false;
    }
    return true;
}

/* Nobody knows who will be next to need more: what is left is spread so that
 * the least cushion is as large as can be. */
static void
fill(struct sharing *s)
{
    uint64_t lo = 0, hi = s->budget_kib + 1;

    if (!fits(s, lo))
        return;
    while (hi - lo > 1) {
        uint64_t middle = lo + (hi - lo) / 2;

        if (fits(s, middle))
            lo = middle;
        else
            hi = middle;
    }
    for (uint64_t i = 0; i < s->n; i++)
        s->parts[i].give_kib = level_kib(&s->parts[i], lo);
}

void
demand_share(struct demand_part *parts, uint64_t n, uint64_t budget_kib)
{
    struct sharing s = { parts, n, budget_kib, false };

    for (uint64_t i = 0; i < n; i++) {
        parts[i].give_kib = parts[i].guest->lower_kib;
        s.is_pressing = s.is_pressing || parts[i].need->is_lasting;
    }
    for (int tier = 0; tier < TIERS; tier++)
        raise(&s, (enum tier)tier);
    fill(&s);
}
