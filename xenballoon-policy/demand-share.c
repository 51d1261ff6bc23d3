/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From needs to wishes that fit the budget. */
#include <config.h>

#include <stdbool.h>

#include "demand-share.h"
#include "util/units.h"
#include "xbp-util.h"

/* What guests are raised to, one after the other; whoever is above a goal
 * stays there. */
enum tier {
    TIER_NEED,     /* what it needs of its share is its own */
    TIER_HELD,     /* what it needs beyond and has it keeps */
    TIER_CACHE,    /* so it does with cache, within its share */
    TIER_LACK,     /* who pays for a lack gets all that it needs */
    TIER_USE,      /* so do the others */
    TIER_HEADROOM, /* headroom, but for what is beyond a share unproven */
    TIER_PEAK,     /* before that, what others used a while ago */
    TIER_MUCH,     /* then who lacks more than can be met */
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
    uint64_t budget_kib, left_kib;
    bool is_hungry;   /* someone lacks more than there is */
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
        return n->is_proven && !n->is_much ? n->tight_kib : 0;
    case TIER_USE:
        return n->is_proven && n->is_much ? 0 : n->tight_kib;
    case TIER_HEADROOM:
        return n->is_proven && !n->is_much ? n->want_kib
                                           : min_u64(n->want_kib, n->share_kib);
    case TIER_PEAK:
        return s->is_hungry
                   ? max_u64(n->peak_kib, max_u64(n->right_kib, n->kept_kib))
                   : 0;
    case TIER_MUCH:
        return n->is_much ? min_u64(n->tight_kib, n->soon_kib) : n->tight_kib;
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

static void
give(struct sharing *s, struct demand_part *p, uint64_t kib)
{
    p->give_kib += kib;
    s->left_kib = sat_sub(s->left_kib, kib);
}

/* As much for each per weight, up to what it misses. */
static uint64_t
dole_kib(const struct demand_part *p, uint64_t per_weight_kib)
{
    return min_u64(p->missing_kib, mul_div(per_weight_kib, p->guest->weight,
                                           XBP_WEIGHT_NEUTRAL));
}

static bool
doles_fit(const void *ctx, uint64_t per_weight_kib)
{
    const struct sharing *s = ctx;
    uint64_t sum = 0;

    for (uint64_t i = 0; i < s->n; i++)
        sum = sat_add(sum, dole_kib(&s->parts[i], per_weight_kib));
    return sum <= s->left_kib;
}

/* There is not enough: the smallest lack first, because one that is met costs
 * nothing any more, and half a lack may cost as much as all of it. */
static void
dole(struct sharing *s)
{
    uint64_t most = mul_div(s->left_kib, XBP_WEIGHT_NEUTRAL, 1) - 1;
    uint64_t per_weight_kib = xbp_highest(doles_fit, s, most, 0);

    for (uint64_t i = 0; i < s->n; i++)
        give(s, &s->parts[i], dole_kib(&s->parts[i], per_weight_kib));
}

/* Everyone goes to the goal of the tier, or as near as what is left allows: but
 * for lacks, the same part of the way for all of the same weight. */
static void
raise(struct sharing *s, enum tier tier)
{
    uint64_t left = s->left_kib, all = 0, weighed = 0;

    for (uint64_t i = 0; i < s->n; i++) {
        struct demand_part *p = &s->parts[i];

        p->missing_kib = missing_kib(s, p, tier);
        all = sat_add(all, p->missing_kib);
        weighed = sat_add(weighed, p->missing_kib * p->guest->weight);
    }
    if (all > left && (tier == TIER_LACK || tier == TIER_MUCH)) {
        dole(s);
        return;
    }
    for (uint64_t i = 0; i < s->n && all > 0; i++) {
        struct demand_part *p = &s->parts[i];
        uint64_t missing = p->missing_kib;

        if (all > left)
            missing = min_u64(missing, mul_div(missing * p->guest->weight, left,
                                               max_u64(weighed, 1)));
        give(s, p, missing);
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
levels_fit(const void *ctx, uint64_t cushion_kib)
{
    const struct sharing *s = ctx;
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
fill(struct sharing *s, uint64_t *cushion_kib)
{
    if (!levels_fit(s, 0))
        return;
    *cushion_kib = xbp_highest(levels_fit, s, s->budget_kib, *cushion_kib);
    for (uint64_t i = 0; i < s->n; i++)
        s->parts[i].give_kib = level_kib(&s->parts[i], *cushion_kib);
}

void
demand_share(struct demand_part *parts, uint64_t n, uint64_t budget_kib,
             uint64_t *cushion_kib)
{
    struct sharing s = { parts, n, budget_kib, budget_kib, false, false };

    for (uint64_t i = 0; i < n; i++) {
        parts[i].give_kib = 0;
        give(&s, &parts[i], parts[i].guest->lower_kib);
        s.is_hungry =
            s.is_hungry || (parts[i].need->is_proven && parts[i].need->is_much);
        s.is_pressing = s.is_pressing || parts[i].need->is_lasting;
    }
    for (int tier = 0; tier < TIERS && s.left_kib > 0; tier++)
        raise(&s, (enum tier)tier);
    if (s.left_kib > 0)
        fill(&s, cushion_kib);
}
