/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Is more memory of use to who asks for it? */
#ifndef DEMAND_TRIAL_H
#define DEMAND_TRIAL_H

#include "demand-need.h"

/* Has more than its share helped?  If not, it is no use to it, whatever it
 * says, and others may have one. */
void demand_judge_help(const struct demand_look *l, struct demand_memory *m,
                       uint64_t cost);
/* The same of cache: who reads on and on has no use for more. */
void demand_judge_cache(const struct demand_look *l, struct demand_memory *m,
                        uint64_t cost);

#endif
