/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Volumes of a simulated host. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim-guest.h"
#include "sim-swap.h"
#include "swap-answer.h"
#include "util/units.h"

/* As in the lab: half a second to attach, and less for all else. */
#define ATTACH_MS 500
#define OTHER_MS  100
#define FILE_LEG  "file:"

struct sim_leg {
    char name[RSWAP_LEG_NAME_SIZE];
    bool is_lost; /* until it is added again */
};

struct sim_volume {
    struct swap_volume asked; /* with the deed under way */
    uint64_t due_ms;
    bool is_attached;
    size_t n_legs;
    struct sim_leg legs[RSWAP_LEGS_MAX];
};

struct sim_swap {
    struct swap_run base;
    const struct sim_world *w;
    struct sim_volume *list[SWAP_VOLUMES_MAX];
};

static struct sim_swap *
from_run(struct swap_run *run)
{
    return (struct sim_swap *)run;
}

/* Its slot, empty or not; NULL: there is no room. */
static struct sim_volume **
slot_of(struct sim_swap *s, const char *uuid)
{
    struct sim_volume **empty = NULL;

    for (size_t i = 0; i < SWAP_VOLUMES_MAX; i++) {
        struct sim_volume *v = s->list[i];

        if (v && strcmp(v->asked.uuid, uuid) == 0)
            return &s->list[i];
        if (!v && !empty)
            empty = &s->list[i];
    }
    return empty;
}

static int
sim_begin(struct swap_run *run, const struct swap_volume *v)
{
    struct sim_swap *s = from_run(run);
    struct sim_volume **slot = slot_of(s, v->uuid);

    if (slot && !*slot)
        *slot = calloc(1, sizeof(**slot));
    if (!slot || !*slot)
        return -ENOMEM;
    (*slot)->asked = *v;
    (*slot)->due_ms =
        s->w->now_ms + (v->deed == VOLUME_DO_ATTACH ? ATTACH_MS : OTHER_MS);
    return 0;
}

static bool
is_down(const struct sim_world *w, const struct rswap_leg *leg)
{
    return leg->kind == RSWAP_LEG_NBD &&
           sim_world_lender_is(w, leg->host, SIM_LENDER_DOWN);
}

/* Is that leg, as it is named, to be had? */
static bool
can_connect(const struct sim_world *w, const char *text,
            struct swap_answer *ret)
{
    struct rswap_leg leg;

    if (rswap_leg_parse(text, &leg) == 0 && !is_down(w, &leg))
        return true;
    swap_answer_fail(ret, "lender-unreachable",
                     "%s: there is no connection to it", leg.host);
    return false;
}

static void
notice_lost(const struct sim_world *w, struct sim_volume *v)
{
    struct rswap_leg leg;

    for (size_t i = 0; i < v->n_legs; i++)
        if (rswap_leg_parse(v->legs[i].name, &leg) == 0)
            v->legs[i].is_lost |= is_down(w, &leg);
}

static uint64_t
used_kib(const struct sim_guest *g, const struct sim_volume *v)
{
    uint64_t needs_kib = g->nature.needs_kib;

    if (needs_kib == HOST_UNSET)
        return 0;
    return min_u64(sat_sub(needs_kib, g->facts.actual_kib), v->asked.size_kib);
}

static void
show(const struct sim_swap *s, const struct sim_volume *v,
     struct swap_facts *facts)
{
    const struct sim_guest *g = sim_world_find(s->w, v->asked.domid);

    facts->is_attached = v->is_attached && g;
    facts->sync_permyriad = PERMYRIAD;
    if (!facts->is_attached)
        return;
    snprintf(facts->vdev, sizeof(facts->vdev), "xvdp");
    snprintf(facts->device, sizeof(facts->device), "/dev/md%u", v->asked.domid);
    snprintf(facts->guest_state, sizeof(facts->guest_state), "on");
    facts->device_kib = v->asked.size_kib;
    facts->used_kib = used_kib(g, v);
    facts->n_legs = v->n_legs;
    for (size_t i = 0; i < v->n_legs; i++) {
        snprintf(facts->legs[i].name, sizeof(facts->legs[i].name), "%s",
                 v->legs[i].name);
        snprintf(facts->legs[i].state, sizeof(facts->legs[i].state), "%s",
                 v->legs[i].is_lost ? "failed" : "in-sync");
        facts->is_damaged |= v->legs[i].is_lost;
    }
}

static bool
has_room(const struct sim_world *w, const struct swap_volume *asked,
         struct swap_answer *ret)
{
    uint64_t room_kib = w->scenario.swap_room_kib;

    for (size_t i = 0; i < asked->n_legs; i++) {
        if (strncmp(asked->legs[i], FILE_LEG, strlen(FILE_LEG)) != 0 ||
            asked->size_kib <= room_kib)
            continue;
        swap_answer_fail(ret, "no-room",
                         "%s has room for %" PRIu64 " KiB, %" PRIu64
                         " KiB are needed",
                         asked->legs[i] + strlen(FILE_LEG), room_kib,
                         asked->size_kib);
        ret->needed_kib = asked->size_kib;
        ret->available_kib = room_kib;
        return false;
    }
    return true;
}

static void
attach(struct sim_swap *s, struct sim_volume *v, struct swap_answer *ret)
{
    const struct swap_volume *asked = &v->asked;
    struct rswap_leg leg;

    if (!sim_world_find(s->w, asked->domid)) {
        swap_answer_fail(ret, "no-domain", "there is no domain %u",
                         asked->domid);
        return;
    }
    if (!has_room(s->w, asked, ret))
        return;
    for (size_t i = 0; i < asked->n_legs; i++)
        if (!can_connect(s->w, asked->legs[i], ret))
            return;
    v->is_attached = true;
    v->n_legs = asked->n_legs;
    for (size_t i = 0; i < v->n_legs; i++)
        if (rswap_leg_parse(asked->legs[i], &leg) == 0)
            rswap_leg_name(&leg, v->legs[i].name);
}

static void
replace(struct sim_swap *s, struct sim_volume *v, struct swap_answer *ret)
{
    size_t lost = swap_lost_leg(&v->asked);
    struct rswap_leg leg;

    if (lost == v->n_legs || !can_connect(s->w, v->asked.legs[lost], ret) ||
        rswap_leg_parse(v->asked.legs[lost], &leg) < 0)
        return;
    rswap_leg_name(&leg, v->legs[lost].name);
    v->legs[lost].is_lost = false;
}

/* The guest's agent gives up what it can do without. */
static void
withdraw(struct sim_swap *s, struct sim_volume *v, struct swap_answer *ret)
{
    const struct sim_guest *g = sim_world_find(s->w, v->asked.domid);
    uint64_t used = g ? used_kib(g, v) : 0;

    if (!v->is_attached) {
        swap_answer_fail(ret, "not-attached", "there is no such volume");
    } else if (used > 0) {
        swap_answer_fail(ret, "guest-refuses",
                         "the guest needs %" PRIu64 " KiB, and has no memory "
                         "for it",
                         used);
        ret->needed_kib = used;
        ret->available_kib = 0;
    }
}

static void
carry_out(struct sim_swap *s, struct sim_volume *v, struct swap_answer *ret)
{
    *ret = (struct swap_answer){ .needed_kib = HOST_UNSET,
                                 .available_kib = HOST_UNSET,
                                 .facts = { .device_kib = HOST_UNSET,
                                            .used_kib = HOST_UNSET } };
    notice_lost(s->w, v);
    switch (v->asked.deed) {
    case VOLUME_DO_ATTACH:
        attach(s, v, ret);
        break;
    case VOLUME_DO_REPLACE:
        replace(s, v, ret);
        break;
    case VOLUME_DO_SHED:
        v->legs[v->asked.shed].is_lost = true;
        break;
    case VOLUME_DO_WITHDRAW:
        withdraw(s, v, ret);
        break;
    case VOLUME_DO_DETACH:
        v->is_attached = false;
        break;
    case VOLUME_DO_NOTHING:
    case VOLUME_DO_LOOK:
    case VOLUME_DO_ASK:
    case VOLUME_DO_RETURN:
        break;
    }
    if (!ret->code[0])
        show(s, v, &ret->facts);
    memcpy(ret->volume, v->asked.uuid, sizeof(ret->volume));
    v->asked.deed = VOLUME_DO_NOTHING;
}

static bool
sim_next(struct swap_run *run, struct swap_answer *ret)
{
    struct sim_swap *s = from_run(run);

    for (size_t i = 0; i < SWAP_VOLUMES_MAX; i++) {
        struct sim_volume *v = s->list[i];

        if (!v || v->asked.deed == VOLUME_DO_NOTHING ||
            s->w->now_ms < v->due_ms)
            continue;
        carry_out(s, v, ret);
        if (!v->is_attached) {
            free(v);
            s->list[i] = NULL;
        }
        return true;
    }
    return false;
}

static bool
sim_is_degraded(struct swap_run *run, const char *device)
{
    struct sim_swap *s = from_run(run);
    bool is_degraded = false;
    char name[VOLUME_WORD_SIZE];

    for (size_t i = 0; i < SWAP_VOLUMES_MAX; i++) {
        struct sim_volume *v = s->list[i];

        if (!v)
            continue;
        snprintf(name, sizeof(name), "/dev/md%u", v->asked.domid);
        if (strcmp(name, device) != 0)
            continue;
        notice_lost(s->w, v);
        for (size_t j = 0; j < v->n_legs; j++)
            is_degraded |= v->legs[j].is_lost;
    }
    return is_degraded;
}

static void
sim_free(struct swap_run *run)
{
    struct sim_swap *s = from_run(run);

    for (size_t i = 0; i < SWAP_VOLUMES_MAX; i++)
        free(s->list[i]);
    free(s);
}

struct swap_run *
sim_swap_new(const struct sim_world *w)
{
    static const struct swap_run_ops ops = {
        .begin = sim_begin,
        .next = sim_next,
        .is_degraded = sim_is_degraded,
        .free = sim_free,
    };
    struct sim_swap *s = calloc(1, sizeof(*s));

    if (!s)
        return NULL;
    s->base.ops = &ops;
    s->w = w;
    return &s->base;
}
