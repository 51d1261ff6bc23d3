/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host's memory as a sum that closes:
 * total = Xen + dom0 + domains + reserved + free. */
#ifndef ACCOUNT_H
#define ACCOUNT_H

#include <stdint.h>

#include "host.h"

struct guest_table;
struct reserve_table;

struct account {
    uint64_t total_kib;
    uint64_t xen_kib;     /* the hypervisor: what nobody else holds */
    uint64_t dom0_kib;    /* pages of domain 0 */
    uint64_t domains_kib; /* pages of all other domains */
    /* Of the memory that is free now: */
    uint64_t host_free_kib; /* all of it; = reserved + free */
    uint64_t reserved_kib;  /* kept for the host and for reservations */
    uint64_t free_kib;      /* left over */
    /* Promises, held or not: */
    uint64_t host_reserve_kib; /* the reserve G2 keeps */
    uint64_t reservations_kib; /* granted and pending, not yet held */
    uint64_t commitments_kib;  /* what domains may still take up */
};

void account_build(struct account *ret, const struct host_memory *memory,
                   const struct guest_table *guests,
                   const struct reserve_table *reservations,
                   uint64_t host_reserve_kib);

/* Free memory that must exist: the reserve and all reservations. */
uint64_t account_wanted_free_kib(const struct account *a);
/* Free memory that nobody was promised; below 0 a shortage. */
int64_t account_spare_kib(const struct account *a);
/* Sets open_kib of every reservation: what its domain does not hold so far.
 * account_build counts on it. */
void account_open(struct reserve_table *reservations,
                  const struct guest_table *guests);

#endif
