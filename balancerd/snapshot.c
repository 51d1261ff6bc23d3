/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Freezes guest table, reservations and host memory into one snapshot. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>

#include "guest-limits.h"
#include "snapshot.h"
#include "util/units.h"

static int
snapshot_reserve(struct snapshot *s, size_t n)
{
    struct xbp_guest *entries;
    const struct xbp_guest **pointers;
    const struct guest **guests;

    if (n <= s->capacity)
        return 0;
    entries = calloc(n, sizeof(*entries));
    pointers = calloc(n, sizeof(const struct xbp_guest *));
    guests = calloc(n, sizeof(const struct guest *));
    if (!entries || !pointers || !guests) {
        free(entries);
        free(pointers);
        free(guests);
        return -ENOMEM;
    }
    snapshot_done(s);
    for (size_t i = 0; i < n; i++)
        pointers[i] = &entries[i];
    s->entries = entries;
    s->pointers = pointers;
    s->guests = guests;
    s->capacity = n;
    return 0;
}

void
snapshot_done(struct snapshot *s)
{
    free(s->entries);
    free(s->pointers);
    free(s->guests);
    s->entries = NULL;
    s->pointers = NULL;
    s->guests = NULL;
    s->capacity = 0;
}

static void
set_no_load(struct xbp_guest *e)
{
    e->sample_age_ms = XBP_UNKNOWN;
    e->cache_kib = XBP_UNKNOWN;
    e->swap_used_kib = XBP_UNKNOWN;
    e->swap_in_kib_per_s = XBP_UNKNOWN;
    e->swap_out_kib_per_s = XBP_UNKNOWN;
    e->refault_anon_kib_per_s = XBP_UNKNOWN;
    e->refault_file_kib_per_s = XBP_UNKNOWN;
    e->stall_some_permyriad = XBP_UNKNOWN;
    e->stall_full_permyriad = XBP_UNKNOWN;
    e->used_kib = XBP_UNKNOWN;
    e->anon_kib = XBP_UNKNOWN;
    e->swap_total_kib = XBP_UNKNOWN;
    e->seen_in_kib_per_s = XBP_UNKNOWN;
    e->seen_out_kib_per_s = XBP_UNKNOWN;
    e->seen_wait_permyriad = XBP_UNKNOWN;
}

/* What the host sees, unless that was a while ago. */
static void
set_seen(struct xbp_guest *e, const struct guest_load *l, uint64_t now_ms)
{
    if (l->seen_span_ms == 0 ||
        sat_sub(now_ms, l->seen_ms) > GUEST_LOAD_STALE_MS)
        return;
    e->seen_in_kib_per_s = l->seen_in_kib_per_s;
    e->seen_out_kib_per_s = l->seen_out_kib_per_s;
    e->seen_wait_permyriad = l->seen_wait_permyriad;
}

/* What its agent told, as far as it did. */
static void
set_load(struct xbp_guest *e, const struct guest_load *l, uint64_t now_ms)
{
    const struct sample *s = &l->last;
    bool has_swap = s->swap_total_kib != SAMPLE_UNKNOWN &&
                    s->swap_free_kib != SAMPLE_UNKNOWN;

    set_no_load(e);
    set_seen(e, l, now_ms);
    if (!guest_load_is_fresh(l, now_ms) && l->seen_span_ms > 0) {
        e->swap_in_kib_per_s = l->seen_in_kib_per_s;
        e->swap_out_kib_per_s = l->seen_out_kib_per_s;
    }
    if (s->sequence == 0)
        return;
    e->sample_age_ms = sat_sub(now_ms, l->taken_ms);
    e->cache_kib = s->cache_kib;
    if (has_swap)
        e->swap_used_kib = sat_sub(s->swap_total_kib, s->swap_free_kib);
    if (guest_load_is_fresh(l, now_ms)) {
        e->swap_in_kib_per_s = l->swap_in_kib_per_s;
        e->swap_out_kib_per_s = l->swap_out_kib_per_s;
    }
    e->refault_anon_kib_per_s = l->refault_anon_kib_per_s;
    e->refault_file_kib_per_s = l->refault_file_kib_per_s;
    e->stall_some_permyriad = l->stall_some_permyriad;
    e->stall_full_permyriad = l->stall_full_permyriad;
    if (s->total_kib != SAMPLE_UNKNOWN && s->available_kib != SAMPLE_UNKNOWN)
        e->used_kib = sat_sub(s->total_kib, s->available_kib);
    e->anon_kib = s->anon_kib;
    e->swap_total_kib = s->swap_total_kib;
}

static struct xbp_guest
entry_of(const struct guest *g, const struct tuning *tuning)
{
    uint64_t lower_kib = guest_lower_kib(g, tuning);

    return (struct xbp_guest){
        ._struct_size = sizeof(struct xbp_guest),
        .uuid = g->facts.uuid,
        .name = g->facts.name,
        .domid = g->facts.domid,
        .flags = g->is_thrashing ? XBP_GUEST_THRASHING : 0,
        .dynamic_min_kib = g->range.dynamic_min_kib,
        .dynamic_max_kib = g->range.dynamic_max_kib,
        .lower_kib = lower_kib,
        /* Where a floor is above a pin or a ceiling, the floor wins. */
        .upper_kib = max_u64(lower_kib, guest_upper_kib(g)),
        .target_kib = g->facts.target_kib,
        .actual_kib = guest_actual_kib(g),
        .available_kib = g->facts.available_kib,
        .weight = g->weight,
    };
}

/* Everything that can be handed out: what is free and promised to nobody,
 * and what the movable guests hold or were promised. */
static void
set_budget(struct snapshot *s)
{
    int64_t spare_kib = account_spare_kib(&s->account);
    uint64_t held_kib = 0, offsets_kib = 0, targets_kib = 0;

    for (size_t i = 0; i < s->xbp.n_guests; i++) {
        const struct guest *g = s->guests[i];

        held_kib = sat_add(held_kib, guest_committed_kib(g));
        /* A domain may stop this far above its target, and be on it. */
        offsets_kib =
            sat_add(offsets_kib,
                    sat_add_delta(g->facts.inaccuracy_kib, g->offset_kib));
        targets_kib = sat_add(targets_kib, s->entries[i].target_kib);
    }
    s->is_squeezing = spare_kib < 0;
    if (spare_kib < 0)
        offsets_kib = sat_add(offsets_kib, (uint64_t)-spare_kib);
    else
        held_kib = sat_add(held_kib, (uint64_t)spare_kib);
    s->xbp.budget_kib = sat_sub(held_kib, offsets_kib);
    s->shortfall_kib = sat_sub(offsets_kib, held_kib);
    /* A host that is short of nothing need not pay for inaccuracies. */
    if (!s->is_squeezing)
        s->xbp.budget_kib = max_u64(s->xbp.budget_kib, targets_kib);
}

int
snapshot_build(struct snapshot *ret, const struct guest_table *guests,
               const struct reserve_table *reservations,
               const struct host_memory *memory, const struct tuning *tuning)
{
    /* One more than guests: snapshot_add_range never needs to move. */
    int r = snapshot_reserve(ret, guests->capacity + 1);
    size_t n = 0;

    if (r < 0)
        return r;
    ret->tuning = tuning;
    account_build(&ret->account, memory, guests, reservations,
                  tuning->host_reserve_kib);
    ret->give_kib = tuning->lent_give_kib;
    ret->hope_kib = tuning->lent_hope_kib;
    for (size_t i = 0; i < guests->n; i++) {
        const struct guest *g = &guests->guests[i];

        ret->give_kib = sat_add(ret->give_kib, guest_give_kib(g, tuning));
        ret->hope_kib = sat_add(ret->hope_kib, guest_hope_kib(g, tuning));
        if (!guest_is_movable(g, tuning))
            continue;
        ret->entries[n] = entry_of(g, tuning);
        set_load(&ret->entries[n], &g->load, ret->xbp.now_ms);
        ret->guests[n] = g;
        n++;
    }
    ret->xbp = (struct xbp_snapshot){
        ._struct_size = sizeof(ret->xbp),
        .now_ms = ret->xbp.now_ms,
        .total_kib = ret->account.total_kib,
        .free_kib = ret->account.host_free_kib,
        .wanted_free_kib = account_wanted_free_kib(&ret->account),
        .n_guests = n,
        .guests = ret->pointers,
    };
    set_budget(ret);
    return 0;
}

void
snapshot_set_time(struct snapshot *s, uint64_t now_ms)
{
    s->xbp.now_ms = now_ms;
}

int
snapshot_add_range(struct snapshot *s, uint64_t min_kib, uint64_t max_kib)
{
    size_t i = s->xbp.n_guests;

    if (i >= s->capacity)
        return -ENOMEM;
    s->entries[i] = (struct xbp_guest){
        ._struct_size = sizeof(struct xbp_guest),
        .uuid = "",
        .name = "reservation",
        .flags = XBP_GUEST_RESERVATION,
        .dynamic_min_kib = min_kib,
        .dynamic_max_kib = max_kib,
        .lower_kib = min_kib,
        .upper_kib = max_kib,
        .target_kib = min_kib,
        .available_kib = XBP_UNKNOWN,
        .weight = WEIGHT_NEUTRAL,
    };
    set_no_load(&s->entries[i]);
    s->guests[i] = NULL;
    s->xbp.n_guests = i + 1;
    return 0;
}
