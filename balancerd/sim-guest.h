/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A simulated domain: what it is by nature, good or bad, and where it is now.
 * Rates are KiB per second, amounts KiB, times ms of the simulation.
 */
#ifndef SIM_GUEST_H
#define SIM_GUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "host.h"
#include "sim-life.h"
#include "sim-load.h"

struct sim_nature {
    enum host_balloon says; /* once it is up, of its balloon driver */
    uint64_t up_kib_per_s;  /* 0 both ways: stuck */
    uint64_t down_kib_per_s;
    uint64_t jitter_pct;   /* rates vary by as much, at random */
    uint64_t floor_kib;    /* it cannot hold less ... */
    uint64_t ceiling_kib;  /* ... nor more */
    uint64_t interval_ms;  /* 0, or the length of its phases: */
    bool is_flapping;      /* false: it rests in every other one;
                             * true: it takes what it can in every other one */
    bool is_lying;         /* its available_kib is noise */
    uint64_t needs_kib;    /* working set; HOST_UNSET: it does not say */
    int64_t offset_kib;    /* holds its target and this much more */
    uint64_t overhead_kib; /* Xen's memory for it, while it exists ... */
    uint64_t paging_kib;   /* ... and beyond that for its page tables */
    uint64_t build_ms;     /* its memory is being populated, paused */
    uint64_t boot_ms;      /* after that, until its driver is alive */
    uint64_t teardown_ms;  /* dying, its memory is being freed */
    bool is_paused;        /* by its administrator */
    bool is_absent;        /* not there until an event creates it */
};

struct sim_guest {
    struct host_domain facts;
    struct sim_nature nature;
    struct sim_load load;
    uint64_t built_kib; /* what it holds once it is built */
    uint64_t born_ms;
    uint64_t dying_since_ms;
    uint64_t dying_kib;     /* what it held then */
    uint64_t credit;        /* KiB * ms / s that it may still move */
    uint64_t random;        /* state of its noise */
    uint64_t target_writes; /* by the balancer */
    struct sim_life life;   /* if it has work */
};

/* All of Xen's memory for it. */
uint64_t sim_guest_overhead_kib(const struct sim_guest *g);

/* As it is when nothing else is said of it: an obedient PV guest. */
void sim_guest_init(struct sim_guest *g, uint32_t domid);
/* Fills in what follows from what was said; seed starts its noise. */
void sim_guest_complete(struct sim_guest *g, uint64_t seed);
/* It comes to life now. */
void sim_guest_start(struct sim_guest *g, uint64_t now_ms);

bool sim_guest_is_building(const struct sim_guest *g, uint64_t now_ms);
bool sim_guest_is_up(const struct sim_guest *g, uint64_t now_ms);
/* Memory that it may take without another word: from what it holds up to its
 * target or, in construction, its size. */
uint64_t sim_guest_outstanding_kib(const struct sim_guest *g, uint64_t now_ms);

/* What it does in the step_ms that end at now_ms, of which no phase ends but
 * the last instant.  Returns the change in KiB of what it wants to hold; the
 * caller gives (sim_guest_take) what there is. */
int64_t sim_guest_step(struct sim_guest *g, uint64_t step_ms, uint64_t now_ms);
void sim_guest_take(struct sim_guest *g, int64_t delta_kib);
/* What its side says of itself is brought up to date. */
void sim_guest_publish(struct sim_guest *g, uint64_t now_ms);
/* When it is built, up or gone, whichever is next; HOST_UNSET: nothing. */
uint64_t sim_guest_due_ms(const struct sim_guest *g, uint64_t now_ms);
/* When it changes its mind, in phases; HOST_UNSET: never. */
uint64_t sim_guest_phase_ms(const struct sim_guest *g, uint64_t now_ms);

#endif
