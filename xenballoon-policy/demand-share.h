/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Shares a budget out by need.  What a guest needs of its share is its own.
 * What others do not need of theirs goes to who pays for a lack, then to who
 * says it needs more, the smallest lack per weight first, because a lack that
 * is met costs nothing any more and half a lack may cost as much as all of it.
 * What is left stays where it is, and of what then is free everyone has the
 * same fraction of its range.
 */
#ifndef DEMAND_SHARE_H
#define DEMAND_SHARE_H

#include "demand-need.h"
#include "xbp.h"

/* One guest's part in the sharing. */
struct demand_part {
    const struct xbp_guest *guest;
    const struct demand_need *need;
    uint64_t stay_kib;    /* it need not be less for convenience */
    uint64_t missing_kib; /* of the goal that it is being raised to */
    uint64_t give_kib;    /* the wish */
};

/* Fills give_kib of n parts.  cushion_kib: the least that all are left beyond
 * what they use, as last time and, if there is one, as now; only speed depends
 * on it. */
void demand_share(struct demand_part *parts, uint64_t n, uint64_t budget_kib,
                  uint64_t *cushion_kib);

#endif
