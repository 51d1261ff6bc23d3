/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a guest pays for memory that it lacks, and what that lets it claim. */
#ifndef DEMAND_LACK_H
#define DEMAND_LACK_H

#include "demand-need.h"

/* Who lacks memory this soon after it was made smaller lacks it for that
 * reason: the daemon's own time for a squeeze (G7). */
#define DEMAND_REGRET_MS 30000

/* Calm for so long: over.  Six windows of 5 s, as the detector of thrashing
 * has it. */
#define DEMAND_CALM_MS 30000
/* Who loses as much of its time for want of memory suffers: what a sleeper
 * would pay for as much is worth less. */
#define DEMAND_HEAVY_PERMYRIAD 400
/* As large a part of what a guest has makes a difference. */
#define DEMAND_STEP_SHARE 16

/* The part of its time that a guest loses for want of memory; 0: none that
 * memory could mend. */
uint64_t demand_cost_permyriad(const struct xbp_guest *g);
/* Of memory of programs that was out it brings in so much. */
uint64_t demand_swap_in_kib_per_s(const struct xbp_guest *g);
/* Does the host see it swap? */
bool demand_is_seen(const struct xbp_guest *g);
/* Has it no memory free, nor cache that it does not read? */
bool
demand_is_short(const struct demand_look *l, const struct demand_memory *m);
/* The part that it waits because it grows. */
uint64_t demand_wall_permyriad(const struct demand_look *l,
                               const struct demand_memory *m);
/* Does it pay so little that it can wait for who pays much? */
bool demand_is_little(const struct demand_look *l);
/* Does it pay little for what it lacks beyond its share, and another much? */
bool demand_is_minor(const struct demand_look *l);
/* Does it say that it brings in what is not out? */
bool demand_is_absurd(const struct xbp_guest *g);
/* A new sample says what it pays: its claim grows while it does, and ends
 * when it has not for a while. */
void demand_lack(const struct demand_look *l, struct demand_memory *m,
                 uint64_t headroom_kib);

#endif
