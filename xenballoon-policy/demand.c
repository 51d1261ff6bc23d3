/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Memory goes where it is lacked.  A guest's share is what proportional would
 * give it; as far as it needs that, it has it.  What it does not need is lent
 * to guests that lack memory and can show it, and comes back when it wakes.
 */
#include <config.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "demand-need.h"
#include "demand-share.h"
#include "demand-words.h"
#include "util/units.h"
#include "xbp-level.h"
#include "xbp-memory.h"
#include "xbp-util.h"

/* For convenience a guest gives up 1 % in 6 s, TMO's fastest. */
#define CONVENIENCE_SHARE 100
#define CONVENIENCE_MS    6000
/* So slow that more time changes no more. */
#define CONVENIENCE_MAX_MS 60000

/* What was done a moment ago is not taken back for what may be noise: what a
 * kernel counts as free sways by its watermarks and lists. */
#define BACK_MS  30000
#define BACK_KIB (12 * KIB_PER_MIB)

struct demand {
    struct demand_rules rules; /* first: xbp_option_config() */
    struct xbp_memory *memory;
    struct demand_need *needs; /* of the last plan; room for capacity */
    struct demand_part *parts;
    uint64_t capacity, n_needs;
    /* Of the last plan: where the next one looks for its own. */
    uint64_t fraction, cushion_kib;
    uint64_t begun_ms;
    uint64_t idle_kib;           /* what guests did not use of their shares */
    uint64_t costs_permyriad[2]; /* the most that two guests paid, ... */
    uint64_t noted_ms;           /* ... before that */
    bool has_begun;
};

static void
demand_destroy(void *ctx)
{
    struct demand *d = ctx;

    xbp_memory_free(d->memory);
    free(d->needs);
    free(d->parts);
    free(d);
}

static void *
demand_create(void)
{
    struct demand *d = xbp_option_create(sizeof(*d), demand_rules_options);

    if (!d)
        return NULL;
    d->memory = xbp_memory_new(sizeof(struct demand_memory));
    if (d->memory)
        return d;
    free(d);
    return NULL;
}

static int
reserve(struct demand *d, uint64_t n)
{
    struct demand_need *needs;
    struct demand_part *parts;

    if (n <= d->capacity)
        return 0;
    needs = calloc(n, sizeof(*needs));
    parts = calloc(n, sizeof(*parts));
    if (!needs || !parts) {
        free(needs);
        free(parts);
        return -1;
    }
    free(d->needs);
    free(d->parts);
    d->needs = needs;
    d->parts = parts;
    d->capacity = n;
    return 0;
}

/* What it keeps if nobody needs it: what is free may go at once, the rest for
 * convenience only slowly. */
static uint64_t
stay_kib(const struct xbp_guest *g, const struct demand_memory *m,
         uint64_t now_ms)
{
    uint64_t age_ms = min_u64(now_ms - m->changed_ms, CONVENIENCE_MAX_MS);
    uint64_t unused_kib = xbp_unused_kib(g);
    uint64_t kept_kib = g->target_kib;

    if (unused_kib != XBP_UNKNOWN)
        kept_kib = min_u64(kept_kib, g->actual_kib - unused_kib);
    return kept_kib -
           mul_div(kept_kib / CONVENIENCE_SHARE, age_ms, CONVENIENCE_MS);
}

/* What guests did not use of their shares. */
static uint64_t
idle_kib(const struct demand *d)
{
    uint64_t idle = 0;

    for (uint64_t i = 0; i < d->n_needs; i++)
        idle = sat_add(idle, sat_sub(d->needs[i].share_kib,
                                     max_u64(d->needs[i].tight_kib,
                                             d->needs[i].touched_kib)));
    return idle;
}

/* The most that two guests paid at the last instant before this one: who asks
 * twice at the same gets the same answer. */
static void
note_costs(struct demand *d, const struct xbp_snapshot *s)
{
    uint64_t *worst = d->costs_permyriad;

    if (d->has_begun && s->now_ms == d->noted_ms)
        return;
    d->noted_ms = s->now_ms;
    d->idle_kib = idle_kib(d);
    worst[0] = worst[1] = 0;
    for (uint64_t i = 0; i < s->n_guests; i++) {
        struct demand_memory *m = xbp_memory_of(d->memory, i);

        m->paid_permyriad = m->cost_permyriad;
        worst[1] = max_u64(worst[1], min_u64(worst[0], m->paid_permyriad));
        worst[0] = max_u64(worst[0], m->paid_permyriad);
    }
}

static void
look(struct demand *d, const struct xbp_snapshot *s)
{
    d->fraction = xbp_fair_fraction(s, d->fraction);
    for (uint64_t i = 0; i < s->n_guests; i++) {
        const struct xbp_guest *g = s->guests[i];
        struct demand_memory *m = xbp_memory_of(d->memory, i);
        uint64_t boot_ms = xbp_memory_boot_ms(d->memory, i);
        const struct demand_look l = {
            .rules = &d->rules,
            .guest = g,
            .now_ms = s->now_ms,
            .share_kib = xbp_share_kib(g, d->fraction),
            .idle_kib = d->idle_kib,
            .is_new =
                boot_ms > d->begun_ms && s->now_ms - boot_ms < d->rules.hold_ms,
            .worst_cost_permyriad =
                d->costs_permyriad[m->paid_permyriad >= d->costs_permyriad[0]],
        };

        demand_need(&l, m, &d->needs[i]);
        d->parts[i] = (struct demand_part){
            .guest = g,
            .need = &d->needs[i],
            .stay_kib = d->needs[i].is_barred ? d->needs[i].share_kib
                                              : stay_kib(g, m, s->now_ms),
        };
    }
}

/* A change must be worth it, the more so if it takes back what was wished a
 * moment ago.  To whom lacks memory every page is, and none less. */
static bool
is_worth(const struct demand *d, const struct xbp_snapshot *s, uint64_t i)
{
    const struct demand_part *p = &d->parts[i];
    const struct demand_memory *m = xbp_memory_of(d->memory, i);
    bool is_rise = p->give_kib > p->guest->target_kib;
    uint64_t band_kib =
        mul_div(p->guest->target_kib, d->rules.dead_band, XBP_OPTION_ONE);

    if (p->need->cost_permyriad > 0)
        return is_rise || !p->need->is_lasting ||
               p->guest->target_kib > p->need->share_kib;
    if (m->was_wished && is_rise != m->has_risen &&
        !(is_rise && p->need->is_proven) && s->now_ms - m->changed_ms < BACK_MS)
        band_kib = max_u64(band_kib, BACK_KIB);
    return distance_u64(p->give_kib, p->guest->target_kib) >= band_kib;
}

/* Small changes are left out; those that make room are only if the sum fits
 * without any of them. */
static void
write_wishes(const struct demand *d, const struct xbp_snapshot *s,
             uint64_t *target_kib)
{
    uint64_t sum_kib = 0;

    for (uint64_t i = 0; i < s->n_guests; i++) {
        const struct xbp_guest *g = s->guests[i];

        target_kib[i] = is_worth(d, s, i) ? d->parts[i].give_kib
                                          : xbp_bound_kib(g, g->target_kib);
        sum_kib = sat_add(sum_kib, target_kib[i]);
    }
    for (uint64_t i = 0; i < s->n_guests; i++) {
        struct demand_memory *m = xbp_memory_of(d->memory, i);

        if (sum_kib > s->budget_kib)
            target_kib[i] = min_u64(target_kib[i], d->parts[i].give_kib);
        m->wish_kib = target_kib[i];
    }
}

static int
demand_plan(void *ctx, const struct xbp_snapshot *s, uint64_t *target_kib)
{
    struct demand *d = ctx;

    if (reserve(d, s->n_guests) < 0 || xbp_memory_begin(d->memory, s) < 0)
        return -1;
    note_costs(d, s);
    if (!d->has_begun)
        d->begun_ms = s->now_ms;
    d->has_begun = true;
    look(d, s);
    d->n_needs = s->n_guests;
    demand_share(d->parts, s->n_guests, s->budget_kib, &d->cushion_kib);
    write_wishes(d, s, target_kib);
    return 0;
}

static void
demand_explain(void *ctx, uint64_t i, char *text, size_t text_size)
{
    const struct demand *d = ctx;

    demand_words(&d->parts[i], text, text_size);
}

static struct xbp_policy demand_policy = {
    .name = "demand",
    .version = PACKAGE_VERSION,
    .description = "memory goes where it is lacked, from where it is idle",
    .create = demand_create,
    .destroy = demand_destroy,
    .config = xbp_option_config,
    .plan = demand_plan,
    .explain = demand_explain,
};

XBP_REGISTER_POLICY(demand_policy)
