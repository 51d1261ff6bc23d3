/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The default rules of oVirt's memory overcommitment manager, balloon.rules:
 * while less than a fifth of the host's memory is free guests are made smaller,
 * each by a twentieth in a round and not below what it uses and a part of it
 * that shrinks with what is free; else they are made larger, by a twentieth or
 * to what they use and a fifth of their size.
 *
 * Averages are over ten samples, as mom's are.  Its figures and what stands
 * for them: the host's MemFree + Buffers + Cached is what no target and no
 * reservation lays claim to; a guest's mem_unused is what is neither used nor
 * cache, and 0 of a guest that says nothing.
 *
 * mom makes no room on demand.  Where the budget is short, growth is left out
 * first, then guests give what they do not use, then all of them.
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

/* mom.conf: host-monitor-interval and guest-monitor-interval, and
 * sample-history-length. */
#define SAMPLE_MS 5000u
#define SAMPLES   10u

struct ring {
    uint64_t values[SAMPLES];
    uint64_t n; /* that were ever put in */
};

struct mom {
    struct xbp_options options;
    uint64_t pressure; /* this and the following in 1/XBP_OPTION_ONE */
    uint64_t critical;
    uint64_t guest_free;
    uint64_t max_change;
    uint64_t min_change;
    uint64_t interval_ms;
    bool has_begun;
    uint64_t sampled_ms, decided_ms; /* the last time */
    struct ring host_free;           /* permyriad of the host's memory */
    uint64_t free_permyriad;         /* its average at the last decision */
    struct xbp_memory *memory;
};

/* Named as in balloon.rules, with its values; the interval is mom.conf's
 * policy-engine-interval. */
static const struct xbp_option mom_options[] = {
    { "pressure-threshold", XBP_OPTION_NUMBER, offsetof(struct mom, pressure),
      "0", "1", "0.20" },
    { "pressure-critical", XBP_OPTION_NUMBER, offsetof(struct mom, critical),
      "0", "1", "0.05" },
    { "min-guest-free-percent", XBP_OPTION_NUMBER,
      offsetof(struct mom, guest_free), "0", "1", "0.20" },
    { "max-balloon-change-percent", XBP_OPTION_NUMBER,
      offsetof(struct mom, max_change), "0.0001", "1", "0.05" },
    { "min-balloon-change-percent", XBP_OPTION_NUMBER,
      offsetof(struct mom, min_change), "0", "1", "0.0025" },
    { "interval", XBP_OPTION_TIME, offsetof(struct mom, interval_ms), "1s",
      "1h", "10s" },
    { NULL, XBP_OPTION_NUMBER, 0, NULL, NULL, NULL },
};

struct entry {
    bool is_decided;
    uint64_t boot_ms;     /* of the guest that this is about */
    struct ring used_kib; /* balloon_cur - mem_unused */
    uint64_t used_avg_kib;
    uint64_t wish_kib;
};

static void
mom_destroy(void *ctx)
{
    struct mom *e = ctx;

    xbp_memory_free(e->memory);
    free(e);
}

static void *
mom_create(void)
{
    struct mom *e = xbp_option_create(sizeof(*e), mom_options);

    if (!e)
        return NULL;
    e->memory = xbp_memory_new(sizeof(struct entry));
    if (!e->memory) {
        mom_destroy(e);
        return NULL;
    }
    return e;
}

static struct entry *
entry_of(const struct mom *e, uint64_t i)
{
    return xbp_memory_of(e->memory, i);
}

/* One that was started again is another guest. */
static void
forget_restarted(const struct mom *e, uint64_t n)
{
    for (uint64_t i = 0; i < n; i++) {
        uint64_t boot_ms = xbp_memory_boot_ms(e->memory, i);

        if (entry_of(e, i)->boot_ms != boot_ms)
            *entry_of(e, i) = (struct entry){ .boot_ms = boot_ms };
    }
}

static void
ring_put(struct ring *r, uint64_t value)
{
    r->values[r->n++ % SAMPLES] = value;
}

static uint64_t
ring_average(const struct ring *r)
{
    uint64_t n = min_u64(r->n, SAMPLES), average = 0;

    for (uint64_t i = 0; i < n; i++)
        average = sat_add(average, r->values[i] / n);
    return average;
}

static uint64_t
used_now_kib(const struct xbp_guest *g)
{
    uint64_t unused_kib = xbp_unused_kib(g);

    return sat_sub(xbp_current_kib(g),
                   unused_kib == XBP_UNKNOWN ? 0 : unused_kib);
}

static void
sample(struct mom *e, const struct xbp_snapshot *s)
{
    int64_t room_kib = xbp_room_kib(s);
    uint64_t free_kib = room_kib > 0 ? (uint64_t)room_kib : 0;

    ring_put(&e->host_free,
             mul_div(free_kib, PERMYRIAD, max_u64(s->total_kib, 1)));
    for (uint64_t i = 0; i < s->n_guests; i++)
        ring_put(&entry_of(e, i)->used_kib, used_now_kib(s->guests[i]));
}

/* What a guest in need of nothing would have: what it uses, and of its size a
 * part that is less than nothing where memory is so short that guests are made
 * to swap. */
static uint64_t
least_kib(const struct mom *e, const struct entry *entry, uint64_t current_kib)
{
    uint64_t free_part = e->free_permyriad, part;

    if (free_part <= e->critical) {
        part = e->critical - free_part;
        return sat_sub(entry->used_avg_kib,
                       mul_div(current_kib, part, XBP_OPTION_ONE));
    }
    part = mul_div(e->guest_free, free_part, max_u64(e->pressure, 1));
    return sat_add(entry->used_avg_kib,
                   mul_div(current_kib, part, XBP_OPTION_ONE));
}

static uint64_t
shrunk_kib(const struct mom *e, const struct xbp_guest *g,
           const struct entry *entry)
{
    uint64_t current_kib = xbp_current_kib(g);
    uint64_t min_kib =
        max_u64(g->dynamic_min_kib, least_kib(e, entry, current_kib));
    uint64_t slow_kib =
        current_kib - mul_div(current_kib, e->max_change, XBP_OPTION_ONE);

    return min_u64(max_u64(slow_kib, min_kib), current_kib);
}

static uint64_t
grown_kib(const struct mom *e, const struct xbp_guest *g,
          const struct entry *entry)
{
    uint64_t current_kib = xbp_current_kib(g);
    uint64_t slow_kib = sat_add(current_kib, mul_div(current_kib, e->max_change,
                                                     XBP_OPTION_ONE));
    uint64_t min_kib =
        sat_add(entry->used_avg_kib,
                mul_div(current_kib, e->guest_free, XBP_OPTION_ONE));

    if (current_kib >= g->dynamic_max_kib)
        return current_kib;
    return min_u64(max_u64(slow_kib, min_kib), g->dynamic_max_kib);
}

static void
decide_one(const struct mom *e, const struct xbp_guest *g, struct entry *entry)
{
    uint64_t current_kib = xbp_current_kib(g), wish_kib, worth_kib;

    entry->is_decided = true;
    if (entry->used_kib.n == 0)
        ring_put(&entry->used_kib, used_now_kib(g));
    entry->used_avg_kib = ring_average(&entry->used_kib);
    wish_kib = e->free_permyriad < e->pressure ? shrunk_kib(e, g, entry)
                                               : grown_kib(e, g, entry);
    worth_kib = mul_div(current_kib, e->min_change, XBP_OPTION_ONE);
    entry->wish_kib = distance_u64(wish_kib, current_kib) > worth_kib
                          ? wish_kib
                          : g->target_kib;
}

static void
decide(struct mom *e, const struct xbp_snapshot *s)
{
    e->free_permyriad = ring_average(&e->host_free);
    for (uint64_t i = 0; i < s->n_guests; i++)
        decide_one(e, s->guests[i], entry_of(e, i));
}

/* Samples and decides when it is time; a snapshot that only asks what a
 * reservation would get is no round. */
static void
go_on(struct mom *e, const struct xbp_snapshot *s)
{
    if (xbp_has_reservation(s))
        return;
    if (!e->has_begun || s->now_ms - e->sampled_ms >= SAMPLE_MS) {
        sample(e, s);
        e->sampled_ms = s->now_ms;
    }
    if (!e->has_begun || s->now_ms - e->decided_ms >= e->interval_ms) {
        decide(e, s);
        e->decided_ms = s->now_ms;
    }
    e->has_begun = true;
}

static uint64_t
keep_used(void *ctx, const struct xbp_snapshot *s, uint64_t i)
{
    const struct entry *entry = entry_of(ctx, i);

    return entry->is_decided ? entry->used_avg_kib : s->guests[i]->upper_kib;
}

static int
mom_plan(void *ctx, const struct xbp_snapshot *s, uint64_t *target_kib)
{
    struct mom *e = ctx;

    if (xbp_memory_begin(e->memory, s) < 0)
        return -1;
    forget_restarted(e, s->n_guests);
    go_on(e, s);
    for (uint64_t i = 0; i < s->n_guests; i++) {
        const struct entry *entry = entry_of(e, i);

        target_kib[i] =
            entry->is_decided ? entry->wish_kib : s->guests[i]->target_kib;
        target_kib[i] = xbp_bound_kib(s->guests[i], target_kib[i]);
    }
    xbp_give_reservations(s, target_kib);
    xbp_cut(s, xbp_keep_target, NULL, target_kib);
    xbp_fit(s, keep_used, e, target_kib);
    return 0;
}

static void
mom_explain(void *ctx, uint64_t i, char *text, size_t text_size)
{
    const struct mom *e = ctx;
    const struct entry *entry = entry_of(e, i);

    if (!entry)
        return;
    if (!entry->is_decided) {
        snprintf(text, text_size, "it waits for the next round");
        return;
    }
    snprintf(text, text_size,
             "%u.%02u %% of the host are free, %s than %u.%02u %%: guests %s; "
             "it uses %" PRIu64 " MiB",
             (unsigned)(e->free_permyriad / 100),
             (unsigned)(e->free_permyriad % 100),
             e->free_permyriad < e->pressure ? "less" : "not less",
             (unsigned)(e->pressure / 100), (unsigned)(e->pressure % 100),
             e->free_permyriad < e->pressure ? "shrink" : "grow",
             entry->used_avg_kib / KIB_PER_MIB);
}

static struct xbp_policy mom_policy = {
    .name = "mom",
    .version = PACKAGE_VERSION,
    .description = "oVirt mom's default rules: a fifth of the host stays free",
    .create = mom_create,
    .destroy = mom_destroy,
    .config = xbp_option_config,
    .plan = mom_plan,
    .explain = mom_explain,
};

XBP_REGISTER_POLICY(mom_policy)
