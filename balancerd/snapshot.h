/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Const facts at one instant, in the shape that engines and guard read. */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "account.h"
#include "guest.h"
#include "reserve.h"
#include "tuning.h"
#include "xbp.h"

struct snapshot {
    struct xbp_snapshot xbp; /* what an engine is shown */
    struct account account;
    bool is_squeezing; /* free memory is short of what is promised */
    /* By how much not even the offsets are paid for; 0 while there is a
     * budget. */
    uint64_t shortfall_kib;
    /* What all domains and borrowers could be asked for now ... */
    uint64_t give_kib;
    uint64_t hope_kib; /* ... and with patience */
    const struct tuning *tuning;

    size_t capacity;
    struct xbp_guest *entries;         /* xbp.guests[i] == &entries[i] */
    const struct xbp_guest **pointers; /* xbp.guests */
    const struct guest **guests;       /* guests[i]: whom entries[i] is about;
                                        * NULL for a reservation */
};

/* Zero-initialised before the first build; later builds reuse the room.
 * 0 or -ENOMEM.  Points into guests: valid until the table changes. */
int
snapshot_build(struct snapshot *ret, const struct guest_table *guests,
               const struct reserve_table *reservations,
               const struct host_memory *memory, const struct tuning *tuning);
/* The time is the caller's. */
void snapshot_set_time(struct snapshot *s, uint64_t now_ms);
/* One more sharer: a reservation of min..max that has no amount yet. Its
 * wish is the amount.  0 or -ENOMEM. */
int snapshot_add_range(struct snapshot *s, uint64_t min_kib, uint64_t max_kib);
void snapshot_done(struct snapshot *s);

#endif
