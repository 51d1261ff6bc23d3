/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The balancer's state and its one loop step: observe, snapshot, plan, guard,
 * diff, apply, squeeze.
 */
#ifndef TICK_H
#define TICK_H

#include <stdbool.h>
#include <stdint.h>

#include "errand.h"
#include "guest.h"
#include "host.h"
#include "overhead-guest.h"
#include "overhead-watch.h"
#include "plan.h"
#include "reserve.h"
#include "settings-adopt.h"
#include "snapshot.h"
#include "status.h"
#include "swap.h"
#include "tuning.h"
#include "util/histogram.h"

struct conf;
struct engines;
struct events;
struct history;
struct laters;
struct lender;
struct peers;
struct record;

/* A reservation's fate was decided; why is "" or a sentence. r is valid
 * during the call, and already gone from the table if it was not granted. */
typedef void tick_decided_fn(void *arg, const struct reservation *r,
                             bool is_granted, const char *why);

/* Guests have just been looked at: what could borrowers give back,
 * tuning.lent_*? */
typedef void tick_returns_fn(struct lender *lender);

/* There is a new event; inside of a tick, too: nothing may be done. */
typedef void tick_noted_fn(void *arg);

struct tick_stats {
    uint64_t ticks;
    uint64_t failed_ticks; /* the host could not be observed */
    uint64_t target_writes;
    uint64_t refusals; /* reservations refused, at once or later */
    uint64_t grants;
    uint64_t engine_failures;
    uint64_t guard_failures; /* plans that guard_check found unsafe */
};

struct balancer {
    struct host *host;              /* not owned */
    struct engines *engines;        /* not owned */
    const struct conf *conf;        /* not owned; NULL without a daemon */
    struct peers *peers;            /* the same */
    struct laters *laters;          /* the same */
    struct lender *lender;          /* the same */
    tick_returns_fn *count_returns; /* NULL without a lender */
    struct tuning tuning;
    struct default_range default_range; /* of domains nobody configured */
    struct settings_table settings;
    const char *settings_dir; /* not owned; NULL: they are not kept */

    struct host_view view;
    struct guest_table guests;
    struct reserve_table reservations;
    struct overhead_watch overhead_watch;
    struct overhead_lessons lessons;
    struct errand_table errands;
    struct status status;
    struct swap swap;
    struct snapshot snapshot;
    struct plan plan;
    struct steps steps;

    struct record *record; /* not owned; NULL: nobody records */
    struct events *events; /* what has happened */
    struct history *history;
    bool was_squeezing; /* as of the last tick, since squeezed_ms */
    uint64_t squeezed_ms;
    struct histogram squeezes; /* how long each was */
    bool has_squeezed;         /* since the last sample of the history */

    bool is_host_lost; /* nothing is seen or done until it is back */
    bool is_asked;     /* the next tick knows no dead band and no rest */
    bool is_at_rest;   /* as of the last tick: nothing moves, nobody waits */
    struct tick_stats stats;
    tick_decided_fn *decided; /* may be NULL */
    tick_noted_fn *noted;     /* may be NULL */
    void *client_arg;         /* of both */
};

/* The reservations that xenstore remembers come back. 0 or -errno. */
int balancer_init(struct balancer *b, struct host *host,
                  struct engines *engines, const struct tuning *tuning);
void balancer_done(struct balancer *b);

/* Looks without acting: guests and snapshot as of now.  0 or -errno. */
int balancer_refresh(struct balancer *b);
/* The snapshot anew, for the guests as they were seen.  0 or -ENOMEM. */
int balancer_freeze(struct balancer *b);
/* Plans for the snapshot and does what was planned.  0 or -errno: nothing was
 * done. */
int balancer_decide(struct balancer *b);
/* One step; returns how many ms to sleep unless something happens. */
uint64_t tick(struct balancer *b);

#endif
