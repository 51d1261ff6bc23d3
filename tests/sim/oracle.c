/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Gives by need, which it knows.  What a guest needs of its share is its own;
 * then lacks are met, the smallest first, each as a whole or not at all:
 * who still lacks memory beyond its share thrashes, and from who does
 * nobody gets anything back (G7).  Then so is what they will need
 * soon.  What is left goes where an option says.
 */
#include <config.h>

#include <stdbool.h>
#include <stdlib.h>

#include "oracle.h"
#include "sim-guest.h"
#include "util/units.h"
#include "xbp-level.h"
#include "xbp-option.h"
#include "xbp-util.h"

/* For what a need does not say: pages that are read in take the place of
 * others first. */
#define SLACK_SHARE 64

struct need {
    uint64_t guest;
    uint64_t kib;      /* of all that it wants now, or soon */
    uint64_t lack_kib; /* of that, what it has not been given yet */
};

struct oracle {
    struct xbp_options options; /* first: xbp_option_config() */
    uint64_t ahead_ms;          /* how far it sees */
    uint64_t stays; /* the rest: 0 evenly beyond the need, 1 where it is */
    struct need *needs;
    uint64_t capacity;
};

static const struct xbp_option oracle_options[] = {
    { "ahead", XBP_OPTION_TIME, offsetof(struct oracle, ahead_ms), "0s", "1h",
      "0s" },
    { "stays", XBP_OPTION_NUMBER, offsetof(struct oracle, stays), "0", "1",
      "0" },
    { .key = NULL },
};

static const struct sim_world *world;

void
oracle_watch(const struct sim_world *w)
{
    world = w;
}

static void *
oracle_create(void)
{
    return xbp_option_create(sizeof(struct oracle), oracle_options);
}

static void
oracle_destroy(void *ctx)
{
    struct oracle *o = ctx;

    free(o->needs);
    free(o);
}

static int
reserve(struct oracle *o, uint64_t n)
{
    struct need *needs;

    if (n <= o->capacity)
        return 0;
    needs = realloc(o->needs, n * sizeof(*needs));
    if (!needs)
        return -1;
    o->needs = needs;
    o->capacity = n;
    return 0;
}

/* Its working set then, and whatever it has no swap space for. */
static uint64_t
need_kib(const struct sim_guest *g, uint64_t at_ms)
{
    const struct sim_memory *m = &g->life.memory;
    struct sim_demand d = sim_life_demand(g, at_ms);
    uint64_t kernel_kib = m->base_kib + m->keep_kib;
    uint64_t kib = max_u64(sim_memory_needed_kib(m, &d),
                           kernel_kib + sat_sub(d.anon_kib, m->swap_kib));

    return kib + kib / SLACK_SHARE;
}

/* The most that it needs from now on until then. */
static uint64_t
most_kib(const struct sim_guest *g, uint64_t ahead_ms)
{
    const struct sim_life *l = &g->life;
    uint64_t begin_ms = l->began_ms + l->work.delay_ms;
    uint64_t at_ms = world->now_ms;
    uint64_t until_ms = sat_add(at_ms, ahead_ms);
    uint64_t most = need_kib(g, at_ms);

    while (at_ms < until_ms) {
        uint64_t next_ms =
            at_ms < begin_ms
                ? begin_ms
                : sat_add(begin_ms,
                          sim_work_next_ms(&l->work, at_ms - begin_ms));

        if (next_ms > until_ms)
            break;
        at_ms = next_ms;
        most = max_u64(most, need_kib(g, at_ms));
    }
    return most;
}

static uint64_t
wish_kib(const struct xbp_guest *g, uint64_t ahead_ms)
{
    const struct sim_guest *s = sim_world_find(world, g->domid);

    if (xbp_is_reservation(g))
        return g->upper_kib;
    if (!s || s->life.work.n == 0 || !s->life.has_begun)
        return g->lower_kib;
    return xbp_bound_kib(g, most_kib(s, ahead_ms));
}

static int
compare_lacks(const void *a, const void *b)
{
    const struct need *x = a, *y = b;

    if (x->lack_kib != y->lack_kib)
        return x->lack_kib < y->lack_kib ? -1 : 1;
    return x->guest < y->guest ? -1 : x->guest > y->guest;
}

/* Meets needs up to then; what is left. */
static uint64_t
meet(struct oracle *o, const struct xbp_snapshot *s, uint64_t ahead_ms,
     uint64_t left_kib, uint64_t *target_kib)
{
    uint64_t fraction = xbp_fair_fraction(s, 0);

    for (uint64_t i = 0; i < s->n_guests; i++) {
        uint64_t kib = wish_kib(s->guests[i], ahead_ms);
        uint64_t share_kib = xbp_share_kib(s->guests[i], fraction);
        uint64_t own_kib =
            min_u64(left_kib, sat_sub(min_u64(kib, share_kib), target_kib[i]));

        target_kib[i] += own_kib;
        left_kib -= own_kib;
        o->needs[i] = (struct need){ i, kib, sat_sub(kib, target_kib[i]) };
    }
    qsort(o->needs, s->n_guests, sizeof(*o->needs), compare_lacks);
    for (uint64_t i = 0; i < s->n_guests; i++) {
        const struct need *n = &o->needs[i];

        if (n->lack_kib > left_kib)
            break;
        target_kib[n->guest] += n->lack_kib;
        left_kib -= n->lack_kib;
    }
    return left_kib;
}

/* Each is raised towards its goal, all by the same part of the way. */
static uint64_t
raise(const struct xbp_snapshot *s,
      uint64_t (*goal_kib)(const struct xbp_guest *), uint64_t left_kib,
      uint64_t *target_kib)
{
    uint64_t all_kib = 0, spent_kib = 0;

    for (uint64_t i = 0; i < s->n_guests; i++)
        all_kib += sat_sub(goal_kib(s->guests[i]), target_kib[i]);
    for (uint64_t i = 0; i < s->n_guests && all_kib > 0; i++) {
        uint64_t kib = sat_sub(goal_kib(s->guests[i]), target_kib[i]);

        if (all_kib > left_kib)
            kib = mul_div(kib, left_kib, all_kib);
        target_kib[i] += kib;
        spent_kib += kib;
    }
    return left_kib - spent_kib;
}

static uint64_t
staying_kib(const struct xbp_guest *g)
{
    return xbp_bound_kib(g, g->target_kib);
}

static uint64_t
upper_kib(const struct xbp_guest *g)
{
    return g->upper_kib;
}

static int
oracle_plan(void *ctx, const struct xbp_snapshot *s, uint64_t *target_kib)
{
    struct oracle *o = ctx;
    uint64_t left_kib = s->budget_kib;

    if (!world || reserve(o, s->n_guests) < 0)
        return -1;
    for (uint64_t i = 0; i < s->n_guests; i++) {
        target_kib[i] = s->guests[i]->lower_kib;
        left_kib = sat_sub(left_kib, target_kib[i]);
    }
    left_kib = meet(o, s, 0, left_kib, target_kib);
    left_kib = meet(o, s, o->ahead_ms, left_kib, target_kib);
    if (o->stays > 0)
        left_kib = raise(s, staying_kib, left_kib, target_kib);
    raise(s, upper_kib, left_kib, target_kib);
    return 0;
}

static struct xbp_policy oracle_policy = {
    .name = "oracle",
    .description = "what could be had by who knows",
    .create = oracle_create,
    .destroy = oracle_destroy,
    .config = xbp_option_config,
    .plan = oracle_plan,
};

XBP_REGISTER_POLICY(oracle_policy)
