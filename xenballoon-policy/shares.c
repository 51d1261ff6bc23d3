/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rule of VMware ESX: memory goes to those who pay most for it, in shares
 * per page, and a page that is not in use costs more than one that is
 * (Waldspurger, Memory Resource Management in VMware ESX Server, OSDI 2002,
 * min-funding revocation with an idle memory tax).  A guest that has S shares
 * and P pages, the part f of them active, pays
 *
 *     rho = S / (P * (f + k * (1 - f))),   k = 1 / (1 - tau).
 *
 * Taking pages from the lowest rho, again and again, ends where all have the
 * same; that is computed here directly.
 *
 * ESX finds f by looking at random pages.  Here a guest's active memory is
 * what it says it could not do without, and what it swapped in within one
 * period; of one that says nothing all memory counts as active: it pays no tax
 * on what nobody knows.
 */
#include <config.h>

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "util/units.h"
#include "xbp-level.h"
#include "xbp-memory.h"
#include "xbp-option.h"
#include "xbp-util.h"

/* What ESX calls normal: 10 shares for each MiB that is configured. */
#define SHARES_PER_MIB 10u
/* The lightest guest at the highest tax has all of its memory at this. */
#define LEVEL_MAX (XBP_WHOLE * XBP_WEIGHT_NEUTRAL * 128)
/* What an average that has not moved for this long is: the last value. */
#define PERIODS_MAX 64u

struct shares {
    struct xbp_options options;
    uint64_t tau;       /* all three in 1/XBP_OPTION_ONE */
    uint64_t fast_gain; /* of an average: the part that a period counts */
    uint64_t slow_gain;
    uint64_t period_ms;
    uint64_t level; /* of the last plan: where the next one looks for its own */
    struct xbp_memory *memory;
};

static const struct xbp_option shares_options[] = {
    /* the published tax rate */
    { "tau", XBP_OPTION_NUMBER, offsetof(struct shares, tau), "0", "0.99",
      "0.75" },
    /* the published sampling period */
    { "period", XBP_OPTION_TIME, offsetof(struct shares, period_ms), "1s", "1h",
      "30s" },
    /* Gains were not published: one that follows within a minute, and one
     * that takes some minutes to forget. */
    { "fast-gain", XBP_OPTION_NUMBER, offsetof(struct shares, fast_gain),
      "0.01", "1", "0.5" },
    { "slow-gain", XBP_OPTION_NUMBER, offsetof(struct shares, slow_gain),
      "0.01", "1", "0.1" },
    { NULL, XBP_OPTION_NUMBER, 0, NULL, NULL, NULL },
};

struct entry {
    uint64_t period_at_ms; /* when the period began; 0: no estimate yet */
    uint64_t fast_kib, slow_kib;
    uint64_t active_kib; /* the estimate; UINT64_MAX: all of it */
    uint64_t most_kib;   /* dynamic-max */
    uint32_t weight;
    uint64_t wish_kib;
    uint64_t tau;
};

static void
shares_destroy(void *ctx)
{
    struct shares *e = ctx;

    xbp_memory_free(e->memory);
    free(e);
}

static void *
shares_create(void)
{
    struct shares *e = xbp_option_create(sizeof(*e), shares_options);

    if (!e)
        return NULL;
    e->memory = xbp_memory_new(sizeof(struct entry));
    if (!e->memory) {
        shares_destroy(e);
        return NULL;
    }
    return e;
}

/* Active now; XBP_UNKNOWN if it says nothing. */
static uint64_t
sampled_kib(const struct shares *e, const struct xbp_guest *g)
{
    uint64_t used_kib = xbp_used_kib(g), fetched_kib = 0;

    if (used_kib == XBP_UNKNOWN)
        return XBP_UNKNOWN;
    if (xbp_has_sample(g) && g->swap_in_kib_per_s != XBP_UNKNOWN)
        fetched_kib = mul_div(g->swap_in_kib_per_s, e->period_ms, MS_PER_S);
    return min_u64(sat_add(used_kib, fetched_kib), g->dynamic_max_kib);
}

static uint64_t
averaged_kib(uint64_t average_kib, uint64_t sample_kib, uint64_t gain)
{
    uint64_t step_kib =
        mul_div(distance_u64(average_kib, sample_kib), gain, XBP_OPTION_ONE);

    return sample_kib > average_kib ? average_kib + step_kib
                                    : average_kib - step_kib;
}

/* Up at once, down slowly: the largest of two averages and the value now. */
static void
estimate(const struct shares *e, struct entry *entry, uint64_t sample_kib,
         uint64_t now_ms)
{
    uint64_t periods;

    if (sample_kib == XBP_UNKNOWN) {
        entry->period_at_ms = 0;
        entry->active_kib = UINT64_MAX;
        return;
    }
    if (entry->period_at_ms == 0) {
        entry->period_at_ms = max_u64(now_ms, 1);
        entry->fast_kib = sample_kib;
        entry->slow_kib = sample_kib;
    }
    periods = sat_sub(now_ms, entry->period_at_ms) / e->period_ms;
    entry->period_at_ms += periods * e->period_ms;
    for (periods = min_u64(periods, PERIODS_MAX); periods > 0; periods--) {
        entry->fast_kib =
            averaged_kib(entry->fast_kib, sample_kib, e->fast_gain);
        entry->slow_kib =
            averaged_kib(entry->slow_kib, sample_kib, e->slow_gain);
    }
    entry->active_kib =
        max_u64(max_u64(entry->fast_kib, entry->slow_kib), sample_kib);
}

/* What a guest has where a share is worth level: P * (f + k * (1 - f)), which
 * is active + k * (P - active), is then its shares times the level. */
static uint64_t
claim_kib(const struct xbp_guest *g, const struct entry *entry, uint64_t level)
{
    uint64_t paid_kib = mul_div(entry->most_kib, level * entry->weight,
                                XBP_WHOLE * XBP_WEIGHT_NEUTRAL);
    uint64_t idle_kib = mul_div(sat_sub(paid_kib, entry->active_kib),
                                XBP_OPTION_ONE - entry->tau, XBP_OPTION_ONE);

    return xbp_bound_kib(g, sat_add(min_u64(paid_kib, entry->active_kib),
                                    idle_kib));
}

struct sums {
    const struct shares *engine;
    const struct xbp_snapshot *snapshot;
};

static bool
claims_fit(const void *ctx, uint64_t level)
{
    const struct sums *sums = ctx;
    const struct xbp_snapshot *s = sums->snapshot;
    uint64_t sum_kib = 0;

    for (uint64_t i = 0; i < s->n_guests; i++) {
        const struct entry *entry = xbp_memory_of(sums->engine->memory, i);

        sum_kib = sat_add(sum_kib, claim_kib(s->guests[i], entry, level));
        if (sum_kib > s->budget_kib)
            return false;
    }
    return true;
}

static int
shares_plan(void *ctx, const struct xbp_snapshot *s, uint64_t *target_kib)
{
    struct shares *e = ctx;
    const struct sums sums = { e, s };

    if (xbp_memory_begin(e->memory, s) < 0)
        return -1;
    for (uint64_t i = 0; i < s->n_guests; i++) {
        const struct xbp_guest *g = s->guests[i];
        struct entry *entry = xbp_memory_of(e->memory, i);

        estimate(e, entry, sampled_kib(e, g), s->now_ms);
        entry->most_kib = g->dynamic_max_kib;
        entry->weight = g->weight;
        entry->tau = e->tau;
    }
    e->level = xbp_highest(claims_fit, &sums, LEVEL_MAX, e->level);
    for (uint64_t i = 0; i < s->n_guests; i++) {
        struct entry *entry = xbp_memory_of(e->memory, i);

        target_kib[i] = claim_kib(s->guests[i], entry, e->level);
        entry->wish_kib = target_kib[i];
    }
    return 0;
}

/* shares / (P * (f + k * (1 - f))), in hundredths of a share per MiB. */
static uint64_t
price(const struct entry *entry, uint64_t shares)
{
    uint64_t active_kib = min_u64(entry->active_kib, entry->wish_kib);
    uint64_t taxed_kib = mul_div(entry->wish_kib - active_kib, XBP_OPTION_ONE,
                                 XBP_OPTION_ONE - entry->tau);
    uint64_t cost_kib = sat_add(active_kib, taxed_kib);

    return cost_kib == 0 ? 0 : mul_div(shares, 100 * KIB_PER_MIB, cost_kib);
}

static void
shares_explain(void *ctx, uint64_t i, char *text, size_t text_size)
{
    const struct shares *e = ctx;
    const struct entry *entry = xbp_memory_of(e->memory, i);
    uint64_t shares, rho;

    if (!entry)
        return;
    shares = mul_div(entry->most_kib / KIB_PER_MIB,
                     SHARES_PER_MIB * entry->weight, XBP_WEIGHT_NEUTRAL);
    rho = price(entry, shares);
    if (entry->active_kib == UINT64_MAX)
        snprintf(text, text_size,
                 "%" PRIu64 ".%02" PRIu64 " shares per MiB: it has %" PRIu64
                 " shares, and all of it counts as active, as it says nothing",
                 rho / 100, rho % 100, shares);
    else
        snprintf(text, text_size,
                 "%" PRIu64 ".%02" PRIu64 " shares per MiB: it has %" PRIu64
                 " shares, %" PRIu64 " MiB active, and idle memory costs "
                 "%" PRIu64 ".%02" PRIu64 " times as much",
                 rho / 100, rho % 100, shares, entry->active_kib / KIB_PER_MIB,
                 100 * XBP_OPTION_ONE / (XBP_OPTION_ONE - entry->tau) / 100,
                 100 * XBP_OPTION_ONE / (XBP_OPTION_ONE - entry->tau) % 100);
}

static struct xbp_policy shares_policy = {
    .name = "shares",
    .version = PACKAGE_VERSION,
    .description = "ESX's rule: equal shares per page, idle memory is taxed",
    .create = shares_create,
    .destroy = shares_destroy,
    .config = xbp_option_config,
    .plan = shares_plan,
    .explain = shares_explain,
};

XBP_REGISTER_POLICY(shares_policy)
