/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What has to hold at every tick of every scenario. */
#include <config.h>

#include <inttypes.h>
#include <string.h>

#include "guard.h"
#include "play.h"
#include "util/units.h"

/* The domain that is built out of it, once there is one. */
static const struct sim_guest *
built_of(const struct play *p, const struct reservation *r)
{
    for (size_t i = 0; i < p->world->n && r->uuid[0]; i++)
        if (strcmp(p->world->guests[i].facts.uuid, r->uuid) == 0)
            return &p->world->guests[i];
    return sim_world_find(p->world, r->domid);
}

/* Memory that granted reservations are still owed. */
static uint64_t
promised_kib(const struct play *p)
{
    const struct reserve_table *t = &p->balancer.reservations;
    uint64_t sum_kib = 0;

    for (size_t i = 0; i < t->n; i++) {
        const struct reservation *r = &t->list[i];
        const struct sim_guest *g = built_of(p, r);

        if (r->state == RESERVE_GRANTED)
            sum_kib = sat_add(sum_kib,
                              reserve_open_kib(r, g ? g->facts.actual_kib : 0));
    }
    return sum_kib;
}

/* What domains may still take up without being told anything new: the last
 * page that their target, their inaccuracy and their maxmem allow. */
static uint64_t
at_most_kib(const struct play *p)
{
    uint64_t sum_kib = 0;

    for (size_t i = 0; i < p->world->n; i++) {
        const struct sim_guest *g = &p->world->guests[i];
        uint64_t top_kib =
            sat_add(g->facts.target_kib, g->facts.inaccuracy_kib);

        if (g->facts.target_kib == HOST_UNSET || g->facts.is_dying ||
            g->facts.balloon == HOST_BALLOON_NO ||
            sim_guest_is_building(g, p->world->now_ms))
            continue; /* the builder's claim is not the balancer's doing */
        top_kib = sat_add_delta(top_kib, g->nature.offset_kib);
        top_kib = min_u64(top_kib, g->facts.maxmem_kib);
        sum_kib = sat_add(sum_kib, sat_sub(top_kib, g->facts.actual_kib));
    }
    return sum_kib;
}

static void
check_promises(struct play *p)
{
    int64_t free_kib = p->world->free_kib;
    uint64_t kib = promised_kib(p);

    if (free_kib < 0)
        play_fail(p, "the host is %" PRId64 " KiB short of memory", -free_kib);
    else if ((uint64_t)free_kib < kib)
        play_fail(p, "%" PRIu64 " KiB are promised, %" PRId64 " KiB are free",
                  kib, free_kib);
}

/* squeezed's test: at the moment of the promise and in the end it could be
 * kept even if every domain grew to where its target lets it. */
static void
check_keepable(struct play *p)
{
    uint64_t kib = promised_kib(p);
    uint64_t at_most = at_most_kib(p);

    if ((uint64_t)p->world->free_kib < sat_add(kib, at_most))
        play_fail(p,
                  "%" PRIu64 " KiB are promised, %" PRId64
                  " KiB are free, and domains may take %" PRIu64 " KiB",
                  kib, p->world->free_kib, at_most);
}

void
play_check_rules(struct play *p, bool is_end)
{
    const struct tick_stats *stats = &p->balancer.stats;
    char why[HOST_ERROR_SIZE];
    int rule = 0;

    /* Orders change what the next plan has to keep to; that this one kept to
     * what it was made from is for the balancer to see (guard_failures). */
    if (p->balancer.steps.n == 0)
        rule = guard_check(&p->balancer.plan, &p->balancer.snapshot, why,
                           sizeof(why));
    if (rule != 0)
        play_fail(p, "the plan breaks G%d: %s", rule, why);
    if (stats->failed_ticks > 0 || stats->guard_failures > 0 ||
        stats->engine_failures > 0)
        play_fail(p,
                  "%" PRIu64 " failed ticks, %" PRIu64 " unsafe plans, %" PRIu64
                  " failures of the engine",
                  stats->failed_ticks, stats->guard_failures,
                  stats->engine_failures);
    check_promises(p);
    if (is_end || stats->grants != p->grants)
        check_keepable(p);
    p->grants = stats->grants;
    if (p->world->failed_events > 0)
        play_fail(p, "an event of the scenario could not happen");
}
