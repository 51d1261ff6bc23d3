/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The directory whose files are domains of a simulated host, NAME.dom, or lines
 * of [events] that happen at once, NAME.event: host-sim.h. */
#ifndef SIM_SPOOL_H
#define SIM_SPOOL_H

#include <stddef.h>

#include "sim-world.h"

struct sim_spool_entry;

/* Zeroed at first. */
struct sim_spool {
    size_t n;
    struct sim_spool_entry *entries; /* files that were taken in */
    uint32_t next_domid;
};

/* Makes the world what the directory says. */
void sim_spool_scan(struct sim_spool *spool, struct sim_world *w);
void sim_spool_done(struct sim_spool *spool);

#endif
