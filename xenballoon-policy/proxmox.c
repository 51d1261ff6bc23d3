/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rule of Proxmox VE's automatic ballooning: every ten seconds guests are
 * moved towards a use of 80 % of the host's memory, by at most 100 MiB each.
 * What they have above their minimum is shared by weight.  Those who are short
 * grow first, those who are comfortable shrink first.
 *
 * Its figures and what stands for them: MemUsed is all that targets,
 * reservations and the host lay claim to; a guest's balloon is its target, or
 * what it holds while that is another; freemem is what is neither used nor
 * cache; shares are weights (1000 are 256).
 *
 * Proxmox makes no room on demand.  Where the budget is short, growth is left
 * out first, then the comfortable give, then all.
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

/* A goal that is no more than this is none. */
#define GOAL_MIN_KIB (10 * (int64_t)KIB_PER_MIB)
/* With more than this part of its minimum free a guest is comfortable. */
#define COMFORT_PERMYRIAD 2500u

struct proxmox {
    struct xbp_options options;
    uint64_t target; /* in 1/XBP_OPTION_ONE */
    uint64_t max_change_kib;
    uint64_t interval_ms;
    bool has_begun;
    uint64_t decided_ms;
    int64_t goal_kib; /* of the last round */
    struct xbp_memory *memory;
};

/* The first is the node's ballooning-target; the others are constants of
 * pvestatd. */
static const struct xbp_option proxmox_options[] = {
    { "target", XBP_OPTION_NUMBER, offsetof(struct proxmox, target), "0", "1",
      "80%" },
    { "max-change", XBP_OPTION_SIZE, offsetof(struct proxmox, max_change_kib),
      "1MiB", "1TiB", "100MiB" },
    { "interval", XBP_OPTION_TIME, offsetof(struct proxmox, interval_ms), "1s",
      "1h", "10s" },
    { NULL, XBP_OPTION_NUMBER, 0, NULL, NULL, NULL },
};

struct entry {
    bool is_decided;
    uint64_t boot_ms; /* of the guest that it was decided for */
    bool is_comfortable;
    bool is_done; /* no more can be done for it in this round */
    uint32_t weight;
    uint64_t min_kib, max_kib;
    uint64_t balloon_kib; /* at the beginning of the round */
    uint64_t wish_kib;
};

/* One attempt to take up or give a sum. */
struct round {
    uint64_t n;
    bool is_picky; /* only some of the guests: */
    bool wants_comfortable;
    bool is_growth;
    bool has_moved;
};

static void
proxmox_destroy(void *ctx)
{
    struct proxmox *e = ctx;

    xbp_memory_free(e->memory);
    free(e);
}

static void *
proxmox_create(void)
{
    struct proxmox *e = xbp_option_create(sizeof(*e), proxmox_options);

    if (!e)
        return NULL;
    e->memory = xbp_memory_new(sizeof(struct entry));
    if (!e->memory) {
        proxmox_destroy(e);
        return NULL;
    }
    return e;
}

static struct entry *
entry_of(const struct proxmox *e, uint64_t i)
{
    return xbp_memory_of(e->memory, i);
}

/* Was it decided on, and not started again since? */
static bool
is_decided(const struct proxmox *e, uint64_t i)
{
    const struct entry *entry = entry_of(e, i);

    return entry->is_decided &&
           entry->boot_ms == xbp_memory_boot_ms(e->memory, i);
}

static bool
is_comfortable(const struct xbp_guest *g)
{
    uint64_t unused_kib = xbp_unused_kib(g);

    return unused_kib != XBP_UNKNOWN &&
           unused_kib >
               mul_div(g->dynamic_min_kib, COMFORT_PERMYRIAD, PERMYRIAD) &&
           xbp_current_kib(g) >= g->dynamic_min_kib;
}

static void
begin(const struct proxmox *e, const struct xbp_snapshot *s)
{
    for (uint64_t i = 0; i < s->n_guests; i++) {
        const struct xbp_guest *g = s->guests[i];

        *entry_of(e, i) = (struct entry){
            .is_decided = true,
            .boot_ms = xbp_memory_boot_ms(e->memory, i),
            .is_comfortable = is_comfortable(g),
            .weight = g->weight,
            .min_kib = g->dynamic_min_kib,
            .max_kib = g->dynamic_max_kib,
            .balloon_kib = xbp_current_kib(g),
            .wish_kib = xbp_current_kib(g),
        };
    }
}

static bool
takes_part(const struct round *r, const struct entry *entry)
{
    return !entry->is_done &&
           (!r->is_picky || entry->is_comfortable == r->wants_comfortable);
}

/* By weight of what all have above their minima; fractions are cut off. */
static uint64_t
desired_kib(const struct entry *entry, __int128 alloc_kib, uint64_t weights)
{
    __int128 part_kib = alloc_kib * entry->weight / weights;

    if (part_kib > INT64_MAX || part_kib < -INT64_MAX)
        return part_kib > 0 ? entry->max_kib : entry->min_kib;
    return sat_add_delta(entry->min_kib, (int64_t)part_kib);
}

/* Moves one towards what it should have; by how much. */
static int64_t
move(const struct proxmox *e, struct round *r, struct entry *entry,
     uint64_t wanted_kib)
{
    uint64_t desired = clamp_u64(wanted_kib, entry->min_kib, entry->max_kib);
    uint64_t old_kib = entry->wish_kib;

    if (r->is_growth && desired > entry->balloon_kib) {
        entry->wish_kib =
            min_u64(sat_add(entry->balloon_kib, e->max_change_kib), desired);
    } else if (desired < entry->balloon_kib) {
        entry->wish_kib =
            max_u64(sat_sub(entry->balloon_kib, e->max_change_kib), desired);
    } else {
        entry->is_done = true;
        return 0;
    }
    r->has_moved |= entry->wish_kib != old_kib;
    return delta_u64(entry->wish_kib, old_kib);
}

/* One pass over those who take part; what was moved. */
static int64_t
pass(const struct proxmox *e, struct round *r, int64_t rest_kib)
{
    __int128 alloc_kib = rest_kib;
    int64_t moved_kib = 0;
    uint64_t weights = 0;

    r->has_moved = false;
    for (uint64_t i = 0; i < r->n; i++) {
        const struct entry *entry = entry_of(e, i);

        if (!takes_part(r, entry))
            continue;
        alloc_kib += delta_u64(entry->wish_kib, entry->min_kib);
        weights += entry->weight;
    }
    for (uint64_t i = 0; i < r->n && weights > 0; i++) {
        struct entry *entry = entry_of(e, i);

        if (takes_part(r, entry))
            moved_kib +=
                move(e, r, entry, desired_kib(entry, alloc_kib, weights));
    }
    return moved_kib;
}

/* Passes until nothing moves any more, or so many that it never will; what is
 * left of the sum. */
static int64_t
spend(const struct proxmox *e, struct round *r, int64_t kib)
{
    uint64_t passes = 4 * r->n + 4;

    for (uint64_t i = 0; i < r->n; i++)
        entry_of(e, i)->is_done = false;
    do {
        kib -= pass(e, r, kib);
    } while (kib != 0 && r->has_moved && --passes > 0);
    return kib;
}

/* What is free less what is to stay so; more than there is while targets are
 * above the budget. */
static int64_t
asked_kib(const struct proxmox *e, const struct xbp_snapshot *s)
{
    uint64_t kept_kib =
        mul_div(s->total_kib, XBP_OPTION_ONE - e->target, XBP_OPTION_ONE);

    for (uint64_t i = 0; i < s->n_guests; i++)
        kept_kib = sat_add(kept_kib, s->guests[i]->target_kib);
    return delta_u64(s->budget_kib, kept_kib);
}

static void
decide(struct proxmox *e, const struct xbp_snapshot *s)
{
    struct round r = { .n = s->n_guests, .is_picky = true };
    int64_t rest_kib;

    begin(e, s);
    e->goal_kib = asked_kib(e, s);
    if (e->goal_kib >= -GOAL_MIN_KIB && e->goal_kib <= GOAL_MIN_KIB)
        return;
    r.is_growth = e->goal_kib > 0;
    r.wants_comfortable = !r.is_growth;
    rest_kib = spend(e, &r, e->goal_kib);
    r.is_picky = false;
    if (r.is_growth ? rest_kib >= e->goal_kib : rest_kib <= e->goal_kib)
        spend(e, &r, rest_kib);
}

static uint64_t
keep_uncomfortable(void *ctx, const struct xbp_snapshot *s, uint64_t i)
{
    const struct entry *entry = entry_of(ctx, i);
    bool gives = is_decided(ctx, i) && entry->is_comfortable;

    return gives ? entry->min_kib : s->guests[i]->upper_kib;
}

static int
proxmox_plan(void *ctx, const struct xbp_snapshot *s, uint64_t *target_kib)
{
    struct proxmox *e = ctx;
    bool is_time = !e->has_begun || s->now_ms - e->decided_ms >= e->interval_ms;

    if (xbp_memory_begin(e->memory, s) < 0)
        return -1;
    /* One that only asks what a reservation would get is no round. */
    if (is_time && !xbp_has_reservation(s)) {
        decide(e, s);
        e->has_begun = true;
        e->decided_ms = s->now_ms;
    }
    for (uint64_t i = 0; i < s->n_guests; i++) {
        uint64_t wish_kib = is_decided(e, i) ? entry_of(e, i)->wish_kib
                                             : s->guests[i]->target_kib;

        target_kib[i] = xbp_bound_kib(s->guests[i], wish_kib);
    }
    xbp_give_reservations(s, target_kib);
    xbp_cut(s, xbp_keep_target, NULL, target_kib);
    xbp_fit(s, keep_uncomfortable, e, target_kib);
    return 0;
}

static void
proxmox_explain(void *ctx, uint64_t i, char *text, size_t text_size)
{
    const struct proxmox *e = ctx;
    const struct entry *entry = entry_of(e, i);
    uint64_t goal_kib =
        e->goal_kib < 0 ? (uint64_t)-e->goal_kib : (uint64_t)e->goal_kib;

    if (!entry)
        return;
    if (!is_decided(e, i)) {
        snprintf(text, text_size, "it waits for the next round");
        return;
    }
    snprintf(text, text_size,
             "all together were to %s by %" PRIu64
             " MiB, by weight; it had %" PRIu64 " MiB and was %s",
             e->goal_kib < 0 ? "shrink" : "grow", goal_kib / KIB_PER_MIB,
             entry->balloon_kib / KIB_PER_MIB,
             entry->is_comfortable ? "comfortable" : "short of free memory");
}

static struct xbp_policy proxmox_policy = {
    .name = "proxmox",
    .version = PACKAGE_VERSION,
    .description = "Proxmox VE's rule: towards 80 % in use, 100 MiB at a time",
    .create = proxmox_create,
    .destroy = proxmox_destroy,
    .config = xbp_option_config,
    .plan = proxmox_plan,
    .explain = proxmox_explain,
};

XBP_REGISTER_POLICY(proxmox_policy)
