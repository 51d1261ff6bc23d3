/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which pages of a simulated guest go when others need room. */
#ifndef SIM_RECLAIM_H
#define SIM_RECLAIM_H

#include "sim-memory.h"

/* Frees up to kib, as far as the swap's room and m->traffic_kib allow: cache
 * beyond the file_kib that are read, then what is cold, then both working
 * sets.  What was freed. */
uint64_t sim_reclaim(struct sim_memory *m, uint64_t file_kib, uint64_t kib);
/* Is there nothing left that could be freed, however long it takes? */
bool sim_reclaim_is_dry(const struct sim_memory *m);

#endif
