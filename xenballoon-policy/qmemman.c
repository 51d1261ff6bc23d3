/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rule of Qubes OS's qmemman: a guest prefers 1.3 times what it uses, swap
 * included.  Where all can have that, the rest is shared in proportion to it;
 * else those who have more give what is above it to those who have less.  What
 * the host asks for is taken from those who have more.
 *
 * Its word "used" is MemTotal - Buffers - Cached - MemFree + SwapTotal -
 * SwapFree; here that is all but what the guest says is available, and what is
 * swapped out.  A guest that says nothing is left as it is, unless nobody else
 * can give.  mem_max is the bound above which a guest is not given memory now.
 *
 * In one thing this is kinder than qmemman: where memory is scarce, what donors
 * give reaches the others in the same plan and not with the next report.
 */
#include <config.h>

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "util/units.h"
#include "xbp-level.h"
#include "xbp-memory.h"
#include "xbp-option.h"

/* "Prevent rounding errors": all but a thousandth is given. */
#define GIVEN_PERMYRIAD 9990u
/* REQ_SAFETY_NET_FACTOR: donors are asked for a little more. */
#define ASKED_PERMYRIAD 10500u
/* Of a donor with less no more is asked. */
#define SURPLUS_MIN_KIB (10 * KIB_PER_MIB)
/* MIN_MEM_CHANGE_WHEN_UNDER_PREF: a growth of someone in need is worth it, */
#define NEED_MIN_KIB (15 * KIB_PER_MIB)
/* and so are changes of this much together, MIN_TOTAL_MEMORY_TRANSFER. */
#define CHANGE_MIN_KIB (150 * KIB_PER_MIB)

enum mode {
    MODE_REST,    /* no change would be worth it */
    MODE_FREE_UP, /* the host needs memory */
    MODE_ENOUGH,  /* for what all prefer */
    MODE_SCARCE,
};

static const char *const mode_texts[] = {
    [MODE_REST] = "no change would be worth it",
    [MODE_FREE_UP] = "those who have more give what the host needs",
    [MODE_ENOUGH] = "all can have that and share the rest in proportion",
    [MODE_SCARCE] = "those who have more give it to those who have less",
};

struct qmemman {
    struct xbp_options options;
    uint64_t least_kib; /* of what a guest prefers */
    uint64_t boost_kib; /* domain 0 needs more cache */
    uint64_t factor;    /* in 1/XBP_OPTION_ONE */
    enum mode mode;     /* of the last plan */
    struct xbp_memory *memory;
};

/* The names and defaults are those of /etc/qubes/qmemman.conf. */
static const struct xbp_option qmemman_options[] = {
    { "vm-min-mem", XBP_OPTION_SIZE, offsetof(struct qmemman, least_kib), "0",
      "1TiB", "200MiB" },
    { "dom0-mem-boost", XBP_OPTION_SIZE, offsetof(struct qmemman, boost_kib),
      "0", "1TiB", "350MiB" },
    { "cache-margin-factor", XBP_OPTION_NUMBER,
      offsetof(struct qmemman, factor), "1", "10", "1.3" },
    { NULL, XBP_OPTION_NUMBER, 0, NULL, NULL, NULL },
};

struct entry {
    bool is_mute; /* says nothing: takes no part */
    uint64_t used_kib;
    uint64_t pref_kib;
    uint64_t wish_kib;
};

/* Sums over those who take part, reservations left out. */
struct sums {
    uint64_t pref_kib;    /* of all */
    uint64_t needy_kib;   /* what those prefer who have less */
    uint64_t surplus_kib; /* what the others have above it */
    uint64_t fixed_kib;   /* what those have who take no part */
    uint64_t targets_kib; /* what those have who do */
};

static void
qmemman_destroy(void *ctx)
{
    struct qmemman *e = ctx;

    xbp_memory_free(e->memory);
    free(e);
}

static void *
qmemman_create(void)
{
    struct qmemman *e = xbp_option_create(sizeof(*e), qmemman_options);

    if (!e)
        return NULL;
    e->memory = xbp_memory_new(sizeof(struct entry));
    if (!e->memory) {
        qmemman_destroy(e);
        return NULL;
    }
    return e;
}

static struct entry *
entry_of(const struct qmemman *e, uint64_t i)
{
    return xbp_memory_of(e->memory, i);
}

static uint64_t
preferred_kib(const struct qmemman *e, const struct xbp_guest *g,
              uint64_t used_kib)
{
    uint64_t pref_kib = mul_div(used_kib, e->factor, XBP_OPTION_ONE);

    if (g->domid == 0)
        return min_u64(sat_add(pref_kib, e->boost_kib), g->upper_kib);
    return max_u64(min_u64(pref_kib, g->upper_kib), e->least_kib);
}

static void
look(const struct qmemman *e, const struct xbp_snapshot *s, struct sums *ret)
{
    *ret = (struct sums){ 0 };
    for (uint64_t i = 0; i < s->n_guests; i++) {
        const struct xbp_guest *g = s->guests[i];
        struct entry *entry = entry_of(e, i);
        uint64_t used_kib = xbp_used_kib(g);

        entry->is_mute = used_kib == XBP_UNKNOWN || xbp_is_reservation(g);
        entry->wish_kib = g->target_kib;
        if (entry->is_mute) {
            ret->fixed_kib = sat_add(ret->fixed_kib, g->target_kib);
            continue;
        }
        entry->used_kib = sat_add(used_kib, xbp_swapped_kib(g));
        entry->pref_kib = preferred_kib(e, g, entry->used_kib);
        ret->pref_kib = sat_add(ret->pref_kib, entry->pref_kib);
        ret->targets_kib = sat_add(ret->targets_kib, g->target_kib);
        if (g->target_kib > entry->pref_kib || g->target_kib >= g->upper_kib)
            ret->surplus_kib = sat_add(ret->surplus_kib,
                                       sat_sub(g->target_kib, entry->pref_kib));
        else
            ret->needy_kib = sat_add(ret->needy_kib, entry->pref_kib);
    }
}

/* A range is what donors can give beside what is free. */
static void
give_reservations(const struct qmemman *e, const struct xbp_snapshot *s,
                  struct sums *sums)
{
    uint64_t held_kib = sat_add(sums->targets_kib, sums->fixed_kib);
    uint64_t left_kib =
        sat_sub(sat_add(s->budget_kib, sums->surplus_kib), held_kib);

    for (uint64_t i = 0; i < s->n_guests; i++) {
        const struct xbp_guest *g = s->guests[i];
        struct entry *entry = entry_of(e, i);

        if (!xbp_is_reservation(g))
            continue;
        /* Its minimum is among what is fixed. */
        entry->wish_kib = xbp_bound_kib(g, sat_add(g->target_kib, left_kib));
        left_kib = sat_sub(left_kib, entry->wish_kib - g->target_kib);
        sums->fixed_kib =
            sat_add(sums->fixed_kib, sat_sub(entry->wish_kib, g->target_kib));
    }
}

/* balloon(): donors give in proportion to what they have too much. */
static void
free_up(const struct qmemman *e, const struct xbp_snapshot *s,
        const struct sums *sums, uint64_t needed_kib)
{
    uint64_t asked_kib =
        min_u64(mul_div(needed_kib, ASKED_PERMYRIAD, PERMYRIAD),
                sums->surplus_kib);

    for (uint64_t i = 0; i < s->n_guests; i++) {
        struct entry *entry = entry_of(e, i);
        uint64_t surplus_kib = sat_sub(entry->wish_kib, entry->pref_kib);

        if (!entry->is_mute && sums->surplus_kib > 0)
            entry->wish_kib -=
                mul_div(surplus_kib, asked_kib, sums->surplus_kib);
    }
}

/* What a guest that has its share may still be given of each part of the
 * rest: what did not fit into others. */
static void
spread(const struct qmemman *e, const struct xbp_snapshot *s, uint64_t left_kib,
       uint64_t takers)
{
    while (left_kib > 0 && takers > 0) {
        uint64_t part_kib =
            mul_div(left_kib, GIVEN_PERMYRIAD, PERMYRIAD * takers);
        uint64_t still_kib = 0, full = 0;

        for (uint64_t i = 0; i < s->n_guests; i++) {
            struct entry *entry = entry_of(e, i);
            uint64_t room_kib =
                sat_sub(s->guests[i]->upper_kib, entry->wish_kib);

            if (entry->is_mute || room_kib == 0)
                continue;
            entry->wish_kib += min_u64(part_kib, room_kib);
            still_kib += sat_sub(part_kib, room_kib);
            full += part_kib >= room_kib;
        }
        left_kib = still_kib;
        takers = sat_sub(takers, full);
    }
}

/* balance_when_enough_mem() */
static void
share_out(const struct qmemman *e, const struct xbp_snapshot *s,
          const struct sums *sums, uint64_t available_kib)
{
    uint64_t left_kib = 0, takers = 0;

    for (uint64_t i = 0; i < s->n_guests; i++) {
        struct entry *entry = entry_of(e, i);
        uint64_t upper_kib = s->guests[i]->upper_kib, fair_kib;

        if (entry->is_mute)
            continue;
        fair_kib =
            sat_add(entry->pref_kib, mul_div(available_kib, entry->pref_kib,
                                             max_u64(sums->pref_kib, 1)));
        fair_kib = mul_div(fair_kib, GIVEN_PERMYRIAD, PERMYRIAD);
        entry->wish_kib = min_u64(fair_kib, upper_kib);
        left_kib = sat_add(left_kib, fair_kib - entry->wish_kib);
        takers += fair_kib <= upper_kib;
    }
    spread(e, s, left_kib, takers);
}

/* balance_when_low_on_mem(): donors first; then what there is. */
static void
make_ends_meet(const struct qmemman *e, const struct xbp_snapshot *s,
               const struct sums *sums)
{
    uint64_t held_kib = sat_add(sums->targets_kib, sums->fixed_kib);
    uint64_t left_kib = sat_sub(s->budget_kib, held_kib);

    for (uint64_t i = 0; i < s->n_guests; i++) {
        struct entry *entry = entry_of(e, i);
        uint64_t surplus_kib = sat_sub(entry->wish_kib, entry->pref_kib);

        if (entry->is_mute || surplus_kib < SURPLUS_MIN_KIB)
            continue;
        left_kib = sat_add(left_kib, surplus_kib);
        entry->wish_kib = entry->pref_kib;
    }
    for (uint64_t i = 0; i < s->n_guests; i++) {
        const struct xbp_guest *g = s->guests[i];
        struct entry *entry = entry_of(e, i);
        uint64_t more_kib;

        if (entry->is_mute || g->target_kib > entry->pref_kib ||
            g->target_kib >= g->upper_kib)
            continue;
        more_kib = sat_add(g->target_kib, mul_div(left_kib, entry->pref_kib,
                                                  max_u64(sums->needy_kib, 1)));
        more_kib = mul_div(more_kib, GIVEN_PERMYRIAD, PERMYRIAD);
        /* The thousandth does not make someone in need smaller. */
        entry->wish_kib = max_u64(more_kib, g->target_kib);
    }
}

/* is_balance_req_significant() */
static bool
is_worth_it(const struct qmemman *e, const struct xbp_snapshot *s,
            uint64_t unused_kib)
{
    uint64_t changes_kib = unused_kib;

    for (uint64_t i = 0; i < s->n_guests; i++) {
        const struct xbp_guest *g = s->guests[i];
        const struct entry *entry = entry_of(e, i);

        changes_kib =
            sat_add(changes_kib, distance_u64(entry->wish_kib, g->target_kib));
        if (!entry->is_mute && g->target_kib < entry->pref_kib &&
            sat_sub(entry->wish_kib, g->target_kib) > NEED_MIN_KIB)
            return true;
    }
    return changes_kib > CHANGE_MIN_KIB;
}

static uint64_t
keep_preferred(void *ctx, const struct xbp_snapshot *s, uint64_t i)
{
    const struct entry *entry = entry_of(ctx, i);

    return entry->is_mute ? s->guests[i]->upper_kib : entry->pref_kib;
}

static void
stay(const struct qmemman *e, const struct xbp_snapshot *s)
{
    for (uint64_t i = 0; i < s->n_guests; i++) {
        if (!xbp_is_reservation(s->guests[i]))
            entry_of(e, i)->wish_kib = s->guests[i]->target_kib;
    }
}

static enum mode
decide(const struct qmemman *e, const struct xbp_snapshot *s)
{
    uint64_t held_kib, wanted_kib;
    struct sums sums;

    look(e, s, &sums);
    give_reservations(e, s, &sums);
    held_kib = sat_add(sums.targets_kib, sums.fixed_kib);
    wanted_kib = sat_add(sums.pref_kib, sums.fixed_kib);
    if (held_kib > s->budget_kib) {
        free_up(e, s, &sums, held_kib - s->budget_kib);
        return MODE_FREE_UP;
    }
    if (wanted_kib < s->budget_kib)
        share_out(e, s, &sums, s->budget_kib - wanted_kib);
    else
        make_ends_meet(e, s, &sums);
    if (!is_worth_it(e, s, s->budget_kib - held_kib)) {
        stay(e, s);
        return MODE_REST;
    }
    return wanted_kib < s->budget_kib ? MODE_ENOUGH : MODE_SCARCE;
}

static int
qmemman_plan(void *ctx, const struct xbp_snapshot *s, uint64_t *target_kib)
{
    struct qmemman *e = ctx;

    if (xbp_memory_begin(e->memory, s) < 0)
        return -1;
    e->mode = decide(e, s);
    for (uint64_t i = 0; i < s->n_guests; i++)
        target_kib[i] = entry_of(e, i)->wish_kib;
    xbp_fit(s, keep_preferred, e, target_kib);
    return 0;
}

static void
qmemman_explain(void *ctx, uint64_t i, char *text, size_t text_size)
{
    const struct qmemman *e = ctx;
    const struct entry *entry = entry_of(e, i);

    if (!entry)
        return;
    if (entry->is_mute)
        snprintf(text, text_size,
                 "left as it is: it does not say what it uses");
    else
        snprintf(text, text_size,
                 "it uses %" PRIu64 " MiB and prefers %" PRIu64 " MiB; %s",
                 entry->used_kib / KIB_PER_MIB, entry->pref_kib / KIB_PER_MIB,
                 mode_texts[e->mode]);
}

static struct xbp_policy qmemman_policy = {
    .name = "qmemman",
    .version = PACKAGE_VERSION,
    .description = "Qubes OS's rule: in proportion to 1.3 times what is used",
    .create = qmemman_create,
    .destroy = qmemman_destroy,
    .config = xbp_option_config,
    .plan = qmemman_plan,
    .explain = qmemman_explain,
};

XBP_REGISTER_POLICY(qmemman_policy)
