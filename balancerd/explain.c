/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Words for the table that people watch: the fact that matters most first. */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>

#include "explain.h"
#include "tuning.h"
#include "util/units.h"

/* Wishes come in the order of their snapshot: by rising domid. */
const struct wish *
explain_wish(const struct plan *plan, uint32_t domid)
{
    size_t lo = 0;
    size_t hi = plan->n;

    while (lo < hi) {
        size_t middle = lo + (hi - lo) / 2;

        if (plan->wishes[middle].domid < domid)
            lo = middle + 1;
        else
            hi = middle;
    }
    if (lo < plan->n && plan->wishes[lo].domid == domid)
        return &plan->wishes[lo];
    return NULL;
}

uint64_t
explain_share_permyriad(const struct guest *g)
{
    uint64_t span_kib =
        sat_sub(g->range.dynamic_max_kib, g->range.dynamic_min_kib);
    uint64_t above_kib = sat_sub(g->facts.target_kib, g->range.dynamic_min_kib);

    if (span_kib == 0 || g->facts.target_kib == HOST_UNSET)
        return 0;
    return min_u64(mul_div(above_kib, PERMYRIAD, span_kib), PERMYRIAD);
}

/* Why nobody moves it; NULL if it is the plan's to move. */
static const char *
hands_off(const struct guest *g, const struct tuning *tuning)
{
    if (g->range_error[0])
        return "range refused";
    if (g->facts.domid == 0 && !tuning->manages_dom0)
        return "not managed";
    if (!g->has_range)
        return "no dynamic range";
    switch (g->state) {
    case GUEST_BOOTING:
        return "booting";
    case GUEST_SLOW:
        return "follows slowly";
    case GUEST_STUCK:
        return "does not follow";
    case GUEST_NO_BALLOON:
        return "no balloon driver";
    case GUEST_PAUSED:
        return "paused";
    case GUEST_SHUTDOWN:
        return "shut down";
    case GUEST_DYING:
        return "going away";
    case GUEST_READY:
    case GUEST_MOVING:
        break;
    }
    return NULL;
}

/* NULL: nothing but its share decided. */
static const char *
rule_word(enum plan_rule rule)
{
    switch (rule) {
    case PLAN_G2_BUDGET:
        return "host is short (G2)";
    case PLAN_G3_WAIT:
        return "waits for room (G3)";
    case PLAN_G5_PROBE:
        return "probed (G5)";
    case PLAN_G6_RETRACT:
        return "retracted (G6)";
    case PLAN_G7_THRASHING:
        return "thrashing (G7)";
    case PLAN_G8_FLOOR:
        return "at its floor (G8)";
    case PLAN_KEPT:
        return "engine failed";
    case PLAN_SHARE:
    case PLAN_G1_RANGE:
    case PLAN_G9_REST:
        break;
    }
    return NULL;
}

static void
share_words(const struct guest *g, char text[EXPLAIN_SIZE])
{
    uint64_t share = explain_share_permyriad(g);

    if (g->pin_kib != HOST_UNSET)
        snprintf(text, EXPLAIN_SIZE, "pinned");
    else if (range_is_fixed(&g->range))
        snprintf(text, EXPLAIN_SIZE, "fixed");
    else if (g->facts.target_kib <= g->range.dynamic_min_kib)
        snprintf(text, EXPLAIN_SIZE, "at dynamic-min");
    else if (g->facts.target_kib >= g->range.dynamic_max_kib)
        snprintf(text, EXPLAIN_SIZE, "at dynamic-max");
    else
        snprintf(text, EXPLAIN_SIZE, "%" PRIu64 ".%" PRIu64 " %% of range",
                 share / 100, share / 10 % 10);
}

void
explain_reason(const struct guest *g, const struct wish *wish,
               const struct tuning *tuning, char text[EXPLAIN_SIZE])
{
    const char *words = hands_off(g, tuning);

    if (!words && wish)
        words = rule_word(wish->rule);
    if (words)
        snprintf(text, EXPLAIN_SIZE, "%s", words);
    else
        share_words(g, text);
}
