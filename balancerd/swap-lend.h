/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Other hosts that lend memory to volumes: who they are, and what is asked of
 * them.  Nothing blocks.  One request per volume at a time.
 */
#ifndef SWAP_LEND_H
#define SWAP_LEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "swap.h"

struct swap_lend;

struct swap_lender {
    const char *name;
    bool is_up;
    const char *why_down;
    uint64_t free_kib; /* what it could lend now */
    uint64_t rtt_us;   /* 0: not measured */
};

/* What came of a request. */
struct swap_lend_answer {
    char volume[PARSE_UUID_SIZE];
    char lender[SWAP_LENDER_SIZE];
    bool is_end;                   /* of a lease; false: for one */
    char leg[VOLUME_LEG_SIZE];     /* what was lent, to be named in a leg= */
    char error[VOLUME_ERROR_SIZE]; /* "": it was done */
};

struct swap_lend_ops {
    /* The i-th; false: there is none. Valid until the loop goes on. */
    bool (*get)(struct swap_lend *lend, size_t i, struct swap_lender *ret);
    /* size_kib for v, of that lender.  What was lent before is lent again. 0 or
     * -errno. */
    int (*ask)(struct swap_lend *lend, const struct swap_volume *v,
               const char *lender);
    /* What is lent to v goes back; what is not is no failure. */
    int (*end)(struct swap_lend *lend, const struct swap_volume *v,
               const char *lender);
    bool (*next)(struct swap_lend *lend, struct swap_lend_answer *ret);
    /* Does it want back what it has lent to the volume? */
    bool (*is_recalled)(struct swap_lend *lend, const char *volume,
                        const char *lender);
    void (*free)(struct swap_lend *lend);
};

/* Every implementation's struct begins with this. */
struct swap_lend {
    const struct swap_lend_ops *ops;
};

#endif
