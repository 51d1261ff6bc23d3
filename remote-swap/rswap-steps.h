/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * In which order a volume is made and taken down.  What to do next follows
 * from what there is, never from what was done before: so it does not matter
 * where an earlier run was stopped.
 */
#ifndef RSWAP_STEPS_H
#define RSWAP_STEPS_H

#include <stdbool.h>

/* Lowest first. */
enum rswap_step {
    RSWAP_FILE,
    RSWAP_NBD,
    RSWAP_STACK,
    RSWAP_LABEL,
    RSWAP_VBD,
    RSWAP_OFFER,
    RSWAP_STEPS, /* how many; as a step: none */
};

enum rswap_there {
    RSWAP_ABSENT,
    RSWAP_HALF, /* begun, of no use as it is */
    RSWAP_THERE,
};

struct rswap_there_is {
    enum rswap_there step[RSWAP_STEPS];
    bool is_wanted[RSWAP_STEPS]; /* a volume may have no file */
};

struct rswap_deed {
    enum rswap_step step; /* RSWAP_STEPS: nothing is left to do */
    bool is_undo;
};

/* The next deed on the way up.  Nothing is made below what the guest has: not
 * even a label that it has overwritten. */
struct rswap_deed rswap_next_up(const struct rswap_there_is *there);
/* The next deed on the way down. */
struct rswap_deed rswap_next_down(const struct rswap_there_is *there);

/* May an attach that fails take the volume down?  Not if the guest had it
 * when the attach began. */
bool rswap_may_undo(const struct rswap_there_is *at_first);

/* "nbd" */
const char *rswap_step_text(enum rswap_step step);

#endif
