/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the next domain to come. */
#include <config.h>

#include <string.h>

#include "guest.h"
#include "reserve-heir.h"
#include "reserve.h"

/* It was built out of that: it needs no other. */
static bool
has_its_own(const struct guest *g, const struct reserve_table *t)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct reservation *r = &t->list[i];

        if (r->domid == g->facts.domid ||
            (r->uuid[0] && strcmp(r->uuid, g->facts.uuid) == 0))
            return true;
    }
    return false;
}

const struct guest *
reserve_heir(const struct reservation *r, const struct reserve_table *t,
             const struct guest_table *guests)
{
    const struct guest *heir = NULL;

    if (!r->is_for_next || r->state != RESERVE_GRANTED)
        return NULL;
    for (size_t i = 0; i < guests->n; i++) {
        const struct guest *g = &guests->guests[i];

        /* 0: nobody saw it come. */
        if (g->appeared_ms == 0 || g->appeared_ms < r->granted_ms ||
            (heir && g->appeared_ms >= heir->appeared_ms) || has_its_own(g, t))
            continue;
        heir = g;
    }
    return heir;
}
