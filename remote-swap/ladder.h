/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is done for a guest that suffers: memory from the host first, then
 * remote swap, then the advice to move it elsewhere; and down again when it has
 * been calm for long.
 */
#ifndef LADDER_H
#define LADDER_H

#include <stdbool.h>
#include <stdint.h>

#include "thrash.h"

/* A guest that gets swap as large as its memory can hold twice what it has:
 * beyond that no swap is fast enough. */
#define LADDER_SIZE_PCT 100
/* Less is not worth the stack of devices, more not the lender's trust. */
#define LADDER_SIZE_MIN_KIB (64ull << 10)
#define LADDER_SIZE_MAX_KIB (16ull << 20)

enum ladder_deed {
    LADDER_NOTHING,
    LADDER_ATTACH,
    LADDER_ADVISE, /* to migrate it */
    LADDER_WITHDRAW,
};

/* What is so right now. */
struct ladder_facts {
    enum thrash_state thrash;
    bool gets_better;      /* was calm of late, if not for long */
    bool is_automatic;     /* its policy */
    uint64_t memory_kib;   /* that it was told to have */
    uint64_t giveable_kib; /* the host has that much more that it may have */
    uint64_t out_kib;      /* of its memory, in any swap; THRASH_UNKNOWN */
    uint64_t size_kib;     /* of the volume that it would get */
    bool has_swap;         /* a volume, on its way or there */
    bool has_ours;        /* that volume is attached, and nobody asked for it */
    uint64_t swapped_kib; /* on it; THRASH_UNKNOWN */
    uint64_t spare_kib;   /* what the guest could do without; THRASH_UNKNOWN */
    uint64_t patience_ms; /* who was calm for so long can do without swap */
};

/* What was before.  All zero: nothing. */
struct ladder {
    uint64_t tried_ms;  /* a volume, or to take it back */
    uint64_t calm_ms;   /* it has been calm since; 0: it is not */
    uint64_t onset_ms;  /* it has suffered since, or 0, ... */
    uint64_t onset_kib; /* ... and had so much memory then */
    bool is_advised;    /* and has not been calm since */
    bool is_told;       /* that nobody lends, and has suffered since */
};

enum ladder_deed
ladder_step(struct ladder *l, const struct ladder_facts *f, uint64_t now_ms);
/* For a guest with so much memory, of which at most max_kib are allowed. */
uint64_t ladder_size_kib(uint64_t memory_kib, uint64_t max_kib);

#endif
