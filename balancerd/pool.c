/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The arithmetic of lending.  Guests come first: what is lent is what is spare,
 * so there is nothing to be shared out. */
#include <config.h>

#include <stddef.h>

#include "pool.h"
#include "util/units.h"

/* A balloon driver goes by pages; a target that ends in a whole MiB is easier
 * to read. */
#define STEP_KIB KIB_PER_MIB
/* A page of lendmem's for the table of 4 MiB; and the table of those. */
#define TABLE_PART 1024
#define TABLES_KIB 12

uint64_t
pool_cost_kib(uint64_t size_kib)
{
    return sat_add(size_kib, size_kib / TABLE_PART + TABLES_KIB);
}

uint64_t
pool_growth_kib(uint64_t promised_kib, uint64_t slack_kib)
{
    uint64_t over_kib = sat_sub(promised_kib, slack_kib);

    return sat_add(over_kib, STEP_KIB - 1) / STEP_KIB * STEP_KIB;
}

uint64_t
pool_lendable_kib(const struct pool_facts *f)
{
    uint64_t more_kib = min_u64(f->spare_kib, f->room_kib);
    uint64_t held_kib = sat_add(f->slack_kib, f->grown_kib);

    /* Domain 0 is grown in whole steps. */
    more_kib = more_kib / STEP_KIB * STEP_KIB;
    return min_u64(sat_sub(f->lend_max_kib, f->promised_kib),
                   sat_sub(sat_add(held_kib, more_kib), f->promised_kib));
}

static bool
stays(const struct lent_lease *l, enum pool_stays when)
{
    switch (when) {
    case POOL_STAYS_NOW:
        return true;
    case POOL_STAYS_SOON:
        return !l->peer[0] || l->is_overdue;
    case POOL_STAYS_EVER:
        break;
    }
    return !l->peer[0];
}

uint64_t
pool_stays_kib(const struct lent *lent, enum pool_stays when)
{
    uint64_t sum_kib = 0;
    size_t i;

    for (i = 0; i < lent->n; i++)
        if (stays(&lent->list[i], when))
            sum_kib = sat_add(sum_kib, pool_cost_kib(lent->list[i].quota_kib));
    return sum_kib;
}

struct lent_lease *
pool_next_recall(struct lent *lent, uint64_t short_kib)
{
    struct lent_lease *next = NULL;
    uint64_t coming_kib = 0;
    size_t i;

    for (i = 0; i < lent->n; i++) {
        struct lent_lease *l = &lent->list[i];

        if (l->is_recalled)
            coming_kib = sat_add(coming_kib, l->quota_kib);
        else if (l->peer[0] && (!next || l->idle_s > next->idle_s))
            next = l;
    }
    return coming_kib < short_kib ? next : NULL;
}
