/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How much of this host may be lent now, what domain 0 has to hold for it, and
 * which lease is wanted back when the host needs its memory itself.
 */
#ifndef POOL_H
#define POOL_H

#include <stdint.h>

#include "lent.h"

struct pool_facts {
    uint64_t lend_max_kib;
    uint64_t promised_kib; /* to leases, those in the making included */
    uint64_t slack_kib;    /* domain 0 spares so much without being grown */
    uint64_t spare_kib;    /* the host's, that nobody has a claim to */
    uint64_t room_kib;     /* domain 0 can be grown by so much */
    uint64_t grown_kib;    /* it was grown by so much for what is lent */
};

/* What a lease of that size may take, with its tables. */
uint64_t pool_cost_kib(uint64_t size_kib);
/* By how much domain 0 is to be grown for that. */
uint64_t pool_growth_kib(uint64_t promised_kib, uint64_t slack_kib);
/* What can be promised beyond that now. */
uint64_t pool_lendable_kib(const struct pool_facts *f);

enum pool_stays {
    POOL_STAYS_NOW,  /* all that is lent */
    POOL_STAYS_SOON, /* what would, if all were wanted back: what was made by
                      * hand, and that whose time is over */
    POOL_STAYS_EVER, /* the same, but late is better than never */
};

/* What has to be held for leases. */
uint64_t pool_stays_kib(const struct lent *lent, enum pool_stays when);
/* The host is short of so much: the lease that should come back next, which was
 * used last the longest ago.  NULL: those that are recalled will do, or there
 * is no other. */
struct lent_lease *pool_next_recall(struct lent *lent, uint64_t short_kib);

#endif
