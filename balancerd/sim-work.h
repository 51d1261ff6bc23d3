/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a simulated guest's programs want over time: phases, one after the
 * other, once or again and again. */
#ifndef SIM_WORK_H
#define SIM_WORK_H

#include <stddef.h>

#include "sim-memory.h"

#define SIM_WORK_PHASES 12

struct sim_phase {
    uint64_t at_ms; /* since the work began */
    struct sim_demand demand;
};

/* Zeroed: it has no work, and nothing is known of its memory. */
struct sim_work {
    size_t n;
    struct sim_phase phases[SIM_WORK_PHASES]; /* by rising time */
    uint64_t repeat_ms;  /* 0, or they begin anew after that */
    uint64_t delay_ms;   /* the first one begins so long after it is up */
    uint64_t spread_ms;  /* and up to so much later, by chance */
    uint64_t restart_ms; /* killed programs are started again after that */
};

/* One more phase: "60s anon=2GiB hot=1GiB"; what it does not name stays as in
 * the one before.  README.md of tests/sim lists the words.  0 or -EINVAL. */
int sim_work_add(struct sim_work *w, const char *text);

/* What is wanted age_ms after the work began; w->n is not 0.  Before the first
 * phase that is nothing. */
void sim_work_demand(const struct sim_work *w, uint64_t age_ms,
                     struct sim_demand *ret);
/* The age at which that changes next; UINT64_MAX: never. */
uint64_t sim_work_next_ms(const struct sim_work *w, uint64_t age_ms);

#endif
