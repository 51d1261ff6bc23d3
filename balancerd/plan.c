/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Wishes, one per sharer of a snapshot. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>

#include "plan.h"

int
plan_begin(struct plan *ret, const struct snapshot *s)
{
    if (s->xbp.n_guests > ret->capacity) {
        struct wish *grown = realloc(ret->wishes, s->capacity * sizeof(*grown));

        if (!grown)
            return -ENOMEM;
        ret->wishes = grown;
        ret->capacity = s->capacity;
    }
    ret->n = s->xbp.n_guests;
    for (size_t i = 0; i < ret->n; i++)
        ret->wishes[i] = (struct wish){
            .domid = s->entries[i].domid,
            .target_kib = s->entries[i].target_kib,
            .rule = PLAN_KEPT,
        };
    return 0;
}

void
plan_done(struct plan *p)
{
    free(p->wishes);
    *p = (struct plan){ 0 };
}

void
steps_done(struct steps *s)
{
    free(s->list);
    *s = (struct steps){ 0 };
}

const char *
plan_rule_text(enum plan_rule rule)
{
    switch (rule) {
    case PLAN_SHARE:
        return "its share";
    case PLAN_G1_RANGE:
        return "held in its dynamic range (G1)";
    case PLAN_G2_BUDGET:
        return "cut: the host needs free memory (G2)";
    case PLAN_G3_WAIT:
        return "grows when others have freed (G3)";
    case PLAN_G5_PROBE:
        return "probed for a balloon driver (G5)";
    case PLAN_G6_RETRACT:
        return "cannot reach its target: told to stay (G6)";
    case PLAN_G7_THRASHING:
        return "thrashing: not shrunk (G7)";
    case PLAN_G8_FLOOR:
        return "at its floor (G8)";
    case PLAN_G9_REST:
        return "change too small or too soon (G9)";
    case PLAN_KEPT:
        return "the engine had no wish";
    }
    return "";
}
