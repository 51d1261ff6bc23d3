/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside of lend.h and lease-use.h. */
#ifndef LEASE_PRIVATE_H
#define LEASE_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/queue.h>

#include "lease-use.h"

struct lease {
    TAILQ_ENTRY(lease) link;
    uint64_t number;
    char token[LEND_TOKEN_SIZE];
    char label[LEND_LABEL_SIZE];
    uint64_t cost_kib;
    unsigned int n_connections; /* under the pool's lock */

    /* Held for reading while the borrower uses what is below. */
    pthread_rwlock_t gate;
    struct pages *pages; /* NULL: it has ended */
    uint64_t size_bytes;

    atomic_ullong reads;
    atomic_ullong writes;
    atomic_ullong zeroes;
    atomic_ullong read_bytes;
    atomic_ullong written_bytes;
    atomic_ullong refused;
    atomic_uint used_s;
    atomic_uint logged_s;
};

TAILQ_HEAD(lease_list, lease);

struct lend {
    pthread_mutex_t lock; /* of what follows, and of each link */
    struct lend_config config;
    struct arena *arena;
    struct lease_list leases;
    uint64_t memory_kib;
    uint64_t promised_kib;
    uint64_t last_number;
    unsigned int n_leases;
    unsigned int n_connections;
};

struct lease *lease_new(void);
struct lease *lease_free(struct lease *lease); /* it has no pages any more */

/* With the pool's lock held. */
struct lease *lease_find(struct lend *lend, const char *token);
void lease_describe(struct lease *lease, struct lease_record *ret);

#endif
