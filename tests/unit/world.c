/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Builds literal worlds. */
#include <config.h>

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "world.h"

struct world world;

void
world_setup(void)
{
    world_init(&world);
}

void
world_teardown(void)
{
    world_done(&world);
}

void
world_init(struct world *w)
{
    *w = (struct world){
        .tuning = tuning_default,
        .view.memory = { .total_kib = 1024 * MIB, .free_kib = 1024 * MIB },
        .now_ms = 1000000,
    };
    w->tuning.host_reserve_kib = 0;
    w->tuning.has_oom_floor = false;
    w->view.domains = w->domains;
    w->view.capacity = WORLD_DOMAINS;
}

void
world_done(struct world *w)
{
    guest_table_done(&w->guests);
    reserve_table_done(&w->reservations);
    snapshot_done(&w->snapshot);
    plan_done(&w->plan);
    steps_done(&w->steps);
}

struct host_domain *
world_add(struct world *w, uint32_t domid, uint64_t dynamic_min_kib,
          uint64_t target_kib, uint64_t dynamic_max_kib)
{
    struct host_domain *d = &w->domains[w->view.n_domains++];

    ck_assert_uint_le(w->view.n_domains, WORLD_DOMAINS);
    *d = (struct host_domain){
        .domid = domid,
        .type = HOST_DOMAIN_PV,
        .vcpus = 1,
        .balloon = HOST_BALLOON_YES,
        .maxmem_kib = target_kib + 1024,
        .target_kib = target_kib,
        .static_min_kib = HOST_UNSET,
        .dynamic_min_kib = dynamic_min_kib,
        .dynamic_max_kib = dynamic_max_kib,
        .static_max_kib = dynamic_max_kib,
        .videoram_kib = HOST_UNSET,
        .available_kib = HOST_UNSET,
    };
    snprintf(d->uuid, sizeof(d->uuid), "00000000-0000-0000-0000-%012u", domid);
    snprintf(d->name, sizeof(d->name), "guest%u", domid);
    world_hold(w, d, target_kib);
    return d;
}

void
world_hold(struct world *w, struct host_domain *d, uint64_t actual_kib)
{
    w->view.memory.free_kib += d->actual_kib;
    ck_assert_uint_ge(w->view.memory.free_kib, actual_kib);
    w->view.memory.free_kib -= actual_kib;
    d->actual_kib = actual_kib;
}

void
world_reserve(struct world *w, const char *id, uint64_t kib)
{
    struct reservation r = {
        .state = RESERVE_GRANTED,
        .kib = kib,
        .min_kib = kib,
        .asked_ms = w->now_ms + w->reservations.n,
        .expires_ms = UINT64_MAX,
        .give_up_ms = UINT64_MAX,
        .domid = RESERVE_NO_DOMID,
    };

    snprintf(r.id, sizeof(r.id), "%s", id);
    ck_assert_int_eq(reserve_add(&w->reservations, &r), 0);
}

void
world_observe(struct world *w, uint64_t pass_ms)
{
    w->now_ms += pass_ms;
    ck_assert_int_eq(guest_table_observe(&w->guests, &w->view, &w->tuning,
                                         w->now_ms),
                     0);
    account_open(&w->reservations, &w->guests);
    snapshot_set_time(&w->snapshot, w->now_ms);
    ck_assert_int_eq(snapshot_build(&w->snapshot, &w->guests, &w->reservations,
                                    &w->view.memory, &w->tuning),
                     0);
}

void
world_settle(struct world *w)
{
    world_observe(w, 0);
    world_observe(w, w->tuning.rest_ms + w->tuning.settle_ms);
}

struct guest *
world_guest(struct world *w, uint32_t domid)
{
    struct guest *g = guest_find(&w->guests, domid);

    ck_assert_ptr_nonnull(g);
    return g;
}

void
world_wish(struct world *w, const uint64_t *wishes, size_t n)
{
    ck_assert_int_eq(plan_begin(&w->plan, &w->snapshot), 0);
    ck_assert_uint_eq(w->plan.n, n);
    for (size_t i = 0; i < n; i++) {
        w->plan.wishes[i].target_kib = wishes[i];
        w->plan.wishes[i].wished_kib = wishes[i];
        w->plan.wishes[i].rule = PLAN_SHARE;
    }
}
