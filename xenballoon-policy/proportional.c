/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * squeezed's rule: every guest gets the same fraction of its dynamic range,
 * (target - dynamic-min) / (dynamic-max - dynamic-min) is equal for all of the
 * same weight, and in proportion to the weight where those differ. Where a
 * bound holds a guest elsewhere, the others share what that leaves.
 */
#include <config.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "util/units.h"
#include "xbp-util.h"

struct proportional {
    uint64_t fraction; /* of the last plan, in 1/XBP_WHOLE */
    bool is_even;      /* all had the same weight then */
};

static void *
proportional_create(void)
{
    return calloc(1, sizeof(struct proportional));
}

static void
proportional_destroy(void *ctx)
{
    free(ctx);
}

static int
proportional_plan(void *ctx, const struct xbp_snapshot *s, uint64_t *target_kib)
{
    struct proportional *p = ctx;

    p->fraction = xbp_fair_fraction(s, p->fraction);
    p->is_even = true;
    for (uint64_t i = 0; i < s->n_guests; i++) {
        target_kib[i] = xbp_share_kib(s->guests[i], p->fraction);
        p->is_even &= s->guests[i]->weight == s->guests[0]->weight;
    }
    return 0;
}

static void
proportional_explain(void *ctx, uint64_t i, char *text, size_t text_size)
{
    const struct proportional *p = ctx;
    uint64_t permyriad =
        mul_div(min_u64(p->fraction, XBP_WHOLE), PERMYRIAD, XBP_WHOLE);

    (void)i; /* it is the same for all */
    snprintf(text, text_size, "%u.%02u %% of its dynamic range%s",
             (unsigned)(permyriad / 100), (unsigned)(permyriad % 100),
             p->is_even ? ", as everyone" : " at a weight of 256");
}

static struct xbp_policy proportional_policy = {
    .name = "proportional",
    .version = PACKAGE_VERSION,
    .description = "the same fraction of its dynamic range for every guest",
    .create = proportional_create,
    .destroy = proportional_destroy,
    .plan = proportional_plan,
    .explain = proportional_explain,
};

XBP_REGISTER_POLICY(proportional_policy)
