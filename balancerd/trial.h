/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the next tick would do, or would if somebody asked for memory: looked
 * at, planned and guarded, and nothing of it done.
 */
#ifndef TRIAL_H
#define TRIAL_H

#include "plan.h"
#include "reserve.h"
#include "snapshot.h"

struct balancer;

struct trial {
    struct snapshot snapshot;
    struct reserve_table reservations; /* with the one that is asked for */
    struct plan plan;
    struct steps steps;
};

/* asked_kib: as if so much had just been reserved; 0: nothing is asked. As of
 * the last look at the host.  0 or -ENOMEM; trial_done either way. Engines
 * are asked as in a tick; with asked_kib they are told that it is a question
 * only. */
int trial_run(struct trial *ret, struct balancer *b, uint64_t asked_kib);
void trial_done(struct trial *t);

/* The target that it would be told; NULL: the one it has stays. */
const struct step *trial_step(const struct trial *t, uint32_t domid);

#endif
