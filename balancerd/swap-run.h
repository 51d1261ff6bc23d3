/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who carries out what is to be done with volumes: children (swap-child.c), or
 * a simulated host.  One deed per volume at a time; nothing blocks.
 */
#ifndef SWAP_RUN_H
#define SWAP_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "swap.h"

struct swap_run;

/* What came of a deed. */
struct swap_answer {
    char volume[PARSE_UUID_SIZE];
    char code[VOLUME_WORD_SIZE]; /* "": it was done */
    char error[VOLUME_ERROR_SIZE];
    uint64_t needed_kib; /* HOST_UNSET where it has no meaning */
    uint64_t available_kib;
    struct swap_facts facts; /* if it was done */
};

struct swap_run_ops {
    /* Begins v->deed; one of the same volume that is under way is ended, and
     * its answer will not come.  0 or -errno. */
    int (*begin)(struct swap_run *run, const struct swap_volume *v);
    /* The next one that has ended; false: none. */
    bool (*next)(struct swap_run *run, struct swap_answer *ret);
    /* Has a mirror ("/dev/md127") lost a leg?  Quick. */
    bool (*is_degraded)(struct swap_run *run, const char *device);
    void (*free)(struct swap_run *run);
};

/* Every implementation's struct begins with this. */
struct swap_run {
    const struct swap_run_ops *ops;
};

#endif
