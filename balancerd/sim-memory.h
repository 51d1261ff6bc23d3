/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The memory of a simulated guest: what is resident, what is swapped out, what
 * a shortage costs.  Anonymous memory is hot (the working set) or cold; file
 * pages are the working set of files and whatever fills the rest.  Integer
 * arithmetic only: the same on every machine.
 */
#ifndef SIM_MEMORY_H
#define SIM_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "sim-device.h"

/* What the guest's programs want right now. */
struct sim_demand {
    uint64_t anon_kib;         /* all they have allocated or would */
    uint64_t hot_kib;          /* of it what they access */
    uint64_t file_kib;         /* the files they read again and again */
    uint64_t touch_kib_per_s;  /* pages of hot memory wanted, not stalled */
    uint64_t read_kib_per_s;   /* pages of files wanted, not stalled */
    uint64_t scan_kib_per_s;   /* of files read once */
    uint64_t growth_kib_per_s; /* how fast they allocate */
    uint64_t tasks;            /* that wait independently; not 0 */
    enum sim_curve curve;      /* of both working sets */
};

struct sim_memory {
    /* nature */
    uint64_t base_kib;             /* the kernel's, always resident */
    uint64_t keep_kib;             /* and what it keeps free */
    uint64_t swap_kib;             /* room; 0: no swap */
    const struct sim_device *swap; /* NULL as 0 above */
    const struct sim_device *disk; /* of the files */
    /* state */
    uint64_t hot_kib, cold_kib;         /* resident */
    uint64_t hot_out_kib, cold_out_kib; /* swapped out */
    uint64_t cache_kib;
    uint64_t traffic_kib; /* that swap still takes in this step */
    uint64_t starving_ms; /* for so long nothing could be found */
    uint64_t running_ppm; /* how fast its programs ran in the last step */
    bool is_moving;       /* the last step changed something */
    /* counters since it came up */
    uint64_t swap_in_kib, swap_out_kib;
    uint64_t swap_wait_us; /* sum of the times that reads took */
    uint64_t refault_anon_kib, refault_file_kib;
    uint64_t scanned_kib;
    uint64_t some_us, full_us; /* as PSI counts */
    uint64_t lost_us;          /* of work, for want of memory */
    uint64_t kills;            /* out of memory */
};

/* Resident, and swapped out. */
uint64_t sim_memory_used_kib(const struct sim_memory *m);
uint64_t sim_memory_swapped_kib(const struct sim_memory *m);
/* MemAvailable of a guest that holds so much. */
uint64_t
sim_memory_available_kib(const struct sim_memory *m, uint64_t held_kib);
/* What the guest would have to hold to run without a stall. */
uint64_t
sim_memory_needed_kib(const struct sim_memory *m, const struct sim_demand *d);

/* It has been running with held_kib for long: what fits is resident. */
void sim_memory_settle(struct sim_memory *m, const struct sim_demand *d,
                       uint64_t held_kib);
/* Programs run for step_ms (not 0) with held_kib. */
void sim_memory_step(struct sim_memory *m, const struct sim_demand *d,
                     uint64_t held_kib, uint64_t step_ms);
/* What the balloon wants of held_kib within step_ms. */
struct sim_wish {
    uint64_t held_kib;
    uint64_t want_kib;
    uint64_t step_ms;
};

/* What it gets: what is free, the cache, and what is swapped out for it. */
uint64_t sim_memory_give(struct sim_memory *m, const struct sim_demand *d,
                         const struct sim_wish *wish);
/* The kernel kills its programs. */
void sim_memory_kill(struct sim_memory *m);

#endif
