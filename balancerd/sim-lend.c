/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lenders that give what they have, fail, and want it back. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim-lend.h"
#include "util/units.h"

#define ANSWER_MS  50 /* a round trip, and a daemon at the other end */
#define LEASES_MAX SWAP_VOLUMES_MAX

enum sim_lease_state {
    LEASE_NONE,
    LEASE_ASKED,
    LEASE_LENT,
    LEASE_ENDING,
};

struct sim_lease {
    enum sim_lease_state state;
    char volume[PARSE_UUID_SIZE];
    char lender[SWAP_LENDER_SIZE];
    uint64_t size_kib;
    uint64_t due_ms;
};

struct sim_lend {
    struct swap_lend base;
    const struct sim_world *w;
    struct sim_lease leases[LEASES_MAX];
};

static struct sim_lend *
from_lend(struct swap_lend *lend)
{
    return (struct sim_lend *)lend;
}

static uint64_t
lent_kib(const struct sim_lend *s, const char *lender)
{
    uint64_t sum_kib = 0;

    for (size_t i = 0; i < LEASES_MAX; i++)
        if (s->leases[i].state != LEASE_NONE &&
            strcmp(s->leases[i].lender, lender) == 0)
            sum_kib += s->leases[i].size_kib;
    return sum_kib;
}

static bool
sim_get(struct swap_lend *lend, size_t i, struct swap_lender *ret)
{
    struct sim_lend *s = from_lend(lend);
    const struct sim_lender *l = &s->w->scenario.lenders[i];

    if (i >= SIM_LENDERS || !l->name[0])
        return false;
    ret->name = l->name;
    ret->is_up = !sim_world_lender_is(s->w, l->name, SIM_LENDER_DOWN);
    ret->why_down = "no answer";
    ret->free_kib = sat_sub(l->size_kib, lent_kib(s, l->name));
    return true;
}

static struct sim_lease *
lease_of(struct sim_lend *s, const char *volume, const char *lender)
{
    for (size_t i = 0; i < LEASES_MAX; i++)
        if (s->leases[i].state != LEASE_NONE &&
            strcmp(s->leases[i].volume, volume) == 0 &&
            strcmp(s->leases[i].lender, lender) == 0)
            return &s->leases[i];
    return NULL;
}

static struct sim_lease *
new_lease(struct sim_lend *s)
{
    for (size_t i = 0; i < LEASES_MAX; i++)
        if (s->leases[i].state == LEASE_NONE)
            return &s->leases[i];
    return NULL;
}

static int
sim_ask(struct swap_lend *lend, const struct swap_volume *v, const char *lender)
{
    struct sim_lend *s = from_lend(lend);
    struct sim_lease *l = lease_of(s, v->uuid, lender);

    if (!l)
        l = new_lease(s);
    if (!l)
        return -ENOSPC;
    *l = (struct sim_lease){ .state = LEASE_ASKED,
                             .size_kib = v->size_kib,
                             .due_ms = s->w->now_ms + ANSWER_MS };
    snprintf(l->volume, sizeof(l->volume), "%s", v->uuid);
    snprintf(l->lender, sizeof(l->lender), "%s", lender);
    return 0;
}

/* What was not lent is given back as well. */
static int
sim_end(struct swap_lend *lend, const struct swap_volume *v, const char *lender)
{
    struct sim_lend *s = from_lend(lend);
    struct sim_lease *l = lease_of(s, v->uuid, lender);

    if (!l) {
        int r = sim_ask(lend, v, lender);

        l = lease_of(s, v->uuid, lender);
        if (!l)
            return r;
    }
    l->state = LEASE_ENDING;
    l->due_ms = s->w->now_ms + ANSWER_MS;
    return 0;
}

static void
answer(const struct sim_lend *s, struct sim_lease *l,
       struct swap_lend_answer *ret)
{
    bool is_down = sim_world_lender_is(s->w, l->lender, SIM_LENDER_DOWN);

    *ret = (struct swap_lend_answer){ .is_end = l->state == LEASE_ENDING };
    memcpy(ret->volume, l->volume, sizeof(ret->volume));
    memcpy(ret->lender, l->lender, sizeof(ret->lender));
    if (is_down) {
        snprintf(ret->error, sizeof(ret->error), "it is down");
        l->state = ret->is_end ? LEASE_LENT : LEASE_NONE;
        return;
    }
    if (!ret->is_end)
        snprintf(ret->leg, sizeof(ret->leg), "nbd:%s:10809:%s", l->lender,
                 l->volume);
    l->state = ret->is_end ? LEASE_NONE : LEASE_LENT;
}

static bool
sim_next(struct swap_lend *lend, struct swap_lend_answer *ret)
{
    struct sim_lend *s = from_lend(lend);

    for (size_t i = 0; i < LEASES_MAX; i++) {
        struct sim_lease *l = &s->leases[i];

        if ((l->state != LEASE_ASKED && l->state != LEASE_ENDING) ||
            s->w->now_ms < l->due_ms)
            continue;
        answer(s, l, ret);
        return true;
    }
    return false;
}

static bool
sim_is_recalled(struct swap_lend *lend, const char *volume, const char *lender)
{
    (void)volume;
    return sim_world_lender_is(from_lend(lend)->w, lender, SIM_LENDER_RECALLS);
}

static void
sim_free(struct swap_lend *lend)
{
    free(from_lend(lend));
}

struct swap_lend *
sim_lend_new(const struct sim_world *w)
{
    static const struct swap_lend_ops ops = {
        .get = sim_get,
        .ask = sim_ask,
        .end = sim_end,
        .next = sim_next,
        .is_recalled = sim_is_recalled,
        .free = sim_free,
    };
    struct sim_lend *s = calloc(1, sizeof(*s));

    if (!s)
        return NULL;
    s->base.ops = &ops;
    s->w = w;
    return &s->base;
}
