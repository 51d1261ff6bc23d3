/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a guest pays for memory that it lacks, and what that lets it claim. */
#ifndef DEMAND_LACK_H
#define DEMAND_LACK_H

#include "demand-need.h"

/* Who lacks memory this soon after it was made smaller lacks it for that
 * reason: the daemon's own time for a squeeze (G7). */
#define DEMAND_REGRET_MS 30000

/* The part of its time that a guest loses for want of memory; 0: none that
 * memory could mend. */
uint64_t demand_cost_permyriad(const struct xbp_guest *g);
/* Does it pay little for what it lacks beyond its share, and another much? */
bool demand_is_minor(const struct demand_look *l);
/* Does it say that it brings in what is not out? */
bool demand_is_absurd(const struct xbp_guest *g);
/* A new sample says what it pays: its claim grows while it does, and ends
 * when it has not for a while. */
void demand_lack(const struct demand_look *l, struct demand_memory *m,
                 uint64_t headroom_kib);

#endif
