/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The inner life of a simulated guest that has work: its programs use memory,
 * its agent tells of it, and what it suffers is counted.  It advances on a
 * grid of time that all guests share, so that a host of a thousand wakes ten
 * times a second and not a thousand times.
 */
#ifndef SIM_LIFE_H
#define SIM_LIFE_H

#include <stdbool.h>

#include "host-view.h"
#include "sim-agent.h"
#include "sim-toll.h"
#include "sim-work.h"

#define SIM_GRID_MS 100

struct sim_guest;

struct sim_life {
    struct sim_work work;
    struct sim_memory memory;
    struct sim_agent agent;
    struct sim_toll toll; /* but for what memory counts of this life */
    bool has_begun;       /* the guest came up ... */
    uint64_t began_ms;    /* ... then */
    uint64_t until_ms;    /* it has been lived until then */
    uint64_t next_ms;     /* the next step */
    uint64_t restarts_ms; /* of killed programs; 0: none were killed */
    uint64_t seen_kills;
};

/* Nothing of a former life is left. */
void sim_life_reset(struct sim_guest *g);
/* It goes on until now_ms. Returns whether its agent said something that
 * wakes the daemon. */
bool sim_life_step(struct sim_guest *g, uint64_t now_ms);
/* The balloon takes want_kib within step_ms: what it gets. */
uint64_t sim_life_give(struct sim_guest *g, uint64_t want_kib, uint64_t step_ms,
                       uint64_t now_ms);
/* The balloon moved: what follows from that is due. */
void sim_life_stir(struct sim_guest *g, int64_t delta_kib, uint64_t now_ms);
/* When it is to be stepped; HOST_UNSET: never, it has no work. */
uint64_t sim_life_due_ms(const struct sim_guest *g);
/* What the host sees of its swap space. */
struct host_swap sim_life_swap(const struct sim_guest *g, uint64_t now_ms);
/* All that it suffered until now. */
struct sim_toll sim_life_toll(const struct sim_guest *g);
/* What it wants now. */
struct sim_demand sim_life_demand(const struct sim_guest *g, uint64_t now_ms);

#endif
