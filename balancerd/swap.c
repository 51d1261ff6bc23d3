/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The list of volumes. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "swap.h"

struct swap_volume *
swap_find(const struct swap *s, const char *uuid)
{
    for (size_t i = 0; i < s->n; i++)
        if (strcmp(s->list[i]->uuid, uuid) == 0)
            return s->list[i];
    return NULL;
}

bool
swap_is_over(const struct swap_volume *v)
{
    return v->state == VOLUME_RETURNING || v->state == VOLUME_ENDED;
}

/* There may be some that have ended before. */
struct swap_volume *
swap_of(const struct swap *s, const char *domain)
{
    struct swap_volume *found = NULL;

    for (size_t i = 0; i < s->n; i++) {
        struct swap_volume *v = s->list[i];

        if (strcmp(v->domain, domain) == 0 && (!found || swap_is_over(found)))
            found = v;
    }
    return found;
}

/* Only for those who asked for it. */
static void
drop_ended(struct swap *s)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->list[i]->state == VOLUME_ENDED) {
            swap_drop(s, s->list[i]);
            return;
        }
}

struct swap_volume *
swap_new(struct swap *s)
{
    struct swap_volume *v;

    if (s->n == SWAP_VOLUMES_MAX)
        drop_ended(s);
    v = s->n < SWAP_VOLUMES_MAX ? calloc(1, sizeof(*v)) : NULL;
    if (v) {
        v->needed_kib = HOST_UNSET;
        v->available_kib = HOST_UNSET;
        v->facts.used_kib = HOST_UNSET;
        v->facts.device_kib = HOST_UNSET;
        s->list[s->n++] = v;
    }
    return v;
}

void
swap_drop(struct swap *s, const struct swap_volume *v)
{
    for (size_t i = 0; i < s->n; i++) {
        if (s->list[i] != v)
            continue;
        free(s->list[i]);
        for (s->n--; i < s->n; i++)
            s->list[i] = s->list[i + 1];
        return;
    }
}

void
swap_done(struct swap *s)
{
    while (s->n > 0)
        swap_drop(s, s->list[0]);
}

static bool
has_leg(const struct swap_facts *facts, const char *name)
{
    for (size_t i = 0; i < facts->n_legs; i++)
        if (strcmp(facts->legs[i].name, name) == 0 &&
            (strcmp(facts->legs[i].state, "in-sync") == 0 ||
             strcmp(facts->legs[i].state, "syncing") == 0))
            return true;
    return false;
}

size_t
swap_lost_leg(const struct swap_volume *v)
{
    char name[RSWAP_LEG_NAME_SIZE];
    struct rswap_leg leg;
    size_t i;

    for (i = 0; i < v->n_legs; i++)
        if (rswap_leg_parse(v->legs[i], &leg) < 0 ||
            !has_leg(&v->facts, rswap_leg_name(&leg, name)))
            break;
    return i;
}
