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
            .wished_kib = s->entries[i].target_kib,
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
step_kind_name(enum step_kind kind)
{
    switch (kind) {
    case STEP_TARGET:
        return "target";
    case STEP_MAXMEM:
        return "maxmem";
    case STEP_WAKE:
        return "wake";
    }
    return "";
}
