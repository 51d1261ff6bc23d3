/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A small world of literal domains for tests of pure rules. */
#ifndef TESTS_UNIT_WORLD_H
#define TESTS_UNIT_WORLD_H

#include "guest.h"
#include "plan.h"
#include "reserve.h"
#include "snapshot.h"
#include "tuning.h"

#define WORLD_DOMAINS 16
#define MIB           1024u

struct world {
    struct tuning tuning;
    struct host_view view;
    struct host_domain domains[WORLD_DOMAINS];
    struct guest_table guests;
    struct reserve_table reservations;
    struct snapshot snapshot;
    struct plan plan;
    struct steps steps;
    uint64_t now_ms;
};

/* The world of a test; fixtures make and end it. */
extern struct world world;
void world_setup(void);
void world_teardown(void);

/* 1 GiB, all of it free, no reserve, default tuning without the OOM floor. */
void world_init(struct world *w);
void world_done(struct world *w);

/* A PV domain with a balloon driver that holds its target; its memory is
 * taken from what is free.  The pointer stays good: change what you like. */
struct host_domain *
world_add(struct world *w, uint32_t domid, uint64_t dynamic_min_kib,
          uint64_t target_kib, uint64_t dynamic_max_kib);
/* Takes a domain's memory to actual_kib, from or to what is free. */
void world_hold(struct world *w, struct host_domain *d, uint64_t actual_kib);
/* A granted reservation that no domain holds. */
void world_reserve(struct world *w, const char *id, uint64_t kib);
/* Time passes, then everything is observed and frozen anew. */
void world_observe(struct world *w, uint64_t pass_ms);
/* Observed at its first instant, and again when all is settled. */
void world_settle(struct world *w);

struct guest *world_guest(struct world *w, uint32_t domid);

/* A begun plan with a wish per sharer: wishes[i], rule PLAN_SHARE. */
void world_wish(struct world *w, const uint64_t *wishes, size_t n);

#endif
